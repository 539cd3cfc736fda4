//! What is near for one person and far, or out of reach, for another: the study's traveller beside others.
//!
//! ```text
//!   home ──steps── school      the adult: 4 minutes
//!     └────ramp─────┘          the wheelchair: 19 minutes; with no ramp, no route at all
//! ```

use super::access::ON_FOOT;
use crate::access::{Opportunities, Seats, weighted_mean};
use crate::measure::prelude::*;
use crate::model::Traveller;
use crate::network::{Attachment, StreetNetwork, TravelProfile};
use crate::units::MILLISECONDS_PER_MINUTE;

/// Other people beside the study's own traveller.
pub(crate) static PERSONS: Measure = Measure {
    name: "persons",
    title: "the gap between travellers",
    needs: &[Need::Measure("access")],
    method: "The same walks as an older adult, with a pram or in a wheelchair: what is then no longer within 15 minutes, where \
             there is no step-free route, and where an older adult finds a seat every 200 m.",
    source: "speeds in `network::TravelProfile`; UK Department for Transport (2021), Inclusive Mobility",
    columns: &[
        &EXTRA_MINUTES,
        &LOSING,
        &WITH_SEATS,
        &LOSING_ANY,
        &WITHOUT_ROUTE,
        &CITY_LOSING_ANY,
        &CITY_WITHOUT_ROUTE,
        &CITY_WITH_SEATS,
    ],
    run,
};

/// How much longer the walk to the closest one is than the study's own traveller's; empty where half have no route.
static EXTRA_MINUTES: ColumnSpec = persons("{of}_extra_minutes_{traveller}", Unit::Minutes)
    .label("Longer walk: {of} ({traveller})")
    .under("{Traveller}", "Longer walk: {of}")
    .means("How much longer the walk to the closest {of} takes as {speed}: median over {residents}.");
/// Who has it within 15 minutes, but not as this person.
static LOSING: ColumnSpec = persons("{of}_share_losing_{traveller}", Unit::Share)
    .label("Lose: {of} ({traveller})")
    .under("{Traveller}", "Lose: {of}")
    .means("Share of {residents} with {some} within 15 minutes, but not as {speed}.");
/// Who has it within 15 minutes as this person, with a seat every 200 m of the walk; rests are not counted.
static WITH_SEATS: ColumnSpec = ColumnSpec::new(
    "{of}_share_with_seats_{traveller}",
    Theme::Persons,
    Unit::Share,
    Scale::MoreIsBetter,
)
.label("Seats to {of} ({traveller})")
.under("{Traveller}", "Seats on the way: {of}")
.means(
    "Share of {residents} with {some} within 15 minutes as {speed}, with a bench or another public seat at least every 200 m of \
     the way. Only as good as the map of benches.",
)
.does_not_mean(ON_FOOT);
static LOSING_ANY: ColumnSpec = persons("share_losing_any_{traveller}", Unit::Share)
    .label("Lose an essential ({traveller})")
    .under("{Traveller}", "Lose an essential")
    .means("Share of {residents} with an essential within 15 minutes, but not as {speed}.");
/// Who has no route to at least one that the study's own traveller reaches, or is on no street that this person can use.
static WITHOUT_ROUTE: ColumnSpec = persons("share_without_way_{traveller}", Unit::Share)
    .label("No route to an essential ({traveller})")
    .under("{Traveller}", "No route to an essential")
    .means(
        "Share of {residents} with no route at all to an essential as {speed}, on any street that is open.",
    );
static CITY_LOSING_ANY: ColumnSpec = persons("city_share_losing_any_{traveller}", Unit::Share)
    .label("Lose an essential: {traveller}")
    .means("Share of all {residents} on streets with an essential within 15 minutes, but not as {speed}.");
static CITY_WITHOUT_ROUTE: ColumnSpec = persons("city_share_without_way_{traveller}", Unit::Share)
    .label("No route to an essential: {traveller}")
    .means("Share of all {residents} on streets with no route at all to an essential as {speed}.");
static CITY_WITH_SEATS: ColumnSpec = persons("city_{of}_share_with_seats_{traveller}", Unit::Share)
    .label("Seats to {of}: {traveller}")
    .means("Share of all {residents} on streets with {some} within 15 minutes as {speed} and a seat every 200 m.");

const fn persons(name: &'static str, unit: Unit) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Persons, unit, Scale::MoreIsWorse).does_not_mean(ON_FOOT)
}

/// A way of more than a day is none.
const A_DAY_MINUTES: f64 = 24.0 * 60.0;
/// Metres on the flat that an older adult walks without a seat. Half of disabled people who can walk manage no more without
/// stopping or severe discomfort (UK Department for Transport, "Inclusive Mobility", section 2.4).
const WITHOUT_SEAT_M: f64 = 200.0;
/// Metres from the street within which a seat stands on the way.
const SEAT_BESIDE_STREET_M: f64 = 20.0;

