//! What the page knows, as JSON.

use super::between::Between;
use super::ground::{Grid, Ground};
use super::network::Network;
use crate::assessment::Assessment;
use crate::measure::{Described, Table};
use crate::measures::gentrification::known_column;
use crate::model::{Severity, Source, Weight};
use crate::report::curves::{HomesCurve, between_homes};
use crate::report::districts::Shown as Districts;
use crate::report::palette::{self, Palette};
use crate::report::reach::{Reach, reach};
use crate::report::summary;
use crate::report::without::Without;
use crate::{Error, ErrorKind, Result, StudyArea};
use polars::prelude::{Column, DataType};
use serde::Serialize;
use std::collections::BTreeMap;

/// Columns that name a neighbourhood rather than say something about it.
const NAMES: [&str; 2] = ["id", "name"];

/// Everything that is in the page.
#[derive(Serialize)]
struct Page<'a> {
    name: &'a str,
    version: &'static str,
    made_data: bool,
    weight: Counted,
    /// Who walks: "an adult on foot".
    traveller: String,
    /// What stands in for homes, where the study has no layer of them.
    stand_in: Option<&'a str>,
    cautions: &'a [String],
    ids: Vec<&'a str>,
    names: Vec<&'a str>,
    columns: Vec<PageColumn>,
    history: History<'a>,
    reach: Reach,
    equity: BTreeMap<String, HomesCurve>,
    between: Between,
    districts: Option<Districts>,
    indices: Vec<serde_json::Value>,
    ground: Ground,
    palettes: Palettes,
    /// In Markdown: the page shows its sections.
    summary: String,
    warnings: usize,
    sources: Vec<SourceLine<'a>>,
    without: &'a Without,
    network: Network,
}

/// A source as a line, and where to read more.
#[derive(Serialize)]
struct SourceLine<'a> {
    line: String,
    address: Option<&'a str>,
}

/// What the homes count by.
#[derive(Serialize)]
struct Counted {
    /// As in "share of residents".
    noun: &'static str,
    /// As after a number.
    units: &'static str,
    /// The column that holds it.
    column: &'static str,
}

impl Counted {
    fn by(weight: Weight) -> Self {
        Self { noun: weight.noun(), units: weight.units(), column: weight.column() }
    }
}

#[derive(Serialize)]
struct Palettes {
    light: Palette,
    dark: Palette,
}

/// A column with what is known about it.
#[derive(Serialize)]
struct PageColumn {
    name: String,
    #[serde(flatten)]
    described: Described,
    values: Values,
}

/// One value per neighbourhood; missing is null.
#[derive(Serialize)]
#[serde(untagged)]
enum Values {
    Numbers(Vec<Option<f64>>),
    Words(Vec<Option<String>>),
    Answers(Vec<Option<bool>>),
}

/// The indicators at every date.
#[derive(Serialize)]
struct History<'a> {
    years: Vec<i32>,
    indicators: BTreeMap<&'a str, (Described, Vec<Year<'a>>)>,
}

/// One value per neighbourhood; null where the year lacks the column.
type Year<'a> = Option<&'a [Option<f64>]>;

/// The page's data; `<` is escaped, so that no text of the data can end the block that holds it.
pub(super) fn json(study: &StudyArea, assessment: &Assessment, without: &Without) -> Result<String> {
    let table = assessment.neighbourhoods();
    let columns = table.features().attributes.columns().iter();
    let columns = columns
        .filter(|column| !NAMES.contains(&column.name().as_str()))
        .map(|column| page_column(column, table));
    let grid = Grid::of(study)?;
    let network = Network::of(study)?;
    let page = Page {
        name: &assessment.name,
        version: env!("CARGO_PKG_VERSION"),
        made_data: assessment.made_data,
        weight: Counted::by(study.homes.weight),
        traveller: study.settings.travel.profile.to_string(),
        stand_in: study.homes.stand_in.as_deref(),
        cautions: &study.cautions,
        ids: study.neighbourhoods.iter().map(|place| place.id.as_str()).collect(),
        names: study.neighbourhoods.iter().map(|place| place.name.as_str()).collect(),
        columns: columns.collect::<Result<_>>()?,
        history: history(study),
        reach: reach(study, assessment),
        equity: between_homes(study, assessment)?,
        between: Between::of(assessment, &grid)?,
        districts: Districts::of(assessment),
        indices: assessment
            .cohesion
            .iter()
            .map(|found| found.index.to_json(Some(&found.uncertainty)))
            .collect(),
        ground: Ground::of(study, &grid, &network)?,
        palettes: Palettes { light: palette::LIGHT, dark: palette::DARK },
        summary: summary(study, assessment),
        warnings: assessment.findings.of(Severity::Warning).count(),
        sources: study.sources.iter().map(source_line).collect(),
        without,
        network,
    };
    let json = serde_json::to_string(&page).map_err(|error| internal(&error.to_string()))?;
    Ok(json.replace('<', "\\u003c"))
}

/// Who must be named beside the map; only an address of the web becomes a link.
fn source_line(source: &Source) -> SourceLine<'_> {
    let is_web = |address: &&str| address.starts_with("https://") || address.starts_with("http://");
    SourceLine { line: source.line(), address: source.address.as_deref().filter(is_web) }
}

fn page_column(column: &Column, table: &Table) -> Result<PageColumn> {
    let name = column.name().to_string();
    let described = table.described(&name).ok_or_else(|| internal(&format!("`{name}` has no key")))?;
    let values = match column.dtype() {
        DataType::String => column
            .str()
            .map(|words| Values::Words(words.iter().map(|word| word.map(str::to_owned)).collect())),
        DataType::Boolean => column.bool().map(|answers| Values::Answers(answers.iter().collect())),
        _ => column.cast(&DataType::Float64).and_then(|numbers| {
            let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
            Ok(Values::Numbers(numbers.f64()?.iter().map(finite).collect()))
        }),
    }
    .map_err(|error| internal(&error.to_string()))?;
    Ok(PageColumn { name, described, values })
}

fn history(study: &StudyArea) -> History<'_> {
    let names = study.indicators.iter().flat_map(|year| year.columns.keys().map(String::as_str));
    let of = |name| study.indicators.iter().map(|year| year.column(name)).collect();
    let described = |name: &str| {
        let (column, subject) = known_column(name);
        column.key("gentrification", subject).described(study.homes.weight)
    };
    History {
        years: study.indicators.iter().map(|year| year.year).collect(),
        indicators: names.map(|name| (name, (described(name), of(name)))).collect(),
    }
}

pub(super) fn internal(message: &str) -> Error {
    Error::new(ErrorKind::Column, format!("a column of the result cannot be written: {message}"))
}
