//! From the blocks of a PBF file to the elements that are worth keeping.

use super::tags::{has_seat, is_barrier, is_kept, service_category};
use crate::io::guard::guarded_or;
use crate::model::Tags;
use crate::progress::{Progress, go_on};
use crate::{Error, ErrorKind, Result};
use geo::Coord;
use osmpbf::{Blob, BlobDecode, BlobReader, Element, PrimitiveBlock, RelMemberType};
use rayon::prelude::*;
use std::io::Cursor;
use std::path::Path;

/// A line of nodes.
pub(super) struct Way {
    pub id: i64,
    pub nodes: Vec<i64>,
    pub tags: Tags,
}

/// A way of a relation; other members (labels, parts) are of no use here.
pub(super) struct Member {
    pub way: i64,
    pub is_inner: bool,
}

/// An area that is put together from ways.
pub(super) struct Relation {
    pub id: i64,
    pub members: Vec<Member>,
    pub tags: Tags,
}

/// All that was read, sorted by id.
#[derive(Default)]
pub(super) struct Elements {
    nodes: Vec<(i64, [i32; 2])>,
    /// Nodes that are services or seats, or stand in the way.
    pub tagged_nodes: Vec<(i64, Tags)>,
    pub ways: Vec<Way>,
    pub relations: Vec<Relation>,
}

impl Elements {
    /// Longitude and latitude of a node, if the file has it.
    pub fn node(&self, id: i64) -> Option<Coord<f64>> {
        /// OpenStreetMap keeps coordinates in steps of 1e-7 degrees.
        const STEPS_PER_DEGREE: f64 = 1e7;
        let index = self.nodes.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        let [x, y] = self.nodes[index].1;
        Some(Coord { x: f64::from(x) / STEPS_PER_DEGREE, y: f64::from(y) / STEPS_PER_DEGREE })
    }

    /// Tags of a node, if they are worth keeping.
    pub fn tags_of_node(&self, id: i64) -> Option<&Tags> {
        let index = self.tagged_nodes.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(&self.tagged_nodes[index].1)
    }

    pub fn way(&self, id: i64) -> Option<&Way> {
        self.ways.binary_search_by_key(&id, |way| way.id).ok().map(|index| &self.ways[index])
    }

    fn append(&mut self, mut other: Self) {
        self.nodes.append(&mut other.nodes);
        self.tagged_nodes.append(&mut other.tagged_nodes);
        self.ways.append(&mut other.ways);
        self.relations.append(&mut other.relations);
    }

    fn sort(&mut self) {
        self.nodes.sort_by_key(|(id, _)| *id);
        self.nodes.dedup_by_key(|(id, _)| *id);
        self.tagged_nodes.sort_by_key(|(id, _)| *id);
        self.tagged_nodes.dedup_by_key(|(id, _)| *id);
        self.ways.sort_by_key(|way| way.id);
        self.ways.dedup_by_key(|way| way.id);
        self.relations.sort_by_key(|relation| relation.id);
        self.relations.dedup_by_key(|relation| relation.id);
    }
}

/// Reads every block of a file, in parallel.
pub(super) fn read_elements(path: &Path, progress: &dyn Progress) -> Result<Elements> {
    let bytes = std::fs::read(path).map_err(|error| {
        Error::new(ErrorKind::Io, format!("cannot read `{}`: {error}", path.display()))
            .hint("paths are relative to the data root, which is the study's folder unless given")
    })?;
    if bytes.is_empty() {
        return Err(broken(path, "it is empty"));
    }
    let blobs = guarded_or(|| not_osm(path), || split_into_blobs(path, &bytes))?;
    progress.start("reading OpenStreetMap", blobs.len() as u64);
    let blocks: Vec<Result<Elements>> = blobs
        .par_iter()
        .enumerate()
        .map(|(number, blob)| {
            go_on(progress)?;
            let damaged =
                || broken(path, &format!("the bytes of block {} contradict each other", number + 1));
            let elements = guarded_or(damaged, || decode(path, blob))?;
            progress.advance(1);
            Ok(elements)
        })
        .collect();
    let mut all = Elements::default();
    for block in blocks {
        all.append(block?);
    }
    if all.nodes.is_empty() {
        return Err(broken(path, "it holds no nodes"));
    }
    all.sort();
    Ok(all)
}

