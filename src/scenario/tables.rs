//! A comparison as tables, for files and other programs.

use super::affordability::AffordabilityChange;
use super::compare::{Comparison, PeopleChange, Way};
use super::crowding::Crowding;
use super::scores::{Scores, State};
use crate::measure::Unit;
use crate::model::Weight;
use crate::{Error, ErrorKind, FeatureTable, Result, StudyArea};
use geo::Geometry;
use polars::prelude::{DataFrame, NamedFrom, Series};

/// The tables of a comparison.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ComparisonTables {
    /// Every measure of access by group and traveller: who stays, comes and leaves, who gains and loses, the parts of the mean.
    pub people: FeatureTable,
    /// Every home with its walks before and after.
    pub homes: FeatureTable,
    /// Scores of neighbourhoods and of the city: before, after, change, state. `None` without scores.
    pub scores: Option<FeatureTable>,
    /// Neighbourhoods with the scores that change somewhere.
    pub neighbourhoods: FeatureTable,
    /// Homes that lose most, each with its way before and after.
    pub losers: FeatureTable,
    /// What each change touched.
    pub receipts: FeatureTable,
    /// Who would have to move, what is built.
    pub displacement: FeatureTable,
    /// Parks, and services with a capacity: people within 15 minutes, and what there is for each of them.
    pub crowding: FeatureTable,
    /// Housing and travel of each type of household before and after. `None` without households.
    pub affordability: Option<FeatureTable>,
}

impl ComparisonTables {
    /// The tables by the names of their files, in the format that suits each.
    #[must_use]
    pub fn files(&self) -> Vec<(&'static str, &FeatureTable)> {
        let mut all = vec![
            ("people.parquet", &self.people),
            ("people.csv", &self.people),
            ("homes.parquet", &self.homes),
            ("neighbourhoods.gpkg", &self.neighbourhoods),
            ("losers.gpkg", &self.losers),
            ("receipts.csv", &self.receipts),
            ("displacement.csv", &self.displacement),
            ("crowding.csv", &self.crowding),
        ];
        if let Some(scores) = &self.scores {
            all.extend([("scores.parquet", scores), ("scores.csv", scores)]);
        }
        if let Some(affordability) = &self.affordability {
            all.push(("affordability.csv", affordability));
        }
        all
    }
}

/// What is found beside a comparison, as far as it was asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sides<'a> {
    /// Every score before and after.
    pub scores: Option<&'a Scores>,
    /// Ways of [`Comparison::losers`] before and after, in their order; empty if they were not asked for.
    pub ways: &'a [(Option<Way>, Option<Way>)],
    /// Who shares what.
    pub crowding: &'a [Crowding],
    /// What housing and travel cost those who stay; empty if it was not asked for.
    pub affordability: &'a [AffordabilityChange],
}

/// The tables of a comparison.
///
/// - `study`: the study before.
///
/// # Errors
/// None in practice: the columns of a table have one length.
pub fn tables(study: &StudyArea, compared: &Comparison, sides: &Sides<'_>) -> Result<ComparisonTables> {
    Ok(ComparisonTables {
        people: people(&compared.people)?,
        homes: homes(study, compared)?,
        scores: sides.scores.map(|scores| long(study, scores)).transpose()?,
        neighbourhoods: neighbourhoods(study, sides.scores)?,
        losers: losers(study, compared, sides.ways)?,
        receipts: receipts(compared)?,
        displacement: displacement(study, compared)?,
        crowding: crowding(sides.crowding)?,
        affordability: Some(sides.affordability).filter(|rows| !rows.is_empty()).map(costs).transpose()?,
    })
}

fn costs(rows: &[AffordabilityChange]) -> Result<FeatureTable> {
    let mut columns = vec![texts("household", rows, |one| one.household.clone())];
    let mut number = |name: &str, of: &dyn Fn(&AffordabilityChange) -> Option<f64>| {
        columns.push(numbers(name, rows, of));
    };
    number("stayers", &|one| Some(one.stayers));
    number("unknown", &|one| Some(one.unknown));
    number("cars_before", &|one| one.cars.map(|cars| cars.0));
    number("cars_after", &|one| one.cars.map(|cars| cars.1));
    number("travel_before", &|one| one.travel.map(|cost| cost.0));
    number("travel_after", &|one| one.travel.map(|cost| cost.1));
    number("share_before", &|one| one.share.map(|share| share.0));
    number("share_after", &|one| one.share.map(|share| share.1));
    number("residual_before", &|one| one.residual.map(|left| left.0));
    number("residual_after", &|one| one.residual.map(|left| left.1));
    number("affordable_before", &|one| Some(one.affordable.0));
    number("affordable_after", &|one| Some(one.affordable.1));
    number("cheaper", &|one| Some(one.moved.0));
    number("dearer", &|one| Some(one.moved.1));
    plain(columns, rows.len())
}

