//! What is built is read back, and nothing that arrives can make reading fail badly.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails, as it should"
)]

use super::*;
use crate::fuzz::rtcp as walk;
use proptest::prelude::*;
use std::time::Duration;

pub(super) fn built(build: impl FnOnce(&mut Writer<'_>) -> Result<(), DoesNotFit>) -> Vec<u8> {
    let mut buffer = [0xee; 1500];
    let mut writer = Writer::new(&mut buffer);
    build(&mut writer).expect("fits");
    let length = writer.len();
    buffer[..length].to_vec()
}

/// The only packet of a compound.
pub(super) fn only(compound: &[u8]) -> Packet<'_> {
    let mut all = packets(compound);
    let packet = all.next().expect("one packet").expect("well formed");
    assert!(all.next().is_none(), "more than one packet");
    packet
}

fn report() -> impl Strategy<Value = ReportBlock> {
    (any::<[u32; 5]>(), any::<u8>(), -0x80_0000..=0x7f_ffff).prop_map(
        |([ssrc, highest_sequence, jitter, last_report, delay], fraction_lost, cumulative_lost)| {
            ReportBlock {
                ssrc,
                fraction_lost,
                cumulative_lost,
                highest_sequence,
                jitter,
                last_report: ShortTime(last_report),
                delay: ShortTime(delay),
            }
        },
    )
}

fn reports() -> impl Strategy<Value = Vec<ReportBlock>> {
    prop::collection::vec(report(), 0..=LIST_MAX)
}

proptest! {
    #[test]
    fn a_sender_report_is_read_back(
        ssrc: u32, ntp: u64, rtp_timestamp: u32, packet_count: u32, octet_count: u32,
        reports in reports(),
    ) {
        let info = SenderInfo { ntp: NtpTime(ntp), rtp_timestamp, packet_count, octet_count };
        let bytes = built(|writer| writer.sender_report(ssrc, &info, &reports));
        let Packet::SenderReport(read) = only(&bytes) else { panic!("another packet") };
        prop_assert_eq!((read.ssrc, read.info), (ssrc, info));
        prop_assert_eq!(read.reports.iter().collect::<Vec<_>>(), reports);
    }

    #[test]
    fn a_receiver_report_is_read_back(ssrc: u32, reports in reports()) {
        let bytes = built(|writer| writer.receiver_report(ssrc, &reports));
        let Packet::ReceiverReport(read) = only(&bytes) else { panic!("another packet") };
        prop_assert_eq!(read.ssrc, ssrc);
        prop_assert_eq!(read.reports.iter().collect::<Vec<_>>(), reports);
    }

    #[test]
    fn a_goodbye_is_read_back(sources in prop::collection::vec(any::<u32>(), 0..=LIST_MAX)) {
        let bytes = built(|writer| writer.goodbye(&sources));
        let Packet::Goodbye(read) = only(&bytes) else { panic!("another packet") };
        prop_assert_eq!(read.sources.iter().collect::<Vec<_>>(), sources);
    }

    #[test]
    fn a_nack_names_exactly_the_missing(
        sender: u32, media: u32, start: u16,
        gaps in prop::collection::vec(1_u16..40, 1..=256),
    ) {
        let missing: Vec<u16> = gaps
            .iter()
            .scan(start, |next, gap| { *next = next.wrapping_add(*gap); Some(*next) })
            .collect();
        let bytes = built(|writer| writer.nack(sender, media, missing.iter().copied()));
        let Packet::Nack(read) = only(&bytes) else { panic!("another packet") };
        prop_assert_eq!((read.sender_ssrc, read.media_ssrc), (sender, media));
        prop_assert_eq!(read.sequences().collect::<Vec<_>>(), missing);
    }

    #[test]
    fn a_nack_in_disorder_still_names_the_missing(
        missing in prop::collection::vec(any::<u16>(), 1..=256),
    ) {
        let bytes = built(|writer| writer.nack(1, 2, missing.iter().copied()));
        let Packet::Nack(read) = only(&bytes) else { panic!("another packet") };
        let named: std::collections::BTreeSet<u16> = read.sequences().collect();
        prop_assert_eq!(named, missing.into_iter().collect());
    }

    #[test]
    fn a_picture_loss_is_read_back(sender_ssrc: u32, media_ssrc: u32) {
        let bytes = built(|writer| writer.picture_loss(sender_ssrc, media_ssrc));
        let Packet::PictureLoss(read) = only(&bytes) else { panic!("another packet") };
        prop_assert_eq!(read, PictureLoss { sender_ssrc, media_ssrc });
    }

    #[test]
    fn a_full_intra_request_is_read_back(
        sender: u32, entries in prop::collection::vec(any::<(u32, u8)>(), 0..60),
    ) {
        let entries: Vec<_> = entries
            .into_iter()
            .map(|(ssrc, sequence)| FullIntraEntry { ssrc, sequence })
            .collect();
        let bytes = built(|writer| writer.full_intra_request(sender, &entries));
        let Packet::FullIntraRequest(read) = only(&bytes) else { panic!("another packet") };
        prop_assert_eq!(read.sender_ssrc, sender);
        prop_assert_eq!(read.entries.iter().collect::<Vec<_>>(), entries);
    }

    #[test]
    fn an_estimate_is_read_back_never_larger_and_to_one_part_in_a_hundred_thousand(
        sender: u32, bits in 0_u32..64, noise: u64,
        ssrcs in prop::collection::vec(any::<u32>(), 0..=255),
    ) {
        let bitrate_bps = noise >> bits;
        let bytes = built(|writer| writer.remb(sender, bitrate_bps, &ssrcs));
        let Packet::Remb(read) = only(&bytes) else { panic!("another packet") };
        prop_assert_eq!(read.sender_ssrc, sender);
        prop_assert_eq!(read.ssrcs.iter().collect::<Vec<_>>(), ssrcs);
        prop_assert!(read.bitrate_bps <= bitrate_bps);
        prop_assert!(bitrate_bps - read.bitrate_bps <= bitrate_bps / 100_000);
    }

    #[test]
    fn a_delay_report_is_read_back(
        sender: u32, reports in prop::collection::vec(any::<[u32; 3]>(), 0..60),
    ) {
        let reports: Vec<_> = reports
            .into_iter()
            .map(|[ssrc, last, delay]| DelayReport {
                ssrc,
                last_reference: ShortTime(last),
                delay: ShortTime(delay),
            })
            .collect();
        let bytes = built(|writer| writer.delay_reports(sender, &reports));
        let Packet::ExtendedReport(read) = only(&bytes) else { panic!("another packet") };
        prop_assert_eq!(read.ssrc, sender);
        let Some(ExtendedBlock::DelayReports(list)) = read.blocks().next() else {
            panic!("another block")
        };
        prop_assert_eq!(list.iter().collect::<Vec<_>>(), reports);
        prop_assert_eq!(read.blocks().count(), 1);
    }

    #[test]
    fn a_reference_time_is_read_back(sender: u32, ntp: u64) {
        let bytes = built(|writer| writer.reference_time(sender, NtpTime(ntp)));
        let Packet::ExtendedReport(read) = only(&bytes) else { panic!("another packet") };
        let Some(ExtendedBlock::ReferenceTime(time)) = read.blocks().next() else {
            panic!("another block")
        };
        prop_assert_eq!((read.ssrc, time), (sender, NtpTime(ntp)));
    }
}

