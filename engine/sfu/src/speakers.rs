//! Who speaks: loudness of one audio publication by the levels its client writes into packets
//! (RFC 6464), in windows of 400 ms.
//!
//! The figures are those that clients of the wire know from other servers, so that their
//! speaker marks behave as users expect. Packets of a closed publication must not come here.

use crate::rtp::AudioLevel;
use std::time::Duration;

/// One window; the owner closes windows on its clock.
pub const WINDOW: Duration = Duration::from_millis(400);
const WINDOW_MS: u32 = 400;
/// Decibels below full scale that still count as speech: a quiet voice at a laptop is near 30,
/// an office with its fan near 50.
const ACTIVE_LEVEL: u8 = 35;
/// Least speech in a window that counts: 40 % of it.
const LEAST_ACTIVE_MS: u32 = 160;
/// Weight of the newest window when smoothing over two: 2 / (2 + 1).
const SMOOTHING: f64 = 2.0 / 3.0;
/// Windows without packets after which the speaker is silent.
const SILENT_AFTER_WINDOWS: u8 = 2;
const STEPS: u8 = 8;
const OPUS_TICKS_PER_MS: u32 = 48;
/// Assumed for the first packet and after a pause of discontinuous transmission.
const USUAL_PACKET_MS: u32 = 20;
/// Longest packet of Opus (RFC 6716 section 2.1.4).
const LONGEST_PACKET_MS: u32 = 120;

/// Loudness in eighths of full scale, 0 for silent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loudness(u8);

impl Loudness {
    /// Nobody speaks.
    pub const SILENT: Loudness = Loudness(0);

    /// As a part of full scale, 0..=1.
    #[must_use]
    pub fn fraction(self) -> f64 {
        f64::from(self.0) / f64::from(STEPS)
    }

    /// Rounded up, so that a quiet voice is not shown as silence.
    fn from_fraction(fraction: f64) -> Loudness {
        let is_above = |step: &u8| fraction > f64::from(step.saturating_sub(1)) / f64::from(STEPS);
        Loudness((1..=STEPS).take_while(is_above).last().unwrap_or_default())
    }
}

/// The meter of one audio publication.
#[derive(Debug)]
pub struct SpeakerMeter {
    loudest: u8,
    active_ms: u32,
    has_packets: bool,
    timestamp: Option<u32>,
    empty_windows: u8,
    smoothed: f64,
}

impl Default for SpeakerMeter {
    fn default() -> SpeakerMeter {
        SpeakerMeter {
            loudest: u8::MAX,
            active_ms: 0,
            has_packets: false,
            timestamp: None,
            empty_windows: 0,
            smoothed: 0.0,
        }
    }
}

impl SpeakerMeter {
    /// A silent meter.
    #[must_use]
    pub fn new() -> SpeakerMeter {
        SpeakerMeter::default()
    }

    /// Notes a forwarded packet with its timestamp on the 48 kHz clock.
    pub fn packet_arrived(&mut self, level: AudioLevel, timestamp: u32) {
        let packet_ms = self.packet_ms(timestamp);
        self.timestamp = Some(timestamp);
        self.has_packets = true;
        if level.decibels_below_full <= ACTIVE_LEVEL {
            self.active_ms = self.active_ms.saturating_add(packet_ms);
            self.loudest = self.loudest.min(level.decibels_below_full);
        }
    }

    /// Silent at once: the publication was closed.
    pub fn silence(&mut self) {
        *self = SpeakerMeter::default();
    }

    /// Ends a window and says how loud the speaker is now.
    pub fn close_window(&mut self) -> Loudness {
        if self.has_packets {
            self.empty_windows = 0;
            self.smoothed += (self.window_level() - self.smoothed) * SMOOTHING;
        } else {
            self.empty_windows = self.empty_windows.saturating_add(1);
            if self.empty_windows >= SILENT_AFTER_WINDOWS {
                self.smoothed = 0.0;
            }
        }
        self.loudest = u8::MAX;
        self.active_ms = 0;
        self.has_packets = false;
        if self.smoothed < linear(ACTIVE_LEVEL) {
            return Loudness::SILENT;
        }
        Loudness::from_fraction(self.smoothed)
    }

    fn window_level(&self) -> f64 {
        if self.active_ms < LEAST_ACTIVE_MS {
            return 0.0;
        }
        let active_share = f64::from(self.active_ms.min(WINDOW_MS)) / f64::from(WINDOW_MS);
        linear(self.loudest) * active_share
    }

    fn packet_ms(&self, timestamp: u32) -> u32 {
        self.timestamp
            .map(|before| timestamp.wrapping_sub(before) / OPUS_TICKS_PER_MS)
            .filter(|milliseconds| *milliseconds <= LONGEST_PACKET_MS)
            .unwrap_or(USUAL_PACKET_MS)
    }
}

/// Speech that nobody may hear: noticed once for each closing of the gate.
#[derive(Debug, Default)]
pub struct HeldBackMeter {
    meter: SpeakerMeter,
    was_told: bool,
}

impl HeldBackMeter {
    /// Notes a packet that the gate has stopped. One that says nothing of its loudness counts
    /// as loud: a client that hides its level must not hide its voice.
    pub fn packet_arrived(&mut self, level: Option<AudioLevel>, timestamp: u32) {
        let loud = AudioLevel {
            decibels_below_full: 0,
            has_voice: true,
        };
        self.meter.packet_arrived(level.unwrap_or(loud), timestamp);
    }

    /// The gate was opened or closed: what was held back before is another matter.
    pub fn begin_anew(&mut self) {
        *self = HeldBackMeter::default();
    }

    /// Ends a window; true in the first one with speech.
    pub fn close_window(&mut self) -> bool {
        let is_speech = self.meter.close_window() > Loudness::SILENT;
        is_speech && !std::mem::replace(&mut self.was_told, true)
    }
}

fn linear(decibels_below_full: u8) -> f64 {
    10f64.powf(-f64::from(decibels_below_full) / 20.0)
}
