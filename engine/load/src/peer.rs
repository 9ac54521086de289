//! One client: its socket, its handshake, its streams.

use crate::plan::{ClientPlan, Meeting};
use crate::receipts::{Receipts, percentile};
use crate::track::{STAMP_BYTES, Track, phase};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use veche_node::socket::{MediaSocket, ReceiveBatch, bind_all};
use veche_sfu::rtcp::{Packet, ReportBlock, Writer, is_rtcp, packets};
use veche_sfu::rtp::Header;
use veche_sfu::srtp::{IndexedStream, Role, SrtpIn, SrtpOut, rtp_header_length};
use veche_sfu::transport::Fingerprint;
use veche_sim::Client;
use veche_sim::client::ClientEvent;

/// The channel on which messages go.
const CHANNEL: &str = "_reliable";

/// Between two receiver reports, and how many streams one can name.
const REPORT_INTERVAL: Duration = Duration::from_secs(1);
const REPORT_BLOCKS: usize = 31;

/// One client.
pub struct Peer {
    plan: ClientPlan,
    /// Its own.
    pub socket: MediaSocket,
    server: SocketAddr,
    client: Client,
    contexts: Option<(SrtpIn, SrtpOut)>,
    tracks: Vec<Track>,
    streams: BTreeMap<u32, (IndexedStream, Receipts)>,
    next_message: Option<Instant>,
    next_report: Option<Instant>,
    began: Instant,
    /// How long the handshake took.
    pub connected_after: Option<Duration>,
    unopened: u64,
    control: u64,
    key_frame_requests: u64,
    messages: u64,
    is_closed: bool,
}

impl Peer {
    /// A client that waits for `connect`.
    pub fn new(plan: ClientPlan, server: SocketAddr) -> io::Result<Self> {
        let now = Instant::now();
        let local = if server.is_ipv6() {
            "[::1]:0"
        } else {
            "127.0.0.1:0"
        };
        let address = local.parse().map_err(io::Error::other)?;
        let socket = bind_all(&[address])?
            .pop()
            .ok_or(io::ErrorKind::AddrNotAvailable)?;
        let client = Client::new(
            now,
            socket.address(),
            server,
            &plan.own_ufrag(),
            &plan.own_pwd(),
        );
        Ok(Self {
            plan,
            socket,
            server,
            client,
            contexts: None,
            tracks: Vec::new(),
            streams: BTreeMap::new(),
            next_message: None,
            next_report: None,
            began: now,
            connected_after: None,
            unopened: 0,
            control: 0,
            key_frame_requests: 0,
            messages: 0,
            is_closed: false,
        })
    }

    /// Who it is, as its SDP would say.
    pub fn introduction(&mut self) -> String {
        format!(
            "client id={} ufrag={} pwd={} fingerprint={}",
            self.plan.id,
            self.plan.own_ufrag(),
            self.plan.own_pwd(),
            self.client
                .fingerprint()
                .to_string()
                .trim_start_matches("sha-256 ")
        )
    }

    /// Begins the handshake with the server of this certificate.
    pub fn connect(&mut self, fingerprint: &str) {
        let now = Instant::now();
        self.began = now;
        let fingerprint = Fingerprint::parse(fingerprint).expect("a fingerprint");
        self.client
            .connect(now, &self.plan.ufrag, &self.plan.pwd, fingerprint);
        if self.plan.messages.is_some() {
            self.client.open_channel(CHANNEL, true);
        }
        self.client.handle_deadline(now);
        self.poll(now);
    }

    /// Learns the server's credentials and begins the handshake.
    pub fn meet(&mut self, meeting: &Meeting) {
        self.plan.ufrag.clone_from(&meeting.ufrag);
        self.plan.pwd.clone_from(&meeting.pwd);
        self.connect(&meeting.fingerprint);
    }

    /// Names it in reports.
    pub fn id(&self) -> u32 {
        self.plan.id
    }

