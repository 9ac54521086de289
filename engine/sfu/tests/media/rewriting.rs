//! One subscriber's stream as the rewriter makes it, rule by rule; `conformance` tries all at once.

mod conformance;
mod oracle;
mod script;

use std::time::{Duration, Instant};

use veche_sfu::rtcp::NtpTime;
use veche_sfu::rtp::{
    Codec, Decision, Forward, LayerIndex, MAX_LAYERS, PacketFacts, Rewriter, SourceClock,
    SourcePacket, vp8,
};

use crate::support::{Vp8Packet, beginning, layer, ms};

const START_SEQUENCE: u16 = 100;
const START_TIMESTAMP: u32 = 5_000;

/// A stream under test at one moment of virtual time.
struct Stream {
    rewriter: Rewriter,
    now: Instant,
    clocks: [Option<SourceClock>; MAX_LAYERS],
}

impl Stream {
    fn new(codec: Codec) -> Stream {
        let mut rewriter = Rewriter::new(codec, START_SEQUENCE, START_TIMESTAMP);
        rewriter.set_target(Some(LayerIndex::LOWEST));
        Stream {
            rewriter,
            now: beginning(),
            clocks: [None; MAX_LAYERS],
        }
    }

    fn pass(&mut self, duration: Duration) {
        self.now += duration;
    }

    fn send(&mut self, packet: &Sent) -> Option<Forward> {
        let source = packet.source();
        match self.rewriter.rewrite(self.now, &source, &self.clocks) {
            Decision::Forward(forward) => Some(forward),
            Decision::Drop => None,
        }
    }

    /// The output sequence and timestamp of a packet.
    fn numbers(&mut self, packet: &Sent) -> Option<(u64, u32)> {
        self.send(packet)
            .map(|forward| (forward.extended_sequence, forward.timestamp))
    }
}

/// A source packet that owns its facts.
#[derive(Clone, Copy)]
struct Sent {
    layer: LayerIndex,
    sequence: u64,
    timestamp: u32,
    facts: PacketFacts,
}

impl Sent {
    fn source(&self) -> SourcePacket<'_> {
        SourcePacket {
            layer: self.layer,
            extended_sequence: self.sequence,
            timestamp: self.timestamp,
            facts: &self.facts,
        }
    }
}

fn audio(sequence: u64, timestamp: u32) -> Sent {
    Sent {
        layer: LayerIndex::LOWEST,
        sequence,
        timestamp,
        facts: PacketFacts::parse(Codec::Opus, false, &[1]).unwrap(),
    }
}

fn padding(of: Sent) -> Sent {
    Sent {
        facts: PacketFacts::parse(Codec::Vp8, false, &[]).unwrap(),
        ..of
    }
}

fn h264(index: u8, sequence: u64, timestamp: u32, is_key: bool) -> Sent {
    let payload: &[u8] = if is_key { &[0x67, 0x42] } else { &[0x41, 0x9a] };
    Sent {
        layer: layer(index),
        sequence,
        timestamp,
        facts: PacketFacts::parse(Codec::H264, true, payload).unwrap(),
    }
}

/// A VP8 frame of one packet, its picture id and base index equal to its sequence.
fn vp8_frame(sequence: u64, timestamp: u32, temporal_layer: u8) -> Sent {
    vp8_packet(sequence, timestamp, sequence as u16, temporal_layer, true)
}

fn vp8_packet(sequence: u64, timestamp: u32, id: u16, temporal_layer: u8, is_start: bool) -> Sent {
    let packet = Vp8Packet {
        counters: vp8::Counters {
            picture_id: Some(vp8::PictureId::Wide(id & 0x7fff)),
            base_picture_index: Some(id as u8),
            key_frame_index: None,
        },
        temporal_layer,
        is_layer_sync: false,
        is_frame_start: is_start,
        is_key_frame: false,
    };
    Sent {
        layer: LayerIndex::LOWEST,
        sequence,
        timestamp,
        facts: PacketFacts::parse(Codec::Vp8, true, &packet.payload(&[])).unwrap(),
    }
}

fn as_key(mut packet: Sent) -> Sent {
    packet.facts.is_key_frame_start = true;
    packet
}

