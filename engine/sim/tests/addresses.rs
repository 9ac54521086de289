//! Where a peer is spoken to: only where ICE proved it, only as long as it consents.

use std::net::SocketAddr;
use std::time::Duration;

use veche_sfu::ids::ParticipantId;
use veche_sfu::path::Path;
use veche_sfu::transport::limits::{
    CONSENT_EXPIRES_AFTER, DISCONNECTED_AFTER, OLD_CREDENTIALS_LIVE_FOR,
};
use veche_sfu::transport::stun::Check;
use veche_sfu::transport::{Output, Refusal, Sent};
use veche_sim::Profile;
use veche_sim::world::{Fate, World};

const NONE: [String; 0] = [];

fn connected(seed: u64, profile: Profile) -> (World, ParticipantId) {
    let mut world = World::new(seed);
    let id = world.join(profile);
    let is_ready = |world: &World| {
        let participant = world.get(id);
        participant.has_channel("_reliable") && participant.has_channel("_lossy")
    };
    assert!(
        world.run_until(Duration::from_secs(60), is_ready),
        "{:#?}",
        world.log()
    );
    (world, id)
}

fn stranger(number: u16) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 66], 1024 + number))
}

/// When the last output of this kind came.
fn last(world: &World, id: ParticipantId, kind: impl Fn(&Output) -> bool) -> Option<Duration> {
    let mut outputs = world.get(id).outputs.iter().rev();
    outputs.find(|(_, output)| kind(output)).map(|(at, _)| *at)
}

fn proved(world: &World, id: ParticipantId) -> Option<SocketAddr> {
    world
        .get(id)
        .outputs
        .iter()
        .rev()
        .find_map(|(_, output)| match output {
            Output::AddressProved(path) => Some(Some(path.remote)),
            Output::AddressLost => Some(None),
            _ => None,
        })?
}

#[test]
fn a_new_source_port_heals_within_two_seconds() {
    for seed in 0..5 {
        let (mut world, id) = connected(seed, Profile::OFFICE);
        let moment = world.rng.duration(Duration::from_secs(3));
        world.run_for(moment);
        world.get_mut(id).external.set_port(41_000);
        let moved = |world: &World| proved(world, id).is_some_and(|it| it.port() == 41_000);
        assert!(
            world.run_until(Duration::from_secs(2), moved),
            "{:#?}",
            world.log()
        );
        assert_eq!(
            world.command(id, |it| it.send("_reliable", b"still here?")),
            Ok(Sent::Queued)
        );
        assert!(world.act(id, |client| client.send("_reliable", b"yes")));
        let heard = |world: &World| {
            let participant = world.get(id);
            !participant.received_at_client("_reliable").is_empty()
                && !participant.received_at_server("_reliable").is_empty()
        };
        assert!(world.run_until(Duration::from_secs(5), heard));
        assert_eq!(world.violations, NONE);
    }
}

#[test]
fn another_network_interface_heals_within_two_seconds() {
    let (mut world, id) = connected(1, Profile::OFFICE);
    let elsewhere = SocketAddr::from(([198, 51, 100, 200], 7));
    world.get_mut(id).external = elsewhere;
    world.act(id, |client| {
        client.change_interface(SocketAddr::from(([10, 9, 9, 9], 6000)))
    });
    let moved = |world: &World| proved(world, id) == Some(elsewhere);
    assert!(
        world.run_until(Duration::from_secs(2), moved),
        "{:#?}",
        world.log()
    );
    assert!(world.act(id, |client| client.send("_reliable", b"from elsewhere")));
    world.run_for(Duration::from_secs(1));
    assert_eq!(
        world.get(id).received_at_server("_reliable"),
        [b"from elsewhere"]
    );
    assert_eq!(world.violations, NONE);
}

