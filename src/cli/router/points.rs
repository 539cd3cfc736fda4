//! Tables of points on the network, each with its id; what is on no street is counted and listed.

use crate::cli::bars::Bars;
use crate::cli::say::note;
use commonground::crs::Reprojector;
use commonground::io::{ReadOptions, read_features};
use commonground::network::{AttachOptions, AttachReport, Attachment, StreetNetwork};
use commonground::{Crs, Error, ErrorKind, FeatureTable, Metres, Result};
use geo::{Geometry, Point};
use std::collections::HashSet;
use std::path::Path;

/// Points that were put on a network.
pub(super) struct Points {
    pub ids: Vec<String>,
    pub attached: Vec<Option<Attachment>>,
    table: FeatureTable,
}

/// How tables of points are read.
#[derive(clap::Args)]
pub(crate) struct PointOptions {
    /// Column with the ids of the points; by default `id`, or else the number of the row.
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,
    /// Farthest that a point may lie from a street, in metres.
    #[arg(long, value_name = "METRES", default_value_t = 500.0)]
    max_attach_m: f64,
}

impl PointOptions {
    /// The points of a file; those that are on no street are said on standard error.
    ///
    /// # Errors
    /// If the file cannot be read, a row holds no point, an id is missing or there twice, or no point is on a street.
    pub(super) fn read(&self, path: &Path, network: &StreetNetwork, progress: &Bars) -> Result<Points> {
        let layer = path.display().to_string();
        let table = read_features(path, &ReadOptions::default())?;
        let ids = self.ids(&table).map_err(|error| error.in_layer(&layer))?;
        let places = places(&table, network).map_err(|error| error.in_layer(&layer))?;
        let options = AttachOptions::within(Metres::new(self.max_attach_m)?);
        let receipts = network.attach_all(&places, options, &[], progress)?;
        let report = AttachReport::of(&receipts, options.max_distance);
        let complaint = report.complaint("points", |point| ids[point].clone(), "--max-attach-m");
        if let Some(complaint) = complaint.map(|complaint| complaint.in_layer(&layer)) {
            if report.is_none_attached() {
                return Err(complaint);
            }
            progress.clear();
            note!("warning: {complaint}");
        }
        let attached = receipts.into_iter().map(|receipt| receipt.attachment).collect();
        Ok(Points { ids, attached, table })
    }

    fn ids(&self, table: &FeatureTable) -> Result<Vec<String>> {
        let column = match &self.id {
            Some(name) => Some(table.attributes.column(name).map_err(|_| no_column(name, table))?),
            None => table.attributes.column("id").ok(),
        };
        let Some(column) = column else { return Ok((1..=table.len()).map(|row| row.to_string()).collect()) };
        let texts = super::questions::texts(column)?;
        let mut seen = HashSet::new();
        let check = |(row, id): (usize, Option<String>)| {
            let wrong = |message: String| {
                Error::new(ErrorKind::Value, message).at_row(row + 1).in_column(column.name().as_str())
            };
            let id = id.ok_or_else(|| wrong("the id is missing".into()))?;
            if seen.insert(id.clone()) { Ok(id) } else { Err(wrong(format!("the id `{id}` is there twice"))) }
        };
        texts.into_iter().enumerate().map(check).collect()
    }
}

impl Points {
    /// The numbers of a column, one per point.
    ///
    /// # Errors
    /// If there is no such column, or a number is missing, negative or not finite.
    pub(super) fn weights(&self, name: &str) -> Result<Vec<f64>> {
        let column = self.table.attributes.column(name).map_err(|_| no_column(name, &self.table))?;
        let numbers = super::questions::numbers(column)?;
        let check = |(row, number): (usize, Option<f64>)| {
            let wrong = || {
                let message = "a weight must be a number of 0 or more";
                Error::new(ErrorKind::Value, message).at_row(row + 1).with_id(&self.ids[row]).in_column(name)
            };
            number.filter(|number| number.is_finite() && *number >= 0.0).ok_or_else(wrong)
        };
        numbers.into_iter().enumerate().map(check).collect()
    }
}

fn no_column(name: &str, table: &FeatureTable) -> Error {
    let names: Vec<&str> =
        table.attributes.get_column_names().into_iter().map(|name| name.as_str()).collect();
    Error::new(ErrorKind::Column, format!("there is no column `{name}`"))
        .hint(format!("the table has {}", names.join(", ")))
}

fn places(table: &FeatureTable, network: &StreetNetwork) -> Result<Vec<Option<Point<f64>>>> {
    let own = table.crs.clone().unwrap_or_else(Crs::wgs84);
    let to_network = network.crs().map(|crs| Reprojector::new(&own, crs)).transpose()?;
    let place = |(row, shape): (usize, &Option<Geometry<f64>>)| {
        let Some(Geometry::Point(point)) = shape else {
            let message = if shape.is_some() { "the geometry is no point" } else { "there is no geometry" };
            let hint = "a table of points has a geometry, or columns with longitude and latitude";
            return Err(Error::new(ErrorKind::Geometry, message).at_row(row + 1).hint(hint));
        };
        match &to_network {
            Some(to_network) => {
                let place = to_network.coord(point.0).map_err(|error| error.at_row(row + 1))?;
                Ok(Some(place.into()))
            }
            None => Ok(Some(*point)),
        }
    };
    table.geometries.iter().enumerate().map(place).collect()
}
