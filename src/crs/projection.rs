//! Systems by name, and coordinates from one to another: the one file that knows PROJ.

use super::{Axis, Crs, shorten};
use crate::{Error, ErrorKind, Result};
use geo::{Coord, Geometry, MapCoords, MapCoordsInPlace, Rect};
use proj::Proj;

impl Crs {
    /// A system by authority code (`EPSG:26985`), well-known text, PROJJSON or PROJ string.
    ///
    /// # Errors
    /// [`ErrorKind::Crs`] if PROJ does not know it.
    pub fn new(definition: &str) -> Result<Self> {
        let definition = definition.trim();
        let unknown = |reason: String| {
            Error::new(
                ErrorKind::Crs,
                format!("`{}` is not a coordinate reference system: {reason}", shorten(definition)),
            )
            .hint("write an authority code such as `EPSG:4326`")
        };
        let system = Proj::new(definition).map_err(|error| unknown(error.to_string()))?;
        let projjson =
            system.to_projjson(Some(false), None, None).map_err(|error| unknown(error.to_string()))?;
        let axis = axis_of(&projjson).ok_or_else(|| unknown("it has no horizontal axes".into()))?;
        Ok(Self { definition: definition.to_owned(), axis })
    }

    /// The zone of the Universal Transverse Mercator system around a longitude and latitude in degrees.
    ///
    /// # Errors
    /// [`ErrorKind::Crs`] if the place is not on the globe, or nearer to a pole than the zones reach.
    pub fn utm_around(longitude: f64, latitude: f64) -> Result<Self> {
        if !(-180.0..=180.0).contains(&longitude) || !(-80.0..=84.0).contains(&latitude) {
            return Err(Error::new(
                ErrorKind::Crs,
                format!("no UTM zone covers longitude {longitude:.4}, latitude {latitude:.4}"),
            )
            .hint(
                "are the coordinates swapped, or in another system than stated? give `crs` in study.toml",
            ));
        }
        let zone = (((longitude + 180.0) / 6.0) as u32 + 1).min(60);
        let north_or_south = if latitude >= 0.0 { 32_600 } else { 32_700 };
        Self::new(&format!("EPSG:{}", north_or_south + zone))
    }

    /// The definition as PROJJSON, which GeoParquet wants.
    ///
    /// # Errors
    /// [`ErrorKind::Crs`] if PROJ cannot express it.
    pub fn to_projjson(&self) -> Result<String> {
        Proj::new(&self.definition)
            .ok()
            .and_then(|system| system.to_projjson(Some(false), None, None).ok())
            .ok_or_else(|| Error::new(ErrorKind::Crs, format!("`{self}` has no PROJJSON form")))
    }
}

fn axis_of(projjson: &str) -> Option<Axis> {
    let system: serde_json::Value = serde_json::from_str(projjson).ok()?;
    // Ways from one system to another have axes, too, and are no systems.
    if !system.get("type")?.as_str()?.ends_with("CRS") {
        return None;
    }
    let system = ["source_crs", "components"].iter().find_map(|key| system.get(key)).unwrap_or(&system);
    let system = system.get(0).unwrap_or(system);
    let unit = system.get("coordinate_system")?.get("axis")?.get(0)?.get("unit")?;
    Some(match (system.get("type")?.as_str()?, unit.as_str()) {
        (_, Some("degree")) => Axis::Degree,
        ("ProjectedCRS", Some("metre")) => Axis::Metre,
        _ => Axis::Other,
    })
}

/// Carries geometries from one system to another.
pub struct Reprojector {
    /// `None` when both systems are the same.
    transformation: Option<Proj>,
    from: Crs,
    to: Crs,
}

impl Reprojector {
    /// # Errors
    /// [`ErrorKind::Crs`] if PROJ knows no way from one to the other.
    pub fn new(from: &Crs, to: &Crs) -> Result<Self> {
        let transformation = if from == to {
            None
        } else {
            let proj = Proj::new_known_crs(&from.definition, &to.definition, None).map_err(|error| {
                Error::new(ErrorKind::Crs, format!("no transformation from `{from}` to `{to}`: {error}"))
            })?;
            Some(proj)
        };
        Ok(Self { transformation, from: from.clone(), to: to.clone() })
    }

    /// One coordinate.
    ///
    /// # Errors
    /// [`ErrorKind::Crs`] if the coordinate lies outside the domain of the transformation.
    pub fn coord(&self, coord: Coord<f64>) -> Result<Coord<f64>> {
        let Some(proj) = &self.transformation else { return Ok(coord) };
        let outside = || {
            let (from, to) = (&self.from, &self.to);
            Error::new(
                ErrorKind::Crs,
                format!("coordinate ({}, {}) cannot go from `{from}` to `{to}`", coord.x, coord.y),
            )
            .hint("is the layer in the system that it says it is in?")
        };
        // PROJ would write a line to the terminal for every such coordinate.
        if self.from.is_geographic() && (coord.y.abs() > 90.0 || coord.x.abs() > 360.0) {
            return Err(outside());
        }
        let (x, y) = proj.convert((coord.x, coord.y)).map_err(|_| outside())?;
        if x.is_finite() && y.is_finite() { Ok(Coord { x, y }) } else { Err(outside()) }
    }

