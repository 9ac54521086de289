//! What was really sent: every payload carries a number under which its original can be found.

use std::collections::VecDeque;
use veche_sfu::ids::PublicationId;

/// Bytes of the VP8 descriptor that every simulated picture has: X S, I L T K, a picture id of 15
/// bits, TL0PICIDX, TID with KEYIDX (RFC 7741 section 4.2).
pub const DESCRIPTOR_BYTES: usize = 6;
const TOKEN_BYTES: usize = 8;
/// Originals kept: some seconds of a full hall.
const MEMORY: usize = 20_000;

/// One payload as its publisher made it.
#[derive(Clone, Debug)]
pub struct Original {
    /// Of which track.
    pub publication: PublicationId,
    /// Which encoding.
    pub layer: u8,
    /// First packet of a key frame; always true of sound.
    pub starts_key_frame: bool,
    /// Temporal layer.
    pub temporal_layer: u8,
    /// The bytes.
    pub payload: Vec<u8>,
}

/// The newest originals by number.
#[derive(Debug, Default)]
pub struct Ledger {
    first: u64,
    originals: VecDeque<Original>,
}

impl Ledger {
    /// The number that the next original will have.
    pub fn next(&self) -> u64 {
        self.first + self.originals.len() as u64
    }

    /// Enters an original.
    pub fn enter(&mut self, original: Original) {
        self.originals.push_back(original);
        if self.originals.len() > MEMORY {
            self.originals.pop_front();
            self.first += 1;
        }
    }

    /// The original that a forwarded payload claims to be a copy of.
    pub fn find(&self, is_video: bool, payload: &[u8]) -> Option<&Original> {
        let start = token_start(is_video);
        let token = payload.get(start..start + TOKEN_BYTES)?;
        let number = u64::from_be_bytes(token.try_into().ok()?);
        self.originals
            .get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }
}

/// Where the number lies in a payload: after the descriptor and the frame tag.
pub fn token_start(is_video: bool) -> usize {
    if is_video { DESCRIPTOR_BYTES + 1 } else { 0 }
}

/// Bytes that only this number has: the number, then a pattern grown from it.
pub fn body(number: u64, length: usize) -> Vec<u8> {
    let mut bytes = number.to_be_bytes().to_vec();
    let mut state = number ^ 0x5851_f42d_4c95_7f2d;
    while bytes.len() < length {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        bytes.extend_from_slice(&state.to_be_bytes());
    }
    bytes.truncate(length.max(TOKEN_BYTES));
    bytes
}
