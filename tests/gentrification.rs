//! Gentrification on real tracts: the typology published with them, counts of other definitions, the strict form.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use commonground::assessment::change;
use commonground::io::read_table;
use commonground::io::study::read_study;
use commonground::model::{Panel, PriceIndex};
use commonground::scores::gentrification::{
    Definition, Draws, Missing, Reference, classify, published, udp_differences,
};
use commonground::{Quiet, StudyArea};
use polars::prelude::{DataFrame, DataType};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

const YEARS: [i32; 4] = [1990, 2000, 2012, 2018];
/// Tracts of Washington and what they are between 1990 and 2010.
const WASHINGTON: [(&str, &str); 9] = [
    ("04801", "ascending"),      // Shaw
    ("03000", "ascending"),      // Columbia Heights
    ("07200", "ascending"),      // Navy Yard
    ("05002", "ascending"),      // Logan Circle
    ("07401", "low-income"),     // Barry Farm
    ("09804", "low-income"),     // Congress Heights
    ("07806", "low-income"),     // Deanwood
    ("00202", "not low-income"), // Georgetown
    ("00901", "not low-income"), // Spring Valley
];

struct City {
    table: DataFrame,
    panel: Panel,
}

impl City {
    fn read(name: &str) -> Option<Self> {
        let folder = common::real_cities()?.join("udp-tract-panels");
        let table = read_table(&folder.join(format!("{name}_typology_output.csv.gz"))).unwrap();
        let panel = panel(&table);
        Some(Self { table, panel })
    }

    /// The published class: `['AdvG', 'BE']` is `AdvG+BE`, `[]` is none.
    fn published(&self) -> Vec<String> {
        let column = self.table.column("typ_cat").unwrap().str().unwrap().clone();
        let plain = |text: &str| text.replace("', '", "+").replace(['[', ']', '\''], "");
        column
            .iter()
            .map(|text| plain(text.unwrap()))
            .map(|code| if code.is_empty() { "none".into() } else { code })
            .collect()
    }
}

fn numbers(table: &DataFrame, column: &str) -> Vec<Option<f64>> {
    let column = table.column(column).unwrap().cast(&DataType::Float64).unwrap();
    column.f64().unwrap().iter().map(|value| value.filter(|value| value.is_finite())).collect()
}

fn sum(table: &DataFrame, columns: &[String]) -> Vec<Option<f64>> {
    let columns: Vec<_> = columns.iter().map(|column| numbers(table, column)).collect();
    (0..table.height()).map(|row| columns.iter().map(|column| column[row]).sum()).collect()
}

