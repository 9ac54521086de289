//! How long packets stay in the process: a histogram over the last seconds.
//!
//! Recording is one addition; percentiles are read rarely. Buckets grow by a sixteenth, so a
//! percentile is at most 6 % too high.

use std::time::{Duration, Instant};

/// Buckets per doubling.
const STEPS: u32 = 16;
/// 2^22 µs, four seconds, ends the last bucket.
const BUCKETS: usize = 320;
/// A window's length; percentiles look at the running one and the one before.
const WINDOW: Duration = Duration::from_secs(5);

/// Counts of durations by size.
#[derive(Debug)]
pub struct Residence {
    running: [u32; BUCKETS],
    previous: [u32; BUCKETS],
    window_end: Instant,
}

impl Residence {
    /// Empty.
    pub fn new(now: Instant) -> Self {
        Self {
            running: [0; BUCKETS],
            previous: [0; BUCKETS],
            window_end: now,
        }
    }

    /// Counts `packets` that stayed for `duration`.
    pub fn record(&mut self, now: Instant, duration: Duration, packets: u32) {
        self.turn(now);
        if let Some(count) = self.running.get_mut(bucket(duration)) {
            *count = count.saturating_add(packets);
        }
    }

    /// The duration in microseconds under which `share` (0..=1) of the last packets stayed.
    pub fn percentile_us(&mut self, now: Instant, share: f64) -> f64 {
        self.turn(now);
        let counts = || {
            self.running
                .iter()
                .zip(&self.previous)
                .map(|(a, b)| u64::from(*a).saturating_add((*b).into()))
        };
        let total: u64 = counts().sum();
        #[expect(
            clippy::cast_precision_loss,
            reason = "a count of packets in ten seconds"
        )]
        let wanted = total as f64 * share;
        let mut seen = 0.0;
        for (upper_us, count) in upper_bounds_us().zip(counts()) {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a count of packets in ten seconds"
            )]
            {
                seen += count as f64;
            }
            if count > 0 && seen >= wanted {
                return upper_us;
            }
        }
        0.0
    }

    fn turn(&mut self, now: Instant) {
        if now < self.window_end {
            return;
        }
        let is_next = now.saturating_duration_since(self.window_end) < WINDOW;
        self.previous = if is_next { self.running } else { [0; BUCKETS] };
        self.running = [0; BUCKETS];
        self.window_end = now.checked_add(WINDOW).unwrap_or(now);
    }
}

/// Linear below `STEPS` µs, then `STEPS` buckets per doubling.
fn bucket(duration: Duration) -> usize {
    let us = u32::try_from(duration.as_micros()).unwrap_or(u32::MAX);
    let doublings = us
        .checked_ilog2()
        .unwrap_or(0)
        .saturating_sub(STEPS.ilog2());
    let step = us.checked_shr(doublings).unwrap_or(0);
    let index = doublings.saturating_mul(STEPS).saturating_add(step);
    usize::try_from(index)
        .unwrap_or(BUCKETS)
        .min(BUCKETS.saturating_sub(1))
}

fn upper_bounds_us() -> impl Iterator<Item = f64> {
    (0..STEPS.saturating_mul(2))
        .map(f64::from)
        .map(|us| us + 1.0)
        .chain((1..).flat_map(|doublings| {
            (STEPS..STEPS.saturating_mul(2))
                .map(move |step| (f64::from(step) + 1.0) * f64::from(doublings).exp2())
        }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_at_most_a_sixteenth_too_high() {
        let now = Instant::now();
        for us in [
            0_u32, 1, 15, 16, 31, 32, 33, 100, 999, 1000, 65_537, 1_000_000,
        ] {
            let mut residence = Residence::new(now);
            residence.record(now, Duration::from_micros(us.into()), 1);
            let found = residence.percentile_us(now, 0.99);
            assert!(found > f64::from(us), "{us} {found}");
            assert!(
                found <= f64::from(us) * (1.0 + 1.0 / 16.0) + 1.0,
                "{us} {found}"
            );
        }
    }

    #[test]
    fn the_slowest_hundredth_shows_in_p99_and_not_in_p50() {
        let now = Instant::now();
        let mut residence = Residence::new(now);
        residence.record(now, Duration::from_micros(50), 980);
        residence.record(now, Duration::from_millis(9), 20);
        assert!(residence.percentile_us(now, 0.5) < 60.0);
        assert!(residence.percentile_us(now, 0.99) > 9000.0);
    }

    #[test]
    fn old_windows_are_forgotten() {
        let now = Instant::now();
        let mut residence = Residence::new(now);
        residence.record(now, Duration::from_millis(9), 1);
        assert!(residence.percentile_us(now + WINDOW, 0.5) > 9000.0);
        assert!(residence.percentile_us(now + WINDOW * 3, 0.5) < f64::EPSILON);
    }
}
