//! Sound and picture reach everybody who subscribed, whole and unchanged, and nobody else.

use std::time::Duration;
use veche_sfu::ids::RoomId;
use veche_sfu::shard::{Command, EgressBatch, Event, Flushed, Refusal};
use veche_sfu::srtp::Profile as Cipher;
use veche_sim::Profile;
use veche_sim::media::Hall;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn sound_and_picture_reach_every_subscriber_whole() {
    for cipher in Cipher::ALL {
        let mut hall = Hall::with_cipher(1, cipher);
        let speaker = hall.join(1);
        let sound = hall.publish_sound(speaker);
        let picture = hall.publish_picture(speaker, &[4]);
        let listeners: Vec<_> = (0..5).map(|_| hall.join(1)).collect();
        let mut streams = Vec::new();
        for listener in &listeners {
            streams.push((hall.subscribe(*listener, sound), 45, 51));
            streams.push((hall.subscribe(*listener, picture), 4 * 25, 4 * 31 + 8));
        }
        hall.run_for(SECOND);
        hall.assert_legal();
        for (stream, least, most) in streams {
            let packets = hall.oracle(stream).packets;
            assert!((least..=most).contains(&packets), "{packets} packets");
            assert_eq!(hall.oracle(stream).gaps(), 0);
            assert_eq!(hall.receiver(stream).received, packets);
        }
        let is_start = |event: &Event| matches!(event, Event::MediaStarted { .. });
        assert_eq!(
            hall.events
                .iter()
                .filter(|(_, event)| is_start(event))
                .count(),
            2
        );
        assert_eq!(hall.shard.snapshot(hall.clock.now()).refused.total(), 0);
    }
}

#[test]
fn the_packets_of_a_picture_leave_together_and_wait_two_milliseconds_at_most() {
    let mut hall = Hall::new(2);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &[5]);
    let listener = hall.join(1);
    hall.subscribe(listener, picture);
    hall.run_for(SECOND);
    // By hand from here on: the guests rest.
    let path = hall.guest(speaker).path;
    let mut transport = 0;
    let mut track = std::mem::take(&mut hall.guest(speaker).tracks);
    let frame = track[0].next_frame(&mut hall.ledger, &mut transport);
    let sealed: Vec<_> = frame
        .iter()
        .map(|packet| hall.seal(speaker, packet))
        .collect();
    let (last, others) = sealed.split_last().unwrap();
    let before = hall.emitted.0;
    for packet in others {
        hall.inject(path, packet);
    }
    assert_eq!(hall.emitted.0, before, "the picture is not complete");
    let hold = hall.shard.next_deadline().unwrap() - hall.clock.now();
    assert!(hold <= Duration::from_millis(2), "{hold:?}");
    hall.shard
        .handle_datagram(hall.clock.now(), path, &mut last.clone());
    let mut batch = EgressBatch::new();
    assert_eq!(
        hall.shard.flush(hall.clock.now(), &mut batch),
        Flushed::Whole
    );
    assert_eq!(batch.datagrams(), 5);
    let runs: Vec<_> = batch
        .entries()
        .map(|entry| entry.segments().count())
        .collect();
    assert_eq!(
        runs,
        [5],
        "equal lengths and a shorter last one are one segmented send"
    );
}

#[test]
fn a_picture_whose_last_packet_is_late_does_not_wait_for_it() {
    let mut hall = Hall::new(3);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &[5]);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, picture);
    hall.run_for(SECOND);
    let path = hall.guest(speaker).path;
    let mut transport = 0;
    let mut track = std::mem::take(&mut hall.guest(speaker).tracks);
    let frame = track[0].next_frame(&mut hall.ledger, &mut transport);
    let before = hall.oracle(stream).packets;
    for packet in &frame[..4] {
        let sealed = hall.seal(speaker, packet);
        hall.inject(path, &sealed);
    }
    hall.run_for(Duration::from_millis(2));
    assert_eq!(hall.oracle(stream).packets, before + 4);
    hall.assert_legal();
}

#[test]
fn a_full_batch_is_continued_where_it_stopped() {
    let mut hall = Hall::new(4);
    let speaker = hall.join(1);
    // A key frame of 30 packets to 60 listeners is 2 MB: eight batches.
    let picture = hall.publish_picture(speaker, &[10]);
    let streams: Vec<_> = (0..60)
        .map(|_| {
            let listener = hall.join(1);
            hall.subscribe(listener, picture)
        })
        .collect();
    hall.run_for(Duration::from_millis(100));
    hall.assert_legal();
    let packets = hall.oracle(streams[0]).packets;
    assert!(packets > 30);
    for stream in streams {
        assert_eq!(
            (hall.oracle(stream).packets, hall.oracle(stream).gaps()),
            (packets, 0)
        );
    }
}

