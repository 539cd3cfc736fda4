//! Scenarios as people write them, in TOML or JSON: keys and their meaning, and from there to changes in the study's system.

use super::change::{Amount, Change, LandSelection, Newcomers, ServiceName};
use super::shapes::one_of;
use crate::crs::Reprojector;
use crate::model::transit::{LineStop, NewLine, clock_time, weekdays};
use crate::{Error, ErrorKind, KmPerHour, Minutes, Result};
use geo::{Coord, LineString, MultiPolygon, Point, Polygon};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A scenario: changes of a study, in the order in which they are made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScenarioFile {
    /// What it is called.
    pub(super) name: String,
    /// Files with scenarios that are made first, beside this one.
    #[serde(default)]
    pub(super) requires: Vec<String>,
    /// Names of scenarios that it cannot stand beside.
    #[serde(default)]
    pub(super) conflicts: Vec<String>,
    /// What changes, in this order.
    #[serde(default)]
    pub(super) changes: Vec<Written>,
    /// The same scenario without some of its changes.
    #[serde(default)]
    pub(super) variants: Vec<Variant>,
}

/// A scenario without some of its changes.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Variant {
    /// What it is called.
    pub(super) name: String,
    /// The actions that are left out: `["close_service"]`.
    pub(super) leave_out: Vec<String>,
}

/// One change; `action` says which. Places are `[longitude, latitude]` in degrees.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Change")]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Written {
    /// A service opens.
    AddService {
        /// Its id, which no other service has; by default the number of the change.
        id: Option<String>,
        /// Its category, as in the study: `clinic`.
        category: String,
        /// What people call it.
        name: Option<String>,
        /// Where.
        at: [f64; 2],
        /// Places, beds or seats, 0 or more.
        capacity: Option<f64>,
    },
    /// A service closes.
    CloseService {
        /// Its id.
        service: String,
        /// Its category, where several services have the id.
        category: Option<String>,
    },
    /// A service moves.
    MoveService {
        /// Its id.
        service: String,
        /// Its category, where several services have the id.
        category: Option<String>,
        /// Where to.
        to: [f64; 2],
    },
    /// A service has more or fewer places.
    SetCapacity {
        /// Its id.
        service: String,
        /// Its category, where several services have the id.
        category: Option<String>,
        /// Places, beds or seats, 0 or more.
        capacity: f64,
    },
    /// Homes are built.
    AddHomes {
        /// Their id, which no other home has; by default the number of the change.
        id: Option<String>,
        /// Where.
        at: [f64; 2],
        /// Residents, 0 or more; in a study whose homes count dwellings or floor area, so many of those.
        residents: f64,
        /// Members of groups, as `{ seniors = 12 }`; a group that is not named has the share that it has in the neighbourhood,
        /// or else the city.
        #[serde(default)]
        groups: BTreeMap<String, f64>,
    },
    /// People leave homes, which are demolished.
    RemoveHomes {
        /// Their ids.
        homes: Vec<String>,
    },
    /// A street, path or bridge: its two ends join the nearest street within 20 m, and nothing between them joins.
    AddStreet {
        /// Its line, two places or more; either this or `file`.
        line: Option<Vec<[f64; 2]>>,
        /// A GeoJSON file with its line, beside the scenario.
        file: Option<String>,
        /// The value of OpenStreetMap's `highway`; by default `footway`.
        class: Option<String>,
        /// Whether it crosses without following the ground.
        #[serde(default)]
        bridge: bool,
        /// Its id; by default the next that is free.
        id: Option<i64>,
        /// Other tags of OpenStreetMap, which say who may use it.
        #[serde(default)]
        tags: BTreeMap<String, String>,
    },
    /// A street has other tags: steps get a ramp, a street is closed to cars.
    ChangeStreet {
        /// Its id.
        street: i64,
        /// Tags that are added or replaced.
        tags: BTreeMap<String, String>,
    },
    /// A crossing: the two streets nearest to a place, which do not meet there, are joined.
    AddCrossing {
        /// Where.
        at: [f64; 2],
    },
    /// A new line of public transport runs at a headway.
    AddLine {
        /// Its name for passengers, which no other line has.
        line: String,
        /// Its stops in the order of travel, two or more: the id of a stop of the timetable, or the place of a new one.
        stops: Vec<LineStop>,
        /// Minutes between departures.
        headway_minutes: f64,
        /// First departure from the first stop, `5:30`; times after midnight go on as `24:30`.
        first: String,
        /// Last departure from the first stop.
        last: String,
        /// Speed from stop to stop along straight lines, stops included, in km/h.
        speed_kmh: f64,
        /// Days of the week on which it runs, `["saturday", "sunday"]`; by default all.
        #[serde(default)]
        days: Vec<String>,
        /// Whether it runs from the first stop to the last alone, rather than back, too.
        #[serde(default)]
        one_way: bool,
    },
    /// A stop of public transport moves; vehicles are there when they were.
    MoveStop {
        /// Its id in the timetable.
        stop: String,
        /// Where it moves.
        to: [f64; 2],
    },
    /// A street closes for everybody.
    RemoveStreet {
        /// Its id.
        street: i64,
    },
    /// A line of public transport stops running.
    RemoveLine {
        /// Its name for passengers, or its id in the timetable.
        line: String,
    },
    /// A line of public transport runs twice as often: one more trip halfway between any two.
    DoubleLine {
        /// Its name for passengers, or its id in the timetable.
        line: String,
    },
    /// A park is laid out, entered where streets meet or pass its edge.
    AddGreenSpace {
        /// Its id, which no other green space has; by default the number of the change.
        id: Option<String>,
        /// What people call it.
        name: Option<String>,
        /// Its edge, three places or more; either this or `file`.
        ring: Option<Vec<[f64; 2]>>,
        /// A GeoJSON file with its area, beside the scenario.
        file: Option<String>,
    },
    /// Jobs come.
    AddJobs {
        /// Id of the workplace, which no other has; by default the number of the change.
        id: Option<String>,
        /// Where.
        at: [f64; 2],
        /// How many, 0 or more.
        jobs: f64,
        /// Some of them by class.
        #[serde(default)]
        classes: BTreeMap<String, f64>,
    },
    /// An indicator of a neighbourhood has another value: what a census or a survey would find.
    SetIndicator {
        /// Id or name of the neighbourhood.
        neighbourhood: String,
        /// The year of the table.
        year: i32,
        /// Its column.
        column: String,
        /// The value.
        value: f64,
    },
    /// Land gets another code.
    Rezone {
        /// Which land; all of it by default.
        #[serde(default, rename = "where")]
        land: WrittenLand,
        /// The code, of which the study states rules.
        to: String,
        /// Whether land that would allow fewer dwellings keeps its code.
        #[serde(default)]
        never_lower: bool,
    },
    /// Homes are built where zoning leaves room.
    BuildOut {
        /// Which land; all of it by default.
        #[serde(default, rename = "where")]
        land: WrittenLand,
        /// Share of the room that zoning leaves, 0 to 1; either this or `dwellings`.
        share: Option<f64>,
        /// So many dwellings, spread in proportion to that room.
        dwellings: Option<f64>,
        /// People per dwelling, above 0.
        household_size: f64,
        /// Who moves in: `{ like = "neighbourhood" }`, which is the default, `{ like = "city" }`, or shares of groups from 0
        /// to 1, as `{ newcomers = 0.3 }`; of a group that is not named nobody comes.
        #[serde(default)]
        residents: BTreeMap<String, LikeOrShare>,
        /// Share of the new dwellings that are affordable, 0 to 1; by default none.
        affordable: Option<f64>,
        /// Whether the homes that stand on the land make way; else they stay, and what is built is net of them.
        #[serde(default)]
        clears: bool,
    },
}

