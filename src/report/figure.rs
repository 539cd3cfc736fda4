//! A map for print and slides: one column, its legend, a scale bar and what it does not mean, as SVG.

use super::barrier_map;
use super::html::escape;
use super::palette::LIGHT;
use super::topology::{Topology, index};
use crate::assessment::Assessment;
use crate::measure::{Described, Scale, Theme, Unit};
use crate::{Error, ErrorKind, Result, StudyArea};
use geo::{BoundingRect, Coord, SimplifyIdx};
use polars::prelude::DataType;
use std::fmt::{self, Write};

/// Width and height of the map itself in pixels, at most.
const MAP: [f64; 2] = [860.0, 760.0];
const MARGIN: f64 = 32.0;
/// Height of the title above the map, and of the caption below it.
const TITLE: f64 = 64.0;
const CAPTION: f64 = 84.0;
/// Height of a line that credits a source.
const CREDIT: f64 = 15.0;
const LEGEND_WIDTH: f64 = 250.0;
/// Borders are drawn within this many pixels.
const TOLERANCE_PX: f64 = 0.4;
/// The scale bar is at most this part of the map.
const SCALE_BAR: f64 = 0.25;
/// Classes of a scale of numbers.
const CLASSES: usize = 6;
/// Fewer places than this are coloured by equal steps: equal numbers of a few would make much of little.
const FEW_PLACES: usize = 20;
/// Equal steps run over at least so much, so that small differences do not look large.
const LEAST_SPAN_SHARE: f64 = 0.3;
/// As [`LEAST_SPAN_SHARE`], in minutes.
const LEAST_SPAN_MINUTES: f64 = 6.0;

/// How a column is coloured: borders of classes (or their names) with one colour each, and the class of each place.
#[derive(Debug, Clone, PartialEq)]
pub struct Colouring {
    /// Label and colour, from little to much.
    pub classes: Vec<(String, String)>,
    /// One entry per neighbourhood; `None` where there is no value.
    pub of: Vec<Option<usize>>,
}

/// Colours a column of the assessed neighbourhoods as the figures and the page do at first: classes of equal numbers
/// of neighbourhoods.
///
/// # Errors
/// [`ErrorKind::Column`] if there is no such column.
pub fn colouring(assessment: &Assessment, column: &str) -> Result<Colouring> {
    let table = assessment.neighbourhoods();
    let found = table.features().attributes.column(column).map_err(|_| no_column(column))?;
    let described = table.described(column).ok_or_else(|| no_column(column))?;
    let words = match found.dtype() {
        DataType::String => Some(table.texts(column)?),
        DataType::Boolean => {
            let answer = |value: f64| if value > 0.0 { "yes" } else { "no" }.to_owned();
            Some(table.values(column)?.into_iter().map(|value| value.map(answer)).collect())
        }
        _ => None,
    };
    Ok(match words {
        Some(words) => by_words(&words),
        None => by_numbers(&table.values(column)?, described.scale, described.unit),
    })
}

fn no_column(column: &str) -> Error {
    Error::new(ErrorKind::Column, format!("the neighbourhoods have no column `{column}`"))
        .hint("neighbourhoods.csv lists all columns")
}

fn by_words(words: &[Option<String>]) -> Colouring {
    let mut names: Vec<&String> = words.iter().flatten().collect();
    let is_quiet =
        |name: &str| name == "no" || name == "unknown" || name.starts_with("not ") || name.starts_with("no ");
    names.sort_by_key(|name| (is_quiet(name), name.as_str()));
    names.dedup();
    let colour = |(at, name): (usize, &&String)| {
        let colour = if is_quiet(name) { LIGHT.quiet } else { LIGHT.classes[at % LIGHT.classes.len()] };
        (name.replace('_', " "), colour.to_owned())
    };
    Colouring {
        classes: names.iter().enumerate().map(colour).collect(),
        of: words
            .iter()
            .map(|word| word.as_ref().and_then(|word| names.iter().position(|name| *name == word)))
            .collect(),
    }
}

fn by_numbers(values: &[Option<f64>], scale: Scale, unit: Unit) -> Colouring {
    let scale = if scale == Scale::Classes { Scale::Neutral } else { scale };
    let breaks = match scale {
        Scale::Diverging { middle } => around(middle, values),
        _ if values.len() < FEW_PLACES => equal_steps(values, unit),
        _ => equal_numbers(values),
    };
    let count = breaks.len().saturating_sub(1);
    let colours = LIGHT.of(scale);
    let of = |value: f64| (1..count).rev().find(|&at| value >= breaks[at]).unwrap_or(0);
    let of: Vec<Option<usize>> = values.iter().map(|value| value.map(of)).collect();
    let class = |at: usize| {
        let members =
            || values.iter().zip(&of).filter(|(_, of)| **of == Some(at)).filter_map(|(value, _)| *value);
        let low = members().reduce(f64::min).unwrap_or(breaks[at]);
        let high = members().reduce(f64::max).unwrap_or(breaks[at + 1]);
        let (low, high) = (text(low, unit), text(high, unit));
        let label = if low == high { low } else { format!("{low} to {high}") };
        // The ends of the ramp are always used; a single class takes its middle.
        let colour = if count == 1 { colours[3] } else { colours[at * (colours.len() - 1) / (count - 1)] };
        (label, colour.to_owned())
    };
    Colouring { classes: (0..count).map(class).collect(), of }
}

