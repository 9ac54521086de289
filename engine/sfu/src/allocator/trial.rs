//! Rising by trial, because a receiver cannot see further than half above what it gets.
//!
//! libwebrtc holds its estimate at 1.5 times what arrives, and 10 kbit/s. So a layer that costs
//! three times the one below never fits an honest estimate: somebody must send it first and look.
//! One step is given on trial and may exceed the estimate while the estimate follows. A trial
//! that fails makes the next one wait twice as long; one that is held makes us bold again.
//! Never looks at layers: it knows times and bitrates only.

use std::time::{Duration, Instant};

use super::CALM;

/// First wait for a trial, and longest. A minute: who sits on a poor line all day sees a failed
/// trial of three seconds in twenty, and who has a good one again waits no longer.
const SHORTEST_PATIENCE: Duration = CALM;
const LONGEST_PATIENCE: Duration = Duration::from_secs(60);
/// A step kept for so long is the subscriber's; a fall before it is the failure of the trial.
pub const PROVED: Duration = Duration::from_secs(30);
/// A trial goes on while the estimate grows: it must show within a key frame, a window of the
/// receiver's meter and a report, which is what [`CALM`] is. libwebrtc grows by 8 % a second and
/// needs ten of these seconds for a layer of three times the bitrate.
pub const PATIENCE_WITHOUT_GROWTH: Duration = CALM;

/// Between two measurements: an overloaded receiver says 0.85 of what it gets, one that sees no
/// limit 1.5 of it. At 8 % a second the first needs more than five seconds to come here; the
/// second stays above even if our meter reads 15 % more than its own.
const NO_LIMIT_TENTHS: u64 = 13;
/// Below this share of the highest estimate of a trial the receiver is overloaded: 0.85 of
/// anything is less, the noise of a meter is not.
const OVERLOAD_TENTHS: u64 = 9;

#[derive(Clone, Copy, Debug)]
struct Trial {
    began: Instant,
    /// Highest estimate since, and when it was first said.
    peak_bps: u64,
    grew: Instant,
    /// It may exceed the estimate.
    is_excused: bool,
}

/// When the next trial may begin, and what becomes of the last one.
#[derive(Debug)]
pub(super) struct Trials {
    patience: Duration,
    /// Since when nothing was given and no estimate exceeded.
    settled: Option<Instant>,
    last_fall: Option<Instant>,
    trial: Option<Trial>,
}

impl Default for Trials {
    fn default() -> Trials {
        Trials {
            patience: SHORTEST_PATIENCE,
            settled: None,
            last_fall: None,
            trial: None,
        }
    }
}

impl Trials {
    /// Whether what flows may exceed this estimate now.
    pub fn excuse(&mut self, now: Instant, estimate_bps: Option<u64>) -> bool {
        let (Some(trial), Some(estimate_bps)) = (&mut self.trial, estimate_bps) else {
            return false;
        };
        if estimate_bps > trial.peak_bps {
            trial.peak_bps = estimate_bps;
            trial.grew = now;
        }
        let is_overloaded =
            estimate_bps.saturating_mul(10) < trial.peak_bps.saturating_mul(OVERLOAD_TENTHS);
        let is_growing = passed(now, trial.grew) < PATIENCE_WITHOUT_GROWTH;
        let is_young = passed(now, trial.began) < PROVED;
        trial.is_excused &= !is_overloaded && is_growing && is_young;
        trial.is_excused
    }

    /// A step was given in the ordinary way, or the estimate is exceeded and nothing is left to
    /// take.
    pub fn disturbed(&mut self, now: Instant) {
        self.settled = Some(now);
    }

    /// Something was taken.
    pub fn fell(&mut self, now: Instant) {
        self.last_fall = Some(now);
        if self.trial.take().is_some() {
            self.patience = self.patience.saturating_mul(2).min(LONGEST_PATIENCE);
        }
    }

    /// Whether a receiver that says this while it gets that may be tried with more. Called when
    /// all that flows fits.
    pub fn may_begin(&mut self, now: Instant, estimate_bps: Option<u64>, sent_bps: u64) -> bool {
        if self
            .trial
            .take_if(|trial| passed(now, trial.began) >= PROVED)
            .is_some()
        {
            self.patience = SHORTEST_PATIENCE;
        }
        let settled = *self.settled.get_or_insert(now);
        // Who gets nothing has no opinion.
        let sees_no_limit = estimate_bps.is_some_and(|estimate| {
            sent_bps > 0 && estimate.saturating_mul(10) >= sent_bps.saturating_mul(NO_LIMIT_TENTHS)
        });
        let is_settled = passed(now, settled) >= CALM;
        let is_patient = self
            .last_fall
            .is_none_or(|fall| passed(now, fall) >= self.patience);
        sees_no_limit && is_settled && is_patient
    }

    /// A step was given on trial.
    pub fn begin(&mut self, now: Instant, estimate_bps: Option<u64>) {
        self.settled = Some(now);
        self.trial = Some(Trial {
            began: now,
            peak_bps: estimate_bps.unwrap_or_default(),
            grew: now,
            is_excused: true,
        });
    }
}

fn passed(now: Instant, since: Instant) -> Duration {
    now.saturating_duration_since(since)
}
