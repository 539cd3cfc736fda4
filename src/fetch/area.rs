//! Where the place is: its boundary, and what lies within an hour's walk of it.

use super::states::State;
use commonground::crs::Reprojector;
use commonground::{Crs, Error, ErrorKind, FeatureTable, Result};
use geo::{BoundingRect, Contains, Coord, Geometry, InteriorPoint, Intersects, Point, Rect};
use std::path::Path;

/// How far around the place data is taken, in kilometres: 60 minutes on foot at 4.8 km/h and the way to a street, with some to spare.
const HALO_KM: f64 = 6.0;
/// Length of a degree of latitude, in kilometres.
const KM_PER_DEGREE: f64 = 111.32;

/// A place of the Census Bureau.
pub(super) struct Place {
    pub geoid: String,
    pub name: String,
    /// In longitude and latitude.
    pub shape: Geometry<f64>,
}

/// Reads a layer in longitude and latitude.
pub(super) fn read(path: &Path) -> Result<FeatureTable> {
    let mut table = commonground::io::read_features(path, &commonground::io::ReadOptions::default())?;
    if let Some(crs) = table.crs.take() {
        let to_degrees = Reprojector::new(&crs, &Crs::wgs84())?;
        for geometry in table.geometries.iter_mut().flatten() {
            *geometry = to_degrees.geometry(geometry)?;
        }
    }
    table.crs = Some(Crs::wgs84());
    Ok(table)
}

/// The values of a column as texts; none where there is no such column.
pub(super) fn texts(table: &FeatureTable, column: &str) -> Vec<String> {
    let Ok(column) = table.attributes.column(column) else { return vec![String::new(); table.len()] };
    let text = |row: usize| match column.get(row) {
        Ok(value) if !value.is_null() => value.str_value().trim().to_owned(),
        _ => String::new(),
    };
    (0..column.len()).map(text).collect()
}

/// Name and state of `Newark, NJ`.
pub(crate) fn parse(text: &str) -> Result<(String, State)> {
    let refused = |message: String| {
        Error::new(ErrorKind::Parameter, message).hint(
            "write a place and its state: `Newark, NJ`; places outside the United States have no recipes yet",
        )
    };
    let (name, state) = text.rsplit_once(',').ok_or_else(|| refused(format!("`{text}` names no state")))?;
    let state = super::states::by_letters(state.trim())
        .ok_or_else(|| refused(format!("`{}` is no state of the United States", state.trim())))?;
    let name = name.trim();
    if name.is_empty() {
        return Err(refused(format!("`{text}` names no place")));
    }
    Ok((name.to_owned(), state))
}

/// The place of a name or a GEOID; what could be meant is listed, and never guessed.
pub(super) fn find(table: &FeatureTable, wanted: &str, state: State) -> Result<Place> {
    let (ids, names, full) = (texts(table, "GEOID"), texts(table, "NAME"), texts(table, "NAMELSAD"));
    let is_meant = |row: &usize| {
        let row = *row;
        ids[row] == wanted
            || names[row].eq_ignore_ascii_case(wanted)
            || full[row].eq_ignore_ascii_case(wanted)
    };
    let found: Vec<usize> = (0..table.len()).filter(is_meant).collect();
    match found[..] {
        [row] => {
            let shape = table.geometries[row].clone();
            let shape = shape
                .ok_or_else(|| Error::new(ErrorKind::Geometry, format!("`{wanted}` has no boundary")))?;
            Ok(Place { geoid: ids[row].clone(), name: names[row].clone(), shape })
        }
        [] => {
            let near = |name: &&String| strsim::jaro_winkler(&name.to_lowercase(), &wanted.to_lowercase());
            let mut known: Vec<&String> = names.iter().collect();
            known.sort_by(|a, b| near(b).total_cmp(&near(a)));
            known.dedup();
            let known: Vec<String> =
                known.iter().take(3).map(|name| format!("`{name}, {}`", state.letters)).collect();
            let message = format!("{} has no place `{wanted}`", state.name);
            Err(Error::new(ErrorKind::Parameter, message).hint(format!("did you mean {}?", known.join(", "))))
        }
        _ => {
            let listed: Vec<String> = found
                .iter()
                .map(|row| format!("`{}, {}` ({})", ids[*row], state.letters, full[*row]))
                .collect();
            let message = format!("{} places of {} are called `{wanted}`", found.len(), state.name);
            Err(Error::new(ErrorKind::Parameter, message)
                .hint(format!("name one by its GEOID: {}", listed.join(", "))))
        }
    }
}

