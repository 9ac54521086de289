//! Whatever a publisher and the network do, what we forward is one legal VP8 stream.
//!
//! A scripted publisher sends up to three layers with temporal layers; the network loses,
//! reorders and repeats; the subscriber's wishes change at every place. The oracle knows the whole
//! script and checks each forwarded packet against it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proptest::prelude::*;
use veche_sfu::rtcp::NtpTime;
use veche_sfu::rtp::{
    Codec, Decision, Forward, LayerIndex, PacketFacts, Rewriter, SourceClock, SourcePacket, vp8,
};

use crate::support::{Random, Vp8Packet, beginning, layer, ms};

const FRAMES: u64 = 240;
/// Milliseconds between frames; not a divisor of a second, so that rounding would show.
const FRAME_MS: u64 = 33;
const FRAME_TICKS: u32 = 2_970;
const TEMPORAL_PATTERN: [u8; 4] = [0, 2, 1, 2];

#[derive(Clone, Debug)]
struct Profile {
    loss_percent: u64,
    reorder_percent: u64,
    repeat_percent: u64,
    key_percent: u64,
    wish_percent: u64,
    has_reports: bool,
    is_narrow: bool,
}

#[derive(Clone, Debug)]
struct Packet {
    layer: LayerIndex,
    sequence: u64,
    timestamp: u32,
    picture: u64,
    /// Frames since the script began: capture time.
    frame: u64,
    facts: PacketFacts,
    payload: Vec<u8>,
}

impl Packet {
    fn source(&self) -> SourcePacket<'_> {
        SourcePacket {
            layer: self.layer,
            extended_sequence: self.sequence,
            timestamp: self.timestamp,
            facts: &self.facts,
        }
    }
}

/// One layer's sender; all its counters begin close to their wraps.
struct Sender {
    layer: LayerIndex,
    sequence: u64,
    timestamp: u32,
    picture: u64,
    base_index: u8,
    key_index: u8,
}

impl Sender {
    fn new(index: u8, random: &mut Random) -> Sender {
        Sender {
            layer: layer(index),
            sequence: 65_500 + random.below(40),
            timestamp: u32::MAX - random.below(100_000) as u32,
            picture: 32_700 + random.below(70),
            base_index: 250 + random.below(6) as u8,
            key_index: random.below(32) as u8,
        }
    }

    fn frame(&mut self, frame: u64, profile: &Profile, random: &mut Random) -> Vec<Packet> {
        let is_key = frame == 0 || random.happens(profile.key_percent);
        let temporal_layer = if is_key {
            0
        } else {
            TEMPORAL_PATTERN[(frame % 4) as usize]
        };
        self.timestamp = self.timestamp.wrapping_add(FRAME_TICKS);
        self.picture += 1;
        if temporal_layer == 0 {
            self.base_index = self.base_index.wrapping_add(1);
        }
        if is_key {
            self.key_index = (self.key_index + 1) & 0x1f;
        }
        let id = self.picture as u16;
        let picture_id = if profile.is_narrow {
            vp8::PictureId::Narrow(id as u8 & 0x7f)
        } else {
            vp8::PictureId::Wide(id & 0x7fff)
        };
        let is_layer_sync = temporal_layer > 0 && random.happens(50);
        let count = 1 + random.below(4);
        let mut packets: Vec<Packet> = (0..count)
            .map(|index| {
                let payload = Vp8Packet {
                    counters: vp8::Counters {
                        picture_id: Some(picture_id),
                        base_picture_index: Some(self.base_index),
                        key_frame_index: Some(self.key_index),
                    },
                    temporal_layer,
                    is_layer_sync,
                    is_frame_start: index == 0,
                    is_key_frame: is_key,
                }
                .payload(&[index as u8, frame as u8, 0xa5]);
                self.packet(frame, index + 1 == count, payload)
            })
            .collect();
        if random.happens(5) {
            packets.push(self.packet(frame, false, Vec::new()));
        }
        packets
    }

    fn packet(&mut self, frame: u64, has_marker: bool, payload: Vec<u8>) -> Packet {
        self.sequence += 1;
        Packet {
            layer: self.layer,
            sequence: self.sequence,
            timestamp: self.timestamp,
            picture: self.picture,
            frame,
            facts: PacketFacts::parse(Codec::Vp8, has_marker, &payload).unwrap(),
            payload,
        }
    }
}

/// One stretch of one layer, as the oracle sees it.
#[derive(Default)]
struct Stretch {
    /// By source sequence.
    forwarded: BTreeMap<u64, (Packet, Forward)>,
    /// In order when they came, and dropped: these must leave no gap.
    dropped: BTreeMap<u64, Packet>,
    first: u64,
    newest: u64,
}

#[derive(Default)]
struct Oracle {
    stretch: Stretch,
    given: BTreeSet<u64>,
    highest: Option<Forward>,
    last_timestamp: Option<(u32, u64)>,
}

