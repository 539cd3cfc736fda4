//! Every format in and out, on real files and on broken ones.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use commonground::io::{ReadOptions, read_features, read_table, write_features};
use commonground::{ErrorKind, FeatureTable};
use geo::{BoundingRect, CoordsIter};
use polars::prelude::{Column, DataFrame, NamedFrom, Series};
use std::path::Path;

/// File, rows, attribute columns, vertices, smallest x, largest y, code: as GeoPandas 1.1 with GDAL reads them.
type Expected = (&'static str, usize, usize, usize, f64, f64, Option<&'static str>);
const AS_GEOPANDAS: [Expected; 12] = [
    (
        "washington-dc/zones/tabblock20/tl_2021_11_tabblock20.shp",
        6012,
        15,
        213_340,
        -77.119_759,
        38.995_845,
        None,
    ),
    ("washington-dc/network/tl_2018_11001_roads.zip", 4401, 4, 101_765, -77.116_749, 38.995_251, None),
    (
        "washington-dc/zones/census-block-groups-2010.geojson",
        450,
        54,
        57_603,
        -77.119_761,
        38.995_81,
        Some("EPSG:4326"),
    ),
    ("washington-dc/poi/national-parks.geojson", 457, 18, 61_728, -77.119_314, 38.995_531, Some("EPSG:4326")),
    ("washington-dc/poi/places-of-worship.geojson", 900, 9, 900, -77.105_871, 38.987_735, Some("EPSG:4326")),
    ("northern-kentucky/block-groups/block-groups.shp", 3114, 7, 33_417, -84.647_528, 39.125_37, None),
    (
        "salt-lake-city/original.parquet",
        50_917,
        4,
        101_834,
        412_590.073_424,
        4_518_336.925_005,
        // UTM zone 12N in full, without a code.
        None,
    ),
    (
        "salt-lake-city/simplified.parquet",
        11_061,
        5,
        51_119,
        412_590.073_424,
        4_518_336.925_005,
        // UTM zone 12N in full, without a code.
        None,
    ),
    ("gothenburg/large-network.geojson.gz", 20_227, 174, 137_735, 11.859_572, 57.761_974, Some("EPSG:4326")),
    ("bay-area-taz/taz1454.geojson.gz", 1454, 4, 143_141, -123.533_67, 38.864_245, Some("EPSG:4326")),
    ("columbus-oh/libpysal-columbus-1980/columbus.shp", 49, 20, 1196, 5.874_907, 14.742_45, None),
    ("udp-tract-panels/Seattle/cb_2018_53_tract_500k.shp", 1454, 9, 109_633, -124.763_068, 49.002_494, None),
];

#[test]
fn real_files_are_read_as_geopandas_reads_them() {
    let Some(data) = common::real_cities() else { return };
    for (file, rows, columns, vertices, west, north, code) in AS_GEOPANDAS {
        let features = read_features(&data.join(file), &ReadOptions::default()).unwrap();
        // GeoPandas gives a feature id of GeoJSON no column; we do when no property has that name.
        let own = features
            .attributes
            .columns()
            .iter()
            .filter(|column| column.name() != "id" || !file.contains("geojson"));
        let read: usize = features.geometries.iter().flatten().map(CoordsIter::coords_count).sum();
        assert_eq!((features.len(), read), (rows, vertices), "{file}");
        assert!(
            (own.count() as i64 - columns as i64).abs() <= 1,
            "{file}: {} columns",
            features.attributes.width()
        );
        let boxes: Vec<_> =
            features.geometries.iter().flatten().filter_map(BoundingRect::bounding_rect).collect();
        let found = (
            boxes.iter().map(|b| b.min().x).fold(f64::INFINITY, f64::min),
            boxes.iter().map(|b| b.max().y).fold(f64::NEG_INFINITY, f64::max),
        );
        assert!((found.0 - west).abs() < 1e-6 && (found.1 - north).abs() < 1e-6, "{file}: {found:?}");
        if let Some(code) = code {
            assert_eq!(features.crs.unwrap().definition(), code, "{file}");
        }
    }
}

#[test]
fn real_tables_have_all_their_rows_and_columns() {
    let Some(data) = common::real_cities() else { return };
    for (file, shape) in [
        ("washington-dc/jobs/DC_2021_wac.csv.gz", (3860, 53)),
        ("bay-area-taz/land_use_1454.csv", (1454, 25)),
        ("porto-alegre/poa_hexgrid.csv", (1227, 7)),
        ("udp-tract-panels/Seattle_database_2018.csv.gz", (718, 280)),
    ] {
        assert_eq!(read_table(&data.join(file)).unwrap().shape(), shape, "{file}");
    }
}

