//! Whom residents live among within a walk: real walking time from home to home, at several scales.

use super::groups::{
    A_CONCENTRATION, ALL_DISSIMILARITY, CITY_DISSIMILARITY, CITY_ISOLATION, ENTROPY, EXPOSURE, OF_ALL,
    RELATIVE_DIVERSITY,
};
use crate::measure::groups::{all_of, apart};
use crate::measure::prelude::*;
use crate::model::Homes;
use crate::network::{Attachment, Destinations, Row, StreetNetwork, each_origin, sum_up};
use crate::scores::segregation::{
    Environments, GroupCounts, Null, Randomised, SpatialIndex, local_measures, randomise,
};
use crate::units::MILLISECONDS_PER_MINUTE;

/// Groups within a walk.
pub(crate) static SURROUNDINGS: Measure = Measure {
    name: "surroundings",
    title: "residential isolation within a walk",
    needs: &[Need::Measure("groups")],
    method: "Whom residents live among within 5 to 30 minutes' walk from home to home: the same indices as of neighbourhoods, \
             with what chance alone would give within 15 minutes.",
    source: "Reardon & O'Sullivan (2004); Reardon et al. (2008)",
    columns: &[
        &DIVERSITY,
        &ISOLATION,
        &CITY_ISOLATION,
        &CITY_DISSIMILARITY,
        &ENTROPY,
        &ALL_DISSIMILARITY,
        &RELATIVE_DIVERSITY,
        &EXPOSURE,
        &MACRO_TO_MICRO,
    ],
    run,
};

static DIVERSITY: ColumnSpec =
    ColumnSpec::new("group_diversity_{minutes}_min", Theme::Isolation, Unit::Plain, Scale::Neutral)
        .label("Mix of groups within {minutes} min walk")
        .means("The mix within {minutes} minutes' walk, on average over {residents}: 0 one group alone, 1 all equally many.")
        .does_not_mean(A_CONCENTRATION);
/// Within the standard's walk.
pub(super) static ISOLATION: ColumnSpec = ColumnSpec::new(
    "residential_isolation_{minutes}_min",
    Theme::Isolation,
    Unit::Plain,
    Scale::Diverging { middle: 0.0 },
)
.label("Residential isolation, {minutes} min walk")
.means(
    "How much more of their own group residents have within {minutes} minutes' walk than the city's mix: 0 is that mix, 1 \
     everybody among their own, below 0 more mixed.",
)
.does_not_mean(A_CONCENTRATION);
static MACRO_TO_MICRO: ColumnSpec = ColumnSpec::new(
    "segregation_entropy_30_to_5_min",
    Theme::Isolation,
    Unit::Plain,
    Scale::Neutral,
)
.label("{Of}: entropy index, 30 over 5 min")
.means(
    "How much of the segregation within 5 minutes' walk is left within 30: near 1, whole districts differ.",
)
.does_not_mean(A_CONCENTRATION);

/// Within the standard's walk.
pub(super) const fn near() -> Subject {
    Subject::NONE.within(STANDARD_MINUTES)
}

fn run(context: &Context<'_>) -> Result<Outcome> {
    let walk = context.walk();
    let found = Surroundings::of(walk.streets(), &context.study.homes, walk.homes(), context.progress)?;
    let mut outcome = Outcome::default();
    if let Some(found) = found {
        found.add_columns(context.count(), |values| context.groups.mix_shown(values), &mut outcome)?;
        found.city(context.progress, &mut outcome)?;
    }
    Ok(outcome)
}
/// Minutes' walk of the profile over scales.
const SCALES: [f64; 5] = [5.0, 10.0, STANDARD_MINUTES, 20.0, 30.0];
/// Which of them is the standard.
const STANDARD: usize = 2;
/// Draws behind the baseline within the standard: homes average out more than neighbourhoods do.
const DRAWS: usize = 19;
/// The same study gives the same baseline.
const SEED: u64 = 1;
/// Pairs of homes (28 bytes each while they are listed) beyond which the baseline is left out.
const MOST_PAIRS: f64 = 5e6;

/// People by group, and everybody.
struct People {
    groups: Vec<Vec<f64>>,
    total: Vec<f64>,
}

/// The people at each home and around it. Homes that count are inhabited, in a neighbourhood and on a street.
struct Surroundings {
    names: Vec<String>,
    /// Neighbourhood of each home.
    neighbourhoods: Vec<usize>,
    at_home: People,
    /// Groups that do not overlap, by number.
    apart: Vec<usize>,
    /// Those, and the others.
    everybody: Option<GroupCounts>,
    /// Within each of [`SCALES`], from everywhere in the study.
    around: Vec<People>,
    /// What is within the standard of each home, with weight 1, of homes that count; `None` where they are too many.
    within_standard: Option<Environments>,
}