fn as_sync(mut packet: Sent) -> Sent {
    packet.facts.can_switch_up = true;
    packet
}

fn picture_id(forward: Forward) -> u16 {
    forward.vp8.unwrap().0.picture_id.unwrap().value()
}

#[test]
fn a_stream_starts_at_its_start_numbers_below_half_the_range() {
    let mut rewriter = Rewriter::new(Codec::Opus, 0xffff, 7);
    rewriter.set_target(Some(LayerIndex::LOWEST));
    let packet = audio(9, 9);
    let Decision::Forward(first) = rewriter.rewrite(beginning(), &packet.source(), &[None; 3])
    else {
        panic!("the first audio packet starts the stream");
    };
    assert_eq!((first.extended_sequence, first.timestamp), (0x7fff, 7));
    assert!(first.has_switched);
}

#[test]
fn nothing_flows_without_a_target() {
    let mut stream = Stream::new(Codec::Opus);
    stream.rewriter.set_target(None);
    assert_eq!(stream.send(&audio(1, 0)), None);
    assert!(!stream.rewriter.is_waiting());
}

#[test]
fn an_upstream_gap_stays_a_gap_and_a_late_packet_fills_it() {
    let mut stream = Stream::new(Codec::Opus);
    assert_eq!(stream.numbers(&audio(10, 0)), Some((100, 5_000)));
    assert_eq!(stream.numbers(&audio(13, 2_880)), Some((103, 7_880)));
    assert_eq!(stream.numbers(&audio(11, 960)), Some((101, 5_960)));
    assert_eq!(stream.numbers(&audio(11, 960)), None, "given already");
}

#[test]
fn a_packet_older_than_the_start_is_dropped() {
    let mut stream = Stream::new(Codec::Opus);
    stream.send(&audio(10, 960));
    assert_eq!(stream.send(&audio(9, 0)), None);
}

#[test]
fn padding_leaves_no_gap() {
    let mut stream = Stream::new(Codec::Vp8);
    stream.send(&as_key(vp8_frame(10, 0, 0)));
    assert_eq!(stream.send(&padding(vp8_frame(11, 0, 0))), None);
    assert_eq!(stream.send(&padding(vp8_frame(12, 0, 0))), None);
    let next = stream.send(&vp8_packet(13, 3_000, 11, 0, true)).unwrap();
    assert_eq!(next.extended_sequence, 101);
    assert_eq!(picture_id(next), 11, "padding is no picture");
}

#[test]
fn video_starts_at_a_key_frame_only() {
    let mut stream = Stream::new(Codec::H264);
    assert_eq!(stream.send(&h264(0, 10, 0, false)), None);
    assert!(stream.rewriter.is_waiting());
    assert!(stream.send(&h264(0, 11, 3_000, true)).is_some());
    assert!(!stream.rewriter.is_waiting());
}

#[test]
fn a_key_frame_that_lost_its_followers_starts_nothing() {
    let mut stream = Stream::new(Codec::H264);
    stream.send(&h264(0, 12, 3_000, false));
    assert_eq!(stream.send(&h264(0, 11, 3_000, true)), None, "12 is gone");
    assert!(stream.send(&h264(0, 13, 6_000, true)).is_some());
}

#[test]
fn the_old_layer_flows_until_the_new_ones_key_frame_and_then_no_more() {
    let mut stream = Stream::new(Codec::H264);
    stream.send(&h264(0, 10, 0, true));
    stream.rewriter.set_target(Some(layer(2)));
    assert_eq!(stream.numbers(&h264(0, 11, 3_000, false)).unwrap().0, 101);
    assert_eq!(stream.send(&h264(2, 900, 70_000, false)), None);
    let switched = stream.send(&h264(2, 901, 73_000, true)).unwrap();
    assert!(switched.has_switched);
    assert_eq!(switched.extended_sequence, 102);
    assert_eq!(stream.send(&h264(0, 12, 6_000, false)), None);
    assert_eq!(
        stream.send(&h264(2, 900, 70_000, false)),
        None,
        "older than the seam"
    );
}