/// What the homes of a study reach for each of its people: first the study's own, then those to compare.
struct PersonGaps {
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

fn run(context: &Context<'_>) -> Result<Outcome> {
    let mut found = Outcome::default();
    let study = context.study;
    let compare = &study.settings.travel.compare;
    if compare.is_empty() || context.essentials.is_empty() {
        return Ok(found);
    }
    let gaps = PersonGaps::of(context)?;
    if compare.contains(&Traveller::OlderAdult) && study.seats.is_empty() {
        let reason = "the study has no benches (services of category `bench`, or OpenStreetMap)";
        found.refuse("seats on the way of older adults", reason);
    }
    for other in &gaps.others {
        let message = format!("compared with {}: {}", gaps.own.profile, other.profile);
        found.notes.note(Error::new(ErrorKind::Study, message).in_layer("travel"));
        gaps.of_neighbourhoods(other, context, &mut found);
        gaps.of_city(other, context, &mut found);
    }
    Ok(found)
}

impl PersonGaps {
    /// Walks from every home as each person.
    fn of(context: &Context<'_>) -> Result<Self> {
        let study = context.study;
        let own = reached(context, context.walk(), context.opportunities)?;
        let as_another = |traveller: &Traveller| {
            let trips = context.by(TravelProfile::of(*traveller))?;
            reached(context, &trips, &trips.opportunities(study))
        };
        let others = study.settings.travel.compare.iter().map(as_another).collect::<Result<Vec<_>>>()?;
        Ok(Self { essentials: context.essentials.clone(), own, others })
    }

    /// What a neighbourhood loses as another person: residents of homes on a street of the study's own traveller count.
    fn of_neighbourhoods(&self, other: &Reached, context: &Context<'_>, found: &mut Outcome) {
        let homes = &context.homes;
        let by = other.traveller;
        for (index, essential) in self.essentials.iter().enumerate() {
            let subject = || Subject::essential(essential).by(by);
            if let (Some(own), Some(theirs)) = (&self.own.minutes[index], &other.minutes[index]) {
                let extra =
                    |home: usize| own[home].map(|own| theirs[home].map(|theirs| theirs.get() - own.get()));
                found.neighbourhood(&EXTRA_MINUTES, subject(), homes.quantile(0.5, extra));
            }
            found.neighbourhood(&LOSING, subject(), homes.share(|home| self.loses(other, index, home)));
            if let Some(seated) = &other.is_near_with_seats[index] {
                found.neighbourhood(&WITH_SEATS, subject(), homes.share(|home| seated[home]));
            }
        }
        let subject = || Subject::NONE.by(by);
        found.neighbourhood(&LOSING_ANY, subject(), homes.share(|home| self.loses_any(other, home)));
        found.neighbourhood(&WITHOUT_ROUTE, subject(), homes.share(|home| self.has_no_route(other, home)));
    }

    /// The same shares of the whole study.
    fn of_city(&self, other: &Reached, context: &Context<'_>, found: &mut Outcome) {
        let weights = &context.study.homes.weights;
        let share = |counts: &dyn Fn(usize) -> bool| {
            let all = context.counted().map(|home| (f64::from(u8::from(counts(home))), weights[home]));
            weighted_mean(all)
        };
        let by = other.traveller;
        found.record(&CITY_LOSING_ANY, Subject::NONE.by(by), share(&|home| self.loses_any(other, home)));
        found.record(
            &CITY_WITHOUT_ROUTE,
            Subject::NONE.by(by),
            share(&|home| self.has_no_route(other, home)),
        );
        for (essential, seated) in self.essentials.iter().zip(&other.is_near_with_seats) {
            if let Some(seated) = seated {
                found.record(
                    &CITY_WITH_SEATS,
                    Subject::essential(essential).by(by),
                    share(&|home| seated[home]),
                );
            }
        }
    }

    fn loses(&self, other: &Reached, essential: usize, home: usize) -> bool {
        self.own.is_near[essential][home] && !other.is_near[essential][home]
    }

    fn loses_any(&self, other: &Reached, home: usize) -> bool {
        (0..self.essentials.len()).any(|essential| self.loses(other, essential, home))
    }

    fn has_no_route(&self, other: &Reached, home: usize) -> bool {
        let no_route = |(own, theirs): (&Option<Times>, &Option<Times>)| match (own, theirs) {
            (Some(own), Some(theirs)) => own[home].is_some() && theirs[home].is_none(),
            _ => false,
        };
        !other.is_placed[home] || self.own.minutes.iter().zip(&other.minutes).any(no_route)
    }
}

fn reached(context: &Context<'_>, trips: &Trips, opportunities: &Opportunities) -> Result<Reached> {
    let (study, progress, essentials) = (context.study, context.progress, &context.essentials);
    let (network, homes) = (trips.streets(), trips.homes());
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
