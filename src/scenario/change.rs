//! Changes of a city, in the order in which they are made, and how they are written down.

use crate::crs::Reprojector;
use crate::toml_text::read_toml;
use crate::{Crs, Error, ErrorKind, Result};
use geo::{Coord, LineString, MultiPolygon, Point, Polygon};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// One change; places are in the study's metric system.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// A service opens.
    AddService {
        /// Its id, which no other service has.
        id: String,
        /// Its category.
        category: String,
        /// What people call it.
        name: Option<String>,
        /// Where.
        at: Point<f64>,
        /// Places, beds, seats.
        capacity: Option<f64>,
    },
    /// A service closes.
    CloseService {
        /// Its id.
        service: String,
    },
    /// A service moves.
    MoveService {
        /// Its id.
        service: String,
        /// Where to.
        to: Point<f64>,
    },
    /// A service has more or fewer places.
    SetCapacity {
        /// Its id.
        service: String,
        /// 0 or more.
        capacity: f64,
    },
    /// Homes are built.
    AddHomes {
        /// Their id, which no other home has.
        id: String,
        /// Where.
        at: Point<f64>,
        /// Residents, 0 or more.
        residents: f64,
        /// Members of groups; a group that is not named has the share that it has in the neighbourhood, or else the city.
        groups: BTreeMap<String, f64>,
    },
    /// People leave homes, which are demolished.
    RemoveHomes {
        /// Their ids.
        homes: Vec<String>,
    },
    /// A street, path or bridge: its two ends join the nearest street within 20 m, and nothing between them joins.
    AddStreet {
        /// Its line.
        line: LineString<f64>,
        /// The value of `highway`.
        class: String,
        /// Whether it crosses without following the ground.
        bridge: bool,
        /// Its id; `None` for the next one that is free.
        id: Option<i64>,
        /// Other tags of OpenStreetMap, which say who may use it.
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
        at: Point<f64>,
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
    /// A street closes for everybody.
    RemoveStreet {
        /// Its id.
        street: i64,
    },
    /// A park is laid out, entered where streets meet or pass its edge.
    AddGreenSpace {
        /// Its id, which no other green space has.
        id: String,
        /// What people call it.
        name: Option<String>,
        /// Its area.
        shape: MultiPolygon<f64>,
    },
    /// Jobs come.
    AddJobs {
        /// Id of the workplace, which no other has.
        id: String,
        /// Where.
        at: Point<f64>,
        /// How many, 0 or more.
        jobs: f64,
        /// Some of them by class.
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
        /// Which land.
        land: LandSelection,
        /// The code, of which the study states rules.
        to: String,
        /// Whether land that would allow fewer dwellings keeps its code.
        never_lower: bool,
    },
    /// Homes are built where zoning leaves room.
    BuildOut {
        /// Which land.
        land: LandSelection,
        /// How many.
        amount: Amount,
        /// People per dwelling, above 0.
        household_size: f64,
        /// Who moves in.
        residents: Newcomers,
        /// Share of the new dwellings that are affordable, 0 to 1.
        affordable: f64,
        /// Whether the homes that stand on the land make way; else they stay, and what is built is net of them.
        clears: bool,
    },
}

/// Which land a change is about: everything, less what each condition leaves out.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LandSelection {
    /// Codes; empty for all.
    #[serde(default)]
    pub code: Vec<String>,
    /// Ids or names of neighbourhoods; empty for all.
    #[serde(default)]
    pub neighbourhoods: Vec<String>,
    /// Ids of parcels or districts; empty for all.
    #[serde(default)]
    pub ids: Vec<String>,
}

/// How much is built.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// A share of the room that zoning leaves, 0 to 1.
    Share(f64),
    /// So many dwellings, spread in proportion to that room.
    Dwellings(f64),
}

