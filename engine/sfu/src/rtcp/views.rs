//! Borrowed views of packet bodies, and the records they list.
//!
//! A view exists only if every byte it will read is there, so iterating it cannot fail.

use super::REMB_NAME;
use super::ntp::{NtpTime, ShortTime};

/// Something of fixed length that packets list.
pub trait Record: Sized {
    /// Its bytes on the wire.
    type Bytes: 'static;

    /// Reads one.
    fn read(bytes: &Self::Bytes) -> Self;
}

/// Records lying one after another, each read when the iteration comes to it.
pub struct Records<'a, T: Record>(&'a [T::Bytes]);

impl<'a, T: Record> Records<'a, T> {
    /// How many there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads them in their order.
    pub fn iter(&self) -> impl Iterator<Item = T> + use<'a, T> {
        self.0.iter().map(T::read)
    }
}

impl<T: Record> Clone for Records<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Record> Copy for Records<'_, T> {}

impl<T: Record + std::fmt::Debug> std::fmt::Debug for Records<'_, T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

/// An ssrc in a list.
impl Record for u32 {
    type Bytes = [u8; 4];

    fn read(bytes: &[u8; 4]) -> Self {
        Self::from_be_bytes(*bytes)
    }
}

/// All of `bytes` as whole records.
pub(super) fn all<T: Record<Bytes = [u8; N]>, const N: usize>(
    bytes: &[u8],
) -> Option<Records<'_, T>> {
    let (records, remainder) = bytes.as_chunks::<N>();
    remainder.is_empty().then_some(Records(records))
}

/// The first `count` records; what follows them is an extension nobody negotiated.
fn first<T: Record<Bytes = [u8; N]>, const N: usize>(
    bytes: &[u8],
    count: u8,
) -> Option<Records<'_, T>> {
    bytes
        .as_chunks::<N>()
        .0
        .get(..usize::from(count))
        .map(Records)
}

pub(super) fn split_u32(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (word, rest) = bytes.split_first_chunk()?;
    Some((u32::from_be_bytes(*word), rest))
}

/// How one source was received (RFC 3550 6.4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportBlock {
    /// The source reported on.
    pub ssrc: u32,
    /// Share of packets lost since the last report, in 256ths.
    pub fraction_lost: u8,
    /// Packets lost since the beginning, in 24 bits on the wire; negative with duplicates.
    pub cumulative_lost: i32,
    /// Highest sequence number received, extended to 32 bits.
    pub highest_sequence: u32,
    /// Interarrival jitter in units of the RTP timestamp.
    pub jitter: u32,
    /// Middle bits of the last sender report received, or zero.
    pub last_report: ShortTime,
    /// Time since that report arrived.
    pub delay: ShortTime,
}

impl Record for ReportBlock {
    type Bytes = [u8; 24];

    fn read(bytes: &[u8; 24]) -> Self {
        let &[
            s0,
            s1,
            s2,
            s3,
            fraction_lost,
            l0,
            l1,
            l2,
            h0,
            h1,
            h2,
            h3, //
            j0,
            j1,
            j2,
            j3,
            r0,
            r1,
            r2,
            r3,
            d0,
            d1,
            d2,
            d3,
        ] = bytes;
        Self {
            ssrc: u32::from_be_bytes([s0, s1, s2, s3]),
            fraction_lost,
            cumulative_lost: i32::from_be_bytes([l0, l1, l2, 0]) >> 8,
            highest_sequence: u32::from_be_bytes([h0, h1, h2, h3]),
            jitter: u32::from_be_bytes([j0, j1, j2, j3]),
            last_report: ShortTime(u32::from_be_bytes([r0, r1, r2, r3])),
            delay: ShortTime(u32::from_be_bytes([d0, d1, d2, d3])),
        }
    }
}

/// What a sender says about its own stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SenderInfo {
    /// Wall-clock time of the report.
    pub ntp: NtpTime,
    /// The same instant on the stream's media clock.
    pub rtp_timestamp: u32,
    /// Packets sent since the beginning.
    pub packet_count: u32,
    /// Payload bytes sent since the beginning.
    pub octet_count: u32,
}

/// SR (RFC 3550 6.4.1).
#[derive(Clone, Copy, Debug)]
pub struct SenderReport<'a> {
    /// The sender.
    pub ssrc: u32,
    /// About its stream.
    pub info: SenderInfo,
    /// About the streams it receives.
    pub reports: Records<'a, ReportBlock>,
}

impl<'a> SenderReport<'a> {
    pub(super) fn read(body: &'a [u8], count: u8) -> Option<Self> {
        let (ssrc, rest) = split_u32(body)?;
        let (ntp, rest) = rest.split_first_chunk()?;
        let (rtp_timestamp, rest) = split_u32(rest)?;
        let (packet_count, rest) = split_u32(rest)?;
        let (octet_count, rest) = split_u32(rest)?;
        let ntp = NtpTime(u64::from_be_bytes(*ntp));
        Some(Self {
            ssrc,
            info: SenderInfo {
                ntp,
                rtp_timestamp,
                packet_count,
                octet_count,
            },
            reports: first(rest, count)?,
        })
    }
}

/// RR (RFC 3550 6.4.2).
#[derive(Clone, Copy, Debug)]
pub struct ReceiverReport<'a> {
    /// Who reports.
    pub ssrc: u32,
    /// About the streams it receives.
    pub reports: Records<'a, ReportBlock>,
}

