//! The packet path: one state machine that owns its rooms whole, without input, output or a clock.
//!
//! Contract, asserted in debug builds: *one input in, then flush until whole, then the next input*.
//! An input is a datagram, a command or a deadline that has come; several inputs of one receive
//! batch may share a flush, because nothing is written before it. Events are drained at leisure.
//!
//! Everything done for one participant is a turn inside a bulkhead (`turn`): what fails in it ends
//! that participant and nobody else. Nothing here allocates per packet in steady state, and no
//! loop is longer than what its input or a constant of `limits` says.

mod admission;
mod claim;
mod command;
mod deadlines;
mod departure;
mod egress;
mod event;
mod forward;
mod ingress;
mod key_frames;
mod layers;
mod padding;
mod participant;
mod publication;
mod reception;
mod repair;
mod reports;
mod requests;
mod room;
mod slab;
mod snapshot;
mod speech;
mod streams;
mod subscription;
mod timers;
mod turn;
mod wanted;

pub use crate::rtp::Codec;
pub use command::{
    Command, Fault, LayerDescription, Point, PublicationDescription, Refusal,
    SubscriptionDescription, Unknown,
};
pub use egress::{Datagrams, EgressBatch};
pub use event::{Event, GoneReason};
pub use snapshot::{ParticipantSnapshot, Refused, Snapshot};

use crate::allocator::{Allocation, Demand};
use crate::ids::{ParticipantId, PublicationId, RoomId, SubscriptionId};
use crate::limits;
use crate::path::Path;
use crate::rtcp::{NtpTime, is_rtcp};
use crate::rtp::LayerIndex;
use deadlines::Deadlines;
use participant::Participant;
use publication::Publication;
use room::Room;
use slab::{Index, Slab};
use std::collections::{BTreeMap, HashMap};
use std::time::Instant;
use subscription::Subscription;
use turn::Turn;

/// What a shard is made with.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Where SSRCs and start numbers come from: random in a server, fixed in a simulation.
    pub seed: u64,
    /// What a wall clock says at the moment the shard is made.
    pub wall_clock: NtpTime,
    /// Whether `Command::Inject` is honoured.
    pub allows_faults: bool,
}

/// What a flush left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Flushed {
    /// Everything that was due is in the batch.
    Whole,
    /// The batch is full: send it and flush again before the next input.
    Partly,
}

/// Who waits for a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Participant(Index<Participant>),
    Room(RoomId),
}

/// A layer with packets that no subscriber has got yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct HeldLayer {
    publication: Index<Publication>,
    layer: LayerIndex,
}

/// One state machine; see the module.
pub struct Shard {
    started: Instant,
    wall_clock: NtpTime,
    numbers: Numbers,
    allows_faults: bool,
    participants: Slab<Participant>,
    publications: Slab<Publication>,
    subscriptions: Slab<Subscription>,
    // Ordered maps, because what iterates over them must not depend on a random hash seed.
    by_participant: BTreeMap<ParticipantId, Index<Participant>>,
    by_publication: BTreeMap<PublicationId, Index<Publication>>,
    by_subscription: BTreeMap<SubscriptionId, Index<Subscription>>,
    rooms: BTreeMap<RoomId, Room>,
    by_path: HashMap<Path, Index<Participant>>,
    deadlines: Deadlines<Owner>,
    held: Vec<HeldLayer>,
    outgoing: EgressBatch,
    events: Vec<Event>,
    /// Participants whose share of a flush failed, to be taken away after it.
    faulted: Vec<(Index<Participant>, GoneReason)>,
    is_partly_flushed: bool,
    totals: Totals,
    scratch: Scratch,
}

/// Counters that outlive the participants they were counted for.
#[derive(Default)]
struct Totals {
    packets_in: u64,
    packets_out: u64,
    refused: Refused,
    ended_by_fault: u64,
}

/// Memory that is used again and again.
#[derive(Default)]
struct Scratch {
    sequences: Vec<u16>,
    demands: Vec<Demand>,
    demanding: Vec<Index<Subscription>>,
    allocations: Vec<Allocation>,
}

impl Shard {
    /// A shard without rooms.
    pub fn new(config: Config, now: Instant) -> Self {
        Self {
            started: now,
            wall_clock: config.wall_clock,
            numbers: Numbers(config.seed),
            allows_faults: config.allows_faults,
            participants: Slab::default(),
            publications: Slab::default(),
            subscriptions: Slab::default(),
            by_participant: BTreeMap::new(),
            by_publication: BTreeMap::new(),
            by_subscription: BTreeMap::new(),
            rooms: BTreeMap::new(),
            by_path: HashMap::new(),
            deadlines: Deadlines::default(),
            held: Vec::new(),
            outgoing: EgressBatch::new(),
            events: Vec::new(),
            faulted: Vec::new(),
            is_partly_flushed: false,
            totals: Totals::default(),
            scratch: Scratch::default(),
        }
    }

