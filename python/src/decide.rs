//! Siting, zoning, budgets and changes for Python: columns in, columns out.

use crate::access::PyPairs;
use crate::arrow::{integer_array, number_array, numbers, texts, to_batch};
use crate::background::in_background;
use crate::error::{run, to_python};
use arrow_array::{ArrayRef, StringArray};
use commonground::scenario::decompose::{self, HomeChange};
use commonground::scores::affordability::{Household, TravelPrices, location_cost};
use commonground::scores::claims;
use commonground::siting::{self, Choice, Demand, Effort, Objective, Project, Role, SetRule, Unserved};
use commonground::zoning::{self, Assumptions, Fact, Parcel, RuleBook, Rules};
use commonground::{Error, ErrorKind, Minutes};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::sync::Arc;

/// Amounts as the library takes them: a missing one is not a number, and is refused there.
fn amounts(batch: &PyRecordBatch, column: &str) -> PyResult<Vec<f64>> {
    Ok(numbers(batch, column)?.into_iter().map(|amount| amount.unwrap_or(f64::NAN)).collect())
}

fn words(words: impl IntoIterator<Item = Option<String>>) -> ArrayRef {
    Arc::new(words.into_iter().collect::<StringArray>())
}

/// Name, sites, at least, at most.
type PythonRule = (String, Vec<u32>, usize, usize);
/// Sites and value of each plan, bound, gap, whether all are listed, site and share of plans, unserved, unreachable.
type PythonFound = (Vec<(Vec<u32>, f64)>, f64, f64, bool, Vec<(u32, f64)>, f64, f64);

/// Demand and the ways to the sites, held in Rust.
#[pyclass(name = "Demand", frozen)]
struct PyDemand(Demand);

/// The objective of a name; `number` is its limit, standard, share or κ.
fn objective(name: &str, number: f64, groups: Vec<Vec<f64>>) -> commonground::Result<Objective> {
    Ok(match name {
        "median" => Objective::Median,
        "center" => Objective::Center,
        "cover" => Objective::Cover(Minutes::new(number)?),
        "standard" => Objective::Standard(Minutes::new(number)?),
        "kolm_pollak" => Objective::KolmPollak { kappa: number },
        "worst_group" => Objective::WorstGroup { groups },
        "worst_share" => Objective::WorstShare(number),
        other => return Err(Error::new(ErrorKind::Parameter, format!("`{other}` is not an objective"))),
    })
}

#[pymethods]
impl PyDemand {
    /// `roles`: 0 candidate, 1 existing, 2 excluded.
    #[new]
    fn new(
        py: Python<'_>,
        times: PyPairs<'_>,
        people: PyRecordBatch,
        roles: Vec<u8>,
        unserved_minutes: Option<f64>,
    ) -> PyResult<Self> {
        let people = amounts(&people, "people")?;
        let role = |role: u8| match role {
            0 => Role::Candidate,
            1 => Role::Existing,
            _ => Role::Excluded,
        };
        let roles: Vec<Role> = roles.into_iter().map(role).collect();
        let source = times.source();
        in_background(py, None, |progress| {
            let unserved = match unserved_minutes {
                Some(minutes) => Unserved::CountedAt(Minutes::new(minutes)?),
                None => Unserved::Refused,
            };
            Demand::new(&source.pairs(progress), &people, &roles, unserved)
        })
        .map(Self)
    }

    fn unreachable(&self) -> f64 {
        self.0.unreachable()
    }

    #[allow(clippy::too_many_arguments, reason = "Python's side names each")]
    fn solve(
        &self,
        py: Python<'_>,
        name: &str,
        number: f64,
        groups: Vec<Vec<f64>>,
        count: usize,
        budget: Option<(Vec<f64>, f64)>,
        rules: Vec<PythonRule>,
        effort: (f64, usize, usize),
    ) -> PyResult<PythonFound> {
        let rule = |(name, sites, at_least, at_most)| SetRule { name, sites, at_least, at_most };
        let choice = Choice { count, budget, rules: rules.into_iter().map(rule).collect() };
        let (within, steps, parts) = effort;
        let found = in_background(py, None, |_| {
            let objective = objective(name, number, groups)?;
            siting::solve(&self.0, &choice, &objective, Effort { within, steps, parts })
        })?;
        let plans = found.alternatives.into_iter().map(|plan| (plan.sites, plan.value)).collect();
        let rest = (found.all_listed, found.frequency, found.unserved, found.unreachable);
        Ok((plans, found.bound, found.gap, rest.0, rest.1, rest.2, rest.3))
    }

