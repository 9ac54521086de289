//! Nobody but the peer can disturb a handshake or a meeting: any length, any kind, any source.

use std::net::SocketAddr;
use std::time::Duration;

use veche_sfu::ids::ParticipantId;
use veche_sfu::transport::limits::DATAGRAM_BYTES;
use veche_sfu::transport::registry::{
    DATAGRAMS_PER_SECOND, HANDSHAKES_IN_FLIGHT, UNPROVED_CHECKS_PER_SECOND, Unrouted,
};
use veche_sfu::transport::stun::Check;
use veche_sfu::transport::{Output, Refusal};
use veche_sim::Profile;
use veche_sim::world::{Fate, World};

const NONE: [String; 0] = [];
const STRANGER: SocketAddr = SocketAddr::new(
    std::net::IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 66)),
    666,
);

/// Everything an honest client sends up to the end of its handshake, and a while beyond.
fn honest_datagrams() -> Vec<Vec<u8>> {
    let mut world = World::new(99);
    world.is_recording = true;
    let id = world.join(Profile::CLEAN);
    world.run_for(Duration::from_secs(1));
    for label in ["_reliable", "_lossy"] {
        assert!(world.act(id, |client| client.send(label, b"a message")));
    }
    world.run_for(Duration::from_secs(1));
    world.recorded.into_iter().map(|(_, bytes)| bytes).collect()
}

fn client_hello() -> Vec<u8> {
    let is_client_hello = |bytes: &Vec<u8>| bytes.first() == Some(&22) && bytes.get(13) == Some(&1);
    honest_datagrams()
        .into_iter()
        .find(is_client_hello)
        .expect("a handshake begins with it")
}

#[test]
fn a_strangers_client_hello_does_nothing_before_ice() {
    let hello = client_hello();
    let mut world = World::new(1);
    let id = world.join(Profile::OFFICE);
    for _ in 0..1000 {
        assert_eq!(
            world.inject(STRANGER, &hello),
            Fate::Unrouted(Unrouted::UnknownPath)
        );
    }
    assert_eq!(world.registry.handshakes_in_flight(), 0);
    assert!(world.run_until(Duration::from_secs(2), |world| world.get(id).is_connected()));
}

#[test]
fn a_transport_alone_refuses_dtls_from_an_unproved_path() {
    // The registry would not let it through: the transport does not rely on that.
    let hello = client_hello();
    let mut world = World::new(1);
    let id = world.join(Profile::CLEAN);
    let now = world.clock.now();
    let path = veche_sfu::path::Path {
        local: 0,
        remote: STRANGER,
    };
    let transport = &mut world.get_mut(id).transport;
    let result = transport.handle_datagram(now, path, &hello);
    assert_eq!(result, Err(Refusal::UnprovedPath));
}

#[test]
fn two_hundred_joins_succeed_under_a_storm_of_client_hellos() {
    let hello = client_hello();
    let mut broken = [hello.clone(), hello.clone(), hello.clone()];
    broken[0][1] = 0xfc; // a version nobody speaks
    broken[1].truncate(40); // a fragment
    broken[2][25..].fill(0); // no random, no ciphers
    let mut world = World::new(5);
    let mut ids = Vec::new();
    for number in 0..200_u16 {
        ids.push(world.join(Profile::OFFICE));
        for storm in 0..20 {
            let source = SocketAddr::from(([192, 0, 2, 7], 1024 + number * 20 + storm));
            let bytes = &broken[usize::from(storm) % 3];
            assert_eq!(
                world.inject(source, bytes),
                Fate::Unrouted(Unrouted::UnknownPath)
            );
        }
        world.run_for(Duration::from_millis(20));
    }
    world.run_for(Duration::from_secs(5));
    assert!(ids.iter().all(|id| world.get(*id).is_connected()));
    assert_eq!(world.violations, NONE);
}

