//! Who reaches the five essentials on foot within fifteen minutes?
//!
//! `cargo run --release --example fifteen_minutes -- [STUDY] [DATA ROOT]`

use commonground::{Quiet, Result, assess, io};
use polars::prelude::DataFrame;
use std::path::PathBuf;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let study = arguments.next().unwrap_or_else(|| "data/millbrook".into());
    let data = arguments.next().map(PathBuf::from);

    let study = io::study::read_study(study.as_ref(), data.as_deref(), &Quiet)?;
    let assessment = assess(&study, &Quiet)?;

    // One row per neighbourhood: the share of its residents who lack each essential.
    let table = &assessment.neighbourhoods().features().attributes;
    print!("{:32}{:>10}", "neighbourhood", "residents");
    for essential in &assessment.essentials {
        print!("{:>18}", essential.replace('_', " "));
    }
    println!();
    let residents = numbers(table, "residents");
    for (row, neighbourhood) in study.neighbourhoods.iter().enumerate() {
        print!("{:32}{:>10.0}", neighbourhood.name, residents[row].unwrap_or(0.0));
        for essential in &assessment.essentials {
            match numbers(table, &format!("share_lacking_{essential}"))[row] {
                Some(lacking) => print!("{:>16.0} %", 100.0 * (1.0 - lacking)),
                None => print!("{:>18}", "nobody"),
            }
        }
        println!();
    }

    let map = PathBuf::from("fifteen_minutes.gpkg");
    io::write_features(&map, assessment.neighbourhoods().features())?;
    println!("\nshare of residents within 15 minutes' walk; map in {}", map.display());
    Ok(())
}

fn numbers(table: &DataFrame, column: &str) -> Vec<Option<f64>> {
    let column = table.column(column).and_then(|column| column.f64().cloned());
    column.expect("the assessment has this column of numbers").iter().collect()
}
