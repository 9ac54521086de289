//! Knows the whole script and checks each forwarded packet against it.

use std::collections::{BTreeMap, BTreeSet};

use veche_sfu::rtp::{Codec, Decision, Forward, vp8};

use super::script::{FRAME_TICKS, Packet, Profile};

/// Reordering delays a packet by two frames, and its repetition by two more.
const MOST_FRAMES_LATE: u32 = 4;

/// One stretch of one layer, as the oracle sees it.
#[derive(Default)]
pub struct Stretch {
    /// By source sequence.
    forwarded: BTreeMap<u64, (Packet, Forward)>,
    /// In order when they came, and dropped: these must leave no gap.
    dropped: BTreeMap<u64, Packet>,
    first: u64,
    newest: u64,
}

#[derive(Default)]
pub struct Oracle {
    pub stretch: Stretch,
    given: BTreeSet<u64>,
    highest: Option<Forward>,
    last_timestamp: Option<(u32, u64)>,
}

impl Oracle {
    pub fn judge(&mut self, packet: &Packet, decision: Decision, profile: &Profile) {
        match decision {
            Decision::Drop => {
                let is_of_stretch = self.stretch.is_of(packet);
                if is_of_stretch && packet.sequence > self.stretch.newest {
                    self.stretch.dropped.insert(packet.sequence, packet.clone());
                    self.stretch.newest = packet.sequence;
                }
            }
            Decision::Forward(forward) => {
                if forward.has_switched {
                    self.check_seam(packet, &forward, profile);
                }
                self.check_packet(packet, &forward);
                self.stretch.newest = self.stretch.newest.max(packet.sequence);
                self.stretch
                    .forwarded
                    .insert(packet.sequence, (packet.clone(), forward));
                if self
                    .highest
                    .is_none_or(|highest| forward.extended_sequence > highest.extended_sequence)
                {
                    self.highest = Some(forward);
                }
            }
        }
    }

    fn check_packet(&mut self, packet: &Packet, forward: &Forward) {
        assert!(
            self.given.insert(forward.extended_sequence),
            "a number is given once"
        );
        let mut copy = packet.payload.clone();
        forward.vp8.unwrap().apply(&mut copy);
        let written = vp8::Descriptor::parse(&copy).unwrap();
        assert_eq!(written.counters, forward.vp8.unwrap().0);
        vp8::Patch(packet.facts.vp8.unwrap().counters).apply(&mut copy);
        assert_eq!(copy, packet.payload, "only counters change");
        let is_later =
            |(last, _): (u32, u64)| forward.timestamp.wrapping_sub(last).cast_signed() > 0;
        if self.last_timestamp.is_none_or(is_later) {
            self.last_timestamp = Some((forward.timestamp, packet.frame));
        }
    }

    fn check_seam(&mut self, packet: &Packet, forward: &Forward, profile: &Profile) {
        assert!(packet.facts.is_key_frame_start, "a seam is a key frame");
        std::mem::take(&mut self.stretch).check();
        self.stretch.first = packet.sequence;
        if let Some(highest) = self.highest {
            assert_eq!(forward.extended_sequence, highest.extended_sequence + 1);
            let before = highest.vp8.unwrap().0;
            let after = forward.vp8.unwrap().0;
            let next = before.picture_id.unwrap().value().wrapping_add(1);
            assert_eq!(
                after.picture_id,
                before.picture_id.map(|id| id.with_value(next))
            );
            let one_on = |index: u8| index.wrapping_add(1);
            assert_eq!(
                after.base_picture_index,
                before.base_picture_index.map(one_on)
            );
            assert_eq!(
                after.key_frame_index,
                before.key_frame_index.map(|index| one_on(index) & 0x1f)
            );
        }
        if let Some((last, frame)) = self.last_timestamp {
            let step = forward.timestamp.wrapping_sub(last);
            let captured = (packet.frame.saturating_sub(frame) as u32) * FRAME_TICKS;
            let tolerance = if profile.has_reports {
                1
            } else {
                MOST_FRAMES_LATE * FRAME_TICKS
            };
            let expected = captured.max(Codec::Vp8.frame_ticks());
            assert!(step >= Codec::Vp8.frame_ticks(), "time steps on");
            assert!(
                step.abs_diff(expected) <= tolerance,
                "{step} for {expected}"
            );
        }
    }
}

