//! Millbrook: the made town is made the same each time, and what is planted in it is found.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../examples/make_millbrook/town/mod.rs"]
mod town;

use commonground::access::{Access, Opportunities, measure_access, weighted_quantile};
use commonground::network::{BuildOptions, StreetNetwork, TravelProfile};
use commonground::scores::cohesion::preset;
use commonground::{Assessment, Quiet, StudyArea, assess, io};
use geo::InteriorPoint;
use polars::prelude::DataFrame;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/millbrook")
}

static STUDY: LazyLock<StudyArea> = LazyLock::new(|| io::study::read_study(&folder(), None, &Quiet).unwrap());
static FOUND: LazyLock<Assessment> = LazyLock::new(|| assess(&STUDY, &Quiet).unwrap());
static PLANTED: LazyLock<toml::Table> =
    LazyLock::new(|| std::fs::read_to_string(folder().join("PLANTED.toml")).unwrap().parse().unwrap());

/// What is planted under a table and a key.
fn planted(table: &str, key: &str) -> Vec<String> {
    let text = |value: &toml::Value| value.as_str().unwrap().to_owned();
    match &PLANTED[table][key] {
        toml::Value::Array(values) => values.iter().map(text).collect(),
        value => vec![text(value)],
    }
}

fn table() -> &'static DataFrame {
    &FOUND.neighbourhoods().features().attributes
}

fn row_of(name: &str) -> usize {
    STUDY.neighbourhoods.iter().position(|place| place.name == name).unwrap_or_else(|| panic!("no `{name}`"))
}

fn number(column: &str, name: &str) -> Option<f64> {
    table().column(column).unwrap().f64().unwrap().get(row_of(name))
}

/// Names of the neighbourhoods whose text in a column is `value`.
fn named(column: &str, value: &str) -> Vec<String> {
    let texts = table().column(column).unwrap().str().unwrap();
    let rows = STUDY.neighbourhoods.iter().zip(texts.iter());
    rows.filter(|(_, text)| *text == Some(value)).map(|(place, _)| place.name.clone()).collect()
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

#[test]
fn the_shipped_files_are_made_again_to_the_last_byte() {
    let made = tempfile::tempdir().unwrap();
    town::write(made.path()).unwrap();
    let mut count = 0;
    let mut folders = vec![made.path().to_owned()];
    while let Some(inside) = folders.pop() {
        for entry in std::fs::read_dir(inside).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let shipped = folder().join(path.strip_prefix(made.path()).unwrap());
            let is_same = std::fs::read(&path).unwrap() == std::fs::read(&shipped).unwrap();
            assert!(is_same, "{}", shipped.display());
            count += 1;
        }
    }
    assert_eq!(count, 24);
}

#[test]
fn every_output_says_that_the_data_is_made() {
    assert!(FOUND.made_data);
    assert!(commonground::report::summary(&STUDY, &FOUND).contains("Made data"));
}

#[test]
fn gentrifying_neighbourhoods_are_found_and_no_others() {
    assert_eq!(
        sorted(named("gentrification_freeman", "gentrifying")),
        sorted(planted("gentrification", "gentrifying"))
    );
    assert_eq!(
        sorted(named("gentrification_freeman", "unknown")),
        sorted(planted("gentrification", "unknown"))
    );
}

#[test]
fn definitions_agree_on_what_is_planted_and_say_why() {
    for name in planted("gentrification", "gentrifying") {
        assert_eq!(number("gentrification_agreement", &name), Some(1.0), "{name}");
        assert!(number("displacement_risk", &name).unwrap() > 0.6, "{name}");
    }
    // Almshouse is as poor, and degrees did not come: no definition says so, and it is next.
    assert_eq!(number("gentrification_agreement", "Almshouse"), Some(0.0));
    assert!(named("displacement_stage", "early").contains(&"Almshouse".to_owned()));
    let why = table().column("gentrification_why").unwrap().str().unwrap();
    let why = |name: &str| why.get(row_of(name)).unwrap();
    let almshouse = why("Almshouse");
    assert!(almshouse.contains("Freeman (2005): not gentrifying, as college share in 2020"), "{almshouse}");
    assert!(
        almshouse.contains("else gentrifying") && almshouse.contains("Do not apply here: "),
        "{almshouse}"
    );
    assert!(
        why("Cooper's Row").contains("median home value in 2020 is not known"),
        "{}",
        why("Cooper's Row")
    );
    let names: Vec<&str> = FOUND.change.iter().map(|found| found.name.as_str()).collect();
    assert_eq!(names, ["freeman", "ding", "governing", "ncrc"]);
    assert!(
        FOUND.not_assessed.iter().any(|(name, reason)| name == "Bates (2013)" && reason.contains("3 dates"))
    );
}

