//! RTP headers and header extensions, read and written.

use std::num::NonZeroU8;
use std::time::Duration;

use proptest::prelude::*;
use veche_sfu::rtp::{
    AudioLevel, BufferTooSmall, ExtensionIds, Extensions, Header, HeaderWriter, Malformed,
    OutgoingExtensions, OutgoingHeader, abs_send_time, extension_uri, stamp_abs_send_time,
};

const PLAIN: [u8; 12] = [0x80, 0xe0, 0x12, 0x34, 0, 0, 0, 9, 1, 2, 3, 4];

fn id(value: u8) -> NonZeroU8 {
    NonZeroU8::new(value).unwrap()
}

fn with_extension(profile: u16, block: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut packet = PLAIN.to_vec();
    packet[0] |= 0x10;
    packet.extend(profile.to_be_bytes());
    packet.extend(((block.len() / 4) as u16).to_be_bytes());
    packet.extend(block);
    packet.extend(payload);
    packet
}

fn all_extensions(packet: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let header = Header::parse(packet).unwrap();
    let walk = header.extensions(packet);
    walk.map(|(id, value)| (id, value.to_vec())).collect()
}

#[test]
fn a_plain_header_is_read_field_by_field() {
    let header = Header::parse(&PLAIN).unwrap();
    assert_eq!(header.payload_type, 0x60);
    assert!(header.has_marker);
    assert_eq!(header.sequence, 0x1234);
    assert_eq!(header.timestamp, 9);
    assert_eq!(header.ssrc, 0x0102_0304);
    assert_eq!(header.length, 12);
    assert_eq!(header.payload(&PLAIN), Ok(12..12));
}

#[test]
fn contributing_sources_belong_to_the_header() {
    let mut packet = PLAIN.to_vec();
    packet[0] = 0x82;
    packet.extend([0; 8]);
    packet.push(7);
    assert_eq!(Header::parse(&packet).unwrap().payload(&packet), Ok(20..21));
}

#[test]
fn another_version_is_refused() {
    let mut packet = PLAIN;
    packet[0] = 0x40;
    assert_eq!(Header::parse(&packet), Err(Malformed::WrongVersion));
}

#[test]
fn every_cut_of_a_full_header_is_too_short() {
    let mut packet = with_extension(0xbede, &[0x10, 1, 0, 0], &[]);
    packet[0] |= 0x01;
    packet.splice(12..12, [0; 4]);
    assert!(Header::parse(&packet).is_ok());
    for length in 0..packet.len() {
        assert_eq!(
            Header::parse(&packet[..length]),
            Err(Malformed::TooShort),
            "{length}"
        );
    }
}

#[test]
fn padding_is_taken_off_and_a_wrong_count_is_refused() {
    let mut packet = PLAIN.to_vec();
    packet[0] |= 0x20;
    let header = Header::parse(&packet).unwrap();
    assert_eq!(header.payload(&packet), Err(Malformed::WrongPadding));
    packet.extend([5, 6, 0, 2]);
    assert_eq!(header.payload(&packet), Ok(12..14));
    packet[15] = 4;
    assert_eq!(header.payload(&packet), Ok(12..12));
    packet[15] = 5;
    assert_eq!(header.payload(&packet), Err(Malformed::WrongPadding));
    packet[15] = 0;
    assert_eq!(header.payload(&packet), Err(Malformed::WrongPadding));
}

#[test]
fn one_byte_elements_are_walked_over_padding_to_the_stop_mark() {
    let block = [0x10, 0xaa, 0, 0x31, 1, 2, 0xf0, 0x10, 0xbb, 0, 0, 0];
    let packet = with_extension(0xbede, &block, &[]);
    assert_eq!(all_extensions(&packet), [(1, vec![0xaa]), (3, vec![1, 2])]);
}

#[test]
fn padding_that_claims_a_length_ends_the_walk() {
    let block = [0x10, 0xaa, 0x01, 1, 2, 0x30, 3, 0];
    let packet = with_extension(0xbede, &block, &[]);
    assert_eq!(all_extensions(&packet), [(1, vec![0xaa])]);
}

#[test]
fn two_byte_elements_may_be_empty_and_have_large_ids() {
    let block = [200, 0, 0, 15, 2, 1, 2, 0];
    for profile in [0x1000, 0x1007] {
        let packet = with_extension(profile, &block, &[]);
        assert_eq!(all_extensions(&packet), [(200, vec![]), (15, vec![1, 2])]);
    }
}

#[test]
fn an_unknown_profile_has_no_elements() {
    assert!(all_extensions(&with_extension(0x1100, &[1, 1, 1, 1], &[])).is_empty());
}

#[test]
fn a_broken_element_ends_the_walk_and_spoils_nothing_before_it() {
    let one_byte = with_extension(0xbede, &[0x10, 7, 0x2f, 0], &[9; 20]);
    assert_eq!(all_extensions(&one_byte), [(1, vec![7])]);
    let two_byte = with_extension(0x1000, &[1, 1, 7, 2], &[9; 20]);
    assert_eq!(all_extensions(&two_byte), [(1, vec![7])]);
}

#[test]
fn ids_are_kept_for_known_uris_only() {
    let ids = ExtensionIds::from_pairs([
        (extension_uri::MID, 4),
        ("urn:example:unknown", 5),
        (extension_uri::RID, 0),
        (extension_uri::AUDIO_LEVEL, 255),
    ]);
    let expected = ExtensionIds {
        mid: Some(id(4)),
        audio_level: Some(id(255)),
        ..ExtensionIds::default()
    };
    assert_eq!(ids, expected);
}

