//! The sentences as one page without network, with bars of who gains and who loses.

use super::compare::{Comparison, EVERYBODY, PeopleChange};
use crate::measure::Unit;
use std::fmt::Write;

/// The page in HTML.
///
/// - `summary`: the text of [`super::sentences`].
#[must_use]
pub fn page(compared: &Comparison, summary: &str) -> String {
    let title = escaped(&compared.name);
    let (bars, text) = (bars(compared), body(summary));
    // The bars stand below the heading of those who gain and lose.
    let text = match text.split_once("<h2>What the means are made of</h2>") {
        Some((above, below)) => format!("{above}{bars}<h2>What the means are made of</h2>{below}"),
        None => format!("{text}{bars}"),
    };
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{title}</title>\n<style>\n{STYLE}</style></head>\n<body><main>\n{text}</main></body></html>\n"
    )
}

const STYLE: &str = "body{font:1.05rem/1.5 Georgia,serif;margin:0;color:#222;background:#fff}\
main{max-width:46rem;margin:2rem auto;padding:0 1rem}h1,h2{font-family:system-ui,sans-serif;line-height:1.2}\
table{border-collapse:collapse;font:.85rem system-ui,sans-serif}td,th{padding:.2rem .5rem;border-bottom:1px solid #bbb;text-align:right}\
td:first-child,th:first-child{text-align:left}svg{max-width:100%;height:auto;font:12px system-ui,sans-serif}svg text{fill:currentColor}\
@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#181818}}";

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

/// The few marks that the sentences use: headings, lists, tables and bold words.
fn body(markdown: &str) -> String {
    let mut html = String::new();
    let mut open = "";
    let mut is_heading = true;
    for line in markdown.lines() {
        let kind = match line {
            _ if line.starts_with("- ") => "ul",
            _ if line.starts_with('|') => "table",
            _ if line.split_once(". ").is_some_and(|(number, _)| number.parse::<usize>().is_ok()) => "ol",
            _ => "",
        };
        if kind != open {
            if !open.is_empty() {
                let _ = writeln!(html, "</{open}>");
            }
            if !kind.is_empty() {
                let _ = writeln!(html, "<{kind}>");
            }
            (open, is_heading) = (kind, true);
        }
        match kind {
            "ul" => drop(writeln!(html, "<li>{}</li>", inline(&line[2..]))),
            "ol" => drop(writeln!(
                html,
                "<li>{}</li>",
                inline(line.split_once(". ").map_or("", |(_, rest)| rest))
            )),
            "table" if line.starts_with("|---") => {}
            "table" => {
                let cell = if is_heading { "th" } else { "td" };
                is_heading = false;
                let cells = line
                    .trim_matches('|')
                    .split('|')
                    .map(|one| format!("<{cell}>{}</{cell}>", inline(one.trim())));
                let _ = writeln!(html, "<tr>{}</tr>", cells.collect::<String>());
            }
            _ => match (line.strip_prefix("# "), line.strip_prefix("## ")) {
                (Some(words), _) => drop(writeln!(html, "<h1>{}</h1>", inline(words))),
                (_, Some(words)) => drop(writeln!(html, "<h2>{}</h2>", inline(words))),
                _ if line.is_empty() => {}
                _ => drop(writeln!(html, "<p>{}</p>", inline(line))),
            },
        }
    }
    if !open.is_empty() {
        let _ = writeln!(html, "</{open}>");
    }
    html
}

fn inline(words: &str) -> String {
    let escaped = escaped(words);
    let parts = escaped.split("**").enumerate();
    parts
        .map(|(at, part)| if at % 2 == 1 { format!("<strong>{part}</strong>") } else { part.to_owned() })
        .collect()
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_elements_and_names_stay_words() {
        let html = body("# A <b>\n\n1. One.\n\n- **x**: 3\n\n| a | b |\n|---|---:|\n| 1 | 2 |\n\nEnd.");
        assert_eq!(
            html.replace('\n', ""),
            "<h1>A &lt;b&gt;</h1><ol><li>One.</li></ol><ul><li><strong>x</strong>: 3</li></ul><table><tr><th>a</th><th>b</th>\
             </tr><tr><td>1</td><td>2</td></tr></table><p>End.</p>"
        );
    }
}
