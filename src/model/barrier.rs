//! What stands between neighbours: motorways, railways and water.

use super::corridor::{Corridors, length_m, metres_per_unit, names};
use super::{Street, Tags};
use geo::{Coord, CoordsIter, Geometry, GeometryCollection};
use std::collections::{BTreeMap, HashMap};

/// Something that people cross only where there is a bridge, a tunnel or a crossing.
#[derive(Debug, Clone, PartialEq)]
pub struct Barrier {
    /// What people call it; `None` where the data gives no name.
    pub name: Option<String>,
    /// What it is.
    pub kind: BarrierKind,
    /// Its lines or areas, in the study's metric system.
    pub shape: GeometryCollection<f64>,
}

/// Kinds of barrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum BarrierKind {
    /// Motorways and trunk roads.
    Motorway,
    /// Railways above the ground.
    Railway,
    /// Rivers, canals and lakes.
    Water,
}

impl BarrierKind {
    /// In one word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Motorway => "motorway",
            Self::Railway => "railway",
            Self::Water => "water",
        }
    }

    /// Whether lines side by side are one: a canal beside a river is another water.
    fn has_corridors(self) -> bool {
        matches!(self, Self::Motorway | Self::Railway)
    }

    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Motorway, Self::Railway, Self::Water];

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What tags of OpenStreetMap say: `highway=motorway|trunk`, `railway=rail|light_rail`, `waterway=river|canal`,
    /// `natural=water|coastline`; not in a tunnel, where nobody above is hindered. Streams and tracks in yards are left
    /// out.
    #[must_use]
    pub fn of_tags(tags: &Tags) -> Option<Self> {
        let is_below = tags.get("tunnel").is_some_and(|tunnel| tunnel != "no");
        let has = |key: &str, values: &[&str]| tags.get(key).is_some_and(|value| values.contains(&value));
        if is_below {
            None
        } else if has("highway", &["motorway", "trunk"]) {
            Some(Self::Motorway)
        } else if has("railway", &["rail", "light_rail"]) && tags.get("service").is_none() {
            Some(Self::Railway)
        } else if has("waterway", &["river", "canal"]) || has("natural", &["water", "coastline"]) {
            Some(Self::Water)
        } else {
            None
        }
    }
}

impl Barrier {
    /// Barriers among the streets: motorways and trunk roads, by name, else by number.
    #[must_use]
    pub fn among_streets(streets: &[Street]) -> Vec<Self> {
        let barrier = |street: &Street| {
            let kind = BarrierKind::of_tags(&street.tags)?;
            let name = street.tags.get("name").or_else(|| street.tags.get("ref")).map(str::to_owned);
            Some(Self { name, kind, shape: GeometryCollection::from(Geometry::from(street.line.clone())) })
        };
        streets.iter().filter_map(barrier).collect()
    }

    /// Puts pieces together that are one barrier, in a metric system.
    ///
    /// Pieces of one kind and name are one; unnamed ones where they touch. Motorways and railways are one corridor where they
    /// run side by side: parallel tracks, and a road under its name and its numbers. A corridor has the names of its longest
    /// lines, `Anacostia Freeway / DC 295`.
    ///
    /// In the order of kind and name, unnamed ones last.
    #[must_use]
    pub fn gathered(pieces: Vec<Self>) -> Vec<Self> {
        Self::gathered_in(pieces, false)
    }

    /// [`Barrier::gathered`] of pieces in longitude and latitude.
    #[cfg(feature = "study")]
    #[must_use]
    pub(crate) fn gathered_in_degrees(pieces: Vec<Self>) -> Vec<Self> {
        Self::gathered_in(pieces, true)
    }

    fn gathered_in(mut pieces: Vec<Self>, is_geographic: bool) -> Vec<Self> {
        let metres = metres_per_unit(pieces.iter().map(|piece| &piece.shape), is_geographic);
        call_after_neighbours(&mut pieces, metres);
        let group = touching(&pieces);
        let mut barriers: BTreeMap<(BarrierKind, bool, String, usize), Self> = BTreeMap::new();
        for (number, piece) in pieces.into_iter().enumerate() {
            let name = piece.name.clone().unwrap_or_default();
            let own = if piece.name.is_some() { 0 } else { group[number] };
            let key = (piece.kind, piece.name.is_none(), name, own);
            match barriers.get_mut(&key) {
                Some(barrier) => barrier.shape.0.extend(piece.shape),
                None => {
                    barriers.insert(key, piece);
                }
            }
        }
        side_by_side(barriers.into_values().collect(), metres)
    }
}

