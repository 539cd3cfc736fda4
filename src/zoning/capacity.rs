//! How many dwellings the rules allow on a parcel, which rule binds, and which would bind next.
//!
//! ```text
//!   dwellings = floor( min( density · A,  A / land per dwelling,  lots · dwellings per lot,
//!                           A · FAR · share / u,  min(A · coverage, inside setbacks) · S / u,
//!                           A (1 − open) / (u / S + stalls · stall area),  cap ) )
//!
//!   A net area of the parcel     u gross floor area per dwelling = size / efficiency     S storeys
//! ```

use super::conditions::{Fact, Facts};
use super::quantities::{METRES_PER_FOOT, SQUARE_METRES_PER_SQUARE_FOOT};
use super::rules::{Rule, Rules};
use crate::{Error, ErrorKind, Result};

/// What the rules leave open and somebody has to assume.
///
/// The defaults: 1,000 square feet of gross floor per dwelling and 10 feet per storey, as in the zoning atlas of the
/// Metropolitan Area Planning Council (Boston); 325 square feet per stall with its share of the aisle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assumptions {
    /// Net floor area of a dwelling, m².
    pub dwelling_size: f64,
    /// Net over gross floor area, above 0, at most 1.
    pub efficiency: f64,
    /// Height of a storey, m.
    pub storey_height: f64,
    /// A stall and its share of the aisle, m².
    pub stall_area: f64,
    /// Whether half a lot is no lot.
    pub whole_lots: bool,
    /// Share of a district that is left for lots, after streets and public land; parcels are net already.
    pub net_share: f64,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self {
            dwelling_size: 800.0 * SQUARE_METRES_PER_SQUARE_FOOT,
            efficiency: 0.8,
            storey_height: 10.0 * METRES_PER_FOOT,
            stall_area: 325.0 * SQUARE_METRES_PER_SQUARE_FOOT,
            whole_lots: true,
            net_share: 1.0,
        }
    }
}

impl Assumptions {
    /// Whether they can be computed with.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] naming the one that is not positive, or a share above 1.
    pub fn check(&self) -> Result<()> {
        let positive = [
            ("dwelling size", self.dwelling_size, f64::MAX),
            ("efficiency", self.efficiency, 1.0),
            ("storey height", self.storey_height, f64::MAX),
            ("stall area", self.stall_area, f64::MAX),
            ("net share", self.net_share, 1.0),
        ];
        match positive.into_iter().find(|(_, value, most)| !(*value > 0.0 && value <= most)) {
            Some((name, value, _)) => {
                Err(Error::new(ErrorKind::Parameter, format!("the assumed {name} is `{value}`")))
            }
            None => Ok(()),
        }
    }
}

/// Land that the rules of one code apply to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parcel {
    /// Net area, m²; of a district its whole area.
    pub area: f64,
    /// Area inside the setbacks, m², where it is known.
    pub inside_setbacks: Option<f64>,
    /// Whether it is a district of many lots rather than one parcel: rules that bind a lot as a whole then bind only
    /// through the number of lots.
    pub is_district: bool,
    /// What conditions may ask for; `area` is always known.
    pub facts: Facts,
}

/// A way in which rules bound the number of dwellings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BoundKind {
    /// Homes are not among the uses.
    Uses,
    /// Dwellings per area.
    Density,
    /// Land that each dwelling needs.
    LandPerDwelling,
    /// Lots of the smallest size.
    Lots,
    /// Land for the first dwelling and for each further one.
    FirstAndFurther,
    /// Floor area ratio.
    FloorArea,
    /// Coverage, setbacks and open space, times storeys.
    Envelope,
    /// Room for surface parking beside the building.
    Parking,
    /// A stated number of dwellings.
    Cap,
}

impl BoundKind {
    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Uses => "permitted uses",
            Self::Density => "density",
            Self::LandPerDwelling => "land per dwelling",
            Self::Lots => "minimum lot",
            Self::FirstAndFurther => "land for further dwellings",
            Self::FloorArea => "floor area",
            Self::Envelope => "building envelope",
            Self::Parking => "parking",
            Self::Cap => "cap on dwellings",
        }
    }
}

