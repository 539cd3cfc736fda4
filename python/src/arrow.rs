//! Tables as Arrow, column by column, in both directions.
//!
//! Python's side makes every column of one of four types (float64, int64, string, binary) before it crosses; a missing
//! value is a null, never NaN. Geometries cross as well-known binary in a column named `geometry`.

use crate::error::to_python;
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Float64Array, Int64Array, RecordBatch, RecordBatchOptions,
    StringArray,
};
use arrow_schema::{Field, Schema};
use commonground::{Error, ErrorKind, FeatureTable, io};
use geo::{Geometry, LineString, MultiPolygon, Point};
use polars::prelude::{Column, DataFrame, DataType, NamedFrom, PolarsResult, Series};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::fmt::Display;
use std::sync::Arc;

/// Name of the column that holds geometries.
const GEOMETRY: &str = "geometry";

/// The attributes and, as well-known binary in a last column `geometry`, the geometries; and the system.
pub(crate) fn to_arrow(table: &FeatureTable) -> PyResult<(PyRecordBatch, Option<String>)> {
    let mut columns: Vec<(String, ArrayRef)> = Vec::new();
    for column in table.attributes.columns() {
        columns.push((column.name().to_string(), array(column).map_err(internal)?));
    }
    columns.push((GEOMETRY.into(), geometry_array(&table.geometries)));
    Ok((to_batch(columns)?, table.crs.as_ref().map(|crs| crs.definition().to_owned())))
}

/// A table without geometries.
pub(crate) fn table_to_batch(table: &DataFrame) -> PyResult<PyRecordBatch> {
    let columns = table.columns().iter();
    to_batch(
        columns
            .map(|column| Ok((column.name().to_string(), array(column).map_err(internal)?)))
            .collect::<PyResult<_>>()?,
    )
}

/// Every column of numbers, whole numbers or texts as a table; geometries are left out.
pub(crate) fn batch_to_table(batch: &PyRecordBatch) -> PyResult<DataFrame> {
    let schema = batch.as_ref().schema();
    let mut columns: Vec<Column> = Vec::new();
    for field in schema.fields().iter().filter(|field| field.name() != GEOMETRY) {
        let name = field.name().as_str();
        columns.push(match field.data_type() {
            arrow_schema::DataType::Float64 => Series::new(name.into(), numbers(batch, name)?).into(),
            arrow_schema::DataType::Int64 => Series::new(name.into(), integers(batch, name)?).into(),
            _ => Series::new(name.into(), texts(batch, name)?).into(),
        });
    }
    DataFrame::new(batch.as_ref().num_rows(), columns).map_err(internal)
}

/// A record batch of named columns of one length; without columns it has no rows.
pub(crate) fn to_batch(columns: Vec<(String, ArrayRef)>) -> PyResult<PyRecordBatch> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(name, array.data_type().clone(), true)).collect();
    let rows = columns.first().map_or(0, |(_, array)| array.len());
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    let batch = RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options);
    let batch = batch.map_err(internal)?;
    Ok(PyRecordBatch::new(batch))
}

/// A column of numbers; `None` becomes null.
pub(crate) fn number_array(numbers: impl IntoIterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(numbers.into_iter().collect::<Float64Array>())
}

/// A column of whole numbers; `None` becomes null.
pub(crate) fn integer_array(numbers: impl IntoIterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(numbers.into_iter().collect::<Int64Array>())
}

/// A column of geometries as well-known binary; `None` becomes null.
pub(crate) fn geometry_array(geometries: &[Option<Geometry<f64>>]) -> ArrayRef {
    let binary = geometries.iter().map(|geometry| geometry.as_ref().map(io::geometry_to_wkb));
    Arc::new(binary.collect::<BinaryArray>())
}

/// The numbers of a column; null becomes `None`.
pub(crate) fn numbers(batch: &PyRecordBatch, column: &str) -> PyResult<Vec<Option<f64>>> {
    Ok(typed::<Float64Array>(batch, column)?.iter().collect())
}

/// The whole numbers of a column; null becomes `None`.
pub(crate) fn integers(batch: &PyRecordBatch, column: &str) -> PyResult<Vec<Option<i64>>> {
    Ok(typed::<Int64Array>(batch, column)?.iter().collect())
}

