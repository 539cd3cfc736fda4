//! Changes of a city, in the order in which they are made, and how they are written down.

use crate::crs::Reprojector;
use crate::toml_text::read_toml;
use crate::{Crs, Error, ErrorKind, Result};
use geo::{Coord, LineString, Point};
use serde::Deserialize;
use std::collections::BTreeMap;

/// One change; places are in the study's metric system.
#[derive(Debug, Clone, PartialEq)]
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
    },
    /// A street closes for everybody.
    RemoveStreet {
        /// Its id.
        street: i64,
    },
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
        }
    }

    /// Whether it changes who can go where.
    #[must_use]
    pub fn is_of_streets(&self) -> bool {
        matches!(self, Self::AddStreet { .. } | Self::RemoveStreet { .. })
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
        let file: File = read_toml(text, "a scenario", name, ErrorKind::Format)?;
        let to_study = Reprojector::new(&Crs::wgs84(), crs)?;
        let mut changes = Vec::with_capacity(file.changes.len());
        for (number, written) in file.changes.into_iter().enumerate() {
            let change = written.place(&to_study, number + 1);
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
    let scenario = Scenario::from_toml(&load(name)?, name, crs)?;
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
        line: Vec<[f64; 2]>,
        class: Option<String>,
        #[serde(default)]
        bridge: bool,
    },
    RemoveStreet {
        street: i64,
    },
}

impl Written {
    /// The change with its places in the study's system; `number` names what has no id of its own.
    fn place(self, to_study: &Reprojector, number: usize) -> Result<Change> {
        let coord = |[x, y]: [f64; 2]| {
            if !(x.abs() <= 180.0 && y.abs() <= 90.0) {
                let message = format!("`[{x}, {y}]` is no longitude and latitude");
                return Err(
                    Error::new(ErrorKind::Geometry, message).hint("write `[longitude, latitude]` in degrees")
                );
            }
            to_study.coord(Coord { x, y })
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
            Self::AddStreet { line, class, bridge } => Change::AddStreet {
                line: LineString(line.into_iter().map(coord).collect::<Result<_>>()?),
                class: class.unwrap_or_else(|| "footway".to_owned()),
                bridge,
            },
            Self::RemoveStreet { street } => Change::RemoveStreet { street },
        })
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
