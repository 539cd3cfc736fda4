//! The street network: built or opened in Rust, looked at as tables.

use crate::arrow::to_arrow;
use crate::background::in_background;
use crate::error::to_python;
use commonground::io::{StreetLayer, read_streets};
use commonground::model::TravelSettings;
use commonground::network::{BuildOptions, StreetNetwork, TravelProfile};
use commonground::{Crs, Progress, Result, io};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::path::PathBuf;

/// A network, shared by every query on it.
#[pyclass(name = "StreetNetwork", frozen)]
pub(crate) struct PyStreetNetwork {
    pub(crate) network: StreetNetwork,
    findings: Vec<String>,
}

/// How to build: the table `[travel]` as JSON, whether to simplify, the smallest component.
type Building = (String, bool, usize);

#[pymethods]
impl PyStreetNetwork {
    #[staticmethod]
    fn from_osm(
        py: Python<'_>,
        path: PathBuf,
        building: Building,
        crs: Option<String>,
        elevation: Option<PathBuf>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        in_background(py, progress, |progress| {
            let crs = crs.map(|crs| Crs::new(&crs)).transpose()?;
            let mut layer = read_streets(&path, crs, progress)?;
            if let Some(elevation) = elevation {
                let findings = io::read_relief(&mut layer.streets, &layer.crs, &elevation, None)?;
                layer.findings.append(findings);
            }
            build(layer, &building, progress)
        })
    }

    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let file = path.display().to_string();
        let network = py.detach(|| io::read_bytes(&path).and_then(|bytes| StreetNetwork::from_bytes(&bytes)));
        let network = network.map_err(|error| to_python(py, &error.in_layer(file)))?;
        Ok(Self { network, findings: Vec::new() })
    }

    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| io::write_bytes(&path, &self.network.to_bytes())).map_err(|error| to_python(py, &error))
    }

    /// Number of junctions.
    fn node_count(&self) -> usize {
        self.network.node_count()
    }

    /// Number of street edges.
    fn edge_count(&self) -> usize {
        self.network.edge_count()
    }

    /// Who travels, and how fast.
    fn profile(&self) -> String {
        self.network.profile().to_string()
    }

    /// Columns, points as well-known binary in `geometry`, and the system's definition.
    fn nodes(&self, py: Python<'_>) -> PyResult<(PyRecordBatch, Option<String>)> {
        to_arrow(&self.network.node_table().map_err(|error| to_python(py, &error))?)
    }

    /// Columns, lines as well-known binary in `geometry`, and the system's definition.
    fn edges(&self, py: Python<'_>) -> PyResult<(PyRecordBatch, Option<String>)> {
        to_arrow(&self.network.edge_table().map_err(|error| to_python(py, &error))?)
    }

    /// What became of the streets, by name.
    fn report(&self) -> Vec<(&'static str, f64)> {
        self.network.report().entries()
    }

    /// What was cut, assumed and left out on the way, as text.
    fn findings(&self) -> Vec<String> {
        self.findings.clone()
    }
}

fn build(layer: StreetLayer, building: &Building, progress: &dyn Progress) -> Result<PyStreetNetwork> {
    let (travel, simplify, smallest_component) = building;
    let profile = TravelProfile::new(TravelSettings::from_json(travel)?)?;
    let options = BuildOptions { simplify: *simplify, smallest_component: *smallest_component };
    let (network, _) = StreetNetwork::build(&layer.streets, profile, options, progress)?;
    let findings = layer.findings.iter().map(ToString::to_string).collect();
    Ok(PyStreetNetwork { network: network.with_crs(layer.crs), findings })
}
