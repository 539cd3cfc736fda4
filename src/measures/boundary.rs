//! How much of a walk lies beyond the study area, where nothing is counted.
//!
//! ```text
//!        ___________
//!       |     ( o   )   a home, and what a straight walk covers around it:
//!       |___________    a part of the disc lies outside
//! ```

use crate::measure::prelude::*;
use crate::network::{Attachment, time_to_data_edge};
use geo::{BoundingRect, Coord, LineString, MultiPolygon, Point, Rect};

/// Where the numbers of access may be too low because the study area or its data ends.
pub(crate) static BOUNDARY: Measure = Measure {
    name: "boundary",
    title: "the boundary",
    needs: &[],
    method: "Share of the land within a straight 15 minutes' walk that lies outside all neighbourhoods, and who reaches the last \
             streets of the data within 15 minutes: there, access is a lower bound.",
    source: "this project",
    columns: &[&OUTSIDE, &MEAN_OUTSIDE, &MINUTES_TO_EDGE, &SHARE_NEAR_EDGE],
    run,
};

static OUTSIDE: ColumnSpec = boundary("catchment_outside_share")
    .label("Share of the walk outside the study area")
    .means("Share of the land within a straight 15 minutes' walk that lies outside all neighbourhoods.");
static MEAN_OUTSIDE: ColumnSpec = boundary("catchment_outside_share")
    .label("Share of the walk outside the study area")
    .means("Share of the land within a straight 15 minutes' walk that lies outside all neighbourhoods.")
    .sums_up(&OUTSIDE, Rule::Mean);
static MINUTES_TO_EDGE: ColumnSpec =
    ColumnSpec::new("minutes_to_data_edge", Theme::Access, Unit::Minutes, Scale::Neutral)
        .label("Walk to the edge of the data")
        .means("Minutes' walk to the last streets of the data; empty beyond 15.")
        .does_not_mean(LOWER_BOUND);
static SHARE_NEAR_EDGE: ColumnSpec = boundary("data_edge_share_within_15_min")
    .label("{Residents} near the edge of the data")
    .means("Share of {residents} within 15 minutes of the last streets of the data.")
    .sums_up(&MINUTES_TO_EDGE, Rule::ShareAtMost(STANDARD_MINUTES));

const LOWER_BOUND: &str =
    "Where it is high, access is a lower bound: what lies beyond the data is not counted.";

const fn boundary(name: &'static str) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Access, Unit::Share, Scale::Neutral).does_not_mean(LOWER_BOUND)
}

/// Cells across the radius of a walk: the share of a disc is right to about a percent.
const CELLS_PER_RADIUS: f64 = 24.0;
/// Cells across the study area at most.
const MOST_CELLS: f64 = 4_000.0;
/// From this share of its walk on, a neighbourhood is named.
const NAMED_SHARE: f64 = 0.25;

fn run(context: &Context<'_>) -> Result<Outcome> {
    let (study, walk) = (context.study, context.walk());
    let limit = Minutes::new(STANDARD_MINUTES)?;
    let edge = time_to_data_edge(walk.streets(), walk.homes(), limit, context.progress)?;
    let radius_m = f64::from(limit.to_milliseconds()) / walk.profile().milliseconds_per_metre_off_street();
    let shapes: Vec<&MultiPolygon<f64>> = study.neighbourhoods.iter().map(|place| &place.shape).collect();
    let ground = Ground::of(&shapes, radius_m);
    let outside = |(place, attached): (&Point<f64>, &Option<Attachment>)| {
        attached.as_ref().and(ground.as_ref()).map(|ground| ground.share_outside((*place).into(), radius_m))
    };
    let shares: Vec<Option<f64>> = study.homes.locations.iter().zip(walk.homes()).map(outside).collect();
    let of_neighbourhoods = context.homes.mean(|home| shares[home]);
    let minutes = edge.into_iter().map(|time| time.map(Minutes::get)).collect();
    let mut found = Outcome::of_homes([(&OUTSIDE, shares), (&MINUTES_TO_EDGE, minutes)]);
    if let Some(note) = named(study, &of_neighbourhoods) {
        found.notes.note(note);
    }
    Ok(found)
}

