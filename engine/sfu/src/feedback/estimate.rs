//! What a peer says about the path to it: its bandwidth estimate and how far away it is.

use std::time::{Duration, Instant};

/// Receivers send REMB each second; after five missed ones the estimate means nothing.
pub const REMB_EXPIRES_AFTER: Duration = Duration::from_secs(5);

/// The receiver's latest estimate of what its path carries (draft-alvestrand-rmcat-remb).
#[derive(Debug, Default)]
pub struct RembIn {
    latest: Option<(Instant, u64)>,
}

impl RembIn {
    /// Notes an estimate.
    pub fn estimated(&mut self, now: Instant, bitrate_bps: u64) {
        self.latest = Some((now, bitrate_bps));
    }

    /// The estimate, unless it is too old to be believed.
    #[must_use]
    pub fn estimate_bps(&self, now: Instant) -> Option<u64> {
        self.latest
            .filter(|(at, _)| now.saturating_duration_since(*at) < REMB_EXPIRES_AFTER)
            .map(|(_, bitrate_bps)| bitrate_bps)
    }
}

/// Assumed until measured: a path within a continent.
const ASSUMED: Duration = Duration::from_millis(100);
/// A peer computes its part of the round trip itself and may say anything.
const LONGEST: Duration = Duration::from_secs(3);
/// Weight of the past in eighths (RFC 6298 section 2).
const PAST_EIGHTHS: u32 = 7;

/// Smoothed round-trip time to one peer.
#[derive(Debug, Default)]
pub struct RoundTrip {
    smoothed: Option<Duration>,
}

impl RoundTrip {
    /// Notes one measurement.
    pub fn measured(&mut self, round_trip: Duration) {
        let round_trip = round_trip.min(LONGEST);
        self.smoothed = Some(match self.smoothed {
            Some(smoothed) => smoothed
                .saturating_mul(PAST_EIGHTHS)
                .saturating_add(round_trip)
                .checked_div(8)
                .unwrap_or(round_trip),
            None => round_trip,
        });
    }

    /// The smoothed value, if there was a measurement.
    #[must_use]
    pub fn known(&self) -> Option<Duration> {
        self.smoothed
    }

    /// The smoothed value, or what is assumed of an unknown path.
    #[must_use]
    pub fn or_assumed(&self) -> Duration {
        self.smoothed.unwrap_or(ASSUMED)
    }
}
