//! What measures share: made once, read by all.

use super::by_area::{ByArea, Rule};
use super::column::ColumnSpec;
use super::detail::Detail;
use super::groups::Groups;
use super::outcome::{Outcome, Record};
use super::subject::Subject;
use super::table::{Cells, Columns, Table};
use super::trips::Trips;
use super::{Measure, Need};
use crate::access::{Access, Opportunities, Pairs, Sites, measure_access_of};
use crate::model::standard::{COMMON_BORDER_M, ESSENTIALS, STANDARD_MINUTES, WORK};
use crate::model::{Findings, Homes};
use crate::network::TravelProfile;
use crate::spatial::weights::{Contiguity, SpatialWeights, contiguity};
use crate::travel::transit::StudyTransit;
use crate::{Metres, Progress, Result, StudyArea};
use geo::Geometry;
use polars::prelude::DataFrame;
use std::cell::OnceCell;

/// Everything that measures share, and what earlier ones found.
pub(crate) struct Context<'a> {
    pub study: &'a StudyArea,
    pub progress: &'a dyn Progress,
    walk: &'a Trips,
    pub opportunities: &'a Opportunities,
    /// Homes and all opportunities, as the study travels.
    pub pairs: &'a Pairs<'a>,
    /// What every home reaches; `None` on no street.
    pub access: Vec<Option<Access>>,
    /// The essentials that the data allows to assess.
    pub essentials: Vec<&'static str>,
    /// For each home on a street, which of them it lacks.
    pub lacks: Vec<Option<Vec<bool>>>,
    /// Homes on a street, by neighbourhood.
    pub homes: ByArea<'a>,
    pub groups: Groups,
    /// Whether jobs are also counted by the study's other modes of travel.
    pub with_modes: bool,
    sites: OnceCell<Sites>,
    neighbours: OnceCell<SpatialWeights>,
    transit: OnceCell<Option<StudyTransit<'a>>>,
    found: Found,
}

/// What the measures so far have found.
#[derive(Default)]
pub(crate) struct Found {
    homes: Cells,
    neighbourhoods: Cells,
    pub city: Vec<Record>,
    pub layers: Vec<(&'static str, Table)>,
    pub details: Vec<Detail>,
    pub not_assessed: Vec<(String, String)>,
    pub notes: Findings,
    /// The measures that found something.
    pub assessed: Vec<&'static Measure>,
}

impl<'a> Context<'a> {
    /// - `opportunities`: those of the study on the network of `walk`.
    /// - `pairs`: every home with them.
    pub(crate) fn new(
        study: &'a StudyArea,
        walk: &'a Trips,
        (opportunities, pairs): (&'a Opportunities, &'a Pairs<'a>),
        progress: &'a dyn Progress,
    ) -> Result<Self> {
        let access = measure_access_of(walk.streets(), walk.homes(), opportunities, pairs, progress)?;
        Self::of_access(study, walk, (opportunities, pairs), access, progress)
    }

    /// With what every home reaches, as [`measure_access_of`] finds it.
    pub(crate) fn of_access(
        study: &'a StudyArea,
        walk: &'a Trips,
        (opportunities, pairs): (&'a Opportunities, &'a Pairs<'a>),
        access: Vec<Option<Access>>,
        progress: &'a dyn Progress,
    ) -> Result<Self> {
        let is_there = |name: &&str| match *name {
            WORK => opportunities.has_jobs,
            _ => opportunities.categories.iter().any(|category| category == name),
        };
        let essentials: Vec<&'static str> = ESSENTIALS.into_iter().filter(is_there).collect();
        let lacks = lacking(&access, opportunities, &essentials, study.settings.jobs_standard);
        let homes = &study.homes;
        let count = study.neighbourhoods.len();
        let by_area =
            ByArea::new(&homes.neighbourhoods, count, &homes.weights[..], |home| access[home].is_some());
        Ok(Self {
            study,
            progress,
            walk,
            opportunities,
            pairs,
            access,
            essentials,
            lacks,
            homes: by_area,
            groups: Groups::of(study)?,
            with_modes: true,
            sites: OnceCell::new(),
            neighbours: OnceCell::new(),
            transit: OnceCell::new(),
            found: Found::default(),
        })
    }

    /// As the study travels.
    pub(crate) fn walk(&self) -> &'a Trips {
        self.walk
    }

    /// Another travel mode. It is built when it is asked for: a measure that needs it twice keeps it.
    pub(crate) fn by(&self, profile: TravelProfile) -> Result<Trips> {
        Trips::of(self.study, profile, self.progress)
    }

    /// The study's timetables on the streets of its own traveller; `None` if it has none.
    ///
    /// # Errors
    /// Those of [`StudyTransit::new`].
    pub(crate) fn transit(&self) -> Result<Option<&StudyTransit<'a>>> {
        lazily(&self.transit, || self.walk.transit(self.study, self.progress)).map(Option::as_ref)
    }

