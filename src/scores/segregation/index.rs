//! The indices of a whole city, two groups or many, and what each place contributes to them.

use super::GroupCounts;
use super::counts::times_ln;

/// Weight of small shares in Atkinson's index: each share of the group counts alike (Massey & Denton 1988).
const ATKINSON_SHAPE: f64 = 0.5;

/// An index of residential segregation. Each is a sum over places, but [`Index::Atkinson`].
///
/// Evenness and diversity take any number of groups (Reardon & Firebaugh 2002, "Measures of multigroup segregation";
/// with two groups they are the indices of the same name in Massey & Denton 1988). The others read the first group
/// against everybody else.
///
/// No index says why people live where they do, nor whether they wish to. All of them grow as places get smaller, even
/// if nobody is separated: compare with [`randomise`](super::randomise) before reading a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Index {
    /// D = Σ t |π - P| / (2 T I): the share of people who would have to move for an even spread, over that under full
    /// separation. 0 to 1. Duncan & Duncan (1955); Morgan (1975) for many groups.
    Dissimilarity,
    /// G = ΣΣ t t' |π - π'| / (2 T² I): the mean difference between all pairs of places. 0 to 1.
    Gini,
    /// H = Σ t π ln(π/P) / (T E): how much less mixed the places are than the city. 0 to 1. Theil (1972).
    Entropy,
    /// M = Σ t π ln(π/P) / T = H E, in nats: what the place says about the group of a resident. Adds up over places and
    /// over parts of a city. Theil & Finizza (1971); also Roberto's (2015) divergence index of all groups.
    MutualInformation,
    /// R = Σ t (π - P)² / (T I). 0 to 1. Goodman & Kruskal's τ; Reardon (1998).
    RelativeDiversity,
    /// P = ΣΣ t (π - P)² / (T (1 - P)): isolation above what an even spread gives, over all groups. 0 to 1. James (1986).
    NormalisedExposure,
    /// C = Σ t (π - P)² / (T (K - 1) P), K groups. 0 to 1. Reardon & Firebaugh (2002).
    SquaredCoefficientOfVariation,
    /// xPx = Σ (x/X) π: the share of their own group that members of the first group live among. P to 1. Bell (1954).
    Isolation,
    /// xPy = Σ (x/X) (1 - π): the share of others that they live among; 1 - xPx. Bell (1954).
    Interaction,
    /// V = η² = (xPx - P) / (1 - P): isolation above what an even spread gives. 0 to 1. Bell (1954); White (1986).
    CorrelationRatio,
    /// A = 1 - P/(1 - P) · |Σ (1 - π)^½ π^½ t / (P T)|², shape ½. 0 to 1. Atkinson (1970); not a sum over places.
    Atkinson,
    /// 1 - Σ min(x/X, y/Y) / Σ max(x/X, y/Y) = 2D/(1 + D). 0 to 1. Hong & Sadahiro (2014).
    MinMax,
}

impl Index {
    /// Every index, in the order of the literature: evenness, diversity, exposure.
    pub const ALL: [Self; 12] = [
        Self::Dissimilarity,
        Self::Gini,
        Self::Entropy,
        Self::MutualInformation,
        Self::RelativeDiversity,
        Self::NormalisedExposure,
        Self::SquaredCoefficientOfVariation,
        Self::Isolation,
        Self::Interaction,
        Self::CorrelationRatio,
        Self::Atkinson,
        Self::MinMax,
    ];

