//! Wall-clock time as RTCP writes it, and the round trip two ends can compute from it.

use std::time::Duration;

/// Seconds since 1900 in 32.32 fixed point (RFC 3550 section 4), wrapping in 2036 without harm:
/// only differences are ever used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NtpTime(pub u64);

impl NtpTime {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self(2_208_988_800 << 32);

    /// The time `elapsed` after this one.
    pub fn after(self, elapsed: Duration) -> Self {
        let fraction = (u64::from(elapsed.subsec_nanos()) << 32) / NANOSECONDS;
        let seconds = elapsed.as_secs().wrapping_shl(32);
        Self(self.0.wrapping_add(seconds).wrapping_add(fraction))
    }

    /// How long after `epoch` this is; the inverse of [`Self::after`] within 136 years.
    pub fn since(self, epoch: Self) -> Duration {
        const HALF: u64 = 1 << 31;
        let difference = self.0.wrapping_sub(epoch.0);
        let fraction = (difference & 0xffff_ffff).saturating_mul(NANOSECONDS);
        let nanoseconds = fraction.saturating_add(HALF) >> 32;
        Duration::from_secs(difference >> 32).saturating_add(Duration::from_nanos(nanoseconds))
    }

    /// The middle 32 bits, which reports carry.
    pub const fn shortened(self) -> ShortTime {
        let [_, _, a, b, c, d, _, _] = self.0.to_be_bytes();
        ShortTime(u32::from_be_bytes([a, b, c, d]))
    }
}

/// A point or a span of time in 16.16 fixed point: LSR and DLSR, LRR and DLRR.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ShortTime(pub u32);

impl ShortTime {
    /// A span, at most the 18 hours that fit.
    pub fn from_duration(span: Duration) -> Self {
        let fraction = (u64::from(span.subsec_nanos()) << 16) / NANOSECONDS;
        let units = span
            .as_secs()
            .saturating_mul(1 << 16)
            .saturating_add(fraction);
        Self(u32::try_from(units).unwrap_or(u32::MAX))
    }

    /// The span as a duration.
    pub fn to_duration(self) -> Duration {
        Duration::from_nanos((u64::from(self.0) * NANOSECONDS) >> 16)
    }
}

const NANOSECONDS: u64 = 1_000_000_000;

/// Time from our report to the peer's answer, less the time the peer held it (RFC 3550 6.4.1).
///
/// `None` if the peer has not heard a report of ours yet (`last_report` zero), or claims to have
/// held it longer than it was away. The peer says what it likes: clamp before use.
pub fn round_trip(now: NtpTime, last_report: ShortTime, delay: ShortTime) -> Option<Duration> {
    // Both times are rounded down on their way here, by at most one unit of 15 µs each.
    const ROUNDING_UNITS: u32 = 2;
    if last_report.0 == 0 {
        return None;
    }
    let away = now.shortened().0.wrapping_sub(last_report.0);
    match away.checked_sub(delay.0) {
        Some(units) => Some(ShortTime(units).to_duration()),
        None if delay.0.wrapping_sub(away) <= ROUNDING_UNITS => Some(Duration::ZERO),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_unix_epoch_lies_seventy_years_and_seventeen_leap_days_after_1900() {
        let days = 70 * 365 + 17;
        assert_eq!(NtpTime::UNIX_EPOCH.0 >> 32, days * 86_400);
    }

    #[test]
    fn the_example_of_rfc_3550_gives_its_round_trip() {
        // RFC 3550 6.4.1, figure 2: A = b710:8000, LSR = b705:2000, DLSR = 0005:4000, delay 6.125 s.
        let now = NtpTime(0x0000_b710_8000_0000);
        let delay = round_trip(now, ShortTime(0xb705_2000), ShortTime(0x0005_4000));
        assert_eq!(delay, Some(Duration::from_millis(6_125)));
    }

    #[test]
    fn a_peer_that_never_heard_us_gives_no_round_trip() {
        assert_eq!(
            round_trip(NtpTime(1 << 40), ShortTime(0), ShortTime(0)),
            None
        );
    }

    #[test]
    fn a_peer_that_held_our_report_longer_than_it_was_away_is_not_believed() {
        let sent = NtpTime(0x0000_0001_0000_0000);
        let now = sent.after(Duration::from_millis(100));
        let honest = ShortTime::from_duration(Duration::from_millis(100));
        assert_eq!(
            round_trip(now, sent.shortened(), honest),
            Some(Duration::ZERO)
        );
        let lie = ShortTime::from_duration(Duration::from_millis(101));
        assert_eq!(round_trip(now, sent.shortened(), lie), None);
    }

    #[test]
    fn a_round_trip_survives_the_wrap_of_the_short_clock() {
        let sent = NtpTime(0x0000_ffff_f000_0000);
        let now = sent.after(Duration::from_millis(250));
        let measured = round_trip(now, sent.shortened(), ShortTime(0));
        let error = measured.map(|trip| trip.abs_diff(Duration::from_millis(250)));
        assert!(error < Some(Duration::from_micros(31)), "{measured:?}");
    }

    proptest! {
        #[test]
        fn a_duration_survives_the_way_through_ntp_time(
            seconds in 0_u64..4_000_000_000,
            nanoseconds in 0_u32..1_000_000_000,
            epoch: u64,
        ) {
            let elapsed = Duration::new(seconds, nanoseconds);
            let epoch = NtpTime(epoch);
            prop_assert_eq!(epoch.after(elapsed).since(epoch), elapsed);
        }

        #[test]
        fn a_span_survives_the_way_through_short_time(units: u32) {
            let span = ShortTime(units).to_duration();
            prop_assert!(ShortTime::from_duration(span).0.abs_diff(units) <= 1);
        }
    }
}