/// Unnamed lines that run along a named one of their kind are part of it: the second track.
fn call_after_neighbours(pieces: &mut [Barrier], metres: [f64; 2]) {
    let mut names: BTreeMap<(BarrierKind, &str), u32> = BTreeMap::new();
    for piece in pieces.iter().filter(|piece| piece.kind.has_corridors()) {
        if let Some(name) = &piece.name {
            let next = names.len() as u32;
            names.entry((piece.kind, name)).or_insert(next);
        }
    }
    let number = |piece: &Barrier| names.get(&(piece.kind, piece.name.as_deref()?)).copied();
    let named = pieces.iter().filter_map(|piece| Some((number(piece)?, &piece.shape)));
    let corridors = Corridors::new(named, metres);
    let by_number: BTreeMap<u32, (BarrierKind, &str)> =
        names.iter().map(|(key, number)| (*number, *key)).collect();
    let unnamed =
        pieces.iter().map(|piece| (piece.name.is_none() && piece.kind.has_corridors()).then_some(piece));
    let called: Vec<Option<String>> = unnamed
        .map(|piece| {
            let piece = piece?;
            let same_kind = |(group, share): (u32, f64)| {
                let (kind, name) = by_number[&group];
                (kind == piece.kind).then_some((share, name))
            };
            let along = corridors.along(&piece.shape).into_iter().filter_map(same_kind);
            // The first name of equals, so that the answer does not depend on the order of the pieces.
            let most = along.reduce(|a, b| if (b.0, a.1) > (a.0, b.1) { b } else { a });
            most.map(|(_, name)| name.to_owned())
        })
        .collect();
    for (piece, called) in pieces.iter_mut().zip(called) {
        piece.name = piece.name.take().or(called);
    }
}

/// Puts barriers of one kind together of which one runs along the other.
fn side_by_side(barriers: Vec<Barrier>, metres: [f64; 2]) -> Vec<Barrier> {
    let lines = (0..).zip(&barriers).filter(|(_, barrier)| barrier.kind.has_corridors());
    let corridors = Corridors::new(lines.map(|(number, barrier)| (number, &barrier.shape)), metres);
    let mut parent: Vec<usize> = (0..barriers.len()).collect();
    for (number, barrier) in barriers.iter().enumerate().filter(|(_, barrier)| barrier.kind.has_corridors()) {
        for (other, _) in corridors.along(&barrier.shape) {
            if barriers[other as usize].kind == barrier.kind {
                unite(&mut parent, number, other as usize);
            }
        }
    }
    let mut gathered: BTreeMap<usize, (Barrier, Vec<(f64, String)>)> = BTreeMap::new();
    for (number, barrier) in barriers.into_iter().enumerate() {
        let named = barrier.name.clone().map(|name| (length_m(&barrier.shape, metres), name));
        let empty = || {
            let shape = GeometryCollection(Vec::new());
            (Barrier { name: None, kind: barrier.kind, shape }, Vec::new())
        };
        let (whole, names) = gathered.entry(root(&mut parent, number)).or_insert_with(empty);
        whole.shape.0.extend(barrier.shape);
        names.extend(named);
    }
    gathered.into_values().map(|(barrier, named)| Barrier { name: names(named), ..barrier }).collect()
}

fn root(parent: &mut [usize], mut piece: usize) -> usize {
    while parent[piece] != piece {
        parent[piece] = parent[parent[piece]];
        piece = parent[piece];
    }
    piece
}

/// The lower number is the root.
fn unite(parent: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parent, a), root(parent, b));
    parent[a.max(b)] = a.min(b);
}

