//! Homes of a study that has no layer of homes: the buildings of an extract, or positions along streets.

use super::super::beyond::Beyond;
use super::super::config::OsmHomes;
use super::super::listing::few;
use super::super::place::{AreaIndex, Place};
use super::about;
use crate::io::osm::{
    Building, DEEPEST_HOME_M, Doubt, Dwelling, LARGEST_HOME_M2, LandIndex, OsmExtract, OsmLand,
    SMALLEST_HOME_M2,
};
use crate::model::{Findings, Homes, Neighbourhood, Street, Weight};
use crate::{Crs, Error};
use geo::{InteriorPoint, Point};
use rstar::RTree;
use std::collections::BTreeMap;

/// Distance between homes along a street when nothing else is known, in metres: about a block.
const STREET_HOME_SPACING_M: f64 = 100.0;
/// Streets that homes stand on when nothing else is known.
const STREETS_WITH_HOMES: [&str; 7] =
    ["residential", "living_street", "unclassified", "tertiary", "secondary", "primary", "pedestrian"];
/// Streets that have homes by their definition.
const RESIDENTIAL_STREETS: [&str; 2] = ["residential", "living_street"];
/// Share of the positions along residential streets that must have a home near them, for buildings to stand in for homes:
/// where less than half of those streets have a known home, the map shows where mappers went and not where people live.
const ENOUGH_HOMES: f64 = 0.5;
/// How near that home must be, in metres.
const NEAR_M: f64 = STREET_HOME_SPACING_M;
/// Known numbers of levels from which their median stands for those that are not known.
const ENOUGH_LEVELS: usize = 10;

/// What homes are derived from.
pub(super) struct Ground<'a> {
    pub osm: Option<&'a OsmExtract>,
    pub choice: Option<OsmHomes>,
    pub streets: &'a [Street],
    pub place: &'a Place,
    pub neighbourhoods: &'a [Neighbourhood],
    pub index: &'a AreaIndex<'a>,
    /// How far each neighbourhood reaches beyond the data.
    pub beyond: &'a [Beyond],
}

/// A place that may be a home, inside the neighbourhoods or not.
pub(super) struct Candidate {
    pub id: String,
    pub location: Point<f64>,
    /// How much it counts for beside the others: floor area, or 1.
    pub weight: f64,
}

/// Buildings where the extract knows enough of them, else positions along streets.
pub(super) fn derived(ground: &Ground<'_>, findings: &mut Findings) -> Option<Homes> {
    let positions = ground.positions(findings)?;
    let mut why = String::new();
    if let Some(osm) = ground.osm.filter(|_| ground.choice != Some(OsmHomes::Streets)) {
        let buildings = ground.buildings(osm, findings)?;
        let coverage = Coverage::of(&buildings.homes, &positions, ground);
        match (buildings.homes.is_empty(), ground.choice) {
            (false, None) if coverage.is_too_low() => {
                why = format!(
                    ": OpenStreetMap has homes within {NEAR_M} m of only {} of {} positions along residential streets \
                     ({} buildings), which is too few to stand for where people live",
                    coverage.near,
                    coverage.positions,
                    buildings.homes.len()
                );
            }
            (false, _) => {
                coverage.warn(ground.neighbourhoods, findings);
                return Some(buildings.told(findings));
            }
            (true, _) => why = ": OpenStreetMap has no homes in the neighbourhoods".into(),
        }
    }
    let mut homes = positions.homes;
    if homes.is_empty() {
        let error = about("the study has no homes, and no buildings or streets to stand in for them".into());
        findings.error(error.hint("add a table `[homes]` or an OpenStreetMap file"));
        return None;
    }
    let told = format!(
        "{} positions every {STREET_HOME_SPACING_M} m along streets stand in for homes, each counting as 1{why}",
        homes.len()
    );
    let hint = "a layer of homes with residents, or a population grid (`[homes] raster = \"...\"`), gives results that \
                people can be counted in";
    findings.warning(about(told.clone()).hint(hint));
    homes.stand_in = Some(told);
    Some(homes)
}

/// Buildings that stand in for homes, and what was found out about the others.
struct Buildings {
    homes: Homes,
    stated: usize,
    doubtful: BTreeMap<Doubt, usize>,
    others: usize,
    outside: usize,
    without_levels: usize,
    guessed_m2: f64,
}

