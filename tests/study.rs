//! What a study says about bad input: one test a mistake, on the words that a planner reads.
#![allow(clippy::unwrap_used)]

use commonground::io::study::{check_study, read_study};
use commonground::model::{Findings, Severity, StudyArea, Weight};
use commonground::{ErrorKind, Quiet};
use std::path::Path;
use tempfile::TempDir;

// Two squares of 0.01 degrees side by side near Monaco, a home in each, one street through both.
//
//   43.75 ┌───────┬───────┐
//         │ west  │ east  │
//         │  h1 ──┼── h2  │
//   43.74 └───────┴───────┘
//        7.40    7.41    7.42
const STUDY: &str = r#"
name = "Two squares"
[neighbourhoods]
file = "areas.geojson"
[homes]
file = "homes.csv"
[streets]
file = "streets.geojson"
class = "class"
"#;
const HOMES: &str = "id,lon,lat,residents\nh1,7.405,43.745,10\nh2,7.415,43.745,30\n";
const SCHOOLS: &str = "\n[[services]]\nfile = \"schools.csv\"\ncategory = \"school\"\n";
const CENSUS: &str =
    "\n[[indicators]]\nfile = \"census.csv\"\nyear = 2010\ncolumns = { college_share = \"college\" }\n";

fn square(id: &str, x: f64, y: f64) -> String {
    let (right, top) = (x + 0.01, y + 0.01);
    area(id, &format!("[[[{x},{y}],[{right},{y}],[{right},{top}],[{x},{top}],[{x},{y}]]]"))
}

fn area(id: &str, rings: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"id":"{id}","name":"{id}"}},"geometry":{{"type":"Polygon","coordinates":{rings}}}}}"#
    )
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

/// A study that has nothing wrong, in a folder of its own.
struct Case(TempDir);

impl Case {
    fn new() -> Self {
        let case = Self(tempfile::tempdir().unwrap());
        case.write("study.toml", STUDY);
        case.write("areas.geojson", &collection(&[square("west", 7.40, 43.74), square("east", 7.41, 43.74)]));
        case.write("homes.csv", HOMES);
        let line = r#"{"type":"Feature","properties":{"class":"residential"},"geometry":{"type":"LineString","coordinates":[[7.405,43.745],[7.41,43.745],[7.415,43.745]]}}"#;
        case.write("streets.geojson", &collection(&[line.into()]));
        case
    }

    /// The study with one file written anew.
    fn with(file: &str, content: &str) -> Self {
        let case = Self::new();
        case.write(file, content);
        case
    }

    /// The study with more in its `study.toml`, and a file for it.
    fn and(table: &str, file: &str, content: &str) -> Self {
        let case = Self::with("study.toml", &format!("{STUDY}{table}"));
        case.write(file, content);
        case
    }

