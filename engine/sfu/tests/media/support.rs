//! Virtual time, a seeded generator and payloads to feed the code under test.

use std::time::{Duration, Instant};

use veche_sfu::rtp::{LayerIndex, vp8};

/// The moment virtual time begins.
#[expect(
    clippy::disallowed_methods,
    reason = "an Instant cannot be made otherwise; only differences to it matter"
)]
pub fn beginning() -> Instant {
    Instant::now()
}

pub fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

pub fn layer(index: u8) -> LayerIndex {
    LayerIndex::new(index).unwrap()
}

/// SplitMix64: a seed decides everything.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub fn happens(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// A VP8 packet as libwebrtc writes it.
#[derive(Clone, Copy)]
pub struct Vp8Packet {
    pub counters: vp8::Counters,
    pub temporal_layer: u8,
    pub is_layer_sync: bool,
    pub is_frame_start: bool,
    pub is_key_frame: bool,
}

impl Vp8Packet {
    pub fn payload(&self, body: &[u8]) -> Vec<u8> {
        let counters = &self.counters;
        let flag = |is_set: bool, bit: u8| if is_set { bit } else { 0 };
        let mut bytes = vec![
            0x80 | flag(self.is_frame_start, 0x10),
            flag(counters.picture_id.is_some(), 0x80)
                | flag(counters.base_picture_index.is_some(), 0x40)
                | 0x20
                | flag(counters.key_frame_index.is_some(), 0x10),
        ];
        match counters.picture_id {
            Some(vp8::PictureId::Narrow(id)) => bytes.push(id & 0x7f),
            Some(vp8::PictureId::Wide(id)) => bytes.extend((id | 0x8000).to_be_bytes()),
            None => {}
        }
        bytes.extend(counters.base_picture_index);
        bytes.push(
            (self.temporal_layer << 6)
                | flag(self.is_layer_sync, 0x20)
                | counters.key_frame_index.unwrap_or(0),
        );
        bytes.push(flag(!self.is_key_frame, 0x01));
        bytes.extend(body);
        bytes
    }
}