/// Borders of classes of one width.
fn equal_steps(values: &[Option<f64>], unit: Unit) -> Vec<f64> {
    let known = || values.iter().copied().flatten();
    let (Some(low), Some(high)) = (known().reduce(f64::min), known().reduce(f64::max)) else {
        return Vec::new();
    };
    let least = match unit {
        Unit::Share => LEAST_SPAN_SHARE,
        Unit::Minutes => LEAST_SPAN_MINUTES,
        _ => 0.0,
    };
    let span = (high - low).max(least);
    if low == high {
        return vec![low, high];
    }
    (0..=CLASSES).map(|at| low + span * at as f64 / CLASSES as f64).collect()
}

/// Borders of classes with about equally many places each.
fn equal_numbers(values: &[Option<f64>]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().flatten().collect();
    sorted.sort_by(f64::total_cmp);
    let Some(&high) = sorted.last() else { return Vec::new() };
    let mut breaks = lower_ends(&sorted, CLASSES);
    breaks.push(high);
    breaks
}

/// A value that fills a class is one, and the rest is shared anew.
fn lower_ends(sorted: &[f64], count: usize) -> Vec<f64> {
    let low = sorted[0];
    let above = sorted.partition_point(|value| *value <= low);
    if above == sorted.len() || count == 1 {
        return vec![low];
    }
    let next = if above * count >= sorted.len() { above } else { sorted.len() / count };
    let next = sorted.partition_point(|value| *value < sorted[next]);
    let mut ends = vec![low];
    ends.extend(lower_ends(&sorted[next..], count - 1));
    ends
}

/// Seven classes, the middle one around what is neither.
fn around(middle: f64, values: &[Option<f64>]) -> Vec<f64> {
    let known = || values.iter().copied().flatten();
    if middle == 1.0 && known().all(|value| value >= 0.0) {
        // A quotient: half as much is as far as twice as much.
        return vec![0.0, 0.5, 2.0 / 3.0, 0.9, 1.1, 1.5, 2.0, known().fold(3.0, f64::max)];
    }
    let reach = known().map(|value| (value - middle).abs()).fold(1e-12, f64::max);
    [-1.0, -0.6, -0.3, -0.1, 0.1, 0.3, 0.6, 1.0].iter().map(|part| middle + part * reach).collect()
}

/// A value as people read it.
fn text(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Share if (100.0 * value).abs() < 10.0 && value != 0.0 => format!("{:.1} %", 100.0 * value),
        Unit::Share => format!("{:.0} %", 100.0 * value),
        Unit::Minutes => format!("{value:.1} min"),
        Unit::SquareKilometres => format!("{value:.2} km²"),
        _ if value.abs() >= 100.0 => format!("{value:.0}"),
        _ => format!("{value:.2}"),
    }
}

/// Draws a column of the neighbourhoods as a map.
///
/// # Errors
/// [`ErrorKind::Column`] if there is no such column.
pub fn map_svg(study: &StudyArea, assessment: &Assessment, column: &str) -> Result<String> {
    let colouring = colouring(assessment, column)?;
    let mut svg = String::new();
    let described = assessment.neighbourhoods().described(column).ok_or_else(|| no_column(column))?;
    write(&mut svg, study, assessment, &described, &colouring).expect("writing to a string does not fail");
    Ok(svg)
}

/// From metres to pixels.
pub(super) struct Projection {
    west: f64,
    north: f64,
    px_per_m: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Projection {
    fn of(study: &StudyArea) -> Self {
        let rects = study.neighbourhoods.iter().filter_map(|place| place.shape.bounding_rect());
        let [west, south, east, north] = rects
            .fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |[w, s, e, n], r| {
                [w.min(r.min().x), s.min(r.min().y), e.max(r.max().x), n.max(r.max().y)]
            });
        let (width_m, height_m) = ((east - west).max(1.0), (north - south).max(1.0));
        let px_per_m = (MAP[0] / width_m).min(MAP[1] / height_m);
        Self { west, north, px_per_m, width: width_m * px_per_m, height: height_m * px_per_m }
    }

    pub(super) fn point(&self, place: Coord<f64>) -> Coord<f64> {
        Coord { x: (place.x - self.west) * self.px_per_m, y: (self.north - place.y) * self.px_per_m }
    }

