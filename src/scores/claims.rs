//! What each place is owed of a budget that does not meet every claim: rules with a long history, side by side.
//!
//! ```text
//!   claims 100, 200, 300       of 100            of 200              of 300
//!   proportional               16.7 33.3 50      33.3 66.7 100       50 100 150
//!   equal awards               33.3 33.3 33.3    66.7 66.7 66.7      100 100 100
//!   equal losses               0 0 100           0 50 150            0 100 200
//!   Talmud                     33.3 33.3 33.3    50 75 75            50 100 150
//! ```

use crate::{Error, ErrorKind, Result};

/// A rule that divides a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The same for every resident, whatever is claimed.
    EqualPerHead,
    /// In proportion to need times residents.
    ByNeed,
    /// In proportion to the claims.
    Proportional,
    /// The same for everybody, but nobody more than the claim (constrained equal awards, CEA).
    EqualAwards,
    /// The same loss for everybody, but nobody less than nothing (constrained equal losses, CEL).
    EqualLosses,
    /// Equal awards of half-claims up to half of all claims, equal losses beyond.
    Talmud,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::EqualPerHead,
        Self::ByNeed,
        Self::Proportional,
        Self::EqualAwards,
        Self::EqualLosses,
        Self::Talmud,
    ];

    /// Its name in files and tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::EqualPerHead => "equal_per_head",
            Self::ByNeed => "by_need",
            Self::Proportional => "proportional",
            Self::EqualAwards => "cea",
            Self::EqualLosses => "cel",
            Self::Talmud => "talmud",
        }
    }

    /// The rule of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }
}

/// Each place's claim divided by a rule of claims; the sum is the estate, and nobody gets less than 0 or more than claimed.
///
/// - `claims`: what meeting a standard would cost at each place; 0 or more.
/// - `estate`: what there is to divide, at most the sum of the claims.
///
/// # Errors
/// [`ErrorKind::Parameter`] if a claim or the estate is negative or not finite, the estate exceeds all claims (by how much
/// is said), or the rule is not one of claims.
///
/// # Source
/// Aumann & Maschler (1985), "Game theoretic analysis of a bankruptcy problem from the Talmud"; Herrero & Villar (2001),
/// "The three musketeers: four classical solutions to bankruptcy problems".
///
/// # Example
/// ```
/// use commonground::scores::claims::{Rule, award};
/// assert_eq!(award(Rule::Talmud, &[100.0, 200.0, 300.0], 200.0)?, [50.0, 75.0, 75.0]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn award(rule: Rule, claims: &[f64], estate: f64) -> Result<Vec<f64>> {
    amounts("claim", claims)?;
    amounts("estate", &[estate])?;
    let all: f64 = claims.iter().sum();
    if estate > all * (1.0 + 1e-12) {
        let message = format!("the budget of {estate} exceeds all claims by {}", estate - all);
        return Err(Error::new(ErrorKind::Parameter, message)
            .hint("pay every claim in full, and divide the rest per head or by need"));
    }
    let half = || claims.iter().map(|claim| claim / 2.0).collect::<Vec<f64>>();
    Ok(match rule {
        Rule::Proportional if all > 0.0 => claims.iter().map(|claim| claim * estate / all).collect(),
        Rule::Proportional => vec![0.0; claims.len()],
        Rule::EqualAwards => equal_awards(claims, estate),
        Rule::EqualLosses => losses(claims, &equal_awards(claims, (all - estate).max(0.0))),
        Rule::Talmud if estate <= all / 2.0 => equal_awards(&half(), estate),
        Rule::Talmud => losses(claims, &equal_awards(&half(), (all - estate).max(0.0))),
        Rule::EqualPerHead | Rule::ByNeed => {
            let message = format!("`{}` does not look at claims", rule.name());
            return Err(Error::new(ErrorKind::Parameter, message));
        }
    })
}

/// Losses equal up to the claim are awards of the loss.
fn losses(claims: &[f64], lost: &[f64]) -> Vec<f64> {
    claims.iter().zip(lost).map(|(claim, lost)| (claim - lost).max(0.0)).collect()
}

/// min(claim, λ), with λ such that the sum is the estate.
fn equal_awards(claims: &[f64], estate: f64) -> Vec<f64> {
    let mut sorted = claims.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (mut left, mut count) = (estate, sorted.len() as f64);
    let mut level = f64::INFINITY;
    for claim in sorted {
        if claim * count >= left {
            level = left / count;
            break;
        }
        left -= claim;
        count -= 1.0;
    }
    claims.iter().map(|claim| claim.min(level)).collect()
}