    /// Name in tables and in Python.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dissimilarity => "dissimilarity",
            Self::Gini => "gini",
            Self::Entropy => "entropy",
            Self::MutualInformation => "mutual_information",
            Self::RelativeDiversity => "relative_diversity",
            Self::NormalisedExposure => "normalised_exposure",
            Self::SquaredCoefficientOfVariation => "squared_coefficient_of_variation",
            Self::Isolation => "isolation",
            Self::Interaction => "interaction",
            Self::CorrelationRatio => "correlation_ratio",
            Self::Atkinson => "atkinson",
            Self::MinMax => "min_max",
        }
    }

    /// The index with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|index| index.name() == name)
    }

    /// Whether it reads the first group against everybody else, rather than all groups.
    #[must_use]
    pub const fn reads_two_groups(self) -> bool {
        matches!(
            self,
            Self::Isolation | Self::Interaction | Self::CorrelationRatio | Self::Atkinson | Self::MinMax
        )
    }

    /// The index of the whole city.
    ///
    /// `None` where there is nothing to compare: fewer than two inhabited places, or everybody in one group.
    #[must_use]
    pub fn of(self, counts: &GroupCounts) -> Option<f64> {
        match self {
            Self::Atkinson => is_comparable(counts, true).then(|| atkinson(counts, ATKINSON_SHAPE)),
            _ => self.by_place(counts).map(|parts| parts.iter().flatten().sum()),
        }
    }

    /// What each place contributes: the map behind the index, which is their sum.
    ///
    /// One entry per place, `None` where nobody lives. `None` altogether where the index has no value, and for
    /// [`Index::Atkinson`], which is not a sum.
    #[must_use]
    pub fn by_place(self, counts: &GroupCounts) -> Option<Vec<Option<f64>>> {
        let needs_members_only = matches!(self, Self::Isolation | Self::Interaction);
        let has_value = if needs_members_only {
            counts.group_totals()[0] > 0.0
        } else {
            is_comparable(counts, self.reads_two_groups())
        };
        if !has_value || self == Self::Atkinson {
            return None;
        }
        let population = counts.population();
        let shares = counts.shares();
        let (interaction, entropy) = counts.diversity();
        // Shares of a place beside those of the city, for groups that have members.
        let sum = |row: &[f64], total: f64, of_group: &dyn Fn(f64, f64) -> f64| -> f64 {
            let groups = row.iter().zip(&shares).filter(|(_, share)| **share > 0.0);
            total * groups.map(|(x, share)| of_group(x / total, *share)).sum::<f64>()
        };
        let square = |pi: f64, share: f64| (pi - share) * (pi - share);
        let mut parts = vec![None; counts.places()];
        if self == Self::Gini {
            let differences = gini_by_place(counts);
            for (place, ..) in counts.inhabited() {
                parts[place] = Some(differences[place] / (2.0 * population * population * interaction));
            }
            return Some(parts);
        }
        let members = counts.group_totals()[0];
        let others = population - members;
        let occupied = shares.iter().filter(|share| **share > 0.0).count() as f64;
        let largest: f64 = match self {
            Self::MinMax => {
                counts.inhabited().map(|(_, row, t)| (row[0] / members).max((t - row[0]) / others)).sum()
            }
            _ => 1.0,
        };
        for (place, row, total) in counts.inhabited() {
            let pi = row[0] / total;
            parts[place] = Some(match self {
                Self::Dissimilarity => {
                    sum(row, total, &|pi, share| (pi - share).abs()) / (2.0 * population * interaction)
                }
                Self::Entropy => {
                    sum(row, total, &|pi, share| times_ln(pi, pi / share)) / (population * entropy)
                }
                Self::MutualInformation => {
                    sum(row, total, &|pi, share| times_ln(pi, pi / share)) / population
                }
                Self::RelativeDiversity => sum(row, total, &square) / (population * interaction),
                Self::NormalisedExposure => {
                    sum(row, total, &|pi, share| square(pi, share) / (1.0 - share)) / population
                }
                Self::SquaredCoefficientOfVariation => {
                    sum(row, total, &|pi, share| square(pi, share) / share) / (population * (occupied - 1.0))
                }
                Self::Isolation => row[0] / members * pi,
                Self::Interaction => row[0] / members * (1.0 - pi),
                Self::CorrelationRatio => {
                    total * square(pi, shares[0]) / (population * shares[0] * (1.0 - shares[0]))
                }
                Self::MinMax => (row[0] / members - (total - row[0]) / others).abs() / largest,
                Self::Gini | Self::Atkinson => unreachable!("handled above"),
            });
        }
        Some(parts)
    }
}

/// Whether there are two inhabited places and two groups to compare.
pub(super) fn is_comparable(counts: &GroupCounts, first_against_others: bool) -> bool {
    let groups = if first_against_others {
        let members = counts.group_totals()[0];
        usize::from(members > 0.0) + usize::from(counts.group_totals()[1..].iter().any(|total| *total > 0.0))
    } else {
        counts.group_totals().iter().filter(|total| **total > 0.0).count()
    };
    groups >= 2 && counts.inhabited().nth(1).is_some()
}

/// Atkinson's index of the first group with any shape b, 0 < b < 1: below ½ places where the group is rare count more.
///
/// `None` as for [`Index::of`], and if `shape` is not between 0 and 1.
///
/// # Source
/// Massey & Denton (1988), equation 6.
#[must_use]
pub fn atkinson_with_shape(counts: &GroupCounts, shape: f64) -> Option<f64> {
    (is_comparable(counts, true) && shape > 0.0 && shape < 1.0).then(|| atkinson(counts, shape))
}

