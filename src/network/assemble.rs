//! Streets are split wherever they share a vertex, and the pieces joined in petgraph.

use super::build::NetworkReport;
use super::data_edge::goes_on;
use super::ids::IdMap;
use super::profile::{Slopes, TravelProfile, Traversal};
use super::search::is_too_long;
use crate::model::Street;
use crate::{Error, ErrorKind, Result};
use geo::{Coord, Distance, Euclidean, Point};
use petgraph::graph::{NodeIndex, UnGraph};
use rayon::prelude::*;

/// A junction or the end of a street.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Junction {
    pub(super) place: Coord<f64>,
    /// Id of the vertex in the data.
    pub(super) vertex: i64,
    /// A street ends here that would go on if the data did.
    pub(super) would_go_on: bool,
}

/// A piece of street between two junctions, before it is frozen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stretch {
    /// From the source to the target of the petgraph edge.
    pub(super) line: Vec<Coord<f64>>,
    pub(super) length_m: f64,
    pub(super) traversal: Traversal,
    /// Milliseconds from the source to the target and back, `None` where not allowed.
    pub(super) cost: [Option<f64>; 2],
    pub(super) street: i64,
    pub(super) off_ground: bool,
    /// Of a class of streets that go on where the data does not end.
    pub(super) goes_on: bool,
}

/// Junctions with their places, and the stretches between them.
pub(super) type Assembly = UnGraph<Junction, Stretch>;

/// A street that the traveller may use.
struct OpenStreet<'a> {
    street: &'a Street,
    traversal: Traversal,
    /// Positions of the vertices that the traveller does not pass.
    blocked: Vec<usize>,
}

pub(super) fn assemble(
    streets: &[Street],
    profile: &TravelProfile,
    report: &mut NetworkReport,
) -> Result<Assembly> {
    let checked: Vec<Result<Option<OpenStreet<'_>>>> =
        streets.par_iter().map(|street| open(street, profile)).collect();
    let mut open_streets = Vec::with_capacity(streets.len());
    let (mut length, mut closed_length) = (0.0, 0.0);
    for (street, checked) in streets.iter().zip(checked) {
        let length_m = length_m(&street.line.0);
        length += length_m;
        match checked? {
            Some(open) => open_streets.push(open),
            None => {
                report.closed_streets += 1;
                closed_length += length_m;
            }
        }
    }
    report.closed_length_share = if length > 0.0 { closed_length / length } else { 0.0 };
    report.barriers = open_streets.iter().map(|open| open.blocked.len()).sum();
    if open_streets.is_empty() {
        let message = format!("none of {} streets is open to this travel mode", streets.len());
        return Err(Error::new(ErrorKind::Study, message).in_layer("streets").hint(
            "map the class column of a line file to OpenStreetMap values with `classes` in study.toml",
        ));
    }
    let assembly = join(&open_streets, profile, report)?;
    if assembly.edge_count() == 0 {
        let message =
            format!("all of {} open streets are too steep for this travel mode", open_streets.len());
        return Err(Error::new(ErrorKind::Study, message)
            .in_layer("streets")
            .hint("are the heights in metres? `max_slope_percent` in `[travel]` sets the limit"));
    }
    Ok(assembly)
}

fn join(
    open_streets: &[OpenStreet<'_>],
    profile: &TravelProfile,
    report: &mut NetworkReport,
) -> Result<Assembly> {
    // A vertex is a junction if a street ends there or if it is passed more than once.
    let vertex_count = open_streets.iter().map(|open| open.street.vertices.len()).sum();
    let mut passes: IdMap<u32> = IdMap::with_capacity_and_hasher(vertex_count, Default::default());
    for open in open_streets {
        let last = open.street.vertices.len() - 1;
        for (position, &vertex) in open.street.vertices.iter().enumerate() {
            *passes.entry(vertex).or_default() += if position == 0 || position == last { 2 } else { 1 };
        }
    }
    let mut assembly = Assembly::default();
    let mut nodes: IdMap<NodeIndex> = IdMap::default();
    for OpenStreet { street, traversal, blocked } in open_streets {
        let coords = &street.line.0;
        let off_ground = street.is_off_ground();
        let goes_on = goes_on(street.tags.get("highway"));
        let mut begin = 0;
        for end in 1..coords.len() {
            if passes[&street.vertices[end]] < 2 && !blocked.contains(&end) {
                continue;
            }
            let Some(traversal) = on_slopes(*traversal, profile.slopes(street, begin, end), report) else {
                begin = end;
                continue;
            };
            let [tail, head] = [begin, end].map(|position| {
                let vertex = street.vertices[position];
                let junction = Junction { place: coords[position], vertex, would_go_on: false };
                if blocked.contains(&position) {
                    // Nobody gets on from here: the other side of the barrier is another node.
                    return assembly.add_node(junction);
                }
                *nodes.entry(vertex).or_insert_with(|| assembly.add_node(junction))
            });
            let line = coords[begin..=end].to_vec();
            let length_m = length_m(&line);
            let cost = [traversal.forward, traversal.backward].map(|pace| pace.map(|pace| pace * length_m));
            if cost.iter().flatten().any(|cost| is_too_long(*cost)) {
                let message = format!("{length_m:.0} m of this street take longer than 24 days");
                return Err(Error::new(ErrorKind::Value, message)
                    .in_layer("streets")
                    .with_id(street.id.to_string())
                    .hint("is it drawn in metres, and are the speeds in km/h?"));
            }
            let stretch = Stretch { line, length_m, traversal, cost, street: street.id, off_ground, goes_on };
            assembly.add_edge(tail, head, stretch);
            begin = end;
        }
    }
    Ok(assembly)
}

/// The traversal of a stretch with its slopes; `None` where it is too steep.
fn on_slopes(flat: Traversal, slopes: Slopes, report: &mut NetworkReport) -> Option<Traversal> {
    match slopes {
        Slopes::DoNotMatter => {}
        Slopes::Unknown => report.flat_for_want_of_elevation += 1,
        Slopes::TooSteep => {
            report.too_steep_edges += 1;
            return None;
        }
        Slopes::Slow([ahead, back]) => {
            report.sloped_edges += 1;
            let [forward, backward] = [(flat.forward, ahead), (flat.backward, back)]
                .map(|(pace, slower)| pace.map(|pace| pace * slower));
            return Some(Traversal { forward, backward });
        }
    }
    Some(flat)
}

/// Checks a street; `None` if it is closed.
fn open<'a>(street: &'a Street, profile: &TravelProfile) -> Result<Option<OpenStreet<'a>>> {
    check(street)?;
    let blocked = |(position, tags): &(usize, _)| (!profile.passes(tags)).then_some(*position);
    Ok(profile.traversal(street).map(|traversal| OpenStreet {
        street,
        traversal,
        blocked: street.barriers.iter().filter_map(blocked).collect(),
    }))
}

fn check(street: &Street) -> Result<()> {
    let coords = &street.line.0;
    let wrong = if coords.len() < 2 {
        "has fewer than two vertices"
    } else if coords.len() != street.vertices.len() {
        "has not one vertex id for each vertex"
    } else if coords.iter().any(|coord| !coord.x.is_finite() || !coord.y.is_finite()) {
        "has a coordinate that is not finite"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Geometry, format!("street {wrong}"))
        .in_layer("streets")
        .with_id(street.id.to_string()))
}

pub(super) fn length_m(line: &[Coord<f64>]) -> f64 {
    line.windows(2).map(|pair| Euclidean.distance(Point::from(pair[0]), Point::from(pair[1]))).sum()
}
