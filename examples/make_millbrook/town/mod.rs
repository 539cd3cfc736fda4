//! The town: forty squares of half a kilometre, a river between them, and an island.

mod bus;
mod census;
mod districts;
mod files;
mod ground;
mod homes;
mod parcels;
mod places;
mod random;
mod streets;
mod zoning;

use commonground::{Error, ErrorKind, Result};
use std::path::Path;

/// Writes every data file of the town into a folder.
pub fn write(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| {
        Error::new(ErrorKind::Io, format!("cannot make the folder `{}`: {error}", folder.display()))
    })?;
    let ground = ground::Ground::new()?;
    files::write_polygons(&ground, &folder.join("neighbourhoods.geojson"), &ground.neighbourhoods())?;
    districts::write(&ground, &folder.join("districts.geojson"))?;
    let streets = streets::Streets::new();
    streets.write(&ground, &folder.join("streets.geojson"))?;
    streets::Streets::write_barriers(&ground, &folder.join("barriers.geojson"))?;
    zoning::write(&ground, &folder.join("zoning.geojson"))?;
    places::write(&ground, folder)?;
    bus::write(&ground, &folder.join("bus"))?;
    let homes = homes::Homes::new(&ground, &streets);
    homes.write(&folder.join("homes.csv"))?;
    parcels::write(&ground, &homes, &folder.join("parcels.geojson"))?;
    parcels::write_scenarios(&ground, &folder.join("scenarios"))?;
    census::write(&homes, folder)
}
