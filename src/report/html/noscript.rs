//! What a reader sees where scripts do not run: what stands out, and a table of neighbourhoods, as plain HTML.

use super::escape::escape;
use crate::StudyArea;
use crate::assessment::{Assessment, STANDARD_MINUTES};
use crate::measure::{capital, whole};
use crate::report::without::{Without, sentence};
use std::fmt::Write;

/// Rows of the table; of more, the page names the file that has them all.
const MOST_ROWS: usize = 500;
/// Sentences of what stands out.
const MOST_FINDINGS: usize = 3;

/// The static part of the page.
pub(super) fn noscript(study: &StudyArea, assessment: &Assessment, without: &Without) -> String {
    let mut html = String::from(
        "<style>main, .masthead nav, .skip { display: none }</style>\n<p class=\"banner\">This report draws its map with JavaScript, from data inside this file; nothing is sent anywhere. \
         Without it, here is the short form.</p>\n",
    );
    if assessment.made_data {
        html.push_str("<p class=\"banner\">Made data: this is not a real place.</p>\n");
    }
    for caution in &study.cautions {
        let _ = writeln!(html, "<p><strong>Caution:</strong> {}.</p>", escape(caution));
    }
    let mut found: Vec<(f64, &str)> = without.lacking().collect();
    found.retain(|(people, _)| *people > 0.0);
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all = without.counted();
    if !found.is_empty() && all > 0.0 {
        html.push_str("<section class=\"block\"><h2>What stands out</h2><ul>\n");
        for (people, some) in found.into_iter().take(MOST_FINDINGS) {
            let share = format!("{:.0}%", 100.0 * people / all);
            let _ =
                writeln!(html, "<li>{}.</li>", sentence(study.homes.weight, people, &share, &escape(some)));
        }
        html.push_str("</ul></section>\n");
    }
    table(&mut html, study, without);
    let sources: Vec<String> = study.sources.iter().map(|source| escape(&source.line())).collect();
    if !sources.is_empty() {
        let _ = writeln!(html, "<p>Data: {}</p>", sources.join(" · "));
    }
    html
}

/// Neighbourhoods with how many are without what.
fn table(html: &mut String, study: &StudyArea, without: &Without) {
    let units = study.homes.weight.units();
    let _ = write!(
        html,
        "<section class=\"block\"><h2>All neighbourhoods</h2><div class=\"table-scroll\" tabindex=\"0\"><table>\n<caption>{} on a \
         street, and how many of them are without each within {STANDARD_MINUTES:.0} minutes' walk</caption>\n<thead><tr><th \
         scope=\"col\">Neighbourhood</th><th scope=\"col\" class=\"number\">{units}</th>",
        capital(units)
    );
    for some in without.places() {
        let _ = write!(html, "<th scope=\"col\" class=\"number\">without {}</th>", escape(some));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for (place, neighbourhood) in study.neighbourhoods.iter().enumerate().take(MOST_ROWS) {
        let _ = write!(html, "<tr><th scope=\"row\">{}</th>", escape(&neighbourhood.name));
        for count in without.row(place) {
            let count = count.map_or("–".to_owned(), whole);
            let _ = write!(html, "<td class=\"number\">{count}</td>");
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table></div>\n");
    let more = study.neighbourhoods.len().saturating_sub(MOST_ROWS);
    if more > 0 {
        let _ = writeln!(html, "<p>{more} more are in neighbourhoods.csv, beside this file.</p>");
    }
    html.push_str("</section>\n");
}
