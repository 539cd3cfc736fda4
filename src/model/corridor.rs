//! Lines that run side by side are one corridor: the tracks of a railway, a motorway that has a name and two numbers.

use geo::{BoundingRect, Coord, Geometry, GeometryCollection, Line, LinesIter};
use rstar::primitives::{GeomWithData, Line as IndexedLine};
use rstar::{AABB, PointDistance, RTree};
use std::collections::BTreeMap;

/// Lines no farther apart than this run side by side, in metres: two carriageways and the strip between them, or the tracks of
/// a station.
const SIDE_BY_SIDE_M: f64 = 40.0;
/// Of two lines one runs along the other if at least this share of its length does.
const ALONG: f64 = 0.5;
/// Lines are looked at every so many metres.
const STEP_M: f64 = 20.0;
/// A corridor is called by so many of its names at most, those of the longest lines.
const NAMES: usize = 4;

/// The shape of a barrier.
type Shape = GeometryCollection<f64>;
type Piece = GeomWithData<IndexedLine<[f64; 2]>, u32>;

/// Lines of groups, by place.
pub(super) struct Corridors {
    index: RTree<Piece>,
    metres: [f64; 2],
}

/// Metres in a unit of x and of y: 1 in a metric system, more in degrees around the middle of the pieces.
pub(super) fn metres_per_unit<'a>(pieces: impl Iterator<Item = &'a Shape>, is_geographic: bool) -> [f64; 2] {
    const METRES_PER_DEGREE: f64 = 111_195.0;
    if !is_geographic {
        return [1.0; 2];
    }
    let middles: Vec<f64> = pieces.filter_map(|shape| Some(shape.bounding_rect()?.center().y)).collect();
    let latitude = middles.iter().sum::<f64>() / (middles.len().max(1) as f64);
    [METRES_PER_DEGREE * latitude.to_radians().cos(), METRES_PER_DEGREE]
}

impl Corridors {
    /// Lines of barriers, each with the number of its group; areas have none.
    pub(super) fn new<'a>(groups: impl Iterator<Item = (u32, &'a Shape)>, metres: [f64; 2]) -> Self {
        let pieces = groups.flat_map(|(group, shape)| {
            lines(shape, metres).map(move |line| {
                let [from, to] = [line.start, line.end].map(|end| [end.x, end.y]);
                Piece::new(IndexedLine::new(from, to), group)
            })
        });
        Self { index: RTree::bulk_load(pieces.collect()), metres }
    }

    /// The share of a barrier's lines that runs along each group.
    pub(super) fn along(&self, shape: &Shape) -> BTreeMap<u32, f64> {
        let mut along: BTreeMap<u32, f64> = BTreeMap::new();
        let mut whole = 0.0;
        let mut near = Vec::new();
        for line in lines(shape, self.metres) {
            let span = line.end - line.start;
            let length = span.x.hypot(span.y);
            whole += length;
            let steps = (length / STEP_M).ceil().max(1.0);
            for step in 0..steps as u32 {
                let place = line.start + span * ((f64::from(step) + 0.5) / steps);
                let [low, high] = [-SIDE_BY_SIDE_M, SIDE_BY_SIDE_M].map(|by| [place.x + by, place.y + by]);
                near.clear();
                let pieces = self.index.locate_in_envelope_intersecting(&AABB::from_corners(low, high));
                let is_near = |piece: &&Piece| {
                    piece.geom().distance_2(&[place.x, place.y]) <= SIDE_BY_SIDE_M * SIDE_BY_SIDE_M
                };
                near.extend(pieces.filter(is_near).map(|piece| piece.data));
                near.sort_unstable();
                near.dedup();
                near.iter().for_each(|group| *along.entry(*group).or_default() += length / steps);
            }
        }
        along.retain(|_, length| {
            *length /= whole;
            *length >= ALONG
        });
        along
    }
}

/// Length of a barrier's lines in metres.
pub(super) fn length_m(shape: &Shape, metres: [f64; 2]) -> f64 {
    lines(shape, metres).map(|line| (line.end.x - line.start.x).hypot(line.end.y - line.start.y)).sum()
}

/// The names of the longest of some barriers. OpenStreetMap lists several names of one in one value, with or without a blank.
pub(super) fn names(mut named: Vec<(f64, String)>) -> Option<String> {
    named.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let mut names: Vec<&str> = Vec::new();
    for name in named.iter().flat_map(|(_, name)| name.split(';')).map(str::trim) {
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(NAMES);
    (!names.is_empty()).then(|| names.join(" / "))
}

fn lines(shape: &Shape, metres: [f64; 2]) -> impl Iterator<Item = Line<f64>> {
    let scaled = move |at: Coord<f64>| Coord { x: at.x * metres[0], y: at.y * metres[1] };
    let of = |shape: &'_ Geometry<f64>| -> Vec<Line<f64>> {
        match shape {
            Geometry::LineString(line) => line.lines_iter().collect(),
            Geometry::MultiLineString(lines) => lines.lines_iter().collect(),
            _ => Vec::new(),
        }
    };
    shape.iter().flat_map(of).map(move |line| Line::new(scaled(line.start), scaled(line.end)))
}
