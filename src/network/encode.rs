//! A network as bytes, and back: versioned, checked, the same on every machine.
//!
//! ```text
//!   8 bytes  magic          4  version     8  length of the rest     8  checksum of the rest
//!   profile (TOML), coordinate system, report
//!   nodes: places, vertices, components         components: sizes; cuts
//!   edges: ends, lengths, costs, streets, flags, number of vertices each         all vertices of all lines
//! ```
//!
//! Numbers are little-endian. What follows from the rest (adjacency, index) is made anew. Bytes that were cut or changed give
//! an error, never a wrong network: the checksum shows every change of a byte, and every number is checked again.

use super::build::NetworkReport;
use super::graph::{Edge, Parts, StreetNetwork};
use super::profile::TravelProfile;
use crate::{Crs, Error, ErrorKind, Result};
use geo::{Coord, LineString};

const MAGIC: [u8; 8] = *b"CGstreet";
/// Changes with every change of the layout or of the meaning of a field.
const VERSION: u32 = 3;
const HEADER: usize = 28;

impl StreetNetwork {
    /// The network as bytes, for [`StreetNetwork::from_bytes`].
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer(vec![0; HEADER]);
        out.text(&self.profile.to_toml());
        out.text(self.crs.as_ref().map_or("", Crs::definition));
        let report = self.report.entries();
        out.u32(report.len() as u32);
        report.iter().for_each(|(_, value)| out.f64(*value));

        out.u32(self.node_count() as u32);
        out.u32(self.edge_count() as u32);
        out.u32(self.component_sizes.len() as u32);
        for place in &self.places {
            out.coord(*place);
        }
        self.vertices.iter().for_each(|&vertex| out.u64(vertex as u64));
        self.components.iter().for_each(|&component| out.u32(component));
        self.component_sizes.iter().for_each(|&size| out.u32(size));
        out.u32(self.cuts.len() as u32);
        self.cuts.iter().for_each(|&node| out.u32(node));
        for edge in &self.edges {
            out.u32(edge.tail);
            out.u32(edge.head);
            out.f64(edge.length_m);
            out.u32(edge.forward);
            out.u32(edge.backward);
            out.u64(edge.street as u64);
            out.u32(u32::from(edge.off_ground));
        }
        self.lines.iter().for_each(|line| out.u32(line.0.len() as u32));
        for line in &self.lines {
            line.0.iter().for_each(|&coord| out.coord(coord));
        }

        let mut bytes = out.0;
        let (length, sum) = ((bytes.len() - HEADER) as u64, checksum(&bytes[HEADER..]));
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..20].copy_from_slice(&length.to_le_bytes());
        bytes[20..28].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// The network that [`StreetNetwork::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if the bytes are no network, were written by another version, or were cut or changed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut input = Reader(check_header(bytes)?);
        let profile = TravelProfile::from_toml(input.text()?)?;
        let crs = match input.text()? {
            "" => None,
            definition => Some(Crs::of_saved(definition)?),
        };
        let entries: Vec<f64> = (0..input.u32()?).map(|_| input.f64()).collect::<Result<_>>()?;
        let report = NetworkReport::from_entries(&entries).ok_or_else(damaged)?;

        let [node_count, edge_count, component_count] = [input.u32()?, input.u32()?, input.u32()?];
        let places = input.many(node_count, 16, Reader::place)?;
        let vertices = input.many(node_count, 8, |input| Ok(input.u64()? as i64))?;
        let components = input.many(node_count, 4, |input| input.below(component_count))?;
        let component_sizes = input.many(component_count, 4, Reader::u32)?;
        let cut_count = input.u32()?;
        let cuts = input.many(cut_count, 4, |input| input.below(node_count))?;
        let edges = input.many(edge_count, 36, |input| {
            let edge = Edge {
                tail: input.below(node_count)?,
                head: input.below(node_count)?,
                length_m: input.f64()?,
                forward: input.u32()?,
                backward: input.u32()?,
                street: input.u64()? as i64,
                off_ground: input.below(2)? == 1,
            };
            let is_length = edge.length_m.is_finite() && edge.length_m >= 0.0;
            if is_length { Ok(edge) } else { Err(damaged()) }
        })?;
        let vertex_counts = input.many(edge_count, 4, Reader::u32)?;
        let line = |count: u32| Ok(LineString(input.many(count, 16, Reader::place)?));
        let lines: Vec<LineString<f64>> = vertex_counts.into_iter().map(line).collect::<Result<_>>()?;
        let is_whole = node_count > 0
            && input.0.is_empty()
            && lines.iter().all(|line| line.0.len() >= 2)
            && component_sizes.iter().map(|&size| u64::from(size)).sum::<u64>() == u64::from(node_count)
            && component_sizes.is_sorted_by(|a, b| a >= b);
        if !is_whole {
            return Err(damaged());
        }
        let parts =
            Parts { profile, report, crs, places, vertices, edges, lines, components, component_sizes, cuts };
        Ok(parts.into())
    }
}

