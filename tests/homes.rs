//! Homes of studies that have no layer of them: a map of a few halls is no map of where people live.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{real_cities, shipped};
use commonground::io::study::read_study;
use commonground::model::{Severity, Weight};
use commonground::{Quiet, StudyArea};
use std::path::Path;

fn study(data: &Path, osm: &str, rest: &str) -> StudyArea {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("study.toml");
    std::fs::write(&file, format!("name = \"A\"\n{rest}\n[osm]\n{osm}")).unwrap();
    read_study(&file, Some(data), &Quiet).unwrap()
}

#[test]
fn halls_of_columbus_are_no_homes() {
    let Some(data) = real_cities() else { return };
    let columbus = |homes: &str| {
        let osm = format!("file = \"columbus-oh/columbus.osm.pbf\"\n{homes}\n");
        study(&data, &osm, "[neighbourhoods]\nfile = \"columbus-oh/neighborhoods.geojson\"\nname = \"name\"")
    };
    // 662 buildings near 2 % of the residential streets: the streets say more.
    let of_itself = columbus("");
    assert_eq!((of_itself.homes.weight, of_itself.homes.len() > 20_000), (Weight::StreetPositions, true));
    let told = of_itself.homes.stand_in.unwrap();
    assert!(told.contains("homes within 100 m of only") && told.contains("too few"), "{told}");
    let count = |homes: &str| {
        let homes = columbus(&format!("homes = \"{homes}\"")).homes;
        assert_eq!(homes.weight, Weight::FloorArea);
        homes.len()
    };
    // The rest are sheds, halls, and buildings on the land of the airport, the university, parks and shops.
    let (stated, likely, any) = (count("stated"), count("likely"), count("any"));
    assert_eq!((stated, likely, any), (105, 662, 908));
}

#[test]
fn buildings_of_a_well_mapped_town_stay_its_homes() {
    let osm = "file = \"monaco.osm.pbf\"\nneighbourhoods_admin_level = 10\n";
    let monaco = study(&shipped("monaco"), osm, "");
    assert_eq!((monaco.homes.weight, monaco.homes.len()), (Weight::FloorArea, 640));
    let told = monaco.homes.stand_in.as_deref().unwrap();
    for word in ["362 say that they are homes", "278 are plain", "25 % of the floor area is guessed"] {
        assert!(told.contains(word), "{told}");
    }
    let warned = monaco.findings.of(Severity::Warning).filter(|one| one.to_string().contains(told)).count();
    assert_eq!(warned, 1);
    let streets = study(&shipped("monaco"), &format!("{osm}homes = \"streets\"\n"), "");
    assert_eq!(streets.homes.weight, Weight::StreetPositions);
}

