//! Well-known binary.

use super::guard::guarded_or;
use super::rings::has_open_ring;
use crate::{Error, ErrorKind, Result};
use geo::Geometry;
use geo_traits::to_geo::ToGeoGeometry;
use wkb::writer::{WriteOptions, write_geometry};

/// A geometry from well-known binary; heights and measures are dropped, an empty geometry is `None`.
///
/// # Errors
/// [`ErrorKind::Geometry`] if the bytes are not well-known binary.
pub fn geometry_from_wkb(bytes: &[u8]) -> Result<Option<Geometry<f64>>> {
    let damaged = || {
        Error::new(ErrorKind::Geometry, "the well-known binary is damaged: its lengths contradict each other")
    };
    guarded_or(damaged, || read(bytes))
}

fn read(bytes: &[u8]) -> Result<Option<Geometry<f64>>> {
    let geometry = wkb::reader::read_wkb(bytes)
        .map_err(|error| Error::new(ErrorKind::Geometry, format!("not well-known binary: {error}")))?;
    if has_open_ring(&geometry) {
        let message = "a ring is not closed: its last position is not its first";
        return Err(Error::new(ErrorKind::Geometry, message));
    }
    Ok(geometry.try_to_geometry())
}

/// The little-endian well-known binary of a geometry.
#[must_use]
pub fn geometry_to_wkb(geometry: &Geometry<f64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_geometry(&mut bytes, geometry, &WriteOptions::default())
        .expect("every geometry of the model has a binary form, and a vector takes any number of bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    #[test]
    fn a_polygon_survives_the_round_trip_and_garbage_is_refused() {
        let square = Geometry::from(polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 1.0, y: 1.0)]);
        let bytes = geometry_to_wkb(&square);
        assert_eq!(geometry_from_wkb(&bytes).unwrap(), Some(square));
        for garbage in [&bytes[..bytes.len() - 3], &[], &[1, 99, 0, 0, 0]] {
            assert_eq!(geometry_from_wkb(garbage).unwrap_err().kind(), ErrorKind::Geometry);
        }
    }
}
