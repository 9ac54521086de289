//! What the subscribers of a publication want together, told to its publisher so that it need not
//! encode what nobody watches. A rise is told at once, a fall only when it has lasted: switching an
//! encoder off and on again costs a key frame. Pure: time is an argument.

use std::time::{Duration, Instant};

/// How long a fall must last before it is told.
const FALL_DELAY: Duration = Duration::from_secs(5);
/// The first subscribers of a meeting arrive over some seconds.
const FIRST_FALL_DELAY: Duration = Duration::from_secs(10);

/// What is wanted of one publication. `None` as a layer: nobody wants any.
#[derive(Debug)]
pub(crate) struct WantedLayer {
    told: Option<u8>,
    wanted: Option<u8>,
    falls: Option<Instant>,
}

impl WantedLayer {
    /// A publisher begins with all its layers and nobody who watches.
    pub(crate) fn new(now: Instant, highest: u8) -> Self {
        let falls = now.checked_add(FIRST_FALL_DELAY);
        Self {
            told: Some(highest),
            wanted: None,
            falls,
        }
    }

    /// Takes what is wanted now; gives what is to be told.
    pub(crate) fn set(&mut self, now: Instant, wanted: Option<u8>) -> Option<Option<u8>> {
        self.wanted = wanted;
        if wanted == self.told {
            self.falls = None;
        } else if wanted > self.told {
            self.falls = None;
            self.told = wanted;
            return Some(wanted);
        } else if self.falls.is_none() {
            self.falls = now.checked_add(FALL_DELAY);
        }
        None
    }

    /// Gives what is to be told because it has lasted.
    pub(crate) fn handle_deadline(&mut self, now: Instant) -> Option<Option<u8>> {
        if self.falls.is_none_or(|falls| now < falls) {
            return None;
        }
        self.falls = None;
        self.told = self.wanted;
        Some(self.wanted)
    }

    /// When a fall has lasted.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.falls
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rise_is_told_at_once_and_a_fall_after_five_seconds() {
        let now = Instant::now();
        let mut wanted = WantedLayer::new(now, 2);
        assert_eq!(wanted.set(now, Some(2)), None);
        assert_eq!(wanted.set(now, Some(0)), None);
        let fallen = now + FALL_DELAY;
        assert_eq!(
            wanted.handle_deadline(fallen - Duration::from_millis(1)),
            None
        );
        assert_eq!(wanted.handle_deadline(fallen), Some(Some(0)));
        assert_eq!(wanted.next_deadline(), None);
        assert_eq!(wanted.set(fallen, Some(1)), Some(Some(1)));
    }

    #[test]
    fn a_fall_that_does_not_last_is_never_told() {
        let now = Instant::now();
        let mut wanted = WantedLayer::new(now, 2);
        wanted.set(now, Some(2));
        wanted.set(now, None);
        wanted.set(now + Duration::from_secs(4), Some(2));
        assert_eq!(wanted.next_deadline(), None);
        assert_eq!(wanted.handle_deadline(now + Duration::from_secs(6)), None);
    }

    #[test]
    fn what_nobody_has_watched_from_the_start_is_told_after_ten_seconds() {
        let now = Instant::now();
        let mut wanted = WantedLayer::new(now, 0);
        assert_eq!(wanted.next_deadline(), Some(now + FIRST_FALL_DELAY));
        assert_eq!(wanted.handle_deadline(now + FIRST_FALL_DELAY), Some(None));
    }
}
