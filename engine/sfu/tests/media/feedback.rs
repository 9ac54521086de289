//! What is measured about received streams, and what peers report.

use std::time::Duration;

use proptest::prelude::*;
use veche_sfu::feedback::{
    BitrateMeter, FEEDBACK_INTERVAL, MAX_PENDING, REMB_EXPIRES_AFTER, ReceiveStatistics, RembIn,
    RoundTrip, TwccIn,
};

use crate::support::{beginning, ms};

const RATE_HZ: u32 = 90_000;

#[test]
fn nothing_is_reported_before_the_first_packet() {
    assert_eq!(ReceiveStatistics::new(beginning(), RATE_HZ).report(1), None);
}

#[test]
fn loss_is_reported_for_the_interval_and_in_total() {
    let start = beginning();
    let mut statistics = ReceiveStatistics::new(start, RATE_HZ);
    // 2 of 10 lost, then 5 of 10.
    for sequence in (65_530..65_540).filter(|sequence| ![65_532, 65_536].contains(sequence)) {
        statistics.packet_arrived(start, sequence, 0);
    }
    let first = statistics.report(7).unwrap();
    assert_eq!(first.ssrc, 7);
    assert_eq!((first.fraction_lost, first.cumulative_lost), (51, 2));
    assert_eq!(first.highest_sequence, 65_539);
    for sequence in (65_540..65_550).filter(|sequence| sequence % 2 == 1) {
        statistics.packet_arrived(start, sequence, 0);
    }
    let second = statistics.report(7).unwrap();
    assert_eq!((second.fraction_lost, second.cumulative_lost), (128, 7));
}

#[test]
fn a_late_packet_makes_up_for_its_loss() {
    let start = beginning();
    let mut statistics = ReceiveStatistics::new(start, RATE_HZ);
    statistics.packet_arrived(start, 10, 0);
    statistics.packet_arrived(start, 12, 0);
    assert_eq!(statistics.report(1).unwrap().cumulative_lost, 1);
    statistics.packet_arrived(start, 11, 0);
    let report = statistics.report(1).unwrap();
    assert_eq!((report.fraction_lost, report.cumulative_lost), (0, 0));
}

#[test]
fn total_loss_stays_within_its_24_bits() {
    let start = beginning();
    let mut statistics = ReceiveStatistics::new(start, RATE_HZ);
    statistics.packet_arrived(start, 0, 0);
    statistics.packet_arrived(start, 1 << 40, 0);
    let report = statistics.report(1).unwrap();
    assert_eq!(
        (report.fraction_lost, report.cumulative_lost),
        (255, 0x7f_ffff)
    );
}

#[test]
fn an_even_stream_has_no_jitter_whatever_its_delay() {
    let start = beginning();
    let mut statistics = ReceiveStatistics::new(start, RATE_HZ);
    for count in 0..100u32 {
        let timestamp = (u32::MAX - 9_000).wrapping_add(count * 3_600);
        statistics.packet_arrived(
            start + ms(u64::from(count) * 40),
            u64::from(count),
            timestamp,
        );
    }
    assert_eq!(statistics.report(1).unwrap().jitter, 0);
}

#[test]
fn jitter_settles_at_the_mean_difference_of_transits() {
    let start = beginning();
    let mut statistics = ReceiveStatistics::new(start, RATE_HZ);
    for count in 0..500u64 {
        // Every second packet comes 10 ms late: transits differ by 900 ticks each time.
        let late = ms(10 * (count % 2));
        let timestamp = count as u32 * 3_600;
        statistics.packet_arrived(start + ms(count * 40) + late, count, timestamp);
    }
    let jitter = statistics.report(1).unwrap().jitter;
    assert!((890..=910).contains(&jitter), "{jitter}");
}

#[test]
fn feedback_is_given_each_50_ms_while_packets_come() {
    let start = beginning();
    let mut twcc = TwccIn::new(start);
    assert_eq!(twcc.next_due(), None);
    twcc.packet_arrived(start + ms(1), 65_535);
    twcc.packet_arrived(start + ms(3), 1);
    assert_eq!(twcc.next_due(), Some(start + FEEDBACK_INTERVAL));
    assert_eq!(twcc.due(start + ms(49)), None);
    let feedback = twcc.due(start + ms(50)).unwrap();
    assert_eq!(
        (feedback.base_sequence, feedback.feedback_count),
        (65_535, 0)
    );
    assert_eq!(feedback.arrivals, [Some(ms(1)), None, Some(ms(3))]);
    twcc.reported(start + ms(50), 3);
    assert_eq!(twcc.next_due(), None);
    twcc.packet_arrived(start + ms(60), 2);
    assert_eq!(twcc.due(start + ms(99)), None);
    let feedback = twcc.due(start + ms(100)).unwrap();
    assert_eq!((feedback.base_sequence, feedback.feedback_count), (2, 1));
    assert_eq!(feedback.arrivals, [Some(ms(60))]);
}

