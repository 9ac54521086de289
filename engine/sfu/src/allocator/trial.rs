//! Rising by trial, because a receiver cannot see further than half above what it gets.
//!
//! libwebrtc holds its estimate at 1.5 times what arrives, and 10 kbit/s. So a layer that costs
//! three times the one below never fits an honest estimate: somebody must send it first and look.
//! One step is given on trial and may exceed the estimate while the estimate follows. A trial
//! that fails makes the next one wait twice as long; one that is held makes us bold again, and so
//! does a probe that shows that the line has healed (`probe`).
//! Never looks at layers: it knows times and bitrates only.

use std::time::{Duration, Instant};

use super::CALM;
use super::growth::{Growth, passed};
use super::probe::Probes;

/// First wait for a trial, and longest. A minute: who sits on a poor line all day sees a failed
/// trial of three seconds in twenty. Who has a good one again is found by a probe long before.
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
#[derive(Clone, Copy, Debug)]
struct Trial {
    began: Instant,
    /// What the receiver said then.
    began_bps: u64,
    growth: Growth,
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
    probes: Probes,
}

impl Default for Trials {
    fn default() -> Trials {
        Trials {
            patience: SHORTEST_PATIENCE,
            settled: None,
            last_fall: None,
            trial: None,
            probes: Probes::default(),
        }
    }
}

impl Trials {
    /// Whether what flows may exceed this estimate now.
    pub fn excuse(&mut self, now: Instant, estimate_bps: Option<u64>) -> bool {
        let (Some(trial), Some(estimate_bps)) = (&mut self.trial, estimate_bps) else {
            return false;
        };
        trial.growth.follow(now, estimate_bps);
        let is_growing = trial
            .growth
            .lasts(now, estimate_bps, PATIENCE_WITHOUT_GROWTH);
        let is_young = passed(now, trial.began) < PROVED;
        trial.is_excused &= is_growing && is_young;
        trial.is_excused
    }

    /// A step was given in the ordinary way, or the estimate is exceeded and nothing is left to
    /// take.
    pub fn disturbed(&mut self, now: Instant) {
        self.settled = Some(now);
    }

    /// Something was taken while the receiver said this.
    pub fn fell(&mut self, now: Instant, estimate_bps: Option<u64>) {
        self.last_fall = Some(now);
        self.probes.rest(now);
        if let Some(trial) = self.trial.take() {
            self.patience = self.patience.saturating_mul(2).min(LONGEST_PATIENCE);
            self.probes
                .failed(trial.began_bps.max(estimate_bps.unwrap_or_default()));
        }
    }

    /// What was held long enough is the subscriber's.
    pub fn prove(&mut self, now: Instant) {
        let proved = self
            .trial
            .take_if(|trial| passed(now, trial.began) >= PROVED);
        if proved.is_some() {
            self.patience = SHORTEST_PATIENCE;
        }
    }

    /// Whether a receiver that says this while it gets that may be tried with more. Called when
    /// all that flows fits.
    pub fn may_begin(&mut self, now: Instant, estimate_bps: Option<u64>, sent_bps: u64) -> bool {
        let settled = *self.settled.get_or_insert(now);
        // Who gets nothing has no opinion.
        let sees_no_limit = estimate_bps.is_some_and(|estimate| {
            sent_bps > 0 && estimate.saturating_mul(10) >= sent_bps.saturating_mul(NO_LIMIT_TENTHS)
        });
        let is_settled = passed(now, settled) >= CALM;
        let has_news = estimate_bps.is_some_and(|estimate| self.probes.has_news(estimate));
        // While a trial lasts its own estimates prove nothing but it.
        if has_news && self.trial.is_none() {
            self.patience = SHORTEST_PATIENCE;
        }
        sees_no_limit && is_settled && self.is_patient(now)
    }

    /// How much to send above that while the next trial has to wait.
    pub fn padding_bps(&mut self, now: Instant, estimate_bps: Option<u64>, sent_bps: u64) -> u64 {
        match estimate_bps {
            Some(estimate_bps) if !self.is_patient(now) => {
                self.probes.padding_bps(now, estimate_bps, sent_bps)
            }
            _ => 0,
        }
    }

    fn is_patient(&self, now: Instant) -> bool {
        self.last_fall
            .is_none_or(|fall| passed(now, fall) >= self.patience)
    }

    /// A step was given on trial.
    pub fn begin(&mut self, now: Instant, estimate_bps: Option<u64>) {
        let began_bps = estimate_bps.unwrap_or_default();
        self.settled = Some(now);
        self.trial = Some(Trial {
            began: now,
            began_bps,
            growth: Growth::new(now, began_bps),
            is_excused: true,
        });
    }
}
