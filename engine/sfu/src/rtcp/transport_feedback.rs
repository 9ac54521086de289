//! Transport-wide congestion feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1):
//! which packets of one transport arrived, and when, by a counter common to all its streams.
//!
//! A status takes 1 or 2 bits or shares a run; an arrival adds its time since the one before in
//! ticks of 250 µs. A run of packets that did not arrive is skipped in one step, so the work is
//! bounded by the bytes of the packet and not by the 65 535 statuses it may claim.

use super::writer::{Body, DoesNotFit};
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

/// A feedback received.
#[derive(Clone, Copy, Debug)]
pub struct TransportFeedback<'a> {
    /// What it says beside its statuses.
    pub head: TransportFeedbackHead,
    /// How many packets it reports on.
    pub status_count: u16,
    /// What arrival times count from, in units of 64 ms of the receiver's clock.
    pub reference: u32,
    chunks: &'a [[u8; 2]],
    deltas: &'a [u8],
}

/// One packet that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Its transport-wide number.
    pub sequence: u16,
    /// When, in [`TICK`]s after the feedback's reference time.
    pub ticks: i64,
}

impl<'a> TransportFeedback<'a> {
    pub(super) fn read(body: &'a [u8]) -> Option<Self> {
        let (head, rest) = body.split_first_chunk::<HEAD_LENGTH>()?;
        let &[
            s0,
            s1,
            s2,
            s3,
            m0,
            m1,
            m2,
            m3,
            b0,
            b1,
            c0,
            c1,
            r0,
            r1,
            r2,
            feedback_count,
        ] = head;
        let status_count = u16::from_be_bytes([c0, c1]);
        let words = rest.as_chunks::<2>().0;
        let (mut chunk_count, mut deltas_length) = (0_usize, 0_usize);
        let mut left = usize::from(status_count);
        while left != 0 {
            let chunk = Chunk::read(*words.get(chunk_count)?);
            let taken = chunk.left().min(left);
            deltas_length = deltas_length.checked_add(chunk.deltas_length(taken)?)?;
            left = left.checked_sub(taken)?;
            chunk_count = chunk_count.checked_add(1)?;
        }
        let deltas_at = chunk_count.checked_mul(2)?;
        Some(Self {
            head: TransportFeedbackHead {
                sender_ssrc: u32::from_be_bytes([s0, s1, s2, s3]),
                media_ssrc: u32::from_be_bytes([m0, m1, m2, m3]),
                base_sequence: u16::from_be_bytes([b0, b1]),
                feedback_count,
            },
            status_count,
            reference: u32::from_be_bytes([0, r0, r1, r2]),
            chunks: words.get(..chunk_count)?,
            deltas: rest.get(deltas_at..)?.get(..deltas_length)?,
        })
    }

    /// The packets that arrived, in the order of their numbers.
    pub const fn arrivals(&self) -> Arrivals<'a> {
        Arrivals {
            chunks: self.chunks,
            current: Chunk::EMPTY,
            deltas: self.deltas,
            next_sequence: self.head.base_sequence,
            statuses_left: self.status_count as usize,
            ticks: 0,
        }
    }
}

/// See [`TransportFeedback::arrivals`].
#[derive(Clone, Debug)]
pub struct Arrivals<'a> {
    chunks: &'a [[u8; 2]],
    current: Chunk,
    deltas: &'a [u8],
    next_sequence: u16,
    statuses_left: usize,
    ticks: i64,
}

impl Iterator for Arrivals<'_> {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        while self.statuses_left != 0 {
            if self.current.left() == 0 {
                let (word, rest) = self.chunks.split_first()?;
                self.chunks = rest;
                self.current = Chunk::read(*word);
                continue;
            }
            let (status, count) = self.current.take(self.statuses_left)?;
            let sequence = self.next_sequence;
            self.statuses_left = self.statuses_left.checked_sub(count)?;
            self.next_sequence = sequence.wrapping_add(u16::try_from(count).ok()?);
            let delta = match status {
                Status::Missing => continue,
                Status::Near => i64::from(self.take_delta::<1>().map(u8::from_be_bytes)?),
                Status::Far => i64::from(self.take_delta::<2>().map(i16::from_be_bytes)?),
            };
            self.ticks = self.ticks.checked_add(delta)?;
            return Some(Arrival {
                sequence,
                ticks: self.ticks,
            });
        }
        None
    }
}

