//! What homes count by is called what it is: Monaco's study knows floor area and no residents.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use commonground::assessment::equity_table;
use commonground::io::study::read_study;
use commonground::model::Weight;
use commonground::{Quiet, assess, report};
use std::path::Path;

/// What speaks of people, not of what homes count by.
const OF_PEOPLE: [&str; 9] = [
    // A slot of a pattern of names.
    "{residents}",
    "no residents are known",
    "green space per resident: homes count by their floor area, not by residents",
    "not the people who live there",
    "What people reach on foot",
    "the study names no groups of residents",
    "in which people change homes",
    "not what people think of each other",
    "theme\":\"people",
];

#[test]
fn square_metres_are_never_called_residents_or_people() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/monaco");
    let study = read_study(&root, None, &Quiet).unwrap();
    let found = assess(&study, &Quiet).unwrap();
    assert_eq!(found.weight, Weight::FloorArea);
    let equity = equity_table(&found.equity, found.weight).unwrap();
    let mut tables = vec![found.neighbourhoods(), found.homes(), &equity];
    tables.extend(found.layers().iter().map(|(_, layer)| layer));
    let mut said: Vec<String> = tables
        .iter()
        .flat_map(|table| table.features().attributes.get_column_names_owned())
        .map(Into::into)
        .collect();
    assert!(said.iter().any(|name| name == "floor_area_m2_on_streets"), "{said:?}");
    said.extend(report::summary(&study, &found).lines().map(str::to_owned));
    said.extend(["floor_area_m2", "service_isolation", "severance"].into_iter().flat_map(|column| {
        let map = report::map_svg(&study, &found, column).unwrap();
        map.lines().map(str::to_owned).collect::<Vec<_>>()
    }));
    let page = report::html(&study, &found).unwrap();
    let data = page.split_once("<script type=\"application/json\" id=\"data\">").unwrap().1;
    let data = data.split_once("</script>").unwrap().0;
    said.extend(data.split("\",\"").map(str::to_owned));
    let mut all_wrong = Vec::new();
    for text in said {
        let rest = OF_PEOPLE.iter().fold(text.clone(), |text, one| text.replace(one, ""));
        for word in ["resident", "Resident", "people", "People"] {
            let is_word = |at: usize| !rest[..at].ends_with(|letter: char| letter.is_alphabetic());
            let found = rest.match_indices(word).find(|(at, _)| is_word(*at));
            // Residential is what a street or a building is.
            let wrong = found.filter(|(at, _)| !rest[*at..].to_lowercase().starts_with("residential"));
            if wrong.is_some() {
                all_wrong.push(text.clone());
            }
        }
    }
    assert!(all_wrong.is_empty(), "{all_wrong:#?}");
}
