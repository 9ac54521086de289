//! The world of the media tests: one shard, its guests, their links, virtual time.

use super::ledger::{Ledger, Original, body};
use super::oracle::Oracle;
use super::receiver::Receiver;
use super::track::{LayerSender, Outgoing, Track};
use super::{extensions, payload_type};
use crate::{Clock, Link, Profile, Rng, Wire};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};
use veche_sfu::ids::{ParticipantId, PublicationId, RoomId, SubscriptionId};
use veche_sfu::path::Path;
use veche_sfu::rtcp::{self, NtpTime, Packet, Writer};
use veche_sfu::rtp::Header;
use veche_sfu::shard::{
    Codec, Command, Config, EgressBatch, Event, Flushed, LayerDescription, PublicationDescription,
    Refusal, Shard, SubscriptionDescription,
};
use veche_sfu::srtp::{KeyingMaterial, Profile as Cipher, Role, SrtpIn, SrtpOut};

/// Between two looks of a client at what it misses.
const LOOK: Duration = Duration::from_millis(20);
/// Between two reports of a client.
const REPORT: Duration = Duration::from_secs(1);
/// A shard that asks to be woken for ever at one moment is stuck.
const MOST_TURNS_AT_ONE_MOMENT: u32 = 10_000;

/// One client and everything that is known of it.
pub struct Guest {
    /// Where it is.
    pub room: RoomId,
    /// Where its datagrams come from.
    pub path: Path,
    /// What it sends.
    pub tracks: Vec<Track>,
    /// What it gets, as it leaves the shard.
    pub oracles: BTreeMap<SubscriptionId, Oracle>,
    /// What it gets, as it arrives.
    pub receivers: BTreeMap<SubscriptionId, Receiver>,
    /// To the shard.
    pub up: Link,
    /// From the shard.
    pub down: Link,
    /// Whether it asks again for what is lost.
    pub asks_again: bool,
    /// Whether it answers when asked for packets or key frames.
    pub answers: bool,
    /// What it says it can receive.
    pub estimate_bps: Option<u64>,
    /// Key-frame requests that reached it: when, for which SSRC.
    pub key_frame_requests: Vec<(Duration, u32)>,
    /// Packets it was asked for.
    pub nacked: u64,
    /// Arrivals it was told.
    pub arrivals_told: u64,
    /// Receiver reports that reached it, by SSRC: how many, the last fraction lost.
    pub reports: BTreeMap<u32, (u64, u8)>,
    /// SSRCs that were said goodbye to.
    pub goodbyes: Vec<u32>,
    /// Delay reports that answered its reference times.
    pub delay_reports: u64,
    /// Bandwidth it was told it may send.
    pub allowed_bps: Option<u64>,
    srtp_in: SrtpIn,
    srtp_out: SrtpOut,
    by_ssrc: BTreeMap<u32, (SubscriptionId, bool)>,
    report_ssrc: u32,
    transport_sequence: u16,
    next_look: Duration,
    next_report: Duration,
}

enum Delivery {
    Up(Path, Vec<u8>),
    Media {
        to: ParticipantId,
        subscription: SubscriptionId,
        index: u64,
        is_repair: bool,
    },
    Control {
        to: ParticipantId,
        compound: Vec<u8>,
    },
}

/// A shard and its guests.
pub struct Hall {
    /// Virtual time.
    pub clock: Clock,
    /// What decides everything.
    pub rng: Rng,
    /// What is tested.
    pub shard: Shard,
    /// Who is here.
    pub guests: BTreeMap<ParticipantId, Guest>,
    /// What was sent.
    pub ledger: Ledger,
    /// What the shard told.
    pub events: Vec<(Duration, Event)>,
    /// Broken demands of the oracle.
    pub violations: Vec<String>,
    /// Publications that nobody may hear any more.
    pub silenced: BTreeSet<PublicationId>,
    /// Media packets that left the shard, and their bytes.
    pub emitted: (u64, u64),
    /// When media last left the shard, by guest, and the longest time it did not.
    pub last_emitted: BTreeMap<ParticipantId, (Duration, Duration)>,
    digest: DefaultHasher,
    wire: Wire<Delivery>,
    batch: EgressBatch,
    next_id: u32,
    cipher: Cipher,
}