/// Names the neighbourhoods of which much of the walk leaves the study area.
fn named(study: &StudyArea, outside: &[Option<f64>]) -> Option<Error> {
    let places = study.neighbourhoods.iter().zip(outside);
    let mut named: Vec<(f64, &str)> = places
        .filter_map(|(place, share)| Some(((*share)?, place.name.as_str())))
        .filter(|(share, _)| *share >= NAMED_SHARE)
        .collect();
    if named.is_empty() {
        return None;
    }
    named.sort_by(|a, b| b.0.total_cmp(&a.0));
    let most: Vec<String> =
        named.iter().take(3).map(|(share, name)| format!("{name} ({:.0} %)", 100.0 * share)).collect();
    let more = if named.len() > most.len() { ", …" } else { "" };
    let message = format!(
        "in {} of {} neighbourhoods a quarter or more of the land within a {STANDARD_MINUTES:.0} minutes' walk lies \
         outside the study area: {}{more}",
        named.len(),
        study.neighbourhoods.len(),
        most.join(", "),
    );
    let hint = "what lies there is not counted, if its data ends too; column `catchment_outside_share`";
    Some(Error::new(ErrorKind::Study, message).in_layer("neighbourhoods").hint(hint))
}

/// The study area in cells: all neighbourhoods, and what they enclose.
struct Ground {
    corner: Coord<f64>,
    cell_m: f64,
    width: usize,
    /// For each row, how many of the cells before each one belong to the study area: `width` + 1 numbers.
    before: Vec<Vec<u32>>,
}

impl Ground {
    /// `None` without any shape.
    fn of(shapes: &[&MultiPolygon<f64>], radius_m: f64) -> Option<Self> {
        let boxes = shapes.iter().filter_map(|shape| shape.bounding_rect());
        let extent = boxes.reduce(|a, b| {
            let (low, high) = (a.min(), b.min());
            let (a, b) = (a.max(), b.max());
            Rect::new(
                Coord { x: low.x.min(high.x), y: low.y.min(high.y) },
                Coord { x: a.x.max(b.x), y: a.y.max(b.y) },
            )
        })?;
        let cell_m = (radius_m / CELLS_PER_RADIUS).max(extent.width().max(extent.height()) / MOST_CELLS);
        // A rim of one cell lies outside on every side.
        let corner = extent.min() - Coord { x: cell_m, y: cell_m };
        let cells = |length_m: f64| (length_m / cell_m).ceil() as usize + 2;
        let (width, height) = (cells(extent.width()), cells(extent.height()));
        let mut is_inside = vec![vec![false; width]; height];
        for polygon in shapes.iter().flat_map(|shape| shape.iter()) {
            let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
            fill(&mut is_inside, &rings.collect::<Vec<_>>(), corner, cell_m);
        }
        enclose(&mut is_inside);
        let counted = |row: &Vec<bool>| {
            let mut before = vec![0; width + 1];
            for (cell, is_inside) in row.iter().enumerate() {
                before[cell + 1] = before[cell] + u32::from(*is_inside);
            }
            before
        };
        Some(Self { corner, cell_m, width, before: is_inside.iter().map(counted).collect() })
    }

    /// Share of the disc around a place that is outside; cells count by their middle.
    fn share_outside(&self, place: Coord<f64>, radius_m: f64) -> f64 {
        let middle = (place - self.corner) / self.cell_m;
        let radius = radius_m / self.cell_m;
        let (mut all, mut inside) = (0.0, 0_u32);
        let rows = (middle.y - radius - 0.5).ceil() as i64..=(middle.y + radius - 0.5).floor() as i64;
        for row in rows {
            let across = row as f64 + 0.5 - middle.y;
            let half = (radius * radius - across * across).max(0.0).sqrt();
            let first = (middle.x - half - 0.5).ceil();
            let end = (middle.x + half - 0.5).floor() + 1.0;
            all += (end - first).max(0.0);
            if let Some(before) = usize::try_from(row).ok().and_then(|row| self.before.get(row)) {
                let at = |cell: f64| before[cell.clamp(0.0, self.width as f64) as usize];
                inside += at(end.max(first)) - at(first);
            }
        }
        if all > 0.0 { 1.0 - f64::from(inside) / all } else { 0.0 }
    }
}

