//! Zoning: what may be built where.

use super::config::{LikelyShares, RuleColumn, ZoningTable};
use super::layer::{Layer, column_or_default};
use super::listing::few;
use super::place::Place;
use crate::error::nearest;
use crate::model::{Findings, ZoningCode, ZoningDistrict};
use crate::zoning::{Assumptions, RealisticShares, RuleBook, Rules};
use crate::{Error, ErrorKind};
use std::collections::{BTreeMap, BTreeSet};
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
    let own = own_rules(&layer, &table.columns, findings);
    let districts =
        layer.ids().iter().zip(&codes).zip(shapes?).zip(own?).map(|(((id, code), shape), own)| {
            ZoningDistrict {
                id: id.clone(),
                code: code.clone(),
                shape,
                allows_homes: allows(&table.homes, code),
                allows_apartments: allows(&table.apartments, code),
                own,
            }
        });
    Some(districts.collect())
}

/// What the codes allow, and what is assumed where they are silent.
pub(super) fn read_code(table: &ZoningTable, findings: &mut Findings) -> ZoningCode {
    let book = RuleBook::read(&table.rules).unwrap_or_else(|error| {
        findings.error(error.in_layer("zoning.rules"));
        RuleBook::default()
    });
    let (given, usual) = (table.assumptions, Assumptions::default());
    let assumptions = Assumptions {
        dwelling_size: given.dwelling_m2.unwrap_or(usual.dwelling_size),
        efficiency: given.efficiency.unwrap_or(usual.efficiency),
        storey_height: given.storey_m.unwrap_or(usual.storey_height),
        stall_area: given.stall_m2.unwrap_or(usual.stall_area),
        whole_lots: given.whole_lots.unwrap_or(usual.whole_lots),
        net_share: given.net_share.unwrap_or(usual.net_share),
    };
    if let Err(error) = assumptions.check() {
        findings.error(error.in_layer("zoning.assumptions"));
    }
    let household_size = given.household_size;
    if let Some(size) = household_size.filter(|size| !(size.is_finite() && *size > 0.0)) {
        let error = Error::new(ErrorKind::Value, format!("`household_size` is `{size}`"))
            .hint("people in a dwelling, above 0");
        findings.error(error.in_layer("zoning.assumptions"));
    }
    let likely =
        table.likely.map(|LikelyShares { low, expected, high }| RealisticShares { low, expected, high });
    if let Some(Err(error)) = likely.map(|shares| shares.check()) {
        findings.error(error.in_layer("zoning.likely"));
    }
    ZoningCode { book, assumptions, household_size, likely }
}

/// Rules that a layer states in columns, one set per row; what is empty or 0 states nothing.
pub(super) fn own_rules(
    layer: &Layer,
    columns: &BTreeMap<String, RuleColumn>,
    findings: &mut Findings,
) -> Option<Vec<Rules>> {
    let mut read = Vec::new();
    for (key, column) in columns {
        let (unit, name) = match column {
            RuleColumn::Plain(name) => (String::new(), name),
            RuleColumn::WithUnit(named) => match named.iter().next() {
                Some((unit, name)) if named.len() == 1 => (unit.clone(), name),
                _ => {
                    let error = Error::new(ErrorKind::Value, format!("`columns.{key}` names no column"));
                    findings.error(error.in_layer(&layer.name).hint("write `{ per_acre = \"COLUMN\" }`"));
                    return None;
                }
            },
        };
        read.push((key.as_str(), unit, name.as_str(), layer.optional_numbers(name, findings)?));
    }
    let rules = |row: usize| {
        let stated = read.iter().filter_map(|(key, unit, _, numbers)| {
            numbers[row].filter(|number| *number != 0.0).map(|number| (*key, unit.as_str(), number))
        });
        Rules::with_units(&stated.collect::<Vec<_>>())
    };
    let mut all = Vec::with_capacity(layer.len());
    for row in 0..layer.len() {
        match rules(row) {
            Ok(own) => all.push(own),
            Err(error) => {
                let error = error.in_layer(&layer.name).at_row(layer.row_number(row));
                findings.error(error.with_id(layer.ids()[row].as_str()));
                return None;
            }
        }
    }
    Some(all)
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