#[test]
fn the_watch_over_displacement_finds_its_columns() {
    let has_values =
        |column: &str| table().column(column).is_ok_and(|column| column.null_count() < column.len());
    let (watch, left_out) = preset("displacement_watch", has_values, 6).unwrap();
    // Millbrook's censuses do not ask for them.
    assert_eq!(left_out, ["cost_burden_share", "minority_share"]);
    assert_eq!(watch.pillars.len(), 2);
}

#[test]
fn near_misses_fail_one_condition() {
    let conditions = [
        "freeman_central_city",
        "freeman_low_income_at_start",
        "freeman_disinvested_at_start",
        "freeman_education_rose",
        "freeman_home_values_rose",
    ];
    for (name, failing) in PLANTED["gentrification"]["near_misses"].as_table().unwrap() {
        for condition in conditions {
            let answer = table().column(condition).unwrap().bool().unwrap().get(row_of(name));
            assert_eq!(answer, Some(condition != failing.as_str().unwrap()), "{name}: {condition}");
        }
    }
}

#[test]
fn the_cut_off_quarter_is_isolated_from_services() {
    let quarter = planted("access", "cut_off_quarter");
    for name in &quarter {
        let isolated = number("service_isolation", name).unwrap();
        assert!(isolated > 0.9, "{name}: {isolated}");
    }
    // Everybody else but those far out lives near most things.
    let far = planted("access", "far_from_essentials").concat();
    assert!(number("service_isolation", &far).unwrap() > 0.9);
    let others = STUDY.neighbourhoods.iter().map(|place| place.name.as_str());
    for name in others.filter(|name| !quarter.iter().any(|one| one == name) && *name != far) {
        if let Some(isolated) = number("service_isolation", name).filter(|_| name != "Chapel Island") {
            assert!(isolated < 0.8, "{name}: {isolated}");
        }
    }
}

#[test]
fn the_island_reaches_its_chapel_and_nothing_else() {
    let island = planted("access", "island").concat();
    let reached = planted("access", "island_reaches").concat();
    for category in &FOUND.categories {
        let share = number(&format!("{category}_share_within_15_min"), &island).unwrap();
        assert_eq!(share, if *category == reached { 1.0 } else { 0.0 }, "{category}");
    }
    assert_eq!(number("jobs_within_45_min_mean", &island), Some(0.0));
    assert_eq!(number("school_minutes_median", &island), None, "what is not reached has no minutes");
}

#[test]
fn a_neighbourhood_without_homes_has_no_scores() {
    let empty = planted("access", "without_homes").concat();
    assert_eq!(number("residents", &empty), Some(0.0));
    assert_eq!(number("service_isolation", &empty), None);
    assert_eq!(number("share_newcomers", &empty), None);
}

#[test]
fn the_segregated_quarter_stands_out() {
    let group = planted("segregation", "group").concat();
    let quotient = format!("location_quotient_{group}");
    let mut ranked: Vec<(f64, &str)> = STUDY
        .neighbourhoods
        .iter()
        .filter_map(|place| Some((number(&quotient, &place.name)?, place.name.as_str())))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let quarter = sorted(planted("segregation", "quarter"));
    let top: Vec<String> = ranked[..quarter.len()].iter().map(|(_, name)| (*name).to_owned()).collect();
    assert_eq!(sorted(top), quarter);
    let (weakest, next) = (ranked[quarter.len() - 1].0, ranked[quarter.len()].0);
    assert!(weakest > 2.5 && next < 1.5, "{weakest} against {next}");
    let city = |index: &str| FOUND.value(&format!("{index}_{group}")).unwrap();
    assert!(city("isolation") > 0.4 && city("dissimilarity") > 0.4);
}

#[test]
fn motorway_river_and_sound_cut_their_neighbours_off_and_nothing_else_does() {
    let barriers = PLANTED["severance"]["barrier"].as_table().unwrap();
    for (name, barrier) in barriers {
        assert!(named("barrier", barrier.as_str().unwrap()).contains(name), "{name}: {barrier}");
        assert!(number("severance", name).unwrap() > 0.1, "{name}");
    }
    let others = STUDY.neighbourhoods.iter().map(|place| place.name.as_str());
    for name in others.filter(|name| !barriers.contains_key(*name)) {
        assert!(number("severance", name).is_none_or(|share| share < 0.15), "{name}");
    }
    let names = FOUND.layer("barriers").unwrap().texts("name").unwrap();
    assert_eq!(names, ["Mill Brook", "East Motorway", "The Sound"].map(|name| Some(name.to_owned())));
}

