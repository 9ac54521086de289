//! A subscriber gets what its line carries, sound first.

use std::time::Duration;
use veche_sfu::shard::{Command, Event};
use veche_sim::media::Hall;

const SECOND: Duration = Duration::from_secs(1);
/// About 0.18, 0.7 and 1.8 Mbit/s.
const THREE: [usize; 3] = [1, 3, 7];

#[test]
fn a_small_estimate_brings_lower_layers_at_once_and_a_large_one_the_higher_ones_after_calm() {
    let mut hall = Hall::new(1);
    let speaker = hall.join(1);
    let (sound, picture) = (
        hall.publish_sound(speaker),
        hall.publish_picture(speaker, &THREE),
    );
    let listener = hall.join(1);
    let (heard, seen) = (
        hall.subscribe(listener, sound),
        hall.subscribe(listener, picture),
    );
    hall.run_for(SECOND * 3);
    assert_eq!(hall.oracle(seen).layer, Some(2));
    hall.guest(listener).estimate_bps = Some(1_000_000);
    hall.run_for(SECOND * 3);
    assert_eq!(hall.oracle(seen).layer, Some(1));
    hall.guest(listener).estimate_bps = Some(10_000);
    hall.run_for(SECOND * 3);
    // The lowest stays: an estimate is a guess. Sound stays whatever it is.
    assert_eq!(hall.oracle(seen).layer, Some(0));
    let before = (hall.oracle(heard).packets, hall.oracle(seen).packets);
    hall.run_for(SECOND);
    assert!(hall.oracle(heard).packets >= before.0 + 49);
    assert!(hall.oracle(seen).packets >= before.1 + 28);
    hall.guest(listener).estimate_bps = Some(9_000_000);
    hall.run_for(SECOND * 6);
    assert_eq!(hall.oracle(seen).layer, Some(2));
    hall.assert_legal();
    assert_eq!(
        (hall.oracle(heard).gaps(), hall.oracle(seen).gaps()),
        (0, 0)
    );
}

#[test]
fn a_limit_is_kept_even_if_it_costs_a_picture_and_the_pause_is_told() {
    let mut hall = Hall::new(2);
    let speakers: Vec<_> = (0..3).map(|_| hall.join(1)).collect();
    let pictures: Vec<_> = speakers
        .iter()
        .map(|speaker| hall.publish_picture(*speaker, &THREE))
        .collect();
    let listener = hall.join(1);
    let streams: Vec<_> = pictures
        .iter()
        .map(|picture| hall.subscribe(listener, *picture))
        .collect();
    hall.run_for(SECOND * 2);
    // The last one matters most.
    let command = Command::SetSubscription {
        subscription: streams[2],
        is_paused: false,
        layer: 2,
        temporal_layer: 3,
        priority: 255,
    };
    hall.command(command).unwrap();
    let limit = Command::LimitBandwidth {
        participant: listener,
        limit_bps: Some(450_000),
    };
    hall.command(limit).unwrap();
    hall.run_for(SECOND * 2);
    let before = hall.emitted.1;
    hall.run_for(SECOND * 5);
    assert!((hall.emitted.1 - before) * 8 / 5 < 450_000);
    let told = |hall: &Hall| -> Vec<_> {
        let told = hall.events.iter().filter_map(|(_, event)| match event {
            Event::StreamPaused {
                subscription,
                is_paused,
            } => Some((*subscription, *is_paused)),
            _ => None,
        });
        told.collect()
    };
    assert_eq!(told(&hall), [(streams[1], true)]);
    hall.command(Command::LimitBandwidth {
        participant: listener,
        limit_bps: None,
    })
    .unwrap();
    hall.run_for(SECOND * 2);
    assert_eq!(told(&hall), [(streams[1], true), (streams[1], false)]);
    assert!(
        streams
            .iter()
            .all(|stream| hall.oracle(*stream).layer == Some(2))
    );
    hall.assert_legal();
}
