//! Repairing loss: asking a publisher, answering a subscriber, and the packets in between.

use std::collections::HashMap;
use std::time::Instant;

use proptest::prelude::*;
use veche_sfu::loss::{
    AUDIO_CAPACITY, AUDIO_REACH, Arrival, GIVE_UP_AFTER, LARGEST_VIDEO_CAPACITY, LONGEST_HOLD_OFF,
    MAX_MISSING, MAX_RESENDS, MAX_TRIES, NackIn, PacketRing, SHORTEST_RETRY,
    SMALLEST_VIDEO_CAPACITY, Sent, SentRing, StoredPacket, VIDEO_REACH, video_capacity,
};
use veche_sfu::rtp::AudioLevel;

use crate::support::{beginning, layer, ms};

fn due(nack: &mut NackIn, now: Instant) -> Vec<u16> {
    let mut due = Vec::new();
    nack.collect_due(now, ms(50), &mut due);
    due
}

/// Received 0 and 4.
fn three_missing(now: Instant) -> NackIn {
    let mut nack = NackIn::new();
    assert_eq!(nack.packet_arrived(now, 0), Arrival::Expected);
    assert_eq!(nack.packet_arrived(now, 4), Arrival::AfterGap);
    nack
}

#[test]
fn what_is_missing_is_asked_for_once_per_round_trip() {
    let start = beginning();
    let mut nack = three_missing(start);
    assert_eq!(due(&mut nack, start), [1, 2, 3]);
    assert!(due(&mut nack, start + ms(49)).is_empty());
    assert_eq!(nack.next_due(ms(50)), Some(start + ms(50)));
    assert_eq!(due(&mut nack, start + ms(50)), [1, 2, 3]);
}

#[test]
fn a_short_round_trip_does_not_make_a_storm() {
    let start = beginning();
    let mut nack = three_missing(start);
    let mut asked = Vec::new();
    nack.collect_due(start, ms(1), &mut asked);
    assert_eq!(nack.next_due(ms(1)), Some(start + SHORTEST_RETRY));
}

#[test]
fn a_recovered_packet_is_asked_for_no_more() {
    let start = beginning();
    let mut nack = three_missing(start);
    assert_eq!(nack.packet_arrived(start, 2), Arrival::Recovered);
    assert_eq!(nack.packet_arrived(start, 2), Arrival::Late);
    assert_eq!(due(&mut nack, start), [1, 3]);
}

#[test]
fn requests_end_after_ten_tries() {
    let start = beginning();
    let mut nack = three_missing(start);
    let tries = (0..20).filter(|step| {
        let mut asked = Vec::new();
        nack.collect_due(start + SHORTEST_RETRY * *step, ms(0), &mut asked);
        !asked.is_empty()
    });
    assert_eq!(tries.count(), usize::from(MAX_TRIES));
    assert_eq!(nack.missing(), 0);
}

#[test]
fn requests_end_after_a_second() {
    let start = beginning();
    let mut nack = three_missing(start);
    assert_eq!(due(&mut nack, start + GIVE_UP_AFTER - ms(1)), [1, 2, 3]);
    assert!(due(&mut nack, start + GIVE_UP_AFTER).is_empty());
    assert_eq!(nack.next_due(ms(50)), None);
}

#[test]
fn a_key_frame_makes_what_came_before_it_needless() {
    let start = beginning();
    let mut nack = three_missing(start);
    nack.key_frame_began(3);
    assert_eq!(due(&mut nack, start), [3]);
}

#[test]
fn the_list_of_missing_has_its_limit() {
    let start = beginning();
    for (missing, expected, left) in [
        (MAX_MISSING - 1, Arrival::AfterGap, MAX_MISSING - 1),
        (MAX_MISSING, Arrival::AfterGap, MAX_MISSING),
        (MAX_MISSING + 1, Arrival::Outage, 0),
    ] {
        let mut nack = NackIn::new();
        nack.packet_arrived(start, 0);
        let next = u64::try_from(missing).unwrap() + 1;
        assert_eq!(nack.packet_arrived(start, next), expected);
        assert_eq!(nack.missing(), left);
        assert_eq!(nack.packet_arrived(start, next + 1), Arrival::Expected);
    }
}

