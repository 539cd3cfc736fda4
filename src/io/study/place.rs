//! Where the study is: its metric system, its extent, and how layers are carried into it.

use super::layer::Layer;
use super::listing::Listing;
use super::repair::{self, Repair};
use crate::crs::Reprojector;
use crate::model::{Findings, Neighbourhood};
use crate::{Crs, Error, ErrorKind};
use geo::{BoundingRect, Coord, Geometry, InteriorPoint, Intersects, MapCoords, MultiPolygon, Point, Rect};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// How far outside the neighbourhoods a feature may lie before it is called outside, in metres. People who live at the
/// edge use what is across it; what is farther than two hours on foot does not matter to them.
const MARGIN_M: f64 = 10_000.0;

/// The metric system of a study and the extent of its neighbourhoods.
pub(super) struct Place {
    /// `None` while the neighbourhoods cannot be read: other layers are checked as far as that goes.
    pub crs: Option<Crs>,
    extent: Option<Rect<f64>>,
    reprojectors: RefCell<HashMap<String, Rc<Reprojector>>>,
}

impl Place {
    pub fn new(crs: Option<Crs>, neighbourhoods: &[Neighbourhood]) -> Self {
        let boxes = neighbourhoods.iter().filter_map(|one| one.shape.bounding_rect());
        let extent = boxes.reduce(|a, b| {
            let min = Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
            Rect::new(min, Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) })
        });
        Self { crs, extent, reprojectors: RefCell::default() }
    }

    /// The box around the neighbourhoods.
    pub fn extent(&self) -> Option<Rect<f64>> {
        self.extent
    }

    /// A way from another system into the study's.
    pub fn reprojector(&self, from: &Crs) -> crate::Result<Option<Rc<Reprojector>>> {
        let Some(crs) = &self.crs else { return Ok(None) };
        let mut known = self.reprojectors.borrow_mut();
        if let Some(reprojector) = known.get(from.definition()) {
            return Ok(Some(Rc::clone(reprojector)));
        }
        let reprojector = Rc::new(Reprojector::new(from, crs)?);
        known.insert(from.definition().to_owned(), Rc::clone(&reprojector));
        Ok(Some(reprojector))
    }

    /// The geometries of a layer in the study's system, in the order of its rows.
    pub fn geometries(&self, layer: &Layer, findings: &mut Findings) -> Option<Vec<Geometry<f64>>> {
        let from = layer.crs(findings)?;
        let reprojector = match self.reprojector(&from) {
            Ok(reprojector) => reprojector?,
            Err(error) => {
                findings.error(error.in_layer(&layer.name));
                return None;
            }
        };
        let mut carried = Vec::with_capacity(layer.len());
        let mut refused = Listing::default();
        for (index, geometry) in layer.geometries().enumerate() {
            match reprojector.geometry(geometry) {
                Ok(geometry) => carried.push(geometry),
                Err(_) => layer.list(&mut refused, index, None),
            }
        }
        if !refused.is_empty() {
            let what = format!("coordinates lie outside the domain of `{from}`");
            let hint = self.hint_about_swapped(layer, &from);
            findings.error(refused.error(ErrorKind::Crs, &what).in_layer(&layer.name).hint(hint));
            return None;
        }
        self.check_extent(layer, &from, &carried, findings)?;
        Some(carried)
    }

    /// Features outside the study area: all of them is an error, some of them a warning.
    fn check_extent(
        &self,
        layer: &Layer,
        from: &Crs,
        geometries: &[Geometry<f64>],
        findings: &mut Findings,
    ) -> Option<()> {
        let Some(extent) = self.extent else { return Some(()) };
        if geometries.is_empty() {
            let error = Error::new(ErrorKind::Study, "no row of the layer is left").in_layer(&layer.name);
            findings.error(error.hint("what was left out stands in the notes; which rows are meant?"));
            return None;
        }
        let margin = Coord { x: MARGIN_M, y: MARGIN_M };
        let near = Rect::new(extent.min() - margin, extent.max() + margin);
        let mut outside = Listing::default();
        for (index, geometry) in geometries.iter().enumerate() {
            if !geometry.bounding_rect().is_some_and(|one| one.intersects(&near)) {
                layer.list(&mut outside, index, None);
            }
        }
        if outside.count() == geometries.len() {
            let error = Error::new(ErrorKind::Crs, "the whole layer lies outside the study area");
            findings.error(error.in_layer(&layer.name).hint(self.hint_about_swapped(layer, from)));
            return None;
        }
        if !outside.is_empty() {
            let what = "a feature lies more than 10 km outside the study area";
            let hint = "it is kept, and too far to matter; is its coordinate right?";
            findings.warning(outside.error(ErrorKind::Geometry, what).in_layer(&layer.name).hint(hint));
        }
        Some(())
    }

    /// Says so if the layer would lie in the study area with its coordinates swapped.
    fn hint_about_swapped(&self, layer: &Layer, from: &Crs) -> String {
        let swap = |coord: Coord<f64>| Coord { x: coord.y, y: coord.x };
        let lies_inside = || {
            let (extent, reprojector) = (self.extent?, self.reprojector(from).ok()??);
            let swapped = layer.geometries().next()?.map_coords(swap);
            let place = reprojector.geometry(&swapped).ok()?.bounding_rect()?;
            let margin = Coord { x: MARGIN_M, y: MARGIN_M };
            Some(place.intersects(&Rect::new(extent.min() - margin, extent.max() + margin)))
        };
        if lies_inside().unwrap_or_default() {
            "x and y are swapped: with y before x the layer lies in the study area".into()
        } else {
            format!("is the layer in `{from}`? give its own system with `crs = \"EPSG:...\"`")
        }
    }

    /// One point per row: points as they are, anything else at a point inside it.
    pub fn points(&self, layer: &Layer, findings: &mut Findings) -> Option<Vec<Point<f64>>> {
        let inside = |geometry: Geometry<f64>| match geometry {
            Geometry::Point(point) => Some(point),
            Geometry::MultiPoint(points) => points.0.first().copied(),
            other => other.interior_point(),
        };
        let points: Option<Vec<Point<f64>>> =
            self.geometries(layer, findings)?.into_par_iter().map(inside).collect();
        if points.is_none() {
            let error = Error::new(ErrorKind::Geometry, "a geometry is empty").in_layer(&layer.name);
            findings.error(error);
        }
        points
    }

    /// One area a row, repaired where that is unambiguous.
    pub fn areas(&self, layer: &Layer, findings: &mut Findings) -> Option<Vec<MultiPolygon<f64>>> {
        let geometries = self.geometries(layer, findings)?;
        let checked: Vec<Option<Repair>> = geometries
            .into_par_iter()
            .map(|geometry| repair::areas_of(geometry).map(repair::repair))
            .collect();
        let (mut repaired, mut broken, mut no_areas) =
            (Listing::default(), Listing::default(), Listing::default());
        let mut areas = Vec::with_capacity(checked.len());
        for (index, one) in checked.into_iter().enumerate() {
            match one {
                Some(Repair::NotNeeded(area)) => areas.push(area),
                Some(Repair::Done(area, reason)) => {
                    layer.list(&mut repaired, index, Some(&reason));
                    areas.push(area);
                }
                Some(Repair::Ambiguous(reason)) => layer.list(&mut broken, index, Some(&reason)),
                None => layer.list(&mut no_areas, index, None),
            }
        }
        if !repaired.is_empty() {
            let error = repaired.error(ErrorKind::Geometry, "an invalid polygon was repaired");
            findings.warning(error.in_layer(&layer.name));
        }
        if !broken.is_empty() {
            let what = "a polygon is invalid and can be read in more than one way";
            let hint = "repair it in a GIS (QGIS: Fix geometries) and look at the result";
            findings.error(broken.error(ErrorKind::Geometry, what).in_layer(&layer.name).hint(hint));
        }
        if !no_areas.is_empty() {
            let error = no_areas.error(ErrorKind::Geometry, "the geometry is no polygon");
            findings.error(error.in_layer(&layer.name).hint("the layer must hold areas"));
        }
        (broken.is_empty() && no_areas.is_empty()).then_some(areas)
    }
}

