//! Segregation: counts in, named numbers and columns out.

use crate::arrow::{integer_array, integers, number_array, numbers, points, shapes, to_batch};
use crate::background::in_background;
use crate::choices::{kernel_named, wanted};
use crate::error::{run, to_python};
use arrow_array::ArrayRef;
use commonground::scores::segregation::{
    self, Bootstrapped, Environments, GroupCounts, Index, Null, Pillars, Randomised, Resample, SpatialIndex,
};
use commonground::scores::small_counts;
use commonground::scores::weights::{Border, common_borders};
use commonground::{Metres, Result};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;

/// Named numbers, in an order to show.
type Named = Vec<(String, Option<f64>)>;
/// Observed, baseline, standard deviation, z, p, above chance, and the draws.
type PythonRandomised = (f64, f64, f64, Option<f64>, f64, Option<f64>, Vec<f64>);
/// Observed, bias-corrected, standard error, interval, and the draws.
type PythonBootstrapped = (f64, f64, f64, (f64, f64), Vec<f64>);

/// People by place and group, checked.
#[pyclass(name = "GroupCounts", frozen)]
struct PyGroupCounts(GroupCounts);

/// The surroundings of every place.
#[pyclass(name = "Environments", frozen)]
struct PyEnvironments(Environments);

#[pymethods]
impl PyGroupCounts {
    /// Columns of counts by group; with `total`, those in no group are the others.
    #[new]
    fn new(
        py: Python<'_>,
        counts: PyRecordBatch,
        groups: Vec<String>,
        total: Option<&str>,
    ) -> PyResult<Self> {
        let columns: Vec<(&String, Vec<f64>)> =
            groups.iter().map(|name| Ok((name, known(&counts, name)?))).collect::<PyResult<_>>()?;
        let counts = match total {
            Some(total) => GroupCounts::among(&columns, &known(&counts, total)?),
            None => GroupCounts::new(&columns),
        };
        counts.map(Self).map_err(|error| to_python(py, &error))
    }

    fn names(&self) -> Vec<String> {
        self.0.names().to_vec()
    }

    fn places(&self) -> usize {
        self.0.places()
    }

    /// One column of counts per group.
    fn table(&self) -> PyResult<PyRecordBatch> {
        table(&self.0)
    }

    fn indices(&self) -> Named {
        Index::ALL.iter().map(|index| (index.name().to_owned(), index.of(&self.0))).collect()
    }

    fn by_place(&self, py: Python<'_>, index: &str) -> PyResult<Option<PyRecordBatch>> {
        let index = plain_index(index).map_err(|error| to_python(py, &error))?;
        index.by_place(&self.0).map(|parts| one_column(index.name(), parts)).transpose()
    }

    fn spatial_indices(&self, py: Python<'_>, environments: &PyEnvironments) -> PyResult<Named> {
        let named = py.detach(|| {
            let around = environments.0.people_around(&self.0)?;
            let value = |index: SpatialIndex| Ok((index.name().to_owned(), index.of(&self.0, &around)?));
            SpatialIndex::ALL.into_iter().map(value).collect::<Result<_>>()
        });
        named.map_err(|error| to_python(py, &error))
    }

    fn spatial_by_place(
        &self,
        py: Python<'_>,
        index: &str,
        environments: &PyEnvironments,
    ) -> PyResult<Option<PyRecordBatch>> {
        let parts = py.detach(|| {
            let index = spatial_index(index)?;
            Ok((index.name(), index.by_place(&self.0, &environments.0.people_around(&self.0)?)?))
        });
        let (name, parts) = parts.map_err(|error| to_python(py, &error))?;
        parts.map(|parts| one_column(name, parts)).transpose()
    }

    fn people_around(&self, py: Python<'_>, environments: &PyEnvironments) -> PyResult<PyRecordBatch> {
        let around =
            py.detach(|| environments.0.people_around(&self.0)).map_err(|error| to_python(py, &error))?;
        table(&around)
    }

