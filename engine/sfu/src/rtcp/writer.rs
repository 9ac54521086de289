//! Writes packets one after another into a buffer of the caller's.
//!
//! A packet that does not fit is not written at all; what was written before it stands.

use super::extended::DelayReport;
use super::ntp::NtpTime;
use super::transport_feedback::{self, TransportFeedbackHead};
use super::views::{FullIntraEntry, NackItem, ReportBlock, SenderInfo};
use super::{REMB_NAME, VERSION, block_type, format, packet_type};
use std::time::Duration;

/// Reports or sources one packet can count (RFC 3550 6.4.1: five bits).
pub const LIST_MAX: usize = 31;

/// Bytes of a canonical name (RFC 3550 6.5).
pub const CNAME_LENGTH_MAX: usize = 255;

/// The buffer is full, or a list or a name is longer than its count can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoesNotFit;

impl std::fmt::Display for DoesNotFit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("packet does not fit")
    }
}

impl std::error::Error for DoesNotFit {}

/// Builds a compound. RFC 3550 6.1 wants a report first and a description with it; feedback alone
/// is fine between ends that negotiated reduced size (RFC 5506), as WebRTC does.
#[derive(Debug)]
pub struct Writer<'a> {
    buffer: &'a mut [u8],
    length: usize,
}

