//! The engine as Python holds it.

use crate::command::Command;
use crate::event::Event;
use crate::stats::EngineStats;
use pyo3::exceptions::{
    PyBufferError, PyPermissionError, PyRuntimeError, PyTimeoutError, PyValueError,
};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::net::{IpAddr, SocketAddr};
use veche_node::{Engine as Node, Refused, Settings};

/// Sockets, threads and state of one media engine.
#[pyclass(module = "veche.engine._native", frozen)]
pub struct Engine {
    node: Node,
}

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (listen, *, allows_faults=false))]
    fn new(py: Python<'_>, listen: Vec<(String, u16)>, allows_faults: bool) -> PyResult<Self> {
        let listen = listen
            .iter()
            .map(|(address, port)| parse(address, *port))
            .collect::<PyResult<_>>()?;
        let node = py.detach(|| {
            Node::start(&Settings {
                listen,
                allows_faults,
            })
        })?;
        Ok(Self { node })
    }

    #[getter]
    fn addresses(&self) -> Vec<(String, u16)> {
        let addresses = self.node.addresses().into_iter();
        addresses
            .map(|address| (address.ip().to_string(), address.port()))
            .collect()
    }

    #[getter]
    fn fingerprint(&self) -> String {
        self.node.fingerprint().to_string()
    }

    fn submit(&self, py: Python<'_>, commands: Vec<Py<Command>>) -> PyResult<()> {
        let commands = commands
            .iter()
            .map(|command| command.get().judge())
            .collect::<PyResult<_>>()?;
        py.detach(|| self.node.submit(commands))
            .map_err(|refused| match refused {
                Refused::Full => PyBufferError::new_err("the command queue is full"),
                Refused::Closed => PyRuntimeError::new_err("the engine is closed"),
                Refused::FaultsNotAllowed => {
                    PyPermissionError::new_err("this engine does not allow faults")
                }
            })
    }

    #[pyo3(signature = (limit=256))]
    fn drain(&self, limit: usize) -> Vec<Event> {
        self.node
            .drain(limit)
            .into_iter()
            .map(Event::from)
            .collect()
    }

    fn fileno(&self) -> i32 {
        self.node.event_descriptor()
    }

    fn snapshot(&self, py: Python<'_>) -> PyResult<EngineStats> {
        let stats = py.detach(|| self.node.snapshot());
        stats
            .map(EngineStats::from)
            .ok_or_else(|| PyTimeoutError::new_err("the media thread does not answer"))
    }

    fn close(&self, py: Python<'_>) {
        py.detach(|| self.node.close());
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*exception))]
    fn __exit__(&self, py: Python<'_>, exception: &Bound<'_, PyTuple>) {
        let _ = exception;
        self.close(py);
    }
}

fn parse(address: &str, port: u16) -> PyResult<SocketAddr> {
    let address: IpAddr = address
        .parse()
        .map_err(|_| PyValueError::new_err(format!("listen: not an IP address: {address}")))?;
    Ok(SocketAddr::new(address, port))
}
