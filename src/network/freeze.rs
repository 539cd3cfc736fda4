//! From an assembly to a network that is only read: nodes along a space-filling curve, arcs in one array.

use super::assemble::Assembly;
use super::attachment::StreetIndex;
use super::build::NetworkReport;
use super::components::find_components;
use super::data_edge::cuts;
use super::graph::{CLOSED, Edge, StreetNetwork, lay_out};
use super::profile::TravelProfile;
use super::space_filling_curve::hilbert_position;
use geo::{BoundingRect, LineString, MultiPoint, Point};
use rayon::prelude::*;

/// Numbers nodes along the curve and edges by their nodes.
pub(super) fn freeze(assembly: Assembly, profile: TravelProfile) -> StreetNetwork {
    let (nodes, stretches) = assembly.into_nodes_edges();
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

    let mut edges: Vec<(Edge, LineString<f64>)> = stretches
        .into_par_iter()
        .map(|edge| {
            let [tail, head] = [edge.source(), edge.target()].map(|node| number[node.index()]);
            let stretch = edge.weight;
            let [forward, backward] =
                stretch.cost.map(|cost| cost.map_or(CLOSED, |cost| (cost.round() as u32).min(CLOSED - 1)));
            let edge = Edge {
                tail,
                head,
                length_m: stretch.length_m,
                forward,
                backward,
                street: stretch.street,
                off_ground: stretch.off_ground,
            };
            (edge, LineString(stretch.line))
        })
        .collect();
    edges.par_sort_by_key(|(edge, _)| (edge.tail, edge.head));
    let (edges, lines): (Vec<_>, Vec<_>) = edges.into_iter().unzip();
    let (outgoing, incoming) = lay_out(places.len(), &edges);
    let index = StreetIndex::new(&lines);
    let would_go_on: Vec<bool> = in_order().map(|junction| junction.would_go_on).collect();
    let ends = edges.iter().zip(&lines).flat_map(|(edge, line)| {
        let back = || LineString(line.0.iter().rev().copied().collect());
        let tail = would_go_on[edge.tail as usize].then(|| ([edge.tail, edge.head], back()));
        let head = would_go_on[edge.head as usize].then(|| ([edge.head, edge.tail], line.clone()));
        tail.into_iter().chain(head)
    });
    let cuts = cuts(ends, &lines, &index, extent.width().hypot(extent.height()));
    StreetNetwork {
        profile,
        report: NetworkReport::default(),
        crs: None,
        places,
        vertices,
        outgoing,
        incoming,
        edges,
        lines,
        components,
        component_sizes,
        cuts,
        index,
    }
}