#[test]
fn a_jump_over_the_whole_range_is_an_outage() {
    let mut nack = NackIn::new();
    nack.packet_arrived(beginning(), 0);
    assert_eq!(nack.packet_arrived(beginning(), u64::MAX), Arrival::Outage);
}

#[test]
fn missing_numbers_are_written_modulo_their_wrap() {
    let start = beginning();
    let mut nack = NackIn::new();
    nack.packet_arrived(start, 65_534);
    nack.packet_arrived(start, 65_537);
    assert_eq!(due(&mut nack, start), [65_535, 0]);
}

fn source(number: u64) -> Option<Sent> {
    Some(Sent {
        layer: layer(2),
        source_sequence: number,
    })
}

#[test]
fn a_sent_packet_is_found_by_the_number_it_was_sent_under() {
    let start = beginning();
    let mut ring = SentRing::new(start, VIDEO_REACH);
    assert_eq!(ring.request(start, ms(20), 5), None, "nothing was sent");
    ring.record(5, layer(2), 70_000);
    assert_eq!(ring.request(start, ms(20), 4), None);
    assert_eq!(ring.request(start, ms(20), 5), source(70_000));
}

#[test]
fn a_repeated_request_is_ignored_for_two_round_trips() {
    let start = beginning();
    let mut ring = SentRing::new(start, VIDEO_REACH);
    ring.record(5, layer(2), 9);
    assert!(ring.request(start, ms(20), 5).is_some());
    assert!(ring.request(start + ms(32), ms(20), 5).is_none());
    assert!(ring.request(start + ms(40), ms(20), 5).is_some());
}

#[test]
fn a_long_round_trip_does_not_hold_requests_off_for_long() {
    let start = beginning();
    let mut ring = SentRing::new(start, VIDEO_REACH);
    ring.record(5, layer(2), 9);
    assert!(ring.request(start, ms(900), 5).is_some());
    assert!(
        ring.request(start + LONGEST_HOLD_OFF - ms(4), ms(900), 5)
            .is_none()
    );
    assert!(
        ring.request(start + LONGEST_HOLD_OFF + ms(4), ms(900), 5)
            .is_some()
    );
}

#[test]
fn one_packet_is_resent_three_times() {
    let start = beginning();
    let mut ring = SentRing::new(start, VIDEO_REACH);
    ring.record(5, layer(2), 9);
    let resends = (0..9).filter(|step| ring.request(start + ms(200 * step), ms(20), 5).is_some());
    assert_eq!(resends.count(), usize::from(MAX_RESENDS));
    ring.record(5, layer(2), 65_545);
    let again = ring.request(start + ms(2_000), ms(20), 5);
    assert_eq!(again, source(65_545), "a new packet begins anew");
}

#[test]
fn the_ring_reaches_as_far_as_it_says() {
    let start = beginning();
    for reach in [VIDEO_REACH, AUDIO_REACH] {
        let mut ring = SentRing::new(start, reach);
        let sent = u16::try_from(reach).unwrap() + 1;
        for number in 0..sent {
            ring.record(number, layer(2), u64::from(number));
        }
        assert_eq!(ring.request(start, ms(20), 0), None);
        assert_eq!(ring.request(start, ms(20), 1), source(1));
        assert_eq!(
            ring.request(start, ms(20), sent - 1),
            source(u64::from(sent) - 1)
        );
    }
}

