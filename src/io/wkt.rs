//! Well-known text.

use super::rings::has_open_ring;
use crate::{Error, ErrorKind, Result};
use geo::Geometry;
use std::str::FromStr;
use wkt::Wkt;

/// Levels of brackets; a collection of collections of multipolygons has five.
const DEEPEST: usize = 32;

/// A geometry from well-known text; an empty geometry is `None`.
pub(super) fn geometry_from_wkt(text: &str) -> Result<Option<Geometry<f64>>> {
    let wrong = |message: String| Error::new(ErrorKind::Geometry, message);
    let mut depth = 0_usize;
    for letter in text.bytes() {
        match letter {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(wrong(format!("the well-known text is nested more than {DEEPEST} levels deep")));
        }
    }
    let parsed =
        Wkt::<f64>::from_str(text).map_err(|error| wrong(format!("not well-known text: {error}")))?;
    if has_open_ring(&parsed) {
        return Err(wrong("a ring is not closed: its last position is not its first".into()));
    }
    if text.trim_end().to_ascii_uppercase().ends_with("EMPTY") {
        return Ok(None);
    }
    Geometry::try_from(parsed).map(Some).map_err(|error| wrong(format!("not well-known text: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_text_and_open_rings_are_refused() {
        let deep = format!("{}POINT(1 2){}", "GEOMETRYCOLLECTION(".repeat(100_000), ")".repeat(100_000));
        let error = geometry_from_wkt(&deep).unwrap_err().to_string();
        assert!(error.contains("nested more than 32 levels"), "{error}");
        let open = "POLYGON((0 0, 1 0, 1 1, 0 1))";
        assert!(geometry_from_wkt(open).unwrap_err().to_string().contains("not closed"));
        assert!(geometry_from_wkt("POLYGON((0 0, 1 0, 1 1, 0 0))").unwrap().is_some());
        assert!(geometry_from_wkt("POLYGON EMPTY").unwrap().is_none());
        assert!(geometry_from_wkt("GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 2)))").unwrap().is_some());
    }
}
