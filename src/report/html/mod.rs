//! The report: one HTML file that holds its data, its map and nothing from anywhere else.

mod between;
mod data;
mod escape;
mod ground;
mod network;
mod noscript;
mod pack;
mod shared_people;
mod street_class;

use crate::assessment::Assessment;
use crate::{Result, StudyArea};

use super::without::Without;

pub(super) use escape::escape;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
/// What the page does, one idea a file, in the order in which they are read.
const SCRIPTS: [&str; 36] = [
    include_str!("page/dom.js"),
    include_str!("page/data.js"),
    include_str!("page/colours.js"),
    include_str!("page/index.js"),
    include_str!("page/streets.js"),
    include_str!("page/map_gl.js"),
    include_str!("page/map_svg.js"),
    include_str!("page/charts.js"),
    include_str!("page/without.js"),
    include_str!("page/findings.js"),
    include_str!("page/sentence.js"),
    include_str!("page/card.js"),
    include_str!("page/profile.js"),
    include_str!("page/priorities.js"),
    include_str!("page/table.js"),
    include_str!("page/paper.js"),
    include_str!("page/engine/block.js"),
    include_str!("page/engine/search.js"),
    include_str!("page/engine/closing.js"),
    include_str!("page/engine/paths.js"),
    include_str!("page/engine/access.js"),
    include_str!("page/engine/balance.js"),
    include_str!("page/engine/routes.js"),
    include_str!("page/engine/spots.js"),
    include_str!("page/engine/scenario.js"),
    include_str!("page/try/plan.js"),
    include_str!("page/try/names.js"),
    include_str!("page/try/pin.js"),
    include_str!("page/try/path.js"),
    include_str!("page/try/result.js"),
    include_str!("page/try/plans.js"),
    include_str!("page/try/spots.js"),
    include_str!("page/try/marks.js"),
    include_str!("page/try/tab.js"),
    include_str!("page/view.js"),
    include_str!("page/main.js"),
];
/// MapLibre GL JS 5.24, 3-clause BSD; see `vendor/README.md`. It is packed: the page unpacks it where it can be used.
const MAPLIBRE: &str = include_str!("vendor/maplibre-gl.js");
const MAPLIBRE_STYLE: &str = include_str!("vendor/maplibre-gl.css");

/// Writes the report as one HTML file that needs no network.
///
/// Names and every other text of the data are inside a JSON block with `<` escaped, and the page inserts them as
/// text: a `<script>` in the data stays text.
///
/// # Errors
/// [`crate::ErrorKind::Crs`] if the study's system cannot be brought to degrees, which the map needs.
pub fn html(study: &StudyArea, assessment: &Assessment) -> Result<String> {
    let without = Without::of(study, assessment)?;
    let data = data::json(study, assessment, &without)?;
    let title = escape(&format!("{}: cohesion conditions", assessment.name));
    let script = format!("(() => {{\n\"use strict\";\n{}\n}})();", SCRIPTS.join("\n"));
    Ok(filled(
        PAGE,
        &[
            ("<!--{title}-->", &title),
            ("<!--{maplibre.css}-->", MAPLIBRE_STYLE),
            ("<!--{page.css}-->", STYLE),
            ("<!--{name}-->", &escape(&assessment.name)),
            ("<!--{static}-->", &noscript::noscript(study, assessment, &without)),
            ("<!--{data}-->", &data),
            ("<!--{maplibre.gz}-->", &pack::packed([MAPLIBRE.as_bytes()])?),
            ("<!--{page.js}-->", &script),
        ],
    ))
}

/// Puts each text in the place of its mark; the marks stand in this order, and no text is searched for marks.
fn filled(page: &str, texts: &[(&str, &str)]) -> String {
    let mut filled =
        String::with_capacity(page.len() + texts.iter().map(|(_, text)| text.len()).sum::<usize>());
    let mut rest = page;
    for (mark, text) in texts {
        if let Some((before, after)) = rest.split_once(mark) {
            filled.push_str(before);
            filled.push_str(text);
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_of_the_page_is_filled_in_order() {
        assert_eq!(filled("a<1>b<2>c", &[("<1>", "<2>"), ("<2>", "x")]), "a<2>bxc");
        let marks = PAGE.matches("<!--{").count();
        assert_eq!(marks, 8);
    }

    #[test]
    fn no_script_can_end_its_own_block() {
        for script in SCRIPTS {
            assert!(!script.to_lowercase().contains("</script") && !script.contains("<!--"));
        }
    }
}