/// Who moves into new dwellings.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Newcomers {
    /// People like those of the neighbourhood, or of the city where nobody lives in it.
    LikeNeighbourhood,
    /// People like those of the city.
    LikeCity,
    /// Shares of groups, 0 to 1 each; of a group that is not named nobody comes.
    Shares(BTreeMap<String, f64>),
}

/// What a change can do to a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// It can only make walks shorter.
    Adds,
    /// It can only make walks longer.
    Closes,
    /// It changes no walk.
    Neither,
    /// It may do both.
    Both,
}

impl Change {
    /// The word for it in files.
    #[must_use]
    pub fn action(&self) -> &'static str {
        match self {
            Self::AddService { .. } => "add_service",
            Self::CloseService { .. } => "close_service",
            Self::MoveService { .. } => "move_service",
            Self::SetCapacity { .. } => "set_capacity",
            Self::AddHomes { .. } => "add_homes",
            Self::RemoveHomes { .. } => "remove_homes",
            Self::AddStreet { .. } => "add_street",
            Self::RemoveStreet { .. } => "remove_street",
            Self::RemoveLine { .. } => "remove_line",
            Self::DoubleLine { .. } => "double_line",
            Self::ChangeStreet { .. } => "change_street",
            Self::AddCrossing { .. } => "add_crossing",
            Self::AddGreenSpace { .. } => "add_green_space",
            Self::AddJobs { .. } => "add_jobs",
            Self::SetIndicator { .. } => "set_indicator",
            Self::Rezone { .. } => "rezone",
            Self::BuildOut { .. } => "build_out",
        }
    }

    /// Whether it changes who can go where.
    #[must_use]
    pub fn is_of_streets(&self) -> bool {
        matches!(
            self,
            Self::AddStreet { .. }
                | Self::ChangeStreet { .. }
                | Self::AddCrossing { .. }
                | Self::RemoveStreet { .. }
        )
    }

    /// Whether it changes what runs, so that public transport is measured before and after.
    #[must_use]
    pub fn is_of_lines(&self) -> bool {
        matches!(self, Self::RemoveLine { .. } | Self::DoubleLine { .. })
    }

    /// Whether it is about services alone.
    #[must_use]
    pub fn is_of_services(&self) -> bool {
        matches!(
            self,
            Self::AddService { .. }
                | Self::CloseService { .. }
                | Self::MoveService { .. }
                | Self::SetCapacity { .. }
        )
    }

    /// What it can do to a walk.
    pub(super) fn direction(&self) -> Direction {
        match self {
            Self::AddService { .. } | Self::AddGreenSpace { .. } | Self::AddCrossing { .. } => {
                Direction::Adds
            }
            // A street in one direction joins what it joins, too; only tags may close it, and then it adds nothing.
            Self::AddStreet { .. } => Direction::Adds,
            Self::CloseService { .. } | Self::RemoveStreet { .. } => Direction::Closes,
            Self::MoveService { .. } | Self::ChangeStreet { .. } => Direction::Both,
            Self::SetCapacity { .. }
            | Self::AddHomes { .. }
            | Self::RemoveHomes { .. }
            | Self::AddJobs { .. }
            | Self::SetIndicator { .. }
            | Self::Rezone { .. }
            | Self::RemoveLine { .. }
            | Self::DoubleLine { .. }
            | Self::BuildOut { .. } => Direction::Neither,
        }
    }
}

/// A named, ordered list of changes. The study that they are made to is never changed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scenario {
    /// What it is called.
    pub name: String,
    /// In the order in which they are made.
    pub changes: Vec<Change>,
    /// Names of scenarios that it cannot stand beside.
    pub conflicts: Vec<String>,
    /// Names of files with scenarios that are made first.
    pub requires: Vec<String>,
    /// Name and the actions that it leaves out.
    pub variants: Vec<(String, Vec<String>)>,
}

