//! Which layer a subscriber gets, and that the change from one to another shows no seam.

use std::time::Duration;
use veche_sfu::ids::ParticipantId;
use veche_sfu::shard::{Command, Event};
use veche_sim::Profile;
use veche_sim::media::Hall;

const SECOND: Duration = Duration::from_secs(1);
const THREE: [usize; 3] = [1, 3, 7];

fn layers_told(hall: &Hall) -> Vec<Option<u8>> {
    let told = hall.events.iter().filter_map(|(_, event)| match event {
        Event::WantedLayerChanged { layer, .. } => Some(*layer),
        _ => None,
    });
    told.collect()
}

#[test]
fn a_subscriber_gets_the_best_layer_unless_it_wants_less() {
    let mut hall = Hall::new(1);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &THREE);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, picture);
    for (wanted, layer) in [(2, 2), (0, 0), (1, 1), (2, 2)] {
        hall.want(stream, Some(wanted));
        hall.run_for(SECOND * 2);
        assert_eq!(hall.oracle(stream).layer, Some(layer));
    }
    hall.assert_legal();
    assert_eq!(hall.oracle(stream).gaps(), 0);
    let switched = hall.events.iter().filter_map(|(_, event)| match event {
        Event::LayerSwitched { layer, .. } => Some(*layer),
        _ => None,
    });
    assert_eq!(
        switched.collect::<Vec<_>>().last_chunk(),
        Some(&[2, 0, 1, 2])
    );
}

#[test]
fn a_change_at_any_moment_shows_no_seam() {
    for seed in 0..200 {
        let mut hall = Hall::new(seed);
        let profile = if seed % 2 == 0 {
            Profile::PERFECT
        } else {
            Profile::OFFICE
        };
        let speaker = hall.join_over(1, profile, Profile::PERFECT);
        let picture = hall.publish_picture(speaker, &THREE);
        hall.track(picture).has_temporal_layers = seed % 3 == 0;
        let listener = hall.join_over(1, Profile::PERFECT, profile);
        let stream = hall.subscribe(listener, picture);
        for _ in 0..12 {
            let pause = hall.rng.duration(Duration::from_millis(900));
            hall.run_for(pause);
            let wanted = hall.rng.below(4);
            hall.want(stream, u8::try_from(wanted).ok().filter(|layer| *layer < 3));
        }
        hall.want(stream, Some(2));
        hall.run_for(SECOND * 2);
        assert_eq!(hall.violations, [] as [String; 0], "seed {seed}");
        assert_eq!(hall.oracle(stream).layer, Some(2), "seed {seed}");
        if seed % 2 == 0 {
            assert_eq!(hall.oracle(stream).gaps(), 0, "seed {seed}");
        }
    }
}

#[test]
fn a_layer_that_dies_is_left_within_two_seconds_and_taken_again_when_it_lives() {
    let mut hall = Hall::new(3);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &THREE);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, picture);
    hall.run_for(SECOND);
    hall.track(picture).layers[2].is_sending = false;
    hall.run_for(SECOND * 2);
    assert_eq!(hall.oracle(stream).layer, Some(1));
    hall.track(picture).layers[2].is_sending = true;
    hall.run_for(SECOND);
    assert_eq!(hall.oracle(stream).layer, Some(2));
    hall.assert_legal();
}

#[test]
fn a_screen_that_stands_still_for_a_minute_keeps_its_layer() {
    let mut hall = Hall::new(4);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &[1, 3]);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, picture);
    hall.run_for(SECOND);
    let switches = hall.oracle(stream).switches;
    for _ in 0..20 {
        hall.track(picture).next_frame += SECOND * 3;
        hall.run_for(SECOND * 3);
    }
    assert_eq!(
        (hall.oracle(stream).layer, hall.oracle(stream).switches),
        (Some(1), switches)
    );
    hall.assert_legal();
}

#[test]
fn only_the_base_pictures_come_to_who_wants_them() {
    let mut hall = Hall::new(5);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &[3]);
    hall.track(picture).has_temporal_layers = true;
    let (one, two) = (hall.join(1), hall.join(1));
    let all = hall.subscribe(one, picture);
    let base = hall.subscribe(two, picture);
    let command = Command::SetSubscription {
        subscription: base,
        is_paused: false,
        layer: 0,
        temporal_layer: 0,
        priority: 1,
    };
    hall.command(command).unwrap();
    hall.run_for(SECOND * 4);
    hall.assert_legal();
    let [_, upper] = hall.oracle(all).by_temporal_layer;
    assert!(upper > 150, "{upper}");
    assert_eq!(hall.oracle(base).by_temporal_layer[1], 0);
    assert!(hall.oracle(base).by_temporal_layer[0] > 150);
    assert_eq!(hall.oracle(base).gaps(), 0);
}

#[test]
fn a_paused_stream_stops_at_once_and_comes_back_without_a_gap() {
    let mut hall = Hall::new(6);
    let speaker = hall.join(1);
    let (sound, picture) = (
        hall.publish_sound(speaker),
        hall.publish_picture(speaker, &[3]),
    );
    let listener = hall.join(1);
    let streams = [
        hall.subscribe(listener, sound),
        hall.subscribe(listener, picture),
    ];
    hall.run_for(SECOND);
    streams.iter().for_each(|stream| hall.want(*stream, None));
    let before = streams.map(|stream| hall.oracle(stream).packets);
    hall.run_for(SECOND);
    assert_eq!(streams.map(|stream| hall.oracle(stream).packets), before);
    streams
        .iter()
        .for_each(|stream| hall.want(*stream, Some(0)));
    hall.run_for(SECOND * 2);
    hall.assert_legal();
    for (stream, before) in streams.into_iter().zip(before) {
        assert!(hall.oracle(stream).packets > before + 50);
        assert_eq!(hall.oracle(stream).gaps(), 0);
    }
}

