//! What is near for one person and far, or out of reach, for another: the study's traveller beside others.
//!
//! ```text
//!   home ──steps── school      the adult: 4 minutes
//!     └────ramp─────┘          the wheelchair: 19 minutes; with no ramp, no way at all
//! ```

use super::table::Columns;
use super::{ESSENTIALS, ISLAND_HOMES, STANDARD_MINUTES, WORK};
use crate::access::{Opportunities, Seats, weighted_mean, weighted_quantile};
use crate::model::{Findings, Homes, Traveller};
use crate::network::{Attachment, BuildOptions, StreetNetwork, TravelProfile};
use crate::units::MILLISECONDS_PER_MINUTE;
use crate::{Error, ErrorKind, Metres, Minutes, Progress, Result, StudyArea};

/// A way of more than a day is none.
const A_DAY_MINUTES: f64 = 24.0 * 60.0;
/// Metres on the flat that an older adult walks without a seat. Half of disabled people who can walk manage no more without
/// stopping or severe discomfort (UK Department for Transport, "Inclusive Mobility", section 2.4).
const WITHOUT_SEAT_M: f64 = 200.0;
/// Metres from the street within which a seat stands on the way.
const SEAT_BESIDE_STREET_M: f64 = 20.0;

/// What the homes of a study reach for each of its people: first the study's own, then those to compare.
pub(super) struct PersonGaps {
    essentials: Vec<&'static str>,
    own: Reached,
    others: Vec<Reached>,
}

/// Minutes from every home; `None` where there is no way.
type Times = Vec<Option<Minutes>>;

/// What every home reaches for one person.
struct Reached {
    traveller: Traveller,
    profile: String,
    /// Whether the home is on a street that this person can use.
    is_placed: Vec<bool>,
    /// For each essential but work, the way to the closest.
    minutes: Vec<Option<Times>>,
    /// For each essential, whether it is near.
    is_near: Vec<Vec<bool>>,
    /// The same with a seat on every leg of the way; `None` for work, for people who need no seat, and without seats.
    is_near_with_seats: Vec<Option<Vec<bool>>>,
}