    fn exposure(
        &self,
        py: Python<'_>,
        environments: Option<&PyEnvironments>,
    ) -> PyResult<Vec<Vec<Option<f64>>>> {
        let exposure = py.detach(|| segregation::spatial_exposure(&self.0, &around(&self.0, environments)?));
        exposure.map_err(|error| to_python(py, &error))
    }

    /// One column per measure, then one location quotient per group.
    fn local(&self, py: Python<'_>, environments: Option<&PyEnvironments>) -> PyResult<PyRecordBatch> {
        let found = py.detach(|| segregation::local_measures(&self.0, &around(&self.0, environments)?));
        let found = found.map_err(|error| to_python(py, &error))?;
        let named = [
            ("diversity", found.diversity),
            ("entropy", found.entropy),
            ("simpson_interaction", found.simpson_interaction),
            ("exposure_to_others", found.exposure_to_others),
            ("divergence", found.divergence),
            ("information", found.information),
            ("residential_isolation", found.residential_isolation),
        ];
        let mut columns: Vec<(String, ArrayRef)> =
            named.into_iter().map(|(name, values)| (name.to_owned(), number_array(values))).collect();
        for (group, quotients) in self.0.names().iter().zip(found.location_quotients) {
            columns.push((format!("location_quotient_{group}"), number_array(quotients)));
        }
        to_batch(columns)
    }

    #[allow(clippy::too_many_arguments, reason = "Python names them")]
    fn randomise(
        &self,
        py: Python<'_>,
        index: &str,
        null: &str,
        draws: usize,
        seed: u64,
        environments: Option<&PyEnvironments>,
        listener: Option<Py<PyAny>>,
    ) -> PyResult<Option<PythonRandomised>> {
        let counts = &self.0;
        let found = in_background(py, listener, |progress| {
            let null = null_named(null)?;
            match environments {
                None => {
                    let index = plain_index(index)?;
                    segregation::randomise(counts, null, draws, seed, progress, |drawn| index.of(drawn))
                }
                Some(environments) => {
                    let index = spatial_index(index)?;
                    let written = environments.0.clone().written_out();
                    written.people_around(counts)?;
                    segregation::randomise(counts, null, draws, seed, progress, |drawn| {
                        index.of(drawn, &written.people_around(drawn).ok()?).ok()?
                    })
                }
            }
        });
        found.map(|found| found.map(randomised))
    }

    /// The counts of one draw from a null model, one column per group.
    fn null_draw(&self, py: Python<'_>, null: &str, seed: u64, number: u64) -> PyResult<PyRecordBatch> {
        let drawn = run(py, || Ok(segregation::null_draw(&self.0, null_named(null)?, seed, number)))?;
        table(&drawn)
    }

    #[allow(clippy::too_many_arguments, reason = "Python names them")]
    fn bootstrap(
        &self,
        py: Python<'_>,
        index: &str,
        resample: &str,
        draws: usize,
        seed: u64,
        confidence: f64,
        listener: Option<Py<PyAny>>,
    ) -> PyResult<Option<PythonBootstrapped>> {
        let found = in_background(py, listener, |progress| {
            let resample = wanted(resample, Resample::named, &Resample::ALL.map(Resample::name))?;
            let index = plain_index(index)?;
            segregation::bootstrap(&self.0, resample, draws, seed, confidence, progress, |drawn| {
                index.of(drawn)
            })
        });
        let tuple = |found: Bootstrapped| {
            (found.observed, found.bias_corrected, found.standard_error, found.interval, found.draws)
        };
        found.map(|found| found.map(tuple))
    }

    fn scale_profile(
        &self,
        py: Python<'_>,
        geometry: PyRecordBatch,
        index: &str,
        kernel: &str,
        bandwidths_m: Vec<f64>,
    ) -> PyResult<(Vec<Option<f64>>, Option<f64>)> {
        let points = points(py, &geometry)?;
        let profile = py.detach(|| {
            let (index, kernel) = (spatial_index(index)?, kernel_named(kernel)?);
            let bandwidths = bandwidths_m.into_iter().map(Metres::new).collect::<Result<Vec<_>>>()?;
            segregation::scale_profile(&self.0, &points, index, kernel, &bandwidths)
        });
        let profile = profile.map_err(|error| to_python(py, &error))?;
        Ok((profile.values, profile.macro_micro_ratio))
    }

