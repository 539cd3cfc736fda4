//! From one set of boundaries to another.

use crate::arrow::geometries;
use crate::error::to_python;
use commonground::scores::interpolation::{Crosswalk, Link};
use commonground::{Error, ErrorKind};
use geo::{Geometry, InteriorPoint, MultiPolygon};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;

/// A crosswalk, held in Rust until Python asks it to carry a column.
#[pyclass(name = "Crosswalk", frozen)]
struct PyCrosswalk(Crosswalk);

#[pymethods]
impl PyCrosswalk {
    /// Rows of old units, rows of new ones, weights.
    fn links(&self) -> (Vec<usize>, Vec<usize>, Vec<f64>) {
        let links = self.0.links();
        let column = |of: fn(&Link) -> usize| links.iter().map(of).collect();
        (
            column(|link| link.source),
            column(|link| link.target),
            links.iter().map(|link| link.weight).collect(),
        )
    }

    fn coverage(&self) -> Option<Vec<f64>> {
        self.0.coverage.clone()
    }

    fn findings(&self) -> Vec<crate::PythonFinding> {
        crate::to_rows(&self.0.findings())
    }

    fn lost(&self) -> Vec<usize> {
        self.0.lost()
    }

    fn counts(&self, py: Python<'_>, counts: Vec<Option<f64>>) -> PyResult<Vec<Option<f64>>> {
        self.0.counts(&counts).map_err(|error| to_python(py, &error))
    }

    fn shares(
        &self,
        py: Python<'_>,
        parts: Vec<Option<f64>>,
        wholes: Vec<Option<f64>>,
    ) -> PyResult<Vec<Option<f64>>> {
        self.0.shares(&parts, &wholes).map_err(|error| to_python(py, &error))
    }

    /// Value, lowest and highest.
    fn medians(&self, py: Python<'_>, medians: Vec<Option<f64>>) -> PyResult<Vec<Option<(f64, f64, f64)>>> {
        let carried = self.0.medians(&medians).map_err(|error| to_python(py, &error))?;
        Ok(carried.into_iter().map(|one| one.map(|one| (one.value, one.lowest, one.highest))).collect())
    }
}

fn polygons(py: Python<'_>, batch: &PyRecordBatch) -> PyResult<Vec<MultiPolygon<f64>>> {
    let polygon = |(row, geometry): (usize, Option<Geometry<f64>>)| match geometry {
        None => Ok(MultiPolygon(Vec::new())),
        Some(Geometry::Polygon(polygon)) => Ok(MultiPolygon(vec![polygon])),
        Some(Geometry::MultiPolygon(polygons)) => Ok(polygons),
        Some(_) => {
            let error = Error::new(ErrorKind::Geometry, "every row must have a polygon").at_row(row + 1);
            Err(to_python(py, &error))
        }
    };
    geometries(py, batch)?.into_iter().enumerate().map(polygon).collect()
}

#[pyfunction]
fn crosswalk_by_area(
    py: Python<'_>,
    old: PyRecordBatch,
    new: PyRecordBatch,
    sliver: f64,
) -> PyResult<PyCrosswalk> {
    let (old, new) = (polygons(py, &old)?, polygons(py, &new)?);
    let crosswalk = py.detach(|| Crosswalk::by_area(&old, &new, sliver));
    crosswalk.map(PyCrosswalk).map_err(|error| to_python(py, &error))
}

#[pyfunction]
fn crosswalk_by_points(
    py: Python<'_>,
    old: PyRecordBatch,
    new: PyRecordBatch,
    points: PyRecordBatch,
    weights: Vec<f64>,
) -> PyResult<PyCrosswalk> {
    let (old, new, points) = (polygons(py, &old)?, polygons(py, &new)?, geometries(py, &points)?);
    let middle = |(row, geometry): (usize, Option<Geometry<f64>>)| {
        let middle = geometry.and_then(|geometry| geometry.interior_point());
        middle.ok_or_else(|| {
            let error =
                Error::new(ErrorKind::Geometry, "a unit without a place counts nowhere").at_row(row + 1);
            to_python(py, &error)
        })
    };
    let points = points.into_iter().enumerate().map(middle).collect::<PyResult<Vec<_>>>()?;
    let crosswalk = py.detach(|| Crosswalk::by_points(&old, &new, &points, &weights));
    crosswalk.map(PyCrosswalk).map_err(|error| to_python(py, &error))
}

#[pyfunction]
fn crosswalk_from_links(
    py: Python<'_>,
    sources: usize,
    targets: usize,
    links: Vec<(usize, usize, f64)>,
) -> PyResult<PyCrosswalk> {
    let links = links.into_iter().map(|(source, target, weight)| Link { source, target, weight }).collect();
    Crosswalk::from_links(sources, targets, links).map(PyCrosswalk).map_err(|error| to_python(py, &error))
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyCrosswalk>()?;
    module.add_function(wrap_pyfunction!(crosswalk_by_area, module)?)?;
    module.add_function(wrap_pyfunction!(crosswalk_by_points, module)?)?;
    module.add_function(wrap_pyfunction!(crosswalk_from_links, module)?)
}
