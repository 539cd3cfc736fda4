//! What may stand in the files that people write, from `study.toml` to scenarios: JSON Schema, made from the very structures
//! that read them, so that an editor completes keys and marks wrong ones.

use crate::io::study;
use crate::scenario::{Households, ScenarioFile, StandardFile};
use crate::scores::budget_rules::BudgetRuleFile;
use crate::scores::cohesion::Definition;
use crate::scores::gentrification::DefinitionFile;
use crate::siting::{BudgetQuestion, Hub};
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
    /// A definition of gentrification.
    Gentrification,
    /// A scenario: what changes in a study.
    Scenario,
    /// Types of household, and what travelling costs them.
    Households,
    /// A standard of sites.
    Site,
    /// A question about sites.
    Siting,
    /// A question about a budget.
    Budget,
    /// A rule that divides a budget.
    BudgetRule,
}

impl FileKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Study,
        Self::Index,
        Self::Gentrification,
        Self::Scenario,
        Self::Households,
        Self::Site,
        Self::Siting,
        Self::Budget,
        Self::BudgetRule,
    ];

    /// The word for it on the command line: that of the command which reads such files, as far as one does.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Study => "study",
            Self::Index => "index",
            Self::Gentrification => "gentrification",
            Self::Scenario => "scenario",
            Self::Households => "households",
            Self::Site => "site",
            Self::Siting => "siting",
            Self::Budget => "budget",
            Self::BudgetRule => "budget_rule",
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
        FileKind::Gentrification => schema_for!(DefinitionFile),
        FileKind::Scenario => schema_for!(ScenarioFile),
        FileKind::Households => schema_for!(Households),
        FileKind::Site => schema_for!(StandardFile),
        FileKind::Siting => schema_for!(Hub),
        FileKind::Budget => schema_for!(BudgetQuestion),
        FileKind::BudgetRule => schema_for!(BudgetRuleFile),
    };
    serde_json::to_string_pretty(&schema)
        .map_err(|error| Error::new(ErrorKind::Io, format!("the schema cannot be written: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// Every key of a table and of its alternatives, as `table: key`, that has no description.
    fn unexplained(schema: &Value, table: &str, found: &mut Vec<String>) {
        let keys = schema["properties"].as_object();
        for (key, value) in keys.into_iter().flatten() {
            // The word that says which alternative it is, or its only key, is explained by the alternative.
            let is_only = keys.is_some_and(|keys| keys.len() == 1);
            let is_choice = (is_only || value.get("const").is_some()) && schema["description"].is_string();
            let is_explained = value["description"].as_str().is_some_and(|text| !text.is_empty());
            if !(is_explained || is_choice) {
                found.push(format!("{table}: {key}"));
            }
        }
        for one in schema["oneOf"].as_array().into_iter().flatten() {
            let choice = one["properties"]["action"]["const"].as_str().unwrap_or_default();
            unexplained(one, &format!("{table} {choice}"), found);
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

    #[test]
    fn every_action_of_a_scenario_is_an_alternative_that_knows_its_keys() {
        let schema: Value = serde_json::from_str(&json_schema(FileKind::Scenario).unwrap()).unwrap();
        let actions = schema["$defs"]["Change"]["oneOf"].as_array().unwrap();
        assert_eq!(actions.len(), 19);
        for action in actions {
            let name = action["properties"]["action"]["const"].as_str().unwrap();
            assert_eq!(action["additionalProperties"], false, "{name}");
            assert!(action["required"].as_array().unwrap().contains(&"action".into()), "{name}");
        }
    }
}