/// The published columns under our names. What rests on inputs that were not published is given: the shares below 80 %
/// and 120 % of the regional median income, whom homes are for, the Zillow index, pressure from the neighbours.
fn panel(table: &DataFrame) -> Panel {
    let mut columns: Vec<(String, Vec<Option<f64>>)> = Vec::new();
    let known: Vec<String> = table.get_column_names().iter().map(ToString::to_string).collect();
    for (ending, year) in [("90", 1990), ("00", 2000), ("12", 2012), ("18", 2018)] {
        for (theirs, ours) in [
            ("pop", "population"),
            ("white", "white"),
            ("hh", "households"),
            ("hinc", "median_income"),
            ("mrent", "median_rent"),
            ("mhval", "median_home_value"),
            ("ohu", "owner_homes"),
            ("rhu", "renter_homes"),
            ("inc80", "low_income_share"),
            ("inc120", "up_to_moderate_income_share"),
            ("per_limove", "low_income_mover_share"),
        ] {
            let theirs = format!("{theirs}_{ending}");
            if known.contains(&theirs) {
                columns.push((format!("{ours}_{year}"), numbers(table, &theirs)));
            }
        }
    }
    for (theirs, ours) in [
        ("lmh_flag_encoded", "housing_affordability_code_2018"),
        ("per_ch_zillow_12_18", "market_index_change_2012_2018"),
        ("dp_PChRent", "nearby_rent_rise_code_2018"),
        ("dp_RentGap", "nearby_rent_gap_code_2018"),
        ("dense", "dense_2018"),
        ("total_25_00", "adults_2000"),
        ("total_25_18", "adults_2018"),
        ("tot_units_built_18", "homes_2018"),
    ] {
        columns.push((ours.into(), numbers(table, theirs)));
    }
    let of_sexes = |degree: &str| ["male", "female"].map(|sex| format!("{sex}_25_col_{degree}_00"));
    let education = |degrees: &[&str], year: &str| {
        degrees.iter().map(|d| format!("total_25_col_{d}_{year}")).collect::<Vec<_>>()
    };
    let sums = [
        ("college_graduates_1990", education(&["bd", "gd"], "90")),
        ("adults_1990", education(&["9th", "12th", "hs", "sc", "ad", "bd", "gd"], "90")),
        (
            "college_graduates_2000",
            ["bd", "md", "psd", "phd"].iter().flat_map(|degree| of_sexes(degree)).collect(),
        ),
        ("professional_degrees_2000", of_sexes("psd").to_vec()),
        ("college_graduates_2018", education(&["bd", "md", "pd", "phd"], "18")),
        ("old_homes_2018", ["units_40_49_built_18", "units_39_early_built_18"].map(String::from).to_vec()),
    ];
    columns.extend(sums.map(|(ours, theirs)| (ours.to_owned(), sum(table, &theirs))));
    let ids = table.column("GEOID").unwrap().cast(&DataType::String).unwrap();
    let ids = ids.str().unwrap().iter().map(|id| id.unwrap().to_owned()).collect();
    let mut panel = Panel::from_wide(ids, columns).unwrap();
    // The project's own price ratios, to dollars of 2018.
    panel.prices =
        PriceIndex::from([(1990, 1.0 / 2.08), (2000, 1.0 / 1.53), (2012, 1.0 / 1.11), (2018, 1.0)]);
    panel
}

fn count(answers: &[Option<bool>]) -> usize {
    answers.iter().filter(|answer| **answer == Some(true)).count()
}

