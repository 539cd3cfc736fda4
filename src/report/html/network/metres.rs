//! From degrees to the metres of a study, as a polynomial that the page evaluates: a path is as long there as in the library.

use crate::crs::Reprojector;
use crate::{Crs, Result, StudyArea};
use geo::{Coord, Rect};
use serde::Serialize;
use std::f64::consts::PI;

/// Terms along each axis: over a region of 100 km what is left out is under a micrometre.
const TERMS: usize = 8;

/// Chebyshev polynomials in longitude and latitude over a box.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Metres {
    /// Middle and half size of the box, in degrees.
    middle: [f64; 2],
    half: [f64; 2],
    /// Coefficients of x and of y: term of latitude within term of longitude.
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Metres {
    /// Fitted at the Chebyshev nodes of a box in degrees.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Crs`] if a place of the box cannot be brought to metres.
    pub(super) fn over(study: &StudyArea, degrees: Rect<f64>) -> Result<Self> {
        let to_study = Reprojector::new(&Crs::wgs84(), &study.crs)?;
        let middle = degrees.center();
        // A study of one street still has a size.
        let half = [degrees.width(), degrees.height()].map(|size| (size / 2.0).max(1e-3));
        let angle = |node: usize| PI * (node as f64 + 0.5) / TERMS as f64;
        let mut places = Vec::with_capacity(TERMS * TERMS);
        for east in 0..TERMS {
            for north in 0..TERMS {
                let at = Coord {
                    x: middle.x + half[0] * angle(east).cos(),
                    y: middle.y + half[1] * angle(north).cos(),
                };
                places.push(to_study.coord(at)?);
            }
        }
        let coefficients = |of: &dyn Fn(&Coord<f64>) -> f64| {
            let mut found = Vec::with_capacity(TERMS * TERMS);
            for east in 0..TERMS {
                for north in 0..TERMS {
                    let term = |(number, place): (usize, &Coord<f64>)| {
                        let wave = |term: usize, node: usize| (term as f64 * angle(node)).cos();
                        of(place) * wave(east, number / TERMS) * wave(north, number % TERMS)
                    };
                    let sum: f64 = places.iter().enumerate().map(term).sum();
                    let share = |term: usize| if term == 0 { 1.0 } else { 2.0 } / TERMS as f64;
                    found.push(sum * share(east) * share(north));
                }
            }
            found
        };
        let (x, y) = (coefficients(&|place| place.x), coefficients(&|place| place.y));
        Ok(Self { middle: [middle.x, middle.y], half, x, y })
    }

    /// The place in metres, as the page finds it.
    pub(super) fn of(&self, degrees: Coord<f64>) -> Coord<f64> {
        let terms = |value: f64, axis: usize| {
            let at = (value - self.middle[axis]) / self.half[axis];
            let mut terms = [1.0, at, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
            for term in 2..TERMS {
                terms[term] = 2.0 * at * terms[term - 1] - terms[term - 2];
            }
            terms
        };
        let (east, north) = (terms(degrees.x, 0), terms(degrees.y, 1));
        let sum = |coefficients: &[f64]| -> f64 {
            let of = |(number, value): (usize, &f64)| value * east[number / TERMS] * north[number % TERMS];
            coefficients.iter().enumerate().map(of).sum()
        };
        Coord { x: sum(&self.x), y: sum(&self.y) }
    }
}