fn frame(columns: Vec<Series>) -> Result<DataFrame> {
    DataFrame::new_infer_height(columns.into_iter().map(Into::into).collect())
        .map_err(|error| Error::new(ErrorKind::Format, error.to_string()))
}

fn plain(columns: Vec<Series>, rows: usize) -> Result<FeatureTable> {
    FeatureTable::new(vec![None; rows], frame(columns)?, None)
}

fn texts<T>(name: &str, rows: &[T], of: impl Fn(&T) -> String) -> Series {
    Series::new(name.into(), rows.iter().map(of).collect::<Vec<_>>())
}

fn numbers<T>(name: &str, rows: &[T], of: impl Fn(&T) -> Option<f64>) -> Series {
    Series::new(name.into(), rows.iter().map(of).collect::<Vec<Option<f64>>>())
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Minutes => "minutes",
        Unit::Share => "share",
        _ => "count",
    }
}

fn people(rows: &[PeopleChange]) -> Result<FeatureTable> {
    let number = |name: &str, of: &dyn Fn(&PeopleChange) -> Option<f64>| numbers(name, rows, of);
    let columns = vec![
        texts("measure", rows, |one| one.measure.clone()),
        texts("label", rows, |one| one.label.clone()),
        texts("unit", rows, |one| unit(one.unit).to_owned()),
        texts("traveller", rows, |one| one.traveller.name().to_owned()),
        texts("group", rows, |one| one.group.clone()),
        number("stayers", &|one| Some(one.parts.stayers)),
        number("newcomers", &|one| Some(one.parts.newcomers)),
        number("leavers", &|one| Some(one.parts.leavers)),
        number("gained", &|one| Some(one.who.gained)),
        number("lost", &|one| Some(one.who.lost)),
        number("same", &|one| Some(one.who.same)),
        number("unknown", &|one| Some(one.who.unknown)),
        number("won", &|one| Some(one.who.won)),
        number("forgone", &|one| Some(one.who.forgone)),
        number("first_reached", &|one| Some(one.reach.0)),
        number("no_longer_reached", &|one| Some(one.reach.1)),
        number("mean_before", &|one| one.parts.mean_before),
        number("mean_after", &|one| one.parts.mean_after),
        number("stayers_before", &|one| one.parts.stayers_before),
        number("stayers_after", &|one| one.parts.stayers_after),
        number("newcomers_after", &|one| one.parts.newcomers_after),
        number("leavers_before", &|one| one.parts.leavers_before),
        number("change_for_stayers", &|one| one.parts.parts.map(|parts| parts.change_for_stayers)),
        number("change_by_newcomers", &|one| one.parts.parts.map(|parts| parts.newcomers)),
        number("change_by_leavers", &|one| one.parts.parts.map(|parts| parts.leavers)),
    ];
    plain(columns, rows.len())
}

fn homes(study: &StudyArea, compared: &Comparison) -> Result<FeatureTable> {
    let homes = &compared.changed.homes;
    let mut before = study.homes.weights.clone();
    before.resize(homes.len(), 0.0);
    let mut columns = vec![
        Series::new("id".into(), homes.ids.clone()),
        Series::new("people_before".into(), before),
        Series::new("people_after".into(), homes.weights.clone()),
    ];
    for column in &compared.columns {
        let name = format!("{}_{}", column.key.name(homes.weight), column.traveller.name());
        // Counts of every distance are in the people's table; homes show the walks, jobs and green space.
        let is_shown =
            column.category().is_some() || !matches!(column.key.subject.minutes, Some(5 | 10 | 45));
        if is_shown {
            columns.push(Series::new(format!("{name}_before").into(), column.before.clone()));
            columns.push(Series::new(format!("{name}_after").into(), column.after.clone()));
        }
    }
    let shapes = homes.locations.iter().map(|&at| Some(Geometry::Point(at))).collect();
    FeatureTable::new(shapes, frame(columns)?, Some(compared.changed.crs.clone()))
}

/// One row per score and neighbourhood.
fn long(study: &StudyArea, scores: &Scores) -> Result<FeatureTable> {
    let weight: Weight = study.homes.weight;
    let place = |number: Option<usize>| number.map(|number| &study.neighbourhoods[number]);
    let columns = vec![
        texts("id", scores, |one| place(one.neighbourhood).map_or(String::new(), |place| place.id.clone())),
        texts("name", scores, |one| {
            place(one.neighbourhood).map_or_else(|| study.name.clone(), |place| place.name.clone())
        }),
        texts("score", scores, |one| one.key.name(weight)),
        texts("label", scores, |one| one.key.label(weight)),
        numbers("before", scores, |one| one.before),
        numbers("after", scores, |one| one.after),
        numbers("change", scores, super::scores::ScoreChange::change),
        texts("state", scores, |one| one.state.name().to_owned()),
    ];
    plain(columns, scores.len())
}