#[test]
fn without_reports_time_passes_over_a_seam_as_on_our_clock() {
    let mut stream = Stream::new(Codec::H264);
    stream.send(&h264(0, 10, 0, true));
    stream.rewriter.set_target(Some(layer(1)));
    stream.pass(ms(100));
    let switched = stream.numbers(&h264(1, 500, 123_456, true));
    assert_eq!(switched, Some((101, 5_000 + 9_000)));
}

#[test]
fn with_reports_of_both_layers_time_passes_as_on_the_senders_clock() {
    let mut stream = Stream::new(Codec::H264);
    let report = |milliseconds, timestamp| {
        Some(SourceClock {
            ntp: NtpTime::UNIX_EPOCH.after(ms(milliseconds)),
            timestamp,
        })
    };
    // Both layers at 1 s of the sender: 90 000 and, on the other clock, 190 000.
    stream.clocks = [report(1_000, 90_000), report(1_000, 190_000), None];
    stream.send(&h264(0, 10, 90_000, true));
    stream.rewriter.set_target(Some(layer(1)));
    // Captured 80 ms later, arrived 100 ms later.
    stream.pass(ms(100));
    let switched = stream.numbers(&h264(1, 500, 190_000 + 7_200, true));
    assert_eq!(switched, Some((101, 5_000 + 7_200)));
}

#[test]
fn a_senders_clock_that_lies_is_not_believed() {
    let mut stream = Stream::new(Codec::H264);
    let at = |ntp| {
        Some(SourceClock {
            ntp: NtpTime(ntp),
            timestamp: 0,
        })
    };
    stream.clocks = [at(0), at(u64::MAX), None];
    stream.send(&h264(0, 10, 0, true));
    stream.rewriter.set_target(Some(layer(1)));
    stream.pass(ms(100));
    assert_eq!(stream.numbers(&h264(1, 500, 0, true)), Some((101, 14_000)));
}

#[test]
fn a_seam_is_at_least_one_frame_wide() {
    let mut stream = Stream::new(Codec::H264);
    stream.send(&h264(0, 10, 0, true));
    stream.rewriter.set_target(Some(layer(1)));
    assert_eq!(stream.numbers(&h264(1, 500, 7, true)), Some((101, 8_000)));
}

#[test]
fn a_seam_of_hours_does_not_read_as_a_step_back() {
    // 7 h of the video clock are more than half its range, 24 h are more than all of it.
    for hours in [7, 24] {
        let mut stream = Stream::new(Codec::H264);
        stream.send(&h264(0, 10, 0, true));
        stream.rewriter.interrupt();
        stream.pass(Duration::from_secs(hours * 3_600));
        let (_, timestamp) = stream.numbers(&h264(0, 500, 7, true)).unwrap();
        let step = timestamp.wrapping_sub(START_TIMESTAMP).cast_signed();
        assert!(step > 0, "{hours} h");
    }
}

#[test]
fn what_was_said_behind_a_closed_gate_leaves_no_gap_and_true_time() {
    let mut stream = Stream::new(Codec::Opus);
    stream.send(&audio(10, 0));
    stream.rewriter.interrupt();
    stream.pass(ms(2_000));
    // The source's clock went on: 2.01 s by its own count, and it is the better one.
    let resumed = stream.numbers(&audio(110, 96_480));
    assert_eq!(resumed, Some((101, 5_000 + 96_480)));
    assert_eq!(stream.send(&audio(109, 95_520)), None);
}

#[test]
fn a_packet_from_before_an_interruption_does_not_resume_the_stream() {
    let mut stream = Stream::new(Codec::Opus);
    stream.send(&audio(10, 0));
    stream.send(&audio(12, 1_920));
    stream.rewriter.interrupt();
    assert_eq!(stream.send(&audio(11, 960)), None);
    assert!(stream.send(&audio(13, 2_880)).is_some());
}

#[test]
fn a_source_that_numbers_anew_is_followed() {
    let mut stream = Stream::new(Codec::Opus);
    stream.send(&audio(60_000, 0));
    stream.rewriter.source_restarted(LayerIndex::LOWEST);
    stream.pass(ms(20));
    assert_eq!(stream.numbers(&audio(5, 777)), Some((101, 5_960)));
}

