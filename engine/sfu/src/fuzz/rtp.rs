//! Entry points for RTP: what is parsed of a stranger's packet, and what a stream is made of.

use std::collections::HashMap;
use std::num::NonZeroU8;
use std::time::{Duration, Instant};

use crate::rtp::{
    Codec, Decision, ExtensionIds, Extensions, Forward, Header, LayerIndex, MAX_LAYERS,
    PacketFacts, Rewriter, SourceClock, SourcePacket, h264, vp8,
};

/// A packet: header, extensions and payload lie inside it, in this order.
pub fn rtp_header(bytes: &[u8]) {
    let Ok(header) = Header::parse(bytes) else {
        return;
    };
    assert!(header.length <= bytes.len());
    let values: usize = header.extensions(bytes).map(|(_, value)| value.len()).sum();
    assert!(values < header.length);
    if let Ok(payload) = header.payload(bytes) {
        assert_eq!(payload.start, header.length);
        assert!(payload.end <= bytes.len());
    }
}

/// Two bytes of profile, then a block; every id is asked for in every way.
pub fn rtp_extensions(bytes: &[u8]) {
    let Some((profile, block)) = bytes.split_first_chunk() else {
        return;
    };
    let walk = Extensions::new(u16::from_be_bytes(*profile), block);
    for (id, value) in walk.clone() {
        assert!(value.len() < block.len());
        let id = NonZeroU8::new(id);
        assert!(id.is_some(), "zero is padding");
        assert!(walk.find(id).is_some());
        let ids = ExtensionIds {
            mid: id,
            audio_level: id,
            transport_sequence: id,
            ..ExtensionIds::default()
        };
        let text = walk.find_text(ids.mid);
        assert!(text.is_none_or(|text| Some(text.as_bytes()) == walk.find(id)));
        let level = walk.audio_level(&ids);
        assert!(level.is_none_or(|level| level.decibels_below_full <= 127));
        assert_eq!(
            walk.transport_sequence(&ids).is_some(),
            walk.find(id).is_some_and(|value| value.len() >= 2)
        );
    }
}

/// A VP8 payload: writing its own counters changes nothing, and no others change its length.
pub fn vp8(bytes: &[u8]) {
    let Ok(descriptor) = vp8::Descriptor::parse(bytes) else {
        return;
    };
    let length = usize::from(descriptor.length);
    assert!(length < bytes.len());
    let mut copy = bytes.to_vec();
    vp8::Patch(descriptor.counters).apply(&mut copy);
    assert_eq!(copy, bytes);
    let others = vp8::Counters {
        picture_id: descriptor
            .counters
            .picture_id
            .map(|id| id.with_value(!id.value())),
        base_picture_index: descriptor.counters.base_picture_index.map(|index| !index),
        key_frame_index: descriptor
            .counters
            .key_frame_index
            .map(|index| !index & 0x1f),
    };
    vp8::Patch(others).apply(&mut copy);
    let read = vp8::Descriptor::parse(&copy).expect("a patch spoils nothing");
    let expected = vp8::Descriptor {
        counters: others,
        ..descriptor
    };
    assert_eq!(read, expected);
    assert_eq!(copy[length..], bytes[length..]);
}

/// An H.264 payload.
pub fn h264(bytes: &[u8]) {
    let start = h264::Start::parse(bytes);
    assert!(start.is_frame || !start.is_key_frame);
}

const START: u16 = 500;

/// A script of eight bytes a step: wish, layer, step of the sequence, timestamp, codec flags and
/// VP8 counters. Whatever the source does, each number is given once, and again for a repetition.
pub fn rewriter(bytes: &[u8]) {
    let mut rewriter = Rewriter::new(Codec::Vp8, START, 0);
    rewriter.set_target(Some(LayerIndex::LOWEST));
    let mut now = beginning();
    let mut highest = [0_u64; MAX_LAYERS];
    let mut given: HashMap<u64, Forward> = HashMap::new();
    for &[wish, layer, step, pause, clock, flags, picture, base] in bytes.as_chunks().0 {
        let layer = LayerIndex::new(layer % 3).expect("below three");
        match wish {
            0..3 => rewriter.set_target(LayerIndex::new(wish)),
            3 => rewriter.set_target(None),
            4..8 => rewriter.set_temporal_limit(wish - 4),
            8 => rewriter.interrupt(),
            9 => {
                rewriter.source_restarted(layer);
                highest[layer.index()] = 0;
            }
            _ => {}
        }
        now += Duration::from_millis(u64::from(pause) * u64::from(pause));
        let newest = &mut highest[layer.index()];
        let sequence = match step {
            0..200 => *newest + u64::from(step % 8),
            200..230 => newest.saturating_sub(u64::from(step - 200)),
            _ => *newest + (u64::from(step - 229) << 10),
        };
        *newest = sequence.max(*newest);
        let facts = facts(flags, picture, base);
        let packet = SourcePacket {
            layer,
            extended_sequence: sequence,
            timestamp: u32::from(clock).wrapping_mul(0x0107_0000),
            facts: &facts,
        };
        let clocks = [Some(SourceClock {
            ntp: crate::rtcp::NtpTime(u64::from(base) << 56),
            timestamp: u32::from(picture) << 24,
        }); MAX_LAYERS];
        let Decision::Forward(forward) = rewriter.rewrite(now, &packet, &clocks) else {
            continue;
        };
        assert!(forward.extended_sequence >= u64::from(START));
        let before = given.insert(forward.extended_sequence, forward);
        assert_eq!(before, None, "given twice");
        let repeated = rewriter.repeat(&packet).map(|repeated| Forward {
            has_switched: forward.has_switched,
            ..repeated
        });
        assert_eq!(repeated, Some(forward));
    }
}

fn facts(flags: u8, picture: u8, base: u8) -> PacketFacts {
    let is_key_frame_start = flags & 1 != 0;
    let temporal_layer = (flags >> 1) & 3;
    let counters = vp8::Counters {
        picture_id: (flags & 8 != 0).then_some(vp8::PictureId::Wide(u16::from(picture) << 7)),
        base_picture_index: (flags & 16 != 0).then_some(base),
        key_frame_index: (flags & 32 != 0).then_some(base & 0x1f),
    };
    PacketFacts {
        is_key_frame_start,
        is_frame_start: is_key_frame_start,
        is_frame_end: false,
        is_padding: flags & 0xc0 == 0xc0,
        temporal_layer,
        can_switch_up: flags & 64 != 0,
        vp8: Some(vp8::Descriptor {
            counters,
            temporal_layer,
            is_layer_sync: flags & 64 != 0,
            is_frame_start: is_key_frame_start,
            is_key_frame_start,
            length: 1,
        }),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "an Instant cannot be made otherwise; only differences to it matter"
)]
fn beginning() -> Instant {
    Instant::now()
}