    /// Sites, cost, bound, people who cannot be covered.
    fn set_cover(
        &self,
        py: Python<'_>,
        minutes: f64,
        costs: Option<Vec<f64>>,
    ) -> PyResult<(Vec<u32>, f64, f64, f64)> {
        let found = run(py, || siting::set_cover(&self.0, Minutes::new(minutes)?, costs.as_deref()))?;
        Ok((found.sites, found.cost, found.bound, found.uncoverable))
    }

    /// The value of a set for an objective.
    fn value(
        &self,
        py: Python<'_>,
        name: &str,
        number: f64,
        groups: Vec<Vec<f64>>,
        sites: Vec<u32>,
    ) -> PyResult<f64> {
        run(py, || Ok(objective(name, number, groups)?.value(&self.0, &sites)))
    }

    /// Minutes of each home.
    fn minutes(&self, sites: Vec<u32>) -> PyResult<PyRecordBatch> {
        to_batch(vec![("minutes".into(), number_array(self.0.minutes(&sites)))])
    }

    /// People nearer, farther, person-minutes won, lost.
    fn difference(
        &self,
        first: Vec<u32>,
        second: Vec<u32>,
        people: PyRecordBatch,
    ) -> PyResult<(f64, f64, f64, f64)> {
        let people = amounts(&people, "people")?;
        let found = siting::difference(&self.0, &first, &second, &people);
        Ok((found.nearer, found.farther, found.won, found.lost))
    }
}

/// κ of an aversion.
#[pyfunction]
fn kappa(py: Python<'_>, table: PyRecordBatch, aversion: f64) -> PyResult<Option<f64>> {
    let (minutes, people) = (numbers(&table, "minutes")?, amounts(&table, "people")?);
    run(py, || siting::kappa(&minutes, &people, aversion))
}

/// Sites, minutes between the nearest two, bound.
#[pyfunction]
fn disperse(
    py: Python<'_>,
    between: PyPairs<'_>,
    choose: usize,
    fixed: Vec<u32>,
) -> PyResult<(Vec<u32>, Option<f64>, Option<f64>)> {
    let source = between.source();
    let found =
        in_background(py, None, |progress| siting::disperse(&source.pairs(progress), choose, &fixed))?;
    Ok((found.sites, found.nearest, found.bound))
}

/// Numbers of the projects, cost, benefit, bound. `district`: −1 for the whole city.
#[pyfunction]
fn programme(
    py: Python<'_>,
    projects: Vec<(f64, f64, i64)>,
    budget: f64,
    floors: Vec<f64>,
) -> PyResult<(Vec<usize>, f64, f64, f64)> {
    let project =
        |(cost, benefit, district)| Project { cost, benefit, district: u32::try_from(district).ok() };
    let projects: Vec<Project> = projects.into_iter().map(project).collect();
    let found = run(py, || siting::programme(&projects, budget, &floors))?;
    Ok((found.projects, found.cost, found.benefit, found.bound))
}

#[pyfunction]
fn award(py: Python<'_>, rule: &str, of: Vec<f64>, estate: f64) -> PyResult<Vec<f64>> {
    let known = claims::Rule::of_name(rule).ok_or_else(|| {
        to_python(py, &Error::new(ErrorKind::Parameter, format!("`{rule}` is not a rule of claims")))
    })?;
    run(py, || claims::award(known, &of, estate))
}

#[pyfunction]
fn by_name(py: Python<'_>, places: Vec<String>, given: Vec<(String, f64)>) -> PyResult<Vec<f64>> {
    run(py, || claims::by_name(&places, &given))
}

