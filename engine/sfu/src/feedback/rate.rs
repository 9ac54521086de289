//! How many bits a second flow, over the last second.

use std::time::{Duration, Instant};

const BUCKETS: usize = 10;
const BUCKET_MS: u64 = 100;
const WINDOW_MS: u64 = 1_000;
/// After silence the rate is taken over the time since its end, but not over less than this:
/// one key frame in one millisecond is no bitrate.
const SHORTEST_WINDOW_MS: u64 = 200;

/// A sliding window of ten tenths of a second.
#[derive(Debug)]
pub struct BitrateMeter {
    epoch: Instant,
    bytes: [u32; BUCKETS],
    /// Bucket since the epoch that was last written.
    newest: u64,
    /// Milliseconds since the epoch of the first byte after silence.
    began_ms: Option<u64>,
}

impl BitrateMeter {
    /// Nothing has flowed before `now`.
    #[must_use]
    pub fn new(now: Instant) -> BitrateMeter {
        BitrateMeter {
            epoch: now,
            bytes: [0; BUCKETS],
            newest: 0,
            began_ms: None,
        }
    }

    /// Notes bytes that passed now.
    pub fn add(&mut self, now: Instant, bytes: usize) {
        let now_ms = self.milliseconds(now);
        self.advance(now_ms / BUCKET_MS);
        self.began_ms.get_or_insert(now_ms);
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        if let Some(sum) = place(self.newest).and_then(|place| self.bytes.get_mut(place)) {
            *sum = sum.saturating_add(bytes);
        }
    }

    /// Bits per second over the window that ends now.
    #[must_use]
    pub fn bitrate_bps(&self, now: Instant) -> u64 {
        let Some(began_ms) = self.began_ms else {
            return 0;
        };
        let now_ms = self.milliseconds(now);
        let oldest = oldest_in_window(now_ms / BUCKET_MS);
        let bits = (oldest..=self.newest)
            .filter_map(|bucket| self.bytes.get(place(bucket)?))
            .fold(0, |bits: u64, bytes| {
                bits.saturating_add(u64::from(*bytes).saturating_mul(8))
            });
        let from_ms = began_ms.max(oldest.saturating_mul(BUCKET_MS));
        let passed_ms = now_ms
            .saturating_sub(from_ms)
            .clamp(SHORTEST_WINDOW_MS, WINDOW_MS);
        bits.saturating_mul(1_000)
            .checked_div(passed_ms)
            .unwrap_or_default()
    }

    fn milliseconds(&self, now: Instant) -> u64 {
        let passed: Duration = now.saturating_duration_since(self.epoch);
        u64::try_from(passed.as_millis()).unwrap_or(u64::MAX)
    }

    fn advance(&mut self, bucket: u64) {
        if bucket <= self.newest {
            return;
        }
        let oldest = oldest_in_window(bucket);
        if oldest > self.newest {
            self.began_ms = None;
        }
        for stale in oldest.max(self.newest.saturating_add(1))..=bucket {
            if let Some(sum) = place(stale).and_then(|place| self.bytes.get_mut(place)) {
                *sum = 0;
            }
        }
        self.newest = bucket;
    }
}

fn oldest_in_window(bucket: u64) -> u64 {
    bucket.saturating_sub(WINDOW_MS / BUCKET_MS - 1)
}

fn place(bucket: u64) -> Option<usize> {
    usize::try_from(bucket % (WINDOW_MS / BUCKET_MS)).ok()
}
