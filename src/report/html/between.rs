//! What lies between neighbours, for the page: what divides them, and where they could meet.

use super::ground::{Grid, GridLine};
use crate::model::Weight;
use crate::report::table::{numbers, texts};
use crate::{FeatureTable, Result};
use geo::{CoordsIter, Geometry, LineString, Polygon};
use serde::Serialize;

/// Barriers and places that a page shows; the rest stands in the files.
const SHOWN: usize = 40;

/// What divides and what connects.
#[derive(Serialize)]
pub(super) struct Between {
    /// Those that put most residents a detour away first.
    barriers: Vec<Barrier>,
    /// Those whose people are the most mixed against where they come from first.
    places: Vec<MeetingPlace>,
}

/// A motorway, railway or water.
#[derive(Serialize)]
struct Barrier {
    name: Option<String>,
    kind: Option<String>,
    /// How much is a detour away from neighbours behind it, as homes count; absent where it is little.
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
    /// - `barriers`: `name`, `kind`, `residents_affected` (or what `weight` counts), those that matter most first.
    /// - `places`: `name`, `category`, `residents_in_reach`, `bridging`, those that bridge most first.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Crs`] if a point cannot be brought to degrees.
    pub(super) fn of(
        barriers: Option<&FeatureTable>,
        places: Option<&FeatureTable>,
        weight: Weight,
        grid: &Grid,
    ) -> Result<Self> {
        let barriers = barriers.map(|table| barriers_of(table, weight, grid)).transpose()?;
        let places = places.map(|table| places_of(table, weight, grid)).transpose()?;
        Ok(Self { barriers: barriers.unwrap_or_default(), places: places.unwrap_or_default() })
    }
}

/// Rows of a table as the page takes them, the first ones.
fn rows(table: &FeatureTable) -> std::ops::Range<usize> {
    0..table.geometries.len().min(SHOWN)
}

fn barriers_of(table: &FeatureTable, weight: Weight, grid: &Grid) -> Result<Vec<Barrier>> {
    let (names, kinds) = (texts(&table.attributes, "name"), texts(&table.attributes, "kind"));
    let affected = numbers(&table.attributes, &format!("{}_affected", weight.column()));
    let barrier = |row: usize| {
        let lines = table.geometries[row].iter().flat_map(lines_of);
        let lines = lines.map(|line| grid.simple_line(line)).collect::<Result<Vec<_>>>()?;
        Ok(Barrier { name: names[row].clone(), kind: kinds[row].clone(), affected: affected[row], lines })
    };
    rows(table).map(barrier).collect()
}

fn places_of(table: &FeatureTable, weight: Weight, grid: &Grid) -> Result<Vec<MeetingPlace>> {
    let (names, categories) = (texts(&table.attributes, "name"), texts(&table.attributes, "category"));
    let in_reach = numbers(&table.attributes, &format!("{}_in_reach", weight.column()));
    let bridging = numbers(&table.attributes, "bridging");
    let place = |row: usize| {
        let at = table.geometries[row].as_ref().and_then(|shape| shape.coords_iter().next());
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
    use geo::{MultiLineString, Point, coord, line_string};
    use polars::df;

    #[test]
    fn barriers_have_lines_and_places_a_point_on_the_grid() {
        let to_degrees = Reprojector::new(&Crs::wgs84(), &Crs::wgs84()).unwrap();
        let grid = Grid { to_degrees, origin: coord! { x: 7.0, y: 43.0 }, tolerance_m: 0.0 };
        let line = line_string![(x: 7.001, y: 43.002), (x: 7.003, y: 43.002)];
        let motorway = Geometry::MultiLineString(MultiLineString(vec![line.clone(), line]));
        let table = df!("name" => [Some("East"), None], "kind" => ["motorway", "water"],
            "residents_affected" => [Some(40.0), None])
        .unwrap();
        let barriers = FeatureTable::new(vec![Some(motorway), None], table, None).unwrap();
        let table = df!("name" => ["Library"], "category" => ["library"], "residents_in_reach" => [812.0],
            "bridging" => [0.3])
        .unwrap();
        let point = Some(Geometry::Point(Point::new(7.001, 43.002)));
        let places = FeatureTable::new(vec![point], table, None).unwrap();
        let found = Between::of(Some(&barriers), Some(&places), Weight::Residents, &grid).unwrap();
        let [east, water] = found.barriers.try_into().ok().unwrap();
        assert_eq!(
            (east.lines.len(), east.affected, water.lines.len(), water.affected),
            (2, Some(40.0), 0, None)
        );
        assert_eq!(
            (east.lines[0].as_slice(), found.places[0].at),
            ([100, 200, 200, 0].as_slice(), Some([100, 200]))
        );
        assert!(Between::of(None, None, Weight::Residents, &grid).unwrap().barriers.is_empty());
    }
}
