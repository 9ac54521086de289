//! When each packet of a transport arrived, for the sender's own bandwidth estimator
//! (draft-holmer-rmcat-transport-wide-cc-extensions-01).
//!
//! Records every authenticated packet, RTX and padding included, and gives out one feedback
//! each 50 ms as long as packets come. A packet that comes after its number was reported stays
//! reported as lost.

use std::time::{Duration, Instant};

/// Time between two feedbacks.
pub const FEEDBACK_INTERVAL: Duration = Duration::from_millis(50);
/// Numbers one feedback speaks of: with two bytes for each it stays below 1200 bytes. Over 50 ms
/// it is 10 000 packets a second, far above what one client sends.
pub const MAX_STATUSES: usize = 512;
/// Resolution of arrival times on the wire.
const TICK_MICROSECONDS: u128 = 250;
/// The reference time counts 64 ms, which are 256 ticks.
const REFERENCE_SHIFT: u32 = 8;

/// One feedback, ready to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwccFeedback<'a> {
    /// Transport-wide sequence number of the first status.
    pub base_sequence: u16,
    /// Multiples of 64 ms, 24 bits.
    pub reference_time: u32,
    /// Counts feedbacks, modulo 256.
    pub feedback_count: u8,
    /// One status per number: `None` for not received, else 250 µs ticks since the received one
    /// before it; the first counts from the reference time.
    pub deltas: &'a [Option<i16>],
}

/// Arrivals on one transport since the last feedback.
#[derive(Debug)]
pub struct TwccIn {
    epoch: Instant,
    /// Number of `arrivals[0]`, extended.
    base: Option<u64>,
    /// Ticks of arrival. At most [`MAX_STATUSES`]; the last is never `None`.
    arrivals: Vec<Option<u32>>,
    deltas: Vec<Option<i16>>,
    last_feedback: Instant,
    feedback_count: u8,
}

impl TwccIn {
    /// Nothing received. `now` is the moment arrival times are counted from.
    #[must_use]
    pub fn new(now: Instant) -> TwccIn {
        TwccIn {
            epoch: now,
            base: None,
            arrivals: Vec::new(),
            deltas: Vec::new(),
            last_feedback: now,
            feedback_count: 0,
        }
    }

    /// Notes one authenticated packet by its transport-wide number.
    pub fn packet_arrived(&mut self, now: Instant, sequence: u16) {
        let tick = self.tick(now);
        let base = *self.base.get_or_insert(u64::from(sequence));
        let next = base.saturating_add(u64::try_from(self.arrivals.len()).unwrap_or(u64::MAX));
        let extended = extend(next, sequence);
        let Some(place) = extended.checked_sub(base) else {
            return;
        };
        let place = match usize::try_from(place) {
            Ok(place) if place < MAX_STATUSES => place,
            // An outage, or numbers that jump: there is nothing to say about what lies between.
            _ => {
                self.arrivals.clear();
                self.base = Some(extended);
                0
            }
        };
        if place >= self.arrivals.len() {
            self.arrivals.resize(place.saturating_add(1), None);
        }
        if let Some(arrival) = self.arrivals.get_mut(place) {
            arrival.get_or_insert(tick);
        }
    }

    /// When the next feedback is due, if there is anything to say.
    #[must_use]
    pub fn next_due(&self) -> Option<Instant> {
        if self.arrivals.is_empty() {
            return None;
        }
        self.last_feedback.checked_add(FEEDBACK_INTERVAL)
    }

    /// The feedback that is due now. What does not fit into its time range stays for the next.
    pub fn take_feedback(&mut self, now: Instant) -> Option<TwccFeedback<'_>> {
        if self.next_due().is_none_or(|due| due > now) {
            return None;
        }
        let base = self.base?;
        let first_tick = self.arrivals.iter().flatten().next().copied()?;
        let reference_time = first_tick >> REFERENCE_SHIFT;
        self.deltas.clear();
        let mut before = reference_time << REFERENCE_SHIFT;
        for arrival in &self.arrivals {
            match arrival {
                Some(tick) => {
                    let Ok(delta) = i16::try_from(tick.wrapping_sub(before).cast_signed()) else {
                        break;
                    };
                    self.deltas.push(Some(delta));
                    before = *tick;
                }
                None => self.deltas.push(None),
            }
        }
        self.arrivals.drain(..self.deltas.len());
        self.base = Some(base.saturating_add(u64::try_from(self.deltas.len()).unwrap_or_default()));
        let feedback_count = self.feedback_count;
        self.feedback_count = feedback_count.wrapping_add(1);
        self.last_feedback = now;
        Some(TwccFeedback {
            base_sequence: low_half(base),
            reference_time,
            feedback_count,
            deltas: &self.deltas,
        })
    }

    fn tick(&self, now: Instant) -> u32 {
        let ticks = now.saturating_duration_since(self.epoch).as_micros() / TICK_MICROSECONDS;
        u32::try_from(ticks & u128::from(u32::MAX)).unwrap_or_default()
    }
}

/// The number nearest to `near` that ends in `sequence`.
fn extend(near: u64, sequence: u16) -> u64 {
    let difference = sequence.wrapping_sub(low_half(near)).cast_signed();
    near.saturating_add_signed(i64::from(difference))
}

fn low_half(value: u64) -> u16 {
    u16::try_from(value & u64::from(u16::MAX)).unwrap_or_default()
}
