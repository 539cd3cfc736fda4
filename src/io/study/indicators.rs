//! Censuses: tables by neighbourhood and year, and prices by year.

use super::config::IndicatorTable;
use super::layer::{Layer, file_name};
use super::listing::{Listing, few};
use super::place::Place;
use crate::model::{
    Findings, Homes, IndicatorYear, Kind, MARGIN, Neighbourhood, Panel, PanelColumn, PriceIndex,
    known_indicators as known,
};
use crate::spatial::{CarriedMedian, Crosswalk};
use crate::{Error, ErrorKind, Result};
use geo::MultiPolygon;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Medians of parts that differ by more than this factor make no good median of the whole.
const UNLIKE: f64 = 1.5;

/// A table of one year, in the order of the neighbourhoods, before margins of error are set beside their estimates.
pub(super) struct YearTable {
    year: i32,
    columns: BTreeMap<String, Vec<Option<f64>>>,
}

/// The indicators of one table.
pub(super) fn read(
    table: &IndicatorTable,
    neighbourhoods: &[Neighbourhood],
    root: &Path,
    findings: &mut Findings,
) -> Option<YearTable> {
    let name = format!("indicators {}", file_name(&table.file));
    let layer = Layer::read_plain(&name, &table.source(), root, findings)?;
    let row_of = match_ids(&layer, neighbourhoods, findings);
    let columns = read_columns(table, &layer, &wanted_columns(table, &layer), findings);
    let row_of = row_of?;
    let in_order = |values: Vec<Option<f64>>| row_of.iter().map(|row| values[(*row)?]).collect();
    let columns = columns?.into_iter().map(|(name, values)| (name, in_order(values))).collect();
    Some(YearTable { year: table.year, columns })
}

/// The indicators of polygons with boundaries of their own, carried onto the neighbourhoods by the residents of the homes
/// that both hold: counts are handed out, all else is a mean over residents. Margins of error follow their estimates
/// ([`Crosswalk::carry_margins`]).
pub(super) fn read_carried(
    table: &IndicatorTable,
    (place, neighbourhoods): (&Place, &[Neighbourhood]),
    homes: &Homes,
    root: &Path,
    findings: &mut Findings,
) -> Option<YearTable> {
    let name = format!("indicators {}", file_name(&table.file));
    let layer = Layer::read(&name, &table.source(), root, findings)?;
    if table.columns.is_empty() {
        let error = Error::new(ErrorKind::Study, "a table with boundaries of its own names no columns");
        findings
            .error(error.in_layer(&name).hint("say which to carry: `columns = { population = \"TOTAL\" }`"));
        return None;
    }
    let wanted: Vec<(String, String)> =
        table.columns.iter().map(|(ours, theirs)| (ours.clone(), theirs.clone())).collect();
    let columns = read_columns(table, &layer, &wanted, findings)?;
    let areas = place.areas(&layer, findings)?;
    let mut carry = || -> Result<YearTable> {
        let year = IndicatorYear::new(table.year, columns.clone())?;
        let given = Panel::from_indicators(layer.ids().to_vec(), &[year], &PriceIndex::new())?;
        // A median of 0 must not be carried as a low one.
        let (clean, cleaned) = given.cleaned()?;
        findings.append(cleaned);
        let shapes: Vec<MultiPolygon<f64>> = neighbourhoods.iter().map(|one| one.shape.clone()).collect();
        let crosswalk = Crosswalk::by_points(&areas, &shapes, &homes.locations, &homes.weights)?;
        findings.append(crosswalk.findings(&name));
        let about = |message: String| Error::new(ErrorKind::Study, message).in_layer(&name);
        findings.note(about(format!(
            "{} areas are carried onto {} neighbourhoods by the {} of the homes in both; medians become means of medians",
            areas.len(),
            shapes.len(),
            homes.weight
        )));
        let mut columns = BTreeMap::new();
        for (column, _, PanelColumn { values, moe, kind }) in clean.columns() {
            if *kind == Kind::Median {
                let parts = crosswalk.medians(values)?;
                let differ = |one: &&CarriedMedian| one.highest > UNLIKE * one.lowest;
                let unlike = parts.iter().flatten().filter(differ).count();
                if unlike > 0 {
                    let message = format!(
                        "in {unlike} of {} neighbourhoods the parts that make up `{column}` differ by more than half",
                        shapes.len()
                    );
                    findings.note(about(message).in_column(column).hint("their medians say little"));
                }
            }
            if let Some(moe) = moe {
                columns.insert(format!("{column}{MARGIN}"), crosswalk.carry_margins(*kind, values, moe)?);
            }
            columns.insert(column.to_owned(), crosswalk.carry(*kind, values)?);
        }
        Ok(YearTable { year: table.year, columns })
    };
    carry().map_err(|error| findings.error(error.in_layer(&layer.name))).ok()
}

