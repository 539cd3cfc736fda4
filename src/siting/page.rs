//! Sites on a map: the sentences as one page without network, with a list of near-best sets and the curve of fairness.

use super::hub::Hub;
use super::map::{Map, WIDTH};
use super::place::Placed;
use super::trade::Trade;
use crate::StudyArea;
use crate::scenario::sheet::{body, escaped, sheet};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");
/// More streets are not drawn: at that size they are grey.
const MOST_STREETS: usize = 20_000;
/// More neighbourhoods are not named on the map; a pointer names them.
const MOST_NAMES: usize = 60;
/// Near-best sets that can be shown one by one.
const LISTED: usize = 12;

/// The page in HTML.
///
/// - `summary`: the answer in sentences, in Markdown.
#[must_use]
pub fn siting_page(study: &StudyArea, hub: &Hub, placed: &Placed, summary: &str) -> String {
    let title = hub.name.clone().unwrap_or_else(|| format!("Sites for {}", hub.category.replace('_', " ")));
    let map = Map::of(study, placed.candidates.iter().map(|one| one.location));
    let figures = format!("{}{}", Drawing { map, study, placed }.drawn(), choices(placed));
    let text = body(summary);
    // The map stands below the answer, above the details.
    let text = match text.split_once("<h2>") {
        Some((above, below)) => format!("{above}{figures}<h2>{below}"),
        None => format!("{text}{figures}"),
    };
    let data = facts(hub, placed).to_string().replace("</", "<\\/");
    let script = format!("<script>\nconst DATA = {data};\n{SCRIPT}</script>\n");
    sheet(&format!("{title}: {}", study.name), &format!("{text}{script}"), STYLE)
}

/// What is drawn, and where.
struct Drawing<'a> {
    map: Map,
    study: &'a StudyArea,
    placed: &'a Placed,
}

impl Drawing<'_> {
    fn drawn(&self) -> String {
        let Self { map, study, placed } = self;
        let mut svg = format!(
            "<figure><svg id=\"map\" viewBox=\"0 0 {WIDTH} {:.0}\" role=\"img\" aria-label=\"Candidates, existing places and the chosen \
             sites; the list below names them\">\n",
            map.height
        );
        let minutes = saved(study, placed);
        let most = minutes.iter().flatten().map(|(_, saved)| *saved).fold(0.0, f64::max);
        for (place, minutes) in study.neighbourhoods.iter().zip(&minutes) {
            let name = escaped(&place.name);
            let (shade, said) = match minutes {
                None => (0.0, format!("{name}: nobody is served")),
                Some((after, saved)) if *saved > 0.05 => {
                    (saved / most, format!("{name}: {after:.1} minutes, {saved:.1} less than today"))
                }
                Some((after, _)) => (0.0, format!("{name}: {after:.1} minutes")),
            };
            let _ = writeln!(
                svg,
                "<path class=\"area\" d=\"{}\"><title>{said}</title></path><path class=\"nearer\" style=\"opacity:{:.2}\" d=\"{}\"/>",
                map.area(&place.shape),
                0.55 * shade,
                map.area(&place.shape)
            );
        }
        for green in &study.green_spaces {
            let _ = writeln!(svg, "<path class=\"green\" d=\"{}\"/>", map.area(&green.shape));
        }
        if study.streets.len() <= MOST_STREETS {
            let mut path = String::new();
            study.streets.iter().for_each(|street| map.line(&mut path, &street.line, false));
            let _ = writeln!(svg, "<path class=\"streets\" d=\"{path}\"/>");
        }
        if study.neighbourhoods.len() <= MOST_NAMES {
            for (name, (x, y)) in map.names(study) {
                let name = escaped(name);
                let _ = writeln!(svg, "<text class=\"name\" x=\"{x:.1}\" y=\"{y:.1}\">{name}</text>");
            }
        }
        for place in &placed.existing_at {
            let (x, y) = map.at(place.0);
            let _ = writeln!(
                svg,
                "<rect class=\"existing\" x=\"{:.1}\" y=\"{:.1}\" width=\"9\" height=\"9\"><title>serves already</title></rect>",
                x - 4.5,
                y - 4.5
            );
        }
        let share: BTreeMap<u32, f64> = placed.found.frequency.iter().copied().collect();
        let mut order: Vec<usize> = (0..placed.candidates.len()).collect();
        // What is chosen lies above what is not, and that above what is ruled out.
        let rank = |number: &usize| {
            let one = &placed.candidates[*number];
            (
                one.ruled_out_by.is_empty(),
                share.get(&(*number as u32)).map_or(0, |share| (share * 1e6) as u64),
            )
        };
        order.sort_by_key(|number| (rank(number), *number));
        for number in order {
            self.site(&mut svg, number, share.get(&(number as u32)).copied().unwrap_or(0.0));
        }
        let legend = "<figcaption>● chosen · ○ could be chosen, larger in more of the near-best sets · × ruled out · ■ serves already · blue: \
                      the farther, the more minutes nearer than today. Point at a site to read its name.</figcaption></figure>\n";
        svg + "</svg>\n" + legend
    }

    fn site(&self, svg: &mut String, number: usize, share: f64) {
        let one = &self.placed.candidates[number];
        let (x, y) = self.map.at(one.location.0);
        let name = escaped(&one.name);
        if !one.ruled_out_by.is_empty() {
            let why = escaped(&one.ruled_out_by.join("; "));
            let _ = writeln!(
                svg,
                "<path class=\"out\" d=\"M{:.1} {:.1}l6 6m0 -6l-6 6\"><title>{name}: ruled out ({why})</title></path>",
                x - 3.0,
                y - 3.0
            );
            return;
        }
        let chosen = self.placed.found.best.sites.contains(&(number as u32));
        let _ = writeln!(
            svg,
            "<circle class=\"site{}\" data-site=\"{number}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\"><title>{name}: in {:.0} of 100 near-best \
             sets</title></circle>",
            if chosen { " chosen" } else { "" },
            3.0 + 5.0 * share,
            100.0 * share
        );
    }
}

