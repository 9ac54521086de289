//! A feedback says of every packet what its receiver saw, to the tick.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails, as it should"
)]

use super::*;
use crate::rtcp::tests::{built, only};
use crate::rtcp::{Malformed, Packet, Writer, packets};
use proptest::prelude::*;

/// Packets on a path: most arrive soon after each other, some late, some never, some before their
/// elders.
fn arrivals() -> impl Strategy<Value = Vec<Option<Duration>>> {
    let step = prop_oneof![
        4 => (0_i64..5_000).prop_map(Some),
        1 => (0_i64..200_000).prop_map(Some),
        1 => (-40_000_i64..0).prop_map(Some),
        3 => Just(None),
    ];
    let start = 1_000_000_000_i64..(1 << 45);
    (start, prop::collection::vec((step, 1_usize..40), 0..60)).prop_map(|(start, steps)| {
        let mut now = start;
        let mut arrivals = Vec::new();
        for (step, repeat) in steps {
            for _ in 0..repeat {
                arrivals.push(step.map(|step| {
                    now = (now + step).max(0);
                    Duration::from_micros(now.unsigned_abs())
                }));
            }
        }
        arrivals
    })
}

fn feedback_head(base_sequence: u16) -> TransportFeedbackHead {
    TransportFeedbackHead {
        sender_ssrc: 7,
        media_ssrc: 9,
        base_sequence,
        feedback_count: 3,
    }
}

proptest! {
    #[test]
    fn a_transport_feedback_is_read_back_to_the_tick(
        base: u16, arrivals in arrivals(), room in 24_usize..1500,
    ) {
        let mut buffer = vec![0xee; room];
        let mut writer = Writer::new(&mut buffer);
        let outcome = writer.transport_feedback(&feedback_head(base), &arrivals);
        let length = writer.len();
        let Ok(covered) = outcome else {
            prop_assert_eq!(length, 0);
            return Ok(());
        };
        if covered == 0 {
            prop_assert_eq!(length, 0);
            prop_assert!(arrivals.iter().take(FEEDBACK_STATUSES_MAX).all(Option::is_none));
            return Ok(());
        }
        let Packet::TransportFeedback(read) = only(&buffer[..length]) else {
            panic!("another packet")
        };
        prop_assert_eq!(read.head, feedback_head(base));
        prop_assert_eq!(usize::from(read.status_count), covered);
        let ticks = |time: Duration| i64::try_from(time.as_micros() / 250).expect("small");
        let first = ticks(*arrivals.iter().flatten().next().expect("one arrived"));
        let reference = first / 256 * 256;
        prop_assert_eq!(i64::from(read.reference), (first / 256) & 0xff_ffff);
        let expected: Vec<Arrival> = arrivals[..covered]
            .iter()
            .enumerate()
            .filter_map(|(offset, arrival)| {
                Some(Arrival {
                    sequence: base.wrapping_add(u16::try_from(offset).expect("16 bits")),
                    ticks: ticks((*arrival)?) - reference,
                })
            })
            .collect();
        prop_assert_eq!(read.arrivals().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn a_feedback_may_claim_sixty_five_thousand_missing_in_few_bytes() {
    let mut bytes = vec![0x8f, 205, 0, 0];
    bytes.extend([0; 8]);
    bytes.extend([0, 0, 0xff, 0xff, 0, 0, 0, 0]);
    for run in [8191_u16; 8] {
        bytes.extend(run.to_be_bytes());
    }
    bytes.extend([0xc0, 0, 0, 0]); // seven wide symbols and two bytes to fill the word
    bytes[3] = u8::try_from(bytes.len() / 4 - 1).expect("few");
    let Packet::TransportFeedback(feedback) = only(&bytes) else {
        panic!("another packet")
    };
    assert_eq!(feedback.status_count, 65_535);
    assert_eq!(feedback.arrivals().count(), 0);
}

#[test]
fn a_reserved_symbol_spoils_its_feedback() {
    let mut bytes = built(|writer| {
        let arrivals = [Some(Duration::from_secs(1)); 3];
        writer
            .transport_feedback(&feedback_head(0), &arrivals)
            .map(|_| ())
    });
    assert_eq!(bytes[20..22], [0x20, 3], "a run of three near ones");
    bytes[20] |= 0x60;
    let outcome = packets(&bytes).next().and_then(Result::err);
    assert_eq!(outcome, Some(Malformed::Body { packet_type: 205 }));
}

#[test]
fn a_feedback_ends_where_a_delta_cannot_be_coded_and_the_next_goes_on() {
    let second = Duration::from_secs(1);
    let arrivals = [
        Some(second),
        None,
        Some(second * 9),
        Some(second * 20),
        Some(second * 20),
    ];
    let mut covered = Vec::new();
    let mut rest = &arrivals[..];
    while !rest.is_empty() {
        let mut buffer = [0; 200];
        let mut writer = Writer::new(&mut buffer);
        let count = writer
            .transport_feedback(&feedback_head(0), rest)
            .expect("fits");
        covered.push(count);
        rest = &rest[count..];
    }
    // 8 s can be coded, 11 s cannot.
    assert_eq!(covered, [3, 2]);
}

#[test]
fn a_feedback_covers_what_its_buffer_holds_and_the_next_the_rest() {
    // Alternating deltas of one and of two bytes, so that every remainder of a word comes up.
    let arrivals: Vec<_> = (0..200_u64)
        .map(|packet| Some(Duration::from_millis(1000 + packet * 40 + packet % 3 * 30)))
        .collect();
    for room in 32..400 {
        let mut rest = &arrivals[..];
        let mut reported = 0;
        while !rest.is_empty() {
            let mut buffer = vec![0; room];
            let mut writer = Writer::new(&mut buffer);
            let covered = writer.transport_feedback(&feedback_head(0), rest);
            let covered = covered.expect("some of them fit");
            let length = writer.len();
            let Packet::TransportFeedback(read) = only(&buffer[..length]) else {
                panic!("another packet")
            };
            assert_eq!(read.arrivals().count(), covered, "room {room}");
            reported += covered;
            rest = &rest[covered..];
        }
        assert_eq!(reported, arrivals.len());
    }
}

#[test]
fn a_run_may_reach_past_the_statuses_there_are() {
    let mut bytes = vec![0x8f, 205, 0, 5];
    bytes.extend([0; 8]);
    bytes.extend([0, 9, 0, 2, 0, 0, 0, 0]);
    bytes.extend([0x1f, 0xff, 0, 0]); // 8191 missing, of which two count
    let Packet::TransportFeedback(feedback) = only(&bytes) else {
        panic!("another packet")
    };
    assert_eq!((feedback.status_count, feedback.arrivals().count()), (2, 0));
}

#[test]
fn a_feedback_covers_at_most_its_limit_of_statuses() {
    for (given, covered) in [(1023, 1023), (1024, 1024), (1025, 1024)] {
        let arrivals = vec![Some(Duration::from_secs(1)); given];
        let mut buffer = [0; 1500];
        let mut writer = Writer::new(&mut buffer);
        let count = writer.transport_feedback(&feedback_head(0), &arrivals);
        assert_eq!(count, Ok(covered));
    }
}