    /// When it wants to be called.
    pub fn next_deadline(&self) -> Instant {
        let frames = self.tracks.iter().map(|track| track.due);
        let others = frames.chain(self.next_message).chain(self.next_report);
        others.fold(self.client.next_deadline(), Instant::min)
    }

    /// Does what is due.
    pub fn handle_deadline(&mut self, now: Instant, epoch: Instant) {
        if let Some((_, srtp)) = &self.contexts {
            for track in self.tracks.iter_mut().filter(|track| track.due <= now) {
                track.send_frame(srtp, epoch, |packet| {
                    // A full buffer is a loss of the sender's and shows at the receivers.
                    let _ = self.socket.send_now(self.server, packet);
                });
            }
        }
        if let (Some(due), Some(interval)) = (self.next_message, self.plan.messages)
            && due <= now
        {
            self.next_message = Some(now + interval);
            self.client
                .send(CHANNEL, format!("from {}", self.plan.id).as_bytes());
            self.poll(now);
        }
        if self.next_report.is_some_and(|due| due <= now) {
            self.next_report = Some(now + REPORT_INTERVAL);
            self.send_report();
        }
        if self.client.next_deadline() <= now {
            self.client.handle_deadline(now);
            self.poll(now);
        }
    }

    /// Reads what waits in its socket.
    pub fn receive(&mut self, batch: &mut ReceiveBatch, epoch: Instant) -> io::Result<()> {
        while batch.receive(&self.socket)? > 0 {
            let now = Instant::now();
            // The batch is lent out while we are changed, so the socket is named apart.
            let mut handshakes = Vec::new();
            let Self {
                socket,
                contexts,
                streams,
                tracks,
                ..
            } = self;
            let (mut unopened, mut control, mut requests) = (0, 0, 0);
            batch.each(socket, |path, bytes| {
                match (bytes.first(), contexts.as_mut()) {
                    (Some(128..=191), Some((srtp, _))) if is_rtcp(bytes) => {
                        control += 1;
                        requests += answer_control(srtp, bytes, tracks);
                    }
                    (Some(128..=191), Some((srtp, _))) => {
                        if open(srtp, streams, bytes, now, epoch).is_none() {
                            unopened += 1;
                        }
                    }
                    _ => handshakes.push((path.remote, bytes.to_vec())),
                }
            });
            self.unopened += unopened;
            self.control += control;
            self.key_frame_requests += requests;
            for (source, bytes) in handshakes {
                self.client.handle(now, source, &bytes);
                self.poll(now);
            }
        }
        Ok(())
    }

    /// Counts from here on.
    pub fn reset(&mut self) {
        self.streams
            .values_mut()
            .for_each(|(_, receipts)| receipts.reset());
        self.tracks.iter_mut().for_each(|track| track.sent = 0);
        (
            self.unopened,
            self.control,
            self.messages,
            self.key_frame_requests,
        ) = (0, 0, 0, 0);
    }

    /// What it has seen, as one JSON object.
    pub fn report(&self) -> String {
        let now = Instant::now();
        let mut text = format!(
            "{{\"client\": {}, \"connected_ms\": {}, \"is_closed\": {}, \"sent\": {}, \
             \"unopened\": {}, \"control\": {}, \"key_frame_requests\": {}, \"messages\": {}, \"streams\": [",
            self.plan.id,
            self.connected_after
                .map_or("null".into(), |it| it.as_millis().to_string()),
            self.is_closed,
            self.tracks.iter().map(|track| track.sent).sum::<u64>(),
            self.unopened,
            self.control,
            self.key_frame_requests,
            self.messages,
        );
        for (place, (ssrc, (_, receipts))) in self.streams.iter().enumerate() {
            let mut sorted = receipts.latencies_us.clone();
            sorted.sort_unstable();
            write!(
                text,
                "{}{{\"ssrc\": {ssrc}, \"received\": {}, \"lost\": {}, \"silence_ms\": {:.1}, \
                 \"latency_p50_us\": {}, \"latency_p99_us\": {}}}",
                if place == 0 { "" } else { ", " },
                receipts.received,
                receipts.lost(),
                receipts.silence(now).as_secs_f64() * 1000.0,
                percentile(&sorted, 0.5),
                percentile(&sorted, 0.99),
            )
            .unwrap();
        }
        text.push_str("]}");
        text
    }

