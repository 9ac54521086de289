//! What the shard tells the world: facts that happened, in the order in which they happened.

use crate::ids::{ParticipantId, PublicationId, RoomId, SubscriptionId};

/// Something the shard saw or did.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// First authenticated packet of a publication's layer.
    MediaStarted {
        /// Whose media.
        publication: PublicationId,
        /// Which of its encodings, lowest quality first.
        layer: u8,
    },
    /// The gate holds from here on.
    GateApplied {
        /// Whose gate.
        publication: PublicationId,
        /// What it is now.
        is_open: bool,
        /// The publisher's sequence number of the last packet let through, if any.
        last_sequence: Option<u16>,
    },
    /// Speech comes from a publication whose gate is closed; told once for each closing.
    VoiceHeldBack {
        /// Whose.
        publication: PublicationId,
    },
    /// Participants whose level changed since the last such event of the room.
    SpeakersChanged {
        /// Where they speak.
        room: RoomId,
        /// Level 0..=1 in steps of 1/8; 0 for silent.
        levels: Vec<(ParticipantId, f32)>,
    },
    /// Highest layer that any subscriber wants; none when nobody wants any.
    WantedLayerChanged {
        /// Of which publication.
        publication: PublicationId,
        /// The layer, or nothing is wanted.
        layer: Option<u8>,
    },
    /// The allocator paused or resumed a subscription for want of bandwidth.
    StreamPaused {
        /// Which.
        subscription: SubscriptionId,
        /// What it is now.
        is_paused: bool,
    },
    /// A subscription carries another layer from its last key frame on.
    LayerSwitched {
        /// Which.
        subscription: SubscriptionId,
        /// Its layer now.
        layer: u8,
    },
    /// Answer to `Command::Echo`.
    Echo {
        /// As given.
        token: u64,
    },
    /// A fault in a participant's turn ended it, with its publications and subscriptions.
    Gone {
        /// Who.
        participant: ParticipantId,
        /// What ended it.
        reason: GoneReason,
    },
}

/// How a turn failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoneReason {
    /// It panicked.
    Panic,
    /// It used more fuel than any honest turn can.
    Stalled,
}
