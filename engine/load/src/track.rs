//! The sending side of one stream: frames of scripted packets that carry their time of departure.

use crate::plan::TrackPlan;
use std::time::{Duration, Instant};
use veche_sfu::srtp::SrtpOut;

/// RTP header with one extension word: a level for sound, none for pictures.
const HEADER_BYTES: usize = 12;
/// Where the departure stands, counted from the end of the payload.
pub const STAMP_BYTES: usize = 8;

/// One stream.
#[derive(Debug)]
pub struct Track {
    plan: TrackPlan,
    index: u64,
    timestamp: u32,
    picture: u16,
    /// When the next frame is due.
    pub due: Instant,
    /// The next picture is a key frame.
    pub owes_key_frame: bool,
    /// Packets sent.
    pub sent: u64,
}

impl Track {
    /// A stream whose first frame is due at `due`.
    pub fn new(plan: TrackPlan, due: Instant) -> Self {
        Self {
            plan,
            index: u64::from(plan.ssrc & 0x3fff),
            timestamp: plan.ssrc.wrapping_mul(0x9e37_79b9),
            picture: 1,
            due,
            owes_key_frame: true,
            sent: 0,
        }
    }

    /// Its SSRC.
    pub fn ssrc(&self) -> u32 {
        self.plan.ssrc
    }

    /// Seals one frame and hands out its packets.
    pub fn send_frame(&mut self, srtp: &SrtpOut, epoch: Instant, mut send: impl FnMut(&[u8])) {
        let plan = self.plan;
        let is_key = std::mem::take(&mut self.owes_key_frame);
        let mut buffer = [0_u8; 1500];
        for place in 0..plan.packets {
            let is_last = place + 1 == plan.packets;
            let end = HEADER_BYTES + plan.bytes + srtp.rtp_overhead();
            let packet = &mut buffer[..end];
            let marker = if is_last && plan.codec.is_video() {
                0x80
            } else {
                0
            };
            packet[0] = 0x80;
            packet[1] = marker | plan.payload_type;
            packet[2..4].copy_from_slice(&(self.index as u16).to_be_bytes());
            packet[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
            packet[8..12].copy_from_slice(&plan.ssrc.to_be_bytes());
            let payload = &mut packet[HEADER_BYTES..HEADER_BYTES + plan.bytes];
            payload.fill(place as u8);
            if plan.codec.is_video() {
                self.describe(payload, place == 0, is_key);
            }
            let stamp = payload.len() - STAMP_BYTES;
            let departure = epoch.elapsed().as_nanos() as u64;
            payload[stamp..].copy_from_slice(&departure.to_be_bytes());
            srtp.seal_rtp(HEADER_BYTES, self.index, packet)
                .expect("a packet of our own");
            send(packet);
            self.index += 1;
            self.sent += 1;
        }
        self.timestamp = self.timestamp.wrapping_add(plan.codec.frame_ticks());
        self.picture = (self.picture + 1) & 0x7fff;
        self.due += plan.interval;
        // After a starved moment the script goes on from now and does not catch up in a burst.
        self.due = self.due.max(Instant::now() - plan.interval * 2);
    }

    /// VP8 payload descriptor (RFC 7741 section 4.2) with a 15-bit picture id, and the first byte
    /// of the frame header, whose lowest bit is 0 in a key frame.
    fn describe(&self, payload: &mut [u8], starts_frame: bool, is_key: bool) {
        let [high, low] = self.picture.to_be_bytes();
        let start = if starts_frame { 0x10 } else { 0 };
        payload[..4].copy_from_slice(&[0x80 | start, 0x80, 0x80 | high, low]);
        if starts_frame {
            payload[4] = u8::from(!is_key);
        }
    }
}

/// When the peer's tracks begin, so that frames of many do not all leave at one moment.
pub fn phase(client: u32, track: usize, interval: Duration) -> Duration {
    let step = u64::from(client) * 7 + track as u64 * 3;
    interval * (step % 16) as u32 / 16
}
