//! Joins the stretches that meet where nothing branches off.
//!
//! ```text
//!   A ── o ── o ── B        A ──────────── B
//!             (nothing else at o)   one edge, same line, same cost
//! ```

use super::assemble::{Assembly, Stretch};
use super::profile::Traversal;
use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;

/// Keeps junctions, street ends, and nodes where the rules of use change. What does not join stays where it is.
pub(super) fn simplify(assembly: Assembly) -> Assembly {
    let nodes = assembly.node_indices();
    let passed: Vec<bool> = nodes.clone().map(|node| passes_through(&assembly, node)).collect();
    let mut joining = Joining { taken: vec![false; assembly.edge_count()], passed, assembly };
    for node in nodes.clone().filter(|node| !joining.passed[node.index()]).collect::<Vec<_>>() {
        joining.walk_from(node);
    }
    // What is left are rings on which nothing branches off: any node of theirs may anchor them.
    for node in nodes {
        let is_left = |node| joining.assembly.edges(node).any(|edge| !joining.taken[edge.id().index()]);
        if joining.passed[node.index()] && is_left(node) {
            joining.passed[node.index()] = false;
            joining.walk_from(node);
        }
    }
    let Joining { mut assembly, taken, passed } = joining;
    // Joined edges came after those that they are made of. Both are visited from the last to the first, so that numbers
    // not visited yet still hold.
    assembly.retain_edges(|_, edge| !taken.get(edge.index()).is_some_and(|taken| *taken));
    assembly.retain_nodes(|_, node| !passed[node.index()]);
    assembly
}

struct Joining {
    assembly: Assembly,
    /// Edges whose line was moved into a chain.
    taken: Vec<bool>,
    /// Nodes that a chain passes through.
    passed: Vec<bool>,
}

impl Joining {
    /// Follows every edge of `anchor` that leads to a node which goes, to the next node that stays.
    fn walk_from(&mut self, anchor: NodeIndex) {
        let edges = self.assembly.edges(anchor).filter(|edge| self.passed[edge.target().index()]);
        let edges: Vec<EdgeIndex> = edges.map(|edge| edge.id()).collect();
        for first in edges {
            if !self.taken[first.index()] {
                let (end, chain) = self.follow(anchor, first);
                self.assembly.add_edge(anchor, end, chain);
            }
        }
    }

    /// Walks from `anchor` along `first` to the next anchor, gathering the line.
    fn follow(&mut self, anchor: NodeIndex, first: EdgeIndex) -> (NodeIndex, Stretch) {
        let (mut at, mut chain) = self.take(anchor, first);
        while self.passed[at.index()] {
            let mut onward = self.assembly.edges(at).map(|edge| edge.id());
            let Some(next) = onward.find(|next| !self.taken[next.index()]) else { break };
            let (end, piece) = self.take(at, next);
            chain.line.extend_from_slice(&piece.line[1..]);
            chain.length_m += piece.length_m;
            let onward = piece.cost;
            chain.cost =
                [0, 1].map(|way| chain.cost[way].zip(onward[way]).map(|(so_far, more)| so_far + more));
            at = end;
        }
        (at, chain)
    }

    /// The far end of an edge and the stretch seen from `at`.
    fn take(&mut self, at: NodeIndex, edge: EdgeIndex) -> (NodeIndex, Stretch) {
        self.taken[edge.index()] = true;
        let (source, target) = self.assembly.edge_endpoints(edge).expect("the edge is in the graph");
        let stretch = &mut self.assembly[edge];
        let mut line = std::mem::take(&mut stretch.line);
        if source == at {
            return (target, Stretch { line, ..*stretch });
        }
        line.reverse();
        let (traversal, [forward, backward]) = (reversed(stretch.traversal), stretch.cost);
        (source, Stretch { line, traversal, cost: [backward, forward], ..*stretch })
    }
}

/// Whether a node only passes from one edge to another with the same rules.
fn passes_through(assembly: &Assembly, node: NodeIndex) -> bool {
    let mut edges = assembly.edges(node);
    let (Some(first), Some(second), None) = (edges.next(), edges.next(), edges.next()) else { return false };
    let is_loop = first.source() == first.target() || second.source() == second.target();
    let into = oriented(assembly, first.id(), node, false);
    let out_of = oriented(assembly, second.id(), node, true);
    !is_loop && into == out_of && first.weight().off_ground == second.weight().off_ground
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