/// Of each neighbourhood: mean minutes with the chosen sites, and how many fewer than today; `None` where nobody is served.
fn saved(study: &StudyArea, placed: &Placed) -> Vec<Option<(f64, f64)>> {
    let mut sums = vec![(0.0, 0.0, 0.0); study.neighbourhoods.len()];
    for (home, area) in study.homes.neighbourhoods.iter().enumerate() {
        if let (Some(area), (before, Some(after))) = (area, placed.homes[home]) {
            let people = study.homes.weights[home];
            let (all, minutes, saved) = &mut sums[*area as usize];
            *all += people;
            *minutes += people * after;
            *saved += people * before.map_or(0.0, |before| before - after);
        }
    }
    sums.into_iter().map(|(all, minutes, saved)| (all > 0.0).then(|| (minutes / all, saved / all))).collect()
}

/// The list of near-best sets and the slider along the curve.
fn choices(placed: &Placed) -> String {
    let name = |site: &u32| escaped(&placed.candidates[*site as usize].name);
    let names = |sites: &[u32]| sites.iter().map(name).collect::<Vec<_>>().join("; ");
    let plans = &placed.found.alternatives;
    let best = placed.found.best.value;
    let mut html =
        "<h2>Near-best sets</h2>\n<p>Choose one to see it on the map.</p>\n<ol class=\"sets\">\n".to_owned();
    for (number, plan) in plans.iter().take(LISTED).enumerate() {
        let worse = if best == 0.0 { 0.0 } else { 100.0 * (plan.value - best).abs() / best.abs() };
        let said = if number == 0 { "the best".to_owned() } else { format!("{worse:.2} % worse") };
        let _ = writeln!(
            html,
            "<li><button type=\"button\" data-plan=\"{number}\" aria-pressed=\"{}\">{}</button> {said}</li>",
            number == 0,
            names(&plan.sites)
        );
    }
    html += "</ol>\n";
    let curve: Vec<_> = placed.trades.iter().filter(|one| one.is_on_curve).collect();
    if let ([_, .., _], Some(first), Some(last)) = (&curve[..], curve.first(), curve.last()) {
        let _ = write!(
            html,
            "<h2>What fairness costs</h2>\n<p>From the shortest mean walk ({:.1} min, worst-off tenth {:.1}) to the shortest walk of the tenth \
             who walk farthest ({:.1} min, mean {:.1}), among {} sets that were looked at.</p>\n\
             <p><label>efficient <input type=\"range\" id=\"curve\" min=\"0\" max=\"{}\" value=\"0\"> fair</label></p>\n\
             <p><output id=\"trade\" for=\"curve\"></output></p>\n{}",
            first.mean_minutes,
            first.worst_tenth_minutes,
            last.worst_tenth_minutes,
            last.mean_minutes,
            placed.trades.len(),
            curve.len() - 1,
            chart(placed)
        );
    } else if let Some(only) = curve.first() {
        let _ = writeln!(
            html,
            "<h2>What fairness costs</h2>\n<p>Nothing: of {} sets that were looked at, the one with the shortest mean walk ({:.1} min) is \
             also the best for the tenth who walk farthest ({:.1} min): {}.</p>",
            placed.trades.len(),
            only.mean_minutes,
            only.worst_tenth_minutes,
            names(&only.sites)
        );
    }
    html
}

