//! A token bucket: how much of something is accepted, as a function of the times it is asked at.

use std::time::{Duration, Instant};

const NANOSECONDS_PER_SECOND: u64 = 1_000_000_000;

/// At most `per_second` in any burst and on average.
#[derive(Clone, Debug)]
pub struct Rate {
    per_second: u32,
    /// Time already spent, as the instant at which the bucket would be full again.
    full_at: Instant,
}

impl Rate {
    /// A full bucket.
    pub fn new(now: Instant, per_second: u32) -> Self {
        Self {
            per_second,
            full_at: now,
        }
    }

    /// Takes one token; false when none is left.
    pub fn take(&mut self, now: Instant) -> bool {
        let price = NANOSECONDS_PER_SECOND
            .checked_div(u64::from(self.per_second))
            .map_or(Duration::MAX, Duration::from_nanos);
        let spent = self.full_at.max(now).checked_add(price);
        match spent {
            Some(full_at) if full_at.saturating_duration_since(now) <= Duration::from_secs(1) => {
                self.full_at = full_at;
                true
            }
            _ => false,
        }
    }
}