#[test]
fn a_geopackage_with_several_layers_asks_which() {
    let Some(data) = common::real_cities() else { return };
    let overlays = data.join("zoning/minneapolis/Zoning_Overlays.gpkg");
    let read = |layer: Option<&str>| {
        read_features(&overlays, &ReadOptions { layer: layer.map(str::to_owned), ..ReadOptions::default() })
    };
    let features = read(Some("Shoreland")).unwrap();
    assert!(!features.is_empty() && features.geometries.iter().all(Option::is_some));
    let unsaid = read(None).unwrap_err();
    assert!(unsaid.message().contains("15 layers") && unsaid.to_string().contains("`Shoreland`"), "{unsaid}");
    assert_eq!(read(Some("nothing")).unwrap_err().kind(), ErrorKind::Format);
}

/// Three squares, one without a shape, with a column of each kind.
fn squares() -> FeatureTable {
    let square = |x: f64| {
        let corners = [(x, 0.0), (x + 1.0, 0.0), (x + 1.0, 1.0), (x, 1.0), (x, 0.0)];
        geo::Geometry::from(geo::Polygon::new(corners.to_vec().into(), vec![]))
    };
    let columns: Vec<Column> = vec![
        Series::new("id".into(), vec!["a", "b", "<c>"]).into(),
        Series::new("share".into(), vec![Some(0.1), None, Some(f64::NAN)]).into(),
        Series::new("homes".into(), vec![1_u32, 2, 3]).into(),
        Series::new("flag".into(), vec![Some(true), None, Some(false)]).into(),
    ];
    let attributes = DataFrame::new_infer_height(columns).unwrap();
    let shapes = vec![Some(square(7.0)), None, Some(square(9.0))];
    FeatureTable::new(shapes, attributes, Some(commonground::Crs::wgs84())).unwrap()
}

#[test]
fn what_is_written_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["t.geojson", "t.parquet", "t.gpkg"] {
        let path = folder.path().join(name);
        write_features(&path, &squares()).unwrap();
        let read = read_features(&path, &ReadOptions::default()).unwrap();
        assert_eq!(read.geometries, squares().geometries, "{name}");
        let ids: Vec<_> = read.attributes.column("id").unwrap().str().unwrap().iter().flatten().collect();
        assert_eq!(ids, ["a", "b", "<c>"], "{name}");
        assert_eq!(read.attributes.column("share").unwrap().f64().unwrap().get(0), Some(0.1), "{name}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "nothing else is left behind");
    let unknown = write_features(&folder.path().join("t.xyz"), &squares()).unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Format);
}

#[test]
fn every_type_of_parquet_is_read_or_passed_over_with_a_word() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let table = read_features(&folder.join("types.parquet"), &ReadOptions::default()).unwrap();
    for name in
        ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64"]
    {
        let column = table.attributes.column(name).unwrap();
        assert_eq!(column.get(0).unwrap().extract::<f64>(), Some(7.0), "{name}");
        assert!(column.get(1).unwrap().is_null(), "{name}");
    }
    for (name, text) in [
        ("date", "2024-02-29"),
        ("time", "12:30:15"),
        ("moment", "2024-02-29T12:30:15"),
        ("fine_moment", "2024-02-29T12:30:15"),
        ("category", "x"),
    ] {
        assert_eq!(table.attributes.column(name).unwrap().str().unwrap().get(0), Some(text), "{name}");
    }
    assert_eq!(table.attributes.column("decimal").unwrap().f64().unwrap().get(0), Some(12.34));
    let words: Vec<String> = table.findings.iter().map(|finding| finding.error.to_string()).collect();
    assert_eq!(words, ["columns of lists, structures or maps are passed over: struct, list, map, null"]);
    let covered = read_features(&folder.join("covered.parquet"), &ReadOptions::default()).unwrap();
    assert_eq!((covered.len(), covered.attributes.width()), (2, 1));
    assert!(covered.geometries.iter().all(Option::is_some));
}

#[test]
fn a_view_without_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.gpkg");
    let with = |view: &str| {
        write_features(&path, &squares()).unwrap();
        let database = rusqlite::Connection::open(&path).unwrap();
        database.execute_batch(&format!("DROP TABLE t; {view}")).unwrap();
        drop(database);
        read_features(&path, &ReadOptions::default()).unwrap_err()
    };
    let numbers = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)";
    for select in ["SELECT x AS fid, NULL AS geom FROM c", "SELECT count(*) AS fid, NULL AS geom FROM c"] {
        let error = with(&format!("CREATE VIEW t AS {numbers} {select}"));
        assert!(error.to_string().contains("view without end"), "{error}");
    }
}

