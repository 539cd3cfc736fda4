//! The network as two tables, to look at on a map.

use super::graph::StreetNetwork;
use crate::{Error, ErrorKind, FeatureTable, Result};
use geo::{Geometry, Point};
use polars::prelude::{Column, DataFrame, NamedFrom, Series};

impl StreetNetwork {
    /// Junctions as points: `id`, `vertex` (its id in the data), `component` (0 is the largest), `component_nodes`, `is_cut`
    /// (a street ends there, or leaves the others, because the data does, see [`super::time_to_data_edge`]).
    ///
    /// # Errors
    /// None in practice: the columns have one length.
    pub fn node_table(&self) -> Result<FeatureTable> {
        let places = self.places.iter().map(|&place| Some(Point::from(place).into())).collect();
        let sizes: Vec<u32> = self.components.iter().map(|&one| self.component_sizes[one as usize]).collect();
        let mut is_cut = vec![false; self.node_count()];
        self.cuts.iter().for_each(|&node| is_cut[node as usize] = true);
        let columns = vec![
            column("id", (0..self.node_count() as u32).collect::<Vec<_>>()),
            column("vertex", self.vertices.clone()),
            column("component", self.components.clone()),
            column("component_nodes", sizes),
            column("is_cut", is_cut),
        ];
        self.table(places, columns)
    }

    /// Street edges as lines: `id`, the nodes `from` and `to`, `street` (its id in the data), `length_m`,
    /// `minutes_forward` and `minutes_backward` (null where not allowed), `component`, `off_ground` (on a bridge or in a
    /// tunnel).
    ///
    /// # Errors
    /// None in practice: the columns have one length.
    pub fn edge_table(&self) -> Result<FeatureTable> {
        let lines = self.lines.iter().map(|line| Some(Geometry::from(line.clone()))).collect();
        let ids = 0..self.edge_count() as u32;
        let minutes = |direction: usize| -> Vec<Option<f64>> {
            ids.clone().map(|edge| self.times(edge)[direction].map(|time| time.get())).collect()
        };
        let columns = vec![
            column("id", ids.clone().collect::<Vec<_>>()),
            column("from", self.edges.iter().map(|edge| edge.tail).collect::<Vec<_>>()),
            column("to", self.edges.iter().map(|edge| edge.head).collect::<Vec<_>>()),
            column("street", self.edges.iter().map(|edge| edge.street).collect::<Vec<_>>()),
            column("length_m", self.edges.iter().map(|edge| edge.length_m).collect::<Vec<_>>()),
            column("minutes_forward", minutes(0)),
            column("minutes_backward", minutes(1)),
            column("component", ids.clone().map(|edge| self.component_of(edge)).collect::<Vec<_>>()),
            column("off_ground", self.edges.iter().map(|edge| edge.off_ground).collect::<Vec<_>>()),
        ];
        self.table(lines, columns)
    }

    fn table(&self, geometries: Vec<Option<Geometry<f64>>>, columns: Vec<Column>) -> Result<FeatureTable> {
        let attributes = DataFrame::new_infer_height(columns).map_err(|error| {
            Error::new(ErrorKind::Column, format!("columns of the network clash: {error}"))
        })?;
        FeatureTable::new(geometries, attributes, self.crs.clone())
    }
}

fn column<T, Kind: ?Sized>(name: &str, values: T) -> Column
where
    Series: NamedFrom<T, Kind>,
    T: AsRef<Kind>,
{
    Series::new(name.into(), values).into()
}
