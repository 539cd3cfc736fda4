//! The Hilbert curve: places that are near each other get numbers that are near each other.

use geo::{Coord, Rect};

/// Position along a Hilbert curve of 2¹⁶ × 2¹⁶ cells over `extent`.
pub(super) fn hilbert_position(place: Coord<f64>, extent: Rect<f64>) -> u32 {
    const SIDE: u32 = 1 << 16;
    let cell = |value: f64, low: f64, width: f64| {
        if width > 0.0 { ((value - low) / width * f64::from(SIDE - 1)) as u32 } else { 0 }
    };
    let mut x = cell(place.x, extent.min().x, extent.width());
    let mut y = cell(place.y, extent.min().y, extent.height());
    let mut position = 0;
    let mut side = SIDE / 2;
    while side > 0 {
        let right = u32::from(x & side > 0);
        let upper = u32::from(y & side > 0);
        position += side * side * ((3 * right) ^ upper);
        if upper == 0 {
            if right == 1 {
                x = (SIDE - 1) - x;
                y = (SIDE - 1) - y;
            }
            std::mem::swap(&mut x, &mut y);
        }
        side /= 2;
    }
    position
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quadrants_follow_each_other_along_the_curve() {
        let extent = Rect::new(Coord { x: 0.0, y: 0.0 }, Coord { x: 1.0, y: 1.0 });
        let corners = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)];
        let positions = corners.map(|(x, y)| hilbert_position(Coord { x, y }, extent));
        assert!(positions.is_sorted(), "{positions:?}");
        assert_eq!(positions[0], 0);
        assert_eq!(positions[3], u32::MAX);
    }
}