#[test]
fn the_packets_sent_last_come_newest_first_and_looking_at_them_is_not_sending() {
    let start = beginning();
    let mut ring = SentRing::new(start, VIDEO_REACH);
    assert_eq!(ring.newest().count(), 0);
    for (number, place) in [(65_534, 1), (65_535, 2), (0, 3), (2, 5)] {
        ring.record(number, layer(2), place);
    }
    let newest = || -> Vec<_> {
        let sent = ring.newest();
        sent.map(|(number, sent)| (number, sent.source_sequence))
            .collect()
    };
    let expected = [(2, 5), (0, 3), (65_535, 2), (65_534, 1)];
    assert_eq!(newest(), expected);
    assert_eq!(newest(), expected);
    for _ in 0..MAX_RESENDS {
        assert!(ring.request(start, ms(0), 2).is_some());
    }
}

#[test]
fn eighteen_streams_of_a_watcher_stay_below_their_memory() {
    let start = beginning();
    let used = [VIDEO_REACH, AUDIO_REACH].map(|reach| {
        let mut ring = SentRing::new(start, reach);
        assert_eq!(ring.memory(), 0, "nothing before the first packet");
        ring.record(0, layer(0), 0);
        ring.memory()
    });
    assert!(used[0] <= 4 * 1024 && used[1] <= 2 * 1024, "{used:?}");
}

fn packet(extended_sequence: u64, arrival: Instant, payload: &[u8]) -> StoredPacket<'_> {
    StoredPacket {
        extended_sequence,
        timestamp: 0x8000_0001,
        has_marker: extended_sequence.is_multiple_of(2),
        audio_level: (extended_sequence.is_multiple_of(3)).then(|| AudioLevel::from_byte(0x85)),
        arrival,
        payload,
    }
}

#[test]
fn a_kept_packet_comes_back_whole() {
    let start = beginning();
    let mut ring = PacketRing::new(start, AUDIO_CAPACITY);
    for number in [70_000, 70_001, 70_002, 70_003] {
        let kept = packet(number, start + ms(1_234), b"sound");
        let slot = ring.insert(&kept).unwrap();
        assert_eq!(ring.get(slot), Some(kept));
        assert_eq!(ring.find(number), Some(kept));
    }
    assert_eq!(ring.find(70_004), None);
}

#[test]
fn a_stale_slot_knows_that_it_is() {
    let start = beginning();
    let mut ring = PacketRing::new(start, SMALLEST_VIDEO_CAPACITY);
    let first = ring.insert(&packet(0, start, &[1; 1_000])).unwrap();
    let held = (1..).take_while(|number| {
        ring.insert(&packet(*number, start, &[2; 1_000]));
        ring.get(first).is_some()
    });
    // 64 records of 1024 bytes fill 64 KiB exactly.
    assert_eq!(held.count(), 63);
    assert_eq!(ring.find(0), None);
}

#[test]
fn a_packet_as_large_as_the_ring_is_kept_and_a_larger_one_is_not() {
    let start = beginning();
    let mut ring = PacketRing::new(start, 1_024);
    assert!(ring.insert(&packet(1, start, &[0; 1_000])).is_some());
    assert_eq!(ring.insert(&packet(2, start, &[0; 1_001])), None);
    assert!(ring.find(1).is_some());
}

#[test]
fn a_late_packet_does_not_take_the_place_of_a_newer_one() {
    let start = beginning();
    let mut ring = PacketRing::new(start, AUDIO_CAPACITY);
    ring.insert(&packet(1_128, start, b"new")).unwrap();
    assert_eq!(ring.insert(&packet(1_000, start, b"old")), None);
    assert!(ring.find(1_128).is_some());
}

#[test]
fn every_packet_that_fits_is_kept_wherever_the_ring_ends() {
    let start = beginning();
    let mut ring = PacketRing::new(start, 10_000);
    for number in 0..1_000 {
        let payload = vec![0; usize::try_from(number * 37 % 1_400).unwrap()];
        assert!(ring.insert(&packet(number, start, &payload)).is_some());
        assert_eq!(ring.find(number).unwrap().payload, payload);
    }
}

