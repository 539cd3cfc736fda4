//! Partitions: one table, to the last bit, however homes are cut; and what happens to plans and answers that are not whole.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{make_small, real_cities, shipped};
use commonground::io::study::read_study;
use commonground::model::Traveller;
use commonground::partition::{
    AccessOptions, Cutting, Kind, Outcome, Plan, Receipt, collect, plan_access, plan_studies, run, status,
};
use commonground::random::Random;
use commonground::{ErrorKind, FeatureTable, Minutes, Quiet, StudyArea, assess};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn millbrook() -> StudyArea {
    read_study(&shipped("millbrook"), None, &Quiet).unwrap()
}

fn options(cutting: Cutting) -> AccessOptions {
    AccessOptions { cutting, cell_junctions: 64, ..AccessOptions::default() }
}

/// Plans, runs and collects in a folder of its own: the table, the sum of its file, and how often streets were searched.
fn answered(study: &StudyArea, options: &AccessOptions) -> (FeatureTable, String, f64) {
    let folder = tempfile::tempdir().unwrap();
    let (at, out) = (folder.path().join("plan"), folder.path().join("out"));
    let (plan, _) = plan_access(study, options, &at, &Quiet).unwrap();
    for number in (0..plan.partitions().len()).rev() {
        let receipt = run(&plan, number, &out, &Quiet).unwrap();
        assert!(matches!(receipt.outcome, Outcome::Done { .. }), "{receipt:?}");
    }
    let table = collect(&plan, &out).unwrap();
    (table, sum(&out.join("access.parquet")), plan.street_share().unwrap())
}

fn sum(path: &Path) -> String {
    format!("{:x?}", Sha256::digest(fs::read(path).unwrap()))
}

/// Every column as bytes, summed up.
fn sums(table: &FeatureTable) -> BTreeMap<String, String> {
    let values = |column: &polars::prelude::Column| {
        let mut sum = Sha256::new();
        for row in 0..column.len() {
            // Numbers by their bits: a difference in the last one is a difference.
            match column.get(row).unwrap() {
                polars::prelude::AnyValue::Float64(value) => sum.update(value.to_bits().to_le_bytes()),
                other => sum.update(format!("{other:?};")),
            }
        }
        format!("{:x?}", sum.finalize())
    };
    table.attributes.columns().iter().map(|column| (column.name().to_string(), values(column))).collect()
}

fn random_cut(homes: usize, seed: u64) -> Cutting {
    let mut random = Random::new(seed, 0);
    let parts = 2 + random.below(9);
    Cutting::Given((0..homes).map(|_| random.below(parts) as u32).collect())
}

/// The same answer from one partition and from each of some cuts, for a traveller and a direction.
fn assert_no_cut_shows(study: &StudyArea, base: &AccessOptions, cuts: &[Cutting]) -> FeatureTable {
    let (whole, file, _) =
        answered(study, &AccessOptions { cutting: Cutting::Partitions(1), ..base.clone() });
    assert_eq!(whole.len(), study.homes.len());
    for cutting in cuts {
        let (table, again, share) =
            answered(study, &AccessOptions { cutting: cutting.clone(), ..base.clone() });
        let what = || match cutting {
            Cutting::Given(_) => "a random cut".to_owned(),
            other => format!("{other:?}"),
        };
        assert_eq!(sums(&table), sums(&whole), "{} {:?}", what(), base.traveller);
        assert_eq!(again, file, "the file of {} {:?}", what(), base.traveller);
        assert!(share > 0.0);
    }
    whole
}

