//! Changes of a city, in the order in which they are made, and how they are written down.

use crate::model::transit::NewLine;
use crate::{Error, ErrorKind, Result};
use geo::{LineString, MultiPolygon, Point};
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
        /// Which.
        service: ServiceName,
    },
    /// A service moves.
    MoveService {
        /// Which.
        service: ServiceName,
        /// Where to.
        to: Point<f64>,
    },
    /// A service has more or fewer places.
    SetCapacity {
        /// Which.
        service: ServiceName,
        /// 0 or more.
        capacity: f64,
    },
    /// Homes are built.
    AddHomes {
        /// Their id, which no other home has.
        id: String,
        /// Where.
        at: Point<f64>,
        /// Residents, 0 or more; in a study whose homes count dwellings or floor area, so many of those.
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
    /// A new line of public transport runs at a headway.
    AddLine(NewLine),
    /// A stop of public transport moves, in every timetable that has it; vehicles are there when they were.
    MoveStop {
        /// Its id in the timetable.
        stop: String,
        /// Where it moves, in degrees east and north (WGS84).
        to: [f64; 2],
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

/// A service of the study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceName {
    /// Its id.
    pub id: String,
    /// Its category, where several services have the id: files from different offices number their rows alike.
    pub category: Option<String>,
}

impl From<&str> for ServiceName {
    fn from(id: &str) -> Self {
        Self { id: id.to_owned(), category: None }
    }
}

/// Which land a change is about: everything, less what each condition leaves out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LandSelection {
    /// Codes; empty for all.
    pub code: Vec<String>,
    /// Ids or names of neighbourhoods; empty for all.
    pub neighbourhoods: Vec<String>,
    /// Ids of parcels or districts; empty for all.
    pub ids: Vec<String>,
    /// An area: parcels of which a middle point lies in it; districts are cut along its edge.
    pub inside: Option<MultiPolygon<f64>>,
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
            Self::AddLine(_) => "add_line",
            Self::MoveStop { .. } => "move_stop",
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
        matches!(
            self,
            Self::RemoveLine { .. } | Self::DoubleLine { .. } | Self::AddLine(_) | Self::MoveStop { .. }
        )
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
            | Self::AddLine(_)
            | Self::MoveStop { .. }
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

    /// Whether every change that does something to a walk does this.
    pub(super) fn only(&self, direction: Direction) -> bool {
        self.changes.iter().all(|change| [direction, Direction::Neither].contains(&change.direction()))
    }

    /// The same content has the same id, whatever the name.
    #[must_use]
    pub fn id(&self) -> String {
        // FNV-1a, Fowler, Noll & Vo: stable over versions and machines.
        let written = format!("{:?}", self.changes);
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        format!("{:016x}", written.bytes().fold(0xcbf2_9ce4_8422_2325, mix))
    }
}