    /// Every coordinate of a geometry.
    ///
    /// # Errors
    /// As for [`Reprojector::coord`].
    pub fn geometry(&self, geometry: &Geometry<f64>) -> Result<Geometry<f64>> {
        geometry.try_map_coords(|coord| self.coord(coord))
    }

    /// Every coordinate, in place.
    ///
    /// # Errors
    /// As for [`Reprojector::coord`].
    pub fn in_place<G>(&self, geometry: &mut G) -> Result<()>
    where
        G: MapCoordsInPlace<f64>,
    {
        if self.transformation.is_none() {
            return Ok(());
        }
        geometry.try_map_coords_in_place(|coord| self.coord(coord))
    }
}

/// Checks that a metre of `crs` is a metre on the ground throughout `extent`, within one part in a hundred.
///
/// # Errors
/// [`ErrorKind::Crs`] if `crs` is not metric, or stretches distances as Web Mercator does away from the equator.
pub fn check_metric(crs: &Crs, extent: Rect<f64>) -> Result<()> {
    const STEP_M: f64 = 1_000.0;
    const LARGEST_STRETCH: f64 = 0.01;
    let refuse = |reason: String| {
        Error::new(ErrorKind::Crs, format!("`{crs}` cannot carry distances: {reason}")).hint(
            "leave `crs` out of study.toml to work in the local UTM zone, or name a local metric system",
        )
    };
    if !crs.is_metric() {
        return Err(refuse("its unit is not the metre".into()));
    }
    let to_degrees = Reprojector::new(crs, &Crs::wgs84())?;
    for corner in [extent.min(), extent.center(), extent.max()] {
        for step in [Coord { x: STEP_M, y: 0.0 }, Coord { x: 0.0, y: STEP_M }] {
            let (a, b) = (to_degrees.coord(corner)?, to_degrees.coord(corner + step)?);
            let ground = geo::Distance::distance(&geo::Geodesic, geo::Point::from(a), geo::Point::from(b));
            let stretch = STEP_M / ground;
            if (stretch - 1.0).abs() > LARGEST_STRETCH {
                return Err(refuse(format!("here its metre is {:.2} m on the ground", ground / STEP_M)));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_know_their_unit() {
        assert!(Crs::new("EPSG:4326").unwrap().is_geographic());
        assert!(Crs::new("EPSG:4269").unwrap().is_geographic());
        assert!(Crs::new("EPSG:32632").unwrap().is_metric());
        let feet = Crs::new("EPSG:2230").unwrap();
        assert!(!feet.is_metric() && !feet.is_geographic());
        assert_eq!(Crs::new("EPSG:99999999").unwrap_err().kind(), ErrorKind::Crs);
        assert_eq!(Crs::new("Mars").unwrap_err().kind(), ErrorKind::Crs);
    }

    #[test]
    fn utm_zone_follows_longitude_and_hemisphere() {
        assert_eq!(Crs::utm_around(7.42, 43.74).unwrap().definition(), "EPSG:32632");
        assert_eq!(Crs::utm_around(-51.2, -30.0).unwrap().definition(), "EPSG:32722");
        assert_eq!(Crs::utm_around(180.0, 10.0).unwrap().definition(), "EPSG:32660");
        assert_eq!(Crs::utm_around(10.0, 89.0).unwrap_err().kind(), ErrorKind::Crs);
    }

    #[test]
    fn monaco_lands_in_zone_32() {
        let to_metres = Reprojector::new(&Crs::wgs84(), &Crs::new("EPSG:32632").unwrap()).unwrap();
        let place = to_metres.coord(Coord { x: 7.4246, y: 43.7384 }).unwrap();
        // pyproj 3.7.2 (PROJ 9.5.1).
        let (easting, northing) = (373_139.336_673_366_9, 4_844_024.124_662_897);
        assert!((place.x - easting).abs() < 1e-6 && (place.y - northing).abs() < 1e-6, "{place:?}");
        assert_eq!(to_metres.coord(Coord { x: 7.4, y: 9_000.0 }).unwrap_err().kind(), ErrorKind::Crs);
    }

    #[test]
    fn web_mercator_is_refused_away_from_the_equator() {
        let mercator = Crs::new("EPSG:3857").unwrap();
        let to_metres = Reprojector::new(&Crs::wgs84(), &mercator).unwrap();
        let monaco = to_metres.coord(Coord { x: 7.42, y: 43.74 }).unwrap();
        let error = check_metric(&mercator, Rect::new(monaco, monaco)).unwrap_err();
        assert!(error.message().contains("0.72 m on the ground"), "{error}");
    }
}
