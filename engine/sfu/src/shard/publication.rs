//! What one track of a participant is made of: its gate, its layers and who receives them.

use super::command::PublicationDescription;
use super::key_frames::KeyFrameRequests;
use super::participant::Participant;
use super::slab::Index;
use super::subscription::Subscription;
use super::wanted::WantedLayer;
use crate::feedback::{BitrateMeter, ReceiveStatistics};
use crate::ids::{PublicationId, RoomId};
use crate::limits;
use crate::loss::{
    AUDIO_CAPACITY, LARGEST_VIDEO_CAPACITY, NackIn, PacketRing, SMALLEST_VIDEO_CAPACITY,
};
use crate::rtcp::SenderInfo;
use crate::rtp::{Codec, LayerIndex, MAX_LAYERS, PacketFacts, SourceClock};
use crate::speakers::{HeldBackMeter, SpeakerMeter};
use std::time::Instant;

/// One track of a participant.
pub(super) struct Publication {
    pub(super) id: PublicationId,
    pub(super) owner: Index<Participant>,
    pub(super) room: RoomId,
    pub(super) description: PublicationDescription,
    pub(super) is_open: bool,
    /// The publisher's sequence number of the last packet handed to subscribers.
    pub(super) last_forwarded: Option<u16>,
    pub(super) layers: Vec<Layer>,
    /// Clocks of the layers by their last sender reports.
    pub(super) clocks: [Option<SourceClock>; MAX_LAYERS],
    pub(super) subscribers: Vec<Index<Subscription>>,
    pub(super) key_frames: KeyFrameRequests,
    pub(super) wanted: WantedLayer,
    pub(super) speaker: SpeakerMeter,
    pub(super) held_back: HeldBackMeter,
}

impl Publication {
    pub(super) fn new(
        now: Instant,
        id: PublicationId,
        owner: Index<Participant>,
        room: RoomId,
        description: PublicationDescription,
    ) -> Self {
        let layers: Vec<_> = description
            .layers
            .iter()
            .map(|_| Layer::new(now, description.codec))
            .collect();
        let highest = u8::try_from(layers.len().saturating_sub(1)).unwrap_or_default();
        Self {
            id,
            owner,
            room,
            is_open: description.is_open,
            description,
            last_forwarded: None,
            layers,
            clocks: [None; MAX_LAYERS],
            subscribers: Vec::new(),
            key_frames: KeyFrameRequests::default(),
            wanted: WantedLayer::new(now, highest),
            speaker: SpeakerMeter::new(),
            held_back: HeldBackMeter::default(),
        }
    }

    pub(super) fn is_video(&self) -> bool {
        self.description.codec.is_video()
    }

    pub(super) fn layer(&self, layer: LayerIndex) -> Option<&Layer> {
        self.layers.get(layer.index())
    }

    pub(super) fn layer_mut(&mut self, layer: LayerIndex) -> Option<&mut Layer> {
        self.layers.get_mut(layer.index())
    }

    /// The best live layer up to `most`, else the lowest live one, else the lowest of all.
    pub(super) fn layer_to_forward(&self, most: LayerIndex) -> LayerIndex {
        let live = || {
            LayerIndex::all()
                .zip(&self.layers)
                .filter(|(_, layer)| layer.is_live)
        };
        let best = live().take_while(|(layer, _)| *layer <= most).last();
        best.or_else(|| live().next())
            .map_or(LayerIndex::LOWEST, |(layer, _)| layer)
    }
}

/// One encoding of a publication.
pub(super) struct Layer {
    /// What its packets come with now.
    pub(super) ssrc: Option<u32>,
    /// Added to a packet index of the current SSRC: numbers of a layer never go back, whatever
    /// SSRC it comes from. A multiple of 2^16, so that the wire's 16 bits stay visible in it.
    base: u64,
    /// Packets below this number were sent while the gate was closed, or before.
    floor: u64,
    /// The highest number seen.
    newest: Option<u64>,
    capacity: usize,
    pub(super) last_packet: Option<Instant>,
    pub(super) is_live: bool,
    /// Packets that wait for their frame to be complete, in the order of arrival.
    pub(super) held: Vec<Held>,
    /// When the held packets must go; none if there are none.
    pub(super) due: Option<Instant>,
    /// The next subscriber to serve, when a flush was stopped by a full batch.
    pub(super) next_subscriber: usize,
    pub(super) ring: PacketRing,
    pub(super) missing: NackIn,
    pub(super) statistics: ReceiveStatistics,
    pub(super) bitrate: BitrateMeter,
    pub(super) report: Option<ReportReceived>,
}

