//! Counters of both threads, joined by participant.

use crate::roster::Presence;
use crate::send::Unsent;
use std::collections::HashMap;
use std::net::SocketAddr;
use veche_sfu::ids::ParticipantId;
use veche_sfu::shard::ParticipantSnapshot;

/// Counters of the engine since its start.
#[derive(Clone, Debug)]
pub struct EngineStats {
    /// Authenticated media packets received.
    pub packets_in: u64,
    /// Media packets given to the kernel.
    pub packets_out: u64,
    /// Datagrams that changed nothing: strangers', malformed, replayed.
    pub datagrams_refused: u64,
    /// Media packets whose tag did not verify.
    pub authentication_failures: u64,
    /// Commands about things that are not there (any more).
    pub commands_refused: u64,
    /// Datagrams that the kernel did not take.
    pub unsent: Unsent,
    /// Events that nobody read in time.
    pub events_dropped: u64,
    /// Participants ended by a panic or a turn without end.
    pub participants_ended_by_fault: u64,
    /// Turns of the media thread that were too long.
    pub media_stalls: u64,
    /// Transport workers given up in the middle of a turn.
    pub workers_abandoned: u64,
    /// CPU of the media thread.
    pub media_cpu_ns: u64,
    /// CPU of the transport thread, with those given up as far as seen.
    pub transport_cpu_ns: u64,
    /// Half of the last frames and audio packets left within this time of their arrival.
    pub residence_p50_us: f64,
    /// All but a hundredth of them did.
    pub residence_p99_us: f64,
    /// Everyone, by id.
    pub participants: Vec<ParticipantStats>,
}

/// Counters of one participant.
#[derive(Clone, Debug)]
pub struct ParticipantStats {
    /// Who.
    pub participant: ParticipantId,
    /// Keys stand and the peer is heard.
    pub is_connected: bool,
    /// The proved address.
    pub address: Option<SocketAddr>,
    /// Counters of its packets, once the packet path knows it.
    pub media: Option<ParticipantSnapshot>,
}

impl ParticipantStats {
    /// Who is there, with what the packet path counted.
    pub(crate) fn join(presences: Vec<Presence>, media: Vec<ParticipantSnapshot>) -> Vec<Self> {
        let mut media: HashMap<_, _> = media
            .into_iter()
            .map(|snapshot| (snapshot.participant, snapshot))
            .collect();
        let mut joined: Vec<_> = presences
            .into_iter()
            .map(|presence| Self {
                participant: presence.participant,
                is_connected: presence.is_connected,
                address: presence.path.map(|path| path.remote),
                media: media.remove(&presence.participant),
            })
            .collect();
        joined.sort_by_key(|stats| stats.participant);
        joined
    }
}
