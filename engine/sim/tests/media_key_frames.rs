//! Who cannot decode gets a key frame, and a publisher is not asked more than it can bear.

use std::time::Duration;
use veche_sim::media::Hall;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_new_subscriber_has_its_key_frame_within_a_second() {
    let mut hall = Hall::new(1);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &[3]);
    hall.run_for(SECOND * 3);
    for _ in 0..10 {
        let listener = hall.join(1);
        let stream = hall.subscribe(listener, picture);
        hall.run_for(SECOND);
        assert!(hall.oracle(stream).packets > 0);
    }
    hall.assert_legal();
}

#[test]
fn a_storm_of_key_frame_requests_is_two_a_second_for_the_publisher() {
    for layers in [&[3][..], &[1, 3, 7]] {
        let mut hall = Hall::new(2);
        let speaker = hall.join(1);
        let picture = hall.publish_picture(speaker, layers);
        // A publisher that obeys would make every wish vanish.
        hall.guest(speaker).answers = false;
        let mut streams = Vec::new();
        for layer in (0..3).cycle().take(12) {
            let listener = hall.join(1);
            let stream = hall.subscribe(listener, picture);
            hall.want(stream, Some(layer));
            streams.push((listener, 0x4000_0000 | stream.0));
        }
        hall.run_for(SECOND);
        for _ in 0..1000 {
            hall.run_for(Duration::from_millis(10));
            for (listener, ssrc) in &streams {
                hall.send_control(*listener, |writer| writer.picture_loss(1, *ssrc).unwrap());
            }
        }
        let asked: Vec<_> = hall.guest(speaker).key_frame_requests.clone();
        for (at, _) in &asked {
            let within = |it: &&(Duration, u32)| it.0 >= *at && it.0 < *at + SECOND;
            assert!(asked.iter().filter(within).count() <= 2);
        }
        assert!(asked.len() >= 15, "{}", asked.len());
        hall.assert_legal();
    }
}

#[test]
fn a_request_that_is_not_answered_is_repeated() {
    let mut hall = Hall::new(3);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &[3]);
    hall.run_for(SECOND);
    hall.guest(speaker).answers = false;
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, picture);
    hall.run_for(SECOND * 3);
    assert_eq!(hall.oracle(stream).packets, 0);
    assert!((5..=7).contains(&hall.guest(speaker).key_frame_requests.len()));
    hall.guest(speaker).answers = true;
    hall.run_for(SECOND);
    assert!(hall.oracle(stream).packets > 10);
    let asked = hall.guest(speaker).key_frame_requests.len();
    hall.run_for(SECOND * 3);
    assert_eq!(
        hall.guest(speaker).key_frame_requests.len(),
        asked,
        "nobody waits any more"
    );
    hall.assert_legal();
}

#[test]
fn nobody_is_asked_for_a_key_frame_of_a_closed_publication() {
    let mut hall = Hall::new(4);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &[3]);
    hall.run_for(SECOND);
    hall.set_gate(picture, false);
    let asked = hall.guest(speaker).key_frame_requests.len();
    let listener = hall.join(1);
    hall.subscribe(listener, picture);
    hall.run_for(SECOND * 3);
    assert_eq!(hall.guest(speaker).key_frame_requests.len(), asked);
    hall.assert_legal();
}