proptest! {
    #[test]
    fn reading_survives_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        walk(&bytes);
    }

    #[test]
    fn reading_survives_any_body_in_honest_framing(
        frames in prop::collection::vec(
            (0_u8..32, 200_u8..=207, prop::collection::vec(any::<u32>(), 0..40)), 1..8,
        ),
    ) {
        let mut bytes = Vec::new();
        for (count, packet_type, words) in &frames {
            bytes.extend([0x80 | count, *packet_type, 0, u8::try_from(words.len()).expect("few")]);
            bytes.extend(words.iter().flat_map(|word| word.to_be_bytes()));
        }
        prop_assert_eq!(packets(&bytes).count(), frames.len());
        walk(&bytes);
    }
}

fn one_of_each() -> Vec<u8> {
    built(|writer| {
        let report = ReportBlock {
            ssrc: 1,
            ..ReportBlock::default()
        };
        writer.sender_report(1, &SenderInfo::default(), &[report, report])?;
        writer.description(1, "veche")?;
        writer.receiver_report(1, &[report])?;
        writer.nack(1, 2, [5, 6, 40])?;
        writer.picture_loss(1, 2)?;
        writer.full_intra_request(
            1,
            &[FullIntraEntry {
                ssrc: 2,
                sequence: 1,
            }],
        )?;
        writer.remb(1, 500_000, &[2, 3])?;
        let arrivals = [
            Some(Duration::from_secs(3)),
            None,
            Some(Duration::from_millis(3_100)),
        ];
        let head = TransportFeedbackHead {
            sender_ssrc: 1,
            media_ssrc: 2,
            base_sequence: 65_535,
            feedback_count: 0,
        };
        writer.transport_feedback(&head, &arrivals)?;
        writer.reference_time(1, NtpTime::UNIX_EPOCH)?;
        writer.delay_reports(1, &[DelayReport::default()])?;
        writer.goodbye(&[1])
    })
}

