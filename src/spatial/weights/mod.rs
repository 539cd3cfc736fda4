//! Which places are neighbours, and how much each of them counts.
//!
//! ```text
//!   a ─ b      first:       0 1 3 4        a has one neighbour, b has two, c has one
//!       │      neighbours:  b a c b
//!       c      weights:     1 1 1 1        row-standardised: 1 ½ ½ 1
//! ```

mod contiguity;
mod distance;

pub use contiguity::{Contiguity, common_borders, contiguity};
pub use distance::{k_nearest, kernel_weights, network_weights};

use crate::{Error, ErrorKind, Result};
use geo::{Distance, Euclidean, Point};
use std::collections::HashMap;

/// What a statistic does with places that have no neighbour (islands).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum IslandPolicy {
    /// They stay in the mean and the variance and add nothing to the sum over neighbours (PySAL's way).
    #[default]
    KeepAsZero,
    /// They are left out of the mean, the variance and the draws, and get no result.
    LeaveOut,
    /// They are an error.
    Refuse,
}

/// The neighbours of every place with their weights: a sparse matrix, row by row.
///
/// A place is never its own neighbour; statistics that count the place itself add it.
#[derive(Debug, Clone, PartialEq)]
pub struct SpatialWeights {
    first: Vec<usize>,
    neighbours: Vec<u32>,
    weights: Vec<f64>,
    is_row_standardised: bool,
    island_policy: IslandPolicy,
}

/// A border between two places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Border {
    /// The two places.
    pub places: (u32, u32),
    /// How long it is, in metres; > 0.
    pub length_m: f64,
}

/// One place with its neighbours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbours<'a> {
    /// Numbers of the neighbours, rising.
    pub places: &'a [u32],
    /// Their weights.
    pub weights: &'a [f64],
}

impl Neighbours<'_> {
    /// Number and weight of each.
    pub fn iter(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.places.iter().map(|place| *place as usize).zip(self.weights.iter().copied())
    }

    /// The weighted sum of a value over the neighbours.
    #[must_use]
    pub fn lag(&self, values: &[f64]) -> f64 {
        self.iter().map(|(place, weight)| weight * values[place]).sum()
    }

    /// All weights added up.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.weights.iter().sum()
    }
}

/// Sums over the weights that the variances of global statistics need.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct WeightSums {
    /// All weights.
    pub s0: f64,
    /// Half the squares of the weights of a pair, both directions added.
    pub s1: f64,
    /// Squares of what each place gives and gets.
    pub s2: f64,
}

impl SpatialWeights {
    /// Weights from pairs: place, neighbour, weight. The order of the pairs does not matter.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if a pair names a place from `count` on, a place as its own neighbour or a pair twice, or
    /// if a weight is negative or not finite.
    ///
    /// # Example
    /// ```
    /// use commonground::scores::weights::SpatialWeights;
    /// let row = SpatialWeights::from_links(3, vec![(0, 1, 1.0), (1, 0, 1.0), (1, 2, 1.0), (2, 1, 1.0)])?;
    /// assert_eq!(row.row_standardised().of(1).weights, [0.5, 0.5]);
    /// # Ok::<(), commonground::Error>(())
    /// ```
    pub fn from_links(count: usize, mut links: Vec<(usize, usize, f64)>) -> Result<Self> {
        links.sort_by_key(|&(place, neighbour, _)| (place, neighbour));
        for (number, &(place, neighbour, weight)) in links.iter().enumerate() {
            let wrong = |message: String| Err(Error::new(ErrorKind::Parameter, message).at_row(place + 1));
            if place >= count || neighbour >= count {
                return wrong(format!("neighbours {place} and {neighbour} among {count} places"));
            }
            if place == neighbour {
                return wrong(format!("place {place} is named as its own neighbour"));
            }
            if !(weight.is_finite() && weight >= 0.0) {
                return wrong(format!("`{weight}` is no weight"));
            }
            if number > 0 && links[number - 1].0 == place && links[number - 1].1 == neighbour {
                return wrong(format!("neighbour {neighbour} of place {place} is named twice"));
            }
        }
        let mut first = vec![0; count + 1];
        links.iter().for_each(|(place, ..)| first[place + 1] += 1);
        for place in 0..count {
            first[place + 1] += first[place];
        }
        Ok(Self {
            first,
            neighbours: links.iter().map(|(_, neighbour, _)| *neighbour as u32).collect(),
            weights: links.iter().map(|(.., weight)| *weight).collect(),
            is_row_standardised: false,
            island_policy: IslandPolicy::default(),
        })
    }

