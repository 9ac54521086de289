//! One passage: an unbroken stretch of one layer through a subscription, and how its numbers map.
//!
//! Within a passage `out = in + offset - dropped before in`. The runs of packets dropped on
//! purpose are kept, so that a packet recovered late, or sent again, gets exactly the numbers it
//! would have had in time. What lies before the remembered runs has no number any more.

use super::rewriter::{LayerIndex, SourcePacket};
use super::vp8::Counters;

/// Remembered runs. Dropping every second picture of 30 per second makes 15 runs a second,
/// and a packet older than a second is past saving.
const MAX_RUNS: usize = 16;

/// Neighbouring packets dropped on purpose.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: u64,
    last: u64,
    /// Dropped since the passage began, this run included.
    packets_through: u64,
    pictures_through: u16,
    /// Of the first and last dropped picture, if the run holds pictures and not only padding.
    first_picture: Option<u32>,
    last_picture: Option<u32>,
}

/// What was dropped before a packet that is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct DroppedBefore {
    packets: u64,
    pictures: u16,
}

/// Differences between the counters of the source and ours, modulo their widths.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CounterOffsets {
    pub picture_id: u16,
    pub base_picture_index: u8,
    pub key_frame_index: u8,
}

/// Our numbers for one source packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    pub extended_sequence: u64,
    pub timestamp: u32,
    pub counters: Counters,
}

#[derive(Debug)]
pub(super) struct Passage {
    pub layer: LayerIndex,
    /// First packet of the passage; whatever is older belongs to no passage.
    pub first: u64,
    /// Highest source sequence seen, dropped ones included.
    pub newest: u64,
    pub timestamp_offset: u32,
    highest_forwarded: u64,
    sequence_offset: u64,
    counter_offsets: CounterOffsets,
    /// Oldest first. Allocated at the first drop, which most streams never see.
    runs: Vec<Run>,
    has_forgotten_runs: bool,
}

impl Passage {
    /// Begins at `packet`, which shall get these numbers. `retired` lends its memory.
    pub fn begin(packet: &SourcePacket<'_>, numbers: &Numbers, retired: Option<Passage>) -> Self {
        let source = packet.facts.vp8.map(|vp8| vp8.counters).unwrap_or_default();
        let mut runs = retired.map(|passage| passage.runs).unwrap_or_default();
        runs.clear();
        Passage {
            layer: packet.layer,
            first: packet.extended_sequence,
            newest: packet.extended_sequence,
            timestamp_offset: numbers.timestamp.wrapping_sub(packet.timestamp),
            highest_forwarded: packet.extended_sequence,
            sequence_offset: numbers
                .extended_sequence
                .wrapping_sub(packet.extended_sequence),
            counter_offsets: offsets_between(&source, &numbers.counters),
            runs,
            has_forgotten_runs: false,
        }
    }

    pub fn holds(&self, layer: LayerIndex, extended_sequence: u64) -> bool {
        self.layer == layer && (self.first..=self.newest).contains(&extended_sequence)
    }

    /// Notes that the newest packet is dropped; `picture` is the timestamp of a picture that
    /// goes with it, `None` for padding.
    pub fn drop_newest(&mut self, picture: Option<u32>) {
        let sequence = self.newest;
        let before = self.runs.last().copied();
        // A gap inside one dropped picture belongs to it, unless something got through since.
        let continued = before.filter(|run| {
            let is_adjacent = run.last.checked_add(1) == Some(sequence);
            let is_same_picture = picture.is_some() && picture == run.last_picture;
            is_adjacent || (is_same_picture && run.last > self.highest_forwarded)
        });
        let is_new_picture =
            picture.is_some() && picture != before.and_then(|run| run.last_picture);
        let run = match continued {
            Some(run) => Run {
                last: sequence,
                packets_through: run
                    .packets_through
                    .saturating_add(sequence.saturating_sub(run.last)),
                pictures_through: run.pictures_through.wrapping_add(is_new_picture.into()),
                first_picture: run.first_picture.or(picture),
                last_picture: picture.or(run.last_picture),
                ..run
            },
            None => Run {
                first: sequence,
                last: sequence,
                packets_through: before
                    .map_or(0, |run| run.packets_through)
                    .saturating_add(1),
                pictures_through: before
                    .map_or(0, |run| run.pictures_through)
                    .wrapping_add(is_new_picture.into()),
                first_picture: picture,
                last_picture: picture.or(before.and_then(|run| run.last_picture)),
            },
        };
        match (continued, self.runs.last_mut()) {
            (Some(_), Some(last)) => *last = run,
            _ => self.remember(run),
        }
    }