/// A packet in the ring that no subscriber has got yet.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) extended_sequence: u64,
    pub(super) timestamp: u32,
    pub(super) has_marker: bool,
    pub(super) facts: PacketFacts,
    pub(super) arrived: Instant,
}

/// The last sender report of a layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReportReceived {
    pub(super) info: SenderInfo,
    pub(super) arrived: Instant,
}

impl Layer {
    pub(super) fn new(now: Instant, codec: Codec) -> Self {
        let capacity = if codec.is_video() {
            SMALLEST_VIDEO_CAPACITY
        } else {
            AUDIO_CAPACITY
        };
        Self {
            ssrc: None,
            base: 0,
            floor: 0,
            newest: None,
            capacity,
            last_packet: None,
            is_live: false,
            held: Vec::new(),
            due: None,
            next_subscriber: 0,
            ring: PacketRing::new(now, capacity),
            missing: NackIn::new(),
            statistics: ReceiveStatistics::new(now, codec.clock_rate_hz()),
            bitrate: BitrateMeter::new(now),
            report: None,
        }
    }

    /// The number in the layer of the current SSRC's packet `index`.
    pub(super) fn number(&self, index: u64) -> u64 {
        self.base.saturating_add(index)
    }

    /// Whether a packet of this number or a later one has come.
    pub(super) fn has_reached(&self, number: u64) -> bool {
        self.newest >= Some(number)
    }

    /// Notes a packet of the layer; false if it was sent while the gate was closed.
    pub(super) fn advance(&mut self, now: Instant, number: u64) -> bool {
        self.newest = self.newest.max(Some(number));
        self.last_packet = Some(now);
        number >= self.floor
    }

    /// The layer continues with another SSRC, whose numbers begin anywhere.
    pub(super) fn change_source(&mut self, now: Instant, ssrc: u32, codec: Codec) {
        self.ssrc = Some(ssrc);
        self.report = None;
        self.statistics = ReceiveStatistics::new(now, codec.clock_rate_hz());
        self.missing = NackIn::new();
        // What still waits came from the old one: a stream that began with it would leap over the
        // seam by two turns of the wire's numbers, and no receiver could open it any more.
        self.forget_held();
        if let Some(newest) = self.newest {
            self.base = (newest >> 16).saturating_add(2) << 16;
        }
    }

    /// Nothing that has arrived so far may be sent any more, nor what was sent before it.
    pub(super) fn silence(&mut self, now: Instant) {
        self.floor = self
            .newest
            .map_or(self.floor, |newest| newest.saturating_add(1));
        self.ring = PacketRing::new(now, self.capacity);
        self.missing.clear();
        self.forget_held();
    }

    /// Adds a packet to what waits; it waits for the end of its frame, but not long.
    pub(super) fn hold(&mut self, held: Held, is_video: bool) {
        let most = limits::HELD_PACKETS_PER_LAYER;
        let is_burst = self.held.len() >= most.saturating_sub(1);
        if !is_video || held.facts.is_frame_end || is_burst {
            self.due = Some(held.arrived);
        } else if self.due.is_none() {
            self.due = held.arrived.checked_add(limits::FRAME_HOLD);
        }
        self.held.push(held);
        // More than a ring of the least size holds may come in one receive batch: the key frame of
        // a screen that stood still, whose bitrate asked for no larger one.
        if self.held.len().checked_rem(most) == Some(0) {
            let larger = self.ring.capacity().saturating_mul(2);
            self.ring.resize(larger.min(LARGEST_VIDEO_CAPACITY));
        }
    }

    pub(super) fn forget_held(&mut self) {
        self.held.clear();
        self.due = None;
        self.next_subscriber = 0;
    }
}