#[test]
fn an_encoder_that_starts_again_under_another_ssrc_is_followed() {
    let mut hall = Hall::new(7);
    let speaker = hall.join(1);
    let (sound, picture) = (
        hall.publish_sound(speaker),
        hall.publish_picture(speaker, &[3, 5]),
    );
    let listener = hall.join(1);
    let streams = [
        hall.subscribe(listener, sound),
        hall.subscribe(listener, picture),
    ];
    for round in 1..5 {
        hall.run_for(SECOND);
        for publication in [sound, picture] {
            for layer in &mut hall.track(publication).layers {
                layer.ssrc += 1;
                layer.rtx_ssrc += 1;
                layer.sequence = 1000 * round;
                layer.timestamp = layer.timestamp.wrapping_add(0x7777_7777);
                layer.owes_key_frame = true;
            }
        }
    }
    hall.run_for(SECOND);
    hall.assert_legal();
    for stream in streams {
        assert!(
            hall.oracle(stream).packets > 200,
            "{}",
            hall.oracle(stream).packets
        );
        assert_eq!(hall.oracle(stream).gaps(), 0);
    }
}

/// What the tracks send next, and then, in the same receive batch, what their encoders send first
/// when they start again with lower numbers.
fn restart_within_a_batch(hall: &mut Hall, speaker: ParticipantId) {
    let guest = hall.guests.get_mut(&speaker).unwrap();
    let mut transport_sequence = 30_000;
    let mut sent = Vec::new();
    for track in &mut guest.tracks {
        sent.extend(track.next_frame(&mut hall.ledger, &mut transport_sequence));
        for layer in &mut track.layers {
            layer.ssrc += 1;
            layer.rtx_ssrc += 1;
            layer.sequence = 7;
            layer.owes_key_frame = true;
        }
        sent.extend(track.next_frame(&mut hall.ledger, &mut transport_sequence));
    }
    for packet in &sent {
        hall.send(speaker, packet);
    }
}

#[test]
fn a_restart_with_lower_numbers_reaches_everybody_whatever_layer_they_have() {
    let mut hall = Hall::new(9);
    let speaker = hall.join(1);
    let (sound, picture) = (
        hall.publish_sound(speaker),
        hall.publish_picture(speaker, &[3, 5]),
    );
    let listeners = [(); 4].map(|()| hall.join(1));
    let heard = hall.subscribe(listeners[0], sound);
    let seen = listeners.map(|listener| hall.subscribe(listener, picture));
    hall.run_for(SECOND);
    // The second had the higher layer before; the third waits for it; the fourth has none.
    hall.want(seen[1], Some(0));
    hall.want(seen[2], Some(0));
    hall.run_for(SECOND);
    hall.guest(speaker).answers = false;
    hall.want(seen[2], Some(1));
    hall.want(seen[3], None);
    hall.run_for(Duration::from_millis(300));
    restart_within_a_batch(&mut hall, speaker);
    hall.run_for(Duration::from_millis(100));
    hall.guest(speaker).answers = true;
    for stream in seen {
        hall.want(stream, Some(1));
    }
    hall.run_for(SECOND * 2);
    hall.assert_legal();
    for stream in [heard].into_iter().chain(seen) {
        assert_eq!(hall.oracle(stream).gaps(), 0);
        let (newest, _) = hall.oracle(stream).newest().unwrap();
        assert!(hall.clock.elapsed() - newest < Duration::from_millis(100));
    }
    for stream in seen {
        assert_eq!(hall.oracle(stream).layer, Some(1));
    }
}

#[test]
fn a_retransmission_of_before_a_restart_does_not_move_the_numbers_of_after() {
    let mut hall = Hall::new(10);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &[3]);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, picture);
    hall.run_for(SECOND);
    let mid = hall.track(picture).mid.clone();
    let layer = &mut hall.track(picture).layers[0];
    let newest = u16::try_from(layer.sequence - 1).unwrap();
    let late = layer.repair(&mid, newest, &mut 30_000).unwrap();
    layer.ssrc += 1;
    layer.rtx_ssrc += 1;
    // As far ahead as the old number can seem to be.
    layer.sequence = u64::from(newest.wrapping_sub(30_000) & 0x7fff);
    layer.owes_key_frame = true;
    hall.run_for(SECOND);
    hall.send(speaker, &late);
    let before = hall.oracle(stream).packets;
    hall.run_for(SECOND);
    hall.assert_legal();
    assert!(hall.oracle(stream).packets >= before + 80);
    assert_eq!(hall.oracle(stream).gaps(), 0);
}

#[test]
fn a_publisher_is_told_of_a_rise_at_once_and_of_a_fall_after_five_seconds() {
    let mut hall = Hall::new(8);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &THREE);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, picture);
    hall.run_for(SECOND);
    hall.want(stream, Some(0));
    hall.run_for(SECOND * 5 - Duration::from_millis(1));
    assert_eq!(layers_told(&hall), []);
    hall.run_for(Duration::from_millis(1));
    assert_eq!(layers_told(&hall), [Some(0)]);
    hall.want(stream, Some(1));
    assert_eq!(layers_told(&hall), [Some(0), Some(1)]);
    hall.command(Command::Unsubscribe {
        subscription: stream,
    })
    .unwrap();
    hall.run_for(SECOND * 5);
    assert_eq!(layers_told(&hall), [Some(0), Some(1), None]);
}
