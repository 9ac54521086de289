//! What a test lets happen in a hall: who joins, what is published, wanted, closed and injected.

use super::guest::Guest;
use super::hall::Hall;
use super::ledger::{Original, body};
use super::oracle::Oracle;
use super::receiver::Receiver;
use super::track::{LayerSender, Outgoing, Track};
use super::{extensions, payload_type};
use crate::{Link, Profile};
use std::time::Duration;
use veche_sfu::ids::{ParticipantId, PublicationId, RoomId, SubscriptionId};
use veche_sfu::path::Path;
use veche_sfu::rtcp::Writer;
use veche_sfu::shard::{
    Codec, Command, LayerDescription, PublicationDescription, Refusal, SubscriptionDescription,
};
use veche_sfu::srtp::KeyingMaterial;

impl Hall {
    fn id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }

    /// A client whose handshake is over, on a perfect network.
    pub fn join(&mut self, room: u32) -> ParticipantId {
        self.join_over(room, Profile::PERFECT, Profile::PERFECT)
    }

    /// A client whose handshake is over.
    pub fn join_over(&mut self, room: u32, up: Profile, down: Profile) -> ParticipantId {
        let participant = ParticipantId(self.id());
        let room = RoomId(room);
        let [high, low] = (participant.0 as u16).to_be_bytes();
        let path = Path {
            local: 0,
            remote: ([10, 0, high, low], 40_000).into(),
        };
        let exported = self.rng.bytes(self.cipher.exported_length());
        let keys = KeyingMaterial::new(self.cipher, &exported).unwrap();
        let elapsed = self.clock.elapsed();
        let (up, down) = (
            Link::new(up, self.rng.fork()),
            Link::new(down, self.rng.fork()),
        );
        let report_ssrc = participant.0;
        let guest = Guest::new(elapsed, room, path, (up, down), &keys, report_ssrc);
        self.guests.insert(participant, guest);
        for command in [
            Command::AddParticipant { participant, room },
            Command::SetKeys { participant, keys },
            Command::SetPath {
                participant,
                path: Some(path),
            },
            Command::SetExtensions {
                participant,
                extensions: extensions(),
            },
        ] {
            self.command(command).unwrap();
        }
        participant
    }

    /// A microphone, open.
    pub fn publish_sound(&mut self, owner: ParticipantId) -> PublicationId {
        self.publish(owner, Codec::Opus, &[1], true)
    }

    /// A camera with so many packets per picture in each of its layers, open.
    pub fn publish_picture(&mut self, owner: ParticipantId, layers: &[usize]) -> PublicationId {
        self.publish(owner, Codec::Vp8, layers, true)
    }

    /// A track.
    pub fn publish(
        &mut self,
        owner: ParticipantId,
        codec: Codec,
        layers: &[usize],
        is_open: bool,
    ) -> PublicationId {
        let publication = PublicationId(self.id());
        let mid = publication.0.to_string();
        let rids = ["q", "h", "f"].map(str::to_owned);
        let senders: Vec<_> = layers
            .iter()
            .zip(rids)
            .map(|(packets, rid)| {
                let ssrc = self.rng.next() as u32 >> 1;
                let rid = (layers.len() > 1).then_some(rid);
                let sequence = self.rng.next() as u16 >> 1;
                LayerSender::new(ssrc, rid, *packets, sequence, self.rng.next() as u32)
            })
            .collect();
        let described = senders.iter().map(|layer| LayerDescription {
            rid: layer.rid.clone(),
            ..LayerDescription::default()
        });
        let is_video = codec.is_video();
        let description = PublicationDescription {
            mid: mid.clone(),
            codec,
            payload_type: if is_video {
                payload_type::VP8
            } else {
                payload_type::OPUS
            },
            rtx_payload_type: is_video.then_some(payload_type::RTX),
            has_nack: true,
            has_twcc: true,
            layers: described.collect(),
            is_open,
        };
        let next_frame = self.clock.elapsed() + self.rng.duration(Duration::from_millis(20));
        self.guests.get_mut(&owner).unwrap().tracks.push(Track {
            publication,
            mid,
            codec,
            layers: senders,
            level: 20,
            has_temporal_layers: false,
            next_frame,
        });
        if !is_open {
            self.silenced.insert(publication);
        }
        let description = Box::new(description);
        self.command(Command::Publish {
            participant: owner,
            publication,
            description,
        })
        .unwrap();
        publication
    }

    /// Forwards a publication to a guest.
    pub fn subscribe(
        &mut self,
        guest: ParticipantId,
        publication: PublicationId,
    ) -> SubscriptionId {
        self.try_subscribe(guest, publication).unwrap()
    }

    /// Forwards a publication to a guest, unless that is refused.
    pub fn try_subscribe(
        &mut self,
        participant: ParticipantId,
        publication: PublicationId,
    ) -> Result<SubscriptionId, Refusal> {
        let subscription = SubscriptionId(self.id());
        let tracks = self.guests.values().flat_map(|guest| &guest.tracks);
        let track = tracks
            .into_iter()
            .find(|track| track.publication == publication);
        let is_video = track.is_some_and(|track| track.codec.is_video());
        let ssrc = 0x4000_0000 | subscription.0;
        let rtx_ssrc = is_video.then_some(0x6000_0000 | subscription.0);
        let description = Box::new(SubscriptionDescription {
            mid: subscription.0.to_string(),
            ssrc,
            rtx_ssrc,
            payload_type: if is_video { 100 } else { 101 },
            rtx_payload_type: is_video.then_some(102),
        });
        let guest = self.guests.get_mut(&participant).unwrap();
        guest.by_ssrc.insert(ssrc, (subscription, false));
        if let Some(rtx_ssrc) = rtx_ssrc {
            guest.by_ssrc.insert(rtx_ssrc, (subscription, true));
        }
        guest.oracles.insert(
            subscription,
            Oracle::new(subscription, publication, is_video),
        );
        guest.receivers.insert(subscription, Receiver::default());
        let command = Command::Subscribe {
            participant,
            subscription,
            publication,
            description,
        };
        self.command(command).map(|()| subscription)
    }

    /// Opens or closes a publication; from here on the oracle knows.
    pub fn set_gate(&mut self, publication: PublicationId, is_open: bool) {
        if is_open {
            self.silenced.remove(&publication);
        } else {
            self.silenced.insert(publication);
        }
        self.command(Command::SetGate {
            publication,
            is_open,
        })
        .unwrap();
    }

    /// What a subscriber wants, at the highest temporal layer.
    pub fn want(&mut self, subscription: SubscriptionId, layer: Option<u8>) {
        let command = Command::SetSubscription {
            subscription,
            is_paused: layer.is_none(),
            layer: layer.unwrap_or_default(),
            temporal_layer: 3,
            priority: 1,
        };
        self.command(command).unwrap();
    }

    /// Gives the shard a command and sends what follows.
    pub fn command(&mut self, command: Command) -> Result<(), Refusal> {
        let result = self.shard.handle_command(self.clock.now(), command);
        self.flush();
        result
    }

    /// A guest.
    pub fn guest(&mut self, id: ParticipantId) -> &mut Guest {
        self.guests.get_mut(&id).unwrap()
    }

    /// A track.
    pub fn track(&mut self, publication: PublicationId) -> &mut Track {
        let mut tracks = self.guests.values_mut().flat_map(|guest| &mut guest.tracks);
        tracks
            .find(|track| track.publication == publication)
            .unwrap()
    }

    /// What a subscription has got.
    pub fn oracle(&self, subscription: SubscriptionId) -> &Oracle {
        let mut guests = self.guests.values();
        guests
            .find_map(|guest| guest.oracles.get(&subscription))
            .unwrap()
    }

    /// What of a subscription has arrived.
    pub fn receiver(&self, subscription: SubscriptionId) -> &Receiver {
        let mut guests = self.guests.values();
        guests
            .find_map(|guest| guest.receivers.get(&subscription))
            .unwrap()
    }

    /// Gives the shard a datagram from anywhere, at once.
    pub fn inject(&mut self, path: Path, bytes: &[u8]) {
        self.shard
            .handle_datagram(self.clock.now(), path, &mut bytes.to_vec());
        self.flush();
    }

    /// A guest's RTP packet, sealed.
    pub fn seal(&self, id: ParticipantId, packet: &Outgoing) -> Vec<u8> {
        self.guests[&id].seal(packet)
    }

    /// A guest's RTCP compound, sealed and given to the shard at once.
    pub fn send_control(&mut self, id: ParticipantId, write: impl FnOnce(&mut Writer<'_>)) {
        let guest = self.guests.get_mut(&id).unwrap();
        if let Some(bytes) = guest.control(write) {
            let path = guest.path;
            self.inject(path, &bytes);
        }
    }

    /// Sends a guest's packet over its link.
    pub fn send(&mut self, id: ParticipantId, packet: &Outgoing) {
        let bytes = self.seal(id, packet);
        self.carry_up(id, bytes);
    }

    /// A packet of sound that is so many bytes long when sealed.
    pub fn long_sound(&mut self, publication: PublicationId, sealed_bytes: usize) -> Outgoing {
        let number = self.ledger.next();
        let mut guests = self.guests.values_mut();
        let found = guests.find_map(|guest| {
            let tracks = guest.tracks.iter_mut();
            let track = tracks
                .into_iter()
                .find(|track| track.publication == publication)?;
            Some((track, guest.srtp_out.rtp_overhead()))
        });
        let (track, overhead) = found.unwrap();
        let empty = track.layers[0]
            .packet(payload_type::OPUS, false, &[], &[])
            .header_bytes;
        let payload = body(number, sealed_bytes - overhead - empty);
        track.layers[0].timestamp += 960;
        let packet = track.layers[0].packet(payload_type::OPUS, false, &[], &payload);
        self.ledger.enter(Original {
            publication,
            layer: 0,
            starts_key_frame: true,
            temporal_layer: 0,
            payload,
        });
        packet
    }
}
