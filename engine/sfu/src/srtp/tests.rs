//! What both ends agree on, and what nobody else can bring about.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails, as it should"
)]

use super::replay::RtcpSenders;
use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

const SSRC: u32 = 0xcafe_babe;

fn material(profile: Profile, seed: u8) -> KeyingMaterial {
    let exported: Vec<u8> = (0..profile.exported_length())
        .map(|position| seed ^ low_byte(position * 31))
        .collect();
    KeyingMaterial::new(profile, &exported).expect("its length")
}

fn low_byte(value: usize) -> u8 {
    value.to_le_bytes()[0]
}

fn low_sequence(index: u64) -> u16 {
    u16::try_from(index & 0xffff).expect("16 bits")
}

/// Our context to read with, and the client's to write with.
fn pair(profile: Profile) -> (SrtpIn, SrtpOut) {
    let keys = material(profile, 7);
    (keys.contexts(Role::Server).0, keys.contexts(Role::Client).1)
}

fn rtp(index: u64, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x80, 111];
    packet.extend(low_sequence(index).to_be_bytes());
    packet.extend([0, 0, 0, 9]);
    packet.extend(SSRC.to_be_bytes());
    packet.extend(payload);
    packet
}

fn sealed_rtp(outgoing: &SrtpOut, index: u64, payload: &[u8]) -> Vec<u8> {
    let mut packet = rtp(index, payload);
    packet.resize(packet.len() + outgoing.rtp_overhead(), 0);
    outgoing.seal_rtp(12, index, &mut packet).expect("room");
    packet
}

fn rtcp(ssrc: u32, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x80, 201, 0, 1];
    packet.extend(ssrc.to_be_bytes());
    packet.extend(payload);
    packet
}

fn sealed_rtcp(outgoing: &mut SrtpOut, ssrc: u32, payload: &[u8]) -> Vec<u8> {
    let mut packet = rtcp(ssrc, payload);
    packet.resize(packet.len() + outgoing.rtcp_overhead(), 0);
    outgoing.seal_rtcp(&mut packet).expect("room");
    packet
}

fn profiles() -> impl Strategy<Value = Profile> {
    prop::sample::select(Profile::ALL.to_vec())
}

fn payload() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..=1500)
}