    /// Weights from pairs of ids, brought into the order of `ids`, the order of the data.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] if an id stands twice in `ids` or a pair names an unknown one; and as
    /// [`SpatialWeights::from_links`].
    pub fn from_named_links(ids: &[String], links: &[(String, String, f64)]) -> Result<Self> {
        let mut number_of = HashMap::with_capacity(ids.len());
        for (number, id) in ids.iter().enumerate() {
            if number_of.insert(id.as_str(), number).is_some() {
                return Err(Error::new(ErrorKind::Value, "the id stands twice")
                    .at_row(number + 1)
                    .with_id(id));
            }
        }
        let find = |id: &String| {
            number_of.get(id.as_str()).copied().ok_or_else(|| {
                Error::new(ErrorKind::Value, "the weights name a place that is not in the data")
                    .with_id(id)
                    .hint("weights and data must use the same ids, in any order")
            })
        };
        let links =
            links.iter().map(|(place, neighbour, weight)| Ok((find(place)?, find(neighbour)?, *weight)));
        Self::from_links(ids.len(), links.collect::<Result<_>>()?)
    }

    /// Weights from the neighbours of every place, which rise in each row.
    fn from_rows(rows: &[Vec<(u32, f64)>]) -> Self {
        let mut first = vec![0; rows.len() + 1];
        for (place, row) in rows.iter().enumerate() {
            first[place + 1] = first[place] + row.len();
        }
        Self {
            first,
            neighbours: rows.iter().flatten().map(|(neighbour, _)| *neighbour).collect(),
            weights: rows.iter().flatten().map(|(_, weight)| *weight).collect(),
            is_row_standardised: false,
            island_policy: IslandPolicy::default(),
        }
    }

    /// Every pair given once, in rising order, with weight 1 in both directions.
    fn from_sorted_pairs(count: usize, pairs: &[(u32, u32)]) -> Self {
        let mut first = vec![0; count + 1];
        for &(a, b) in pairs {
            first[a as usize + 1] += 1;
            first[b as usize + 1] += 1;
        }
        for place in 0..count {
            first[place + 1] += first[place];
        }
        let mut next = first.clone();
        let mut neighbours = vec![0; 2 * pairs.len()];
        let mut put = |place: u32, neighbour: u32| {
            neighbours[next[place as usize]] = neighbour;
            next[place as usize] += 1;
        };
        // Lower neighbours come first, then higher ones: each row rises.
        pairs.iter().for_each(|&(a, b)| put(b, a));
        pairs.iter().for_each(|&(a, b)| put(a, b));
        Self {
            first,
            weights: vec![1.0; neighbours.len()],
            neighbours,
            is_row_standardised: false,
            island_policy: IslandPolicy::default(),
        }
    }

    /// Number of places.
    #[must_use]
    pub fn len(&self) -> usize {
        self.first.len() - 1
    }

    /// Whether there is no place.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of links, each direction counted.
    #[must_use]
    pub fn link_count(&self) -> usize {
        self.neighbours.len()
    }

