//! What the zoning of a study allows on its land, what stands there, and what is left.

use crate::Result;
use crate::model::StudyArea;
use crate::zoning::{
    Capacity, NotCounted, Parcel, RealisticShares, Rules, Standing, Underused, capacity, realistic,
};
use geo::{Area, BoundingRect, Contains, InteriorPoint, Intersects, MultiPolygon, Point, Rect};

/// A parcel, or a district where the study has no parcels.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ZonedLand {
    /// Its id.
    pub id: String,
    /// The code that applies; `None` outside all districts.
    pub code: Option<String>,
    /// Whether it is a district of many lots rather than one parcel.
    pub is_district: bool,
    /// Index of the neighbourhood that holds a point inside it.
    pub neighbourhood: Option<u32>,
    /// A point inside it, in the study's metric system.
    pub at: Point<f64>,
    /// Its area, m².
    pub area: f64,
    /// Dwellings that the rules allow with the rule that binds; `None` where no rule is stated for the code.
    pub capacity: Option<Capacity>,
    /// What stands there.
    pub standing: Standing,
    /// Net new dwellings: allowed less what stands there, 0 where the parcel is not likely to be built on; `None` where
    /// nothing is allowed by a stated rule, or what stands there is not known.
    pub net: Option<f64>,
    /// Why nothing is counted although something is allowed.
    pub not_counted: Option<NotCounted>,
}

/// Everything that may be built on in a study: its parcels, or its districts.
///
/// - `existing`: dwellings on a piece of land of which the data does not count them; `None` where that is not known.
///
/// # Errors
/// Those of [`capacity`], with the id of the land.
pub fn zoned_land(
    study: &StudyArea,
    existing: &dyn Fn(&MultiPolygon<f64>) -> Option<f64>,
) -> Result<Vec<ZonedLand>> {
    let parcels = study
        .parcels
        .iter()
        .map(|one| (&one.id, one.code.as_deref(), &one.shape, one.standing, &one.own, false));
    let districts = study
        .zoning
        .iter()
        .map(|one| (&one.id, Some(one.code.as_str()), &one.shape, Standing::default(), &one.own, true));
    let around: Vec<Option<Rect<f64>>> =
        study.neighbourhoods.iter().map(|place| place.shape.bounding_rect()).collect();
    let land: Vec<_> = if study.parcels.is_empty() { districts.collect() } else { parcels.collect() };
    let of = |(id, code, shape, mut standing, own, is_district): (
        &String,
        Option<&str>,
        &MultiPolygon<f64>,
        Standing,
        &Rules,
        bool,
    )|
     -> Result<Option<ZonedLand>> {
        let Some(at) = shape.interior_point() else { return Ok(None) };
        let area = shape.unsigned_area();
        if standing.dwellings.is_none() {
            standing.dwellings = existing(shape);
        }
        let allowed =
            allowed(study, (code, own), area, is_district).map_err(|error| error.with_id(id.as_str()))?;
        let dwellings = allowed.as_ref().and_then(Capacity::dwellings);
        let mut underused = Underused::default();
        if is_district {
            // What makes a lot unlikely says nothing of a district of many.
            (underused.least_growth, underused.smallest) = (0.0, 0.0);
        }
        let net = match (dwellings, standing.dwellings) {
            (Some(dwellings), Some(_)) => Some(
                realistic(dwellings as f64, area, &standing, &underused, &RealisticShares::ALL)
                    .map_err(|error| error.with_id(id.as_str()))?,
            ),
            _ => None,
        };
        Ok(Some(ZonedLand {
            id: id.clone(),
            code: code.map(str::to_owned),
            is_district,
            neighbourhood: around
                .iter()
                .zip(&study.neighbourhoods)
                .position(|(around, place)| {
                    around.is_some_and(|around| around.intersects(&at)) && place.shape.contains(&at)
                })
                .and_then(|place| u32::try_from(place).ok()),
            at,
            area,
            not_counted: net.as_ref().and_then(|net| net.not_counted),
            net: net.map(|net| net.expected),
            capacity: allowed,
            standing,
        }))
    };
    Ok(land.into_iter().map(of).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// Dwellings that a code with a piece of land's own rules allows on it; `None` where neither states a rule.
///
/// # Errors
/// Those of [`capacity`].
pub fn allowed(
    study: &StudyArea,
    (code, own): (Option<&str>, &Rules),
    area: f64,
    is_district: bool,
) -> Result<Option<Capacity>> {
    let of_code = code.and_then(|code| study.zoning_code.book.rules(code));
    let rules = of_code.cloned().unwrap_or_default().overlaid(own);
    if rules == Rules::default() || area <= 0.0 {
        return Ok(None);
    }
    let parcel = Parcel { area, is_district, ..Parcel::default() };
    capacity(&parcel, &rules, &study.zoning_code.assumptions).map(Some)
}