fn split_into_blobs(path: &Path, bytes: &[u8]) -> Result<Vec<Blob>> {
    let mut blobs = Vec::new();
    for blob in BlobReader::new(Cursor::new(bytes)) {
        match blob {
            Ok(blob) => blobs.push(blob),
            Err(_) if blobs.is_empty() => return Err(not_osm(path)),
            Err(_) => return Err(cut_off(path, blobs.len())),
        }
    }
    match blobs.first().map(Blob::decode) {
        Some(Ok(BlobDecode::OsmHeader(header))) => {
            if let Some(feature) = header.required_features().iter().find(|feature| !is_known(feature)) {
                return Err(broken(
                    path,
                    &format!("it needs the feature `{feature}`, which is not read here"),
                ));
            }
            Ok(blobs)
        }
        _ => Err(not_osm(path)),
    }
}

fn is_known(feature: &str) -> bool {
    matches!(feature, "OsmSchema-V0.6" | "DenseNodes")
}

fn decode(path: &Path, blob: &Blob) -> Result<Elements> {
    match blob.decode() {
        Ok(BlobDecode::OsmData(block)) => Ok(elements_of(&block)),
        Ok(_) => Ok(Elements::default()),
        Err(error) => Err(broken(path, &format!("a block cannot be unpacked ({error})"))),
    }
}

fn elements_of(block: &PrimitiveBlock) -> Elements {
    let mut elements = Elements::default();
    block.for_each_element(|element| match element {
        Element::DenseNode(node) => {
            let place = [node.decimicro_lon(), node.decimicro_lat()];
            elements.add_node(node.id(), place, node.tags());
        }
        Element::Node(node) => {
            let place = [node.decimicro_lon(), node.decimicro_lat()];
            elements.add_node(node.id(), place, node.tags());
        }
        Element::Way(way) => elements.ways.push(Way {
            id: way.id(),
            nodes: way.refs().collect(),
            tags: way.tags().filter(|(key, _)| is_kept(key)).collect(),
        }),
        Element::Relation(relation) => {
            let tags: Tags = relation.tags().filter(|(key, _)| is_kept(key)).collect();
            if tags.is("type", "multipolygon") || tags.is("type", "boundary") {
                let members = relation
                    .members()
                    .filter(|member| member.member_type == RelMemberType::Way)
                    .map(|member| (member.member_id, member.role().unwrap_or_default()))
                    .filter(|(_, role)| matches!(*role, "outer" | "inner" | "" | "exclave" | "enclave"))
                    .map(|(way, role)| Member { way, is_inner: matches!(role, "inner" | "enclave") })
                    .collect();
                elements.relations.push(Relation { id: relation.id(), members, tags });
            }
        }
    });
    elements
}

impl Elements {
    fn add_node<'a>(&mut self, id: i64, place: [i32; 2], tags: impl Iterator<Item = (&'a str, &'a str)>) {
        self.nodes.push((id, place));
        let mut tags = tags.filter(|(key, _)| is_kept(key)).peekable();
        if tags.peek().is_some() {
            let tags: Tags = tags.collect();
            if service_category(&tags).is_some() || is_barrier(&tags) || has_seat(&tags) {
                self.tagged_nodes.push((id, tags));
            }
        }
    }
}

fn broken(path: &Path, reason: &str) -> Error {
    Error::new(
        ErrorKind::Format,
        format!("`{}` cannot be read as OpenStreetMap data: {reason}", path.display()),
    )
    .hint("download the extract again; only `.osm.pbf` with zlib compression and without history is read")
}

fn not_osm(path: &Path) -> Error {
    Error::new(ErrorKind::Format, format!("`{}` is not an OpenStreetMap PBF file", path.display()))
        .hint("convert OSM XML with `osmium cat input.osm -o output.osm.pbf`")
}

fn cut_off(path: &Path, blocks: usize) -> Error {
    Error::new(ErrorKind::Format, format!("`{}` is cut off or damaged after block {blocks}", path.display()))
        .hint("download the extract again and compare its size with the server's")
}