#[test]
fn every_tract_has_its_published_class_and_flags() {
    // Tracts, then counts of 1 of nine intermediate flags, then "rapid" thresholds of value and rent, then tracts whose
    // incomes are predominantly low, moderate, high, mixed low, moderate, high, and the median of their incomes.
    let cities = [
        (
            "Seattle",
            718,
            [177, 259, 253, 331, 501, 9, 14, 30, 62],
            [0.384435, 0.199020],
            ([145, 0, 156, 56, 302, 58], 83_908.0),
        ),
        (
            "Cleveland",
            635,
            [235, 244, 270, 444, 468, 33, 16, 47, 21],
            [0.598660, 0.147675],
            ([212, 0, 165, 30, 175, 50], 53_366.0),
        ),
        (
            "Atlanta",
            738,
            [162, 226, 307, 376, 496, 6, 13, 30, 49],
            [0.829483, 0.141546],
            ([201, 0, 181, 56, 240, 55], 65_563.0),
        ),
    ];
    let flags = [
        ("vulnerable_t0", "vul_gent_90"),
        ("vulnerable_t1", "vul_gent_00"),
        ("vulnerable_t2", "vul_gent_18"),
        ("hot_market_t0_t1", "hotmarket_00"),
        ("hot_market_t1_t2", "hotmarket_18"),
        ("gentrified_t0_t1", "gent_90_00"),
        ("gentrified_t1_t2", "gent_00_18"),
        ("gentrified_urban_t0_t1", "gent_90_00_urban"),
        ("gentrified_urban_t1_t2", "gent_00_18_urban"),
    ];
    for (name, tracts, counts, rapid, (classes, income)) in cities {
        let Some(city) = City::read(name) else { return };
        let rule = published("udp_2018_compat").unwrap();
        let found = classify(&city.panel, &[(&rule, YEARS.to_vec())], &Reference::default()).unwrap();
        let codes: Vec<String> = found.codes(0).into_iter().map(|code| code.unwrap().to_owned()).collect();
        assert_eq!((codes.len(), codes), (tracts, city.published()), "{name}");

        let conditions: BTreeMap<&str, Vec<Option<bool>>> = found.conditions(0).into_iter().collect();
        for ((ours, theirs), expected) in flags.iter().zip(counts) {
            assert_eq!(count(&conditions[ours]), expected, "{name} {theirs}");
            let published: Vec<Option<bool>> =
                numbers(&city.table, theirs).iter().map(|flag| flag.map(|flag| flag == 1.0)).collect();
            assert_eq!(conditions[ours], published, "{name} {theirs}");
        }
        let markets = ["market_flat", "market_increase", "market_rapid"].map(|level| &conditions[level]);
        for (row, published) in numbers(&city.table, "change_flag_encoded").into_iter().enumerate() {
            let ours = markets.iter().position(|level| level[row] == Some(true));
            assert_eq!(ours.map(|level| level as f64 + 1.0), published, "{name} {row}");
        }
        let thresholds: BTreeMap<String, Option<f64>> = found.thresholds(0).into_iter().collect();
        let levels = ["low", "moderate", "high"];
        let incomes =
            ["mostly", "mixed"].iter().flat_map(|how| levels.map(|level| format!("{how}_{level}_now")));
        let counted: Vec<usize> = incomes.map(|income| count(&conditions[income.as_str()])).collect();
        assert_eq!(counted, classes, "{name}");
        // Named as it is first written: income at the prices of the last date, which is 2018.
        assert_eq!(thresholds["median(income@2018)"], Some(income), "{name}");
        for (change, expected) in ["value_change@2000:2018", "rent_change@2012:2018"].iter().zip(rapid) {
            let found = thresholds[&format!("median({change}, {change} > 0.05)")].unwrap();
            assert!((found - expected).abs() < 5e-7, "{name} {change}: {found}");
        }
    }
}

#[test]
fn other_definitions_give_the_counts_of_an_independent_computation() {
    // METHODS reference values of the project: 2000 to 2018, codes and zeros counted as numbers, degrees as published.
    for (name, expected) in
        [("Seattle", [142, 98, 43]), ("Cleveland", [71, 6, 11]), ("Atlanta", [155, 89, 44])]
    {
        let Some(mut city) = City::read(name) else { return };
        city.panel
            .insert(
                "college_share",
                commonground::model::Period::year(2000),
                numbers(&city.table, "per_col_00"),
            )
            .unwrap();
        let mut rules = ["ding", "freeman", "governing"].map(|name| published(name).unwrap());
        rules.iter_mut().for_each(|rule| rule.missing = Missing::False);
        let asked: Vec<_> = rules.iter().map(|rule| (rule, vec![2000, 2018])).collect();
        let found = classify(&city.panel, &asked, &Reference::default()).unwrap();
        let flagged =
            |index: usize| found.agreement().iter().filter(|one| one.flagged_by.contains(&index)).count();
        assert_eq!([0, 1, 2].map(flagged), expected, "{name}");
    }
}

#[test]
fn the_strict_form_lists_what_differs_with_the_defect() {
    for (name, differing, by_defect, only_together) in [
        ("Seattle", 19, [9, 2, 1, 8], 0),
        ("Cleveland", 39, [35, 5, 1, 2], 0),
        ("Atlanta", 47, [43, 1, 0, 2], 1),
    ] {
        let Some(city) = City::read(name) else { return };
        let differences = udp_differences(&city.panel, &YEARS, &Reference::default()).unwrap();
        let of = |defect: &str| {
            differences.iter().filter(|one| one.defects.iter().any(|letter| letter == defect)).count()
        };
        let found = ["a, c, h, i", "e", "k", "double class"].map(of);
        let together = differences.iter().filter(|one| one.defects.is_empty()).count();
        println!("{name}: {} differ, by defect {found:?}, {together} by several together", differences.len());
        assert_eq!((differences.len(), found, together), (differing, by_defect, only_together), "{name}");
    }
}

