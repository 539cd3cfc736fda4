//! From a study to a plan: the whole of it is prepared once, and cut afterwards.

use super::cut::Cutting;
use super::order::{AccessOrder, CellFile, HomeColumns, MadeBy, Order, Question, step_of};
use super::places::Entrances;
use super::plan::{Kind, Partition, Plan, to_json};
use crate::access::{Opportunities, Source};
use crate::io::{self, sha256, write_bytes};
use crate::measure::Trips;
use crate::model::{Findings, TravelSettings, Traveller};
use crate::network::{Attachment, Balls, Cell, NodeId, TravelProfile};
use crate::progress::go_on;
use crate::{Error, ErrorKind, Minutes, Progress, Result, StudyArea};
use std::path::Path;

/// What is asked, and how it is cut.
#[derive(Debug, Clone, PartialEq)]
pub struct AccessOptions {
    /// Who travels; `None` for the study's own traveller.
    pub traveller: Option<Traveller>,
    /// Whether journeys lead to the homes, and not from them.
    pub to_homes: bool,
    /// Minutes beyond which nothing is searched; places and jobs are counted within the usual minutes up to this.
    pub limit: Minutes,
    /// How homes are cut.
    pub cutting: Cutting,
    /// Junctions in a cell: large cells are quicker to read, small ones lie closer around the homes.
    pub cell_junctions: usize,
}

impl Default for AccessOptions {
    fn default() -> Self {
        Self {
            traveller: None,
            to_homes: false,
            limit: Minutes::new(Opportunities::SEARCH_LIMIT).expect("a positive constant"),
            cutting: Cutting::HomesEach(20_000),
            cell_junctions: 2_048,
        }
    }
}

/// Folder of the cells in a plan.
const CELLS: &str = "cells";

pub(super) fn streets_file(number: usize) -> String {
    format!("{CELLS}/{number:05}.streets")
}

pub(super) fn places_file(number: usize) -> String {
    format!("{CELLS}/{number:05}.json")
}

/// Plans what the homes of a study reach: the closest of every category, and how many lie within the usual minutes.
///
/// Streets are built and everything joins them once, for the whole study; the plan is written into `folder`, which is made if it
/// is not there. Returns what is to be said of homes on no street, too.
///
/// # Errors
/// Those of building the streets and of [`Cutting`]; [`ErrorKind::Parameter`] if the limit is longer than a search;
/// [`ErrorKind::Io`] if the folder holds something else than a plan, or cannot be written; [`ErrorKind::Cancelled`].
pub fn plan_access(
    study: &StudyArea,
    options: &AccessOptions,
    folder: &Path,
    progress: &dyn Progress,
) -> Result<(Plan, Findings)> {
    crate::network::check_limit(options.limit)?;
    let parts = options.cutting.cut(&study.homes.locations)?;
    let travel = match options.traveller {
        Some(traveller) if traveller != study.settings.travel.profile => TravelSettings::of(traveller),
        _ => study.settings.travel.clone(),
    };
    let trips = Trips::of(study, TravelProfile::new(travel.clone())?, progress)?;
    let mut findings = Findings::default();
    trips.said_of_far().into_iter().for_each(|error| findings.warning(error.clone()));
    let opportunities = trips.opportunities(study);
    let entrances = Entrances::of(&opportunities, &ids_of(study, &opportunities)?);
    let step = step_of(entrances.largest_total);
    let entrances = entrances.rounded_to(step);
    let question = question(study, options, travel, &opportunities, step);

    let mut plan = Plan::begin(folder, Kind::Access, &study.name)?;
    let network = trips.streets();
    plan.list.junctions = network.node_count();
    io::make_folder(&folder.join(CELLS))?;
    let cells = network.cells(options.cell_junctions);
    let held = entrances.by_cell(network, &cells);
    let mut files = Vec::with_capacity(cells.len());
    progress.start("writing the streets in cells", cells.len() as u64);
    for (number, (cell, held)) in cells.iter().zip(held).enumerate() {
        go_on(progress)?;
        let (streets, places) = (cell.to_bytes(), to_json(&held)?);
        write_bytes(&folder.join(streets_file(number)), &streets)?;
        write_bytes(&folder.join(places_file(number)), &places)?;
        files.push(CellFile { number, streets: sha256(&streets), places: sha256(&places) });
        progress.advance(1);
    }
    progress.start("asking how far every partition reaches", parts.len() as u64);
    let mut balls = Balls::new(network, options.limit)?;
    for (number, part) in parts.iter().enumerate() {
        go_on(progress)?;
        let at_home = |home: &u32| trips.homes()[*home as usize].as_ref();
        let homes: Vec<&Attachment> = part.iter().filter_map(at_home).collect();
        let reached = balls.around(network, homes.iter().copied(), question.direction());
        // Who cannot leave the own street still finds what stands there.
        let at_ends = homes.iter().flat_map(|home| network.ends(home.edge));
        let wanted = cells_of(&cells, reached.iter().copied().chain(at_ends));
        let order = AccessOrder {
            made_by: MadeBy::here(),
            number,
            question: question.clone(),
            cells: wanted.into_iter().map(|cell| files[cell].clone()).collect(),
            homes: columns(study, trips.homes(), part),
        };
        let partition = Partition {
            number,
            key: String::new(),
            homes: part.len(),
            junctions: reached.len(),
            cells: order.cells.len(),
            study: None,
        };
        plan.add(&Order::Access(Box::new(order)), partition)?;
        progress.advance(1);
    }
    Ok((plan.finish()?, findings))
}

