//! Counters read at one moment: state, not events, pulled by whoever wants to show them.

use crate::ids::ParticipantId;
use std::time::Duration;

/// Counters of the shard since its start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Authenticated media packets received.
    pub packets_in: u64,
    /// Media packets handed to the sender, retransmissions included.
    pub packets_out: u64,
    /// Datagrams that were refused before they could change anything, by reason.
    pub refused: Refused,
    /// Participants ended because their turn failed.
    pub participants_ended_by_fault: u64,
    /// Everyone here, by id.
    pub participants: Vec<ParticipantSnapshot>,
}

/// Datagrams that were refused, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    /// From a path that is nobody's.
    pub unknown_path: u64,
    /// Neither RTP nor RTCP, or broken inside.
    pub malformed: u64,
    /// Seen before, or older than the replay window.
    pub replayed: u64,
    /// The tag did not verify.
    pub unauthenticated: u64,
    /// Authenticated media that no publication claims (yet).
    pub unclaimed: u64,
    /// Authenticated media of one more SSRC than a participant may have.
    pub too_many_sources: u64,
    /// Authenticated control items beyond the rate of one peer.
    pub too_many_requests: u64,
}

impl Refused {
    /// All of them.
    pub fn total(&self) -> u64 {
        [
            self.unknown_path,
            self.malformed,
            self.replayed,
            self.unauthenticated,
            self.unclaimed,
            self.too_many_sources,
            self.too_many_requests,
        ]
        .iter()
        .fold(0, |sum, count| sum.saturating_add(*count))
    }
}

/// Counters of one participant since it was added.
#[derive(Clone, Debug, PartialEq)]
pub struct ParticipantSnapshot {
    /// Who.
    pub participant: ParticipantId,
    /// Measured by reports both ways.
    pub round_trip: Option<Duration>,
    /// Authenticated media packets received.
    pub packets_in: u64,
    /// Media packets handed to the sender.
    pub packets_out: u64,
    /// Their bytes, as on the wire.
    pub bytes_in: u64,
    /// Their bytes, as on the wire.
    pub bytes_out: u64,
    /// Fraction lost on the way to us in the last report interval.
    pub lost_in: f32,
    /// Fraction lost on the way from us, as the peer last reported it.
    pub lost_out: f32,
    /// What the peer estimates it can receive.
    pub estimate_bps: Option<u64>,
    /// Over the last second.
    pub bitrate_in_bps: u64,
    /// Over the last second.
    pub bitrate_out_bps: u64,
}
