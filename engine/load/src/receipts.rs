//! The receiving side of one stream: what came, what did not, how late, and the longest silence.

use std::time::{Duration, Instant};

/// What is known of one stream since the last reset.
#[derive(Debug, Default)]
pub struct Receipts {
    /// Packets that came.
    pub received: u64,
    first_index: Option<u64>,
    last_index: u64,
    last_arrival: Option<Instant>,
    /// Longest time between two packets.
    pub largest_gap: Duration,
    /// From departure to arrival, microseconds.
    pub latencies_us: Vec<u32>,
}

impl Receipts {
    /// Notes an arrival.
    pub fn arrived(&mut self, now: Instant, index: u64, latency: Duration) {
        self.received += 1;
        self.first_index.get_or_insert(index);
        self.last_index = self.last_index.max(index);
        if let Some(last) = self.last_arrival {
            self.largest_gap = self.largest_gap.max(now - last);
        }
        self.last_arrival = Some(now);
        self.latencies_us
            .push(latency.as_micros().try_into().unwrap_or(u32::MAX));
    }

    /// The highest number that came.
    pub fn last_index(&self) -> u64 {
        self.last_index
    }

    /// Numbers between the first and the last that never came.
    pub fn lost(&self) -> u64 {
        let span = self
            .first_index
            .map_or(0, |first| self.last_index + 1 - first);
        span.saturating_sub(self.received)
    }

    /// The longest silence, the one that still lasts included.
    pub fn silence(&self, now: Instant) -> Duration {
        let running = self.last_arrival.map_or(Duration::ZERO, |last| now - last);
        self.largest_gap.max(running)
    }

    /// Counts from here on; the last arrival still begins the first gap.
    pub fn reset(&mut self) {
        *self = Self {
            last_arrival: self.last_arrival,
            ..Self::default()
        };
    }
}

/// The value under which `share` of the sorted values lie.
pub fn percentile(sorted: &[u32], share: f64) -> u32 {
    let place = (sorted.len() as f64 * share) as usize;
    sorted
        .get(place.min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_is_a_loss_until_it_is_filled() {
        let now = Instant::now();
        let mut receipts = Receipts::default();
        for index in [10, 11, 13, 15] {
            receipts.arrived(now, index, Duration::ZERO);
        }
        assert_eq!(receipts.lost(), 2);
        receipts.arrived(now, 14, Duration::ZERO);
        assert_eq!(receipts.lost(), 1);
    }

    #[test]
    fn a_silence_that_still_lasts_counts_and_so_does_one_that_spans_a_reset() {
        let now = Instant::now();
        let mut receipts = Receipts::default();
        receipts.arrived(now, 1, Duration::ZERO);
        assert_eq!(
            receipts.silence(now + Duration::from_secs(1)),
            Duration::from_secs(1)
        );
        receipts.reset();
        receipts.arrived(now + Duration::from_secs(3), 2, Duration::ZERO);
        assert_eq!(receipts.largest_gap, Duration::from_secs(3));
        assert_eq!((receipts.received, receipts.lost()), (1, 0));
    }
}
