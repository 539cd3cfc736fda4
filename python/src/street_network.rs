//! The street network: built or opened in Rust, looked at as tables.

use crate::arrow::{self, batch_to_table, integers, numbers, points, to_arrow};
use crate::background::in_background;
use crate::error::to_python;
use commonground::crs::Reprojector;
use commonground::io::{LineColumns, StreetLayer, metric_places, read_streets, streets_of_lines};
use commonground::model::TravelSettings;
use commonground::network::{BuildOptions, EdgeTable, NodeTable, StreetNetwork, TravelProfile};
use commonground::{Crs, Error, ErrorKind, FeatureTable, Progress, Result, io};
use geo::{Coord, MultiPoint};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::borrow::Cow;
use std::collections::BTreeMap;
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

    /// `lines` are a table with well-known binary in `geometry`, and its system; `columns` the names of columns by what they
    /// mean, and the value of `highway` for each class.
    #[staticmethod]
    fn from_lines(
        py: Python<'_>,
        lines: (PyRecordBatch, Option<String>),
        columns: (BTreeMap<String, String>, BTreeMap<String, String>),
        building: Building,
        crs: Option<String>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let (lines, own_crs) = lines;
        let (geometries, attributes) = (arrow::geometries(py, &lines)?, batch_to_table(&lines)?);
        let (mut names, classes) = columns;
        let mut column = |meaning| names.remove(meaning);
        let columns = LineColumns {
            class: column("class"),
            classes,
            name: column("name"),
            oneway: column("oneway"),
            speed_limit_kmh: column("speed_limit_kmh"),
            speed_limit_mph: column("speed_limit_mph"),
        };
        in_background(py, progress, |progress| {
            let [own_crs, crs] = [own_crs, crs].map(|crs| crs.map(|crs| Crs::new(&crs)).transpose());
            let table = FeatureTable::new(geometries, attributes, own_crs?)?;
            build(streets_of_lines(table, &columns, crs?, progress)?, &building, progress)
        })
    }

    /// Nodes are `id`, their points as well-known binary in `geometry`, and their system; edges are `from`, `to`, and what
    /// there is of `length_m`, `minutes`, `oneway` (0 or 1) and `geometry` in the system of the nodes.
    #[staticmethod]
    fn from_edges(
        py: Python<'_>,
        nodes: Option<(PyRecordBatch, Option<String>)>,
        edges: PyRecordBatch,
        building: Building,
        crs: Option<String>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let nodes = match nodes {
            Some((table, own_crs)) => Some((ids(py, &table, "id")?, points(py, &table)?, own_crs)),
            None => None,
        };
        let amounts = |column: &str| -> PyResult<Option<Vec<f64>>> {
            if edges.as_ref().column_by_name(column).is_none() {
                return Ok(None);
            }
            Ok(Some(numbers(&edges, column)?.into_iter().map(|amount| amount.unwrap_or(f64::NAN)).collect()))
        };
        let is_one = |flags: Vec<f64>| flags.into_iter().map(|flag| flag == 1.0).collect();
        let has_lines = edges.as_ref().column_by_name("geometry").is_some();
        let lines = has_lines.then(|| arrow::lines(py, &edges)).transpose()?;
        let mut edges = EdgeTable {
            from: ids(py, &edges, "from")?,
            to: ids(py, &edges, "to")?,
            length_m: amounts("length_m")?,
            minutes: amounts("minutes")?,
            oneway: amounts("oneway")?.map(is_one),
            lines,
        };
        in_background(py, progress, |progress| {
            let (profile, options) = how_to_build(&building)?;
            let Some((ids, points, own_crs)) = nodes else {
                let network = StreetNetwork::from_edges(None, &edges, profile, options, progress)?;
                return Ok(Self { network, findings: Vec::new() });
            };
            let [own_crs, crs] = [own_crs, crs].map(|crs| crs.map(|crs| Crs::new(&crs)).transpose());
            let mut places = MultiPoint::from(points);
            let crs = match own_crs? {
                Some(own_crs) => {
                    let crs = metric_places(&mut places, &own_crs, crs?)?;
                    let to_metric = Reprojector::new(&own_crs, &crs)?;
                    for (row, line) in edges.lines.iter_mut().flatten().enumerate() {
                        for place in &mut line.0 {
                            *place = to_metric.coord(*place).map_err(|error| error.at_row(row + 1))?;
                        }
                    }
                    Some(crs)
                }
                None => None,
            };
            let nodes = NodeTable { ids, places: places.into_iter().map(Coord::from).collect() };
            let network = StreetNetwork::from_edges(Some(&nodes), &edges, profile, options, progress)?;
            let network = match crs {
                Some(crs) => network.with_crs(crs),
                None => network,
            };
            Ok(Self { network, findings: Vec::new() })
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

    /// The network as bytes, and what was said while its streets were read.
    fn to_bytes(&self, py: Python<'_>) -> (Cow<'static, [u8]>, Vec<String>) {
        (Cow::Owned(py.detach(|| self.network.to_bytes())), self.findings.clone())
    }

    #[staticmethod]
    fn from_bytes(py: Python<'_>, bytes: &[u8], findings: Vec<String>) -> PyResult<Self> {
        let network = py.detach(|| StreetNetwork::from_bytes(bytes));
        Ok(Self { network: network.map_err(|error| to_python(py, &error))?, findings })
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

    /// What happened to the streets, by name.
    fn report(&self) -> Vec<(&'static str, f64)> {
        self.network.report().entries()
    }

    /// What was cut, assumed and left out on the way, as text.
    fn findings(&self) -> Vec<String> {
        self.findings.clone()
    }
}

fn how_to_build((travel, simplify, smallest_component): &Building) -> Result<(TravelProfile, BuildOptions)> {
    let profile = TravelProfile::new(TravelSettings::from_json(travel)?)?;
    Ok((profile, BuildOptions { simplify: *simplify, smallest_component: *smallest_component }))
}

/// The ids of a column, none of them missing.
fn ids(py: Python<'_>, table: &PyRecordBatch, column: &str) -> PyResult<Vec<i64>> {
    let id = |(row, id): (usize, Option<i64>)| {
        let missing = || Error::new(ErrorKind::Value, "the id of a node is missing").at_row(row + 1);
        id.ok_or_else(|| to_python(py, &missing().in_column(column)))
    };
    integers(table, column)?.into_iter().enumerate().map(id).collect()
}

fn build(layer: StreetLayer, building: &Building, progress: &dyn Progress) -> Result<PyStreetNetwork> {
    let (profile, options) = how_to_build(building)?;
    let (network, _) = StreetNetwork::build(&layer.streets, profile, options, progress)?;
    let findings = layer.findings.iter().map(ToString::to_string).collect();
    Ok(PyStreetNetwork { network: network.with_crs(layer.crs), findings })
}
