//! What an H.264 payload begins with (RFC 6184): enough to switch streams at a key frame.

/// Coded slice of an instantaneous decoder refresh picture.
const IDR_SLICE: u8 = 5;
const SLICE: u8 = 1;
const SEQUENCE_PARAMETERS: u8 = 7;
const ACCESS_UNIT_DELIMITER: u8 = 9;
/// Aggregation: several units in one packet (RFC 6184 section 5.7.1).
const STAP_A: u8 = 24;
/// Fragmentation: one unit over several packets (RFC 6184 section 5.8).
const FU_A: u8 = 28;
const TYPE_MASK: u8 = 0x1f;
const FRAGMENT_START: u8 = 0x80;
/// A slice header begins with first_mb_in_slice in Exp-Golomb code, where zero is a single
/// one bit (H.264 section 7.3.3): a set top bit is the first slice of a picture.
const FIRST_SLICE: u8 = 0x80;

/// What one packet begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// First packet of a key frame: carries the sequence parameters or the first IDR slice.
    pub is_key_frame: bool,
    /// First packet of a frame of either kind.
    pub is_frame: bool,
}

impl Start {
    /// Reads the units at the start of an RTP payload; anything unknown begins nothing.
    #[must_use]
    pub fn parse(payload: &[u8]) -> Start {
        let Some((&header, body)) = payload.split_first() else {
            return Start::default();
        };
        match header & TYPE_MASK {
            STAP_A => units(body).fold(Start::default(), |start, unit| {
                let of_unit = match unit.split_first() {
                    Some((&header, body)) => Start::of_unit(header & TYPE_MASK, body),
                    None => Start::default(),
                };
                Start {
                    is_key_frame: start.is_key_frame || of_unit.is_key_frame,
                    is_frame: start.is_frame || of_unit.is_frame,
                }
            }),
            FU_A => match body.split_first() {
                Some((&fragment, body)) if fragment & FRAGMENT_START != 0 => {
                    Start::of_unit(fragment & TYPE_MASK, body)
                }
                _ => Start::default(),
            },
            kind => Start::of_unit(kind, body),
        }
    }

    fn of_unit(kind: u8, body: &[u8]) -> Start {
        let is_first_slice = body.first().is_some_and(|byte| byte & FIRST_SLICE != 0);
        let is_key_frame = kind == SEQUENCE_PARAMETERS || (kind == IDR_SLICE && is_first_slice);
        Start {
            is_key_frame,
            is_frame: is_key_frame
                || kind == ACCESS_UNIT_DELIMITER
                || (kind == SLICE && is_first_slice),
        }
    }
}

/// The units of an aggregation packet, each after a 16-bit length; a broken length ends them.
fn units(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk::<2>()?;
        let (unit, tail) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        rest = tail;
        Some(unit)
    })
}
