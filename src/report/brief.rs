//! What a council reads in two pages: what stands out, in people and by place, how it was measured, and from what.

use super::without::{Without, sentence};
use crate::StudyArea;
use crate::assessment::{Assessment, ESSENTIALS, STANDARD_MINUTES};
use crate::error::nearest;
use crate::measure::{Subject, capital, some};
use crate::measures::access::SHARE_WITHIN;
use crate::measures::ranges;
use crate::measures::service_isolation::LACKING;
use crate::{Error, ErrorKind, Result};
use serde::Serialize;

/// Findings of a briefing.
const MOST_FINDINGS: usize = 3;
/// Neighbourhoods that a finding names.
const NAMED: usize = 3;

/// What a briefing says of a study area, or of one of its districts.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Brief {
    /// Name of the study area.
    pub name: String,
    /// Name of the district; `None` of the whole study area.
    pub district: Option<String>,
    /// Whether the data is made, so that every page must say so.
    pub made_data: bool,
    /// What a reader must know before anything else, a sentence each.
    pub cautions: Vec<String>,
    /// What homes count by, as it stands after a number: "residents".
    pub units: &'static str,
    /// How many are counted: those whose home is on a street, in the neighbourhoods.
    pub counted: f64,
    /// What stands out, that which concerns the most people first; at most three.
    pub findings: Vec<BriefFinding>,
    /// What people can be without, as after "without": "a clinic".
    pub places: Vec<String>,
    /// Neighbourhoods, those first where the most are without what the first finding names.
    pub neighbourhoods: Vec<BriefRow>,
    /// How it was measured, a sentence each.
    pub method: Vec<String>,
    /// What the numbers do not say.
    pub does_not_mean: String,
    /// Where the data comes from, a line each.
    pub sources: Vec<String>,
    /// Version of commonground.
    pub version: &'static str,
}

/// One finding: how many are without what, and where.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BriefFinding {
    /// Number of what they are without among [`Brief::places`].
    pub place: usize,
    /// The finding in a sentence.
    pub title: String,
    /// Where they live.
    pub text: String,
    /// How many are without it.
    pub people: f64,
    /// The same as a share of those who are counted, 0 to 1.
    pub share: f64,
    /// The least and the most that it can be, as shares, over walking speeds, thresholds and ways to join the street; `None`
    /// where ranges were not asked for, and of a district.
    pub range: Option<(f64, f64)>,
    /// The column of the neighbourhoods that shows it on a map.
    pub column: String,
}

/// One neighbourhood.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BriefRow {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// How many are counted.
    pub counted: f64,
    /// How many are without each of [`Brief::places`]; `None` where that is not known.
    pub without: Vec<Option<f64>>,
}