impl Arrivals<'_> {
    fn take_delta<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        let (delta, rest) = self.deltas.split_first_chunk()?;
        self.deltas = rest;
        Some(*delta)
    }
}

/// Statuses as one 16-bit word codes them.
#[derive(Clone, Copy, Debug)]
enum Chunk {
    /// One symbol, so many times.
    Run { symbol: u16, left: usize },
    /// Symbols of one or two bits, the next in the highest bits.
    Vector {
        bits: u16,
        is_wide: bool,
        left: usize,
    },
}

impl Chunk {
    const EMPTY: Self = Self::Run { symbol: 0, left: 0 };
    const VECTOR_FLAG: u16 = 0x8000;
    const WIDE_FLAG: u16 = 0x4000;

    fn read(word: [u8; 2]) -> Self {
        let word = u16::from_be_bytes(word);
        let bits = word << 2;
        match (word & Self::VECTOR_FLAG != 0, word & Self::WIDE_FLAG != 0) {
            (false, _) => Self::Run {
                symbol: word >> 13,
                left: usize::from(word) & RUN_MAX,
            },
            (true, false) => Self::Vector {
                bits,
                is_wide: false,
                left: NARROW_SYMBOLS,
            },
            (true, true) => Self::Vector {
                bits,
                is_wide: true,
                left: WIDE_SYMBOLS,
            },
        }
    }

    const fn left(self) -> usize {
        match self {
            Self::Run { left, .. } | Self::Vector { left, .. } => left,
        }
    }

    /// Takes one status, or at most `limit` missing ones that are coded as a run.
    fn take(&mut self, limit: usize) -> Option<(Status, usize)> {
        match self {
            Self::Run { symbol, left } => {
                let status = Status::from_symbol(*symbol)?;
                let count = if status == Status::Missing {
                    limit.min(*left)
                } else {
                    1
                };
                *left = left.checked_sub(count)?;
                Some((status, count))
            }
            Self::Vector {
                bits,
                is_wide,
                left,
            } => {
                let symbol = if *is_wide { *bits >> 14 } else { *bits >> 15 };
                *bits = if *is_wide { *bits << 2 } else { *bits << 1 };
                *left = left.checked_sub(1)?;
                Some((Status::from_symbol(symbol)?, 1))
            }
        }
    }

    /// Bytes of deltas that the first `count` statuses need; `None` if one is reserved.
    fn deltas_length(self, count: usize) -> Option<usize> {
        match self {
            Self::Run { symbol, .. } => Status::from_symbol(symbol)?
                .delta_length()
                .checked_mul(count),
            Self::Vector { .. } => {
                let mut rest = self;
                (0..count).try_fold(0_usize, |length, _| {
                    let (status, _) = rest.take(1)?;
                    length.checked_add(status.delta_length())
                })
            }
        }
    }
}

/// The statuses that go into one feedback, and what their deltas are.
struct Plan {
    statuses: [Status; FEEDBACK_STATUSES_MAX],
    count: usize,
    reference: u64,
}

impl Plan {
    /// As many of `arrivals` as have deltas that can be coded and fit into `room`.
    ///
    /// `None` if none of them says that a packet arrived.
    fn new(arrivals: &[Option<Duration>], room: usize) -> Option<Self> {
        let first = arrivals
            .iter()
            .take(FEEDBACK_STATUSES_MAX)
            .flatten()
            .next()?;
        let reference = ticks(*first) / TICKS_PER_REFERENCE;
        let mut plan = Self {
            statuses: [Status::Missing; FEEDBACK_STATUSES_MAX],
            count: 0,
            reference,
        };
        let mut previous = reference.saturating_mul(TICKS_PER_REFERENCE);
        let mut deltas_length = 0_usize;
        for (arrival, slot) in arrivals.iter().zip(plan.statuses.iter_mut()) {
            if let Some(arrival) = arrival {
                let arrived = ticks(*arrival);
                let Some(delta) = delta(previous, arrived) else {
                    break;
                };
                *slot = if u8::try_from(delta).is_ok() {
                    Status::Near
                } else {
                    Status::Far
                };
                previous = arrived;
            }
            let count = plan.count.saturating_add(1);
            deltas_length = deltas_length.saturating_add(slot.delta_length());
            // Every chunk but the last holds at least WIDE_SYMBOLS statuses.
            let chunks_length = count.div_ceil(WIDE_SYMBOLS).saturating_mul(2);
            let padding_max = 3;
            let length = [HEAD_LENGTH, chunks_length, deltas_length, padding_max]
                .iter()
                .sum::<usize>();
            if length > room {
                break;
            }
            plan.count = count;
        }
        Some(plan)
    }
}

