//! Homes: the user's own, the buildings of an extract, or positions along streets; and the census spread over them.

use super::config::{CensusTable, HomeTable, StudyFile};
use super::layer::{Layer, column_or_default, group_counts};
use super::listing::{Listing, few};
use super::place::{AreaIndex, Place};
use crate::io::osm::OsmExtract;
use crate::model::{Findings, Group, Homes, Neighbourhood, Street, Weight};
use crate::{Crs, Error, ErrorKind};
use geo::{InteriorPoint, Point};
use std::path::Path;

/// Distance between homes along a street when nothing else is known, in metres: about a block.
const STREET_HOME_SPACING_M: f64 = 100.0;
/// Streets that homes stand on when nothing else is known.
const STREETS_WITH_HOMES: [&str; 7] =
    ["residential", "living_street", "unclassified", "tertiary", "secondary", "primary", "pedestrian"];

/// Reads or derives the homes, and says in which neighbourhood each one stands.
pub(super) fn read(
    study: &StudyFile,
    osm: Option<&OsmExtract>,
    streets: &[Street],
    root: &Path,
    (place, neighbourhoods): (&Place, &[Neighbourhood]),
    findings: &mut Findings,
) -> Option<Homes> {
    let index = AreaIndex::new(neighbourhoods.iter().map(|one| &one.shape));
    let mut homes = match &study.homes {
        Some(table) => from_layer(table, root, place, findings)?,
        None => derived(osm, streets, place, &index, findings)?,
    };
    if let Some(census) = &study.census {
        spread(census, &mut homes, root, place, findings)?;
    }
    if neighbourhoods.is_empty() {
        return Some(homes);
    }
    homes.neighbourhoods = index.find_all(&homes.locations);
    check(&homes, neighbourhoods, findings)?;
    Some(homes)
}

fn about(message: String) -> Error {
    Error::new(ErrorKind::Study, message).in_layer("homes")
}

fn from_layer(table: &HomeTable, root: &Path, place: &Place, findings: &mut Findings) -> Option<Homes> {
    let layer = Layer::read("homes", &table.source(), root, findings)?;
    // A stated column wins over a default one; residents win over dwellings.
    let residents = table.residents.as_deref().or_else(|| match table.dwellings {
        Some(_) => None,
        None => column_or_default(&layer, None, "residents"),
    });
    let dwellings = column_or_default(&layer, table.dwellings.as_deref(), "dwellings");
    let (weights, weight) = match (residents, dwellings) {
        (Some(column), _) => (layer.counts(column, findings), Weight::Residents),
        (None, Some(column)) => (layer.counts(column, findings), Weight::Dwellings),
        (None, None) => {
            findings.note(about(
                "the layer counts neither residents nor dwellings; every home counts as 1".into(),
            ));
            (Some(vec![1.0; layer.len()]), Weight::Homes)
        }
    };
    let groups = group_counts(&layer, &table.groups, findings);
    let workers = table.workers.as_deref().map(|column| layer.counts(column, findings));
    let locations = place.points(&layer, findings);
    let (weights, groups, locations) = (weights?, groups?, locations?);
    let workers = match workers {
        Some(counts) => Some(counts?),
        None => None,
    };
    for (name, counts) in &groups {
        let mut larger = Listing::default();
        for (index, count) in counts.iter().enumerate().filter(|(index, count)| **count > weights[*index]) {
            layer.list(&mut larger, index, Some(&format!("{count} of {}", weights[index])));
        }
        if !larger.is_empty() && residents.is_some() {
            let error =
                larger.error(ErrorKind::Value, &format!("group `{name}` is larger than all residents"));
            findings.warning(error.in_layer("homes"));
        }
    }
    let groups = groups.into_iter().map(|(name, counts)| Group { name, counts }).collect();
    Some(Homes {
        ids: layer.ids().to_vec(),
        locations,
        weights,
        groups,
        workers,
        weight,
        neighbourhoods: Vec::new(),
    })
}

/// Homes of a study that has no layer of homes.
fn derived(
    osm: Option<&OsmExtract>,
    streets: &[Street],
    place: &Place,
    index: &AreaIndex<'_>,
    findings: &mut Findings,
) -> Option<Homes> {
    if let Some(osm) = osm.filter(|osm| osm.buildings.iter().any(|building| building.is_residential)) {
        return from_buildings(osm, place, index, findings);
    }
    let homes = inside(from_streets(streets), index);
    if homes.is_empty() {
        let error = about("the study has no homes, and no buildings or streets to stand in for them".into());
        findings.error(error.hint("add a table `[homes]` or an OpenStreetMap file"));
        return None;
    }
    let message = format!(
        "positions every {STREET_HOME_SPACING_M} m along streets stand in for homes, each counting as 1"
    );
    findings.warning(
        about(message).hint("a layer of homes with residents gives results that people can be counted in"),
    );
    Some(homes)
}