fn assert_is_of_assess(study: &StudyArea, table: &FeatureTable) {
    let found = assess(study, &Quiet).unwrap();
    let homes = &found.homes().features().attributes;
    let mut compared = 0;
    for column in table.attributes.columns() {
        if let Ok(expected) = homes.column(column.name()) {
            let (column, expected) = (column.as_materialized_series(), expected.as_materialized_series());
            assert!(column.equals_missing(expected), "{}: {column} {expected}", column.name());
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn no_cut_of_millbrook_shows_and_all_is_as_assessed() {
    let study = millbrook();
    let cuts: Vec<Cutting> =
        [4, 16, 64].map(Cutting::Partitions).into_iter().chain([random_cut(study.homes.len(), 1)]).collect();
    let whole = assert_no_cut_shows(&study, &options(Cutting::Partitions(1)), &cuts);
    assert_is_of_assess(&study, &whole);
    for (seed, traveller) in
        (2..).zip([Traveller::Adult, Traveller::Wheelchair, Traveller::Bicycle, Traveller::Car])
    {
        for to_homes in [false, true] {
            let base = AccessOptions {
                traveller: Some(traveller),
                to_homes,
                // So short that partitions are far from holding all of the town.
                limit: Minutes::new(if traveller == Traveller::Car { 3.0 } else { 12.0 }).unwrap(),
                ..options(Cutting::Partitions(1))
            };
            let cuts = [Cutting::Partitions(16), random_cut(study.homes.len(), seed)];
            assert_no_cut_shows(&study, &base, &cuts);
        }
    }
}

#[test]
fn no_cut_of_a_real_city_shows() {
    let Some(data) = real_cities() else { return };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/studies/porto-alegre.toml");
    let study = read_study(&file, Some(&data), &Quiet).unwrap();
    let count = study.homes.len();
    for (seed, traveller, minutes) in [(1, Traveller::Adult, 60.0), (2, Traveller::Car, 15.0)] {
        for to_homes in [false, true] {
            let base = AccessOptions {
                traveller: Some(traveller),
                to_homes,
                limit: Minutes::new(minutes).unwrap(),
                ..AccessOptions::default()
            };
            let cuts = [
                Cutting::Partitions(4),
                Cutting::Partitions(16),
                Cutting::Partitions(64),
                random_cut(count, seed),
            ];
            let several = !to_homes && traveller == Traveller::Adult;
            assert_no_cut_shows(&study, &base, if several { &cuts } else { &cuts[1..2] });
        }
    }
}

/// A plan of Millbrook in four partitions, and a folder for its answers.
fn planned(folder: &Path) -> (PathBuf, PathBuf) {
    let mut study = millbrook();
    make_small(&mut study);
    let at = folder.join("plan");
    plan_access(
        &study,
        &AccessOptions { limit: Minutes::new(12.0).unwrap(), ..options(Cutting::Partitions(4)) },
        &at,
        &Quiet,
    )
    .unwrap();
    (at, folder.join("out"))
}

fn changed(path: &Path, change: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    change(&mut value);
    fs::write(path, value.to_string()).unwrap();
}

/// The order of partition 1 changed, and the plan made to fit it.
fn change_order(plan: &Path, change: impl FnOnce(&mut Value)) {
    let order = plan.join("orders/00001.json");
    changed(&order, change);
    let digits: Vec<String> =
        Sha256::digest(fs::read(&order).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect();
    changed(&plan.join("plan.json"), |list| list["partitions"][1]["key"] = json!(digits.concat()));
}

#[test]
fn a_partition_that_lacks_a_cell_is_an_error_and_no_number() {
    let folder = tempfile::tempdir().unwrap();
    let (at, out) = planned(folder.path());
    let plan = Plan::read(&at).unwrap();
    assert_eq!(plan.kind(), Kind::Access);
    let cells = plan.partitions()[1].cells;
    assert!(cells > 4);
    let (mut named, whole) = (0, fs::read(at.join("orders/00001.json")).unwrap());
    for missing in 0..cells {
        fs::write(at.join("orders/00001.json"), &whole).unwrap();
        change_order(&at, |order| drop(order["cells"].as_array_mut().unwrap().remove(missing)));
        let receipt =
            run(&Plan::read(&at).unwrap(), 1, &folder.path().join(format!("out-{missing}")), &Quiet).unwrap();
        let Outcome::Failed(failure) = receipt.outcome else { panic!("cell {missing} was not missed") };
        assert!(failure.text.contains("partition 1 lacks streets"), "{failure:?}");
        named += 1;
    }
    assert_eq!(named, cells);
    // The others go on, and what is collected says what is wrong.
    let plan = Plan::read(&at).unwrap();
    assert!(matches!(run(&plan, 1, &out, &Quiet).unwrap().outcome, Outcome::Failed(_)));
    for number in [0, 2, 3] {
        assert!(matches!(run(&plan, number, &out, &Quiet).unwrap().outcome, Outcome::Done { .. }));
    }
    let told = status(&plan, &out).unwrap();
    assert_eq!((told.done, told.failed.len(), told.missing.len()), (vec![0, 2, 3], 1, 0));
    let error = collect(&plan, &out).unwrap_err();
    assert!(error.to_string().contains("partition 1 lacks streets"), "{error}");
}

#[test]
fn what_was_answered_is_not_answered_again_and_a_lost_file_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let (at, out) = planned(folder.path());
    let plan = Plan::read(&at).unwrap();
    let run_all = || -> Vec<Receipt> {
        (0..plan.partitions().len()).map(|number| run(&plan, number, &out, &Quiet).unwrap()).collect()
    };
    let error = collect(&plan, &out).unwrap_err();
    assert!(error.to_string().contains("4 of 4 partitions have no answer yet"), "{error}");
    run(&plan, 2, &out, &Quiet).unwrap();
    let told = status(&plan, &out).unwrap();
    assert_eq!((told.done, told.missing, told.seconds_left.is_some()), (vec![2], vec![0, 1, 3], true));
    let first = run_all();
    assert_eq!(first.iter().map(|one| one.was_there).collect::<Vec<_>>(), [false, false, true, false]);
    collect(&plan, &out).unwrap();
    let (table, manifest) = (sum(&out.join("access.parquet")), sum(&out.join("manifest.json")));
    assert!(run_all().iter().all(|one| one.was_there));
    let file = |number: usize| match &first[number].outcome {
        Outcome::Done { file, .. } => out.join(file),
        Outcome::Failed(failure) => panic!("{failure:?}"),
    };
    // A killed worker: a file without a receipt, a receipt without its file, a file that was cut off.
    let receipt = file(0).with_extension("json");
    fs::remove_file(&receipt).unwrap();
    fs::remove_file(file(1)).unwrap();
    let bytes = fs::read(file(3)).unwrap();
    fs::write(file(3), &bytes[..bytes.len() / 2]).unwrap();
    let error = collect(&plan, &out).unwrap_err();
    assert!(error.to_string().contains("1 of 4 partitions have no answer yet"), "{error}");
    let again: Vec<bool> = run_all().iter().map(|one| one.was_there).collect();
    assert_eq!(again, [false, false, true, false]);
    collect(&plan, &out).unwrap();
    assert_eq!((sum(&out.join("access.parquet")), sum(&out.join("manifest.json"))), (table, manifest));
    // What stands in the place of an answer, and is another one.
    fs::remove_file(receipt).unwrap();
    fs::write(file(0), b"another answer").unwrap();
    let error = run(&plan, 0, &out, &Quiet).unwrap_err();
    assert!(error.to_string().contains("two answers to partition 0 are not the same"), "{error}");
}

#[test]
fn plans_that_do_not_fit_are_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (at, out) = planned(folder.path());
    let said = |error: commonground::Error| error.to_string();
    assert_eq!(Plan::read(folder.path()).unwrap_err().kind(), ErrorKind::Io);
    let plan = Plan::read(&at).unwrap();
    let text = said(run(&plan, 4, &out, &Quiet).unwrap_err());
    assert!(text.contains("there is no partition 4: the plan has 4, numbered from 0"), "{text}");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("thesis.doc"), "").unwrap();
    let text = said(run(&plan, 0, &out, &Quiet).unwrap_err());
    assert!(text.contains("`thesis.doc`"), "{text}");
    fs::remove_file(out.join("thesis.doc")).unwrap();
    run(&plan, 0, &out, &Quiet).unwrap();

    let cell = at.join("cells/00000.streets");
    let bytes = fs::read(&cell).unwrap();
    for damaged in [&bytes[..bytes.len() - 1], b"nothing of the kind"] {
        fs::write(&cell, damaged).unwrap();
        let texts: Vec<String> = (1..4)
            .filter_map(|number| run(&plan, number, &out, &Quiet).err())
            .map(|error| error.to_string())
            .collect();
        assert!(
            !texts.is_empty() && texts.iter().all(|text| text.contains("is not the file that was planned")),
            "{texts:?}"
        );
    }
    fs::write(&cell, bytes).unwrap();

    change_order(&at, |order| order["question"]["limit_minutes"] = json!(11.0));
    let other = Plan::read(&at).unwrap();
    let text = said(run(&other, 1, &out, &Quiet).unwrap_err());
    assert!(text.contains("holds the results of another plan"), "{text}");
    changed(&at.join("plan.json"), |list| list["made_by"]["commonground"] = json!("0.0.1"));
    let text = said(Plan::read(&at).unwrap_err());
    assert!(
        text.contains("the plan was made by commonground 0.0.1") && text.contains("install one version"),
        "{text}"
    );
}

/// A town of one street.
fn small_study(folder: &Path, residents: &str) -> PathBuf {
    let areas = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "a"},
        "geometry": {"type": "Polygon", "coordinates": [[[7.0, 43.0], [7.01, 43.0], [7.01, 43.01], [7.0, 43.0]]]}}]}"#;
    let streets = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": 1},
        "geometry": {"type": "LineString", "coordinates": [[7.001, 43.0005], [7.008, 43.002]]}}]}"#;
    let text = "name = \"A\"\n[neighbourhoods]\nfile = \"areas.geojson\"\n[streets]\nfile = \"streets.geojson\"\n[homes]\n\
                file = \"homes.csv\"\nx = \"lon\"\ny = \"lat\"\ncrs = \"EPSG:4326\"\nresidents = \"residents\"\n";
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("areas.geojson"), areas).unwrap();
    fs::write(folder.join("streets.geojson"), streets).unwrap();
    fs::write(folder.join("homes.csv"), format!("id,lon,lat,residents\nh,7.005,43.001,{residents}\n"))
        .unwrap();
    fs::write(folder.join("study.toml"), text).unwrap();
    folder.to_owned()
}