#[test]
fn vp8_counters_go_on_over_a_seam() {
    let mut stream = Stream::new(Codec::Vp8);
    stream.send(&as_key(vp8_frame(40_000, 0, 0)));
    stream.rewriter.set_target(Some(layer(1)));
    let mut key = as_key(vp8_frame(77, 9, 0));
    key.layer = layer(1);
    let switched = stream.send(&key).unwrap();
    assert_eq!(picture_id(switched), (40_000 & 0x7fff) + 1);
    let base = switched.vp8.unwrap().0.base_picture_index;
    assert_eq!(base, Some((40_000u16 as u8).wrapping_add(1)));
}

#[test]
fn upper_temporal_layers_are_dropped_without_a_seam() {
    let mut stream = Stream::new(Codec::Vp8);
    stream.rewriter.set_temporal_limit(0);
    stream.send(&as_key(vp8_frame(10, 0, 0)));
    assert_eq!(stream.send(&vp8_frame(11, 3_000, 2)), None);
    assert_eq!(stream.send(&vp8_frame(12, 6_000, 1)), None);
    let next = stream.send(&vp8_frame(13, 9_000, 0)).unwrap();
    assert_eq!(next.extended_sequence, 101);
    assert_eq!(picture_id(next), 11);
    assert_eq!(next.timestamp, START_TIMESTAMP + 9_000);
}

#[test]
fn a_packet_recovered_among_dropped_ones_gets_the_numbers_it_would_have_had() {
    let mut stream = Stream::new(Codec::Vp8);
    stream.rewriter.set_temporal_limit(0);
    stream.send(&as_key(vp8_frame(10, 0, 0)));
    stream.send(&vp8_frame(11, 3_000, 1));
    // 12 is lost.
    stream.send(&vp8_frame(13, 9_000, 1));
    assert_eq!(
        stream
            .send(&vp8_frame(14, 12_000, 0))
            .unwrap()
            .extended_sequence,
        102
    );
    let recovered = stream.send(&vp8_frame(12, 6_000, 0)).unwrap();
    assert_eq!(recovered.extended_sequence, 101);
    assert_eq!(picture_id(recovered), 11);
}

#[test]
fn a_straggler_of_a_dropped_picture_is_dropped_too() {
    let mut stream = Stream::new(Codec::Vp8);
    stream.rewriter.set_temporal_limit(0);
    stream.send(&as_key(vp8_frame(10, 0, 0)));
    stream.send(&vp8_packet(12, 3_000, 11, 1, false));
    stream.rewriter.set_temporal_limit(3);
    stream.send(&as_sync(vp8_packet(13, 6_000, 12, 1, true)));
    assert_eq!(stream.send(&vp8_packet(11, 3_000, 11, 1, true)), None);
}

#[test]
fn temporal_layers_rise_one_at_a_time_where_a_picture_needs_the_base_only() {
    let mut stream = Stream::new(Codec::Vp8);
    stream.rewriter.set_temporal_limit(0);
    stream.send(&as_key(vp8_frame(10, 0, 0)));
    stream.rewriter.set_temporal_limit(2);
    let mut is_forwarded = |packet| stream.send(&packet).is_some();
    assert!(
        !is_forwarded(vp8_frame(11, 1, 1)),
        "may need a picture we dropped"
    );
    assert!(
        !is_forwarded(as_sync(vp8_frame(12, 2, 2))),
        "not over layer 1"
    );
    assert!(is_forwarded(as_sync(vp8_frame(13, 3, 1))));
    assert!(!is_forwarded(vp8_frame(14, 4, 2)));
    assert!(is_forwarded(as_sync(vp8_frame(15, 5, 2))));
    assert!(is_forwarded(vp8_frame(16, 6, 2)));
}

#[test]
fn temporal_layers_fall_with_the_next_picture_and_not_within_one() {
    let mut stream = Stream::new(Codec::Vp8);
    stream.send(&as_key(vp8_frame(10, 0, 0)));
    assert!(stream.send(&vp8_packet(11, 3_000, 11, 2, true)).is_some());
    stream.rewriter.set_temporal_limit(1);
    assert!(stream.send(&vp8_packet(12, 3_000, 11, 2, false)).is_some());
    assert!(stream.send(&vp8_packet(13, 6_000, 12, 2, true)).is_none());
    assert!(stream.send(&vp8_packet(14, 9_000, 13, 1, true)).is_some());
}

