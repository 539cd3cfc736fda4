//! What residents say against a score: carried beside it into every output.

use crate::error::nearest;
use crate::toml_text::read_toml;
use crate::{Error, ErrorKind, Result};
use polars::prelude::{DataFrame, DataType};
use serde::{Deserialize, Serialize};

/// One objection to what is said of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objection {
    /// Id of the place.
    pub place: String,
    /// What residents say.
    pub statement: String,
    /// Who decided about it; empty while nobody has.
    #[serde(default)]
    pub decided_by: String,
    /// Where it stands.
    #[serde(default)]
    pub status: ObjectionStatus,
    /// Date, as the file gives it.
    #[serde(default)]
    pub date: String,
}

/// Where an objection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ObjectionStatus {
    /// Nobody has decided yet.
    #[default]
    Open,
    /// The score is known to be wrong for this place: it is shown, and said to be wrong.
    Upheld,
    /// The score stands.
    NotUpheld,
}

impl ObjectionStatus {
    /// In words, for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Upheld => "upheld",
            Self::NotUpheld => "not upheld",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ObjectionFile {
    #[serde(default)]
    objections: Vec<Objection>,
}

/// Objections from TOML: one `[[objections]]` each, with `place`, `statement`, `decided_by`, `status` and `date`.
///
/// # Errors
/// [`ErrorKind::Format`] if it is no TOML, or a key or a status is not known.
pub fn objections_from_toml(text: &str) -> Result<Vec<Objection>> {
    read_toml::<ObjectionFile>(text, "an objections file", "objections", ErrorKind::Format)
        .map(|file| file.objections)
}

/// Objections from a table with the columns `place` and `statement`, and perhaps `decided_by`, `status` and `date`.
///
/// # Errors
/// [`ErrorKind::Column`] if one of the first two is missing; [`ErrorKind::Value`] for an empty place or an unknown
/// status.
pub fn objections_from_table(table: &DataFrame) -> Result<Vec<Objection>> {
    let texts = |name: &str, needed: bool| -> Result<Vec<String>> {
        let Ok(column) = table.column(name) else {
            let error = Error::new(ErrorKind::Column, format!("there is no column `{name}`"));
            return if needed {
                Err(error.in_layer("objections"))
            } else {
                Ok(vec![String::new(); table.height()])
            };
        };
        let column = column.cast(&DataType::String).ok();
        let texts = column.as_ref().and_then(|column| column.str().ok());
        Ok(texts.map_or_else(Vec::new, |texts| texts.iter().map(|t| t.unwrap_or("").to_owned()).collect()))
    };
    let (places, statements) = (texts("place", true)?, texts("statement", true)?);
    let (deciders, states, dates) =
        (texts("decided_by", false)?, texts("status", false)?, texts("date", false)?);
    let at = |row: usize, message: String| {
        Error::new(ErrorKind::Value, message).in_layer("objections").at_row(row + 1)
    };
    let row = |row: usize| {
        let status = match states[row].as_str() {
            "" | "open" => ObjectionStatus::Open,
            "upheld" => ObjectionStatus::Upheld,
            "not_upheld" | "not upheld" => ObjectionStatus::NotUpheld,
            other => {
                let error = at(row, format!("`{other}` is not a status")).in_column("status");
                return Err(error.hint("open, upheld or not_upheld"));
            }
        };
        if places[row].is_empty() {
            return Err(at(row, "an objection names no place".into()).in_column("place"));
        }
        Ok(Objection {
            place: places[row].clone(),
            statement: statements[row].clone(),
            decided_by: deciders[row].clone(),
            status,
            date: dates[row].clone(),
        })
    };
    (0..table.height()).map(row).collect()
}

/// # Errors
/// [`ErrorKind::Value`] for an objection to a place that is not there.
pub(super) fn check_places(objections: &[Objection], ids: &[String]) -> Result<()> {
    match objections.iter().find(|objection| !ids.contains(&objection.place)) {
        None => Ok(()),
        Some(lost) => {
            let error = Error::new(
                ErrorKind::Value,
                format!("an objection is to `{}`, which is no place", lost.place),
            )
            .in_layer("objections");
            Err(match nearest(&lost.place, ids.iter().map(String::as_str)) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error.hint("`place` holds the id of a place"),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::df;

    #[test]
    fn toml_and_table_say_the_same() {
        let toml = "[[objections]]\nplace = 'n07'\nstatement = 'the clinic opened in May'\nstatus = 'upheld'\n\
                    decided_by = 'ward council'\n[[objections]]\nplace = 'n09'\nstatement = 'the park is fenced'\n";
        let from_toml = objections_from_toml(toml).unwrap();
        let table = df!("place" => ["n07", "n09"], "status" => [Some("upheld"), None],
            "statement" => ["the clinic opened in May", "the park is fenced"],
            "decided_by" => [Some("ward council"), None])
        .unwrap();
        assert_eq!(objections_from_table(&table).unwrap(), from_toml);
        assert_eq!(from_toml[1].status, ObjectionStatus::Open);
        let ids = ["n07".to_owned(), "n10".to_owned()];
        assert!(check_places(&from_toml, &ids).unwrap_err().to_string().contains("`n09`, which is no place"));
    }

    #[test]
    fn a_wrong_file_is_named() {
        let unknown =
            objections_from_toml("[[objections]]\nplace = 'a'\nstatement = 'x'\nstatus = 'upheldd'\n");
        assert!(unknown.unwrap_err().to_string().contains("did you mean `upheld`?"));
        let table = df!("place" => ["a"], "statement" => ["x"], "status" => ["no"]).unwrap();
        assert_eq!(objections_from_table(&table).unwrap_err().position().row, Some(1));
        assert_eq!(
            objections_from_table(&df!("place" => ["a"]).unwrap()).unwrap_err().kind(),
            ErrorKind::Column
        );
    }
}