/// What each place is owed by one rule.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Owed {
    /// The name of the rule.
    pub rule: String,
    /// Money of each place; the sum is the budget.
    pub money: Vec<f64>,
    /// Money per resident; `None` where nobody lives.
    pub per_head: Vec<Option<f64>>,
    /// Rank by money per resident, 1 for the most; places with the same share their best rank. `None` where nobody lives.
    pub rank: Vec<Option<usize>>,
}

impl Owed {
    /// Money of each place, per head and ranked; `people` live there.
    pub(crate) fn new(rule: &str, money: Vec<f64>, people: &[f64]) -> Self {
        let per_head: Vec<Option<f64>> =
            money.iter().zip(people).map(|(money, people)| (*people > 0.0).then(|| money / people)).collect();
        // Differences from rounding are none.
        let above = |one: f64| {
            let more = per_head.iter().flatten().filter(|other| **other > one + 1e-9 * one.abs());
            more.count() + 1
        };
        let rank = per_head.iter().map(|one| one.map(above)).collect();
        Self { rule: rule.to_owned(), money, per_head, rank }
    }
}

/// What each place is owed by several rules. Where nobody lives, nothing is owed.
///
/// - `people`: residents of each place.
/// - `need`: higher where more is needed, 0 or more; for [`Rule::ByNeed`].
/// - `claims`: for the rules of claims; of places without residents they do not count.
///
/// # Errors
/// As for [`award`]; and if the lengths differ, nobody lives anywhere, or nobody is in need.
///
/// # Example
/// ```
/// use commonground::scores::claims::{Rule, owed_by_rules};
/// // An airport without residents claims most and is owed nothing.
/// let rules = [Rule::EqualPerHead, Rule::EqualLosses];
/// let owed = owed_by_rules(&rules, &[100.0, 0.0, 300.0], &[1.0, 9.0, 1.0], &[500.0, 9_000.0, 700.0], 400.0)?;
/// assert_eq!(owed[0].money, [100.0, 0.0, 300.0]);
/// assert_eq!(owed[1].money, [100.0, 0.0, 300.0]);
/// assert_eq!(owed[0].per_head, [Some(1.0), None, Some(1.0)]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn owed_by_rules(
    rules: &[Rule],
    people: &[f64],
    need: &[f64],
    claims: &[f64],
    budget: f64,
) -> Result<Vec<Owed>> {
    if people.len() != need.len() || people.len() != claims.len() {
        let message =
            format!("people of {} places, need of {}, claims of {}", people.len(), need.len(), claims.len());
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    amounts("number of people", people)?;
    amounts("need", need)?;
    amounts("claim", claims)?;
    amounts("budget", &[budget])?;
    if people.iter().sum::<f64>() <= 0.0 {
        return Err(Error::new(ErrorKind::Parameter, "nobody lives in any of the places"));
    }
    let lived = |values: &[f64]| -> Vec<f64> {
        values.iter().zip(people).map(|(value, people)| if *people > 0.0 { *value } else { 0.0 }).collect()
    };
    let shared = |weights: Vec<f64>| -> Result<Vec<f64>> {
        let all: f64 = weights.iter().sum();
        if all <= 0.0 {
            return Err(Error::new(ErrorKind::Parameter, "nobody is in need anywhere"));
        }
        Ok(weights.iter().map(|weight| budget * weight / all).collect())
    };
    let of_rule = |&rule: &Rule| {
        let money = match rule {
            Rule::EqualPerHead => shared(people.to_vec())?,
            Rule::ByNeed => shared(people.iter().zip(need).map(|(people, need)| people * need).collect())?,
            _ => award(rule, &lived(claims), budget)?,
        };
        Ok(Owed::new(rule.name(), money, people))
    };
    rules.iter().map(of_rule).collect()
}

/// Best and worst rank of each place over the rules; `None` where nobody lives.
#[must_use]
pub fn rank_range(owed: &[Owed]) -> Vec<Option<(usize, usize)>> {
    let places = owed.first().map_or(0, |owed| owed.rank.len());
    let range = |place: usize| {
        let ranks = || owed.iter().filter_map(|owed| owed.rank[place]);
        Some((ranks().min()?, ranks().max()?))
    };
    (0..places).map(range).collect()
}

/// Agreement of the rules on the order of places: Kendall's W, 0 (none) to 1 (the same order). `None` below two rules or
/// two places where people live, or if every rule treats all places alike.
///
/// # Source
/// Kendall & Babington Smith (1939), "The problem of m rankings"; with the correction for ties.
#[must_use]
pub fn agreement(owed: &[Owed]) -> Option<f64> {
    let rules = owed.len() as f64;
    let places: Vec<usize> =
        (0..owed.first()?.rank.len()).filter(|place| owed[0].rank[*place].is_some()).collect();
    let count = places.len() as f64;
    if owed.len() < 2 || places.len() < 2 {
        return None;
    }
    let mut sums = vec![0.0; places.len()];
    let mut ties = 0.0;
    for owed in owed {
        let ranks: Vec<usize> = places.iter().filter_map(|&place| owed.rank[place]).collect();
        for (sum, rank) in sums.iter_mut().zip(&ranks) {
            let alike = ranks.iter().filter(|other| *other == rank).count() as f64;
            *sum += *rank as f64 + (alike - 1.0) / 2.0;
            // Σ over groups of (t³ − t) is Σ over places of (t² − 1).
            ties += alike * alike - 1.0;
        }
    }
    let mean = sums.iter().sum::<f64>() / count;
    let spread: f64 = sums.iter().map(|sum| (sum - mean).powi(2)).sum();
    let most = rules * rules * (count.powi(3) - count) - rules * ties;
    (most > 0.0).then(|| 12.0 * spread / most)
}

/// Amounts by name, in the order of the places; a name that no place has is an error with the amount that would be lost.
///
/// # Errors
/// [`ErrorKind::Parameter`] if names match no place, stand twice, or a place is listed twice.
///
/// # Example
/// ```
/// use commonground::scores::claims::by_name;
/// assert_eq!(by_name(&["Mill", "Quay"], &[("Quay", 5.0)])?, [0.0, 5.0]);
/// let lost = by_name(&["Mill", "Quay"], &[("Quai", 5.0)]).unwrap_err();
/// assert!(lost.to_string().contains("5") && lost.to_string().contains("Quay"));
/// # Ok::<(), commonground::Error>(())
/// ```
#[cfg(feature = "study")]
pub fn by_name(places: &[impl AsRef<str>], amounts: &[(impl AsRef<str>, f64)]) -> Result<Vec<f64>> {
    let mut found: Vec<Option<f64>> = vec![None; places.len()];
    let mut at = std::collections::HashMap::new();
    for (number, place) in places.iter().enumerate() {
        if at.insert(place.as_ref(), number).is_some() {
            let message = format!("the place `{}` is listed twice", place.as_ref());
            return Err(Error::new(ErrorKind::Parameter, message).at_row(number + 1));
        }
    }
    let mut lost: Vec<(&str, f64)> = Vec::new();
    for (row, (name, amount)) in amounts.iter().enumerate() {
        match at.get(name.as_ref()) {
            None => lost.push((name.as_ref(), *amount)),
            Some(&place) if found[place].is_some() => {
                let message = format!("`{}` stands twice", name.as_ref());
                return Err(Error::new(ErrorKind::Parameter, message).at_row(row + 1));
            }
            Some(&place) => found[place] = Some(*amount),
        }
    }
    if let Some((first, _)) = lost.first() {
        let sum: f64 = lost.iter().map(|(_, amount)| amount).sum();
        let names: Vec<String> = lost.iter().take(5).map(|(name, _)| format!("`{name}`")).collect();
        let more = if lost.len() > 5 { ", …" } else { "" };
        let message = format!(
            "{} names match no place, and {sum} would be lost: {}{more}",
            lost.len(),
            names.join(", ")
        );
        let near = crate::error::nearest(first, places.iter().map(AsRef::as_ref));
        return Err(Error::new(ErrorKind::Parameter, message).hint(match near {
            Some(near) => format!("did you mean `{near}` instead of `{first}`?"),
            None => "use the names of the neighbourhoods layer".to_owned(),
        }));
    }
    Ok(found.into_iter().map(|amount| amount.unwrap_or(0.0)).collect())
}

fn amounts(what: &str, values: &[f64]) -> Result<()> {
    match values.iter().position(|value| !(value.is_finite() && *value >= 0.0)) {
        Some(row) => Err(Error::new(ErrorKind::Parameter, format!("a {what} is `{}`", values[row]))
            .at_row(row + 1)
            .hint("it must be finite and not negative")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_CLAIMS: [Rule; 4] = [Rule::Proportional, Rule::EqualAwards, Rule::EqualLosses, Rule::Talmud];

    fn near(found: &[f64], expected: &[f64]) {
        for (one, other) in found.iter().zip(expected) {
            assert!((one - other).abs() < 1e-9, "{found:?} {expected:?}");
        }
    }

    #[test]
    fn the_widows_of_the_talmud_get_what_the_mishnah_says() {
        let claims = [100.0, 200.0, 300.0];
        let third = 100.0 / 3.0;
        let of = |rule, estate| award(rule, &claims, estate).unwrap();
        for (estate, talmud, cea, cel) in [
            (100.0, [third; 3], [third; 3], [0.0, 0.0, 100.0]),
            (200.0, [50.0, 75.0, 75.0], [200.0 / 3.0; 3], [0.0, 50.0, 150.0]),
            (300.0, [50.0, 100.0, 150.0], [100.0; 3], [0.0, 100.0, 200.0]),
        ] {
            near(&of(Rule::Talmud, estate), &talmud);
            near(&of(Rule::EqualAwards, estate), &cea);
            near(&of(Rule::EqualLosses, estate), &cel);
        }
        // A garment of which one claims all and the other half.
        near(&award(Rule::Talmud, &[1.0, 0.5], 1.0).unwrap(), &[0.75, 0.25]);
    }

    #[test]
    fn awards_sum_to_the_estate_within_the_claims_and_losses_mirror_awards() {
        let mut random = crate::stats::random::Random::new(7, 0);
        for _ in 0..200 {
            let claims: Vec<f64> = (0..1 + random.below(9)).map(|_| (random.unit() * 90.0).floor()).collect();
            let all: f64 = claims.iter().sum();
            let estate = all * random.unit();
            for rule in OF_CLAIMS {
                let awards = award(rule, &claims, estate).unwrap();
                assert!((awards.iter().sum::<f64>() - estate).abs() < 1e-9 * (1.0 + all));
                assert!(awards.iter().zip(&claims).all(|(one, claim)| *one >= 0.0 && *one <= claim + 1e-9));
                // Order of awards and of losses follows the claims.
                for (a, b) in (0..claims.len()).flat_map(|a| (0..claims.len()).map(move |b| (a, b))) {
                    if claims[a] <= claims[b] {
                        assert!(
                            awards[a] <= awards[b] + 1e-9
                                && claims[a] - awards[a] <= claims[b] - awards[b] + 1e-9
                        );
                    }
                }
                let dual = match rule {
                    Rule::EqualAwards => Rule::EqualLosses,
                    Rule::EqualLosses => Rule::EqualAwards,
                    other => other,
                };
                let mirrored = award(dual, &claims, all - estate).unwrap();
                let mirrored: Vec<f64> =
                    claims.iter().zip(mirrored).map(|(claim, one)| claim - one).collect();
                near(&awards, &mirrored);
            }
        }
    }

    #[test]
    fn ranks_range_over_rules_and_agreement_is_one_for_one_order() {
        let people = [100.0, 200.0, 0.0, 50.0];
        let owed =
            owed_by_rules(&Rule::ALL, &people, &[3.0, 1.0, 9.0, 2.0], &[900.0, 400.0, 9e9, 300.0], 1_200.0)
                .unwrap();
        for owed in &owed {
            assert!((owed.money.iter().sum::<f64>() - 1_200.0).abs() < 1e-6 && owed.money[2] == 0.0);
            assert_eq!((owed.per_head[2], owed.rank[2]), (None, None));
        }
        let ranges = rank_range(&owed);
        assert_eq!(ranges[2], None);
        assert_eq!(ranges[1], Some((1, 3)));
        assert!((0.0..1.0).contains(&agreement(&owed).unwrap()));
        let same = [owed[1].clone(), owed[1].clone()];
        assert!((agreement(&same).unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(agreement(&owed[..1]), None);
    }

    #[test]
    fn what_cannot_be_divided_is_refused() {
        assert!(award(Rule::EqualAwards, &[1.0], 2.0).unwrap_err().to_string().contains("exceeds"));
        assert!(award(Rule::EqualAwards, &[-1.0], 0.0).is_err() && award(Rule::ByNeed, &[1.0], 1.0).is_err());
        assert!(owed_by_rules(&[Rule::ByNeed], &[1.0], &[0.0], &[0.0], 1.0).is_err());
        assert!(owed_by_rules(&[Rule::ByNeed], &[0.0], &[1.0], &[0.0], 1.0).is_err());
        assert!(owed_by_rules(&[Rule::ByNeed], &[1.0, 1.0], &[1.0], &[0.0], 1.0).is_err());
        #[cfg(feature = "study")]
        assert!(
            by_name(&["a", "a"], &[("a", 1.0)]).is_err()
                && by_name(&["a"], &[("a", 1.0), ("a", 2.0)]).is_err()
        );
    }
}
