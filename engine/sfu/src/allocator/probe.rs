//! Padding: sending a receiver what it has already, so that it can see whether its line has healed.
//!
//! After trials that failed, the next one may be a minute away, and meanwhile the receiver says
//! one and a half times what it gets and no more. Padded up to what it says, and never above, it
//! gets more, says more, and is padded further: on a healed line the estimate climbs, on a narrow
//! one it stops at what the line carries and nobody loses a packet. An estimate half above what
//! was seen in vain since the last failed trial is news: the next one need not wait, and the
//! probe is over. Decides how much and when; must never know what is sent.

use std::time::{Duration, Instant};

use super::growth::{Growth, passed};

/// Between the end of one probe and the next, and after a fall. A fruitless probe lasts some
/// three seconds, so a poor line is padded a quarter of the time, with at most half of what it
/// gets anyway; a healed one is known within this, and as much again until the top is proved.
pub const PROBE_INTERVAL: Duration = Duration::from_secs(8);
/// A window of the receiver's meter and a report.
const PATIENCE_WITHOUT_GROWTH: Duration = Duration::from_secs(2);
/// Of the estimate; the rest is for headers below RTP, which nobody here counts.
const FILLED_TENTHS: u64 = 9;
/// An estimate so far above all that was seen in vain is news. Estimators swing by a fifth around
/// what a steady line carries.
const NEWS_TENTHS: u64 = 15;

/// What probes and failed trials have seen, and the probe that runs.
#[derive(Debug, Default)]
pub(super) struct Probes {
    /// The highest estimate that came to nothing since the last failed trial.
    ceiling_bps: u64,
    rests_since: Option<Instant>,
    running: Option<Growth>,
}

impl Probes {
    /// A step was too much for a line of which nothing better was said than this.
    pub fn failed(&mut self, estimate_bps: u64) {
        self.ceiling_bps = estimate_bps;
    }

    /// Nothing is padded for a while.
    pub fn rest(&mut self, now: Instant) {
        self.running = None;
        self.rests_since = Some(now);
    }

    /// Whether the line must carry more than when it failed.
    pub fn has_news(&self, estimate_bps: u64) -> bool {
        estimate_bps.saturating_mul(10) >= self.ceiling_bps.saturating_mul(NEWS_TENTHS)
    }

    /// How much to send above that while a step must wait.
    pub fn padding_bps(&mut self, now: Instant, estimate_bps: u64, sent_bps: u64) -> u64 {
        if let Some(growth) = &mut self.running {
            growth.follow(now, estimate_bps);
            if !growth.lasts(now, estimate_bps, PATIENCE_WITHOUT_GROWTH) {
                self.ceiling_bps = self.ceiling_bps.max(growth.peak_bps());
                self.rest(now);
            }
        } else if passed(now, *self.rests_since.get_or_insert(now)) >= PROBE_INTERVAL {
            self.running = Some(Growth::new(now, estimate_bps));
        }
        if self.running.is_none() {
            return 0;
        }
        let filled_bps = estimate_bps.saturating_mul(FILLED_TENTHS) / 10;
        filled_bps.saturating_sub(sent_bps)
    }
}
