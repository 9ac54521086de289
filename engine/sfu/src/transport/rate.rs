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

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(rate: &mut Rate, now: Instant, asked: u32) -> u32 {
        (0..asked).map(|_| u32::from(rate.take(now))).sum()
    }

    #[test]
    fn a_burst_is_a_second_worth_and_refills_evenly() {
        let start = Instant::now();
        let mut rate = Rate::new(start, 100);
        assert_eq!(taken(&mut rate, start, 99), 99);
        assert_eq!(taken(&mut rate, start, 1), 1);
        assert_eq!(taken(&mut rate, start, 1), 0);
        assert_eq!(
            taken(&mut rate, start + Duration::from_millis(500), 100),
            50
        );
        assert_eq!(taken(&mut rate, start + Duration::from_secs(60), 1000), 100);
    }

    #[test]
    fn a_rate_of_nothing_gives_nothing() {
        let start = Instant::now();
        assert!(!Rate::new(start, 0).take(start + Duration::from_secs(9)));
    }
}
