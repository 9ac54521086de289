//! What we tell subscribers about what we send: sender reports, and goodbyes.
//!
//! Every publisher's clock is translated to ours, so that a receiver can show streams of different
//! publishers together; sound and picture of one publisher share its translation (`PeerClock`).

use super::Shard;
use super::participant::Participant;
use super::slab::Index;
use super::subscription::Subscription;
use super::turn::Turn;
use crate::rtcp::{NtpTime, SenderInfo};
use std::time::{Duration, Instant};

/// Time between two sender reports of a stream.
pub(super) const INTERVAL: Duration = Duration::from_secs(3);

impl Shard {
    /// Sender reports of all streams to one participant.
    pub(super) fn report_transmission(
        &mut self,
        now: Instant,
        index: Index<Participant>,
        turn: &mut Turn,
    ) {
        let mut place: usize = 0;
        while let Some(subscription) = self.subscription_at(index, place) {
            turn.spend(1);
            place = place.saturating_add(1);
            let Some((ssrc, info)) = self.transmission(now, subscription) else {
                continue;
            };
            if let Some(participant) = self.participants.get_mut(index) {
                participant.link.send_control(&mut self.outgoing, |writer| {
                    writer.sender_report(ssrc, &info, &[])
                });
            }
        }
    }

    fn subscription_at(
        &self,
        participant: Index<Participant>,
        place: usize,
    ) -> Option<Index<Subscription>> {
        self.participants
            .get(participant)?
            .subscriptions
            .get(place)
            .copied()
    }

    /// What a stream's timestamp is now, if its publisher has told the time of its layer.
    fn transmission(&self, now: Instant, index: Index<Subscription>) -> Option<(u32, SenderInfo)> {
        let subscription = self.subscriptions.get(index)?;
        let publication = self.publications.get(subscription.publication)?;
        let layer_index = subscription.rewriter.current_layer()?;
        let layer = publication.layer(layer_index)?;
        let publisher = self.participants.get(publication.owner)?;
        let ours = self.ntp(now);
        let theirs = publisher.clock.theirs(ours)?;
        let report = layer.report.as_ref()?.info;
        let rate = publication.description.codec.clock_rate_hz();
        let timestamp = report
            .rtp_timestamp
            .wrapping_add(ticks_between(report.ntp, theirs, rate));
        let info = SenderInfo {
            ntp: ours,
            rtp_timestamp: subscription
                .rewriter
                .map_timestamp(layer_index, timestamp)?,
            packet_count: subscription.packets,
            octet_count: subscription.octets,
        };
        (subscription.packets > 0).then_some((subscription.description.ssrc, info))
    }

    /// Tells a subscriber that a stream has ended.
    pub(super) fn say_goodbye(&mut self, subscription: &Subscription) {
        if subscription.packets == 0 {
            return;
        }
        let ssrc = subscription.description.ssrc;
        if let Some(participant) = self.participants.get_mut(subscription.subscriber) {
            participant.link.send_control(&mut self.outgoing, |writer| {
                // A compound begins with a report (RFC 3550 section 6.1).
                writer.receiver_report(ssrc, &[])?;
                writer.goodbye(&[ssrc])
            });
        }
    }
}

/// Ticks of a media clock from one moment to another, which may be the earlier one.
fn ticks_between(from: NtpTime, to: NtpTime, rate_hz: u32) -> u32 {
    let units = i128::from(to.0.wrapping_sub(from.0).cast_signed());
    let ticks = units.saturating_mul(i128::from(rate_hz)) >> 32;
    // Timestamps count modulo 2^32.
    let [.., a, b, c, d] = ticks.to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_later_is_a_second_of_ticks_and_a_second_earlier_as_many_back() {
        let then = NtpTime(1000 << 32);
        let later = then.after(Duration::from_secs(1));
        assert_eq!(ticks_between(then, later, 90_000), 90_000);
        assert_eq!(
            ticks_between(later, then, 90_000),
            90_000_u32.wrapping_neg()
        );
        assert_eq!(ticks_between(then, then, 90_000), 0);
    }
}