    /// The neighbours of a place.
    #[inline]
    #[must_use]
    pub fn of(&self, place: usize) -> Neighbours<'_> {
        let range = self.first[place]..self.first[place + 1];
        Neighbours { places: &self.neighbours[range.clone()], weights: &self.weights[range] }
    }

    /// The neighbours of every place, in order.
    pub fn rows(&self) -> impl Iterator<Item = Neighbours<'_>> {
        (0..self.len()).map(|place| self.of(place))
    }

    /// Places without a neighbour.
    #[must_use]
    pub fn islands(&self) -> Vec<usize> {
        (0..self.len()).filter(|&place| self.of(place).places.is_empty()).collect()
    }

    /// Whether the weights of each row were made to sum to 1.
    #[must_use]
    pub fn is_row_standardised(&self) -> bool {
        self.is_row_standardised
    }

    /// What statistics do with islands.
    #[must_use]
    pub fn island_policy(&self) -> IslandPolicy {
        self.island_policy
    }

    /// Says what statistics do with islands.
    #[must_use]
    pub fn with_island_policy(mut self, policy: IslandPolicy) -> Self {
        self.island_policy = policy;
        self
    }

    /// Links every island with the place nearest to it, both ways, with weight 1 (before row standardisation).
    ///
    /// - `places`: one point per place. Of places equally near, the first.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the lengths differ.
    pub fn with_islands_joined(&self, places: &[Point<f64>]) -> Result<Self> {
        check_length("points", places.len(), self.len())?;
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for island in self.islands() {
            let others = (0..places.len()).filter(|&other| other != island);
            let distance = |other: &usize| Euclidean.distance(places[island], places[*other]);
            if let Some(nearest) = others.min_by(|a, b| distance(a).total_cmp(&distance(b))) {
                pairs.push((island.min(nearest), island.max(nearest)));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut links = self.links();
        links.extend(pairs.into_iter().flat_map(|(a, b)| [(a, b, 1.0), (b, a, 1.0)]));
        let joined = Self::from_links(self.len(), links)?.with_island_policy(self.island_policy);
        Ok(if self.is_row_standardised { joined.row_standardised() } else { joined })
    }

    /// Place, neighbour and weight of every link, in order.
    #[must_use]
    pub fn links(&self) -> Vec<(usize, usize, f64)> {
        let of = |(place, row): (usize, Neighbours<'_>)| {
            row.iter().map(|(neighbour, weight)| (place, neighbour, weight)).collect::<Vec<_>>()
        };
        self.rows().enumerate().flat_map(of).collect()
    }

    /// The same links with weights that sum to 1 in each row: the sum over neighbours becomes their mean.
    #[must_use]
    pub fn row_standardised(mut self) -> Self {
        for place in 0..self.len() {
            let row = &mut self.weights[self.first[place]..self.first[place + 1]];
            let sum: f64 = row.iter().sum();
            if sum > 0.0 {
                row.iter_mut().for_each(|weight| *weight /= sum);
            }
        }
        self.is_row_standardised = true;
        self
    }

    /// The same links, each with weight 1.
    #[must_use]
    pub fn binary(mut self) -> Self {
        self.weights.fill(1.0);
        self.is_row_standardised = false;
        self
    }

    /// The weights among the places that `is_kept` says, renumbered; rows are standardised again if they were.
    #[must_use]
    pub fn among(&self, is_kept: &[bool]) -> Self {
        let mut number_of = vec![None; self.len()];
        let mut count = 0_u32;
        for (place, number) in number_of.iter_mut().enumerate() {
            if is_kept[place] {
                *number = Some(count);
                count += 1;
            }
        }
        let (mut first, mut neighbours, mut weights) = (vec![0], Vec::new(), Vec::new());
        for place in (0..self.len()).filter(|&place| is_kept[place]) {
            for (neighbour, weight) in self.of(place).iter() {
                if let Some(number) = number_of[neighbour] {
                    neighbours.push(number);
                    weights.push(weight);
                }
            }
            first.push(neighbours.len());
        }
        let kept = Self { first, neighbours, weights, ..*self };
        if self.is_row_standardised { kept.row_standardised() } else { kept }
    }

    /// Sums over all weights.
    #[must_use]
    pub fn sums(&self) -> WeightSums {
        let mut given_and_got: Vec<f64> = self.rows().map(|row| row.sum()).collect();
        let s0 = given_and_got.iter().sum();
        let mut s1 = 0.0;
        for (place, row) in self.rows().enumerate() {
            for (neighbour, weight) in row.iter() {
                given_and_got[neighbour] += weight;
                let back = self.of(neighbour);
                s1 += match back.places.binary_search(&(place as u32)) {
                    Ok(at) => (weight + back.weights[at]).powi(2),
                    // The other direction has no entry of its own that would count the pair again.
                    Err(_) => 2.0 * weight * weight,
                };
            }
        }
        WeightSums { s0, s1: s1 / 2.0, s2: given_and_got.iter().map(|sum| sum * sum).sum() }
    }
}

/// One of `what` for each of `expected` places.
pub(crate) fn check_length(what: &str, found: usize, expected: usize) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Parameter, format!("{found} {what} for {expected} places")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain() -> SpatialWeights {
        SpatialWeights::from_sorted_pairs(4, &[(0, 1), (1, 2)])
    }

    #[test]
    fn wrong_links_are_refused() {
        let refused =
            |links: Vec<(usize, usize, f64)>| SpatialWeights::from_links(2, links).unwrap_err().kind();
        for links in [
            vec![(0, 2, 1.0)],
            vec![(1, 1, 1.0)],
            vec![(0, 1, -1.0)],
            vec![(0, 1, f64::NAN)],
            vec![(0, 1, 1.0), (0, 1, 1.0)],
        ] {
            assert_eq!(refused(links), ErrorKind::Parameter);
        }
    }

    #[test]
    fn named_links_follow_the_order_of_the_data() {
        let ids = ["c", "a", "b"].map(String::from);
        let link = |a: &str, b: &str, weight| (a.to_owned(), b.to_owned(), weight);
        let weights =
            SpatialWeights::from_named_links(&ids, &[link("a", "b", 2.0), link("b", "c", 3.0)]).unwrap();
        assert_eq!(weights.links(), [(1, 2, 2.0), (2, 0, 3.0)]);
        let unknown = SpatialWeights::from_named_links(&ids, &[link("a", "z", 1.0)]).unwrap_err();
        assert_eq!((unknown.kind(), unknown.position().id.as_deref()), (ErrorKind::Value, Some("z")));
        let twice = SpatialWeights::from_named_links(&["a", "b", "a"].map(String::from), &[]).unwrap_err();
        assert_eq!((twice.kind(), twice.position().row), (ErrorKind::Value, Some(3)));
    }

    #[test]
    fn islands_are_listed_and_can_be_joined_to_the_nearest() {
        assert_eq!(chain().islands(), [3]);
        let places = [0.0, 1.0, 2.0, 4.0].map(|x| Point::new(x, 0.0));
        let joined = chain().row_standardised().with_islands_joined(&places).unwrap();
        assert!(joined.islands().is_empty());
        assert_eq!((joined.of(3).places, joined.of(3).weights), (&[2][..], &[1.0][..]));
    }

    #[test]
    fn leaving_a_place_out_standardises_the_rest_again() {
        let rest = chain().row_standardised().among(&[true, true, false, true]);
        assert_eq!(rest.links(), [(0, 1, 1.0), (1, 0, 1.0)]);
        assert_eq!(rest.len(), 3);
    }

    #[test]
    fn sums_of_a_chain_by_hand() {
        // Binary: four ones; each of the two pairs counts (1 + 1)² from both ends, halved; 2² + 4² + 2².
        assert_eq!(chain().sums(), WeightSums { s0: 4.0, s1: 8.0, s2: 24.0 });
        // One direction only: 2·1² halved; giver 1², getter 1².
        let one_way = SpatialWeights::from_links(2, vec![(0, 1, 1.0)]).unwrap();
        assert_eq!(one_way.sums(), WeightSums { s0: 1.0, s1: 1.0, s2: 2.0 });
    }
}
