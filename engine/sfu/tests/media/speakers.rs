//! Who speaks, in windows of 400 ms.

use veche_sfu::rtp::AudioLevel;
use veche_sfu::speakers::{HeldBackMeter, Loudness, SpeakerMeter};

struct Talker {
    meter: SpeakerMeter,
    timestamp: u32,
}

impl Talker {
    fn new() -> Talker {
        Talker {
            meter: SpeakerMeter::new(),
            timestamp: u32::MAX - 10_000,
        }
    }

    /// Packets of 20 ms at a level.
    fn say(&mut self, packets: u32, decibels_below_full: u8) {
        for _ in 0..packets {
            self.timestamp = self.timestamp.wrapping_add(960);
            let level = AudioLevel {
                decibels_below_full,
                has_voice: true,
            };
            self.meter.packet_arrived(level, self.timestamp);
        }
    }

    fn window(&mut self, active: u32, decibels_below_full: u8) -> f64 {
        self.say(active, decibels_below_full);
        self.say(20 - active, 127);
        self.meter.close_window().fraction()
    }
}

#[test]
fn nobody_is_silent() {
    assert_eq!(SpeakerMeter::new().close_window(), Loudness::SILENT);
}

#[test]
fn full_scale_settles_at_one_over_two_windows() {
    let mut talker = Talker::new();
    assert!(
        (talker.window(20, 0) - 0.75).abs() < f64::EPSILON,
        "two thirds, in eighths"
    );
    assert!((talker.window(20, 0) - 1.0).abs() < f64::EPSILON);
}

#[test]
fn a_window_counts_from_40_percent_of_speech() {
    assert!(Talker::new().window(7, 10) == 0.0);
    assert!(Talker::new().window(8, 10) > 0.0);
}

#[test]
fn speech_counts_from_35_decibels_below_full_scale() {
    let settle = |level| {
        let mut talker = Talker::new();
        (0..8).map(|_| talker.window(20, level)).last()
    };
    assert_eq!(settle(36), Some(0.0));
    assert_eq!(settle(34), Some(0.125));
}

#[test]
fn what_is_quieter_than_speech_does_not_lengthen_it() {
    let mut talker = Talker::new();
    talker.say(4, 0);
    talker.say(16, 36);
    assert_eq!(talker.meter.close_window(), Loudness::SILENT);
}

#[test]
fn two_pauses_with_speech_between_are_not_silence() {
    let mut talker = Talker::new();
    talker.window(20, 0);
    talker.meter.close_window();
    talker.window(20, 0);
    assert!(talker.meter.close_window() > Loudness::SILENT);
}

#[test]
fn less_speech_in_a_window_is_less_loud() {
    // 6 dB below full scale is one half; for half of the window, a quarter.
    let settle = |active| {
        let mut talker = Talker::new();
        (0..8).map(|_| talker.window(active, 6)).last()
    };
    assert_eq!(settle(20), Some(0.625), "0.501 rounded up to eighths");
    assert_eq!(settle(10), Some(0.375));
}

#[test]
fn one_empty_window_is_a_pause_and_two_are_silence() {
    let mut talker = Talker::new();
    let before = talker.window(20, 0);
    assert!((talker.meter.close_window().fraction() - before).abs() < f64::EPSILON);
    assert_eq!(talker.meter.close_window(), Loudness::SILENT);
}

#[test]
fn a_closed_publication_is_silent_at_once() {
    let mut talker = Talker::new();
    talker.window(20, 0);
    talker.say(20, 0);
    talker.meter.silence();
    assert_eq!(talker.meter.close_window(), Loudness::SILENT);
}

#[test]
fn a_pause_in_transmission_is_not_speech() {
    let mut talker = Talker::new();
    // Five packets of 20 ms with a second between them: 100 ms of speech, too little.
    for _ in 0..5 {
        talker.timestamp = talker.timestamp.wrapping_add(48_000);
        talker.say(1, 0);
        talker.timestamp = talker.timestamp.wrapping_sub(960);
    }
    assert_eq!(talker.meter.close_window(), Loudness::SILENT);
}

#[test]
fn a_talker_who_stops_fades_to_silence() {
    let mut talker = Talker::new();
    talker.window(20, 0);
    let fading: Vec<f64> = (0..8).map(|_| talker.window(0, 127)).collect();
    assert!(fading.windows(2).all(|pair| pair[1] <= pair[0]));
    assert_eq!(fading.last(), Some(&0.0));
}

#[test]
fn a_breath_at_a_closed_gate_is_no_news_and_a_hidden_level_is() {
    let quiet = AudioLevel {
        decibels_below_full: 60,
        has_voice: false,
    };
    let mut meter = HeldBackMeter::default();
    for packet in 0..20 {
        meter.packet_arrived(Some(quiet), packet * 960);
    }
    assert!(!meter.close_window());
    for packet in 20..40 {
        meter.packet_arrived(None, packet * 960);
    }
    assert!(meter.close_window());
}