/// Positions along streets inside the neighbourhoods, off land for something else, and which of them count for coverage.
struct Positions {
    homes: Homes,
    is_residential: Vec<bool>,
    neighbourhoods: Vec<u32>,
}

impl Ground<'_> {
    fn buildings(&self, osm: &OsmExtract, findings: &mut Findings) -> Option<Buildings> {
        let to_metres =
            self.place.reprojector(&Crs::wgs84()).map_err(|error| findings.error(error)).ok()??;
        let mut found = Buildings {
            homes: Homes { weight: Weight::FloorArea, ..Homes::default() },
            stated: 0,
            doubtful: BTreeMap::new(),
            others: 0,
            outside: 0,
            without_levels: 0,
            guessed_m2: 0.0,
        };
        let levels = UsualLevels::of(&osm.buildings);
        for building in &osm.buildings {
            let is_wanted = self.is_wanted(building);
            let point = building.shape.interior_point().and_then(|point| to_metres.coord(point.into()).ok());
            let Some(point) = point.map(Point::from) else { continue };
            if self.neighbourhood_of(point).is_none() {
                found.outside += usize::from(is_wanted);
                continue;
            }
            match building.dwelling {
                Dwelling::Doubtful(doubt) if !is_wanted => *found.doubtful.entry(doubt).or_default() += 1,
                _ if !is_wanted => found.others += 1,
                _ => {
                    let floor_m2 = building.footprint_m2 * building.levels.unwrap_or(levels.like(building));
                    if building.levels.is_none() {
                        found.without_levels += 1;
                        found.guessed_m2 += floor_m2;
                    }
                    found.stated += usize::from(building.dwelling == Dwelling::Stated);
                    found.homes.ids.push(building.id.clone());
                    found.homes.locations.push(point);
                    found.homes.weights.push(floor_m2);
                }
            }
        }
        Some(found)
    }

    /// The neighbourhood of a home, unless it lies mostly beyond the data.
    fn neighbourhood_of(&self, place: Point<f64>) -> Option<u32> {
        let is_covered =
            |found: &u32| self.beyond.get(*found as usize).is_none_or(|beyond| !beyond.is_unknown);
        self.index.find(place).filter(is_covered)
    }

    /// Whether a building is a home, as the study chose.
    fn is_wanted(&self, building: &Building) -> bool {
        let choice = self.choice.unwrap_or(OsmHomes::Likely);
        match building.dwelling {
            Dwelling::Stated => true,
            Dwelling::Likely => choice != OsmHomes::Stated,
            Dwelling::Doubtful(_) => choice == OsmHomes::Any,
            Dwelling::No => false,
        }
    }

    /// Buildings that people of a cell may live in.
    pub(super) fn building_candidates(&self, findings: &mut Findings) -> Option<Vec<Candidate>> {
        let to_metres =
            self.place.reprojector(&Crs::wgs84()).map_err(|error| findings.error(error)).ok()??;
        let buildings = &self.osm?.buildings;
        let levels = UsualLevels::of(buildings);
        let candidate = |building: &Building| {
            let location = to_metres.coord(building.shape.interior_point()?.into()).ok()?.into();
            let weight = building.footprint_m2 * building.levels.unwrap_or(levels.like(building));
            (weight > 0.0).then(|| Candidate { id: building.id.clone(), location, weight })
        };
        Some(buildings.iter().filter(|building| self.is_wanted(building)).filter_map(candidate).collect())
    }

    /// Positions along streets that people of a cell may live at.
    pub(super) fn street_candidates(&self, findings: &mut Findings) -> Option<Vec<Candidate>> {
        let land = self.land(findings)?;
        let land = LandIndex::new(&land);
        let (homes, _) = along_streets(self.streets);
        let candidates = homes.ids.into_iter().zip(homes.locations);
        let candidates = candidates.filter(|(_, location)| !land.is_for_other_uses(*location));
        Some(candidates.map(|(id, location)| Candidate { id, location, weight: 1.0 }).collect())
    }

    /// What the land is for, in the system of the study.
    fn land(&self, findings: &mut Findings) -> Option<Vec<OsmLand>> {
        let Some(osm) = self.osm.filter(|osm| !osm.land.is_empty()) else { return Some(Vec::new()) };
        let to_metres =
            self.place.reprojector(&Crs::wgs84()).map_err(|error| findings.error(error)).ok()??;
        let in_metres = |mut one: OsmLand| to_metres.in_place(&mut one.shape).is_ok().then_some(one);
        Some(osm.land.iter().cloned().filter_map(in_metres).collect())
    }

    fn positions(&self, findings: &mut Findings) -> Option<Positions> {
        let (homes, is_residential) = along_streets(self.streets);
        let land = self.land(findings)?;
        let land = LandIndex::new(&land);
        let mut kept = Positions {
            homes: Homes { weight: homes.weight, ..Homes::default() },
            is_residential: Vec::new(),
            neighbourhoods: Vec::new(),
        };
        for ((id, location), is_residential) in homes.ids.into_iter().zip(homes.locations).zip(is_residential)
        {
            let neighbourhood = self.neighbourhood_of(location);
            let Some(neighbourhood) = neighbourhood.filter(|_| !land.is_for_other_uses(location)) else {
                continue;
            };
            kept.homes.ids.push(id);
            kept.homes.locations.push(location);
            kept.homes.weights.push(1.0);
            kept.is_residential.push(is_residential);
            kept.neighbourhoods.push(neighbourhood);
        }
        // Where no street says that it is residential, all of them have homes.
        if !kept.is_residential.contains(&true) {
            kept.is_residential.fill(true);
        }
        Some(kept)
    }
}