    fn in_grid_cells(&self, py: Python<'_>, geometry: PyRecordBatch, size_m: f64) -> PyResult<Self> {
        let points = points(py, &geometry)?;
        let cells = Metres::new(size_m).and_then(|size| segregation::in_grid_cells(&self.0, &points, size));
        cells.map(Self).map_err(|error| to_python(py, &error))
    }

    fn clustering(&self, py: Python<'_>, places: PyRecordBatch, bandwidth_m: f64) -> PyResult<Named> {
        let (points, areas) = (points(py, &places)?, known(&places, "area")?);
        let found = py.detach(|| {
            let decaying = Environments::decaying(&points, &areas, Metres::new(bandwidth_m)?)?;
            segregation::clustering(&self.0, &decaying)
        });
        let found = found.map_err(|error| to_python(py, &error))?;
        let value = |read: fn(&segregation::Clustering) -> f64| found.as_ref().map(read);
        Ok(name([
            ("absolute_clustering", found.as_ref().and_then(|found| found.absolute)),
            ("relative_clustering", value(|found| found.relative)),
            ("spatial_proximity", value(|found| found.spatial_proximity)),
            ("distance_decay_isolation", value(|found| found.distance_decay_isolation)),
            ("distance_decay_interaction", value(|found| found.distance_decay_interaction)),
        ]))
    }

    fn concentration(&self, py: Python<'_>, places: PyRecordBatch) -> PyResult<Named> {
        let areas = known(&places, "area")?;
        let found = segregation::delta(&self.0, &areas)
            .and_then(|delta| Ok((delta, segregation::concentration(&self.0, &areas)?)));
        let (delta, found) = found.map_err(|error| to_python(py, &error))?;
        Ok(name([
            ("delta", delta),
            ("absolute_concentration", found.absolute),
            ("relative_concentration", found.relative),
        ]))
    }

    fn centralisation(&self, py: Python<'_>, places: PyRecordBatch, centre: (f64, f64)) -> PyResult<Named> {
        let (points, areas) = (points(py, &places)?, known(&places, "area")?);
        let found = segregation::centralisation(&self.0, &areas, &points, centre.into());
        let found = found.map_err(|error| to_python(py, &error))?;
        Ok(name([
            ("absolute_centralisation", found.map(|found| found.absolute)),
            ("relative_centralisation", found.and_then(|found| found.relative)),
        ]))
    }

    fn concentration_profile(
        &self,
        py: Python<'_>,
        thresholds: Vec<f64>,
    ) -> PyResult<Option<(Vec<f64>, f64)>> {
        let found = segregation::concentration_profile(&self.0, &thresholds);
        let found = found.map_err(|error| to_python(py, &error))?;
        Ok(found.map(|profile| (profile.shares, profile.ratio)))
    }

    /// `borders` with whole numbers `a` and `b` of places and `length`.
    fn adjusted_dissimilarity(
        &self,
        py: Python<'_>,
        places: PyRecordBatch,
        borders: PyRecordBatch,
    ) -> PyResult<Named> {
        let (areas, perimeters) = (known(&places, "area")?, known(&places, "perimeter")?);
        let lengths = known(&borders, "length")?;
        let pairs = place_numbers(&borders, "a")?.into_iter().zip(place_numbers(&borders, "b")?).zip(lengths);
        let borders: Vec<Border> = pairs.map(|(places, length_m)| Border { places, length_m }).collect();
        let found = segregation::adjusted_dissimilarity(&self.0, &borders, &perimeters, &areas);
        let found = found.map_err(|error| to_python(py, &error))?;
        Ok(name([
            ("morrill", found.map(|found| found.morrill)),
            ("wong_boundary", found.map(|found| found.wong_boundary)),
            ("wong_perimeter", found.map(|found| found.wong_perimeter)),
        ]))
    }

