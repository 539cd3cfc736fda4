//! One layer as its file gives it: rows, columns, ids, and what is wrong with them.

use super::config::{Join, Source};
use super::listing::{Listing, few};
use crate::error::nearest;
use crate::io::{ReadOptions, read_features, read_table};
use crate::model::standard::EVERYBODY;
use crate::model::{FeatureTable, Findings};
use crate::{Crs, Error, ErrorKind, Result};
use geo::{CoordsIter, Geometry};
use polars::prelude::{AnyValue, Column, DataFrame};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Up to here a double counts one by one: 2^53.
const LARGEST_COUNT: f64 = 9_007_199_254_740_992.0;

/// The rows of a layer that are in use.
pub(super) struct Layer {
    /// The layer's name in findings.
    pub name: String,
    table: FeatureTable,
    joined: Option<Joined>,
    /// Indices of the rows in use.
    rows: Vec<usize>,
    ids: Vec<String>,
}

/// A table that was joined, and its row for each row of the layer.
struct Joined {
    table: DataFrame,
    row_of: Vec<Option<usize>>,
}

impl Layer {
    /// Reads a layer with geometries. What is wrong goes to `findings`, and `None` comes back if nothing is left.
    pub fn read(name: &str, source: &Source, root: &Path, findings: &mut Findings) -> Option<Self> {
        let table = match read_source(source, root) {
            Ok(table) => table,
            Err(error) => {
                findings.error(error.in_layer_of_file(name));
                return None;
            }
        };
        for finding in table.findings.iter() {
            findings.note(finding.error.clone().in_layer(name));
        }
        let rows = (0..table.len()).collect();
        let layer = Self { name: name.into(), table, joined: None, rows, ids: Vec::new() };
        layer.prepare(source, root, findings)?.with_geometries(findings)
    }

    /// A table in memory as a layer; row numbers are its ids.
    pub fn of_table(name: &str, table: FeatureTable, findings: &mut Findings) -> Option<Self> {
        let rows: Vec<usize> = (0..table.len()).collect();
        let ids = rows.iter().map(|row| (row + 1).to_string()).collect();
        Self { name: name.into(), table, joined: None, rows, ids }.with_geometries(findings)
    }

    /// Reads a layer whose geometries, if it has any, do not matter.
    pub fn read_plain(name: &str, source: &Source, root: &Path, findings: &mut Findings) -> Option<Self> {
        let path = root.join(&source.file);
        let table = must_exist(&path).and_then(|()| read_table(&path)).and_then(|attributes| {
            let geometries = vec![None; attributes.height()];
            FeatureTable::new(geometries, attributes, None)
        });
        let table = table.map_err(|error| findings.error(error.in_layer_of_file(name))).ok()?;
        let rows = (0..table.len()).collect();
        Self { name: name.into(), table, joined: None, rows, ids: Vec::new() }.prepare(source, root, findings)
    }

    fn prepare(mut self, source: &Source, root: &Path, findings: &mut Findings) -> Option<Self> {
        if self.table.is_empty() {
            let error = Error::new(ErrorKind::Study, format!("`{}` has no rows", source.file));
            findings.error(error.in_layer(&self.name));
            return None;
        }
        self.keep_where(source, findings)?;
        self.ids = self.read_ids(source.id.as_deref(), findings)?;
        if let Some(join) = &source.join {
            self.join(join, root, findings)?;
        }
        Some(self)
    }

    /// Keeps the rows whose column has one of the values.
    fn keep_where(&mut self, source: &Source, findings: &mut Findings) -> Option<()> {
        for (column, values) in &source.filter {
            let wanted: Vec<String> = values.iter().map(|value| value.to_text()).collect();
            let found = self.optional_texts(column, findings)?;
            let before = self.rows.len();
            let mut is_kept =
                found.iter().map(|value| value.as_ref().is_some_and(|value| wanted.contains(value)));
            self.rows.retain(|_| is_kept.next().unwrap_or_default());
            let dropped = before - self.rows.len();
            let values = wanted.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(" or ");
            let message =
                format!("{dropped} of {before} rows are left out because `{column}` is not {values}");
            let finding = Error::new(ErrorKind::Study, message).in_layer(&self.name).in_column(column);
            if self.rows.is_empty() {
                let mut values: Vec<String> = found.into_iter().flatten().collect();
                values.sort();
                values.dedup();
                findings.error(finding.hint(format!("no row is left; the values are {}", few(&values))));
                return None;
            } else if dropped > 0 {
                findings.note(finding);
            }
        }
        Some(())
    }