#[test]
fn known_values_are_found_by_their_negotiated_ids() {
    let block = [0x11, b'a', b'0', 0x20, 0x92, 0x31, 0xff, 0xfe];
    let walk = Extensions::new(0xbede, &block);
    let ids = ExtensionIds::from_pairs([
        (extension_uri::MID, 1),
        (extension_uri::AUDIO_LEVEL, 2),
        (extension_uri::TRANSPORT_SEQUENCE, 3),
    ]);
    assert_eq!(walk.find_text(ids.mid), Some("a0"));
    assert_eq!(walk.find_text(ids.rid), None);
    assert_eq!(walk.find_text(ids.transport_sequence), None, "not UTF-8");
    assert_eq!(walk.transport_sequence(&ids), Some(0xfffe));
    let level = walk.audio_level(&ids).unwrap();
    assert_eq!(level.decibels_below_full, 0x12);
    assert!(level.has_voice);
}

#[test]
fn departure_time_is_stamped_where_the_writer_said() {
    let mut buffer = [0xee; 64];
    let extensions = OutgoingExtensions {
        mid: Some((id(1), "v1")),
        abs_send_time: Some(id(2)),
        ..OutgoingExtensions::default()
    };
    let header = outgoing(7, false);
    let written = HeaderWriter::write(&mut buffer, &header, &extensions).unwrap();
    let at = written.abs_send_time_at.unwrap();
    stamp_abs_send_time(&mut buffer, at, Duration::from_millis(65_500));
    let ids =
        ExtensionIds::from_pairs([(extension_uri::MID, 1), (extension_uri::ABS_SEND_TIME, 2)]);
    let read = Header::parse(&buffer).unwrap();
    let walk = read.extensions(&buffer);
    // 65.5 s wraps at 64 s to 1.5 s in 6.18 bits.
    assert_eq!(walk.find(ids.abs_send_time), Some([0x06, 0, 0].as_slice()));
    assert_eq!(walk.find_text(ids.mid), Some("v1"));
}

#[test]
fn departure_time_fills_its_bits_and_no_more() {
    assert_eq!(abs_send_time(Duration::ZERO), 0);
    assert_eq!(abs_send_time(Duration::new(63, 999_999_999)), 0xff_ffff);
    assert_eq!(abs_send_time(Duration::from_secs(64)), 0);
}

#[test]
fn a_buffer_one_byte_too_small_is_refused() {
    let extensions = OutgoingExtensions {
        mid: Some((id(1), "abc")),
        ..OutgoingExtensions::default()
    };
    for (extensions, length) in [(OutgoingExtensions::default(), 12), (extensions, 20)] {
        let header = outgoing(1, true);
        let mut buffer = [0; 20];
        let exact = HeaderWriter::write(&mut buffer[..length], &header, &extensions);
        assert_eq!(exact.unwrap().length, length);
        let short = HeaderWriter::write(&mut buffer[..length - 1], &header, &extensions);
        assert_eq!(short, Err(BufferTooSmall));
    }
}

fn outgoing(sequence: u16, has_marker: bool) -> OutgoingHeader {
    OutgoingHeader {
        payload_type: 96,
        has_marker,
        has_padding: false,
        sequence,
        timestamp: 0xdead_beef,
        ssrc: 0x0bad_cafe,
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        sequence: u16,
        has_marker: bool,
        mid in proptest::option::of("[a-z0-9]{0,40}"),
        level in proptest::option::of(0u8..=255),
        transport in proptest::option::of(any::<u16>()),
        has_time: bool,
        first_id in 1u8..=252,
    ) {
        let ids = [first_id, first_id + 1, first_id + 2, first_id + 3].map(id);
        let extensions = OutgoingExtensions {
            mid: mid.as_deref().map(|mid| (ids[0], mid)),
            abs_send_time: has_time.then_some(ids[1]),
            audio_level: level.map(|byte| (ids[2], AudioLevel::from_byte(byte))),
            transport_sequence: transport.map(|number| (ids[3], number)),
        };
        let header = outgoing(sequence, has_marker);
        let mut buffer = [0xee; 128];
        let written = HeaderWriter::write(&mut buffer, &header, &extensions).unwrap();
        let read = Header::parse(&buffer[..written.length]).unwrap();
        prop_assert_eq!(read.length, written.length);
        prop_assert_eq!(read.length % 4, 0);
        prop_assert_eq!(
            (read.payload_type, read.has_marker, read.sequence, read.timestamp, read.ssrc),
            (96, has_marker, sequence, 0xdead_beef, 0x0bad_cafe)
        );
        let walk = read.extensions(&buffer);
        let negotiated = ExtensionIds {
            mid: Some(ids[0]),
            abs_send_time: Some(ids[1]),
            audio_level: Some(ids[2]),
            transport_sequence: Some(ids[3]),
            ..ExtensionIds::default()
        };
        prop_assert_eq!(walk.find_text(negotiated.mid), mid.as_deref());
        prop_assert_eq!(walk.find(negotiated.abs_send_time).is_some(), has_time);
        prop_assert_eq!(walk.audio_level(&negotiated).map(AudioLevel::to_byte), level);
        prop_assert_eq!(walk.transport_sequence(&negotiated), transport);
    }

    #[test]
    fn no_bytes_of_any_length_disturb_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
        if let Ok(header) = Header::parse(&bytes) {
            prop_assert!(header.length <= bytes.len());
            let values: usize = header.extensions(&bytes).map(|(_, value)| value.len()).sum();
            prop_assert!(values <= header.length);
            if let Ok(payload) = header.payload(&bytes) {
                prop_assert!(payload.start == header.length && payload.end <= bytes.len());
            }
        }
    }
}
