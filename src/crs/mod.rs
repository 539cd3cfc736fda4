//! Coordinate reference systems: what the library knows of them. Only `projection` knows PROJ.

#[cfg(feature = "study")]
mod projection;

#[cfg(feature = "study")]
pub use projection::{Reprojector, check_metric};

use std::fmt;

/// A coordinate reference system.
///
/// Coordinates are always in the order x (easting, longitude), y (northing, latitude).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crs {
    definition: String,
    axis: Axis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Axis {
    Degree,
    Metre,
    #[cfg_attr(not(feature = "study"), expect(dead_code, reason = "only PROJ knows such systems"))]
    Other,
}

impl Crs {
    /// Longitude and latitude on WGS 84, `EPSG:4326`.
    #[must_use]
    pub fn wgs84() -> Self {
        Self { definition: "EPSG:4326".into(), axis: Axis::Degree }
    }

    /// The system of a saved network, which was in metres when it was saved.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Crs`] if PROJ, where it is part of the library, does not know it.
    pub(crate) fn of_saved(definition: &str) -> crate::Result<Self> {
        #[cfg(feature = "study")]
        return Self::new(definition);
        #[cfg(not(feature = "study"))]
        Ok(Self { definition: definition.to_owned(), axis: Axis::Metre })
    }

    /// How the user wrote it.
    #[must_use]
    pub fn definition(&self) -> &str {
        &self.definition
    }

    /// Whether coordinates are degrees.
    #[must_use]
    pub fn is_geographic(&self) -> bool {
        self.axis == Axis::Degree
    }

    /// Whether coordinates are metres on a plane.
    #[must_use]
    pub fn is_metric(&self) -> bool {
        self.axis == Axis::Metre
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shorten(&self.definition))
    }
}

/// Well-known text runs over many lines; its first words name the system.
fn shorten(definition: &str) -> String {
    const LONGEST: usize = 60;
    if definition.chars().count() <= LONGEST {
        return definition.to_owned();
    }
    definition.chars().take(LONGEST).chain("...".chars()).collect()
}
