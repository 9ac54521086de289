//! Checks every media packet that leaves the shard, in the order in which it leaves.
//!
//! What must hold of each stream towards each client:
//! - it opens with the client's keys, and no two different packets were ever sealed under one index;
//! - it is a copy of an original of the subscribed publication, but for the descriptor's counters;
//! - it begins, and changes its layer, with the first packet of a key frame;
//! - between neighbours by number: time stands still within a picture and runs on after it, the
//!   picture id and TL0PICIDX count on by one;
//! - a retransmission repeats a packet that was sent, under its own number (OSN).

use super::ledger::{DESCRIPTOR_BYTES, Ledger, Original};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;
use veche_sfu::ids::{PublicationId, SubscriptionId};
use veche_sfu::rtp::Header;

/// Packets of a stream remembered.
const MEMORY: u64 = 2048;

/// What one packet was.
#[derive(Clone, Debug)]
pub struct Emitted {
    /// Timestamp.
    pub timestamp: u32,
    /// Last packet of a picture.
    pub has_marker: bool,
    /// Payload as sent.
    pub payload: Vec<u8>,
    /// What it is a copy of.
    pub original: Original,
    /// When it left.
    pub at: Duration,
    seal: u64,
}

/// The streams of one subscription, as the shard emits them.
#[derive(Debug)]
pub struct Oracle {
    /// Whose stream.
    pub subscription: SubscriptionId,
    /// What it must carry.
    pub publication: PublicationId,
    /// Whether that is a picture.
    pub is_video: bool,
    /// Lowest number emitted.
    pub first: Option<u64>,
    /// Highest number emitted.
    pub highest: Option<u64>,
    /// Packets emitted, retransmissions apart.
    pub packets: u64,
    /// Retransmissions emitted.
    pub repairs: u64,
    /// Times the layer changed.
    pub switches: u64,
    /// Layer of the newest packet.
    pub layer: Option<u8>,
    /// Packets emitted by temporal layer.
    pub by_temporal_layer: [u64; 2],
    seen: BTreeMap<u64, Emitted>,
    highest_repair: Option<u64>,
}

impl Oracle {
    /// Nothing emitted.
    pub fn new(subscription: SubscriptionId, publication: PublicationId, is_video: bool) -> Self {
        Self {
            subscription,
            publication,
            is_video,
            first: None,
            highest: None,
            packets: 0,
            repairs: 0,
            switches: 0,
            layer: None,
            by_temporal_layer: [0; 2],
            seen: BTreeMap::new(),
            highest_repair: None,
        }
    }

    /// Numbers between the first and the highest that never came.
    pub fn gaps(&self) -> u64 {
        match (self.first, self.highest) {
            (Some(first), Some(highest)) => highest - first + 1 - self.packets,
            _ => 0,
        }
    }

    /// When the newest packet left and its timestamp.
    pub fn newest(&self) -> Option<(Duration, u32)> {
        let emitted = self.seen.get(&self.highest?)?;
        Some((emitted.at, emitted.timestamp))
    }

    /// The number an RTP packet of the stream, or of its retransmissions, is sealed under.
    pub fn index(&self, sequence: u16, is_repair: bool) -> u64 {
        let highest = if is_repair {
            self.highest_repair
        } else {
            self.highest
        };
        let near = highest.unwrap_or(u64::from(sequence));
        let step = sequence.wrapping_sub(near as u16).cast_signed();
        near.saturating_add_signed(i64::from(step))
    }

