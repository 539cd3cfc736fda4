//! Joins the stretches that meet where nothing branches off.
//!
//! ```text
//!   A ── o ── o ── B        A ──────────── B
//!             (nothing else at o)   one edge, same line, same cost
//! ```

use super::build::{Assembly, Stretch};
use super::profile::Traversal;
use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;

/// Keeps junctions, street ends, and nodes where the rules of use change.
pub(super) fn simplify(assembly: &Assembly) -> Assembly {
    let mut simplified = Assembly::default();
    let mut number = vec![None; assembly.node_count()];
    let mut taken = vec![false; assembly.edge_count()];
    let mut walk_from = |anchor: NodeIndex, taken: &mut Vec<bool>| {
        for first in assembly.edges(anchor).map(|edge| edge.id()) {
            if taken[first.index()] {
                continue;
            }
            let (end, chain) = follow(assembly, anchor, first, taken);
            let mut node = |old: NodeIndex| {
                *number[old.index()].get_or_insert_with(|| simplified.add_node(assembly[old]))
            };
            let (tail, head) = (node(anchor), node(end));
            simplified.add_edge(tail, head, chain);
        }
    };
    for node in assembly.node_indices().filter(|&node| passes_through(assembly, node).is_none()) {
        walk_from(node, &mut taken);
    }
    // What is left are rings on which nothing branches off: any node of theirs may anchor them.
    for node in assembly.node_indices() {
        walk_from(node, &mut taken);
    }
    simplified
}

/// The two edges at a node that only passes from one to the other; `None` at every other node.
fn passes_through(assembly: &Assembly, node: NodeIndex) -> Option<[EdgeIndex; 2]> {
    let mut edges = assembly.edges(node);
    let (first, second) = (edges.next()?, edges.next()?);
    let is_loop = first.source() == first.target() || second.source() == second.target();
    if is_loop || edges.next().is_some() {
        return None;
    }
    let (into, out_of) =
        (oriented(assembly, first.id(), node, false), oriented(assembly, second.id(), node, true));
    let same_rules = into == out_of && first.weight().off_ground == second.weight().off_ground;
    same_rules.then(|| [first.id(), second.id()])
}

/// The rules of an edge seen as leaving (`outward`) or reaching `node`.
fn oriented(assembly: &Assembly, edge: EdgeIndex, node: NodeIndex, outward: bool) -> Traversal {
    let (source, _) = assembly.edge_endpoints(edge).expect("the edge is in the graph");
    let traversal = assembly[edge].traversal;
    if (source == node) == outward { traversal } else { reversed(traversal) }
}

fn reversed(traversal: Traversal) -> Traversal {
    Traversal { forward: traversal.backward, backward: traversal.forward }
}

/// Walks from `anchor` along `first` to the next anchor, gathering the line.
fn follow(
    assembly: &Assembly,
    anchor: NodeIndex,
    first: EdgeIndex,
    taken: &mut [bool],
) -> (NodeIndex, Stretch) {
    let mut edge = first;
    let mut at = anchor;
    let mut chain: Option<Stretch> = None;
    loop {
        taken[edge.index()] = true;
        let (source, target) = assembly.edge_endpoints(edge).expect("the edge is in the graph");
        let along = source == at;
        at = if along { target } else { source };
        let piece = &assembly[edge];
        let mut line = piece.line.clone();
        if !along {
            line.reverse();
        }
        match &mut chain {
            None => {
                let traversal = if along { piece.traversal } else { reversed(piece.traversal) };
                chain = Some(Stretch { line, traversal, ..*piece });
            }
            Some(chain) => chain.line.extend(line.into_iter().skip(1)),
        }
        let next = passes_through(assembly, at)
            .and_then(|pair| pair.into_iter().find(|candidate| !taken[candidate.index()]));
        match next {
            Some(next) if at != anchor => edge = next,
            _ => return (at, chain.expect("at least one edge was walked")),
        }
    }
}
