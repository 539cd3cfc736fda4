//! The whole road: from the files of a city to the files of results, read again.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use commonground::{Assessment, FeatureTable, Progress, Quiet, StudyArea, assess, io, results};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

fn assessed(study: &Path, data: Option<&Path>) -> (StudyArea, Assessment) {
    let study = io::study::read_study(study, data, &Quiet).unwrap();
    let found = assess(&study, &Quiet).unwrap();
    (study, found)
}

fn numbers(table: &FeatureTable, column: &str) -> Vec<Option<f64>> {
    let column = table.attributes.column(column).unwrap_or_else(|error| panic!("{error}"));
    column.cast(&polars::prelude::DataType::Float64).unwrap().f64().unwrap().iter().collect()
}

#[test]
fn monaco_goes_from_an_extract_to_files_that_agree() {
    let (study, found) = assessed(&common::shipped("monaco"), None);
    assert_eq!(found.neighbourhoods().len(), 6);
    assert_eq!(found.essentials, ["school", "clinic", "place_of_worship", "green_space"]);
    let folder = tempfile::tempdir().unwrap();
    let place = io::ResultsFolder { path: folder.path(), inputs: &study.files, overwrite: false };
    results::save(&place, &study, &found, &[]).unwrap();
    let schools = found.neighbourhoods().values("school_minutes_median").unwrap();
    assert!(schools.iter().all(|minutes| (1.0..20.0).contains(&minutes.unwrap())), "{schools:?}");
    for name in ["neighbourhoods.geojson", "neighbourhoods.csv", "neighbourhoods.parquet"] {
        let read = io::read_features(&folder.path().join(name), &io::ReadOptions::default()).unwrap();
        let written = &found.neighbourhoods().features().attributes;
        assert_eq!(read.attributes.get_column_names(), written.get_column_names());
        assert_eq!(numbers(&read, "school_minutes_median"), schools, "{name}");
    }
    let homes = io::read_features(&folder.path().join("homes.parquet"), &io::ReadOptions::default()).unwrap();
    assert_eq!(homes.len(), found.homes().len());
    let summary = std::fs::read_to_string(folder.path().join("summary.md")).unwrap();
    for word in ["# Monaco", "OpenStreetMap", "3 boundaries", "floor area", "no jobs layer", "Not assessed"] {
        assert!(summary.contains(word), "no `{word}` in:\n{summary}");
    }
    let page = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
}

/// Says stop after so many steps.
struct StopAfter(AtomicU64);

impl Progress for StopAfter {
    fn start(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn is_cancelled(&self) -> bool {
        self.0.fetch_sub(1, Ordering::Relaxed) == 0
    }
}

#[test]
fn the_answer_is_the_same_to_the_last_bit_on_any_number_of_threads() {
    let study = io::study::read_study(&common::shipped("millbrook"), None, &Quiet).unwrap();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| assess(&study, &Quiet).unwrap())
    };
    let (one, four) = (on(1), on(4));
    for (one, four) in [(one.homes(), four.homes()), (one.neighbourhoods(), four.neighbourhoods())] {
        assert!(one.features().attributes.equals_missing(&four.features().attributes));
    }
}

#[test]
fn every_step_can_be_stopped() {
    let study = io::study::read_study(&common::shipped("millbrook"), None, &Quiet).unwrap();
    for steps in 0..6 {
        let error = assess(&study, &StopAfter(AtomicU64::new(steps))).unwrap_err();
        assert_eq!(error.kind(), commonground::ErrorKind::Cancelled, "after {steps} steps");
    }
}