    /// Takes one SRTP or SRTCP datagram (first byte 128..=191) and spoils its bytes.
    pub fn handle_datagram(&mut self, now: Instant, path: Path, datagram: &mut [u8]) {
        self.assert_flushed();
        if datagram.len() > limits::DATAGRAM_BYTES {
            return self.totals.refused.count(Rejection::Malformed);
        }
        let Some(&index) = self.by_path.get(&path) else {
            return self.totals.refused.count(Rejection::UnknownPath);
        };
        let taken = self.take_turn(now, index, |shard, turn| {
            turn.pass(Point::Ingress);
            if is_rtcp(datagram) {
                shard.handle_control(now, index, datagram, turn)
            } else {
                shard.handle_media(now, index, datagram, turn)
            }
        });
        if let Some(Err(rejection)) = taken {
            self.totals.refused.count(rejection);
        }
    }

    /// Applies one decision, or refuses it and changes nothing.
    pub fn handle_command(&mut self, now: Instant, command: Command) -> Result<(), Refusal> {
        self.assert_flushed();
        self.apply(now, command)
    }

    /// Does what is due by now.
    pub fn handle_deadline(&mut self, now: Instant) {
        self.assert_flushed();
        while let Some((at, owner)) = self.deadlines.pop(now) {
            match owner {
                Owner::Participant(index) => self.wake_participant(now, at, index),
                Owner::Room(room) => self.wake_room(now, at, room),
            }
        }
    }

    /// Hands out what is to be sent now; `batch` is cleared first.
    pub fn flush(&mut self, now: Instant, batch: &mut EgressBatch) -> Flushed {
        let is_whole = self.forward_due(now);
        self.is_partly_flushed = !is_whole;
        batch.clear();
        std::mem::swap(batch, &mut self.outgoing);
        if is_whole {
            Flushed::Whole
        } else {
            Flushed::Partly
        }
    }

    /// Appends what has happened since the last time.
    pub fn drain_events(&mut self, events: &mut Vec<Event>) {
        events.append(&mut self.events);
    }

    /// When to call `handle_deadline` and `flush` if nothing else happens.
    pub fn next_deadline(&self) -> Option<Instant> {
        let held = self.held.iter().filter_map(|held| {
            self.publications
                .get(held.publication)?
                .layers
                .get(held.layer.index())?
                .due
        });
        held.chain(self.deadlines.next()).min()
    }

    /// Runs a participant's turn; if it fails, the participant is gone.
    fn take_turn<R>(
        &mut self,
        now: Instant,
        index: Index<Participant>,
        body: impl FnOnce(&mut Self, &mut Turn) -> R,
    ) -> Option<R> {
        let mut turn = Turn::new(self.participants.get(index)?.armed);
        match turn.contain(|turn| body(self, turn)) {
            Ok(result) => Some(result),
            Err(reason) => {
                self.end_by_fault(now, index, reason);
                None
            }
        }
    }

    /// Wakes a participant at `at` unless it wakes earlier.
    fn wake(&mut self, index: Index<Participant>, at: Instant) {
        if let Some(participant) = self.participants.get_mut(index) {
            self.deadlines
                .set(&mut participant.alarm, Owner::Participant(index), at);
        }
    }

    /// What a wall clock says.
    fn ntp(&self, now: Instant) -> NtpTime {
        self.wall_clock
            .after(now.saturating_duration_since(self.started))
    }

    fn assert_flushed(&self) {
        debug_assert!(
            !self.is_partly_flushed,
            "flush until whole before the next input"
        );
    }
}

/// Why a datagram, or a part of it, was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rejection {
    UnknownPath,
    Malformed,
    Replayed,
    Unauthenticated,
    Unclaimed,
    TooManySources,
    TooManyRequests,
}

impl Refused {
    fn count(&mut self, rejection: Rejection) {
        let counter = match rejection {
            Rejection::UnknownPath => &mut self.unknown_path,
            Rejection::Malformed => &mut self.malformed,
            Rejection::Replayed => &mut self.replayed,
            Rejection::Unauthenticated => &mut self.unauthenticated,
            Rejection::Unclaimed => &mut self.unclaimed,
            Rejection::TooManySources => &mut self.too_many_sources,
            Rejection::TooManyRequests => &mut self.too_many_requests,
        };
        *counter = counter.saturating_add(1);
    }
}

/// SSRCs and start numbers: spread evenly and all decided by the seed (SplitMix64). Secrets come
/// from the handshake, not from here.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn ssrc(&mut self) -> u32 {
        let [a, b, c, d, ..] = self.next().to_be_bytes();
        u32::from_be_bytes([a, b, c, d])
    }

    /// A first sequence number, below 2^15 so that both ends begin with roll-over 0, and a
    /// first timestamp.
    fn start(&mut self) -> (u16, u32) {
        let [a, b, c, d, e, f, ..] = self.next().to_be_bytes();
        (
            u16::from_be_bytes([a & 0x7f, b]),
            u32::from_be_bytes([c, d, e, f]),
        )
    }
}
