//! Places to meet on Millbrook: what a candidate would change is what an assessment with the place in the study finds.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use commonground::model::{GreenSpace, Service};
use commonground::siting::{Feature, Hub, Met, meet};
use commonground::{Assessment, ErrorKind, Quiet, StudyArea, assess, io};
use geo::{Geometry, Point, Rect};
use std::collections::BTreeMap;
use std::path::Path;

fn millbrook() -> StudyArea {
    io::study::read_study(Path::new("data/millbrook"), None, &Quiet).unwrap()
}

/// Squares of 60 m around some of the homes.
fn squares(study: &StudyArea, count: usize) -> Vec<Feature> {
    let step = study.homes.len() / count;
    let square = |at: usize| {
        let home = study.homes.locations[at * step];
        let corner = |by: f64| (home.x() + by, home.y() + by);
        let shape = Geometry::Polygon(Rect::new(corner(-30.0), corner(30.0)).to_polygon());
        Feature { shape, name: Some(format!("square {at}")), cost: Some(1.0 + (at % 3) as f64) }
    };
    (0..count).map(square).collect()
}

fn asked(study: &StudyArea, category: &str, rest: &str) -> Result<Met, commonground::Error> {
    let text = format!(
        "category = '{category}'\n{rest}\n[candidates]\nfiles = ['squares.geojson']\nname = 'name'\n"
    );
    let hub = Hub::from_toml(&text, "question.toml")?;
    meet(study, &hub, &BTreeMap::from([("squares.geojson".to_owned(), squares(study, 20))]), &Quiet)
}

/// The records of a city that an assessment has of encounter, by name.
fn of_city(found: &Assessment, names: &[String]) -> Vec<Option<f64>> {
    let value = |group: &String| {
        let name = format!("city_encounter_{group}");
        found.city.iter().find(|record| record.key.name(found.weight) == name).map(|record| record.value)
    };
    names.iter().map(value).collect()
}

fn pairs_apart(found: &Assessment) -> f64 {
    let is_it = |name: &str| name == "pairs_without_shared_place";
    found.city.iter().find(|record| is_it(&record.key.name(found.weight))).unwrap().value
}

#[test]
fn a_market_and_a_park_change_what_an_assessment_with_them_finds() {
    // Other travellers and what has no part in encounter would only take time.
    let mut study = millbrook();
    common::make_small(&mut study);
    let before = assess(&study, &Quiet).unwrap();
    for (category, every) in [("market", 1), ("green_space", 5)] {
        let met = asked(&study, category, "choose = 1\nobjective = 'encounter'").unwrap();
        assert!(met.found.is_proven() && met.groups.len() > 1);
        for (group, value) in of_city(&before, &met.groups).into_iter().enumerate() {
            assert!((value.unwrap() - met.best.groups[group].0.unwrap()).abs() < 1e-12, "{group}");
        }
        for (number, feature) in squares(&study, 20).into_iter().enumerate().step_by(every) {
            let mut changed = study.clone();
            let Geometry::Polygon(square) = feature.shape else { panic!("a square") };
            if category == "market" {
                let middle = geo::Centroid::centroid(&square).unwrap();
                changed.services.push(service(category, middle));
            } else {
                changed.green_spaces.push(GreenSpace {
                    id: "new".into(),
                    name: None,
                    shape: square.into(),
                    entrances: Vec::new(),
                });
            }
            let after = assess(&changed, &Quiet).unwrap();
            let gain = met.gains[number].as_ref().unwrap();
            for (group, value) in of_city(&after, &met.groups).into_iter().enumerate() {
                let found = gain.groups[group].1.unwrap();
                assert!(
                    (value.unwrap() - found).abs() < 1e-12,
                    "{category} {number} {group}: {value:?} {found}"
                );
            }
            let joined = pairs_apart(&before) - pairs_apart(&after);
            assert_eq!(joined, gain.joins.len() as f64, "{category} {number}");
        }
    }
}

