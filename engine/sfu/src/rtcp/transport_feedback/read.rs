//! Reads a feedback: its statuses are walked once when the view is made, and as they are asked for.

use super::{
    HEAD_LENGTH, NARROW_SYMBOLS, RUN_MAX, Status, TransportFeedbackHead, VECTOR_FLAG, WIDE_FLAG,
    WIDE_SYMBOLS,
};

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
    pub(in crate::rtcp) fn read(body: &'a [u8]) -> Option<Self> {
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
            let (status, count) = self.current.take()?;
            let sequence = self.next_sequence;
            // A last run may reach past the statuses there are.
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

    fn read(word: [u8; 2]) -> Self {
        let word = u16::from_be_bytes(word);
        let bits = word << 2;
        match (word & VECTOR_FLAG != 0, word & WIDE_FLAG != 0) {
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

    /// Takes one status, or all the missing ones of a run.
    fn take(&mut self) -> Option<(Status, usize)> {
        match self {
            Self::Run { symbol, left } => {
                let status = Status::from_symbol(*symbol)?;
                let count = if status == Status::Missing { *left } else { 1 };
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
                    let (status, _) = rest.take()?;
                    length.checked_add(status.delta_length())
                })
            }
        }
    }
}