impl Surroundings {
    /// `None` if the study names no groups, or nobody lives on a street.
    fn of(
        network: &StreetNetwork,
        homes: &Homes,
        attached: &[Option<Attachment>],
        progress: &dyn Progress,
    ) -> Result<Option<Self>> {
        let counted: Vec<(usize, usize)> = (0..homes.len())
            .filter(|&home| homes.weights[home] > 0.0 && attached[home].is_some())
            .filter_map(|home| Some((home, homes.neighbourhoods[home]? as usize)))
            .collect();
        if homes.groups.is_empty() || counted.is_empty() {
            return Ok(None);
        }
        let origins: Vec<Option<Attachment>> = counted.iter().map(|(home, _)| attached[*home]).collect();
        let columns: Vec<&Vec<f64>> =
            homes.groups.iter().map(|group| &group.counts).chain([&homes.weights]).collect();
        let people = |of: &dyn Fn(usize) -> Vec<f64>| {
            let mut groups: Vec<Vec<f64>> = (0..columns.len()).map(of).collect();
            let total = groups.pop().unwrap_or_default();
            People { groups, total }
        };
        let at_home = people(&|column| counted.iter().map(|(home, _)| columns[column][*home]).collect());

        let apart = apart(homes);
        let named: Vec<(&String, &Vec<f64>)> =
            apart.iter().map(|&group| (&homes.groups[group].name, &at_home.groups[group])).collect();
        let everybody = GroupCounts::among(&named, &at_home.total).ok();

        // People of each column, and the homes themselves, in rings between the scales.
        let width = columns.len() + 1;
        let limits = SCALES.map(|minutes| (minutes * MILLISECONDS_PER_MINUTE) as u32);
        let everywhere = Destinations::at(network, attached);
        let farthest = Minutes::new(SCALES[SCALES.len() - 1])?;
        let add = |sums: &mut [f64], home: usize, time: u32| {
            let ring = limits.partition_point(|limit| *limit < time);
            let sums = &mut sums[ring * width..][..width];
            sums.iter_mut().zip(&columns).for_each(|(sum, column)| *sum += column[home]);
            sums[width - 1] += 1.0;
        };
        let rings = sum_up(network, &origins, &everywhere, farthest, width * SCALES.len(), progress, add)?;
        let within = |scale: usize, column: usize| -> Vec<f64> {
            let rings = rings.chunks(width * SCALES.len());
            rings.map(|rings| (0..=scale).map(|ring| rings[ring * width + column]).sum()).collect()
        };
        let around = (0..SCALES.len()).map(|scale| people(&|column| within(scale, column))).collect();

        let pair_count: f64 = within(STANDARD, columns.len()).iter().sum();
        let list = || {
            let here = Destinations::at(network, &origins);
            let row = |row: Row<'_>| row.milliseconds().map(|(home, _)| (home as u32, 1.0)).collect();
            let standard = Minutes::new(STANDARD_MINUTES)?;
            let rows: Vec<Option<Vec<(u32, f64)>>> =
                each_origin(network, &origins, &here, standard, progress, row)?;
            Environments::listed(&rows.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>())
        };
        let within_standard = (everybody.is_some() && pair_count <= MOST_PAIRS).then(list).transpose()?;
        let neighbourhoods = counted.into_iter().map(|(_, neighbourhood)| neighbourhood).collect();
        let names = homes.groups.iter().map(|group| group.name.clone()).collect();
        Ok(Some(Self { names, neighbourhoods, at_home, apart, everybody, around, within_standard }))
    }

    /// All groups around the homes, as they are `at_home`.
    fn everybody_around(&self, scale: usize, at_home: &GroupCounts) -> Result<GroupCounts> {
        let People { groups, total } = &self.around[scale];
        let mut columns: Vec<Vec<f64>> = self.apart.iter().map(|&group| groups[group].clone()).collect();
        if at_home.groups() > columns.len() {
            let groups = columns.clone();
            let named = |home: usize| groups.iter().map(|group| group[home]).sum::<f64>();
            columns.push(total.iter().enumerate().map(|(home, all)| (all - named(home)).max(0.0)).collect());
        }
        GroupCounts::new(&at_home.names().iter().zip(columns).collect::<Vec<_>>())
    }