/// One row per neighbourhood, with the scores that change in any of them.
fn neighbourhoods(study: &StudyArea, scores: Option<&Scores>) -> Result<FeatureTable> {
    let areas = &study.neighbourhoods;
    let mut columns =
        vec![texts("id", areas, |area| area.id.clone()), texts("name", areas, |area| area.name.clone())];
    let places = scores.into_iter().flatten().filter(|one| one.neighbourhood.is_some()).collect::<Vec<_>>();
    for of_score in places.chunks(areas.len().max(1)) {
        if of_score.iter().any(|one| one.state == State::Changed) {
            let name = of_score[0].key.name(study.homes.weight);
            columns.push(numbers(&format!("{name}_before"), of_score, |one| one.before));
            columns.push(numbers(&format!("{name}_after"), of_score, |one| one.after));
            columns.push(numbers(&format!("{name}_change"), of_score, |one| one.change()));
        }
    }
    let shapes = areas.iter().map(|area| Some(Geometry::MultiPolygon(area.shape.clone()))).collect();
    FeatureTable::new(shapes, frame(columns)?, Some(study.crs.clone()))
}

/// Two rows a loser: the way before, the way after.
fn losers(
    study: &StudyArea,
    compared: &Comparison,
    ways: &[(Option<Way>, Option<Way>)],
) -> Result<FeatureTable> {
    let both = compared.losers.iter().zip(ways);
    let rows: Vec<_> = both
        .flat_map(|(loser, (before, after))| [(loser, "before", before), (loser, "after", after)])
        .collect();
    let columns = vec![
        texts("home", &rows, |(loser, ..)| loser.home.clone()),
        texts("category", &rows, |(loser, ..)| loser.category.clone()),
        texts("traveller", &rows, |(loser, ..)| loser.traveller.name().to_owned()),
        numbers("people", &rows, |(loser, ..)| Some(loser.people)),
        texts("when", &rows, |(_, when, _)| (*when).to_owned()),
        numbers(
            "minutes",
            &rows,
            |(loser, when, _)| {
                if *when == "before" { Some(loser.before) } else { loser.after }
            },
        ),
        texts("to", &rows, |(.., way)| way.as_ref().map_or(String::new(), |way| way.name.clone())),
    ];
    let line = |way: &Option<Way>| way.as_ref().map(|way| Geometry::LineString(way.itinerary.line.clone()));
    let shapes: Vec<_> = rows.iter().map(|(.., way)| line(way)).collect();
    let crs = shapes.iter().any(Option::is_some).then(|| study.crs.clone());
    FeatureTable::new(shapes, frame(columns)?, crs)
}

fn receipts(compared: &Comparison) -> Result<FeatureTable> {
    let rows: Vec<_> = compared.receipts.iter().enumerate().collect();
    let columns = vec![
        numbers("change", &rows, |(number, _)| Some((number + 1) as f64)),
        texts("action", &rows, |(_, one)| one.action.to_owned()),
        texts("what", &rows, |(_, one)| one.what.clone()),
        numbers("homes", &rows, |(_, one)| Some(one.homes as f64)),
        numbers("people", &rows, |(_, one)| Some(one.people)),
        numbers("streets", &rows, |(_, one)| Some(one.streets as f64)),
        numbers("land", &rows, |(_, one)| Some(one.land as f64)),
        numbers("metres_to_network", &rows, |(_, one)| one.metres_to_network),
    ];
    plain(columns, rows.len())
}

fn displacement(study: &StudyArea, compared: &Comparison) -> Result<FeatureTable> {
    let rows = &compared.displacement.neighbourhoods;
    let mut columns = vec![
        texts("id", rows, |one| one.id.clone()),
        numbers("direct", rows, |one| Some(one.direct)),
        numbers("new_dwellings", rows, |one| Some(one.new_dwellings)),
        numbers("affordable", rows, |one| Some(one.affordable)),
    ];
    for (number, group) in study.homes.groups.iter().enumerate() {
        columns.push(numbers(&format!("direct_{}", group.name), rows, |one| {
            one.direct_groups.get(number).map(|(_, people)| *people)
        }));
    }
    plain(columns, rows.len())
}

fn crowding(rows: &[Crowding]) -> Result<FeatureTable> {
    let columns = vec![
        texts("id", rows, |one| one.id.clone()),
        texts("name", rows, |one| one.name.clone()),
        texts("category", rows, |one| one.category.clone()),
        numbers("size_before", rows, |one| one.size.0),
        numbers("size_after", rows, |one| one.size.1),
        numbers("people_before", rows, |one| Some(one.people.0)),
        numbers("people_after", rows, |one| Some(one.people.1)),
        numbers("share_before", rows, |one| one.share().0),
        numbers("share_after", rows, |one| one.share().1),
    ];
    plain(columns, rows.len())
}
