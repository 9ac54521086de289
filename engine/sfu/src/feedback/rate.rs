//! How many bits a second flow, over the last second.

use std::time::Instant;

const BUCKETS: usize = 10;
const BUCKET_MS: u128 = 100;
/// Before the window is full the rate is taken over what has passed, but not over less.
const SHORTEST_WINDOW_BUCKETS: u64 = 2;

/// A sliding window of ten tenths of a second.
#[derive(Debug)]
pub struct BitrateMeter {
    epoch: Instant,
    bytes: [u32; BUCKETS],
    /// Bucket since the epoch that was last written.
    newest: u64,
    /// Bucket of the first byte after silence.
    first: Option<u64>,
}

impl BitrateMeter {
    /// Nothing has flowed before `now`.
    #[must_use]
    pub fn new(now: Instant) -> BitrateMeter {
        BitrateMeter {
            epoch: now,
            bytes: [0; BUCKETS],
            newest: 0,
            first: None,
        }
    }

    /// Notes bytes that passed now.
    pub fn add(&mut self, now: Instant, bytes: usize) {
        let bucket = self.bucket(now);
        if bucket.saturating_sub(self.newest) >= window() {
            self.first = None;
        }
        self.advance(bucket);
        self.first.get_or_insert(bucket);
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        if let Some(sum) = place(self.newest).and_then(|place| self.bytes.get_mut(place)) {
            *sum = sum.saturating_add(bytes);
        }
    }

    /// Bits per second over the window that ends now.
    #[must_use]
    pub fn bitrate_bps(&self, now: Instant) -> u64 {
        let bucket = self.bucket(now);
        let oldest = bucket.saturating_sub(window().saturating_sub(1));
        let from = oldest.max(self.newest.saturating_sub(window().saturating_sub(1)));
        let bytes: u64 = (from..=self.newest)
            .filter(|written| *written >= oldest)
            .filter_map(|written| self.bytes.get(place(written)?))
            .map(|bytes| u64::from(*bytes))
            .fold(0, u64::saturating_add);
        let passed = self.first.map_or(window(), |first| {
            bucket.saturating_sub(first).saturating_add(1)
        });
        let buckets = passed.clamp(SHORTEST_WINDOW_BUCKETS, window());
        bytes
            .saturating_mul(8)
            .saturating_mul(window())
            .checked_div(buckets)
            .unwrap_or_default()
    }

    fn bucket(&self, now: Instant) -> u64 {
        let passed = now.saturating_duration_since(self.epoch).as_millis() / BUCKET_MS;
        u64::try_from(passed).unwrap_or(u64::MAX)
    }

    fn advance(&mut self, bucket: u64) {
        if bucket <= self.newest {
            return;
        }
        let first_stale = self
            .newest
            .saturating_add(1)
            .max(bucket.saturating_sub(window().saturating_sub(1)));
        for stale in first_stale..=bucket {
            if let Some(sum) = place(stale).and_then(|place| self.bytes.get_mut(place)) {
                *sum = 0;
            }
        }
        self.newest = bucket;
    }
}

const fn window() -> u64 {
    BUCKETS as u64
}

fn place(bucket: u64) -> Option<usize> {
    usize::try_from(bucket.checked_rem(window())?).ok()
}