/// The numbers of columns, under our names; `None` if one that is asked for cannot be used.
fn read_columns(
    table: &IndicatorTable,
    layer: &Layer,
    wanted: &[(String, String)],
    findings: &mut Findings,
) -> Option<BTreeMap<String, Vec<Option<f64>>>> {
    let mut columns = BTreeMap::new();
    let mut is_whole = true;
    for (ours, theirs) in wanted {
        let is_mapped = table.columns.contains_key(ours);
        let is_meant = is_mapped || known::ALL.contains(&ours.as_str());
        if !is_meant && let Some(near) = known_name_near(ours) {
            let error = Error::new(ErrorKind::Column, format!("`{ours}` is no indicator that a score reads"));
            findings.warning(
                error.in_layer(&layer.name).in_column(theirs).hint(format!("did you mean `{near}`?")),
            );
        }
        // A column that nobody asked for may hold texts.
        let mut unasked = Findings::default();
        let values = layer.optional_numbers(theirs, if is_meant { &mut *findings } else { &mut unasked });
        match values {
            Some(mut values) => {
                for value in &mut values {
                    *value = value.filter(|value| !table.missing.contains(value));
                }
                is_whole &= check_range(layer, ours, theirs, &values, findings);
                columns.insert(ours.clone(), values);
            }
            None => is_whole &= !is_meant,
        }
    }
    is_whole.then_some(columns)
}

/// The indicator that a misspelt name (of an estimate or of its margin) is meant to be, if any is near.
fn known_name_near(name: &str) -> Option<&'static str> {
    let estimate = name.strip_suffix(MARGIN).unwrap_or(name);
    /// Most letters that a slip of the pen changes; what differs by more is another word, such as `median_age`.
    const SLIP: usize = 2;
    known::ALL.into_iter().find(|known| (1..=SLIP).contains(&strsim::osa_distance(estimate, known)))
}

/// Our name and their column: the mapped ones, then every other column under its own name.
fn wanted_columns(table: &IndicatorTable, layer: &Layer) -> Vec<(String, String)> {
    let mut wanted: Vec<(String, String)> =
        table.columns.iter().map(|(ours, theirs)| (ours.clone(), theirs.clone())).collect();
    let id = table.id.as_deref().unwrap_or("id");
    for column in layer.column_names() {
        let is_taken = wanted.iter().any(|(ours, theirs)| *ours == column || *theirs == column);
        if !is_taken && column != id && column != "year" {
            wanted.push((column.clone(), column));
        }
    }
    wanted
}

/// The row of each neighbourhood.
fn match_ids(
    layer: &Layer,
    neighbourhoods: &[Neighbourhood],
    findings: &mut Findings,
) -> Option<Vec<Option<usize>>> {
    let mut row_with: HashMap<&str, usize> =
        layer.ids().iter().enumerate().map(|(row, id)| (id.as_str(), row)).collect();
    let row_of: Vec<Option<usize>> =
        neighbourhoods.iter().map(|one| row_with.remove(one.id.as_str())).collect();
    if neighbourhoods.is_empty() {
        return None;
    }
    let mut unknown: Vec<&str> = row_with.into_keys().collect();
    unknown.sort_unstable();
    let about = |message: String| Error::new(ErrorKind::Value, message).in_layer(&layer.name);
    if unknown.len() == layer.len() {
        let hint = format!("neighbourhoods have ids like `{}`", neighbourhoods[0].id);
        findings.error(about(format!("no id is one of a neighbourhood: {}", few(&unknown))).hint(hint));
        return None;
    }
    if !unknown.is_empty() {
        let message =
            format!("{} ids are unknown among the neighbourhoods: {}", unknown.len(), few(&unknown));
        findings.warning(about(message).hint("their rows are left out"));
    }
    let without: Vec<&str> = neighbourhoods
        .iter()
        .zip(&row_of)
        .filter(|(_, row)| row.is_none())
        .map(|(one, _)| one.id.as_str())
        .collect();
    if !without.is_empty() {
        let message = format!("{} neighbourhoods are not in the table: {}", without.len(), few(&without));
        findings.warning(about(message).hint("their indicators are missing"));
    }
    Some(row_of)
}

