//! The floor is enforced where packets are forwarded: who is silenced is silent at once.

use std::time::Duration;
use veche_sfu::ids::{ParticipantId, PublicationId, SubscriptionId};
use veche_sfu::shard::{Codec, Command, Event};
use veche_sim::media::Hall;
use veche_sim::{Profile, Rng};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_revoked_grant_is_silent_at_once() {
    let mut hall = Hall::new(1);
    let speaker = hall.join(1);
    let sound = hall.publish_sound(speaker);
    let picture = hall.publish_picture(speaker, &[3]);
    let listener = hall.join(1);
    let (heard, seen) = (
        hall.subscribe(listener, sound),
        hall.subscribe(listener, picture),
    );
    hall.run_for(SECOND);
    // The patched client sends on.
    hall.set_gate(sound, false);
    hall.set_gate(picture, false);
    let before = (hall.oracle(heard).packets, hall.oracle(seen).packets);
    hall.run_for(SECOND * 3);
    hall.assert_legal();
    assert_eq!(
        (hall.oracle(heard).packets, hall.oracle(seen).packets),
        before
    );
}

#[test]
fn a_packet_held_for_its_picture_does_not_survive_the_closing() {
    let mut hall = Hall::new(2);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &[4]);
    let listener = hall.join(1);
    hall.subscribe(listener, picture);
    hall.run_for(SECOND);
    let path = hall.guest(speaker).path;
    let mut tracks = std::mem::take(&mut hall.guest(speaker).tracks);
    let frame = tracks[0].next_frame(&mut hall.ledger, &mut 0);
    let sealed = hall.seal(speaker, &frame[0]);
    hall.inject(path, &sealed);
    hall.set_gate(picture, false);
    hall.run_for(Duration::from_millis(10));
    hall.assert_legal();
}

#[test]
fn what_was_said_before_the_closing_is_not_said_again_on_request() {
    let mut hall = Hall::new(3);
    let speaker = hall.join(1);
    let sound = hall.publish_sound(speaker);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, sound);
    hall.run_for(SECOND);
    hall.set_gate(sound, false);
    let newest = hall.oracle(stream).highest.unwrap() as u16;
    let ssrc = 0x4000_0000 | stream.0;
    hall.send_control(listener, |writer| {
        writer
            .nack(1, ssrc, (0..10).map(|back| newest - back))
            .unwrap();
    });
    hall.assert_legal();
    hall.set_gate(sound, true);
    hall.send_control(listener, |writer| {
        writer
            .nack(1, ssrc, (0..10).map(|back| newest - back))
            .unwrap();
    });
    assert_eq!(hall.oracle(stream).repairs, 0);
}

#[test]
fn what_was_said_while_closed_and_arrives_late_is_not_heard() {
    let mut hall = Hall::new(4);
    let speaker = hall.join(1);
    let sound = hall.publish_sound(speaker);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, sound);
    hall.run_for(SECOND);
    let path = hall.guest(speaker).path;
    let mut tracks = std::mem::take(&mut hall.guest(speaker).tracks);
    let mut step = |hall: &mut Hall| {
        let packet = tracks[0].next_frame(&mut hall.ledger, &mut 0).remove(0);
        hall.seal(speaker, &packet)
    };
    hall.set_gate(sound, false);
    let (late, in_time) = (step(&mut hall), step(&mut hall));
    hall.inject(path, &in_time);
    hall.set_gate(sound, true);
    let before = hall.oracle(stream).packets;
    hall.inject(path, &late);
    assert_eq!(hall.oracle(stream).packets, before);
    let fresh = step(&mut hall);
    hall.inject(path, &fresh);
    assert_eq!(hall.oracle(stream).packets, before + 1);
    hall.assert_legal();
}

#[test]
fn the_closing_is_acknowledged_with_the_last_packet_that_was_forwarded() {
    let mut hall = Hall::new(5);
    let speaker = hall.join(1);
    let sound = hall.publish(speaker, Codec::Opus, &[1], false);
    hall.run_for(SECOND);
    hall.set_gate(sound, true);
    hall.run_for(SECOND);
    let last = hall.track(sound).layers[0].sequence - 1;
    hall.set_gate(sound, false);
    hall.run_for(SECOND);
    hall.set_gate(sound, false);
    let applied: Vec<_> = hall
        .events
        .iter()
        .filter_map(|(_, event)| match event {
            Event::GateApplied {
                is_open,
                last_sequence,
                ..
            } => Some((*is_open, *last_sequence)),
            _ => None,
        })
        .collect();
    let last = Some(last as u16);
    assert_eq!(applied, [(true, None), (false, last), (false, last)]);
}

#[test]
fn sound_goes_on_without_a_gap_after_the_gate_was_closed() {
    let mut hall = Hall::new(6);
    let speaker = hall.join(1);
    let sound = hall.publish_sound(speaker);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, sound);
    for _ in 0..10 {
        hall.run_for(SECOND);
        hall.set_gate(sound, false);
        hall.run_for(SECOND);
        hall.set_gate(sound, true);
    }
    hall.run_for(SECOND);
    hall.assert_legal();
    assert_eq!(hall.oracle(stream).gaps(), 0);
    assert!(hall.oracle(stream).packets > 500);
}