    fn write(&self, file: &str, content: &str) {
        std::fs::write(self.path().join(file), content).unwrap();
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn check(&self) -> (Option<StudyArea>, Findings) {
        check_study(self.path(), None, &Quiet).unwrap()
    }

    /// Exactly one finding of a severity has all these words.
    fn finds(&self, severity: Severity, words: &[&str]) {
        let (study, findings) = self.check();
        let texts: Vec<String> = findings.of(severity).map(ToString::to_string).collect();
        let hits = texts.iter().filter(|text| words.iter().all(|word| text.contains(word))).count();
        let all: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(hits, 1, "looked for {words:?} among:\n{}", all.join("\n"));
        assert_eq!(study.is_none(), findings.has_errors());
    }

    fn fails(&self, words: &[&str]) {
        self.finds(Severity::Error, words);
    }

    fn warns(&self, words: &[&str]) {
        self.finds(Severity::Warning, words);
    }
}

#[test]
fn a_study_without_mistakes_is_read() {
    let case = Case::new();
    let study = read_study(case.path(), None, &Quiet).unwrap();
    assert_eq!(study.crs.definition(), "EPSG:32632");
    assert_eq!(study.homes.neighbourhoods, [Some(0), Some(1)]);
    assert_eq!((study.homes.weights.as_slice(), study.homes.weight), (&[10.0, 30.0][..], Weight::Residents));
    assert_eq!(study.streets[0].vertices, [0, 1, 2]);
    assert_eq!(study.findings.of(Severity::Warning).count(), 0, "{:?}", study.findings);
}

#[test]
fn the_path_may_be_the_file_and_the_data_elsewhere() {
    let case = Case::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("squares.toml");
    std::fs::write(&file, STUDY).unwrap();
    assert!(read_study(&file, Some(case.path()), &Quiet).is_ok());
    assert_eq!(read_study(&file, None, &Quiet).unwrap_err().kind(), ErrorKind::Study);
}

#[test]
fn a_missing_study_is_an_error() {
    let error = check_study(Path::new("/no/such/study"), None, &Quiet).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
}

#[test]
fn an_unknown_key_suggests_the_nearest() {
    let case = Case::with("study.toml", &STUDY.replace("class =", "clas ="));
    let error = check_study(case.path(), None, &Quiet).unwrap_err().to_string();
    assert!(error.contains("`clas` is not a key") && error.contains("line 9"), "{error}");
    assert!(error.contains("did you mean `class`?"), "{error}");
}

#[test]
fn all_problems_of_all_layers_come_at_once() {
    let case = Case::and(SCHOOLS, "homes.csv", &HOMES.replace(",10\n", ",-10\n"));
    case.write("areas.geojson", "{}");
    let error = read_study(case.path(), None, &Quiet).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Study);
    let text = error.to_string();
    assert!(text.starts_with("the study has 3 problems:"), "{text}");
    for word in ["layer `neighbourhoods`", "layer `homes`", "layer `services schools.csv`"] {
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[test]
fn a_missing_file_is_named_with_its_neighbour() {
    let case = Case::with("study.toml", &STUDY.replace("homes.csv", "home.csv"));
    case.fails(&["there is no file", "home.csv", "did you mean `homes.csv`?", "layer `homes`"]);
}

#[test]
fn a_file_in_the_wrong_format_is_an_error() {
    Case::with("areas.geojson", "this is no GeoJSON").fails(&["layer `neighbourhoods`", "areas.geojson"]);
}

#[test]
fn a_truncated_extract_is_an_error() {
    let monaco = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/monaco/monaco.osm.pbf");
    let bytes = std::fs::read(monaco).unwrap();
    let case = Case::with("study.toml", &format!("{STUDY}[osm]\nfile = \"cut.osm.pbf\"\n"));
    std::fs::write(case.path().join("cut.osm.pbf"), &bytes[..bytes.len() / 2]).unwrap();
    case.fails(&["cut.osm.pbf` is cut off or damaged", "layer `osm`"]);
}

#[test]
fn a_missing_column_suggests_the_nearest() {
    let case =
        Case::with("study.toml", &STUDY.replace("homes.csv\"", "homes.csv\"\nresidents = \"residnts\""));
    case.fails(&["there is no column `residnts`", "did you mean `residents`?", "layer `homes`"]);
}

#[test]
fn ids_that_repeat_are_listed() {
    let case = Case::with("homes.csv", &HOMES.replace("h2", "h1"));
    case.fails(&["the id is not unique (first in row 1)", "row 2", "id `h1`", "column `id`"]);
}

#[test]
fn indicators_of_unknown_neighbourhoods_are_listed() {
    Case::and(CENSUS, "census.csv", "id,college\nwest,0.2\nmiddle,0.3\n")
        .warns(&["1 ids are unknown among the neighbourhoods: `middle`", "layer `indicators census.csv`"]);
    Case::and(CENSUS, "census.csv", "id,college\nwest,0.2\nmiddle,0.3\n")
        .warns(&["1 neighbourhoods are not in the table: `east`"]);
    Case::and(CENSUS, "census.csv", "id,college\n1,0.2\n2,0.3\n")
        .fails(&["no id is one of a neighbourhood: `1`, `2`", "ids like `west`"]);
}

#[test]
fn counts_that_are_no_numbers_are_listed() {
    Case::with("homes.csv", &HOMES.replace(",10\n", ",ten\n")).fails(&[
        "`residents` is not a number (ten)",
        "row 1",
        "id `h1`",
        "column `residents`",
    ]);
}

#[test]
fn negative_counts_are_listed() {
    let rows: String = (1..=8).map(|row| format!("h{row},7.405,43.745,-{row}\n")).collect();
    let case = Case::with("homes.csv", &format!("id,lon,lat,residents\n{rows}"));
    case.fails(&["`residents` is negative in 8 rows: row 1 `h1` (-1), row 2 `h2` (-2)", "and 3 more"]);
}

#[test]
fn counts_that_are_not_finite_are_listed() {
    for value in ["NaN", "inf"] {
        Case::with("homes.csv", &HOMES.replace(",10\n", &format!(",{value}\n"))).fails(&[
            "`residents` is not finite",
            "row 1",
            "id `h1`",
        ]);
    }
}

#[test]
fn coordinates_that_are_not_finite_are_an_error() {
    Case::with("homes.csv", &HOMES.replace("7.405,", "NaN,")).fails(&["layer `homes`", "id `h1`", "finite"]);
}

#[test]
fn missing_counts_are_said() {
    Case::with("homes.csv", &HOMES.replace(",10\n", ",\n"))
        .warns(&["`residents` is missing and counts as 0", "id `h1`"]);
}

#[test]
fn an_empty_layer_is_an_error() {
    Case::with("areas.geojson", &collection(&[])).fails(&["has no rows", "layer `neighbourhoods`"]);
    Case::with("homes.csv", "id,lon,lat,residents\n").fails(&["no rows", "layer `homes`"]);
}

#[test]
fn a_bow_tie_is_repaired_and_named() {
    let tie = area("west", "[[[7.40,43.74],[7.41,43.75],[7.41,43.74],[7.40,43.75],[7.40,43.74]]]");
    let case = Case::with("areas.geojson", &collection(&[tie, square("east", 7.41, 43.74)]));
    case.warns(&["an invalid polygon was repaired", "self-intersection", "id `west`"]);
}

#[test]
fn a_polygon_that_could_mean_two_areas_is_named() {
    // A loop over itself: the inner square is wound twice.
    let twice = "[[[7.40,43.74],[7.41,43.74],[7.41,43.75],[7.40,43.75],[7.40,43.74],[7.405,43.74],[7.405,43.745],[7.40,43.745],[7.40,43.74]]]";
    let case = Case::with("areas.geojson", &collection(&[area("west", twice), square("east", 7.41, 43.74)]));
    case.fails(&["can be read in more than one way", "id `west`"]);
}

#[test]
fn points_are_no_neighbourhoods() {
    let point = r#"{"type":"Feature","properties":{"id":"west"},"geometry":{"type":"Point","coordinates":[7.4,43.7]}}"#;
    Case::with("areas.geojson", &collection(&[point.into()]))
        .fails(&["the geometry is no polygon", "id `west`"]);
}

#[test]
fn a_layer_in_another_system_is_carried_over() {
    let table = format!("{STUDY}{SCHOOLS}crs = \"EPSG:32632\"\nx = \"e\"\ny = \"n\"\n");
    let case = Case::with("study.toml", &table);
    case.write("schools.csv", "id,e,n\ns1,371553.6,4844869.7\n");
    let study = read_study(case.path(), None, &Quiet).unwrap();
    assert_eq!(study.services[0].location, geo::Point::new(371_553.6, 4_844_869.7));
}

#[test]
fn a_layer_that_names_no_system_is_an_error() {
    let case = Case::and(
        &format!("{SCHOOLS}x = \"e\"\ny = \"n\"\n"),
        "schools.csv",
        "id,e,n\ns1,371553.6,4844869.7\n",
    );
    case.fails(&["names no coordinate system", "give `crs = \"EPSG:...\"`", "schools.csv"]);
}

#[test]
fn degrees_are_assumed_and_said() {
    Case::new().finds(Severity::Note, &["longitude and latitude are assumed", "layer `homes`"]);
}

#[test]
fn a_system_without_metres_is_refused() {
    for crs in ["EPSG:4326", "EPSG:3857"] {
        Case::with("study.toml", &STUDY.replace("[neigh", &format!("crs = \"{crs}\"\n[neigh")))
            .fails(&["cannot carry distances", crs]);
    }
    Case::with("study.toml", &STUDY.replace("[neigh", "crs = \"EPSG:1\"\n[neigh"))
        .fails(&["`EPSG:1` is not a coordinate reference system"]);
}

#[test]
fn swapped_coordinates_are_recognised() {
    let case = Case::with("homes.csv", "id,lon,lat,residents\nh1,43.745,7.405,10\nh2,43.745,7.415,30\n");
    case.fails(&["layer `homes`", "x and y are swapped"]);
}

#[test]
fn a_layer_somewhere_else_is_an_error() {
    let case = Case::with("homes.csv", "id,lon,lat,residents\nh1,2.35,48.85,10\n");
    case.fails(&["the whole layer lies outside the study area", "layer `homes`", "EPSG:4326"]);
}

#[test]
fn a_feature_far_outside_is_a_warning() {
    let case = Case::and(SCHOOLS, "schools.csv", "id,lon,lat\ns1,7.405,43.745\ns2,8.4,43.7\n");
    case.warns(&["10 km outside the study area", "id `s2`"]);
}

#[test]
fn overlapping_neighbourhoods_are_named() {
    let case = Case::with(
        "areas.geojson",
        &collection(&[square("west", 7.40, 43.74), square("east", 7.405, 43.74)]),
    );
    case.warns(&["1 pairs of neighbourhoods overlap: `west and east (", "comes first in the file"]);
}

#[test]
fn homes_outside_all_neighbourhoods_are_counted() {
    let case = Case::with("homes.csv", &format!("{HOMES}h3,7.43,43.745,60\n"));
    case.warns(&["1 of 3 homes (60 of 100 residents) are outside all neighbourhoods: `h3`"]);
}

#[test]
fn a_neighbourhood_without_homes_is_named() {
    Case::with("homes.csv", "id,lon,lat,residents\nh1,7.405,43.745,10\n")
        .warns(&["1 of 2 neighbourhoods have no homes: `east`"]);
}

#[test]
fn zero_population_is_named() {
    Case::with("homes.csv", &HOMES.replace(",30\n", ",0\n"))
        .warns(&["1 of 2 neighbourhoods have homes but no residents: `east`"]);
    Case::with("homes.csv", &HOMES.replace(",30\n", ",0\n").replace(",10\n", ",0\n"))
        .fails(&["the residents of all homes add up to 0"]);
}

#[test]
fn a_share_in_percent_is_recognised() {
    Case::and(CENSUS, "census.csv", "id,college\nwest,20\neast,30\n").fails(&[
        "`college_share` is a share and over 1 in 2 rows",
        "is it in percent?",
        "column `college`",
    ]);
}

#[test]
fn indicators_with_boundaries_of_their_own_are_carried_over() {
    let tract = |id: &str, (left, right): (f64, f64), people: f64, rent: f64| {
        format!(
            r#"{{"type":"Feature","properties":{{"id":"{id}","people":{people},"rent":{rent}}},"geometry":{{"type":"Polygon","coordinates":[[[{left},43.74],[{right},43.74],[{right},43.75],[{left},43.75],[{left},43.74]]]}}}}"#
        )
    };
    let carried = "\n[[indicators]]\nfile = \"tracts.geojson\"\nyear = 1990\nown_boundaries = true\n";
    let columns = format!("{carried}columns = {{ population = \"people\", median_rent = \"rent\" }}\n");
    // One tract over both squares; one at sea, whose rent of 0 is none.
    let tracts = collection(&[tract("old", (7.40, 7.42), 80.0, 900.0), tract("sea", (7.42, 7.43), 5.0, 0.0)]);
    let case = Case::and(&columns, "tracts.geojson", &tracts);
    let study = read_study(case.path(), None, &Quiet).unwrap();
    let of = |column: &str| study.indicators[0].column(column).unwrap().to_vec();
    assert_eq!((of("population"), of("median_rent")), (vec![Some(20.0), Some(60.0)], vec![Some(900.0); 2]));
    case.warns(&["1 of 2 values of `median_rent` are medians of 0"]);
    case.warns(&["1 of 2 old units lie in no new one", "layer `indicators tracts.geojson`"]);

    let far = collection(&[tract("old", (7.43, 7.44), 80.0, 900.0)]);
    Case::and(&columns, "tracts.geojson", &far).fails(&["do not overlap at all"]);
    Case::and(carried, "tracts.geojson", &tracts).fails(&["names no columns", "columns = {"]);
}

#[test]
fn margins_of_boundaries_of_their_own_follow_their_estimates() {
    let tract = |id: &str, (left, right): (f64, f64), people: f64, college: f64| {
        format!(
            r#"{{"type":"Feature","properties":{{"id":"{id}","people":{people},"people_m":40,"college":{college},"college_m":0.1}},"geometry":{{"type":"Polygon","coordinates":[[[{left},43.74],[{right},43.74],[{right},43.75],[{left},43.75],[{left},43.74]]]}}}}"#
        )
    };
    let columns = "\n[[indicators]]\nfile = \"tracts.geojson\"\nyear = 1990\nown_boundaries = true\ncolumns = { population = \"people\", population_moe = \"people_m\", college_share = \"college\", college_share_moe = \"college_m\" }\n";
    // One tract over both squares, of whose 40 residents 10 live in the western and 30 in the eastern one.
    let case = Case::and(columns, "tracts.geojson", &collection(&[tract("old", (7.40, 7.42), 80.0, 0.25)]));
    let study = read_study(case.path(), None, &Quiet).unwrap();
    let of = |column: &str| study.indicators[0].column(column).unwrap().to_vec();
    let margins = |column: &str| study.indicators[0].margins(column).unwrap().to_vec();
    assert_eq!(
        (of("population"), margins("population")),
        (vec![Some(20.0), Some(60.0)], vec![Some(10.0), Some(30.0)])
    );
    // A part of a tract keeps its share, and the whole of its margin.
    assert_eq!((of("college_share"), margins("college_share")), (vec![Some(0.25); 2], vec![Some(0.1); 2]));
}

#[test]
fn a_text_in_a_known_indicator_is_an_error_and_a_misspelt_one_a_warning() {
    let plain = "\n[[indicators]]\nfile = \"census.csv\"\nyear = 2020\n";
    Case::and(plain, "census.csv", "id,median_rent\nwest,n/a\neast,900\n").fails(&[
        "n/a",
        "column `median_rent`",
        "row 1",
    ]);
    // Columns that nobody knows may hold texts.
    let case = Case::and(plain, "census.csv", "id,median_incom,remark\nwest,30000,old\neast,40000,new\n");
    case.warns(&["`median_incom` is no indicator that a score reads", "did you mean `median_income`?"]);
}

#[test]
fn values_that_mean_missing_are_missing() {
    let case =
        Case::and(&format!("{CENSUS}missing = [-999]\n"), "census.csv", "id,college\nwest,-999\neast,0.3\n");
    let study = read_study(case.path(), None, &Quiet).unwrap();
    assert_eq!(study.indicators[0].column("college_share").unwrap(), [None, Some(0.3)]);
    Case::and(CENSUS, "census.csv", "id,college\nwest,-999\neast,0.3\n").fails(&[
        "`college_share` is negative (-999)",
        "id `west`",
        "missing = [-999]",
    ]);
}

#[test]
fn rows_that_count_nothing_and_rows_without_category_are_counted() {
    let table = "\n[[services]]\nfile = \"s.csv\"\ncategory_column = \"kind\"\ncategories = { Elementary = \"school\" }\ncount = \"n\"\n";
    let case = Case::and(
        table,
        "s.csv",
        "id,lon,lat,kind,n\na,7.405,43.745,Elementary,2\nb,7.405,43.745,Elementary,0\nc,7.405,43.745,Spa,1\n",
    );
    case.finds(Severity::Note, &["1 of 3 rows count 0 and are left out"]);
    case.finds(Severity::Note, &["1 rows have no category and are left out: `Spa (1)`"]);
    let study = read_study(case.path(), None, &Quiet).unwrap();
    assert_eq!((study.services.len(), study.services[0].count), (1, 2.0));
}

#[test]
fn jobs_are_read_by_class_and_ways_of_travelling_each_once() {
    let with = |modes: &str| {
        let name = "name = \"Two squares\"\n";
        let jobs = "\n[jobs]\nfile = \"jobs.csv\"\njobs = \"C000\"\nclasses = { low_pay = \"CE01\" }\n";
        let study = STUDY.replace("[streets]", "workers = \"residents\"\n[streets]");
        let case =
            Case::with("study.toml", &(study.replace(name, &format!("{name}modes = {modes}\n")) + jobs));
        case.write("jobs.csv", "id,lon,lat,C000,CE01\nj1,7.405,43.745,20,5\nj2,7.415,43.745,4,6\n");
        case
    };
    let case = with("[{ profile = \"bicycle\", speed_kmh = 12 }, { profile = \"car\" }]");
    case.finds(Severity::Note, &["`CE01` is taken for the LODES column", "$1,250 a month or less"]);
    case.warns(&["class `low_pay` has more jobs than there are at 1 places", "column `CE01`"]);
    let study = read_study(case.path(), None, &Quiet).unwrap();
    assert_eq!(study.homes.workers, Some(vec![10.0, 30.0]));
    assert_eq!(study.workplaces.unwrap().classes[0].jobs, [5.0, 6.0]);
    assert_eq!((study.settings.modes.len(), study.settings.modes[0].speed_kmh), (2, Some(12.0)));
    with("[{ profile = \"car\" }, { profile = \"car\" }]")
        .fails(&["somebody in a car who is there already", "row 2"]);
    with("[{ profile = \"adult\" }]").fails(&["an adult on foot who is there already"]);
    with("[{ profile = \"bicycle\", speed_kmh = 99 }]").fails(&["`speed_kmh` is 99"]);
}

#[test]
fn a_category_that_is_nearly_known_is_questioned() {
    Case::and(&SCHOOLS.replace("\"school\"", "\"schools\""), "schools.csv", "id,lon,lat\ns1,7.405,43.745\n")
        .finds(Severity::Note, &["`schools` is a category of the study's own", "did you mean `school`?"]);
}

#[test]
fn a_filter_that_leaves_nothing_is_an_error() {
    let case = Case::and(
        &format!("{SCHOOLS}where = {{ status = [\"Open\"] }}\n"),
        "schools.csv",
        "id,lon,lat,status\ns1,7.405,43.745,Active\n",
    );
    case.fails(&["`status` is not `Open`", "the values are `Active`"]);
}

#[test]
fn a_joined_table_is_checked() {
    let table =
        "\n[jobs]\nfile = \"schools.csv\"\njobs = \"C000\"\njoin = { file = \"wac.csv\", id = \"block\" }\n";
    let case = Case::and(table, "schools.csv", "id,lon,lat\n011,7.405,43.745\n012,7.415,43.745\n");
    case.write("wac.csv", "block,C000\n11,5\n13,6\n");
    case.finds(Severity::Note, &["1 of 2 rows of the layer are not in the table: counted as 0"]);
    case.warns(&["1 ids of the table are not in the layer: `13`"]);
    case.write("wac.csv", "block,C000\n21,5\n");
    case.fails(&["no row has an id of the layer"]);
    case.write("wac.csv", "block,C000\n11,5\n11,6\n");
    case.fails(&["the id is not unique", "join wac.csv"]);
}

#[test]
fn census_residents_are_spread_over_the_homes_inside() {
    let table = "\n[census]\nfile = \"areas.geojson\"\nresidents = \"people\"\n";
    let census = |id: &str, x: f64, people: i32| {
        square(id, x, 43.74).replace("\"name\"", &format!("\"people\":{people},\"name\""))
    };
    let case = Case::and(table, "homes.csv", &format!("{HOMES}h3,7.414,43.745,10\n"));
    case.write("areas.geojson", &collection(&[census("west", 7.40, 100), census("east", 7.41, 200)]));
    let study = read_study(case.path(), None, &Quiet).unwrap();
    assert_eq!(study.homes.weights, [100.0, 150.0, 50.0]);
    case.write("homes.csv", "id,lon,lat,residents\nh1,7.405,43.745,10\n");
    case.warns(&["1 of 2 census areas hold no home, so 200 of 300 residents are not placed: `east`"]);
}

#[test]
fn zoning_codes_that_no_district_has_are_questioned() {
    let table = "\n[zoning]\nfile = \"areas.geojson\"\ncode = \"name\"\nhomes = [\"west\", \"eest\"]\n";
    let case = Case::with("study.toml", &format!("{STUDY}{table}"));
    case.warns(&["codes in `homes` that no district has: `eest`"]);
    let study = read_study(case.path(), None, &Quiet).unwrap();
    let allowed: Vec<_> = study.zoning.iter().map(|one| (one.allows_homes, one.allows_apartments)).collect();
    assert_eq!(allowed, [(Some(true), None), (Some(false), None)]);
}

#[test]
fn barriers_have_a_kind_that_is_known() {
    let lines = collection(&[r#"{"type":"Feature","properties":{"class":"R1","name":"Line 1"},"geometry":{"type":"LineString","coordinates":[[7.41,43.74],[7.41,43.75]]}}"#.to_owned(),
        r#"{"type":"Feature","properties":{"class":"R9"},"geometry":{"type":"LineString","coordinates":[[7.4,43.74],[7.41,43.75]]}}"#.to_owned()]);
    let with = |keys: &str| {
        Case::and(&format!("\n[[barriers]]\nfile = \"rails.geojson\"\n{keys}\n"), "rails.geojson", &lines)
    };
    with("kind = \"railwy\"").fails(&["`railwy` is no kind of barrier", "did you mean `railway`?"]);
    with("").fails(&["needs `kind` or `kind_column`"]);
    let some = with("kind_column = \"class\"\nkinds = { R1 = \"railway\" }");
    some.finds(Severity::Note, &["1 rows are no barriers and are left out: `R9 (1)`"]);
    let barriers = some.check().0.unwrap().barriers;
    assert_eq!(barriers.iter().map(|one| one.name.as_deref()).collect::<Vec<_>>(), [Some("Line 1")]);
    assert_eq!(with("kind = \"water\"").check().0.unwrap().barriers.len(), 2);
}

#[test]
fn a_study_of_one_extract_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("study.toml");
    std::fs::write(
        &file,
        "name = \"Monaco\"\n[osm]\nfile = \"monaco.osm.pbf\"\nneighbourhoods_admin_level = 10\n",
    )
    .unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/monaco");
    let study = read_study(&file, Some(&root), &Quiet).unwrap();
    assert_eq!((study.neighbourhoods.len(), study.homes.weight), (6, Weight::FloorArea));
    let warnings: Vec<String> = study.findings.of(Severity::Warning).map(ToString::to_string).collect();
    assert!(warnings[0].contains("`Jardin Exotique`"), "{warnings:?}");
    std::fs::write(
        &file,
        "name = \"Monaco\"\n[osm]\nfile = \"monaco.osm.pbf\"\nneighbourhoods_admin_level = 9\n",
    )
    .unwrap();
    let error = read_study(&file, Some(&root), &Quiet).unwrap_err().to_string();
    assert!(error.contains("no whole boundary of admin_level 9") && error.contains("levels: 10"), "{error}");
}

#[test]
fn elevation_that_is_missing_or_none_is_an_error_of_its_layer() {
    let table = "\n[elevation]\nfile = \"heights.tif\"\n";
    let case = Case::with("study.toml", &format!("{STUDY}{table}"));
    case.fails(&["there is no file", "heights.tif", "layer `elevation`"]);
    Case::and(table, "heights.tif", "not a TIFF").fails(&[
        "heights.tif",
        "no whole TIFF",
        "layer `elevation`",
    ]);
}

#[test]
fn benches_help_on_the_way_and_are_no_place_to_go_to() {
    let table = "\n[[services]]\nfile = \"benches.csv\"\ncategory = \"bench\"\n";
    let study =
        Case::and(table, "benches.csv", "id,lon,lat\nb1,7.407,43.745\nb2,7.41,43.745\n").check().0.unwrap();
    assert_eq!((study.seats.len(), study.services.len()), (2, 0));
    assert_eq!(study.findings.of(Severity::Warning).count(), 0, "{:?}", study.findings);
}
