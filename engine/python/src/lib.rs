//! The Python face of the engine: two verbs over plain values.
//!
//! Owns the translation and nothing else. What Python says is judged here, value by value, before
//! anything is queued; the interpreter's lock is let go wherever the engine may make us wait.

mod command;
mod engine;
mod event;
mod payload;
mod stats;

use pyo3::prelude::*;

/// The compiled media engine: two verbs, `submit` and `drain`.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::command::{Command, Layer};
    #[pymodule_export]
    use super::engine::Engine;
    #[pymodule_export]
    use super::event::Event;
    #[pymodule_export]
    use super::stats::{EngineStats, ParticipantStats};

    #[pymodule_export]
    const SOURCE_DIGEST: &str = env!("VECHE_SOURCE_DIGEST");
}