impl<'a> Writer<'a> {
    /// Starts an empty compound; leave the room for SRTCP out of `buffer`.
    pub const fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, length: 0 }
    }

    /// Bytes written.
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether nothing was written.
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// SR.
    pub fn sender_report(
        &mut self,
        ssrc: u32,
        info: &SenderInfo,
        reports: &[ReportBlock],
    ) -> Result<(), DoesNotFit> {
        self.packet(list_count(reports)?, packet_type::SENDER_REPORT, |body| {
            body.put(&ssrc.to_be_bytes())?;
            body.put(&info.ntp.0.to_be_bytes())?;
            body.put(&info.rtp_timestamp.to_be_bytes())?;
            body.put(&info.packet_count.to_be_bytes())?;
            body.put(&info.octet_count.to_be_bytes())?;
            reports
                .iter()
                .try_for_each(|report| body.put_report(report))
        })
    }

    /// RR.
    pub fn receiver_report(
        &mut self,
        ssrc: u32,
        reports: &[ReportBlock],
    ) -> Result<(), DoesNotFit> {
        self.packet(list_count(reports)?, packet_type::RECEIVER_REPORT, |body| {
            body.put(&ssrc.to_be_bytes())?;
            reports
                .iter()
                .try_for_each(|report| body.put_report(report))
        })
    }

    /// SDES with a canonical name and nothing else.
    pub fn description(&mut self, ssrc: u32, cname: &str) -> Result<(), DoesNotFit> {
        const CNAME_ITEM: u8 = 1;
        const END_OF_ITEMS: u8 = 0;
        let length = u8::try_from(cname.len()).map_err(|_| DoesNotFit)?;
        self.packet(1, packet_type::DESCRIPTION, |body| {
            body.put(&ssrc.to_be_bytes())?;
            body.put(&[CNAME_ITEM, length])?;
            body.put(cname.as_bytes())?;
            body.put(&[END_OF_ITEMS])
        })
    }

    /// BYE.
    pub fn goodbye(&mut self, sources: &[u32]) -> Result<(), DoesNotFit> {
        self.packet(list_count(sources)?, packet_type::GOODBYE, |body| {
            sources
                .iter()
                .try_for_each(|ssrc| body.put(&ssrc.to_be_bytes()))
        })
    }

    /// Generic NACK. Numbers in ascending order are packed up to 17 in four bytes; any order is
    /// correct. Nothing is written for no numbers.
    pub fn nack(
        &mut self,
        sender_ssrc: u32,
        media_ssrc: u32,
        missing: impl IntoIterator<Item = u16>,
    ) -> Result<(), DoesNotFit> {
        let mut missing = missing.into_iter();
        let Some(packet_id) = missing.next() else {
            return Ok(());
        };
        self.packet(format::NACK, packet_type::TRANSPORT_LAYER, |body| {
            body.put(&sender_ssrc.to_be_bytes())?;
            body.put(&media_ssrc.to_be_bytes())?;
            let mut item = NackItem {
                packet_id,
                following: 0,
            };
            for sequence in missing {
                match sequence.wrapping_sub(item.packet_id) {
                    0 => {}
                    distance @ 1..=16 => item.following |= 1 << distance.wrapping_sub(1),
                    _ => {
                        body.put_nack_item(item)?;
                        item = NackItem {
                            packet_id: sequence,
                            following: 0,
                        };
                    }
                }
            }
            body.put_nack_item(item)
        })
    }

    /// PLI.
    pub fn picture_loss(&mut self, sender_ssrc: u32, media_ssrc: u32) -> Result<(), DoesNotFit> {
        self.packet(
            format::PICTURE_LOSS,
            packet_type::PAYLOAD_SPECIFIC,
            |body| {
                body.put(&sender_ssrc.to_be_bytes())?;
                body.put(&media_ssrc.to_be_bytes())
            },
        )
    }

    /// FIR.
    pub fn full_intra_request(
        &mut self,
        sender_ssrc: u32,
        entries: &[FullIntraEntry],
    ) -> Result<(), DoesNotFit> {
        self.packet(format::FULL_INTRA, packet_type::PAYLOAD_SPECIFIC, |body| {
            body.put(&sender_ssrc.to_be_bytes())?;
            body.put(&[0; 4])?;
            entries.iter().try_for_each(|entry| {
                body.put(&entry.ssrc.to_be_bytes())?;
                body.put(&[entry.sequence, 0, 0, 0])
            })
        })
    }

    /// REMB; the bitrate is rounded down to the 18 significant bits it is written with.
    pub fn remb(
        &mut self,
        sender_ssrc: u32,
        bitrate_bps: u64,
        ssrcs: &[u32],
    ) -> Result<(), DoesNotFit> {
        const MANTISSA_BITS: u32 = 18;
        let count = u8::try_from(ssrcs.len()).map_err(|_| DoesNotFit)?;
        let bits = u64::BITS.wrapping_sub(bitrate_bps.leading_zeros());
        let exponent = bits.saturating_sub(MANTISSA_BITS);
        let mantissa = bitrate_bps.wrapping_shr(exponent);
        let estimate = (u64::from(exponent) << MANTISSA_BITS) | mantissa;
        let [.., e0, e1, e2] = estimate.to_be_bytes();
        self.packet(format::APPLICATION, packet_type::PAYLOAD_SPECIFIC, |body| {
            body.put(&sender_ssrc.to_be_bytes())?;
            body.put(&[0; 4])?;
            body.put(&REMB_NAME)?;
            body.put(&[count, e0, e1, e2])?;
            ssrcs
                .iter()
                .try_for_each(|ssrc| body.put(&ssrc.to_be_bytes()))
        })
    }

    /// Transport-wide feedback on the packets from `head.base_sequence` on: when each arrived, by
    /// any clock that does not run backwards, or `None`.
    ///
    /// Gives how many of `arrivals` were covered; the caller reports the rest in a next feedback
    /// that starts there. A feedback ends early where a delta of more than 8 s cannot be coded,
    /// where the buffer ends, or after [`super::FEEDBACK_STATUSES_MAX`] packets. Zero, and nothing
    /// written, if none of the first of those many arrived.
    pub fn transport_feedback(
        &mut self,
        head: &TransportFeedbackHead,
        arrivals: &[Option<Duration>],
    ) -> Result<usize, DoesNotFit> {
        let mut covered = 0;
        let start = self.length;
        self.packet(
            format::TRANSPORT_FEEDBACK,
            packet_type::TRANSPORT_LAYER,
            |body| {
                covered = transport_feedback::write(body, head, arrivals)?;
                Ok(())
            },
        )?;
        if covered == 0 {
            self.length = start;
        }
        Ok(covered)
    }

    /// XR with a receiver reference time.
    pub fn reference_time(&mut self, ssrc: u32, ntp: NtpTime) -> Result<(), DoesNotFit> {
        self.packet(0, packet_type::EXTENDED_REPORT, |body| {
            body.put(&ssrc.to_be_bytes())?;
            body.put(&[block_type::REFERENCE_TIME, 0, 0, 2])?;
            body.put(&ntp.0.to_be_bytes())
        })
    }

    /// XR with DLRR, our answer to reference times.
    pub fn delay_reports(&mut self, ssrc: u32, reports: &[DelayReport]) -> Result<(), DoesNotFit> {
        const WORDS_EACH: usize = 3;
        let words = reports.len().checked_mul(WORDS_EACH).ok_or(DoesNotFit)?;
        let [high, low] = u16::try_from(words).map_err(|_| DoesNotFit)?.to_be_bytes();
        self.packet(0, packet_type::EXTENDED_REPORT, |body| {
            body.put(&ssrc.to_be_bytes())?;
            body.put(&[block_type::DELAY_REPORTS, 0, high, low])?;
            reports.iter().try_for_each(|report| {
                body.put(&report.ssrc.to_be_bytes())?;
                body.put(&report.last_reference.0.to_be_bytes())?;
                body.put(&report.delay.0.to_be_bytes())
            })
        })
    }

    /// Writes a header around what `fill` writes, padded with zeros to whole words.
    fn packet(
        &mut self,
        count: u8,
        packet_type: u8,
        fill: impl FnOnce(&mut Body<'_>) -> Result<(), DoesNotFit>,
    ) -> Result<(), DoesNotFit> {
        let free = self.buffer.get_mut(self.length..).ok_or(DoesNotFit)?;
        let (header, room) = free.split_first_chunk_mut::<4>().ok_or(DoesNotFit)?;
        let mut body = Body { room, length: 0 };
        fill(&mut body)?;
        while !body.length.is_multiple_of(4) {
            body.put(&[0])?;
        }
        let words = u16::try_from(body.length / 4).map_err(|_| DoesNotFit)?;
        let [high, low] = words.to_be_bytes();
        *header = [(VERSION << 6) | count, packet_type, high, low];
        let written = body.length.saturating_add(header.len());
        self.length = self.length.saturating_add(written);
        Ok(())
    }
}