/// What is allowed on every parcel.
///
/// `table`: `code`, `area` and, where known, `inside_setbacks`; columns `fact:NAME` hold what conditions ask for, and
/// `rule:KEY:UNIT` rules of the parcel's own.
#[pyfunction]
fn zoning_capacity(
    py: Python<'_>,
    table: PyRecordBatch,
    book: &str,
    is_json: bool,
    columns: (Vec<String>, Vec<String>, Vec<(String, String)>),
    are_districts: bool,
    assumptions: (f64, f64, f64, f64, bool, f64),
) -> PyResult<PyRecordBatch> {
    let (codes, areas) = (texts(&table, "code")?, amounts(&table, "area")?);
    let inside = numbers(&table, "inside_setbacks")?;
    let (number_facts, text_facts, own_rules) = columns;
    let mut facts = vec![zoning::Facts::new(); codes.len()];
    for name in &number_facts {
        for (facts, value) in facts.iter_mut().zip(numbers(&table, &format!("fact:{name}"))?) {
            facts.extend(value.map(|value| (name.clone(), Fact::Number(value))));
        }
    }
    for name in &text_facts {
        for (facts, value) in facts.iter_mut().zip(texts(&table, &format!("fact:{name}"))?) {
            let flag = |word: String| match word.as_str() {
                "True" | "true" => Fact::Flag(true),
                "False" | "false" => Fact::Flag(false),
                _ => Fact::Text(word),
            };
            facts.extend(value.map(|value| (name.clone(), flag(value))));
        }
    }
    let mut own: Vec<Vec<(String, String, f64)>> = vec![Vec::new(); codes.len()];
    for (key, unit) in &own_rules {
        for (own, value) in own.iter_mut().zip(numbers(&table, &format!("rule:{key}:{unit}"))?) {
            own.extend(value.filter(|value| *value > 0.0).map(|value| (key.clone(), unit.clone(), value)));
        }
    }
    let (dwelling_size, efficiency, storey_height, stall_area, whole_lots, net_share) = assumptions;
    let assumptions =
        Assumptions { dwelling_size, efficiency, storey_height, stall_area, whole_lots, net_share };
    let capacities = run(py, || {
        let book = if is_json { RuleBook::from_json(book) } else { RuleBook::from_toml(book, "rules") }?;
        let nothing = Rules::default();
        let mut found = Vec::with_capacity(codes.len());
        for (row, code) in codes.iter().enumerate() {
            let rules = code.as_deref().and_then(|code| book.rules(code)).unwrap_or(&nothing);
            let at_row = |error: Error| error.at_row(row + 1);
            let rules = rules.overlaid(&Rules::with_units(&own[row]).map_err(at_row)?);
            let parcel = Parcel {
                area: areas[row],
                inside_setbacks: inside[row],
                is_district: are_districts,
                facts: std::mem::take(&mut facts[row]),
            };
            found.push(zoning::capacity(&parcel, &rules, &assumptions).map_err(at_row)?);
        }
        Ok(found)
    })?;
    let whole = |number: Option<u64>| number.and_then(|number| i64::try_from(number).ok());
    let kind = |bound: Option<&zoning::Bound>| bound.map(|bound| bound.kind.name().to_owned());
    to_batch(vec![
        ("dwellings".into(), integer_array(capacities.iter().map(|one| whole(one.dwellings())))),
        ("binding".into(), words(capacities.iter().map(|one| kind(one.binding())))),
        ("next_binding".into(), words(capacities.iter().map(|one| kind(one.next())))),
        (
            "next_dwellings".into(),
            integer_array(capacities.iter().map(|one| whole(one.next().map(zoning::Bound::whole)))),
        ),
        ("at_most".into(), integer_array(capacities.iter().map(|one| whole(one.at_most)))),
        (
            "unrounded".into(),
            number_array(capacities.iter().map(|one| one.binding().map(|bound| bound.dwellings))),
        ),
        ("reason".into(), words(capacities.iter().map(|one| Some(one.sentence())))),
    ])
}

/// Net, low, expected, high new dwellings and why none are counted.
#[pyfunction]
fn zoning_realistic(
    py: Python<'_>,
    table: PyRecordBatch,
    shares: (f64, f64, f64),
) -> PyResult<PyRecordBatch> {
    let (allowed, areas) = (amounts(&table, "allowed")?, amounts(&table, "area")?);
    let (dwellings, other) = (numbers(&table, "existing")?, numbers(&table, "other_floor_area")?);
    let (years, houses) = (numbers(&table, "year_built")?, numbers(&table, "one_family")?);
    let (low, expected, high) = shares;
    let found = run(py, || {
        let shares = zoning::RealisticShares { low, expected, high };
        (0..allowed.len())
            .map(|row| {
                let standing = zoning::Standing {
                    dwellings: dwellings[row],
                    other_floor_area: other[row],
                    year_built: years[row].map(|year| year as i32),
                    one_family: houses[row].map(|house| house > 0.0),
                };
                let underused = zoning::Underused::default();
                zoning::realistic(allowed[row], areas[row], &standing, &underused, &shares)
                    .map_err(|error| error.at_row(row + 1))
            })
            .collect::<commonground::Result<Vec<_>>>()
    })?;
    to_batch(vec![
        ("net".into(), number_array(found.iter().map(|one| Some(one.net)))),
        ("low".into(), number_array(found.iter().map(|one| Some(one.low)))),
        ("expected".into(), number_array(found.iter().map(|one| Some(one.expected)))),
        ("high".into(), number_array(found.iter().map(|one| Some(one.high)))),
        (
            "not_counted".into(),
            words(found.iter().map(|one| one.not_counted.map(|reason| reason.reason().to_owned()))),
        ),
    ])
}

#[pyfunction]
fn affordable_rent(
    py: Python<'_>,
    median_income: f64,
    level: f64,
    household: usize,
    utilities: f64,
) -> PyResult<f64> {
    run(py, || zoning::affordable_rent(median_income, level, household, utilities))
}

#[pyfunction]
fn affordable_price(py: Python<'_>, median_income: f64) -> PyResult<(f64, f64, f64)> {
    run(py, || zoning::affordable_price(median_income))
}