#[test]
fn one_bad_study_among_many_is_one_clear_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut studies: Vec<PathBuf> =
        (0..20).map(|number| small_study(&folder.path().join(format!("city-{number}")), "10")).collect();
    small_study(&studies[7], "-3");
    studies.push(folder.path().join("nowhere"));
    let plan = plan_studies(&studies, None, &folder.path().join("plan")).unwrap();
    let out = folder.path().join("out");
    for number in 0..plan.partitions().len() {
        run(&plan, number, &out, &Quiet).unwrap();
    }
    let told = status(&plan, &out).unwrap();
    let failed: Vec<(usize, &str)> =
        told.failed.iter().map(|(number, failure)| (*number, failure.text.as_str())).collect();
    assert_eq!((told.done.len(), failed.len(), failed[0].0, failed[1].0), (19, 2, 7, 20));
    assert!(failed[0].1.contains("homes") && failed[0].1.contains("row 1"), "{failed:?}");
    assert!(failed[1].1.contains("nowhere"), "{failed:?}");
    let table = collect(&plan, &out).unwrap();
    let errors = table.attributes.column("error").unwrap().null_count();
    assert_eq!((table.len(), errors), (21, 19));
    assert!(out.join("city-3/report.html").is_file() && !out.join("city-7").exists());
    // A study whose data changed is assessed again; the others are not.
    assert!(run(&plan, 4, &out, &Quiet).unwrap().was_there);
    small_study(&studies[4], "11");
    assert!(!run(&plan, 4, &out, &Quiet).unwrap().was_there);
    // The bad one, mended.
    small_study(&studies[7], "10");
    assert!(matches!(run(&plan, 7, &out, &Quiet).unwrap().outcome, Outcome::Done { .. }));
}