    /// Number of neighbourhoods.
    pub(crate) fn count(&self) -> usize {
        self.study.neighbourhoods.len()
    }

    /// Numbers of the homes that count in what is said of the city: those in a neighbourhood and on a street.
    pub(crate) fn counted(&self) -> impl Iterator<Item = usize> {
        let homes = &self.study.homes;
        (0..homes.len()).filter(|&home| homes.neighbourhoods[home].is_some() && self.access[home].is_some())
    }

    /// The place of a category among those of the study.
    pub(crate) fn category(&self, name: &str) -> Option<usize> {
        self.opportunities.categories.iter().position(|category| category == name)
    }

    /// Homes side by side taken as one, for questions about pairs of homes.
    pub(crate) fn sites(&self) -> Result<&Sites> {
        lazily(&self.sites, || Sites::of(&self.study.homes, self.walk.homes()))
    }

    /// Sites by neighbourhood.
    pub(crate) fn by_site(&self) -> Result<ByArea<'_>> {
        let sites = self.sites()?;
        Ok(ByArea::new(&sites.neighbourhoods, self.count(), &sites.weights[..], |_| true))
    }

    /// Which neighbourhoods are neighbours: the one definition of all measures.
    pub(crate) fn neighbours(&self) -> Result<&SpatialWeights> {
        lazily(&self.neighbours, || neighbours(self.study))
    }

    /// The numbers of neighbourhoods that an earlier measure found.
    pub(crate) fn earlier(&self, column: &ColumnSpec, subject: &Subject) -> Option<&[Option<f64>]> {
        self.found.neighbourhoods.find(column, subject)?.numbers()
    }

    /// What earlier measures found of homes.
    pub(crate) fn homes_so_far(&self) -> &Cells {
        &self.found.homes
    }

    /// What earlier measures found of neighbourhoods, as a table.
    pub(crate) fn neighbourhoods_so_far(&self) -> Result<DataFrame> {
        self.found.neighbourhoods.clone().attributes(self.study.homes.weight)
    }

    /// Runs a measure and keeps what it finds.
    pub(crate) fn run(&mut self, measure: &'static Measure) -> Result<()> {
        let absent = measure.needs.iter().find_map(|need| match need {
            Need::Category(name) if self.category(name).is_none() => Some(name),
            _ => None,
        });
        let outcome = match absent {
            Some(name) => {
                Outcome::not_assessed(measure.title, format!("the study has no service of category `{name}`"))
            }
            None => (measure.run)(self)?,
        };
        self.keep(measure, outcome)
    }

    fn keep(&mut self, measure: &'static Measure, outcome: Outcome) -> Result<()> {
        if outcome.has_results() {
            self.found.assessed.push(measure);
        }
        let Outcome { homes, mut neighbourhoods, city, layers, details, not_assessed, notes } = outcome;
        self.sum_up(measure, &homes, &mut neighbourhoods);
        let found = &mut self.found;
        found.homes.append(homes.of_measure(measure.name));
        found.neighbourhoods.append(neighbourhoods.of_measure(measure.name));
        found.city.extend(city.into_iter().map(|(column, subject, value, by_chance)| Record {
            key: column.key(measure.name, subject),
            value,
            by_chance,
        }));
        for layer in layers {
            let mut cells = layer.columns.of_measure(measure.name);
            cells.append(layer.of_others);
            let table = cells.into_table(self.study.homes.weight, layer.geometries, &self.study.crs)?;
            found.layers.push((layer.name, table));
        }
        found.details.extend(details);
        found.not_assessed.extend(not_assessed);
        found.notes.append(notes);
        Ok(())
    }