impl Hall {
    /// An empty hall; the seed decides everything.
    pub fn new(seed: u64) -> Self {
        Self::with_cipher(seed, Cipher::Aes128Gcm)
    }

    /// An empty hall whose guests negotiate this profile.
    pub fn with_cipher(seed: u64, cipher: Cipher) -> Self {
        let clock = Clock::start();
        let config = Config {
            seed,
            wall_clock: NtpTime(1 << 60),
            allows_faults: true,
        };
        Self {
            clock,
            rng: Rng::new(seed),
            shard: Shard::new(config, clock.now()),
            guests: BTreeMap::new(),
            ledger: Ledger::default(),
            events: Vec::new(),
            violations: Vec::new(),
            silenced: BTreeSet::new(),
            emitted: (0, 0),
            last_emitted: BTreeMap::new(),
            digest: DefaultHasher::new(),
            wire: Wire::default(),
            batch: EgressBatch::new(),
            next_id: 1,
            cipher,
        }
    }

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
        let (srtp_in, srtp_out) = keys.contexts(Role::Client);
        let elapsed = self.clock.elapsed();
        let guest = Guest {
            room,
            path,
            tracks: Vec::new(),
            oracles: BTreeMap::new(),
            receivers: BTreeMap::new(),
            up: Link::new(up, self.rng.fork()),
            down: Link::new(down, self.rng.fork()),
            asks_again: true,
            answers: true,
            estimate_bps: None,
            key_frame_requests: Vec::new(),
            nacked: 0,
            arrivals_told: 0,
            reports: BTreeMap::new(),
            goodbyes: Vec::new(),
            delay_reports: 0,
            allowed_bps: None,
            srtp_in,
            srtp_out,
            by_ssrc: BTreeMap::new(),
            report_ssrc: participant.0,
            transport_sequence: 0,
            next_look: elapsed + LOOK,
            next_report: elapsed + REPORT,
        };
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

    /// A number that all emitted bytes, their times and all events decide.
    pub fn digest(&self) -> u64 {
        let mut digest = self.digest.clone();
        format!("{:?}", self.events).hash(&mut digest);
        digest.finish()
    }

    /// Fails if the oracle has seen anything.
    #[track_caller]
    pub fn assert_legal(&self) {
        let first: Vec<_> = self.violations.iter().take(5).collect();
        assert!(
            first.is_empty(),
            "{} violations, first {first:#?}",
            self.violations.len()
        );
    }

    /// Lets time pass.
    pub fn run_for(&mut self, duration: Duration) {
        let end = self.clock.now() + duration;
        let mut turns = 0;
        while let Some(next) = self.next_moment().filter(|next| *next <= end) {
            turns = if next > self.clock.now() {
                0
            } else {
                turns + 1
            };
            assert!(turns < MOST_TURNS_AT_ONE_MOMENT, "the shard never rests");
            self.clock.advance_to(next);
            self.act();
        }
        self.clock.advance_to(end);
    }

    fn next_moment(&self) -> Option<Instant> {
        let start = self.clock.now() - self.clock.elapsed();
        let guests = self.guests.values().flat_map(|guest| {
            let frames = guest.tracks.iter().map(|track| track.next_frame);
            frames.chain([guest.next_look, guest.next_report])
        });
        let guests = guests.map(|at| start + at);
        guests
            .chain(self.wire.next_at())
            .chain(self.shard.next_deadline())
            .min()
    }

    /// Everything that happens at this moment; one receive batch, one flush.
    fn act(&mut self) {
        let now = self.clock.now();
        self.let_guests_act();
        while let Some(delivery) = self.wire.pop_due(now) {
            self.deliver(delivery);
        }
        if self.shard.next_deadline().is_some_and(|at| at <= now) {
            self.shard.handle_deadline(now);
        }
        self.flush();
    }