    /// With surroundings of both cities for a spatial index.
    fn compare(
        &self,
        py: Python<'_>,
        second: &Self,
        index: &str,
        environments: Option<(PyRef<'_, PyEnvironments>, PyRef<'_, PyEnvironments>)>,
    ) -> PyResult<Named> {
        let (first, second) = (&self.0, &second.0);
        let environments = environments.as_ref().map(|(first, second)| (&first.0, &second.0));
        let found = run(py, || match environments {
            None => {
                let index = plain_index(index)?;
                Ok(segregation::compare(first, second, |counts| index.of(counts), |counts| index.of(counts)))
            }
            Some((around_first, around_second)) => {
                let index = spatial_index(index)?;
                around_first.people_around(first)?;
                around_second.people_around(second)?;
                let of = |environments: &Environments, counts: &GroupCounts| {
                    index.of(counts, &environments.people_around(counts).ok()?).ok()?
                };
                let (first_of, second_of) = (
                    |counts: &GroupCounts| of(around_first, counts),
                    |counts: &GroupCounts| of(around_second, counts),
                );
                Ok(segregation::compare(first, second, first_of, second_of))
            }
        })?;
        Ok(name([
            ("first", found.map(|found| found.first)),
            ("second", found.map(|found| found.second)),
            ("first_with_shares_of_second", found.map(|found| found.first_with_shares_of_second)),
            ("second_with_shares_of_first", found.map(|found| found.second_with_shares_of_first)),
            ("structure", found.map(|found| found.structure)),
            ("composition", found.map(|found| found.composition)),
        ]))
    }

    fn difference(
        &self,
        py: Python<'_>,
        second: &Self,
        index: &str,
        draws: usize,
        seed: u64,
        listener: Option<Py<PyAny>>,
    ) -> PyResult<Option<PythonRandomised>> {
        let found = in_background(py, listener, |progress| {
            let index = plain_index(index)?;
            segregation::difference(&self.0, &second.0, draws, seed, progress, |counts| index.of(counts))
        });
        found.map(|found| found.map(randomised))
    }

    fn change(&self, py: Python<'_>, after: &Self, index: &str) -> PyResult<Named> {
        let found = plain_index(index)
            .and_then(|index| segregation::change(&self.0, &after.0, |counts| index.of(counts)));
        let found = found.map_err(|error| to_python(py, &error))?;
        Ok(name([
            ("before", found.map(|found| found.before)),
            ("after", found.map(|found| found.after)),
            ("margins", found.map(|found| found.margins)),
            ("structure", found.map(|found| found.structure)),
        ]))
    }

    /// One column of truth values a group: whether the count must not be shown.
    fn hidden(&self, py: Python<'_>, threshold: f64) -> PyResult<Vec<(String, Vec<bool>)>> {
        let column = |group| (0..self.0.places()).map(|place| self.0.row(place)[group]).collect::<Vec<_>>();
        let columns: Vec<Vec<f64>> = (0..self.0.groups()).map(column).collect();
        let found =
            small_counts::suppress(&columns, threshold, true).map_err(|error| to_python(py, &error))?;
        Ok(self.0.names().iter().cloned().zip(found.hidden).collect())
    }
}

#[pymethods]
impl PyEnvironments {
    #[staticmethod]
    fn around(py: Python<'_>, geometry: PyRecordBatch, kernel: &str, bandwidth_m: f64) -> PyResult<Self> {
        let points = points(py, &geometry)?;
        let made =
            py.detach(|| Environments::around(&points, kernel_named(kernel)?, Metres::new(bandwidth_m)?));
        made.map(Self).map_err(|error| to_python(py, &error))
    }

