//! Districts, for the summary and the page: who lacks what in each, and who is worst off.

use super::markdown::escape;
use crate::StudyArea;
use crate::assessment::{Assessment, STANDARD_MINUTES};
use crate::measure::{Subject, Table, some};
use crate::measures::districts::{
    LAYER, NEIGHBOURHOODS, WITHOUT, WORST_GROUP, WORST_GROUP_SHARE, WORST_PLACES,
};
use crate::measures::population::NAME;
use crate::measures::service_isolation::{ISOLATION, LACKING};
use serde::Serialize;
use std::fmt::{self, Write};

/// What is shown of the districts.
#[derive(Serialize)]
pub(super) struct Shown {
    /// What people can lack: "a clinic".
    essentials: Vec<String>,
    rows: Vec<Row>,
}

/// A district.
#[derive(Serialize)]
struct Row {
    name: String,
    /// What its homes count for.
    people: Option<f64>,
    neighbourhoods: Option<f64>,
    /// Share without two or more of the essentials.
    isolated: Option<f64>,
    /// By essential: how many lack it, absent where they are few, and which share they are.
    lacking: Vec<(Option<f64>, Option<f64>)>,
    worst_places: Option<String>,
    worst_group: Option<(String, f64)>,
}

impl Shown {
    /// `None` where the study has no districts.
    pub(super) fn of(assessment: &Assessment) -> Option<Self> {
        let table = assessment.layer(LAYER)?;
        let numbers = |column, subject: &Subject| known(table, table.numbers_of(column, subject));
        let texts = |column| known(table, table.texts_of(column, &Subject::NONE));
        let (names, people) = (texts(&NAME), table.counted());
        let (neighbourhoods, isolated) =
            (numbers(&NEIGHBOURHOODS, &Subject::NONE), numbers(&ISOLATION, &Subject::NONE));
        let (places, groups) = (texts(&WORST_PLACES), texts(&WORST_GROUP));
        let group_shares = numbers(&WORST_GROUP_SHARE, &Subject::NONE);
        let lacking: Vec<_> = assessment
            .essentials
            .iter()
            .map(|name| Subject::essential(name))
            .map(|essential| (numbers(&WITHOUT, &essential), numbers(&LACKING, &essential)))
            .collect();
        let row = |at: usize| Row {
            name: names[at].clone().unwrap_or_default(),
            people: people.get(at).copied().flatten(),
            neighbourhoods: neighbourhoods[at],
            isolated: isolated[at],
            lacking: lacking.iter().map(|(people, share)| (people[at], share[at])).collect(),
            worst_places: places[at].clone(),
            worst_group: groups[at].clone().zip(group_shares[at]),
        };
        let mut rows: Vec<Row> = (0..table.len()).map(row).collect();
        // Where the most are isolated first; a stable sort keeps equals in the order of the study.
        rows.sort_by(|a, b| b.isolated.unwrap_or(-1.0).total_cmp(&a.isolated.unwrap_or(-1.0)));
        Some(Self { essentials: assessment.essentials.iter().map(|name| some(name)).collect(), rows })
    }
}

/// A column, or nothing for every row where it was not assessed.
fn known<T: Clone>(table: &Table, column: Option<Vec<Option<T>>>) -> Vec<Option<T>> {
    column.unwrap_or_else(|| vec![None; table.len()])
}

/// The section of the summary.
pub(super) fn write(text: &mut String, study: &StudyArea, assessment: &Assessment) -> fmt::Result {
    let Some(Shown { essentials, rows }) = Shown::of(assessment) else { return Ok(()) };
    let (weight, units) = (study.homes.weight, study.homes.weight.units());
    writeln!(
        text,
        "## Districts\n\nEach neighbourhood counts whole for the district that holds the largest part of its area. How many {units} \
         are without each essential within {STANDARD_MINUTES:.0} minutes' walk; the districts where the largest share of {weight} \
         lacks two or more come first. Every score by district: `districts.geojson`.\n"
    )?;
    let heads: Vec<String> = essentials.iter().map(|some| format!("without {some}")).collect();
    writeln!(text, "| district | {units} | lack two or more | {} |", heads.join(" | "))?;
    writeln!(text, "|---|---:|---:|{}", "---:|".repeat(heads.len()))?;
    let number = |value: Option<f64>| value.map_or("few".to_owned(), |value| format!("{value:.0}"));
    let percent =
        |share: Option<f64>| share.map_or("-".to_owned(), |share| format!("{:.0} %", 100.0 * share));
    for row in &rows {
        let lacking = row.lacking.iter().map(|(people, share)| match share {
            Some(share) => format!("{} ({})", number(*people), percent(Some(*share))),
            None => "-".to_owned(),
        });
        let lacking = lacking.collect::<Vec<_>>().join(" | ");
        let people = row.people.map_or("-".to_owned(), |people| format!("{people:.0}"));
        writeln!(text, "| {} | {people} | {} | {lacking} |", escape(&row.name), percent(row.isolated))?;
    }
    writeln!(text)?;
    for row in &rows {
        let Some(places) = &row.worst_places else { continue };
        write!(text, "- {}: lacking two or more is most common in {}", escape(&row.name), escape(places))?;
        if let Some((group, share)) = &row.worst_group {
            let group = escape(&group.replace('_', " "));
            write!(text, "; worst-off group: {group} ({})", percent(Some(*share)))?;
        }
        writeln!(text, ".")?;
    }
    writeln!(text)
}