impl Oracle {
    fn judge(&mut self, packet: &Packet, decision: Decision, profile: &Profile) {
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
                3 * FRAME_TICKS
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
    fn check(self) {
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

/// What the network makes of the packets of all layers: who arrives, and in which order.
fn arrivals(seed: u64, profile: &Profile) -> (Vec<Packet>, [Option<SourceClock>; 3]) {
    let mut random = Random(seed);
    let mut senders: Vec<Sender> = (0..3)
        .map(|index| Sender::new(index, &mut random))
        .collect();
    let clocks = [0, 1, 2].map(|index: usize| {
        profile.has_reports.then_some(SourceClock {
            ntp: NtpTime::UNIX_EPOCH,
            timestamp: senders[index].timestamp,
        })
    });
    let mut arriving: Vec<(u64, Packet)> = Vec::new();
    for frame in 0..FRAMES {
        for sender in &mut senders {
            for packet in sender.frame(frame, profile, &mut random) {
                if random.happens(profile.loss_percent) {
                    continue;
                }
                let is_late = random.happens(profile.reorder_percent);
                let delay = if is_late { random.below(3) } else { 0 };
                let place = (frame + delay) * 16 + if is_late { random.below(16) } else { 0 };
                if random.happens(profile.repeat_percent) {
                    arriving.push((place + random.below(32), packet.clone()));
                }
                arriving.push((place, packet));
            }
        }
    }
    arriving.sort_by_key(|(place, _)| *place);
    (
        arriving.into_iter().map(|(_, packet)| packet).collect(),
        clocks,
    )
}

fn run(seed: u64, profile: &Profile) {
    let (packets, clocks) = arrivals(seed, profile);
    let mut random = Random(!seed);
    let mut rewriter = Rewriter::new(Codec::Vp8, random.next() as u16, random.next() as u32);
    rewriter.set_target(Some(layer(0)));
    let mut oracle = Oracle::default();
    let mut sent: HashMap<(LayerIndex, u64), Forward> = HashMap::new();
    let start = beginning();
    let mut newest_frame = 0;
    for packet in &packets {
        if random.happens(profile.wish_percent) {
            match random.below(8) {
                0..=3 => rewriter.set_target(Some(layer(random.below(3) as u8))),
                4..=5 => rewriter.set_temporal_limit(random.below(4) as u8),
                6 => rewriter.interrupt(),
                _ => rewriter.set_target(None),
            }
        }
        newest_frame = newest_frame.max(packet.frame);
        let now = start + ms(newest_frame * FRAME_MS);
        let is_flowing = rewriter.current_layer() == Some(packet.layer);
        let is_target = rewriter.target_layer() == Some(packet.layer);
        let decision = rewriter.rewrite(now, &packet.source(), &clocks);
        if let Decision::Forward(forward) = decision {
            assert!(is_flowing || (is_target && forward.has_switched));
            let plain = Forward {
                has_switched: false,
                ..forward
            };
            sent.insert((packet.layer, packet.sequence), plain);
        }
        if is_flowing || matches!(decision, Decision::Forward(_)) {
            oracle.judge(packet, decision, profile);
        }
        if let Some(before) = sent.get(&(packet.layer, packet.sequence)) {
            let repeated = rewriter.repeat(&packet.source());
            assert!(repeated.is_none_or(|repeated| repeated == *before));
        }
    }
    oracle.stretch.check();
}

fn profiles() -> impl Strategy<Value = Profile> {
    (
        0u64..20,
        0u64..20,
        0u64..5,
        0u64..20,
        0u64..10,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(
                loss_percent,
                reorder_percent,
                repeat_percent,
                key_percent,
                wish_percent,
                has_reports,
                is_narrow,
            )| {
                Profile {
                    loss_percent,
                    reorder_percent,
                    repeat_percent,
                    key_percent,
                    wish_percent,
                    has_reports,
                    is_narrow,
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_forwarded_stream_is_legal(seed: u64, profile in profiles()) {
        run(seed, &profile);
    }

    #[test]
    fn no_source_at_all_gets_a_number_twice_or_below_the_start(
        script in proptest::collection::vec(
            (0u64..400, 0u32..40, 0u8..4, any::<[bool; 3]>(), 0u8..3, 0u8..30),
            0..600,
        ),
    ) {
        let mut rewriter = Rewriter::new(Codec::Vp8, 500, 0);
        rewriter.set_target(Some(layer(0)));
        let mut given = BTreeSet::new();
        for (sequence, timestamp, temporal_layer, flags, index, wish) in script {
            let facts = PacketFacts {
                is_key_frame_start: flags[0],
                is_frame_start: flags[0],
                is_frame_end: false,
                is_padding: flags[1],
                temporal_layer,
                can_switch_up: flags[2],
                vp8: None,
            };
            match wish {
                0..3 => rewriter.set_target(Some(layer(wish))),
                3..7 => rewriter.set_temporal_limit(wish - 3),
                7 => rewriter.interrupt(),
                8 => rewriter.source_restarted(layer(index)),
                _ => {}
            }
            let packet = SourcePacket {
                layer: layer(index),
                extended_sequence: sequence,
                timestamp,
                facts: &facts,
            };
            if let Decision::Forward(forward) = rewriter.rewrite(beginning(), &packet, &[None; 3]) {
                prop_assert!(forward.extended_sequence >= 500);
                prop_assert!(given.insert(forward.extended_sequence));
            }
        }
    }
}

#[test]
fn a_quiet_network_loses_nothing_of_the_wanted_layer() {
    let profile = Profile {
        loss_percent: 0,
        reorder_percent: 0,
        repeat_percent: 0,
        key_percent: 2,
        wish_percent: 0,
        has_reports: true,
        is_narrow: false,
    };
    let (packets, clocks) = arrivals(7, &profile);
    let mut rewriter = Rewriter::new(Codec::Vp8, 1, 1);
    rewriter.set_target(Some(layer(1)));
    let now = beginning();
    let mut expected = 1;
    for packet in packets.iter().filter(|packet| packet.layer == layer(1)) {
        match rewriter.rewrite(now, &packet.source(), &clocks) {
            Decision::Forward(forward) => {
                assert_eq!(forward.extended_sequence, expected);
                expected += 1;
            }
            Decision::Drop => assert!(packet.facts.is_padding),
        }
    }
    assert!(expected > FRAMES);
}