/// One bound.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Bound {
    /// What bounds.
    pub kind: BoundKind,
    /// Dwellings, not rounded.
    pub dwellings: f64,
}

impl Bound {
    /// Whole dwellings.
    #[must_use]
    pub fn whole(&self) -> u64 {
        whole(self.dwellings) as u64
    }
}

/// What may be built on a parcel.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Capacity {
    /// Every bound, the tightest first. Empty: no rule is stated that bounds dwellings, so that nothing is assessed.
    pub bounds: Vec<Bound>,
    /// Dwellings if every condition that depends on an unknown fact turned out well; equal to [`Capacity::dwellings`]
    /// where all are known. `None`: nothing would bound it.
    pub at_most: Option<u64>,
    /// Rules with a condition that depends on a fact that is not known.
    pub undecided: Vec<Rule>,
}

impl Capacity {
    /// Dwellings that every rule allows; `None` where nothing is assessed.
    #[must_use]
    pub fn dwellings(&self) -> Option<u64> {
        self.binding().map(Bound::whole)
    }

    /// The rule that binds.
    #[must_use]
    pub fn binding(&self) -> Option<&Bound> {
        self.bounds.first()
    }

    /// The rule that would bind without it.
    #[must_use]
    pub fn next(&self) -> Option<&Bound> {
        self.bounds.get(1)
    }

    /// As a planner would say it: "parking binds at 12; without it building envelope binds at 24".
    #[must_use]
    pub fn sentence(&self) -> String {
        let binds = |bound: &Bound| format!("{} binds at {}", bound.kind.name(), bound.whole());
        match (self.binding(), self.next()) {
            (None, _) => "no rule is stated".to_owned(),
            (Some(one), None) => format!("{}, the only rule stated", binds(one)),
            (Some(one), Some(next)) => format!("{}; without it {}", binds(one), binds(next)),
        }
    }
}

/// Dwellings that rules allow on a parcel, with every bound.
///
/// A rule that is not stated is no bound; nothing stated is nothing assessed, which is not the same as nothing allowed.
/// Where a condition depends on an unknown fact, the tighter possibility counts, and [`Capacity::at_most`] has the other.
///
/// # Errors
/// [`ErrorKind::Parameter`] if an area is not positive and finite or an assumption is out of range.
///
/// # Source
/// Metropolitan Area Planning Council, "Zoning Atlas" (density, lots, FAR, coverage · storeys); surface parking solved
/// from footprint + stalls = what is not open (this project).
///
/// # Example
/// ```
/// use commonground::zoning::{Assumptions, Parcel, Rule, Rules, SQUARE_METRES_PER_SQUARE_FOOT, capacity};
/// // 10,000 square feet, a fifth open, three storeys, a stall for each dwelling.
/// let rules = Rules::default()
///     .with(Rule::OpenSpace, 0.2)?
///     .with(Rule::MaxStoreys, 3.0)?
///     .with(Rule::StallsPerDwelling, 1.0)?;
/// let lot = Parcel { area: 10_000.0 * SQUARE_METRES_PER_SQUARE_FOOT, ..Parcel::default() };
/// let allowed = capacity(&lot, &rules, &Assumptions::default())?;
/// assert_eq!(allowed.dwellings(), Some(12));
/// assert_eq!(allowed.sentence(), "parking binds at 12; without it building envelope binds at 24");
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn capacity(parcel: &Parcel, rules: &Rules, assumptions: &Assumptions) -> Result<Capacity> {
    assumptions.check()?;
    for area in [Some(parcel.area), parcel.inside_setbacks].into_iter().flatten() {
        if !(area.is_finite() && area >= 0.0) || parcel.area <= 0.0 {
            let message = format!("an area of `{area}` m² is not land to build on");
            return Err(Error::new(ErrorKind::Parameter, message));
        }
    }
    let mut facts = parcel.facts.clone();
    facts.entry("area".to_owned()).or_insert(Fact::Number(parcel.area));
    let options: Vec<(Rule, Vec<Option<f64>>)> =
        rules.stated().map(|rule| (rule, rules.possible(rule, &facts))).collect();
    let undecided: Vec<Rule> =
        options.iter().filter(|(_, values)| values.len() > 1).map(|(rule, _)| *rule).collect();

    // Every combination of what may apply; one, unless facts are missing.
    let mut tightest: Option<Vec<Bound>> = None;
    let mut loosest: Option<Option<u64>> = None;
    let combinations: usize = options.iter().map(|(_, values)| values.len()).product();
    if combinations > MOST_COMBINATIONS {
        let message = format!("{combinations} combinations of conditions that are not known");
        return Err(Error::new(ErrorKind::Parameter, message).hint("add the facts that the conditions need"));
    }
    for number in 0..combinations {
        let chosen = |rule: Rule| -> Option<f64> {
            let at = options.iter().position(|(one, _)| *one == rule)?;
            let before: usize = options[..at].iter().map(|(_, values)| values.len()).product();
            options[at].1[number / before % options[at].1.len()]
        };
        let bounds = bounds_of(parcel, &chosen, rules, assumptions);
        let dwellings = bounds.first().map(Bound::whole);
        if loosest.is_none_or(|most| most.is_some_and(|most| dwellings.is_none_or(|one| one > most))) {
            loosest = Some(dwellings);
        }
        let is_tighter = match (&tightest, dwellings) {
            (None, _) => true,
            (Some(known), Some(one)) => known.first().is_none_or(|bound| one < bound.whole()),
            (Some(_), None) => false,
        };
        if is_tighter {
            tightest = Some(bounds);
        }
    }
    Ok(Capacity { bounds: tightest.unwrap_or_default(), at_most: loosest.flatten(), undecided })
}

