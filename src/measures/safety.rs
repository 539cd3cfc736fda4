//! Perceived safety against the record, where the study gives a survey and a count.

use super::{encounter, groups::RESIDENTIAL_ISOLATION, service_isolation, severance};
use crate::measure::prelude::*;
use crate::model::{IndicatorYear, known_indicators as known};
use crate::scores::perception::{Evidence, Perception, perception, rank_correlation};
use crate::spatial::autocorrelation::{LocalMoran, Permutations, Quadrant, benjamini_hochberg, local_moran};
use crate::spatial::small_counts::SMALL_COUNT;
use crate::stats::order::{by_name, places_in};

/// Fear and record.
pub(crate) static SAFETY: Measure = Measure {
    name: "safety",
    title: "perceived safety against the record",
    needs: &[
        Need::Measure("service_isolation"),
        Need::Measure("groups"),
        Need::Measure("severance"),
        Need::Measure("encounter"),
    ],
    method: "Rank of the share who feel unsafe less rank of the recorded rate, smoothed by empirical Bayes; intervals from a resampled \
             survey and record (parametric bootstrap); clusters by local Moran with false discoveries controlled.",
    source: "Marshall (1991); Anselin (1995); Benjamini & Hochberg (1995)",
    columns: &[
        &FEEL_UNSAFE,
        &RECORDED,
        &SMOOTHED,
        &GAP,
        &GAP_LOW,
        &GAP_HIGH,
        &RANK_LOW,
        &RANK_HIGH,
        &CLUSTER,
        &WITH_RECORD,
        &GAP_WITH,
    ],
    run,
};

const RECORD: &str = "A record is what was reported: trust, insurance and attention move it. A gap is a question to ask, not an error.";

static FEEL_UNSAFE: ColumnSpec = safety("safety_feel_unsafe", Unit::Share, Scale::MoreIsWorse)
    .label("Feel unsafe")
    .means("Share of those who answered the survey who feel unsafe.");
static RECORDED: ColumnSpec = safety("safety_recorded_rate", Unit::Plain, Scale::MoreIsWorse)
    .label("Incidents on record per 1,000")
    .means("Recorded incidents per 1,000 people, as counted.");
static SMOOTHED: ColumnSpec = safety("safety_smoothed_rate", Unit::Plain, Scale::MoreIsWorse)
    .label("Incidents per 1,000, smoothed")
    .means("The recorded rate, drawn towards that of the city where few people live.");
static GAP: ColumnSpec = safety("safety_gap", Unit::Plain, Scale::Diverging { middle: 0.0 })
    .label("Fear against the record")
    .means(
        "Rank of the feeling less rank of the smoothed rate, each 0 to 1: above 0, fear exceeds the record.",
    );
static GAP_LOW: ColumnSpec = safety("safety_gap_low", Unit::Plain, Scale::Diverging { middle: 0.0 })
    .label("Fear against the record, at least")
    .means("Nine in ten repetitions of survey and count give a gap between this and the upper end.");
static GAP_HIGH: ColumnSpec = safety("safety_gap_high", Unit::Plain, Scale::Diverging { middle: 0.0 })
    .label("Fear against the record, at most")
    .means("Nine in ten repetitions of survey and count give a gap between the lower end and this.");
static RANK_LOW: ColumnSpec = safety("safety_rank_low", Unit::Count, Scale::Neutral)
    .label("Rank of the feeling, from")
    .means("Rank among all neighbourhoods, 1 the most unsafe, as far up as nine in ten repetitions go.");
static RANK_HIGH: ColumnSpec = safety("safety_rank_high", Unit::Count, Scale::Neutral)
    .label("Rank of the feeling, to")
    .means("Rank among all neighbourhoods, 1 the most unsafe, as far down as nine in ten repetitions go.");
static CLUSTER: ColumnSpec = ColumnSpec::words("safety_gap_cluster", Theme::Safety)
    .label("Clusters of fear and record")
    .means(
        "Where neighbourhoods whose fear exceeds or falls short of the record lie together, beyond chance.",
    )
    .does_not_mean(RECORD);
static WITH_RECORD: ColumnSpec = safety("safety_correlation_with_record_{year}", Unit::Plain, Scale::Neutral)
    .label("Fear and record {year}, rank correlation")
    .means(
        "Rank correlation over neighbourhoods of the share who feel unsafe and the smoothed rate, -1 to 1.",
    );
static GAP_WITH: ColumnSpec = safety("safety_gap_correlation_with_{of}_{year}", Unit::Plain, Scale::Neutral)
    .label("Gap {year} and {of}")
    .means("Rank correlation over neighbourhoods of the gap between fear and record and {of}, -1 to 1.");

const fn safety(name: &'static str, unit: Unit, scale: Scale) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Safety, unit, scale).does_not_mean(RECORD)
}

/// Times that survey and record are drawn again for the intervals.
const REPETITIONS: usize = 999;
/// Random neighbours behind the clusters.
const PERMUTATIONS: usize = 9_999;
/// Share of the clusters that may be false.
const FALSE_DISCOVERIES: f64 = 0.05;
/// The same study gives the same intervals.
const SEED: u64 = 1;

/// What the last survey says of each neighbourhood.
struct Safety {
    year: i32,
    feel_unsafe: Vec<Option<f64>>,
    found: Vec<Option<Perception>>,
    clusters: Vec<Option<&'static str>>,
}

fn run(context: &Context<'_>) -> Result<Outcome> {
    let Some(safety) = Safety::measure(context)? else {
        let reason = "no date has `survey_answers`, `feel_unsafe_share` and `recorded_incidents`";
        return Ok(Outcome::not_assessed(SAFETY.title, reason));
    };
    let mut found = Outcome::default();
    safety.add_columns(&mut found);
    safety.add_records(context, &mut found)?;
    Ok(found)
}