/// A little-endian TIFF of 32-bit floating numbers in one strip, in degrees on WGS 84, or in Mollweide's system as GDAL writes
/// it; the missing value is -200.
fn raster(first: [f64; 2], cell: [f64; 2], rows: &[&[f32]], mollweide: bool) -> Vec<u8> {
    const ESRI: &str = "World_Mollweide|ESRI PE String = PROJCS[\"World_Mollweide\",GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",\
        SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],\
        PROJECTION[\"Mollweide\"],PARAMETER[\"False_Easting\",0.0],PARAMETER[\"False_Northing\",0.0],\
        PARAMETER[\"Central_Meridian\",0.0],UNIT[\"Meter\",1.0]]|\0";
    let shorts =
        |tag: u16, values: &[u16]| (tag, 3_u16, values.iter().flat_map(|one| one.to_le_bytes()).collect());
    let doubles =
        |tag: u16, values: &[f64]| (tag, 12_u16, values.iter().flat_map(|one| one.to_le_bytes()).collect());
    let text = |tag: u16, value: &str| (tag, 2_u16, value.as_bytes().to_vec());
    let data: Vec<u8> = rows.iter().flat_map(|row| row.iter().flat_map(|one| one.to_le_bytes())).collect();
    let (width, height) = (rows[0].len() as u16, rows.len() as u16);
    let keys: &[u16] = if mollweide {
        &[1, 1, 0, 2, 1024, 0, 1, 32767, 1025, 0, 1, 1]
    } else {
        &[1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326]
    };
    let mut entries: Vec<(u16, u16, Vec<u8>)> = vec![
        shorts(256, &[width]),
        shorts(257, &[height]),
        shorts(258, &[32]),
        shorts(259, &[1]),
        shorts(262, &[1]),
        (273, 4, 8_u32.to_le_bytes().to_vec()),
        shorts(277, &[1]),
        shorts(278, &[height]),
        (279, 4, (data.len() as u32).to_le_bytes().to_vec()),
        shorts(339, &[3]),
        doubles(33550, &[cell[0], cell[1], 0.0]),
        doubles(33922, &[0.0, 0.0, 0.0, first[0], first[1], 0.0]),
        shorts(34735, keys),
    ];
    if mollweide {
        entries.push(text(34737, ESRI));
    }
    entries.push(text(42113, "-200\0"));
    let mut bytes = b"II\x2a\0\0\0\0\0".to_vec();
    bytes.extend(data);
    let mut directory = (entries.len() as u16).to_le_bytes().to_vec();
    for (tag, kind, mut value) in entries {
        let count = value.len() / [1, 2, 4, 8][[2, 3, 4, 12].iter().position(|one| *one == kind).unwrap()];
        if value.len() > 4 {
            let place = (bytes.len() as u32).to_le_bytes().to_vec();
            bytes.extend(std::mem::replace(&mut value, place));
        }
        value.resize(4, 0);
        directory.extend(tag.to_le_bytes());
        directory.extend(kind.to_le_bytes());
        directory.extend((count as u32).to_le_bytes());
        directory.extend(value);
    }
    let place = bytes.len() as u32;
    bytes[4..8].copy_from_slice(&place.to_le_bytes());
    bytes.extend(directory);
    bytes.extend([0; 4]);
    bytes
}

/// A study of Monaco's wards whose homes come from a raster.
fn monaco_with(raster: &[u8], homes: &str) -> Result<StudyArea, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = "monaco.osm.pbf";
    std::fs::copy(shipped("monaco").join(file), folder.path().join(file)).unwrap();
    std::fs::write(folder.path().join("people.tif"), raster).unwrap();
    let text = format!(
        "name = \"A\"\n[osm]\nfile = \"monaco.osm.pbf\"\nneighbourhoods_admin_level = 10\n[homes]\nraster = \"people.tif\"\n{homes}"
    );
    std::fs::write(folder.path().join("study.toml"), text).unwrap();
    read_study(folder.path(), None, &Quiet).map_err(|error| error.to_string())
}

/// Cells of a thousandth of a degree (80 by 111 m) in Fontvieille and La Condamine; two have nobody, and one cell is not known.
fn people_in_degrees() -> Vec<u8> {
    raster(
        [7.415, 43.7305],
        [0.001, 0.001],
        &[&[10.0, 20.0, 30.0, 0.0], &[5.0, -200.0, 15.5, 2.5], &[7.0, 8.0, 9.0, 0.0]],
        false,
    )
}

#[test]
fn cells_with_people_are_homes() {
    let study = monaco_with(&people_in_degrees(), "").unwrap();
    let homes = &study.homes;
    assert_eq!((homes.weight, homes.len()), (Weight::Residents, 9));
    assert!((homes.weights.iter().sum::<f64>() - 107.0).abs() < 1e-9, "{:?}", homes.weights);
    assert_eq!((homes.ids[0].as_str(), homes.weights[0]), ("cell/0/0", 10.0));
    let told = homes.stand_in.as_deref().unwrap();
    assert!(told.contains("107 residents of 9 cells") && told.contains("middle of their cell"), "{told}");
}

#[test]
fn people_of_a_cell_live_on_its_buildings_or_streets() {
    let middle = monaco_with(&people_in_degrees(), "").unwrap().homes;
    for spread in ["buildings", "streets"] {
        let homes = monaco_with(&people_in_degrees(), &format!("spread = \"{spread}\"")).unwrap().homes;
        // Every resident is somewhere: the nine cells lie within the wards.
        assert!(homes.len() >= middle.len(), "{spread}: {}", homes.len());
        let (sum, expected): (f64, f64) = (homes.weights.iter().sum(), middle.weights.iter().sum());
        assert!((sum - expected).abs() < 1e-9, "{spread}: {sum}, not {expected}");
        assert!(homes.ids.iter().any(|id| !id.starts_with("cell/")), "{spread}");
    }
}

