//! Transport-wide congestion feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1):
//! which packets of one transport arrived, and when, by a counter common to all its streams.
//!
//! A status takes 1 or 2 bits or shares a run; an arrival adds its time since the one before in
//! ticks of 250 µs. A run of packets that did not arrive is skipped in one step, so the work is
//! bounded by the bytes of the packet and not by the 65 535 statuses it may claim.

mod read;
mod write;

#[cfg(test)]
mod tests;

pub use read::{Arrival, Arrivals, TransportFeedback};
pub(super) use write::write;

use std::time::Duration;

/// The unit of arrival times.
pub const TICK: Duration = Duration::from_micros(TICK_MICROSECONDS);
const TICK_MICROSECONDS: u64 = 250;

/// Statuses written into one feedback. At 1000 packets per second one each 50 ms needs 50; what
/// remains of a longer gap goes into the next.
pub const FEEDBACK_STATUSES_MAX: usize = 1024;

/// The reference time counts 64 ms; its 24 bits wrap after 12 days.
const TICKS_PER_REFERENCE: u64 = 256;

const HEAD_LENGTH: usize = 16;
/// Of a 16-bit word of statuses: a vector of symbols and not a run of one, of two bits each.
const VECTOR_FLAG: u16 = 0x8000;
const WIDE_FLAG: u16 = 0x4000;

const RUN_MAX: usize = 0x1fff;
const NARROW_SYMBOLS: usize = 14;
const WIDE_SYMBOLS: usize = 7;

/// The two bits that stand for one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Missing = 0,
    /// Its delta is 0..=255 ticks, in one byte.
    Near = 1,
    /// Its delta is negative or larger, in two.
    Far = 2,
}

impl Status {
    /// `None` for the reserved symbol.
    const fn from_symbol(symbol: u16) -> Option<Self> {
        match symbol {
            0 => Some(Self::Missing),
            1 => Some(Self::Near),
            2 => Some(Self::Far),
            _ => None,
        }
    }

    /// Its symbol is the number of bytes of its delta.
    const fn delta_length(self) -> usize {
        self as usize
    }
}

/// What a feedback says beside its statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransportFeedbackHead {
    /// Who reports.
    pub sender_ssrc: u32,
    /// Any stream of the transport reported on.
    pub media_ssrc: u32,
    /// Transport-wide number of the first packet reported.
    pub base_sequence: u16,
    /// Counts feedbacks, so that a lost one is noticed.
    pub feedback_count: u8,
}