impl Stretch {
    fn is_of(&self, packet: &Packet) -> bool {
        self.forwarded
            .values()
            .next()
            .is_some_and(|(first, _)| first.layer == packet.layer)
            && packet.sequence >= self.first
    }

    /// Everything that can be said once all of a stretch is known.
    pub fn check(self) {
        let forwarded: Vec<&(Packet, Forward)> = self.forwarded.values().collect();
        for pair in forwarded.windows(2) {
            let [(left, left_out), (right, right_out)] = pair else {
                continue;
            };
            let unseen = (left.sequence + 1..right.sequence)
                .filter(|sequence| !self.is_closed_gap(*sequence))
                .count() as u64;
            assert_eq!(
                right_out.extended_sequence - left_out.extended_sequence,
                1 + unseen,
                "gaps are the source's own: {} to {}",
                left.sequence,
                right.sequence
            );
            assert_eq!(
                right_out.timestamp.wrapping_sub(left_out.timestamp),
                right.timestamp.wrapping_sub(left.timestamp),
                "time as the source has it"
            );
            self.check_counters(left, left_out, right, right_out);
        }
        self.check_whole_pictures();
    }

    /// Dropped in time, or inside a picture of which both neighbours were.
    fn is_closed_gap(&self, sequence: u64) -> bool {
        if self.dropped.contains_key(&sequence) {
            return true;
        }
        let before = self.dropped.range(..sequence).next_back();
        let after = self.dropped.range(sequence..).next();
        match (before, after) {
            (Some((_, before)), Some((_, after))) => {
                !after.facts.is_padding
                    && !before.facts.is_padding
                    && before.picture == after.picture
            }
            _ => false,
        }
    }

    fn check_counters(
        &self,
        left: &Packet,
        left_out: &Forward,
        right: &Packet,
        right_out: &Forward,
    ) {
        let (before, after) = (left_out.vp8.unwrap().0, right_out.vp8.unwrap().0);
        let (source_before, source_after) = (
            left.facts.vp8.unwrap().counters,
            right.facts.vp8.unwrap().counters,
        );
        let dropped_pictures: BTreeSet<u64> = self
            .dropped
            .values()
            .filter(|packet| !packet.facts.is_padding)
            .map(|packet| packet.picture)
            .filter(|picture| (left.picture + 1..right.picture).contains(picture))
            .collect();
        let step = (right.picture - left.picture) as u16 - dropped_pictures.len() as u16;
        let next = before.picture_id.unwrap().value().wrapping_add(step);
        assert_eq!(
            after.picture_id,
            before.picture_id.map(|id| id.with_value(next))
        );
        let step_of =
            |after: Option<u8>, before: Option<u8>| after.unwrap().wrapping_sub(before.unwrap());
        assert_eq!(
            step_of(after.base_picture_index, before.base_picture_index),
            step_of(
                source_after.base_picture_index,
                source_before.base_picture_index
            )
        );
        assert_eq!(
            step_of(after.key_frame_index, before.key_frame_index) & 0x1f,
            step_of(source_after.key_frame_index, source_before.key_frame_index) & 0x1f
        );
    }

    fn check_whole_pictures(&self) {
        let forwarded: BTreeSet<u64> = self
            .forwarded
            .values()
            .map(|(packet, _)| packet.picture)
            .collect();
        for packet in self.dropped.values() {
            assert!(
                packet.facts.is_padding || !forwarded.contains(&packet.picture),
                "a picture is forwarded or dropped as a whole"
            );
        }
    }
}
