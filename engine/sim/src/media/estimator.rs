//! What a receiver of libwebrtc says of its path: 0.85 of what it gets while its queue stands,
//! else as much as it knows of the path, and never more than 1.5 times what it gets and 10 kbit/s.

use std::time::Duration;

/// Delay above the least ever seen that a queue must have caused.
const QUEUE_STANDS: Duration = Duration::from_millis(60);
/// Ends of the estimate (libwebrtc: `AimdRateControl`), in hundredths.
const AFTER_OVERUSE_HUNDREDTHS: u64 = 85;
const ABOVE_RECEIVED_HUNDREDTHS: u64 = 150;
const ABOVE_RECEIVED_BPS: u64 = 10_000;

/// What libwebrtc adds in a second while it does not know what the path carries.
pub const SLOW_GROWTH_HUNDREDTHS: u64 = 108;

/// The estimate of one receiver.
#[derive(Clone, Copy, Debug, Default)]
pub struct Estimator {
    bytes: u64,
    least_delay: Option<Duration>,
    newest_delay: Duration,
    /// What it said last.
    pub said_bps: u64,
    /// From report to report it says at most so much more; none if it learns at once.
    pub growth_hundredths: Option<u64>,
}

impl Estimator {
    /// A datagram that was under way for so long.
    pub fn arrived(&mut self, bytes: usize, delay: Duration) {
        self.bytes += bytes as u64;
        self.newest_delay = delay;
        self.least_delay = Some(self.least_delay.map_or(delay, |least| least.min(delay)));
    }

    /// What it says after an interval in which the path carried `path_bps` at most.
    pub fn report(&mut self, interval: Duration, path_bps: Option<u64>) -> u64 {
        let received_bps = self.bytes * 8 * 1000 / interval.as_millis() as u64;
        self.bytes = 0;
        let queued = self.newest_delay - self.least_delay.unwrap_or_default();
        self.said_bps = if queued > QUEUE_STANDS {
            received_bps * AFTER_OVERUSE_HUNDREDTHS / 100
        } else {
            let most_bps = received_bps * ABOVE_RECEIVED_HUNDREDTHS / 100 + ABOVE_RECEIVED_BPS;
            let known_bps = path_bps.map_or(most_bps, |path| path.min(most_bps));
            match self.growth_hundredths {
                // It does not come down because less is sent, either.
                Some(growth) if self.said_bps > 0 => {
                    let grown_bps = self.said_bps * growth / 100;
                    known_bps
                        .min(grown_bps)
                        .max(self.said_bps.min(path_bps.unwrap_or(u64::MAX)))
                }
                _ => known_bps,
            }
        };
        self.said_bps
    }
}