    /// Whether a point in pixels lies on the map.
    pub(super) fn shows(&self, point: Coord<f64>) -> bool {
        (0.0..=self.width).contains(&point.x) && (0.0..=self.height).contains(&point.y)
    }

    fn path(&self, line: impl Iterator<Item = Coord<f64>>, path: &mut String) -> fmt::Result {
        for (at, coord) in line.enumerate() {
            let Coord { x, y } = self.point(coord);
            write!(path, "{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' })?;
        }
        Ok(())
    }
}

fn write(
    svg: &mut String,
    study: &StudyArea,
    assessment: &Assessment,
    described: &Described,
    colouring: &Colouring,
) -> fmt::Result {
    let to_px = Projection::of(study);
    let credits = CREDIT * study.sources.len() as f64;
    let (width, height) = (
        to_px.width + LEGEND_WIDTH + 3.0 * MARGIN,
        to_px.height.max(300.0) + TITLE + CAPTION + credits + 2.0 * MARGIN,
    );
    let title = format!("{}: {}", assessment.name, described.label);
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"img\" font-family=\"Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif\" \
         font-size=\"13\" fill=\"{}\">\n<title>{}</title>\n<desc>{}</desc>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
        LIGHT.ink,
        escape(&title),
        escape(&described.meaning),
    )?;
    writeln!(
        svg,
        "<defs><pattern id=\"without\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\"><rect width=\"7\" \
         height=\"7\" fill=\"{}\"/><path d=\"M0 7L7 0\" stroke=\"{}\"/></pattern></defs>",
        LIGHT.missing, LIGHT.hatch
    )?;
    let made = if assessment.made_data { " · made data, not a real place" } else { "" };
    writeln!(
        svg,
        "<text x=\"{MARGIN}\" y=\"{}\" font-size=\"22\" font-weight=\"600\">{}</text>\n<text x=\"{MARGIN}\" y=\"{}\" \
         fill=\"#5a6672\">{}{made}</text>",
        MARGIN + 18.0,
        escape(&described.label),
        MARGIN + 42.0,
        escape(&assessment.name),
    )?;
    writeln!(svg, "<g transform=\"translate({MARGIN} {})\">", MARGIN + TITLE)?;
    write_ground(svg, study, &to_px, colouring)?;
    let is_about_barriers = described.theme == Theme::Barriers;
    if is_about_barriers {
        barrier_map::write_lines(svg, assessment, &to_px)?;
    }
    write_scale_bar(svg, &to_px)?;
    writeln!(svg, "</g>")?;
    let x = to_px.width + 2.0 * MARGIN;
    let end = write_legend(svg, colouring, x, MARGIN + TITLE)?;
    if is_about_barriers {
        barrier_map::write_list(svg, assessment, &to_px, (x, x + LEGEND_WIDTH), end + 36.0)?;
    }
    let mut line = height - CAPTION - credits + 14.0;
    for sentence in [
        described.meaning.as_str(),
        &described.not_meaning,
        "Scores describe places, not the people who live there.",
    ] {
        if !sentence.is_empty() {
            writeln!(
                svg,
                "<text x=\"{MARGIN}\" y=\"{line:.0}\" font-size=\"12\" fill=\"#5a6672\">{}</text>",
                escape(sentence)
            )?;
            line += 18.0;
        }
    }
    for source in &study.sources {
        let text = escape(&source.line());
        writeln!(
            svg,
            "<text x=\"{MARGIN}\" y=\"{line:.0}\" font-size=\"11\" fill=\"#5a6672\">{text}</text>"
        )?;
        line += CREDIT;
    }
    writeln!(svg, "</svg>")
}

/// Neighbourhoods, then streets, then names where there is room.
fn write_ground(
    svg: &mut String,
    study: &StudyArea,
    to_px: &Projection,
    colouring: &Colouring,
) -> fmt::Result {
    let tolerance_m = TOLERANCE_PX / to_px.px_per_m;
    let topology = Topology::of(study.neighbourhoods.iter().map(|place| &place.shape), tolerance_m);
    writeln!(svg, "<g stroke=\"#fff\" stroke-width=\"1\" stroke-linejoin=\"round\">")?;
    for (place, polygons) in topology.areas.iter().enumerate() {
        let fill = colouring.of[place].map_or("url(#without)", |class| &colouring.classes[class].1);
        let mut path = String::new();
        for ring in polygons.iter().flatten() {
            let mut line: Vec<Coord<f64>> = Vec::new();
            for &arc in ring {
                let points = &topology.arcs[index(arc)];
                if arc < 0 { line.extend(points.iter().rev()) } else { line.extend(points) }
            }
            line.dedup();
            to_px.path(line.into_iter(), &mut path)?;
            path.push('Z');
        }
        let name = escape(&study.neighbourhoods[place].name);
        writeln!(
            svg,
            "<path d=\"{path}\" fill=\"{fill}\" fill-rule=\"evenodd\"><title>{name}</title></path>"
        )?;
    }
    writeln!(svg, "</g>")?;
    let mut path = String::new();
    for street in &study.streets {
        let kept = street.line.simplify_idx(tolerance_m);
        let points = || kept.iter().map(|&at| street.line.0[at]);
        if points().all(|place| to_px.shows(to_px.point(place))) {
            to_px.path(points(), &mut path)?;
        }
    }
    writeln!(
        svg,
        "<path d=\"{path}\" fill=\"none\" stroke=\"{}\" stroke-width=\"0.5\" opacity=\"0.22\"/>",
        LIGHT.street
    )
}