    fn poll(&mut self, now: Instant) {
        let (datagrams, events) = self.client.poll(now);
        for datagram in datagrams {
            let _ = self.socket.send_now(datagram.destination, &datagram.bytes);
        }
        for event in events {
            match event {
                ClientEvent::Connected => self.connected(now),
                ClientEvent::ChannelOpened(_) => self.next_message = Some(now),
                ClientEvent::Message { .. } => self.messages += 1,
                ClientEvent::Closed => self.is_closed = true,
            }
        }
    }

    /// Says what came, as every receiver does (RFC 3550 section 6.4.2).
    fn send_report(&mut self) {
        let Some((_, srtp)) = &mut self.contexts else {
            return;
        };
        let streams = self.streams.iter().take(REPORT_BLOCKS);
        let blocks: Vec<_> = streams
            .map(|(ssrc, (_, receipts))| ReportBlock {
                ssrc: *ssrc,
                highest_sequence: receipts.last_index() as u32,
                ..ReportBlock::default()
            })
            .collect();
        let mut buffer = [0; 1200];
        let mut writer = Writer::new(&mut buffer);
        writer
            .receiver_report(self.plan.id, &blocks)
            .expect("31 blocks fit");
        let end = writer.len() + srtp.rtcp_overhead();
        srtp.seal_rtcp(&mut buffer[..end])
            .expect("a compound of our own");
        let _ = self.socket.send_now(self.server, &buffer[..end]);
    }

    fn connected(&mut self, now: Instant) {
        let keys = self.client.keys().expect("connected, so there are keys");
        self.contexts = Some(keys.contexts(Role::Client));
        self.connected_after = Some(now - self.began);
        self.next_report = Some(now + REPORT_INTERVAL);
        let plans = self.plan.tracks.iter().enumerate();
        self.tracks = plans
            .map(|(place, plan)| Track::new(*plan, now + phase(self.plan.id, place, plan.interval)))
            .collect();
        println!(
            "connected id={} after_ms={}",
            self.plan.id,
            (now - self.began).as_millis()
        );
    }
}

fn open(
    srtp: &SrtpIn,
    streams: &mut BTreeMap<u32, (IndexedStream, Receipts)>,
    bytes: &mut [u8],
    now: Instant,
    epoch: Instant,
) -> Option<()> {
    let header = Header::parse(bytes).ok()?;
    let (stream, receipts) = streams.entry(header.ssrc).or_default();
    let index = stream.guess(header.sequence).ok()?;
    let length = srtp
        .open_rtp(rtp_header_length(bytes)?, index, bytes)
        .ok()?;
    stream.accept(index);
    let stamp = bytes.get(length.checked_sub(STAMP_BYTES)?..length)?;
    let departure = Duration::from_nanos(u64::from_be_bytes(stamp.try_into().ok()?));
    receipts.arrived(now, index, (now - epoch).saturating_sub(departure));
    Some(())
}

/// Key-frame requests are granted with the next frame; gives how many there were.
fn answer_control(srtp: &mut SrtpIn, bytes: &mut [u8], tracks: &mut [Track]) -> u64 {
    let Ok(length) = srtp.open_rtcp(bytes) else {
        return 0;
    };
    let mut requests = 0;
    for packet in packets(&bytes[..length]).flatten() {
        if let Packet::PictureLoss(request) = packet {
            requests += 1;
            let asked = tracks
                .iter_mut()
                .filter(|track| track.ssrc() == request.media_ssrc);
            asked.for_each(|track| track.owes_key_frame = true);
        }
    }
    requests
}