impl Buildings {
    /// The homes, once what stands behind them is said.
    fn told(mut self, findings: &mut Findings) -> Homes {
        let of = |doubt| self.doubtful.get(&doubt).copied().unwrap_or_default();
        let (all, likely) = (self.homes.len(), self.homes.len() - self.stated);
        let floor_m2: f64 = self.homes.weights.iter().sum();
        let guessed = if floor_m2 > 0.0 { 100.0 * self.guessed_m2 / floor_m2 } else { 0.0 };
        let told = format!(
            "{all} buildings of OpenStreetMap stand in for homes, each counting by its floor area (outline times levels): \
             {} say that they are homes, {likely} are plain buildings that may be something else; {guessed:.0} % of the floor \
             area is guessed, since {} have no levels",
            self.stated, self.without_levels
        );
        let left_out = format!(
            "left out are plain buildings on land for other uses ({}), smaller than {SMALLEST_HOME_M2} m² ({}), and larger than \
             {LARGEST_HOME_M2} m² or deeper than {DEEPEST_HOME_M} m ({}); {} of another kind or use, and {} homes outside the \
             neighbourhoods",
            of(Doubt::Land),
            of(Doubt::Small),
            of(Doubt::Large),
            self.others,
            self.outside
        );
        let hint = "no residents are known: shares are shares of floor area; `[osm] homes = \"stated\"` keeps the buildings that \
                    say so, `\"any\"` takes every plain one, `\"streets\"` takes positions along streets";
        let finding: Error = about(format!("{told}; {left_out}")).hint(hint);
        if likely > 0 || self.without_levels > 0 {
            findings.warning(finding)
        } else {
            findings.note(finding)
        }
        self.homes.stand_in = Some(told);
        self.homes
    }
}

/// How much of the residential streets has homes near it.
struct Coverage {
    near: usize,
    positions: usize,
    /// Of each neighbourhood: positions with a home near, and all of them.
    of_neighbourhoods: Vec<(usize, usize)>,
}

impl Coverage {
    fn of(homes: &Homes, positions: &Positions, ground: &Ground<'_>) -> Self {
        let tree = RTree::bulk_load(homes.locations.iter().map(|home| [home.x(), home.y()]).collect());
        let mut coverage =
            Self { near: 0, positions: 0, of_neighbourhoods: vec![(0, 0); ground.neighbourhoods.len()] };
        for ((place, neighbourhood), _) in positions
            .homes
            .locations
            .iter()
            .zip(&positions.neighbourhoods)
            .zip(&positions.is_residential)
            .filter(|(_, is_residential)| **is_residential)
        {
            let is_near =
                tree.locate_within_distance([place.x(), place.y()], NEAR_M * NEAR_M).next().is_some();
            coverage.near += usize::from(is_near);
            coverage.positions += 1;
            if let Some(counts) = coverage.of_neighbourhoods.get_mut(*neighbourhood as usize) {
                counts.0 += usize::from(is_near);
                counts.1 += 1;
            }
        }
        coverage
    }

    fn is_too_low(&self) -> bool {
        Self::is_low((self.near, self.positions))
    }

    fn is_low((near, positions): (usize, usize)) -> bool {
        positions > 0 && (near as f64) < ENOUGH_HOMES * positions as f64
    }