impl Safety {
    /// `None` where no date has both a survey and a count.
    fn measure(context: &Context<'_>) -> Result<Option<Self>> {
        let study = context.study;
        let has_both = |year: &&IndicatorYear| {
            [known::FEEL_UNSAFE_SHARE, known::SURVEY_ANSWERS, known::RECORDED_INCIDENTS]
                .iter()
                .all(|name| year.column(name).is_some())
        };
        let Some(year) = study.indicators.iter().rev().find(has_both) else {
            return Ok(None);
        };
        let counts_people = study.homes.weight.counts_people();
        let evidence = |place: usize| {
            let value = |name: &str| year.column(name).and_then(|values| values[place]);
            let residents = Some(context.groups.total[place]).filter(|_| counts_people);
            Evidence {
                // Of a few answers, one person's could be guessed.
                answers: value(known::SURVEY_ANSWERS).filter(|answers| *answers >= SMALL_COUNT),
                feel_unsafe: value(known::FEEL_UNSAFE_SHARE),
                incidents: value(known::RECORDED_INCIDENTS),
                people: value(known::POPULATION).or(residents),
            }
        };
        let evidence: Vec<Evidence> = (0..study.neighbourhoods.len()).map(evidence).collect();
        // Drawn in the order of ids, so that the order of the rows changes nothing.
        let ids: Vec<&str> = study.neighbourhoods.iter().map(|place| place.id.as_str()).collect();
        let order = by_name(&ids);
        let in_order: Vec<Evidence> = order.iter().map(|&place| evidence[place]).collect();
        let drawn = perception(&in_order, REPETITIONS, SEED)?;
        let found: Vec<Option<Perception>> =
            places_in(&order).into_iter().map(|place| drawn[place]).collect();
        let feel_unsafe = evidence.iter().zip(&found);
        let feel_unsafe = feel_unsafe.map(|(one, found)| one.feel_unsafe.filter(|_| found.is_some()));
        let gaps: Vec<Option<f64>> = found.iter().map(|one| one.map(|one| one.gap)).collect();
        let clusters = clusters(context, &gaps)?;
        Ok(Some(Self { year: year.year, feel_unsafe: feel_unsafe.collect(), found, clusters }))
    }

    fn add_columns(&self, outcome: &mut Outcome) {
        let mut add = |column, value: fn(&Perception) -> f64| {
            let values: Vec<Option<f64>> = self.found.iter().map(|one| one.as_ref().map(value)).collect();
            outcome.neighbourhood(column, Subject::NONE, values);
        };
        add(&RECORDED, |one| one.recorded_rate);
        add(&SMOOTHED, |one| one.smoothed_rate);
        add(&GAP, |one| one.gap);
        add(&GAP_LOW, |one| one.gap_interval.0);
        add(&GAP_HIGH, |one| one.gap_interval.1);
        add(&RANK_LOW, |one| one.rank_interval.0);
        add(&RANK_HIGH, |one| one.rank_interval.1);
        outcome.neighbourhood(&FEEL_UNSAFE, Subject::NONE, self.feel_unsafe.clone());
        let clusters = self.clusters.iter().map(|name| name.map(str::to_owned));
        outcome.neighbourhood(&CLUSTER, Subject::NONE, clusters.collect::<Vec<_>>());
    }

    /// Rank correlations of the feeling with the record, and of the gap with what other measures found.
    fn add_records(&self, context: &Context<'_>, outcome: &mut Outcome) -> Result<()> {
        let column = |value: fn(&Perception) -> f64| -> Vec<Option<f64>> {
            self.found.iter().map(|one| one.as_ref().map(value)).collect()
        };
        let record = column(|one| one.smoothed_rate);
        let with_record = rank_correlation(&self.feel_unsafe, &record)?;
        outcome.record(&WITH_RECORD, Subject::NONE.in_year(self.year), with_record);
        let gap = column(|one| one.gap);
        let others = [
            &service_isolation::ISOLATION,
            &RESIDENTIAL_ISOLATION,
            &severance::MEAN_CUT_OFF,
            &encounter::OTHERS,
        ];
        for other in others {
            let Some(values) = context.earlier(other, &Subject::NONE) else { continue };
            let subject = Subject::of(Of::Column(other.name)).in_year(self.year);
            outcome.record(&GAP_WITH, subject, rank_correlation(&gap, values)?);
        }
        Ok(())
    }
}

/// Where gaps of one sort lie together, as far as chance does not explain it: local Moran with false discoveries controlled.
fn clusters(context: &Context<'_>, gaps: &[Option<f64>]) -> Result<Vec<Option<&'static str>>> {
    let weights = context.neighbours()?.clone().row_standardised();
    let permutations = Some(Permutations::new(PERMUTATIONS, SEED));
    let found = local_moran(gaps, &weights, permutations, context.progress)?;
    let p = |one: &Option<LocalMoran>| one.as_ref()?.tails.map(|tails| tails.p_two_sided());
    let adjusted = benjamini_hochberg(&found.iter().map(p).collect::<Vec<_>>());
    let name = |(one, p): (&Option<LocalMoran>, &Option<f64>)| {
        let (one, p) = (one.as_ref()?, (*p)?);
        Some(match one.quadrant {
            _ if p > FALSE_DISCOVERIES => "no cluster",
            Quadrant::HighHigh => "fear beyond the record, as around",
            Quadrant::LowLow => "record beyond fear, as around",
            Quadrant::HighLow => "fear beyond the record, unlike around",
            Quadrant::LowHigh => "record beyond fear, unlike around",
        })
    };
    Ok(found.iter().zip(&adjusted).map(name).collect())
}
