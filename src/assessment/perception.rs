//! Perceived safety against the record, where the study gives a survey and a count.

use super::table::Columns;
use crate::model::{IndicatorYear, known_indicators as known};
use crate::scores::autocorrelation::{LocalMoran, Permutations, Quadrant, benjamini_hochberg, local_moran};
use crate::scores::perception::{Evidence, Perception, perception, rank_correlation};
use crate::scores::small_counts::SMALL_COUNT;
use crate::scores::weights::{Contiguity, contiguity};
use crate::{Metres, Progress, Result, StudyArea};

/// Times that survey and record are drawn again for the intervals.
const REPETITIONS: usize = 999;
/// Random neighbours behind the clusters.
const PERMUTATIONS: usize = 9_999;
/// Share of the clusters that may be false.
const FALSE_DISCOVERIES: f64 = 0.05;
/// The same study gives the same intervals.
const SEED: u64 = 1;
/// Borders that run this close are common, in metres.
const BORDER_M: f64 = 10.0;

/// What the last survey says of each neighbourhood.
pub(super) struct Safety {
    year: i32,
    feel_unsafe: Vec<Option<f64>>,
    found: Vec<Option<Perception>>,
    clusters: Vec<Option<&'static str>>,
}

impl Safety {
    /// `None` where no date has both a survey and a count.
    pub(super) fn measure(
        study: &StudyArea,
        residents: &[f64],
        not_assessed: &mut Vec<(String, String)>,
        progress: &dyn Progress,
    ) -> Result<Option<Self>> {
        let has_both = |year: &&IndicatorYear| {
            [known::FEEL_UNSAFE_SHARE, known::SURVEY_ANSWERS, known::RECORDED_INCIDENTS]
                .iter()
                .all(|name| year.column(name).is_some())
        };
        let Some(year) = study.indicators.iter().rev().find(has_both) else {
            let reason = "no date has `survey_answers`, `feel_unsafe_share` and `recorded_incidents`";
            not_assessed.push(("perceived safety against the record".into(), reason.into()));
            return Ok(None);
        };
        let counts_people = study.homes.weight.counts_people();
        let evidence = |place: usize| {
            let value = |name: &str| year.column(name).and_then(|values| values[place]);
            let residents = Some(residents[place]).filter(|_| counts_people);
            Evidence {
                // Of a few answers, one person's could be guessed.
                answers: value(known::SURVEY_ANSWERS).filter(|answers| *answers >= SMALL_COUNT),
                feel_unsafe: value(known::FEEL_UNSAFE_SHARE),
                incidents: value(known::RECORDED_INCIDENTS),
                people: value(known::POPULATION).or(residents),
            }
        };
        let evidence: Vec<Evidence> = (0..study.neighbourhoods.len()).map(evidence).collect();
        let found = perception(&evidence, REPETITIONS, SEED)?;
        let feel_unsafe = evidence.iter().zip(&found);
        let feel_unsafe = feel_unsafe.map(|(one, found)| one.feel_unsafe.filter(|_| found.is_some()));
        let gaps: Vec<Option<f64>> = found.iter().map(|one| one.map(|one| one.gap)).collect();
        let clusters = clusters(study, &gaps, progress)?;
        Ok(Some(Self { year: year.year, feel_unsafe: feel_unsafe.collect(), found, clusters }))
    }

    /// Columns: `feel_unsafe_share`, the recorded and the smoothed rate, the gap between feeling and record with its
    /// interval, the range of the rank, and clusters of the gap.
    pub(super) fn add_columns(&self, columns: &mut Columns) {
        let number = |value: fn(&Perception) -> f64| -> Vec<Option<f64>> {
            self.found.iter().map(|one| one.as_ref().map(value)).collect()
        };
        columns.numbers("safety_feel_unsafe", self.feel_unsafe.clone());
        columns.numbers("safety_recorded_rate", number(|one| one.recorded_rate));
        columns.numbers("safety_smoothed_rate", number(|one| one.smoothed_rate));
        columns.numbers("safety_gap", number(|one| one.gap));
        columns.numbers("safety_gap_low", number(|one| one.gap_interval.0));
        columns.numbers("safety_gap_high", number(|one| one.gap_interval.1));
        columns.numbers("safety_rank_low", number(|one| one.rank_interval.0));
        columns.numbers("safety_rank_high", number(|one| one.rank_interval.1));
        columns
            .text("safety_gap_cluster", self.clusters.iter().map(|name| name.map(str::to_owned)).collect());
    }

    /// Rank correlations of the feeling with the record, and of the gap with other columns.
    pub(super) fn city(&self, others: &[(&str, Option<Vec<Option<f64>>>)]) -> Result<Vec<(String, f64)>> {
        let column = |value: fn(&Perception) -> f64| -> Vec<Option<f64>> {
            self.found.iter().map(|one| one.as_ref().map(value)).collect()
        };
        let year = self.year;
        let record = column(|one| one.smoothed_rate);
        let with_record = rank_correlation(&self.feel_unsafe, &record)?;
        let mut city: Vec<(String, f64)> = with_record
            .map(|value| (format!("perceived safety {year}: rank correlation of feeling and record"), value))
            .into_iter()
            .collect();
        let gap = column(|one| one.gap);
        for (name, values) in others {
            let Some(values) = values else { continue };
            let value = rank_correlation(&gap, values)?;
            let name = format!("perceived safety {year}: rank correlation of the gap and {name}");
            city.extend(value.map(|value| (name, value)));
        }
        Ok(city)
    }
}

/// Where gaps of one sort lie together, as far as chance does not explain it: local Moran with false discoveries controlled.
fn clusters(
    study: &StudyArea,
    gaps: &[Option<f64>],
    progress: &dyn Progress,
) -> Result<Vec<Option<&'static str>>> {
    let shapes: Vec<_> = study.neighbourhoods.iter().map(|place| place.shape.clone()).collect();
    let weights = contiguity(&shapes, Contiguity::Queen, Some(Metres::new(BORDER_M)?))?.row_standardised();
    let found = local_moran(gaps, &weights, Some(Permutations::new(PERMUTATIONS, SEED)), progress)?;
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