#[test]
fn the_school_between_unlike_quarters_bridges_and_barriers_leave_strangers() {
    let texts = |layer: &str, column: &str| -> Vec<String> {
        FOUND.layer(layer).unwrap().texts(column).unwrap().into_iter().flatten().collect()
    };
    assert_eq!(texts("meeting_places", "name")[..1], planted("encounter", "bridge"));
    let shared = FOUND.layer("neighbour_pairs").unwrap().values("shared_places").unwrap();
    let names = texts("neighbour_pairs", "one").into_iter().zip(texts("neighbour_pairs", "other"));
    let strangers = names.zip(shared).filter(|(_, shared)| *shared == Some(0.0));
    let strangers = strangers.map(|((one, other), _)| format!("{one}, {other}")).collect();
    assert_eq!(sorted(strangers), sorted(planted("encounter", "strangers")));
}

/// Access from a point inside each district of some neighbourhoods.
fn access_of_districts(
    is_chosen: impl Fn(&commonground::model::ZoningDistrict) -> bool,
) -> Vec<(String, Access, Vec<String>)> {
    let profile = TravelProfile::new(STUDY.settings.travel.clone()).unwrap();
    let (network, _) =
        StreetNetwork::build(&STUDY.streets, profile, BuildOptions::default(), &Quiet).unwrap();
    let far = STUDY.settings.max_snap_distance;
    let opportunities = Opportunities::attach(
        &network,
        &STUDY.services,
        &STUDY.green_spaces,
        STUDY.workplaces.as_ref(),
        far,
        &[],
    );
    let chosen: Vec<_> = STUDY.zoning.iter().filter(|district| is_chosen(district)).collect();
    let points = chosen.iter().map(|district| district.shape.interior_point().unwrap());
    let attached: Vec<_> = points.map(|point| network.attach(point, far, &[]).ok()).collect();
    let access = measure_access(&network, &attached, &opportunities, &Quiet).unwrap();
    let categories = opportunities.categories;
    let rows = chosen.iter().zip(access);
    rows.map(|(district, access)| (district.id.clone(), access.unwrap(), categories.clone())).collect()
}

#[test]
fn apartments_may_be_built_where_the_motorway_cuts_them_off() {
    let quarter = planted("access", "cut_off_apartments");
    let inside = |district: &commonground::model::ZoningDistrict| {
        let point = district.shape.interior_point().unwrap();
        let home = STUDY.neighbourhoods.iter().find(|place| geo::Contains::contains(&place.shape, &point));
        home.is_some_and(|place| quarter.contains(&place.name))
    };
    let districts =
        access_of_districts(|district| district.allows_apartments == Some(true) && inside(district));
    assert_eq!(districts.len(), 4);
    for (id, access, categories) in districts {
        for essential in ["school", "clinic"] {
            let index = categories.iter().position(|category| category == essential).unwrap();
            assert!(access.closest[index].is_none_or(|minutes| minutes > 15.0), "{id}: {essential}");
        }
    }
}

#[test]
fn the_duplicate_school_is_one_place_in_two_rows() {
    let [first, second] = planted("access", "duplicate_school").try_into().unwrap();
    let place = |id: &str| STUDY.services.iter().find(|service| service.id == id).unwrap();
    let (first, second) = (place(&first), place(&second));
    let distance = geo::Distance::distance(&geo::Euclidean, first.location, second.location);
    assert!(distance < 10.0, "{distance}");
    assert_eq!(first.name.as_ref().unwrap().to_lowercase(), second.name.as_ref().unwrap().to_lowercase());
}

