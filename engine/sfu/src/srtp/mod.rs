//! SRTP and SRTCP: RFC 3711 with the profiles WebRTC negotiates, RFC 7714 for the AEAD ones.
//!
//! Owns the keys of one participant in both directions and the replay windows. A packet is sealed
//! and opened where it lies, without allocation and without a lookup: the caller knows the extended
//! index of what it sends and keeps one [`IndexedStream`] for each ssrc it receives.
//!
//! Nothing here creates or advances state before a tag has verified, so a stranger's garbage costs
//! the time of one check and leaves no trace. Key bytes appear in no `Debug` output.
//!
//! The caller must never seal two different packets under one (ssrc, index): under GCM that would
//! give away the authentication key.

mod context;
mod counter_mode;
mod gcm;
mod keys;
mod replay;

#[cfg(test)]
mod against_others;
#[cfg(test)]
mod rfc_vectors;
#[cfg(test)]
mod tests;

pub use context::{SrtpIn, SrtpOut, rtp_header_length};
pub use keys::{KeyingMaterial, Profile, Role, WrongLength};
pub use replay::{INDEX_MAX, IndexedStream, REPLAY_WINDOW, RTCP_SENDERS_MAX, ReplayWindow};

/// Why an arriving packet was refused. The packet's bytes are spoilt after `Forged`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpenError {
    /// Shorter than its header, its tag or its index demand.
    Truncated,
    /// The tag does not belong to these bytes, this key and this index.
    Forged,
    /// This index was accepted before.
    Replayed,
    /// Older than the replay window can tell apart.
    TooOld,
    /// An SRTCP packet without its encryption flag; WebRTC never negotiates that (RFC 5764 4.1.2).
    Unencrypted,
    /// The 48-bit index space of the key is used up (RFC 3711 9.2).
    Exhausted,
}

/// Why a packet could not be sealed. Both are faults of ours or the end of a key's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SealError {
    /// The buffer does not hold a header, or has no room for the tag.
    BadLength,
    /// The key has sealed all it may: 2^48 RTP or 2^31 RTCP packets (RFC 3711 9.2).
    Exhausted,
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Truncated => "packet is too short",
            Self::Forged => "authentication tag does not verify",
            Self::Replayed => "packet was seen before",
            Self::TooOld => "packet is older than the replay window",
            Self::Unencrypted => "control packet is not encrypted",
            Self::Exhausted => "index space is used up",
        })
    }
}

impl std::fmt::Display for SealError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::BadLength => "buffer holds no header or no room for the tag",
            Self::Exhausted => "key has sealed all it may",
        })
    }
}

impl std::error::Error for OpenError {}
impl std::error::Error for SealError {}
