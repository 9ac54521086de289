//! The way up: a bounded queue of facts towards one reader, with one flag to wait for.
//!
//! Writers never wait and never take a lock (a reader that the scheduler has put aside must not
//! stop media). State - levels, wanted layers - is kept as its latest value when it is read.
//! Overflow: facts that may be lost are counted into one `Dropped`; a second allowance is kept
//! for those that must not be lost; messages are bounded by bytes as well.

use crate::limits;
use crate::wake::Waker;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use veche_sfu::ids::{ParticipantId, PublicationId, RoomId};
use veche_sfu::shard;

/// Something the engine saw or did.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// ICE, DTLS and SRTP keys stand: media may flow.
    Connected(ParticipantId),
    /// No authenticated STUN for a while; a later one brings `Connected` again.
    Disconnected(ParticipantId),
    /// The engine ended the participant.
    Gone(ParticipantId, GoneReason),
    /// The peer opened a data channel.
    ChannelOpened(ParticipantId, Arc<str>),
    /// A message from the peer.
    Data {
        /// Whose.
        participant: ParticipantId,
        /// The channel's label.
        label: Arc<str>,
        /// The message.
        payload: Vec<u8>,
        /// Whether its channel promises delivery.
        is_reliable: bool,
    },
    /// What the packet path tells.
    Shard(shard::Event),
    /// So many events are missing here.
    Dropped(u64),
}

/// Why the engine ended a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoneReason {
    /// Silent for too long.
    Timeout,
    /// The handshake failed.
    Handshake,
    /// The peer closed its side.
    Closed,
    /// A fault of ours in its turn.
    Panic,
    /// Its turn did not end.
    Stalled,
    /// It does not read what it must not miss.
    Slow,
    /// It sends more than its share.
    Flood,
}

impl GoneReason {
    /// A stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Handshake => "dtls",
            Self::Closed => "closed",
            Self::Panic => "panic",
            Self::Stalled => "stalled",
            Self::Slow => "slow",
            Self::Flood => "flood",
        }
    }
}

/// Whether an event may be lost when nobody reads.
fn is_needed(event: &Event) -> bool {
    match event {
        Event::Connected(_)
        | Event::Disconnected(_)
        | Event::Gone(..)
        | Event::ChannelOpened(..) => true,
        Event::Data { is_reliable, .. } => *is_reliable,
        Event::Shard(event) => matches!(
            event,
            shard::Event::GateApplied { .. }
                | shard::Event::VoiceHeldBack { .. }
                | shard::Event::Gone { .. }
        ),
        Event::Dropped(_) => false,
    }
}

fn message_bytes(event: &Event) -> usize {
    match event {
        Event::Data { payload, .. } => payload.len(),
        _ => 0,
    }
}

/// What writers and the reader share.
#[derive(Debug)]
struct Level {
    waiting: AtomicUsize,
    bytes: AtomicUsize,
    dropped: AtomicU64,
    dropped_total: AtomicU64,
    waker: Waker,
}

/// A writer's end, one per thread.
#[derive(Clone, Debug)]
pub struct EventWriter {
    sender: Sender<Event>,
    level: Arc<Level>,
}

/// The reader's end.
#[derive(Debug)]
pub struct EventReader {
    pending: Mutex<Pending>,
    level: Arc<Level>,
}

#[derive(Debug)]
struct Pending {
    receiver: Receiver<Event>,
    facts: VecDeque<Event>,
    levels: BTreeMap<RoomId, BTreeMap<ParticipantId, f32>>,
    wanted: BTreeMap<PublicationId, Option<u8>>,
}

/// A new queue.
///
/// # Errors
/// The system has no descriptor left.
pub fn queue() -> io::Result<(EventWriter, EventReader)> {
    let (sender, receiver) = channel();
    let level = Arc::new(Level {
        waiting: AtomicUsize::new(0),
        bytes: AtomicUsize::new(0),
        dropped: AtomicU64::new(0),
        dropped_total: AtomicU64::new(0),
        waker: Waker::new()?,
    });
    let pending = Pending {
        receiver,
        facts: VecDeque::new(),
        levels: BTreeMap::new(),
        wanted: BTreeMap::new(),
    };
    let reader = EventReader {
        pending: Mutex::new(pending),
        level: Arc::clone(&level),
    };
    Ok((EventWriter { sender, level }, reader))
}

