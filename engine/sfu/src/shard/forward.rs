//! Media packets out, N times: the loop that everything else exists for.
//!
//! Subscribers outside, packets inside, so that one subscriber's packets of a frame lie side by
//! side in the batch: that is what segmentation offload needs. Every subscriber's share is its own
//! turn. Per packet: one decision of the rewriter, one header, one copy, one seal, in place.

use super::egress::EgressBatch;
use super::event::Event;
use super::participant::{Link, Participant};
use super::publication::{Held, Publication};
use super::subscription::Subscription;
use super::turn::Turn;
use super::{HeldLayer, Point, Shard};
use crate::limits;
use crate::rtp::{
    Decision, ExtensionIds, HeaderWriter, LayerIndex, MAX_LAYERS, SourceClock, SourcePacket,
    stamp_abs_send_time,
};
use crate::srtp::SrtpOut;
use std::time::{Duration, Instant};

/// What became of a layer's held packets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Waits,
    /// A part is forwarded, the rest is due as well.
    Partly,
    Done,
    Full,
}

/// What is the same for all packets and subscribers of one pass.
struct Pass<'a> {
    now: Instant,
    since_start: Duration,
    layer: LayerIndex,
    held: &'a [Held],
    /// None for a packet that the ring has lost since.
    payloads: [Option<&'a [u8]>; limits::HELD_PACKETS_PER_LAYER],
    clocks: &'a [Option<SourceClock>; MAX_LAYERS],
}

impl Shard {
    /// Forwards what is due; false if the batch is full before that.
    pub(super) fn forward_due(&mut self, now: Instant) -> bool {
        let mut place: usize = 0;
        while let Some(held) = self.held.get(place).copied() {
            match self.forward_layer(now, held) {
                Progress::Waits => place = place.saturating_add(1),
                Progress::Partly => {}
                Progress::Done => {
                    self.held.swap_remove(place);
                }
                Progress::Full => return false,
            }
        }
        while let Some((index, reason)) = self.faulted.pop() {
            self.end_by_fault(now, index, reason);
        }
        true
    }

    fn forward_layer(&mut self, now: Instant, place: HeldLayer) -> Progress {
        let Some(publication) = self.publications.get_mut(place.publication) else {
            return Progress::Done;
        };
        let Publication {
            layers,
            subscribers,
            clocks,
            last_forwarded,
            ..
        } = publication;
        let Some(layer) = layers.get_mut(place.layer.index()) else {
            return Progress::Done;
        };
        match layer.due {
            Some(due) if due > now => return Progress::Waits,
            None => return Progress::Done,
            Some(_) => {}
        }
        let count = layer.held.len().min(limits::HELD_PACKETS_PER_LAYER);
        // Found by number: a ring that was resized meanwhile has its packets elsewhere.
        let mut payloads = [None; limits::HELD_PACKETS_PER_LAYER];
        for (payload, held) in payloads.iter_mut().zip(&layer.held) {
            *payload = layer
                .ring
                .find(held.extended_sequence)
                .map(|stored| stored.payload);
        }
        let pass = Pass {
            now,
            since_start: now.saturating_duration_since(self.started),
            layer: place.layer,
            held: layer.held.get(..count).unwrap_or_default(),
            payloads,
            clocks,
        };
        while let Some(index) = subscribers.get(layer.next_subscriber) {
            if self.outgoing.is_full() {
                return Progress::Full;
            }
            layer.next_subscriber = layer.next_subscriber.saturating_add(1);
            let Some(subscription) = self.subscriptions.get_mut(*index) else {
                continue;
            };
            if !subscription.takes(place.layer) {
                continue;
            }
            let Some(participant) = self.participants.get_mut(subscription.subscriber) else {
                continue;
            };
            if participant.is_ended {
                continue;
            }
            let mut turn = Turn::new(participant.armed);
            let before = subscription.rewriter.current_layer();
            let shared = turn
                .contain(|turn| pass.serve(turn, subscription, participant, &mut self.outgoing));
            if let Err(reason) = shared {
                participant.is_ended = true;
                self.faulted.push((subscription.subscriber, reason));
                continue;
            }
            let packets = shared.unwrap_or_default();
            self.totals.packets_out = self.totals.packets_out.saturating_add(packets);
            if subscription.is_video && subscription.rewriter.current_layer() != before {
                let layer = u8::try_from(place.layer.index()).unwrap_or_default();
                self.events.push(Event::LayerSwitched {
                    subscription: subscription.id,
                    layer,
                });
            }
        }
        let newest = pass.held.iter().map(|held| held.extended_sequence);
        *last_forwarded = newest.max().map(low_half).or(*last_forwarded);
        layer.held.drain(..count);
        layer.next_subscriber = 0;
        if !layer.held.is_empty() {
            return Progress::Partly;
        }
        layer.due = None;
        Progress::Done
    }
}

