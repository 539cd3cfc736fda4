//! Geometries from the columns of a table: two coordinates, well-known text, or H3 cells.

use super::file::format_error;
use super::format::ReadOptions;
use super::wkt::geometry_from_wkt;
use crate::error::nearest;
use crate::{Crs, Error, ErrorKind, FeatureTable, Result};
use geo::{Coord, Geometry, LineString, Point, Polygon};
use polars::prelude::{Column, DataFrame, DataType};
use std::path::Path;

/// A table with the geometries that its columns describe; without any such column every geometry is `None`.
pub(super) fn with_geometries(table: DataFrame, options: &ReadOptions, path: &Path) -> Result<FeatureTable> {
    if let Some(name) = &options.h3 {
        let hexagons = hexagons(column(&table, name, path)?, path)?;
        return FeatureTable::new(hexagons, table, Some(Crs::wgs84()));
    }
    let names: Vec<String> = table.columns().iter().map(|column| column.name().to_string()).collect();
    let guess = |known: &[&str]| {
        known.iter().find_map(|known| names.iter().find(|name| name.eq_ignore_ascii_case(known)).cloned())
    };
    let x = options.x.clone().or_else(|| guess(&["lon", "lng", "long", "longitude", "x", "easting"]));
    let y = options.y.clone().or_else(|| guess(&["lat", "latitude", "y", "northing"]));
    if let (Some(x), Some(y)) = (x, y) {
        let (x, y) = (numbers(column(&table, &x, path)?, path)?, numbers(column(&table, &y, path)?, path)?);
        let point = |(x, y): (&Option<f64>, &Option<f64>)| Some(Geometry::from(Point::new((*x)?, (*y)?)));
        return FeatureTable::new(x.iter().zip(&y).map(point).collect(), table, None);
    }
    if let Some(name) = guess(&["geometry", "wkt", "geom", "the_geom"])
        && let Ok(texts) = column(&table, &name, path)?.str()
    {
        let shape = |row: usize, text: &str| {
            geometry_from_wkt(text)
                .map_err(|error| error.in_layer(path.display().to_string()).at_row(row + 1).in_column(&name))
        };
        let shapes = texts
            .iter()
            .enumerate()
            .map(|(row, text)| text.map(|text| shape(row, text)).transpose())
            .collect::<Result<Vec<_>>>()?;
        let mut rest = table.clone();
        rest.drop_in_place(&name).map_err(|error| format_error(path, &error))?;
        return FeatureTable::new(shapes.into_iter().map(Option::flatten).collect(), rest, None);
    }
    FeatureTable::new(vec![None; table.height()], table, None)
}

fn column<'a>(table: &'a DataFrame, name: &str, path: &Path) -> Result<&'a Column> {
    table.column(name).map_err(|_| {
        let error = Error::new(ErrorKind::Column, format!("there is no column `{name}`"))
            .in_layer(path.display().to_string());
        match nearest(name, table.columns().iter().map(|column| column.name().as_str())) {
            Some(similar) => error.hint(format!("did you mean `{similar}`?")),
            None => error,
        }
    })
}

fn numbers(column: &Column, path: &Path) -> Result<Vec<Option<f64>>> {
    // A column without any value has no type.
    if !column.dtype().is_primitive_numeric() && column.null_count() < column.len() {
        let error = Error::new(ErrorKind::Column, "coordinates must be numbers")
            .in_layer(path.display().to_string())
            .in_column(column.name().to_string());
        let is_number = |text: &str| text.trim().is_empty() || text.trim().parse::<f64>().is_ok();
        let wrong = column.str().ok().and_then(|texts| {
            texts
                .iter()
                .enumerate()
                .find_map(|(row, text)| Some((row, text.filter(|text| !is_number(text))?)))
        });
        return Err(match wrong {
            Some((row, text)) if text.contains(',') => error
                .at_row(row + 1)
                .hint(format!("{} has a decimal comma: write a point", crate::error::quoted(text))),
            Some((row, text)) => error.at_row(row + 1).hint(format!(
                "{} is none; what is missing must be an empty cell",
                crate::error::quoted(text)
            )),
            None => error,
        });
    }
    let floats = column.cast(&DataType::Float64).map_err(|error| format_error(path, &error))?;
    let values = floats.f64().map_err(|error| format_error(path, &error))?;
    Ok(values.iter().collect())
}

fn hexagons(cells: &Column, path: &Path) -> Result<Vec<Option<Geometry<f64>>>> {
    let texts = cells
        .str()
        .map_err(|_| format_error(path, &"H3 cells must be text").in_column(cells.name().to_string()))?;
    texts
        .iter()
        .enumerate()
        .map(|(row, cell)| {
            let Some(cell) = cell else { return Ok(None) };
            let cell: h3o::CellIndex = cell.parse().map_err(|error| {
                let message = format!("{} is not an H3 cell: {error}", crate::error::quoted(cell));
                Error::new(ErrorKind::Geometry, message)
                    .in_layer(path.display().to_string())
                    .at_row(row + 1)
                    .in_column(cells.name().to_string())
            })?;
            let corners =
                cell.boundary().iter().map(|corner| Coord { x: corner.lng(), y: corner.lat() }).collect();
            Ok(Some(Polygon::new(LineString(corners), Vec::new()).into()))
        })
        .collect()
}