/// One home a residential building inside the neighbourhoods; it counts by its floor area.
fn from_buildings(
    osm: &OsmExtract,
    place: &Place,
    index: &AreaIndex<'_>,
    findings: &mut Findings,
) -> Option<Homes> {
    let to_metres = place.reprojector(&Crs::wgs84()).map_err(|error| findings.error(error)).ok()??;
    let mut homes = Homes { weight: Weight::FloorArea, ..Homes::default() };
    let (mut without_levels, mut outside) = (0, 0);
    for building in osm.buildings.iter().filter(|building| building.is_residential) {
        let point = building.shape.interior_point().and_then(|point| to_metres.coord(point.into()).ok());
        let Some(point) = point.map(Point::from) else { continue };
        if index.find(point).is_none() {
            outside += 1;
            continue;
        }
        without_levels += usize::from(building.levels.is_none());
        homes.ids.push(building.id.clone());
        homes.locations.push(point);
        homes.weights.push(building.footprint_m2 * building.levels.unwrap_or(1.0));
    }
    let message = format!(
        "{} residential buildings of OpenStreetMap stand in for homes, each counting by its floor area \
         (outline times levels); {without_levels} have no number of levels and count as one level, \
         {outside} more stand outside the neighbourhoods",
        homes.len()
    );
    findings.note(about(message).hint("no residents are known: shares are shares of floor area"));
    Some(homes)
}

/// A home every [`STREET_HOME_SPACING_M`] along the streets, counted on from street to street.
fn from_streets(streets: &[Street]) -> Homes {
    let mut homes = Homes { weight: Weight::StreetPositions, ..Homes::default() };
    let mut until_next_m = STREET_HOME_SPACING_M / 2.0;
    for street in streets {
        let stands_here = |highway: &str| STREETS_WITH_HOMES.contains(&highway);
        if !street.tags.get("highway").is_some_and(stands_here) || street.tags.is("area", "yes") {
            continue;
        }
        for line in street.line.lines() {
            let length_m = line.dx().hypot(line.dy());
            let mut along_m = until_next_m;
            while along_m < length_m {
                let share = along_m / length_m;
                homes.ids.push(format!("street/{}/{}", street.id, homes.ids.len() + 1));
                homes.locations.push(Point::from(line.start + line.delta() * share));
                homes.weights.push(1.0);
                along_m += STREET_HOME_SPACING_M;
            }
            until_next_m = along_m - length_m;
        }
    }
    homes
}

/// Homes that were derived matter only inside the neighbourhoods.
fn inside(mut homes: Homes, index: &AreaIndex<'_>) -> Homes {
    let is_inside: Vec<bool> = index.find_all(&homes.locations).iter().map(Option::is_some).collect();
    // Three columns of one length: the cycle starts anew with each.
    let mut is_inside = is_inside.into_iter().cycle();
    let mut keep = || is_inside.next().unwrap_or_default();
    homes.ids.retain(|_| keep());
    homes.locations.retain(|_| keep());
    homes.weights.retain(|_| keep());
    homes
}

/// Spreads the residents of census areas over the homes inside, by what the homes count already; equally where all of
/// them count 0.
fn spread(
    census: &CensusTable,
    homes: &mut Homes,
    root: &Path,
    place: &Place,
    findings: &mut Findings,
) -> Option<()> {
    let layer = Layer::read("census", &census.source(), root, findings)?;
    let residents = layer.counts(census.residents.as_deref().unwrap_or("residents"), findings);
    let groups = group_counts(&layer, &census.groups, findings);
    let areas = place.areas(&layer, findings);
    let (residents, groups, areas) = (residents?, groups?, areas?);
    let about = |message: String| Error::new(ErrorKind::Study, message).in_layer("census");

    let area_of = AreaIndex::new(areas.iter()).find_all(&homes.locations);
    let mut weight_in = vec![0.0; areas.len()];
    let mut homes_in = vec![0_usize; areas.len()];
    for (home, area) in area_of.iter().enumerate().filter_map(|(home, area)| Some((home, (*area)? as usize)))
    {
        weight_in[area] += homes.weights[home];
        homes_in[area] += 1;
    }
    let share = |home: usize, area: usize| {
        if weight_in[area] > 0.0 {
            homes.weights[home] / weight_in[area]
        } else {
            1.0 / homes_in[area] as f64
        }
    };
    let shares: Vec<Option<(usize, f64)>> = area_of
        .iter()
        .enumerate()
        .map(|(home, area)| area.map(|area| (area as usize, share(home, area as usize))))
        .collect();
    let spread = |counts: &[f64]| -> Vec<f64> {
        shares.iter().map(|share| share.map_or(0.0, |(area, share)| counts[area] * share)).collect()
    };

    let mut empty = Vec::new();
    let mut lost = 0.0;
    for area in (0..areas.len()).filter(|area| homes_in[*area] == 0 && residents[*area] > 0.0) {
        empty.push(layer.ids()[area].as_str());
        lost += residents[area];
    }
    let total: f64 = residents.iter().sum();
    if !empty.is_empty() {
        let message = format!(
            "{} of {} census areas hold no home, so {lost:.0} of {total:.0} residents are not placed: {}",
            empty.len(),
            areas.len(),
            few(&empty)
        );
        findings.warning(about(message));
    }
    let without = area_of.iter().filter(|area| area.is_none()).count();
    if without > 0 {
        let message =
            format!("{without} of {} homes stand in no census area and have no residents", homes.len());
        findings.warning(about(message));
    }
    let how = if homes.weight == Weight::Homes { "equally".into() } else { format!("by {}", homes.weight) };
    findings.note(about(format!(
        "{total:.0} residents of {} census areas are spread over the homes inside, {how}",
        areas.len()
    )));
    let spread_residents = spread(&residents);
    let spread_groups: Vec<Group> =
        groups.into_iter().map(|(name, counts)| Group { counts: spread(&counts), name }).collect();
    homes.weights = spread_residents;
    homes.groups.retain(|known| spread_groups.iter().all(|group| group.name != known.name));
    homes.groups.extend(spread_groups);
    homes.weight = Weight::Residents;
    Some(())
}