/// Puts together what a briefing says.
///
/// - `district`: id or name of one of the study's districts; of the whole study area without.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the study has no such district.
pub fn brief(study: &StudyArea, assessment: &Assessment, district: Option<&str>) -> Result<Brief> {
    let without = Without::of(study, assessment)?;
    let (district, members) = match district {
        Some(wanted) => {
            let (name, members) = members_of(study, wanted)?;
            (Some(name), members)
        }
        None => (None, (0..study.neighbourhoods.len()).collect()),
    };
    let row = |&place: &usize| {
        let counts = without.row(place);
        BriefRow {
            id: study.neighbourhoods[place].id.clone(),
            name: study.neighbourhoods[place].name.clone(),
            counted: counts.first().copied().flatten().unwrap_or(0.0),
            without: counts.into_iter().skip(1).collect(),
        }
    };
    let mut rows: Vec<BriefRow> = members.iter().map(row).collect();
    let counted: f64 = rows.iter().map(|row| row.counted).sum();
    let lacking = |at: usize| rows.iter().filter_map(|row| row.without[at]).sum::<f64>();
    let categories: Vec<&str> = without.categories().collect();
    let mut order: Vec<(usize, f64)> = (0..categories.len()).map(|at| (at, lacking(at))).collect();
    order.retain(|(_, people)| *people >= 1.0);
    // What everybody should reach comes before what is good to have.
    let is_essential = |at: usize| ESSENTIALS.contains(&categories[at]);
    order.sort_by(|a, b| is_essential(b.0).cmp(&is_essential(a.0)).then(b.1.total_cmp(&a.1)));
    order.truncate(MOST_FINDINGS);
    let findings = order.iter().map(|&(at, people)| {
        let share = if counted > 0.0 { people / counted } else { 0.0 };
        let category = categories[at];
        let range = range_of(assessment, category).filter(|_| district.is_none());
        let said = range.map_or_else(String::new, |(low, high)| {
            format!("; {:.0} to {:.0}% over other walking speeds and thresholds", 100.0 * low, 100.0 * high)
        });
        let weight = study.homes.weight;
        BriefFinding {
            place: at,
            title: sentence(weight, people, &format!("{:.0}%{said}", 100.0 * share), &some(category)),
            text: where_most(&rows, at, people, weight.is_count()),
            people,
            share,
            range,
            column: column_of(assessment, category),
        }
    });
    let findings: Vec<BriefFinding> = findings.collect();
    if let Some(&(first, _)) = order.first() {
        let people = |row: &BriefRow| row.without[first].unwrap_or(0.0);
        rows.sort_by(|a, b| people(b).total_cmp(&people(a)));
    }
    Ok(Brief {
        name: assessment.name.clone(),
        district,
        made_data: assessment.made_data,
        cautions: study.cautions.iter().map(|caution| format!("{}.", capital(caution))).collect(),
        units: study.homes.weight.units(),
        counted,
        findings,
        places: without.places().map(str::to_owned).collect(),
        neighbourhoods: rows,
        method: vec![
            format!(
                "Walks are measured along streets from every home to the closest place of each kind, for {}; each home counts by \
                 its {}.",
                study.settings.travel.profile, study.homes.weight
            ),
            format!(
                "Within reach means at most {STANDARD_MINUTES:.0} minutes; those without any route there count as out of reach."
            ),
        ],
        does_not_mean: "Numbers describe places and conditions, not the people who live there, and not quality, opening hours or \
                        price."
            .to_owned(),
        sources: study.sources.iter().map(crate::model::Source::line).collect(),
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// Name of a district and the numbers of its neighbourhoods.
fn members_of(study: &StudyArea, wanted: &str) -> Result<(String, Vec<usize>)> {
    let found = study.districts.iter().find(|one| one.id == wanted || one.name == wanted);
    let found = found.ok_or_else(|| {
        let error = Error::new(ErrorKind::Parameter, format!("the study has no district `{wanted}`"));
        if study.districts.is_empty() {
            return error.hint("its `study.toml` has no `[districts]`");
        }
        let names: Vec<&str> = study.districts.iter().map(|one| one.name.as_str()).collect();
        match nearest(wanted, names.iter().copied()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint(format!("its districts are {}", names.join(", "))),
        }
    })?;
    Ok((found.name.clone(), found.neighbourhoods.iter().map(|&place| place as usize).collect()))
}

/// The neighbourhoods with the most of those who are without a place, in a sentence.
fn where_most(rows: &[BriefRow], at: usize, all: f64, are_many: bool) -> String {
    let mut most: Vec<(f64, &str)> = rows
        .iter()
        .filter_map(|row| Some((row.without[at].filter(|&count| count >= 1.0)?, row.name.as_str())))
        .collect();
    most.sort_by(|a, b| b.0.total_cmp(&a.0));
    let is_all = most.len() <= NAMED;
    most.truncate(NAMED);
    let first: f64 = most.iter().map(|(count, _)| count).sum();
    let names: Vec<&str> = most.into_iter().map(|(_, name)| name).collect();
    let listed = match names.as_slice() {
        [] => return String::new(),
        [one] => (*one).to_owned(),
        // A name may hold commas of its own.
        [most @ .., last] if names.iter().any(|name| name.contains(',')) => {
            format!("{}; and {last}", most.join("; "))
        }
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    };
    let of_them = if are_many { "of them are" } else { "of it is" };
    match () {
        () if is_all => format!("All {of_them} in {listed}."),
        () if first > all / 2.0 => format!("Most {of_them} in {listed}."),
        () => format!("More {of_them} in {listed} than anywhere else."),
    }
}

/// The least and the most who can be without a category, as shares.
fn range_of(assessment: &Assessment, category: &str) -> Option<(f64, f64)> {
    let table = assessment.layer(ranges::LAYER)?;
    let near = table.texts_of(&ranges::SHARE, &Subject::NONE)?;
    let row = near.iter().position(|near| near.as_deref() == Some(category))?;
    let share = |column| table.numbers_of(column, &Subject::NONE).and_then(|shares| shares[row]);
    Some((1.0 - share(&ranges::CITY_HIGH)?, 1.0 - share(&ranges::CITY_LOW)?))
}

/// The column of the neighbourhoods that a map of who is without a category shows.
fn column_of(assessment: &Assessment, category: &str) -> String {
    let keys = assessment.neighbourhoods().keys();
    let of =
        |column, subject: Subject| keys.iter().find(|key| key.column.is(column) && key.subject == subject);
    let essential = assessment.essentials.iter().find(|name| **name == category);
    let found = essential.and_then(|name| of(&LACKING, Subject::essential(name)));
    let found = found.or_else(|| of(&SHARE_WITHIN, Subject::category(category)));
    found.map_or_else(String::new, |key| key.name(assessment.weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_names_the_places_with_the_most() {
        let row = |name: &str, count: f64| BriefRow {
            id: name.into(),
            name: name.into(),
            counted: 100.0,
            without: vec![Some(count)],
        };
        let rows = [row("A", 10.0), row("B", 40.0), row("C", 0.2), row("D", 20.0), row("E", 15.0)];
        assert_eq!(where_most(&rows, 0, 85.2, true), "Most of them are in B, D and E.");
        assert_eq!(where_most(&rows, 0, 170.0, true), "More of them are in B, D and E than anywhere else.");
        assert_eq!(where_most(&rows[..3], 0, 50.2, false), "All of it is in B and A.");
        let two = [row("A, B", 10.0), row("C", 5.0)];
        assert_eq!(where_most(&two, 0, 15.0, true), "All of them are in A, B; and C.");
        assert_eq!(where_most(&rows[2..3], 0, 0.2, true), "");
    }
}