/// A datagram of each kind that a demultiplexer distinguishes (RFC 7983), and of none.
fn kinds(honest: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let first_of = |range: std::ops::RangeInclusive<u8>| {
        let is_kind = move |bytes: &&Vec<u8>| bytes.first().is_some_and(|it| range.contains(it));
        honest
            .iter()
            .filter(is_kind)
            .max_by_key(|bytes| bytes.len())
            .cloned()
    };
    let check = first_of(0..=3).expect("clients check");
    let hello = first_of(22..=22).expect("clients shake hands");
    let record = first_of(23..=23).expect("clients send messages");
    let rtp = vec![0x80, 111, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1];
    let rtcp = vec![0x80, 201, 0, 1, 0, 0, 0, 1];
    let quic = vec![0xc3, 0, 0, 0, 1];
    let turn_channel = vec![0x40, 0, 0, 4];
    vec![
        check,
        hello,
        record,
        rtp,
        rtcp,
        quic,
        turn_channel,
        vec![0xff; 4],
        vec![0; 20],
    ]
}

/// The kind at this length: cut, or prolonged with what the generator gives.
fn resized(world: &mut World, kind: &[u8], length: usize) -> Vec<u8> {
    let mut bytes = kind.to_vec();
    bytes.truncate(length);
    let missing = length.saturating_sub(bytes.len());
    bytes.extend(world.rng.bytes(missing));
    // Half of the checks say how long they really are, so that more than the length is tested.
    if length >= 20 && length % 8 == 4 && bytes[0] == 0 {
        bytes[2..4].copy_from_slice(&(length as u16 - 20).to_be_bytes());
    }
    bytes
}

/// A whole check is valid from anywhere: a stranger's differs in its integrity, which stands
/// before the eight bytes of the fingerprint.
fn spoilt(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(position) = bytes.len().checked_sub(12) {
        bytes[position] ^= 1;
    }
    bytes
}

/// What a participant is, apart from its counters of refusals.
fn state(world: &World, id: ParticipantId) -> (usize, usize, usize, bool) {
    let participant = world.get(id);
    (
        participant.outputs.len(),
        participant.events.len(),
        world.registry.handshakes_in_flight(),
        participant.transport.has_ended(),
    )
}

/// How far a participant has come.
#[derive(Clone, Copy, Debug)]
enum Stage {
    BeforeIce,
    AfterIce,
    AfterDtls,
}

impl Stage {
    fn enter(self, seed: u64) -> (World, ParticipantId) {
        let mut world = World::new(seed);
        let id = world.prepare(Profile::CLEAN);
        if let Self::AfterIce = self {
            // Checks pass, records do not.
            let short = Profile {
                mtu: 160,
                ..Profile::CLEAN
            };
            world.get_mut(id).up.become_profile(short);
        }
        if !matches!(self, Self::BeforeIce) {
            world.introduce(id);
        }
        world.run_for(Duration::from_secs(1));
        let outputs = &world.get(id).outputs;
        let has_address = outputs
            .iter()
            .any(|(_, it)| matches!(it, Output::AddressProved(_)));
        assert_eq!(has_address, !matches!(self, Self::BeforeIce), "{outputs:?}");
        assert_eq!(
            world.get(id).is_connected(),
            matches!(self, Self::AfterDtls)
        );
        (world, id)
    }
}

/// Slow enough for every rate limit, so that no datagram dies of being one too many.
const PACE: Duration = Duration::from_micros(500);

#[test]
fn every_length_of_every_kind_from_a_wrong_source_changes_nothing_in_any_stage() {
    let kinds = kinds(&honest_datagrams());
    for stage in [Stage::BeforeIce, Stage::AfterIce, Stage::AfterDtls] {
        let (mut world, id) = stage.enter(17);
        let quiet = state(&world, id);
        for kind in &kinds {
            for length in 0..=2048 {
                let bytes = spoilt(resized(&mut world, kind, length));
                let is_check = kind[0] == 0;
                let fate = world.inject(STRANGER, &bytes);
                let is_unrouted = matches!(fate, Fate::Unrouted(_));
                assert!(is_check || is_unrouted, "{stage:?}, {length}: {fate:?}");
                let fate = world.inject_past_registry(id, STRANGER, &bytes);
                let is_refused = matches!(fate, Fate::Refused(_));
                assert!(is_check || is_refused, "{stage:?}, {length}: {fate:?}");
                world.run_for(PACE);
                assert_eq!(state(&world, id), quiet, "{stage:?}, length {length}");
            }
        }
        assert_eq!(world.violations, NONE);
    }
}

