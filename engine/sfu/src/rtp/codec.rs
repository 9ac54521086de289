//! The facts about a payload that forwarding depends on, parsed once per packet.

use super::{h264, vp8};

/// Codecs the engine forwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// RFC 7587
    Opus,
    /// RFC 7741
    Vp8,
    /// RFC 6184
    H264,
}

impl Codec {
    /// Ticks of the RTP clock per second.
    #[must_use]
    pub fn clock_rate_hz(self) -> u32 {
        match self {
            Codec::Opus => 48_000,
            Codec::Vp8 | Codec::H264 => 90_000,
        }
    }

    /// Whether this is video: frames, key frames, layers.
    #[must_use]
    pub fn is_video(self) -> bool {
        self != Codec::Opus
    }

    /// Shortest step between two frames that a seam may make, in clock ticks:
    /// 20 ms of Opus, one frame at 30 frames per second.
    #[must_use]
    pub fn frame_ticks(self) -> u32 {
        match self {
            Codec::Opus => 960,
            Codec::Vp8 | Codec::H264 => 3_000,
        }
    }
}

/// What one packet is to a forwarder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PacketFacts {
    /// A decoder that knows nothing can start at this packet. Every audio packet is one.
    pub is_key_frame_start: bool,
    /// First packet of a frame.
    pub is_frame_start: bool,
    /// Last packet of a frame.
    pub is_frame_end: bool,
    /// The payload is empty: padding that probes the path and must not be forwarded.
    pub is_padding: bool,
    /// Temporal layer, 0 for the base.
    pub temporal_layer: u8,
    /// The frame depends on the base temporal layer only: a stream may rise to its layer here.
    pub can_switch_up: bool,
    /// The descriptor, if the codec is VP8.
    pub vp8: Option<vp8::Descriptor>,
}

impl PacketFacts {
    /// Parses a payload with its padding taken off.
    ///
    /// A VP8 payload whose descriptor is broken is refused: its counters cannot be continued.
    pub fn parse(
        codec: Codec,
        has_marker: bool,
        payload: &[u8],
    ) -> Result<PacketFacts, vp8::Malformed> {
        let facts = PacketFacts {
            is_key_frame_start: false,
            is_frame_start: false,
            is_frame_end: has_marker,
            is_padding: payload.is_empty(),
            temporal_layer: 0,
            can_switch_up: false,
            vp8: None,
        };
        if facts.is_padding {
            return Ok(facts);
        }
        Ok(match codec {
            Codec::Opus => PacketFacts {
                is_key_frame_start: true,
                is_frame_start: true,
                is_frame_end: true,
                ..facts
            },
            Codec::Vp8 => {
                let descriptor = vp8::Descriptor::parse(payload)?;
                PacketFacts {
                    is_key_frame_start: descriptor.is_key_frame_start,
                    is_frame_start: descriptor.is_frame_start,
                    temporal_layer: descriptor.temporal_layer,
                    can_switch_up: descriptor.is_layer_sync || descriptor.temporal_layer == 0,
                    vp8: Some(descriptor),
                    ..facts
                }
            }
            Codec::H264 => {
                let start = h264::Start::parse(payload);
                PacketFacts {
                    is_key_frame_start: start.is_key_frame,
                    is_frame_start: start.is_frame,
                    ..facts
                }
            }
        })
    }
}
