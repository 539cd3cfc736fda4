//! What divides and what connects: barriers by the residents whom they affect, places that bridge most.

use super::ground::{Grid, GridLine};
use crate::assessment::Assessment;
use crate::report::barrier_map::outlines;
use crate::report::table::{numbers, texts};
use crate::{Result, StudyArea};
use geo::Geometry;
use serde::Serialize;

/// Barriers and places that a page lists, at most.
const LISTED: usize = 12;

#[derive(Serialize)]
pub(super) struct Between {
    barriers: Vec<Barrier>,
    places: Vec<Place>,
}

#[derive(Serialize)]
struct Barrier {
    name: String,
    kind: String,
    /// `None` where few are affected.
    residents: Option<f64>,
    lines: Vec<GridLine>,
}

#[derive(Serialize)]
struct Place {
    name: String,
    category: String,
    residents: Option<f64>,
    /// `None` where it would tell a small count.
    bridging: Option<f64>,
    at: GridLine,
}

impl Between {
    /// # Errors
    /// [`crate::ErrorKind::Crs`] if a point cannot be brought to degrees.
    pub(super) fn of(study: &StudyArea, assessment: &Assessment) -> Result<Self> {
        let grid = Grid::of(study)?;
        let unnamed = |name: Option<String>| name.unwrap_or_else(|| "without a name".to_owned());
        let table = &assessment.barriers.attributes;
        let named = texts(table, "name").into_iter().zip(texts(table, "kind"));
        let rows = named.zip(numbers(table, "residents_affected")).zip(&assessment.barriers.geometries);
        let barrier = |(((name, kind), residents), shape): (_, &Option<Geometry<f64>>)| -> Result<Barrier> {
            let lines = shape.iter().flat_map(outlines).map(|line| grid.simple_line(&line));
            let lines = lines.collect::<Result<_>>()?;
            Ok(Barrier { name: unnamed(name), kind: Option::unwrap_or_default(kind), residents, lines })
        };
        let barriers = rows.take(LISTED).map(barrier).collect::<Result<_>>()?;
        let table = &assessment.meeting_places.attributes;
        let named = texts(table, "name").into_iter().zip(texts(table, "category"));
        let values = numbers(table, "residents_in_reach").into_iter().zip(numbers(table, "bridging"));
        let rows = named.zip(values).zip(&assessment.meeting_places.geometries);
        let place = |(((name, category), (residents, bridging)), shape): (_, &Option<Geometry<f64>>)| -> Result<Place> {
            let at = match shape {
                Some(Geometry::Point(point)) => grid.line(&[point.0])?,
                _ => GridLine::new(),
            };
            let category = Option::unwrap_or_default(category);
            Ok(Place { name: unnamed(name), category, residents, bridging, at })
        };
        let places = rows.take(LISTED).map(place).collect::<Result<_>>()?;
        Ok(Self { barriers, places })
    }
}