proptest! {
    #[test]
    fn a_packet_is_opened_to_what_was_sealed(
        profile in profiles(), index in 0..=INDEX_MAX, payload in payload(),
    ) {
        let (incoming, outgoing) = pair(profile);
        let mut packet = sealed_rtp(&outgoing, index, &payload);
        let length = incoming.open_rtp(12, index, &mut packet).expect("honest");
        prop_assert_eq!(&packet[..length], rtp(index, &payload));
    }

    #[test]
    fn a_report_is_opened_to_what_was_sealed(
        profile in profiles(), ssrc: u32, payloads in prop::collection::vec(payload(), 1..4),
    ) {
        let (mut incoming, mut outgoing) = pair(profile);
        for payload in payloads {
            let mut packet = sealed_rtcp(&mut outgoing, ssrc, &payload);
            let length = incoming.open_rtcp(&mut packet).expect("honest");
            prop_assert_eq!(&packet[..length], rtcp(ssrc, &payload));
        }
    }

    #[test]
    fn a_packet_of_another_index_or_key_is_forged(
        profile in profiles(), index in 0..=INDEX_MAX, other in 0..=INDEX_MAX, seed in 8_u8..,
    ) {
        prop_assume!(index >> 16 != other >> 16);
        let (incoming, outgoing) = pair(profile);
        let packet = sealed_rtp(&outgoing, index, b"speech");
        prop_assert_eq!(incoming.open_rtp(12, other, &mut packet.clone()), Err(OpenError::Forged));
        let (stranger, _) = material(profile, seed).contexts(Role::Server);
        prop_assert_eq!(stranger.open_rtp(12, index, &mut packet.clone()), Err(OpenError::Forged));
    }

    #[test]
    fn the_window_accepts_each_index_once_and_none_too_old(
        jumps in prop::collection::vec((-1200_i64..1200, 0_u32..3), 1..400),
    ) {
        let (mut window, mut seen, mut highest) = (ReplayWindow::default(), BTreeSet::new(), None);
        let mut next = 5000_i64;
        for (jump, stride) in jumps {
            next = (next + jump * 40_i64.pow(stride)).max(0);
            let index = u64::try_from(next).expect("not negative");
            let expected = match highest {
                Some(highest) if index + REPLAY_WINDOW <= highest => Err(OpenError::TooOld),
                _ if seen.contains(&index) => Err(OpenError::Replayed),
                _ => Ok(()),
            };
            prop_assert_eq!(window.check(index), expected);
            window.accept(index);
            if expected.is_ok() {
                seen.insert(index);
                highest = highest.max(Some(index));
            }
            prop_assert_eq!(window.highest(), highest);
        }
    }

    #[test]
    fn the_guess_is_that_of_rfc_3711_3_3_1(
        roll_over in 0_u64..=0xffff_ffff, newest: u16, sequence: u16,
    ) {
        let mut stream = IndexedStream::default();
        stream.accept(roll_over << 16 | u64::from(newest));
        let (s_l, seq) = (i64::from(newest), i64::from(sequence));
        let step = if s_l < 32_768 {
            if seq - s_l > 32_768 { -1 } else { 0 }
        } else if s_l - 32_768 > seq {
            1
        } else {
            0
        };
        let guessed = i64::try_from(roll_over).expect("32 bits") + step;
        let expected = (guessed << 16) + seq;
        match stream.guess(sequence) {
            Ok(index) => prop_assert_eq!(i64::try_from(index), Ok(expected)),
            Err(OpenError::Replayed) => prop_assert_eq!(sequence, newest),
            Err(OpenError::Exhausted) => prop_assert!(guessed > 0xffff_ffff),
            Err(OpenError::TooOld) => {
                let behind = i64::try_from((roll_over << 16) + u64::from(newest)).expect("48 bits") - expected;
                prop_assert!(behind >= i64::try_from(REPLAY_WINDOW).expect("small"));
            }
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }
}

#[test]
fn each_end_reads_what_the_other_writes_and_not_its_own() {
    for profile in Profile::ALL {
        let keys = material(profile, 1);
        let (mut server_in, mut server_out) = keys.contexts(Role::Server);
        let (mut client_in, mut client_out) = keys.contexts(Role::Client);
        let from_server = sealed_rtcp(&mut server_out, 1, b"to you");
        let from_client = sealed_rtcp(&mut client_out, 1, b"to us");
        assert_eq!(
            server_in.open_rtcp(&mut from_server.clone()),
            Err(OpenError::Forged)
        );
        assert_eq!(
            client_in.open_rtcp(&mut from_client.clone()),
            Err(OpenError::Forged)
        );
        assert!(client_in.open_rtcp(&mut from_server.clone()).is_ok());
        assert!(server_in.open_rtcp(&mut from_client.clone()).is_ok());
    }
}

#[test]
fn a_packet_with_any_bit_flipped_is_forged() {
    for profile in Profile::ALL {
        let (incoming, outgoing) = pair(profile);
        let packet = sealed_rtp(&outgoing, 70_000, b"speech");
        for bit in 0..packet.len() * 8 {
            let mut flipped = packet.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let outcome = incoming.open_rtp(12, 70_000, &mut flipped);
            assert_eq!(outcome, Err(OpenError::Forged), "bit {bit}");
        }
    }
}

#[test]
fn a_report_with_any_bit_flipped_is_refused_and_changes_nothing() {
    for profile in Profile::ALL {
        let (mut incoming, mut outgoing) = pair(profile);
        let packet = sealed_rtcp(&mut outgoing, SSRC, b"feedback");
        for bit in 0..packet.len() * 8 {
            let mut flipped = packet.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let outcome = incoming.open_rtcp(&mut flipped);
            assert!(
                matches!(outcome, Err(OpenError::Forged | OpenError::Unencrypted)),
                "bit {bit}"
            );
        }
        assert!(incoming.rtcp_senders.len() == 0);
        assert!(incoming.open_rtcp(&mut packet.clone()).is_ok());
    }
}

#[test]
fn a_report_that_claims_to_be_clear_is_refused() {
    // RFC 7714 17.3: tagged, not encrypted, by the keys of its example.
    let mut packet = super::rfc_vectors::hex(
        "81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef \
         deadbeef deadbeef deadbeef deadbeef 841dd968 3dd78ec9 2ae58790 125f62b3 000005d4",
    );
    let (mut incoming, _) = pair(Profile::Aes128Gcm);
    assert_eq!(incoming.open_rtcp(&mut packet), Err(OpenError::Unencrypted));
}

#[test]
fn a_packet_is_accepted_once() {
    let mut stream = IndexedStream::default();
    for sequence in [500, 502, 501] {
        let index = stream.guess(sequence).expect("new");
        assert_eq!(stream.guess(sequence), Ok(index), "asking changes nothing");
        stream.accept(index);
        assert_eq!(stream.guess(sequence), Err(OpenError::Replayed));
    }
}

#[test]
fn a_report_is_accepted_once() {
    for profile in Profile::ALL {
        let (mut incoming, mut outgoing) = pair(profile);
        let first = sealed_rtcp(&mut outgoing, SSRC, b"first");
        let second = sealed_rtcp(&mut outgoing, SSRC, b"second");
        assert!(incoming.open_rtcp(&mut second.clone()).is_ok());
        assert!(incoming.open_rtcp(&mut first.clone()).is_ok());
        assert_eq!(
            incoming.open_rtcp(&mut first.clone()),
            Err(OpenError::Replayed)
        );
        assert_eq!(
            incoming.open_rtcp(&mut second.clone()),
            Err(OpenError::Replayed)
        );
    }
}

#[test]
fn the_window_reaches_back_as_far_as_it_says() {
    let newest = 100_000;
    for (behind, expected) in [
        (REPLAY_WINDOW - 1, Ok(())),
        (REPLAY_WINDOW, Err(OpenError::TooOld)),
        (REPLAY_WINDOW + 1, Err(OpenError::TooOld)),
    ] {
        // Every position of the newest index in its word of the ring.
        for shift in 0..64 {
            let mut window = ReplayWindow::default();
            window.accept(newest + shift);
            assert_eq!(
                window.check(newest + shift - behind),
                expected,
                "{behind} behind"
            );
        }
    }
}

#[test]
fn a_leap_of_any_length_forgets_what_it_leaves_behind() {
    for leap in 1..=2 * REPLAY_WINDOW + 200 {
        let mut window = ReplayWindow::default();
        for index in 0..=REPLAY_WINDOW {
            window.accept(index);
        }
        let newest = REPLAY_WINDOW + leap;
        window.accept(newest);
        for index in newest.saturating_sub(REPLAY_WINDOW - 1)..newest {
            let expected = if index <= REPLAY_WINDOW {
                Err(OpenError::Replayed)
            } else {
                Ok(())
            };
            assert_eq!(
                window.check(index),
                expected,
                "{index} after a leap of {leap}"
            );
        }
    }
}

#[test]
fn at_exactly_half_the_sequence_space_the_roll_over_counter_stays() {
    let guess = |newest: u64, sequence| {
        let mut stream = IndexedStream::default();
        stream.accept(newest);
        stream.guess(sequence)
    };
    assert_eq!(guess(5 << 16, 0x7fff), Ok((5 << 16) + 0x7fff));
    assert_eq!(guess(5 << 16, 0x8000), Ok((5 << 16) + 0x8000));
    assert_eq!(
        guess(5 << 16, 0x8001),
        Err(OpenError::TooOld),
        "of the counter before"
    );
    assert_eq!(guess((5 << 16) + 0x8001, 0), Ok(6 << 16));
    assert_eq!(
        guess((5 << 16) + 0x8000, 0),
        Err(OpenError::TooOld),
        "of this counter"
    );
}

#[test]
fn a_stream_ends_with_its_index_space() {
    let mut stream = IndexedStream::default();
    stream.accept(INDEX_MAX - 1);
    assert_eq!(stream.guess(0xffff), Ok(INDEX_MAX));
    assert_eq!(stream.guess(0), Err(OpenError::Exhausted));
    assert_eq!(IndexedStream::default().guess(0xffff), Ok(0xffff));
    let mut young = IndexedStream::default();
    young.accept(3);
    assert_eq!(
        young.guess(0xffff),
        Err(OpenError::TooOld),
        "before the first counter"
    );
}

#[test]
fn a_stream_runs_through_many_wraps_with_losses_and_disorder() {
    for profile in Profile::ALL {
        let (incoming, outgoing) = pair(profile);
        let mut stream = IndexedStream::default();
        let mut opened = 0;
        for base in (30_000..300_000_u64).step_by(97) {
            for index in [base + 20, base, base + 7] {
                let mut packet = sealed_rtp(&outgoing, index, b"speech");
                let guess = stream.guess(low_sequence(index)).expect("new");
                assert_eq!(guess, index);
                incoming.open_rtp(12, guess, &mut packet).expect("honest");
                stream.accept(guess);
                opened += 1;
            }
        }
        assert_eq!(opened, 8352);
        assert_eq!(stream.highest().map(|highest| highest >> 16), Some(4));
    }
}

#[test]
fn garbage_leaves_no_trace_and_honest_packets_go_on() {
    for profile in Profile::ALL {
        let (mut incoming, mut outgoing) = pair(profile);
        let mut stream = IndexedStream::default();
        let mut noise = 1_u64;
        for round in 0..2000_u64 {
            let honest = sealed_rtp(&outgoing, 100 + round, b"speech");
            let report = sealed_rtcp(&mut outgoing, SSRC, b"feedback");
            let before = format!("{stream:?} {:?}", incoming.rtcp_senders);
            for _ in 0..10 {
                noise = noise
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let mut forged = honest.clone();
                forged[2..4].copy_from_slice(&noise.to_be_bytes()[..2]);
                if let Ok(guess) = stream.guess(u16::from_be_bytes([forged[2], forged[3]]))
                    && guess != 100 + round
                {
                    let outcome = incoming.open_rtp(12, guess, &mut forged);
                    assert_eq!(outcome, Err(OpenError::Forged));
                }
                let mut forged = report.clone();
                forged[4..8].copy_from_slice(&noise.to_be_bytes()[2..6]);
                assert_eq!(incoming.open_rtcp(&mut forged), Err(OpenError::Forged));
            }
            assert_eq!(format!("{stream:?} {:?}", incoming.rtcp_senders), before);
            let guess = stream.guess(low_sequence(100 + round)).expect("new");
            incoming
                .open_rtp(12, guess, &mut honest.clone())
                .expect("honest");
            stream.accept(guess);
            incoming.open_rtcp(&mut report.clone()).expect("honest");
        }
    }
}

#[test]
fn any_bytes_of_any_length_are_survived() {
    for profile in Profile::ALL {
        let (mut incoming, mut outgoing) = pair(profile);
        for length in 0..=2048 {
            for filler in [0x00, 0x80, 0x90, 0xff] {
                let bytes = vec![filler; length];
                let header_length = rtp_header_length(&bytes);
                assert!(header_length.is_none_or(|header| header <= length));
                for header_length in [0, 12, length, header_length.unwrap_or(length + 1)] {
                    assert!(
                        incoming
                            .open_rtp(header_length, 0, &mut bytes.clone())
                            .is_err()
                    );
                    let index = u64::from(u16::from_be_bytes([filler; 2]));
                    let is_sealed =
                        header_length >= 12 && length >= header_length + outgoing.rtp_overhead();
                    let sealed = outgoing.seal_rtp(header_length, index, &mut bytes.clone());
                    assert_eq!(sealed.is_ok(), is_sealed);
                }
                assert!(incoming.open_rtcp(&mut bytes.clone()).is_err());
                let has_room = length >= 8 + outgoing.rtcp_overhead();
                let sealed = outgoing.seal_rtcp(&mut bytes.clone());
                assert_eq!(
                    sealed,
                    if has_room {
                        Ok(())
                    } else {
                        Err(SealError::BadLength)
                    }
                );
            }
        }
        assert!(incoming.rtcp_senders.len() == 0);
    }
}

#[test]
fn a_buffer_without_room_for_the_tag_is_not_sealed() {
    for profile in Profile::ALL {
        let (_, outgoing) = pair(profile);
        let needed = 12 + profile.rtp_overhead();
        for (length, expected) in [
            (needed - 1, Err(SealError::BadLength)),
            (needed, Ok(())),
            (needed + 1, Ok(())),
        ] {
            assert_eq!(outgoing.seal_rtp(12, 0, &mut vec![0; length]), expected);
        }
    }
}

#[test]
fn senders_of_one_peer_count_their_reports_each_for_itself() {
    // libsrtp keeps an index per ssrc, so a browser's streams all begin at 1.
    let keys = material(Profile::Aes256Gcm, 7);
    let (mut incoming, _) = keys.contexts(Role::Server);
    for ssrc in 1..=5 {
        let (_, mut stream) = keys.contexts(Role::Client);
        let mut packet = sealed_rtcp(&mut stream, ssrc, b"feedback");
        assert!(incoming.open_rtcp(&mut packet).is_ok(), "sender {ssrc}");
    }
}

#[test]
fn beyond_the_limit_of_senders_the_longest_silent_is_forgotten() {
    let limit = u32::try_from(RTCP_SENDERS_MAX).expect("small");
    let mut senders = RtcpSenders::default();
    for ssrc in 0..limit {
        senders.accept(ssrc, 5);
    }
    assert_eq!(senders.len(), RTCP_SENDERS_MAX);
    senders.accept(0, 6); // now sender 1 is the longest silent
    senders.accept(limit, 5);
    assert_eq!(senders.len(), RTCP_SENDERS_MAX);
    assert_eq!(senders.check(0, 5), Err(OpenError::Replayed));
    assert_eq!(senders.check(limit, 5), Err(OpenError::Replayed));
    assert_eq!(senders.check(1, 5), Ok(()), "forgotten");
    assert_eq!(senders.check(2, 5), Err(OpenError::Replayed));
}

#[test]
fn a_key_seals_as_many_reports_as_its_index_can_count() {
    let (_, mut outgoing) = pair(Profile::Aes128Gcm);
    outgoing.rtcp_index = (1 << 31) - 2;
    for expected in [
        Ok(()),
        Ok(()),
        Err(SealError::Exhausted),
        Err(SealError::Exhausted),
    ] {
        assert_eq!(outgoing.seal_rtcp(&mut [0; 64]), expected);
    }
}

#[test]
fn a_key_seals_as_many_packets_as_its_index_can_count() {
    let (_, outgoing) = pair(Profile::Aes128Gcm);
    for (index, expected) in [
        (INDEX_MAX - 1, Ok(())),
        (INDEX_MAX, Ok(())),
        (INDEX_MAX + 1, Err(SealError::Exhausted)),
    ] {
        let mut packet = rtp(index, &[0; 40]);
        assert_eq!(outgoing.seal_rtp(12, index, &mut packet), expected);
    }
}

#[test]
fn keying_material_of_another_length_is_refused() {
    for profile in Profile::ALL {
        let expected = profile.exported_length();
        for given in [0, expected - 1, expected + 1, 200] {
            let outcome = KeyingMaterial::new(profile, &vec![0; given]).map(|_| ());
            assert_eq!(outcome, Err(WrongLength { expected, given }));
        }
        assert!(KeyingMaterial::new(profile, &vec![0; expected]).is_ok());
    }
}

#[test]
fn no_debug_output_shows_a_key() {
    let keys = KeyingMaterial::new(Profile::Aes128Gcm, &[0xab; 56]).expect("its length");
    let (incoming, outgoing) = keys.contexts(Role::Server);
    let shown = format!("{keys:?} {incoming:?} {outgoing:?}");
    assert!(!shown.contains("171") && !shown.contains("ab, ab") && !shown.contains("0xab"));
    assert_eq!(
        shown,
        "KeyingMaterial { profile: Aes128Gcm, .. } SrtpIn { profile: Aes128Gcm, .. } \
         SrtpOut { profile: Aes128Gcm, .. }"
    );
}

#[test]
fn the_clear_part_of_a_packet_ends_before_its_payload() {
    let mut packet = rtp(1, b"payload");
    assert_eq!(rtp_header_length(&packet), Some(12));
    packet[0] = 0x81;
    assert_eq!(rtp_header_length(&packet), Some(16));
    packet[0] = 0x82;
    assert_eq!(
        rtp_header_length(&packet),
        None,
        "a second contributor is not there"
    );
    let mut extended = vec![0x90, 111, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0xbe, 0xde, 0, 2];
    assert_eq!(
        rtp_header_length(&extended),
        None,
        "two words are not there"
    );
    extended.extend([0; 8]);
    assert_eq!(rtp_header_length(&extended), Some(24));
    extended.truncate(14);
    assert_eq!(
        rtp_header_length(&extended),
        None,
        "half of the extension's own header"
    );
}
