//! Streets, and the barriers that stand on them.

use super::blocks::{Elements, Way};
use super::tags::{is_barrier, is_street};
use crate::model::{Findings, Street, Tags};
use crate::{Error, ErrorKind};
use geo::LineString;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Streets in the order of their ids; a street that misses nodes comes in pieces.
pub(super) fn streets(elements: &Elements, findings: &mut Findings) -> Vec<Street> {
    let squares = squares(elements);
    let as_street = |way: &Way| -> Option<(Vec<Street>, usize)> {
        let tags = if is_street(&way.tags) { &way.tags } else { squares.get(&way.id)? };
        Some(pieces(way, tags, elements))
    };
    let found: Vec<(Vec<Street>, usize)> = elements.ways.par_iter().filter_map(as_street).collect();
    let missing: usize = found.iter().map(|(_, missing)| missing).sum();
    let cut = found.iter().filter(|(_, missing)| *missing > 0).count();
    let lost = found.iter().filter(|(pieces, _)| pieces.is_empty()).count();
    let streets: Vec<Street> = found.into_iter().flat_map(|(pieces, _)| pieces).collect();
    let about = |message: String| Error::new(ErrorKind::Geometry, message).in_layer("streets");
    if missing > 0 {
        findings.warning(
            about(format!("{cut} streets were cut where {missing} nodes are missing from the file"))
                .hint("streets that cross the edge of an extract lose their far end"),
        );
    }
    if lost > 0 {
        findings.note(about(format!("{lost} streets with fewer than two nodes in the file were dropped")));
    }
    if streets.is_empty() {
        findings
            .warning(about("the OpenStreetMap file holds no streets".into()).hint("is the file cut off?"));
    }
    streets
}

/// What stands on the vertices of a street: a bollard, a gate, a kerb.
fn barriers_on(vertices: &[i64], elements: &Elements) -> Vec<(usize, Tags)> {
    let barrier = |(position, node): (usize, &i64)| {
        elements.tags_of_node(*node).filter(|tags| is_barrier(tags)).map(|tags| (position, tags.clone()))
    };
    vertices.iter().enumerate().filter_map(barrier).collect()
}

/// Ways without tags of their own that ring a square for people on foot: the relation's tags are theirs.
fn squares(elements: &Elements) -> BTreeMap<i64, Tags> {
    let mut squares = BTreeMap::new();
    for relation in &elements.relations {
        if relation.tags.is("type", "multipolygon") && is_street(&relation.tags) {
            let not_ours = |(key, _): &(&str, &str)| *key != "type" && *key != "area";
            let tags: Tags = relation.tags.iter().filter(not_ours).chain([("area", "yes")]).collect();
            for member in &relation.members {
                squares.entry(member.way).or_insert_with(|| tags.clone());
            }
        }
    }
    squares
}

/// The parts of a way whose nodes are all known, and how many nodes are not.
fn pieces(way: &Way, tags: &Tags, elements: &Elements) -> (Vec<Street>, usize) {
    let mut pieces = Vec::with_capacity(1);
    let mut missing = 0;
    let mut coords = Vec::with_capacity(way.nodes.len());
    let mut vertices = Vec::with_capacity(way.nodes.len());
    let mut finish = |coords: &mut Vec<_>, vertices: &mut Vec<i64>| {
        let (coords, vertices) = (std::mem::take(coords), std::mem::take(vertices));
        if vertices.len() >= 2 {
            let barriers = barriers_on(&vertices, elements);
            let line = LineString::new(coords);
            pieces.push(Street {
                id: way.id,
                line,
                vertices,
                tags: tags.clone(),
                barriers,
                ..Street::default()
            });
        }
    };
    for &node in &way.nodes {
        match elements.node(node) {
            Some(_) if vertices.last() == Some(&node) => {}
            Some(coord) => {
                coords.push(coord);
                vertices.push(node);
            }
            None => {
                missing += 1;
                finish(&mut coords, &mut vertices);
            }
        }
    }
    finish(&mut coords, &mut vertices);
    (pieces, missing)
}