#[test]
fn broken_files_give_errors_and_never_panics() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["t.geojson", "t.parquet", "t.gpkg", "t.csv"] {
        let path = folder.path().join(name);
        write_features(&path, &squares()).unwrap();
        let whole = std::fs::read(&path).unwrap();
        let read_broken = |bytes: &[u8], must_fail: bool| {
            let broken = folder.path().join(format!("broken-{name}"));
            std::fs::write(&broken, bytes).unwrap();
            let result = read_features(&broken, &ReadOptions::default());
            assert!(!must_fail || result.is_err(), "{name}: {} of {} bytes", bytes.len(), whole.len());
        };
        for part in 1..8 {
            // A table of text is still a table when it is cut.
            read_broken(&whole[..whole.len() * part / 8], name != "t.csv" && name != "t.gpkg");
        }
        read_broken(&[], true);
        for position in (0..whole.len()).step_by(whole.len() / 200 + 1) {
            let mut flipped = whole.clone();
            flipped[position] ^= 0x5A;
            read_broken(&flipped, false);
        }
    }
}

#[test]
fn errors_say_which_file_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let read = |path: &Path| read_features(path, &ReadOptions::default()).unwrap_err();
    std::fs::write(at("neighbourhoods.geojson"), r#"{"type": "FeatureCollection", "features": []}"#).unwrap();
    let missing = read(&at("neighborhoods.geojson"));
    assert_eq!(missing.kind(), ErrorKind::Io);
    assert!(missing.to_string().contains("did you mean `neighbourhoods.geojson`?"), "{missing}");
    assert_eq!(read(&at("streets.docx")).kind(), ErrorKind::Format);
    std::fs::write(at("lonely.shp"), [0; 200]).unwrap();
    assert!(read(&at("lonely.shp")).to_string().contains("no .dbf"));
    std::fs::write(at("points.csv"), "id,lon,lat\n1,7.4,43.7\n2,east,43.8\n").unwrap();
    assert_eq!(read(&at("points.csv")).kind(), ErrorKind::Column);
    std::fs::write(at("cells.csv"), "cell\n89a901291abffff\nnot a cell\n").unwrap();
    let options = ReadOptions { h3: Some("cell".into()), ..ReadOptions::default() };
    let bad_cell = read_features(&at("cells.csv"), &options).unwrap_err();
    assert_eq!((bad_cell.kind(), bad_cell.position().row), (ErrorKind::Geometry, Some(2)));
    let metric = Some(commonground::Crs::new("EPSG:32632").unwrap());
    let options = ReadOptions { crs: metric, ..ReadOptions::default() };
    let clash = read_features(&at("neighbourhoods.geojson"), &options).unwrap_err();
    assert_eq!(clash.kind(), ErrorKind::Crs);
}

/// A shapefile as others write it, and what is wrong once its bytes are changed.
#[test]
fn a_damaged_shapefile_says_which_part_contradicts_which() {
    let packed = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/shapefile/polygons");
    let packed = std::fs::read(packed).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    std::fs::write(&path, &packed).unwrap();
    assert_eq!(read_features(&path, &ReadOptions::default()).unwrap().len(), 2);
    // The archive stores its parts as they are, each under its name: the table is found by the first bytes of its heading.
    let at = |name: &[u8]| packed.windows(name.len()).position(|part| part == name).unwrap() + name.len();
    let (table, encoding) = (at(b"a.dbf"), at(b"a.cpg"));
    for (from, bytes, words) in [
        (table + 10, &[0_u8, 0][..], "rows have 0 bytes each"),
        (table + 4, &[1, 0, 0, 0], "2 shapes in .shp but 1 rows in .dbf"),
        (table + 4, &[99, 0, 0, 0], "the .dbf file ends after row 2 of 99"),
        (encoding, b"KLING", "unknown encoding, `KLING"),
    ] {
        let mut parts = zip_parts(&packed);
        let (name, start) =
            if from >= table && from < table + 64 { ("a.dbf", table) } else { ("a.cpg", encoding) };
        let part = parts.iter_mut().find(|(one, _)| one == name).unwrap();
        part.1[from - start..from - start + bytes.len()].copy_from_slice(bytes);
        for (name, bytes) in &parts {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let error = read_features(&folder.path().join("a.shp"), &ReadOptions::default()).unwrap_err();
        assert!(error.to_string().contains(words) && error.hint_text().is_some(), "{error}");
    }
}

/// The stored files of an archive: local headings, each with its sizes, name and bytes.
fn zip_parts(packed: &[u8]) -> Vec<(String, Vec<u8>)> {
    let number = |at: usize, count: usize| {
        packed[at..at + count].iter().rev().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let (mut parts, mut at) = (Vec::new(), 0);
    while packed[at..].starts_with(b"PK\x03\x04") {
        let (size, name, extra) = (number(at + 18, 4), number(at + 26, 2), number(at + 28, 2));
        let start = at + 30 + name + extra;
        let name = String::from_utf8(packed[at + 30..at + 30 + name].to_vec()).unwrap();
        parts.push((name, packed[start..start + size].to_vec()));
        at = start + size;
    }
    parts
}