    /// Pairs of place numbers with `minutes` or any other distance, put through a kernel.
    #[staticmethod]
    fn of_pairs(
        py: Python<'_>,
        pairs: PyRecordBatch,
        places: usize,
        kernel: &str,
        bandwidth: f64,
    ) -> PyResult<Self> {
        let (from, to) = (place_numbers(&pairs, "from")?, place_numbers(&pairs, "to")?);
        let distances = known(&pairs, "distance")?;
        let pairs: Vec<(u32, u32, f64)> = from
            .into_iter()
            .zip(to)
            .zip(distances)
            .map(|((from, to), distance)| (from, to, distance))
            .collect();
        let made = py.detach(|| Environments::of_pairs(places, &pairs, kernel_named(kernel)?, bandwidth));
        made.map(Self).map_err(|error| to_python(py, &error))
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }
}

/// Whole numbers `a` and `b` of places and the `length` of their common border.
#[pyfunction(name = "common_borders")]
fn py_common_borders(py: Python<'_>, places: PyRecordBatch, snap: Option<f64>) -> PyResult<PyRecordBatch> {
    let shapes = shapes(py, &places)?;
    let borders = run(py, || common_borders(&shapes, snap.map(Metres::new).transpose()?))?;
    let place = |of: fn(&Border) -> u32| integer_array(borders.iter().map(|border| Some(of(border).into())));
    to_batch(vec![
        ("a".into(), place(|border| border.places.0)),
        ("b".into(), place(|border| border.places.1)),
        ("length".into(), number_array(borders.iter().map(|border| Some(border.length_m)))),
    ])
}

/// An observed value beside draws that Python made.
#[pyfunction(name = "randomised")]
fn py_randomised(py: Python<'_>, observed: f64, draws: Vec<f64>) -> PyResult<PythonRandomised> {
    run(py, || Randomised::new(observed, draws).map(randomised))
}

#[pyfunction]
fn concentration_at_extremes(py: Python<'_>, people: PyRecordBatch) -> PyResult<PyRecordBatch> {
    let column = |name| known(&people, name);
    let (privileged, deprived, total) = (column("privileged")?, column("deprived")?, column("total")?);
    let values = segregation::concentration_at_extremes(&privileged, &deprived, &total);
    one_column("concentration_at_extremes", values.map_err(|error| to_python(py, &error))?)
}

#[pyfunction]
fn access_shortfall(py: Python<'_>, access: PyRecordBatch, standard_minutes: f64) -> PyResult<PyRecordBatch> {
    let shortfall = |minutes| segregation::access_shortfall(minutes, standard_minutes).map(Some);
    let values: Result<Vec<_>> = numbers(&access, "minutes")?.into_iter().map(shortfall).collect();
    one_column("access_shortfall", values.map_err(|error| to_python(py, &error))?)
}

/// Columns `people` and one per kind.
#[pyfunction]
fn social_isolation(
    py: Python<'_>,
    in_reach: PyRecordBatch,
    kinds: Vec<String>,
    wanted_per_1000: Vec<f64>,
) -> PyResult<PyRecordBatch> {
    let people = known(&in_reach, "people")?;
    let kinds = kinds.iter().map(|kind| known(&in_reach, kind)).collect::<PyResult<Vec<_>>>()?;
    let of_place = |(place, people): (usize, &f64)| {
        let counts: Vec<f64> = kinds.iter().map(|kind| kind[place]).collect();
        segregation::social_isolation(&counts, &wanted_per_1000, *people)
            .map_err(|error| error.at_row(place + 1))
    };
    let values: Result<Vec<_>> = people.iter().enumerate().map(of_place).collect();
    one_column("social_isolation", values.map_err(|error| to_python(py, &error))?)
}

#[pyfunction]
fn combined_isolation(py: Python<'_>, pillars: PyRecordBatch, weights: [f64; 3]) -> PyResult<PyRecordBatch> {
    let (residential, access) = (numbers(&pillars, "residential")?, numbers(&pillars, "access")?);
    let rows = residential.into_iter().zip(access).zip(numbers(&pillars, "social")?).enumerate();
    let combined = |(row, ((residential, access), social))| {
        let pillars = Pillars { residential, access, social };
        segregation::combined_isolation(pillars, weights).map_err(|error| error.at_row(row + 1))
    };
    let values: Result<Vec<_>> = rows.map(combined).collect();
    one_column("combined_isolation", values.map_err(|error| to_python(py, &error))?)
}

