//! Barriers on a map for print: lines with their rank, and a list of them by residents affected.

use super::figure::Projection;
use super::html::escape;
use super::palette::LIGHT;
use crate::assessment::Assessment;
use crate::measure::Subject;
use crate::measures::severance::{AFFECTED, BARRIER_NAME, KIND};
use geo::{Coord, CoordsIter, Geometry, LineString, MapCoords, SimplifyIdx};
use std::fmt::{self, Write};

/// Barriers that are drawn and listed, at most.
const DRAWN: usize = 9;
/// Width of the first line in pixels, and of the last.
const WIDTHS_PX: [f64; 2] = [4.5, 1.5];
/// Letters of a name in the list, at most.
const LETTERS: usize = 26;

/// A barrier of the map.
struct Line {
    name: String,
    kind: String,
    affected: f64,
    /// In pixels.
    parts: Vec<LineString<f64>>,
}

/// Barriers that affect residents and are seen on the map, those with most residents affected first.
fn lines(assessment: &Assessment, to_px: &Projection) -> Vec<Line> {
    let Some(barriers) = assessment.layer("barriers") else { return Vec::new() };
    let texts = |column| barriers.texts_of(column, &Subject::NONE).unwrap_or_default();
    let affected = barriers.numbers_of(&AFFECTED, &Subject::NONE).unwrap_or_default();
    let words = texts(&BARRIER_NAME).into_iter().zip(texts(&KIND));
    let rows = words.zip(affected).zip(&barriers.features().geometries);
    let line = |(((name, kind), affected), shape): (_, &Option<Geometry<f64>>)| {
        let (name, kind, affected): (Option<String>, Option<String>, Option<f64>) = (name, kind, affected);
        let parts: Vec<LineString<f64>> = outlines(shape.as_ref()?)
            .into_iter()
            .map(|line| simple(&line.map_coords(|place| to_px.point(place))))
            .filter(|line| line.coords_iter().any(|place| to_px.shows(place)))
            .collect();
        let affected = affected.filter(|people| *people > 0.0)?;
        let name = name.unwrap_or_else(|| "unnamed".to_owned());
        (!parts.is_empty()).then(|| Line { name, kind: kind.unwrap_or_default(), affected, parts })
    };
    rows.filter_map(line).take(DRAWN).collect()
}

/// The lines of a shape, of areas their rings.
pub(super) fn outlines(shape: &Geometry<f64>) -> Vec<LineString<f64>> {
    let rings = |area: &geo::Polygon<f64>| -> Vec<LineString<f64>> {
        std::iter::once(area.exterior()).chain(area.interiors()).cloned().collect()
    };
    match shape {
        Geometry::LineString(line) => vec![line.clone()],
        Geometry::MultiLineString(lines) => lines.0.clone(),
        Geometry::Polygon(area) => rings(area),
        Geometry::MultiPolygon(areas) => areas.iter().flat_map(rings).collect(),
        Geometry::GeometryCollection(pieces) => pieces.iter().flat_map(outlines).collect(),
        _ => Vec::new(),
    }
}

/// A line within half a pixel.
fn simple(line: &LineString<f64>) -> LineString<f64> {
    line.simplify_idx(0.5).into_iter().map(|at| line.0[at]).collect()
}

/// Draws lines and ranks, in the system of the map.
pub(super) fn write_lines(svg: &mut String, assessment: &Assessment, to_px: &Projection) -> fmt::Result {
    let lines = lines(assessment, to_px);
    writeln!(
        svg,
        "<svg width=\"{:.0}\" height=\"{:.0}\" overflow=\"hidden\" fill=\"none\" stroke=\"{}\" stroke-linejoin=\"round\">",
        to_px.width, to_px.height, LIGHT.ink
    )?;
    for (rank, line) in lines.iter().enumerate() {
        let share = rank as f64 / DRAWN as f64;
        let width = WIDTHS_PX[0] + (WIDTHS_PX[1] - WIDTHS_PX[0]) * share;
        let mut path = String::new();
        for part in &line.parts {
            for (at, Coord { x, y }) in part.coords_iter().enumerate() {
                write!(path, "{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' })?;
            }
        }
        let (name, kind) = (escape(&line.name), escape(&line.kind));
        writeln!(
            svg,
            "<path d=\"{path}\" stroke-width=\"{width:.1}\"><title>{name} ({kind})</title></path>"
        )?;
    }
    writeln!(svg, "</svg>")?;
    for (rank, line) in lines.iter().enumerate() {
        let shown: Vec<Coord<f64>> = line
            .parts
            .iter()
            .flat_map(|part| part.0.iter().copied())
            .filter(|place| to_px.shows(*place))
            .collect();
        if let Some(Coord { x, y }) = shown.get(shown.len() / 2) {
            writeln!(
                svg,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"9\" fill=\"#fff\" stroke=\"{}\"/><text x=\"{x:.1}\" y=\"{:.1}\" \
                 font-size=\"12\" font-weight=\"600\" text-anchor=\"middle\">{}</text>",
                LIGHT.ink,
                y + 4.0,
                rank + 1
            )?;
        }
    }
    Ok(())
}

/// Lists the barriers, from the left edge `x` to `right` and from `top` down.
pub(super) fn write_list(
    svg: &mut String,
    assessment: &Assessment,
    to_px: &Projection,
    (x, right): (f64, f64),
    top: f64,
) -> fmt::Result {
    let lines = lines(assessment, to_px);
    if !lines.is_empty() {
        writeln!(
            svg,
            "<text x=\"{x:.0}\" y=\"{top:.0}\" font-weight=\"600\">Barriers, {} affected</text>",
            assessment.weight.units()
        )?;
    }
    for (rank, line) in lines.iter().enumerate() {
        let y = top + 22.0 * (rank + 1) as f64;
        let name: String = line.name.chars().take(LETTERS).collect();
        writeln!(
            svg,
            "<text x=\"{x:.0}\" y=\"{y:.0}\">{}  {}</text><text x=\"{right:.0}\" y=\"{y:.0}\" text-anchor=\"end\" \
             fill=\"#5a6672\">{:.0}</text>",
            rank + 1,
            escape(&name),
            line.affected
        )?;
    }
    Ok(())
}
