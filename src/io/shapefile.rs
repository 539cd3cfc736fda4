//! Shapefiles: their four files side by side, or together in a zip archive.

use super::dbf::parse_dbf;
use super::file::{format_error, read_bytes, unpack};
use super::format::Format;
use super::rings::{areas_of_rings, is_open};
use crate::error::nearest;
use crate::{Crs, Error, ErrorKind, FeatureTable, Result};
use geo::{Coord, Geometry, LineString};
use shapefile::record::polygon::GenericPolygon;
use shapefile::record::traits::HasXY;
use shapefile::{Shape, ShapeReader};
use std::io::Cursor;
use std::path::Path;

pub(super) const FORMAT: Format = Format {
    endings: &["shp"],
    has_layers: false,
    read: |path, _| read(path),
    read_table: None,
    write: None,
};

pub(super) const ZIPPED: Format = Format {
    endings: &["zip"],
    has_layers: true,
    read: |path, options| read_zipped(path, options.layer.as_deref()),
    read_table: None,
    write: None,
};

/// The files of a shapefile, in memory.
struct Parts {
    shapes: Vec<u8>,
    attributes: Vec<u8>,
    crs: Option<String>,
    encoding: Option<String>,
}

fn read(path: &Path) -> Result<FeatureTable> {
    let beside = |extension: &str| {
        let upper = extension.to_ascii_uppercase();
        [extension, &upper]
            .into_iter()
            .map(|extension| path.with_extension(extension))
            .find(|path| path.exists())
    };
    let attributes = beside("dbf").ok_or_else(|| {
        Error::new(ErrorKind::Io, format!("`{}` has no .dbf file beside it", path.display()))
            .hint("a shapefile is several files; copy all that share its name")
    })?;
    let text = |extension| {
        beside(extension)
            .map(|path| read_bytes(&path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
            .transpose()
    };
    let parts = Parts {
        shapes: read_bytes(path)?,
        attributes: read_bytes(&attributes)?,
        crs: text("prj")?,
        encoding: text("cpg")?,
    };
    parse(path, parts)
}

fn read_zipped(path: &Path, wanted: Option<&str>) -> Result<FeatureTable> {
    let bytes = read_bytes(path)?;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| format_error(path, &error))?;
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    let layers: Vec<&String> =
        names.iter().filter(|name| name.to_ascii_lowercase().ends_with(".shp")).collect();
    let layer =
        choose(&layers, wanted, &names).map_err(|error| error.in_layer(path.display().to_string()))?;
    let stem = &layer[..layer.len() - ".shp".len()];
    let mut part = |extension: &str| -> Result<Option<Vec<u8>>> {
        let wanted = format!("{stem}.{extension}");
        let Some(name) = names.iter().find(|name| name.eq_ignore_ascii_case(&wanted)) else {
            return Ok(None);
        };
        let file = archive.by_name(name).map_err(|error| format_error(path, &error))?;
        let packed = file.compressed_size();
        unpack(path, file, packed).map(Some)
    };
    let text = |bytes: Option<Vec<u8>>| bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let missing = |extension| {
        format_error(path, &format!("the archive holds no .{extension} file"))
            .hint("a shapefile is several files; pack all that share its name")
    };
    let parts = Parts {
        shapes: part("shp")?.ok_or_else(|| missing("shp"))?,
        attributes: part("dbf")?.ok_or_else(|| missing("dbf"))?,
        crs: text(part("prj")?),
        encoding: text(part("cpg")?),
    };
    parse(path, parts)
}

/// The shapefile of an archive that `layer` names, or the only one.
fn choose<'a>(layers: &[&'a String], wanted: Option<&str>, names: &[String]) -> Result<&'a String> {
    let stem = |name: &str| {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        file[..file.len() - ".shp".len()].to_owned()
    };
    let stems: Vec<String> = layers.iter().map(|name| stem(name)).collect();
    match (layers, wanted) {
        ([], _) => {
            let few = names.iter().take(5).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let hint = if names.is_empty() { "it is empty".into() } else { format!("it holds {few}") };
            Err(Error::new(ErrorKind::Format, "the archive holds no shapefile").hint(hint))
        }
        (_, Some(wanted)) => match stems.iter().position(|stem| stem == wanted.trim_end_matches(".shp")) {
            Some(at) => Ok(layers[at]),
            None => {
                let error = Error::new(ErrorKind::Format, format!("the archive holds no layer `{wanted}`"));
                Err(match nearest(wanted, stems.iter().map(String::as_str)) {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error.hint(format!("it holds {}", stems.join(", "))),
                })
            }
        },
        ([layer], None) => Ok(layer),
        (_, None) => {
            let message = format!("the archive holds {} shapefiles, not one", layers.len());
            Err(Error::new(ErrorKind::Format, message)
                .hint(format!("name one of {} with `layer`", stems.join(", "))))
        }
    }
}

