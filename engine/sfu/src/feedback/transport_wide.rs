//! When each packet of a transport arrived, for the sender's own bandwidth estimator
//! (draft-holmer-rmcat-transport-wide-cc-extensions-01).
//!
//! Records every authenticated packet, RTX and padding included, and gives out one feedback
//! each 50 ms as long as packets come. A packet that comes after its number was reported stays
//! reported as lost.

use std::time::{Duration, Instant};

/// Time between two feedbacks.
pub const FEEDBACK_INTERVAL: Duration = Duration::from_millis(50);
/// Numbers remembered between two feedbacks. Over 50 ms it is 10 000 packets a second, far above
/// what one client sends.
pub const MAX_PENDING: usize = 512;

/// What is to be reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwccFeedback<'a> {
    /// Transport-wide sequence number of the first arrival.
    pub base_sequence: u16,
    /// Counts feedbacks, modulo 256.
    pub feedback_count: u8,
    /// Per number the time since the recorder was made, `None` for not received.
    pub arrivals: &'a [Option<Duration>],
}

/// Arrivals on one transport since the last feedback.
#[derive(Debug)]
pub struct TwccIn {
    epoch: Instant,
    /// Number of `arrivals[0]`, extended.
    base: Option<u64>,
    /// At most [`MAX_PENDING`]; the last is never `None`.
    arrivals: Vec<Option<Duration>>,
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
            last_feedback: now,
            feedback_count: 0,
        }
    }

    /// Notes one authenticated packet by its transport-wide number.
    pub fn packet_arrived(&mut self, now: Instant, sequence: u16) {
        let arrival = now.saturating_duration_since(self.epoch);
        let base = *self.base.get_or_insert(u64::from(sequence));
        let next = base.saturating_add(u64::try_from(self.arrivals.len()).unwrap_or(u64::MAX));
        let extended = extend(next, sequence);
        let Some(place) = extended.checked_sub(base) else {
            return;
        };
        let place = match usize::try_from(place) {
            Ok(place) if place < MAX_PENDING => place,
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
        if let Some(pending) = self.arrivals.get_mut(place) {
            pending.get_or_insert(arrival);
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

    /// The feedback that is due now, to be followed by [`TwccIn::reported`].
    #[must_use]
    pub fn due(&self, now: Instant) -> Option<TwccFeedback<'_>> {
        let is_due = self.next_due().is_some_and(|due| due <= now);
        is_due.then_some(TwccFeedback {
            base_sequence: low_half(self.base?),
            feedback_count: self.feedback_count,
            arrivals: &self.arrivals,
        })
    }

    /// So many of the arrivals were written; the rest waits for the next feedback.
    pub fn reported(&mut self, now: Instant, count: usize) {
        let count = count.min(self.arrivals.len());
        self.arrivals.drain(..count);
        let count = u64::try_from(count).unwrap_or_default();
        self.base = self.base.map(|base| base.saturating_add(count));
        self.feedback_count = self.feedback_count.wrapping_add(1);
        self.last_feedback = now;
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
