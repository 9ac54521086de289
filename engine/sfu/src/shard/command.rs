//! What the world decides for the shard: typed facts, applied in order before the next packet.
//!
//! Negotiation is over when a command is made: nothing here is a wish, an offer or a text to parse.

use crate::ids::{ParticipantId, PublicationId, RoomId, SubscriptionId};
use crate::path::Path;
use crate::rtp::Codec;
use crate::srtp::KeyingMaterial;
use std::fmt;
use std::str::FromStr;

/// One decision. Ids are given by the caller and never used again.
#[derive(Debug)]
pub enum Command {
    /// Someone is in a room; no media before `SetKeys` and `SetPath`.
    AddParticipant {
        /// Who.
        participant: ParticipantId,
        /// Where.
        room: RoomId,
    },
    /// Someone is gone, with all publications and subscriptions.
    RemoveParticipant {
        /// Who.
        participant: ParticipantId,
    },
    /// The handshake is over.
    SetKeys {
        /// Whose.
        participant: ParticipantId,
        /// What it exported (RFC 5764 section 4.2); we are the server.
        keys: KeyingMaterial,
    },
    /// Where a participant was proved to be; none: nowhere any more.
    SetPath {
        /// Who.
        participant: ParticipantId,
        /// A path belongs to one participant: naming it here takes it from another.
        path: Option<Path>,
    },
    /// Header extension ids of the whole bundle, both directions.
    SetExtensions {
        /// Whose.
        participant: ParticipantId,
        /// (URI, id) pairs; unknown URIs are ignored.
        extensions: Vec<(String, u8)>,
    },
    /// A section of the peer sends.
    Publish {
        /// Who sends.
        participant: ParticipantId,
        /// The name of what is sent.
        publication: PublicationId,
        /// How it is sent.
        description: Box<PublicationDescription>,
    },
    /// A section sends no more; its subscriptions end.
    Unpublish {
        /// Which.
        publication: PublicationId,
    },
    /// Let a publication through or not.
    SetGate {
        /// Which.
        publication: PublicationId,
        /// From the next packet on.
        is_open: bool,
    },
    /// A section of the peer receives a publication of its room.
    Subscribe {
        /// Who receives.
        participant: ParticipantId,
        /// The name of what is received.
        subscription: SubscriptionId,
        /// What.
        publication: PublicationId,
        /// How it is received.
        description: Box<SubscriptionDescription>,
    },
    /// A section receives no more.
    Unsubscribe {
        /// Which.
        subscription: SubscriptionId,
    },
    /// What the subscriber wants of a publication.
    SetSubscription {
        /// Which.
        subscription: SubscriptionId,
        /// Nothing at all.
        is_paused: bool,
        /// At most this layer (0..=2).
        layer: u8,
        /// At most this temporal layer (0..=3).
        temporal_layer: u8,
        /// Who gets bandwidth first: 255 before 1.
        priority: u8,
    },
    /// Upper bound of what is sent to a participant; none lifts it.
    LimitBandwidth {
        /// To whom.
        participant: ParticipantId,
        /// Bits per second.
        limit_bps: Option<u64>,
    },
    /// Comes back as `Event::Echo`.
    Echo {
        /// Anything.
        token: u64,
    },
    /// Make a participant's turn fail once; refused unless the configuration allows faults.
    Inject {
        /// Whose turn.
        participant: ParticipantId,
        /// Where in it.
        point: Point,
        /// How.
        fault: Fault,
    },
}

/// A negotiated sending section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicationDescription {
    /// Its media identification.
    pub mid: String,
    /// What its payload is.
    pub codec: Codec,
    /// RTP payload type of the codec.
    pub payload_type: u8,
    /// RTP payload type of retransmissions (RFC 4588).
    pub rtx_payload_type: Option<u8>,
    /// The peer resends what we ask for.
    pub has_nack: bool,
    /// The peer wants transport-wide feedback.
    pub has_twcc: bool,
    /// One to three encodings, lowest quality first.
    pub layers: Vec<LayerDescription>,
    /// The gate at the beginning.
    pub is_open: bool,
}

/// How one encoding is recognised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayerDescription {
    /// By restriction id (RFC 8852).
    pub rid: Option<String>,
    /// By the offer.
    pub ssrc: Option<u32>,
    /// By the offer, for its retransmissions.
    pub rtx_ssrc: Option<u32>,
}

/// A negotiated receiving section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionDescription {
    /// Its media identification.
    pub mid: String,
    /// What we send with.
    pub ssrc: u32,
    /// What we resend with.
    pub rtx_ssrc: Option<u32>,
    /// The codec's payload type in this peer's numbering.
    pub payload_type: u8,
    /// Retransmissions' payload type in this peer's numbering.
    pub rtx_payload_type: Option<u8>,
}

impl FromStr for Codec {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        match text {
            "opus" => Ok(Self::Opus),
            "vp8" => Ok(Self::Vp8),
            "h264" => Ok(Self::H264),
            _ => Err(Unknown),
        }
    }
}

/// Where in a participant's turn a fault is injected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// A datagram of the participant was recognised as its own.
    Ingress,
    /// A packet of the participant was authenticated.
    Open,
    /// A packet of the participant was stored for forwarding.
    Store,
    /// A packet towards the participant is about to be renumbered.
    Rewrite,
    /// A packet towards the participant is half written.
    Seal,
    /// A control packet of the participant was authenticated.
    Control,
    /// A deadline of the participant came.
    Timer,
    /// A command about the participant is applied.
    Command,
}

impl Point {
    /// All of them, with the names by which they are called from outside.
    pub const ALL: [(&'static str, Self); 8] = [
        ("ingress", Self::Ingress),
        ("open", Self::Open),
        ("store", Self::Store),
        ("rewrite", Self::Rewrite),
        ("seal", Self::Seal),
        ("control", Self::Control),
        ("timer", Self::Timer),
        ("command", Self::Command),
    ];
}

impl FromStr for Point {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text);
        found.map(|(_, point)| *point).ok_or(Unknown)
    }
}

/// How an injected fault fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// By a panic.
    Panic,
    /// By a loop without end.
    Loop,
}

impl FromStr for Fault {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        match text {
            "panic" => Ok(Self::Panic),
            "loop" => Ok(Self::Loop),
            _ => Err(Unknown),
        }
    }
}

/// A name that is none of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknown;

impl fmt::Display for Unknown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("unknown name")
    }
}

impl std::error::Error for Unknown {}

/// Why a command was not applied. Nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The participant, publication or subscription is not here (any more).
    NotFound,
    /// The id is in use.
    AlreadyHere,
    /// A subscriber reaches for another room.
    OtherRoom,
    /// One of `crate::limits` is reached.
    TooMany,
    /// A value that no negotiation can have produced: no layer, a mid of 17 bytes, a payload type of 128.
    Malformed,
    /// Fault injection is not allowed here.
    NotAllowed,
    /// The turn failed; the participant is gone.
    Faulted,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotFound => "not here",
            Self::AlreadyHere => "already here",
            Self::OtherRoom => "in another room",
            Self::TooMany => "a limit is reached",
            Self::Malformed => "malformed",
            Self::NotAllowed => "fault injection is not allowed",
            Self::Faulted => "the participant's turn failed",
        })
    }
}

impl std::error::Error for Refusal {}
