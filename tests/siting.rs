//! Questions about sites on Millbrook: sites, rules with their price, and questions that cannot be answered.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use commonground::siting::{Candidate, Hub, Objective, Trade, place, siting_page};
use commonground::{ErrorKind, Quiet, StudyArea, io};
use geo::{Distance, Euclidean};
use std::collections::BTreeMap;
use std::path::Path;

fn millbrook() -> StudyArea {
    io::study::read_study(Path::new("data/millbrook"), None, &Quiet).unwrap()
}

fn question(rest: &str) -> Hub {
    let text = format!("category = 'clinic'\nchoose = 1\n{rest}\n");
    Hub::from_toml(&text, "question.toml").unwrap()
}

#[test]
fn a_clinic_more_makes_nobody_walk_farther_and_a_rule_has_a_price() {
    let study = millbrook();
    let free = question("[candidates]\ncategories = ['school']");
    let found = place(&study, &free, &BTreeMap::new(), &Quiet).unwrap();
    assert!(found.found.is_proven() && found.existing > 0 && found.found.best.sites.len() == 1);
    for (before, after) in &found.homes {
        if let Some(before) = before {
            assert!(after.unwrap() <= *before);
        }
    }
    assert!(found.covered_after >= found.covered_before);
    let (_, members, before, after) = &found.groups[0];
    assert!(*members > 0.0 && after.unwrap() <= before.unwrap() + 30.0);

    let chosen = &found.candidates[found.found.best.sites[0] as usize];
    let apart = question(
        "[candidates]\ncategories = ['school']\n[[constraints]]\nname = 'not by the park'\n\
         apart_from = { category = 'green_space', metres = 300 }",
    );
    let ruled = place(&study, &apart, &BTreeMap::new(), &Quiet).unwrap();
    let price = &ruled.prices[0];
    assert!(price.person_minutes >= 0.0 && (price.without - found.found.best.value).abs() < 1e-6);
    let value = ruled.found.best.value - found.found.best.value;
    assert!((price.person_minutes - value).abs() < 1e-6, "the objective is person-minutes");
    let named = ruled.candidates.iter().filter(|one| !one.ruled_out_by.is_empty()).count();
    assert_eq!(named, price.rules_out);
    if ruled.found.best.sites != found.found.best.sites {
        let same = ruled.candidates.iter().find(|one| one.name == chosen.name).unwrap();
        assert_eq!(same.ruled_out_by, ["not by the park"]);
    }
    assert_eq!(ruled.objective, Objective::Median);
}

#[test]
fn a_site_may_stand_anywhere_on_a_street_and_the_page_shows_what_fairness_costs() {
    let study = millbrook();
    let anywhere = question("within = 1\n[candidates]\nstreets_every_metres = 500");
    let found = place(&study, &anywhere, &BTreeMap::new(), &Quiet).unwrap();
    assert!(found.candidates.len() > 100 && found.candidates.iter().all(|one| one.ruled_out_by.is_empty()));
    // Every position lies on a street, and most of them between corners.
    let corners: Vec<_> = study.streets.iter().flat_map(|street| street.line.points()).collect();
    let at_corner =
        |one: &&Candidate| corners.iter().any(|corner| Euclidean.distance(*corner, one.location) < 1.0);
    assert!(found.candidates.iter().filter(at_corner).count() * 5 < found.candidates.len());
    let on_street = |one: &Candidate| {
        study.streets.iter().any(|street| Euclidean.distance(&street.line, &one.location) < 1e-6)
    };
    assert!(found.candidates.iter().all(on_street));
    // Nowhere but in the middle of a street can be as good as anywhere on one.
    let schools = place(&study, &question("[candidates]\ncategories = ['school']"), &BTreeMap::new(), &Quiet);
    assert!(found.found.best.value < schools.unwrap().found.best.value);

    // The curve is of sets of which none is better by both; the efficient end is the best by the mean walk.
    let curve: Vec<_> = found.trades.iter().filter(|one| one.is_on_curve).collect();
    assert_eq!(curve[0].sites, found.found.best.sites);
    for one in &found.trades {
        let better = |other: &&Trade| {
            other.mean_minutes <= one.mean_minutes
                && other.worst_tenth_minutes < one.worst_tenth_minutes - 1e-9
        };
        assert!(!one.is_on_curve || !found.trades.iter().any(|other| better(&other)));
        assert!(one.worst_tenth_minutes >= one.mean_minutes);
    }
    let page = siting_page(&study, &anywhere, &found, "# Clinics\n\nChosen.\n\n## More\n");
    assert_eq!(page.matches("class=\"site chosen\"").count(), 1);
    assert_eq!(page.matches("class=\"existing\"").count(), found.existing);
    assert_eq!(page.matches("data-site=").count(), found.candidates.len());
    assert!(page.find("id=\"map\"") < page.find("<h2>More") && page.contains("What fairness costs"));
    for (rest, expected) in [
        ("[candidates]\nstreets_every_metres = 2", "10 or more"),
        ("budget = 5\n[candidates]\nstreets_every_metres = 50\ncost = 'x'", "no cost"),
    ] {
        let text = format!("category = 'clinic'\nchoose = 1\n{rest}\n");
        let error = Hub::from_toml(&text, "question.toml").unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_question_that_cannot_be_answered_says_why() {
    let study = millbrook();
    let error =
        |rest: &str| place(&study, &question(rest), &BTreeMap::new(), &Quiet).map(|_| ()).unwrap_err();
    let school = "[candidates]\ncategories = ['school']\n";
    let unknown = error("[candidates]\ncategories = ['scool']");
    assert_eq!(unknown.kind(), ErrorKind::Value);
    assert!(unknown.to_string().contains("`school`"), "{unknown}");
    let group = error(&format!("{school}[demand]\ngroup = 'nobody'"));
    assert!(group.to_string().contains("its groups are"), "{group}");
    let clash = error(&format!(
        "{school}[[constraints]]\nname = 'by a school'\nnear = {{ category = 'school', metres = 1 }}\n\
         [[constraints]]\nname = 'not by a school'\napart_from = {{ category = 'school', metres = 1 }}\n\
         [[constraints]]\nname = 'near a clinic'\nnear = {{ category = 'clinic', metres = 90000 }}"
    ));
    assert!(
        clash.to_string().contains("`not by a school`") && !clash.to_string().contains("near a clinic"),
        "{clash}"
    );
    let many = Hub::from_toml("category = 'clinic'\nchoose = 99\n[candidates]\ncategories = ['school']", "q")
        .unwrap();
    let many = place(&study, &many, &BTreeMap::new(), &Quiet).map(|_| ()).unwrap_err();
    assert!(many.to_string().contains("99 sites"), "{many}");
}