    /// Every column that sums up homes, of other areas than neighbourhoods.
    pub(crate) fn summed_up_by(&self, areas: &ByArea<'_>) -> Cells {
        let workers = workers(&self.study.homes);
        let mut cells = Cells::default();
        for measure in &self.found.assessed {
            let mut columns = Columns::default();
            for (key, values) in self.found.homes.iter().filter(|(key, _)| key.measure == measure.name) {
                let Some(values) = values.numbers() else { continue };
                for (spec, rule) in summing_up(measure, key.column) {
                    columns.add_of(spec, key.subject.clone(), areas.summed_up(values, rule, workers));
                }
            }
            cells.append(columns.of_measure(measure.name));
        }
        cells
    }

    /// Adds the columns of neighbourhoods that sum up those of homes.
    fn sum_up(&self, measure: &Measure, homes: &Columns, neighbourhoods: &mut Columns) {
        let workers = workers(&self.study.homes);
        for (column, subject, values) in &homes.0 {
            let Some(values) = values.numbers() else { continue };
            for (spec, rule) in summing_up(measure, column) {
                neighbourhoods.add_of(spec, subject.clone(), self.homes.summed_up(values, rule, workers));
            }
        }
    }

    /// The tables of neighbourhoods and homes, and all else that was found.
    pub(crate) fn finish(mut self) -> Result<(Table, Table, Found, Vec<&'static str>)> {
        let study = self.study;
        let weight = study.homes.weight;
        let shapes = study.neighbourhoods.iter().map(|place| Geometry::from(place.shape.clone())).collect();
        let points = study.homes.locations.iter().map(|&location| location.into()).collect();
        let neighbourhoods = std::mem::take(&mut self.found.neighbourhoods);
        let neighbourhoods = neighbourhoods.into_table(weight, Some(shapes), &study.crs)?;
        let homes = std::mem::take(&mut self.found.homes).into_table(weight, Some(points), &study.crs)?;
        Ok((neighbourhoods, homes, self.found, self.essentials))
    }
}

/// The columns of a measure that sum up a column of homes, and how.
fn summing_up(measure: &Measure, homes: &ColumnSpec) -> impl Iterator<Item = (&'static ColumnSpec, Rule)> {
    let sums_up = |spec: &&'static ColumnSpec| {
        let (of, rule) = spec.of_homes?;
        of.is(homes).then_some((*spec, rule))
    };
    measure.columns.iter().filter_map(sums_up)
}

/// Who competes for jobs: the workers of each home where the data counts them, else what the home counts for.
pub(crate) fn workers(homes: &Homes) -> &[f64] {
    homes.workers.as_ref().unwrap_or(&homes.weights)
}

/// Neighbourhoods are neighbours with a common border, which may run [`COMMON_BORDER_M`] apart; a corner is none.
pub(crate) fn neighbours(study: &StudyArea) -> Result<SpatialWeights> {
    let shapes: Vec<_> = study.neighbourhoods.iter().map(|place| place.shape.clone()).collect();
    contiguity(&shapes, Contiguity::Rook, Some(Metres::new(COMMON_BORDER_M)?))
}

fn lazily<T>(cell: &OnceCell<T>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    if let Some(made) = cell.get() {
        return Ok(made);
    }
    let made = make()?;
    Ok(cell.get_or_init(|| made))
}

fn lacking(
    access: &[Option<Access>],
    opportunities: &Opportunities,
    essentials: &[&str],
    jobs_standard: f64,
) -> Vec<Option<Vec<bool>>> {
    let lacks = |access: &Access, essential: &str| match essential {
        WORK => access.jobs[0] < jobs_standard,
        _ => {
            let index = opportunities.categories.iter().position(|category| category == essential);
            let closest = index.and_then(|index| access.closest[index]);
            closest.is_none_or(|minutes| minutes > STANDARD_MINUTES)
        }
    };
    access
        .iter()
        .map(|access| {
            access.as_ref().map(|access| essentials.iter().map(|name| lacks(access, name)).collect())
        })
        .collect()
}
