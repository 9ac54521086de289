//! Writes the header of a forwarded packet: twelve fresh bytes and an extension block of ours.
//!
//! Nothing of the publisher's header survives but what is named here, so no client can pass a
//! mid, an address or a tracking value of its own to another one.

use std::num::NonZeroU8;
use std::time::Duration;

use super::extensions::AudioLevel;

const FIXED_LENGTH: usize = 12;
const VERSION_BITS: u8 = 0x80;
const PADDING_BIT: u8 = 0x20;
const EXTENSION_BIT: u8 = 0x10;
const MARKER_BIT: u8 = 0x80;
/// One-byte elements have ids 1..=14 and values of 1..=16 bytes (RFC 8285 section 4.2).
const LARGEST_ONE_BYTE_ID: u8 = 14;
const LARGEST_ONE_BYTE_VALUE: usize = 16;
const ABS_SEND_TIME_LENGTH: usize = 3;

/// The buffer cannot hold the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BufferTooSmall;

/// The twelve fixed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutgoingHeader {
    /// Payload type as the subscriber negotiated it.
    pub payload_type: u8,
    /// Copied from the source packet.
    pub has_marker: bool,
    /// The payload ends in padding, as RTX probes do.
    pub has_padding: bool,
    /// Low half of the extended sequence.
    pub sequence: u16,
    /// Timestamp on the subscription's own clock.
    pub timestamp: u32,
    /// Stream of the subscription.
    pub ssrc: u32,
}

/// The extensions of one packet; `None` is not written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutgoingExtensions<'a> {
    /// Sent until the receiver has shown that it knows the ssrc.
    pub mid: Option<(NonZeroU8, &'a str)>,
    /// Written as zero: stamped at departure by [`stamp_abs_send_time`].
    pub abs_send_time: Option<NonZeroU8>,
    /// Copied from the source packet.
    pub audio_level: Option<(NonZeroU8, AudioLevel)>,
    /// Counted over all packets of the transport.
    pub transport_sequence: Option<(NonZeroU8, u16)>,
}