fn service(category: &str, location: Point<f64>) -> Service {
    Service {
        id: "new".into(),
        name: None,
        category: category.into(),
        location,
        count: 1.0,
        capacity: None,
        opening_hours: None,
    }
}

#[test]
fn rules_budgets_and_groups_are_obeyed() {
    let study = millbrook();
    let free = asked(&study, "market", "choose = 2\nobjective = 'encounter'\nwithin = 60").unwrap();
    assert!(free.found.alternatives.len() > 1 && free.second.is_some());
    let (_, before, after) = free.best.worst_group().unwrap();
    assert!(before.is_some() && (0.0..=1.0).contains(&after));
    assert!(free.best.gain() >= free.second.as_ref().unwrap().gain());
    let text = "category = 'market'\nchoose = 2\nobjective = 'encounter'\n[candidates]\nfiles = ['s']\n\
                [[constraints]]\nname = 'not by the park'\napart_from = { category = 'green_space', metres = 250 }\n\
                [[constraints]]\nname = 'far apart'\nspacing_metres = 900";
    let hub = Hub::from_toml(text, "q").unwrap();
    let files = BTreeMap::from([("s".to_owned(), squares(&study, 20))]);
    let ruled = meet(&study, &hub, &files, &Quiet).unwrap();
    assert!(ruled.found.best.value <= free.found.best.value + 1e-12);
    assert!(ruled.prices.iter().all(|price| price.without >= ruled.found.best.value));
    let [a, b] = [0, 1].map(|at| ruled.candidates[ruled.found.best.sites[at] as usize].location);
    assert!((a.x() - b.x()).hypot(a.y() - b.y()) >= 900.0);
    let group = &free.groups[0];
    let of_group = "category = 'market'\nchoose = 1\nobjective = 'encounter'\nbudget = 2\n[demand]\ngroup = 'GROUP'\n\
                    [candidates]\nfiles = ['s']\ncost = 'cost'";
    let hub = Hub::from_toml(&of_group.replace("GROUP", group), "q").unwrap();
    let one = meet(&study, &hub, &files, &Quiet).unwrap();
    assert!(one.candidates[one.found.best.sites[0] as usize].cost.unwrap() <= 2.0);
    let neighbours = asked(&study, "library", "choose = 2\nobjective = 'neighbours'").unwrap();
    assert_eq!(neighbours.found.best.value, neighbours.best.joins.len() as f64);
}

#[test]
fn a_question_that_cannot_be_answered_says_why() {
    let study = millbrook();
    let error = |category: &str, rest: &str| asked(&study, category, rest).map(|_| ()).unwrap_err();
    let one = "choose = 1\nobjective = 'encounter'";
    let kind = error("clinic", one);
    assert!(kind.kind() == ErrorKind::Value && kind.to_string().contains("school"), "{kind}");
    assert!(error("markt", one).to_string().contains("`market`"));
    let group = error("market", &format!("{one}\n[demand]\ngroup = 'nobody'"));
    assert!(group.to_string().contains("newcomers"), "{group}");
    assert!(error("market", "choose = 99\nobjective = 'encounter'").to_string().contains("99 sites"));
    assert!(error("market", "choose = 1").to_string().contains("no objective of places to meet"));
    let text =
        "category = 'school'\nchoose = 1\nobjective = 'encounter'\n[candidates]\ncategories = ['school']";
    let standing = meet(&study, &Hub::from_toml(text, "q").unwrap(), &BTreeMap::new(), &Quiet);
    assert!(standing.map(|_| ()).unwrap_err().to_string().contains("stand already"));
    let mut alone = study.clone();
    alone.homes.groups.clear();
    let alone = asked(&alone, "market", one).map(|_| ()).unwrap_err();
    assert_eq!((alone.kind(), alone.to_string().contains("no groups")), (ErrorKind::Study, true), "{alone}");
}
