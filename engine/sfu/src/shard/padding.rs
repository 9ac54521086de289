//! Padding: what a subscriber has already, sent again, when the allocator wants its line probed.
//!
//! Only retransmission streams can carry it (RFC 4588): a receiver drops the copy and counts the
//! bytes. Spread over short intervals, since a burst would measure the queue and not the line.

use super::Shard;
use super::participant::Participant;
use super::repair::send_again;
use super::slab::Index;
use super::turn::Turn;
use std::time::{Duration, Instant};

/// Between two portions: a packet of 1200 bytes each is half a megabit a second.
const INTERVAL: Duration = Duration::from_millis(20);
/// Packets of one portion and stream: 4 Mbit/s, above which no probe needs to look.
const PACKETS_PER_PORTION: usize = 8;
/// What may be saved up while there was nothing to send again: a packet or two.
const MOST_SAVED_BYTES: i64 = 2 * 1500;

/// How a participant's line is padded.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Padding {
    rate_bps: u64,
    /// What may still be sent; below zero after a packet longer than that.
    balance_bytes: i64,
    /// When the next portion is due; none while nothing is padded.
    pub(super) due: Option<Instant>,
}

impl Padding {
    /// Pads at this rate from now on.
    pub(super) fn set_rate(&mut self, now: Instant, rate_bps: u64) {
        self.rate_bps = rate_bps;
        if rate_bps == 0 {
            *self = Self::default();
        } else {
            self.due.get_or_insert(now);
        }
    }

    /// Whether a portion is due; if so, its bytes may be spent.
    fn begin_portion(&mut self, now: Instant) -> bool {
        let is_due = self.due.is_some_and(|due| due <= now);
        if is_due {
            self.due = now.checked_add(INTERVAL);
            let portion_bytes =
                u128::from(self.rate_bps).saturating_mul(INTERVAL.as_millis()) / 8000;
            let portion_bytes = i64::try_from(portion_bytes).unwrap_or(i64::MAX);
            let balance_bytes = self.balance_bytes.saturating_add(portion_bytes);
            self.balance_bytes = balance_bytes.min(portion_bytes.max(MOST_SAVED_BYTES));
        }
        is_due
    }

    fn spend(&mut self, bytes: usize) {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.balance_bytes = self.balance_bytes.saturating_sub(bytes);
    }
}

impl Shard {
    /// Sends a portion of padding to a subscriber if one is due.
    pub(super) fn pad(&mut self, now: Instant, index: Index<Participant>, turn: &mut Turn) {
        let since_start = now.saturating_duration_since(self.started);
        let Some(participant) = self.participants.get_mut(index) else {
            return;
        };
        if !participant.padding.begin_portion(now) {
            return;
        }
        let mut place: usize = 0;
        while let Some(subscription) = participant.subscriptions.get(place).copied() {
            turn.spend(1);
            place = place.saturating_add(1);
            let Some(subscription) = self
                .subscriptions
                .get_mut(subscription)
                .filter(|it| it.is_video && it.description.rtx_ssrc.is_some())
            else {
                continue;
            };
            let Some(publication) = self.publications.get(subscription.publication) else {
                continue;
            };
            let mut newest = [None; PACKETS_PER_PORTION];
            for (place, packet) in newest.iter_mut().zip(subscription.sent.newest()) {
                *place = Some(packet);
            }
            for packet in newest.into_iter().flatten() {
                if participant.padding.balance_bytes <= 0 {
                    return;
                }
                turn.spend(1);
                let batch = &mut self.outgoing;
                let length = send_again(
                    subscription,
                    publication,
                    participant,
                    packet,
                    since_start,
                    batch,
                );
                if let Some(length) = length {
                    participant.padding.spend(length);
                    self.totals.packets_out = self.totals.packets_out.saturating_add(1);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes spent in a second in packets of so many bytes.
    fn spent(rate_bps: u64, packet: usize) -> usize {
        let mut now = Instant::now();
        let mut padding = Padding::default();
        padding.set_rate(now, rate_bps);
        let mut spent = 0;
        for _ in 0..50 {
            assert!(padding.begin_portion(now));
            assert!(!padding.begin_portion(now));
            while padding.balance_bytes > 0 {
                padding.spend(packet);
                spent += packet;
            }
            now += INTERVAL;
        }
        spent
    }

    #[test]
    fn a_rate_is_kept_whatever_the_packets() {
        for (rate_bps, packet) in [(80_000, 1200), (80_000, 100), (2_000_000, 1200)] {
            let wanted = usize::try_from(rate_bps / 8).unwrap();
            let found = spent(rate_bps, packet);
            assert!(
                (wanted..=wanted + packet).contains(&found),
                "{found} of {wanted}"
            );
        }
    }

    #[test]
    fn what_could_not_be_sent_does_not_come_in_a_burst_later() {
        let mut now = Instant::now();
        let mut padding = Padding::default();
        padding.set_rate(now, 80_000);
        for _ in 0..1000 {
            padding.begin_portion(now);
            now += INTERVAL;
        }
        assert_eq!(padding.balance_bytes, MOST_SAVED_BYTES);
        padding.set_rate(now, 0);
        assert_eq!((padding.due, padding.balance_bytes), (None, 0));
    }
}