/// For each piece, the lowest number of those that it touches, at any distance, among unnamed ones of its kind.
fn touching(pieces: &[Barrier]) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..pieces.len()).collect();
    let mut at: HashMap<(BarrierKind, u64, u64), usize> = HashMap::new();
    for (number, piece) in pieces.iter().enumerate().filter(|(_, piece)| piece.name.is_none()) {
        for Coord { x, y } in piece.shape.coords_iter() {
            let first = *at.entry((piece.kind, x.to_bits(), y.to_bits())).or_insert(number);
            unite(&mut parent, first, number);
        }
    }
    (0..pieces.len()).map(|piece| root(&mut parent, piece)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::LineString;

    fn tags(pairs: &[(&str, &str)]) -> Tags {
        pairs.iter().copied().collect()
    }

    #[test]
    fn tags_say_what_stands_in_the_way() {
        let kind = |pairs: &[(&str, &str)]| BarrierKind::of_tags(&tags(pairs));
        assert_eq!(kind(&[("highway", "trunk")]), Some(BarrierKind::Motorway));
        assert_eq!(kind(&[("railway", "rail")]), Some(BarrierKind::Railway));
        assert_eq!(kind(&[("waterway", "river")]), Some(BarrierKind::Water));
        assert_eq!(kind(&[("natural", "coastline")]), Some(BarrierKind::Water));
        assert_eq!(kind(&[("highway", "motorway"), ("tunnel", "yes")]), None);
        assert_eq!(kind(&[("railway", "rail"), ("service", "yard")]), None);
        assert_eq!(kind(&[("highway", "residential")]), None);
        assert!(BarrierKind::ALL.iter().all(|kind| BarrierKind::named(kind.name()) == Some(*kind)));
        assert_eq!(BarrierKind::named("wall"), None);
    }

    #[test]
    fn pieces_join_by_name_or_where_they_touch() {
        let piece = |name: Option<&str>, ends: [(f64, f64); 2]| Barrier {
            name: name.map(str::to_owned),
            kind: BarrierKind::Railway,
            shape: GeometryCollection::from(Geometry::from(LineString::from(ends.to_vec()))),
        };
        let pieces = vec![
            piece(None, [(000., 000.), (100., 000.)]),
            piece(None, [(500., 000.), (600., 000.)]),
            piece(Some("Main Line"), [(000., 900.), (100., 900.)]),
            piece(None, [(200., 000.), (100., 000.)]),
            piece(Some("Main Line"), [(700., 900.), (800., 900.)]),
        ];
        let sizes: Vec<usize> = Barrier::gathered(pieces).iter().map(|barrier| barrier.shape.len()).collect();
        assert_eq!(sizes, [2, 2, 1]);
    }

    /// ```text
    ///   A ═══════════════════╗        tracks 5 m apart, the second in two pieces without a name; C, a road with its number,
    ///   - ───────── ─────────╚══      runs along half of B; D crosses all of them
    /// ```
    #[test]
    fn several_names_in_one_value_are_said_once() {
        let road = |name: &str, y: f64| Barrier {
            name: Some(name.into()),
            kind: BarrierKind::Motorway,
            shape: GeometryCollection(vec![LineString::from(vec![(0., y), (900., y)]).into()]),
        };
        let two = vec![
            road("West Outerbelt; Jack Nicklaus Freeway", 0.),
            road("West Outerbelt;Jack Nicklaus Freeway", 20.),
        ];
        let names: Vec<_> = Barrier::gathered(two).into_iter().map(|one| one.name.unwrap()).collect();
        assert_eq!(names, ["West Outerbelt / Jack Nicklaus Freeway"]);
    }

    #[test]
    fn lines_side_by_side_are_one_corridor_and_crossing_ones_are_not() {
        let line = |name: Option<&str>, kind, ends: &[(f64, f64)]| Barrier {
            name: name.map(str::to_owned),
            kind,
            shape: GeometryCollection::from(Geometry::from(LineString::from(ends.to_vec()))),
        };
        let (rail, road) = (BarrierKind::Railway, BarrierKind::Motorway);
        let pieces = vec![
            line(None, rail, &[(0., 5.), (400., 5.)]),
            line(Some("Main Line"), rail, &[(0., 0.), (1_000., 0.)]),
            line(None, rail, &[(450., 5.), (900., 5.)]),
            line(Some("Branch"), rail, &[(500., -400.), (500., 400.)]),
            line(Some("Kenilworth Avenue"), road, &[(0., 100.), (800., 100.)]),
            line(Some("DC 295"), road, &[(-900., 120.), (800., 120.)]),
            line(Some("I 66"), road, &[(0., 600.), (0., 100.)]),
            line(None, rail, &[(0., 102.), (800., 102.)]),
        ];
        let names = |pieces: Vec<Barrier>| -> Vec<(Option<String>, usize)> {
            Barrier::gathered(pieces).into_iter().map(|one| (one.name, one.shape.len())).collect()
        };
        let named = |name: &str, count| (Some(name.to_owned()), count);
        let expected = [
            named("DC 295 / Kenilworth Avenue", 2),
            named("I 66", 1),
            named("Branch", 1),
            named("Main Line", 3),
            (None, 1),
        ];
        assert_eq!(names(pieces.clone()), expected);
        assert_eq!(names(pieces.iter().rev().cloned().collect()), expected, "whatever their order");
        // The same in degrees, around the equator.
        let degrees = |barrier: &Barrier| Barrier {
            shape: geo::MapCoords::map_coords(&barrier.shape, |at| at / 111_195.0),
            ..barrier.clone()
        };
        let in_degrees = Barrier::gathered_in_degrees(pieces.iter().map(degrees).collect());
        assert_eq!(
            in_degrees.into_iter().map(|one| (one.name, one.shape.len())).collect::<Vec<_>>(),
            expected
        );
    }
}
