//! The published definitions that come with the library, as rule tables.

use super::rules::{Definition, Repair};
use crate::{Error, ErrorKind, Result};

/// Every definition that comes with the library, by the name that [`published`] takes.
pub const PUBLISHED: [&str; 8] =
    ["udp", "udp_2018_compat", "freeman", "bates", "ding", "governing", "ncrc", "risk"];

const UDP_COMPAT: &str = include_str!("definitions/udp_2018_compat.toml");
const UDP_REPAIRS: &str = include_str!("definitions/udp_repairs.toml");

/// A published definition by its name: `udp` (nine classes), `udp_2018_compat` (as it was published, treatment of
/// missing values included), `freeman`, `bates`, `ding`, `governing`, `ncrc`, and `risk`, our continuous score.
///
/// # Errors
/// [`ErrorKind::Parameter`] if there is no such definition.
///
/// # Example
/// ```
/// let ding = commonground::scores::gentrification::published("ding")?;
/// assert_eq!(ding.dates, ["start", "end"]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn published(name: &str) -> Result<Definition> {
    let text = match name {
        "udp_2018_compat" => UDP_COMPAT,
        "udp" => {
            let title = "Urban Displacement Project typology (2018 data), repaired";
            return Definition::from_toml(UDP_COMPAT)?.repaired(&udp_repairs()?, name, title);
        }
        "freeman" => include_str!("definitions/freeman.toml"),
        "bates" => include_str!("definitions/bates.toml"),
        "ding" => include_str!("definitions/ding.toml"),
        "governing" => include_str!("definitions/governing.toml"),
        "ncrc" => include_str!("definitions/ncrc.toml"),
        "risk" => include_str!("definitions/risk.toml"),
        _ => {
            let error = Error::new(ErrorKind::Parameter, format!("no definition is called `{name}`"));
            return Err(error.hint(format!("there are {}; others are read from TOML", PUBLISHED.join(", "))));
        }
    };
    Definition::from_toml(text)
}

/// What the published typology of the Urban Displacement Project gets wrong, each with its repair.
///
/// # Errors
/// None in practice: the list comes with the library and is tested.
pub fn udp_repairs() -> Result<Vec<Repair>> {
    Repair::list_from_toml(UDP_REPAIRS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_definition_is_understood() {
        for name in PUBLISHED {
            let definition = published(name).unwrap();
            assert_eq!(definition.name, name);
            assert!(!definition.conditions().is_empty());
        }
        assert_eq!(published("freemann").unwrap_err().kind(), ErrorKind::Parameter);
        let (strict, published) = (published("udp").unwrap(), published("udp_2018_compat").unwrap());
        assert_eq!(strict.classes.len() + 1, published.classes.len());
    }
}