impl Scenario {
    /// The same scenario without some of its changes.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if there is no such variant.
    pub fn variant(&self, name: &str) -> Result<Self> {
        let found = self.variants.iter().find(|(known, _)| known == name);
        let (_, without) = found.ok_or_else(|| {
            let known: Vec<&str> = self.variants.iter().map(|(known, _)| known.as_str()).collect();
            Error::new(ErrorKind::Parameter, format!("`{}` has no variant `{name}`", self.name))
                .hint(format!("its variants are {}", known.join(", ")))
        })?;
        let mut variant = self.clone();
        variant.name = format!("{}, {name}", self.name);
        variant.changes.retain(|change| !without.iter().any(|action| action == change.action()));
        Ok(variant)
    }

    /// The same content has the same id, whatever the name.
    #[must_use]
    pub fn id(&self) -> String {
        // FNV-1a, Fowler, Noll & Vo: stable over versions and machines.
        let written = format!("{:?}", self.changes);
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        format!("{:016x}", written.bytes().fold(0xcbf2_9ce4_8422_2325, mix))
    }

    /// Reads a scenario whose places are longitude and latitude, for a study in the system `crs`.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] with line and nearest key; [`ErrorKind::Geometry`] with the number of the change if a place is
    /// none on earth.
    ///
    /// # Example
    /// ```
    /// use commonground::{Crs, scenario::Scenario};
    /// let text = "name = 'Fewer clinics'\n[[changes]]\naction = 'close_service'\nservice = 'c02'";
    /// let scenario = Scenario::from_toml(text, "fewer.toml", &Crs::new("EPSG:32631")?)?;
    /// assert_eq!(scenario.changes[0].action(), "close_service");
    /// # Ok::<(), commonground::Error>(())
    /// ```
    pub fn from_toml(text: &str, name: &str, crs: &Crs) -> Result<Self> {
        let no_files = |file: &str| {
            Err(Error::new(ErrorKind::Io, format!("`{file}` cannot be read here"))
                .hint("write the line or the shape into the scenario"))
        };
        Self::from_toml_beside(text, name, crs, &no_files)
    }

    /// As [`Scenario::from_toml`], with lines and shapes from GeoJSON files.
    ///
    /// - `load`: the text of a file by its name.
    ///
    /// # Errors
    /// As for [`Scenario::from_toml`], and those of `load`.
    pub fn from_toml_beside(
        text: &str,
        name: &str,
        crs: &Crs,
        load: &dyn Fn(&str) -> Result<String>,
    ) -> Result<Self> {
        Self::of_file(read_toml(text, "a scenario", name, ErrorKind::Format)?, name, crs, load)
    }

    /// As [`Scenario::from_toml_beside`], from JSON of the same keys.
    ///
    /// # Errors
    /// As for [`Scenario::from_toml_beside`].
    pub fn from_json_beside(
        text: &str,
        name: &str,
        crs: &Crs,
        load: &dyn Fn(&str) -> Result<String>,
    ) -> Result<Self> {
        let file = serde_json::from_str(text).map_err(|error| {
            Error::new(ErrorKind::Format, format!("the scenario cannot be understood: {error}"))
                .in_layer(name)
        })?;
        Self::of_file(file, name, crs, load)
    }

    fn of_file(file: File, name: &str, crs: &Crs, load: &dyn Fn(&str) -> Result<String>) -> Result<Self> {
        let to_study = Reprojector::new(&Crs::wgs84(), crs)?;
        let mut changes = Vec::with_capacity(file.changes.len());
        for (number, written) in file.changes.into_iter().enumerate() {
            let change = written.place(&to_study, number + 1, load);
            changes.push(change.map_err(|error| error.in_layer(name).at_row(number + 1))?);
        }
        Ok(Self {
            name: file.name,
            changes,
            conflicts: file.conflicts,
            requires: file.requires,
            variants: file.variants.into_iter().map(|variant| (variant.name, variant.leave_out)).collect(),
        })
    }
}

