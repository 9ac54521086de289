//! A subscriber gets what its line carries, sound first.

use std::time::Duration;
use veche_sfu::ids::{ParticipantId, SubscriptionId};
use veche_sfu::shard::{Command, Event};
use veche_sim::Profile;
use veche_sim::media::{Estimator, Hall, SLOW_GROWTH_HUNDREDTHS};

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

fn line(rate_bps: u64) -> Profile {
    Profile {
        latency: Duration::from_millis(30),
        rate_bps: Some(rate_bps),
        ..Profile::CLEAN
    }
}

const WIDE: u64 = 4_000_000;
const NARROW: u64 = 400_000;

/// A listener with a receiver as browsers have it, a minute after it came, at the top.
fn listener_on_a_wide_line(hall: &mut Hall) -> (ParticipantId, [SubscriptionId; 2]) {
    let speaker = hall.join(1);
    let sound = hall.publish_sound(speaker);
    let picture = hall.publish_picture(speaker, &THREE);
    let listener = hall.join_over(1, line(WIDE), line(WIDE));
    hall.guest(listener).estimator = Some(Estimator::default());
    let streams = [
        hall.subscribe(listener, sound),
        hall.subscribe(listener, picture),
    ];
    hall.run_for(SECOND * 60);
    assert_eq!(hall.oracle(streams[1]).layer, Some(2));
    (listener, streams)
}

/// Seconds until the stream has this layer.
fn seconds_until(hall: &mut Hall, stream: SubscriptionId, layer: u8) -> u32 {
    let mut waited = Duration::ZERO;
    while hall.oracle(stream).layer != Some(layer) {
        hall.run_for(Duration::from_millis(100));
        waited += Duration::from_millis(100);
        assert!(waited < SECOND * 100, "layer {layer} never comes");
    }
    u32::try_from(waited.as_millis().div_ceil(1000)).unwrap()
}

#[test]
fn a_line_that_breaks_down_costs_the_picture_within_three_seconds_and_gives_it_back_within_fifteen()
{
    for seed in 10..21 {
        let mut hall = Hall::new(seed);
        let (listener, [heard, seen]) = listener_on_a_wide_line(&mut hall);
        hall.guest(listener).down.become_profile(line(NARROW));
        let fell = seconds_until(&mut hall, seen, 0);
        assert!(fell <= 3, "seed {seed}: fell after {fell} s");
        // Whatever moment of whatever trial it is.
        hall.run_for(SECOND * u32::try_from(5 + seed % 6).unwrap());
        hall.guest(listener).down.become_profile(line(WIDE));
        let rose = seconds_until(&mut hall, seen, 2);
        assert!(rose <= 15, "seed {seed}: rose after {rose} s");
        hall.run_for(SECOND * 30);
        assert_eq!(hall.oracle(seen).layer, Some(2), "seed {seed}: and stays");
        let sound = hall.receiver(heard);
        assert!(
            sound.lost * 100 < sound.received,
            "seed {seed}: sound first: {sound:?}"
        );
        hall.assert_legal();
    }
}

#[test]
fn a_receiver_that_learns_slowly_sees_more_within_twenty_seconds_too() {
    for seed in 70..73 {
        let mut hall = Hall::new(seed);
        let (listener, [_, seen]) = listener_on_a_wide_line(&mut hall);
        if let Some(estimator) = &mut hall.guest(listener).estimator {
            estimator.growth_hundredths = Some(SLOW_GROWTH_HUNDREDTHS);
        }
        hall.guest(listener).down.become_profile(line(NARROW));
        hall.run_for(SECOND * u32::try_from(40 + (seed - 70) * 26).unwrap());
        hall.guest(listener).down.become_profile(line(WIDE));
        let (middle, top) = (
            seconds_until(&mut hall, seen, 1),
            seconds_until(&mut hall, seen, 2),
        );
        assert!(middle <= 20, "seed {seed}: rose after {middle} s");
        assert!(middle + top <= 40, "seed {seed}: {middle} + {top} s");
    }
}

#[test]
fn however_long_a_line_was_narrow_it_gives_the_picture_back_within_twenty_seconds() {
    for seed in 30..36 {
        let mut hall = Hall::new(seed);
        let (listener, [heard, seen]) = listener_on_a_wide_line(&mut hall);
        hall.guest(listener).down.become_profile(line(NARROW));
        // By then trials wait for a minute each; whatever moment of whatever wait it is.
        hall.run_for(SECOND * u32::try_from(20 + (seed - 30) * 26).unwrap());
        hall.guest(listener).down.become_profile(line(WIDE));
        let rose = seconds_until(&mut hall, seen, 2);
        assert!(rose <= 20, "seed {seed}: rose after {rose} s");
        hall.run_for(SECOND * 30);
        assert_eq!(hall.oracle(seen).layer, Some(2), "seed {seed}: and stays");
        let sound = hall.receiver(heard);
        assert!(
            sound.lost * 100 < sound.received,
            "seed {seed}: sound first: {sound:?}"
        );
        hall.assert_legal();
    }
}

/// Seconds between the moments at which more than the lowest layer was tried, on a line that is
/// narrow for five minutes.
fn waits_between_trials(seed: u64, rate_bps: u64) -> Vec<u32> {
    let mut hall = Hall::new(seed);
    let (listener, [heard, seen]) = listener_on_a_wide_line(&mut hall);
    hall.guest(listener).down.become_profile(line(rate_bps));
    hall.run_for(SECOND * 10);
    let mut trials = Vec::new();
    let mut was_tried = false;
    for second in 0..300 {
        hall.run_for(SECOND);
        let is_tried = hall.oracle(seen).layer != Some(0);
        if is_tried && !was_tried {
            trials.push(second);
        }
        was_tried = is_tried;
    }
    let sound = hall.receiver(heard);
    // The break-down and the trials cost it; padding must not.
    assert!(
        sound.lost * 50 < sound.received,
        "{rate_bps} bit/s, sound first: {sound:?}"
    );
    hall.assert_legal();
    assert!(
        (3..=8).contains(&trials.len()),
        "{rate_bps} bit/s: {trials:?}"
    );
    trials.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[test]
fn on_a_line_that_stays_narrow_trials_become_rare() {
    // From little more than the lowest layer to little less than the middle one.
    for (seed, rate_bps) in (50..).zip([350_000, NARROW, 500_000, 600_000, 700_000]) {
        let waits = waits_between_trials(seed, rate_bps);
        assert!(
            waits.last().is_some_and(|wait| *wait >= 60),
            "{rate_bps} bit/s: {waits:?}"
        );
    }
}