#[test]
fn washington_is_what_a_resident_knows() {
    let Some(data) = common::real_cities() else { return };
    let studies = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/studies");
    let (_, found) = assessed(&studies.join("washington-dc.toml"), Some(&data));
    let residents: f64 = found.neighbourhoods().values("residents").unwrap().iter().flatten().sum();
    // The census of 2010 counted 601,723 people; parks and rivers outside the clusters hold a few hundred of them.
    assert!((590_000.0..=601_723.0).contains(&residents), "{residents}");
    let city = |name: &str| found.value(name).unwrap();
    // The census counted 301,053 people (50.0 %) as black and not Hispanic in 2010, mostly in the east of the city.
    assert!((0.495..0.505).contains(&city("share_of_black")));
    assert!(city("isolation_black") > 0.7);
    // Between H of block groups alone (0.343) and that of everybody within 1,200 m in a straight line of their centroids
    // (0.279), which no walk of 15 minutes exceeds: both from the census table with numpy. Chance explains none of it, and
    // half an hour's walk is less separated than five minutes'.
    let entropy = |minutes: u32| found.record(&format!("segregation_entropy_{minutes}_min")).unwrap();
    assert!((0.279..0.343).contains(&entropy(15).value));
    assert!(entropy(15).by_chance.unwrap() < 0.01);
    assert!(entropy(5).value > entropy(30).value);
    assert!(found.population.on_no_street.1 < 0.01 * residents);
    // The freeway along the Anacostia cuts off most; west of the river, the grid of the old city cuts off least.
    let severance = found.neighbourhoods().values("severance").unwrap();
    let of = |cluster: &str| {
        let ids = found.neighbourhoods().texts("id").unwrap();
        severance[ids.iter().position(|id| id.as_deref() == Some(cluster)).unwrap()].unwrap()
    };
    let (barry_farm, logan_circle) = (of("Cluster 37"), of("Cluster 7"));
    assert!(barry_farm > 0.4 && logan_circle < 0.12, "{barry_farm}, {logan_circle}");
    let barriers = found.layer("barriers").unwrap().texts("name").unwrap();
    let first = barriers[0].as_deref().unwrap();
    assert!(first.contains("DC Hwy 295") && first.contains("Kenilworth Ave NE"), "{first}");

    let sum = |column: &str| found.neighbourhoods().values(column).unwrap().iter().flatten().sum::<f64>();
    // LODES 2021: 285,077 workers live in the District, some outside all clusters, and 624,377 jobs are there.
    assert!((280_000.0..=285_077.0).contains(&sum("workers")), "{}", sum("workers"));
    for by in ["", "_by_bicycle", "_by_car"] {
        let handed_out = sum(&format!("jobs_available{by}_within_30_min_total"));
        assert!((600_000.0..=624_377.0).contains(&handed_out), "{by}: {handed_out}");
    }
    // Downtown workers walk to jobs; those across the Anacostia river need a bicycle, and more of them a car.
    let place = |name: &str| {
        let names = found.neighbourhoods().texts("name").unwrap();
        names.iter().flatten().position(|known| known.contains(name)).unwrap()
    };
    let without_car = found.neighbourhoods().values("jobs_share_without_car_within_30_min_mean").unwrap();
    assert!(
        without_car[place("Foggy Bottom")] > Some(0.9) && without_car[place("Congress Heights")] < Some(0.5)
    );
    // Grocers are where white residents live: the best known gap of the city.
    let groceries = found.equity.iter().find(|one| one.measure == "grocery_minutes").unwrap();
    let gap = |group: &str| groceries.groups.iter().find(|one| one.name == group).unwrap().gap.unwrap();
    assert!(gap("black") > 0.1 && gap("white") < -0.1, "{} {}", gap("black"), gap("white"));
}

#[test]
fn porto_alegre_runs_on_cells_and_an_extract() {
    let Some(data) = common::real_cities() else { return };
    let studies = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/studies");
    let (_, found) = assessed(&studies.join("porto-alegre.toml"), Some(&data));
    assert_eq!(found.neighbourhoods().len(), 1_227);
    let jobs = found.neighbourhoods().values("jobs_within_45_min_mean").unwrap();
    assert!(jobs.iter().flatten().copied().fold(0.0, f64::max) > 50_000.0);
}
