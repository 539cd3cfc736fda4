//! Where may homes be built, and what would the people living there reach?
//!
//! `cargo run --release --example zoning_and_access -- [STUDY] [DATA ROOT]`

use commonground::access::{Access, Opportunities, measure_access};
use commonground::network::{BuildOptions, StreetNetwork, TravelProfile};
use commonground::{FeatureTable, Quiet, Result, io};
use geo::{Area, InteriorPoint};
use polars::prelude::{Column, DataFrame, NamedFrom, Series};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Minutes' walk within which a category counts as reached.
const STANDARD: f64 = 15.0;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let study = arguments.next().unwrap_or_else(|| "data/millbrook".into());
    let data = arguments.next().map(PathBuf::from);
    let study = io::study::read_study(study.as_ref(), data.as_deref(), &Quiet)?;

    // Walk from a point inside every district to everything that people need.
    let profile = TravelProfile::new(study.settings.travel.clone())?;
    let (network, _) = StreetNetwork::build(&study.streets, profile, BuildOptions::default(), &Quiet)?;
    let far = study.settings.max_snap_distance;
    let opportunities = Opportunities::attach(
        &network,
        &study.services,
        &study.green_spaces,
        study.workplaces.as_ref(),
        far,
        &[],
    );
    let districts: Vec<_> = study
        .zoning
        .iter()
        .map(|district| {
            district.shape.interior_point().and_then(|inside| network.attach(inside, far, &[]).ok())
        })
        .collect();
    let access = measure_access(&network, &districts, &opportunities, &Quiet)?;
    let reached: Vec<Option<f64>> = access.iter().map(|access| access.as_ref().map(share_reached)).collect();

    // Sum up by the code of the district.
    let mut codes: BTreeMap<&str, (usize, f64, f64)> = BTreeMap::new();
    for (district, reached) in study.zoning.iter().zip(&reached) {
        let hectares = district.shape.unsigned_area() / 10_000.0;
        let sums = codes.entry(&district.code).or_default();
        *sums = (sums.0 + 1, sums.1 + hectares, sums.2 + hectares * reached.unwrap_or(0.0));
    }
    println!("{:28}{:>10}{:>12}{:>24}", "code", "districts", "hectares", "categories in 15 min");
    for (code, (count, hectares, reached)) in codes {
        println!("{code:28}{count:>10}{hectares:>12.1}{:>22.0} %", 100.0 * reached / hectares);
    }
    println!("\nDistricts that allow apartments and reach less than half of the categories:");
    for (district, reached) in study.zoning.iter().zip(&reached) {
        if district.allows_apartments == Some(true) && reached.unwrap_or(0.0) < 0.5 {
            println!("  {} ({})", district.id, district.code);
        }
    }

    let columns: Vec<Column> = vec![
        Series::new("id".into(), study.zoning.iter().map(|d| d.id.clone()).collect::<Vec<_>>()).into(),
        Series::new("code".into(), study.zoning.iter().map(|d| d.code.clone()).collect::<Vec<_>>()).into(),
        Series::new("allows_homes".into(), study.zoning.iter().map(|d| d.allows_homes).collect::<Vec<_>>())
            .into(),
        Series::new("categories_reached".into(), reached).into(),
    ];
    let attributes = DataFrame::new_infer_height(columns).expect("the columns have one length");
    let shapes = study.zoning.iter().map(|district| Some(district.shape.clone().into())).collect();
    let map = PathBuf::from("zoning_and_access.gpkg");
    io::write_features(&map, &FeatureTable::new(shapes, attributes, Some(study.crs.clone()))?)?;
    println!("\nmap in {}", map.display());
    Ok(())
}

/// Share of all categories of which one lies within the standard.
fn share_reached(access: &Access) -> f64 {
    let near = access.closest.iter().flatten().filter(|minutes| **minutes <= STANDARD).count();
    near as f64 / access.closest.len() as f64
}