    /// Leaves out rows without a geometry; a coordinate that is not a number is an error.
    fn with_geometries(mut self, findings: &mut Findings) -> Option<Self> {
        let (mut empty, mut not_finite) = (Listing::default(), Listing::default());
        for (index, &row) in self.rows.iter().enumerate() {
            match &self.table.geometries[row] {
                Some(geometry) if geometry.coords_count() > 0 => {
                    if geometry.coords_iter().any(|coord| !coord.x.is_finite() || !coord.y.is_finite()) {
                        not_finite.add(row + 1, Some(&self.ids[index]), None);
                    }
                }
                _ => empty.add(row + 1, Some(&self.ids[index]), None),
            }
        }
        if !not_finite.is_empty() {
            let error = not_finite.error(ErrorKind::Geometry, "a coordinate is not a finite number");
            findings.error(error.in_layer(&self.name));
            return None;
        }
        if empty.count() == self.rows.len() {
            let error = Error::new(ErrorKind::Geometry, "no row has a geometry").in_layer(&self.name);
            findings.error(error.hint("name the columns of a table of points with `x` and `y`"));
            return None;
        }
        if !empty.is_empty() {
            findings.warning(
                empty.error(ErrorKind::Geometry, "a row without geometry is left out").in_layer(&self.name),
            );
            let geometries = &self.table.geometries;
            let has_geometry =
                |row: usize| geometries[row].as_ref().is_some_and(|one| one.coords_count() > 0);
            let (rows, ids) = self
                .rows
                .iter()
                .zip(&self.ids)
                .filter(|(row, _)| has_geometry(**row))
                .map(|(r, i)| (*r, i.clone()))
                .unzip();
            (self.rows, self.ids) = (rows, ids);
        }
        Some(self)
    }

    /// Keeps the rows for which `is_kept` is true, by their place among the rows in use.
    pub fn retain(&mut self, is_kept: &[bool]) {
        let keep = |index: &usize| is_kept[*index];
        self.rows = (0..self.rows.len()).filter(keep).map(|index| self.rows[index]).collect();
        self.ids = (0..self.ids.len()).filter(keep).map(|index| self.ids[index].clone()).collect();
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// The number of a row in the file, counted from 1.
    pub fn row_number(&self, index: usize) -> usize {
        self.rows[index] + 1
    }

    /// Adds a row to a listing of problems.
    pub fn list(&self, listing: &mut Listing, index: usize, value: Option<&str>) {
        listing.add(self.row_number(index), self.ids.get(index).map(String::as_str), value);
    }

    /// The geometries of the rows in use.
    pub fn geometries(&self) -> impl Iterator<Item = &Geometry<f64>> {
        self.rows.iter().filter_map(|row| self.table.geometries[*row].as_ref())
    }

    /// The system that the file states, or degrees for tables of points within the range of degrees.
    pub fn crs(&self, findings: &mut Findings) -> Option<Crs> {
        if let Some(crs) = &self.table.crs {
            return Some(crs.clone());
        }
        let is_degrees = |geometry: &Geometry<f64>| {
            geometry.coords_iter().all(|coord| coord.x.abs() <= 180.0 && coord.y.abs() <= 90.0)
        };
        let is_point = |geometry: &Geometry<f64>| matches!(geometry, Geometry::Point(_));
        let nameless = "the file names no coordinate system";
        let about = |message: &str| Error::new(ErrorKind::Crs, message).in_layer(&self.name);
        if self.geometries().all(|geometry| is_point(geometry) && is_degrees(geometry)) {
            findings.note(about(&format!("{nameless}; longitude and latitude are assumed")));
            return Some(Crs::wgs84());
        }
        let mut outside = Listing::default();
        for (index, geometry) in self.geometries().enumerate().filter(|(_, geometry)| !is_degrees(geometry)) {
            let first = geometry.coords_iter().next();
            self.list(&mut outside, index, first.map(|at| format!("{}, {}", at.x, at.y)).as_deref());
        }
        let give = "give `crs = \"EPSG:...\"` in the layer's table";
        findings.error(if outside.is_empty() {
            about(nameless).hint(give)
        } else {
            let message = format!("{nameless}, and a place is outside of -180 to 180 and -90 to 90 degrees");
            let error = outside.error(ErrorKind::Crs, &message).in_layer(&self.name);
            error.hint(format!("mend it if the others are in degrees; else {give}"))
        });
        None
    }

    pub fn has_column(&self, name: &str) -> bool {
        self.find_column(name).is_some()
    }

    /// The columns of the file itself and of the joined table.
    pub fn column_names(&self) -> Vec<String> {
        let own = self.table.attributes.get_column_names();
        let joined = self.joined.as_ref().map(|joined| joined.table.get_column_names()).unwrap_or_default();
        own.into_iter().chain(joined).map(ToString::to_string).collect()
    }

    /// The column, and whether it comes from the joined table.
    fn find_column(&self, name: &str) -> Option<(&Column, bool)> {
        let own = self.table.attributes.column(name).ok().map(|column| (column, false));
        own.or_else(|| self.joined.as_ref()?.table.column(name).ok().map(|column| (column, true)))
    }

    /// Every value of the rows in use; an unknown column is an error.
    fn values(&self, name: &str, findings: &mut Findings) -> Option<Vec<AnyValue<'_>>> {
        let Some((column, is_joined)) = self.find_column(name) else {
            findings.error(no_column(name, &self.column_names()).in_layer(&self.name));
            return None;
        };
        let row_of = |row: usize| match &self.joined {
            Some(joined) if is_joined => joined.row_of[row],
            _ => Some(row),
        };
        let value = |row: &usize| row_of(*row).and_then(|row| column.get(row).ok()).unwrap_or(AnyValue::Null);
        Some(self.rows.iter().map(value).collect())
    }