/// Marks the cells whose middle lies in a polygon, row by row between the crossings of its rings.
fn fill(is_inside: &mut [Vec<bool>], rings: &[&LineString<f64>], corner: Coord<f64>, cell_m: f64) {
    let mut crossings: Vec<Vec<f64>> = vec![Vec::new(); is_inside.len()];
    for line in rings.iter().flat_map(|ring| ring.lines()) {
        let (start, end) = ((line.start - corner) / cell_m, (line.end - corner) / cell_m);
        let (low, high) = if start.y <= end.y { (start, end) } else { (end, start) };
        let first = (low.y - 0.5).ceil().max(0.0) as usize;
        // Half open, so that a corner at the middle of a row crosses it once.
        for row in (first..is_inside.len()).take_while(|row| (*row as f64 + 0.5) < high.y) {
            let share = (row as f64 + 0.5 - low.y) / (high.y - low.y);
            crossings[row].push(low.x + (high.x - low.x) * share);
        }
    }
    for (row, crossings) in is_inside.iter_mut().zip(&mut crossings) {
        crossings.sort_by(f64::total_cmp);
        for pair in crossings.chunks_exact(2) {
            let cell = |x: f64| ((x - 0.5).ceil().max(0.0) as usize).min(row.len());
            let (first, end) = (cell(pair[0]), cell(pair[1]));
            row[first..end.max(first)].fill(true);
        }
    }
}

/// Adds the holes: all cells that no way leads to from outside.
fn enclose(is_inside: &mut [Vec<bool>]) {
    let (height, width) = (is_inside.len(), is_inside.first().map_or(0, Vec::len));
    let mut is_outside = vec![vec![false; width]; height];
    let mut open = vec![(0, 0)];
    while let Some((row, cell)) = open.pop() {
        if is_inside[row][cell] || std::mem::replace(&mut is_outside[row][cell], true) {
            continue;
        }
        let near = |at: usize, end: usize| [at.checked_sub(1), Some(at + 1).filter(|next| *next < end)];
        open.extend(near(row, height).into_iter().flatten().map(|row| (row, cell)));
        open.extend(near(cell, width).into_iter().flatten().map(|cell| (row, cell)));
    }
    for (inside, outside) in is_inside.iter_mut().flatten().zip(is_outside.iter().flatten()) {
        *inside = !outside;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Polygon, polygon};

    fn square(x: f64, side: f64) -> Polygon<f64> {
        polygon![(x: x, y: 0.0), (x: x + side, y: 0.0), (x: x + side, y: side), (x: x, y: side)]
    }

    // Two squares of 3 km with a river of 100 m between them, open to the north and the south.
    #[test]
    fn half_of_a_walk_leaves_at_the_border_and_a_quarter_stays_in_a_corner() {
        let shapes = [MultiPolygon::from(square(0.0, 3_000.0)), MultiPolygon::from(square(3_100.0, 3_000.0))];
        let ground = Ground::of(&[&shapes[0], &shapes[1]], 1_000.0).unwrap();
        let near = |x: f64, y: f64, expected: f64| {
            let share = ground.share_outside(Coord { x, y }, 1_000.0);
            assert!((share - expected).abs() < 0.015, "{x} {y}: {share} for {expected}");
        };
        near(1_500.0, 1_500.0, 0.0);
        near(0.0, 1_500.0, 0.5);
        near(0.0, 3_000.0, 0.75);
        near(-5_000.0, -5_000.0, 1.0);
        // 100 m of river beside a diameter of 2 km: 100 · 2000 of π · 1000².
        near(2_950.0, 1_500.0, 0.0635);
    }

    #[test]
    fn a_lake_that_is_enclosed_belongs_to_the_study_area() {
        let lake = vec![(1_500.0, 1_500.0), (2_500.0, 1_500.0), (2_500.0, 2_500.0), (1_500.0, 2_500.0)];
        let ring = Polygon::new(square(0.0, 4_000.0).exterior().clone(), vec![lake.into()]);
        let ground = Ground::of(&[&MultiPolygon::from(ring)], 500.0).unwrap();
        assert_eq!(ground.share_outside(Coord { x: 2_000.0, y: 2_000.0 }, 400.0), 0.0);
        assert!(Ground::of(&[], 500.0).is_none());
    }
}
