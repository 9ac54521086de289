//! Messages on the channels: both ways, whole, in order where promised, and bounded.

use std::time::Duration;

use veche_sfu::ids::ParticipantId;
use veche_sfu::transport::limits::{
    CHANNELS, CHANNELS_EVER_OPENED, LABEL_BYTES, LOSSY_BUFFER_BYTES, MESSAGE_BYTES,
    MESSAGES_PER_SECOND, SEND_BUFFER_BYTES,
};
use veche_sfu::transport::{Failure, Output, Refused, Sent};
use veche_sim::Profile;
use veche_sim::world::World;

fn ready(seed: u64, profile: Profile) -> (World, ParticipantId) {
    let mut world = World::new(seed);
    let id = world.join(profile);
    let is_ready = |world: &World| {
        let participant = world.get(id);
        participant.has_channel("_reliable") && participant.has_channel("_lossy")
    };
    assert!(
        world.run_until(Duration::from_secs(20), is_ready),
        "{:#?}",
        world.log()
    );
    // The last acknowledgements are under way.
    world.run_for(Duration::from_secs(1));
    (world, id)
}

fn failure(world: &World, id: ParticipantId) -> Option<Failure> {
    world
        .get(id)
        .outputs
        .iter()
        .find_map(|(_, output)| match output {
            Output::Failed(failure) => Some(*failure),
            _ => None,
        })
}

#[test]
fn reliable_messages_arrive_whole_and_in_order_over_a_hostile_network() {
    let (mut world, id) = ready(3, Profile::HOSTILE);
    let messages: Vec<Vec<u8>> = (0..100_usize)
        .map(|number| vec![number as u8; 1 + number * 13])
        .collect();
    for message in &messages {
        assert!(world.act(id, |client| client.send("_reliable", message)));
        let sent = world.command(id, |transport| transport.send("_reliable", message));
        assert_eq!(sent, Ok(Sent::Queued));
    }
    let count = messages.len();
    let have_arrived = |world: &World| {
        let participant = world.get(id);
        participant.received_at_server("_reliable").len() == count
            && participant.received_at_client("_reliable").len() == count
    };
    assert!(world.run_until(Duration::from_secs(120), have_arrived));
    assert_eq!(world.get(id).received_at_server("_reliable"), messages);
    assert_eq!(world.get(id).received_at_client("_reliable"), messages);
}

#[test]
fn a_lost_lossy_message_is_not_repeated_and_delays_nobody() {
    let (mut world, id) = ready(4, Profile::OFFICE);
    world.get_mut(id).down.become_profile(Profile::CUT);
    assert_eq!(
        world.command(id, |it| it.send("_lossy", b"lost")),
        Ok(Sent::Queued)
    );
    world.run_for(Duration::from_millis(100));
    world.get_mut(id).down.become_profile(Profile::CLEAN);
    assert_eq!(
        world.command(id, |it| it.send("_lossy", b"heard")),
        Ok(Sent::Queued)
    );
    world.run_for(Duration::from_secs(10));
    assert_eq!(world.get(id).received_at_client("_lossy"), [b"heard"]);
}

#[test]
fn the_longest_message_passes_both_ways_and_a_longer_one_is_refused() {
    let (mut world, id) = ready(1, Profile::CLEAN);
    for length in [MESSAGE_BYTES - 1, MESSAGE_BYTES] {
        let message = vec![7; length];
        assert_eq!(
            world.command(id, |it| it.send("_reliable", &message)),
            Ok(Sent::Queued)
        );
        assert!(world.act(id, |client| client.send("_reliable", &message)));
        world.run_for(Duration::from_secs(2));
        assert_eq!(
            world.get(id).received_at_client("_reliable").last(),
            Some(&&message[..])
        );
        assert_eq!(
            world.get(id).received_at_server("_reliable").last(),
            Some(&&message[..])
        );
    }
    let message = vec![7; MESSAGE_BYTES + 1];
    let sent = world.command(id, |it| it.send("_reliable", &message));
    assert_eq!(sent, Err(Refused::TooLong));
}

#[test]
fn a_message_for_a_channel_that_is_not_open_is_refused() {
    let (mut world, id) = ready(1, Profile::CLEAN);
    let sent = world.command(id, |transport| transport.send("_data_track", b"x"));
    assert_eq!(sent, Err(Refused::NoChannel));
}

#[test]
fn a_full_lossy_buffer_drops_and_leaves_room_for_reliable_messages() {
    let (mut world, id) = ready(1, Profile::CLEAN);
    world.get_mut(id).down.become_profile(Profile::CUT);
    let kilobytes = vec![1; 16 * 1024];
    let fits = LOSSY_BUFFER_BYTES / kilobytes.len();
    let transport = &mut world.get_mut(id).transport;
    for number in 0..fits - 1 {
        assert_eq!(
            transport.send("_lossy", &kilobytes),
            Ok(Sent::Queued),
            "{number}"
        );
    }
    assert_eq!(transport.send("_lossy", &kilobytes[1..]), Ok(Sent::Queued));
    assert_eq!(transport.send("_lossy", &[1, 2]), Ok(Sent::Dropped));
    assert_eq!(transport.send("_lossy", &[1]), Ok(Sent::Queued));
    assert_eq!(transport.send("_lossy", &[1]), Ok(Sent::Dropped));
    assert_eq!(transport.counters().messages_dropped, 2);
    assert_eq!(transport.send("_reliable", &kilobytes), Ok(Sent::Queued));
    assert_eq!(failure(&world, id), None);
}

