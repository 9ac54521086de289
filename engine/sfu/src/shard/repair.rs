//! Sending again what a subscriber lost, and asking publishers for what we lost.
//!
//! With a retransmission stream (RFC 4588) a packet goes out under a new number of that stream.
//! Without one it can only go out under its old number, and then must be the very same packet:
//! sound is written so that it is (`Subscription::extensions`), pictures are not and stay lost.

use super::forward::low_half;
use super::participant::{Link, Participant};
use super::publication::Publication;
use super::slab::Index;
use super::subscription::Subscription;
use super::turn::Turn;
use super::{EgressBatch, Rejection, Shard};
use crate::loss::{Sent, StoredPacket};
use crate::rtp::{
    ExtensionIds, Forward, HeaderWriter, OutgoingHeader, PacketFacts, SourcePacket,
    stamp_abs_send_time,
};
use crate::srtp::SrtpOut;
use std::time::{Duration, Instant};

impl Shard {
    /// Sends again what a negative acknowledgement names.
    pub(super) fn repeat(
        &mut self,
        now: Instant,
        sender: Index<Participant>,
        ssrc: u32,
        sequences: impl Iterator<Item = u16>,
        turn: &mut Turn,
    ) {
        let since_start = now.saturating_duration_since(self.started);
        let Some(participant) = self.participants.get_mut(sender) else {
            return;
        };
        let Some(index) = participant.subscription_of(ssrc) else {
            return;
        };
        let Some(subscription) = self.subscriptions.get_mut(index) else {
            return;
        };
        let Some(publication) = self.publications.get(subscription.publication) else {
            return;
        };
        if subscription.description.ssrc != ssrc {
            return;
        }
        for sequence in sequences {
            turn.spend(1);
            if !participant.requests.take_nack_item(now) {
                self.totals.refused.count(Rejection::TooManyRequests);
                continue;
            }
            let trip = participant.round_trip.or_assumed();
            let Some(sent) = subscription.sent.request(now, trip, sequence) else {
                continue;
            };
            let length = send_again(
                subscription,
                publication,
                participant,
                (sequence, sent),
                since_start,
                &mut self.outgoing,
            );
            if let Some(length) = length {
                participant.requests.spend(length);
                self.totals.packets_out = self.totals.packets_out.saturating_add(1);
            }
        }
    }

    /// Asks a publisher for what is missing of its publication.
    pub(super) fn ask_for_missing(
        &mut self,
        now: Instant,
        sender: Index<Participant>,
        index: Index<Publication>,
    ) {
        let Some(participant) = self.participants.get_mut(sender) else {
            return;
        };
        let Some(publication) = self.publications.get_mut(index) else {
            return;
        };
        if !publication.description.has_nack {
            return;
        }
        let trip = participant.round_trip.or_assumed();
        for layer in &mut publication.layers {
            let due = &mut self.scratch.sequences;
            due.clear();
            layer.missing.collect_due(now, trip, due);
            if let Some(ssrc) = layer.ssrc
                && !due.is_empty()
            {
                let report_ssrc = participant.link.report_ssrc;
                participant.link.send_control(&mut self.outgoing, |writer| {
                    writer.nack(report_ssrc, ssrc, due.iter().copied())
                });
            }
        }
    }
}

/// Sends a packet again under the number it had; answers its length, or none if that cannot be.
pub(super) fn send_again(
    subscription: &mut Subscription,
    publication: &Publication,
    participant: &mut Participant,
    (sequence, sent): (u16, Sent),
    since_start: Duration,
    batch: &mut EgressBatch,
) -> Option<usize> {
    let stored = publication
        .layer(sent.layer)?
        .ring
        .find(sent.source_sequence)?;
    let codec = publication.description.codec;
    let facts = PacketFacts::parse(codec, stored.has_marker, stored.payload).ok()?;
    let numbers = subscription.rewriter.repeat(&SourcePacket {
        layer: sent.layer,
        extended_sequence: stored.extended_sequence,
        timestamp: stored.timestamp,
        facts: &facts,
    });
    let numbers = numbers.filter(|numbers| low_half(numbers.extended_sequence) == sequence)?;
    let Link {
        path: Some(path),
        srtp: Some(srtp),
        ..
    } = &participant.link
    else {
        return None;
    };
    let path = *path;
    let repeat = Repeat {
        stored,
        numbers,
        ids: participant.extensions,
        since_start,
    };
    let length = repeat.write(subscription, srtp, batch)?;
    batch.commit(path, length, None);
    participant
        .link
        .count(1, u64::try_from(length).unwrap_or_default());
    Some(length)
}

/// A packet to be sent again.
struct Repeat<'a> {
    stored: StoredPacket<'a>,
    numbers: Forward,
    ids: ExtensionIds,
    since_start: Duration,
}

impl Repeat<'_> {
    fn write(
        &self,
        subscription: &mut Subscription,
        srtp: &SrtpOut,
        batch: &mut EgressBatch,
    ) -> Option<usize> {
        let description = &subscription.description;
        let original = subscription.header(self.stored.has_marker, &self.numbers);
        let repair = description.rtx_ssrc.zip(description.rtx_payload_type);
        if repair.is_none() && subscription.is_video {
            return None;
        }
        let (header, index) = match repair {
            Some((ssrc, payload_type)) => {
                let index = subscription.next_repair;
                (
                    OutgoingHeader {
                        ssrc,
                        payload_type,
                        sequence: low_half(index),
                        ..original
                    },
                    index,
                )
            }
            None => (original, self.numbers.extended_sequence),
        };
        let staged = batch.stage();
        let extensions = subscription.extensions(&self.ids);
        let written = HeaderWriter::write(staged, &header, &extensions).ok()?;
        let mut start = written.length;
        if repair.is_some() {
            let end = start.checked_add(2)?;
            staged
                .get_mut(start..end)?
                .copy_from_slice(&original.sequence.to_be_bytes());
            start = end;
        }
        let end = start.checked_add(self.stored.payload.len())?;
        let total = end.checked_add(srtp.rtp_overhead())?;
        let packet = staged.get_mut(..total)?;
        let copy = packet.get_mut(start..end)?;
        copy.copy_from_slice(self.stored.payload);
        if let Some(patch) = self.numbers.vp8 {
            patch.apply(copy);
        }
        if let Some(at) = written.abs_send_time_at {
            stamp_abs_send_time(packet, at, self.since_start);
        }
        srtp.seal_rtp(written.length, index, packet).ok()?;
        if repair.is_some() {
            subscription.next_repair = index.saturating_add(1);
        }
        Some(total)
    }
}
