//! Land inside an area: parcels whose middle lies in it, and districts cut along its edge.

use crate::model::StudyArea;
use crate::{Error, ErrorKind, Result};
use geo::{Area, BooleanOps, BoundingRect, Contains, InteriorPoint, Intersects, MultiPolygon, Validation};

/// Pieces up to this many square metres are a border drawn twice.
const SLIVER_M2: f64 = 1.0;

/// Numbers of the wanted parcels that lie in an area.
///
/// # Errors
/// Those of [`check`].
pub(super) fn parcels_inside(
    study: &StudyArea,
    mut wanted: Vec<usize>,
    inside: &MultiPolygon<f64>,
) -> Result<Vec<usize>> {
    check(study, inside)?;
    let middle = |number: usize| study.parcels[number].shape.interior_point();
    wanted.retain(|&number| middle(number).is_some_and(|at| inside.contains(&at)));
    Ok(wanted)
}

/// Cuts the wanted districts along the edge of an area. What lies inside becomes a district of its own, named after the
/// change; returns the numbers of those pieces.
///
/// # Errors
/// Those of [`check`]; [`ErrorKind::Value`] if the name of a piece is taken.
pub(super) fn cut_districts(
    study: &mut StudyArea,
    wanted: &[usize],
    (inside, change): (&MultiPolygon<f64>, usize),
) -> Result<Vec<usize>> {
    check(study, inside)?;
    let around = inside.bounding_rect();
    let mut pieces = Vec::new();
    for &number in wanted {
        let district = &study.zoning[number];
        let is_near = |there| around.is_some_and(|around| around.intersects(&there));
        if !district.shape.bounding_rect().is_some_and(is_near) {
            continue;
        }
        let part = district.shape.intersection(inside);
        if part.unsigned_area() <= SLIVER_M2 {
            continue;
        }
        let rest = district.shape.difference(inside);
        if rest.unsigned_area() <= SLIVER_M2 {
            pieces.push(number);
            continue;
        }
        let mut piece = district.clone();
        piece.id = format!("{}, change {change}", district.id);
        if study.zoning.iter().any(|known| known.id == piece.id) {
            let message = format!("the id `{}` is taken by another zoning district", piece.id);
            return Err(Error::new(ErrorKind::Value, message));
        }
        piece.shape = part;
        study.zoning[number].shape = rest;
        study.zoning.push(piece);
        pieces.push(study.zoning.len() - 1);
    }
    Ok(pieces)
}

/// Whether an area is one, and lies in the study.
///
/// # Errors
/// [`ErrorKind::Geometry`] if it has no area, its edge crosses itself, or it meets none of the neighbourhoods.
pub(super) fn check(study: &StudyArea, area: &MultiPolygon<f64>) -> Result<()> {
    let wrong = |message: String| {
        Error::new(ErrorKind::Geometry, message).hint(
            "a ring needs three places at least, its edge may not cross itself, and parts may not overlap",
        )
    };
    area.check_validation().map_err(|error| wrong(format!("the area is not valid: {error}")))?;
    let square_metres = area.unsigned_area();
    if !(square_metres.is_finite() && square_metres > 0.0) {
        return Err(wrong("the area has no size".to_owned()));
    }
    match study.neighbourhoods.iter().any(|place| place.shape.intersects(area)) {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::Geometry, "the area is in none of the neighbourhoods")
            .hint("write `[longitude, latitude]`, in this order")),
    }
}
