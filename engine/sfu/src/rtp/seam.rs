//! Where one passage ends and the next begins: numbers that go on from the last that were sent.
//!
//! Sequence and VP8 counters go on by one. Time goes on by what passed at the source, if its
//! clocks can be believed, and else by what passed here; always forward, by one frame at least.

use std::time::{Duration, Instant};

use super::codec::Codec;
use super::passage::Numbers;
use super::rewriter::{LayerIndex, MAX_LAYERS, SourceClock, SourcePacket};
use super::vp8;

/// A source's clock is believed over a seam if it agrees with the clock on our wall this well.
/// Capture to arrival of two layers differs by tens of milliseconds; a restarted clock by hours.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(1);
/// A quarter of the clock's range. A step above half of it reads as a step back.
const LARGEST_STEP: u32 = 1 << 30;

/// The newest numbers sent and where their time came from.
#[derive(Clone, Copy, Debug)]
pub(super) struct LastSent {
    numbers: Numbers,
    layer: LayerIndex,
    source_timestamp: u32,
    /// When `numbers.timestamp` was first sent.
    at: Instant,
}

impl LastSent {
    pub fn new(now: Instant, packet: &SourcePacket<'_>, numbers: &Numbers) -> LastSent {
        LastSent {
            numbers: *numbers,
            layer: packet.layer,
            source_timestamp: packet.timestamp,
            at: now,
        }
    }

    /// Another packet was sent, in whatever order.
    pub fn advance(&mut self, now: Instant, packet: &SourcePacket<'_>, numbers: &Numbers) {
        if is_later(numbers.timestamp, self.numbers.timestamp) {
            self.numbers.timestamp = numbers.timestamp;
            self.layer = packet.layer;
            self.source_timestamp = packet.timestamp;
            self.at = now;
        }
        if numbers.extended_sequence > self.numbers.extended_sequence {
            self.numbers.extended_sequence = numbers.extended_sequence;
            self.numbers.counters = numbers.counters;
        }
    }

    /// The numbers of the first packet after a seam.
    pub fn followed_by(
        &self,
        now: Instant,
        packet: &SourcePacket<'_>,
        clocks: &[Option<SourceClock>; MAX_LAYERS],
        codec: Codec,
    ) -> Numbers {
        let source = packet.facts.vp8.map(|vp8| vp8.counters).unwrap_or_default();
        let step = self.step_to(now, packet, clocks, codec);
        Numbers {
            extended_sequence: self.numbers.extended_sequence.saturating_add(1),
            timestamp: self.numbers.timestamp.wrapping_add(step),
            counters: follow(&self.numbers.counters, &source),
        }
    }

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
