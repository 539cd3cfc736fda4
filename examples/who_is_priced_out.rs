//! Who is being priced out? Every published definition that the censuses of a study support: a page to be read aloud.
//!
//! `cargo run --release --example who_is_priced_out -- [STUDY] [DATA ROOT]`

use commonground::assessment::change;
use commonground::scores::gentrification::Class;
use commonground::{Quiet, Result, io};
use std::path::PathBuf;

/// Neighbourhoods that are explained.
const EXPLAINED: usize = 3;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let study = arguments.next().unwrap_or_else(|| "data/millbrook".into());
    let data = arguments.next().map(PathBuf::from);
    let study = io::study::read_study(study.as_ref(), data.as_deref(), &Quiet)?;
    let found = change(&study, None, None, None, &Quiet)?;
    let classified = &found.change.classified;
    let agreement = classified.agreement();
    let name = |row: usize| study.neighbourhoods[row].name.as_str();

    let flagged = agreement.iter().filter(|one| !one.flagged_by.is_empty()).count();
    println!("# Who is being priced out in {}?\n", study.name);
    println!("{flagged} of {} neighbourhoods gentrify by at least one definition.\n", agreement.len());
    for definition in found.change.definitions() {
        println!(
            "- {}: it applies to {} neighbourhoods, and {} of them gentrify.",
            definition.title, definition.applicable, definition.flagged
        );
    }

    // The risk looks forward; it is no verdict, so it is left out of the count.
    let risk = classified.definitions().iter().position(|definition| definition.name == "risk");
    let scores = risk.map(|risk| classified.scores(risk)).unwrap_or_default();
    let at_risk = scores.iter().find(|(score, _)| *score == "risk").map(|(_, values)| values.clone());
    let at_risk = at_risk.unwrap_or_else(|| vec![None; agreement.len()]);
    let stage = |row: usize| {
        risk.map_or("unknown", |risk| {
            classified.code(risk, classified.classes(risk)[row]).unwrap_or("unknown")
        })
    };
    let mut rows: Vec<usize> = (0..agreement.len()).collect();
    rows.sort_by(|a, b| {
        let key = |row: usize| (agreement[row].share().unwrap_or(-1.0), at_risk[row].unwrap_or(-1.0));
        let (a, b) = (key(*a), key(*b));
        b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1))
    });
    println!("\n{:28}{:>12}{:>7}  stage", "neighbourhood", "agreement", "risk");
    let is_listed = |row: &usize| {
        !agreement[*row].flagged_by.is_empty() || matches!(stage(*row), "susceptible" | "early" | "dynamic")
    };
    for row in rows.iter().copied().filter(is_listed) {
        let one = &agreement[row];
        let agreed = format!("{} of {}", one.flagged_by.len(), one.applicable.len());
        let risk = at_risk[row].map_or("-".into(), |risk| format!("{risk:.2}"));
        println!("{:28}{agreed:>12}{risk:>7}  {}", name(row), stage(row));
    }

    for row in rows.into_iter().take(EXPLAINED).filter(|row| !agreement[*row].flagged_by.is_empty()) {
        println!("\nWhy {}?", name(row));
        for definition in &agreement[row].applicable {
            println!("- {}.", classified.reason(*definition, row));
        }
    }

    println!("\nWhat this page cannot say:");
    for (definition, reason) in &found.not_assessed {
        println!("- {definition}: {reason}.");
    }
    for row in 0..agreement.len() {
        let unknown = (0..classified.definitions().len())
            .filter(|index| classified.classes(*index)[row] == Class::Unknown)
            .map(|index| classified.definitions()[index].title.as_str());
        let unknown: Vec<&str> = unknown.collect();
        if !unknown.is_empty() {
            println!("- {}: a value that decides is missing for {}.", name(row), unknown.join(", "));
        }
    }
    println!("- Why it happens, and whether anybody had to leave.");

    let map = PathBuf::from("who_is_priced_out.gpkg");
    io::write_features(&map, found.table.features())?;
    println!("\nmap in {}", map.display());
    Ok(())
}
