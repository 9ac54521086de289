//! Joins the layers of a publication into one stream that a decoder takes for a single sender.
//!
//! One per subscription. Promises, whatever the publisher sends: sequence numbers without a gap
//! that the source did not have, time that does not step back over a seam, VP8 counters without
//! a seam, and no output number given twice (a second use would repeat an SRTP nonce). A stream
//! begins, and changes its layer, at the first packet of a key frame only. It never sees a
//! payload: it reads facts and answers with numbers.

use std::time::{Duration, Instant};

use super::codec::{Codec, PacketFacts};
use super::passage::{Numbers, Passage};
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

/// Temporal layers are two bits of the VP8 descriptor.
const HIGHEST_TEMPORAL_LAYER: u8 = 3;
/// Start numbers stay below this, so that both ends begin with a roll-over counter of zero:
/// nothing in WebRTC signals it (RFC 3711 section 3.3.1).
const START_SEQUENCE_MASK: u16 = 0x7fff;
/// A source's clock is believed over a seam if it agrees with the clock on our wall this well.
/// Capture to arrival of two layers differs by tens of milliseconds; a restarted clock by hours.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(1);
/// A quarter of the clock's range. A step above half of it reads as a step back.
const LARGEST_STEP: u32 = 1 << 30;

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
    last: Option<Last>,
    /// Output numbers given away.
    given: ReplayWindow,
}

#[derive(Clone, Copy, Debug)]
struct Start {
    sequence: u64,
    timestamp: u32,
}

#[derive(Clone, Copy, Debug)]
struct Last {
    numbers: Numbers,
    layer: LayerIndex,
    source_timestamp: u32,
    /// When `numbers.timestamp` was first sent.
    at: Instant,
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
        self.temporal.limit = layer.min(HIGHEST_TEMPORAL_LAYER);
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
            packet.facts.temporal_layer <= self.temporal.active
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
            Some(last) => Numbers {
                extended_sequence: last.numbers.extended_sequence.saturating_add(1),
                timestamp: last
                    .numbers
                    .timestamp
                    .wrapping_add(last.step_to(now, packet, clocks, self.codec)),
                counters: follow(&last.numbers.counters, &source),
            },
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
        let Some(last) = &mut self.last else {
            self.last = Some(Last {
                numbers: *numbers,
                layer: packet.layer,
                source_timestamp: packet.timestamp,
                at: now,
            });
            return;
        };
        if is_later(numbers.timestamp, last.numbers.timestamp) {
            last.numbers.timestamp = numbers.timestamp;
            last.layer = packet.layer;
            last.source_timestamp = packet.timestamp;
            last.at = now;
        }
        if numbers.extended_sequence > last.numbers.extended_sequence {
            last.numbers.extended_sequence = numbers.extended_sequence;
            last.numbers.counters = numbers.counters;
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

impl Last {
    /// Clock ticks from the last sent picture to the first of a new passage.
    fn step_to(
        &self,
        now: Instant,
        packet: &SourcePacket<'_>,
        clocks: &[Option<SourceClock>; MAX_LAYERS],
        codec: Codec,
    ) -> u32 {
        let rate = i64::from(codec.clock_rate_hz());
        let elapsed = ticks(now.saturating_duration_since(self.at), rate);
        let by_source = if self.layer == packet.layer {
            Some(signed_difference(packet.timestamp, self.source_timestamp))
        } else {
            self.step_by_reports(packet, clocks, rate)
        };
        let step = by_source
            .filter(|step| step.abs_diff(elapsed) <= ticks(CLOCK_TOLERANCE, rate).unsigned_abs())
            .unwrap_or(elapsed);
        u32::try_from(step.max(0))
            .unwrap_or(LARGEST_STEP)
            .clamp(codec.frame_ticks(), LARGEST_STEP)
    }

    /// The difference of the two capture times, if the sender has reported both layers' clocks:
    /// keeps sound and picture together where elapsed time has the jitter of two arrivals in it.
    fn step_by_reports(
        &self,
        packet: &SourcePacket<'_>,
        clocks: &[Option<SourceClock>; MAX_LAYERS],
        rate: i64,
    ) -> Option<i64> {
        let before = clocks.get(self.layer.index()).copied().flatten()?;
        let after = clocks.get(packet.layer.index()).copied().flatten()?;
        let reports = i128::from(after.ntp.0).saturating_sub(i128::from(before.ntp.0));
        let report_ticks = i64::try_from(reports.saturating_mul(i128::from(rate)) >> 32).ok()?;
        Some(
            report_ticks
                .saturating_add(signed_difference(packet.timestamp, after.timestamp))
                .saturating_sub(signed_difference(self.source_timestamp, before.timestamp)),
        )
    }
}

fn ticks(duration: Duration, rate: i64) -> i64 {
    let microseconds = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
    microseconds.saturating_mul(rate) / 1_000_000
}

fn signed_difference(later: u32, earlier: u32) -> i64 {
    i64::from(later.wrapping_sub(earlier).cast_signed())
}

fn is_later(timestamp: u32, than: u32) -> bool {
    timestamp.wrapping_sub(than).cast_signed() > 0
}

/// Counters of the first picture after a seam: each one on from the last that was sent.
fn follow(last: &vp8::Counters, source: &vp8::Counters) -> vp8::Counters {
    vp8::Counters {
        picture_id: source.picture_id.map(|id| {
            last.picture_id
                .map_or(id, |last| id.with_value(last.value().wrapping_add(1)))
        }),
        base_picture_index: source.base_picture_index.map(|index| {
            last.base_picture_index
                .map_or(index, |last| last.wrapping_add(1))
        }),
        key_frame_index: source.key_frame_index.map(|index| {
            last.key_frame_index
                .map_or(index, |last| last.wrapping_add(1) & 0x1f)
        }),
    }
}

/// Which pictures of a stream with temporal layers are kept. Decided once per picture.
#[derive(Debug)]
struct Temporal {
    limit: u8,
    active: u8,
    /// Timestamp of the newest picture and whether it is kept.
    picture: Option<(u32, bool)>,
}

impl Default for Temporal {
    fn default() -> Temporal {
        Temporal {
            limit: HIGHEST_TEMPORAL_LAYER,
            active: HIGHEST_TEMPORAL_LAYER,
            picture: None,
        }
    }
}

impl Temporal {
    /// Another source's timestamps may equal those of the last picture.
    fn forget_picture(&mut self) {
        self.picture = None;
    }

    fn keeps(&mut self, packet: &SourcePacket<'_>) -> bool {
        if let Some((timestamp, is_kept)) = self.picture
            && timestamp == packet.timestamp
        {
            return is_kept;
        }
        let facts = packet.facts;
        let is_next_layer = facts.temporal_layer == self.active.saturating_add(1);
        if self.limit < self.active || facts.is_key_frame_start {
            self.active = self.limit;
        } else if is_next_layer && facts.can_switch_up && facts.temporal_layer <= self.limit {
            // One layer at a time: the mark vouches for its own layer, not for those between.
            self.active = facts.temporal_layer;
        }
        let is_kept = facts.temporal_layer <= self.active || facts.is_key_frame_start;
        self.picture = Some((packet.timestamp, is_kept));
        is_kept
    }
}