    fn let_guests_act(&mut self) {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        let mut sent = Vec::new();
        for (id, guest) in &mut self.guests {
            let Guest {
                tracks,
                transport_sequence,
                ..
            } = guest;
            let mut packets = Vec::new();
            for track in tracks
                .iter_mut()
                .filter(|track| track.next_frame <= elapsed)
            {
                packets.extend(track.next_frame(&mut self.ledger, transport_sequence));
            }
            sent.extend(packets.iter().map(|packet| (*id, guest.seal(packet))));
            if guest.next_look <= elapsed {
                guest.next_look += LOOK;
                sent.extend(guest.ask(now).into_iter().map(|bytes| (*id, bytes)));
            }
            if guest.next_report <= elapsed {
                guest.next_report += REPORT;
                sent.extend(
                    guest
                        .report(now, elapsed)
                        .into_iter()
                        .map(|bytes| (*id, bytes)),
                );
            }
        }
        for (id, bytes) in sent {
            self.carry_up(id, bytes);
        }
    }

    fn carry_up(&mut self, id: ParticipantId, bytes: Vec<u8>) {
        let now = self.clock.now();
        let guest = self.guests.get_mut(&id).unwrap();
        let path = guest.path;
        for at in guest.up.carry(now, bytes.len()) {
            self.wire.push(at, Delivery::Up(path, bytes.clone()));
        }
    }

    fn deliver(&mut self, delivery: Delivery) {
        let now = self.clock.now();
        match delivery {
            Delivery::Up(path, mut bytes) => self.shard.handle_datagram(now, path, &mut bytes),
            Delivery::Media {
                to,
                subscription,
                index,
                is_repair,
            } => {
                let receiver = self
                    .guests
                    .get_mut(&to)
                    .unwrap()
                    .receivers
                    .get_mut(&subscription);
                receiver.unwrap().arrived(index, is_repair);
            }
            Delivery::Control { to, compound } => self.hear(to, &compound),
        }
    }

    fn hear(&mut self, id: ParticipantId, compound: &[u8]) {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        let guest = self.guests.get_mut(&id).unwrap();
        let mut answers = Vec::new();
        for packet in rtcp::packets(compound) {
            match packet {
                Ok(packet) => guest.hear(now, elapsed, &packet, &mut answers),
                Err(error) => self.violations.push(format!("RTCP to {id:?}: {error}")),
            }
        }
        let answers: Vec<_> = answers.iter().map(|answer| guest.seal(answer)).collect();
        answers
            .into_iter()
            .for_each(|bytes| self.carry_up(id, bytes));
    }

    fn flush(&mut self) {
        let now = self.clock.now();
        let mut batch = std::mem::take(&mut self.batch);
        loop {
            let flushed = self.shard.flush(now, &mut batch);
            for entry in batch.entries() {
                for sealed in entry.segments() {
                    self.judge(entry.path, sealed);
                }
            }
            if flushed == Flushed::Whole {
                break;
            }
        }
        self.batch = batch;
        let mut events = Vec::new();
        self.shard.drain_events(&mut events);
        let elapsed = self.clock.elapsed();
        self.events
            .extend(events.into_iter().map(|event| (elapsed, event)));
    }

