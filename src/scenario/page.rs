//! The sentences as one page without network, with bars of who gains and who loses.

use super::compare::{Comparison, EVERYBODY, PeopleChange};
use super::sheet::{body, escaped, sheet};
use crate::measure::Unit;
use std::fmt::Write;

/// The page in HTML.
///
/// - `summary`: the text of [`super::sentences`].
#[must_use]
pub fn page(compared: &Comparison, summary: &str) -> String {
    let (bars, text) = (bars(compared), body(summary));
    // The bars stand below the heading of those who gain and lose.
    let text = match text.split_once("<h2>What the means are made of</h2>") {
        Some((above, below)) => format!("{above}{bars}<h2>What the means are made of</h2>{below}"),
        None => format!("{text}{bars}"),
    };
    sheet(&compared.name, &text, "")
}

/// Stayers, newcomers and leavers of every walk as the study travels: who gains, who loses.
fn bars(compared: &Comparison) -> String {
    const WIDTH: f64 = 640.0;
    const ROW: f64 = 22.0;
    const LEFT: f64 = 220.0;
    let own = compared.people.first().map(|one| one.traveller);
    let rows: Vec<&PeopleChange> = compared
        .people
        .iter()
        .filter(|one| one.group == EVERYBODY && Some(one.traveller) == own && one.unit == Unit::Minutes)
        .filter(|one| one.who.gained + one.who.lost + one.parts.newcomers + one.parts.leavers > 0.0)
        .collect();
    let most =
        rows.iter().map(|one| one.who.gained.max(one.who.lost).max(one.parts.newcomers)).fold(0.0, f64::max);
    if most <= 0.0 {
        return String::new();
    }
    let middle = LEFT + (WIDTH - LEFT) / 2.0;
    let scale = (WIDTH - LEFT) / 2.0 / most;
    let height = ROW * (rows.len() as f64 + 1.0);
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"People who stay and lose (left) or gain (right), and \
         newcomers (outlined), by walk\">\n<text x=\"{middle}\" y=\"14\" text-anchor=\"middle\">◀ farther · nearer ▶ (outlined: newcomers)</text>\n"
    );
    for (number, one) in rows.iter().enumerate() {
        let y = ROW * (number as f64 + 1.0);
        let (lost, gained, new) = (one.who.lost * scale, one.who.gained * scale, one.parts.newcomers * scale);
        let _ = writeln!(
            svg,
            "<text x=\"0\" y=\"{:.0}\">{}</text><rect x=\"{:.1}\" y=\"{:.0}\" width=\"{lost:.1}\" height=\"14\" fill=\"#b35806\"/>\
             <rect x=\"{middle:.1}\" y=\"{:.0}\" width=\"{gained:.1}\" height=\"14\" fill=\"#2166ac\"/><rect x=\"{middle:.1}\" \
             y=\"{:.0}\" width=\"{new:.1}\" height=\"14\" fill=\"none\" stroke=\"#2166ac\"/>",
            y + 12.0,
            escaped(&one.label),
            middle - lost,
            y,
            y,
            y
        );
    }
    svg + "</svg>\n"
}
