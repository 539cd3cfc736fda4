//! What may stand in the files that people write: JSON Schema of `study.toml`, of an index and of a question about sites, made
//! from the very structures that read them, so that an editor completes keys and marks wrong ones.

use crate::io::study;
use crate::scores::cohesion::Definition;
use crate::siting::Hub;
use crate::{Error, ErrorKind, Result};
use schemars::schema_for;

/// A kind of file that people write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// `study.toml`.
    Study,
    /// The definition of an index of cohesion conditions.
    Index,
    /// A question about sites.
    Siting,
}

impl FileKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Study, Self::Index, Self::Siting];

    /// The word for it on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Study => "study",
            Self::Index => "index",
            Self::Siting => "siting",
        }
    }
}

/// The JSON Schema (draft 2020-12) of a kind of file: every key with its type, what it means, and the values that it may have.
///
/// # Errors
/// None in practice: a schema can be written.
///
/// # Example
/// ```
/// use commonground::schema::{FileKind, json_schema};
/// let schema = json_schema(FileKind::Study)?;
/// assert!(schema.contains("\"max_snap_distance_m\""));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn json_schema(kind: FileKind) -> Result<String> {
    let schema = match kind {
        FileKind::Study => study::schema(),
        FileKind::Index => schema_for!(Definition),
        FileKind::Siting => schema_for!(Hub),
    };
    serde_json::to_string_pretty(&schema)
        .map_err(|error| Error::new(ErrorKind::Io, format!("the schema cannot be written: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// Every key of every table, as `table: key`, that has no description.
    fn unexplained(schema: &Value, table: &str, found: &mut Vec<String>) {
        let Some(keys) = schema["properties"].as_object() else { return };
        for (key, value) in keys {
            let is_explained = value["description"].as_str().is_some_and(|text| !text.is_empty());
            if !is_explained {
                found.push(format!("{table}: {key}"));
            }
        }
    }

    #[test]
    fn every_key_says_what_it_means() {
        for kind in FileKind::ALL {
            let schema: Value = serde_json::from_str(&json_schema(kind).unwrap()).unwrap();
            let mut found = Vec::new();
            unexplained(&schema, kind.name(), &mut found);
            for (name, table) in schema["$defs"].as_object().unwrap() {
                unexplained(table, name, &mut found);
            }
            assert!(found.is_empty(), "{found:#?}");
            assert_eq!(schema["additionalProperties"], false, "{}: an unknown key is wrong", kind.name());
        }
    }
}
