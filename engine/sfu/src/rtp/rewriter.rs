//! Joins the layers of a publication into one stream that a decoder takes for a single sender.
//!
//! One per subscription. Promises, whatever the publisher sends: sequence numbers without a gap
//! that the source did not have, time that does not step back over a seam, VP8 counters without
//! a seam, and no output number given twice (a second use would repeat an SRTP nonce). A stream
//! begins, and changes its layer, at the first packet of a key frame only. It never sees a
//! payload: it reads facts and answers with numbers.

use std::time::Instant;

use super::codec::{Codec, PacketFacts};
use super::passage::{Numbers, Passage};
use super::seam::LastSent;
use super::temporal::Temporal;
use super::vp8;
use crate::rtcp::NtpTime;
use crate::srtp::ReplayWindow;

/// Encodings of one publication, lowest quality first.
pub const MAX_LAYERS: usize = crate::limits::LAYERS_PER_PUBLICATION;

/// One encoding of a publication, 0 for the lowest quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LayerIndex(u8);

impl LayerIndex {
    /// The lowest layer, and the only one of audio.
    pub const LOWEST: LayerIndex = LayerIndex(0);

    /// `None` beyond [`MAX_LAYERS`].
    #[must_use]
    pub fn new(index: u8) -> Option<LayerIndex> {
        (usize::from(index) < MAX_LAYERS).then_some(LayerIndex(index))
    }

    /// For use as an index into `[_; MAX_LAYERS]`.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// All layers, lowest first.
    pub fn all() -> impl DoubleEndedIterator<Item = LayerIndex> {
        [LayerIndex(0), LayerIndex(1), LayerIndex(2)].into_iter()
    }
}

/// One moment on two clocks: the last sender report of a layer (RFC 3550 section 6.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceClock {
    /// The sender's wall clock.
    pub ntp: NtpTime,
    /// The layer's media clock at that moment.
    pub timestamp: u32,
}

/// One opened packet of a publication.
#[derive(Clone, Copy, Debug)]
pub struct SourcePacket<'a> {
    /// Layer it came on.
    pub layer: LayerIndex,
    /// Sequence number extended by its roll-overs.
    pub extended_sequence: u64,
    /// Timestamp as sent.
    pub timestamp: u32,
    /// What its payload is.
    pub facts: &'a PacketFacts,
}

/// The numbers of a packet in the subscriber's stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forward {
    /// Sequence number extended by its roll-overs: the SRTP index.
    pub extended_sequence: u64,
    /// Timestamp on the subscription's clock.
    pub timestamp: u32,
    /// Counters to write over those of the copied payload.
    pub vp8: Option<vp8::Patch>,
    /// The first packet of this layer: the seam lies just before it.
    pub has_switched: bool,
}

/// What becomes of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The subscriber does not get it.
    Drop,
    /// The subscriber gets it under these numbers.
    Forward(Forward),
}

/// Start numbers stay below this, so that both ends begin with a roll-over counter of zero:
/// nothing in WebRTC signals it (RFC 3711 section 3.3.1).
const START_SEQUENCE_MASK: u16 = 0x7fff;
/// The state of one subscription's stream.
#[derive(Debug)]
pub struct Rewriter {
    codec: Codec,
    target: Option<LayerIndex>,
    passage: Option<Passage>,
    /// Kept to send packets of before the last seam again.
    previous: Option<Passage>,
    /// Newest packet of the target let pass while waiting for its key frame.
    passed_over: Option<u64>,
    temporal: Temporal,
    start: Start,
    last: Option<LastSent>,
    /// Output numbers given away.
    given: ReplayWindow,
}

#[derive(Clone, Copy, Debug)]
struct Start {
    sequence: u64,
    timestamp: u32,
}

impl Rewriter {
    /// A stream that has sent nothing and wants nothing. The start numbers should be random
    /// (RFC 3550 section 5.1); of the sequence 15 bits are used.
    #[must_use]
    pub fn new(codec: Codec, start_sequence: u16, start_timestamp: u32) -> Rewriter {
        Rewriter {
            codec,
            target: None,
            passage: None,
            previous: None,
            passed_over: None,
            temporal: Temporal::default(),
            start: Start {
                sequence: u64::from(start_sequence & START_SEQUENCE_MASK),
                timestamp: start_timestamp,
            },
            last: None,
            given: ReplayWindow::default(),
        }
    }

    /// The layer to change to at its next key frame; `None` stops the stream at once.
    pub fn set_target(&mut self, target: Option<LayerIndex>) {
        if self.target != target {
            self.target = target;
            self.passed_over = None;
        }
        if target.is_none() {
            self.interrupt();
        }
    }

    /// Pictures above this temporal layer are dropped: at once when it falls, from the next
    /// picture that allows it when it rises.
    pub fn set_temporal_limit(&mut self, layer: u8) {
        self.temporal.set_limit(layer);
    }

    /// The source will not be heard for a while (closed gate, mute). What it sends until the
    /// stream resumes leaves no gap; video resumes at a key frame, audio at the next packet.
    pub fn interrupt(&mut self) {
        if let Some(passage) = self.passage.take() {
            self.previous = Some(passage);
            self.passed_over = None;
        }
    }