#[test]
fn a_compound_gives_its_packets_in_their_order() {
    let names: Vec<String> = packets(&one_of_each())
        .map(|packet| format!("{:?}", packet.expect("well formed")))
        .map(|text| text.split(['(', ' ']).next().unwrap_or_default().to_owned())
        .collect();
    let expected = "SenderReport Ignored ReceiverReport Nack PictureLoss FullIntraRequest Remb \
                    TransportFeedback ExtendedReport ExtendedReport Goodbye";
    assert_eq!(names.join(" "), expected);
}

#[test]
fn a_compound_cut_at_any_length_gives_only_what_is_whole() {
    let whole = one_of_each();
    let count = walk(&whole);
    for length in 0..whole.len() {
        assert!(walk(&whole[..length]) < count, "cut at {length}");
    }
}

#[test]
fn a_compound_followed_by_up_to_2048_bytes_of_anything_is_survived() {
    for filler in [0x00, 0x80, 0xff] {
        for length in 0..=2048 {
            let mut bytes = one_of_each();
            bytes.resize(length.max(bytes.len()), filler);
            walk(&bytes);
            walk(&bytes[..length.min(bytes.len())]);
        }
    }
}

#[test]
fn every_byte_of_a_compound_may_be_any_other() {
    let whole = one_of_each();
    for position in 0..whole.len() {
        for value in 0..=255 {
            let mut bytes = whole.clone();
            bytes[position] = value;
            walk(&bytes);
        }
    }
}

#[test]
fn a_packet_claiming_more_than_there_is_ends_the_compound() {
    let mut bytes = built(|writer| writer.picture_loss(1, 2));
    bytes[3] += 1;
    let outcomes: Vec<_> = packets(&bytes).map(|packet| packet.err()).collect();
    assert_eq!(outcomes, [Some(Malformed::Truncated)]);
}

#[test]
fn another_version_ends_the_compound() {
    let mut bytes = built(|writer| writer.picture_loss(1, 2));
    bytes[0] = 0x41;
    let outcomes: Vec<_> = packets(&bytes).map(|packet| packet.err()).collect();
    assert_eq!(outcomes, [Some(Malformed::Version)]);
}

#[test]
fn a_malformed_body_does_not_hide_the_packet_after_it() {
    let mut bytes = built(|writer| {
        writer.receiver_report(1, &[])?;
        writer.picture_loss(1, 2)
    });
    bytes[0] |= 1; // claims a report that is not there
    let outcomes: Vec<_> = packets(&bytes).map(|packet| packet.err()).collect();
    assert_eq!(outcomes, [Some(Malformed::Body { packet_type: 201 }), None]);
}

#[test]
fn a_list_that_ends_inside_a_record_spoils_its_packet() {
    let longer_by_a_word = |mut bytes: Vec<u8>| {
        bytes[3] += 1;
        bytes.extend([0; 4]);
        packets(&bytes).next().and_then(Result::err)
    };
    let entry = FullIntraEntry {
        ssrc: 2,
        sequence: 1,
    };
    let request = built(|writer| writer.full_intra_request(1, &[entry]));
    assert_eq!(
        longer_by_a_word(request),
        Some(Malformed::Body { packet_type: 206 })
    );
    let mut report = built(|writer| writer.delay_reports(1, &[DelayReport::default()]));
    report[11] += 1; // the block itself grows by the word
    assert_eq!(
        longer_by_a_word(report),
        Some(Malformed::Body { packet_type: 207 })
    );
}

#[test]
fn a_block_longer_than_its_report_spoils_it() {
    let mut bytes = built(|writer| writer.reference_time(1, NtpTime(5)));
    bytes[11] += 1;
    let outcomes: Vec<_> = packets(&bytes).map(|packet| packet.err()).collect();
    assert_eq!(outcomes, [Some(Malformed::Body { packet_type: 207 })]);
}

#[test]
fn losses_beyond_24_bits_are_reported_as_the_most_that_fits() {
    for (lost, reported) in [
        (0x7f_fffe, 0x7f_fffe),
        (0x7f_ffff, 0x7f_ffff),
        (0x80_0000, 0x7f_ffff),
        (i32::MAX, 0x7f_ffff),
        (-0x80_0000, -0x80_0000),
        (-0x80_0001, -0x80_0000),
    ] {
        let report = ReportBlock {
            cumulative_lost: lost,
            ..ReportBlock::default()
        };
        let bytes = built(|writer| writer.receiver_report(1, &[report]));
        let Packet::ReceiverReport(read) = only(&bytes) else {
            panic!("another packet")
        };
        let read = read
            .reports
            .iter()
            .next()
            .map(|report| report.cumulative_lost);
        assert_eq!(read, Some(reported));
    }
}

