//! RTCP: reading what participants report, writing what we report to them.
//!
//! Covers RFC 3550 (SR, RR, SDES, BYE), RFC 4585 and 5104 (NACK, PLI, FIR), RFC 3611 (receiver
//! reference time and DLRR), REMB and transport-wide congestion feedback; compounds may be of
//! reduced size (RFC 5506). Reading borrows from the datagram, writing fills the caller's buffer,
//! neither allocates. Every loop is bounded by the bytes at hand, whatever their counts claim.
//!
//! What a report is worth, and how often it is heard, is not decided here.

mod extended;
mod ntp;
mod packets;
mod transport_feedback;
mod views;
mod writer;

#[cfg(test)]
mod tests;

pub use extended::{DelayReport, ExtendedBlock, ExtendedBlocks, ExtendedReport};
pub use ntp::{NtpTime, ShortTime, round_trip};
pub use packets::{Malformed, PACKETS_MAX, Packet, Packets, is_rtcp, packets};
pub use transport_feedback::{
    Arrival, Arrivals, FEEDBACK_STATUSES_MAX, TICK, TransportFeedback, TransportFeedbackHead,
};
pub use views::{
    FullIntraEntry, FullIntraRequest, Goodbye, Nack, NackItem, PictureLoss, ReceiverReport, Record,
    Records, Remb, ReportBlock, SenderInfo, SenderReport,
};
pub use writer::{CNAME_LENGTH_MAX, DoesNotFit, LIST_MAX, Writer};

const VERSION: u8 = 2;

/// Packet types (RFC 3550 12.1, RFC 4585 6.1, RFC 3611 2).
mod packet_type {
    pub(super) const SENDER_REPORT: u8 = 200;
    pub(super) const RECEIVER_REPORT: u8 = 201;
    pub(super) const DESCRIPTION: u8 = 202;
    pub(super) const GOODBYE: u8 = 203;
    pub(super) const TRANSPORT_LAYER: u8 = 205;
    pub(super) const PAYLOAD_SPECIFIC: u8 = 206;
    pub(super) const EXTENDED_REPORT: u8 = 207;
}

/// Feedback formats (RFC 4585 6.2 and 6.3, RFC 5104 4.3, draft-holmer-rmcat-transport-wide-cc).
mod format {
    pub(super) const NACK: u8 = 1;
    pub(super) const TRANSPORT_FEEDBACK: u8 = 15;
    pub(super) const PICTURE_LOSS: u8 = 1;
    pub(super) const FULL_INTRA: u8 = 4;
    pub(super) const APPLICATION: u8 = 15;
}

/// Blocks of an extended report (RFC 3611 4.4, 4.5).
mod block_type {
    pub(super) const REFERENCE_TIME: u8 = 4;
    pub(super) const DELAY_REPORTS: u8 = 5;
}

/// What marks an application feedback as REMB (draft-alvestrand-rmcat-remb 2.2).
const REMB_NAME: [u8; 4] = *b"REMB";