/// Every set by mean walk (across) and walk of the worst-off tenth (up), with the curve.
fn chart(placed: &Placed) -> String {
    const SIDE: (f64, f64) = (640.0, 220.0);
    const EDGE: f64 = 40.0;
    let all = &placed.trades;
    let of = |value: fn(&Trade) -> f64| {
        let values = || all.iter().map(value);
        (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max))
    };
    let (across, up) = (of(|one| one.mean_minutes), of(|one| one.worst_tenth_minutes));
    let part = |value: f64, (least, most): (f64, f64)| (value - least) / (most - least).max(1e-9);
    let at = |one: &Trade| {
        (
            EDGE + (SIDE.0 - 2.0 * EDGE) * part(one.mean_minutes, across),
            SIDE.1 - EDGE - (SIDE.1 - 2.0 * EDGE) * part(one.worst_tenth_minutes, up),
        )
    };
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Sets of sites by mean walk and walk of the worst-off tenth\">\n\
         <text x=\"{EDGE}\" y=\"{:.0}\">mean walk {:.1} min</text><text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{:.1} min</text>\n\
         <text x=\"0\" y=\"14\">walk of the worst-off tenth, {:.1} to {:.1} min upwards</text>\n",
        SIDE.0,
        SIDE.1,
        SIDE.1 - 12.0,
        across.0,
        SIDE.0 - EDGE,
        SIDE.1 - 12.0,
        across.1,
        up.0,
        up.1
    );
    let mut path = String::new();
    for one in all {
        let (x, y) = at(one);
        let class = if one.is_on_curve { "on" } else { "off" };
        let _ = writeln!(svg, "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>");
        if one.is_on_curve {
            let _ = write!(path, "{}{x:.1} {y:.1}", if path.is_empty() { 'M' } else { 'L' });
        }
    }
    let _ = writeln!(
        svg,
        "<path class=\"curve\" d=\"{path}\"/><circle id=\"here\" r=\"7\" cx=\"-20\" cy=\"-20\"/>"
    );
    svg + "</svg>\n"
}

/// What the script needs: the sites of each set in the list and on the curve.
fn facts(hub: &Hub, placed: &Placed) -> Value {
    let names: BTreeMap<u32, &str> = placed
        .trades
        .iter()
        .filter(|one| one.is_on_curve)
        .flat_map(|one| &one.sites)
        .map(|&site| (site, placed.candidates[site as usize].name.as_str()))
        .collect();
    let curve = placed.trades.iter().filter(|one| one.is_on_curve);
    json!({
        "plans": placed.found.alternatives.iter().take(LISTED).map(|plan| &plan.sites).collect::<Vec<_>>(),
        "curve": curve.map(|one| json!([one.sites, one.mean_minutes, one.worst_tenth_minutes])).collect::<Vec<_>>(),
        "names": names,
        "choose": hub.choose,
    })
}