fn question(
    study: &StudyArea,
    options: &AccessOptions,
    travel: TravelSettings,
    opportunities: &Opportunities,
    step: f64,
) -> Question {
    let limit_minutes = options.limit.get();
    let within =
        |cutoffs: &[f64]| cutoffs.iter().copied().filter(|cutoff| *cutoff <= limit_minutes).collect();
    Question {
        travel,
        to_homes: options.to_homes,
        limit_minutes,
        categories: opportunities.categories.clone(),
        has_jobs: opportunities.has_jobs,
        cutoffs: within(&Opportunities::SERVICE_CUTOFFS),
        job_cutoffs: within(&Opportunities::JOB_CUTOFFS),
        step,
        weight: study.homes.weight.column().to_owned(),
        crs: study.crs.definition().to_owned(),
    }
}

/// The id of each destination; workplaces have none of their own, and are never the closest of a category.
fn ids_of(study: &StudyArea, opportunities: &Opportunities) -> Result<Vec<String>> {
    let id = |source: &Source| match *source {
        Source::Service(number) => Ok(study.services[number].id.clone()),
        Source::GreenSpace(number) => Ok(study.green_spaces[number].id.clone()),
        Source::Workplace(number) => Ok(number.to_string()),
    };
    let ids: Result<Vec<String>> = opportunities.sources().iter().map(id).collect();
    let ids = ids?;
    if u32::try_from(ids.len()).is_err() {
        return Err(Error::new(ErrorKind::Study, "a plan holds at most four billion places"));
    }
    Ok(ids)
}

/// Numbers of the cells that hold some junctions, ascending.
fn cells_of(cells: &[Cell], junctions: impl Iterator<Item = NodeId>) -> Vec<usize> {
    let mut is_wanted = vec![false; cells.len()];
    for junction in junctions {
        is_wanted[cells.partition_point(|cell| cell.junctions().end <= junction)] = true;
    }
    (0..cells.len()).filter(|&cell| is_wanted[cell]).collect()
}

fn columns(study: &StudyArea, attached: &[Option<Attachment>], part: &[u32]) -> HomeColumns {
    let homes = &study.homes;
    let mut columns = HomeColumns::default();
    for &row in part {
        let home = row as usize;
        let neighbourhood = homes.neighbourhoods[home].map(|at| study.neighbourhoods[at as usize].id.clone());
        columns.row.push(row);
        columns.id.push(homes.ids[home].clone());
        columns.neighbourhood.push(neighbourhood);
        columns.weight.push(homes.weights[home]);
        columns.x.push(homes.locations[home].x());
        columns.y.push(homes.locations[home].y());
        columns.position.push(attached[home].map(|at| (at.edge, at.fraction, at.gap.get())));
    }
    columns
}
