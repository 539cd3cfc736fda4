//! Scenarios on Millbrook: a footbridge from the cut-off quarter, services that close and open, homes that come and go.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use commonground::scenario::{Base, Change, Comparison, Scenario, apply};
use commonground::{ErrorKind, Quiet, StudyArea, io};
use geo::{Contains, Coord, LineString, Point};
use std::collections::BTreeMap;
use std::path::Path;

fn millbrook() -> StudyArea {
    io::study::read_study(Path::new("data/millbrook"), None, &Quiet).unwrap()
}

fn scenario(changes: Vec<Change>) -> Scenario {
    Scenario { name: "test".into(), changes, ..Scenario::default() }
}

/// The shortest line between the streets of two neighbourhoods.
fn bridge(study: &StudyArea, from: &str, to: &str) -> Change {
    let vertices = |name: &str| -> Vec<Coord<f64>> {
        let area = study.neighbourhoods.iter().find(|area| area.name == name).unwrap();
        let walked = study.streets.iter().filter(|street| !street.tags.is("highway", "motorway"));
        let all = walked.flat_map(|street| street.line.0.clone());
        all.filter(|at| area.shape.contains(&Point(*at))).collect()
    };
    let (here, there) = (vertices(from), vertices(to));
    let pairs = here.iter().flat_map(|a| there.iter().map(move |b| (*a, *b)));
    let length = |(a, b): &(Coord<f64>, Coord<f64>)| (a.x - b.x).hypot(a.y - b.y);
    let (a, b) = pairs.min_by(|one, other| length(one).total_cmp(&length(other))).unwrap();
    Change::AddStreet { line: LineString(vec![a, b]), class: "footway".into(), bridge: true }
}

fn of<'a>(found: &'a Comparison, measure: &str, group: &str) -> &'a commonground::scenario::PeopleChange {
    found.people.iter().find(|one| one.measure == measure && one.group == group).unwrap()
}

#[test]
fn a_footbridge_from_the_cut_off_quarter_brings_school_and_clinic_near_and_nobody_loses() {
    let study = millbrook();
    let base = Base::new(&study, &Quiet).unwrap();
    let found = base.compare(&scenario(vec![bridge(&study, "Millrace", "New Wharf")]), &Quiet).unwrap();
    assert_eq!(found.receipts[0].streets, 1);
    assert!(found.receipts[0].metres_to_network.unwrap() < 0.5);
    for one in &found.people {
        assert!(one.who.lost == 0.0 && one.reach.1 == 0.0, "{one:?}");
        assert_eq!((one.parts.newcomers, one.parts.leavers), (0.0, 0.0));
    }
    assert!(of(&found, "minutes to school", "everybody").who.gained > 0.0);
    assert!(found.losers.is_empty());
    // The housing project of the cut-off quarter.
    let quarter = study.neighbourhoods.iter().position(|area| area.name == "Millrace").unwrap() as u32;
    let homes: Vec<usize> =
        (0..study.homes.len()).filter(|&home| study.homes.neighbourhoods[home] == Some(quarter)).collect();
    for category in ["school", "clinic"] {
        let at = found.categories.iter().position(|known| known == category).unwrap();
        let mean = |after: bool| {
            let of = |home: &usize| {
                let (before, now) = &found.homes[*home];
                if after { now[at] } else { before[at] }.unwrap_or(60.0) * study.homes.weights[*home]
            };
            let people: f64 = homes.iter().map(|home| study.homes.weights[*home]).sum();
            homes.iter().map(of).sum::<f64>() / people
        };
        assert!(
            mean(false) > 15.0 && mean(true) < mean(false) - 5.0,
            "{category}: {} {}",
            mean(false),
            mean(true)
        );
    }
}

