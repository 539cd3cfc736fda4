//! What is planted in the scenarios of Millbrook is found, and bad scenarios say what is wrong with them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use commonground::model::Traveller;
use commonground::scenario::{Base, Comparison, Scenario, Sides, scenario_of, scores, sentences};
use commonground::{Quiet, Result, StudyArea, assess, io};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static STUDY: LazyLock<StudyArea> = LazyLock::new(|| io::study::read_study(&folder(), None, &Quiet).unwrap());
static BASE: LazyLock<Base<'static>> = LazyLock::new(|| Base::new(&STUDY, &Quiet).unwrap());
static PLANTED: LazyLock<toml::Table> =
    LazyLock::new(|| std::fs::read_to_string(folder().join("PLANTED.toml")).unwrap().parse().unwrap());

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/millbrook")
}

fn planted(scenario: &str) -> &'static toml::Table {
    PLANTED["scenarios"][scenario].as_table().unwrap()
}

fn read(file: &str) -> Scenario {
    let load = |name: &str| io::read_text(&folder().join("scenarios").join(name));
    scenario_of(file, None, &STUDY.crs, &load).unwrap()
}

/// People of the housing project within 15 minutes of a category, before and after, as a share.
fn project_within(found: &Comparison, category: &str) -> (f64, f64) {
    let text = std::fs::read_to_string(folder().join("homes.csv")).unwrap();
    let project = PLANTED["access"]["housing_project"].as_str().unwrap();
    let ids: Vec<&str> = text
        .lines()
        .filter(|line| line.ends_with(project))
        .map(|line| line.split(',').next().unwrap())
        .collect();
    let homes: Vec<usize> =
        ids.iter().map(|id| STUDY.homes.ids.iter().position(|known| known == id).unwrap()).collect();
    assert!(!homes.is_empty());
    let is_it = |one: &&commonground::scenario::ColumnChange| {
        one.category() == Some(category) && one.traveller == Traveller::Adult
    };
    let column = found.columns.iter().find(is_it).unwrap();
    let people: f64 = homes.iter().map(|&home| STUDY.homes.weights[home]).sum();
    let share = |values: &[Option<f64>]| {
        let near = homes.iter().filter(|&&home| values[home].is_some_and(|minutes| minutes <= 15.0));
        near.map(|&home| STUDY.homes.weights[home]).sum::<f64>() / people
    };
    (share(&column.before), share(&column.after))
}

#[test]
fn the_footbridge_brings_a_school_within_reach_of_the_housing_project() {
    let planted = planted("footbridge");
    let found = BASE.compare(&read(planted["file"].as_str().unwrap()), &Quiet).unwrap();
    for category in planted["within_15_min"].as_array().unwrap() {
        let (before, after) = project_within(&found, category.as_str().unwrap());
        assert!(before == 0.0 && after > 0.5, "{category}: {before} {after}");
    }
    assert!(found.losers.is_empty());
    let walks = found.people.iter().filter(|one| one.measure.ends_with("_minutes"));
    walks.for_each(|one| assert_eq!(one.who.lost, 0.0, "{} {}", one.measure, one.group));
}