/// The bytes after the header, if it fits them.
fn check_header(bytes: &[u8]) -> Result<&[u8]> {
    if bytes.len() < HEADER || bytes[..8] != MAGIC {
        return Err(Error::new(ErrorKind::Format, "this is not a saved street network")
            .hint("networks are written by `save`; streets are read with `from_osm` or `from_lines`"));
    }
    let mut header = Reader(&bytes[8..HEADER]);
    let (version, length, sum) = (header.u32()?, header.u64()?, header.u64()?);
    if version != VERSION {
        let message = format!("the network was saved in version {version} of the format, not {VERSION}");
        return Err(Error::new(ErrorKind::Format, message).hint("build it again from its streets"));
    }
    let rest = &bytes[HEADER..];
    if rest.len() as u64 != length || checksum(rest) != sum {
        return Err(damaged());
    }
    Ok(rest)
}

pub(super) fn damaged() -> Error {
    Error::new(ErrorKind::Format, "the saved street network is cut off or damaged")
        .hint("build it again from its streets")
}

/// A sum over words of eight bytes in which every step is reversible: bytes that differ in one word never have one sum.
fn checksum(bytes: &[u8]) -> u64 {
    let mut sum = bytes.len() as u64;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        sum = (sum ^ u64::from_le_bytes(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    }
    sum
}

pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn u32(&mut self, value: u32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }
    fn u64(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }
    fn f64(&mut self, value: f64) {
        self.u64(value.to_bits());
    }
    fn coord(&mut self, coord: Coord<f64>) {
        self.f64(coord.x);
        self.f64(coord.y);
    }
    fn text(&mut self, text: &str) {
        self.u32(text.len() as u32);
        self.0.extend_from_slice(text.as_bytes());
    }
}

