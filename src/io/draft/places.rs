//! Services, green space and work of the files, beside what an extract knows.

use super::columns::residents;
use super::found::{Ask, Guessed, answer, areas, join, points};
use super::look::{Content, Look};
use super::people::joined;
use super::said::{LeftOut, Question};
use super::services::{Services, counts, green, jobs, services};
use super::table::Table;
use crate::Result;
use crate::io::osm::OsmExtract;
use std::collections::BTreeSet;

/// Services, green space and work of the files; an extract's places are kept where they are more.
pub(super) fn places(
    looks: &[Look],
    extract: Option<(&Look, &OsmExtract)>,
    left_out: &mut Vec<LeftOut>,
    found: &mut Guessed,
    ask: Ask<'_>,
) -> Result<()> {
    let is_homes =
        |look: &Look| found.tables.iter().any(|table| table.heading == "[homes]" && table.file == look.file);
    let mut given: Vec<Services> = Vec::new();
    let mut work: Vec<Table> = Vec::new();
    let mut parks = Vec::new();
    let free: Vec<&Look> = looks.iter().collect();
    for look in looks {
        let Some(table) = points(look).or_else(|| areas(look)) else {
            if let Content::Table(table) = &look.content
                && let Some(mut jobs) = jobs(look, table, residents(table, None).as_deref())
                && let Some((areas, ours, theirs)) = joined(&free, table)
            {
                let why = format!("{} of `{}`", jobs.why, look.file);
                let column = jobs.keys.pop().map(|(_, column)| column).unwrap_or_default();
                let written =
                    join(Table::new("[jobs]", &areas.file, why).text("id", &ours), &look.file, &theirs);
                work.push(written.value("jobs", column));
            }
            continue;
        };
        if let Some(park) = areas(look).and_then(|table| green(look, table, looks)) {
            parks.push(park);
            continue;
        }
        work.extend(jobs(look, table, residents(table, None).as_deref()));
        match services(look, table) {
            Ok(Some(services)) if !is_homes(look) => given.push(services),
            Err(why) => left_out.push(LeftOut { file: look.file.clone(), why }),
            _ => given.extend(counts(look, table)),
        }
    }
    let ours: BTreeSet<&String> = given.iter().flat_map(|(_, categories)| categories).collect();
    let theirs: BTreeSet<&String> = extract
        .iter()
        .flat_map(|(_, extract)| extract.services.iter().map(|service| &service.category))
        .collect();
    let mut from_files = true;
    if let (Some((look, _)), false, false) = (extract, ours.is_empty(), theirs.is_empty()) {
        let said = |kinds: &BTreeSet<&String>| {
            let kinds: Vec<String> = kinds.iter().map(|kind| kind.replace('_', " ")).collect();
            format!("{}: {}", kinds.len(), kinds.join(", "))
        };
        let question = Question {
            text: "Where are the places that people need taken from? Tables of your own take the place of all that the \
                   extract says."
                .into(),
            choices: vec![
                format!("the extract `{}` (kinds: {})", look.file, said(&theirs)),
                format!("your files (kinds: {})", said(&ours)),
            ],
            safest: usize::from(ours.len() >= theirs.len()),
        };
        from_files = answer(ask, &question)? == 1;
        if !from_files {
            found.comments.push(format!(
                "Places that people need come from the extract, which has more kinds ({}). A table `[[services]]` would take the \
                 place of all of them.",
                said(&theirs)
            ));
        }
    }
    let tables = given.into_iter().map(|(table, _)| table);
    if from_files {
        found.tables.extend(tables)
    } else {
        found.spare.extend(tables)
    }
    found.tables.extend(parks);
    let mut work = work.into_iter();
    found.tables.extend(work.next());
    found.spare.extend(work);
    Ok(())
}