impl PersonGaps {
    /// Walks from every home as each person; `None` where the study compares nobody, or has no essentials.
    ///
    /// # Errors
    /// Those of [`StreetNetwork::build`], and [`ErrorKind::Cancelled`].
    pub(super) fn of(
        study: &StudyArea,
        own: (&StreetNetwork, &[Option<Attachment>], &Opportunities),
        essentials: &[&'static str],
        findings: &mut Findings,
        not_assessed: &mut Vec<(String, String)>,
        progress: &dyn Progress,
    ) -> Result<Option<Self>> {
        let compare = &study.settings.travel.compare;
        if compare.is_empty() || essentials.is_empty() {
            return Ok(None);
        }
        let (network, homes, opportunities) = own;
        let own = reached(study, network, homes, opportunities, essentials, progress)?;
        let as_another = |traveller: &Traveller| {
            let profile = TravelProfile::of(*traveller);
            let (network, _) =
                StreetNetwork::build(&study.streets, profile, BuildOptions::default(), progress)?;
            let far = study.settings.max_snap_distance;
            let inhabited = network.inhabited_components(&study.homes.locations, ISLAND_HOMES, far);
            let homes: Vec<_> = study
                .homes
                .locations
                .iter()
                .map(|home| network.attach(*home, far, &inhabited).ok())
                .collect();
            let (services, parks) = (&study.services, &study.green_spaces);
            let opportunities =
                Opportunities::attach(&network, services, parks, study.workplaces.as_ref(), far, &inhabited);
            reached(study, &network, &homes, &opportunities, essentials, progress)
        };
        let others = compare.iter().map(as_another).collect::<Result<Vec<_>>>()?;
        if compare.contains(&Traveller::OlderAdult) && study.seats.is_empty() {
            let reason =
                "the study has no benches (services of category `bench`, or OpenStreetMap)".to_owned();
            not_assessed.push(("seats on the way of older adults".into(), reason));
        }
        for other in &others {
            let message = format!("compared with {}: {}", own.profile, other.profile);
            findings.note(Error::new(ErrorKind::Study, message).in_layer("travel"));
        }
        Ok(Some(Self { essentials: essentials.to_vec(), own, others }))
    }

    /// Columns, for each person that is compared (`_older_adult`, `_pram`, `_wheelchair`):
    ///
    /// - `school_extra_minutes_*`: how much longer the middle resident is on the way to the closest one than the study's
    ///   own traveller; empty where half of the residents have no way.
    /// - `school_share_losing_*`: share of residents who have it within 15 minutes, but not as this person.
    /// - `school_share_with_seats_older_adult`: share of residents who have it within 15 minutes as this person, with a seat at
    ///   least every 200 m of the way; rests are not counted. Where the study knows benches.
    /// - `share_losing_any_*`: share who lose at least one of the essentials so.
    /// - `share_without_way_*`: share who have no way at all to at least one that the study's own traveller can reach, or
    ///   are on no street that this person can use.
    ///
    /// Counted are residents of homes that are on a street of the study's own traveller.
    pub(super) fn add_columns(&self, columns: &mut Columns, homes: &Homes, neighbourhoods: usize) {
        let mut of_place = vec![Vec::new(); neighbourhoods];
        for (home, place) in homes.neighbourhoods.iter().enumerate() {
            if let Some(place) = place.filter(|_| self.own.is_placed[home]) {
                of_place[place as usize].push(home);
            }
        }
        let mut add = |name: String, value: &dyn Fn(&[usize]) -> Option<f64>| {
            columns.numbers(name, of_place.iter().map(|homes| value(homes)).collect());
        };
        let share = |here: &[usize], counts: &dyn Fn(usize) -> bool| {
            weighted_mean(here.iter().map(|&home| (f64::from(u8::from(counts(home))), homes.weights[home])))
        };
        for other in &self.others {
            let name = other.traveller.name();
            for (index, essential) in self.essentials.iter().enumerate() {
                if let (Some(own), Some(theirs)) = (&self.own.minutes[index], &other.minutes[index]) {
                    let extra = |here: &[usize]| {
                        let extra = |&home: &usize| {
                            Some((
                                theirs[home].zip(own[home]).map(|(t, o)| t.get() - o.get()),
                                homes.weights[home],
                            ))
                            .filter(|_| own[home].is_some())
                        };
                        weighted_quantile(&here.iter().filter_map(extra).collect::<Vec<_>>(), 0.5)
                    };
                    add(format!("{essential}_extra_minutes_{name}"), &extra);
                }
                add(format!("{essential}_share_losing_{name}"), &|here| {
                    share(here, &|home| self.loses(other, index, home))
                });
                if let Some(seated) = &other.is_near_with_seats[index] {
                    add(format!("{essential}_share_with_seats_{name}"), &|here| {
                        share(here, &|home| seated[home])
                    });
                }
            }
            add(format!("share_losing_any_{name}"), &|here| share(here, &|home| self.loses_any(other, home)));
            add(format!("share_without_way_{name}"), &|here| {
                share(here, &|home| self.has_no_way(other, home))
            });
        }
    }

    /// The same shares of the whole study, with the speed in the name.
    pub(super) fn city(&self, homes: &Homes) -> Vec<(String, f64)> {
        let share = |counts: &dyn Fn(usize) -> bool| {
            let placed = (0..homes.len()).filter(|&home| self.own.is_placed[home]);
            weighted_mean(placed.map(|home| (f64::from(u8::from(counts(home))), homes.weights[home])))
        };
        let mut city = Vec::new();
        for other in &self.others {
            let mut add = |what: &str, value: Option<f64>| {
                city.extend(value.map(|value| (format!("{what}: {}", other.profile), value)));
            };
            add("share losing an essential within 15 min", share(&|home| self.loses_any(other, home)));
            add("share without any way to an essential", share(&|home| self.has_no_way(other, home)));
            for (essential, seated) in self.essentials.iter().zip(&other.is_near_with_seats) {
                if let Some(seated) = seated {
                    let what = format!(
                        "share with a {} within 15 min and a seat every 200 m",
                        essential.replace('_', " ")
                    );
                    add(&what, share(&|home| seated[home]));
                }
            }
        }
        city
    }

    fn loses(&self, other: &Reached, essential: usize, home: usize) -> bool {
        self.own.is_near[essential][home] && !other.is_near[essential][home]
    }

    fn loses_any(&self, other: &Reached, home: usize) -> bool {
        (0..self.essentials.len()).any(|essential| self.loses(other, essential, home))
    }

    fn has_no_way(&self, other: &Reached, home: usize) -> bool {
        let no_way = |(own, theirs): (&Option<Times>, &Option<Times>)| match (own, theirs) {
            (Some(own), Some(theirs)) => own[home].is_some() && theirs[home].is_none(),
            _ => false,
        };
        !other.is_placed[home] || self.own.minutes.iter().zip(&other.minutes).any(no_way)
    }
}

fn reached(
    study: &StudyArea,
    network: &StreetNetwork,
    homes: &[Option<Attachment>],
    opportunities: &Opportunities,
    essentials: &[&'static str],
    progress: &dyn Progress,
) -> Result<Reached> {
    let profile = network.profile();
    progress.start(&format!("walking as {profile}"), essentials.len() as u64);
    let standard = Minutes::new(STANDARD_MINUTES)?;
    let mut reached = Reached {
        traveller: profile.traveller(),
        profile: profile.to_string(),
        is_placed: homes.iter().map(Option::is_some).collect(),
        minutes: Vec::new(),
        is_near: Vec::new(),
        is_near_with_seats: Vec::new(),
    };
    let rests = if profile.traveller() == Traveller::OlderAdult && !study.seats.is_empty() {
        Some(Rests::of(study, network, homes, progress)?)
    } else {
        None
    };
    for essential in essentials {
        if *essential == WORK {
            let jobs = opportunities.jobs_within(network, homes, standard, progress)?;
            reached.minutes.push(None);
            reached.is_near_with_seats.push(None);
            reached.is_near.push(jobs.iter().map(|jobs| *jobs >= study.settings.jobs_standard).collect());
        } else {
            let a_day = Minutes::new(A_DAY_MINUTES)?;
            let minutes = opportunities.minutes_to(network, homes, essential, a_day, progress)?;
            let is_near = |minutes: &Option<Minutes>| minutes.is_some_and(|minutes| minutes <= standard);
            reached.is_near.push(minutes.iter().map(is_near).collect());
            reached.minutes.push(Some(minutes));
            let seated = rests
                .as_ref()
                .map(|rests| rests.is_near((network, homes), opportunities, essential, progress));
            reached.is_near_with_seats.push(seated.transpose()?);
        }
        progress.advance(1);
        crate::progress::go_on(progress)?;
    }
    Ok(reached)
}

/// Where an older adult can sit down on the way.
struct Rests {
    seats: Vec<Option<Attachment>>,
    legs: Seats,
    longest: Minutes,
}

impl Rests {
    fn of(
        study: &StudyArea,
        network: &StreetNetwork,
        homes: &[Option<Attachment>],
        progress: &dyn Progress,
    ) -> Result<Self> {
        let pace = network.profile().milliseconds_per_metre_off_street();
        let longest = Minutes::new(WITHOUT_SEAT_M * pace / MILLISECONDS_PER_MINUTE)?;
        let beside = Metres::new(SEAT_BESIDE_STREET_M)?;
        let seats: Vec<_> = study.seats.iter().map(|seat| network.attach(*seat, beside, &[]).ok()).collect();
        let legs = Seats::new(network, homes, &seats, longest, progress)?;
        Ok(Self { seats, legs, longest })
    }

    /// Whether each home has an essential near, with a seat on every leg of the way.
    fn is_near(
        &self,
        (network, homes): (&StreetNetwork, &[Option<Attachment>]),
        opportunities: &Opportunities,
        essential: &str,
        progress: &dyn Progress,
    ) -> Result<Vec<bool>> {
        let in_one_leg = |from| opportunities.minutes_to(network, from, essential, self.longest, progress);
        let minutes = self.legs.minutes(&in_one_leg(homes)?, &in_one_leg(&self.seats)?);
        Ok(minutes.into_iter().map(|time| time.is_some_and(|time| time.get() <= STANDARD_MINUTES)).collect())
    }
}

/// The name of the person at the end of a column of this file, and the rest of it.
pub(crate) fn person_in(column: &str) -> Option<(&str, Traveller)> {
    let is_ours = |rest: &str| {
        let essential = |end: &str| rest.strip_suffix(end).is_some_and(|name| ESSENTIALS.contains(&name));
        ["share_losing_any", "share_without_way"].contains(&rest)
            || essential("_extra_minutes")
            || essential("_share_losing")
            || essential("_share_with_seats")
    };
    let of = |person: Traveller| {
        let rest = column.strip_suffix(person.name())?.strip_suffix('_')?;
        is_ours(rest).then_some((rest, person))
    };
    Traveller::PEOPLE.into_iter().find_map(of)
}
