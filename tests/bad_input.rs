//! Hundreds of bad inputs: each is found in time, with the sentence that a planner needs, and never by a panic.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use commonground::io::study::check_study;
use commonground::model::Severity::{self, Error, Note, Warning};
use commonground::{Quiet, assessment};
use std::fs;
use std::path::Path;
use std::time::Instant;

/// A town of two squares and two streets, with every layer that a study can have.
const STUDY: &str = r#"
name = "Two squares"
[neighbourhoods]
file = "areas.geojson"
[homes]
file = "homes.csv"
residents = "residents"
groups = { old = "old" }
[[services]]
file = "services.csv"
category_column = "category"
capacity = "capacity"
[jobs]
file = "jobs.csv"
[[green_space]]
file = "green.geojson"
[streets]
file = "streets.geojson"
class = "class"
speed_limit_kmh = "limit"
[[barriers]]
file = "barriers.geojson"
kind_column = "kind"
[zoning]
file = "zoning.geojson"
[[indicators]]
file = "census.csv"
year = 2010
columns = { college_share = "college", population = "people" }
[prices]
2010 = 100
"#;
const HOMES: &str = "id,lon,lat,residents,old\nh1,7.405,43.745,10,2\nh2,7.415,43.745,30,4\n";
const SERVICES: &str = "id,lon,lat,category,capacity\ns1,7.406,43.745,school,20\ns2,7.414,43.745,clinic,5\n";
const JOBS: &str = "id,lon,lat,jobs\nj1,7.406,43.745,20\nj2,7.414,43.745,4\n";
const CENSUS: &str = "id,college,people\nwest,0.2,10\neast,0.3,30\n";

fn feature(properties: &str, kind: &str, coordinates: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}"#
    )
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

fn square(x: f64) -> String {
    let (right, low, high) = (x + 0.01, 43.74, 43.75);
    format!("[[[{x},{low}],[{right},{low}],[{right},{high}],[{x},{high}],[{x},{low}]]]")
}

fn areas(properties: [&str; 2]) -> String {
    collection(&[
        feature(properties[0], "Polygon", &square(7.40)),
        feature(properties[1], "Polygon", &square(7.41)),
    ])
}

const WAY: &str = "[[7.405,43.745],[7.41,43.745],[7.415,43.745]]";

