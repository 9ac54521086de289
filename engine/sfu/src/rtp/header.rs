//! The RTP header (RFC 3550 section 5.1), parsed once per packet into plain values.
//!
//! SRTP leaves the header in the clear and encrypts the padding count with the payload, so the
//! header is parsed before a packet is opened and [`Header::payload`] is asked afterwards.

use std::ops::Range;

use super::extensions::Extensions;

const FIXED_LENGTH: usize = 12;
const CSRC_LENGTH: usize = 4;
const EXTENSION_HEADER_LENGTH: usize = 4;
const VERSION: u8 = 2;

/// Why bytes are not an RTP packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Shorter than its own header says.
    TooShort,
    /// Not version 2.
    WrongVersion,
    /// A padding count of zero or beyond the payload.
    WrongPadding,
}

/// What the header of one packet says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Payload type, 0..=127.
    pub payload_type: u8,
    /// Video: last packet of a frame. Audio: first packet after silence.
    pub has_marker: bool,
    /// Sequence number as sent.
    pub sequence: u16,
    /// Media clock of the first sample or of the frame.
    pub timestamp: u32,
    /// Stream the packet belongs to.
    pub ssrc: u32,
    /// Bytes before the payload, contributing sources and extension included.
    pub length: usize,
    has_padding: bool,
    extension_profile: u16,
    extension_start: usize,
}

impl Header {
    /// Parses the header of a packet, encrypted or not.
    pub fn parse(packet: &[u8]) -> Result<Header, Malformed> {
        let &[
            first,
            second,
            s0,
            s1,
            t0,
            t1,
            t2,
            t3,
            ssrc0,
            ssrc1,
            ssrc2,
            ssrc3,
        ] = packet
            .first_chunk::<FIXED_LENGTH>()
            .ok_or(Malformed::TooShort)?;
        if first >> 6 != VERSION {
            return Err(Malformed::WrongVersion);
        }
        let csrc_count = usize::from(first & 0x0f);
        let csrc_end = FIXED_LENGTH.saturating_add(csrc_count.saturating_mul(CSRC_LENGTH));
        let has_extension = first & 0x10 != 0;
        let (extension_profile, extension_start, length) = if has_extension {
            let &[p0, p1, l0, l1] = packet
                .get(csrc_end..)
                .and_then(|rest| rest.first_chunk::<EXTENSION_HEADER_LENGTH>())
                .ok_or(Malformed::TooShort)?;
            let start = csrc_end.saturating_add(EXTENSION_HEADER_LENGTH);
            let words = usize::from(u16::from_be_bytes([l0, l1]));
            let end = start.saturating_add(words.saturating_mul(4));
            (u16::from_be_bytes([p0, p1]), start, end)
        } else {
            (0, csrc_end, csrc_end)
        };
        if packet.len() < length {
            return Err(Malformed::TooShort);
        }
        Ok(Header {
            payload_type: second & 0x7f,
            has_marker: second & 0x80 != 0,
            sequence: u16::from_be_bytes([s0, s1]),
            timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
            ssrc: u32::from_be_bytes([ssrc0, ssrc1, ssrc2, ssrc3]),
            length,
            has_padding: first & 0x20 != 0,
            extension_profile,
            extension_start,
        })
    }

    /// Where the payload lies in the opened packet, padding taken off.
    ///
    /// Empty for a packet that carries padding only. `packet` ends where the cleartext ends.
    pub fn payload(&self, packet: &[u8]) -> Result<Range<usize>, Malformed> {
        let carried = packet.get(self.length..).ok_or(Malformed::TooShort)?;
        if !self.has_padding {
            return Ok(self.length..packet.len());
        }
        let padding = usize::from(*carried.last().ok_or(Malformed::WrongPadding)?);
        if padding == 0 || padding > carried.len() {
            return Err(Malformed::WrongPadding);
        }
        Ok(self.length..packet.len().saturating_sub(padding))
    }

    /// The header extensions of the packet this header was parsed from.
    #[must_use]
    pub fn extensions<'a>(&self, packet: &'a [u8]) -> Extensions<'a> {
        let block = packet
            .get(self.extension_start..self.length)
            .unwrap_or_default();
        Extensions::new(self.extension_profile, block)
    }
}