#[test]
fn ten_thousand_moves_without_a_valid_check_move_nothing() {
    let (mut world, id) = connected(1, Profile::CLEAN);
    world.is_recording = true;
    world.run_for(Duration::from_secs(5));
    world.act(id, |client| client.send("_reliable", b"something to copy"));
    world.run_for(Duration::from_secs(1));
    world.is_recording = false;
    let recorded = std::mem::take(&mut world.recorded);
    let is_check = |bytes: &[u8]| Check::parse(bytes).is_some();
    assert!(recorded.iter().any(|(_, bytes)| is_check(bytes)));
    assert!(recorded.iter().any(|(_, bytes)| !is_check(bytes)));
    let address = proved(&world, id);
    let mut refused = 0;
    for number in 0..10_000_u16 {
        let (_, bytes) = &recorded[usize::from(number) % recorded.len()];
        let mut bytes = bytes.clone();
        // Every other one is spoilt, somewhere.
        if number % 2 == 1 {
            let position = world.rng.below(bytes.len() as u64) as usize;
            bytes[position] ^= 1 << world.rng.below(8);
        }
        let fate = world.inject(stranger(number), &bytes);
        refused += u32::from(matches!(fate, Fate::Unrouted(_) | Fate::Refused(_)));
        world.run_for(Duration::from_millis(1));
    }
    // What was accepted had a transaction of its own and a wrong integrity.
    let unanswered = world.get(id).transport.counters().checks_unanswered;
    assert_eq!(u64::from(10_000 - refused), unanswered);
    assert!(
        refused > 5000 && unanswered > 0,
        "refused {refused}, unanswered {unanswered}"
    );
    assert_eq!(proved(&world, id), address);
    assert_eq!(world.violations, NONE);
    // And then properly.
    world.get_mut(id).external.set_port(42_000);
    let moved = |world: &World| proved(world, id).is_some_and(|it| it.port() == 42_000);
    assert!(world.run_until(Duration::from_secs(2), moved));
}

#[test]
fn a_check_copied_to_another_address_is_refused_and_the_original_is_not() {
    let (mut world, _) = connected(1, Profile::CLEAN);
    world.is_recording = true;
    world.run_for(Duration::from_secs(3));
    let recorded = std::mem::take(&mut world.recorded);
    let checks = recorded
        .iter()
        .filter(|(_, bytes)| Check::parse(bytes).is_some());
    let mut count = 0;
    for (path, bytes) in checks {
        assert_eq!(
            world.inject(stranger(1), bytes),
            Fate::Refused(Refusal::Copied)
        );
        // A retransmission is no copy.
        assert_eq!(world.inject(path.remote, bytes), Fate::Accepted);
        count += 1;
    }
    assert!(count > 0);
    assert_eq!(world.violations, NONE);
}

#[test]
fn a_silent_peer_is_disconnected_after_ten_seconds_and_gets_nothing_after_thirty() {
    let (mut world, id) = connected(1, Profile::CLEAN);
    world.get_mut(id).up.become_profile(Profile::CUT);
    let silent_at = world.clock.elapsed();
    // A reason to send for as long as it takes.
    assert_eq!(
        world.command(id, |it| it.send("_reliable", &[1; 60_000])),
        Ok(Sent::Queued)
    );
    world.run_for(Duration::from_secs(60));
    let disconnected = last(&world, id, |it| matches!(it, Output::Disconnected)).expect("silence");
    let lost = last(&world, id, |it| matches!(it, Output::AddressLost)).expect("silence");
    // The last check came up to one interval before the cut.
    let second = Duration::from_secs(1);
    assert!(disconnected <= silent_at + DISCONNECTED_AFTER);
    assert!(disconnected + second >= silent_at + DISCONNECTED_AFTER);
    assert_eq!(
        lost,
        disconnected + CONSENT_EXPIRES_AFTER - DISCONNECTED_AFTER
    );
    assert_eq!(world.violations, NONE);
    // A peer that comes back is heard again, and what was held back arrives.
    world.get_mut(id).up.become_profile(Profile::CLEAN);
    world.restart_ice(id, Duration::ZERO);
    let is_back = |world: &World| !world.get(id).received_at_client("_reliable").is_empty();
    assert!(
        world.run_until(Duration::from_secs(90), is_back),
        "{:#?}",
        world.log()
    );
    assert!(last(&world, id, |it| matches!(it, Output::Reconnected)).is_some());
    assert_eq!(world.violations, NONE);
}

#[test]
fn a_short_silence_is_no_disconnect() {
    let (mut world, id) = connected(1, Profile::CLEAN);
    world.get_mut(id).up.become_profile(Profile::CUT);
    world.run_for(DISCONNECTED_AFTER - Duration::from_secs(2));
    world.get_mut(id).up.become_profile(Profile::CLEAN);
    world.run_for(Duration::from_secs(20));
    assert!(last(&world, id, |it| matches!(it, Output::Disconnected)).is_none());
}

#[test]
fn ten_minutes_on_a_hostile_network_pass_without_a_disconnect() {
    for seed in 0..5 {
        let (mut world, id) = connected(seed, Profile::HOSTILE);
        world.run_for(Duration::from_secs(600));
        assert!(last(&world, id, |it| matches!(it, Output::Disconnected)).is_none());
        assert_eq!(world.violations, NONE);
    }
}