#[test]
fn nothing_changes_nothing_and_what_is_added_and_removed_is_nothing_to_the_bit() {
    let study = millbrook();
    let base = Base::new(&study, &Quiet).unwrap();
    let nothing = base.compare(&scenario(vec![]), &Quiet).unwrap();
    let at = study.homes.locations[0];
    let service =
        Change::AddService { id: "new".into(), category: "clinic".into(), name: None, at, capacity: None };
    let both = base
        .compare(&scenario(vec![service.clone(), Change::CloseService { service: "new".into() }]), &Quiet)
        .unwrap();
    for found in [&nothing, &both] {
        assert!(found.homes.iter().all(|(before, after)| before == after));
        assert!(found.people.iter().all(|one| one.who.gained == 0.0 && one.who.lost == 0.0));
    }
    // One more clinic: nobody is farther; the one that closes again is farther for nobody who was not near.
    let more = base.compare(&scenario(vec![service]), &Quiet).unwrap();
    assert!(of(&more, "minutes to clinic", "everybody").who.lost == 0.0);
    assert_ne!(more.id, nothing.id);
    assert_eq!(
        (study.services.len(), study.streets.len()),
        (millbrook().services.len(), millbrook().streets.len())
    );
}

#[test]
fn who_comes_and_who_leaves_stand_apart_from_those_who_stay() {
    let study = millbrook();
    let base = Base::new(&study, &Quiet).unwrap();
    let (first, people) = (study.homes.ids[0].clone(), study.homes.weights[0]);
    let changes = vec![
        Change::AddHomes {
            id: "brewery".into(),
            at: study.homes.locations[40],
            residents: 120.0,
            groups: BTreeMap::new(),
        },
        Change::RemoveHomes { homes: vec![first] },
    ];
    let found = base.compare(&scenario(changes), &Quiet).unwrap();
    let clinic = of(&found, "minutes to clinic", "everybody");
    assert_eq!((clinic.parts.newcomers, clinic.who.gained, clinic.who.lost), (120.0, 0.0, 0.0));
    assert_eq!(clinic.parts.leavers, people);
    let parts = clinic.parts.parts.unwrap();
    assert_eq!(parts.change_for_stayers, 0.0);
    let change = clinic.parts.mean_after.unwrap() - clinic.parts.mean_before.unwrap();
    assert!((parts.sum() - change).abs() < 1e-9);
    let members: f64 = found.changed.homes.groups.iter().map(|group| *group.counts.last().unwrap()).sum();
    assert!(members > 0.0 && found.receipts[0].people == 120.0);
}

#[test]
fn every_problem_is_listed_at_once_with_the_number_of_its_change() {
    let study = millbrook();
    let at = study.homes.locations[0];
    let far = Point::new(at.x() + 1e5, at.y());
    let id = study.services[0].id.clone();
    let error = |changes: Vec<Change>| apply(&study, &scenario(changes)).unwrap_err();
    let group = BTreeMap::from([("over_65".to_owned(), 9.0)]);
    let lost = LineString(vec![Coord { x: at.x(), y: at.y() }, Coord { x: far.x(), y: far.y() }]);
    let all = error(vec![
        Change::CloseService { service: format!("{id}x") },
        Change::AddService { id, category: "clinic".into(), name: None, at, capacity: None },
        Change::MoveService { service: study.services[1].id.clone(), to: far },
        Change::SetCapacity { service: study.services[1].id.clone(), capacity: -1.0 },
        Change::AddHomes { id: "x".into(), at, residents: 5.0, groups: group },
        Change::RemoveHomes { homes: vec!["nobody".into()] },
        Change::AddStreet { line: lost, class: "footway".into(), bridge: false },
        Change::RemoveStreet { street: -7 },
    ]);
    assert_eq!(all.kind(), ErrorKind::Study);
    let text = all.to_string();
    for expected in [
        "8 problems",
        "did you mean",
        "taken by another service",
        "none of the neighbourhoods",
        "capacity of `-1`",
        "9 people of `over_65`",
        "no home has the id `nobody`",
        "joins nothing within 20 m",
        "no street has the id `-7`",
        "row 8",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}
