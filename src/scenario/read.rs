//! Scenarios from files: one, or one with those that it requires made first.

use super::change::Scenario;
use super::written::ScenarioFile;
use crate::crs::Reprojector;
use crate::toml_text::read_toml;
use crate::{Crs, Error, ErrorKind, Result};

impl Scenario {
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
        Self::of_file(parse(text, name)?, (name, 0), crs, load)
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
        Self::of_file(file, (name, 0), crs, load)
    }

    /// - `before`: how many changes scenarios that come first have made, so that what has no id of its own is numbered on.
    fn of_file(
        file: ScenarioFile,
        (name, before): (&str, usize),
        crs: &Crs,
        load: &dyn Fn(&str) -> Result<String>,
    ) -> Result<Self> {
        let to_study = Reprojector::new(&Crs::wgs84(), crs)?;
        let mut changes = Vec::with_capacity(file.changes.len());
        for (number, written) in file.changes.into_iter().enumerate() {
            let change = written.place(&to_study, before + number + 1, load);
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
    let mut files: Vec<(String, ScenarioFile)> = Vec::new();
    gather(name, load, &mut Vec::new(), &mut files)?;
    let mut done: Vec<(String, Scenario)> = Vec::new();
    let mut made = 0;
    for (name, file) in files {
        let scenario = Scenario::of_file(file, (&name, made), crs, load)?;
        made += scenario.changes.len();
        done.push((name, scenario));
    }
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

fn parse(text: &str, name: &str) -> Result<ScenarioFile> {
    read_toml(text, "a scenario", name, ErrorKind::Format)
}

fn gather(
    name: &str,
    load: &dyn Fn(&str) -> Result<String>,
    open: &mut Vec<String>,
    done: &mut Vec<(String, ScenarioFile)>,
) -> Result<()> {
    if done.iter().any(|(known, _)| known == name) {
        return Ok(());
    }
    if open.iter().any(|known| known == name) {
        let circle = open.join(", which requires ");
        let message = format!("`requires` goes in a circle: {circle}, which requires {name}");
        return Err(Error::new(ErrorKind::Value, message));
    }
    let file = parse(&load(name)?, name)?;
    open.push(name.to_owned());
    for required in &file.requires {
        gather(required, load, open, done)?;
    }
    open.pop();
    done.push((name.to_owned(), file));
    Ok(())
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
    fn what_has_no_id_is_numbered_on_over_the_scenarios_that_are_required() {
        let homes = "[[changes]]\naction = 'add_homes'\nat = [3.0, 55.0]\nresidents = 20\n";
        let load = |name: &str| -> Result<String> {
            let requires = if name == "a" { "requires = ['b']\n" } else { "" };
            Ok(format!("name = '{name}'\n{requires}{homes}"))
        };
        let all = scenario_of("a", None, &crs(), &load).unwrap();
        let ids = all.changes.iter().map(|change| match change {
            super::super::change::Change::AddHomes { id, .. } => id.as_str(),
            _ => "",
        });
        assert_eq!(ids.collect::<Vec<_>>(), ["change 1", "change 2"]);
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