#[test]
fn the_equal_area_grid_of_the_world_is_read() {
    // Longitude 7.425, latitude 43.74 is easting 607,874.77, northing 5,202,999.25 in pyproj 3.
    let row: &[f32] = &[4.0; 8];
    let study = monaco_with(&raster([607_500.0, 5_203_300.0], [100.0, 100.0], &[row; 6], true), "").unwrap();
    assert_eq!(study.homes.weight, Weight::Residents);
    assert!(
        study.homes.len() > 10 && study.homes.weights.iter().all(|one| *one == 4.0),
        "{}",
        study.homes.len()
    );
}

#[test]
fn a_raster_that_cannot_be_homes_says_why() {
    let fine = people_in_degrees();
    let at = |first: [f64; 2], value: f32| raster(first, [0.001, 0.001], &[&[value; 3], &[value; 3]], false);
    for (raster, homes, words) in [
        (&fine, "residents = \"n\"", ["`raster` and `residents` cannot stand together", "groups come from"]),
        (&fine, "file = \"a.csv\"", ["`raster` and `file` cannot stand together", "hint"]),
        (&fine, "spread = \"evenly\"", ["`evenly` is not a choice", "cells, buildings, streets"]),
        (
            &at([7.415, 43.7305], 0.0),
            "",
            ["nobody lives in the neighbourhoods by `people.tif`", "layer `homes`"],
        ),
        (&at([9.0, 43.742], 1.0), "", ["lies elsewhere than the neighbourhoods", "people.tif"]),
        (&b"no TIFF".to_vec(), "", ["no whole TIFF", "people.tif"]),
    ] {
        let error = monaco_with(raster, homes).unwrap_err();
        assert!(words.iter().all(|word| error.contains(word)), "{homes}: {error}");
    }
    let negative =
        monaco_with(&raster([7.415, 43.7305], [0.001, 0.001], &[&[3.0, -1.0]], false), "").unwrap();
    let warnings: Vec<String> = negative.findings.of(Severity::Warning).map(ToString::to_string).collect();
    assert!(warnings.iter().any(|one| one.contains("1 cells hold less than nobody")), "{warnings:?}");
    let wide = monaco_with(&raster([7.41, 43.735], [0.01, 0.01], &[&[500.0, 900.0]], false), "").unwrap();
    let warnings: Vec<String> = wide.findings.of(Severity::Warning).map(ToString::to_string).collect();
    assert!(
        warnings.iter().any(|one| one.contains("m wide, and nobody lives in the middle")),
        "{warnings:?}"
    );
}

#[test]
fn a_dozen_schools_are_not_the_schools_of_columbus() {
    let Some(data) = real_cities() else { return };
    let columbus = |services: &str| {
        let osm = format!("file = \"columbus-oh/columbus.osm.pbf\"\n{services}");
        study(&data, &osm, "[neighbourhoods]\nfile = \"columbus-oh/neighborhoods.geojson\"\nname = \"name\"")
    };
    let schools = |study: &StudyArea| study.services.iter().filter(|one| one.category == "school").count();
    let (enough, all) = (columbus(""), columbus("services = \"all\""));
    assert_eq!((schools(&enough), schools(&all)), (0, 12));
    let told = enough.cautions.join("; ");
    assert!(told.contains("school (12 known, one for 149 km of residential streets)"), "{told}");
    assert!(
        told.contains("Northland (99 % of the area)") && told.contains("nothing is said of them"),
        "{told}"
    );
    // 48 parks on 1,780 km of residential streets: nobody who knows Clintonville would believe that it has none.
    assert!(
        told.contains("green space (48 known, one for 37 km") && enough.green_spaces.is_empty(),
        "{told}"
    );
    assert!(all.green_spaces.len() == 48 && !all.cautions.join("; ").contains("school"));
    // Nobody is placed in Northland, through which two motorways go.
    let northland = enough.neighbourhoods.iter().position(|one| one.name == "Northland").unwrap() as u32;
    assert!(!enough.homes.neighbourhoods.contains(&Some(northland)));
}
