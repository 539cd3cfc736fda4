//! Errors of the library as one Python exception that keeps its parts.

use crate::background::on_living_threads;
use commonground::{Error, ErrorKind, Result};
use pyo3::exceptions::{PyKeyboardInterrupt, PyValueError};
use pyo3::prelude::*;

pyo3::create_exception!(
    commonground,
    CommongroundError,
    PyValueError,
    "What went wrong, where in the data, and a hint. Attributes: kind, message, layer, row, id, column, hint."
);

/// Runs `work` with Python's lock released.
pub(crate) fn run<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T> + Send) -> PyResult<T> {
    py.detach(|| on_living_threads(work)).map_err(|error| to_python(py, &error))
}

pub(crate) fn to_python(py: Python<'_>, error: &Error) -> PyErr {
    if error.kind() == ErrorKind::Cancelled {
        return PyKeyboardInterrupt::new_err(());
    }
    let exception = CommongroundError::new_err(error.to_string());
    let position = error.position();
    let value = exception.value(py);
    let attached = value
        .setattr("kind", format!("{:?}", error.kind()).to_lowercase())
        .and_then(|()| value.setattr("message", error.message()))
        .and_then(|()| value.setattr("layer", position.layer.clone()))
        .and_then(|()| value.setattr("row", position.row))
        .and_then(|()| value.setattr("id", position.id.clone()))
        .and_then(|()| value.setattr("column", position.column.clone()))
        .and_then(|()| value.setattr("hint", error.hint_text()));
    attached.err().unwrap_or(exception)
}
