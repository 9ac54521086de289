//! Commands as Python makes them, and their judgement: a malformed value is named, none is mended.

use crate::payload::Payload;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::fmt::Display;
use std::str::FromStr;
use veche_node::{Command as NodeCommand, TransportPoint};
use veche_sfu::ids::{ParticipantId, PublicationId, RoomId, SubscriptionId};
use veche_sfu::shard::{
    Codec, Command as ShardCommand, Fault, LayerDescription, Point, PublicationDescription,
    SubscriptionDescription,
};
use veche_sfu::transport::{Fingerprint, IceCredentials, limits::MESSAGE_BYTES};

/// One encoding of a publication.
#[pyclass(module = "veche.engine._native", frozen, get_all, eq, from_py_object)]
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    rid: Option<String>,
    ssrc: Option<u32>,
    rtx_ssrc: Option<u32>,
}

#[pymethods]
impl Layer {
    #[new]
    #[pyo3(signature = (rid=None, ssrc=None, rtx_ssrc=None))]
    fn new(rid: Option<String>, ssrc: Option<u32>, rtx_ssrc: Option<u32>) -> Self {
        Self {
            rid,
            ssrc,
            rtx_ssrc,
        }
    }
}

/// Something Python decided.
#[pyclass(module = "veche.engine._native", frozen, eq)]
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    AddParticipant {
        participant: u32,
        room: u32,
        ufrag: String,
        pwd: String,
    },
    RemoveParticipant {
        participant: u32,
    },
    SetRemote {
        participant: u32,
        ufrag: String,
        pwd: String,
        fingerprint: String,
    },
    RestartIce {
        participant: u32,
        ufrag: String,
        pwd: String,
        remote_ufrag: String,
        remote_pwd: String,
    },
    SetExtensions {
        participant: u32,
        extensions: Vec<(String, u8)>,
    },
    Publish {
        participant: u32,
        publication: u32,
        mid: String,
        codec: String,
        payload_type: u8,
        rtx_payload_type: Option<u8>,
        has_nack: bool,
        has_twcc: bool,
        layers: Vec<Layer>,
        is_open: bool,
    },
    Unpublish {
        publication: u32,
    },
    SetGate {
        publication: u32,
        is_open: bool,
    },
    Subscribe {
        participant: u32,
        subscription: u32,
        publication: u32,
        mid: String,
        ssrc: u32,
        rtx_ssrc: Option<u32>,
        payload_type: u8,
        rtx_payload_type: Option<u8>,
    },
    Unsubscribe {
        subscription: u32,
    },
    #[pyo3(constructor = (subscription, is_paused, layer, temporal_layer=3, priority=1))]
    SetSubscription {
        subscription: u32,
        is_paused: bool,
        layer: u8,
        temporal_layer: u8,
        priority: u8,
    },
    SendData {
        participants: Vec<u32>,
        label: String,
        payload: Payload,
    },
    LimitBandwidth {
        participant: u32,
        limit_bps: Option<u64>,
    },
    Echo {
        token: u64,
    },
    Inject {
        participant: u32,
        point: String,
        fault: String,
    },
}

impl Command {
    /// The same for the engine.
    pub fn judge(&self) -> PyResult<NodeCommand> {
        Ok(match self.clone() {
            Self::AddParticipant {
                participant,
                room,
                ufrag,
                pwd,
            } => NodeCommand::AddParticipant {
                participant: ParticipantId(participant),
                room: RoomId(room),
                credentials: credentials(&ufrag, &pwd)?,
            },
            Self::RemoveParticipant { participant } => NodeCommand::RemoveParticipant {
                participant: ParticipantId(participant),
            },
            Self::SetRemote {
                participant,
                ufrag,
                pwd,
                fingerprint,
            } => NodeCommand::SetRemote {
                participant: ParticipantId(participant),
                credentials: credentials(&ufrag, &pwd)?,
                fingerprint: Fingerprint::parse(&fingerprint)
                    .map_err(|_| malformed("fingerprint", &fingerprint))?,
            },
            Self::RestartIce {
                participant,
                ufrag,
                pwd,
                remote_ufrag,
                remote_pwd,
            } => NodeCommand::RestartIce {
                participant: ParticipantId(participant),
                local: credentials(&ufrag, &pwd)?,
                remote: credentials(&remote_ufrag, &remote_pwd)?,
            },
            Self::SendData {
                participants,
                label,
                payload,
            } => {
                if payload.0.len() > MESSAGE_BYTES {
                    return Err(malformed("payload length", payload.0.len()));
                }
                NodeCommand::SendData {
                    participants: participants.into_iter().map(ParticipantId).collect(),
                    label: label.into(),
                    payload: payload.0,
                }
            }
            Self::Inject {
                participant,
                point,
                fault,
            } => inject(participant, &point, &fault)?,
            other => NodeCommand::Shard(other.judge_media()?),
        })
    }

