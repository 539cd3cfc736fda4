//! Severance of every neighbourhood, and the barriers that cause it.

use crate::access::{Neighbours, ways_to_neighbours, weighted_mean, weighted_quantile};
use crate::measure::prelude::*;
use crate::model::{Barrier, Traveller};
use crate::scores::severance::{Barriers, CUT_OFF_RATIO, Severance, barriers_between, severance};
use crate::spatial::small_counts::is_small;
use geo::Geometry;
use std::collections::BTreeMap;

/// Neighbours cut off from each other by a detour.
pub(crate) static SEVERANCE: Measure = Measure {
    name: "severance",
    title: "severance",
    needs: &[],
    method: "Of the {residents} from 100 to 800 m away in a straight line, the share whose walk is more than twice that; homes \
             within 100 m on one street count as one place. A barrier is what the straight line crosses.",
    source: "Hess (1997); Anciaes et al. (2016)",
    columns: &[
        &SHARE_CUT_OFF,
        &MEAN_CUT_OFF,
        &DETOUR_RATIO,
        &BARRIER,
        &BARRIER_SHARE,
        &CITY,
        &RANK,
        &BARRIER_NAME,
        &KIND,
        &AFFECTED,
        &PAIRS_CUT_OFF,
    ],
    run,
};

const CROSSINGS: &str = "Says how far, not how pleasant or safe a crossing is; a street full of cars can divide without any detour.";

static SHARE_CUT_OFF: ColumnSpec =
    cut_off("severance", Unit::Share).label("Nearby {residents} cut off by a detour").means(
        "Of the {residents} within 800 m in a straight line, the share more than twice as far away on foot.",
    );
/// Mean over homes.
pub(crate) static MEAN_CUT_OFF: ColumnSpec = cut_off("severance", Unit::Share)
    .label("Nearby {residents} cut off by a detour")
    .means(
        "Of the {residents} within 800 m in a straight line, the share more than twice as far away on foot.",
    )
    .sums_up(&SHARE_CUT_OFF, Rule::Mean);
static DETOUR_RATIO: ColumnSpec = cut_off("detour_ratio", Unit::Plain)
    .label("Walk over straight line")
    .means(
        "Median over {residents}: half of the {residents} within 800 m are no farther on foot than this many times the straight \
         line.",
    );
static BARRIER: ColumnSpec = ColumnSpec::words("barrier", Theme::Barriers)
    .label("What lies between")
    .means(
        "The motorway, railway or water that cuts off the most nearby {residents} by a detour; named where they are one in \
         twenty or more.",
    )
    .does_not_mean(CROSSINGS);
static BARRIER_SHARE: ColumnSpec = cut_off("barrier_share", Unit::Share)
    .label("Neighbours behind that barrier")
    .means("Share of the {residents} within 800 m whom this barrier cuts off by a detour.");
static CITY: ColumnSpec =
    cut_off("city_severance", Unit::Share).label("Nearby {residents} cut off by a detour").means(
        "Of the {residents} within 800 m in a straight line, the share more than twice as far away on foot.",
    );
static RANK: ColumnSpec = ColumnSpec::new("rank", Theme::Barriers, Unit::Count, Scale::Neutral)
    .label("Rank")
    .means("1 for the barrier that affects the most {residents}.");
/// As the data names it.
pub(crate) static BARRIER_NAME: ColumnSpec =
    ColumnSpec::words("name", Theme::Barriers).label("Name").means("As the data names it.");
/// Motorway, railway or water.
pub(crate) static KIND: ColumnSpec =
    ColumnSpec::words("kind", Theme::Barriers).label("Kind").means("Motorway, railway or water.");
/// How many are cut off by a detour from neighbours behind it.
pub(crate) static AFFECTED: ColumnSpec = cut_off("{residents}_affected", Unit::Count)
    .label("{Residents} affected")
    .means(
        "{Units} that are more than twice as far on foot from a tenth or more of the {residents} within 800 m, with the barrier \
         in between; empty where they are few.",
    );
static PAIRS_CUT_OFF: ColumnSpec = cut_off("pairs_cut_off", Unit::Count)
    .label("Pairs cut off")
    .means("Pairs of {residents} whom the barrier cuts off from each other by a detour.");

const fn cut_off(name: &'static str, unit: Unit) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Barriers, unit, Scale::MoreIsWorse).does_not_mean(CROSSINGS)
}

/// A barrier is named where it cuts off at least this share of the nearby residents by a detour.
const NAMED_FROM: f64 = 0.05;

fn run(context: &Context<'_>) -> Result<Outcome> {
    let (study, walk) = (context.study, context.walk());
    if matches!(walk.profile().traveller(), Traveller::Bicycle | Traveller::Car) {
        return Ok(Outcome::not_assessed(SEVERANCE.title, "the study does not travel on foot"));
    }
    let sites = context.sites()?;
    let weights = &sites.weights;
    let found = ways_to_neighbours(
        walk.streets(),
        &sites.locations,
        &sites.attached,
        Neighbours::default(),
        context.progress,
        |ways| severance(weights, ways, CUT_OFF_RATIO),
    )?;
    let of_site: Vec<Option<Severance>> =
        found.into_iter().map(|one| one.transpose().map(Option::flatten)).collect::<Result<_>>()?;
    let shapes: Vec<_> = study.barriers.iter().map(|barrier| &barrier.shape).collect();
    let barriers = barriers_between(weights, &sites.locations, &of_site, &shapes)?;
    let severed = Severed { of_site, barriers };

    let mut found = Outcome::default();
    let share = |site: &Option<u32>| severed.share_cut_off((*site)? as usize);
    found.home(&SHARE_CUT_OFF, Subject::NONE, sites.of_home.iter().map(share).collect::<Vec<_>>());
    severed.add_columns(context, &mut found)?;
    let shares = (0..sites.len()).filter_map(|site| Some((severed.share_cut_off(site)?, weights[site])));
    found.record(&CITY, Subject::NONE, weighted_mean(shares));
    severed.add_barriers(study, &mut found);
    Ok(found)
}

