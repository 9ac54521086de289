//! A hall in memory: one real shard, clients that send and receive sealed media over links, and an
//! oracle that opens and checks every single datagram the shard emits.
//!
//! A client knows what any honest peer knows: it seals with the client's half of the keys, resends
//! what it is asked for, sends a key frame when told, reports, and asks for what it misses. What
//! the oracle demands is written at `oracle`; a broken demand lands in `Hall::violations`.

mod estimator;
mod guest;
mod hall;
mod ledger;
mod oracle;
mod receiver;
mod scene;
mod track;

pub use estimator::{Estimator, SLOW_GROWTH_HUNDREDTHS};
pub use guest::Guest;
pub use hall::Hall;
pub use ledger::{Ledger, Original};
pub use oracle::{Emitted, Oracle};
pub use receiver::Receiver;
pub use track::{LayerSender, Outgoing, Track};

use std::time::Duration;
use veche_sfu::rtp::extension_uri;

/// Extension ids of every simulated client.
pub mod extension {
    /// Section.
    pub const MID: u8 = 1;
    /// Layer.
    pub const RID: u8 = 2;
    /// Layer a retransmission repairs.
    pub const REPAIRED_RID: u8 = 3;
    /// Loudness.
    pub const LEVEL: u8 = 4;
    /// Departure.
    pub const ABS_SEND_TIME: u8 = 5;
    /// Transport-wide number.
    pub const TRANSPORT_SEQUENCE: u8 = 6;
}

/// Payload types of every simulated client.
pub mod payload_type {
    /// Opus.
    pub const OPUS: u8 = 111;
    /// VP8.
    pub const VP8: u8 = 96;
    /// Retransmissions of VP8.
    pub const RTX: u8 = 97;
}

/// What each simulated client negotiated.
pub fn extensions() -> Vec<(String, u8)> {
    [
        (extension_uri::MID, extension::MID),
        (extension_uri::RID, extension::RID),
        (extension_uri::REPAIRED_RID, extension::REPAIRED_RID),
        (extension_uri::AUDIO_LEVEL, extension::LEVEL),
        (extension_uri::ABS_SEND_TIME, extension::ABS_SEND_TIME),
        (
            extension_uri::TRANSPORT_SEQUENCE,
            extension::TRANSPORT_SEQUENCE,
        ),
    ]
    .map(|(uri, id)| (uri.to_owned(), id))
    .to_vec()
}

/// Between two packets of Opus.
pub const AUDIO_STEP: Duration = Duration::from_millis(20);
/// Between two pictures.
pub const VIDEO_STEP: Duration = Duration::from_micros(33_333);