#[test]
fn the_sixty_fifth_packet_of_a_compound_is_refused_and_the_rest_with_it() {
    for (count, is_refused) in [(63, false), (64, false), (65, true), (200, true)] {
        let bytes = built(|writer| (0..count).try_for_each(|_| writer.goodbye(&[])));
        let outcomes: Vec<_> = packets(&bytes).collect();
        assert_eq!(outcomes.len(), count.min(PACKETS_MAX + 1));
        let last = outcomes.last().and_then(|last| last.as_ref().err());
        assert_eq!(last, is_refused.then_some(&Malformed::TooManyPackets));
    }
}

#[test]
fn padding_is_taken_off_and_impossible_padding_refused() {
    let padded = |padding: u8| {
        let mut bytes = built(|writer| writer.nack(1, 2, [5]));
        bytes[0] |= 0x20;
        bytes[3] += 1;
        bytes.extend([0, 0, 0, padding]);
        packets(&bytes)
            .next()
            .expect("one")
            .map(|packet| match packet {
                Packet::Nack(nack) => nack.items.len(),
                _ => panic!("another packet"),
            })
    };
    assert_eq!(padded(4), Ok(1));
    assert_eq!(padded(8), Ok(0));
    assert_eq!(padded(0), Err(Malformed::Padding));
    assert_eq!(padded(17), Err(Malformed::Padding));
    assert_eq!(padded(16), Err(Malformed::Body { packet_type: 205 }));
}

#[test]
fn seventeen_neighbours_share_one_item_and_the_eighteenth_takes_another() {
    let items = |count: u16| {
        let missing = (0..count).map(|step| 65_530_u16.wrapping_add(step));
        let bytes = built(|writer| writer.nack(1, 2, missing));
        let Packet::Nack(nack) = only(&bytes) else {
            panic!("another packet")
        };
        nack.items.len()
    };
    assert_eq!([items(16), items(17), items(18)], [1, 1, 2]);
}

#[test]
fn what_does_not_fit_leaves_what_was_written() {
    let mut buffer = [0; 30];
    let mut writer = Writer::new(&mut buffer);
    writer.picture_loss(1, 2).expect("twelve bytes");
    writer.picture_loss(3, 4).expect("twelve more");
    assert_eq!(writer.picture_loss(5, 6), Err(DoesNotFit));
    assert_eq!(writer.nack(5, 6, [1]), Err(DoesNotFit));
    assert_eq!(writer.receiver_report(1, &[]), Err(DoesNotFit));
    assert_eq!(writer.goodbye(&[]), Ok(()));
    assert_eq!(writer.len(), 28);
    assert_eq!(walk(&buffer[..28]), 3);
}

#[test]
fn a_list_or_a_name_longer_than_its_count_can_say_does_not_fit() {
    let mut buffer = [0; 4000];
    for (length, outcome) in [(30, Ok(())), (31, Ok(())), (32, Err(DoesNotFit))] {
        let list = vec![ReportBlock::default(); length];
        let mut writer = Writer::new(&mut buffer);
        assert_eq!(writer.receiver_report(1, &list), outcome);
        let sources = vec![1; length];
        assert_eq!(writer.goodbye(&sources), outcome);
    }
    for (length, outcome) in [(254, Ok(())), (255, Ok(())), (256, Err(DoesNotFit))] {
        let mut writer = Writer::new(&mut buffer);
        assert_eq!(writer.description(1, &"n".repeat(length)), outcome);
    }
}

#[test]
fn a_description_ends_its_items_and_fills_its_words() {
    for length in 0..=8 {
        let bytes = built(|writer| writer.description(9, &"n".repeat(length)));
        assert_eq!(bytes.len() % 4, 0);
        assert_eq!(bytes[8..10], [1, u8::try_from(length).expect("few")]);
        assert_eq!(bytes[10 + length], 0, "the list of items ends with a zero");
    }
}

#[test]
fn rtcp_is_told_from_rtp_by_its_second_byte() {
    assert!(is_rtcp(&[0x80, 200]) && is_rtcp(&[0x80, 207]));
    assert!(!is_rtcp(&[0x80, 96]) && !is_rtcp(&[0x80, 0x80 | 111]) && !is_rtcp(&[0x80]));
    // 191 and 224 are dynamic payload types with the marker bit set.
    assert!(!is_rtcp(&[0x80, 191]) && !is_rtcp(&[0x80, 224]));
}
