//! Tables of the Census Bureau: residents by block, figures of the survey, jobs by block.

use super::area::Areas;
use super::recipe::{Figure, Recipe};
use commonground::{Error, ErrorKind, Result};
use geo::{Intersects, Point, Rect};
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

fn about(path: &Path, message: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Format, message.to_string()).in_layer(path.display().to_string())
}

/// Residents of a block, and the groups that do not overlap.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    pub id: String,
    pub at: Point<f64>,
    pub residents: u64,
    pub dwellings: u64,
    pub groups: [u64; GROUPS.len()],
}

/// Columns of table P2 (Hispanic or Latino, and not Hispanic or Latino by race) and the place of each in its segment: nobody is in two.
pub(super) const GROUPS: [(&str, usize); 4] = [("hispanic", 77), ("white", 80), ("black", 81), ("asian", 83)];
/// Fields of a row of the geographic header, of which there are 97.
const HEADER_FIELDS: usize = 97;
const SUMMARY_LEVEL: usize = 2;
const RECORD: usize = 7;
const GEOCODE: usize = 9;
const POPULATION: usize = 90;
const DWELLINGS: usize = 91;
const LATITUDE: usize = 92;
const LONGITUDE: usize = 93;
const BLOCK_LEVEL: &str = "750";
/// Fields of a row of the first segment: tables P1 and P2.
const SEGMENT_FIELDS: usize = 149;

/// The blocks with residents inside areas, from the redistricting file of a state (Public Law 94-171).
pub(super) fn blocks(path: &Path, areas: &Areas<'_>) -> Result<Vec<Block>> {
    let mut blocks: BTreeMap<String, Block> = BTreeMap::new();
    rows(path, "geo2020.pl", HEADER_FIELDS, |fields| {
        if fields[SUMMARY_LEVEL] != BLOCK_LEVEL {
            return Ok(());
        }
        let number = |at: usize| {
            fields[at]
                .trim()
                .parse::<f64>()
                .map_err(|_| about(path, format!("`{}` is no number", fields[at])))
        };
        let at = Point::new(number(LONGITUDE)?, number(LATITUDE)?);
        let residents = number(POPULATION)? as u64;
        if residents > 0 && areas.holds(at) {
            let id = fields[GEOCODE].to_owned();
            let dwellings = number(DWELLINGS)? as u64;
            let block = Block { id, at, residents, dwellings, groups: [0; GROUPS.len()] };
            blocks.insert(fields[RECORD].to_owned(), block);
        }
        Ok(())
    })?;
    rows(path, "000012020.pl", SEGMENT_FIELDS, |fields| {
        if let Some(block) = blocks.get_mut(fields[4]) {
            for ((name, at), count) in GROUPS.iter().zip(&mut block.groups) {
                *count = fields[*at]
                    .trim()
                    .parse()
                    .map_err(|_| about(path, format!("`{name}` of block {} is no number", block.id)))?;
            }
        }
        Ok(())
    })?;
    let mut blocks: Vec<Block> = blocks.into_values().collect();
    blocks.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(blocks)
}

/// Calls `each` with the fields of every row of a file in an archive; the text is Latin-1.
fn rows(path: &Path, ending: &str, fields: usize, mut each: impl FnMut(&[&str]) -> Result<()>) -> Result<()> {
    let file = File::open(path).map_err(|error| about(path, error))?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|error| about(path, error))?;
    let found = (0..archive.len()).find(|number| {
        archive.by_index_raw(*number).is_ok_and(|entry| {
            entry.enclosed_name().is_some_and(|name| name.to_string_lossy().ends_with(ending))
        })
    });
    let number =
        found.ok_or_else(|| about(path, format!("the archive holds no file that ends in `{ending}`")))?;
    let entry = archive.by_index(number).map_err(|error| about(path, error))?;
    for (row, line) in BufReader::new(entry).split(b'\n').enumerate() {
        let line: String =
            line.map_err(|error| about(path, error))?.iter().map(|byte| char::from(*byte)).collect();
        let line = line.trim_end_matches('\r');
        if line.is_empty() {
            continue;
        }
        let cells: Vec<&str> = line.split('|').collect();
        if cells.len() != fields {
            let message = format!(
                "a row of `{ending}` has {} fields and not {fields}: the layout has changed",
                cells.len()
            );
            return Err(about(path, message).at_row(row + 1));
        }
        each(&cells)?;
    }
    Ok(())
}

/// What is written instead of an estimate that is not there.
const NO_ESTIMATE: f64 = -99_999_999.0;
/// A margin that says: this figure is controlled, and has no sampling error.
const EXACT: f64 = -555_555_555.0;
/// Medians beyond which the survey says no more than "at least" or "at most".
const TOP_AND_BOTTOM: [f64; 6] = [250_001.0, 2_499.0, 3_501.0, 99.0, 2_000_001.0, 9_999.0];

/// Figures of the survey by area, and how many of them are missing or "at least".
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// By area: figure and value.
    pub values: BTreeMap<String, BTreeMap<String, f64>>,
    pub missing: usize,
    pub open_ended: usize,
}

