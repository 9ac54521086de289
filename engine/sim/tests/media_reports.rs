//! What participants are told about their streams: clocks, losses, arrivals, ends.

use std::time::Duration;
use veche_sfu::rtcp::NtpTime;
use veche_sim::Profile;
use veche_sim::link::Loss;
use veche_sim::media::Hall;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn sound_and_picture_of_a_publisher_are_told_on_one_clock() {
    let mut hall = Hall::new(1);
    let jitter = Profile {
        jitter: Duration::from_millis(30),
        ..Profile::CLEAN
    };
    let speaker = hall.join_over(1, jitter, Profile::CLEAN);
    let (sound, picture) = (
        hall.publish_sound(speaker),
        hall.publish_picture(speaker, &[1, 3]),
    );
    let listener = hall.join(1);
    let (heard, seen) = (
        hall.subscribe(listener, sound),
        hall.subscribe(listener, picture),
    );
    hall.run_for(SECOND * 5);
    hall.want(seen, Some(0));
    hall.run_for(SECOND * 10);
    hall.assert_legal();
    // Where both media clocks of the publisher are now, by the reports of the two streams.
    let ours = NtpTime(1 << 60).after(hall.clock.elapsed());
    let told = |stream, rate: u32| {
        let timestamp = hall.receiver(stream).timestamp_at(ours, rate).unwrap();
        let (at, newest) = hall.oracle(stream).newest().unwrap();
        let ahead = timestamp.wrapping_sub(newest).cast_signed();
        (
            hall.clock.elapsed() - at,
            f64::from(ahead) / f64::from(rate),
        )
    };
    // How long ago the newest packet was made, by the stream's own clock.
    let ((heard_ago, heard_age), (seen_ago, seen_age)) = (told(heard, 48_000), told(seen, 90_000));
    for (ago, age) in [(heard_ago, heard_age), (seen_ago, seen_age)] {
        // It came 1 to 31 ms after it was made, and a script's frame may be one step old.
        let delay = age - ago.as_secs_f64();
        assert!(
            (-0.035..0.07).contains(&delay),
            "made {age}, came {ago:?} ago"
        );
    }
}

#[test]
fn a_publisher_is_told_its_losses_each_second() {
    let mut hall = Hall::new(2);
    let lossy = Profile {
        loss: Loss::random(0.1),
        ..Profile::CLEAN
    };
    let speaker = hall.join_over(1, lossy, Profile::CLEAN);
    let picture = hall.publish_picture(speaker, &[3]);
    hall.run_for(SECOND * 10);
    let ssrc = hall.track(picture).layers[0].ssrc;
    let (count, fraction) = hall.guest(speaker).reports[&ssrc];
    assert!((9..=11).contains(&count), "{count}");
    assert!((5..60).contains(&fraction), "{fraction}");
    let snapshot = hall.shard.snapshot(hall.clock.now());
    assert!(snapshot.participants[0].lost_in > 0.02);
}

#[test]
fn the_round_trip_and_the_losses_of_a_subscriber_are_measured() {
    let mut hall = Hall::new(3);
    let latency = Duration::from_millis(40);
    let lossy = Profile {
        latency,
        loss: Loss::random(0.2),
        ..Profile::CLEAN
    };
    let speaker = hall.join(1);
    let sound = hall.publish_sound(speaker);
    let listener = hall.join_over(1, lossy, lossy);
    hall.guest(listener).asks_again = false;
    hall.subscribe(listener, sound);
    hall.run_for(SECOND * 20);
    let snapshot = hall.shard.snapshot(hall.clock.now());
    let measured = &snapshot.participants[1];
    let trip = measured.round_trip.unwrap();
    assert!((79..=82).contains(&trip.as_millis()), "{trip:?}");
    assert!(
        (0.05..0.4).contains(&measured.lost_out),
        "{}",
        measured.lost_out
    );
    assert!(measured.bitrate_out_bps > 30_000);
}

#[test]
fn a_sender_that_estimates_its_path_is_told_every_arrival() {
    let mut hall = Hall::new(4);
    let speaker = hall.join_over(1, Profile::OFFICE, Profile::CLEAN);
    let picture = hall.publish_picture(speaker, &[1, 3, 7]);
    hall.run_for(SECOND * 10);
    let came = hall.shard.snapshot(hall.clock.now()).participants[0].packets_in;
    let told = hall.guest(speaker).arrivals_told;
    // Doubled packets arrive once; late ones were told lost.
    assert!(told <= came && told * 100 > came * 97, "{told} of {came}");
    assert_eq!(hall.guest(speaker).allowed_bps, None);
    hall.track(picture);
}

#[test]
fn a_reference_time_is_answered() {
    let mut hall = Hall::new(5);
    let speaker = hall.join(1);
    hall.publish_sound(speaker);
    hall.run_for(SECOND);
    hall.send_control(speaker, |writer| {
        writer.reference_time(7, NtpTime(1 << 40)).unwrap()
    });
    hall.run_for(SECOND);
    assert_eq!(hall.guest(speaker).delay_reports, 1);
    hall.run_for(SECOND * 3);
    assert_eq!(hall.guest(speaker).delay_reports, 1, "answered once");
}
