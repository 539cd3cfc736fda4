//! A budget's answer as one page without network, with a map of what is owed and the borders of districts.

use super::answer::BudgetAnswer;
use crate::StudyArea;
use crate::scenario::sheet::{body, escaped, sheet};
use crate::siting::map::{Map, WIDTH};
use geo::BoundingRect;
use std::fmt::Write;

const STYLE: &str = "main{max-width:60rem}figure{margin:1rem 0}figcaption{font:.85rem/1.4 system-ui,sans-serif}\
#map{background:#fff;border:1px solid #bbb;width:100%}#map .area{stroke:#a9a294}#map .district{fill:none;stroke:#222;stroke-width:2.5;\
pointer-events:none}#map .name{font-size:13px;font-weight:700;fill:#222;text-anchor:middle;pointer-events:none;paint-order:stroke;\
stroke:#fff;stroke-width:3}";

/// The page in HTML.
///
/// - `summary`: the text of [`budget_sentences`](super::budget_sentences).
#[must_use]
pub fn budget_page(study: &StudyArea, answer: &BudgetAnswer, summary: &str) -> String {
    let (text, figure) = (body(summary), drawn(study, answer));
    // The map stands above what each neighbourhood is owed.
    let text = match text.split_once("<h2>") {
        Some((above, below)) => format!("{above}{figure}<h2>{below}"),
        None => format!("{text}{figure}"),
    };
    sheet(&format!("What each neighbourhood is owed: {}", study.name), &text, STYLE)
}

fn drawn(study: &StudyArea, answer: &BudgetAnswer) -> String {
    let map = Map::of(study, std::iter::empty());
    let per_person = |place: usize| answer.owed.iter().filter_map(move |one| one.per_head[place]);
    let mean = |place: usize| per_person(place).sum::<f64>() / answer.owed.len().max(1) as f64;
    let most = (0..study.neighbourhoods.len()).map(mean).fold(0.0, f64::max);
    let mut svg = format!(
        "<figure><svg id=\"map\" viewBox=\"0 0 {WIDTH} {:.0}\" role=\"img\" aria-label=\"What each neighbourhood is owed per person, as \
         the mean of the rules; the list below says the figures\">\n",
        map.height
    );
    for (number, place) in study.neighbourhoods.iter().enumerate() {
        let name = escaped(&place.name);
        let said = match answer.ranks[number] {
            None => format!("{name}: nobody lives here"),
            Some((best, worst)) => {
                let (least, most) = (
                    per_person(number).fold(f64::INFINITY, f64::min),
                    per_person(number).fold(0.0, f64::max),
                );
                format!("{name}: {least:.2} to {most:.2} per person, rank {best} to {worst}")
            }
        };
        let shade = if most > 0.0 { mean(number) / most } else { 0.0 };
        let _ = writeln!(
            svg,
            "<path class=\"area\" fill=\"rgb({:.0},{:.0},{:.0})\" d=\"{}\"><title>{said}</title></path>",
            247.0 - 214.0 * shade,
            244.0 - 142.0 * shade,
            236.0 - 64.0 * shade,
            map.area(&place.shape)
        );
    }
    for district in &study.districts {
        let _ = writeln!(svg, "<path class=\"district\" d=\"{}\"/>", map.area(&district.shape));
    }
    for district in &study.districts {
        if let Some(middle) = district.shape.bounding_rect().map(|one| one.center()) {
            let (x, y) = map.at(middle);
            let _ = writeln!(
                svg,
                "<text class=\"name\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>",
                escaped(&district.name)
            );
        }
    }
    let caption = "<figcaption>Owed per person, the mean of the rules: the bluer, the more. Point at a neighbourhood to read the least and \
                   the most over the rules; bold lines are districts.</figcaption></figure>\n";
    svg + "</svg>\n" + caption
}