/// Shares lie between 0 and 1; money, counts and margins of error are not negative, but for codes of the census.
fn check_range(
    layer: &Layer,
    ours: &str,
    theirs: &str,
    values: &[Option<f64>],
    findings: &mut Findings,
) -> bool {
    let is_share = known::SHARES.contains(&ours);
    let is_margin = ours.ends_with(MARGIN);
    let (mut negative, mut over) = (Listing::default(), Listing::default());
    for (index, value) in values.iter().enumerate() {
        match value {
            Some(value)
                if *value < 0.0 && (known::ALL.contains(&ours) || is_margin && !Panel::is_code(*value)) =>
            {
                layer.list(&mut negative, index, Some(&value.to_string()));
            }
            Some(value) if *value > 1.0 && is_share => layer.list(&mut over, index, Some(&value.to_string())),
            _ => {}
        }
    }
    let hints = [
        (&negative, "is negative", "list the values that mean missing: `missing = [-999]`"),
        (&over, "is a share and over 1", "is it in percent? a share of 25 % is 0.25"),
    ];
    for (listing, what, hint) in hints.iter().filter(|(listing, ..)| !listing.is_empty()) {
        let error = listing.error(ErrorKind::Value, &format!("`{ours}` {what}"));
        findings.error(error.in_layer(&layer.name).in_column(theirs).hint(*hint));
    }
    negative.is_empty() && over.is_empty()
}

/// Years in order; two tables of one year become one, unless they both have a column. Margins join their estimates.
pub(super) fn merge_years(tables: Vec<YearTable>, findings: &mut Findings) -> Vec<IndicatorYear> {
    let mut years: BTreeMap<i32, BTreeMap<String, Vec<Option<f64>>>> = BTreeMap::new();
    for YearTable { year, columns } in tables {
        let known = years.entry(year).or_default();
        for (name, values) in columns {
            if known.insert(name.clone(), values).is_some() {
                let error =
                    Error::new(ErrorKind::Study, format!("two tables of {year} have a column `{name}`"));
                findings.error(error.in_layer("indicators"));
            }
        }
    }
    let read = |(year, mut columns): (i32, BTreeMap<String, Vec<Option<f64>>>)| {
        let alone = |name: &&String| {
            name.strip_suffix(MARGIN).is_some_and(|estimate| !columns.contains_key(estimate))
        };
        let alone: Vec<String> = columns.keys().filter(alone).cloned().collect();
        for name in alone {
            columns.remove(&name);
            let message =
                format!("`{name}` is a margin of error without its estimate in {year}, and left out");
            let hint = format!("name the column of `{}` too", name.trim_end_matches(MARGIN));
            findings.warning(Error::new(ErrorKind::Column, message).in_layer("indicators").hint(hint));
        }
        IndicatorYear::new(year, columns).map_err(|error| findings.error(error)).ok()
    };
    years.into_iter().filter_map(read).collect()
}

/// Says for which dates of the indicators there is no price, where there are prices at all.
pub(super) fn warn_of_missing_prices(
    prices: &PriceIndex,
    indicators: &[IndicatorYear],
    findings: &mut Findings,
) {
    let missing = |one: &&IndicatorYear| !prices.is_empty() && !prices.contains_key(&one.year);
    for IndicatorYear { year, .. } in indicators.iter().filter(missing) {
        let message =
            format!("there is no price for {year}, so money of that date is compared with no other");
        let near = prices.keys().min_by_key(|known| known.abs_diff(*year));
        let error = Error::new(ErrorKind::Value, message).in_layer("prices");
        let hint = near.map(|near| format!("the nearest year of `[prices]` is {near}")).unwrap_or_default();
        findings.warning(error.hint(hint));
    }
}

/// `[prices]`.
pub(super) fn read_prices(prices: &BTreeMap<String, f64>, findings: &mut Findings) -> PriceIndex {
    let mut index = PriceIndex::new();
    for (year, &price) in prices {
        match year.parse() {
            Ok(year) if price.is_finite() && price > 0.0 => {
                index.insert(year, price);
            }
            _ => {
                let message =
                    format!("`{year} = {price}`: the price level of a year must be a positive number");
                let error = Error::new(ErrorKind::Value, message).in_layer("prices");
                findings.error(error.hint("write `2010 = 218.1`: any base, above zero"));
            }
        }
    }
    index
}