/// Homes outside all neighbourhoods, neighbourhoods without homes or residents, a study without residents.
fn check(homes: &Homes, neighbourhoods: &[Neighbourhood], findings: &mut Findings) -> Option<()> {
    let weight = homes.weight;
    let total: f64 = homes.weights.iter().sum();
    if total <= 0.0 {
        findings.error(
            about(format!("the {weight} of all homes add up to 0")).hint("which column counts people?"),
        );
        return None;
    }
    let outside: Vec<usize> = (0..homes.len()).filter(|home| homes.neighbourhoods[*home].is_none()).collect();
    if outside.len() == homes.len() {
        let error = about("all homes are outside all neighbourhoods".into());
        findings.error(error.hint("do both layers cover the same place?"));
        return None;
    }
    if !outside.is_empty() {
        let ids: Vec<&str> = outside.iter().map(|home| homes.ids[*home].as_str()).collect();
        let sum: f64 = outside.iter().map(|home| homes.weights[*home]).sum();
        let message = format!(
            "{} of {} homes ({sum:.0} of {total:.0} {}) are outside all neighbourhoods: {}",
            outside.len(),
            homes.len(),
            weight.units(),
            few(&ids)
        );
        findings.warning(about(message).hint("they count in no neighbourhood"));
    }
    let mut homes_in = vec![0_usize; neighbourhoods.len()];
    let mut weight_in = vec![0.0; neighbourhoods.len()];
    for (home, neighbourhood) in homes.neighbourhoods.iter().enumerate() {
        if let Some(neighbourhood) = neighbourhood {
            homes_in[*neighbourhood as usize] += 1;
            weight_in[*neighbourhood as usize] += homes.weights[home];
        }
    }
    let which = |is_meant: &dyn Fn(usize) -> bool| -> Vec<&str> {
        (0..neighbourhoods.len())
            .filter(|at| is_meant(*at))
            .map(|at| neighbourhoods[at].name.as_str())
            .collect()
    };
    let empty = which(&|at| homes_in[at] == 0);
    let unpeopled = which(&|at| homes_in[at] > 0 && weight_in[at] <= 0.0);
    let all = neighbourhoods.len();
    for (names, what) in
        [(empty, "have no homes".to_owned()), (unpeopled, format!("have homes but no {weight}"))]
    {
        if !names.is_empty() {
            let message = format!("{} of {all} neighbourhoods {what}: {}", names.len(), few(&names));
            let warning = Error::new(ErrorKind::Study, message).in_layer("neighbourhoods");
            findings
                .warning(warning.hint(format!("nothing is said about them that is weighted by {weight}")));
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Tags;
    use geo::line_string;

    #[test]
    fn street_homes_keep_their_distance_across_streets() {
        let street = |id, x: f64, length: f64| Street {
            id,
            line: line_string![(x: x, y: 0.0), (x: x + length, y: 0.0)],
            vertices: vec![id, id + 1],
            tags: Tags::from_iter([("highway", "residential")]),
            ..Street::default()
        };
        // 0──50──────120 | 120──150──────250──270: homes at 50, 150 and 250.
        let homes = from_streets(&[street(1, 0.0, 120.0), street(2, 120.0, 150.0)]);
        let places: Vec<f64> = homes.locations.iter().map(|point| point.x()).collect();
        assert_eq!(places, [50.0, 150.0, 250.0]);
        let motorway = Street { tags: Tags::from_iter([("highway", "motorway")]), ..street(1, 0.0, 500.0) };
        assert!(from_streets(&[motorway]).is_empty());
    }
}
