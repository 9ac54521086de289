//! What the engine learns from payloads: VP8 and H.264.

use proptest::prelude::*;
use veche_sfu::rtp::{Codec, PacketFacts, h264, vp8};

use crate::support::Vp8Packet;

const FULL: vp8::Counters = vp8::Counters {
    picture_id: Some(vp8::PictureId::Wide(0x1234)),
    base_picture_index: Some(200),
    key_frame_index: Some(17),
};

fn packet(counters: vp8::Counters) -> Vp8Packet {
    Vp8Packet {
        counters,
        temporal_layer: 2,
        is_layer_sync: true,
        is_frame_start: true,
        is_key_frame: true,
    }
}

#[test]
fn a_full_descriptor_is_read() {
    let payload = packet(FULL).payload(&[9; 10]);
    let descriptor = vp8::Descriptor::parse(&payload).unwrap();
    assert_eq!(descriptor.counters, FULL);
    assert_eq!(descriptor.temporal_layer, 2);
    assert!(descriptor.is_layer_sync && descriptor.is_frame_start && descriptor.is_key_frame_start);
    assert_eq!(descriptor.length, 6);
}

#[test]
fn a_bare_descriptor_is_one_byte() {
    let descriptor = vp8::Descriptor::parse(&[0x10, 0x01]).unwrap();
    assert_eq!(descriptor.counters, vp8::Counters::default());
    assert!(descriptor.is_frame_start && !descriptor.is_key_frame_start);
    assert_eq!(descriptor.length, 1);
}

#[test]
fn a_key_frame_starts_in_the_first_partition_only() {
    let is_key_start = |bytes: &[u8]| vp8::Descriptor::parse(bytes).unwrap().is_key_frame_start;
    assert!(is_key_start(&[0x10, 0x00]));
    assert!(!is_key_start(&[0x11, 0x00]), "start of partition 1");
    assert!(!is_key_start(&[0x00, 0x00]), "continuation");
    assert!(!is_key_start(&[0x10, 0x01]), "delta frame");
}

#[test]
fn every_cut_of_a_descriptor_is_refused() {
    let payload = packet(FULL).payload(&[]);
    assert!(vp8::Descriptor::parse(&payload).is_ok());
    for length in 0..payload.len() {
        assert_eq!(
            vp8::Descriptor::parse(&payload[..length]),
            Err(vp8::Malformed),
            "{length}"
        );
    }
}

#[test]
fn an_empty_payload_is_padding_in_every_codec() {
    for codec in [Codec::Opus, Codec::Vp8, Codec::H264] {
        let facts = PacketFacts::parse(codec, false, &[]).unwrap();
        assert!(facts.is_padding && !facts.is_key_frame_start);
    }
}

#[test]
fn every_audio_packet_can_be_the_first() {
    let facts = PacketFacts::parse(Codec::Opus, false, &[0xfc]).unwrap();
    assert!(facts.is_key_frame_start && facts.is_frame_start && facts.is_frame_end);
}

#[test]
fn h264_key_frames_are_known_by_parameters_or_first_slice() {
    let start = |bytes: &[u8]| {
        let start = h264::Start::parse(bytes);
        (start.is_key_frame, start.is_frame)
    };
    assert_eq!(start(&[0x67, 0x42]), (true, true), "sequence parameters");
    assert_eq!(start(&[0x68, 0xce]), (false, false), "picture parameters");
    assert_eq!(start(&[0x65, 0x88]), (true, true), "first slice of IDR");
    assert_eq!(start(&[0x65, 0x48]), (false, false), "a later slice of IDR");
    assert_eq!(
        start(&[0x41, 0x9a]),
        (false, true),
        "first slice of a picture"
    );
    assert_eq!(start(&[0x09, 0xf0]), (false, true), "delimiter");
    assert_eq!(
        start(&[0x7c, 0x85, 0x88]),
        (true, true),
        "first fragment of IDR"
    );
    assert_eq!(
        start(&[0x7c, 0x05, 0x88]),
        (false, false),
        "a later fragment"
    );
    assert_eq!(start(&[0x7c, 0x81, 0x9a]), (false, true), "first fragment");
    assert_eq!(start(&[]), (false, false));
    assert_eq!(start(&[0x65]), (false, false), "no slice header");
}

#[test]
fn h264_aggregates_are_searched_unit_by_unit() {
    let aggregate = [0x78, 0, 2, 0x68, 0xce, 0, 2, 0x67, 0x42];
    assert!(h264::Start::parse(&aggregate).is_key_frame);
    let cut = &aggregate[..8];
    assert!(
        !h264::Start::parse(cut).is_key_frame,
        "the last unit is incomplete"
    );
    assert!(
        !h264::Start::parse(&[0x78, 0, 0, 0, 0]).is_frame,
        "empty units"
    );
}

fn counters() -> impl Strategy<Value = vp8::Counters> {
    let picture_id = prop_oneof![
        Just(None),
        (0u8..128).prop_map(|id| Some(vp8::PictureId::Narrow(id))),
        (0u16..32768).prop_map(|id| Some(vp8::PictureId::Wide(id))),
    ];
    let key_frame_index = proptest::option::of(0u8..32);
    (picture_id, any::<Option<u8>>(), key_frame_index).prop_map(
        |(picture_id, base_picture_index, key_frame_index)| vp8::Counters {
            picture_id,
            base_picture_index,
            key_frame_index,
        },
    )
}

proptest! {
    #[test]
    fn a_patch_changes_the_counters_and_nothing_else(
        old in counters(),
        new_id: u16,
        new_base: u8,
        new_key in 0u8..32,
        body in proptest::collection::vec(any::<u8>(), 0..50),
    ) {
        let new = vp8::Counters {
            picture_id: old.picture_id.map(|id| id.with_value(new_id)),
            base_picture_index: old.base_picture_index.map(|_| new_base),
            key_frame_index: old.key_frame_index.map(|_| new_key),
        };
        let mut payload = packet(old).payload(&body);
        vp8::Patch(new).apply(&mut payload);
        prop_assert_eq!(payload, packet(new).payload(&body));
    }

    #[test]
    fn no_payload_disturbs_the_readers(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
        if let Ok(descriptor) = vp8::Descriptor::parse(&bytes) {
            prop_assert!(usize::from(descriptor.length) < bytes.len());
            let mut patched = bytes.clone();
            vp8::Patch(descriptor.counters).apply(&mut patched);
            prop_assert_eq!(&patched, &bytes, "its own counters change nothing");
        }
        let start = h264::Start::parse(&bytes);
        prop_assert!(start.is_frame || !start.is_key_frame);
    }
}
