//! What changed between two dates, and which neighbourhoods gentrify by Freeman's rule?
//!
//! `cargo run --release --example two_censuses -- [STUDY] [DATA ROOT]`

use commonground::scores::gentrification::freeman;
use commonground::{Quiet, Result, assess, io};
use std::path::PathBuf;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let study = arguments.next().unwrap_or_else(|| "data/millbrook".into());
    let data = arguments.next().map(PathBuf::from);
    let study = io::study::read_study(study.as_ref(), data.as_deref(), &Quiet)?;
    let [start, .., end] = study.indicators.as_slice() else {
        println!("this study has no indicators at two dates");
        return Ok(());
    };

    let rule = freeman(start, end, &study.price_index)?;
    let (from, to) = rule.years;
    println!(
        "{:32}{:>9}{:>9}{:>9}{:>9}{:>9}  gentrifying {from}-{to}",
        "neighbourhood", "central", "poor", "old", "degrees", "values"
    );
    for (row, neighbourhood) in study.neighbourhoods.iter().enumerate() {
        let conditions = [
            &rule.central_city,
            &rule.low_income,
            &rule.disinvested,
            &rule.education_rose,
            &rule.values_rose,
        ];
        print!("{:32}", neighbourhood.name);
        for condition in conditions {
            print!("{:>9}", answer(condition[row]));
        }
        println!("  {}", answer(rule.gentrifying[row]));
    }

    let map = PathBuf::from("two_censuses.gpkg");
    io::write_features(&map, assess(&study, &Quiet)?.neighbourhoods().features())?;
    println!("\nmap in {}", map.display());
    Ok(())
}

fn answer(decided: Option<bool>) -> &'static str {
    match decided {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    }
}