#[test]
fn a_picture_comes_back_with_a_key_frame_that_is_asked_for_at_once() {
    let mut hall = Hall::new(7);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &[3]);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, picture);
    hall.run_for(SECOND);
    hall.set_gate(picture, false);
    hall.run_for(SECOND * 5);
    hall.set_gate(picture, true);
    let (asked, before) = (
        hall.guest(speaker).key_frame_requests.len(),
        hall.oracle(stream).packets,
    );
    hall.run_for(Duration::from_millis(100));
    assert_eq!(hall.guest(speaker).key_frame_requests.len(), asked + 1);
    assert!(hall.oracle(stream).packets >= before + 9);
    hall.assert_legal();
    assert_eq!(hall.oracle(stream).gaps(), 0);
}

#[test]
fn speech_at_a_closed_gate_is_told_once_for_each_closing() {
    let mut hall = Hall::new(8);
    let speaker = hall.join(1);
    let sound = hall.publish_sound(speaker);
    hall.run_for(SECOND);
    let told = |hall: &Hall| {
        let is_told = |event: &Event| *event == Event::VoiceHeldBack { publication: sound };
        hall.events
            .iter()
            .filter(|(_, event)| is_told(event))
            .count()
    };
    assert_eq!(told(&hall), 0);
    for closing in 1..=2 {
        hall.set_gate(sound, false);
        hall.run_for(SECOND * 5);
        assert_eq!(told(&hall), closing);
        hall.set_gate(sound, true);
        hall.run_for(SECOND);
    }
    hall.assert_legal();
}

/// What a chair, a host and the network may do to a hall, in any order.
struct Interleaving {
    hall: Hall,
    rng: Rng,
    sounds: Vec<(ParticipantId, PublicationId)>,
    streams: Vec<SubscriptionId>,
}

impl Interleaving {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        Self {
            hall: Hall::new(rng.next()),
            rng,
            sounds: Vec::new(),
            streams: Vec::new(),
        }
    }

    fn step(&mut self) {
        let profile = if self.rng.chance(0.5) {
            Profile::PERFECT
        } else {
            Profile::OFFICE
        };
        match self.rng.below(8) {
            0 | 1 if self.sounds.len() < 4 => {
                let speaker = self.hall.join_over(1, profile, profile);
                let is_open = self.rng.chance(0.5);
                let sound = self.hall.publish(speaker, Codec::Opus, &[1], is_open);
                self.sounds.push((speaker, sound));
            }
            2 if !self.sounds.is_empty() => {
                let (_, sound) = self.any();
                let listener = self.hall.join_over(1, profile, profile);
                self.streams.push(self.hall.subscribe(listener, sound));
            }
            3 | 4 if !self.sounds.is_empty() => {
                let (_, sound) = self.any();
                let is_open = self.rng.chance(0.5);
                self.hall.set_gate(sound, is_open);
            }
            5 if !self.sounds.is_empty() => {
                // A resume: the path moves, keys and publications stay.
                let (speaker, _) = self.any();
                let mut path = self.hall.guest(speaker).path;
                path.remote.set_port(path.remote.port() + 1);
                self.hall.guest(speaker).path = path;
                let command = Command::SetPath {
                    participant: speaker,
                    path: Some(path),
                };
                self.hall.command(command).unwrap();
            }
            6 if self.sounds.len() > 1 && self.rng.chance(0.3) => {
                let place = self.rng.below(self.sounds.len() as u64) as usize;
                let (participant, sound) = self.sounds.remove(place);
                self.hall
                    .command(Command::RemoveParticipant { participant })
                    .unwrap();
                self.hall.silenced.insert(sound);
                self.hall
                    .guests
                    .get_mut(&participant)
                    .unwrap()
                    .tracks
                    .clear();
            }
            _ => {
                let pause = self.rng.duration(Duration::from_millis(60));
                self.hall.run_for(pause);
            }
        }
    }

    fn any(&mut self) -> (ParticipantId, PublicationId) {
        self.sounds[self.rng.below(self.sounds.len() as u64) as usize]
    }
}

/// How many interleavings a run tries: 10 000 when a change is checked, and a bar of 100 000
/// before a release (`VECHE_INTERLEAVINGS`).
fn interleavings() -> u64 {
    let asked = std::env::var("VECHE_INTERLEAVINGS").ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(10_000)
}

#[test]
fn no_interleaving_of_grants_joins_and_resumes_lets_a_silenced_speaker_through() {
    const STEPS: u64 = 25;
    let mut heard = 0;
    for seed in 0..interleavings() {
        let mut interleaving = Interleaving::new(seed);
        (0..STEPS).for_each(|_| interleaving.step());
        let hall = &interleaving.hall;
        assert!(
            hall.violations.is_empty(),
            "seed {seed}: {:?}",
            hall.violations[0]
        );
        heard += hall.emitted.0;
    }
    assert!(
        heard > interleavings(),
        "the interleavings let somebody speak: {heard}"
    );
}
