//! The world of the media tests: one shard, its guests, their links, virtual time.

use super::guest::{Guest, LOOK, REPORT};
use super::ledger::Ledger;
use crate::{Clock, Rng, Wire};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};
use veche_sfu::ids::{ParticipantId, PublicationId, SubscriptionId};
use veche_sfu::path::Path;
use veche_sfu::rtcp::{self, NtpTime};
use veche_sfu::shard::{Config, EgressBatch, Event, Flushed, Shard};
use veche_sfu::srtp::Profile as Cipher;

/// A shard that asks to be woken for ever at one moment is stuck.
const MOST_TURNS_AT_ONE_MOMENT: u32 = 10_000;
/// What is under way between guests and shard.
pub(super) enum Delivery {
    Up(Path, Vec<u8>),
    Media {
        to: ParticipantId,
        subscription: SubscriptionId,
        index: u64,
        is_repair: bool,
        bytes: usize,
        left: Duration,
    },
    Control {
        to: ParticipantId,
        compound: Vec<u8>,
    },
}

/// A shard and its guests.
pub struct Hall {
    /// Virtual time.
    pub clock: Clock,
    /// What decides everything.
    pub rng: Rng,
    /// What is tested.
    pub shard: Shard,
    /// Who is here.
    pub guests: BTreeMap<ParticipantId, Guest>,
    /// What was sent.
    pub ledger: Ledger,
    /// What the shard told.
    pub events: Vec<(Duration, Event)>,
    /// Broken demands of the oracle.
    pub violations: Vec<String>,
    /// Publications that nobody may hear any more.
    pub silenced: BTreeSet<PublicationId>,
    /// Media packets that left the shard, and their bytes.
    pub emitted: (u64, u64),
    /// When media last left the shard, by guest, and the longest time it did not.
    pub last_emitted: BTreeMap<ParticipantId, (Duration, Duration)>,
    digest: DefaultHasher,
    wire: Wire<Delivery>,
    batch: EgressBatch,
    pub(super) next_id: u32,
    pub(super) cipher: Cipher,
}

impl Hall {
    /// An empty hall; the seed decides everything.
    pub fn new(seed: u64) -> Self {
        Self::with_cipher(seed, Cipher::Aes128Gcm)
    }

    /// An empty hall whose guests negotiate this profile.
    pub fn with_cipher(seed: u64, cipher: Cipher) -> Self {
        let clock = Clock::start();
        let config = Config {
            seed,
            wall_clock: NtpTime(1 << 60),
            allows_faults: true,
        };
        Self {
            clock,
            rng: Rng::new(seed),
            shard: Shard::new(config, clock.now()),
            guests: BTreeMap::new(),
            ledger: Ledger::default(),
            events: Vec::new(),
            violations: Vec::new(),
            silenced: BTreeSet::new(),
            emitted: (0, 0),
            last_emitted: BTreeMap::new(),
            digest: DefaultHasher::new(),
            wire: Wire::default(),
            batch: EgressBatch::new(),
            next_id: 1,
            cipher,
        }
    }

    /// A number that all emitted bytes, their times and all events decide.
    pub fn digest(&self) -> u64 {
        let mut digest = self.digest.clone();
        format!("{:?}", self.events).hash(&mut digest);
        digest.finish()
    }

    /// Fails if the oracle has seen anything.
    #[track_caller]
    pub fn assert_legal(&self) {
        let first: Vec<_> = self.violations.iter().take(5).collect();
        assert!(
            first.is_empty(),
            "{} violations, first {first:#?}",
            self.violations.len()
        );
    }

    /// Lets time pass.
    pub fn run_for(&mut self, duration: Duration) {
        let end = self.clock.now() + duration;
        let mut turns = 0;
        while let Some(next) = self.next_moment().filter(|next| *next <= end) {
            turns = if next > self.clock.now() {
                0
            } else {
                turns + 1
            };
            assert!(turns < MOST_TURNS_AT_ONE_MOMENT, "the shard never rests");
            self.clock.advance_to(next);
            self.act();
        }
        self.clock.advance_to(end);
    }

    fn next_moment(&self) -> Option<Instant> {
        let start = self.clock.now() - self.clock.elapsed();
        let guests = self.guests.values().flat_map(|guest| {
            let frames = guest.tracks.iter().map(|track| track.next_frame);
            frames.chain([guest.next_look, guest.next_report])
        });
        let guests = guests.map(|at| start + at);
        guests
            .chain(self.wire.next_at())
            .chain(self.shard.next_deadline())
            .min()
    }

    /// Everything that happens at this moment; one receive batch, one flush.
    fn act(&mut self) {
        let now = self.clock.now();
        self.let_guests_act();
        while let Some(delivery) = self.wire.pop_due(now) {
            self.deliver(delivery);
        }
        if self.shard.next_deadline().is_some_and(|at| at <= now) {
            self.shard.handle_deadline(now);
        }
        self.flush();
    }

