//! The sending side of one track: scripted sound or picture in one to three encodings.

use super::ledger::{Ledger, Original, body};
use super::{AUDIO_STEP, VIDEO_STEP, extension, payload_type};
use std::collections::BTreeMap;
use std::time::Duration;
use veche_sfu::ids::PublicationId;
use veche_sfu::rtcp::{NtpTime, SenderInfo};
use veche_sfu::shard::Codec;

/// Packets a sender keeps to send again.
const HISTORY: u64 = 600;

/// One RTP packet in the clear, with the index to seal it under.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Extended sequence number.
    pub index: u64,
    /// Bytes before the payload.
    pub header_bytes: usize,
    /// Header and payload.
    pub bytes: Vec<u8>,
}

/// One encoding.
#[derive(Debug)]
pub struct LayerSender {
    /// Its SSRC.
    pub ssrc: u32,
    /// Its retransmissions' SSRC.
    pub rtx_ssrc: u32,
    /// Its restriction id, if the track has several.
    pub rid: Option<String>,
    /// Extended number of the next packet.
    pub sequence: u64,
    /// Media clock of the next frame.
    pub timestamp: u32,
    /// Whether it sends at all.
    pub is_sending: bool,
    /// The next frame is a key frame.
    pub owes_key_frame: bool,
    /// Key frames sent.
    pub key_frames: u64,
    /// Packets of an ordinary frame.
    pub packets_per_frame: usize,
    /// Packets sent.
    pub packets: u64,
    picture_id: u16,
    base_picture: u8,
    frame: u64,
    rtx_sequence: u64,
    history: BTreeMap<u64, Outgoing>,
}

/// One track.
#[derive(Debug)]
pub struct Track {
    /// Its name.
    pub publication: PublicationId,
    /// Its section.
    pub mid: String,
    /// Sound or picture.
    pub codec: Codec,
    /// Its encodings, lowest first.
    pub layers: Vec<LayerSender>,
    /// Loudness written into sound, decibels below full scale.
    pub level: u8,
    /// Whether pictures alternate between two temporal layers.
    pub has_temporal_layers: bool,
    /// When the next frame is due, from the beginning.
    pub next_frame: Duration,
}

impl Track {
    /// Which encodings the script sends now, as RTP packets in the clear.
    pub fn next_frame(
        &mut self,
        ledger: &mut Ledger,
        transport_sequence: &mut u16,
    ) -> Vec<Outgoing> {
        let mut packets = Vec::new();
        let (publication, mid, level) = (self.publication, self.mid.clone(), self.level);
        if self.codec.is_video() {
            self.next_frame += VIDEO_STEP;
            for (number, layer) in (0..).zip(&mut self.layers) {
                layer.picture(
                    publication,
                    number,
                    &mid,
                    self.has_temporal_layers,
                    ledger,
                    transport_sequence,
                    &mut packets,
                );
            }
        } else {
            self.next_frame += AUDIO_STEP;
            for layer in &mut self.layers {
                layer.sound(
                    publication,
                    &mid,
                    level,
                    ledger,
                    transport_sequence,
                    &mut packets,
                );
            }
        }
        packets
    }

    /// The encoding that has this SSRC.
    pub fn layer_of(&mut self, ssrc: u32) -> Option<&mut LayerSender> {
        self.layers.iter_mut().find(|layer| layer.ssrc == ssrc)
    }

    /// What each encoding's sender report says at this moment of the sender's clock.
    pub fn reports(&self, ntp: NtpTime) -> Vec<(u32, SenderInfo)> {
        let sending = self.layers.iter().filter(|layer| layer.packets > 0);
        sending
            .map(|layer| {
                let info = SenderInfo {
                    ntp,
                    rtp_timestamp: layer.timestamp,
                    packet_count: layer.packets as u32,
                    octet_count: 0,
                };
                (layer.ssrc, info)
            })
            .collect()
    }
}

impl LayerSender {
    /// An encoding that has sent nothing.
    pub fn new(
        ssrc: u32,
        rid: Option<String>,
        packets_per_frame: usize,
        sequence: u16,
        timestamp: u32,
    ) -> Self {
        Self {
            ssrc,
            rtx_ssrc: ssrc ^ 0x8000_0000,
            rid,
            sequence: u64::from(sequence),
            timestamp,
            is_sending: true,
            owes_key_frame: true,
            key_frames: 0,
            packets_per_frame,
            packets: 0,
            picture_id: (ssrc & 0x7fff) as u16,
            base_picture: ssrc as u8,
            frame: 0,
            rtx_sequence: u64::from(sequence / 2),
            history: BTreeMap::new(),
        }
    }