#[test]
fn what_did_not_fit_into_a_feedback_waits_for_the_next() {
    let start = beginning();
    let mut twcc = TwccIn::new(start);
    for sequence in 0..4 {
        twcc.packet_arrived(start + ms(u64::from(sequence)), sequence);
    }
    twcc.reported(start + ms(50), 3);
    let feedback = twcc.due(start + ms(100)).unwrap();
    assert_eq!(feedback.base_sequence, 3);
    assert_eq!(feedback.arrivals, [Some(ms(3))]);
}

#[test]
fn reordered_and_repeated_packets_keep_their_first_arrival() {
    let start = beginning();
    let mut twcc = TwccIn::new(start);
    for (at, sequence) in [(0, 10), (1, 12), (2, 11), (3, 11), (4, 9)] {
        twcc.packet_arrived(start + ms(at), sequence);
    }
    let feedback = twcc.due(start + ms(50)).unwrap();
    assert_eq!(feedback.base_sequence, 10, "9 is older than the record");
    assert_eq!(feedback.arrivals, [Some(ms(0)), Some(ms(2)), Some(ms(1))]);
}

#[test]
fn the_record_of_arrivals_has_its_limit() {
    let start = beginning();
    for (distance, expected) in [
        (MAX_PENDING - 2, MAX_PENDING - 1),
        (MAX_PENDING - 1, MAX_PENDING),
        (MAX_PENDING, 1),
    ] {
        let mut twcc = TwccIn::new(start);
        twcc.packet_arrived(start, 100);
        twcc.packet_arrived(start, 100 + u16::try_from(distance).unwrap());
        let feedback = twcc.due(start + ms(50)).unwrap();
        assert_eq!(feedback.arrivals.len(), expected);
    }
}

#[test]
fn a_steady_stream_is_measured_at_its_rate() {
    let start = beginning();
    let mut meter = BitrateMeter::new(start);
    assert_eq!(meter.bitrate_bps(start), 0);
    for step in 0..3_000 {
        meter.add(start + ms(step * 10), 1_250);
        if step > 30 {
            let rate = meter.bitrate_bps(start + ms(step * 10));
            assert!((850_000..=1_050_000).contains(&rate), "{rate} at {step}");
        }
    }
}

#[test]
fn a_stream_that_stopped_is_measured_as_nothing_after_a_second() {
    let start = beginning();
    let mut meter = BitrateMeter::new(start);
    meter.add(start + ms(50), 1_000);
    assert!(meter.bitrate_bps(start + ms(950)) > 0);
    assert_eq!(meter.bitrate_bps(start + ms(1_050)), 0);
    meter.add(start + ms(90_000), 1_000);
    assert_eq!(
        meter.bitrate_bps(start + ms(90_000)),
        40_000,
        "only the new bytes"
    );
}

#[test]
fn an_estimate_is_believed_for_five_seconds() {
    let start = beginning();
    let mut remb = RembIn::default();
    assert_eq!(remb.estimate_bps(start), None);
    remb.estimated(start, 700_000);
    remb.estimated(start + ms(1), 800_000);
    let expiry = start + ms(1) + REMB_EXPIRES_AFTER;
    assert_eq!(remb.estimate_bps(expiry - ms(1)), Some(800_000));
    assert_eq!(remb.estimate_bps(expiry), None);
}

#[test]
fn a_round_trip_is_smoothed_and_bounded() {
    let mut round_trip = RoundTrip::default();
    assert_eq!(
        (round_trip.known(), round_trip.or_assumed()),
        (None, ms(100))
    );
    round_trip.measured(ms(80));
    round_trip.measured(ms(160));
    assert_eq!(round_trip.known(), Some(ms(90)));
    let mut liar = RoundTrip::default();
    liar.measured(Duration::MAX);
    assert_eq!(liar.or_assumed(), Duration::from_secs(3));
}

proptest! {
    #[test]
    fn every_arrival_is_reported_at_most_once_and_truly(
        steps in proptest::collection::vec((0u64..30, -4i32..60), 1..400),
    ) {
        let start = beginning();
        let mut twcc = TwccIn::new(start);
        let mut now = start;
        let mut number = 65_000u64;
        let mut arrived = std::collections::HashMap::new();
        let mut next = None;
        for (pause, step) in steps {
            now += ms(pause);
            number = number.saturating_add_signed(i64::from(step));
            twcc.packet_arrived(now, number as u16);
            arrived.entry(number as u16).or_insert(now - start);
            if let Some(feedback) = twcc.due(now) {
                prop_assert!(feedback.arrivals.len() <= MAX_PENDING);
                prop_assert!(feedback.arrivals.last().unwrap().is_some());
                let base = feedback.base_sequence;
                if let Some(next) = next {
                    prop_assert!(base.wrapping_sub(next).cast_signed() >= 0);
                }
                for (offset, arrival) in feedback.arrivals.iter().enumerate() {
                    let sequence = base.wrapping_add(offset as u16);
                    prop_assert!(arrival.is_none_or(|arrival| arrived[&sequence] <= arrival));
                }
                let count = feedback.arrivals.len();
                next = Some(base.wrapping_add(count as u16));
                twcc.reported(now, count);
            }
        }
    }
}
