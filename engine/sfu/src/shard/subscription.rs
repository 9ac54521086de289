//! One publication on its way to one participant.

use super::command::SubscriptionDescription;
use super::forward::low_half;
use super::participant::Participant;
use super::publication::Publication;
use super::slab::Index;
use crate::allocator::Allocation;
use crate::ids::SubscriptionId;
use crate::loss::{AUDIO_REACH, SentRing, VIDEO_REACH};
use crate::rtp::{
    Codec, ExtensionIds, Forward, LayerIndex, OutgoingExtensions, OutgoingHeader, Rewriter,
};
use std::time::Instant;

/// One publication on its way to one participant.
pub(super) struct Subscription {
    pub(super) subscriber: Index<Participant>,
    pub(super) publication: Index<Publication>,
    pub(super) rewriter: Rewriter,
    pub(super) is_video: bool,
    /// The peer has reported on our SSRC: it needs no media identification any more.
    pub(super) is_known: bool,
    /// Packets and payload bytes sent, as sender reports count them (RFC 3550 section 6.4.1).
    pub(super) packets: u32,
    pub(super) octets: u32,
    pub(super) sent: SentRing,
    pub(super) description: SubscriptionDescription,
    pub(super) id: SubscriptionId,
    /// Index of the next retransmission.
    pub(super) next_repair: u64,
    pub(super) wish: Wish,
    /// What its share of the subscriber's bandwidth is; none before the first time.
    pub(super) allocation: Option<Allocation>,
}

/// What the subscriber wants.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    pub(super) is_paused: bool,
    pub(super) layer: LayerIndex,
    pub(super) priority: u8,
}

impl Subscription {
    pub(super) fn new(
        now: Instant,
        id: SubscriptionId,
        subscriber: Index<Participant>,
        publication: Index<Publication>,
        codec: Codec,
        description: SubscriptionDescription,
        [(sequence, timestamp), (repair, _)]: [(u16, u32); 2],
    ) -> Self {
        Self {
            subscriber,
            publication,
            rewriter: Rewriter::new(codec, sequence, timestamp),
            is_video: codec.is_video(),
            is_known: false,
            packets: 0,
            octets: 0,
            sent: sent_ring(now, codec.is_video()),
            description,
            id,
            next_repair: u64::from(repair),
            wish: Wish {
                is_paused: false,
                layer: LayerIndex::all().next_back().unwrap_or(LayerIndex::LOWEST),
                priority: 1,
            },
            allocation: None,
        }
    }

    /// Whether packets of this layer concern the stream.
    #[inline]
    pub(super) fn takes(&self, layer: LayerIndex) -> bool {
        self.rewriter.current_layer() == Some(layer) || self.rewriter.target_layer() == Some(layer)
    }

    /// The best layer it may have, if any: what is wanted and can be afforded.
    pub(super) fn most(&self) -> Option<LayerIndex> {
        match self.allocation {
            _ if self.wish.is_paused => None,
            Some(Allocation::Paused) => None,
            Some(Allocation::Layer(layer)) => Some(layer.min(self.wish.layer)),
            None => Some(self.wish.layer),
        }
    }

    /// The layer whose key frame a picture needs to begin or to change.
    pub(super) fn waits_for(&self) -> Option<LayerIndex> {
        self.rewriter
            .target_layer()
            .filter(|_| self.is_video && self.rewriter.is_waiting())
    }

    /// The layer that a request for a key frame is about.
    pub(super) fn layer(&self) -> Option<LayerIndex> {
        self.rewriter
            .current_layer()
            .or(self.rewriter.target_layer())
    }

    /// The header of a source packet in this stream.
    pub(super) fn header(&self, has_marker: bool, numbers: &Forward) -> OutgoingHeader {
        OutgoingHeader {
            payload_type: self.description.payload_type,
            has_marker,
            has_padding: false,
            sequence: low_half(numbers.extended_sequence),
            timestamp: numbers.timestamp,
            ssrc: self.description.ssrc,
        }
    }

    /// Its extensions. Sound has no retransmission stream: a packet sent again must be the same
    /// to the last byte, because it is sealed under the same number; so no time is written into
    /// it, and its media identification is never left out.
    pub(super) fn extensions(&self, ids: &ExtensionIds) -> OutgoingExtensions<'_> {
        let has_mid = !self.is_video || !self.is_known;
        OutgoingExtensions {
            mid: ids
                .mid
                .filter(|_| has_mid)
                .map(|id| (id, &*self.description.mid)),
            abs_send_time: ids.abs_send_time.filter(|_| self.is_video),
            audio_level: None,
            transport_sequence: None,
        }
    }

    /// Nothing that was sent so far is sent again.
    pub(super) fn forget_sent(&mut self, now: Instant) {
        self.sent = sent_ring(now, self.is_video);
    }

    /// Notes a packet sent.
    pub(super) fn count(&mut self, payload_bytes: usize) {
        self.packets = self.packets.wrapping_add(1);
        let bytes = u32::try_from(payload_bytes).unwrap_or_default();
        self.octets = self.octets.wrapping_add(bytes);
    }
}

fn sent_ring(now: Instant, is_video: bool) -> SentRing {
    SentRing::new(now, if is_video { VIDEO_REACH } else { AUDIO_REACH })
}