#[pyfunction]
fn pupils(py: Python<'_>, dwellings: Vec<(f64, f64)>, public_share: f64) -> PyResult<f64> {
    run(py, || zoning::pupils(&dwellings, public_share))
}

/// Housing, travel, share, shares of each, residual.
#[pyfunction]
fn location(py: Python<'_>, table: PyRecordBatch, prices: (f64, f64)) -> PyResult<PyRecordBatch> {
    let [income, rent, cars, km, fares] =
        ["income", "rent", "cars", "km", "fares"].map(|name| amounts(&table, name));
    let (income, rent, cars, km, fares) = (income?, rent?, cars?, km?, fares?);
    let prices = TravelPrices { per_car: prices.0, per_km: prices.1 };
    let found = run(py, || {
        (0..income.len())
            .map(|row| {
                let household = Household {
                    income: income[row],
                    rent: rent[row],
                    cars: cars[row],
                    km: km[row],
                    fares: fares[row],
                };
                location_cost(&household, &prices).map_err(|error| error.at_row(row + 1))
            })
            .collect::<commonground::Result<Vec<_>>>()
    })?;
    to_batch(vec![
        ("housing".into(), number_array(found.iter().map(|one| Some(one.housing)))),
        ("travel".into(), number_array(found.iter().map(|one| Some(one.travel)))),
        ("share".into(), number_array(found.iter().map(|one| Some(one.share)))),
        ("housing_share".into(), number_array(found.iter().map(|one| Some(one.housing_share)))),
        ("travel_share".into(), number_array(found.iter().map(|one| Some(one.travel_share)))),
        ("residual".into(), number_array(found.iter().map(|one| Some(one.residual)))),
    ])
}

/// Names and values of a change of a mean, in the order of the words of the library.
#[pyfunction]
fn decompose_change(
    py: Python<'_>,
    table: PyRecordBatch,
    less_is_better: bool,
    tolerance: f64,
) -> PyResult<Vec<(&'static str, Option<f64>)>> {
    let (before, after) = (numbers(&table, "before")?, numbers(&table, "after")?);
    let (people_before, people_after) = (amounts(&table, "people_before")?, amounts(&table, "people_after")?);
    let homes: Vec<HomeChange> = (0..before.len())
        .map(|home| HomeChange {
            people_before: people_before[home],
            people_after: people_after[home],
            before: before[home],
            after: after[home],
        })
        .collect();
    let (found, who) = run(py, || {
        Ok((decompose::decompose(&homes)?, decompose::balance(&homes, less_is_better, tolerance)?))
    })?;
    let parts = found.parts;
    Ok(vec![
        ("stayers", Some(found.stayers)),
        ("newcomers", Some(found.newcomers)),
        ("leavers", Some(found.leavers)),
        ("mean_before", found.mean_before),
        ("mean_after", found.mean_after),
        ("stayers_before", found.stayers_before),
        ("stayers_after", found.stayers_after),
        ("newcomers_after", found.newcomers_after),
        ("leavers_before", found.leavers_before),
        ("change_for_stayers", parts.map(|parts| parts.change_for_stayers)),
        ("change_by_newcomers", parts.map(|parts| parts.newcomers)),
        ("change_by_leavers", parts.map(|parts| parts.leavers)),
        ("unknown", Some(found.unknown)),
        ("gained", Some(who.gained)),
        ("lost", Some(who.lost)),
        ("same", Some(who.same)),
        ("won", Some(who.won)),
        ("forgone", Some(who.forgone)),
    ])
}

pub(crate) fn register(parent: &Bound<'_, PyModule>) -> PyResult<()> {
    let module = &PyModule::new(parent.py(), "decide")?;
    module.add_class::<PyDemand>()?;
    module.add_function(wrap_pyfunction!(kappa, module)?)?;
    module.add_function(wrap_pyfunction!(disperse, module)?)?;
    module.add_function(wrap_pyfunction!(programme, module)?)?;
    module.add_function(wrap_pyfunction!(award, module)?)?;
    module.add_function(wrap_pyfunction!(by_name, module)?)?;
    module.add_function(wrap_pyfunction!(zoning_capacity, module)?)?;
    module.add_function(wrap_pyfunction!(zoning_realistic, module)?)?;
    module.add_function(wrap_pyfunction!(affordable_rent, module)?)?;
    module.add_function(wrap_pyfunction!(affordable_price, module)?)?;
    module.add_function(wrap_pyfunction!(pupils, module)?)?;
    module.add_function(wrap_pyfunction!(location, module)?)?;
    module.add_function(wrap_pyfunction!(decompose_change, module)?)?;
    crate::meeting::register(module)?;
    crate::budget::register(module)?;
    parent.add_submodule(module)
}