#[test]
fn fear_follows_the_record_but_in_two_places() {
    let survey = STUDY.indicators.last().unwrap();
    let row = |key: &str| row_of(&planted("safety", key).concat());
    let fear = survey.column("feel_unsafe_share").unwrap();
    let incidents = survey.column("recorded_incidents").unwrap();
    let people = survey.column("population").unwrap();
    let rate = |row: usize| incidents[row].unwrap() / people[row].unwrap();
    let (feared, trusted) = (row("feared_without_cause"), row("trusted_in_spite_of_the_record"));
    assert!(fear[feared] > Some(0.5) && rate(feared) < 0.02);
    assert!(fear[trusted] < Some(0.1) && rate(trusted) > 0.05);
    let end = |column: &str, row: usize| number(column, &STUDY.neighbourhoods[row].name).unwrap();
    assert!(end("safety_gap_low", feared) > 0.3 && end("safety_gap_high", trusted) < -0.3);
    let firm = (0..STUDY.neighbourhoods.len()).filter(|row| {
        let [low, high] = ["safety_gap_low", "safety_gap_high"]
            .map(|column| number(column, &STUDY.neighbourhoods[*row].name));
        low > Some(0.3) || high.is_some_and(|high| high < -0.3)
    });
    let mut both = [feared, trusted];
    both.sort_unstable();
    assert_eq!(firm.collect::<Vec<_>>(), both);
}

#[test]
fn an_older_adult_takes_as_much_longer_as_they_are_slower() {
    // Nothing stands in their way here: the same streets at 2.7 instead of 4.8 km/h.
    let homes = &FOUND.homes().features().attributes;
    let of = |column: &str| homes.column(column).unwrap().f64().unwrap();
    for category in ["school", "clinic"] {
        let minutes = of(&format!("{category}_minutes"));
        for (place, neighbourhood) in STUDY.neighbourhoods.iter().enumerate() {
            let here = (0..STUDY.homes.len()).filter(|&home| {
                STUDY.homes.neighbourhoods[home] == Some(place as u32)
                    && of("street_distance_m").get(home).is_some()
            });
            let longer: Vec<_> = here
                .map(|home| {
                    (minutes.get(home).map(|time| time * (4.8 / 2.7 - 1.0)), STUDY.homes.weights[home])
                })
                .collect();
            let expected = weighted_quantile(&longer, 0.5);
            let found = number(&format!("{category}_extra_minutes_older_adult"), &neighbourhood.name);
            match (expected, found) {
                (Some(expected), Some(found)) => assert!((expected - found).abs() < 1e-3),
                (expected, found) => assert_eq!(expected, found, "{}", neighbourhood.name),
            }
            let losing = number(&format!("{category}_share_losing_older_adult"), &neighbourhood.name);
            let any = number("share_losing_any_older_adult", &neighbourhood.name);
            assert!(losing <= any);
            let no_way = number("share_without_way_older_adult", &neighbourhood.name);
            assert!(no_way.is_none_or(|share| share == 0.0));
        }
    }
    let losing = FOUND.record("city_share_losing_any_older_adult").unwrap();
    assert!(losing.value > 0.0, "{losing:?}");
    let means = losing.key.described(FOUND.weight).meaning;
    assert!(means.contains("2.7 km/h"), "{means}");
}

#[test]
fn zoning_allows_what_its_density_says() {
    let found = &FOUND;
    let land = found.layer("zoned_land").unwrap();
    let number = |column: &str| land.values(column).unwrap();
    let (area, allowed, standing, room) = (
        number("area_ha"),
        number("dwellings_allowed"),
        number("dwellings_standing"),
        number("room_for_dwellings"),
    );
    let codes = land.texts("code").unwrap();
    let mut by_density = 0;
    for row in 0..land.len() {
        let an_acre = match codes[row].as_deref() {
            Some("R1") => 6.0,
            Some("R2") => 14.0,
            _ => continue,
        };
        let dwellings = (area[row].unwrap() / 0.404_685_642_24 * an_acre).floor();
        assert_eq!(allowed[row], Some(dwellings), "{row}");
        // Half as many again, or nothing is built.
        let more = dwellings - standing[row].unwrap();
        let likely = more > 0.5 * standing[row].unwrap();
        assert_eq!(room[row], Some(if likely { more } else { 0.0 }), "{row}");
        by_density += 1;
    }
    assert!(by_density > 50);
    let of_city = |column: &str| found.neighbourhoods().values(column).unwrap().iter().flatten().sum::<f64>();
    let total = |values: &[Option<f64>]| values.iter().flatten().sum::<f64>();
    assert_eq!(of_city("dwellings_allowed"), total(&allowed));
    assert_eq!(found.record("city_room_for_dwellings").unwrap().value, total(&room));
    for (name, share) in [("_low", 0.2), ("", 0.5), ("_high", 0.75)] {
        let likely = found.record(&format!("city_likely_dwellings{name}")).unwrap().value;
        assert_eq!(likely, total(&room) * share);
    }
}
