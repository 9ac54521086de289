//! Events as Python reads them.

use crate::payload::Payload;
use pyo3::prelude::*;
use veche_node::Event as NodeEvent;
use veche_sfu::shard::{Event as ShardEvent, GoneReason};

/// Something the engine saw or did.
#[pyclass(module = "veche.engine._native", frozen, eq)]
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Connected {
        participant: u32,
    },
    Disconnected {
        participant: u32,
    },
    Gone {
        participant: u32,
        reason: String,
    },
    ChannelOpened {
        participant: u32,
        label: String,
    },
    Data {
        participant: u32,
        label: String,
        payload: Payload,
    },
    MediaStarted {
        publication: u32,
        layer: u8,
    },
    GateApplied {
        publication: u32,
        is_open: bool,
        last_sequence: Option<u16>,
    },
    VoiceHeldBack {
        publication: u32,
    },
    SpeakersChanged {
        room: u32,
        levels: Vec<(u32, f32)>,
    },
    WantedLayerChanged {
        publication: u32,
        layer: Option<u8>,
    },
    StreamPaused {
        subscription: u32,
        is_paused: bool,
    },
    LayerSwitched {
        subscription: u32,
        layer: u8,
    },
    Echo {
        token: u64,
    },
    Dropped {
        count: u64,
    },
}

#[pymethods]
impl Event {
    fn __repr__(&self) -> String {
        format!("{self:?}")
    }
}

impl From<NodeEvent> for Event {
    fn from(event: NodeEvent) -> Self {
        match event {
            NodeEvent::Connected(participant) => Self::Connected {
                participant: participant.0,
            },
            NodeEvent::Disconnected(participant) => Self::Disconnected {
                participant: participant.0,
            },
            NodeEvent::Gone(participant, reason) => Self::Gone {
                participant: participant.0,
                reason: reason.as_str().into(),
            },
            NodeEvent::ChannelOpened(participant, label) => Self::ChannelOpened {
                participant: participant.0,
                label: label.to_string(),
            },
            NodeEvent::Data {
                participant,
                label,
                payload,
                ..
            } => Self::Data {
                participant: participant.0,
                label: label.to_string(),
                payload: Payload(payload.into()),
            },
            NodeEvent::Shard(event) => event.into(),
            NodeEvent::Dropped(count) => Self::Dropped { count },
        }
    }
}

impl From<ShardEvent> for Event {
    fn from(event: ShardEvent) -> Self {
        match event {
            ShardEvent::MediaStarted { publication, layer } => Self::MediaStarted {
                publication: publication.0,
                layer,
            },
            ShardEvent::GateApplied {
                publication,
                is_open,
                last_sequence,
            } => Self::GateApplied {
                publication: publication.0,
                is_open,
                last_sequence,
            },
            ShardEvent::VoiceHeldBack { publication } => Self::VoiceHeldBack {
                publication: publication.0,
            },
            ShardEvent::SpeakersChanged { room, levels } => Self::SpeakersChanged {
                room: room.0,
                levels: levels
                    .into_iter()
                    .map(|(participant, level)| (participant.0, level))
                    .collect(),
            },
            ShardEvent::WantedLayerChanged { publication, layer } => Self::WantedLayerChanged {
                publication: publication.0,
                layer,
            },
            ShardEvent::StreamPaused {
                subscription,
                is_paused,
            } => Self::StreamPaused {
                subscription: subscription.0,
                is_paused,
            },
            ShardEvent::LayerSwitched {
                subscription,
                layer,
            } => Self::LayerSwitched {
                subscription: subscription.0,
                layer,
            },
            ShardEvent::Echo { token } => Self::Echo { token },
            ShardEvent::Gone {
                participant,
                reason,
            } => Self::Gone {
                participant: participant.0,
                reason: match reason {
                    GoneReason::Panic => "panic".into(),
                    GoneReason::Stalled => "stalled".into(),
                },
            },
        }
    }
}
