//! Proof that a thread still moves: which turn it is in, and for whom.
//!
//! Two stores per turn on the working side; all judgement is on the watching side, by the CPU time
//! that one turn has used: a machine that starves us makes turns long but not dear.

use crate::clock::ThreadClock;
use crate::limits;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use veche_sfu::ids::ParticipantId;

/// A thread's pulse, written by it and read by its watch.
#[derive(Debug, Default)]
pub struct Heartbeat {
    /// Odd inside a turn.
    beat: AtomicU64,
    participant: AtomicU32,
}

impl Heartbeat {
    /// A turn begins on behalf of someone.
    pub fn begin(&self, participant: ParticipantId) {
        self.participant.store(participant.0, Ordering::Relaxed);
        self.beat.fetch_add(1, Ordering::SeqCst);
    }

    /// The turn is over.
    pub fn end(&self) {
        self.beat.fetch_add(1, Ordering::SeqCst);
    }

    fn turn(&self) -> Option<(u64, ParticipantId)> {
        let beat = self.beat.load(Ordering::SeqCst);
        (beat & 1 == 1).then(|| {
            (
                beat,
                ParticipantId(self.participant.load(Ordering::Relaxed)),
            )
        })
    }
}

/// What was seen of a turn when it was first met.
#[derive(Debug)]
struct Seen {
    beat: u64,
    cpu: Duration,
    at: Instant,
}

/// The watching side of one heartbeat.
#[derive(Debug)]
pub struct Watch {
    clock: ThreadClock,
    seen: Option<Seen>,
}

impl Watch {
    /// Watches the thread of this clock.
    pub fn new(clock: ThreadClock) -> Self {
        Self { clock, seen: None }
    }

    /// Looks once; gives whose turn does not end, once per turn and look.
    pub fn look(&mut self, now: Instant, heartbeat: &Heartbeat) -> Option<ParticipantId> {
        let Some((beat, participant)) = heartbeat.turn() else {
            self.seen = None;
            return None;
        };
        let cpu = self.clock.cpu().unwrap_or_default();
        match &self.seen {
            Some(seen) if seen.beat == beat => {
                let is_looping = cpu.saturating_sub(seen.cpu) >= limits::TURN_CPU;
                let is_blocked = now.saturating_duration_since(seen.at) >= limits::TURN_WALL;
                (is_looping || is_blocked).then_some(participant)
            }
            _ => {
                self.seen = Some(Seen { beat, cpu, at: now });
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn burn(cpu: Duration) {
        let clock = ThreadClock::of_this_thread();
        let begin = clock.cpu().unwrap();
        while clock.cpu().unwrap().saturating_sub(begin) < cpu {}
    }

    #[test]
    fn a_turn_that_burns_its_limit_is_found_and_an_endless_row_of_short_ones_is_not() {
        let heartbeat = Heartbeat::default();
        let mut watch = Watch::new(ThreadClock::of_this_thread());
        let now = Instant::now();
        for _ in 0..3 {
            heartbeat.begin(ParticipantId(3));
            assert_eq!(watch.look(now, &heartbeat), None);
            burn(limits::TURN_CPU / 2);
            assert_eq!(watch.look(now, &heartbeat), None);
            heartbeat.end();
        }
        heartbeat.begin(ParticipantId(3));
        assert_eq!(watch.look(now, &heartbeat), None);
        burn(limits::TURN_CPU);
        assert_eq!(watch.look(now, &heartbeat), Some(ParticipantId(3)));
    }

    #[test]
    fn a_blocked_turn_is_found_by_wall_time() {
        let heartbeat = Heartbeat::default();
        let mut watch = Watch::new(ThreadClock::of_this_thread());
        let now = Instant::now();
        heartbeat.begin(ParticipantId(3));
        assert_eq!(watch.look(now, &heartbeat), None);
        let almost = limits::TURN_WALL - Duration::from_millis(1);
        assert_eq!(watch.look(now + almost, &heartbeat), None);
        assert_eq!(
            watch.look(now + limits::TURN_WALL, &heartbeat),
            Some(ParticipantId(3))
        );
        heartbeat.end();
        assert_eq!(watch.look(now + limits::TURN_WALL, &heartbeat), None);
    }
}
