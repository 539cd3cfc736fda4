//! What stands between neighbours: motorways, railways and water.

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

    /// Puts pieces together that are one barrier: those of one kind and name; unnamed ones where they touch.
    ///
    /// In the order of kind and name, unnamed ones last.
    #[must_use]
    pub fn gathered(pieces: Vec<Self>) -> Vec<Self> {
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
        barriers.into_values().collect()
    }
}

/// For each piece, the lowest number of those that it touches, at any distance, among unnamed ones of its kind.
fn touching(pieces: &[Barrier]) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..pieces.len()).collect();
    fn root(parent: &mut [usize], mut piece: usize) -> usize {
        while parent[piece] != piece {
            parent[piece] = parent[parent[piece]];
            piece = parent[piece];
        }
        piece
    }
    let mut at: HashMap<(BarrierKind, u64, u64), usize> = HashMap::new();
    for (number, piece) in pieces.iter().enumerate().filter(|(_, piece)| piece.name.is_none()) {
        for Coord { x, y } in piece.shape.coords_iter() {
            let first = *at.entry((piece.kind, x.to_bits(), y.to_bits())).or_insert(number);
            let (a, b) = (root(&mut parent, first), root(&mut parent, number));
            parent[a.max(b)] = a.min(b);
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
            piece(None, [(0., 0.), (1., 0.)]),
            piece(None, [(5., 0.), (6., 0.)]),
            piece(Some("Main Line"), [(0., 9.), (1., 9.)]),
            piece(None, [(2., 0.), (1., 0.)]),
            piece(Some("Main Line"), [(7., 9.), (8., 9.)]),
        ];
        let sizes: Vec<usize> = Barrier::gathered(pieces).iter().map(|barrier| barrier.shape.len()).collect();
        assert_eq!(sizes, [2, 2, 1]);
    }
}
