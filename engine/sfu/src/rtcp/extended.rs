//! Extended reports (RFC 3611): the blocks by which ends that only receive learn their round trip.

use super::block_type;
use super::ntp::{NtpTime, ShortTime};
use super::views::{Record, Records, all, split_u32};

/// When we last heard a receiver's reference time (RFC 3611 4.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DelayReport {
    /// The receiver.
    pub ssrc: u32,
    /// Middle bits of its reference time.
    pub last_reference: ShortTime,
    /// Time since that arrived.
    pub delay: ShortTime,
}

impl Record for DelayReport {
    type Bytes = [u8; 12];

    fn read(&[s0, s1, s2, s3, r0, r1, r2, r3, d0, d1, d2, d3]: &[u8; 12]) -> Self {
        Self {
            ssrc: u32::from_be_bytes([s0, s1, s2, s3]),
            last_reference: ShortTime(u32::from_be_bytes([r0, r1, r2, r3])),
            delay: ShortTime(u32::from_be_bytes([d0, d1, d2, d3])),
        }
    }
}

/// One block of an extended report.
#[derive(Clone, Copy, Debug)]
pub enum ExtendedBlock<'a> {
    /// A receiver's clock, to be answered by a [`DelayReport`].
    ReferenceTime(NtpTime),
    /// Answers to reference times of ours.
    DelayReports(Records<'a, DelayReport>),
    /// A block nobody negotiated.
    Ignored {
        /// Its type field.
        block_type: u8,
    },
}

/// XR (RFC 3611).
#[derive(Clone, Copy, Debug)]
pub struct ExtendedReport<'a> {
    /// Who reports.
    pub ssrc: u32,
    blocks: &'a [u8],
}

impl<'a> ExtendedReport<'a> {
    pub(super) fn read(body: &'a [u8]) -> Option<Self> {
        let (ssrc, blocks) = split_u32(body)?;
        let mut rest = blocks;
        while !rest.is_empty() {
            (_, rest) = split_block(rest)?;
        }
        Some(Self { ssrc, blocks })
    }

    /// Its blocks in their order.
    pub const fn blocks(&self) -> ExtendedBlocks<'a> {
        ExtendedBlocks { rest: self.blocks }
    }
}

/// See [`ExtendedReport::blocks`].
#[derive(Clone, Debug)]
pub struct ExtendedBlocks<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for ExtendedBlocks<'a> {
    type Item = ExtendedBlock<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let (block, rest) = split_block(self.rest)?;
        self.rest = rest;
        Some(block)
    }
}

/// Consumes at least the four bytes of a block's header.
fn split_block(bytes: &[u8]) -> Option<(ExtendedBlock<'_>, &[u8])> {
    let (&[block_type, _, high, low], rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::from(u16::from_be_bytes([high, low])).checked_mul(4)?;
    let (contents, rest) = rest.split_at_checked(length)?;
    let block = match block_type {
        block_type::REFERENCE_TIME => {
            let ntp = contents.first_chunk()?;
            ExtendedBlock::ReferenceTime(NtpTime(u64::from_be_bytes(*ntp)))
        }
        block_type::DELAY_REPORTS => ExtendedBlock::DelayReports(all(contents)?),
        _ => ExtendedBlock::Ignored { block_type },
    };
    Some((block, rest))
}