    /// Texts; numbers are written out, empty texts are missing.
    pub fn optional_texts(&self, name: &str, findings: &mut Findings) -> Option<Vec<Option<String>>> {
        Some(self.values(name, findings)?.iter().map(text_of).collect())
    }

    /// Numbers; `None` where missing. What is no finite number is an error.
    pub fn optional_numbers(&self, name: &str, findings: &mut Findings) -> Option<Vec<Option<f64>>> {
        let (mut not_numbers, mut not_finite) = (Listing::default(), Listing::default());
        let values = self.values(name, findings)?;
        let mut has_comma = false;
        let mut numbers = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            match number_of(value) {
                Ok(Some(number)) if !number.is_finite() => {
                    self.list(&mut not_finite, index, Some(&number.to_string()));
                    numbers.push(None);
                }
                Ok(number) => numbers.push(number),
                Err(text) => {
                    has_comma |= text.replace(',', "").parse::<f64>().is_ok();
                    self.list(&mut not_numbers, index, Some(&text));
                    numbers.push(None);
                }
            }
        }
        for (listing, what) in [(&not_numbers, "is not a number"), (&not_finite, "is not finite")] {
            if !listing.is_empty() {
                let error = listing.error(ErrorKind::Value, &format!("`{name}` {what}"));
                let hint = if has_comma {
                    "write decimals with a point, and no separator of thousands"
                } else {
                    "missing values must be empty cells"
                };
                findings.error(error.in_layer(&self.name).in_column(name).hint(hint));
            }
        }
        (not_numbers.is_empty() && not_finite.is_empty()).then_some(numbers)
    }

    /// Counts: finite, ≥ 0; a missing count is 0 and said so.
    pub fn counts(&self, name: &str, findings: &mut Findings) -> Option<Vec<f64>> {
        let numbers = self.optional_numbers(name, findings)?;
        let is_joined = self.find_column(name).is_some_and(|(_, is_joined)| is_joined);
        let (mut negative, mut missing, mut large) =
            (Listing::default(), Listing::default(), Listing::default());
        for (index, number) in numbers.iter().enumerate() {
            match number {
                Some(number) if *number > LARGEST_COUNT => {
                    self.list(&mut large, index, Some(&number.to_string()));
                }
                Some(number) if *number < 0.0 => self.list(&mut negative, index, Some(&number.to_string())),
                Some(_) => {}
                None => self.list(&mut missing, index, None),
            }
        }
        if !negative.is_empty() {
            let error = negative.error(ErrorKind::Value, &format!("`{name}` is negative"));
            let hint = "missing values must be empty cells, not negative numbers";
            findings.error(error.in_layer(&self.name).in_column(name).hint(hint));
            return None;
        }
        let sum: f64 = numbers.iter().flatten().sum();
        if large.is_empty() && sum > LARGEST_COUNT {
            let message = format!("the sum of `{name}` is {sum}, which cannot be counted exactly");
            let error = Error::new(ErrorKind::Value, message).in_layer(&self.name).in_column(name);
            findings.error(error.hint("counts are of people, jobs or places; is it the right column?"));
            return None;
        }
        if !large.is_empty() {
            let error = large.error(ErrorKind::Value, &format!("`{name}` is too large to be a count"));
            let hint = "counts are of people, jobs or places; what is missing must be an empty cell";
            findings.error(error.in_layer(&self.name).in_column(name).hint(hint));
            return None;
        }
        // What the joined table does not have was reported with the join.
        if !missing.is_empty() && !is_joined {
            let error = missing.error(ErrorKind::Value, &format!("`{name}` is missing and counts as 0"));
            findings.warning(error.in_layer(&self.name).in_column(name));
        }
        Some(numbers.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// The ids of the rows in use, unique.
    fn read_ids(&self, wanted: Option<&str>, findings: &mut Findings) -> Option<Vec<String>> {
        let column = match wanted {
            Some(column) => column,
            None if self.has_column("id") => "id",
            None => {
                let message = "the layer has no column `id`; row numbers stand in";
                findings.note(Error::new(ErrorKind::Column, message).in_layer(&self.name));
                return Some(self.rows.iter().map(|row| (row + 1).to_string()).collect());
            }
        };
        let texts = self.optional_texts(column, findings)?;
        let (mut missing, mut repeated) = (Listing::default(), Listing::default());
        let mut seen = HashMap::new();
        let mut ids = Vec::with_capacity(texts.len());
        for (index, text) in texts.into_iter().enumerate() {
            let row = self.row_number(index);
            let Some(id) = text else {
                missing.add(row, None, None);
                continue;
            };
            if let Some(first) = seen.insert(id.clone(), row) {
                repeated.add(row, Some(&id), Some(&format!("first in row {first}")));
            }
            ids.push(id);
        }
        for (listing, what) in [(&missing, "the id is missing"), (&repeated, "the id is not unique")] {
            if !listing.is_empty() {
                let hint = "name a column with one value per row with `id = \"...\"`";
                let error = listing.error(ErrorKind::Value, what);
                findings.error(error.in_layer(&self.name).in_column(column).hint(hint));
            }
        }
        (missing.is_empty() && repeated.is_empty()).then_some(ids)
    }

    /// Joins a table by the layer's ids.
    fn join(&mut self, join: &Join, root: &Path, findings: &mut Findings) -> Option<()> {
        let layer = format!("{} join {}", self.name, file_name(&join.file));
        let path = root.join(&join.file);
        let table = must_exist(&path).and_then(|()| read_table(&path));
        let table = table.map_err(|error| findings.error(error.in_layer_of_file(&layer))).ok()?;
        let Ok(column) = table.column(&join.id) else {
            let names: Vec<String> = table.get_column_names().into_iter().map(ToString::to_string).collect();
            findings.error(no_column(&join.id, &names).in_layer(&layer));
            return None;
        };
        // A table that was read as numbers has lost its leading zeros.
        let is_text = column.dtype().is_string();
        let key = |id: &str| if is_text { id.to_owned() } else { without_leading_zeros(id) };
        let mut row_with = HashMap::with_capacity(table.height());
        let mut repeated = Listing::default();
        for row in 0..table.height() {
            if let Some(id) = column.get(row).ok().as_ref().and_then(text_of)
                && row_with.insert(key(&id), row).is_some()
            {
                repeated.add(row + 1, Some(&id), None);
            }
        }
        if !repeated.is_empty() {
            let error = repeated.error(ErrorKind::Value, "the id is not unique").in_column(&join.id);
            findings.error(error.in_layer(&layer).hint("a joined table has at most one row per id"));
            return None;
        }
        let mut row_of = vec![None; self.table.len()];
        for (row, id) in self.rows.iter().zip(&self.ids) {
            row_of[*row] = row_with.remove(&key(id));
        }
        let without = self.rows.iter().filter(|row| row_of[**row].is_none()).count();
        let about =
            |message: String| Error::new(ErrorKind::Study, message).in_layer(&layer).in_column(&join.id);
        if without == self.rows.len() {
            let first = self.ids.first().map(String::as_str).unwrap_or_default();
            findings.error(
                about("no row has an id of the layer".into())
                    .hint(format!("the layer's ids look like `{first}`; is `id` the right column?")),
            );
            return None;
        }
        if without > 0 {
            let all = self.rows.len();
            findings.note(about(format!(
                "{without} of {all} rows of the layer are not in the table: counted as 0"
            )));
        }
        if !row_with.is_empty() {
            let mut unknown: Vec<String> = row_with.into_keys().collect();
            unknown.sort();
            let message =
                format!("{} ids of the table are not in the layer: {}", unknown.len(), few(&unknown));
            findings.warning(about(message).hint("their numbers are lost"));
        }
        self.joined = Some(Joined { table, row_of });
        Some(())
    }
}

fn read_source(source: &Source, root: &Path) -> Result<FeatureTable> {
    let path = root.join(&source.file);
    must_exist(&path)?;
    let crs = source.crs.as_deref().map(Crs::new).transpose()?;
    let options = ReadOptions {
        layer: source.layer.clone(),
        x: source.x.clone(),
        y: source.y.clone(),
        h3: source.h3.clone(),
        crs,
    };
    read_features(&path, &options)
}

/// A missing file is named together with the nearest one beside it.
pub(super) fn must_exist(path: &Path) -> Result<()> {
    if path.is_file() {
        return Ok(());
    }
    let error = Error::new(ErrorKind::Io, format!("there is no file `{}`", path.display()));
    let beside: Vec<String> = path
        .parent()
        .and_then(|folder| std::fs::read_dir(folder).ok())
        .map(|entries| {
            entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect()
        })
        .unwrap_or_default();
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Err(match nearest(&wanted, beside.iter().map(String::as_str)) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("paths are relative to the data root, which is the study's folder unless given"),
    })
}

