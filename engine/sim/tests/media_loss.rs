//! What is lost on the way is asked for, and what a subscriber lost is sent again.

use std::time::Duration;
use veche_sim::Profile;
use veche_sim::link::Loss;
use veche_sim::media::{Hall, payload_type};

const SECOND: Duration = Duration::from_secs(1);

fn lossy(share: f64) -> Profile {
    let latency = Duration::from_millis(20);
    Profile {
        latency,
        loss: Loss::random(share),
        ..Profile::PERFECT
    }
}

#[test]
fn what_subscribers_lose_is_sent_again() {
    let mut hall = Hall::new(1);
    let speaker = hall.join(1);
    let (sound, picture) = (
        hall.publish_sound(speaker),
        hall.publish_picture(speaker, &[4]),
    );
    let mut streams = Vec::new();
    for _ in 0..3 {
        let listener = hall.join_over(1, lossy(0.02), lossy(0.05));
        streams.extend([
            hall.subscribe(listener, sound),
            hall.subscribe(listener, picture),
        ]);
    }
    hall.run_for(SECOND * 20);
    hall.guests
        .values_mut()
        .for_each(|guest| guest.tracks.clear());
    hall.run_for(SECOND * 2);
    hall.assert_legal();
    for stream in streams {
        let receiver = hall.receiver(stream);
        let packets = hall.oracle(stream).packets;
        assert!(receiver.recovered > 0 || !hall.oracle(stream).is_video);
        let lost = packets - receiver.received;
        // Three resends through 5 % loss: what is lost for good is one in a hundred thousand, and
        // what is lost at the very end is never noticed.
        assert!(lost <= 2, "{lost} of {packets}");
    }
}

#[test]
fn what_the_publisher_s_line_loses_is_asked_for_and_reaches_everybody_in_its_place() {
    let mut hall = Hall::new(2);
    let speaker = hall.join_over(1, lossy(0.05), lossy(0.01));
    let picture = hall.publish_picture(speaker, &[1, 3, 7]);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, picture);
    hall.run_for(SECOND * 20);
    hall.assert_legal();
    assert!(hall.guest(speaker).nacked > 100);
    let (gaps, packets) = (hall.oracle(stream).gaps(), hall.oracle(stream).packets);
    assert!(gaps * 200 < packets, "{gaps} of {packets}");
}

#[test]
fn nothing_is_asked_of_a_publisher_that_does_not_resend() {
    let mut hall = Hall::new(3);
    let speaker = hall.join_over(1, lossy(0.1), Profile::PERFECT);
    let sound = hall.publish_sound(speaker);
    hall.guest(speaker).answers = false;
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, sound);
    hall.run_for(SECOND * 10);
    hall.assert_legal();
    // Sound of these guests has no retransmission stream: its own packets come again.
    assert!(hall.oracle(stream).gaps() > 10);
}

#[test]
fn a_probe_is_not_forwarded_and_leaves_no_gap() {
    let mut hall = Hall::new(4);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &[3]);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, picture);
    for _ in 0..50 {
        hall.run_for(Duration::from_millis(34));
        // 200 bytes of padding and nothing else, on the layer and on its retransmissions.
        let layer = &mut hall.track(picture).layers[0];
        let mut probe = layer.packet(payload_type::VP8, false, &[], &[200; 200]);
        probe.bytes[0] |= 0x20;
        hall.send(speaker, &probe);
    }
    hall.run_for(SECOND);
    hall.assert_legal();
    assert_eq!(hall.oracle(stream).gaps(), 0);
    assert!(hall.oracle(stream).packets > 150);
}

#[test]
fn a_packet_from_before_a_change_of_layers_is_sent_again_as_it_was() {
    let mut hall = Hall::new(5);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &[2, 3]);
    let listener = hall.join(1);
    hall.guest(listener).asks_again = false;
    let stream = hall.subscribe(listener, picture);
    hall.run_for(SECOND);
    let before = hall.oracle(stream).highest.unwrap() as u16;
    hall.want(stream, Some(0));
    hall.run_for(Duration::from_millis(200));
    assert_eq!(hall.oracle(stream).layer, Some(0));
    let ssrc = 0x4000_0000 | stream.0;
    hall.send_control(listener, |writer| {
        writer
            .nack(1, ssrc, (0..5).rev().map(|back| before - back))
            .unwrap();
    });
    hall.assert_legal();
    assert_eq!(hall.oracle(stream).repairs, 5);
}

#[test]
fn a_packet_is_sent_again_three_times_at_most_and_not_twice_at_once() {
    let mut hall = Hall::new(6);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &[2]);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, picture);
    hall.run_for(SECOND);
    hall.guest(speaker).tracks.clear();
    let newest = hall.oracle(stream).highest.unwrap() as u16;
    let ssrc = 0x4000_0000 | stream.0;
    let ask = |hall: &mut Hall| {
        hall.send_control(listener, |writer| writer.nack(1, ssrc, [newest]).unwrap());
    };
    ask(&mut hall);
    ask(&mut hall);
    assert_eq!(hall.oracle(stream).repairs, 1);
    for _ in 0..5 {
        hall.run_for(Duration::from_millis(110));
        ask(&mut hall);
    }
    assert_eq!(hall.oracle(stream).repairs, 3);
    hall.assert_legal();
}

#[test]
fn a_storm_of_requests_is_heard_two_thousand_times_a_second_and_counted() {
    let mut hall = Hall::new(7);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &[7]);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, picture);
    hall.run_for(SECOND * 2);
    let newest = hall.oracle(stream).highest.unwrap() as u16;
    let ssrc = 0x4000_0000 | stream.0;
    let before = hall.emitted;
    for _ in 0..100 {
        hall.send_control(listener, |writer| {
            writer
                .nack(1, ssrc, (0..400).rev().map(|back| newest - back))
                .unwrap();
        });
    }
    let refused = hall
        .shard
        .snapshot(hall.clock.now())
        .refused
        .too_many_requests;
    assert_eq!(refused, 100 * 400 - 2000);
    assert!(hall.emitted.0 - before.0 <= 400);
    hall.assert_legal();
}
