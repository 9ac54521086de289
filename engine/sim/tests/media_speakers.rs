//! A room is told who speaks, when that changes.

use std::time::Duration;
use veche_sfu::ids::ParticipantId;
use veche_sfu::shard::Event;
use veche_sfu::speakers::WINDOW;
use veche_sim::media::Hall;

const SECOND: Duration = Duration::from_secs(1);

fn told(hall: &mut Hall) -> Vec<(ParticipantId, f32)> {
    let events = std::mem::take(&mut hall.events);
    let levels = events.into_iter().filter_map(|(_, event)| match event {
        Event::SpeakersChanged { levels, .. } => Some(levels),
        _ => None,
    });
    levels.flatten().collect()
}

#[test]
fn who_speaks_is_told_once_and_who_stops_is_told_as_silent() {
    let mut hall = Hall::new(1);
    let (loud, quiet) = (hall.join(1), hall.join(1));
    let sound = hall.publish_sound(loud);
    let other = hall.publish_sound(quiet);
    hall.track(sound).level = 6;
    hall.track(other).level = 90;
    hall.run_for(SECOND * 3);
    let heard = told(&mut hall);
    assert!(
        heard
            .iter()
            .all(|(who, level)| *who == loud && *level > 0.0)
    );
    assert!(heard.len() <= 3, "rises, then stands: {heard:?}");
    hall.run_for(SECOND * 3);
    assert_eq!(told(&mut hall), []);
    hall.track(sound).level = 127;
    hall.run_for(SECOND * 5);
    assert_eq!(told(&mut hall).last(), Some(&(loud, 0.0)));
}

#[test]
fn who_is_closed_does_not_speak() {
    let mut hall = Hall::new(2);
    let speaker = hall.join(1);
    let sound = hall.publish_sound(speaker);
    hall.run_for(SECOND * 2);
    assert!(told(&mut hall).last().unwrap().1 > 0.0);
    hall.set_gate(sound, false);
    // With the window that ends next, not after two without packets.
    hall.run_for(WINDOW);
    assert_eq!(told(&mut hall), [(speaker, 0.0)]);
    hall.run_for(SECOND * 5);
    assert_eq!(told(&mut hall), []);
}

#[test]
fn who_leaves_while_speaking_is_told_as_silent() {
    let mut hall = Hall::new(3);
    let (speaker, _other) = (hall.join(1), hall.join(1));
    hall.publish_sound(speaker);
    hall.run_for(SECOND * 2);
    told(&mut hall);
    hall.guest(speaker).tracks.clear();
    let leave = veche_sfu::shard::Command::RemoveParticipant {
        participant: speaker,
    };
    hall.command(leave).unwrap();
    hall.run_for(SECOND);
    assert_eq!(told(&mut hall), [(speaker, 0.0)]);
    assert!(
        hall.shard.next_deadline().is_none(),
        "an empty room needs no clock"
    );
}