pub(in crate::io) fn file_name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

fn no_column(name: &str, columns: &[String]) -> Error {
    let error = Error::new(ErrorKind::Column, format!("there is no column `{name}`"));
    match nearest(name, columns.iter().map(String::as_str)) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None if columns.is_empty() => error.hint("the layer has no columns"),
        None => error.hint(format!("the columns are {}", few(columns))),
    }
}

fn without_leading_zeros(id: &str) -> String {
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let short = id.trim_start_matches('0');
    if is_number && !short.is_empty() { short.to_owned() } else { id.to_owned() }
}

/// A value as text; empty texts and nulls are missing, whole numbers have no point.
pub(in crate::io) fn text_of(value: &AnyValue<'_>) -> Option<String> {
    let text = match value {
        AnyValue::Null => return None,
        AnyValue::String(text) => (*text).to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        AnyValue::Boolean(truth) => truth.to_string(),
        other => {
            let number = other.extract::<f64>()?;
            match other.extract::<i64>() {
                Some(whole) if whole as f64 == number => whole.to_string(),
                _ => number.to_string(),
            }
        }
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A value as a number; the text of what is none.
fn number_of(value: &AnyValue<'_>) -> Result<Option<f64>, String> {
    let parse = |text: &str| {
        let text = text.trim();
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| text.to_owned()) }
    };
    match value {
        AnyValue::Null => Ok(None),
        AnyValue::String(text) => parse(text),
        AnyValue::StringOwned(text) => parse(text),
        AnyValue::Boolean(truth) => Ok(Some(f64::from(u8::from(*truth)))),
        other => other.extract::<f64>().map(Some).ok_or_else(|| "not a number".to_owned()),
    }
}

/// Values whose name is given, or found under a default name; `None` if neither.
pub(super) fn column_or_default<'a>(
    layer: &Layer,
    given: Option<&'a str>,
    default: &'a str,
) -> Option<&'a str> {
    given.or_else(|| layer.has_column(default).then_some(default))
}

/// Groups of people by their name: one count per row each.
pub(super) fn group_counts(
    layer: &Layer,
    groups: &BTreeMap<String, String>,
    findings: &mut Findings,
) -> Option<Vec<(String, Vec<f64>)>> {
    if let Some(column) = groups.get(EVERYBODY) {
        let message = format!("a group cannot be called `{EVERYBODY}`: tables name all residents so");
        findings.error(
            Error::new(ErrorKind::Value, message)
                .in_layer(&layer.name)
                .in_column(column)
                .hint("leave it out, all residents are always in the tables, or choose another name"),
        );
        return None;
    }
    let read: Vec<_> =
        groups.iter().map(|(name, column)| (name.clone(), layer.counts(column, findings))).collect();
    read.into_iter().map(|(name, counts)| Some((name, counts?))).collect()
}
