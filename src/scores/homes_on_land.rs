//! Homes that stand on a piece of land, and how many dwellings they stand for.

use crate::model::{StudyArea, Weight};
use geo::{BoundingRect, Contains, MultiPolygon};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

/// The homes of a study by place; those where nobody lives are left out.
pub(crate) struct HomesOnLand<'a> {
    study: &'a StudyArea,
    places: RTree<GeomWithData<[f64; 2], usize>>,
}

impl<'a> HomesOnLand<'a> {
    pub(crate) fn new(study: &'a StudyArea) -> Self {
        let homes = &study.homes;
        let lived_in = (0..homes.len()).filter(|&home| homes.weights[home] > 0.0);
        let place = |home: usize| {
            let at = homes.locations[home];
            GeomWithData::new([at.x(), at.y()], home)
        };
        Self { study, places: RTree::bulk_load(lived_in.map(place).collect()) }
    }

    /// Numbers of the homes inside, in their order.
    pub(crate) fn inside(&self, shape: &MultiPolygon<f64>) -> Vec<usize> {
        let Some(around) = shape.bounding_rect() else { return Vec::new() };
        let around = AABB::from_corners(around.min().into(), around.max().into());
        let near = self.places.locate_in_envelope(&around).map(|one| one.data);
        let mut inside: Vec<usize> =
            near.filter(|&home| shape.contains(&self.study.homes.locations[home])).collect();
        inside.sort_unstable();
        inside
    }

    /// Dwellings on a piece of land: counted, or of the residents by the size of a household. `None` where homes count
    /// something else, or that size is not stated.
    pub(crate) fn dwellings(&self, shape: &MultiPolygon<f64>, household_size: Option<f64>) -> Option<f64> {
        let size = match self.study.homes.weight {
            Weight::Dwellings => 1.0,
            Weight::Residents => household_size?,
            Weight::FloorArea | Weight::Homes | Weight::StreetPositions => return None,
        };
        let weights = self.inside(shape).into_iter().map(|home| self.study.homes.weights[home]);
        Some(weights.fold(0.0, |sum, one| sum + one) / size)
    }
}