/// Finds the area that holds a point.
pub(super) struct AreaIndex<'a> {
    areas: Vec<&'a MultiPolygon<f64>>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

impl<'a> AreaIndex<'a> {
    pub fn new(areas: impl Iterator<Item = &'a MultiPolygon<f64>>) -> Self {
        let areas: Vec<_> = areas.collect();
        let boxes = areas.iter().enumerate().filter_map(|(index, area)| {
            let rect = area.bounding_rect()?;
            let rectangle = Rectangle::from_corners(rect.min().into(), rect.max().into());
            Some(GeomWithData::new(rectangle, index))
        });
        let tree = RTree::bulk_load(boxes.collect());
        Self { areas, tree }
    }

    /// The first area, by their order, that holds the point or has it on its edge.
    pub fn find(&self, point: Point<f64>) -> Option<u32> {
        let near = self.tree.locate_in_envelope_intersecting(&AABB::from_point(point.into()));
        let mut candidates: Vec<usize> = near.map(|one| one.data).collect();
        candidates.sort_unstable();
        let index = candidates.into_iter().find(|index| self.areas[*index].intersects(&point))?;
        u32::try_from(index).ok()
    }

    /// [`AreaIndex::find`] for many points, on all threads.
    pub fn find_all(&self, points: &[Point<f64>]) -> Vec<Option<u32>> {
        points.par_iter().map(|point| self.find(*point)).collect()
    }

    /// Pairs of areas whose boxes meet, the lower index first, in order.
    pub fn neighbours(&self) -> Vec<(usize, usize)> {
        let meeting = self.tree.intersection_candidates_with_other_tree(&self.tree);
        let mut pairs: Vec<(usize, usize)> =
            meeting.map(|(a, b)| (a.data, b.data)).filter(|(a, b)| a < b).collect();
        pairs.sort_unstable();
        pairs
    }
}