/// More combinations of unknown conditions than this are refused.
const MOST_COMBINATIONS: usize = 4_096;

fn bounds_of(
    parcel: &Parcel,
    value: &dyn Fn(Rule) -> Option<f64>,
    rules: &Rules,
    assumptions: &Assumptions,
) -> Vec<Bound> {
    let area = parcel.area * if parcel.is_district { assumptions.net_share } else { 1.0 };
    let size = assumptions.dwelling_size.max(value(Rule::MinDwellingSize).unwrap_or(0.0));
    let floor_per_dwelling = size / assumptions.efficiency;
    let of_height = value(Rule::MaxHeight).map(|height| whole(height / assumptions.storey_height));
    let storeys = match (value(Rule::MaxStoreys), of_height) {
        (Some(stated), Some(of_height)) => Some(stated.min(of_height)),
        (stated, of_height) => stated.or(of_height),
    };
    let open = value(Rule::OpenSpace).unwrap_or(0.0);
    let lots = value(Rule::MinLot).map(|smallest| {
        let lots = area / smallest;
        if assumptions.whole_lots { whole(lots) } else { lots }
    });
    let one_parcel = !parcel.is_district;
    let uses = rules.uses.as_ref().filter(|uses| !uses.iter().any(|one| one == "homes")).map(|_| 0.0);
    let further = match (value(Rule::FirstDwelling), value(Rule::FurtherDwelling)) {
        (Some(first), _) if area < first * (1.0 - ROUNDING) => Some(0.0),
        (Some(first), Some(further)) => Some(1.0 + whole((area - first).max(0.0) / further)),
        _ => None,
    };
    let cap = value(Rule::MaxDwellings);
    let possible = [
        (BoundKind::Uses, uses),
        (BoundKind::Density, value(Rule::MaxDensity).map(|density| area * density)),
        (BoundKind::LandPerDwelling, value(Rule::LandPerDwelling).map(|land| area / land)),
        (BoundKind::Lots, lots.map(|lots| lots * value(Rule::DwellingsPerLot).unwrap_or(1.0))),
        (BoundKind::FirstAndFurther, further.filter(|_| one_parcel)),
        (
            BoundKind::FloorArea,
            value(Rule::MaxFar)
                .map(|far| area * far * value(Rule::ResidentialShare).unwrap_or(1.0) / floor_per_dwelling),
        ),
        (
            BoundKind::Envelope,
            storeys.map(|storeys| {
                let covered = area * value(Rule::MaxCoverage).unwrap_or(1.0).min(1.0 - open);
                let footprint = parcel.inside_setbacks.map_or(covered, |inside| covered.min(inside));
                footprint * storeys * value(Rule::ResidentialShare).unwrap_or(1.0) / floor_per_dwelling
            }),
        ),
        (
            BoundKind::Parking,
            value(Rule::StallsPerDwelling).filter(|stalls| *stalls > 0.0).map(|stalls| {
                // Without a limit of storeys a tower could stand on next to nothing.
                let footprint = storeys.map_or(0.0, |storeys| floor_per_dwelling / storeys);
                area * (1.0 - open) / (footprint + stalls * assumptions.stall_area)
            }),
        ),
        (BoundKind::Cap, cap.filter(|_| one_parcel).or_else(|| Some(cap? * lots?))),
    ];
    let mut bounds: Vec<Bound> = possible
        .into_iter()
        .filter_map(|(kind, dwellings)| Some(Bound { kind, dwellings: dwellings? }))
        .collect();
    bounds.sort_by(|a, b| a.dwellings.total_cmp(&b.dwellings));
    bounds
}

