//! Which neighbourhood does the next budget owe most?
//!
//! `cargo run --release --example next_budget -- [STUDY] [SPENDING] [DATA ROOT]`
//!
//! SPENDING is a table with the columns `id` and `spending` (money a neighbourhood); without it the same is spent on
//! everybody.

use commonground::scores::budget::{concentration_index, owed};
use commonground::{Quiet, Result, assess, io};
use std::collections::HashMap;
use std::path::PathBuf;

/// Money a head where no spending is given.
const EVEN: f64 = 100.0;
/// Neighbourhoods listed.
const LISTED: usize = 8;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let study = arguments.next().unwrap_or_else(|| "data/millbrook".into());
    let spending = arguments.next().filter(|path| !path.is_empty()).map(PathBuf::from);
    let data = arguments.next().map(PathBuf::from);
    let study = io::study::read_study(study.as_ref(), data.as_deref(), &Quiet)?;
    let found = assess(&study, &Quiet)?;
    let Some(cohesion) = &found.cohesion else {
        println!("cohesion conditions are not assessed: {:?}", found.not_assessed);
        return Ok(());
    };
    let index = &cohesion.index;
    let residents = found.neighbourhoods().values("residents")?;
    let spent: Option<HashMap<String, f64>> = spending.map(|path| by_id(&path)).transpose()?;
    if spent.is_none() {
        println!("No spending given: {EVEN} a head everywhere.\n");
    }

    // Need is what is missing to the full 100 of the index.
    let known: Vec<(usize, f64, f64)> = (0..index.ids().len())
        .filter_map(|row| Some((row, 100.0 - index.scores()[row]?, residents[row]?)))
        .filter(|(_, _, people)| *people > 0.0)
        .collect();
    let a_head = |&(row, _, people): &(usize, f64, f64)| match &spent {
        Some(spent) => spent.get(&index.ids()[row]).copied().unwrap_or(0.0) / people,
        None => EVEN,
    };
    let a_head: Vec<f64> = known.iter().map(a_head).collect();
    let (need, people): (Vec<f64>, Vec<f64>) = known.iter().map(|(_, need, people)| (*need, *people)).unzip();
    let before = concentration_index(&a_head, &need, &people)?.unwrap_or_default();
    println!("Concentration of spending, ordered by need: {before:+.3} (above 0: more where more is needed)");

    let owed = owed(&a_head, &need, &people)?;
    let mut order: Vec<usize> = (0..known.len()).collect();
    let per_head = |place: usize| owed[place].unwrap_or(0.0) / people[place];
    order.sort_by(|&a, &b| per_head(b).total_cmp(&per_head(a)));
    println!(
        "\n{:28}{:>9}{:>12}{:>13}{:>10}  would lift it most",
        "neighbourhood", "people", "ranks", "owed a head", "owed"
    );
    let lifts = index.would_lift_most();
    for &place in order.iter().take(LISTED) {
        let row = known[place].0;
        let range = [cohesion.uncertainty.rank_low[row], cohesion.uncertainty.rank_high[row]];
        let [low, high] = range.map(Option::unwrap_or_default);
        println!(
            "{:28}{:>9.0}{:>12}{:>13.1}{:>10.0}  {}",
            index.labels()[row],
            people[place],
            format!("{low}-{high}"),
            per_head(place),
            owed[place].unwrap_or(0.0),
            lifts[row].map_or("-", |(name, _)| name),
        );
    }
    let fair: Vec<f64> = a_head.iter().enumerate().map(|(place, spent)| spent + per_head(place)).collect();
    let after = concentration_index(&fair, &need, &people)?.unwrap_or_default();
    println!("\nWere the owed money moved, the concentration would be {after:+.3}.");
    Ok(())
}

fn by_id(path: &std::path::Path) -> Result<HashMap<String, f64>> {
    let table = io::read_table(path)?;
    let ids = table.column("id").ok().and_then(|column| column.cast(&polars::prelude::DataType::String).ok());
    let ids: Vec<String> = ids
        .as_ref()
        .and_then(|ids| ids.str().ok())
        .map(|ids| ids.iter().map(|id| id.unwrap_or_default().to_owned()).collect())
        .unwrap_or_default();
    let spending =
        table.column("spending").ok().and_then(|c| c.cast(&polars::prelude::DataType::Float64).ok());
    let spending = spending.as_ref().and_then(|column| column.f64().ok());
    let spending: Vec<f64> =
        spending.map(|values| values.iter().map(|value| value.unwrap_or(0.0)).collect()).unwrap_or_default();
    Ok(ids.into_iter().zip(spending).collect())
}