/// The box around a place and an hour's walk.
pub(super) fn reach(shape: &Geometry<f64>) -> Result<Rect<f64>> {
    let inner =
        shape.bounding_rect().ok_or_else(|| Error::new(ErrorKind::Geometry, "the place has no boundary"))?;
    let up = HALO_KM / KM_PER_DEGREE;
    let latitude = inner.min().y.abs().max(inner.max().y.abs()).min(80.0);
    let across = up / latitude.to_radians().cos();
    let by = Coord { x: across, y: up };
    Ok(Rect::new(inner.min() - by, inner.max() + by))
}

/// The ids of areas that a box touches.
pub(super) fn touching(table: &FeatureTable, id: &str, reach: &Rect<f64>) -> Vec<String> {
    let area = Geometry::from(reach.to_polygon());
    let ids = texts(table, id);
    let touches = |row: &usize| table.geometries[*row].as_ref().is_some_and(|shape| shape.intersects(&area));
    let mut found: Vec<String> = (0..table.len()).filter(touches).map(|row| ids[row].clone()).collect();
    found.sort();
    found.dedup();
    found
}

/// The rows of areas whose middle lies in the place; of a place smaller than any area, the area that holds it.
pub(super) fn inside(table: &FeatureTable, place: &Geometry<f64>) -> Vec<usize> {
    let middle = |geometry: &Geometry<f64>| geometry.interior_point();
    let is_inside = |row: &usize| {
        table.geometries[*row].as_ref().and_then(middle).is_some_and(|point| place.contains(&point))
    };
    let found: Vec<usize> = (0..table.len()).filter(is_inside).collect();
    if !found.is_empty() {
        return found;
    }
    let Some(own) = middle(place) else { return Vec::new() };
    let holds = |row: &usize| table.geometries[*row].as_ref().is_some_and(|shape| shape.contains(&own));
    (0..table.len()).filter(holds).collect()
}

/// Finds the area that a point lies in.
pub(super) struct Areas<'a>(Vec<(Rect<f64>, &'a Geometry<f64>)>);

impl<'a> Areas<'a> {
    pub fn new(shapes: impl Iterator<Item = &'a Geometry<f64>>) -> Self {
        Self(shapes.filter_map(|shape| Some((shape.bounding_rect()?, shape))).collect())
    }

    pub fn holds(&self, point: Point<f64>) -> bool {
        self.0.iter().any(|(extent, shape)| extent.intersects(&point) && shape.intersects(&point))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_and_its_state_are_told_from_each_other() {
        let (name, state) = parse("St. John's, New Jersey").unwrap();
        assert_eq!((name.as_str(), state.fips), ("St. John's", "34"));
        assert_eq!(parse("Mobile,al").unwrap().1.fips, "01");
        for bad in ["Newark", "Newark, XX", ", NJ", "Göteborg, Sweden"] {
            assert!(parse(bad).unwrap_err().hint_text().unwrap().contains("Newark, NJ"), "{bad}");
        }
    }

    #[test]
    fn the_box_reaches_an_hour_in_every_direction() {
        let place = Geometry::from(Point::new(-74.0, 40.7));
        let reach = reach(&place).unwrap();
        let km = (
            reach.height() / 2.0 * KM_PER_DEGREE,
            reach.width() / 2.0 * KM_PER_DEGREE * 40.7_f64.to_radians().cos(),
        );
        assert!((km.0 - 6.0).abs() < 1e-9 && (km.1 - 6.0).abs() < 1e-9, "{km:?}");
    }
}
