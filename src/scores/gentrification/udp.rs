//! Where the published typology of the Urban Displacement Project and its repaired form differ, and why.

use super::classify::classify;
use super::published::{published, udp_repairs};
use super::rules::{Definition, Reference};
use crate::Result;
use crate::model::Panel;

/// A neighbourhood that the two forms put in different classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Position of the neighbourhood.
    pub row: usize,
    /// Its class as published.
    pub published: String,
    /// Its class by the repaired form; `None` where a missing value decides.
    pub repaired: Option<String>,
    /// The defects whose repair alone changes the published class, by their letters; empty where only several
    /// together do.
    pub defects: Vec<String>,
}

/// Lists the neighbourhoods whose class is another once the defects of the published typology are repaired.
///
/// `years`: the four that the dates of `udp` mean.
///
/// # Errors
/// As [`classify`].
pub fn udp_differences(panel: &Panel, years: &[i32], reference: &Reference) -> Result<Vec<Difference>> {
    let (as_published, repairs) = (published("udp_2018_compat")?, udp_repairs()?);
    let codes = |definition: &Definition| -> Result<Vec<Option<String>>> {
        let found = classify(panel, &[(definition, years.to_vec())], reference)?;
        Ok(found.codes(0).into_iter().map(|code| code.map(str::to_owned)).collect())
    };
    let (before, after) = (codes(&as_published)?, codes(&published("udp")?)?);
    let one_repaired = repairs
        .iter()
        .map(|repair| {
            let repaired = as_published.repaired(std::slice::from_ref(repair), "udp", &repair.what)?;
            Ok((repair.defect.as_str(), codes(&repaired)?))
        })
        .collect::<Result<Vec<_>>>()?;
    let differing = (0..panel.len()).filter(|row| before[*row] != after[*row]);
    Ok(differing
        .map(|row| {
            let alone = one_repaired.iter().filter(|(_, codes)| codes[row] != before[row]);
            Difference {
                row,
                published: before[row].clone().unwrap_or_default(),
                repaired: after[row].clone(),
                defects: alone.map(|(defect, _)| (*defect).to_owned()).collect(),
            }
        })
        .collect())
}
