//! Homes that stand on a piece of land, and how many dwellings they stand for.

use crate::model::{StudyArea, Weight};
use geo::{BoundingRect, Contains, Intersects, MultiPolygon};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

fn lived_in(study: &StudyArea) -> impl Iterator<Item = usize> {
    (0..study.homes.len()).filter(|&home| study.homes.weights[home] > 0.0)
}

/// Numbers of the homes inside one piece of land, in their order; for many pieces a [`HomesOnLand`] is made once.
pub(crate) fn homes_inside(study: &StudyArea, shape: &MultiPolygon<f64>) -> Vec<usize> {
    let Some(around) = shape.bounding_rect() else { return Vec::new() };
    let is_inside = |home: &usize| {
        let at = study.homes.locations[*home];
        around.intersects(&at) && shape.contains(&at)
    };
    lived_in(study).filter(is_inside).collect()
}

/// The homes of a study by place; those where nobody lives are left out.
pub(crate) struct HomesOnLand<'a> {
    study: &'a StudyArea,
    places: RTree<GeomWithData<[f64; 2], usize>>,
}

impl<'a> HomesOnLand<'a> {
    pub(crate) fn new(study: &'a StudyArea) -> Self {
        let homes = &study.homes;
        let place = |home: usize| {
            let at = homes.locations[home];
            GeomWithData::new([at.x(), at.y()], home)
        };
        Self { study, places: RTree::bulk_load(lived_in(study).map(place).collect()) }
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
