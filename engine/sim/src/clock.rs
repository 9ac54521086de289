//! Virtual time: it stands still until somebody moves it.

use std::time::{Duration, Instant};

/// The stock SCTP reads the real time once, when a client's association begins (sctp-proto 0.10,
/// `Endpoint::connect`), and starts its first timer there. Virtual time begins so far ahead that
/// this timer is always over, whatever the machine's pace: it costs a second INIT and no chance.
const AHEAD: Duration = Duration::from_secs(3600);

/// A clock that starts at zero and never runs by itself.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: Instant,
    now: Instant,
}

impl Clock {
    /// A clock at zero. The real time is read once, because an `Instant` has no other origin.
    pub fn start() -> Self {
        let start = Instant::now() + AHEAD;
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
