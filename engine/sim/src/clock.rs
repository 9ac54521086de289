//! Virtual time: it stands still until somebody moves it.

use std::time::{Duration, Instant};

/// A clock that starts at zero and never runs by itself.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: Instant,
    now: Instant,
}

impl Clock {
    /// A clock at zero. The real time is read once, because an `Instant` has no other origin.
    pub fn start() -> Self {
        let start = Instant::now();
        Self { start, now: start }
    }

    /// The present.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Time since zero.
    pub fn elapsed(&self) -> Duration {
        self.now - self.start
    }

    /// Moves forward to `instant`; the past stays where it is.
    pub fn advance_to(&mut self, instant: Instant) {
        self.now = self.now.max(instant);
    }

    /// Moves forward by `wait`.
    pub fn advance(&mut self, wait: Duration) {
        self.now += wait;
    }
}