/// A scenario and those that it requires, in the order in which they are made.
///
/// - `load`: the text of a file by its name.
///
/// # Errors
/// Those of [`Scenario::from_toml`] and `load`; [`ErrorKind::Value`] if requirements go in a circle or two scenarios conflict.
pub fn with_requirements(
    name: &str,
    crs: &Crs,
    load: &dyn Fn(&str) -> Result<String>,
) -> Result<Vec<Scenario>> {
    let mut done: Vec<(String, Scenario)> = Vec::new();
    gather(name, crs, load, &mut Vec::new(), &mut done)?;
    for (at, (_, one)) in done.iter().enumerate() {
        let conflicting = done.iter().enumerate().find(|(other, (file, scenario))| {
            *other != at && one.conflicts.iter().any(|name| name == file || *name == scenario.name)
        });
        if let Some((_, (_, other))) = conflicting {
            let message = format!("`{}` and `{}` cannot stand beside one another", one.name, other.name);
            return Err(Error::new(ErrorKind::Value, message).in_layer(name));
        }
    }
    Ok(done.into_iter().map(|(_, scenario)| scenario).collect())
}

/// The scenario of a file with those that it requires made first, as one list of changes.
///
/// - `variant`: the variant of the file's own scenario that is meant.
///
/// # Errors
/// Those of [`with_requirements`] and [`Scenario::variant`].
pub fn scenario_of(
    name: &str,
    variant: Option<&str>,
    crs: &Crs,
    load: &dyn Fn(&str) -> Result<String>,
) -> Result<Scenario> {
    let mut chain = with_requirements(name, crs, load)?;
    let mut last = chain.pop().unwrap_or_default();
    if let Some(variant) = variant {
        last = last.variant(variant)?;
    }
    let first = chain.into_iter().flat_map(|scenario| scenario.changes);
    last.changes = first.chain(std::mem::take(&mut last.changes)).collect();
    Ok(last)
}

fn gather(
    name: &str,
    crs: &Crs,
    load: &dyn Fn(&str) -> Result<String>,
    open: &mut Vec<String>,
    done: &mut Vec<(String, Scenario)>,
) -> Result<()> {
    if done.iter().any(|(known, _)| known == name) {
        return Ok(());
    }
    if open.iter().any(|known| known == name) {
        let circle = open.join(", which requires ");
        let message = format!("`requires` goes in a circle: {circle}, which requires {name}");
        return Err(Error::new(ErrorKind::Value, message));
    }
    let scenario = Scenario::from_toml_beside(&load(name)?, name, crs, load)?;
    open.push(name.to_owned());
    for required in &scenario.requires {
        gather(required, crs, load, open, done)?;
    }
    open.pop();
    done.push((name.to_owned(), scenario));
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    #[serde(default)]
    requires: Vec<String>,
    #[serde(default)]
    conflicts: Vec<String>,
    #[serde(default)]
    changes: Vec<Written>,
    #[serde(default)]
    variants: Vec<Variant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    name: String,
    leave_out: Vec<String>,
}

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
enum Written {
    AddService {
        id: Option<String>,
        category: String,
        name: Option<String>,
        at: [f64; 2],
        capacity: Option<f64>,
    },
    CloseService {
        service: String,
    },
    MoveService {
        service: String,
        to: [f64; 2],
    },
    SetCapacity {
        service: String,
        capacity: f64,
    },
    AddHomes {
        id: Option<String>,
        at: [f64; 2],
        residents: f64,
        #[serde(default)]
        groups: BTreeMap<String, f64>,
    },
    RemoveHomes {
        homes: Vec<String>,
    },
    AddStreet {
        line: Option<Vec<[f64; 2]>>,
        file: Option<String>,
        class: Option<String>,
        #[serde(default)]
        bridge: bool,
        id: Option<i64>,
        #[serde(default)]
        tags: BTreeMap<String, String>,
    },
    ChangeStreet {
        street: i64,
        tags: BTreeMap<String, String>,
    },
    AddCrossing {
        at: [f64; 2],
    },
    RemoveStreet {
        street: i64,
    },
    RemoveLine {
        line: String,
    },
    DoubleLine {
        line: String,
    },
    AddGreenSpace {
        id: Option<String>,
        name: Option<String>,
        ring: Option<Vec<[f64; 2]>>,
        file: Option<String>,
    },
    AddJobs {
        id: Option<String>,
        at: [f64; 2],
        jobs: f64,
        #[serde(default)]
        classes: BTreeMap<String, f64>,
    },
    SetIndicator {
        neighbourhood: String,
        year: i32,
        column: String,
        value: f64,
    },
    Rezone {
        #[serde(default, rename = "where")]
        land: LandSelection,
        to: String,
        #[serde(default)]
        never_lower: bool,
    },
    BuildOut {
        #[serde(default, rename = "where")]
        land: LandSelection,
        share: Option<f64>,
        dwellings: Option<f64>,
        household_size: f64,
        #[serde(default)]
        residents: BTreeMap<String, LikeOrShare>,
        affordable: Option<f64>,
        #[serde(default)]
        clears: bool,
    },
}