impl EventWriter {
    /// Queues an event or counts it as dropped. Gives whether it was queued: for one that must
    /// not be lost the caller decides what its loss means.
    pub fn write(&self, event: Event) -> bool {
        let level = &self.level;
        let (most, bytes) = (
            if is_needed(&event) {
                limits::EVENTS.saturating_add(limits::RESERVED_EVENTS)
            } else {
                limits::EVENTS
            },
            message_bytes(&event),
        );
        // Reserved before it is sent: the reader then never counts below zero.
        let before = level.waiting.fetch_add(1, Ordering::SeqCst);
        let bytes_before = level.bytes.fetch_add(bytes, Ordering::SeqCst);
        let is_over = before >= most
            || (bytes > 0 && bytes_before.saturating_add(bytes) > limits::EVENT_BYTES);
        if is_over || self.sender.send(event).is_err() {
            level.waiting.fetch_sub(1, Ordering::SeqCst);
            level.bytes.fetch_sub(bytes, Ordering::SeqCst);
            level.dropped.fetch_add(1, Ordering::SeqCst);
            level.dropped_total.fetch_add(1, Ordering::SeqCst);
            return false;
        }
        if before == 0 {
            level.waker.wake();
        }
        true
    }
}

impl EventReader {
    /// Takes at most `limit` events: first what was dropped, then state, then facts in order.
    pub fn drain(&self, limit: usize) -> Vec<Event> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        self.level.waker.clear();
        pending.sort_arrivals(&self.level);
        let mut events = Vec::new();
        if limit > 0 {
            let dropped = self.level.dropped.swap(0, Ordering::SeqCst);
            events.extend((dropped > 0).then_some(Event::Dropped(dropped)));
        }
        let counted_from = events.len();
        pending.take_state(limit, &mut events);
        let facts = limit.saturating_sub(events.len()).min(pending.facts.len());
        events.extend(pending.facts.drain(..facts));
        let taken = events.len().saturating_sub(counted_from);
        let bytes = events.iter().map(message_bytes).sum();
        self.level.bytes.fetch_sub(bytes, Ordering::SeqCst);
        let before = self.level.waiting.fetch_sub(taken, Ordering::SeqCst);
        if before > taken {
            self.level.waker.wake();
        }
        events
    }

    /// Readable while events wait.
    pub fn waker(&self) -> &Waker {
        &self.level.waker
    }

    /// Events dropped since the start.
    pub fn dropped(&self) -> u64 {
        self.level.dropped_total.load(Ordering::Relaxed)
    }
}

impl Pending {
    /// Sorts what arrived into facts and state. State that replaces state no longer waits.
    fn sort_arrivals(&mut self, level: &Level) {
        let mut replaced = 0_usize;
        while let Ok(event) = self.receiver.try_recv() {
            let is_replacing = match event {
                Event::Shard(shard::Event::SpeakersChanged { room, levels }) => {
                    let known = self.levels.contains_key(&room);
                    self.levels.entry(room).or_default().extend(levels);
                    known
                }
                Event::Shard(shard::Event::WantedLayerChanged { publication, layer }) => {
                    self.wanted.insert(publication, layer).is_some()
                }
                event => {
                    self.facts.push_back(event);
                    false
                }
            };
            replaced = replaced.saturating_add(is_replacing.into());
        }
        level.waiting.fetch_sub(replaced, Ordering::SeqCst);
    }

