//! Counters read at one moment: state, not events, pulled by whoever wants to show them.

use super::Shard;
use super::participant::Participant;
use crate::ids::ParticipantId;
use std::time::{Duration, Instant};

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
    /// Since the last snapshot.
    pub bitrate_in_bps: u64,
    /// Since the last snapshot.
    pub bitrate_out_bps: u64,
}

/// Byte counters at the last snapshot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    at: Instant,
    bytes_in: u64,
    bytes_out: u64,
}

impl Counted {
    pub(super) fn nothing(at: Instant) -> Self {
        Self {
            at,
            bytes_in: 0,
            bytes_out: 0,
        }
    }
}

impl Shard {
    /// All counters, as they are now.
    pub fn snapshot(&mut self, now: Instant) -> Snapshot {
        let here = self.by_participant.values().copied();
        let mut participants = Vec::with_capacity(self.by_participant.len());
        for index in here {
            if let Some(participant) = self.participants.get_mut(index) {
                participants.push(participant.snapshot(now));
            }
        }
        Snapshot {
            packets_in: self.totals.packets_in,
            packets_out: self.totals.packets_out,
            refused: self.totals.refused,
            participants_ended_by_fault: self.totals.ended_by_fault,
            participants,
        }
    }
}

impl Participant {
    fn snapshot(&mut self, now: Instant) -> ParticipantSnapshot {
        let (bytes_in, bytes_out) = (self.inbound.bytes, self.link.bytes);
        let before = std::mem::replace(
            &mut self.counted,
            Counted {
                at: now,
                bytes_in,
                bytes_out,
            },
        );
        let elapsed = now.saturating_duration_since(before.at);
        ParticipantSnapshot {
            participant: self.id,
            round_trip: self.round_trip.known(),
            packets_in: self.inbound.packets,
            packets_out: self.link.packets,
            bytes_in,
            bytes_out,
            lost_in: self.lost.incoming,
            lost_out: self.lost.outgoing,
            estimate_bps: self.estimate.estimate_bps(now),
            bitrate_in_bps: bitrate_bps(bytes_in, before.bytes_in, elapsed),
            bitrate_out_bps: bitrate_bps(bytes_out, before.bytes_out, elapsed),
        }
    }
}

fn bitrate_bps(bytes: u64, before: u64, elapsed: Duration) -> u64 {
    let bits = u128::from(bytes.saturating_sub(before)).saturating_mul(8_000_000);
    let bitrate = bits.checked_div(elapsed.as_micros()).unwrap_or_default();
    u64::try_from(bitrate).unwrap_or(u64::MAX)
}