#[test]
fn margins_of_error_say_which_classes_are_not_robust() {
    let Some(mut city) = City::read("Seattle") else { return };
    for (name, year, theirs) in [
        ("median_home_value", 2018, "mhval_18_se"),
        ("median_rent", 2018, "mrent_18_se"),
        ("median_rent", 2012, "mrent_12_se"),
    ] {
        city.panel
            .set_moe(name, commonground::model::Period::year(year), numbers(&city.table, theirs))
            .unwrap();
    }
    let rule = published("udp").unwrap();
    let found = classify(&city.panel, &[(&rule, YEARS.to_vec())], &Reference::default()).unwrap();
    let draws = Draws { count: 500, seed: 3, ..Draws::default() };
    let probabilities = &found.probabilities(draws, &Quiet).unwrap()[0];
    let fragile = (0..718).filter(|row| !probabilities.is_robust(*row)).count();
    println!("{fragile} of 718 are not robust");
    assert!((20..300).contains(&fragile), "{fragile}");
}

/// The study of Washington by tract, with two older censuses that have boundaries of their own.
fn washington() -> Option<StudyArea> {
    let data = common::real_cities()?;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/studies/washington-dc-change.toml");
    Some(read_study(&file, Some(&data), &Quiet).unwrap())
}

#[test]
fn washington_rises_where_people_saw_it_rise() {
    let Some(study) = washington() else { return };
    let [older, newer, last] = study.indicators.as_slice() else { panic!("three dates") };
    // Censuses counted 606,900 and 572,059 people; a few lived where no home is left.
    for (year, counted) in [(older, 606_900.0), (newer, 572_059.0)] {
        let people: f64 = year.column("population").unwrap().iter().flatten().sum();
        assert!(people <= counted + 1e-6 && people > 0.98 * counted, "{} {people}", year.year);
    }
    // Five tracts of 1990 have a median income of 0. Nothing lies below the least that is one.
    let least = |values: &[Option<f64>]| values.iter().flatten().copied().fold(f64::INFINITY, f64::min);
    assert!(least(older.column("median_income").unwrap()) >= 4_999.0);
    assert!(study.findings.iter().any(|one| one.error.message().contains("medians of 0")));

    let text = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/definitions/income_ascent.toml"),
    );
    let rule = [Definition::from_toml(&text.unwrap()).unwrap()];
    let found = change(&study, Some(&rule), Some(&[1990, 2010]), None, &Quiet).unwrap();
    let codes = found.change.classified.codes(0);
    let code = |tract: &str| {
        codes[study.neighbourhoods.iter().position(|place| place.id == format!("110010{tract}")).unwrap()]
    };
    for (tract, expected) in WASHINGTON {
        assert_eq!(code(tract), Some(expected), "{tract}");
    }
    // The order of tracts changes nothing.
    let mut turned = study.clone();
    turned.neighbourhoods.reverse();
    turned
        .indicators
        .iter_mut()
        .flat_map(|year| year.columns.values_mut())
        .for_each(|column| column.values.reverse());
    let again = change(&turned, Some(&rule), Some(&[1990, 2010]), None, &Quiet).unwrap();
    let mut again = again.change.classified.codes(0);
    again.reverse();
    assert_eq!(again, codes);
    assert_eq!(last.year, 2010);
    // What the published definitions lack is said, not guessed.
    let error = change(&study, Some(&[published("ding").unwrap()]), None, None, &Quiet).unwrap_err();
    assert!(error.message().contains("no `median_rent` for 1990"), "{error}");
}