#[test]
fn every_length_of_every_kind_from_the_right_source_is_survived_in_every_stage() {
    let kinds = kinds(&honest_datagrams());
    for stage in [Stage::BeforeIce, Stage::AfterIce, Stage::AfterDtls] {
        let (mut world, id) = stage.enter(17);
        for kind in &kinds {
            for length in 0..=2048 {
                let bytes = resized(&mut world, kind, length);
                let source = world.get(id).external;
                world.inject(source, &bytes);
                world.inject_past_registry(id, source, &bytes);
                world.run_for(PACE);
                // It may cost the participant its handshake, and nothing else.
                if world.get(id).transport.has_ended() {
                    (world, _) = stage.enter(length as u64);
                }
            }
        }
    }
}

#[test]
fn an_overlong_datagram_is_not_looked_at() {
    let mut world = World::new(1);
    let id = world.join(Profile::CLEAN);
    world.run_for(Duration::from_secs(1));
    let source = world.get(id).external;
    for (length, is_looked_at) in [
        (DATAGRAM_BYTES - 1, true),
        (DATAGRAM_BYTES, true),
        (DATAGRAM_BYTES + 1, false),
    ] {
        let mut record = vec![0; length];
        record[0] = 23;
        let fate = world.inject(source, &record);
        assert_eq!(fate == Fate::Accepted, is_looked_at, "{length}: {fate:?}");
    }
}

#[test]
fn checks_from_unknown_addresses_are_limited_for_the_engine_as_a_whole() {
    let honest = honest_datagrams();
    let check = honest
        .iter()
        .find(|bytes| Check::parse(bytes).is_some())
        .expect("a check");
    let mut world = World::new(1);
    let _absent = world.prepare(Profile::CLEAN);
    let mut fates = Vec::new();
    for number in 0..=UNPROVED_CHECKS_PER_SECOND {
        let source = SocketAddr::from(([192, 0, 2, 9], 1024 + number as u16));
        fates.push(world.inject(source, check));
    }
    let too_fast = Fate::Unrouted(Unrouted::TooFast);
    assert_eq!(
        fates.iter().position(|fate| *fate == too_fast),
        Some(fates.len() - 1)
    );
    // A known address is not held up by them.
    world.clock.advance(Duration::from_secs(2));
    let known = world.join(Profile::CLEAN);
    world.run_for(Duration::from_secs(1));
    while world.inject(STRANGER, check) != too_fast {}
    world.run_for(Duration::from_millis(1));
    let source = world.get(known).external;
    let answered = world.get(known).transport.counters().datagrams_accepted;
    world.run_for(Duration::from_secs(3));
    assert!(world.get(known).transport.counters().datagrams_accepted > answered);
    assert!(
        world
            .registry
            .owner(veche_sfu::path::Path {
                local: 0,
                remote: source
            })
            .is_some()
    );
}

#[test]
fn one_participant_cannot_take_all_the_time() {
    let mut world = World::new(1);
    let id = world.join(Profile::CLEAN);
    world.run_for(Duration::from_secs(3));
    let source = world.get(id).external;
    let garbage = [23, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let fates: Vec<Fate> = (0..=DATAGRAMS_PER_SECOND)
        .map(|_| world.inject(source, &garbage))
        .collect();
    let accepted = fates.iter().filter(|fate| **fate == Fate::Accepted).count();
    assert_eq!(accepted, DATAGRAMS_PER_SECOND as usize);
    assert_eq!(fates.last(), Some(&Fate::Unrouted(Unrouted::TooFast)));
}

#[test]
fn handshakes_in_flight_are_limited_and_the_next_one_waits_for_its_turn() {
    let mut world = World::new(1);
    let mut ids = Vec::new();
    for _ in 0..=HANDSHAKES_IN_FLIGHT {
        let id = world.join(Profile::CLEAN);
        // The first flight passes, the certificate does not.
        world.get_mut(id).up.become_profile(Profile {
            mtu: 400,
            ..Profile::CLEAN
        });
        ids.push(id);
    }
    world.run_for(Duration::from_millis(900));
    assert_eq!(world.registry.handshakes_in_flight(), HANDSHAKES_IN_FLIGHT);
    let late = ids.last().copied().expect("one too many");
    world.get_mut(late).up.become_profile(Profile::CLEAN);
    world.run_for(Duration::from_secs(2));
    assert!(!world.get(late).is_connected());
    let first = ids[0];
    world.registry.remove(first);
    assert!(world.run_until(Duration::from_secs(10), |world| {
        world.get(late).is_connected()
    }));
}