/// The texts of a column; null becomes `None`.
pub(crate) fn texts(batch: &PyRecordBatch, column: &str) -> PyResult<Vec<Option<String>>> {
    Ok(typed::<StringArray>(batch, column)?.iter().map(|text| text.map(str::to_owned)).collect())
}

/// The geometries of the column `geometry`; null and empty ones become `None`.
pub(crate) fn geometries(py: Python<'_>, batch: &PyRecordBatch) -> PyResult<Vec<Option<Geometry<f64>>>> {
    let binary = typed::<BinaryArray>(batch, GEOMETRY)?;
    let read = |(row, bytes): (usize, Option<&[u8]>)| match bytes {
        None => Ok(None),
        Some(bytes) => io::geometry_from_wkb(bytes)
            .map_err(|error| to_python(py, &error.at_row(row + 1).in_column(GEOMETRY))),
    };
    binary.iter().enumerate().map(read).collect()
}

/// The points of the column `geometry`, one per row.
///
/// # Errors
/// Names the first row whose geometry is missing, not a point, or not finite.
pub(crate) fn points(py: Python<'_>, batch: &PyRecordBatch) -> PyResult<Vec<Point<f64>>> {
    let point = |(row, geometry): (usize, Option<Geometry<f64>>)| match geometry {
        Some(Geometry::Point(point)) if point.x().is_finite() && point.y().is_finite() => Ok(point),
        _ => {
            let error = Error::new(ErrorKind::Geometry, "every row must have a point").at_row(row + 1);
            Err(to_python(py, &error.in_column(GEOMETRY).hint("polygons have `.representative_point()`")))
        }
    };
    geometries(py, batch)?.into_iter().enumerate().map(point).collect()
}

/// The areas of the column `geometry`, one per row.
///
/// # Errors
/// Names the first row whose geometry is missing or not an area.
pub(crate) fn shapes(py: Python<'_>, batch: &PyRecordBatch) -> PyResult<Vec<MultiPolygon<f64>>> {
    let shape = |(row, geometry): (usize, Option<Geometry<f64>>)| match geometry {
        Some(Geometry::Polygon(polygon)) => Ok(polygon.into()),
        Some(Geometry::MultiPolygon(shape)) => Ok(shape),
        _ => {
            let error = Error::new(ErrorKind::Geometry, "every row must have a polygon").at_row(row + 1);
            Err(to_python(py, &error.in_column(GEOMETRY)))
        }
    };
    geometries(py, batch)?.into_iter().enumerate().map(shape).collect()
}

/// The lines of the column `geometry`, one per row.
///
/// # Errors
/// Names the first row whose geometry is missing or not a line.
pub(crate) fn lines(py: Python<'_>, batch: &PyRecordBatch) -> PyResult<Vec<LineString<f64>>> {
    let line = |(row, geometry): (usize, Option<Geometry<f64>>)| match geometry {
        Some(Geometry::LineString(line)) => Ok(line),
        _ => {
            let error = Error::new(ErrorKind::Geometry, "every row must have a line").at_row(row + 1);
            Err(to_python(py, &error.in_column(GEOMETRY)))
        }
    };
    geometries(py, batch)?.into_iter().enumerate().map(line).collect()
}

/// A column of the type that Python's side promised.
fn typed<'a, T: Array + 'static>(batch: &'a PyRecordBatch, column: &str) -> PyResult<&'a T> {
    let found = batch.as_ref().column_by_name(column);
    let found = found.ok_or_else(|| internal(format!("column `{column}` did not cross from Python")))?;
    let wrong = || internal(format!("column `{column}` crossed from Python as {}", found.data_type()));
    found.as_any().downcast_ref().ok_or_else(wrong)
}

fn array(column: &Column) -> PolarsResult<ArrayRef> {
    Ok(match column.dtype() {
        DataType::String => Arc::new(column.str()?.iter().collect::<StringArray>()),
        DataType::Boolean => Arc::new(column.bool()?.iter().collect::<BooleanArray>()),
        dtype if dtype.is_integer() => {
            let integers = column.cast(&DataType::Int64)?;
            Arc::new(integers.i64()?.iter().collect::<Int64Array>())
        }
        _ => {
            let numbers = column.cast(&DataType::Float64)?;
            Arc::new(numbers.f64()?.iter().collect::<Float64Array>())
        }
    })
}

/// A failure that no input explains.
pub(crate) fn internal(error: impl Display) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}
