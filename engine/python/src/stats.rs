//! Counters as Python reads them.

use pyo3::prelude::*;

/// Counters of one participant since it was added.
#[pyclass(module = "veche.engine._native", frozen, get_all)]
#[derive(Clone, Debug)]
pub struct ParticipantStats {
    participant: u32,
    is_connected: bool,
    address: Option<String>,
    round_trip_ms: Option<f64>,
    packets_in: u64,
    packets_out: u64,
    bytes_in: u64,
    bytes_out: u64,
    lost_in: f32,
    lost_out: f32,
    estimate_bps: Option<u64>,
    bitrate_in_bps: u64,
    bitrate_out_bps: u64,
}

/// Counters of the engine since its start.
#[pyclass(module = "veche.engine._native", frozen)]
#[derive(Debug)]
pub struct EngineStats {
    #[pyo3(get)]
    packets_in: u64,
    #[pyo3(get)]
    packets_out: u64,
    #[pyo3(get)]
    packets_unsent: u64,
    #[pyo3(get)]
    datagrams_refused: u64,
    #[pyo3(get)]
    authentication_failures: u64,
    #[pyo3(get)]
    commands_refused: u64,
    #[pyo3(get)]
    events_dropped: u64,
    #[pyo3(get)]
    participants_ended_by_fault: u64,
    #[pyo3(get)]
    media_stalls: u64,
    #[pyo3(get)]
    workers_abandoned: u64,
    #[pyo3(get)]
    media_cpu_ns: u64,
    #[pyo3(get)]
    transport_cpu_ns: u64,
    #[pyo3(get)]
    residence_p50_us: f64,
    #[pyo3(get)]
    residence_p99_us: f64,
    participants: Vec<ParticipantStats>,
}

#[pymethods]
impl EngineStats {
    #[getter]
    fn participants(&self) -> Vec<ParticipantStats> {
        self.participants.clone()
    }
}

impl From<veche_node::EngineStats> for EngineStats {
    fn from(stats: veche_node::EngineStats) -> Self {
        Self {
            packets_in: stats.packets_in,
            packets_out: stats.packets_out,
            packets_unsent: stats.unsent.dropped.saturating_add(stats.unsent.refused),
            datagrams_refused: stats.datagrams_refused,
            authentication_failures: stats.authentication_failures,
            commands_refused: stats.commands_refused,
            events_dropped: stats.events_dropped,
            participants_ended_by_fault: stats.participants_ended_by_fault,
            media_stalls: stats.media_stalls,
            workers_abandoned: stats.workers_abandoned,
            media_cpu_ns: stats.media_cpu_ns,
            transport_cpu_ns: stats.transport_cpu_ns,
            residence_p50_us: stats.residence_p50_us,
            residence_p99_us: stats.residence_p99_us,
            participants: stats
                .participants
                .into_iter()
                .map(ParticipantStats::from)
                .collect(),
        }
    }
}

impl From<veche_node::ParticipantStats> for ParticipantStats {
    fn from(stats: veche_node::ParticipantStats) -> Self {
        let media = stats.media.as_ref();
        Self {
            participant: stats.participant.0,
            is_connected: stats.is_connected,
            address: stats.address.map(|address| address.to_string()),
            round_trip_ms: media
                .and_then(|media| media.round_trip)
                .map(|round_trip| round_trip.as_secs_f64() * 1000.0),
            packets_in: media.map_or(0, |media| media.packets_in),
            packets_out: media.map_or(0, |media| media.packets_out),
            bytes_in: media.map_or(0, |media| media.bytes_in),
            bytes_out: media.map_or(0, |media| media.bytes_out),
            lost_in: media.map_or(0.0, |media| media.lost_in),
            lost_out: media.map_or(0.0, |media| media.lost_out),
            estimate_bps: media.and_then(|media| media.estimate_bps),
            bitrate_in_bps: media.map_or(0, |media| media.bitrate_in_bps),
            bitrate_out_bps: media.map_or(0, |media| media.bitrate_out_bps),
        }
    }
}
