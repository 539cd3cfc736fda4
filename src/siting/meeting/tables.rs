//! Places to meet as tables, for files and other programs.

use super::study::Met;
use crate::{Error, ErrorKind, FeatureTable, Result, StudyArea};
use geo::{Geometry, InteriorPoint, LineString};
use polars::prelude::{DataFrame, NamedFrom, Series};

/// The tables of a question about places to meet.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MeetingTables {
    /// Every candidate with what it would change by itself; those that are chosen are marked.
    pub sites: FeatureTable,
    /// Near-best sets.
    pub plans: FeatureTable,
    /// Every group before and after, with the chosen sites.
    pub groups: FeatureTable,
    /// Pairs of neighbours that share no place today, with the candidates that would bring them together.
    pub pairs: FeatureTable,
    /// Residents of each neighbourhood who could walk to each candidate.
    pub reach: FeatureTable,
}

impl MeetingTables {
    /// The tables by the names of their files.
    #[must_use]
    pub fn files(&self) -> [(&'static str, &FeatureTable); 7] {
        [
            ("sites.gpkg", &self.sites),
            ("sites.csv", &self.sites),
            ("plans.csv", &self.plans),
            ("groups.csv", &self.groups),
            ("pairs.gpkg", &self.pairs),
            ("pairs.csv", &self.pairs),
            ("reach.csv", &self.reach),
        ]
    }
}

/// The tables of an answer.
///
/// Shares of others are 0 to 1; a gain is after less before. What is said of a candidate by group is empty where a count in
/// its reach is small.
///
/// # Errors
/// None in practice: the columns of a table have one length.
pub fn meeting_tables(study: &StudyArea, met: &Met) -> Result<MeetingTables> {
    Ok(MeetingTables {
        sites: sites(study, met)?,
        plans: plans(met)?,
        groups: groups(met)?,
        pairs: pairs(study, met)?,
        reach: reach(study, met)?,
    })
}

fn sites(study: &StudyArea, met: &Met) -> Result<FeatureTable> {
    let count = met.candidates.len();
    let mut rank: Vec<Option<i64>> = vec![None; count];
    for (at, &number) in met.ranking.iter().enumerate() {
        rank[number as usize] = Some(at as i64 + 1);
    }
    let share: std::collections::BTreeMap<u32, f64> = met.found.frequency.iter().copied().collect();
    let numbers = || 0..count as u32;
    let gain = |of: &dyn Fn(&super::MeetingGain) -> Option<f64>| -> Vec<Option<f64>> {
        met.gains.iter().map(|gain| of(gain.as_ref()?)).collect()
    };
    let mix = |of: &dyn Fn((f64, f64)) -> f64| -> Vec<Option<f64>> {
        met.mixes.iter().zip(&met.hidden).map(|(mix, hidden)| mix.filter(|_| !hidden).map(of)).collect()
    };
    let ruled_out =
        met.candidates.iter().map(|one| (!one.ruled_out_by.is_empty()).then(|| one.ruled_out_by.join("; ")));
    let mut columns = vec![
        series("name", met.candidates.iter().map(|one| one.name.clone())),
        Series::new(
            "chosen".into(),
            numbers().map(|one| met.found.best.sites.contains(&one)).collect::<Vec<_>>(),
        ),
        Series::new("rank".into(), rank),
        Series::new(
            "share_of_near_best_sets".into(),
            numbers().map(|one| share.get(&one).copied().unwrap_or(0.0)).collect::<Vec<_>>(),
        ),
        Series::new("encounter_gain".into(), gain(&|gain| Some(gain.gain()))),
        Series::new("residents_in_reach".into(), gain(&|gain| Some(gain.residents))),
        Series::new("encounter_before_in_reach".into(), gain(&|gain| Some(gain.in_reach?.0))),
        Series::new("encounter_after_in_reach".into(), gain(&|gain| Some(gain.in_reach?.1))),
        Series::new("newly_within_15_minutes".into(), gain(&|gain| Some(gain.newly_of_kind))),
        Series::new("newly_with_any_place".into(), gain(&|gain| Some(gain.newly_of_any))),
        Series::new("neighbours_joined".into(), gain(&|gain| Some(gain.joins.len() as f64))),
        Series::new("diversity".into(), mix(&|mix| mix.0)),
        Series::new("bridging".into(), mix(&|mix| mix.1)),
    ];
    for (group, name) in met.groups.iter().enumerate() {
        let of_group = met.gains.iter().zip(&met.hidden).map(|(gain, hidden)| {
            let (before, after) = gain.as_ref().filter(|_| !hidden)?.groups[group];
            Some(after? - before?)
        });
        columns.push(Series::new(format!("encounter_gain_{name}").into(), of_group.collect::<Vec<_>>()));
    }
    columns.push(Series::new("ruled_out_by".into(), ruled_out.collect::<Vec<Option<String>>>()));
    let points = met.candidates.iter().map(|one| Some(Geometry::Point(one.location))).collect();
    FeatureTable::new(points, frame(columns)?, Some(study.crs.clone()))
}

fn plans(met: &Met) -> Result<FeatureTable> {
    let plans = &met.found.alternatives;
    let names = |sites: &[u32]| {
        let names = sites.iter().map(|&site| met.candidates[site as usize].name.as_str());
        names.collect::<Vec<_>>().join("; ")
    };
    let table = frame(vec![
        Series::new("rank".into(), (1..=plans.len() as i64).collect::<Vec<_>>()),
        Series::new("value".into(), plans.iter().map(|plan| plan.value).collect::<Vec<_>>()),
        series("sites", plans.iter().map(|plan| names(&plan.sites))),
    ])?;
    FeatureTable::new(vec![None; plans.len()], table, None)
}

fn groups(met: &Met) -> Result<FeatureTable> {
    let (before, after): (Vec<Option<f64>>, Vec<Option<f64>>) = met.best.groups.iter().copied().unzip();
    let gain = before.iter().zip(&after).map(|(before, after)| Some((*after)? - (*before)?));
    let gain: Vec<Option<f64>> = gain.collect();
    let table = frame(vec![
        series("group", met.groups.iter().cloned()),
        Series::new("encounter_before".into(), before),
        Series::new("encounter_after".into(), after),
        Series::new("encounter_gain".into(), gain),
    ])?;
    FeatureTable::new(vec![None; met.groups.len()], table, None)
}

/// A line from the middle of one neighbour to that of the other.
fn pairs(study: &StudyArea, met: &Met) -> Result<FeatureTable> {
    let apart: Vec<usize> = (0..met.pairs.len()).filter(|&pair| met.pairs[pair].1 == 0).collect();
    let name = |number: usize| study.neighbourhoods[number].name.clone();
    let joining = |pair: usize| -> Vec<u32> {
        let joins = |number: &&u32| {
            met.gains[**number as usize].as_ref().is_some_and(|gain| gain.joins.contains(&pair))
        };
        met.ranking.iter().filter(joins).copied().collect()
    };
    let sites: Vec<Vec<u32>> = apart.iter().map(|&pair| joining(pair)).collect();
    let names = |sites: &Vec<u32>| {
        let names = sites.iter().map(|&site| met.candidates[site as usize].name.as_str());
        names.collect::<Vec<_>>().join("; ")
    };
    let table = frame(vec![
        series("one", apart.iter().map(|&pair| name(met.pairs[pair].0.0))),
        series("other", apart.iter().map(|&pair| name(met.pairs[pair].0.1))),
        Series::new(
            "joined_by_chosen".into(),
            apart.iter().map(|pair| met.best.joins.contains(pair)).collect::<Vec<_>>(),
        ),
        Series::new("candidates".into(), sites.iter().map(|sites| sites.len() as i64).collect::<Vec<_>>()),
        series("joined_by", sites.iter().map(names)),
    ])?;
    let line = |&pair: &usize| {
        let (a, b) = met.pairs[pair].0;
        let ends =
            [a, b].map(|number| study.neighbourhoods[number].shape.interior_point().map(|point| point.0));
        Some(Geometry::from(LineString::new(ends.into_iter().flatten().collect())))
    };
    FeatureTable::new(apart.iter().map(line).collect(), table, Some(study.crs.clone()))
}

fn reach(study: &StudyArea, met: &Met) -> Result<FeatureTable> {
    let mut people = vec![0.0; study.neighbourhoods.len()];
    for (place, count) in study.homes.neighbourhoods.iter().zip(&study.homes.weights) {
        if let Some(place) = place {
            people[*place as usize] += count;
        }
    }
    let mut rows: Vec<(String, String, f64, f64)> = Vec::new();
    for (candidate, reach) in met.candidates.iter().zip(&met.reach) {
        for &(place, count) in
            reach.iter().filter(|(_, count)| *count >= crate::spatial::small_counts::SMALL_COUNT)
        {
            let (name, all) = (&study.neighbourhoods[place as usize].name, people[place as usize]);
            rows.push((candidate.name.clone(), name.clone(), count, (count / all).min(1.0)));
        }
    }
    let table = frame(vec![
        series("candidate", rows.iter().map(|row| row.0.clone())),
        series("neighbourhood", rows.iter().map(|row| row.1.clone())),
        Series::new("residents_in_reach".into(), rows.iter().map(|row| row.2).collect::<Vec<_>>()),
        Series::new("share_of_neighbourhood".into(), rows.iter().map(|row| row.3).collect::<Vec<_>>()),
    ])?;
    FeatureTable::new(vec![None; rows.len()], table, None)
}

fn series(name: &str, words: impl Iterator<Item = String>) -> Series {
    Series::new(name.into(), words.collect::<Vec<_>>())
}

fn frame(columns: Vec<Series>) -> Result<DataFrame> {
    DataFrame::new_infer_height(columns.into_iter().map(Into::into).collect())
        .map_err(|error| Error::new(ErrorKind::Format, error.to_string()))
}
