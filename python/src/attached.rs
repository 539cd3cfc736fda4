//! Points on a street network: attached once, asked about as often as one likes.

use crate::arrow::{geometries, integer_array, number_array, to_batch};
use crate::background::in_background;
use crate::error::to_python;
use crate::street_network::PyStreetNetwork;
use arrow_array::StringArray;
use commonground::network::{
    AttachOptions, AttachReport, Attachment, Destinations, Direction, Receipt, StreetNetwork,
};
use commonground::{Error, ErrorKind, Metres};
use geo::{Geometry, Point};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::sync::Arc;

/// One receipt per point.
#[pyclass(name = "AttachedPlaces", frozen)]
pub(crate) struct PyAttachedPlaces(Vec<Receipt>, AttachReport);

#[pymethods]
impl PyAttachedPlaces {
    /// Attaches the points of a table within some metres, passing over components with fewer nodes than the smallest.
    #[new]
    fn new(
        py: Python<'_>,
        network: &Bound<'_, PyStreetNetwork>,
        points: PyRecordBatch,
        max_distance_m: f64,
        smallest_component: u32,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let (network, places) = (&network.get().network, places(py, &points)?);
        in_background(py, progress, |progress| {
            let options = AttachOptions { max_distance: Metres::new(max_distance_m)?, smallest_component };
            let receipts = network.attach_all(&places, options, &[], progress)?;
            let report = AttachReport::of(&receipts, options.max_distance);
            Ok(Self(receipts, report))
        })
    }

    /// Junctions as places.
    #[staticmethod]
    fn at_nodes(py: Python<'_>, network: &Bound<'_, PyStreetNetwork>, nodes: Vec<u32>) -> PyResult<Self> {
        let network = &network.get().network;
        if let Some(row) = nodes.iter().position(|&node| node as usize >= network.node_count()) {
            let error = Error::new(ErrorKind::Value, format!("there is no node `{}`", nodes[row]));
            return Err(to_python(py, &error.at_row(row + 1)));
        }
        let receipts: Vec<Receipt> = nodes.into_iter().map(|node| network.receipt_at_node(node)).collect();
        let report = AttachReport::of(&receipts, Metres::ZERO);
        Ok(Self(receipts, report))
    }

    /// Numbers of the places on no street, in their order.
    fn unattached(&self) -> Vec<usize> {
        self.1.unattached.clone()
    }

    /// What to say of the places on no street, by their ids in the order of `unattached`.
    fn complaint(&self, ids: Vec<String>) -> Option<String> {
        let id = |place: usize| {
            let at = self.1.unattached.binary_search(&place).ok();
            at.and_then(|at| ids.get(at).cloned()).unwrap_or_else(|| place.to_string())
        };
        self.1.complaint("places", id, "max_snap_metres").map(|error| error.to_string())
    }

    /// Refuses places of which not one is on a street.
    fn require_some(&self, py: Python<'_>, ids: Vec<String>, what: &str) -> PyResult<()> {
        if !self.1.is_none_attached() {
            return Ok(());
        }
        let id = |place: usize| ids.get(place).cloned().unwrap_or_else(|| place.to_string());
        match self.1.complaint(what, id, "max_snap_metres") {
            Some(error) => Err(to_python(py, &error)),
            None => Ok(()),
        }
    }

    /// Number of points that are on the network.
    fn attached_count(&self) -> usize {
        self.0.iter().filter(|receipt| receipt.attachment.is_some()).count()
    }

    /// Columns `x` and `y`: where each place is on its street.
    fn positions(&self) -> PyResult<PyRecordBatch> {
        let positions = || self.0.iter().map(|receipt| receipt.attachment.map(|at| at.position));
        to_batch(vec![
            ("x".into(), number_array(positions().map(|position| Some(position?.x)))),
            ("y".into(), number_array(positions().map(|position| Some(position?.y)))),
        ])
    }

    /// One row per point: what happened to it.
    fn receipts(&self) -> PyResult<PyRecordBatch> {
        let receipts = || self.0.iter();
        to_batch(vec![
            ("outcome".into(), Arc::new(receipts().map(|r| Some(r.outcome.name())).collect::<StringArray>())),
            ("distance_m".into(), number_array(receipts().map(|r| r.attachment.map(|at| at.gap.get())))),
            ("nearest_street_m".into(), number_array(receipts().map(|r| r.nearest.map(Metres::get)))),
            ("street".into(), integer_array(receipts().map(|r| r.street))),
            ("component_nodes".into(), integer_array(receipts().map(|r| r.component_size.map(i64::from)))),
        ])
    }
}

impl PyAttachedPlaces {
    pub(crate) fn attachments(&self) -> Vec<Option<Attachment>> {
        self.0.iter().map(|receipt| receipt.attachment).collect()
    }

    /// The points as places to go to (`From` the origins) or to come from (`To` the origins).
    pub(crate) fn destinations(&self, network: &StreetNetwork, direction: Direction) -> Destinations {
        let entrances: Vec<_> =
            (0..).zip(&self.0).filter_map(|(place, receipt)| Some((place, receipt.attachment?))).collect();
        Destinations::in_direction(network, self.0.len(), &entrances, direction)
    }
}

/// The points of a table; `None` where a row has none.
fn places(py: Python<'_>, batch: &PyRecordBatch) -> PyResult<Vec<Option<Point<f64>>>> {
    let point = |(row, geometry): (usize, Option<Geometry<f64>>)| match geometry {
        None => Ok(None),
        Some(Geometry::Point(point)) => Ok(Some(point)),
        Some(_) => {
            let error = Error::new(ErrorKind::Geometry, "every row must have a point").at_row(row + 1);
            Err(to_python(py, &error.hint("polygons have `.representative_point()`")))
        }
    };
    geometries(py, batch)?.into_iter().enumerate().map(point).collect()
}
