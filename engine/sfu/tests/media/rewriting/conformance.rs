//! Whatever a publisher and the network do, what we forward is one legal VP8 stream.
//!
//! The subscriber's wishes change at every place of the script; the oracle judges the result.

use std::collections::{BTreeSet, HashMap};

use proptest::prelude::*;
use veche_sfu::rtp::{Codec, Decision, Forward, LayerIndex, PacketFacts, Rewriter, SourcePacket};

use super::oracle::Oracle;
use super::script::{FRAME_MS, FRAMES, Profile, arrivals};
use crate::support::{Random, beginning, layer, ms};

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
