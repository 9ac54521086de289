//! Which pictures of a stream with temporal layers a subscriber gets.
//!
//! Decided once per picture: a part of one is of no use. The rise waits for a picture that needs
//! nothing we dropped, which its sender marks (RFC 7741, Y) or which is a key frame.

use super::rewriter::SourcePacket;

/// Temporal layers are two bits of the VP8 descriptor.
const HIGHEST_TEMPORAL_LAYER: u8 = 3;
/// Which pictures of a stream with temporal layers are kept. Decided once per picture.
#[derive(Debug)]
pub(super) struct Temporal {
    limit: u8,
    active: u8,
    /// Timestamp of the newest picture and whether it is kept.
    picture: Option<(u32, bool)>,
}

impl Default for Temporal {
    fn default() -> Temporal {
        Temporal {
            limit: HIGHEST_TEMPORAL_LAYER,
            active: HIGHEST_TEMPORAL_LAYER,
            picture: None,
        }
    }
}

impl Temporal {
    /// Falls with the next picture, rises with the next that allows it.
    pub fn set_limit(&mut self, layer: u8) {
        self.limit = layer.min(HIGHEST_TEMPORAL_LAYER);
    }

    /// Whether a late packet is of a layer that flows now.
    pub fn includes(&self, packet: &SourcePacket<'_>) -> bool {
        packet.facts.temporal_layer <= self.active
    }

    /// Another source's timestamps may equal those of the last picture.
    pub fn forget_picture(&mut self) {
        self.picture = None;
    }

    pub fn keeps(&mut self, packet: &SourcePacket<'_>) -> bool {
        if let Some((timestamp, is_kept)) = self.picture
            && timestamp == packet.timestamp
        {
            return is_kept;
        }
        let facts = packet.facts;
        let is_next_layer = facts.temporal_layer == self.active.saturating_add(1);
        if self.limit < self.active || facts.is_key_frame_start {
            self.active = self.limit;
        } else if is_next_layer && facts.can_switch_up && facts.temporal_layer <= self.limit {
            // One layer at a time: the mark vouches for its own layer, not for those between.
            self.active = facts.temporal_layer;
        }
        let is_kept = facts.temporal_layer <= self.active || facts.is_key_frame_start;
        self.picture = Some((packet.timestamp, is_kept));
        is_kept
    }
}
