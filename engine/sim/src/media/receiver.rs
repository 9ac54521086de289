//! The receiving side of one subscription: notices loss, asks again, reports.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use veche_sfu::rtcp::{NtpTime, ReportBlock, SenderInfo, ShortTime};

const RETRY: Duration = Duration::from_millis(100);
const MAX_TRIES: u32 = 10;

/// What a client knows of one stream.
#[derive(Debug, Default)]
pub struct Receiver {
    /// Packets that arrived, recovered ones included.
    pub received: u64,
    /// Of them recovered by asking.
    pub recovered: u64,
    /// Numbers given up.
    pub lost: u64,
    /// The newest sender report and when it arrived.
    pub report: Option<(SenderInfo, Instant)>,
    highest: Option<u64>,
    missing: BTreeMap<u64, (u32, Option<Instant>)>,
    expected_before: u64,
    received_before: u64,
    first: u64,
}

impl Receiver {
    /// A packet under its number in the stream; false if it was there already.
    pub fn arrived(&mut self, index: u64, is_repair: bool) -> bool {
        let Some(highest) = self.highest else {
            self.highest = Some(index);
            self.first = index;
            self.received += 1;
            return true;
        };
        if index > highest {
            for missing in highest + 1..index {
                self.missing.insert(missing, (0, None));
            }
            self.highest = Some(index);
        } else if self.missing.remove(&index).is_none() {
            return false;
        }
        self.received += 1;
        self.recovered += u64::from(is_repair);
        true
    }

    /// Whether everything between the first and the newest packet is here.
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty() && self.lost == 0
    }

    /// What to ask for now.
    pub fn ask(&mut self, now: Instant) -> Vec<u16> {
        let lost = &mut self.lost;
        self.missing.retain(|_, (tries, _)| {
            let is_hopeful = *tries < MAX_TRIES;
            *lost += u64::from(!is_hopeful);
            is_hopeful
        });
        let due = self
            .missing
            .iter_mut()
            .filter(|(_, (_, asked))| asked.is_none_or(|asked| now - asked >= RETRY));
        due.map(|(index, (tries, asked))| {
            *tries += 1;
            *asked = Some(now);
            *index as u16
        })
        .collect()
    }

    /// A report block about the stream (RFC 3550 section 6.4.1).
    pub fn block(&mut self, now: Instant, ssrc: u32) -> Option<ReportBlock> {
        let highest = self.highest?;
        let expected = highest - self.first + 1;
        let lost =
            (expected - self.expected_before).saturating_sub(self.received - self.received_before);
        let fraction = lost * 256 / (expected - self.expected_before).max(1);
        (self.expected_before, self.received_before) = (expected, self.received);
        let (last_report, delay) = match self.report {
            Some((info, at)) => (info.ntp.shortened(), ShortTime::from_duration(now - at)),
            None => (ShortTime(0), ShortTime(0)),
        };
        Some(ReportBlock {
            ssrc,
            fraction_lost: fraction.min(255) as u8,
            highest_sequence: highest as u32,
            last_report,
            delay,
            ..ReportBlock::default()
        })
    }

    /// Where the stream's clock is at a moment of ours, by the newest sender report.
    pub fn timestamp_at(&self, ntp: NtpTime, rate_hz: u32) -> Option<u32> {
        let (info, _) = self.report?;
        let units = ntp.0.wrapping_sub(info.ntp.0).cast_signed();
        let ticks = (i128::from(units) * i128::from(rate_hz)) >> 32;
        Some(info.rtp_timestamp.wrapping_add(ticks as u32))
    }
}
