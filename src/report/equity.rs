//! Who gets the access, as a table of the summary.

use super::markdown::escape;
use crate::access::equity::{GroupAccess, Standard};
use crate::assessment::{Assessment, EVERYBODY, GroupCompleteness, STANDARD_MINUTES};
use std::fmt::{self, Write};

/// The share of each group without enough, measure by measure, and the Gini index of amounts.
pub(super) fn write(text: &mut String, assessment: &Assessment) -> fmt::Result {
    let equity = &assessment.equity;
    let Some(first) = equity.first() else { return Ok(()) };
    writeln!(text, "\n## Who has too little\n")?;
    writeln!(text, "Share of each group whose home is farther, or reaches less, than what is enough.\n")?;
    let names: Vec<String> = first.groups.iter().map(|group| escape(&group.name.replace('_', " "))).collect();
    writeln!(
        text,
        "| | enough | {} | Gini |\n|---|---|{}---:|",
        names.join(" | "),
        "---:|".repeat(names.len())
    )?;
    // Classes by other travel modes are in the file.
    for one in equity.iter().filter(|one| !one.is_detail) {
        let enough = match one.standard {
            Standard::AtMost(far) => format!("{far:.0} min"),
            Standard::AtLeast(line) if line >= 10.0 => format!("{line:.0}"),
            Standard::AtLeast(line) => format!("{line:.2}"),
        };
        let share = |group: &GroupAccess| {
            group.share_below.map_or("-".to_owned(), |share| format!("{:.0} %", 100.0 * share))
        };
        let shares: Vec<String> = one.groups.iter().map(share).collect();
        let gini = one.inequality.as_ref().and_then(|found| found.gini);
        let gini = gini.map_or(String::new(), |gini| format!("{gini:.2}"));
        let measure = escape(&one.label);
        writeln!(text, "| {measure} | {enough} | {} | {gini} |", shares.join(" | "))?;
    }
    writeln!(text)?;
    for GroupCompleteness { group, share, missing } in &assessment.completeness {
        let Some(share) = share else { continue };
        // Square metres are not everybody.
        let group = match group.as_str() {
            EVERYBODY => format!("all {}", assessment.weight),
            named => escape(&named.replace('_', " ")),
        };
        write!(
            text,
            "- {:.0} % of {group} have every kind of place within {STANDARD_MINUTES:.0} minutes",
            100.0 * share
        )?;
        if let Some((category, lifted)) = missing {
            let category = escape(&category.replace('_', " "));
            write!(text, "; a {category} near everyone would make that {:.0} %", 100.0 * lifted)?;
        }
        writeln!(text, ".")?;
    }
    writeln!(
        text,
        "\nAmounts without a standard of their own have half of the median; minutes have no total to share \
         and no Gini index. More by group, with depth, severity and order by income: `equity.csv`."
    )
}
