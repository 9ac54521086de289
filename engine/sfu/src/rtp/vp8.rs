//! The VP8 payload descriptor (RFC 7741 section 4.2): what it says and where its counters lie.
//!
//! The counters are the only bytes of a payload that the engine ever changes, because one
//! stream sewn from several layers must count its pictures without a seam.

/// A payload that is not VP8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// A picture id and the width it is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureId {
    /// Seven bits.
    Narrow(u8),
    /// Fifteen bits.
    Wide(u16),
}

impl PictureId {
    /// The number itself.
    #[must_use]
    pub fn value(self) -> u16 {
        match self {
            PictureId::Narrow(value) => u16::from(value),
            PictureId::Wide(value) => value,
        }
    }

    /// The same width with another number, wrapped into it.
    #[must_use]
    pub fn with_value(self, value: u16) -> PictureId {
        match self {
            PictureId::Narrow(_) => PictureId::Narrow(low_byte(value) & 0x7f),
            PictureId::Wide(_) => PictureId::Wide(value & 0x7fff),
        }
    }
}

fn low_byte(value: u16) -> u8 {
    let [_, low] = value.to_be_bytes();
    low
}

/// The counters of a descriptor; `None` where the sender writes none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Counts pictures.
    pub picture_id: Option<PictureId>,
    /// TL0PICIDX: counts pictures of the base temporal layer.
    pub base_picture_index: Option<u8>,
    /// KEYIDX, five bits: counts key frames.
    pub key_frame_index: Option<u8>,
}

/// The descriptor of one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// The counters as the sender wrote them.
    pub counters: Counters,
    /// Temporal layer, 0 for the base or where the sender has none.
    pub temporal_layer: u8,
    /// Y: depends on the base layer only.
    pub is_layer_sync: bool,
    /// S with partition 0: first packet of a frame.
    pub is_frame_start: bool,
    /// First packet of a key frame.
    pub is_key_frame_start: bool,
    /// Bytes before the VP8 payload proper.
    pub length: u8,
}

/// Fixed place of the optional bytes: first byte, extension byte, then these in order.
const OPTIONAL_BYTES_START: usize = 2;

impl Descriptor {
    /// Parses the descriptor at the start of an RTP payload.
    pub fn parse(payload: &[u8]) -> Result<Descriptor, Malformed> {
        let mut bytes = payload.iter().copied();
        let mut next = || bytes.next().ok_or(Malformed);
        let first = next()?;
        let has_extension = first & 0x80 != 0;
        let is_frame_start = first & 0x10 != 0 && first & 0x07 == 0;
        let mut length: u8 = 1;
        let mut counters = Counters::default();
        let mut temporal_layer = 0;
        let mut is_layer_sync = false;
        if has_extension {
            let flags = next()?;
            let has_picture_id = flags & 0x80 != 0;
            let has_base_picture_index = flags & 0x40 != 0;
            let has_temporal_layer = flags & 0x20 != 0;
            let has_key_frame_index = flags & 0x10 != 0;
            length = length.saturating_add(1);
            if has_picture_id {
                let high = next()?;
                length = length.saturating_add(1);
                counters.picture_id = Some(if high & 0x80 == 0 {
                    PictureId::Narrow(high)
                } else {
                    length = length.saturating_add(1);
                    PictureId::Wide(u16::from_be_bytes([high & 0x7f, next()?]))
                });
            }
            if has_base_picture_index {
                counters.base_picture_index = Some(next()?);
                length = length.saturating_add(1);
            }
            if has_temporal_layer || has_key_frame_index {
                let shared = next()?;
                length = length.saturating_add(1);
                if has_temporal_layer {
                    temporal_layer = shared >> 6;
                    is_layer_sync = shared & 0x20 != 0;
                }
                if has_key_frame_index {
                    counters.key_frame_index = Some(shared & 0x1f);
                }
            }
        }
        // P, the lowest bit of the frame tag, is zero for a key frame (RFC 6386 section 9.1).
        let frame_tag = next()?;
        Ok(Descriptor {
            counters,
            temporal_layer,
            is_layer_sync,
            is_frame_start,
            is_key_frame_start: is_frame_start && frame_tag & 0x01 == 0,
            length,
        })
    }
}

/// New counters for the copy of a packet, in the widths of the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patch(pub Counters);

impl Patch {
    /// Writes the counters over those of a payload that the descriptor was parsed from.
    pub fn apply(&self, payload: &mut [u8]) {
        let mut places = payload.iter_mut().skip(OPTIONAL_BYTES_START);
        let mut put = |bits: u8, mask: u8| {
            if let Some(byte) = places.next() {
                *byte = (*byte & !mask) | (bits & mask);
            }
        };
        match self.0.picture_id {
            Some(PictureId::Narrow(value)) => put(value, 0x7f),
            Some(PictureId::Wide(value)) => {
                let [high, low] = value.to_be_bytes();
                put(high, 0x7f);
                put(low, 0xff);
            }
            None => {}
        }
        if let Some(index) = self.0.base_picture_index {
            put(index, 0xff);
        }
        if let Some(index) = self.0.key_frame_index {
            put(index, 0x1f);
        }
    }
}