/// What is left to read.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(damaged)?;
        self.0 = rest;
        Ok(taken)
    }
    pub(super) fn u32(&mut self) -> Result<u32> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(damaged)?;
        self.0 = rest;
        Ok(u32::from_le_bytes(*taken))
    }
    fn u64(&mut self) -> Result<u64> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(damaged)?;
        self.0 = rest;
        Ok(u64::from_le_bytes(*taken))
    }
    fn f64(&mut self) -> Result<f64> {
        self.u64().map(f64::from_bits)
    }
    fn place(&mut self) -> Result<Coord<f64>> {
        let place = Coord { x: self.f64()?, y: self.f64()? };
        if place.x.is_finite() && place.y.is_finite() { Ok(place) } else { Err(damaged()) }
    }
    pub(super) fn below(&mut self, limit: u32) -> Result<u32> {
        self.u32().and_then(|value| if value < limit { Ok(value) } else { Err(damaged()) })
    }
    fn text(&mut self) -> Result<&'a str> {
        let length = self.u32()? as usize;
        std::str::from_utf8(self.take(length)?).map_err(|_| damaged())
    }

    /// `count` items of at least `size` bytes each; a count that cannot be there is refused before memory is asked for.
    pub(super) fn many<T>(
        &mut self,
        count: u32,
        size: usize,
        item: impl Fn(&mut Self) -> Result<T>,
    ) -> Result<Vec<T>> {
        if (count as usize).checked_mul(size).is_none_or(|bytes| bytes > self.0.len()) {
            return Err(damaged());
        }
        let mut items = Vec::with_capacity(count as usize);
        for _ in 0..count {
            items.push(item(self)?);
        }
        Ok(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Street, TravelSettings, Traveller};
    use crate::network::BuildOptions;
    use crate::progress::Quiet;

    /// A bent one-way street, a street at its end, and a far one.
    fn network() -> StreetNetwork {
        let street = |id, line: Vec<(f64, f64)>, vertices: Vec<i64>, oneway| Street {
            id,
            line: line.into(),
            vertices,
            tags: [("highway", "residential"), ("oneway", oneway), ("bridge", oneway)].into_iter().collect(),
            ..Street::default()
        };
        let streets = [
            street(-7, vec![(0.0, 0.0), (50.5, 1.0), (100.0, 0.0)], vec![1, 2, 3], "yes"),
            street(8, vec![(100.0, 0.0), (100.0, 80.25)], vec![3, 4], "no"),
            street(9, vec![(500.0, 0.0), (500.0, 80.0)], vec![5, 6], "no"),
        ];
        let settings = TravelSettings {
            speeds: [("residential".to_owned(), 31.7)].into_iter().collect(),
            ..TravelSettings::of(Traveller::Car)
        };
        let profile = TravelProfile::new(settings).unwrap();
        let (network, _) = StreetNetwork::build(&streets, profile, BuildOptions::default(), &Quiet).unwrap();
        network.with_crs(Crs::new("EPSG:31982").unwrap())
    }

    #[test]
    fn a_network_comes_back_to_the_last_bit() {
        let network = network();
        let bytes = network.to_bytes();
        let back = StreetNetwork::from_bytes(&bytes).unwrap();
        assert_eq!(back.to_bytes(), bytes);
        assert_eq!(
            (back.profile(), back.crs(), back.report()),
            (network.profile(), network.crs(), network.report())
        );
        assert_eq!((&back.edges, &back.lines), (&network.edges, &network.lines));
        assert_eq!((&back.outgoing, &back.incoming), (&network.outgoing, &network.incoming));
    }

    #[test]
    fn bytes_that_are_cut_or_changed_are_an_error() {
        let bytes = network().to_bytes();
        let is_refused =
            |bytes: &[u8]| StreetNetwork::from_bytes(bytes).unwrap_err().kind() == ErrorKind::Format;
        for length in 0..bytes.len() {
            assert!(is_refused(&bytes[..length]), "{length} bytes");
        }
        for at in 0..bytes.len() {
            for bit in [1, 0x80] {
                let mut changed = bytes.clone();
                changed[at] ^= bit;
                assert!(is_refused(&changed), "byte {at}");
            }
        }
        assert!(is_refused(&[bytes.as_slice(), &[0]].concat()));
    }

    #[test]
    fn numbers_that_make_no_sense_are_refused_even_with_a_fitting_checksum() {
        let bytes = network().to_bytes();
        let mut refused = 0;
        for at in HEADER..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] = 0xFF;
            let sum = checksum(&changed[HEADER..]);
            changed[20..28].copy_from_slice(&sum.to_le_bytes());
            // Whatever is read, nothing panics.
            refused += usize::from(StreetNetwork::from_bytes(&changed).is_err());
        }
        assert!(refused > 50, "{refused}");
    }

    #[test]
    fn another_version_says_so() {
        let mut bytes = network().to_bytes();
        bytes[8] = 99;
        let error = StreetNetwork::from_bytes(&bytes).unwrap_err();
        assert!(error.message().contains("version 99"), "{error}");
        let error = StreetNetwork::from_bytes(b"<osm version=\"0.6\"> and so on and on").unwrap_err();
        assert!(error.message().contains("not a saved street network"), "{error}");
    }
}
