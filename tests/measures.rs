//! Measures in towns so small that a pencil can check them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use commonground::{Assessment, Quiet, assess, io};

/// Homes and services along one straight street on the equator of the metric system, given by their metres along it; a
/// kilometre is 12.5 minutes' walk.
///
/// - `homes`: id, metres and residents, as CSV.
/// - `services`: category and metres.
fn along_one_street(homes: &[(&str, u32, u32)], services: &[(&str, u32)]) -> Assessment {
    along_one_street_and(homes, services, "")
}

/// The same with more homes anywhere: rows of `homes.csv`.
fn along_one_street_and(homes: &[(&str, u32, u32)], services: &[(&str, u32)], more: &str) -> Assessment {
    let folder = tempfile::tempdir().unwrap();
    let write = |file: &str, text: String| std::fs::write(folder.path().join(file), text).unwrap();
    // Of UTM zone 31, whose middle lies at 500,000 m: there a metre of the map is 0.9996 of a metre, the same for all.
    let east = |metres: u32| 500_000 + metres;
    write("homes.csv", {
        let rows =
            homes.iter().map(|(id, metres, people)| format!("{id},{},5000000,{people}\n", east(*metres)));
        format!("id,x,y,residents\n{}{more}", rows.collect::<String>())
    });
    write("services.csv", {
        let row = |(number, (category, metres)): (usize, &(&str, u32))| {
            format!("s{number},{category},{},5000000\n", east(*metres))
        };
        format!("id,category,x,y\n{}", services.iter().enumerate().map(row).collect::<String>())
    });
    let line = format!("LINESTRING ({} 5000000, {} 5000000)", east(0), east(3_000));
    write("streets.csv", format!("id,class,wkt\n1,residential,\"{line}\"\n"));
    let (left, right) = (east(0) - 100, east(3_000) + 100);
    let area = format!(
        "POLYGON (({left} 4999000, {right} 4999000, {right} 5001000, {left} 5001000, {left} 4999000))"
    );
    write("areas.csv", format!("id,name,wkt\na,A,\"{area}\"\n"));
    let crs = "crs = \"EPSG:32631\"";
    write(
        "study.toml",
        format!(
            "name = \"One street\"\n[travel]\nspeed_kmh = 4.8\n[neighbourhoods]\nfile = \"areas.csv\"\nname = \"name\"\n{crs}\n\
             [homes]\nfile = \"homes.csv\"\n{crs}\n[streets]\nfile = \"streets.csv\"\nclass = \"class\"\n{crs}\n\
             [[services]]\nfile = \"services.csv\"\ncategory_column = \"category\"\n{crs}\n"
        ),
    );
    let study = io::study::read_study(folder.path(), None, &Quiet).unwrap();
    assess(&study, &Quiet).unwrap()
}

#[test]
fn who_has_a_choice_of_groceries() {
    // Within 1,200 m: of a the grocery at 0; of b both; of c the one at 1,500; of d none.
    let homes = [("a", 0, 10), ("b", 1_000, 20), ("c", 2_500, 30), ("d", 3_000, 40)];
    let found = along_one_street(&homes, &[("grocery", 0), ("grocery", 1_500), ("school", 0)]);
    let counts = found.homes().values("groceries_to_choose_from").unwrap();
    assert_eq!(counts, [1.0, 2.0, 1.0, 0.0].map(Some));
    assert_eq!(found.neighbourhoods().values("grocery_choice").unwrap(), [Some(0.2)]);
    let everybody = found.equity.iter().find(|one| one.measure == "groceries_to_choose_from").unwrap();
    assert_eq!(everybody.groups[0].share_below, Some(0.8));
    let none = along_one_street(&homes, &[("school", 0)]);
    let reason = "the study has no service of category `grocery`";
    assert!(
        none.not_assessed.contains(&("choice of groceries".into(), reason.into())),
        "{:?}",
        none.not_assessed
    );
}

#[test]
fn whoever_is_left_out_is_counted_once() {
    // A home in the hills is on no street, one lies beyond the only neighbourhood.
    let homes = [("a", 0, 10), ("b", 1_000, 20)];
    let found =
        along_one_street_and(&homes, &[("school", 500)], "hills,501000,5000900,5\nbeyond,504000,5000000,7\n");
    let population = found.population;
    assert_eq!(
        (population.counted, population.on_no_street, population.outside),
        ((2, 30.0), (1, 5.0), (1, 7.0))
    );
    assert_eq!(found.neighbourhoods().values("residents").unwrap(), [Some(population.in_neighbourhoods())]);
    assert_eq!(found.neighbourhoods().values("residents_on_streets").unwrap(), [Some(population.counted.1)]);
    let everybody = &found.equity.iter().find(|one| one.measure == "school_minutes").unwrap().groups[0];
    assert_eq!((everybody.people, everybody.share_below), (30.0, Some(0.0)));
}

#[test]
fn one_kind_of_place_is_not_called_every_kind() {
    let homes = [("a", 0, 10), ("b", 2_500, 20)];
    let one = along_one_street(&homes, &[("school", 0)]);
    assert!(one.completeness.is_empty(), "{:?}", one.completeness);
    let two = along_one_street(&homes, &[("school", 0), ("grocery", 2_500)]);
    assert_eq!(two.completeness[0].share, Some(0.0));
}
