//! Message bytes on their way between Python and the engine: copied once each way.

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

/// Bytes that many recipients share.
#[derive(Clone, PartialEq)]
pub struct Payload(pub Arc<[u8]>);

/// What people write to each other does not belong into logs.
impl fmt::Debug for Payload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} bytes", self.0.len())
    }
}

impl<'py> FromPyObject<'_, 'py> for Payload {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let bytes: &[u8] = object.extract()?;
        Ok(Self(bytes.into()))
    }
}

impl<'py> IntoPyObject<'py> for Payload {
    type Target = PyBytes;
    type Output = Bound<'py, PyBytes>;
    type Error = Infallible;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Infallible> {
        Ok(PyBytes::new(py, &self.0))
    }
}