fn program(arguments: &[&str]) -> Output {
    let root = env!("CARGO_MANIFEST_DIR");
    Command::new(env!("CARGO_BIN_EXE_commonground")).current_dir(root).args(arguments).output().unwrap()
}

#[test]
fn the_command_explains_and_writes_whole_files_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (csv, geojson, other) = (file("change.csv"), file("change.geojson"), file("change.docx"));
    let millbrook = ["gentrification", "data/millbrook"];
    let with = |more: &[&str]| program(&[&millbrook[..], more].concat());

    let found = with(&["--method", "ding", "--method", "risk", "--explain", "Brewery", "--out", &csv]);
    let text = String::from_utf8(found.stdout).unwrap();
    assert!(found.status.success());
    for words in [
        "| Brewery | 1 of 1 | 0.8063 | moderate gentrification | dynamic |",
        "## Why Brewery (n11)",
        "Made data",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // The more definitions agree, the earlier, however many apply.
    let all = String::from_utf8(with(&[]).stdout).unwrap();
    let agree: Vec<u32> =
        all.lines().filter_map(|line| line.split(" | ").nth(1)?.split_once(" of ")?.0.parse().ok()).collect();
    assert!(agree.len() > 10 && agree.is_sorted_by(|a, b| a >= b), "{agree:?}");
    let written = std::fs::read_to_string(&csv).unwrap();
    assert!(written.lines().count() == 42 && written.contains("gentrification_ding"));
    assert!(with(&["--out", &geojson]).status.success());
    assert!(std::fs::read_to_string(&geojson).unwrap().contains("gentrification_ncrc"));

    for (arguments, words) in [
        (&["--method", "dign", "--out", &other][..], "no definition is called `dign`"),
        (&["--method", "bates", "--out", &other], "needs 3 dates"),
        (&["--explain", "Nowhere", "--out", &other], "no neighbourhood has the id or name `Nowhere`"),
        (&["--years", "2020", "--out", &other], "one date only, 2020"),
        (&["--years", "2010,2021", "--out", &other], "did you mean 2020?"),
        (&["--out", &other], "change.docx"),
    ] {
        let failed = with(arguments);
        let said = String::from_utf8(failed.stderr).unwrap();
        assert!(failed.status.code() == Some(1) && said.contains(words), "{arguments:?}: {said}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing half written");
}

#[test]
fn margins_in_a_study_say_how_sure_each_class_is() {
    let mut study = read_study(&common::shipped("millbrook"), None, &Quiet).unwrap();
    let last = study.indicators.last_mut().unwrap();
    let column = last.columns.get_mut("median_home_value").unwrap();
    column.moe = Some(column.values.iter().map(|value| value.map(|value| 0.2 * value)).collect());
    let draws = Draws { count: 400, seed: 2, ..Draws::default() };
    let found = change(&study, None, None, Some(draws), &Quiet).unwrap();
    let table = &found.table.features().attributes;
    let row = study.neighbourhoods.iter().position(|place| place.name == "Assembly").unwrap();
    // Its values rise by 17 % while prices rise by 30 %: within the margin it could be otherwise.
    let probability =
        table.column("gentrification_freeman_probability").unwrap().f64().unwrap().get(row).unwrap();
    assert!((0.02..0.4).contains(&probability), "{probability}");
    let said = table.column("gentrification_freeman_probabilities").unwrap().str().unwrap().get(row).unwrap();
    assert!(said.starts_with("not gentrifying ") && said.contains(", gentrifying "), "{said}");
    for column in ["gentrification_freeman_robust", "gentrification_ncrc_robust", "displacement_stage_robust"]
    {
        assert!(table.column(column).unwrap().bool().unwrap().any(), "{column}");
    }
    let without = found.change.definitions();
    assert!(without.iter().all(|one| one.not_robust.is_some()));
}

/// Rows of a census of Millbrook by neighbourhood.
fn census(year: i32) -> BTreeMap<String, BTreeMap<String, f64>> {
    let text =
        std::fs::read_to_string(common::shipped("millbrook").join(format!("census_{year}.csv"))).unwrap();
    let (heading, rows) = text.split_once('\n').unwrap();
    let names: Vec<&str> = heading.split(',').collect();
    let row = |row: &str| {
        let cells: Vec<&str> = row.split(',').collect();
        let numbers = names.iter().zip(&cells).skip(1);
        let known = numbers.filter_map(|(name, cell)| Some(((*name).to_owned(), cell.parse().ok()?)));
        (cells[0].to_owned(), known.collect())
    };
    rows.lines().map(row).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}

/// The normal distribution to 1e-7 (Abramowitz and Stegun 26.2.17).
fn normal(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let weights = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let sum = weights.iter().rev().fold(0.0, |sum, weight| t * (weight + sum));
    let tail = sum * (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt();
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// From the files of a town to the files of its results: margins of error of two indicators say how sure each class is.
///
/// By Freeman's rule, with the medians of the town held, a place that was central, poor and disinvested gentrifies with the
/// probability that its degrees rose by more than the median and its values by more than prices: two normal distributions.
#[test]
fn shipped_margins_go_from_the_files_of_a_study_to_the_probabilities_of_its_results() {
    let folder = tempfile::tempdir().unwrap();
    let study = common::shipped("millbrook");
    let arguments = [Path::new("assess"), &study, Path::new("--out"), folder.path(), Path::new("--quiet")];
    assert!(Command::new(env!("CARGO_BIN_EXE_commonground")).args(arguments).status().unwrap().success());
    let found = read_table(&folder.path().join("neighbourhoods.csv")).unwrap();
    let ids = found.column("id").unwrap().str().unwrap().clone();
    let probabilities = found.column("gentrification_freeman_probability").unwrap().f64().unwrap().clone();
    assert!(found.column("gentrification_freeman_robust").is_ok());

    let (start, end) = (census(2010), census(2020));
    let all = |column: &str| median(start.values().filter_map(|row| row.get(column)).copied().collect());
    let (income, built) = (all("median_income"), all("recently_built_share"));
    let risen = |id: &str| Some(end[id].get("college_share")? - start[id].get("college_share")?);
    let usual = median(start.keys().filter_map(|id| risen(id)).collect());
    let (mut judged, mut unsure) = (0, 0);
    for (row, id) in ids.iter().map(Option::unwrap).enumerate() {
        let (before, after) = (&start[id], &end[id]);
        let is_poor = before.get("median_income").is_some_and(|one| *one < income)
            && before["recently_built_share"] < built;
        let values = [before.get("median_home_value"), after.get("median_home_value")];
        if !(is_poor && before["central_city"] == 1.0 && values.iter().all(Option::is_some)) {
            continue;
        }
        let error = |row: &BTreeMap<String, f64>, column: &str| row[column] / 1.645;
        let by_degrees = (risen(id).unwrap() - usual)
            / error(before, "college_share_moe").hypot(error(after, "college_share_moe"));
        let by_values = (after["median_home_value"] - 1.3 * before["median_home_value"])
            / (1.3 * error(before, "median_home_value_moe")).hypot(error(after, "median_home_value_moe"));
        let expected = normal(by_degrees) * normal(by_values);
        let probability = probabilities.get(row).unwrap();
        // Four standard errors of a thousand draws.
        assert!(
            (probability - expected).abs() < 0.064,
            "{id}: {probability} drawn, {expected} by the normal distribution"
        );
        judged += 1;
        unsure += usize::from((0.01..0.99).contains(&probability));
    }
    assert!(judged >= 4 && unsure >= 1, "{judged} judged, {unsure} unsure");
    let summary = std::fs::read_to_string(folder.path().join("summary.md")).unwrap();
    assert!(!summary.contains("no margins"), "{summary}");
}
