//! Whom residents live among within a walk: real walking time from home to home, at several scales.

use super::STANDARD_MINUTES;
use super::groups::{all_of, apart};
use super::table::Columns;
use crate::access::weighted_mean;
use crate::model::Homes;
use crate::network::{Attachment, Destinations, Row, StreetNetwork, each_origin, sum_up};
use crate::scores::segregation::{
    Environments, GroupCounts, Null, Randomised, SpatialIndex, local_measures, randomise,
};
use crate::{Minutes, Progress, Result};

const MILLISECONDS_A_MINUTE: f64 = 60_000.0;
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
pub(super) struct Surroundings {
    names: Vec<String>,
    /// Neighbourhood of each home.
    neighbourhoods: Vec<usize>,
    at_home: People,
    /// Groups that count nobody twice, by number.
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
    pub(super) fn of(
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
        let limits = SCALES.map(|minutes| (minutes * MILLISECONDS_A_MINUTE) as u32);
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

    /// Columns: how mixed the surroundings of residents are, and their residential isolation within the standard; of the groups
    /// that count nobody twice. A neighbourhood that `is_hidden` has none.
    pub(super) fn add_columns(
        &self,
        neighbourhoods: usize,
        is_hidden: impl Fn(usize) -> bool,
        columns: &mut Columns,
    ) -> Result<()> {
        let Some(at_home) = &self.everybody else { return Ok(()) };
        let around = self.everybody_around(STANDARD, at_home)?;
        let local = local_measures(at_home, &around)?;
        for (name, values) in [
            ("group_diversity_15_min", local.entropy),
            ("residential_isolation_15_min", local.residential_isolation),
        ] {
            let mut homes = vec![Vec::new(); neighbourhoods];
            for (home, value) in values.into_iter().enumerate() {
                let Some(value) = value else { continue };
                homes[self.neighbourhoods[home]].push((value, self.at_home.total[home]));
            }
            let mean = |(place, homes): (usize, Vec<(f64, f64)>)| {
                weighted_mean(homes.into_iter()).filter(|_| !is_hidden(place))
            };
            columns.numbers(name, homes.into_iter().enumerate().map(mean).collect());
        }
        Ok(())
    }

    /// Indices of the city within the standard: of each group against all others, then of all groups.
    pub(super) fn city(
        &self,
        progress: &dyn Progress,
        not_assessed: &mut Vec<(String, String)>,
    ) -> Result<Vec<(String, f64)>> {
        let mut city = Vec::new();
        for (group, name) in self.names.iter().enumerate() {
            let two = |people: &People| GroupCounts::of_group(&people.groups[group], &people.total);
            let (at_home, around) = match (two(&self.at_home), two(&self.around[STANDARD])) {
                (Ok(at_home), Ok(around)) => (at_home, around),
                (Err(error), _) | (_, Err(error)) => {
                    not_assessed.push((format!("{name} {}", within(STANDARD)), error.message().to_owned()));
                    continue;
                }
            };
            for (index, what) in [
                (SpatialIndex::Isolation, "isolation (xPx)"),
                (SpatialIndex::Dissimilarity, "dissimilarity (D)"),
            ] {
                let value = index.of(&at_home, &around)?;
                city.extend(value.map(|value| (format!("{name}: {what} {}", within(STANDARD)), value)));
            }
        }
        city.extend(self.of_all_groups(progress, not_assessed)?);
        Ok(city)
    }

    /// Indices of the groups that count nobody twice: within the standard, each with its baseline, then the profile of entropy
    /// over scales.
    fn of_all_groups(
        &self,
        progress: &dyn Progress,
        not_assessed: &mut Vec<(String, String)>,
    ) -> Result<Vec<(String, f64)>> {
        let mut found = Vec::new();
        let Some(at_home) = &self.everybody else { return Ok(found) };
        let all = all_of(at_home, self.names.len());
        let around: Vec<GroupCounts> =
            (0..SCALES.len()).map(|scale| self.everybody_around(scale, at_home)).collect::<Result<_>>()?;
        for (index, name) in INDICES {
            let Some(value) = index.of(at_home, &around[STANDARD])? else { continue };
            let name = format!("{all}: {name} {}", within(STANDARD));
            let by_chance = self.by_chance(at_home, index, progress)?;
            found.push((name.clone(), value));
            found.extend(by_chance.map(|by_chance| (format!("{name}, by chance"), by_chance.baseline)));
        }
        if self.within_standard.is_none() {
            let reason = format!("there are more than {MOST_PAIRS:.0} pairs of homes; it is near 0");
            not_assessed.push((format!("segregation by chance {}", within(STANDARD)), reason));
        }
        let (index, name) = INDICES[0];
        let profile: Vec<Option<f64>> =
            around.iter().map(|around| index.of(at_home, around)).collect::<Result<_>>()?;
        for (scale, value) in profile.iter().enumerate().filter(|(scale, _)| *scale != STANDARD) {
            found.extend(value.map(|value| (format!("{all}: {name} {}", within(scale)), value)));
        }
        let above_zero = |scale: usize| profile[scale].filter(|value| *value > 0.0);
        let (smallest, largest) = (0, SCALES.len() - 1);
        if let (Some(micro), Some(macro_)) = (above_zero(smallest), above_zero(largest)) {
            let scales = format!("{} over {}", SCALES[largest], SCALES[smallest]);
            found.push((format!("{all}: {name}, {scales} min walk"), macro_ / micro));
        }
        Ok(found)
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

/// The indices that are told of neighbourhoods and of surroundings alike.
pub(super) const INDICES: [(SpatialIndex, &str); 4] = [
    (SpatialIndex::Entropy, "entropy index (H)"),
    (SpatialIndex::Dissimilarity, "dissimilarity (D)"),
    (SpatialIndex::RelativeDiversity, "relative diversity (R)"),
    (SpatialIndex::NormalisedExposure, "residential isolation (normalised exposure)"),
];

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

    #[test]
    fn the_map_averages_to_the_city() {
        let found = surroundings(&street().1);
        let mut columns = Columns::default();
        found.add_columns(2, |_| false, &mut columns).unwrap();
        let city = found.city(&Quiet, &mut Vec::new()).unwrap();
        let city = |name: &str| city.iter().find(|(index, _)| index == name).unwrap().1;
        let mean = |name: &str| {
            let column = columns.read(name).unwrap();
            // 20 residents in the first neighbourhood, 10 in the second.
            (20.0 * column[0].unwrap() + 10.0 * column[1].unwrap()) / 30.0
        };
        let isolation = "all groups: residential isolation (normalised exposure) within 15 min walk";
        assert!((mean("residential_isolation_15_min") - city(isolation)).abs() < 1e-14);
        let ratio = city("all groups: entropy index (H) within 30 min walk")
            / city("all groups: entropy index (H) within 5 min walk");
        assert!((city("all groups: entropy index (H), 30 over 5 min walk") - ratio).abs() < 1e-15);
        // Around a ½ old, around b and c ⅜; (10·½ + 5·⅜)/15.
        assert!(
            (city("old: isolation (xPx) within 15 min walk") - (10.0 * 0.5 + 5.0 * 0.375) / 15.0).abs()
                < 1e-15
        );
    }

    #[test]
    fn groups_that_overlap_are_measured_alone_and_no_groups_not_at_all() {
        let (network, mut homes, attached) = street();
        homes.groups[1].counts[0] = 9.0;
        let found = surroundings(&homes);
        assert_eq!(found.everybody.as_ref().unwrap().names(), ["old", "others"]);
        let names: Vec<String> =
            found.city(&Quiet, &mut Vec::new()).unwrap().into_iter().map(|(name, _)| name).collect();
        assert!(names.contains(&"young: dissimilarity (D) within 15 min walk".to_owned()));
        assert!(names.iter().all(|name| !name.starts_with("all groups")), "{names:?}");
        homes.groups.clear();
        assert!(Surroundings::of(&network, &homes, &attached, &Quiet).unwrap().is_none());
    }
}
