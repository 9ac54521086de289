//! An estimate that is watched while more is sent than before: whether it follows.

use std::time::{Duration, Instant};

/// Below this share of the highest estimate the receiver is overloaded: 0.85 of anything is
/// less, the noise of a meter is not.
const OVERLOAD_TENTHS: u64 = 9;

/// The highest estimate since a moment, and when it was first said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Growth {
    peak_bps: u64,
    grew: Instant,
}

impl Growth {
    pub fn new(now: Instant, estimate_bps: u64) -> Growth {
        Growth {
            peak_bps: estimate_bps,
            grew: now,
        }
    }

    pub fn follow(&mut self, now: Instant, estimate_bps: u64) {
        if estimate_bps > self.peak_bps {
            self.peak_bps = estimate_bps;
            self.grew = now;
        }
    }

    /// Whether the estimate is near its peak, and the peak not older than that.
    pub fn lasts(&self, now: Instant, estimate_bps: u64, patience: Duration) -> bool {
        let is_overloaded =
            estimate_bps.saturating_mul(10) < self.peak_bps.saturating_mul(OVERLOAD_TENTHS);
        !is_overloaded && passed(now, self.grew) < patience
    }

    pub fn peak_bps(&self) -> u64 {
        self.peak_bps
    }
}

pub(super) fn passed(now: Instant, since: Instant) -> Duration {
    now.saturating_duration_since(since)
}