/// Which land a change is about: everything, less what each condition leaves out.
#[derive(Deserialize, JsonSchema, Default)]
#[schemars(rename = "LandSelection")]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenLand {
    /// Codes; empty for all.
    #[serde(default)]
    code: Vec<String>,
    /// Ids or names of neighbourhoods; empty for all.
    #[serde(default)]
    neighbourhoods: Vec<String>,
    /// Ids of parcels or districts; empty for all.
    #[serde(default)]
    ids: Vec<String>,
    /// Only land inside this area, its corners as `[longitude, latitude]`: parcels of which a middle point lies in it; districts are
    /// cut along its edge.
    ring: Option<Vec<[f64; 2]>>,
    /// A GeoJSON file with that area, beside the scenario.
    file: Option<String>,
}

/// A share of a group, or whom newcomers are like.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum LikeOrShare {
    /// From 0 to 1.
    Share(f64),
    /// `neighbourhood` or `city`.
    Like(String),
}

impl Written {
    /// The change with its places in the study's system; `number` names what has no id of its own.
    pub(super) fn place(
        self,
        to_study: &Reprojector,
        number: usize,
        load: &dyn Fn(&str) -> Result<String>,
    ) -> Result<Change> {
        let coord = |[x, y]: [f64; 2]| {
            if !(x.abs() <= 180.0 && y.abs() <= 90.0) {
                let message = format!("`[{x}, {y}]` is no longitude and latitude");
                return Err(
                    Error::new(ErrorKind::Geometry, message).hint("write `[longitude, latitude]` in degrees")
                );
            }
            to_study.coord(Coord { x, y })
        };
        let coords = |places: Vec<[f64; 2]>| -> Result<LineString<f64>> {
            Ok(LineString(places.into_iter().map(coord).collect::<Result<_>>()?))
        };
        let shape = |ring: Option<Vec<[f64; 2]>>, file: Option<String>| -> Result<MultiPolygon<f64>> {
            let parts = one_of(ring.map(|ring| vec![vec![ring]]), file, load, "ring", "Polygon")?;
            let polygon = |rings: Vec<Vec<[f64; 2]>>| -> Result<Polygon<f64>> {
                let mut rings = rings.into_iter().map(coords).collect::<Result<Vec<_>>>()?.into_iter();
                let outer = rings.next().unwrap_or_else(|| LineString(Vec::new()));
                Ok(Polygon::new(outer, rings.collect()))
            };
            Ok(MultiPolygon(parts.into_iter().map(polygon).collect::<Result<_>>()?))
        };
        let selection = |land: WrittenLand| -> Result<LandSelection> {
            let WrittenLand { code, neighbourhoods, ids, ring, file } = land;
            let inside = (ring.is_some() || file.is_some()).then(|| shape(ring, file)).transpose()?;
            Ok(LandSelection { code, neighbourhoods, ids, inside })
        };
        let own_id = |id: Option<String>| id.unwrap_or_else(|| format!("change {number}"));
        Ok(match self {
            Self::AddService { id, category, name, at, capacity } => {
                Change::AddService { id: own_id(id), category, name, at: Point(coord(at)?), capacity }
            }
            Self::CloseService { service: id, category } => {
                Change::CloseService { service: ServiceName { id, category } }
            }
            Self::MoveService { service: id, category, to } => {
                Change::MoveService { service: ServiceName { id, category }, to: Point(coord(to)?) }
            }
            Self::SetCapacity { service: id, category, capacity } => {
                Change::SetCapacity { service: ServiceName { id, category }, capacity }
            }
            Self::AddHomes { id, at, residents, groups } => {
                Change::AddHomes { id: own_id(id), at: Point(coord(at)?), residents, groups }
            }
            Self::RemoveHomes { homes } => Change::RemoveHomes { homes },
            Self::AddStreet { line, file, class, bridge, id, tags } => {
                let rings = one_of(line.map(|line| vec![vec![line]]), file, load, "line", "LineString")?;
                Change::AddStreet {
                    line: coords(rings.into_iter().flatten().next().unwrap_or_default())?,
                    class: class.unwrap_or_else(|| "footway".to_owned()),
                    bridge,
                    id,
                    tags,
                }
            }
            Self::ChangeStreet { street, tags } => Change::ChangeStreet { street, tags },
            Self::AddCrossing { at } => Change::AddCrossing { at: Point(coord(at)?) },
            Self::RemoveStreet { street } => Change::RemoveStreet { street },
            Self::RemoveLine { line } => Change::RemoveLine { line },
            Self::DoubleLine { line } => Change::DoubleLine { line },
            Self::AddLine { line, stops, headway_minutes, first, last, speed_kmh, days, one_way } => {
                for stop in &stops {
                    if let LineStop::At(place) = stop {
                        coord(*place)?;
                    }
                }
                Change::AddLine(NewLine {
                    name: line,
                    stops,
                    headway: Minutes::new(headway_minutes)?,
                    departures: [clock_time(&first)?, clock_time(&last)?],
                    speed: KmPerHour::new(speed_kmh)?,
                    days: weekdays(&days)?,
                    one_way,
                })
            }
            Self::MoveStop { stop, to } => {
                coord(to)?;
                Change::MoveStop { stop, to }
            }
            Self::AddGreenSpace { id, name, ring, file } => {
                Change::AddGreenSpace { id: own_id(id), name, shape: shape(ring, file)? }
            }
            Self::AddJobs { id, at, jobs, classes } => {
                Change::AddJobs { id: own_id(id), at: Point(coord(at)?), jobs, classes }
            }
            Self::SetIndicator { neighbourhood, year, column, value } => {
                Change::SetIndicator { neighbourhood, year, column, value }
            }
            Self::Rezone { land, to, never_lower } => {
                Change::Rezone { land: selection(land)?, to, never_lower }
            }
            Self::BuildOut { land, share, dwellings, household_size, residents, affordable, clears } => {
                let amount = match (share, dwellings) {
                    (Some(share), None) => Amount::Share(share),
                    (None, Some(dwellings)) => Amount::Dwellings(dwellings),
                    _ => {
                        let message = "how much is built is not said, or said twice";
                        return Err(Error::new(ErrorKind::Value, message).hint(
                            "write `share = 0.6` of what zoning leaves room for, or `dwellings = 240`",
                        ));
                    }
                };
                let (land, residents) = (selection(land)?, newcomers(residents)?);
                let affordable = affordable.unwrap_or(0.0);
                Change::BuildOut { land, amount, household_size, residents, affordable, clears }
            }
        })
    }
}

fn newcomers(written: BTreeMap<String, LikeOrShare>) -> Result<Newcomers> {
    let mut shares = BTreeMap::new();
    for (name, value) in written {
        match (name.as_str(), value) {
            ("like", LikeOrShare::Like(word)) if word == "neighbourhood" => {
                return Ok(Newcomers::LikeNeighbourhood);
            }
            ("like", LikeOrShare::Like(word)) if word == "city" => return Ok(Newcomers::LikeCity),
            (_, LikeOrShare::Share(share)) => drop(shares.insert(name, share)),
            (_, LikeOrShare::Like(word)) => {
                let message = format!("`residents` has `{name} = \"{word}\"`");
                return Err(Error::new(ErrorKind::Value, message).hint(
                    "write `{ like = \"neighbourhood\" }`, `{ like = \"city\" }` or shares of groups",
                ));
            }
        }
    }
    Ok(if shares.is_empty() { Newcomers::LikeNeighbourhood } else { Newcomers::Shares(shares) })
}