    /// How mixed the surroundings of residents are, and their residential isolation within the standard; of the groups that do
    /// not overlap. `shown` withholds what would tell a small count.
    fn add_columns(
        &self,
        neighbourhoods: usize,
        shown: impl Fn(Vec<Option<f64>>) -> Vec<Option<f64>>,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let Some(at_home) = &self.everybody else { return Ok(()) };
        let around = self.everybody_around(STANDARD, at_home)?;
        let local = local_measures(at_home, &around)?;
        let places: Vec<Option<u32>> = self.neighbourhoods.iter().map(|place| Some(*place as u32)).collect();
        let homes = ByArea::new(&places, neighbourhoods, &self.at_home.total[..], |_| true);
        for (column, values) in [(&DIVERSITY, local.entropy), (&ISOLATION, local.residential_isolation)] {
            outcome.neighbourhood(column, near(), shown(homes.mean(|home| values[home])));
        }
        Ok(())
    }

    /// Indices of the city within the standard: of each group against all others, then of all groups.
    fn city(&self, progress: &dyn Progress, outcome: &mut Outcome) -> Result<()> {
        for (group, name) in self.names.iter().enumerate() {
            let two = |people: &People| GroupCounts::of_group(&people.groups[group], &people.total);
            let (at_home, around) = match (two(&self.at_home), two(&self.around[STANDARD])) {
                (Ok(at_home), Ok(around)) => (at_home, around),
                (Err(error), _) | (_, Err(error)) => {
                    outcome.refuse(format!("{name} {}", within(STANDARD)), error.message());
                    continue;
                }
            };
            for (column, index) in [
                (&CITY_ISOLATION, SpatialIndex::Isolation),
                (&CITY_DISSIMILARITY, SpatialIndex::Dissimilarity),
            ] {
                let subject = Subject::group(name).within(STANDARD_MINUTES);
                outcome.record(column, subject, index.of(&at_home, &around)?);
            }
        }
        self.of_all_groups(progress, outcome)
    }

    /// Indices of the groups that do not overlap: within the standard, each with its baseline, then the profile of entropy
    /// over scales.
    fn of_all_groups(&self, progress: &dyn Progress, outcome: &mut Outcome) -> Result<()> {
        let Some(at_home) = &self.everybody else { return Ok(()) };
        let all = Subject::of(Of::Groups(all_of(at_home, self.names.len())));
        let around: Vec<GroupCounts> =
            (0..SCALES.len()).map(|scale| self.everybody_around(scale, at_home)).collect::<Result<_>>()?;
        for (column, index) in OF_ALL {
            let Some(value) = index.of(at_home, &around[STANDARD])? else { continue };
            let by_chance = self.by_chance(at_home, index, progress)?.map(|by_chance| by_chance.baseline);
            outcome.record_with_chance(column, all.clone().within(STANDARD_MINUTES), Some(value), by_chance);
        }
        if self.within_standard.is_none() {
            let reason = format!("there are more than {MOST_PAIRS:.0} pairs of homes; it is near 0");
            outcome.refuse(format!("segregation by chance {}", within(STANDARD)), reason);
        }
        let (column, index) = OF_ALL[0];
        let profile: Vec<Option<f64>> =
            around.iter().map(|around| index.of(at_home, around)).collect::<Result<_>>()?;
        for (scale, value) in profile.iter().enumerate().filter(|(scale, _)| *scale != STANDARD) {
            outcome.record(column, all.clone().within(SCALES[scale]), *value);
        }
        let above_zero = |scale: usize| profile[scale].filter(|value| *value > 0.0);
        let (micro, macro_) = (above_zero(0), above_zero(SCALES.len() - 1));
        outcome.record(&MACRO_TO_MICRO, all, macro_.zip(micro).map(|(macro_, micro)| macro_ / micro));
        Ok(())
    }

    fn by_chance(
        &self,
        at_home: &GroupCounts,
        index: SpatialIndex,
        progress: &dyn Progress,
    ) -> Result<Option<Randomised>> {
        let Some(around) = &self.within_standard else { return Ok(None) };
        randomise(at_home, Null::RandomLabelling, DRAWS, SEED, progress, |drawn| {
            index.of(drawn, &around.people_around(drawn).ok()?).ok()?
        })
    }
}

