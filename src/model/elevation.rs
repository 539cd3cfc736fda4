//! The height of the ground on a grid.

use crate::{Crs, Error, ErrorKind, Result};
use geo::Coord;

/// Heights in metres at the centres of the cells of a grid, with north up.
#[derive(Debug, Clone, PartialEq)]
pub struct Elevation {
    crs: Crs,
    /// Centre of the first cell: the north-western one.
    first: Coord<f64>,
    /// From one centre to the next: east, and north (which is negative).
    step: Coord<f64>,
    width: usize,
    /// Row by row from the north; NaN where it is not known.
    heights: Vec<f32>,
}

impl Elevation {
    /// A grid of `heights`, row by row from the north, each row from the west.
    ///
    /// - `first`: where the centre of the first cell lies, in `crs`.
    /// - `step`: distance to the centre of the next cell, east (> 0) and north (< 0).
    /// - `width`: number of cells in a row.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the rows are not all of one width, or a number is not finite or has the wrong sign.
    ///
    /// # Example
    /// ```
    /// use commonground::{Crs, model::Elevation};
    /// use geo::Coord;
    /// // Four cells of 30 m; one is not known.
    /// let heights = [Some(10.0), Some(20.0), Some(30.0), None];
    /// let (first, step) = (Coord { x: 15.0, y: 45.0 }, Coord { x: 30.0, y: -30.0 });
    /// let grid = Elevation::new(Crs::new("EPSG:32722")?, first, step, 2, &heights)?;
    /// assert_eq!(grid.at(Coord { x: 30.0, y: 45.0 }), Some(15.0));
    /// // Where an unknown cell would count, the height is unknown.
    /// assert_eq!(grid.at(Coord { x: 30.0, y: 30.0 }), None);
    /// # Ok::<(), commonground::Error>(())
    /// ```
    pub fn new(
        crs: Crs,
        first: Coord<f64>,
        step: Coord<f64>,
        width: usize,
        heights: &[Option<f32>],
    ) -> Result<Self> {
        let refuse = |message: &str| Err(Error::new(ErrorKind::Parameter, message).in_layer("elevation"));
        if width == 0 || heights.is_empty() || !heights.len().is_multiple_of(width) {
            return refuse("the rows of the grid are not all of one width");
        }
        let is_finite = [first.x, first.y, step.x, step.y].iter().all(|number| number.is_finite());
        if !is_finite || step.x <= 0.0 || step.y >= 0.0 {
            return refuse("the grid has no place, or north is not up");
        }
        if heights.iter().flatten().any(|height| !height.is_finite()) {
            return refuse("a height is not finite");
        }
        let heights = heights.iter().map(|height| height.unwrap_or(f32::NAN)).collect();
        Ok(Self { crs, first, step, width, heights })
    }

    /// The system of the grid.
    #[must_use]
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// Height in metres at a place in the grid's own system, bilinear between the centres of the four cells around it.
    ///
    /// `None` outside the grid and where one of the cells that count is not known. Within half a cell of its border the
    /// grid is as high as the nearest centres.
    #[must_use]
    pub fn at(&self, place: Coord<f64>) -> Option<f64> {
        let height = self.heights.len() / self.width;
        let (column, across) = locate((place.x - self.first.x) / self.step.x, self.width)?;
        let (row, down) = locate((place.y - self.first.y) / self.step.y, height)?;
        let corners = [
            (row, column, (1.0 - down) * (1.0 - across)),
            (row, column + 1, (1.0 - down) * across),
            (row + 1, column, down * (1.0 - across)),
            (row + 1, column + 1, down * across),
        ];
        let counting = corners.into_iter().filter(|&(_, _, weight)| weight > 0.0);
        let sum: f64 = counting
            .map(|(row, column, weight)| weight * f64::from(self.heights[row * self.width + column]))
            .sum();
        (!sum.is_nan()).then_some(sum)
    }
}

/// The cell whose centre comes before a position counted in cells, and the share of the way to the next one.
fn locate(position: f64, count: usize) -> Option<(usize, f64)> {
    let last = (count - 1) as f64;
    if !(-0.5..=last + 0.5).contains(&position) {
        return None;
    }
    let position = position.clamp(0.0, last);
    Some((position.floor() as usize, position.fract()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ```text
    ///   0  10  20
    ///   0  10   ?     cells of 1 m, the first centre at (0.5, 1.5)
    /// ```
    fn grid() -> Elevation {
        let heights = [Some(0.0), Some(10.0), Some(20.0), Some(0.0), Some(10.0), None];
        let (first, step) = (Coord { x: 0.5, y: 1.5 }, Coord { x: 1.0, y: -1.0 });
        Elevation::new(Crs::new("EPSG:32722").unwrap(), first, step, 3, &heights).unwrap()
    }

    #[test]
    fn heights_between_centres_are_bilinear_and_the_border_is_flat() {
        let at = |x: f64, y: f64| grid().at(Coord { x, y });
        assert_eq!(at(0.75, 1.0), Some(2.5));
        assert_eq!(at(0.0, 2.0), Some(0.0));
        assert_eq!(at(3.0, 1.5), Some(20.0));
        assert_eq!(at(3.01, 1.5), None);
        assert_eq!(at(1.0, -0.01), None);
    }

    #[test]
    fn what_an_unknown_cell_would_weigh_in_is_unknown_and_never_zero() {
        let at = |x: f64, y: f64| grid().at(Coord { x, y });
        assert_eq!(at(2.0, 1.4), None);
        // On the line between known cells the unknown one has no weight.
        assert_eq!(at(2.0, 1.5), Some(15.0));
        assert_eq!(at(1.5, 0.5), Some(10.0));
    }

    #[test]
    fn grids_that_are_none_are_refused() {
        let crs = || Crs::new("EPSG:32722").unwrap();
        let (first, step) = (Coord { x: 0.0, y: 0.0 }, Coord { x: 1.0, y: -1.0 });
        let south_up = Coord { x: 1.0, y: 1.0 };
        for (first, step, width, heights) in [
            (first, step, 2, &[Some(1.0); 3][..]),
            (first, step, 0, &[]),
            (first, south_up, 1, &[Some(1.0)]),
            (Coord { x: f64::NAN, y: 0.0 }, step, 1, &[Some(1.0)]),
            (first, step, 1, &[Some(f32::INFINITY)]),
        ] {
            let error = Elevation::new(crs(), first, step, width, heights).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Parameter);
        }
    }
}