    fn let_guests_act(&mut self) {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        let mut sent = Vec::new();
        for (id, guest) in &mut self.guests {
            let Guest {
                tracks,
                transport_sequence,
                ..
            } = guest;
            let mut packets = Vec::new();
            for track in tracks
                .iter_mut()
                .filter(|track| track.next_frame <= elapsed)
            {
                packets.extend(track.next_frame(&mut self.ledger, transport_sequence));
            }
            sent.extend(packets.iter().map(|packet| (*id, guest.seal(packet))));
            if guest.next_look <= elapsed {
                guest.next_look += LOOK;
                sent.extend(guest.ask(now).into_iter().map(|bytes| (*id, bytes)));
            }
            if guest.next_report <= elapsed {
                guest.next_report += REPORT;
                sent.extend(
                    guest
                        .report(now, elapsed)
                        .into_iter()
                        .map(|bytes| (*id, bytes)),
                );
            }
        }
        for (id, bytes) in sent {
            self.carry_up(id, bytes);
        }
    }

    pub(super) fn carry_up(&mut self, id: ParticipantId, bytes: Vec<u8>) {
        let now = self.clock.now();
        let guest = self.guests.get_mut(&id).unwrap();
        let path = guest.path;
        for at in guest.up.carry(now, bytes.len()) {
            self.wire.push(at, Delivery::Up(path, bytes.clone()));
        }
    }

    fn deliver(&mut self, delivery: Delivery) {
        let now = self.clock.now();
        match delivery {
            Delivery::Up(path, mut bytes) => self.shard.handle_datagram(now, path, &mut bytes),
            Delivery::Media {
                to,
                subscription,
                index,
                is_repair,
                bytes,
                left,
            } => {
                let elapsed = self.clock.elapsed();
                let guest = self.guests.get_mut(&to).unwrap();
                if let Some(estimator) = &mut guest.estimator {
                    estimator.arrived(bytes, elapsed - left);
                }
                let receiver = guest.receivers.get_mut(&subscription);
                receiver.unwrap().arrived(index, is_repair);
            }
            Delivery::Control { to, compound } => self.hear(to, &compound),
        }
    }

    fn hear(&mut self, id: ParticipantId, compound: &[u8]) {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        let guest = self.guests.get_mut(&id).unwrap();
        let mut answers = Vec::new();
        for packet in rtcp::packets(compound) {
            match packet {
                Ok(packet) => guest.hear(now, elapsed, &packet, &mut answers),
                Err(error) => self.violations.push(format!("RTCP to {id:?}: {error}")),
            }
        }
        let answers: Vec<_> = answers.iter().map(|answer| guest.seal(answer)).collect();
        answers
            .into_iter()
            .for_each(|bytes| self.carry_up(id, bytes));
    }

    pub(super) fn flush(&mut self) {
        let now = self.clock.now();
        let mut batch = std::mem::take(&mut self.batch);
        loop {
            let flushed = self.shard.flush(now, &mut batch);
            for entry in batch.entries() {
                for sealed in entry.segments() {
                    self.judge(entry.path, sealed);
                }
            }
            if flushed == Flushed::Whole {
                break;
            }
        }
        self.batch = batch;
        let mut events = Vec::new();
        self.shard.drain_events(&mut events);
        let elapsed = self.clock.elapsed();
        self.events
            .extend(events.into_iter().map(|event| (elapsed, event)));
    }

    /// Opens a datagram that leaves the shard, checks it and puts it on its way.
    fn judge(&mut self, path: Path, sealed: &[u8]) {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        (elapsed, path, sealed).hash(&mut self.digest);
        let found = self.guests.iter_mut().find(|(_, guest)| guest.path == path);
        let Some((id, guest)) = found else {
            self.violations
                .push(format!("{elapsed:?}: a datagram to nobody at {path:?}"));
            return;
        };
        let id = *id;
        let length = sealed.len();
        let judged = if rtcp::is_rtcp(sealed) {
            let mut clear = sealed.to_vec();
            guest
                .srtp_in
                .open_rtcp(&mut clear)
                .map_err(|error| error.to_string())
                .map(|length| {
                    clear.truncate(length);
                    Delivery::Control {
                        to: id,
                        compound: clear,
                    }
                })
        } else {
            self.emitted.0 += 1;
            self.emitted.1 += length as u64;
            let last = self
                .last_emitted
                .entry(id)
                .or_insert((elapsed, Duration::ZERO));
            *last = (elapsed, last.1.max(elapsed - last.0));
            guest.judge_media(id, elapsed, &self.ledger, &self.silenced, sealed)
        };
        match judged {
            Ok(delivery) => {
                let guest = self.guests.get_mut(&id).unwrap();
                let mut arrivals = guest.down.carry(now, length);
                if let Some(at) = arrivals.next() {
                    self.wire.push(at, delivery);
                }
            }
            Err(violation) => self
                .violations
                .push(format!("{elapsed:?} {id:?}: {violation}")),
        }
    }
}