#[test]
fn a_reader_one_byte_too_slow_is_ended() {
    let (mut world, id) = ready(1, Profile::CLEAN);
    world.get_mut(id).down.become_profile(Profile::CUT);
    let message = vec![1; MESSAGE_BYTES];
    let transport = &mut world.get_mut(id).transport;
    for _ in 0..SEND_BUFFER_BYTES / MESSAGE_BYTES - 1 {
        assert_eq!(transport.send("_reliable", &message), Ok(Sent::Queued));
    }
    assert_eq!(transport.send("_reliable", &message[1..]), Ok(Sent::Queued));
    assert_eq!(transport.send("_reliable", &[1]), Ok(Sent::Queued));
    assert_eq!(transport.send("_reliable", &[1]), Err(Refused::SlowReader));
    assert_eq!(transport.send("_reliable", &[1]), Err(Refused::Ended));
    world.command(id, |_| ());
    assert_eq!(failure(&world, id), Some(Failure::SlowReader));
}

#[test]
fn a_peer_may_open_so_many_channels_and_no_more() {
    let (mut world, id) = ready(1, Profile::CLEAN);
    for number in 0..CHANNELS - 2 {
        world.act(id, |client| {
            client.open_channel(&format!("c{number}"), true)
        });
    }
    world.run_for(Duration::from_secs(1));
    assert!(world.get(id).has_channel(&format!("c{}", CHANNELS - 3)));
    assert_eq!(world.get(id).transport.counters().channels_refused, 0);
    world.act(id, |client| client.open_channel("one more", true));
    world.run_for(Duration::from_secs(1));
    assert!(!world.get(id).has_channel("one more"));
    assert_eq!(world.get(id).transport.counters().channels_refused, 1);
    assert_eq!(failure(&world, id), None);
}

#[test]
fn a_peer_that_opens_channels_without_end_is_ended() {
    let (mut world, id) = ready(1, Profile::CLEAN);
    for number in 2..CHANNELS_EVER_OPENED {
        world.act(id, |client| {
            client.open_channel(&format!("c{number}"), true)
        });
        world.run_for(Duration::from_millis(50));
    }
    let is_ended = |world: &World| failure(world, id) == Some(Failure::Flood);
    // Stream ids stay below the limit as closed ones are used again.
    assert_eq!(failure(&world, id), None);
    world.act(id, |client| client.open_channel("the last straw", true));
    assert!(
        world.run_until(Duration::from_secs(5), is_ended),
        "{:#?}",
        world.log()
    );
}

#[test]
fn a_label_may_be_so_long_and_no_longer() {
    let (mut world, id) = ready(1, Profile::CLEAN);
    for (length, is_taken) in [
        (LABEL_BYTES - 1, true),
        (LABEL_BYTES, true),
        (LABEL_BYTES + 1, false),
    ] {
        let label = "l".repeat(length);
        world.act(id, |client| client.open_channel(&label, true));
        world.run_for(Duration::from_secs(1));
        assert_eq!(world.get(id).has_channel(&label), is_taken, "{length}");
    }
}

#[test]
fn the_last_stream_is_acknowledged_and_the_one_after_it_never_reaches_the_association() {
    for (stream, is_heard) in [(254, true), (255, true), (256, false), (65_534, false)] {
        let (mut world, id) = ready(1, Profile::CLEAN);
        let label = "by agreement";
        world.act(id, |client| client.open_negotiated_channel(label, stream));
        world.run_for(Duration::from_secs(1));
        assert!(world.act(id, |client| client.send(label, b"unasked")));
        world.run_for(Duration::from_secs(1));
        let unacknowledged = world.act(id, |client| client.bytes_buffered(label));
        assert_eq!(unacknowledged == 0, is_heard, "stream {stream}");
    }
}

#[test]
fn a_flood_of_reliable_messages_ends_the_flooder() {
    let (mut world, id) = ready(1, Profile::CLEAN);
    let count = |world: &World| world.get(id).received_at_server("_reliable").len();
    let mut sent = 0;
    while failure(&world, id).is_none() && sent < 100 * MESSAGES_PER_SECOND {
        sent += u32::from(world.act(id, |client| client.send("_reliable", b"!")));
        world.run_for(Duration::from_micros(100));
    }
    assert_eq!(failure(&world, id), Some(Failure::Flood));
    assert!(count(&world) >= MESSAGES_PER_SECOND as usize);
    assert!(count(&world) < 2 * MESSAGES_PER_SECOND as usize);
}

#[test]
fn a_flood_of_lossy_messages_is_thinned() {
    let (mut world, id) = ready(1, Profile::CLEAN);
    for _ in 0..2 * MESSAGES_PER_SECOND {
        world.act(id, |client| client.send("_lossy", b"!"));
        world.run_for(Duration::from_micros(100));
    }
    assert_eq!(failure(&world, id), None);
    assert!(world.get(id).transport.counters().messages_dropped > 0);
    let heard = world.get(id).received_at_server("_lossy").len();
    assert!((MESSAGES_PER_SECOND as usize..2 * MESSAGES_PER_SECOND as usize).contains(&heard));
}
