//! What a good set of sites is: objectives, each recomputed from the ways themselves for any set.

use super::demand::Demand;
use super::sums::Burden;
use crate::units::MILLISECONDS_PER_MINUTE;
use crate::{Error, ErrorKind, Minutes, Result};

/// What is made as small, or of people covered as large, as it can be.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Objective {
    /// Person-minutes to the nearest site: the p-median.
    Median,
    /// Minutes of whoever lives farthest: the p-center.
    Center,
    /// People within so many minutes (inclusive): maximal coverage. More is better.
    Cover(Minutes),
    /// Person-minutes beyond a minimum standard.
    Standard(Minutes),
    /// The equally-distributed equivalent in minutes for a given κ < 0: between mean and maximum.
    KolmPollak {
        /// Aversion to inequality per minute, below 0 for a burden; see [`kappa`].
        kappa: f64,
    },
    /// Mean minutes of the group that is worst off.
    WorstGroup {
        /// Members of each group, one list per group with one count per home. Members cannot be more than the people.
        groups: Vec<Vec<f64>>,
    },
    /// Mean minutes of the worst-off share of people (conditional value at risk).
    WorstShare(
        /// Above 0, at most 1: 0.1 for the worst-off tenth.
        f64,
    ),
}

impl Objective {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Median => "median",
            Self::Center => "center",
            Self::Cover(_) => "cover",
            Self::Standard(_) => "standard",
            Self::KolmPollak { .. } => "kolm_pollak",
            Self::WorstGroup { .. } => "worst_group",
            Self::WorstShare(_) => "worst_share",
        }
    }

    /// Whether a larger value is a better one.
    #[must_use]
    pub fn more_is_better(&self) -> bool {
        matches!(self, Self::Cover(_))
    }

    /// # Errors
    /// [`ErrorKind::Parameter`] if a share, an aversion or a group is out of range.
    pub(super) fn check(&self, demand: &Demand) -> Result<()> {
        let parameter = |message: String| Err(Error::new(ErrorKind::Parameter, message));
        match self {
            Self::KolmPollak { kappa } if !(kappa.is_finite() && *kappa < 0.0) => {
                parameter(format!("an aversion κ of `{kappa}`: walks are a burden, so it is below 0"))
            }
            Self::WorstShare(share) if !(*share > 0.0 && *share <= 1.0) => {
                parameter(format!("a worst-off share of `{share}`: it is above 0 and at most 1"))
            }
            Self::WorstGroup { groups } => {
                if groups.is_empty() {
                    return parameter("no group is given".into());
                }
                for (number, group) in groups.iter().enumerate() {
                    if group.len() != demand.row_of.len() {
                        return parameter(format!("group {number} has counts for {} homes", group.len()));
                    }
                    if let Some(row) = group.iter().position(|count| !(count.is_finite() && *count >= 0.0)) {
                        let message = format!("`{}` members of group {number}", group[row]);
                        return Err(Error::new(ErrorKind::Parameter, message).at_row(row + 1));
                    }
                    if demand.gather(group).iter().sum::<f64>() <= 0.0 {
                        return parameter(format!("no member of group {number} can be served by any site"));
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The value of a set of sites, from the ways themselves.
    #[must_use]
    pub fn value(&self, demand: &Demand, sites: &[u32]) -> f64 {
        let nearest = demand.nearest(&demand.open(sites));
        let minutes = |row: usize| f64::from(nearest[row]) / MILLISECONDS_PER_MINUTE;
        let rows = 0..nearest.len();
        let mean = |weights: &[f64]| {
            let sum: f64 = rows.clone().map(|row| weights[row] * minutes(row)).sum();
            sum / weights.iter().sum::<f64>()
        };
        match self {
            Self::Median => rows.map(|row| demand.people[row] * minutes(row)).sum(),
            Self::Center => nearest.iter().max().map_or(0.0, |far| f64::from(*far) / MILLISECONDS_PER_MINUTE),
            Self::Cover(limit) => {
                let open = demand.open(sites);
                let limit = limit.to_milliseconds();
                let covers = |row: &usize| {
                    let of_row = &demand.rows[*row];
                    nearest[*row] <= limit
                        && (of_row.is_served || of_row.sites.iter().any(|(site, _)| open[*site as usize]))
                };
                rows.filter(covers).map(|row| demand.people[row]).sum()
            }
            Self::Standard(standard) => {
                rows.map(|row| demand.people[row] * (minutes(row) - standard.get()).max(0.0)).sum()
            }
            Self::KolmPollak { kappa } => {
                let top = minutes((0..nearest.len()).max_by_key(|row| nearest[*row]).unwrap_or(0));
                let sum: f64 =
                    rows.map(|row| demand.people[row] * (-kappa * (minutes(row) - top)).exp()).sum();
                top - (sum / demand.people()).ln() / kappa
            }
            Self::WorstGroup { groups } => {
                groups.iter().map(|group| mean(&demand.gather(group))).fold(0.0, f64::max)
            }
            Self::WorstShare(share) => {
                let mut order: Vec<usize> = rows.collect();
                order.sort_by(|a, b| nearest[*b].cmp(&nearest[*a]).then(a.cmp(b)));
                let all = share * demand.people();
                let (mut left, mut sum) = (all, 0.0);
                for row in order {
                    let people = demand.people[row].min(left);
                    sum += people * minutes(row);
                    left -= people;
                    if left <= 0.0 {
                        break;
                    }
                }
                sum / all
            }
        }
    }

    /// The objective as a sum over homes, where it is one.
    pub(super) fn burden(&self, demand: &Demand) -> Option<Burden> {
        Some(match self {
            Self::Median => Burden::Minutes,
            Self::Cover(limit) => Burden::Longer(limit.to_milliseconds()),
            Self::Standard(standard) => Burden::Beyond(standard.to_milliseconds()),
            Self::KolmPollak { kappa } => {
                let longest = |row: &super::demand::Row| {
                    row.sites.last().map_or(0, |&(_, cost)| cost).max(if row.is_served {
                        row.outside
                    } else {
                        0
                    })
                };
                let top = demand.rows.iter().map(longest).max().unwrap_or(0);
                Burden::Exponential { rate: -kappa, top: f64::from(top) / MILLISECONDS_PER_MINUTE }
            }
            Self::Center | Self::WorstGroup { .. } | Self::WorstShare(_) => return None,
        })
    }

    /// The objective's value of a sum, and back.
    pub(super) fn of_sum(&self, demand: &Demand, burden: Burden, sum: f64) -> f64 {
        match (self, burden) {
            (Self::Cover(_), _) => demand.people() - sum,
            (Self::KolmPollak { .. }, Burden::Exponential { rate, top }) => {
                top + (sum / demand.people()).ln() / rate
            }
            _ => sum,
        }
    }

    pub(super) fn to_sum(&self, demand: &Demand, burden: Burden, value: f64) -> f64 {
        match (self, burden) {
            (Self::Cover(_), _) => demand.people() - value,
            (Self::KolmPollak { .. }, Burden::Exponential { rate, top }) => {
                demand.people() * (rate * (value - top)).exp()
            }
            _ => value,
        }
    }
}

/// κ of the Kolm-Pollak equivalent for an aversion ε and the distances of today: ε · Σ w d / Σ w d², below 0.
///
/// - `minutes`: today's walk of each home; homes without one are left out.
/// - `aversion`: ε, below 0 for burdens; −0.5 to −1.5 are usual, −1 is the recommendation of the source.
///
/// `None` if nobody walks.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ or ε is not below 0.
///
/// # Source
/// Sheriff & Maguire (2020), "Health risk, inequality indexes, and environmental justice"; Logan, Anderson, Williams &
/// Conrow (2021), "Measuring inequalities in urban systems"; Horton, Logan, Murrell, Skipper & Speakman (2024), "A scalable
/// approach to equitable facility location", arXiv 2401.15452.
///
/// # Example
/// ```
/// use commonground::siting::kappa;
/// // α = (1 · 2 + 1 · 6) / (1 · 4 + 1 · 36) = 0.2
/// assert_eq!(kappa(&[Some(2.0), Some(6.0)], &[1.0, 1.0], -1.0)?, Some(-0.2));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn kappa(minutes: &[Option<f64>], people: &[f64], aversion: f64) -> Result<Option<f64>> {
    if minutes.len() != people.len() {
        let message = format!("{} walks of {} homes", minutes.len(), people.len());
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    if !(aversion.is_finite() && aversion < 0.0) {
        let message = format!("an aversion ε of `{aversion}`: walks are a burden, so it is below 0");
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    let known = || minutes.iter().zip(people).filter_map(|(minutes, people)| Some(((*minutes)?, people)));
    let first: f64 = known().map(|(minutes, people)| people * minutes).sum();
    let second: f64 = known().map(|(minutes, people)| people * minutes * minutes).sum();
    Ok((second > 0.0).then(|| aversion * first / second))
}
