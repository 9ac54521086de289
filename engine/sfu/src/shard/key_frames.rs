//! When a publisher is asked for a key frame: every wish counts, few are sent.
//!
//! A key frame costs a publisher five to ten times the bytes of another frame, for everybody who
//! watches it; so wishes are bits that wait, and a storm of them from any number of subscribers
//! sends no more than `limits::KEY_FRAME_REQUESTS_PER_SECOND`. Pure: time is an argument.

use crate::limits;
use std::time::{Duration, Instant};

/// Least time between two requests for the lowest layer, whose key frames are small.
const LOWEST_LAYER_INTERVAL: Duration = Duration::from_millis(500);
/// Least time between two requests for another layer.
const UPPER_LAYER_INTERVAL: Duration = Duration::from_secs(1);
const SECOND: Duration = Duration::from_secs(1);

/// The wishes for key frames of one publication.
#[derive(Debug, Default)]
pub(crate) struct KeyFrameRequests {
    layers: [Wish; limits::LAYERS_PER_PUBLICATION],
    /// When the latest requests were sent, latest first.
    sent: [Option<Instant>; limits::KEY_FRAME_REQUESTS_PER_SECOND as usize],
}

#[derive(Clone, Copy, Debug, Default)]
struct Wish {
    is_open: bool,
    asked: Option<Instant>,
}

impl KeyFrameRequests {
    /// Somebody needs a key frame of this layer.
    pub(crate) fn want(&mut self, layer: usize) {
        if let Some(wish) = self.layers.get_mut(layer) {
            wish.is_open = true;
        }
    }

    /// Nobody needs one any more, or one has come.
    pub(crate) fn satisfy(&mut self, layer: usize) {
        if let Some(wish) = self.layers.get_mut(layer) {
            wish.is_open = false;
        }
    }

    /// The layer to ask now, if any; asking again takes the next one. A layer that is not sent
    /// (`is_sent`) cannot be asked, and its wish stays.
    pub(crate) fn ask(
        &mut self,
        now: Instant,
        round_trip: Duration,
        is_sent: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        if self.budget_from().is_some_and(|from| now < from) {
            return None;
        }
        let (layer, wish) = self.layers.iter_mut().enumerate().find(|(layer, wish)| {
            let is_due = wish.due(*layer, round_trip).is_none_or(|due| due <= now);
            wish.is_open && is_due && is_sent(*layer)
        })?;
        wish.asked = Some(now);
        self.sent.rotate_right(1);
        if let Some(latest) = self.sent.first_mut() {
            *latest = Some(now);
        }
        Some(layer)
    }

    /// When `ask` is worth calling again; none if nobody waits.
    pub(crate) fn next_deadline(
        &self,
        now: Instant,
        round_trip: Duration,
        is_sent: impl Fn(usize) -> bool,
    ) -> Option<Instant> {
        let waiting = self.layers.iter().enumerate();
        let waiting = waiting.filter(|(layer, wish)| wish.is_open && is_sent(*layer));
        let due = waiting
            .map(|(layer, wish)| wish.due(layer, round_trip).unwrap_or(now))
            .min()?;
        Some(self.budget_from().map_or(due, |from| due.max(from)))
    }

    /// When the publication's budget allows the next request.
    fn budget_from(&self) -> Option<Instant> {
        self.sent
            .last()
            .copied()
            .flatten()
            .and_then(|oldest| oldest.checked_add(SECOND))
    }
}

impl Wish {
    fn due(&self, layer: usize, round_trip: Duration) -> Option<Instant> {
        let least = if layer == 0 {
            LOWEST_LAYER_INTERVAL
        } else {
            UPPER_LAYER_INTERVAL
        };
        // Within two round trips the answer to the last request may still be on its way.
        self.asked?
            .checked_add(least.max(round_trip.saturating_mul(2)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUND_TRIP: Duration = Duration::from_millis(50);

    fn any(_layer: usize) -> bool {
        true
    }

    fn asked_during(seconds: u64, layers: &[usize]) -> Vec<(Duration, usize)> {
        let start = Instant::now();
        let mut requests = KeyFrameRequests::default();
        let mut asked = Vec::new();
        for millisecond in 0..seconds * 1000 {
            let elapsed = Duration::from_millis(millisecond);
            layers.iter().for_each(|layer| requests.want(*layer));
            while let Some(layer) = requests.ask(start + elapsed, ROUND_TRIP, any) {
                asked.push((elapsed, layer));
            }
        }
        asked
    }

    #[test]
    fn a_first_wish_is_sent_at_once() {
        assert_eq!(asked_during(1, &[2])[0], (Duration::ZERO, 2));
    }

    #[test]
    fn a_storm_on_the_lowest_layer_sends_one_request_each_half_second() {
        let asked = asked_during(10, &[0]);
        assert_eq!(asked.len(), 20);
        assert!(
            asked
                .windows(2)
                .all(|pair| pair[1].0 - pair[0].0 >= LOWEST_LAYER_INTERVAL)
        );
    }

    #[test]
    fn a_storm_on_all_layers_sends_two_requests_per_second_and_not_three() {
        let asked = asked_during(10, &[0, 1, 2]);
        for window in 0..asked.len() {
            let from = asked[window].0;
            let within = asked
                .iter()
                .filter(|(at, _)| *at >= from && *at < from + SECOND)
                .count();
            assert!(within <= limits::KEY_FRAME_REQUESTS_PER_SECOND as usize);
        }
        assert_eq!(asked.len(), 20);
    }

    #[test]
    fn a_satisfied_wish_is_not_sent() {
        let now = Instant::now();
        let mut requests = KeyFrameRequests::default();
        requests.want(1);
        assert_eq!(requests.next_deadline(now, ROUND_TRIP, any), Some(now));
        requests.satisfy(1);
        assert_eq!(requests.next_deadline(now, ROUND_TRIP, any), None);
        assert_eq!(requests.ask(now, ROUND_TRIP, any), None);
    }

    #[test]
    fn an_unanswered_request_is_sent_again_after_two_round_trips_of_a_slow_peer() {
        let now = Instant::now();
        let slow = Duration::from_millis(400);
        let mut requests = KeyFrameRequests::default();
        requests.want(0);
        assert_eq!(requests.ask(now, slow, any), Some(0));
        let again = now + slow * 2;
        assert_eq!(requests.next_deadline(now, slow, any), Some(again));
        assert_eq!(
            requests.ask(again - Duration::from_millis(1), slow, any),
            None
        );
        assert_eq!(requests.ask(again, slow, any), Some(0));
    }

    #[test]
    fn a_layer_that_is_not_sent_is_not_asked_but_its_wish_stays() {
        let now = Instant::now();
        let mut requests = KeyFrameRequests::default();
        requests.want(1);
        assert_eq!(requests.ask(now, ROUND_TRIP, |layer| layer == 0), None);
        assert_eq!(
            requests.next_deadline(now, ROUND_TRIP, |layer| layer == 0),
            None
        );
        assert_eq!(requests.ask(now, ROUND_TRIP, any), Some(1));
    }
}