/// `{ like = "city" }` or `{ newcomers = 0.3 }`.
#[derive(Deserialize)]
#[serde(untagged)]
enum LikeOrShare {
    Share(f64),
    Like(String),
}

impl Written {
    /// The change with its places in the study's system; `number` names what has no id of its own.
    fn place(
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
        let own_id = |id: Option<String>| id.unwrap_or_else(|| format!("change {number}"));
        Ok(match self {
            Self::AddService { id, category, name, at, capacity } => {
                Change::AddService { id: own_id(id), category, name, at: Point(coord(at)?), capacity }
            }
            Self::CloseService { service } => Change::CloseService { service },
            Self::MoveService { service, to } => Change::MoveService { service, to: Point(coord(to)?) },
            Self::SetCapacity { service, capacity } => Change::SetCapacity { service, capacity },
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
            Self::AddGreenSpace { id, name, ring, file } => {
                let rings = one_of(ring.map(|ring| vec![vec![ring]]), file, load, "ring", "Polygon")?;
                let polygon = |rings: Vec<Vec<[f64; 2]>>| -> Result<Polygon<f64>> {
                    let mut rings = rings.into_iter().map(coords).collect::<Result<Vec<_>>>()?.into_iter();
                    let outer = rings.next().unwrap_or_else(|| LineString(Vec::new()));
                    Ok(Polygon::new(outer, rings.collect()))
                };
                let shape = MultiPolygon(rings.into_iter().map(polygon).collect::<Result<_>>()?);
                Change::AddGreenSpace { id: own_id(id), name, shape }
            }
            Self::AddJobs { id, at, jobs, classes } => {
                Change::AddJobs { id: own_id(id), at: Point(coord(at)?), jobs, classes }
            }
            Self::SetIndicator { neighbourhood, year, column, value } => {
                Change::SetIndicator { neighbourhood, year, column, value }
            }
            Self::Rezone { land, to, never_lower } => Change::Rezone { land, to, never_lower },
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
                let residents = newcomers(residents)?;
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

/// Parts of rings of places: of a polygon its rings, of a line one ring in one part.
type Parts = Vec<Vec<Vec<[f64; 2]>>>;

/// What is written, or the geometries of a GeoJSON file.
fn one_of(
    written: Option<Parts>,
    file: Option<String>,
    load: &dyn Fn(&str) -> Result<String>,
    key: &str,
    kind: &str,
) -> Result<Parts> {
    let wrong = |message: String| Error::new(ErrorKind::Geometry, message);
    match (written, file) {
        (Some(parts), None) => Ok(parts),
        (None, Some(file)) => {
            let json: Json = serde_json::from_str(&load(&file)?)
                .map_err(|error| Error::new(ErrorKind::Format, format!("`{file}` is no GeoJSON: {error}")))?;
            let mut parts = Vec::new();
            gather_parts(&json, kind, &mut parts);
            match parts.is_empty() {
                true => Err(wrong(format!("`{file}` has no {kind}"))
                    .hint("a GeoJSON file in longitude and latitude, as its standard says")),
                false => Ok(parts),
            }
        }
        _ => Err(wrong(format!("it needs `{key}` or `file`, and not both"))),
    }
}

fn gather_parts(json: &Json, kind: &str, parts: &mut Parts) {
    for list in ["features", "geometries"] {
        for one in json[list].as_array().into_iter().flatten() {
            gather_parts(one, kind, parts);
        }
    }
    gather_one(&json["geometry"], kind, parts);
    gather_one(json, kind, parts);
}

fn gather_one(json: &Json, kind: &str, parts: &mut Parts) {
    let places = |list: &Json| -> Vec<[f64; 2]> {
        let place = |one: &Json| Some([one[0].as_f64()?, one[1].as_f64()?]);
        list.as_array().into_iter().flatten().filter_map(place).collect()
    };
    let rings = |list: &Json| list.as_array().into_iter().flatten().map(places).collect::<Vec<_>>();
    let coordinates = &json["coordinates"];
    let several = || coordinates.as_array().into_iter().flatten();
    match (json["type"].as_str().unwrap_or_default(), kind) {
        ("LineString", "LineString") => parts.push(vec![places(coordinates)]),
        ("MultiLineString", "LineString") => parts.extend(several().map(|line| vec![places(line)])),
        ("Polygon", "Polygon") => parts.push(rings(coordinates)),
        ("MultiPolygon", "Polygon") => parts.extend(several().map(rings)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crs() -> Crs {
        Crs::new("EPSG:32631").unwrap()
    }

    #[test]
    fn the_same_content_has_the_same_id_and_a_variant_another() {
        let text = "name = 'A'\n[[changes]]\naction = 'close_service'\nservice = 'p1'\n\
                    [[changes]]\naction = 'add_homes'\nat = [3.0, 55.0]\nresidents = 20\n\
                    [[variants]]\nname = 'homes only'\nleave_out = ['close_service']";
        let one = Scenario::from_toml(text, "a.toml", &crs()).unwrap();
        let renamed = Scenario { name: "B".into(), ..one.clone() };
        assert_eq!(one.id(), renamed.id());
        let variant = one.variant("homes only").unwrap();
        assert_eq!(variant.changes.len(), 1);
        assert_ne!(one.id(), variant.id());
        assert!(one.variant("none").unwrap_err().to_string().contains("homes only"));
    }

    #[test]
    fn wrong_files_name_what_is_wrong() {
        let error = |text: &str| Scenario::from_toml(text, "a.toml", &crs()).unwrap_err().to_string();
        let action = error("name = 'A'\n[[changes]]\naction = 'clos_service'\nservice = 'p'");
        assert!(action.contains("close_service"), "{action}");
        assert!(
            error("name = 'A'\n[[changes]]\naction = 'move_service'\nservice = 'p'\nto = [300.0, 5.0]")
                .contains("longitude")
        );
        assert!(error("nam = 'A'").contains("name"));
    }

    #[test]
    fn requirements_come_first_and_neither_circles_nor_conflicts_pass() {
        let load = |name: &str| -> Result<String> {
            Ok(match name {
                "a" => "name = 'A'\nrequires = ['b', 'c']",
                "b" => "name = 'B'\nrequires = ['c']",
                "c" => "name = 'C'",
                "x" => "name = 'X'\nrequires = ['y']",
                "y" => "name = 'Y'\nrequires = ['x']",
                _ => "name = 'Z'\nrequires = ['c']\nconflicts = ['C']",
            }
            .to_owned())
        };
        let names: Vec<String> =
            with_requirements("a", &crs(), &load).unwrap().into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["C", "B", "A"]);
        assert!(with_requirements("x", &crs(), &load).unwrap_err().to_string().contains("circle"));
        assert!(with_requirements("z", &crs(), &load).unwrap_err().to_string().contains("`Z` and `C`"));
    }
}