/// Rounding of a change of units, which must not cost a dwelling.
const ROUNDING: f64 = 1e-9;

fn whole(number: f64) -> f64 {
    (number * (1.0 + ROUNDING)).floor()
}

/// Capacity of a parcel that lies in several districts: that of each piece, with its share of the area.
///
/// - `pieces`: share of the parcel and the rules there; a parcel is as large as its pieces together.
///
/// Returns dwellings, and the capacity of each piece. `None` for the dwellings if a piece is not assessed.
///
/// # Errors
/// As for [`capacity`]; and if the shares are negative or sum to more than 1.
pub fn capacity_across(
    parcel: &Parcel,
    pieces: &[(f64, &Rules)],
    assumptions: &Assumptions,
) -> Result<(Option<u64>, Vec<Capacity>)> {
    let sum: f64 = pieces.iter().map(|(share, _)| share).sum();
    if pieces.iter().any(|(share, _)| share.is_nan() || *share <= 0.0) || sum > 1.0 + ROUNDING {
        return Err(Error::new(ErrorKind::Parameter, format!("the pieces of a parcel sum to `{sum}` of it")));
    }
    let of_piece = |(share, rules): &(f64, &Rules)| {
        let inside_setbacks = parcel.inside_setbacks.map(|inside| inside * share);
        capacity(&Parcel { area: parcel.area * share, inside_setbacks, ..parcel.clone() }, rules, assumptions)
    };
    let capacities: Vec<Capacity> = pieces.iter().map(of_piece).collect::<Result<_>>()?;
    let sum: Option<f64> = capacities.iter().map(|one| one.binding().map(|bound| bound.dwellings)).sum();
    Ok((sum.map(|sum| whole(sum) as u64), capacities))
}

#[cfg(test)]
mod tests {
    use super::super::RuleBook;
    use super::super::quantities::SQUARE_METRES_PER_ACRE;
    use super::*;

    fn lot(square_feet: f64) -> Parcel {
        Parcel { area: square_feet * SQUARE_METRES_PER_SQUARE_FOOT, ..Parcel::default() }
    }

    fn allowed(parcel: &Parcel, rules: &str, assumptions: &Assumptions) -> Capacity {
        let book = RuleBook::from_toml(&format!("[rules.X]\n{rules}"), "x").unwrap();
        capacity(parcel, book.rules("X").unwrap(), assumptions).unwrap()
    }

