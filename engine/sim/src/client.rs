//! A peer as a browser is one: full ICE, controlling, DTLS client, opener of the channels.
//!
//! Built on the same stock machine as the server's transport, in the opposite role and with all
//! of ICE in use. It does nothing by itself: `handle`, then `poll` until it is dry.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::channel::{ChannelConfig, ChannelId, Reliability};
use str0m::crypto::Fingerprint as StockFingerprint;
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, IceCreds, Input, Output, Rtc, RtcConfig};
use veche_sfu::srtp::KeyingMaterial;
use veche_sfu::transport::Fingerprint;
use veche_sfu::transport::dtls::take_exported;

use crate::dtls::seeded_provider;

/// Longest wait between two checks of a settled pair. Browsers take 2.5 s when all is quiet and
/// 48 ms when a path has fallen silent; this stands between.
const LONGEST_CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// Unanswered checks after which a client gives a pair up: two minutes, as one with a patient
/// application does.
const CHECKS_BEFORE_GIVING_UP: usize = 120;

/// A datagram of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datagram {
    /// Where it leaves.
    pub source: SocketAddr,
    /// Where it goes.
    pub destination: SocketAddr,
    /// What it is.
    pub bytes: Vec<u8>,
}

/// What a client was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientEvent {
    /// DTLS stands.
    Connected,
    /// A channel is open at both ends.
    ChannelOpened(String),
    /// A message came.
    Message {
        /// On this channel.
        label: String,
        /// These bytes.
        bytes: Vec<u8>,
    },
    /// The server said goodbye.
    Closed,
}

/// One peer.
pub struct Client {
    rtc: Rtc,
    address: SocketAddr,
    server: SocketAddr,
    channels: Vec<(ChannelId, String)>,
    keys: Option<KeyingMaterial>,
    deadline: Instant,
}

impl Client {
    /// A peer at `address` with these credentials.
    pub fn new(
        now: Instant,
        address: SocketAddr,
        server: SocketAddr,
        ufrag: &str,
        password: &str,
    ) -> Self {
        let mut config = RtcConfig::new()
            .set_crypto_provider(std::sync::Arc::new(seeded_provider()))
            .set_local_ice_credentials(credentials(ufrag, password))
            .set_rtp_mode(true)
            .clear_codecs();
        config.set_max_stun_rto(LONGEST_CHECK_INTERVAL);
        config.set_max_stun_retransmits(CHECKS_BEFORE_GIVING_UP);
        let mut rtc = config.build(now);
        rtc.direct_api().set_ice_controlling(true);
        rtc.add_local_candidate(Candidate::host(address, "udp").expect("an address of a test"));
        Self {
            rtc,
            address,
            server,
            channels: Vec::new(),
            keys: None,
            deadline: now,
        }
    }

    /// Digest of its certificate, as its SDP would say.
    pub fn fingerprint(&mut self) -> Fingerprint {
        let stock = self.rtc.direct_api().local_dtls_fingerprint().clone();
        let pairs: Vec<String> = stock
            .bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Fingerprint::parse(&format!("sha-256 {}", pairs.join(":"))).expect("32 bytes")
    }

    /// The server's answer has arrived: checks begin, then DTLS, then SCTP.
    pub fn connect(&mut self, now: Instant, ufrag: &str, password: &str, fingerprint: Fingerprint) {
        self.rtc
            .handle_input(Input::Timeout(now))
            .expect("a young client");
        let text = fingerprint.to_string();
        let digest = text.split_once(' ').expect("function and digest").1;
        let bytes = digest
            .split(':')
            .map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal"));
        let fingerprint = StockFingerprint {
            hash_func: "sha-256".into(),
            bytes: bytes.collect(),
        };
        let mut rtc = self.rtc.direct_api();
        rtc.set_remote_ice_credentials(credentials(ufrag, password));
        rtc.set_remote_fingerprint(fingerprint);
        rtc.start_dtls(true).expect("dtls starts once");
        rtc.start_sctp(true);
        let server = Candidate::host(self.server, "udp").expect("an address of a test");
        self.rtc.add_remote_candidate(server);
    }

    /// New credentials at both ends; DTLS goes on.
    pub fn restart_ice(&mut self, local: (&str, &str), remote: (&str, &str)) {
        let mut rtc = self.rtc.direct_api();
        rtc.set_local_ice_credentials(credentials(local.0, local.1));
        rtc.set_remote_ice_credentials(credentials(remote.0, remote.1));
    }