impl<'a> ReceiverReport<'a> {
    pub(super) fn read(body: &'a [u8], count: u8) -> Option<Self> {
        let (ssrc, rest) = split_u32(body)?;
        Some(Self {
            ssrc,
            reports: first(rest, count)?,
        })
    }
}

/// BYE (RFC 3550 6.6); its reason is of no use to us.
#[derive(Clone, Copy, Debug)]
pub struct Goodbye<'a> {
    /// The sources that end.
    pub sources: Records<'a, u32>,
}

impl<'a> Goodbye<'a> {
    pub(super) fn read(body: &'a [u8], count: u8) -> Option<Self> {
        Some(Self {
            sources: first(body, count)?,
        })
    }
}

/// A missing packet and a bit for each of the sixteen after it (RFC 4585 6.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NackItem {
    /// The first missing sequence number.
    pub packet_id: u16,
    /// Bit n stands for `packet_id` + n + 1.
    pub following: u16,
}

impl NackItem {
    /// The sequence numbers it names, at most seventeen.
    pub fn sequences(self) -> impl Iterator<Item = u16> {
        let Self {
            packet_id,
            following,
        } = self;
        let later = (0_u16..16)
            .filter(move |bit| following & (1 << bit) != 0)
            .map(move |bit| packet_id.wrapping_add(bit).wrapping_add(1));
        std::iter::once(packet_id).chain(later)
    }
}

impl Record for NackItem {
    type Bytes = [u8; 4];

    fn read(&[p0, p1, f0, f1]: &[u8; 4]) -> Self {
        Self {
            packet_id: u16::from_be_bytes([p0, p1]),
            following: u16::from_be_bytes([f0, f1]),
        }
    }
}

/// Generic NACK (RFC 4585 6.2.1).
#[derive(Clone, Copy, Debug)]
pub struct Nack<'a> {
    /// Who misses the packets.
    pub sender_ssrc: u32,
    /// Whose packets are missing.
    pub media_ssrc: u32,
    /// Which; at most 17 for each four bytes of the datagram.
    pub items: Records<'a, NackItem>,
}

impl<'a> Nack<'a> {
    pub(super) fn read(body: &'a [u8]) -> Option<Self> {
        let (sender_ssrc, rest) = split_u32(body)?;
        let (media_ssrc, rest) = split_u32(rest)?;
        Some(Self {
            sender_ssrc,
            media_ssrc,
            items: all(rest)?,
        })
    }

    /// All the sequence numbers of all items.
    pub fn sequences(&self) -> impl Iterator<Item = u16> + use<'a> {
        self.items.iter().flat_map(NackItem::sequences)
    }
}

/// PLI (RFC 4585 6.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureLoss {
    /// Who cannot decode.
    pub sender_ssrc: u32,
    /// Whose key frame would help.
    pub media_ssrc: u32,
}

impl PictureLoss {
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let (sender_ssrc, rest) = split_u32(body)?;
        let (media_ssrc, _) = split_u32(rest)?;
        Some(Self {
            sender_ssrc,
            media_ssrc,
        })
    }
}

/// One request of a FIR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FullIntraEntry {
    /// Whose key frame is asked for.
    pub ssrc: u32,
    /// Counts requests, so that a repeated packet is not a new one.
    pub sequence: u8,
}

impl Record for FullIntraEntry {
    type Bytes = [u8; 8];

    fn read(&[s0, s1, s2, s3, sequence, _, _, _]: &[u8; 8]) -> Self {
        Self {
            ssrc: u32::from_be_bytes([s0, s1, s2, s3]),
            sequence,
        }
    }
}

/// FIR (RFC 5104 4.3.1).
#[derive(Clone, Copy, Debug)]
pub struct FullIntraRequest<'a> {
    /// Who asks.
    pub sender_ssrc: u32,
    /// For which streams.
    pub entries: Records<'a, FullIntraEntry>,
}

impl<'a> FullIntraRequest<'a> {
    pub(super) fn read(body: &'a [u8]) -> Option<Self> {
        let (sender_ssrc, rest) = split_u32(body)?;
        let (_media_ssrc_unused, rest) = split_u32(rest)?;
        Some(Self {
            sender_ssrc,
            entries: all(rest)?,
        })
    }
}

/// REMB (draft-alvestrand-rmcat-remb 2.2).
#[derive(Clone, Copy, Debug)]
pub struct Remb<'a> {
    /// Who estimates.
    pub sender_ssrc: u32,
    /// What it can receive in all, in bits per second.
    pub bitrate_bps: u64,
    /// The streams that share it.
    pub ssrcs: Records<'a, u32>,
}

impl<'a> Remb<'a> {
    pub(super) fn read(body: &'a [u8]) -> Option<Self> {
        const MANTISSA_BITS: u32 = 18;
        let (sender_ssrc, rest) = split_u32(body)?;
        let (_media_ssrc_unused, rest) = split_u32(rest)?;
        let rest = rest.strip_prefix(&REMB_NAME)?;
        let ([count, estimate @ ..], rest) = rest.split_first_chunk::<4>()?;
        let [e0, e1, e2] = *estimate;
        let estimate = u32::from_be_bytes([0, e0, e1, e2]);
        let mantissa = u64::from(estimate & ((1 << MANTISSA_BITS) - 1));
        // 18 bits shifted by up to 63: more than 64 bits is as good as no limit.
        let bitrate_bps = u64::try_from(u128::from(mantissa) << (estimate >> MANTISSA_BITS));
        Some(Self {
            sender_ssrc,
            bitrate_bps: bitrate_bps.unwrap_or(u64::MAX),
            ssrcs: first(rest, *count)?,
        })
    }
}