    fn of(parcel: &Parcel, rules: &str) -> Capacity {
        allowed(parcel, rules, &Assumptions::default())
    }

    #[test]
    fn the_lot_rule_of_the_atlas_gives_five_and_six() {
        let rules = "first_dwelling = { square_feet = 5000 }\nfurther_dwelling = { square_feet = 2500 }";
        assert_eq!(of(&lot(17_499.0), rules).dwellings(), Some(5));
        assert_eq!(of(&lot(17_500.0), rules).dwellings(), Some(6));
        assert_eq!(of(&lot(4_999.0), rules).dwellings(), Some(0));
        assert_eq!(of(&lot(5_000.0), rules).dwellings(), Some(1));
    }

    #[test]
    fn an_acre_by_lots_and_by_floor_area_is_that_of_the_atlas() {
        let acre = lot(43_560.0);
        let rules = "min_lot = { square_feet = 5000 }\ndwellings_per_lot = 2";
        let halves = Assumptions { whole_lots: false, ..Assumptions::default() };
        let bound = |capacity: Capacity| capacity.binding().unwrap().dwellings;
        assert!((bound(allowed(&acre, rules, &halves)) - 17.424).abs() < 1e-12);
        assert_eq!(of(&acre, rules).dwellings(), Some(16));
        assert!((bound(of(&acre, "max_far = 0.5")) - 21.78).abs() < 1e-12);
    }

    #[test]
    fn parking_binds_before_the_envelope() {
        let rules = "open_space = 0.2\nmax_storeys = 3\n";
        let with = of(&lot(10_000.0), &format!("{rules}stalls_per_dwelling = 1"));
        assert!((with.binding().unwrap().dwellings - 12.151_898_734_177_216).abs() < 1e-9);
        assert_eq!((with.dwellings(), with.at_most), (Some(12), Some(12)));
        assert_eq!(of(&lot(10_000.0), rules).dwellings(), Some(24));
        // Without a limit of storeys only the stalls take room.
        assert_eq!(of(&lot(10_000.0), "open_space = 0.2\nstalls_per_dwelling = 1").dwellings(), Some(24));
    }

    #[test]
    fn nothing_stated_is_nothing_assessed_and_no_homes_is_none() {
        assert_eq!(of(&lot(5_000.0), "").dwellings(), None);
        assert_eq!(of(&lot(5_000.0), "max_coverage = 0.5").dwellings(), None);
        let shops = of(&lot(5_000.0), "uses = ['shops']\nmax_far = 2");
        assert_eq!((shops.dwellings(), shops.binding().unwrap().kind), (Some(0), BoundKind::Uses));
        assert_eq!(
            of(&lot(5_000.0), "max_dwellings = 3").sentence(),
            "cap on dwellings binds at 3, the only rule stated"
        );
    }

    #[test]
    fn twelve_per_acre_on_an_acre_is_twelve_and_height_counts_whole_storeys() {
        for (density, expected) in [(12, 12), (7, 7), (43, 43)] {
            let rules = format!("max_density = {{ per_acre = {density} }}");
            assert_eq!(of(&lot(43_560.0), &rules).dwellings(), Some(expected));
        }
        let rules = "max_height = { feet = 30 }\nmax_coverage = { percent = 50 }";
        assert_eq!(of(&lot(10_000.0), rules).dwellings(), Some(15));
        assert_eq!(
            of(&lot(10_000.0), "max_height = { feet = 39 }\nmax_coverage = 0.5").dwellings(),
            Some(15)
        );
        let inside =
            Parcel { inside_setbacks: Some(4_000.0 * SQUARE_METRES_PER_SQUARE_FOOT), ..lot(10_000.0) };
        assert_eq!(of(&inside, rules).dwellings(), Some(12));
    }