#[test]
fn a_picture_that_waits_while_its_memory_grows_or_shrinks_is_not_lost() {
    let mut hall = Hall::new(10);
    // 1.1 ms a packet: there is always a picture half arrived.
    let slow = Profile {
        rate_bps: Some(8_000_000),
        ..Profile::PERFECT
    };
    let speaker = hall.join_over(1, slow, Profile::PERFECT);
    let picture = hall.publish_picture(speaker, &[1]);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, picture);
    for packets in (0..40).map(|second| [1, 18][second % 2]) {
        hall.track(picture).layers[0].packets_per_frame = packets;
        hall.run_for(SECOND);
    }
    hall.assert_legal();
    assert!(hall.oracle(stream).packets > 10_000);
    assert_eq!(hall.oracle(stream).gaps(), 0);
}

#[test]
fn a_huge_picture_that_comes_in_one_batch_is_forwarded_whole() {
    let mut hall = Hall::new(11);
    let speaker = hall.join(1);
    // Its key frames are 12 kB, its ring is of the least size; then one of 230 kB comes at once.
    let picture = hall.publish_picture(speaker, &[4]);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, picture);
    hall.run_for(SECOND * 3);
    hall.track(picture).layers[0].packets_per_frame = 70;
    hall.track(picture).layers[0].owes_key_frame = true;
    let before = hall.oracle(stream).packets;
    hall.run_for(Duration::from_millis(34));
    assert!(hall.oracle(stream).packets >= before + 210);
    hall.run_for(SECOND);
    hall.assert_legal();
    assert_eq!(hall.oracle(stream).gaps(), 0);
}

#[test]
fn rooms_are_islands() {
    let mut hall = Hall::new(5);
    let mut streams = Vec::new();
    for room in 1..=5 {
        let speaker = hall.join(room);
        let sound = hall.publish_sound(speaker);
        let listener = hall.join(room);
        streams.push(hall.subscribe(listener, sound));
        let stranger = hall.join(room + 100);
        assert_eq!(hall.try_subscribe(stranger, sound), Err(Refusal::OtherRoom));
    }
    hall.run_for(SECOND);
    // The oracle refuses a packet of a publication that the stream is not of.
    hall.assert_legal();
    assert!(
        streams
            .iter()
            .all(|stream| hall.oracle(*stream).packets > 40)
    );
}

#[test]
fn nothing_is_sent_to_who_has_no_proved_path_and_all_goes_on_when_it_has_one() {
    let mut hall = Hall::new(6);
    let speaker = hall.join(1);
    let sound = hall.publish_sound(speaker);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, sound);
    hall.run_for(SECOND);
    hall.command(Command::SetPath {
        participant: listener,
        path: None,
    })
    .unwrap();
    let before = hall.oracle(stream).packets;
    hall.run_for(SECOND);
    assert_eq!(hall.oracle(stream).packets, before);
    let mut path = hall.guest(listener).path;
    path.remote.set_port(50_000);
    hall.guest(listener).path = path;
    hall.command(Command::SetPath {
        participant: listener,
        path: Some(path),
    })
    .unwrap();
    hall.run_for(SECOND);
    hall.assert_legal();
    assert!(hall.oracle(stream).packets > before + 45);
}

#[test]
fn media_before_its_publication_is_dropped_and_counted_and_later_media_is_not() {
    let mut hall = Hall::new(7);
    let speaker = hall.join(1);
    let sound = hall.publish_sound(speaker);
    hall.command(Command::Unpublish { publication: sound })
        .unwrap();
    hall.run_for(SECOND);
    let unclaimed = hall.shard.snapshot(hall.clock.now()).refused.unclaimed;
    assert!(unclaimed >= 45, "{unclaimed}");
    let sound = hall.publish_sound(speaker);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, sound);
    hall.run_for(SECOND);
    hall.assert_legal();
    assert!(hall.oracle(stream).packets > 45);
}

#[test]
fn who_leaves_is_forgotten_and_its_listeners_are_told() {
    let mut hall = Hall::new(8);
    let speaker = hall.join(1);
    let sound = hall.publish_sound(speaker);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, sound);
    hall.run_for(SECOND);
    hall.command(Command::RemoveParticipant {
        participant: speaker,
    })
    .unwrap();
    let before = hall.oracle(stream).packets;
    hall.run_for(SECOND);
    hall.assert_legal();
    assert_eq!(hall.oracle(stream).packets, before);
    assert_eq!(hall.guest(listener).goodbyes, [0x4000_0000 | stream.0]);
    let again = Command::AddParticipant {
        participant: speaker,
        room: RoomId(1),
    };
    assert_eq!(hall.command(again), Ok(()));
}

#[test]
fn an_echo_comes_back() {
    let mut hall = Hall::new(9);
    hall.command(Command::Echo { token: 77 }).unwrap();
    assert_eq!(hall.events, [(Duration::ZERO, Event::Echo { token: 77 })]);
}