#[test]
fn the_motorway_cuts_off_fewer_once_there_is_a_footbridge_and_the_census_is_not_modelled() {
    let scenario = read("footbridge.toml");
    let changed = commonground::scenario::apply(&STUDY, &scenario).unwrap().changed;
    let (before, after) = (assess(&STUDY, &Quiet).unwrap(), assess(&changed, &Quiet).unwrap());
    let affected = |assessment: &commonground::Assessment| {
        let barriers = assessment.layer("barriers").unwrap();
        let names = barriers.features().attributes.column("name").unwrap().str().unwrap().clone();
        let at = names.iter().position(|name| name == Some("East Motorway")).unwrap();
        barriers.values("pairs_cut_off").unwrap()[at].unwrap()
    };
    assert!(affected(&after) < affected(&before));
    let found = scores(&before, &after, &scenario);
    let states = |name: &str| {
        found
            .iter()
            .filter(|one| one.key.to_string() == name)
            .map(|one| one.state.name())
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert!(states("school_minutes_median").contains("changed"));
    assert!(found.iter().any(|one| one.state.name() == "not modelled" && one.after.is_none()));
    // Nothing at all changes nothing at all.
    let nothing = scores(&before, &assess(&STUDY, &Quiet).unwrap(), &Scenario::default());
    assert!(nothing.iter().all(|one| one.state.name() != "changed"));
}

#[test]
fn the_upzoning_prices_nobody_out_but_crowds_one_park() {
    let planted = planted("upzoning");
    let found = BASE.compare(&read(planted["file"].as_str().unwrap()), &Quiet).unwrap();
    let places = &found.displacement.neighbourhoods;
    assert_eq!(places.len(), 1);
    assert_eq!(places[0].direct, planted["direct"].as_integer().unwrap() as f64);
    assert!((places[0].new_dwellings - planted["dwellings"].as_integer().unwrap() as f64).abs() < 1e-9);
    let crowding = BASE.crowding(&found, &Quiet).unwrap();
    let crowded: Vec<&str> = crowding
        .iter()
        .filter(|one| one.category == "green_space")
        .filter(|one| one.share().1.unwrap() < 0.9 * one.share().0.unwrap())
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(crowded, [planted["crowded_park"].as_str().unwrap()]);
    // Those who come are the only ones who are added, and every walk of those who stay is as it was.
    let people: f64 =
        found.changed.homes.weights.iter().sum::<f64>() - STUDY.homes.weights.iter().sum::<f64>();
    assert!((people - 480.0 * 2.1).abs() < 1e-6);
    let walks = found.people.iter().filter(|one| one.measure.ends_with("_minutes"));
    walks.for_each(|one| assert_eq!((one.who.lost, one.who.gained), (0.0, 0.0), "{}", one.measure));
    let page = sentences(&STUDY, &found, &Sides { crowding: &crowding, ..Sides::default() });
    for words in
        ["480 dwellings are built", "Orchard Field (green space)", "0 people live in homes that make way"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[test]
fn bad_scenarios_say_which_change_is_wrong_and_what_was_meant() {
    let try_it = |changes: &str| -> Result<()> {
        let scenario = Scenario::from_toml(&format!("name = 'A'\n{changes}"), "a.toml", &STUDY.crs)?;
        commonground::scenario::apply(&STUDY, &scenario).map(drop)
    };
    let here = "at = [2.985, 55.005]";
    for (change, expected) in [
        ("action = 'closs_service'\nservice = 'p01'", vec!["close_service"]),
        ("action = 'close_service'\nservice = 'p001'", vec!["row 1", "did you mean `p01`"]),
        ("action = 'rezone'\nto = 'R33'", vec!["row 1", "did you mean `R3`"]),
        (
            "action = 'rezone'\nto = 'R3'\nwhere = { code = ['R11'] }",
            vec!["no land has the code `R11`", "`R1`"],
        ),
        (
            "action = 'rezone'\nto = 'R3'\nwhere = { neighbourhoods = ['Westfeld'] }",
            vec!["did you mean `Westfield`"],
        ),
        ("action = 'build_out'\nshare = 60\nhousehold_size = 2", vec!["a share of `60`", "was 0.6 meant"]),
        ("action = 'build_out'\nhousehold_size = 2", vec!["share = 0.6", "dwellings = 240"]),
        ("action = 'build_out'\ndwellings = 1e9\nhousehold_size = 2", vec!["zoning leaves room for"]),
        ("action = 'build_out'\nshare = 0.5\nhousehold_size = 0", vec!["a household of `0` people"]),
        (
            "action = 'build_out'\nshare = 0.5\nhousehold_size = 2\nresidents = { newcomers = 1.3 }",
            vec!["cannot exceed the residents"],
        ),
        (
            "action = 'build_out'\nshare = 0.5\nhousehold_size = 2\nresidents = { newcommers = 0.3 }",
            vec!["did you mean `newcomers`"],
        ),
        ("action = 'add_service'\ncategory = 'clinic'\nat = [3.9, 55.0]", vec!["none of the neighbourhoods"]),
        ("action = 'add_service'\ncategory = 'clinic'\nat = [390, 55.0]", vec!["no longitude and latitude"]),
        ("action = 'set_capacity'\nservice = 'p01'\ncapacity = -3", vec!["capacity of `-3`", "not negative"]),
        (
            "action = 'add_homes'\nat = [2.985, 55.005]\nresidents = 5\ngroups = { over_65 = 6 }",
            vec!["6 people of `over_65`, but 5 residents"],
        ),
        ("action = 'add_street'\nline = [[2.985, 55.005], [3.2, 55.2]]", vec!["joins nothing within 20 m"]),
        ("action = 'add_street'", vec!["`line` or `file`"]),
        ("action = 'remove_street'\nstreet = 99999", vec!["no street has the id `99999`"]),
        ("action = 'change_street'\nstreet = 99999\ntags = { access = 'no' }", vec!["no street has the id"]),
        ("action = 'add_crossing'\nat = [3.2, 55.2]", vec!["fewer than two streets"]),
        (
            "action = 'add_green_space'\nring = [[3.9, 55.0], [3.91, 55.0], [3.91, 55.01]]",
            vec!["none of the neighbourhoods"],
        ),
        ("action = 'add_jobs'\njobs = -1\nat = [2.985, 55.005]", vec!["number of jobs of `-1`"]),
        (
            "action = 'set_indicator'\nneighbourhood = 'Market'\nyear = 2020\ncolumn = 'median_rnt'\nvalue = 3",
            vec!["did you mean `median_rent`"],
        ),
        (
            "action = 'set_indicator'\nneighbourhood = 'Market'\nyear = 2021\ncolumn = 'median_rent'\nvalue = 3",
            vec!["no indicators of 2021", "2010, 2020"],
        ),
        (
            "action = 'set_indicator'\nneighbourhood = 'Market'\nyear = 2020\ncolumn = 'renter_share'\nvalue = 40",
            vec!["was 0.4 meant"],
        ),
    ] {
        let error = try_it(&format!("[[changes]]\n{change}")).unwrap_err().to_string();
        for words in expected {
            assert!(error.contains(words), "{change}\n{words}\n{error}");
        }
    }
    // All problems at once, each with its number.
    let two = format!(
        "[[changes]]\naction = 'close_service'\nservice = 'none'\n[[changes]]\naction = 'add_homes'\n{here}\nresidents = -1"
    );
    let error = try_it(&two).unwrap_err().to_string();
    assert!(error.contains("2 problems") && error.contains("row 1") && error.contains("row 2"), "{error}");
}

#[test]
fn a_density_without_a_unit_and_parcels_that_overlap_stop_the_study() {
    let copy = common::copy_of(&folder());
    let toml = copy.path().join("study.toml");
    let text = std::fs::read_to_string(&toml).unwrap();
    let problems = |text: &str| {
        std::fs::write(&toml, text).unwrap();
        let (_, findings) = io::study::check_study(copy.path(), None, &Quiet).unwrap();
        findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let found = problems(&text.replace("max_density = { per_acre = 6 }", "max_density = 6"));
    assert!(found.contains("per_acre") && found.contains("R1"), "{found}");
    let found = problems(&text.replace("max_coverage = 0.35", "max_coverage = 35"));
    assert!(found.contains("percent"), "{found}");
    let parcels = copy.path().join("parcels.geojson");
    let layer = std::fs::read_to_string(&parcels).unwrap();
    let first = layer.lines().nth(1).unwrap().to_owned();
    let twice = layer.replacen(&first, &format!("{first}\n{}", first.replace("l001", "l999")), 1);
    std::fs::write(&parcels, twice).unwrap();
    let found = problems(&text);
    assert!(found.contains("overlap") && found.contains("l001") && found.contains("l999"), "{found}");
}