    #[test]
    fn an_unknown_fact_gives_a_careful_number_and_a_possible_one() {
        let rules = "max_dwellings = [{ when = { corner = { is = true } }, value = 4 }, { value = 2 }]";
        let unknown = of(&lot(5_000.0), rules);
        assert_eq!((unknown.dwellings(), unknown.at_most), (Some(2), Some(4)));
        assert_eq!(unknown.undecided, [Rule::MaxDwellings]);
        let corner = Parcel { facts: [("corner".to_owned(), Fact::Flag(true))].into(), ..lot(5_000.0) };
        let known = of(&corner, rules);
        assert_eq!((known.dwellings(), known.at_most, known.undecided.len()), (Some(4), Some(4), 0));
        let perhaps =
            of(&lot(5_000.0), "max_dwellings = [{ when = { corner = { is = false } }, value = 2 }]");
        assert_eq!((perhaps.dwellings(), perhaps.at_most), (Some(2), None));
    }

    #[test]
    fn a_district_is_bounded_by_its_lots() {
        let district = Parcel { is_district: true, ..lot(10.0 * 43_560.0) };
        let rules = "min_lot = { square_feet = 5000 }\ndwellings_per_lot = 3\nmax_dwellings = 3";
        assert_eq!(of(&district, rules).dwellings(), Some(261));
        assert_eq!(of(&district, "max_dwellings = 3").dwellings(), None);
        let net = Assumptions { net_share: 0.5, ..Assumptions::default() };
        assert_eq!(allowed(&district, rules, &net).dwellings(), Some(129));
    }

    #[test]
    fn a_parcel_in_two_districts_has_a_share_of_both() {
        let rules =
            |density: f64| Rules::default().with(Rule::MaxDensity, density / SQUARE_METRES_PER_ACRE).unwrap();
        let (low, high) = (rules(5.0), rules(20.0));
        let pieces = [(0.3, &low), (0.7, &high)];
        let (sum, parts) = capacity_across(&lot(43_560.0), &pieces, &Assumptions::default()).unwrap();
        assert_eq!((sum, parts[0].dwellings(), parts[1].dwellings()), (Some(15), Some(1), Some(14)));
        let none = Rules::default();
        assert_eq!(capacity_across(&lot(1.0), &[(1.0, &none)], &Assumptions::default()).unwrap().0, None);
        assert!(capacity_across(&lot(1.0), &[(1.2, &low)], &Assumptions::default()).is_err());
    }

    #[test]
    fn a_looser_rule_never_allows_less() {
        for rule in [Rule::MaxFar, Rule::MaxHeight, Rule::MaxDensity, Rule::MaxCoverage] {
            let mut before = 0;
            for step in 0..40 {
                let base = Rules::default()
                    .with(Rule::MaxFar, 1.2)
                    .and_then(|rules| rules.with(Rule::MaxHeight, 12.0))
                    .and_then(|rules| rules.with(Rule::MaxDensity, 0.02))
                    .and_then(|rules| rules.with(Rule::MaxCoverage, 0.4))
                    .and_then(|rules| rules.with(Rule::StallsPerDwelling, 0.7))
                    .unwrap();
                let most = match rule {
                    Rule::MaxDensity => 0.05,
                    Rule::MaxHeight => 40.0,
                    Rule::MaxFar => 4.0,
                    _ => 1.0,
                };
                let rules = base.with(rule, most * f64::from(step) / 39.0).unwrap();
                let now =
                    capacity(&lot(20_000.0), &rules, &Assumptions::default()).unwrap().dwellings().unwrap();
                assert!(now >= before, "{rule:?} at step {step}: {now} after {before}");
                before = now;
            }
            assert!(before > 0);
        }
    }

    #[test]
    fn land_and_assumptions_out_of_range_are_refused() {
        let rules = Rules::default().with(Rule::MaxFar, 1.0).unwrap();
        for area in [0.0, -5.0, f64::NAN, f64::INFINITY] {
            let parcel = Parcel { area, ..Parcel::default() };
            assert!(capacity(&parcel, &rules, &Assumptions::default()).is_err());
        }
        let none = Assumptions { efficiency: 0.0, ..Assumptions::default() };
        assert!(capacity(&lot(1.0), &rules, &none).is_err());
    }
}
