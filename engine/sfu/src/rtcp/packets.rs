//! From a compound to its packets: framing, padding, and which view reads which packet.

use super::extended::ExtendedReport;
use super::transport_feedback::TransportFeedback;
use super::views::{
    FullIntraRequest, Goodbye, Nack, PictureLoss, ReceiverReport, Remb, SenderReport,
};
use super::{REMB_NAME, VERSION, format, packet_type};

/// Packets read from one compound; the rest of a longer one is refused.
pub const PACKETS_MAX: usize = 64;

/// Why a compound, or one packet of it, was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Malformed {
    /// A packet claims more bytes than there are.
    Truncated,
    /// Not version 2.
    Version,
    /// The padding count is zero or larger than the packet.
    Padding,
    /// The framing holds but the contents contradict it.
    Body {
        /// The type field of the packet.
        packet_type: u8,
    },
    /// More than [`PACKETS_MAX`] packets in a compound.
    TooManyPackets,
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Truncated => formatter.write_str("packet claims more bytes than there are"),
            Self::Version => formatter.write_str("version is not 2"),
            Self::Padding => formatter.write_str("padding count is impossible"),
            Self::Body { packet_type } => {
                write!(formatter, "packet of type {packet_type} is malformed")
            }
            Self::TooManyPackets => formatter.write_str("compound has too many packets"),
        }
    }
}

impl std::error::Error for Malformed {}

/// One packet of a compound, borrowed from it.
#[derive(Clone, Copy, Debug)]
pub enum Packet<'a> {
    /// SR.
    SenderReport(SenderReport<'a>),
    /// RR.
    ReceiverReport(ReceiverReport<'a>),
    /// BYE.
    Goodbye(Goodbye<'a>),
    /// Generic NACK.
    Nack(Nack<'a>),
    /// Transport-wide congestion feedback.
    TransportFeedback(TransportFeedback<'a>),
    /// PLI.
    PictureLoss(PictureLoss),
    /// FIR.
    FullIntraRequest(FullIntraRequest<'a>),
    /// REMB.
    Remb(Remb<'a>),
    /// XR.
    ExtendedReport(ExtendedReport<'a>),
    /// Source description, application data, and formats nobody negotiated.
    Ignored {
        /// The type field of the packet.
        packet_type: u8,
    },
}

/// Whether a packet of the shared port is RTCP by its second byte (RFC 5761 section 4).
pub fn is_rtcp(packet: &[u8]) -> bool {
    packet
        .get(1)
        .is_some_and(|second| (192..=223).contains(second))
}

/// The packets of a decrypted compound.
///
/// A packet whose contents are malformed is reported and the next one read; after a fault of
/// framing nothing further can be trusted and the iterator ends.
pub const fn packets(compound: &[u8]) -> Packets<'_> {
    Packets {
        rest: compound,
        allowance: PACKETS_MAX,
    }
}

/// See [`packets`].
#[derive(Clone, Debug)]
pub struct Packets<'a> {
    rest: &'a [u8],
    allowance: usize,
}

impl<'a> Iterator for Packets<'a> {
    type Item = Result<Packet<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let frame = self.frame();
        if frame.is_err() {
            self.rest = &[];
        }
        Some(frame.and_then(|frame| frame.read()))
    }
}

impl<'a> Packets<'a> {
    fn frame(&mut self) -> Result<Frame<'a>, Malformed> {
        const VERSION_SHIFT: u32 = 6;
        const PADDING_FLAG: u8 = 0x20;
        const COUNT_MASK: u8 = 0x1f;
        self.allowance = self
            .allowance
            .checked_sub(1)
            .ok_or(Malformed::TooManyPackets)?;
        let (header, rest) = self
            .rest
            .split_first_chunk::<4>()
            .ok_or(Malformed::Truncated)?;
        let [flags, packet_type, high, low] = *header;
        if flags >> VERSION_SHIFT != VERSION {
            return Err(Malformed::Version);
        }
        let words = usize::from(u16::from_be_bytes([high, low]));
        let length = words.saturating_mul(4);
        let (mut body, rest) = rest.split_at_checked(length).ok_or(Malformed::Truncated)?;
        self.rest = rest;
        if flags & PADDING_FLAG != 0 {
            body = without_padding(body).ok_or(Malformed::Padding)?;
        }
        Ok(Frame {
            count: flags & COUNT_MASK,
            packet_type,
            body,
        })
    }
}

/// RFC 3550 6.4.1: the last byte counts the padding, itself included.
fn without_padding(body: &[u8]) -> Option<&[u8]> {
    let padding = usize::from(*body.last()?);
    let length = body.len().checked_sub(padding)?;
    body.get(..length).filter(|_| padding != 0)
}

struct Frame<'a> {
    /// Reports, sources, or the feedback format.
    count: u8,
    packet_type: u8,
    body: &'a [u8],
}

impl<'a> Frame<'a> {
    fn read(&self) -> Result<Packet<'a>, Malformed> {
        self.view().ok_or(Malformed::Body {
            packet_type: self.packet_type,
        })
    }

    fn view(&self) -> Option<Packet<'a>> {
        let &Self {
            count,
            packet_type,
            body,
        } = self;
        Some(match (packet_type, count) {
            (packet_type::SENDER_REPORT, reports) => {
                Packet::SenderReport(SenderReport::read(body, reports)?)
            }
            (packet_type::RECEIVER_REPORT, reports) => {
                Packet::ReceiverReport(ReceiverReport::read(body, reports)?)
            }
            (packet_type::GOODBYE, sources) => Packet::Goodbye(Goodbye::read(body, sources)?),
            (packet_type::TRANSPORT_LAYER, format::NACK) => Packet::Nack(Nack::read(body)?),
            (packet_type::TRANSPORT_LAYER, format::TRANSPORT_FEEDBACK) => {
                Packet::TransportFeedback(TransportFeedback::read(body)?)
            }
            (packet_type::PAYLOAD_SPECIFIC, format::PICTURE_LOSS) => {
                Packet::PictureLoss(PictureLoss::read(body)?)
            }
            (packet_type::PAYLOAD_SPECIFIC, format::FULL_INTRA) => {
                Packet::FullIntraRequest(FullIntraRequest::read(body)?)
            }
            (packet_type::PAYLOAD_SPECIFIC, format::APPLICATION)
                if body.get(8..12) == Some(&REMB_NAME) =>
            {
                Packet::Remb(Remb::read(body)?)
            }
            (packet_type::EXTENDED_REPORT, _) => {
                Packet::ExtendedReport(ExtendedReport::read(body)?)
            }
            _ => Packet::Ignored { packet_type },
        })
    }
}