/// Writes one feedback; gives how many of `arrivals` it covers.
pub(super) fn write(
    body: &mut Body<'_>,
    head: &TransportFeedbackHead,
    arrivals: &[Option<Duration>],
) -> Result<usize, DoesNotFit> {
    let Some(plan) = Plan::new(arrivals, body.room()) else {
        return Ok(0);
    };
    let covered = arrivals.get(..plan.count).ok_or(DoesNotFit)?;
    if covered.iter().all(Option::is_none) {
        return Err(DoesNotFit);
    }
    let count = u16::try_from(plan.count).map_err(|_| DoesNotFit)?;
    let [.., r0, r1, r2] = plan.reference.to_be_bytes();
    body.put(&head.sender_ssrc.to_be_bytes())?;
    body.put(&head.media_ssrc.to_be_bytes())?;
    body.put(&head.base_sequence.to_be_bytes())?;
    body.put(&count.to_be_bytes())?;
    body.put(&[r0, r1, r2, head.feedback_count])?;
    let mut statuses = plan.statuses.get(..plan.count).ok_or(DoesNotFit)?;
    while let Some(&status) = statuses.first() {
        let (chunk, length) = chunk(status, statuses);
        body.put(&chunk.to_be_bytes())?;
        statuses = statuses.get(length..).unwrap_or_default();
    }
    let mut previous = plan.reference.saturating_mul(TICKS_PER_REFERENCE);
    for arrival in covered.iter().flatten() {
        let arrived = ticks(*arrival);
        let delta = delta(previous, arrived).ok_or(DoesNotFit)?;
        previous = arrived;
        match u8::try_from(delta) {
            Ok(near) => body.put(&[near])?,
            Err(_) => body.put(&delta.to_be_bytes())?,
        }
    }
    Ok(plan.count)
}

/// The word that codes the head of `statuses`, and how many it codes: a run if it is at least as
/// long as a vector would be.
fn chunk(status: Status, statuses: &[Status]) -> (u16, usize) {
    let is_narrow = statuses
        .iter()
        .take(NARROW_SYMBOLS)
        .all(|status| *status != Status::Far);
    let capacity = if is_narrow {
        NARROW_SYMBOLS
    } else {
        WIDE_SYMBOLS
    };
    let length = capacity.min(statuses.len());
    let run = statuses
        .iter()
        .take(RUN_MAX)
        .take_while(|other| **other == status)
        .count();
    if run >= length {
        return (
            ((status as u16) << 13) | u16::try_from(run).unwrap_or_default(),
            run,
        );
    }
    let width: u32 = if is_narrow { 1 } else { 2 };
    let flags = if is_narrow {
        Chunk::VECTOR_FLAG
    } else {
        Chunk::VECTOR_FLAG | Chunk::WIDE_FLAG
    };
    let symbols = statuses
        .iter()
        .copied()
        .chain(std::iter::repeat(Status::Missing))
        .take(capacity)
        .fold(0_u16, |bits, status| {
            bits.wrapping_shl(width) | status as u16
        });
    (flags | symbols, length)
}

/// Whole ticks, so that rounding does not add up over the deltas.
fn ticks(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX) / TICK_MICROSECONDS
}

fn delta(previous: u64, arrived: u64) -> Option<i16> {
    let ahead = i64::try_from(arrived)
        .ok()?
        .checked_sub(i64::try_from(previous).ok()?)?;
    i16::try_from(ahead).ok()
}
