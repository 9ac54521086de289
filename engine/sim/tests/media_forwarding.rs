//! Sound and picture reach everybody who subscribed, whole and unchanged, and nobody else.

use std::time::Duration;
use veche_sfu::shard::Event;
use veche_sim::media::Hall;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn sound_and_picture_reach_every_subscriber_whole() {
    let mut hall = Hall::new(1);
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
    let started = hall
        .events
        .iter()
        .filter(|(_, event)| matches!(event, Event::MediaStarted { .. }));
    assert_eq!(started.count(), 2);
    assert_eq!(hall.shard.snapshot(hall.clock.now()).refused.total(), 0);
}
