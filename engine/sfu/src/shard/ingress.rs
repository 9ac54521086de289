//! One media packet in: whose it is, whether it is genuine, what it means, and whether the gate
//! lets it through. Everything that is the same for all subscribers happens here, once.

use super::claim::{Marks, claim};
use super::event::Event;
use super::participant::Participant;
use super::publication::Held;
use super::slab::Index;
use super::streams::{Claim, Source};
use super::turn::Turn;
use super::{HeldLayer, Point, Rejection, Shard};
use crate::loss::{Arrival, StoredPacket};
use crate::rtp::{AudioLevel, Header, PacketFacts};
use crate::srtp::OpenError;
use std::time::Instant;

/// An authenticated packet of a layer.
struct Packet<'a> {
    source: Source,
    /// Its number in the layer.
    number: u64,
    timestamp: u32,
    has_marker: bool,
    level: Option<AudioLevel>,
    payload: &'a [u8],
    is_repair: bool,
}

impl Shard {
    pub(super) fn handle_media(
        &mut self,
        now: Instant,
        sender: Index<Participant>,
        datagram: &mut [u8],
        turn: &mut Turn,
    ) -> Result<(), Rejection> {
        let participant = self
            .participants
            .get_mut(sender)
            .ok_or(Rejection::UnknownPath)?;
        let inbound = &mut participant.inbound;
        let header = Header::parse(datagram).map_err(|_| Rejection::Malformed)?;
        let srtp = inbound.srtp.as_ref().ok_or(Rejection::Unauthenticated)?;
        let place = inbound.streams.find(header.ssrc);
        let index = inbound.streams.guess(place, header.sequence)?;
        let sealed_bytes = datagram.len();
        let length = srtp.open_rtp(header.length, index, datagram)?;
        turn.pass(Point::Open);
        let packet = datagram.get(..length).ok_or(Rejection::Malformed)?;
        inbound.packets = inbound.packets.saturating_add(1);
        inbound.bytes = inbound
            .bytes
            .saturating_add(u64::try_from(sealed_bytes).unwrap_or_default());
        self.totals.packets_in = self.totals.packets_in.saturating_add(1);

        let extensions = header.extensions(packet);
        let ids = participant.extensions;
        if let Some(recorder) = &mut inbound.transport_wide
            && let Some(sequence) = extensions.transport_sequence(&ids)
        {
            let is_first = recorder.next_due().is_none();
            recorder.packet_arrived(now, sequence);
            if is_first && let Some(due) = recorder.next_due() {
                self.wake(sender, due);
            }
        }
        let (place, claim) = match place.and_then(|at| Some((at, self.claim_at(sender, at)?))) {
            Some(known) => known,
            None => {
                let marks = Marks::read(header.ssrc, header.payload_type, &extensions, &ids);
                self.admit(now, sender, place, index, &marks)?
            }
        };
        if let Some(participant) = self.participants.get_mut(sender) {
            participant.inbound.streams.accept(place, index);
        }
        let payload = header.payload(packet).map_err(|_| Rejection::Malformed)?;
        let payload = packet.get(payload).ok_or(Rejection::Malformed)?;
        let (source, number, payload, is_repair) = match claim {
            Claim::Media(source) => {
                self.check_payload_type(source, header.payload_type, false)?;
                (source, self.number(source, index)?, payload, false)
            }
            Claim::Repair(source) => {
                self.check_payload_type(source, header.payload_type, true)?;
                let Some((number, payload)) = self.unwrap_repair(sender, source, payload)? else {
                    return Ok(());
                };
                (source, number, payload, true)
            }
        };
        let level = extensions.audio_level(&ids);
        let Header {
            timestamp,
            has_marker,
            ..
        } = header;
        let packet = Packet {
            source,
            number,
            timestamp,
            has_marker,
            level,
            payload,
            is_repair,
        };
        self.take_packet(now, &packet, turn)
    }

    fn claim_at(&self, sender: Index<Participant>, place: usize) -> Option<Claim> {
        self.participants.get(sender)?.inbound.streams.claim(place)
    }

    /// Finds the publication of an SSRC that has none. What cannot be found leaves no trace, but
    /// for the packet index of an SSRC that once had one.
    fn admit(
        &mut self,
        now: Instant,
        sender: Index<Participant>,
        place: Option<usize>,
        index: u64,
        marks: &Marks<'_>,
    ) -> Result<(usize, Claim), Rejection> {
        let participant = self
            .participants
            .get_mut(sender)
            .ok_or(Rejection::UnknownPath)?;
        let publications = participant.publications.iter().filter_map(|index| {
            self.publications
                .get(*index)
                .map(|here| (*index, &here.description))
        });
        let Some(claim) = claim(marks, publications) else {
            if let Some(place) = place {
                participant.inbound.streams.accept(place, index);
            }
            return Err(Rejection::Unclaimed);
        };
        let admitted = participant.inbound.streams.admit(marks.ssrc, claim);
        let (place, _) = admitted.map_err(|_| Rejection::TooManySources)?;
        if let Claim::Media(source) = claim
            && let Some(publication) = self.publications.get_mut(source.publication)
            && let Some(layer) = publication.layers.get_mut(source.layer.index())
        {
            let is_first = layer.ssrc.is_none();
            layer.change_source(now, marks.ssrc, publication.description.codec);
            if let Some(clock) = publication.clocks.get_mut(source.layer.index()) {
                *clock = None;
            }
            let id = publication.id;
            if is_first {
                let layer = u8::try_from(source.layer.index()).unwrap_or_default();
                self.events.push(Event::MediaStarted {
                    publication: id,
                    layer,
                });
            } else {
                self.interrupt_layer(now, source);
            }
        }
        Ok((place, claim))
    }