#[test]
fn resizing_keeps_the_newest_that_fit() {
    let start = beginning();
    let payload = [7; 1_000];
    for (capacity, kept) in [
        (2 * SMALLEST_VIDEO_CAPACITY, 230..290),
        (32 * 1_024, 258..290),
    ] {
        let mut ring = PacketRing::new(start, SMALLEST_VIDEO_CAPACITY);
        // Numbers on both sides of a multiple of the index length.
        for number in 230..290 {
            ring.insert(&packet(number, start, &payload)).unwrap();
        }
        ring.resize(capacity);
        let is_whole = |number: &u64| ring.find(*number) == Some(packet(*number, start, &payload));
        let found: Vec<u64> = (230..290).filter(is_whole).collect();
        assert_eq!(found, kept.collect::<Vec<_>>(), "{capacity}");
    }
}

#[test]
fn a_slot_from_before_a_resize_is_stale_even_where_nothing_was_written_since() {
    let start = beginning();
    let mut ring = PacketRing::new(start, SMALLEST_VIDEO_CAPACITY);
    // Number 0 comes last: unwritten bytes of the new ring read as number 0.
    let numbers = (1..100).chain([0]);
    let slots: Vec<_> = numbers
        .map(|number| ring.insert(&packet(number, start, &[7; 1_000])).unwrap())
        .collect();
    ring.resize(2 * SMALLEST_VIDEO_CAPACITY);
    assert!(slots.iter().all(|slot| ring.get(*slot).is_none()));
    assert!(ring.find(0).is_some());
}

#[test]
fn capacity_follows_the_bitrate_within_its_bounds() {
    assert_eq!(video_capacity(0), SMALLEST_VIDEO_CAPACITY);
    assert_eq!(video_capacity(1_700_000), 13 * 16 * 1_024);
    assert_eq!(video_capacity(u64::MAX), LARGEST_VIDEO_CAPACITY);
}

#[test]
fn capacity_grows_at_once_and_shrinks_when_half_would_do() {
    let mut ring = PacketRing::new(beginning(), SMALLEST_VIDEO_CAPACITY);
    ring.adapt(1_700_000);
    assert_eq!(ring.capacity(), video_capacity(1_700_000));
    ring.adapt(1_000_000);
    assert_eq!(ring.capacity(), video_capacity(1_700_000));
    ring.adapt(700_000);
    assert_eq!(ring.capacity(), video_capacity(700_000));
}

#[test]
fn a_publisher_of_three_layers_stays_below_its_memory() {
    let start = beginning();
    let used: usize = [150_000, 500_000, 1_700_000]
        .map(|bitrate| {
            let mut ring = PacketRing::new(start, video_capacity(bitrate));
            assert_eq!(ring.memory(), 0, "nothing before the first packet");
            ring.insert(&packet(0, start, &[0; 1_000])).unwrap();
            ring.memory()
        })
        .iter()
        .sum();
    // 448 kB less the 75 kB of its transport.
    assert!(used <= 373_000, "{used}");
}

proptest! {
    #[test]
    fn the_ring_never_gives_out_anything_but_what_was_put_in(
        lengths in proptest::collection::vec((0usize..1_500, 0u64..40, 0usize..500), 1..400),
    ) {
        let start = beginning();
        let mut ring = PacketRing::new(start, 16 * 1_024);
        let mut put = HashMap::new();
        let mut slots = Vec::new();
        let mut newest = 0u64;
        for (length, step, resize) in lengths {
            newest += step;
            let sequence = newest.saturating_sub(step * 3 % 50);
            let payload = vec![sequence as u8; length];
            if let Some(slot) = ring.insert(&packet(sequence, start, &payload)) {
                prop_assert_eq!(ring.get(slot).map(|kept| kept.payload.to_vec()), Some(payload.clone()));
                put.insert(sequence, payload);
                slots.push((slot, sequence));
            }
            if resize < 3 {
                ring.resize((resize + 1) * 10_000);
            }
            for (slot, sequence) in &slots {
                if let Some(kept) = ring.get(*slot) {
                    prop_assert_eq!(kept.extended_sequence, *sequence);
                }
                if let Some(kept) = ring.find(*sequence) {
                    prop_assert_eq!(kept.payload, &put[sequence][..]);
                }
            }
        }
    }
}