/// What the streets make of the neighbours of every site.
struct Severed {
    of_site: Vec<Option<Severance>>,
    barriers: Barriers,
}

impl Severed {
    /// Share of those near a site who are cut off by a detour; `None` where nobody is near.
    fn share_cut_off(&self, site: usize) -> Option<f64> {
        self.of_site[site].as_ref().map(|severed| severed.share_cut_off)
    }

    fn add_columns(&self, context: &Context<'_>, found: &mut Outcome) -> Result<()> {
        let (sites, by_site) = (context.sites()?, context.by_site()?);
        let known = |site: usize| Some((self.of_site[site].as_ref()?, sites.weights[site]));
        let ratio = |members: &[usize]| {
            let ratios = members.iter().filter_map(|&site| known(site));
            let ratios: Vec<_> = ratios.map(|(severed, weight)| (severed.median_ratio, weight)).collect();
            weighted_quantile(&ratios, 0.5)
        };
        found.neighbourhood(&DETOUR_RATIO, Subject::NONE, by_site.each(ratio));
        let most = |members: &[usize]| {
            let mut behind: BTreeMap<usize, f64> = BTreeMap::new();
            let mut all = 0.0;
            for (&site, (_, weight)) in members.iter().filter_map(|site| Some((site, known(*site)?))) {
                all += weight;
                if let Some((barrier, share)) = self.barriers.of_place[site] {
                    *behind.entry(barrier).or_default() += share * weight;
                }
            }
            // The first of equals, so that the answer depends on the data alone.
            let shares = behind.iter().map(|(barrier, sum)| (*barrier, sum / all));
            let most = shares.reduce(|a, b| if b.1 > a.1 { b } else { a });
            most.filter(|(_, share)| *share >= NAMED_FROM)
        };
        let binding: Vec<Option<(usize, f64)>> = by_site.each(most);
        let name =
            |one: &Option<(usize, f64)>| one.map(|(barrier, _)| title(&context.study.barriers[barrier]));
        found.neighbourhood(&BARRIER, Subject::NONE, binding.iter().map(name).collect::<Vec<_>>());
        let share = binding.iter().map(|one| one.map(|(_, share)| share));
        found.neighbourhood(&BARRIER_SHARE, Subject::NONE, share.collect::<Vec<_>>());
        Ok(())
    }

    /// One row per barrier that cuts somebody off, those that affect the most first.
    fn add_barriers(&self, study: &StudyArea, found: &mut Outcome) {
        let ranked = &self.barriers.ranked;
        let of = |row: usize| &study.barriers[ranked[row].barrier];
        let rows = 0..ranked.len();
        let mut columns = Columns::default();
        columns.add(&RANK, rows.clone().map(|row| Some(row as u32 + 1)).collect::<Vec<_>>());
        columns.add(&BARRIER_NAME, rows.clone().map(|row| of(row).name.clone()).collect::<Vec<_>>());
        let kind = rows.clone().map(|row| Some(of(row).kind.name().to_owned()));
        columns.add(&KIND, kind.collect::<Vec<_>>());
        let affected =
            ranked.iter().map(|effect| Some(effect.residents_affected).filter(|people| !is_small(*people)));
        columns.add(&AFFECTED, affected.collect::<Vec<_>>());
        // Pairs of square metres are nothing.
        if study.homes.weight.is_count() {
            let pairs = ranked.iter().map(|effect| Some(effect.pairs_cut_off));
            columns.add(&PAIRS_CUT_OFF, pairs.collect::<Vec<_>>());
        }
        found.layer("barriers", columns, Some(rows.map(|row| shape(of(row))).collect()));
    }
}

/// `East Motorway (motorway)`.
fn title(barrier: &Barrier) -> String {
    match &barrier.name {
        Some(name) => format!("{name} ({})", barrier.kind.name()),
        None => format!("unnamed {}", barrier.kind.name()),
    }
}

/// Lines as lines and areas as areas, where all pieces are of one sort.
fn shape(barrier: &Barrier) -> Geometry<f64> {
    let pieces = &barrier.shape.0;
    let lines: Option<Vec<_>> = pieces.iter().map(lines_of).collect();
    let areas: Option<Vec<_>> = pieces.iter().map(areas_of).collect();
    match (lines, areas) {
        (Some(lines), _) => geo::MultiLineString(lines.concat()).into(),
        (None, Some(areas)) => geo::MultiPolygon(areas.concat()).into(),
        (None, None) => Geometry::GeometryCollection(barrier.shape.clone()),
    }
}

fn lines_of(piece: &Geometry<f64>) -> Option<Vec<geo::LineString<f64>>> {
    match piece {
        Geometry::LineString(line) => Some(vec![line.clone()]),
        Geometry::MultiLineString(lines) => Some(lines.0.clone()),
        _ => None,
    }
}

fn areas_of(piece: &Geometry<f64>) -> Option<Vec<geo::Polygon<f64>>> {
    match piece {
        Geometry::Polygon(area) => Some(vec![area.clone()]),
        Geometry::MultiPolygon(areas) => Some(areas.0.clone()),
        _ => None,
    }
}