    /// The interface is gone and there is another one, as when a laptop leaves its cable.
    pub fn change_interface(&mut self, address: SocketAddr) {
        let old = Candidate::host(self.address, "udp").expect("an address of a test");
        let new = Candidate::host(address, "udp").expect("an address of a test");
        self.rtc.add_local_candidate(new);
        self.rtc.direct_api().invalidate_candidate(&old);
        self.address = address;
    }

    /// Opens a channel in-band (RFC 8832).
    pub fn open_channel(&mut self, label: &str, is_reliable: bool) {
        let reliability = if is_reliable {
            Reliability::Reliable
        } else {
            Reliability::MaxRetransmits { retransmits: 0 }
        };
        let id = self.rtc.direct_api().create_data_channel(ChannelConfig {
            label: label.into(),
            ordered: is_reliable,
            reliability,
            ..ChannelConfig::default()
        });
        self.channels.push((id, label.into()));
    }

    /// Opens a channel of an agreed stream id, without telling the other end.
    pub fn open_negotiated_channel(&mut self, label: &str, stream: u16) {
        let id = self.rtc.direct_api().create_data_channel(ChannelConfig {
            label: label.into(),
            negotiated: Some(stream),
            ..ChannelConfig::default()
        });
        self.channels.push((id, label.into()));
    }

    /// Sends a message; false when the channel is not open or full.
    pub fn send(&mut self, label: &str, message: &[u8]) -> bool {
        let channel = self.channels.iter().find(|(_, known)| known == label);
        let id = channel.expect("a channel of this label").0;
        let channel = self.rtc.channel(id);
        channel.is_some_and(|mut channel| channel.write(true, message).is_ok_and(|taken| taken))
    }

    /// Bytes of a channel that the server has not acknowledged.
    pub fn bytes_buffered(&mut self, label: &str) -> usize {
        let channel = self.channels.iter().find(|(_, known)| known == label);
        let id = channel.expect("a channel of this label").0;
        let channel = self.rtc.channel(id);
        channel.map_or(0, |mut channel| channel.buffered_amount())
    }

    /// What both ends agreed on, once connected.
    pub fn keys(&self) -> Option<&KeyingMaterial> {
        self.keys.as_ref()
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes a datagram that arrived from `source`; what it cannot read it drops.
    pub fn handle(&mut self, now: Instant, source: SocketAddr, bytes: &[u8]) {
        if let Ok(receive) = Receive::new(Protocol::Udp, source, self.address, bytes) {
            let input = Input::Receive(now, receive);
            if self.rtc.accepts(&input) {
                // An error ends the stock client; the test sees it by its silence.
                let _ = self.rtc.handle_input(input);
            }
        }
    }

    /// Does what `next_deadline` asked for.
    pub fn handle_deadline(&mut self, now: Instant) {
        let _ = self.rtc.handle_input(Input::Timeout(now));
    }

    /// When it wants to be called.
    pub fn next_deadline(&self) -> Instant {
        self.deadline
    }

    /// Says goodbye.
    pub fn close(&mut self) {
        let _ = self.rtc.close();
    }

    /// Everything that follows from the last input.
    pub fn poll(&mut self, now: Instant) -> (Vec<Datagram>, Vec<ClientEvent>) {
        let (mut datagrams, mut events) = (Vec::new(), Vec::new());
        loop {
            let output = self.rtc.poll_output();
            self.keys = take_exported().or(self.keys.take());
            match output {
                Ok(Output::Transmit(transmit)) => datagrams.push(Datagram {
                    source: transmit.source,
                    destination: transmit.destination,
                    bytes: transmit.contents.into(),
                }),
                Ok(Output::Event(event)) => events.extend(self.translate(event)),
                Ok(Output::Timeout(deadline)) => {
                    self.deadline = deadline.max(now + Duration::from_millis(1));
                    return (datagrams, events);
                }
                Err(_) => {
                    self.rtc.disconnect();
                }
            }
        }
    }

    fn translate(&mut self, event: Event) -> Option<ClientEvent> {
        match event {
            Event::Connected => Some(ClientEvent::Connected),
            Event::ChannelOpen(_, label) => Some(ClientEvent::ChannelOpened(label)),
            Event::ChannelData(data) => {
                let channel = self.channels.iter().find(|(id, _)| *id == data.id)?;
                Some(ClientEvent::Message {
                    label: channel.1.clone(),
                    bytes: data.data,
                })
            }
            Event::Closed => Some(ClientEvent::Closed),
            _ => None,
        }
    }
}

fn credentials(ufrag: &str, password: &str) -> IceCreds {
    IceCreds {
        ufrag: ufrag.into(),
        pass: password.into(),
    }
}
