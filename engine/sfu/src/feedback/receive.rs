//! Loss and jitter of one received stream, for receiver reports (RFC 3550 sections 6.4 and A.3, A.8).

use std::time::Instant;

use crate::rtcp::ReportBlock;

const LARGEST_CUMULATIVE: i64 = 0x7f_ffff;
const SMALLEST_CUMULATIVE: i64 = -0x80_0000;
/// Jitter is kept in sixteenths, as in RFC 3550 A.8.
const JITTER_SHIFT: u32 = 4;

/// Counters of one received stream; packets recovered by RTX do not belong to it.
#[derive(Debug)]
pub struct ReceiveStatistics {
    epoch: Instant,
    clock_rate_hz: u32,
    range: Option<Range>,
    received: u64,
    expected_at_report: u64,
    received_at_report: u64,
    transit: Option<u32>,
    jitter_sixteenths: u32,
}

#[derive(Clone, Copy, Debug)]
struct Range {
    first: u64,
    highest: u64,
}

impl ReceiveStatistics {
    /// Nothing received. `now` is the moment arrival times are counted from.
    #[must_use]
    pub fn new(now: Instant, clock_rate_hz: u32) -> ReceiveStatistics {
        ReceiveStatistics {
            epoch: now,
            clock_rate_hz,
            range: None,
            received: 0,
            expected_at_report: 0,
            received_at_report: 0,
            transit: None,
            jitter_sixteenths: 0,
        }
    }

    /// Notes one authenticated packet.
    pub fn packet_arrived(&mut self, now: Instant, extended_sequence: u64, timestamp: u32) {
        let range = self.range.get_or_insert(Range {
            first: extended_sequence,
            highest: extended_sequence,
        });
        range.first = range.first.min(extended_sequence);
        range.highest = range.highest.max(extended_sequence);
        self.received = self.received.saturating_add(1);
        let transit = self.arrival_ticks(now).wrapping_sub(timestamp);
        if let Some(before) = self.transit.replace(transit) {
            let difference = transit.wrapping_sub(before).cast_signed().unsigned_abs();
            let decayed = self
                .jitter_sixteenths
                .saturating_sub(self.jitter_sixteenths.saturating_add(8) >> JITTER_SHIFT);
            self.jitter_sixteenths = decayed.saturating_add(difference);
        }
    }

    /// What to report now; begins the next interval. `None` before the first packet.
    ///
    /// When the last sender report came is the owner's to fill in.
    pub fn report(&mut self, ssrc: u32) -> Option<ReportBlock> {
        let range = self.range?;
        let expected = range.highest.saturating_sub(range.first).saturating_add(1);
        let expected_now = expected.saturating_sub(self.expected_at_report);
        let received_now = self.received.saturating_sub(self.received_at_report);
        self.expected_at_report = expected;
        self.received_at_report = self.received;
        let lost_now = expected_now.saturating_sub(received_now);
        let fraction = lost_now
            .saturating_mul(256)
            .checked_div(expected_now)
            .unwrap_or_default();
        let cumulative = i64::try_from(expected)
            .unwrap_or(i64::MAX)
            .saturating_sub(i64::try_from(self.received).unwrap_or(i64::MAX))
            .clamp(SMALLEST_CUMULATIVE, LARGEST_CUMULATIVE);
        Some(ReportBlock {
            ssrc,
            fraction_lost: u8::try_from(fraction).unwrap_or(u8::MAX),
            cumulative_lost: i32::try_from(cumulative).unwrap_or_default(),
            highest_sequence: low_half(range.highest),
            jitter: self.jitter_sixteenths >> JITTER_SHIFT,
            ..ReportBlock::default()
        })
    }

    fn arrival_ticks(&self, now: Instant) -> u32 {
        let microseconds = now.saturating_duration_since(self.epoch).as_micros();
        let ticks = microseconds.saturating_mul(u128::from(self.clock_rate_hz)) / 1_000_000;
        u32::try_from(ticks & u128::from(u32::MAX)).unwrap_or_default()
    }
}

fn low_half(value: u64) -> u32 {
    u32::try_from(value & u64::from(u32::MAX)).unwrap_or_default()
}