impl OutgoingExtensions<'_> {
    fn needs_two_byte_form(&self) -> bool {
        let ids = [
            self.mid.map(|(id, _)| id),
            self.abs_send_time,
            self.audio_level.map(|(id, _)| id),
            self.transport_sequence.map(|(id, _)| id),
        ];
        let has_large_id = ids
            .iter()
            .flatten()
            .any(|id| id.get() > LARGEST_ONE_BYTE_ID);
        let has_odd_mid = self
            .mid
            .is_some_and(|(_, mid)| mid.is_empty() || mid.len() > LARGEST_ONE_BYTE_VALUE);
        has_large_id || has_odd_mid
    }

    fn is_empty(&self) -> bool {
        *self == OutgoingExtensions::default()
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderWriter {
    /// Bytes of the header: the payload goes here.
    pub length: usize,
    /// Where the three bytes of abs-send-time lie.
    pub abs_send_time_at: Option<usize>,
}

impl HeaderWriter {
    /// Writes a header at the start of `buffer`.
    pub fn write(
        buffer: &mut [u8],
        header: &OutgoingHeader,
        extensions: &OutgoingExtensions<'_>,
    ) -> Result<HeaderWriter, BufferTooSmall> {
        let mut cursor = Cursor { buffer, length: 0 };
        let mut first = VERSION_BITS;
        if header.has_padding {
            first |= PADDING_BIT;
        }
        if !extensions.is_empty() {
            first |= EXTENSION_BIT;
        }
        let marker = if header.has_marker { MARKER_BIT } else { 0 };
        cursor.put(&[first, marker | (header.payload_type & 0x7f)])?;
        cursor.put(&header.sequence.to_be_bytes())?;
        cursor.put(&header.timestamp.to_be_bytes())?;
        cursor.put(&header.ssrc.to_be_bytes())?;
        let mut written = HeaderWriter {
            length: FIXED_LENGTH,
            abs_send_time_at: None,
        };
        if !extensions.is_empty() {
            written.abs_send_time_at = write_block(&mut cursor, extensions)?;
            written.length = cursor.length;
        }
        Ok(written)
    }
}

/// Returns where abs-send-time lies.
fn write_block(
    cursor: &mut Cursor<'_>,
    extensions: &OutgoingExtensions<'_>,
) -> Result<Option<usize>, BufferTooSmall> {
    let is_two_byte = extensions.needs_two_byte_form();
    let profile: [u8; 2] = if is_two_byte {
        [0x10, 0x00]
    } else {
        [0xbe, 0xde]
    };
    cursor.put(&profile)?;
    let words_at = cursor.length;
    cursor.put(&[0, 0])?;
    let block_start = cursor.length;
    let mut abs_send_time_at = None;
    if let Some(id) = extensions.abs_send_time {
        cursor.put_element(id, &[0; ABS_SEND_TIME_LENGTH], is_two_byte)?;
        abs_send_time_at = Some(cursor.length.saturating_sub(ABS_SEND_TIME_LENGTH));
    }
    if let Some((id, sequence)) = extensions.transport_sequence {
        cursor.put_element(id, &sequence.to_be_bytes(), is_two_byte)?;
    }
    if let Some((id, level)) = extensions.audio_level {
        cursor.put_element(id, &[level.to_byte()], is_two_byte)?;
    }
    if let Some((id, mid)) = extensions.mid {
        cursor.put_element(id, mid.as_bytes(), is_two_byte)?;
    }
    let unpadded = cursor.length.saturating_sub(block_start);
    let padding = unpadded.wrapping_neg() & 3;
    cursor.put([0, 0, 0].get(..padding).unwrap_or_default())?;
    let words = cursor.length.saturating_sub(block_start) / 4;
    let words = u16::try_from(words).map_err(|_| BufferTooSmall)?;
    cursor
        .buffer
        .get_mut(words_at..)
        .and_then(|rest| rest.first_chunk_mut::<2>())
        .ok_or(BufferTooSmall)?
        .copy_from_slice(&words.to_be_bytes());
    Ok(abs_send_time_at)
}

struct Cursor<'a> {
    buffer: &'a mut [u8],
    length: usize,
}

impl Cursor<'_> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), BufferTooSmall> {
        let end = self.length.saturating_add(bytes.len());
        self.buffer
            .get_mut(self.length..end)
            .ok_or(BufferTooSmall)?
            .copy_from_slice(bytes);
        self.length = end;
        Ok(())
    }

    fn put_element(
        &mut self,
        id: NonZeroU8,
        value: &[u8],
        is_two_byte: bool,
    ) -> Result<(), BufferTooSmall> {
        let length = u8::try_from(value.len()).map_err(|_| BufferTooSmall)?;
        if is_two_byte {
            self.put(&[id.get(), length])?;
        } else {
            self.put(&[(id.get() << 4) | (length.saturating_sub(1) & 0x0f)])?;
        }
        self.put(value)
    }
}

/// Seconds since any fixed moment as 6.18 bits of fixed point, wrapping every 64 s.
#[must_use]
pub fn abs_send_time(since_epoch: Duration) -> u32 {
    let seconds = since_epoch.as_secs() & 0x3f;
    let fraction = (u64::from(since_epoch.subsec_nanos()) << 18) / 1_000_000_000;
    u32::try_from((seconds << 18) | fraction).unwrap_or_default()
}

/// Stamps the departure time where [`HeaderWriter::abs_send_time_at`] said.
pub fn stamp_abs_send_time(packet: &mut [u8], at: usize, since_epoch: Duration) {
    let [_, time @ ..] = abs_send_time(since_epoch).to_be_bytes();
    if let Some(place) = packet
        .get_mut(at..)
        .and_then(|rest| rest.first_chunk_mut::<ABS_SEND_TIME_LENGTH>())
    {
        *place = time;
    }
}