    /// Names the neighbourhoods in which buildings say little.
    fn warn(&self, neighbourhoods: &[Neighbourhood], findings: &mut Findings) {
        let low =
            self.of_neighbourhoods.iter().zip(neighbourhoods).filter(|(counts, _)| Self::is_low(**counts));
        let low: Vec<&str> = low.map(|(_, neighbourhood)| neighbourhood.name.as_str()).collect();
        if !low.is_empty() {
            let message = format!(
                "less than half of the residential streets of {} neighbourhoods have a known home within {NEAR_M} m: {}",
                low.len(),
                few(&low)
            );
            findings.warning(about(message).hint("what is said of them is said of a few homes"));
        }
    }
}

/// Median levels of buildings by their `building` value, where enough are known.
struct UsualLevels<'a>(BTreeMap<&'a str, f64>);

impl<'a> UsualLevels<'a> {
    fn of(buildings: &'a [Building]) -> Self {
        let mut known: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for building in buildings.iter().filter(|building| building.dwelling != Dwelling::No) {
            if let (Some(kind), Some(levels)) = (building.tags.get("building"), building.levels) {
                known.entry(kind).or_default().push(levels);
            }
        }
        known.retain(|_, levels| levels.len() >= ENOUGH_LEVELS);
        let median = |mut levels: Vec<f64>| {
            levels.sort_by(f64::total_cmp);
            f64::midpoint(levels[(levels.len() - 1) / 2], levels[levels.len() / 2])
        };
        Self(known.into_iter().map(|(kind, levels)| (kind, median(levels))).collect())
    }

    /// One level where little is known.
    fn like(&self, building: &Building) -> f64 {
        building.tags.get("building").and_then(|kind| self.0.get(kind)).copied().unwrap_or(1.0)
    }
}

/// A home every [`STREET_HOME_SPACING_M`] along the streets, counted on from street to street, and whether its street is
/// residential.
fn along_streets(streets: &[Street]) -> (Homes, Vec<bool>) {
    let mut homes = Homes { weight: Weight::StreetPositions, ..Homes::default() };
    let mut is_residential = Vec::new();
    let mut until_next_m = STREET_HOME_SPACING_M / 2.0;
    for street in streets {
        let highway = street.tags.get("highway").unwrap_or_default();
        if !STREETS_WITH_HOMES.contains(&highway) || street.tags.is("area", "yes") {
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
                is_residential.push(RESIDENTIAL_STREETS.contains(&highway));
                along_m += STREET_HOME_SPACING_M;
            }
            until_next_m = along_m - length_m;
        }
    }
    (homes, is_residential)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Tags;
    use geo::{MultiPolygon, line_string};

    fn street(id: i64, x: f64, length: f64, highway: &str) -> Street {
        Street {
            id,
            line: line_string![(x: x, y: 0.0), (x: x + length, y: 0.0)],
            vertices: vec![id, id + 1],
            tags: Tags::from_iter([("highway", highway)]),
            ..Street::default()
        }
    }

    #[test]
    fn street_homes_keep_their_distance_across_streets() {
        // 0──50──────120 | 120──150──────250──270: homes at 50, 150 and 250.
        let streets = [street(1, 0.0, 120.0, "residential"), street(2, 120.0, 150.0, "tertiary")];
        let (homes, is_residential) = along_streets(&streets);
        let places: Vec<f64> = homes.locations.iter().map(|point| point.x()).collect();
        assert_eq!((places, is_residential), (vec![50.0, 150.0, 250.0], vec![true, false, false]));
        assert!(along_streets(&[street(1, 0.0, 500.0, "motorway")]).0.is_empty());
    }

    #[test]
    fn unknown_levels_are_the_median_of_their_kind_where_ten_are_known() {
        let building = |kind: &str, levels| Building {
            id: String::new(),
            shape: MultiPolygon::new(Vec::new()),
            footprint_m2: 100.0,
            levels,
            dwelling: Dwelling::Stated,
            tags: Tags::from_iter([("building", kind)]),
        };
        let mut buildings: Vec<Building> =
            (1..=10).map(|levels| building("apartments", Some(f64::from(levels)))).collect();
        buildings.extend((1..=9).map(|_| building("house", Some(2.0))));
        let usual = UsualLevels::of(&buildings);
        assert_eq!(usual.like(&building("apartments", None)), 5.5);
        assert_eq!(usual.like(&building("house", None)), 1.0);
    }
}