    fn check_payload_type(
        &self,
        source: Source,
        payload_type: u8,
        is_repair: bool,
    ) -> Result<(), Rejection> {
        let publication = self
            .publications
            .get(source.publication)
            .ok_or(Rejection::Unclaimed)?;
        let description = &publication.description;
        let expected = if is_repair {
            description.rtx_payload_type
        } else {
            Some(description.payload_type)
        };
        if expected == Some(payload_type) {
            Ok(())
        } else {
            Err(Rejection::Unclaimed)
        }
    }

    fn number(&self, source: Source, index: u64) -> Result<u64, Rejection> {
        let publication = self.publications.get(source.publication);
        let layer = publication.and_then(|publication| publication.layer(source.layer));
        layer
            .map(|layer| layer.number(index))
            .ok_or(Rejection::Unclaimed)
    }

    /// The original of a retransmission (RFC 4588 section 4), unless we have it already or the
    /// packet carries none, as probes do.
    fn unwrap_repair<'a>(
        &mut self,
        sender: Index<Participant>,
        source: Source,
        payload: &'a [u8],
    ) -> Result<Option<(u64, &'a [u8])>, Rejection> {
        let Some((original, payload)) = payload.split_first_chunk::<2>() else {
            return Ok(None);
        };
        let publication = self.publications.get(source.publication);
        let layer = publication.and_then(|publication| publication.layer(source.layer));
        let layer = layer.ok_or(Rejection::Unclaimed)?;
        let participant = self
            .participants
            .get_mut(sender)
            .ok_or(Rejection::UnknownPath)?;
        let streams = &mut participant.inbound.streams;
        let media = layer.ssrc.and_then(|ssrc| streams.find(ssrc));
        let Some(media) = media else {
            return Err(Rejection::Unclaimed);
        };
        let Ok(index) = streams.guess(Some(media), u16::from_be_bytes(*original)) else {
            return Ok(None);
        };
        // We ask for what is older than something we have. What seems newer was sent for the SSRC
        // before this one and came late: it would drive the numbers up to 2^15 ahead, and all that
        // follows would be too old.
        if !layer.has_reached(layer.number(index)) {
            return Ok(None);
        }
        streams.accept(media, index);
        Ok(Some((layer.number(index), payload)))
    }

    /// Measures a packet, and keeps it for the subscribers if the gate is open.
    fn take_packet(
        &mut self,
        now: Instant,
        packet: &Packet<'_>,
        turn: &mut Turn,
    ) -> Result<(), Rejection> {
        let Source {
            publication: index,
            layer: layer_index,
        } = packet.source;
        let layer = self
            .publications
            .get_mut(index)
            .and_then(|it| it.layer_mut(layer_index));
        let layer = layer.ok_or(Rejection::Unclaimed)?;
        if !std::mem::replace(&mut layer.is_live, true) {
            // Before the packet itself is looked at: it may be the key frame to switch at.
            self.retarget_all(now, index);
        }
        let publication = self
            .publications
            .get_mut(index)
            .ok_or(Rejection::Unclaimed)?;
        let is_video = publication.is_video();
        let owner = publication.owner;
        let layer = publication.layers.get_mut(layer_index.index());
        let layer = layer.ok_or(Rejection::Unclaimed)?;
        if !packet.is_repair {
            layer
                .statistics
                .packet_arrived(now, packet.number, packet.timestamp);
        }
        layer.bitrate.add(now, packet.payload.len());
        let arrival = layer.missing.packet_arrived(now, packet.number);
        let is_current = layer.advance(now, packet.number);
        if !publication.is_open || !is_current {
            layer.missing.clear();
            if !is_video && !packet.is_repair && is_current {
                let held_back = &mut publication.held_back;
                held_back.packet_arrived(packet.level, packet.timestamp);
            }
            return Ok(());
        }
        let parsed = PacketFacts::parse(
            publication.description.codec,
            packet.has_marker,
            packet.payload,
        );
        let facts = parsed.map_err(|_| Rejection::Malformed)?;
        if facts.is_key_frame_start && is_video {
            layer.missing.key_frame_began(packet.number);
            publication.key_frames.satisfy(layer_index.index());
        }
        if arrival == Arrival::Outage {
            layer.missing.clear();
            publication.key_frames.want(layer_index.index());
        }
        let must_ask = arrival == Arrival::Outage
            || (arrival == Arrival::AfterGap && publication.description.has_nack);
        if let Some(level) = packet.level
            && !is_video
        {
            publication.speaker.packet_arrived(level, packet.timestamp);
        }
        let kept = layer.ring.insert(&StoredPacket {
            extended_sequence: packet.number,
            timestamp: packet.timestamp,
            has_marker: packet.has_marker,
            audio_level: packet.level,
            arrival: now,
            payload: packet.payload,
        });
        if kept.is_some() {
            let is_new = layer.held.is_empty();
            let held = Held {
                extended_sequence: packet.number,
                timestamp: packet.timestamp,
                has_marker: packet.has_marker,
                facts,
                arrived: now,
            };
            layer.hold(held, is_video);
            if is_new {
                self.held.push(HeldLayer {
                    publication: index,
                    layer: layer_index,
                });
            }
        }
        turn.pass(Point::Store);
        if must_ask {
            self.wake(owner, now);
        }
        Ok(())
    }
}

impl From<OpenError> for Rejection {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Truncated => Self::Malformed,
            OpenError::Replayed | OpenError::TooOld => Self::Replayed,
            OpenError::Forged | OpenError::Unencrypted | OpenError::Exhausted => {
                Self::Unauthenticated
            }
        }
    }
}