fn atkinson(counts: &GroupCounts, shape: f64) -> f64 {
    let share = counts.share(0);
    let sum: f64 = counts
        .inhabited()
        .map(|(_, row, total)| {
            let pi = row[0] / total;
            (1.0 - pi).max(0.0).powf(1.0 - shape) * pi.powf(shape) * total
        })
        .sum();
    let mean = sum / (share * counts.population());
    1.0 - share / (1.0 - share) * mean.powf(1.0 / (1.0 - shape))
}

/// For each place Σ over groups and other places of t t' |π - π'|: sorted once a group, then by sums from the left.
fn gini_by_place(counts: &GroupCounts) -> Vec<f64> {
    let mut differences = vec![0.0; counts.places()];
    for group in 0..counts.groups() {
        let mut sorted: Vec<(f64, f64, usize)> =
            counts.inhabited().map(|(place, row, total)| (row[group] / total, total, place)).collect();
        sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
        let (all_people, all_members) = (counts.population(), counts.group_totals()[group]);
        let (mut people, mut members) = (0.0, 0.0);
        for (pi, total, place) in sorted {
            let (before, here) = (pi * people - members, total * pi);
            people += total;
            members += here;
            let after = (all_members - members) - pi * (all_people - people);
            differences[place] += total * (before + after);
        }
    }
    differences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(columns: &[(&str, &[f64])]) -> GroupCounts {
        GroupCounts::new(columns).unwrap()
    }

    #[test]
    fn full_separation_is_one_and_an_even_mix_is_nothing() {
        let apart = people(&[("a", &[10.0, 0.0, 0.0]), ("b", &[0.0, 30.0, 0.0]), ("c", &[0.0, 0.0, 5.0])]);
        let even = people(&[("a", &[10.0, 20.0]), ("b", &[1.0, 2.0]), ("c", &[5.0, 10.0])]);
        for index in Index::ALL.into_iter().filter(|index| !index.reads_two_groups()) {
            let full = if index == Index::MutualInformation { apart.diversity().1 } else { 1.0 };
            assert!((index.of(&apart).unwrap() - full).abs() < 1e-14, "{index:?}");
            assert!(index.of(&even).unwrap().abs() < 1e-14, "{index:?}");
        }
        for index in [Index::Isolation, Index::CorrelationRatio, Index::Atkinson, Index::MinMax] {
            assert!((index.of(&apart).unwrap() - 1.0).abs() < 1e-14, "{index:?}");
        }
    }

    #[test]
    fn two_places_with_a_pencil() {
        // x = 10, 5; y = 0, 5. P = 3/4; x/X = 2/3, 1/3; y/Y = 0, 1.
        let counts = people(&[("x", &[10.0, 5.0]), ("y", &[0.0, 5.0])]);
        let expected = [
            (Index::Dissimilarity, 2.0 / 3.0),
            (Index::Gini, 2.0 / 3.0),
            (Index::Isolation, 2.0 / 3.0 + 1.0 / 6.0),
            (Index::Interaction, 1.0 / 6.0),
            (Index::CorrelationRatio, (5.0 / 6.0 - 0.75) / 0.25),
            (Index::MinMax, 0.8),
            // √(½·½)·10 / 15 = 1/3; 1 - 3·(1/3)².
            (Index::Atkinson, 1.0 - 3.0 / 9.0),
        ];
        for (index, value) in expected {
            assert!((index.of(&counts).unwrap() - value).abs() < 1e-14, "{index:?} {:?}", index.of(&counts));
        }
    }

    #[test]
    fn nothing_to_compare_is_none() {
        let one_place = people(&[("x", &[10.0, 0.0]), ("y", &[5.0, 0.0])]);
        let one_group = people(&[("x", &[10.0, 4.0]), ("y", &[0.0, 0.0])]);
        for index in Index::ALL {
            let is_exposure = matches!(index, Index::Isolation | Index::Interaction);
            assert_eq!(index.of(&one_place).is_some(), is_exposure, "{index:?}");
            assert_eq!(index.of(&one_group).is_some(), is_exposure, "{index:?}");
        }
        let no_members = people(&[("x", &[0.0, 0.0]), ("y", &[3.0, 4.0]), ("z", &[1.0, 4.0])]);
        assert!(Index::Isolation.of(&no_members).is_none() && Index::Entropy.of(&no_members).is_some());
    }

    #[test]
    fn names_lead_back_to_their_index() {
        for index in Index::ALL {
            assert_eq!(Index::named(index.name()), Some(index));
        }
        assert_eq!(Index::named("xPx"), None);
    }
}
