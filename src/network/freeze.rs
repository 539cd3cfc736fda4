//! From an assembly to a network that is only read: nodes along a space-filling curve, arcs in one array.

use super::assemble::{Assembly, Stretch};
use super::build::NetworkReport;
use super::components::find_components;
use super::data_edge::cuts;
use super::graph::{CLOSED, Edge, NodeId, Parts, StreetNetwork};
use super::profile::TravelProfile;
use super::space_filling_curve::hilbert_position;
use geo::{BoundingRect, LineString, MultiPoint, Point};
use rayon::prelude::*;

/// Numbers nodes along the curve and edges by their nodes.
pub(super) fn freeze(assembly: Assembly, profile: TravelProfile) -> StreetNetwork {
    let (nodes, mut stretches) = assembly.into_nodes_edges();
    let extent = MultiPoint::from_iter(nodes.iter().map(|node| Point::from(node.weight.place)))
        .bounding_rect()
        .expect("an assembly has nodes");
    let mut order: Vec<(u32, u32)> = nodes
        .par_iter()
        .zip(0..nodes.len() as u32)
        .map(|(node, number)| (hilbert_position(node.weight.place, extent), number))
        .collect();
    order.par_sort_unstable();
    let mut number = vec![0; nodes.len()];
    for (new, &(_, old)) in (0..).zip(&order) {
        number[old as usize] = new;
    }
    let in_order = || order.iter().map(|&(_, old)| nodes[old as usize].weight);
    let places: Vec<_> = in_order().map(|junction| junction.place).collect();
    let vertices: Vec<_> = in_order().map(|junction| junction.vertex).collect();
    let ends = stretches.iter().map(|edge| [edge.source(), edge.target()].map(|node| node.index() as u32));
    let (components, component_sizes) = find_components(nodes.len(), ends, order.iter().map(|&(_, old)| old));

    // Small keys are sorted, and each edge moved once; those of one pair of nodes keep their order.
    let by_ends = |(edge, old): (&petgraph::graph::Edge<Stretch>, u32)| {
        (number[edge.source().index()], number[edge.target().index()], old)
    };
    let mut by_ends: Vec<(NodeId, NodeId, u32)> =
        stretches.par_iter().zip(0..stretches.len() as u32).map(by_ends).collect();
    by_ends.par_sort_unstable();
    let frozen = by_ends.into_iter().map(|(tail, head, old)| {
        let Stretch { line, length_m, cost, street, off_ground, .. } = &mut stretches[old as usize].weight;
        let [forward, backward] =
            cost.map(|cost| cost.map_or(CLOSED, |cost| (cost.round() as u32).min(CLOSED - 1)));
        let (length_m, street, off_ground) = (*length_m, *street, *off_ground);
        let edge = Edge { tail, head, length_m, forward, backward, street, off_ground };
        (edge, LineString(std::mem::take(line)))
    });
    let (edges, lines) = frozen.unzip();
    let would_go_on: Vec<bool> = in_order().map(|junction| junction.would_go_on).collect();
    let parts = Parts {
        profile,
        report: NetworkReport::default(),
        crs: None,
        places,
        vertices,
        edges,
        lines,
        components,
        component_sizes,
        cuts: Vec::new(),
    };
    let mut network = StreetNetwork::from(parts);
    let ends = network.edges.iter().zip(&network.lines).flat_map(|(edge, line)| {
        let back = || LineString(line.0.iter().rev().copied().collect());
        let tail = would_go_on[edge.tail as usize].then(|| ([edge.tail, edge.head], back()));
        let head = would_go_on[edge.head as usize].then(|| ([edge.head, edge.tail], line.clone()));
        tail.into_iter().chain(head)
    });
    network.cuts = cuts(ends, &network.lines, &network.index, extent.width().hypot(extent.height()));
    network
}