    fn remember(&mut self, run: Run) {
        if self.runs.capacity() < MAX_RUNS {
            self.runs.reserve_exact(MAX_RUNS);
        }
        if self.runs.len() == MAX_RUNS {
            self.runs.remove(0);
            self.has_forgotten_runs = true;
        }
        self.runs.push(run);
    }

    /// Our numbers for a packet of this passage; `None` if it was dropped, belongs to a dropped
    /// picture, or is older than what is remembered.
    pub fn numbers(&self, packet: &SourcePacket<'_>) -> Option<Numbers> {
        let dropped = self.dropped_before(packet.extended_sequence, packet.timestamp)?;
        let source = packet.facts.vp8.map(|vp8| vp8.counters).unwrap_or_default();
        let offsets = &self.counter_offsets;
        let picture_offset = offsets.picture_id.wrapping_sub(dropped.pictures);
        Some(Numbers {
            extended_sequence: packet
                .extended_sequence
                .wrapping_add(self.sequence_offset)
                .wrapping_sub(dropped.packets),
            timestamp: packet.timestamp.wrapping_add(self.timestamp_offset),
            counters: Counters {
                picture_id: source
                    .picture_id
                    .map(|id| id.with_value(id.value().wrapping_add(picture_offset))),
                base_picture_index: source
                    .base_picture_index
                    .map(|index| index.wrapping_add(offsets.base_picture_index)),
                key_frame_index: source
                    .key_frame_index
                    .map(|index| index.wrapping_add(offsets.key_frame_index) & 0x1f),
            },
        })
    }

    pub fn forwarded(&mut self, extended_sequence: u64) {
        self.highest_forwarded = self.highest_forwarded.max(extended_sequence);
    }

    fn dropped_before(&self, sequence: u64, timestamp: u32) -> Option<DroppedBefore> {
        let is_late = sequence < self.newest;
        let mut before = DroppedBefore::default();
        let mut is_remembered = !self.has_forgotten_runs;
        let mut neighbours = [None, None];
        for run in self.runs.iter().rev() {
            if sequence > run.last {
                before = DroppedBefore {
                    packets: run.packets_through,
                    pictures: run.pictures_through,
                };
                is_remembered = true;
                neighbours = [neighbours[0], run.last_picture];
                break;
            }
            if sequence >= run.first {
                return None;
            }
            neighbours = [run.first_picture, None];
        }
        // The id of a dropped picture went to the one after it: a straggler has none.
        let is_straggler = is_late && neighbours.contains(&Some(timestamp));
        (is_remembered && !is_straggler).then_some(before)
    }
}

fn offsets_between(source: &Counters, ours: &Counters) -> CounterOffsets {
    let picture = |counters: &Counters| counters.picture_id.map_or(0, |id| id.value());
    let base = |counters: &Counters| counters.base_picture_index.unwrap_or_default();
    let key = |counters: &Counters| counters.key_frame_index.unwrap_or_default();
    CounterOffsets {
        picture_id: picture(ours).wrapping_sub(picture(source)),
        base_picture_index: base(ours).wrapping_sub(base(source)),
        key_frame_index: key(ours).wrapping_sub(key(source)),
    }
}