    /// A layer's source numbers its packets anew (another ssrc): what was known of them is void.
    pub fn source_restarted(&mut self, layer: LayerIndex) {
        let is_of_layer = |passage: &mut Passage| passage.layer == layer;
        self.previous.take_if(is_of_layer);
        self.passage.take_if(is_of_layer);
        self.passed_over = None;
    }

    /// Layer that flows now.
    #[must_use]
    pub fn current_layer(&self) -> Option<LayerIndex> {
        self.passage.as_ref().map(|passage| passage.layer)
    }

    /// Layer asked for by [`Rewriter::set_target`].
    #[must_use]
    pub fn target_layer(&self) -> Option<LayerIndex> {
        self.target
    }

    /// The stream waits for a key frame of its target: somebody should ask for one.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.target.is_some() && self.target != self.current_layer()
    }

    /// Where a moment of the flowing layer's clock lies on the subscription's, for sender reports.
    #[must_use]
    pub fn map_timestamp(&self, layer: LayerIndex, source_timestamp: u32) -> Option<u32> {
        self.passage
            .as_ref()
            .filter(|passage| passage.layer == layer)
            .map(|passage| source_timestamp.wrapping_add(passage.timestamp_offset))
    }

    /// Decides about a packet that arrived now, in whatever order.
    pub fn rewrite(
        &mut self,
        now: Instant,
        packet: &SourcePacket<'_>,
        clocks: &[Option<SourceClock>; MAX_LAYERS],
    ) -> Decision {
        let has_switched = self.is_start_of_passage(packet);
        if has_switched {
            self.begin_passage(now, packet, clocks);
        }
        let Some(passage) = self
            .passage
            .as_mut()
            .filter(|passage| passage.layer == packet.layer)
        else {
            self.pass_over(packet);
            return Decision::Drop;
        };
        if packet.extended_sequence < passage.first {
            return Decision::Drop;
        }
        let is_newest = packet.extended_sequence > passage.newest;
        if is_newest {
            passage.newest = packet.extended_sequence;
        }
        if packet.facts.is_padding {
            if is_newest {
                passage.drop_newest(None);
            }
            return Decision::Drop;
        }
        let is_kept = if is_newest || has_switched {
            self.temporal.keeps(packet)
        } else {
            self.temporal.includes(packet)
        };
        if !is_kept {
            if is_newest {
                passage.drop_newest(Some(packet.timestamp));
            }
            return Decision::Drop;
        }
        let Some(numbers) = passage.numbers(packet) else {
            return Decision::Drop;
        };
        if self.given.check(numbers.extended_sequence).is_err() {
            return Decision::Drop;
        }
        self.given.accept(numbers.extended_sequence);
        passage.forwarded(packet.extended_sequence);
        self.remember_last(now, packet, &numbers);
        Decision::Forward(Forward {
            has_switched,
            ..numbers.into_forward(packet)
        })
    }

    /// The numbers a packet was forwarded under, to send it again as RTX. Works over the last
    /// seam as well. The caller compares the sequence with the one it was asked for.
    #[must_use]
    pub fn repeat(&self, packet: &SourcePacket<'_>) -> Option<Forward> {
        [&self.passage, &self.previous]
            .into_iter()
            .flatten()
            .find(|passage| passage.holds(packet.layer, packet.extended_sequence))?
            .numbers(packet)
            .map(|numbers| numbers.into_forward(packet))
    }

    fn is_start_of_passage(&self, packet: &SourcePacket<'_>) -> bool {
        packet.facts.is_key_frame_start
            && self.target == Some(packet.layer)
            && self.is_waiting()
            // Its followers were passed over already: the key frame could not be completed.
            && self.passed_over.is_none_or(|newest| packet.extended_sequence > newest)
            // A packet from before an interruption must not begin what follows it.
            && self.previous.as_ref().is_none_or(|previous| {
                previous.layer != packet.layer || packet.extended_sequence > previous.newest
            })
    }

    fn pass_over(&mut self, packet: &SourcePacket<'_>) {
        if self.target == Some(packet.layer) {
            self.passed_over = self.passed_over.max(Some(packet.extended_sequence));
        }
    }

    fn begin_passage(
        &mut self,
        now: Instant,
        packet: &SourcePacket<'_>,
        clocks: &[Option<SourceClock>; MAX_LAYERS],
    ) {
        let source = packet.facts.vp8.map(|vp8| vp8.counters).unwrap_or_default();
        let numbers = match &self.last {
            None => Numbers {
                extended_sequence: self.start.sequence,
                timestamp: self.start.timestamp,
                counters: source,
            },
            Some(last) => last.followed_by(now, packet, clocks, self.codec),
        };
        let retired = match self.passage.take() {
            Some(passage) => self.previous.replace(passage),
            None => None,
        };
        self.passage = Some(Passage::begin(packet, &numbers, retired));
        self.passed_over = None;
        self.temporal.forget_picture();
    }

    fn remember_last(&mut self, now: Instant, packet: &SourcePacket<'_>, numbers: &Numbers) {
        match &mut self.last {
            Some(last) => last.advance(now, packet, numbers),
            None => self.last = Some(LastSent::new(now, packet, numbers)),
        }
    }
}

impl Numbers {
    fn into_forward(self, packet: &SourcePacket<'_>) -> Forward {
        Forward {
            extended_sequence: self.extended_sequence,
            timestamp: self.timestamp,
            vp8: packet.facts.vp8.map(|_| vp8::Patch(self.counters)),
            has_switched: false,
        }
    }
}