#[test]
fn a_key_frame_lifts_all_temporal_layers() {
    let mut stream = Stream::new(Codec::Vp8);
    stream.rewriter.set_temporal_limit(0);
    stream.send(&as_key(vp8_frame(10, 0, 0)));
    stream.rewriter.set_temporal_limit(3);
    assert_eq!(stream.send(&vp8_frame(11, 3_000, 2)), None);
    stream.send(&as_key(vp8_frame(12, 6_000, 0)));
    assert!(stream.send(&vp8_frame(13, 9_000, 2)).is_some());
}

#[test]
fn a_key_frame_is_kept_whatever_temporal_layer_it_claims() {
    let mut stream = Stream::new(Codec::Vp8);
    stream.rewriter.set_temporal_limit(0);
    assert!(stream.send(&as_key(vp8_frame(10, 0, 2))).is_some());
}

#[test]
fn a_dropped_picture_that_returns_changes_no_number_given_since() {
    let mut stream = Stream::new(Codec::Vp8);
    stream.rewriter.set_temporal_limit(0);
    stream.send(&as_key(vp8_frame(10, 0, 0)));
    stream.send(&vp8_packet(11, 3_000, 11, 1, true));
    let between = vp8_packet(12, 6_000, 12, 0, true);
    let given = stream.send(&between);
    stream.send(&vp8_packet(13, 3_000, 11, 1, false));
    assert_eq!(stream.rewriter.repeat(&between.source()), given);
}

#[test]
fn a_packet_is_repeated_under_its_numbers_even_over_a_seam() {
    let mut stream = Stream::new(Codec::H264);
    stream.send(&h264(0, 10, 0, true));
    let before = stream.send(&h264(0, 11, 3_000, false));
    stream.rewriter.set_target(Some(layer(1)));
    stream.pass(ms(100));
    stream.send(&h264(1, 500, 7, true));
    let repeated = stream.rewriter.repeat(&h264(0, 11, 3_000, false).source());
    assert_eq!(repeated, before);
    let never_sent = h264(0, 12, 6_000, false);
    assert_eq!(stream.rewriter.repeat(&never_sent.source()), None);
}

#[test]
fn numbers_older_than_the_remembered_drops_are_not_guessed() {
    let mut stream = Stream::new(Codec::Vp8);
    stream.rewriter.set_temporal_limit(0);
    stream.send(&as_key(vp8_frame(10, 0, 0)));
    let first = vp8_frame(12, 6_000, 0);
    stream.send(&vp8_frame(11, 3_000, 1));
    stream.send(&first);
    let steps_until_forgotten = (0..40u64).take_while(|step| {
        let sequence = 13 + 2 * step;
        stream.send(&vp8_frame(sequence, 3_000 * sequence as u32, 1));
        stream.send(&vp8_frame(sequence + 1, 3_000 * sequence as u32 + 3_000, 0));
        stream.rewriter.repeat(&first.source()).is_some()
    });
    assert_eq!(steps_until_forgotten.count(), 15, "16 runs are remembered");
}

#[test]
fn sender_reports_map_through_the_flowing_layer_only() {
    let mut stream = Stream::new(Codec::H264);
    assert_eq!(stream.rewriter.map_timestamp(layer(0), 0), None);
    stream.send(&h264(0, 10, 700, true));
    assert_eq!(stream.rewriter.map_timestamp(layer(0), 1_700), Some(6_000));
    assert_eq!(stream.rewriter.map_timestamp(layer(1), 1_700), None);
}

#[test]
fn a_meeting_of_26_hours_crosses_every_wrap_without_a_gap() {
    const PACKETS: u64 = 26 * 3_600 * 50;
    let mut stream = Stream::new(Codec::Opus);
    for count in 0..PACKETS {
        let timestamp = (count as u32).wrapping_mul(960);
        let (sequence, out) = stream.numbers(&audio(60_000 + count, timestamp)).unwrap();
        assert_eq!(sequence, 100 + count);
        assert_eq!(out, START_TIMESTAMP.wrapping_add(timestamp));
        stream.pass(ms(20));
    }
}
