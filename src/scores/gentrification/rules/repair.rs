//! Repairs of a published definition: what of it is written anew, and why.

use super::definition::{Definition, Missing};
use crate::{Error, ErrorKind, Result};
use serde::Deserialize;
use std::collections::BTreeMap;

/// One defect of a published definition and what to write instead.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repair {
    /// Its letter or name.
    pub defect: String,
    /// What the published form does.
    pub what: String,
    missing: Option<Missing>,
    #[serde(default)]
    derive: BTreeMap<String, String>,
    #[serde(default)]
    drop_classes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Repairs {
    repairs: Vec<Repair>,
}

impl Repair {
    /// Reads a list of repairs.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if the text is no list of repairs.
    pub fn list_from_toml(text: &str) -> Result<Vec<Self>> {
        let repairs: Result<Repairs, _> = toml::from_str(text);
        repairs.map(|file| file.repairs).map_err(|error| {
            Error::new(ErrorKind::Format, format!("repairs cannot be understood: {}", error.message()))
        })
    }
}

impl Definition {
    /// The definition with these repairs, under another name.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if a repair is not understood; [`ErrorKind::Parameter`] if it repairs what is not there.
    pub fn repaired(&self, repairs: &[Repair], name: &str, title: &str) -> Result<Self> {
        let mut definition = Self { name: name.to_owned(), title: title.to_owned(), ..self.clone() };
        for repair in repairs {
            definition.missing = repair.missing.unwrap_or(definition.missing);
            for (key, text) in &repair.derive {
                let repaired = super::definition::derived(name, key, text)?;
                let same = definition
                    .derived
                    .iter_mut()
                    .find(|known| known.name == repaired.name && known.parameters == repaired.parameters);
                *same.ok_or_else(|| unknown(repair, key))? = repaired;
            }
            for code in &repair.drop_classes {
                let index = definition.classes.iter().position(|class| class.code == *code);
                definition.classes.remove(index.ok_or_else(|| unknown(repair, code))?);
            }
        }
        Ok(definition)
    }
}

fn unknown(repair: &Repair, what: &str) -> Error {
    Error::new(
        ErrorKind::Parameter,
        format!("repair `{}` changes `{what}`, which is not there", repair.defect),
    )
}