    fn take_state(&mut self, limit: usize, events: &mut Vec<Event>) {
        while events.len() < limit {
            let Some((room, levels)) = self.levels.pop_first() else {
                break;
            };
            let levels = levels.into_iter().collect();
            events.push(Event::Shard(shard::Event::SpeakersChanged { room, levels }));
        }
        while events.len() < limit {
            let Some((publication, layer)) = self.wanted.pop_first() else {
                break;
            };
            events.push(Event::Shard(shard::Event::WantedLayerChanged {
                publication,
                layer,
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use std::os::fd::AsFd;

    fn is_readable(reader: &EventReader) -> bool {
        let mut descriptors = [PollFd::new(reader.waker().as_fd(), PollFlags::POLLIN)];
        poll(&mut descriptors, PollTimeout::ZERO).unwrap() == 1
    }

    fn echo(token: u64) -> Event {
        Event::Shard(shard::Event::Echo { token })
    }

    fn message(length: usize, is_reliable: bool) -> Event {
        Event::Data {
            participant: ParticipantId(1),
            label: "_reliable".into(),
            payload: vec![0; length],
            is_reliable,
        }
    }

    #[test]
    fn the_flag_is_set_while_events_wait_and_only_then() {
        let (writer, reader) = queue().unwrap();
        assert!(!is_readable(&reader));
        for token in 0..3 {
            assert!(writer.write(echo(token)));
        }
        assert!(is_readable(&reader));
        assert_eq!(reader.drain(2), [echo(0), echo(1)]);
        assert!(is_readable(&reader), "one event is left");
        assert_eq!(reader.drain(2), [echo(2)]);
        assert!(!is_readable(&reader));
        assert_eq!(reader.drain(2), []);
    }

    #[test]
    fn a_full_queue_counts_what_may_be_lost_and_keeps_what_must_not() {
        let (writer, reader) = queue().unwrap();
        for token in 0..u64::try_from(limits::EVENTS).unwrap() {
            assert!(writer.write(echo(token)));
        }
        assert!(!writer.write(echo(0)));
        assert!(!writer.write(echo(0)));
        assert!(!writer.write(message(1, false)));
        assert!(writer.write(message(1, true)));
        assert!(writer.write(Event::Connected(ParticipantId(7))));
        let events = reader.drain(usize::MAX);
        assert_eq!(events[0], Event::Dropped(3));
        assert_eq!(events.len(), limits::EVENTS + 3);
        assert_eq!(events.last(), Some(&Event::Connected(ParticipantId(7))));
        assert_eq!(reader.dropped(), 3);
        assert!(writer.write(echo(1)), "there is room again");
        assert_eq!(reader.drain(9), [echo(1)]);
    }

    #[test]
    fn even_what_must_not_be_lost_has_an_end() {
        let (writer, reader) = queue().unwrap();
        let most = limits::EVENTS + limits::RESERVED_EVENTS;
        for _ in 0..most {
            assert!(writer.write(Event::Connected(ParticipantId(1))));
        }
        assert!(!writer.write(Event::Connected(ParticipantId(1))));
        assert_eq!(reader.drain(usize::MAX).len(), most + 1);
    }

    #[test]
    fn messages_wait_up_to_their_bytes_and_not_one_more() {
        let (writer, reader) = queue().unwrap();
        assert!(writer.write(message(limits::EVENT_BYTES - 1, true)));
        assert!(writer.write(message(1, true)));
        assert!(!writer.write(message(1, true)));
        assert!(!writer.write(message(1, false)));
        assert!(
            writer.write(echo(1)),
            "events without bytes are not in the way"
        );
        assert_eq!(reader.drain(usize::MAX).len(), 4);
        assert!(writer.write(message(limits::EVENT_BYTES, true)));
    }

    #[test]
    fn levels_merge_and_wanted_layers_keep_the_latest() {
        let (writer, reader) = queue().unwrap();
        let room = RoomId(1);
        let level = |participant, level| {
            Event::Shard(shard::Event::SpeakersChanged {
                room,
                levels: vec![(ParticipantId(participant), level)],
            })
        };
        let wanted = |layer| {
            Event::Shard(shard::Event::WantedLayerChanged {
                publication: PublicationId(4),
                layer,
            })
        };
        for event in [
            level(1, 0.5),
            wanted(Some(2)),
            level(2, 0.25),
            echo(1),
            wanted(None),
            level(1, 1.0),
        ] {
            assert!(writer.write(event));
        }
        let both = shard::Event::SpeakersChanged {
            room,
            levels: vec![(ParticipantId(1), 1.0), (ParticipantId(2), 0.25)],
        };
        assert_eq!(reader.drain(9), [Event::Shard(both), wanted(None), echo(1)]);
        assert!(!is_readable(&reader));
        assert_eq!(reader.level.waiting.load(Ordering::SeqCst), 0);
    }
}
