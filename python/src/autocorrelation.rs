//! Neighbours and clusters.

use crate::arrow::{integer_array, integers, internal, number_array, numbers, points, shapes, to_batch};
use crate::background::in_background;
use crate::choices::{kernel_named, wanted};
use crate::error::run;
use arrow_array::{ArrayRef, StringArray};
use commonground::scores::autocorrelation::{
    GlobalStatistic, LocalG, PermutationTest, Permutations, Tails, ZTest, benjamini_hochberg, fdr_threshold,
    geary, getis_ord_general_g, join_counts, local_getis_ord, local_moran, moran,
};
use commonground::scores::rates::{empirical_bayes_rates, standardised_rates};
use commonground::scores::weights::{
    Contiguity, IslandPolicy, SpatialWeights, contiguity, k_nearest, kernel_weights, network_weights,
};
use commonground::{Metres, Minutes, Result};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::sync::Arc;

/// Neighbours of places that Python knows by its own labels.
#[pyclass(name = "Weights", frozen)]
pub(crate) struct PyWeights(SpatialWeights);

/// Number of draws, seed, and when to stop; no draws where the number is missing.
type Draws = Option<(usize, u64, Option<usize>)>;
/// Names of numbers; Python makes one object of them.
type Named = Vec<(&'static str, Option<f64>)>;

/// What may be done with islands.
const ISLANDS: [(&str, IslandPolicy); 3] = [
    ("keep", IslandPolicy::KeepAsZero),
    ("leave out", IslandPolicy::LeaveOut),
    ("refuse", IslandPolicy::Refuse),
];

#[pymethods]
impl PyWeights {
    #[staticmethod]
    fn contiguity(py: Python<'_>, places: PyRecordBatch, is_rook: bool, snap: Option<f64>) -> PyResult<Self> {
        let shapes = shapes(py, &places)?;
        let rule = if is_rook { Contiguity::Rook } else { Contiguity::Queen };
        run(py, || Ok(Self(contiguity(&shapes, rule, snap.map(Metres::new).transpose()?)?)))
    }

    #[staticmethod]
    fn k_nearest(py: Python<'_>, places: PyRecordBatch, count: usize) -> PyResult<Self> {
        let points = points(py, &places)?;
        in_background(py, None, |progress| Ok(Self(k_nearest(&points, count, progress)?)))
    }

    #[staticmethod]
    fn kernel(py: Python<'_>, places: PyRecordBatch, bandwidth: f64, kernel: &str) -> PyResult<Self> {
        let points = points(py, &places)?;
        in_background(py, None, |progress| {
            let bandwidth = Metres::new(bandwidth)?;
            Ok(Self(kernel_weights(&points, bandwidth, kernel_named(kernel)?, progress)?))
        })
    }

    #[staticmethod]
    fn from_links(py: Python<'_>, count: usize, links: PyRecordBatch) -> PyResult<Self> {
        let links = triples(&links)?;
        run(py, || Ok(Self(SpatialWeights::from_links(count, links)?)))
    }

    #[staticmethod]
    fn network(
        py: Python<'_>,
        count: usize,
        times: PyRecordBatch,
        bandwidth: f64,
        kernel: &str,
    ) -> PyResult<Self> {
        let times = triples(&times)?;
        run(py, || {
            let timed = times.into_iter().map(|(from, to, minutes)| Ok((from, to, Minutes::new(minutes)?)));
            let timed: Vec<_> = timed.collect::<Result<_>>()?;
            Ok(Self(network_weights(count, &timed, Minutes::new(bandwidth)?, kernel_named(kernel)?)?))
        })
    }

    fn row_standardised(&self) -> Self {
        Self(self.0.clone().row_standardised())
    }

    fn binary(&self) -> Self {
        Self(self.0.clone().binary())
    }

    fn with_islands(&self, py: Python<'_>, policy: &str) -> PyResult<Self> {
        let named =
            |name: &str| ISLANDS.into_iter().find(|(policy, _)| *policy == name).map(|(_, policy)| policy);
        let policy = run(py, || wanted(policy, named, &ISLANDS.map(|(name, _)| name)))?;
        Ok(Self(self.0.clone().with_island_policy(policy)))
    }

    fn with_islands_joined(&self, py: Python<'_>, places: PyRecordBatch) -> PyResult<Self> {
        let points = points(py, &places)?;
        run(py, || Ok(Self(self.0.with_islands_joined(&points)?)))
    }

    fn islands(&self) -> Vec<usize> {
        self.0.islands()
    }

    fn links(&self) -> PyResult<PyRecordBatch> {
        let links = self.0.links();
        let numbers = |of: fn(&(usize, usize, f64)) -> i64| integer_array(links.iter().map(of).map(Some));
        to_batch(vec![
            ("focal".into(), numbers(|link| link.0 as i64)),
            ("neighbour".into(), numbers(|link| link.1 as i64)),
            ("weight".into(), number_array(links.iter().map(|link| Some(link.2)))),
        ])
    }
}

/// From, to and a number, from the columns `focal`, `neighbour` and `weight`.
fn triples(batch: &PyRecordBatch) -> PyResult<Vec<(usize, usize, f64)>> {
    let columns = (integers(batch, "focal")?, integers(batch, "neighbour")?, numbers(batch, "weight")?);
    let triple = |((from, to), number): ((Option<i64>, Option<i64>), Option<f64>)| {
        let whole = |number: Option<i64>| number.and_then(|number| usize::try_from(number).ok());
        whole(from).zip(whole(to)).zip(number).map(|((from, to), number)| (from, to, number))
    };
    let rows = columns.0.into_iter().zip(columns.1).zip(columns.2).map(triple);
    rows.collect::<Option<_>>().ok_or_else(|| internal("a link is not whole"))
}

fn permutations(draws: Draws) -> Option<Permutations> {
    draws.map(|(count, seed, stop_after)| Permutations { count, seed, stop_after })
}

fn add_permutation(named: &mut Named, test: Option<&PermutationTest>) {
    let number = |of: &dyn Fn(&PermutationTest) -> f64| test.map(of);
    named.extend([
        ("draws", number(&|test| test.tails.draws as f64)),
        ("mean_of_draws", number(&|test| test.mean)),
        ("standard_deviation_of_draws", number(&|test| test.standard_deviation)),
        ("p_permutation_two_sided", number(&|test| test.tails.p_two_sided())),
        ("p_permutation_greater", number(&|test| test.tails.p_greater())),
        ("p_permutation_less", number(&|test| test.tails.p_less())),
    ]);
}

fn to_named(found: Option<GlobalStatistic>) -> Option<Named> {
    let found = found?;
    let normality = |of: &dyn Fn(&ZTest) -> f64| found.normality.as_ref().map(of);
    let mut named = vec![
        ("value", Some(found.value)),
        ("places", Some(found.places as f64)),
        ("expected", Some(found.randomisation.expected)),
        ("variance_normality", normality(&|test| test.variance)),
        ("z_normality", normality(&|test| test.z)),
        ("p_normality", normality(&ZTest::p_two_sided)),
        ("variance_randomisation", Some(found.randomisation.variance)),
        ("z_randomisation", Some(found.randomisation.z)),
        ("p_randomisation", Some(found.randomisation.p_two_sided())),
    ];
    add_permutation(&mut named, found.permutation.as_ref());
    Some(named)
}

#[pyfunction]
pub(crate) fn global_statistic(
    py: Python<'_>,
    name: &str,
    values: PyRecordBatch,
    weights: &PyWeights,
    draws: Draws,
    listener: Option<Py<PyAny>>,
) -> PyResult<Option<Named>> {
    let values = numbers(&values, "value")?;
    let statistic = match name {
        "moran" => moran,
        "geary" => geary,
        "general_g" => getis_ord_general_g,
        _ => return Err(internal(name)),
    };
    in_background(py, listener, |progress| {
        Ok(to_named(statistic(&values, &weights.0, permutations(draws), progress)?))
    })
}

#[pyfunction(name = "join_counts")]
pub(crate) fn py_join_counts(
    py: Python<'_>,
    answers: PyRecordBatch,
    weights: &PyWeights,
    draws: Draws,
    listener: Option<Py<PyAny>>,
) -> PyResult<Option<(Named, Named, Named)>> {
    let answers: Vec<Option<bool>> =
        numbers(&answers, "value")?.into_iter().map(|answer| answer.map(|answer| answer != 0.0)).collect();
    in_background(py, listener, |progress| {
        let found = join_counts(&answers, &weights.0, permutations(draws), progress)?;
        Ok(found.map(|found| {
            let counts = vec![
                ("yes_yes", Some(found.yes_yes)),
                ("yes_no", Some(found.yes_no)),
                ("no_no", Some(found.no_no)),
                ("joins", Some(found.joins)),
                ("expected_yes_yes", Some(found.expected[0])),
                ("expected_yes_no", Some(found.expected[1])),
                ("expected_no_no", Some(found.expected[2])),
                ("chi_squared", Some(found.chi_squared)),
                ("p_chi_squared", Some(found.p_chi_squared)),
            ];
            let test = |test: Option<PermutationTest>| {
                let mut named = Named::new();
                add_permutation(&mut named, test.as_ref());
                named
            };
            (counts, test(found.permutation_yes_yes), test(found.permutation_yes_no))
        }))
    })
}

/// Columns about the draws of every place.
fn tail_columns(tails: &[Option<Tails>]) -> Vec<(String, ArrayRef)> {
    let of = |p: fn(&Tails) -> f64| -> Vec<Option<f64>> {
        tails.iter().map(|tails| tails.as_ref().map(p)).collect()
    };
    let two_sided = of(Tails::p_two_sided);
    vec![
        ("p_adjusted".into(), number_array(benjamini_hochberg(&two_sided))),
        ("p".into(), number_array(two_sided)),
        ("p_directed".into(), number_array(of(Tails::p_directed))),
        ("draws".into(), number_array(of(|tails| tails.draws as f64))),
    ]
}

#[pyfunction(name = "local_moran")]
pub(crate) fn py_local_moran(
    py: Python<'_>,
    values: PyRecordBatch,
    weights: &PyWeights,
    draws: Draws,
    listener: Option<Py<PyAny>>,
) -> PyResult<PyRecordBatch> {
    let values = numbers(&values, "value")?;
    let found = in_background(py, listener, |progress| {
        local_moran(&values, &weights.0, permutations(draws), progress)
    })?;
    let tails: Vec<Option<Tails>> = found.iter().map(|place| place.and_then(|place| place.tails)).collect();
    let quadrants: StringArray =
        found.iter().map(|place| place.as_ref().map(|place| place.quadrant.name())).collect();
    let mut columns: Vec<(String, ArrayRef)> = vec![
        ("local_moran".into(), number_array(found.iter().map(|place| place.map(|place| place.index)))),
        ("quadrant".into(), Arc::new(quadrants)),
    ];
    columns.extend(tail_columns(&tails));
    to_batch(columns)
}

#[pyfunction(name = "local_getis_ord")]
pub(crate) fn py_local_getis_ord(
    py: Python<'_>,
    values: PyRecordBatch,
    weights: &PyWeights,
    star: bool,
    draws: Draws,
    listener: Option<Py<PyAny>>,
) -> PyResult<PyRecordBatch> {
    let values = numbers(&values, "value")?;
    let kind = if star { LocalG::Star } else { LocalG::Neighbours };
    let found = in_background(py, listener, |progress| {
        local_getis_ord(&values, &weights.0, kind, permutations(draws), progress)
    })?;
    let tails: Vec<Option<Tails>> = found.iter().map(|place| place.and_then(|place| place.tails)).collect();
    let column = |of: fn(commonground::scores::autocorrelation::LocalGetisOrd) -> Option<f64>| {
        number_array(found.iter().map(move |place| place.and_then(of)))
    };
    let mut columns: Vec<(String, ArrayRef)> = vec![
        ("share".into(), column(|place| Some(place.share))),
        ("z".into(), column(|place| Some(place.z))),
        ("z_of_equal_draws".into(), column(|place| place.z_of_equal_draws)),
    ];
    columns.extend(tail_columns(&tails));
    to_batch(columns)
}

/// Adjusted p-values and the cut-off of PySAL's `fdr`.
#[pyfunction]
pub(crate) fn false_discovery(p_values: PyRecordBatch, alpha: f64) -> PyResult<(PyRecordBatch, f64)> {
    let p_values = numbers(&p_values, "value")?;
    let adjusted = number_array(benjamini_hochberg(&p_values));
    Ok((to_batch(vec![("p_adjusted".into(), adjusted)])?, fdr_threshold(&p_values, alpha)))
}

/// Raw, smoothed and standardised rates of events among people.
#[pyfunction]
pub(crate) fn rates(py: Python<'_>, counts: PyRecordBatch) -> PyResult<PyRecordBatch> {
    let (events, people) = (numbers(&counts, "events")?, numbers(&counts, "people")?);
    let (rates, standardised) =
        run(py, || Ok((empirical_bayes_rates(&events, &people)?, standardised_rates(&events, &people)?)))?;
    to_batch(vec![
        ("rate".into(), number_array(rates.iter().map(|rate| rate.map(|rate| rate.raw)))),
        ("smoothed_rate".into(), number_array(rates.iter().map(|rate| rate.map(|rate| rate.smoothed)))),
        ("standardised_rate".into(), number_array(standardised)),
    ])
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyWeights>()?;
    module.add_function(wrap_pyfunction!(global_statistic, module)?)?;
    module.add_function(wrap_pyfunction!(py_join_counts, module)?)?;
    module.add_function(wrap_pyfunction!(py_local_moran, module)?)?;
    module.add_function(wrap_pyfunction!(py_local_getis_ord, module)?)?;
    module.add_function(wrap_pyfunction!(false_discovery, module)?)?;
    module.add_function(wrap_pyfunction!(rates, module)?)
}
