//! Zoning: what may be built where.

use super::config::ZoningTable;
use super::layer::{Layer, column_or_default};
use super::listing::few;
use super::place::Place;
use crate::error::nearest;
use crate::model::{Findings, ZoningDistrict};
use crate::{Error, ErrorKind};
use std::collections::BTreeSet;
use std::path::Path;

/// Districts with their code.
pub(super) fn read(
    table: &ZoningTable,
    root: &Path,
    place: &Place,
    findings: &mut Findings,
) -> Option<Vec<ZoningDistrict>> {
    let layer = Layer::read("zoning", &table.source(), root, findings)?;
    let codes = layer
        .optional_texts(column_or_default(&layer, table.code.as_deref(), "code").unwrap_or("code"), findings);
    let shapes = place.areas(&layer, findings);
    let codes: Vec<String> = codes?.into_iter().map(Option::unwrap_or_default).collect();
    let known: BTreeSet<&str> = codes.iter().map(String::as_str).collect();
    for (key, listed) in [("homes", &table.homes), ("apartments", &table.apartments)] {
        report_unknown(key, listed.as_deref().unwrap_or_default(), &known, findings);
    }
    if let Some(homes) = &table.homes {
        let others: Vec<&str> =
            known.iter().copied().filter(|code| !homes.iter().any(|home| home == code)).collect();
        if !others.is_empty() {
            let message = format!(
                "{} codes are not in `homes`, so none may be built there: {}",
                others.len(),
                few(&others)
            );
            findings.note(Error::new(ErrorKind::Value, message).in_layer("zoning"));
        }
    }
    let allows = |listed: &Option<Vec<String>>, code: &str| {
        listed.as_ref().map(|listed| listed.iter().any(|one| one == code))
    };
    let districts = layer.ids().iter().zip(&codes).zip(shapes?).map(|((id, code), shape)| ZoningDistrict {
        id: id.clone(),
        code: code.clone(),
        shape,
        allows_homes: allows(&table.homes, code),
        allows_apartments: allows(&table.apartments, code),
    });
    Some(districts.collect())
}

fn report_unknown(key: &str, listed: &[String], known: &BTreeSet<&str>, findings: &mut Findings) {
    let unknown: Vec<&String> = listed.iter().filter(|code| !known.contains(code.as_str())).collect();
    let Some(first) = unknown.first() else { return };
    let message = format!("codes in `{key}` that no district has: {}", few(&unknown));
    let warning = Error::new(ErrorKind::Value, message).in_layer("zoning");
    findings.warning(match nearest(first, known.iter().copied()) {
        Some(near) => warning.hint(format!("did you mean `{near}` instead of `{first}`?")),
        None => warning,
    });
}
