//! Change of neighbourhoods between dates as a page to read: classes, thresholds, reasons.

use super::markdown::escape;
use crate::assessment::ChangeTable;
use crate::measure::Subject;
use crate::measures::gentrification::DISPLACEMENT_RISK;
use crate::scores::gentrification::{Classified, Comparison};
use crate::{Error, ErrorKind, Result, StudyArea};
use std::fmt::{self, Write};

/// Writes, in Markdown: the definitions with what they compare with, a row a neighbourhood, and why those that are asked
/// for have their classes.
///
/// - `explained`: ids or names of neighbourhoods.
///
/// # Errors
/// [`ErrorKind::Parameter`] if no neighbourhood has such an id or name.
pub fn change(study: &StudyArea, found: &ChangeTable, explained: &[String]) -> Result<String> {
    let row_of = |wanted: &String| {
        let by_id = study.neighbourhoods.iter().position(|place| place.id == *wanted);
        let row = by_id.or_else(|| study.neighbourhoods.iter().position(|place| place.name == *wanted));
        row.ok_or_else(|| {
            Error::new(ErrorKind::Parameter, format!("no neighbourhood has the id or name `{wanted}`"))
        })
    };
    let rows = explained.iter().map(row_of).collect::<Result<Vec<usize>>>()?;
    let mut text = String::new();
    write(&mut text, study, found, &rows).expect("writing to a string does not fail");
    Ok(text)
}

fn write(text: &mut String, study: &StudyArea, found: &ChangeTable, explained: &[usize]) -> fmt::Result {
    let classified = &found.change.classified;
    writeln!(text, "# {}\n", study.name)?;
    if study.settings.made_data {
        writeln!(text, "**Made data: this is not a real place.**\n")?;
    }
    write_classes(text, study, found)?;
    for (index, definition) in classified.definitions().iter().enumerate() {
        let years: Vec<String> = classified.years(index).iter().map(i32::to_string).collect();
        writeln!(text, "\n## {}, {}\n\n{}.\n", definition.title, years.join(" to "), definition.source)?;
        for class in &definition.classes {
            writeln!(text, "- {}: {}.", class.code, class.label)?;
        }
        let thresholds = classified.thresholds(index);
        if !thresholds.is_empty() {
            let count = classified.ids().len();
            writeln!(text, "\nCompared with, over the {count} neighbourhoods of the study:\n")?;
        }
        for (threshold, value) in thresholds {
            writeln!(text, "- `{threshold}` = {}", number(value))?;
        }
    }
    for row in explained {
        write_reasons(text, study, found, *row)?;
    }
    if !found.not_assessed.is_empty() {
        writeln!(text, "\n## Not assessed\n")?;
        for (name, reason) in &found.not_assessed {
            writeln!(text, "- {name}: {reason}")?;
        }
    }
    writeln!(text, "\nClasses describe change, not its causes, and not whether anybody was displaced.")
}

/// One row per neighbourhood; those that most definitions agree on first.
fn write_classes(text: &mut String, study: &StudyArea, found: &ChangeTable) -> fmt::Result {
    let classified = &found.change.classified;
    let risk = found.table.numbers_of(&DISPLACEMENT_RISK, &Subject::NONE);
    let shown = |name: &'_ str| if name == "risk" { "stage".to_owned() } else { name.to_owned() };
    let names: Vec<String> = classified.definitions().iter().map(|one| shown(&one.name)).collect();
    let has_risk = risk.is_some();
    writeln!(
        text,
        "| neighbourhood | agreement |{}{} |",
        if has_risk { " risk | " } else { " " },
        names.join(" | ")
    )?;
    writeln!(text, "|---|---:|{}{}", if has_risk { "---:|" } else { "" }, "---|".repeat(names.len()))?;
    let agreement = classified.agreement();
    let risk = risk.unwrap_or_else(|| vec![None; agreement.len()]);
    let mut rows: Vec<usize> = (0..agreement.len()).collect();
    // Three of four say more than one of one; where none applies comes last.
    let key = |row: usize| {
        let one = &agreement[row];
        (one.flagged_by.len(), one.share().unwrap_or(-1.0), risk[row].unwrap_or(-1.0))
    };
    rows.sort_by(|a, b| {
        let (a, b) = (key(*a), key(*b));
        b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(b.2.total_cmp(&a.2))
    });
    let codes: Vec<Vec<Option<&str>>> = (0..names.len()).map(|index| classified.codes(index)).collect();
    for row in rows {
        let one = &agreement[row];
        let agreed = if one.applicable.is_empty() {
            "none applies".to_owned()
        } else {
            format!("{} of {}", one.flagged_by.len(), one.applicable.len())
        };
        let risk = if has_risk { format!(" {} |", number(risk[row])) } else { String::new() };
        let unsure = |index: usize| {
            found.change.probabilities.as_ref().is_some_and(|sure| !sure[index].is_robust(row))
        };
        let classes = codes.iter().enumerate().map(|(index, codes)| {
            format!("{}{}", codes[row].unwrap_or("unknown"), if unsure(index) { " (not robust)" } else { "" })
        });
        let classes: Vec<String> = classes.collect();
        writeln!(
            text,
            "| {} | {agreed} |{risk} {} |",
            escape(&study.neighbourhoods[row].name),
            classes.join(" | ")
        )?;
    }
    Ok(())
}

/// Every number of a neighbourhood against its threshold; those that would change the class first.
fn write_reasons(text: &mut String, study: &StudyArea, found: &ChangeTable, row: usize) -> fmt::Result {
    let place = &study.neighbourhoods[row];
    let classified: &Classified = &found.change.classified;
    writeln!(text, "\n## Why {} ({})", escape(&place.name), place.id)?;
    for (index, definition) in classified.definitions().iter().enumerate() {
        writeln!(text, "\n{}.\n", classified.reason(index, row))?;
        writeln!(text, "| number | value | | threshold | holds | else |\n|---|---:|---|---:|---|---|")?;
        // What the data does not know at all and does not matter is left out.
        let matters =
            |one: &Comparison| one.value.is_some() || one.threshold.is_some() || one.would_become.is_some();
        for one in classified.explain_at(index, row).comparisons.into_iter().filter(matters) {
            let holds = one.holds.map_or("unknown", |holds| if holds { "yes" } else { "no" });
            let class = one.would_become.map(|class| classified.code(index, class).unwrap_or("unknown"));
            writeln!(
                text,
                "| `{}` | {} | {} | {} (`{}`) | {holds} | {} |",
                one.left,
                number(one.value),
                one.sign,
                number(one.threshold),
                one.right,
                class.unwrap_or("the same")
            )?;
        }
        if let Some(sure) = &found.change.probabilities {
            let said = found.change.probabilities_in_words(index, &sure[index], row);
            writeln!(text, "\nBy draws within the margins of error, {}: {said}.", definition.title)?;
        }
    }
    Ok(())
}

fn number(value: Option<f64>) -> String {
    match value {
        None => "unknown".into(),
        Some(value) if value.abs() >= 1000.0 => format!("{value:.0}"),
        Some(value) if value.abs() >= 10.0 => format!("{value:.2}"),
        Some(value) => format!("{value:.4}"),
    }
}