    /// Opens a datagram that leaves the shard, checks it and puts it on its way.
    fn judge(&mut self, path: Path, sealed: &[u8]) {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        (elapsed, path, sealed).hash(&mut self.digest);
        let found = self.guests.iter_mut().find(|(_, guest)| guest.path == path);
        let Some((id, guest)) = found else {
            self.violations
                .push(format!("{elapsed:?}: a datagram to nobody at {path:?}"));
            return;
        };
        let id = *id;
        let length = sealed.len();
        let judged = if rtcp::is_rtcp(sealed) {
            let mut clear = sealed.to_vec();
            guest
                .srtp_in
                .open_rtcp(&mut clear)
                .map_err(|error| error.to_string())
                .map(|length| {
                    clear.truncate(length);
                    Delivery::Control {
                        to: id,
                        compound: clear,
                    }
                })
        } else {
            self.emitted.0 += 1;
            self.emitted.1 += length as u64;
            let last = self
                .last_emitted
                .entry(id)
                .or_insert((elapsed, Duration::ZERO));
            *last = (elapsed, last.1.max(elapsed - last.0));
            guest.judge_media(id, elapsed, &self.ledger, &self.silenced, sealed)
        };
        match judged {
            Ok(delivery) => {
                let guest = self.guests.get_mut(&id).unwrap();
                let mut arrivals = guest.down.carry(now, length);
                if let Some(at) = arrivals.next() {
                    self.wire.push(at, delivery);
                }
            }
            Err(violation) => self
                .violations
                .push(format!("{elapsed:?} {id:?}: {violation}")),
        }
    }
}

impl Guest {
    /// Lets the scripts rest for the next hour.
    pub fn rest(&mut self) {
        for track in &mut self.tracks {
            track.next_frame += Duration::from_secs(3600);
        }
    }

    fn seal(&self, packet: &Outgoing) -> Vec<u8> {
        let mut bytes = packet.bytes.clone();
        bytes.resize(bytes.len() + self.srtp_out.rtp_overhead(), 0);
        self.srtp_out
            .seal_rtp(packet.header_bytes, packet.index, &mut bytes)
            .unwrap();
        bytes
    }

    fn control(&mut self, write: impl FnOnce(&mut Writer<'_>)) -> Option<Vec<u8>> {
        let mut bytes = vec![0; 1400];
        let mut writer = Writer::new(&mut bytes);
        write(&mut writer);
        let length = writer.len();
        bytes.truncate(length + self.srtp_out.rtcp_overhead());
        (length > 0).then(|| {
            self.srtp_out.seal_rtcp(&mut bytes).unwrap();
            bytes
        })
    }

    fn judge_media(
        &mut self,
        id: ParticipantId,
        at: Duration,
        ledger: &Ledger,
        silenced: &BTreeSet<PublicationId>,
        sealed: &[u8],
    ) -> Result<Delivery, String> {
        let header = Header::parse(sealed).map_err(|error| format!("{error:?}"))?;
        let stream = self.by_ssrc.get(&header.ssrc);
        let &(subscription, is_repair) = stream.ok_or(format!("ssrc {:x}", header.ssrc))?;
        let oracle = self
            .oracles
            .get_mut(&subscription)
            .ok_or("no such subscription")?;
        if silenced.contains(&oracle.publication) {
            return Err(format!("{:?} is closed and is heard", oracle.publication));
        }
        let index = oracle.index(header.sequence, is_repair);
        let mut clear = sealed.to_vec();
        let opened = self.srtp_in.open_rtp(header.length, index, &mut clear);
        let length = opened.map_err(|error| format!("{error} ({subscription:?} {index})"))?;
        clear.truncate(length);
        let payload = header
            .payload(&clear)
            .map_err(|error| format!("{error:?}"))?;
        let payload = &clear[payload];
        let number = if is_repair {
            oracle.check_repair(index, &header, payload)?;
            oracle.index(u16::from_be_bytes([payload[0], payload[1]]), false)
        } else {
            oracle.check(at, ledger, index, &header, payload, sealed)?;
            index
        };
        Ok(Delivery::Media {
            to: id,
            subscription,
            index: number,
            is_repair,
        })
    }

    /// Asks for what is missing.
    fn ask(&mut self, now: Instant) -> Vec<Vec<u8>> {
        if !self.asks_again {
            return Vec::new();
        }
        let mut asked = Vec::new();
        let ssrcs: Vec<_> = self.media_ssrcs().collect();
        for (ssrc, subscription) in ssrcs {
            let receiver = self.receivers.get_mut(&subscription);
            let missing = receiver
                .map(|receiver| receiver.ask(now))
                .unwrap_or_default();
            let report_ssrc = self.report_ssrc;
            asked.extend(self.control(|writer| {
                writer.nack(report_ssrc, ssrc, missing).unwrap();
            }));
        }
        asked
    }

    fn media_ssrcs(&self) -> impl Iterator<Item = (u32, SubscriptionId)> + '_ {
        let media = self.by_ssrc.iter().filter(|(_, (_, is_repair))| !is_repair);
        media.map(|(ssrc, (subscription, _))| (*ssrc, *subscription))
    }

