//! Ranges of access, against assessments that are run anew with other settings.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use commonground::model::{AttachmentRule, Ranges};
use commonground::{Assessment, Quiet, StudyArea, assess, io, report};

fn millbrook() -> StudyArea {
    io::study::read_study(&common::shipped("millbrook"), None, &Quiet).unwrap()
}

/// A share a neighbourhood; -1 where nobody lives.
fn shares(found: &Assessment, column: &str) -> Vec<f64> {
    found.neighbourhoods().values(column).unwrap().into_iter().map(|share| share.unwrap_or(-1.0)).collect()
}

fn assert_close(one: &[f64], other: &[f64]) {
    assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(other) {
        assert!((one - other).abs() < 1e-12, "{one} {other}");
    }
}

#[test]
fn low_and_high_are_what_other_settings_give() {
    let mut study = millbrook();
    study.settings.ranges = Some(Ranges {
        speeds_kmh: vec![2.7, 5.1],
        minutes: vec![],
        attachment: vec![AttachmentRule::Street],
    });
    let by_speed = assess(&study, &Quiet).unwrap();
    study.settings.ranges = Some(Ranges::default());
    let by_all = assess(&study, &Quiet).unwrap();
    study.settings.ranges = None;
    let [slow, fast] = [2.7, 5.1].map(|kmh| {
        study.settings.travel.speed_kmh = Some(kmh);
        assess(&study, &Quiet).unwrap()
    });
    for category in &by_speed.categories {
        let share = format!("{category}_share_within_15_min");
        let of = |found: &Assessment, end: &str| shares(found, &format!("{category}_share_near_{end}"));
        assert_close(&of(&by_speed, "low"), &shares(&slow, &share));
        assert_close(&of(&by_speed, "high"), &shares(&fast, &share));
        assert_close(&of(&by_speed, "expected"), &shares(&by_speed, &share));
        let (low, expected, high) = (of(&by_all, "low"), of(&by_all, "expected"), of(&by_all, "high"));
        for (place, expected) in expected.iter().enumerate() {
            assert!(low[place] <= *expected && *expected <= high[place], "{category} {place}");
            assert!(low[place] <= of(&by_speed, "low")[place] && of(&by_speed, "high")[place] <= high[place]);
        }
    }
    let lacking = |found: &Assessment| -> Vec<f64> {
        let lacking = shares(found, "share_lacking_work");
        lacking.iter().map(|lacking| if *lacking < 0.0 { -1.0 } else { 1.0 - lacking }).collect()
    };
    assert_close(&shares(&by_speed, "work_share_near_low"), &lacking(&slow));
    assert_close(&shares(&by_speed, "work_share_near_high"), &lacking(&fast));
    let all_kinds = "share_with_all_categories_within_15_min";
    assert_close(&shares(&by_speed, "every_kind_of_place_share_near_low"), &shares(&slow, all_kinds));

    let table = by_all.layer("ranges").unwrap();
    assert_eq!(table.len(), by_all.categories.len() + 2);
    let column = |name: &str| table.values(name).unwrap().into_iter().map(Option::unwrap).collect::<Vec<_>>();
    let (low, high) = (column("share_low"), column("share_high"));
    for part in ["by_speed", "by_minutes", "by_attachment"] {
        for (row, width) in column(part).into_iter().enumerate() {
            assert!((0.0..=high[row] - low[row] + 1e-12).contains(&width), "{part} {row}: {width}");
        }
    }
    study.settings.ranges = Some(Ranges::default());
    let summary = report::summary(&study, &by_all);
    for words in ["### Ranges", "2.7, 4.8, 5.1 km/h", "10, 15, 20 minutes", "| every kind of place |"] {
        assert!(summary.contains(words), "no `{words}`");
    }
}

#[test]
fn those_who_do_not_walk_have_no_ranges_and_are_told_why() {
    let mut study = millbrook();
    study.settings.travel = commonground::model::TravelSettings::of(commonground::model::Traveller::Car);
    study.settings.modes.clear();
    study.settings.ranges = Some(Ranges::default());
    let found = assess(&study, &Quiet).unwrap();
    assert!(found.layer("ranges").is_none());
    let why = found.not_assessed.iter().find(|(what, _)| what == "ranges of access").unwrap();
    assert_eq!(why.1, "walking speeds say nothing about somebody in a car");
}