#[pyfunction]
fn wilson_interval(py: Python<'_>, rates: PyRecordBatch, confidence: f64) -> PyResult<PyRecordBatch> {
    let rows = known(&rates, "count")?.into_iter().zip(known(&rates, "of")?).enumerate();
    let interval = |(row, (count, of))| {
        small_counts::wilson_interval(count, of, confidence).map_err(|error| error.at_row(row + 1))
    };
    let ends: Result<Vec<Option<(f64, f64)>>> = rows.map(interval).collect();
    let ends = ends.map_err(|error| to_python(py, &error))?;
    let end = |read: fn((f64, f64)) -> f64| number_array(ends.iter().map(|interval| interval.map(read)));
    to_batch(vec![("low".into(), end(|(low, _)| low)), ("high".into(), end(|(_, high)| high))])
}

/// The people around each place, or those of the place alone.
fn around(counts: &GroupCounts, environments: Option<&PyEnvironments>) -> Result<GroupCounts> {
    environments.map_or_else(|| Ok(counts.clone()), |environments| environments.0.people_around(counts))
}

/// A column without gaps: a gap is NaN, which the library refuses with its row.
fn known(batch: &PyRecordBatch, column: &str) -> PyResult<Vec<f64>> {
    Ok(numbers(batch, column)?.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect())
}

/// Numbers of places; what is none becomes the number of no place.
fn place_numbers(batch: &PyRecordBatch, column: &str) -> PyResult<Vec<u32>> {
    let number = |place: Option<i64>| place.and_then(|place| place.try_into().ok()).unwrap_or(u32::MAX);
    Ok(integers(batch, column)?.into_iter().map(number).collect())
}

fn table(counts: &GroupCounts) -> PyResult<PyRecordBatch> {
    let column =
        |group: usize| number_array((0..counts.places()).map(|place| Some(counts.row(place)[group])));
    to_batch(counts.names().iter().cloned().zip((0..counts.groups()).map(column)).collect())
}

fn one_column(name: &str, values: Vec<Option<f64>>) -> PyResult<PyRecordBatch> {
    to_batch(vec![(name.to_owned(), number_array(values))])
}

fn name<const N: usize>(values: [(&str, Option<f64>); N]) -> Named {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn randomised(found: Randomised) -> PythonRandomised {
    let above_chance = found.above_chance();
    (
        found.observed,
        found.baseline,
        found.standard_deviation,
        found.z,
        found.p_value,
        above_chance,
        found.draws,
    )
}

fn null_named(name: &str) -> Result<Null> {
    wanted(name, Null::named, &Null::ALL.map(Null::name))
}

fn plain_index(name: &str) -> Result<Index> {
    wanted(name, Index::named, &Index::ALL.map(Index::name))
}

fn spatial_index(name: &str) -> Result<SpatialIndex> {
    wanted(name, SpatialIndex::named, &SpatialIndex::ALL.map(SpatialIndex::name))
}

/// Adds this area's classes and functions.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyGroupCounts>()?;
    module.add_class::<PyEnvironments>()?;
    module.add_function(wrap_pyfunction!(py_common_borders, module)?)?;
    module.add_function(wrap_pyfunction!(py_randomised, module)?)?;
    module.add_function(wrap_pyfunction!(concentration_at_extremes, module)?)?;
    module.add_function(wrap_pyfunction!(access_shortfall, module)?)?;
    module.add_function(wrap_pyfunction!(social_isolation, module)?)?;
    module.add_function(wrap_pyfunction!(combined_isolation, module)?)?;
    module.add_function(wrap_pyfunction!(wilson_interval, module)?)
}
