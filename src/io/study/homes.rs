//! Homes: the user's own, cells of a population grid, the buildings of an extract, or positions along streets; and the census
//! spread over them.

mod derived;
mod grid;

use super::beyond::Beyond;
use super::config::{CensusTable, HomeTable, StudyFile};
use super::layer::{Layer, column_or_default, group_counts};
use super::listing::{Listing, few};
use super::place::{AreaIndex, Place};
use crate::io::osm::OsmExtract;
use crate::model::{Findings, Group, Homes, Neighbourhood, Street, Weight};
use crate::{Error, ErrorKind};
use derived::{Ground, derived};
use std::path::Path;

/// Reads or derives the homes, and says in which neighbourhood each one stands.
pub(super) fn read(
    study: &StudyFile,
    osm: Option<&OsmExtract>,
    streets: &[Street],
    root: &Path,
    (place, neighbourhoods, beyond): (&Place, &[Neighbourhood], &[Beyond]),
    findings: &mut Findings,
) -> Option<Homes> {
    let index = AreaIndex::new(neighbourhoods.iter().map(|one| &one.shape));
    let choice = study.osm.as_ref().and_then(|table| table.homes);
    let ground = Ground { osm, choice, streets, place, neighbourhoods, index: &index, beyond };
    let mut homes = match &study.homes {
        Some(table) => match &table.raster {
            Some(file) => grid::from_raster(table, file, root, &ground, findings)?,
            None => from_layer(table, root, place, findings)?,
        },
        None => derived(&ground, findings)?,
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
    if table.file.is_empty() {
        let error = about("`[homes]` names neither a `file` nor a `raster`".into());
        findings.error(error.hint("a layer of homes is a `file`; a population grid (GeoTIFF) is a `raster`"));
        return None;
    }
    if table.spread.is_some() {
        let error = about("`spread` is about a `raster`, and `[homes]` has none".into());
        findings.error(error.hint("residents of census areas are spread by `[census]`"));
        return None;
    }
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
            findings.error(error.in_layer("homes").hint("each group is a part of the residents of its row"));
        }
    }
    let groups = groups.into_iter().map(|(name, counts)| Group { name, counts }).collect();
    Some(Homes {
        stand_in: None,
        ids: layer.ids().to_vec(),
        locations,
        weights,
        groups,
        workers,
        weight,
        neighbourhoods: Vec::new(),
    })
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
    if let Some(stand_in) = &mut homes.stand_in {
        *stand_in +=
            &format!("; {total:.0} residents of {} census areas are spread over them, {how}", areas.len());
    }
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