impl Pass<'_> {
    /// One subscriber's share; answers how many packets it got.
    fn serve(
        &self,
        turn: &mut Turn,
        subscription: &mut Subscription,
        participant: &mut Participant,
        batch: &mut EgressBatch,
    ) -> u64 {
        let ids = participant.extensions;
        let Link {
            path: Some(path),
            srtp: Some(srtp),
            ..
        } = &participant.link
        else {
            return 0;
        };
        let (path, mut packets, mut bytes) = (*path, 0_u64, 0_u64);
        for (held, payload) in self.held.iter().zip(&self.payloads) {
            turn.spend(1);
            turn.pass(Point::Rewrite);
            let Some(payload) = payload else {
                continue;
            };
            if let Some(length) = self.write(turn, subscription, held, payload, &ids, srtp, batch) {
                let is_complete = !subscription.is_video || held.has_marker;
                batch.commit(path, length, is_complete.then_some(held.arrived));
                packets = packets.saturating_add(1);
                bytes = bytes.saturating_add(u64::try_from(length).unwrap_or_default());
            }
        }
        participant.link.count(packets, bytes);
        packets
    }

    /// Writes one packet where it will lie; answers its length, or none if it is not sent.
    #[inline]
    #[expect(
        clippy::too_many_arguments,
        reason = "borrows of three owners, once per packet"
    )]
    fn write(
        &self,
        turn: &mut Turn,
        subscription: &mut Subscription,
        held: &Held,
        payload: &[u8],
        ids: &ExtensionIds,
        srtp: &SrtpOut,
        batch: &mut EgressBatch,
    ) -> Option<usize> {
        let source = SourcePacket {
            layer: self.layer,
            extended_sequence: held.extended_sequence,
            timestamp: held.timestamp,
            facts: &held.facts,
        };
        let decision = subscription
            .rewriter
            .rewrite(self.now, &source, self.clocks);
        let Decision::Forward(numbers) = decision else {
            return None;
        };
        let staged = batch.stage();
        let header = subscription.header(held.has_marker, &numbers);
        let extensions = subscription.extensions(ids);
        let written = HeaderWriter::write(staged, &header, &extensions).ok()?;
        let end = written.length.checked_add(payload.len())?;
        let total = end.checked_add(srtp.rtp_overhead())?;
        let packet = staged.get_mut(..total)?;
        let copy = packet.get_mut(written.length..end)?;
        copy.copy_from_slice(payload);
        if let Some(patch) = numbers.vp8 {
            patch.apply(copy);
        }
        if let Some(at) = written.abs_send_time_at {
            stamp_abs_send_time(packet, at, self.since_start);
        }
        turn.pass(Point::Seal);
        srtp.seal_rtp(written.length, numbers.extended_sequence, packet)
            .ok()?;
        let out_sequence = low_half(numbers.extended_sequence);
        subscription
            .sent
            .record(out_sequence, self.layer, held.extended_sequence);
        subscription.count(payload.len());
        Some(total)
    }
}

/// The sixteen bits that are sent of an extended sequence number.
pub(super) fn low_half(extended_sequence: u64) -> u16 {
    let [.., high, low] = extended_sequence.to_be_bytes();
    u16::from_be_bytes([high, low])
}