fn within(scale: usize) -> String {
    format!("within {} min walk", SCALES[scale])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Group, Street};
    use crate::network::{BuildOptions, TravelProfile};
    use crate::{KmPerHour, Metres, Quiet};
    use geo::{Coord, Point};

    /// Homes along one street, at 80 m a minute; the last one is on no street.
    ///
    /// ```text
    /// minutes  0    5         15   20       far
    ///          a════b═════════c════d         e
    /// old     10    0         5    0         7
    /// young    0   10         5   10         3
    /// ```
    fn street() -> (StreetNetwork, Homes, Vec<Option<Attachment>>) {
        let at = [0.0, 400.0, 1200.0, 1600.0].map(|x| Coord { x, y: 0.0 });
        let streets: Vec<Street> = (0..3)
            .map(|number| Street {
                id: number,
                line: vec![at[number as usize], at[number as usize + 1]].into(),
                vertices: vec![number, number + 1],
                tags: [("highway", "footway")].into_iter().collect(),
                ..Street::default()
            })
            .collect();
        let profile = TravelProfile::walking(KmPerHour::new(4.8).unwrap()).unwrap();
        let (network, _) = StreetNetwork::build(&streets, profile, BuildOptions::default(), &Quiet).unwrap();
        let locations: Vec<Point<f64>> =
            at.into_iter().chain([Coord { x: 90_000.0, y: 0.0 }]).map(Point::from).collect();
        let far = Metres::new(50.0).unwrap();
        let attached = locations.iter().map(|home| network.attach(*home, far, &[true]).ok()).collect();
        let group = |name: &str, counts: [f64; 5]| Group { name: name.into(), counts: counts.into() };
        let homes = Homes {
            ids: ["a", "b", "c", "d", "e"].map(String::from).into(),
            locations,
            weights: vec![10.0; 5],
            groups: vec![
                group("old", [10.0, 0.0, 5.0, 0.0, 7.0]),
                group("young", [0.0, 10.0, 5.0, 10.0, 3.0]),
            ],
            neighbourhoods: vec![Some(0), Some(0), Some(1), None, Some(1)],
            ..Homes::default()
        };
        (network, homes, attached)
    }

    fn surroundings(homes: &Homes) -> Surroundings {
        let (network, _, attached) = street();
        Surroundings::of(&network, homes, &attached, &Quiet).unwrap().unwrap()
    }

    #[test]
    fn surroundings_are_everybody_within_a_walk() {
        let found = surroundings(&street().1);
        assert_eq!(found.neighbourhoods, [0, 0, 1]);
        // d is in no neighbourhood, but around b and c; e is on no street and around nobody.
        assert_eq!(found.around[0].total, [20.0, 20.0, 20.0]);
        assert_eq!(found.around[STANDARD].groups[0], [15.0, 15.0, 15.0]);
        assert_eq!(found.around[STANDARD].total, [30.0, 40.0, 40.0]);
        // The baseline draws among the homes that count.
        let at_home = found.everybody.as_ref().unwrap();
        let listed = found.within_standard.as_ref().unwrap().people_around(at_home).unwrap();
        assert_eq!(listed.counts(), [15.0, 15.0, 15.0, 15.0, 15.0, 15.0]);
    }

    /// A number of the city by the name of its key.
    fn city(outcome: &Outcome, name: &str) -> Option<f64> {
        let of = |(column, subject, value, _): &(&'static ColumnSpec, Subject, f64, Option<f64>)| {
            let key = column.key(SURROUNDINGS.name, subject.clone());
            (key.to_string() == name).then_some(*value)
        };
        outcome.city.iter().find_map(of)
    }

    #[test]
    fn the_map_averages_to_the_city() {
        let found = surroundings(&street().1);
        let mut outcome = Outcome::default();
        found.add_columns(2, |values| values, &mut outcome).unwrap();
        found.city(&Quiet, &mut outcome).unwrap();
        let columns = std::mem::take(&mut outcome.neighbourhoods).of_measure(SURROUNDINGS.name);
        let column = columns.find(&ISOLATION, &near()).unwrap().numbers().unwrap();
        // 20 residents in the first neighbourhood, 10 in the second.
        let mean = (20.0 * column[0].unwrap() + 10.0 * column[1].unwrap()) / 30.0;
        let city = |name: &str| city(&outcome, name).unwrap();
        assert!((mean - city("segregation_exposure_15_min")).abs() < 1e-14);
        let ratio = city("segregation_entropy_30_min") / city("segregation_entropy_5_min");
        assert!((city("segregation_entropy_30_to_5_min") - ratio).abs() < 1e-15);
        // Around a ½ old, around b and c ⅜; (10·½ + 5·⅜)/15.
        assert!((city("isolation_old_15_min") - (10.0 * 0.5 + 5.0 * 0.375) / 15.0).abs() < 1e-15);
    }

    #[test]
    fn groups_that_overlap_are_measured_alone_and_no_groups_not_at_all() {
        let (network, mut homes, attached) = street();
        homes.groups[1].counts[0] = 9.0;
        let found = surroundings(&homes);
        assert_eq!(found.everybody.as_ref().unwrap().names(), ["old", "others"]);
        let mut outcome = Outcome::default();
        found.city(&Quiet, &mut outcome).unwrap();
        assert!(city(&outcome, "dissimilarity_young_15_min").is_some());
        let all = Subject::of(Of::Groups("all groups".into())).within(STANDARD_MINUTES);
        assert!(outcome.city.iter().all(|(_, subject, ..)| *subject != all));
        homes.groups.clear();
        assert!(Surroundings::of(&network, &homes, &attached, &Quiet).unwrap().is_none());
    }
}