fn list_count<T>(list: &[T]) -> Result<u8, DoesNotFit> {
    if list.len() > LIST_MAX {
        return Err(DoesNotFit);
    }
    u8::try_from(list.len()).map_err(|_| DoesNotFit)
}

/// What follows the first four bytes of a packet.
pub(super) struct Body<'a> {
    room: &'a mut [u8],
    length: usize,
}

impl Body<'_> {
    /// Bytes that can still be put.
    pub(super) const fn room(&self) -> usize {
        self.room.len().saturating_sub(self.length)
    }

    /// Appends, or refuses and appends nothing.
    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<(), DoesNotFit> {
        let end = self.length.checked_add(bytes.len()).ok_or(DoesNotFit)?;
        self.room
            .get_mut(self.length..end)
            .ok_or(DoesNotFit)?
            .copy_from_slice(bytes);
        self.length = end;
        Ok(())
    }

    fn put_report(&mut self, report: &ReportBlock) -> Result<(), DoesNotFit> {
        const LOST_MAX: i32 = 0x007f_ffff;
        const LOST_MIN: i32 = -0x0080_0000;
        let [_, lost @ ..] = report
            .cumulative_lost
            .clamp(LOST_MIN, LOST_MAX)
            .to_be_bytes();
        self.put(&report.ssrc.to_be_bytes())?;
        self.put(&[report.fraction_lost])?;
        self.put(&lost)?;
        self.put(&report.highest_sequence.to_be_bytes())?;
        self.put(&report.jitter.to_be_bytes())?;
        self.put(&report.last_report.0.to_be_bytes())?;
        self.put(&report.delay.0.to_be_bytes())
    }

    fn put_nack_item(&mut self, item: NackItem) -> Result<(), DoesNotFit> {
        self.put(&item.packet_id.to_be_bytes())?;
        self.put(&item.following.to_be_bytes())
    }
}
