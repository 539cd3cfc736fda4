//! How many people live in each cell of a grid.

use crate::{Crs, Error, ErrorKind, Result};
use geo::Coord;

/// People by cell, as gridded censuses and population models give them (GHS-POP, WorldPop).
///
/// # Example
/// ```
/// use commonground::{Crs, model::PopulationGrid};
/// use geo::Coord;
/// // Two rows of two cells of 100 m; nothing is known of one.
/// let people = [Some(12.5), None, Some(0.0), Some(3.0)];
/// let first = Coord { x: 50.0, y: 150.0 };
/// let grid = PopulationGrid::new(Crs::new("EPSG:32632")?, first, Coord { x: 100.0, y: -100.0 }, 2, people.to_vec())?;
/// assert_eq!(grid.cell_at(Coord { x: 120.0, y: 30.0 }), Some(3));
/// assert_eq!((grid.people(3), grid.centre(3)), (3.0, Coord { x: 150.0, y: 50.0 }));
/// assert_eq!(grid.cell_at(Coord { x: 220.0, y: 30.0 }), None);
/// # Ok::<(), commonground::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PopulationGrid {
    crs: Crs,
    /// Centre of the first cell: the north-western one.
    first: Coord<f64>,
    /// From one centre to the next: east, and north (which is negative).
    step: Coord<f64>,
    width: usize,
    /// Row by row from the north; `None` where it is not known.
    people: Vec<Option<f64>>,
}

impl PopulationGrid {
    /// A grid of `people`, row by row from the north, each row from the west; `None` where nothing is known.
    ///
    /// - `first`: where the centre of the first cell lies, in `crs`.
    /// - `step`: distance to the centre of the next cell, east (> 0) and north (< 0).
    /// - `width`: number of cells in a row.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the rows are not all of one width, a place or distance is not finite or has the wrong sign,
    /// or a number of people is negative or not finite.
    pub fn new(
        crs: Crs,
        first: Coord<f64>,
        step: Coord<f64>,
        width: usize,
        people: Vec<Option<f64>>,
    ) -> Result<Self> {
        let wrong = |what: String| Err(Error::new(ErrorKind::Parameter, what).in_layer("population grid"));
        if width == 0 || people.is_empty() || !people.len().is_multiple_of(width) {
            return wrong(format!("{} cells do not make rows of {width}", people.len()));
        }
        if ![first.x, first.y, step.x, step.y].iter().all(|number| number.is_finite())
            || step.x <= 0.0
            || step.y >= 0.0
        {
            return wrong("the cells have no size, or north is not up".into());
        }
        if let Some(bad) = people.iter().flatten().find(|people| !(people.is_finite() && **people >= 0.0)) {
            return wrong(format!("a cell holds {bad} people"));
        }
        Ok(Self { crs, first, step, width, people })
    }

    /// The system of the cells.
    #[must_use]
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// Number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// People in a cell; 0 where nothing is known.
    #[must_use]
    pub fn people(&self, cell: usize) -> f64 {
        self.people.get(cell).copied().flatten().unwrap_or(0.0)
    }

    /// The middle of a cell, in the system of the grid.
    #[must_use]
    pub fn centre(&self, cell: usize) -> Coord<f64> {
        let (column, row) = self.position(cell);
        Coord { x: self.first.x + self.step.x * column as f64, y: self.first.y + self.step.y * row as f64 }
    }

    /// Column from the west and row from the north of a cell.
    #[must_use]
    pub fn position(&self, cell: usize) -> (usize, usize) {
        (cell % self.width, cell / self.width)
    }

    /// From one centre to the next: east, and north (which is negative).
    #[must_use]
    pub fn step(&self) -> Coord<f64> {
        self.step
    }

    /// The cell that holds a place; the western and northern edges are its own.
    #[must_use]
    pub fn cell_at(&self, place: Coord<f64>) -> Option<usize> {
        let column = ((place.x - self.first.x) / self.step.x + 0.5).floor();
        let row = ((place.y - self.first.y) / self.step.y + 0.5).floor();
        let (columns, rows) = (self.width as f64, (self.people.len() / self.width) as f64);
        let is_inside = (0.0..columns).contains(&column) && (0.0..rows).contains(&row);
        is_inside.then(|| row as usize * self.width + column as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_grids_are_refused() {
        let step = Coord { x: 1.0, y: -1.0 };
        let grid = |step, width, people: &[f64]| {
            let people = people.iter().copied().map(Some).collect();
            PopulationGrid::new(Crs::wgs84(), Coord { x: 0.0, y: 0.0 }, step, width, people)
        };
        for wrong in [
            grid(step, 0, &[]),
            grid(step, 2, &[1.0]),
            grid(step, 1, &[-1.0]),
            grid(step, 1, &[f64::NAN]),
            grid(Coord { x: 1.0, y: 1.0 }, 1, &[1.0]),
        ] {
            assert_eq!(wrong.unwrap_err().kind(), ErrorKind::Parameter);
        }
        let fine = grid(step, 1, &[1.0, 2.0]).unwrap();
        assert_eq!((fine.position(1), fine.cell_at(Coord { x: 0.4, y: -0.6 })), ((0, 1), Some(1)));
    }
}
