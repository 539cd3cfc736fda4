//! From street lines to a network.

use super::assemble::{Assembly, assemble};
use super::components::keep_large;
use super::data_edge::mark_ends;
use super::freeze::freeze;
use super::graph::StreetNetwork;
use super::ids::NumberTuples;
use super::profile::TravelProfile;
use super::simplify::simplify;
use crate::Result;
use crate::model::Street;
use crate::progress::{Progress, go_on};
use petgraph::visit::EdgeRef;

/// How a network is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuildOptions {
    /// Joins the edges of streets that meet at a node where nothing branches off: searches are faster, and no time changes but by
    /// the millisecond to which each edge is rounded. Pieces of network are then counted in the junctions that are left. Tables
    /// of edges keep every node.
    pub simplify: bool,
    /// Separate pieces of network with fewer nodes are left out; 0 keeps all.
    pub smallest_component: usize,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self { simplify: true, smallest_component: 0 }
    }
}

/// What happened to the streets on the way into the network.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct NetworkReport {
    /// Streets that the data holds.
    pub streets: usize,
    /// Streets that may not be used by this travel mode.
    pub closed_streets: usize,
    /// Their share of the length of all streets, 0 to 1.
    pub closed_length_share: f64,
    /// Vertices at which a barrier cuts an open street in two.
    pub barriers: usize,
    /// Pieces of street whose slopes count in their times.
    pub sloped_edges: usize,
    /// Pieces that are assumed flat, because the elevation that was given does not cover them.
    pub flat_for_want_of_elevation: usize,
    /// Pieces left out because they are steeper than the traveller can take.
    pub too_steep_edges: usize,
    /// Pieces without length, kept at no cost.
    pub zero_length_edges: usize,
    /// Edges that repeat another one between the same junctions with the same length; kept.
    pub duplicate_edges: usize,
    /// Junctions and street ends before simplification.
    pub nodes_before_simplification: usize,
    /// Nodes of a table that no edge names; left out.
    pub nodes_without_edges: usize,
    /// Separate pieces that were smaller than asked for and left out.
    pub components_left_out: usize,
    /// Number of separate pieces that the network falls into.
    pub components: usize,
    /// Share of the nodes in the largest piece, 0 to 1.
    pub largest_component_share: f64,
}

impl NetworkReport {
    /// The report of which [`NetworkReport::entries`] gave the numbers; `None` if their number does not fit.
    pub(super) fn from_entries(entries: &[f64]) -> Option<Self> {
        let &[
            streets,
            closed,
            closed_share,
            barriers,
            sloped,
            flat,
            too_steep,
            zero,
            duplicate,
            before,
            without_edges,
            left_out,
            components,
            largest,
        ] = entries
        else {
            return None;
        };
        Some(Self {
            streets: streets as usize,
            closed_streets: closed as usize,
            closed_length_share: closed_share,
            barriers: barriers as usize,
            sloped_edges: sloped as usize,
            flat_for_want_of_elevation: flat as usize,
            too_steep_edges: too_steep as usize,
            zero_length_edges: zero as usize,
            duplicate_edges: duplicate as usize,
            nodes_before_simplification: before as usize,
            nodes_without_edges: without_edges as usize,
            components_left_out: left_out as usize,
            components: components as usize,
            largest_component_share: largest,
        })
    }

    /// Every number by its name.
    #[must_use]
    pub fn entries(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("streets", self.streets as f64),
            ("closed_streets", self.closed_streets as f64),
            ("closed_length_share", self.closed_length_share),
            ("barriers", self.barriers as f64),
            ("sloped_edges", self.sloped_edges as f64),
            ("flat_for_want_of_elevation", self.flat_for_want_of_elevation as f64),
            ("too_steep_edges", self.too_steep_edges as f64),
            ("zero_length_edges", self.zero_length_edges as f64),
            ("duplicate_edges", self.duplicate_edges as f64),
            ("nodes_before_simplification", self.nodes_before_simplification as f64),
            ("nodes_without_edges", self.nodes_without_edges as f64),
            ("components_left_out", self.components_left_out as f64),
            ("components", self.components as f64),
            ("largest_component_share", self.largest_component_share),
        ]
    }
}

impl StreetNetwork {
    /// Builds the network of `streets` for one travel mode.
    ///
    /// Streets join where they share a vertex id, and only there: a bridge does not meet the street below. A barrier
    /// that the traveller does not pass cuts its street. Where streets have a [`crate::model::Relief`], people on foot are
    /// slowed uphill and quickened a little downhill; within an edge the time runs evenly.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Geometry`] if a street has not one vertex id for each vertex or a coordinate is not finite,
    /// [`crate::ErrorKind::Study`] if no street is open to the profile or flat enough, or none is left in a piece as large as asked
    /// for, [`crate::ErrorKind::Value`] if a street takes longer than 24 days, [`crate::ErrorKind::Cancelled`].
    pub fn build(
        streets: &[Street],
        profile: TravelProfile,
        options: BuildOptions,
        progress: &dyn Progress,
    ) -> Result<(Self, NetworkReport)> {
        progress.start("building the network", 3);
        let mut report = NetworkReport { streets: streets.len(), ..NetworkReport::default() };
        let assembly = assemble(streets, &profile, &mut report)?;
        progress.advance(1);
        go_on(progress)?;
        let network = finish(assembly, profile, options, &mut report, progress)?;
        Ok((network, report))
    }
}

/// Simplifies an assembly, leaves out what is too small, and freezes the rest.
pub(super) fn finish(
    mut assembly: Assembly,
    profile: TravelProfile,
    options: BuildOptions,
    report: &mut NetworkReport,
    progress: &dyn Progress,
) -> Result<StreetNetwork> {
    report.nodes_before_simplification = assembly.node_count();
    mark_ends(&mut assembly);
    if options.simplify {
        assembly = simplify(assembly);
    }
    if options.smallest_component > 0 {
        report.components_left_out = keep_large(&mut assembly, options.smallest_component)?;
    }
    count_oddities(&assembly, report);
    progress.advance(1);
    go_on(progress)?;
    let mut network = freeze(assembly, profile);
    report.components = network.component_sizes.len();
    report.largest_component_share = f64::from(network.component_sizes[0]) / network.node_count() as f64;
    network.report = report.clone();
    progress.advance(1);
    Ok(network)
}

fn count_oddities(assembly: &Assembly, report: &mut NetworkReport) {
    let mut seen = NumberTuples::with_capacity_and_hasher(assembly.edge_count(), Default::default());
    for edge in assembly.edge_references() {
        let length = edge.weight().length_m;
        let [a, b] = [edge.source(), edge.target()].map(|node| node.index() as u32);
        report.zero_length_edges += usize::from(length == 0.0);
        report.duplicate_edges += usize::from(!seen.insert((a.min(b), a.max(b), length.to_bits())));
    }
}

pub(super) use super::assemble::length_m;

#[cfg(test)]
mod tests;
