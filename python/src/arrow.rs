//! Tables as Arrow, column by column.

use arrow_array::{ArrayRef, BinaryArray, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{Field, Schema};
use commonground::{FeatureTable, io};
use polars::prelude::{Column, DataType, PolarsResult};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::fmt::Display;
use std::sync::Arc;

/// The attributes and, as well-known binary in a last column `geometry`, the geometries; and the system.
pub(crate) fn to_arrow(table: &FeatureTable) -> PyResult<(PyRecordBatch, Option<String>)> {
    let geometries: BinaryArray =
        table.geometries.iter().map(|geometry| geometry.as_ref().map(io::geometry_to_wkb)).collect();
    let mut columns: Vec<(String, ArrayRef)> = Vec::new();
    for column in table.attributes.columns() {
        columns.push((column.name().to_string(), array(column).map_err(internal)?));
    }
    columns.push(("geometry".into(), Arc::new(geometries)));
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(name, array.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(internal)?;
    Ok((PyRecordBatch::new(batch), table.crs.as_ref().map(|crs| crs.definition().to_owned())))
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
fn internal(error: impl Display) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}