impl Survey {
    /// Takes the rows of one table for tracts of a state; a code in place of a number is missing, and never a number.
    pub fn read(&mut self, path: &Path, recipe: &Recipe, state: &str) -> Result<()> {
        let prefix = format!("1400000US{state}");
        let mut lines = BufReader::new(File::open(path).map_err(|error| about(path, error))?).lines();
        let heading = lines.next().transpose().map_err(|error| about(path, error))?.unwrap_or_default();
        let column: HashMap<&str, usize> = heading
            .trim_start_matches('\u{feff}')
            .split('|')
            .enumerate()
            .map(|(at, name)| (name, at))
            .collect();
        let place = |name: &str| {
            column.get(name).copied().ok_or_else(|| about(path, format!("there is no column `{name}`")))
        };
        for (figure, Figure { of, over }) in &recipe.columns {
            of.iter()
                .chain(over)
                .try_for_each(|name| place(name).map(drop))
                .map_err(|error| error.in_column(figure))?;
        }
        for line in lines {
            let line = line.map_err(|error| about(path, error))?;
            let cells: Vec<&str> = line.split('|').collect();
            let Some(tract) = cells[0].strip_prefix(&prefix).map(|rest| format!("{state}{rest}")) else {
                continue;
            };
            let value = |name: &str| -> Option<f64> {
                let number: f64 = cells.get(*column.get(name)?)?.trim().parse().ok()?;
                (number > NO_ESTIMATE).then_some(number)
            };
            let margin = |name: &str| -> Option<f64> {
                let name = name.replacen("_E", "_M", 1);
                let number: f64 = cells.get(*column.get(name.as_str())?)?.trim().parse().ok()?;
                if number == EXACT { Some(0.0) } else { (number >= 0.0).then_some(number) }
            };
            let row = self.values.entry(tract).or_default();
            for (figure, Figure { of, over }) in &recipe.columns {
                let sum = of.iter().map(|name| value(name)).sum::<Option<f64>>();
                let found = match over {
                    None => sum,
                    Some(over) => sum
                        .zip(value(over))
                        .filter(|(_, whole)| *whole > 0.0)
                        .map(|(part, whole)| part / whole),
                };
                let Some(found) = found else {
                    self.missing += 1;
                    continue;
                };
                let is_median = figure.starts_with("median_");
                self.open_ended += usize::from(is_median && TOP_AND_BOTTOM.contains(&found));
                row.insert(figure.clone(), found);
                if let ([only], None) = (of.as_slice(), over)
                    && let Some(margin) = margin(only)
                {
                    row.insert(format!("{figure}_moe"), margin);
                }
            }
        }
        Ok(())
    }
}

/// Jobs at a block, and those of low pay.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Work {
    pub id: String,
    pub at: Point<f64>,
    pub jobs: u64,
    pub low_pay: u64,
}

/// Jobs of a state within reach, each at its block.
pub(super) fn work(jobs: &Path, places: &Path, reach: &Rect<f64>) -> Result<Vec<Work>> {
    let mut at: HashMap<String, Point<f64>> = HashMap::new();
    table(places, &["tabblk2020", "blklatdd", "blklondd"], |cells| {
        if let (Ok(y), Ok(x)) = (cells[1].parse(), cells[2].parse()) {
            let point = Point::new(x, y);
            if reach.intersects(&point) {
                at.insert(cells[0].to_owned(), point);
            }
        }
        Ok(())
    })?;
    let mut found = Vec::new();
    table(jobs, &["w_geocode", "C000", "CE01"], |cells| {
        let Some(point) = at.get(cells[0]) else { return Ok(()) };
        let count = |text: &str| {
            text.parse::<u64>().map_err(|_| about(jobs, format!("`{text}` is no number of jobs")))
        };
        let (all, low_pay) = (count(cells[1])?, count(cells[2])?);
        if all > 0 {
            found.push(Work { id: cells[0].to_owned(), at: *point, jobs: all, low_pay });
        }
        Ok(())
    })?;
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

/// Calls `each` with some columns of every row of a packed CSV. Ids stay texts: states 01 to 09 begin with a zero.
fn table(path: &Path, columns: &[&str], mut each: impl FnMut(&[&str]) -> Result<()>) -> Result<()> {
    let file = File::open(path).map_err(|error| about(path, error))?;
    let unpacked: Box<dyn Read> = Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::new(file)));
    let mut reader = csv::Reader::from_reader(unpacked);
    let heading = reader.headers().map_err(|error| about(path, error))?.clone();
    let place = |name: &&str| {
        heading
            .iter()
            .position(|column| column == *name)
            .ok_or_else(|| about(path, format!("there is no column `{name}`")))
    };
    let places = columns.iter().map(place).collect::<Result<Vec<_>>>()?;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| about(path, error))? {
        let cells: Vec<&str> = places.iter().map(|at| record.get(*at).unwrap_or_default().trim()).collect();
        each(&cells)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_survey_never_become_numbers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b19013.dat");
        // The first row is real, the others are made of the survey's documented codes.
        let rows = "GEO_ID|B19013_E001|B19013_M001\n0100000US|78538|-555555555\n1400000US01001020100|60563|11242\n\
                    1400000US01001020200|-666666666|-222222222\n1400000US01001020300|250001|-333333333\n\
                    1400000US01001020400|50000|-555555555\n1400000US34013000100|1|1\n";
        std::fs::write(&path, rows).unwrap();
        let recipes = super::super::recipe::all(&[] as &[&Path]).unwrap();
        let recipe = recipes.iter().find(|one| one.name == "acs_b19013").unwrap();
        let mut survey = Survey::default();
        survey.read(&path, recipe, "01").unwrap();
        assert_eq!(survey.values.len(), 4);
        let row = |tract: &str| survey.values[tract].clone();
        let pairs = |pairs: &[(&str, f64)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect::<BTreeMap<_, _>>()
        };
        assert_eq!(
            row("01001020100"),
            pairs(&[("median_income", 60_563.0), ("median_income_moe", 11_242.0)])
        );
        assert_eq!(row("01001020200"), pairs(&[]));
        // At least 250,000, with an open interval; and a figure without sampling error.
        assert_eq!(row("01001020300"), pairs(&[("median_income", 250_001.0)]));
        assert_eq!(row("01001020400"), pairs(&[("median_income", 50_000.0), ("median_income_moe", 0.0)]));
        assert_eq!((survey.missing, survey.open_ended), (1, 1));
    }
}
