//! Writes a feedback: first which packets go into it, then their statuses and deltas.

use super::{
    FEEDBACK_STATUSES_MAX, HEAD_LENGTH, NARROW_SYMBOLS, RUN_MAX, Status, TICK_MICROSECONDS,
    TICKS_PER_REFERENCE, TransportFeedbackHead, VECTOR_FLAG, WIDE_FLAG, WIDE_SYMBOLS,
};
use crate::rtcp::writer::{Body, DoesNotFit};
use std::time::Duration;

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
pub(in crate::rtcp) fn write(
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
        VECTOR_FLAG
    } else {
        VECTOR_FLAG | WIDE_FLAG
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