fn parse(path: &Path, parts: Parts) -> Result<FeatureTable> {
    let crs = parts.crs.map(|definition| Crs::new(&definition)).transpose()?;
    let mut reader =
        ShapeReader::new(Cursor::new(parts.shapes)).map_err(|error| format_error(path, &error))?;
    let mut geometries = Vec::new();
    for (row, shape) in reader.iter_shapes().enumerate() {
        let shape = shape.map_err(|error| format_error(path, &error).at_row(row + 1))?;
        geometries.push(geometry(shape).map_err(|message| {
            Error::new(ErrorKind::Geometry, message).in_layer(path.display().to_string()).at_row(row + 1)
        })?);
    }
    let attributes = parse_dbf(path, parts.attributes, parts.encoding.as_deref())?;
    if attributes.height() != geometries.len() {
        let message = format!("{} shapes in .shp but {} rows in .dbf", geometries.len(), attributes.height());
        return Err(format_error(path, &message)
            .hint("the files are not of one shapefile, or one is cut off; copy all of them again"));
    }
    FeatureTable::new(geometries, attributes, crs)
}

fn geometry(shape: Shape) -> Result<Option<Geometry<f64>>, String> {
    match shape {
        Shape::NullShape => Ok(None),
        Shape::Polygon(polygon) => areas(&polygon),
        Shape::PolygonM(polygon) => areas(&polygon),
        Shape::PolygonZ(polygon) => areas(&polygon),
        shape => Geometry::<f64>::try_from(shape).map(Some).map_err(|error| error.to_string()),
    }
}

/// The areas of rings, whichever way they turn: what lies within a ring is its hole.
fn areas<P: HasXY>(polygon: &GenericPolygon<P>) -> Result<Option<Geometry<f64>>, String> {
    let ring = |points: &[P]| LineString::new(points.iter().map(|p| Coord { x: p.x(), y: p.y() }).collect());
    let rings: Vec<LineString<f64>> =
        polygon.rings().iter().map(|one| ring(one.points())).filter(|one| !one.0.is_empty()).collect();
    if rings.iter().any(is_open) {
        return Err("a ring is not closed: its last point is not its first".into());
    }
    Ok((!rings.is_empty()).then(|| areas_of_rings(rings)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_says_which_layers_it_holds() {
        let names: Vec<String> = ["a/parks.shp", "a/schools.shp"].map(String::from).to_vec();
        let layers: Vec<&String> = names.iter().collect();
        assert_eq!(choose(&layers, Some("schools"), &names).unwrap(), "a/schools.shp");
        let error = choose(&layers, None, &names).unwrap_err().to_string();
        assert!(error.contains("2 shapefiles") && error.contains("parks, schools with `layer`"), "{error}");
        let error = choose(&layers, Some("shools"), &names).unwrap_err().to_string();
        assert!(error.contains("did you mean `schools`?"), "{error}");
        assert!(choose(&[], None, &[]).unwrap_err().to_string().contains("it is empty"));
    }
}
