//! Who cannot walk there? The same homes and streets for an adult, an older adult and somebody in a wheelchair.
//!
//! `cargo run --release --example who_cannot_walk_there -- [STUDY] [DATA ROOT]`

use commonground::model::Traveller;
use commonground::network::TravelProfile;
use commonground::{Quiet, Result, assess, io};
use polars::prelude::DataFrame;
use std::path::PathBuf;

/// Neighbourhoods listed for each person.
const LISTED: usize = 5;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let study = arguments.next().unwrap_or_else(|| "data/millbrook".into());
    let data = arguments.next().map(PathBuf::from);
    let mut study = io::study::read_study(study.as_ref(), data.as_deref(), &Quiet)?;
    // The same as `compare = ["older_adult", "wheelchair"]` under `[travel]` in study.toml.
    study.settings.travel.compare = vec![Traveller::OlderAdult, Traveller::Wheelchair];
    let assessment = assess(&study, &Quiet)?;
    let table = &assessment.neighbourhoods().features().attributes;

    println!("# Who cannot walk there? {}\n", study.name);
    println!("Compared with {}, within 15 minutes; essentials: {}.", assessment.profile, {
        assessment.essentials.join(", ").replace('_', " ")
    });
    for person in &study.settings.travel.compare {
        let name = person.name();
        println!("\n## {}\n", TravelProfile::of(*person));
        for record in assessment.city.iter().filter(|record| record.key.subject.traveller == Some(*person)) {
            println!("{:>5.1} %  {}", 100.0 * record.value, record.key.label(assessment.weight));
        }
        let losing = numbers(table, &format!("share_losing_any_{name}"));
        let no_way = numbers(table, &format!("share_without_way_{name}"));
        let mut ranked: Vec<(f64, usize)> =
            losing.iter().enumerate().filter_map(|(row, share)| Some(((*share)?, row))).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        println!("\n{:>8}{:>8}   minutes longer", "lose", "no way");
        for (share, row) in ranked.into_iter().take(LISTED) {
            let longer: Vec<String> = assessment
                .essentials
                .iter()
                .filter(|essential| table.column(&format!("{essential}_extra_minutes_{name}")).is_ok())
                .map(|essential| {
                    let extra = numbers(table, &format!("{essential}_extra_minutes_{name}"))[row];
                    let extra = extra.map_or("no way".into(), |minutes| format!("{minutes:+.0}"));
                    format!("{} {extra}", essential.replace('_', " "))
                })
                .collect();
            println!(
                "{:>6.0} %{:>6.0} %   {} ({})",
                100.0 * share,
                100.0 * no_way[row].unwrap_or(0.0),
                study.neighbourhoods[row].name,
                longer.join(", ")
            );
        }
    }
    Ok(())
}

fn numbers(table: &DataFrame, column: &str) -> Vec<Option<f64>> {
    let column = table.column(column).and_then(|column| column.f64().cloned());
    column.expect("the assessment has this column of numbers").iter().collect()
}
