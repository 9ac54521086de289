//! What is not genuine changes nothing, and who is genuine cannot take more than its share.

use std::time::Duration;
use veche_sfu::ids::PublicationId;
use veche_sfu::path::Path;
use veche_sim::media::{Hall, extension, payload_type};

const SECOND: Duration = Duration::from_secs(1);

fn stranger() -> Path {
    Path {
        local: 0,
        remote: ([203, 0, 113, 9], 9).into(),
    }
}

#[test]
fn garbage_of_every_length_changes_nothing() {
    let mut hall = Hall::new(1);
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
    let path = hall.guest(speaker).path;
    let layer = &hall.track(sound).layers[0];
    let (ssrc, sequence) = (layer.ssrc, layer.sequence);
    let emitted = hall.emitted.0;
    let mut sent = 0;
    for length in 0..=1600 {
        for kind in [111_u8, 96, 200, 205] {
            let mut bytes = hall.rng.bytes(length);
            let head = [0x80, kind, 0, 0, 0, 0, 0, 0];
            bytes
                .iter_mut()
                .zip(head)
                .for_each(|(byte, head)| *byte = head);
            // Far ahead in the stream of somebody honest: believed, it would end that stream.
            if length >= 12 && kind < 192 {
                bytes[2..4].copy_from_slice(&(sequence as u16).wrapping_add(20_000).to_be_bytes());
                bytes[8..12].copy_from_slice(&ssrc.to_be_bytes());
            }
            hall.inject(path, &bytes);
            hall.inject(stranger(), &bytes);
            sent += 2;
        }
    }
    let snapshot = hall.shard.snapshot(hall.clock.now());
    assert_eq!(snapshot.refused.total(), sent);
    assert_eq!(hall.emitted.0, emitted);
    hall.run_for(SECOND);
    hall.assert_legal();
    for stream in streams {
        assert_eq!(hall.oracle(stream).gaps(), 0);
        assert!(hall.oracle(stream).packets > 95);
    }
}

#[test]
fn a_replay_is_refused() {
    let mut hall = Hall::new(2);
    let speaker = hall.join(1);
    let sound = hall.publish_sound(speaker);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, sound);
    hall.run_for(SECOND);
    let path = hall.guest(speaker).path;
    let mut tracks = std::mem::take(&mut hall.guest(speaker).tracks);
    let packet = tracks[0].next_frame(&mut hall.ledger, &mut 0).remove(0);
    let sealed = hall.seal(speaker, &packet);
    let before = hall.oracle(stream).packets;
    for _ in 0..5 {
        hall.inject(path, &sealed);
    }
    assert_eq!(hall.oracle(stream).packets, before + 1);
    assert_eq!(hall.shard.snapshot(hall.clock.now()).refused.replayed, 4);
    hall.assert_legal();
}

#[test]
fn a_flood_of_ssrcs_harms_only_who_makes_it() {
    let mut hall = Hall::new(3);
    let (flooder, speaker) = (hall.join(1), hall.join(1));
    hall.publish_sound(flooder);
    let sound = hall.publish_sound(speaker);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, sound);
    hall.run_for(SECOND);
    let path = hall.guest(flooder).path;
    let mid = hall.guest(flooder).tracks[0].mid.clone();
    for (round, mid) in [(0, mid), (1, "unknown".to_owned())] {
        for number in 0..65_536_u32 {
            let layer = &mut hall.guest(flooder).tracks[0].layers[0];
            layer.ssrc = round << 20 | number;
            layer.sequence = 1;
            let marks = [(extension::MID, mid.as_bytes().to_vec())];
            let packet = layer.packet(payload_type::OPUS, false, &marks, &[0; 40]);
            let sealed = hall.seal(flooder, &packet);
            hall.inject(path, &sealed);
        }
    }
    let snapshot = hall.shard.snapshot(hall.clock.now());
    assert!(snapshot.refused.unclaimed >= 65_536);
    hall.run_for(SECOND);
    hall.assert_legal();
    assert_eq!(hall.oracle(stream).gaps(), 0);
    assert!(hall.oracle(stream).packets > 95);
}

#[test]
fn nobody_speaks_for_the_publication_of_another() {
    let mut hall = Hall::new(4);
    let (impostor, speaker) = (hall.join(1), hall.join(1));
    let sound = hall.publish_sound(speaker);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, sound);
    hall.run_for(SECOND);
    // Genuine packets of the impostor that carry the speaker's mid and SSRC.
    let path = hall.guest(impostor).path;
    let track = hall.track(sound);
    let (mid, mut copies) = (track.mid.clone(), Vec::new());
    for _ in 0..10 {
        let marks = [(extension::MID, mid.as_bytes().to_vec())];
        copies.push(track.layers[0].packet(payload_type::OPUS, false, &marks, &[0; 40]));
    }
    let before = hall.oracle(stream).packets;
    for copy in &copies {
        let sealed = hall.seal(impostor, copy);
        hall.inject(path, &sealed);
    }
    assert_eq!(hall.oracle(stream).packets, before);
    assert_eq!(hall.shard.snapshot(hall.clock.now()).refused.unclaimed, 10);
    hall.assert_legal();
    assert_ne!(sound, PublicationId(0));
}