    /// Reports on what is received and sent.
    fn report(&mut self, now: Instant, elapsed: Duration) -> Vec<Vec<u8>> {
        // Every guest's clock starts elsewhere.
        let ntp = NtpTime(u64::from(self.report_ssrc) << 44).after(elapsed);
        let report_ssrc = self.report_ssrc;
        let ssrcs: Vec<_> = self.media_ssrcs().collect();
        let blocks: Vec<_> = ssrcs
            .iter()
            .filter_map(|(ssrc, subscription)| {
                self.receivers.get_mut(subscription)?.block(now, *ssrc)
            })
            .collect();
        let mut sent = Vec::new();
        for some in blocks.chunks(rtcp::LIST_MAX) {
            sent.extend(self.control(|writer| writer.receiver_report(report_ssrc, some).unwrap()));
        }
        if let Some(estimate_bps) = self.estimate_bps {
            sent.extend(self.control(|writer| {
                writer.remb(report_ssrc, estimate_bps, &[]).unwrap();
            }));
        }
        let infos: Vec<_> = self
            .tracks
            .iter()
            .flat_map(|track| track.reports(ntp))
            .collect();
        for (ssrc, info) in infos {
            sent.extend(self.control(|writer| writer.sender_report(ssrc, &info, &[]).unwrap()));
        }
        sent
    }

    fn hear(
        &mut self,
        now: Instant,
        elapsed: Duration,
        packet: &Packet<'_>,
        answers: &mut Vec<Outgoing>,
    ) {
        match packet {
            Packet::PictureLoss(loss) => {
                self.key_frame_requests.push((elapsed, loss.media_ssrc));
                let answers = self.answers;
                let mut layers = self
                    .tracks
                    .iter_mut()
                    .filter_map(|it| it.layer_of(loss.media_ssrc));
                if let Some(layer) = layers.next().filter(|_| answers) {
                    layer.owes_key_frame = true;
                }
            }
            Packet::Nack(nack) => {
                self.nacked += nack.sequences().count() as u64;
                if !self.answers {
                    return;
                }
                for track in &mut self.tracks {
                    let mid = track.mid.clone();
                    if let Some(layer) = track.layer_of(nack.media_ssrc) {
                        let transport = &mut self.transport_sequence;
                        answers.extend(
                            nack.sequences()
                                .filter_map(|it| layer.repair(&mid, it, transport)),
                        );
                    }
                }
            }
            Packet::SenderReport(report) => {
                if let Some((subscription, _)) = self.by_ssrc.get(&report.ssrc)
                    && let Some(receiver) = self.receivers.get_mut(subscription)
                {
                    receiver.report = Some((report.info, now));
                }
            }
            Packet::ReceiverReport(report) => {
                for block in report.reports.iter() {
                    let (count, fraction) = self.reports.entry(block.ssrc).or_default();
                    *count += 1;
                    *fraction = block.fraction_lost;
                }
            }
            Packet::Goodbye(goodbye) => self.goodbyes.extend(goodbye.sources.iter()),
            Packet::TransportFeedback(feedback) => {
                self.arrivals_told += feedback.arrivals().count() as u64;
            }
            Packet::Remb(remb) => self.allowed_bps = Some(remb.bitrate_bps),
            Packet::ExtendedReport(report) => {
                self.delay_reports += report.blocks().count() as u64;
            }
            Packet::FullIntraRequest(_) | Packet::Ignored { .. } => {}
        }
    }
}