    /// Checks a packet of the stream. `sealed` is the datagram as emitted.
    pub fn check(
        &mut self,
        at: Duration,
        ledger: &Ledger,
        index: u64,
        header: &Header,
        payload: &[u8],
        sealed: &[u8],
    ) -> Result<(), String> {
        let seal = digest(sealed);
        if let Some(before) = self.seen.get(&index) {
            // Sound is sent again as it was; anything else under a used index gives the key away.
            self.repairs += 1;
            return if before.seal == seal {
                Ok(())
            } else {
                Err(format!("index {index} used twice"))
            };
        }
        if self.highest.is_some_and(|highest| index + MEMORY < highest) {
            return Err(format!("{index} is older than can be checked"));
        }
        let original = self.original(ledger, payload)?.clone();
        let emitted = Emitted {
            timestamp: header.timestamp,
            has_marker: header.has_marker,
            payload: payload.to_vec(),
            original,
            at,
            seal,
        };
        if self.first.is_none() && !emitted.original.starts_key_frame {
            return Err("the stream does not begin with a key frame".to_owned());
        }
        if let Some(before) = index
            .checked_sub(1)
            .and_then(|before| self.seen.get(&before))
        {
            self.neighbours(before, &emitted)?;
        }
        if let Some(after) = self.seen.get(&(index + 1)) {
            self.neighbours(&emitted, after)?;
        }
        if self.highest.is_none_or(|highest| index > highest) {
            let layer = emitted.original.layer;
            let has_changed = self
                .layer
                .replace(layer)
                .is_some_and(|before| before != layer);
            self.switches += u64::from(has_changed);
            if has_changed && !emitted.original.starts_key_frame {
                return Err(format!(
                    "{index} changes to layer {layer} without a key frame"
                ));
            }
        }
        self.packets += 1;
        self.by_temporal_layer[usize::from(emitted.original.temporal_layer)] += 1;
        self.first = Some(self.first.map_or(index, |first| first.min(index)));
        self.highest = self.highest.max(Some(index));
        self.seen.insert(index, emitted);
        self.seen = self.seen.split_off(&index.saturating_sub(MEMORY));
        Ok(())
    }

    /// Checks a retransmission.
    pub fn check_repair(
        &mut self,
        index: u64,
        header: &Header,
        payload: &[u8],
    ) -> Result<(), String> {
        if self
            .highest_repair
            .is_some_and(|highest| index != highest + 1)
        {
            return Err(format!("retransmission {index} is not the next"));
        }
        self.highest_repair = Some(index);
        self.repairs += 1;
        let (number, payload) = payload
            .split_first_chunk::<2>()
            .ok_or("no original number")?;
        let number = self.index(u16::from_be_bytes(*number), false);
        let before = self
            .seen
            .get(&number)
            .ok_or(format!("{number} was never sent"))?;
        let is_same = before.payload == payload
            && before.timestamp == header.timestamp
            && before.has_marker == header.has_marker;
        if is_same {
            Ok(())
        } else {
            Err(format!("{number} is repeated differently"))
        }
    }

    fn original<'a>(&self, ledger: &'a Ledger, payload: &[u8]) -> Result<&'a Original, String> {
        let original = ledger
            .find(self.is_video, payload)
            .ok_or("a copy of nothing")?;
        if original.publication != self.publication {
            return Err(format!("a packet of {:?}", original.publication));
        }
        let is_same = if self.is_video {
            let (ours, theirs) = (
                &payload[..DESCRIPTOR_BYTES],
                &original.payload[..DESCRIPTOR_BYTES],
            );
            // Flags and widths, and the two bits of the temporal layer with Y.
            ours[..2] == theirs[..2]
                && ours[2] & 0x80 == theirs[2] & 0x80
                && ours[5] & 0xe0 == theirs[5] & 0xe0
                && payload[DESCRIPTOR_BYTES..] == original.payload[DESCRIPTOR_BYTES..]
        } else {
            payload == original.payload
        };
        if is_same {
            Ok(original)
        } else {
            Err("the payload was changed".to_owned())
        }
    }

    fn neighbours(&self, before: &Emitted, after: &Emitted) -> Result<(), String> {
        let step = after.timestamp.wrapping_sub(before.timestamp).cast_signed();
        // A seam may cut the picture before it short; nothing refers to it any more.
        let is_seam = after.original.starts_key_frame;
        let is_new_picture = before.has_marker || is_seam || !self.is_video;
        if is_new_picture && step <= 0 || !is_new_picture && step != 0 {
            return Err(format!("time steps by {step}"));
        }
        if self.is_video {
            let expected = (picture_id(&before.payload) + u16::from(is_new_picture)) & 0x7fff;
            if picture_id(&after.payload) != expected {
                let found = picture_id(&after.payload);
                return Err(format!("picture {found} follows where {expected} should"));
            }
            let is_base = after.original.temporal_layer == 0 && is_new_picture;
            let expected = before.payload[4].wrapping_add(u8::from(is_base));
            if after.payload[4] != expected {
                return Err(format!(
                    "base picture {} where {expected} should be",
                    after.payload[4]
                ));
            }
        }
        Ok(())
    }
}

fn picture_id(payload: &[u8]) -> u16 {
    u16::from_be_bytes([payload[2] & 0x7f, payload[3]])
}

fn digest(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