    /// What concerns packets only.
    fn judge_media(self) -> PyResult<ShardCommand> {
        Ok(match self {
            Self::SetExtensions {
                participant,
                extensions,
            } => ShardCommand::SetExtensions {
                participant: ParticipantId(participant),
                extensions: checked_extensions(extensions)?,
            },
            Self::Publish {
                participant,
                publication,
                mid,
                codec,
                payload_type,
                rtx_payload_type,
                has_nack,
                has_twcc,
                layers,
                is_open,
            } => ShardCommand::Publish {
                participant: ParticipantId(participant),
                publication: PublicationId(publication),
                description: Box::new(PublicationDescription {
                    mid,
                    codec: parsed::<Codec>("codec", &codec)?,
                    payload_type,
                    rtx_payload_type,
                    has_nack,
                    has_twcc,
                    layers: layers.into_iter().map(LayerDescription::from).collect(),
                    is_open,
                }),
            },
            Self::Unpublish { publication } => ShardCommand::Unpublish {
                publication: PublicationId(publication),
            },
            Self::SetGate {
                publication,
                is_open,
            } => ShardCommand::SetGate {
                publication: PublicationId(publication),
                is_open,
            },
            Self::Subscribe {
                participant,
                subscription,
                publication,
                mid,
                ssrc,
                rtx_ssrc,
                payload_type,
                rtx_payload_type,
            } => ShardCommand::Subscribe {
                participant: ParticipantId(participant),
                subscription: SubscriptionId(subscription),
                publication: PublicationId(publication),
                description: Box::new(SubscriptionDescription {
                    mid,
                    ssrc,
                    rtx_ssrc,
                    payload_type,
                    rtx_payload_type,
                }),
            },
            Self::Unsubscribe { subscription } => ShardCommand::Unsubscribe {
                subscription: SubscriptionId(subscription),
            },
            Self::SetSubscription {
                subscription,
                is_paused,
                layer,
                temporal_layer,
                priority,
            } => ShardCommand::SetSubscription {
                subscription: SubscriptionId(subscription),
                is_paused,
                layer: at_most("layer", layer, 2)?,
                temporal_layer: at_most("temporal_layer", temporal_layer, 3)?,
                priority,
            },
            Self::LimitBandwidth {
                participant,
                limit_bps,
            } => ShardCommand::LimitBandwidth {
                participant: ParticipantId(participant),
                limit_bps,
            },
            Self::Echo { token } => ShardCommand::Echo { token },
            other => return Err(malformed("command", format!("{other:?}"))),
        })
    }
}

impl From<Layer> for LayerDescription {
    fn from(layer: Layer) -> Self {
        Self {
            rid: layer.rid,
            ssrc: layer.ssrc,
            rtx_ssrc: layer.rtx_ssrc,
        }
    }
}

fn inject(participant: u32, point: &str, fault: &str) -> PyResult<NodeCommand> {
    let participant = ParticipantId(participant);
    let fault = parsed::<Fault>("fault", fault)?;
    let transport = TransportPoint::ALL.iter().find(|(name, _)| *name == point);
    Ok(match transport {
        Some((_, point)) => NodeCommand::Inject {
            participant,
            point: *point,
            fault,
        },
        None => {
            let point = parsed::<Point>("point", point)?;
            NodeCommand::Shard(ShardCommand::Inject {
                participant,
                point,
                fault,
            })
        }
    })
}

fn credentials(ufrag: &str, pwd: &str) -> PyResult<IceCredentials> {
    // The password is a secret and is not repeated.
    IceCredentials::new(ufrag, pwd).map_err(|what| {
        PyValueError::new_err(format!("malformed ICE credentials of {ufrag:?}: {what:?}"))
    })
}

fn checked_extensions(extensions: Vec<(String, u8)>) -> PyResult<Vec<(String, u8)>> {
    // RFC 8285: 1 to 14 in one byte, up to 255 in two.
    match extensions.iter().find(|(_, id)| *id == 0) {
        Some((uri, id)) => Err(malformed("extensions", format!("{uri} = {id}"))),
        None => Ok(extensions),
    }
}

fn parsed<T: FromStr>(name: &str, text: &str) -> PyResult<T> {
    text.parse().map_err(|_| malformed(name, text))
}

fn at_most(name: &str, value: u8, most: u8) -> PyResult<u8> {
    if value > most {
        Err(malformed(name, value))
    } else {
        Ok(value)
    }
}

fn malformed(name: &str, value: impl Display) -> PyErr {
    PyValueError::new_err(format!("malformed {name}: {value}"))
}
