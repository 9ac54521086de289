//! A scripted publisher of three VP8 layers and a network that loses, reorders and repeats.

use veche_sfu::rtcp::NtpTime;
use veche_sfu::rtp::{Codec, LayerIndex, PacketFacts, SourceClock, SourcePacket, vp8};

use crate::support::{Random, Vp8Packet, layer};

pub const FRAMES: u64 = 240;
/// Milliseconds between frames; not a divisor of a second, so that rounding would show.
pub const FRAME_MS: u64 = 33;
pub const FRAME_TICKS: u32 = 2_970;
const TEMPORAL_PATTERN: [u8; 4] = [0, 2, 1, 2];

#[derive(Clone, Debug)]
pub struct Profile {
    pub loss_percent: u64,
    pub reorder_percent: u64,
    pub repeat_percent: u64,
    pub key_percent: u64,
    pub wish_percent: u64,
    pub has_reports: bool,
    pub is_narrow: bool,
}

#[derive(Clone, Debug)]
pub struct Packet {
    pub layer: LayerIndex,
    pub sequence: u64,
    pub timestamp: u32,
    pub picture: u64,
    /// Frames since the script began: capture time.
    pub frame: u64,
    pub facts: PacketFacts,
    pub payload: Vec<u8>,
}

impl Packet {
    pub fn source(&self) -> SourcePacket<'_> {
        SourcePacket {
            layer: self.layer,
            extended_sequence: self.sequence,
            timestamp: self.timestamp,
            facts: &self.facts,
        }
    }
}

/// One layer's sender; all its counters begin close to their wraps.
struct Sender {
    layer: LayerIndex,
    sequence: u64,
    timestamp: u32,
    picture: u64,
    base_index: u8,
    key_index: u8,
}

impl Sender {
    fn new(index: u8, random: &mut Random) -> Sender {
        Sender {
            layer: layer(index),
            sequence: 65_500 + random.below(40),
            timestamp: u32::MAX - random.below(100_000) as u32,
            picture: 32_700 + random.below(70),
            base_index: 250 + random.below(6) as u8,
            key_index: random.below(32) as u8,
        }
    }

    fn frame(&mut self, frame: u64, profile: &Profile, random: &mut Random) -> Vec<Packet> {
        let is_key = frame == 0 || random.happens(profile.key_percent);
        let temporal_layer = if is_key {
            0
        } else {
            TEMPORAL_PATTERN[(frame % 4) as usize]
        };
        self.timestamp = self.timestamp.wrapping_add(FRAME_TICKS);
        self.picture += 1;
        if temporal_layer == 0 {
            self.base_index = self.base_index.wrapping_add(1);
        }
        if is_key {
            self.key_index = (self.key_index + 1) & 0x1f;
        }
        let id = self.picture as u16;
        let picture_id = if profile.is_narrow {
            vp8::PictureId::Narrow(id as u8 & 0x7f)
        } else {
            vp8::PictureId::Wide(id & 0x7fff)
        };
        let is_layer_sync = temporal_layer > 0 && random.happens(50);
        let count = 1 + random.below(4);
        let mut packets: Vec<Packet> = (0..count)
            .map(|index| {
                let payload = Vp8Packet {
                    counters: vp8::Counters {
                        picture_id: Some(picture_id),
                        base_picture_index: Some(self.base_index),
                        key_frame_index: Some(self.key_index),
                    },
                    temporal_layer,
                    is_layer_sync,
                    is_frame_start: index == 0,
                    is_key_frame: is_key,
                }
                .payload(&[index as u8, frame as u8, 0xa5]);
                self.packet(frame, index + 1 == count, payload)
            })
            .collect();
        if random.happens(5) {
            packets.push(self.packet(frame, false, Vec::new()));
        }
        packets
    }

    fn packet(&mut self, frame: u64, has_marker: bool, payload: Vec<u8>) -> Packet {
        self.sequence += 1;
        Packet {
            layer: self.layer,
            sequence: self.sequence,
            timestamp: self.timestamp,
            picture: self.picture,
            frame,
            facts: PacketFacts::parse(Codec::Vp8, has_marker, &payload).unwrap(),
            payload,
        }
    }
}

/// What the network makes of the packets of all layers: who arrives, and in which order.
pub fn arrivals(seed: u64, profile: &Profile) -> (Vec<Packet>, [Option<SourceClock>; 3]) {
    let mut random = Random(seed);
    let mut senders: Vec<Sender> = (0..3)
        .map(|index| Sender::new(index, &mut random))
        .collect();
    let clocks = [0, 1, 2].map(|index: usize| {
        profile.has_reports.then_some(SourceClock {
            ntp: NtpTime::UNIX_EPOCH,
            timestamp: senders[index].timestamp,
        })
    });
    let mut arriving: Vec<(u64, Packet)> = Vec::new();
    for frame in 0..FRAMES {
        for sender in &mut senders {
            for packet in sender.frame(frame, profile, &mut random) {
                if random.happens(profile.loss_percent) {
                    continue;
                }
                let is_late = random.happens(profile.reorder_percent);
                let delay = if is_late { random.below(3) } else { 0 };
                let place = (frame + delay) * 16 + if is_late { random.below(16) } else { 0 };
                if random.happens(profile.repeat_percent) {
                    arriving.push((place + random.below(32), packet.clone()));
                }
                arriving.push((place, packet));
            }
        }
    }
    arriving.sort_by_key(|(place, _)| *place);
    (
        arriving.into_iter().map(|(_, packet)| packet).collect(),
        clocks,
    )
}