fn files() -> Vec<(&'static str, Vec<u8>)> {
    let street = |properties: &str| feature(properties, "LineString", WAY);
    vec![
        ("study.toml", STUDY.into()),
        ("areas.geojson", areas([r#""id":"west""#, r#""id":"east""#]).into()),
        ("homes.csv", HOMES.into()),
        ("services.csv", SERVICES.into()),
        ("jobs.csv", JOBS.into()),
        ("census.csv", CENSUS.into()),
        ("green.geojson", collection(&[feature(r#""id":"g""#, "Polygon", &square(7.40))]).into()),
        ("streets.geojson", collection(&[street(r#""class":"residential","limit":30"#)]).into()),
        (
            "barriers.geojson",
            collection(&[feature(
                r#""id":"b","kind":"railway""#,
                "LineString",
                "[[7.41,43.74],[7.41,43.75]]",
            )])
            .into(),
        ),
        ("zoning.geojson", areas([r#""id":"z1","code":"R1""#, r#""id":"z2","code":"R2""#]).into()),
    ]
}

/// What is changed, and what must be said about it.
struct Case {
    file: String,
    content: Option<Vec<u8>>,
    severity: Severity,
    words: Vec<String>,
}

#[derive(Default)]
struct Table(Vec<Case>);

impl Table {
    fn add(&mut self, file: &str, content: impl Into<Vec<u8>>, severity: Severity, words: &[&str]) {
        let words = words.iter().map(ToString::to_string).collect();
        self.0.push(Case { file: file.into(), content: Some(content.into()), severity, words });
    }

    fn study(&mut self, from: &str, to: &str, severity: Severity, words: &[&str]) {
        assert!(STUDY.contains(from), "{from}");
        self.add("study.toml", STUDY.replacen(from, to, 1), severity, words);
    }
}

/// Cells of every counted column that are no counts.
fn counts(table: &mut Table) {
    for (file, content, column, cell) in [
        ("homes.csv", HOMES, "residents", ",10,2\n"),
        ("homes.csv", HOMES, "old", ",2\n"),
        ("services.csv", SERVICES, "capacity", "school,20\n"),
        ("jobs.csv", JOBS, "jobs", ",20\n"),
        ("census.csv", CENSUS, "people", ",10\n"),
    ] {
        let counted = file != "census.csv";
        let number = cell.trim_matches(|letter: char| !letter.is_ascii_digit()).split(',').next().unwrap();
        for (value, words) in [
            ("ten", "is not a number"),
            ("1.000.000", "is not a number"),
            ("\"1,5\"", "is not a number"),
            ("12 people", "is not a number"),
            ("0x10", "is not a number"),
            ("NaN", "is not finite"),
            ("inf", "is not finite"),
            ("-inf", "is not finite"),
            ("1e999", "is not finite"),
            ("-1", "is negative"),
            ("-0.001", "is negative"),
            ("1e308", "too large to be a count"),
            ("1e17", "too large to be a count"),
        ] {
            if !counted && words.contains("count") || column == "capacity" && words.contains("count") {
                continue;
            }
            let changed = content.replacen(cell, &cell.replacen(number, value, 1), 1);
            table.add(file, changed, Error, &[words, "row 1", column]);
        }
    }
    let huge = JOBS.replace(",20\n", ",9e15\n").replace(",4\n", ",9e15\n");
    table.add("jobs.csv", huge, Error, &["the sum of `jobs`", "counted exactly"]);
    table.add(
        "homes.csv",
        HOMES.replace("10,2", "10,11"),
        Error,
        &["larger than all residents", "row 1", "homes"],
    );
    table.add("homes.csv", HOMES.replace(",10,", ",,"), Error, &["larger than all residents", "row 1"]);
    table.add("homes.csv", HOMES.replace("10,2", "0,0").replace("30,4", "0,0"), Error, &["add up to 0"]);
    table.add("census.csv", CENSUS.replace("0.2", "20"), Error, &["is a share and over 1", "percent"]);
    table.add("census.csv", CENSUS.replace("0.2", "-0.2"), Error, &["is negative", "college_share"]);
    table.add(
        "jobs.csv",
        JOBS.replace(",20\n", ",0\n").replace(",4\n", ",0\n"),
        Error,
        &["no row of the layer is left"],
    );
}

/// What can be wrong with any table of text.
fn tables(table: &mut Table) {
    for (file, content, layer) in [
        ("homes.csv", HOMES, "homes"),
        ("services.csv", SERVICES, "services"),
        ("jobs.csv", JOBS, "jobs"),
        ("census.csv", CENSUS, "indicators"),
    ] {
        let (heading, rows) = content.split_once('\n').unwrap();
        let first = rows.lines().next().unwrap();
        let with = |rows: &str| format!("{heading}\n{rows}");
        table.0.push(Case {
            file: file.into(),
            content: None,
            severity: Error,
            words: vec!["there is no file".into(), file.into()],
        });
        table.add(file, "", Error, &["the file is empty", layer]);
        table.add(file, format!("{heading}\n"), Error, &["has no rows", layer]);
        table.add(file, content.replacen("id,", "nr,", 1).replacen(",lon", ",lat0", 1), Error, &[layer]);
        table.add(
            file,
            with(&rows.replacen(first, &format!("{first},extra"), 1)),
            Error,
            &["cells, the heading", "row 1"],
        );
        table.add(file, with(&rows.replacen(first, "x", 1)), Error, &["the row has 1 cells", "row 1"]);
        table.add(
            file,
            with(&rows.replacen(first, &format!("\"{first}"), 1)),
            Error,
            &["quotation mark is never closed", "row 1"],
        );
        table.add(
            file,
            with(&rows.replacen(first, &format!("{first}\0"), 1)),
            Error,
            &["holds a NUL", "row 1"],
        );
        table.add(
            file,
            format!("{heading},id\n{}\n", rows.trim_end().replace('\n', ",x\n") + ",y"),
            Error,
            &["have the same name", "`id`"],
        );
        table.add(
            file,
            format!("{heading}, id\n{}\n", rows.trim_end().replace('\n', ",x\n") + ",y"),
            Error,
            &["have the same name"],
        );
        let mut latin = with(rows).into_bytes();
        latin.extend(b"Malm\xf6,1,2,3,4\n");
        table.add(file, latin, Error, &["not in UTF-8 after `Malm`", "row 3", "CSV UTF-8"]);
        let wide: Vec<u8> = content.encode_utf16().flat_map(u16::to_le_bytes).collect();
        table.add(file, wide, Error, &["UTF-16 without its mark"]);
        table.add(file, "<html><body>404</body></html>", Error, &[layer]);
        table.add(file, [0x1f, 0x8b, 8, 0, 0, 0], Error, &[layer]);
        let second = rows.lines().nth(1).unwrap();
        let id = |row: &str| row.split(',').next().unwrap().to_owned();
        table.add(
            file,
            with(&rows.replacen(&id(second), &id(first), 1)),
            Error,
            &["the id is not unique", "row 2"],
        );
        table.add(file, with(&rows.replacen(&id(second), "", 1)), Error, &["the id is missing", "row 2"]);
    }
    for (file, content) in [("homes.csv", HOMES), ("services.csv", SERVICES), ("jobs.csv", JOBS)] {
        for (value, severity, words) in [
            ("east", Error, "coordinates must be numbers"),
            ("\"7,4\"", Error, "decimal comma"),
            ("NaN", Error, "not a finite number"),
            ("inf", Error, "not a finite number"),
            ("", Warning, "without geometry is left out"),
            ("1e15", Error, "is outside of -180 to 180"),
            ("181", Error, "is outside of -180 to 180"),
            ("-7.4", Warning, "10 km outside"),
            ("100", Warning, "10 km outside"),
        ] {
            let x = if content.contains("7.406") { "7.406" } else { "7.405" };
            table.add(file, content.replacen(x, value, 1), severity, &[words]);
        }
        let swapped: String = content
            .lines()
            .map(|row| {
                let mut cells: Vec<&str> = row.split(',').collect();
                if cells[1] != "lon" {
                    cells.swap(1, 2);
                }
                cells.join(",") + "\n"
            })
            .collect();
        table.add(file, swapped, Error, &["x and y are swapped"]);
        table.add(file, content.replace("7.4", "2.4"), Error, &["whole layer lies outside"]);
        table.add(
            file,
            content.replace(",43.745", ",90.5"),
            Error,
            &["-90 to 90 degrees in 2 rows", "row 1"],
        );
    }
}

/// What can be wrong with any GeoJSON.
fn geometries(table: &mut Table) {
    for (file, layer) in [
        ("areas.geojson", "neighbourhoods"),
        ("green.geojson", "green_space"),
        ("streets.geojson", "streets"),
        ("barriers.geojson", "barriers"),
        ("zoning.geojson", "zoning"),
    ] {
        let (_, whole) = files().into_iter().find(|(name, _)| *name == file).unwrap();
        let text = String::from_utf8(whole.clone()).unwrap();
        let wide = text.replace(
            "\"FeatureCollection\"",
            "\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:1\"}}",
        );
        table.0.push(Case {
            file: file.into(),
            content: None,
            severity: Error,
            words: vec!["there is no file".into(), file.into()],
        });
        table.add(file, "", Error, &["the file is empty", layer]);
        table.add(file, "{}", Error, &[layer, file]);
        table.add(file, "[1, 2]", Error, &[layer, file]);
        table.add(file, "this is no GeoJSON", Error, &[layer, file]);
        table.add(file, &whole[..whole.len() / 2], Error, &[layer, file]);
        table.add(file, [&whole[..], b"x"].concat(), Error, &[layer, file]);
        table.add(file, [b"\xff\xfe", &whole[..]].concat(), Error, &[layer, file]);
        table.add(file, "[".repeat(100_000), Error, &[layer, file]);
        table.add(file, collection(&[]), Error, &["has no rows", layer]);
        table.add(file, wide, Error, &["`EPSG:1` is not a coordinate reference system"]);
        table.add(file, text.replace("7.41,", "1e400,"), Error, &[layer]);
        table.add(file, text.replace("43.7", "\"43.7\"").replacen("\"43.7\"", "\"x\"", 1), Error, &[layer]);
        table.add(
            file,
            collection(&[feature(r#""id":"x""#, "Point", "[7.4]")]),
            Error,
            &["fewer than two numbers", "row 1"],
        );
        table.add(
            file,
            collection(&[feature(r#""id":"x""#, "Point", "[]")]),
            Error,
            &["no row has a geometry", layer],
        );
        table.add(
            file,
            collection(&[feature(r#""id":"x""#, "LineString", "[[7.4],[7.5]]")]),
            Error,
            &["fewer than two numbers", "row 1"],
        );
        table.add(
            file,
            collection(&[feature(
                r#""id":"x""#,
                "Polygon",
                "[[[7.40,43.74],[7.41,43.74],[7.41,43.75],[7.40,43.75]]]",
            )]),
            Error,
            &["a ring is not closed", "row 1"],
        );
        table.add(
            file,
            collection(&[feature(r#""id":"x""#, "Polygon", "[]")]),
            Error,
            &["no row has a geometry", layer],
        );
        table.add(file, collection(&[feature(r#""id":"x""#, "Circle", "[7.4,43.7]")]), Error, &[layer]);
        table.add(
            file,
            collection(&[r#"{"type":"Feature","properties":{"id":"x"},"geometry":null}"#.into()]),
            Error,
            &["no row has a geometry", layer],
        );
    }
    for (file, layer) in
        [("areas.geojson", "neighbourhoods"), ("green.geojson", "green_space"), ("zoning.geojson", "zoning")]
    {
        let one = |kind: &str, coordinates: &str| {
            collection(&[feature(r#""id":"west","code":"R1""#, kind, coordinates)])
        };
        table.add(file, one("Point", "[7.405,43.745]"), Error, &["the geometry is no polygon", layer]);
        table.add(file, one("LineString", WAY), Error, &["the geometry is no polygon", layer]);
        table.add(
            file,
            one("Polygon", "[[[7.40,43.74],[7.41,43.74],[7.405,43.74],[7.40,43.74]]]"),
            Error,
            &["can be read in more than one way", layer],
        );
        table.add(
            file,
            one("Polygon", "[[[7.40,43.74],[7.41,43.75],[7.41,43.74],[7.40,43.75],[7.40,43.74]]]"),
            Warning,
            &["an invalid polygon was repaired", layer],
        );
        let twice = "[[[7.40,43.74],[7.41,43.74],[7.41,43.75],[7.40,43.75],[7.40,43.74],[7.405,43.74],[7.405,43.745],[7.40,43.745],[7.40,43.74]]]";
        table.add(file, one("Polygon", twice), Error, &["can be read in more than one way", layer]);
    }
    let area = |coordinates: &str| collection(&[feature(r#""id":"west""#, "Polygon", coordinates)]);
    table.add(
        "areas.geojson",
        area("[[[-179,43],[179,43],[179,44],[-179,44],[-179,43]]]"),
        Error,
        &["around the globe", "id `west`"],
    );
    table.add(
        "areas.geojson",
        area("[[[7,88],[8,88],[8,89],[7,89],[7,88]]]"),
        Error,
        &["lies at a pole", "id `west`"],
    );
    table.add(
        "areas.geojson",
        area("[[[371553,4844869],[371653,4844869],[371653,4844969],[371553,4844869]]]"),
        Error,
        &["are no degrees", "EPSG"],
    );
    table.add(
        "areas.geojson",
        area("[[[43.74,97.40],[43.75,97.40],[43.75,97.41],[43.74,97.40]]]"),
        Error,
        &["seem to be swapped"],
    );
    let same = areas([r#""id":"west""#, r#""id":"west""#]);
    table.add("areas.geojson", same, Error, &["the id is not unique", "id `west`"]);
    let street = |properties: &str, coordinates: &str| {
        let good = feature(r#""class":"residential","limit":30"#, "LineString", WAY);
        collection(&[good, feature(properties, "LineString", coordinates)])
    };
    for (limit, words) in [
        ("1e9", "no speed limit"),
        ("1e308", "no speed limit"),
        ("-30", "is negative"),
        ("\"fast\"", "is not a number"),
        ("201", "no speed limit"),
    ] {
        table.add(
            "streets.geojson",
            street(&format!(r#""class":"residential","limit":{limit}"#), WAY),
            Error,
            &[words, "row 2", "`limit`"],
        );
    }
    table.add(
        "streets.geojson",
        street(r#""class":"residential""#, "[[7.405,43.745],[7.405,43.745]]"),
        Warning,
        &["a single point is left out", "row 2"],
    );
    table.add(
        "streets.geojson",
        street(r#""class":"residential""#, "[[7.405,43.745]]"),
        Warning,
        &["a single point is left out", "row 2"],
    );
    table.add(
        "streets.geojson",
        street(r#""class":"residential""#, "[[7.405,43.745],[17,43.745]]"),
        Error,
        &["farther than any street", "row 2"],
    );
    table.add(
        "streets.geojson",
        street(r#""class":"residental""#, WAY),
        Note,
        &["a class without meaning", "residental"],
    );
    table.add(
        "streets.geojson",
        collection(&[feature(r#""class":"motorway","limit":30"#, "LineString", WAY)]),
        Error,
        &["street"],
    );
    table.add(
        "streets.geojson",
        collection(&[feature(r#""class":"residential","limit":30"#, "Point", "[7.4,43.7]")]),
        Error,
        &["rows are no lines"],
    );
    table.add(
        "barriers.geojson",
        collection(&[feature(r#""id":"b","kind":"railwy""#, "LineString", WAY)]),
        Error,
        &["no row of the layer is left", "barriers"],
    );
}

/// What can be wrong with `study.toml`.
fn keys(table: &mut Table) {
    table.study(
        "groups = { old =",
        "groups = { everybody =",
        Error,
        &["a group cannot be called `everybody`", "homes", "old"],
    );
    let top = "name = \"Two squares\"\n";
    for (key, words) in [
        ("walking_speed_kmh = 1e9", "`walking_speed_kmh` is 1000000000"),
        ("walking_speed_kmh = 0", "`walking_speed_kmh` is 0"),
        ("walking_speed_kmh = -4", "`walking_speed_kmh` is -4"),
        ("walking_speed_kmh = nan", "`walking_speed_kmh` is NaN"),
        ("max_snap_distance_m = 1e308", "`max_snap_distance_m` is 1"),
        ("max_snap_distance_m = inf", "`max_snap_distance_m` is inf"),
        ("max_snap_distance_m = 0", "`max_snap_distance_m` is 0"),
        ("jobs_standard = 1e300", "`jobs_standard` is 1"),
        ("jobs_standard = -1", "`jobs_standard` is -1"),
        ("travel = { speed_kmh = 1e9 }", "`speed_kmh` is 1000000000"),
        ("travel = { max_slope_percent = -1 }", "`max_slope_percent` is -1"),
        ("travel = { speeds = { residental = 20 } }", "is not a class of street"),
        ("travel = { speeds = { residential = 1e9 } }", "`speeds.residential` is 1000000000"),
        ("travel = { compare = [\"adult\"] }", "compared with the same person"),
        ("modes = [{ profile = \"car\" }, { profile = \"car\" }]", "who is there already"),
        ("modes = [{ profile = \"adult\" }]", "who is there already"),
        ("crs = \"EPSG:4326\"", "cannot carry distances"),
        ("crs = \"EPSG:3857\"", "cannot carry distances"),
        ("crs = \"EPSG:2230\"", "cannot carry distances"),
        ("crs = \"EPSG:99999999\"", "is not a coordinate reference system"),
        ("crs = \"Mars\"", "is not a coordinate reference system"),
        ("crs = \"\"", "is not a coordinate reference system"),
        ("crs = \"us_noaa_conus.tif\"", "is not a coordinate reference system"),
        ("crs = \"urn:ogc:def:coordinateOperation:EPSG::1671\"", "is not a coordinate reference system"),
        ("crs = \"+proj=hgridshift +grids=us_noaa_conus.tif\"", "is not a coordinate reference system"),
    ] {
        table.study(top, &format!("{top}{key}\n"), Error, &[words]);
    }
    table.study(
        top,
        &format!("{top}walking_speed_kmh = 4\ntravel = {{ speed_kmh = 5 }}\n"),
        Warning,
        &["`walking_speed_kmh` has no effect"],
    );
    table.study(top, "name = \"\"\n", Error, &["`name` is empty"]);
    table.study(top, "name = \"  \"\n", Error, &["`name` is empty"]);
    table.study(top, "", Error, &["name"]);
    for (from, to, words) in [
        ("residents = \"residents\"", "residents = \"residnts\"", "did you mean `residents`?"),
        ("old = \"old\"", "old = \"oldd\"", "did you mean `old`?"),
        ("capacity = \"capacity\"", "capacity = \"seats\"", "there is no column `seats`"),
        ("class = \"class\"", "class = \"clas\"", "did you mean `class`?"),
        ("\"limit\"", "\"limits\"", "did you mean `limit`?"),
        ("kind_column = \"kind\"", "kind_column = \"kid\"", "did you mean `kind`?"),
        ("kind_column = \"kind\"", "kind = \"railwy\"", "did you mean `railway`?"),
        ("kind_column = \"kind\"", "", "needs `kind` or `kind_column`"),
        ("category_column = \"category\"", "", "needs `category` or `category_column`"),
        ("category_column = \"category\"", "category = \"jobs\"", "`jobs` is no category of services"),
        ("category_column = \"category\"", "category = \"work\"", "`work` is no category of services"),
        (
            "category_column = \"category\"",
            "category_column = \"category\"\ncategories = {}",
            "no row of the layer is left",
        ),
        ("\"college\"", "\"colege\"", "did you mean `college`?"),
        ("file = \"homes.csv\"", "file = \"home.csv\"", "did you mean `homes.csv`?"),
        ("file = \"homes.csv\"", "file = \"homes.xyz\"", "there is no file"),
        ("file = \"homes.csv\"", "file = \"homes.csv\"\nlayer = \"one\"", "leave `layer` out"),
        ("file = \"homes.csv\"", "file = \"homes.csv\"\nid = \"nr\"", "there is no column `nr`"),
        ("file = \"homes.csv\"", "file = \"homes.csv\"\nx = \"east\"", "there is no column `east`"),
        ("file = \"homes.csv\"", "file = \"homes.csv\"\nh3 = \"id\"", "is not an H3 cell"),
        ("file = \"homes.csv\"", "file = \"homes.csv\"\nwhere = { id = [\"x\"] }", "no row is left"),
        ("file = \"homes.csv\"", "file = \"homes.csv\"\njoin = { file = \"none.csv\" }", "there is no file"),
        (
            "file = \"homes.csv\"",
            "file = \"homes.csv\"\njoin = { file = \"census.csv\" }",
            "no row has an id of the layer",
        ),
        ("file = \"areas.geojson\"", "file = \"areas.geojson\"\ncrs = \"EPSG:32632\"", "leave `crs` out"),
        ("file = \"homes.csv\"", "file = \"study.toml\"", "in no format that is known here"),
        (
            "class = \"class\"",
            "class = \"class\"\nclasses = { residential = \"residental\" }",
            "did you mean `residential`?",
        ),
        ("class = \"class\"", "class = \"class\"\nspeed_limit_mph = \"limit\"", "both in km/h and in miles"),
        ("2010 = 100\n", "2010 = 0\n", "2010"),
        ("2010 = 100\n", "2010 = -1\n", "2010"),
        ("2010 = 100\n", "base = 100\n", "base"),
        ("[zoning]", "[elevation]\nfile = \"heights.tif\"\n[zoning]", "there is no file"),
        ("[zoning]", "[elevation]\nfile = \"homes.csv\"\n[zoning]", "no whole TIFF"),
        ("[zoning]", "[osm]\nfile = \"homes.csv\"\n[zoning]", "is not an OpenStreetMap PBF file"),
        ("[zoning]", "[osm]\nfile = \"none.pbf\"\n[zoning]", "there is no file"),
    ] {
        table.study(from, to, Error, &[words]);
    }
    table.study(
        "2010 = 100\n",
        "2001 = 100\n",
        Warning,
        &["there is no price for 2010", "prices", "the nearest year of `[prices]` is 2001"],
    );
    let margins = "columns = { college_share = \"college\", population = \"people\" }";
    table.study(
        margins,
        "columns = { college_share = \"college\", renter_share_moe = \"people\" }",
        Warning,
        &["`renter_share_moe` is a margin of error without its estimate in 2010", "`renter_share` too"],
    );
    table.add(
        "census.csv",
        "id,college,people,college_share_moe\nwest,0.2,10,0.1\neast,0.3,30,-0.1\n",
        Error,
        &["`college_share_moe` is negative", "row 2", "east"],
    );
    for word in ["hospital", "doctors", "clinics"] {
        table.study(
            "category_column = \"category\"",
            &format!("category = \"{word}\""),
            Note,
            &["did you mean `clinic`?"],
        );
    }
    // What serde and TOML refuse is an error of the file as a whole, with its line.
    for (from, to, words) in [
        ("file = \"homes.csv\"", "fil = \"homes.csv\"", "`fil` is not a key"),
        ("residents = \"residents\"", "residnts = \"residents\"", "did you mean `residents`?"),
        ("[jobs]", "[job]", "did you mean `jobs`?"),
        ("[neighbourhoods]", "[neighborhoods]", "did you mean `neighbourhoods`?"),
        ("year = 2010", "year = \"old\"", "line"),
        ("year = 2010", "year = 2010.5", "line"),
        ("year = 2010", "", "year"),
        ("[[services]]", "[services]", "services"),
        ("[jobs]", "[[jobs]]", "jobs"),
        ("[jobs]", "[jobs", "line"),
        ("file = \"jobs.csv\"", "file = \"C:\\data\\jobs.csv\"", "line"),
        ("file = \"jobs.csv\"", "file = jobs.csv", "line"),
        ("file = \"jobs.csv\"", "file = \"jobs.csv", "line"),
        ("file = \"jobs.csv\"", "file = 7", "line"),
        ("file = \"jobs.csv\"", "file = \"jobs.csv\"\nfile = \"jobs.csv\"", "line"),
        ("2010 = 100\n", "2010 = \"hundred\"\n", "line"),
        ("groups = { old = \"old\" }", "groups = [\"old\"]", "line"),
    ] {
        table.study(from, to, Error, &[words, "study.toml"]);
    }
}

/// The sentences of a case, each with its severity.
fn sentences(study: &Path) -> Vec<(Severity, String)> {
    match check_study(study, None, &Quiet) {
        Err(error) => vec![(Error, error.to_string())],
        Ok((area, findings)) => {
            let more = area.map(|area| assessment::check(&area, &Quiet).unwrap());
            findings
                .iter()
                .chain(more.iter().flat_map(|more| more.iter()))
                .map(|finding| (finding.severity, finding.error.to_string()))
                .collect()
        }
    }
}

#[test]
fn every_bad_input_is_named_in_time() {
    const LONGEST_S: f64 = 20.0;
    const LONGEST_SENTENCE: usize = 1_500;
    let mut table = Table::default();
    [counts, tables, geometries, keys].iter().for_each(|add| add(&mut table));
    assert!(table.0.len() >= 300, "{} cases", table.0.len());
    let folder = tempfile::tempdir().unwrap();
    let good = files();
    let write = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).unwrap();
    good.iter().for_each(|(name, content)| write(name, content));
    let silent = sentences(folder.path());
    assert!(silent.iter().all(|(severity, _)| *severity == Note), "the town is good: {silent:?}");
    let mut failures = Vec::new();
    for Case { file, content, severity, words } in &table.0 {
        match content {
            Some(content) => write(file, content),
            None => fs::remove_file(folder.path().join(file)).unwrap(),
        }
        let begin = Instant::now();
        let said = sentences(folder.path());
        let is_named = said.iter().any(|(found, sentence)| {
            found == severity && words.iter().all(|word| sentence.contains(word.as_str()))
        });
        let is_flood = said.iter().any(|(_, sentence)| sentence.len() > LONGEST_SENTENCE);
        if !is_named || is_flood || begin.elapsed().as_secs_f64() > LONGEST_S {
            let start = content.as_ref().map_or("(no file)".into(), |content| {
                String::from_utf8_lossy(&content[..content.len().min(300)]).into_owned()
            });
            let said: Vec<String> = said
                .iter()
                .filter(|(kind, _)| *kind != Note)
                .map(|(_, text)| text.chars().take(400).collect())
                .collect();
            failures.push(format!("== {file}: {severity:?} {words:?}\n{start}\n-> {}", said.join("\n   ")));
        }
        let (_, content) = good.iter().find(|(name, _)| name == file).unwrap();
        write(file, content);
    }
    println!("{} bad inputs", table.0.len());
    assert!(failures.is_empty(), "{} of {} cases:\n{}", failures.len(), table.0.len(), failures.join("\n"));
}
