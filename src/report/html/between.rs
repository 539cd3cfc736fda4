//! What lies between neighbours, for the page: what divides them, and where they could meet.

use super::ground::{Grid, GridLine};
use crate::Result;
use crate::assessment::Assessment;
use crate::measure::{Subject, Table};
use crate::measures::encounter::{BRIDGING, CATEGORY, IN_REACH};
use crate::measures::population::NAME;
use crate::measures::severance::{AFFECTED, BARRIER_NAME, KIND};
use geo::{CoordsIter, Geometry, LineString, Polygon};
use serde::Serialize;

/// Barriers and places that a page shows; the rest stands in the files.
const SHOWN: usize = 40;

/// What divides and what connects.
#[derive(Serialize)]
pub(super) struct Between {
    /// Those that cut off most residents first.
    barriers: Vec<Barrier>,
    /// Those whose people are the most mixed against where they come from first.
    places: Vec<MeetingPlace>,
}

/// A motorway, railway or water.
#[derive(Serialize)]
struct Barrier {
    name: Option<String>,
    kind: Option<String>,
    /// How much is cut off by a detour from neighbours behind it, as homes count; absent where it is little.
    affected: Option<f64>,
    lines: Vec<GridLine>,
}

/// A place where people of several neighbourhoods could meet.
#[derive(Serialize)]
struct MeetingPlace {
    name: Option<String>,
    category: Option<String>,
    /// How much has it within a walk, as homes count.
    in_reach: Option<f64>,
    bridging: Option<f64>,
    /// x and y on the grid.
    at: Option<[i32; 2]>,
}

impl Between {
    /// # Errors
    /// [`crate::ErrorKind::Crs`] if a point cannot be brought to degrees.
    pub(super) fn of(assessment: &Assessment, grid: &Grid) -> Result<Self> {
        let barriers = assessment.layer("barriers").map(|table| barriers_of(table, grid)).transpose()?;
        let places = assessment.layer("meeting_places").map(|table| places_of(table, grid)).transpose()?;
        Ok(Self { barriers: barriers.unwrap_or_default(), places: places.unwrap_or_default() })
    }
}

/// Rows of a table as the page takes them, the first ones.
fn rows(table: &Table) -> std::ops::Range<usize> {
    0..table.len().min(SHOWN)
}

fn barriers_of(table: &Table, grid: &Grid) -> Result<Vec<Barrier>> {
    let texts = |column| table.texts_of(column, &Subject::NONE).unwrap_or_default();
    let (names, kinds) = (texts(&BARRIER_NAME), texts(&KIND));
    let affected = table.numbers_of(&AFFECTED, &Subject::NONE).unwrap_or_default();
    let shapes = &table.features().geometries;
    let barrier = |row: usize| {
        let lines = shapes[row].iter().flat_map(lines_of);
        let lines = lines.map(|line| grid.simple_line(line)).collect::<Result<Vec<_>>>()?;
        Ok(Barrier { name: names[row].clone(), kind: kinds[row].clone(), affected: affected[row], lines })
    };
    rows(table).map(barrier).collect()
}

fn places_of(table: &Table, grid: &Grid) -> Result<Vec<MeetingPlace>> {
    let texts = |column| table.texts_of(column, &Subject::NONE).unwrap_or_default();
    let numbers = |column| table.numbers_of(column, &Subject::NONE).unwrap_or_default();
    let (names, categories) = (texts(&NAME), texts(&CATEGORY));
    let (in_reach, bridging) = (numbers(&IN_REACH), numbers(&BRIDGING));
    let shapes = &table.features().geometries;
    let place = |row: usize| {
        let at = shapes[row].as_ref().and_then(|shape| shape.coords_iter().next());
        Ok(MeetingPlace {
            name: names[row].clone(),
            category: categories[row].clone(),
            in_reach: in_reach[row],
            bridging: bridging[row],
            at: at.map(|coord| grid.point(coord)).transpose()?,
        })
    };
    rows(table).map(place).collect()
}

/// The lines of a shape; of an area its edges.
fn lines_of(shape: &Geometry<f64>) -> Vec<&LineString<f64>> {
    match shape {
        Geometry::LineString(line) => vec![line],
        Geometry::MultiLineString(lines) => lines.0.iter().collect(),
        Geometry::Polygon(area) => edges_of(area),
        Geometry::MultiPolygon(areas) => areas.0.iter().flat_map(edges_of).collect(),
        Geometry::GeometryCollection(shapes) => shapes.0.iter().flat_map(lines_of).collect(),
        _ => Vec::new(),
    }
}

fn edges_of(area: &Polygon<f64>) -> Vec<&LineString<f64>> {
    std::iter::once(area.exterior()).chain(area.interiors()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Crs;
    use crate::crs::Reprojector;
    use crate::measure::Columns;
    use crate::model::Weight;
    use geo::{MultiLineString, Point, coord, line_string};

    #[test]
    fn barriers_have_lines_and_places_a_point_on_the_grid() {
        let to_degrees = Reprojector::new(&Crs::wgs84(), &Crs::wgs84()).unwrap();
        let grid = Grid { to_degrees, origin: coord! { x: 7.0, y: 43.0 }, tolerance_m: 0.0 };
        let line = line_string![(x: 7.001, y: 43.002), (x: 7.003, y: 43.002)];
        let motorway = Geometry::MultiLineString(MultiLineString(vec![line.clone(), line.clone()]));
        let table = |columns: Columns, shapes: Vec<Geometry<f64>>| {
            columns.of_measure("test").into_table(Weight::Residents, Some(shapes), &Crs::wgs84()).unwrap()
        };
        let text = |text: &str| vec![Some(text.to_owned())];
        let mut columns = Columns::default();
        columns.add(&BARRIER_NAME, text("East"));
        columns.add(&KIND, text("motorway"));
        columns.add(&AFFECTED, vec![Some(40.0)]);
        let barriers = barriers_of(&table(columns, vec![motorway]), &grid).unwrap();
        let mut columns = Columns::default();
        columns.add(&NAME, text("Library"));
        columns.add(&CATEGORY, text("library"));
        columns.add(&IN_REACH, vec![Some(812.0)]);
        columns.add(&BRIDGING, vec![Some(0.3)]);
        let places =
            places_of(&table(columns, vec![Geometry::Point(Point::new(7.001, 43.002))]), &grid).unwrap();
        assert_eq!((barriers[0].lines.len(), barriers[0].affected), (2, Some(40.0)));
        assert_eq!(
            (barriers[0].lines[0].as_slice(), places[0].at),
            ([100, 200, 200, 0].as_slice(), Some([100, 200]))
        );
    }
}