#[test]
fn an_ice_restart_keeps_dtls_and_data() {
    for (seed, profile) in [
        (1, Profile::CLEAN),
        (2, Profile::OFFICE),
        (3, Profile::HOSTILE),
    ] {
        let (mut world, id) = connected(seed, profile);
        for generation in 0..3_u8 {
            assert!(world.act(id, |client| client.send("_reliable", &[generation, 0])));
            world.restart_ice(id, Duration::from_secs(2));
            assert!(world.act(id, |client| client.send("_reliable", &[generation, 1])));
            let sent = world.command(id, |it| it.send("_reliable", &[generation]));
            assert_eq!(sent, Ok(Sent::Queued));
            world.run_for(Duration::from_secs(20));
        }
        let participant = world.get(id);
        let expected: Vec<[u8; 2]> = (0..3).flat_map(|it| [[it, 0], [it, 1]]).collect();
        assert_eq!(participant.received_at_server("_reliable"), expected);
        assert_eq!(participant.received_at_client("_reliable"), [[0], [1], [2]]);
        let kinds = participant.outputs.iter().map(|(_, output)| output);
        let connects = kinds
            .clone()
            .filter(|it| matches!(it, Output::Connected(_)))
            .count();
        let retired = kinds
            .filter(|it| matches!(it, Output::UfragRetired(_)))
            .count();
        assert_eq!((connects, retired), (1, 3), "{:#?}", world.log());
        assert!(last(&world, id, |it| matches!(it, Output::Disconnected)).is_none());
        assert_eq!(world.violations, NONE);
    }
}

#[test]
fn old_credentials_are_answered_until_the_new_ones_prove_themselves_or_thirty_seconds() {
    let (mut world, id) = connected(1, Profile::CLEAN);
    let started_at = world.clock.elapsed();
    // The answer never reaches the client, which goes on with what it has.
    world.restart_ice(id, Duration::from_secs(25));
    assert!(last(&world, id, |it| matches!(it, Output::Disconnected)).is_none());
    let participant = world.get(id);
    let retired_at = participant
        .outputs
        .iter()
        .find_map(|(at, output)| match output {
            Output::UfragRetired(_) => Some(*at),
            _ => None,
        });
    // The client has the answer now, proves itself, and that retires the old ones early.
    assert_eq!(retired_at, None);
    world.run_for(Duration::from_secs(2));
    let retired_at = last(&world, id, |it| matches!(it, Output::UfragRetired(_))).expect("proof");
    assert!(retired_at < started_at + Duration::from_secs(27));

    let (mut world, id) = connected(1, Profile::CLEAN);
    let started_at = world.clock.elapsed();
    world.restart_ice(id, Duration::from_secs(45));
    let retired_at = last(&world, id, |it| matches!(it, Output::UfragRetired(_))).expect("time");
    assert_eq!(retired_at, started_at + OLD_CREDENTIALS_LIVE_FOR);
    let disconnected_at = last(&world, id, |it| matches!(it, Output::Disconnected));
    assert!(disconnected_at.expect("unanswered checks prove nothing") > retired_at);
}

#[test]
fn two_restarts_at_once_leave_the_last_one_standing() {
    let (mut world, id) = connected(1, Profile::CLEAN);
    world.restart_ice(id, Duration::from_millis(50));
    world.restart_ice(id, Duration::from_millis(50));
    world.run_for(Duration::from_secs(30));
    let retired = world
        .get(id)
        .outputs
        .iter()
        .filter_map(|(_, output)| match output {
            Output::UfragRetired(ufrag) => Some(ufrag.as_str()),
            _ => None,
        });
    assert_eq!(retired.collect::<Vec<_>>(), ["srv1g0", "srv1g1"]);
    assert!(last(&world, id, |it| matches!(it, Output::Disconnected)).is_none());
    assert_eq!(world.violations, NONE);
}

#[test]
fn a_path_of_one_participant_is_not_given_to_another() {
    let (mut world, victim) = connected(1, Profile::CLEAN);
    let thief = world.join(Profile::CLEAN);
    world.run_for(Duration::from_secs(2));
    let address = world.get(victim).external;
    let path = Path {
        local: 0,
        remote: address,
    };
    assert_eq!(world.registry.owner(path), Some(victim));
    // The thief's own, valid checks with the victim's address on them.
    world.is_recording = true;
    world.run_for(Duration::from_secs(3));
    let recorded = std::mem::take(&mut world.recorded);
    let own = world.get(thief).external;
    let mut count = 0;
    for (_, bytes) in recorded
        .iter()
        .filter(|(path, bytes)| path.remote == own && Check::parse(bytes).is_some())
    {
        let fate = world.inject(address, bytes);
        assert!(matches!(
            fate,
            Fate::Unrouted(veche_sfu::transport::registry::Unrouted::ForeignPath)
        ));
        count += 1;
    }
    assert!(count > 0);
    assert_eq!(world.registry.owner(path), Some(victim));
}
