//! The separate pieces that a network falls into.

use super::assemble::Assembly;
use crate::{Error, ErrorKind, Result};
use petgraph::graph::NodeIndex;
use petgraph::unionfind::UnionFind;
use petgraph::visit::EdgeRef;

/// Component of each node in the order given, and the size of each component, largest first.
pub(super) fn find_components(
    node_count: usize,
    edges: impl Iterator<Item = [u32; 2]>,
    order: impl Iterator<Item = u32>,
) -> (Vec<u32>, Vec<u32>) {
    let mut sets = UnionFind::<u32>::new(node_count);
    for [tail, head] in edges {
        sets.union(tail, head);
    }
    let roots: Vec<u32> = order.map(|node| sets.find_mut(node)).collect();
    let mut size_of = vec![0_u32; node_count];
    for &root in &roots {
        size_of[root as usize] += 1;
    }
    let mut ranking: Vec<(u32, u32)> = (0..).zip(size_of).filter(|&(_, size)| size > 0).collect();
    ranking.sort_unstable_by_key(|&(root, size)| (std::cmp::Reverse(size), root));
    let mut rank = vec![0; node_count];
    for (number, &(root, _)) in (0..).zip(&ranking) {
        rank[root as usize] = number;
    }
    (roots.iter().map(|&root| rank[root as usize]).collect(), ranking.iter().map(|&(_, size)| size).collect())
}

/// Leaves out every component with fewer nodes than `smallest`; returns how many went.
pub(super) fn keep_large(assembly: &mut Assembly, smallest: usize) -> Result<usize> {
    let ends =
        assembly.edge_references().map(|edge| [edge.source(), edge.target()].map(|node| node.index() as u32));
    let nodes = 0..assembly.node_count() as u32;
    let (components, sizes) = find_components(assembly.node_count(), ends, nodes);
    let is_large = |component: u32| sizes[component as usize] as usize >= smallest;
    if !is_large(0) {
        let message = format!("the largest piece of network has {} nodes, fewer than {smallest}", sizes[0]);
        return Err(Error::new(ErrorKind::Study, message).in_layer("streets").hint("ask for smaller pieces"));
    }
    // Nodes are visited from the last to the first, so that numbers not visited yet still hold.
    assembly.retain_nodes(|_, node: NodeIndex| is_large(components[node.index()]));
    Ok(sizes.iter().filter(|size| (**size as usize) < smallest).count())
}