fn write_scale_bar(svg: &mut String, to_px: &Projection) -> fmt::Result {
    let longest_m = to_px.width * SCALE_BAR / to_px.px_per_m;
    let power = 10_f64.powf(longest_m.log10().floor());
    let length_m =
        [5.0, 2.0, 1.0].iter().map(|part| part * power).find(|length| *length <= longest_m).unwrap_or(power);
    let label =
        if length_m >= 1000.0 { format!("{} km", length_m / 1000.0) } else { format!("{length_m} m") };
    let (y, end) = (to_px.height + 14.0, length_m * to_px.px_per_m);
    writeln!(
        svg,
        "<path d=\"M0 {y:.1}v6h{end:.1}v-6\" fill=\"none\" stroke=\"{}\"/><text x=\"{:.1}\" y=\"{:.1}\" \
         font-size=\"12\">{label}</text>",
        LIGHT.ink,
        end + 8.0,
        y + 8.0
    )
}

/// Returns where it ends.
fn write_legend(svg: &mut String, colouring: &Colouring, x: f64, top: f64) -> Result<f64, fmt::Error> {
    let count = |class: Option<usize>| colouring.of.iter().filter(|of| **of == class).count();
    let mut rows: Vec<(&str, &str, usize)> = colouring
        .classes
        .iter()
        .enumerate()
        .map(|(at, (label, colour))| (label.as_str(), colour.as_str(), count(Some(at))))
        .filter(|(_, _, count)| *count > 0)
        .collect();
    if count(None) > 0 {
        rows.push(("no value", "url(#without)", count(None)));
    }
    let end = top + 24.0 * rows.len() as f64;
    for (row, (label, colour, count)) in rows.into_iter().enumerate() {
        let y = top + 24.0 * row as f64;
        writeln!(
            svg,
            "<rect x=\"{x:.0}\" y=\"{y:.0}\" width=\"16\" height=\"16\" rx=\"2\" fill=\"{colour}\" stroke=\"#0002\"/>\
             <text x=\"{:.0}\" y=\"{:.0}\">{}</text><text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\" \
             fill=\"#5a6672\">{count}</text>",
            x + 24.0,
            y + 13.0,
            escape(label),
            x + LEGEND_WIDTH,
            y + 13.0,
        )?;
    }
    Ok(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    #[test]
    fn classes_hold_equal_numbers_and_a_value_that_fills_one_stands_alone() {
        let twelve: Vec<f64> = (0..12).map(f64::from).collect();
        assert_eq!(equal_numbers(&known(&twelve)), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 11.0]);
        // Half of all are 0: one class for them, five for the others.
        let half: Vec<f64> = (0..20).map(|value| f64::from(value - 9).max(0.0)).collect();
        assert_eq!(equal_numbers(&known(&half)), [0.0, 1.0, 3.0, 5.0, 7.0, 9.0, 10.0]);
        assert_eq!(equal_numbers(&known(&[0.0, 0.0, 0.0, 1.0])), [0.0, 1.0, 1.0]);
        assert_eq!(equal_numbers(&known(&[2.0, 2.0])), [2.0, 2.0]);
        assert_eq!(equal_numbers(&[None]), [0.0; 0]);
    }

    #[test]
    fn nothing_known_has_no_class_and_nothing_breaks() {
        let none = by_numbers(&[None, None], Scale::MoreIsBetter, Unit::Share);
        assert_eq!((none.classes.len(), none.of), (0, vec![None, None]));
        let one = by_numbers(&[Some(0.5), None], Scale::MoreIsBetter, Unit::Share);
        assert_eq!((one.classes[0].0.as_str(), one.of), ("50 %", vec![Some(0), None]));
    }

    #[test]
    fn a_class_where_nothing_happens_is_quiet_and_last() {
        let words = ["not gentrifying", "gentrifying"].map(|word| Some(word.to_owned()));
        let found = by_words(&words);
        assert_eq!(found.classes[1], ("not gentrifying".to_owned(), LIGHT.quiet.to_owned()));
        assert_eq!(found.of, [Some(1), Some(0)]);
    }
}
