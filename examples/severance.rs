//! Whose neighbours are near on the map and far on foot, and what lies between?
//!
//! `cargo run --release --example severance -- data/millbrook`

use commonground::{Error, ErrorKind, Quiet, Result, assess, io};
use polars::prelude::{DataFrame, PolarsError};
use std::path::PathBuf;

/// A number of a table, by column and row.
fn number(table: &DataFrame, column: &str, row: usize) -> std::result::Result<Option<f64>, PolarsError> {
    Ok(table.column(column)?.f64()?.get(row))
}

/// A text of a table, by column and row.
fn text<'a>(table: &'a DataFrame, column: &str, row: usize) -> std::result::Result<&'a str, PolarsError> {
    Ok(table.column(column)?.str()?.get(row).unwrap_or("-"))
}

fn print(neighbourhoods: &DataFrame, barriers: &DataFrame) -> std::result::Result<(), PolarsError> {
    let severed = neighbourhoods.column("severance")?.f64()?;
    let mut rows: Vec<(f64, usize)> =
        severed.iter().enumerate().filter_map(|(row, share)| Some((share?, row))).collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("Of all people within 800 m, the share who are more than twice as far away on foot:");
    for &(share, row) in rows.iter().take(8) {
        let name = text(neighbourhoods, "name", row)?;
        println!("  {name:<20} {:>3.0} %  {}", share * 100.0, text(neighbourhoods, "barrier", row)?);
    }
    println!("What lies between:");
    for row in 0..barriers.height().min(8) {
        let (name, kind) = (text(barriers, "name", row)?, text(barriers, "kind", row)?);
        let residents = number(barriers, "residents_affected", row)?;
        let affected = residents.map_or("a few".to_owned(), |residents| format!("{residents:.0}"));
        println!("  {name} ({kind}) cuts {affected} residents off from their neighbours");
    }
    Ok(())
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let study = arguments.next().unwrap_or_else(|| PathBuf::from("data/millbrook"));
    let study = io::study::read_study(&study, arguments.next().as_deref(), &Quiet)?;
    let found = assess(&study, &Quiet)?;
    println!("{}: who is cut off from the people around them", study.name);
    let Some(barriers) = found.layer("barriers") else {
        println!("nothing cuts neighbours off from each other");
        return Ok(());
    };
    print(&found.neighbourhoods().features().attributes, &barriers.features().attributes)
        .map_err(|error| Error::new(ErrorKind::Column, error.to_string()))
}