    fn sound(
        &mut self,
        publication: PublicationId,
        mid: &str,
        level: u8,
        ledger: &mut Ledger,
        transport_sequence: &mut u16,
        packets: &mut Vec<Outgoing>,
    ) {
        self.timestamp = self.timestamp.wrapping_add(960);
        if !self.is_sending {
            return;
        }
        let number = ledger.next();
        let payload = body(number, 80 + (number % 40) as usize);
        ledger.enter(Original {
            publication,
            layer: 0,
            starts_key_frame: true,
            temporal_layer: 0,
            payload: payload.clone(),
        });
        let marks = [
            (extension::MID, mid.as_bytes().to_vec()),
            (extension::LEVEL, vec![level]),
            (extension::TRANSPORT_SEQUENCE, next(transport_sequence)),
        ];
        let packet = self.packet(payload_type::OPUS, false, &marks, &payload);
        packets.push(packet);
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a script step touches all of them"
    )]
    fn picture(
        &mut self,
        publication: PublicationId,
        layer: u8,
        mid: &str,
        has_temporal_layers: bool,
        ledger: &mut Ledger,
        transport_sequence: &mut u16,
        packets: &mut Vec<Outgoing>,
    ) {
        self.timestamp = self.timestamp.wrapping_add(3000);
        if !self.is_sending {
            self.owes_key_frame = true;
            return;
        }
        let is_key = std::mem::take(&mut self.owes_key_frame);
        self.frame += 1;
        let temporal_layer = u8::from(has_temporal_layers && !is_key && self.frame % 2 == 1);
        self.picture_id = (self.picture_id + 1) & 0x7fff;
        if temporal_layer == 0 {
            self.base_picture = self.base_picture.wrapping_add(1);
        }
        self.key_frames += u64::from(is_key);
        let count = if is_key {
            self.packets_per_frame * 3
        } else {
            self.packets_per_frame
        };
        for place in 0..count {
            let number = ledger.next();
            let [high, low] = self.picture_id.to_be_bytes();
            let starts_frame = place == 0;
            let mut payload = vec![
                if starts_frame { 0x90 } else { 0x80 },
                0xf0,
                0x80 | high,
                low,
                self.base_picture,
                // A picture of the upper layer leans on the base only: Y.
                temporal_layer << 6 | 0x20 | (self.key_frames & 0x1f) as u8,
                u8::from(!is_key),
            ];
            let length = if place + 1 == count {
                500 + (number % 400) as usize
            } else {
                1100
            };
            payload.extend(body(number, length));
            ledger.enter(Original {
                publication,
                layer,
                starts_key_frame: is_key && starts_frame,
                temporal_layer,
                payload: payload.clone(),
            });
            let mut marks = vec![
                (extension::MID, mid.as_bytes().to_vec()),
                (extension::TRANSPORT_SEQUENCE, next(transport_sequence)),
            ];
            if let Some(rid) = &self.rid {
                marks.push((extension::RID, rid.as_bytes().to_vec()));
            }
            packets.push(self.packet(payload_type::VP8, place + 1 == count, &marks, &payload));
        }
    }

    /// A packet of this encoding with any payload, under the next number.
    pub fn packet(
        &mut self,
        payload_type: u8,
        has_marker: bool,
        marks: &[(u8, Vec<u8>)],
        payload: &[u8],
    ) -> Outgoing {
        let index = self.sequence;
        self.sequence += 1;
        self.packets += 1;
        let packet = rtp(
            index,
            u32::from(has_marker) << 7 | u32::from(payload_type),
            self.timestamp,
            self.ssrc,
            marks,
            payload,
        );
        self.history.insert(index, packet.clone());
        self.history = self.history.split_off(&index.saturating_sub(HISTORY));
        packet
    }

    /// The retransmission of a packet that is asked for (RFC 4588 section 4).
    pub fn repair(&mut self, mid: &str, sequence: u16, transport: &mut u16) -> Option<Outgoing> {
        let original = self
            .history
            .values()
            .rev()
            .find(|it| it.index as u16 == sequence)?;
        let mut payload = sequence.to_be_bytes().to_vec();
        payload.extend_from_slice(&original.bytes[original.header_bytes..]);
        let timestamp = u32::from_be_bytes(original.bytes[4..8].try_into().ok()?);
        let marker = u32::from(original.bytes[1] & 0x80);
        let mut marks = vec![
            (extension::MID, mid.as_bytes().to_vec()),
            (extension::TRANSPORT_SEQUENCE, next(transport)),
        ];
        if let Some(rid) = &self.rid {
            marks.push((extension::REPAIRED_RID, rid.as_bytes().to_vec()));
        }
        let index = self.rtx_sequence;
        self.rtx_sequence += 1;
        let second = marker | u32::from(payload_type::RTX);
        Some(rtp(
            index,
            second,
            timestamp,
            self.rtx_ssrc,
            &marks,
            &payload,
        ))
    }
}

fn next(transport_sequence: &mut u16) -> Vec<u8> {
    *transport_sequence = transport_sequence.wrapping_add(1);
    transport_sequence.to_be_bytes().to_vec()
}

/// An RTP packet with a one-byte extension block (RFC 3550 section 5.1, RFC 8285 section 4.2).
pub fn rtp(
    index: u64,
    second_byte: u32,
    timestamp: u32,
    ssrc: u32,
    marks: &[(u8, Vec<u8>)],
    payload: &[u8],
) -> Outgoing {
    let mut block = Vec::new();
    for (id, value) in marks {
        block.push(id << 4 | (value.len() as u8 - 1));
        block.extend_from_slice(value);
    }
    block.resize(block.len().next_multiple_of(4), 0);
    let mut bytes = vec![0x90, second_byte as u8];
    bytes.extend_from_slice(&(index as u16).to_be_bytes());
    bytes.extend_from_slice(&timestamp.to_be_bytes());
    bytes.extend_from_slice(&ssrc.to_be_bytes());
    bytes.extend_from_slice(&0xbede_u16.to_be_bytes());
    bytes.extend_from_slice(&(block.len() as u16 / 4).to_be_bytes());
    bytes.extend_from_slice(&block);
    let header_bytes = bytes.len();
    bytes.extend_from_slice(payload);
    Outgoing {
        index,
        header_bytes,
        bytes,
    }
}
