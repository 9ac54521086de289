//! Whole transports behind the registry, fed with what a stranger and the peer's address send.
//!
//! The input is a row of datagrams, each with a byte for source, way and pause, and two for its
//! length. No input can know the peer's password or certificate, so nothing may be proved or
//! connected that the harness did not prove itself.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::ids::ParticipantId;
use crate::path::Path;
use crate::transport::registry::Registry;
use crate::transport::stun::{self, Check};
use crate::transport::{Fingerprint, IceCredentials, Identity, Output, Refusal, Transport};

const PEER: ParticipantId = ParticipantId(1);
const UFRAG: &str = "ours";
const PASSWORD: &str = "a/password/of/the+server";
const REMOTE_UFRAG: &str = "theirs";
const LONGEST: usize = 2048;

/// Longer than any honest turn of one datagram, shorter than a runaway.
const OUTPUTS_PER_TURN: usize = 2000;

/// Deadlines that may follow each other without time passing, before it is spinning.
const ROUNDS: usize = 8;

/// The two readers of STUN and the routing, without a transport.
pub fn demux(bytes: &[u8]) {
    let now = start();
    let mut registry = Registry::new(now);
    registry
        .add_ufrag(now, PEER, UFRAG)
        .expect("an empty registry");
    for frame in frames(bytes) {
        let check = Check::parse(frame.datagram);
        let answer = stun::answered_transaction(frame.datagram);
        assert!(
            check.is_none() || answer.is_none(),
            "a request and a response"
        );
        let routed = registry.route(now, frame.path(), frame.datagram);
        let is_ours = check.is_some_and(|check| check.local_ufrag == UFRAG);
        assert!(routed.is_err() || is_ours, "routed without a name");
        assert_eq!(registry.owner(frame.path()), None);
        assert_eq!(registry.handshakes_in_flight(), 0);
    }
}

/// A transport that has not seen a check.
pub fn transport_before_ice(bytes: &[u8]) {
    Harness::new().run(bytes);
}

/// A transport whose peer has nominated an address.
pub fn transport_after_ice(bytes: &[u8]) {
    let mut harness = Harness::new();
    let path = Frame::PEER.path();
    harness.deliver(path, &check(), false);
    assert_eq!(harness.proved, Some(path), "our own check proves");
    harness.run(bytes);
}

struct Harness {
    transport: Transport,
    registry: Registry,
    now: Instant,
    proved: Option<Path>,
    has_failed: bool,
}

impl Harness {
    fn new() -> Self {
        static IDENTITY: OnceLock<Identity> = OnceLock::new();
        let identity = IDENTITY.get_or_init(|| Identity::generate().expect("random bytes"));
        let now = start();
        let local = IceCredentials::new(UFRAG, PASSWORD).expect("well formed");
        let remote = IceCredentials::new(REMOTE_UFRAG, PASSWORD).expect("well formed");
        let nobody = format!("sha-256 {}", ["00"; 32].join(":"));
        let nobody = Fingerprint::parse(&nobody).expect("well formed");
        let mut transport = Transport::new(now, identity, local, 1);
        transport.set_remote(now, remote, nobody).expect("set once");
        let mut registry = Registry::new(now);
        registry
            .add_ufrag(now, PEER, UFRAG)
            .expect("an empty registry");
        let mut harness = Self {
            transport,
            registry,
            now,
            proved: None,
            has_failed: false,
        };
        harness.drain(None);
        harness
    }

    fn run(&mut self, bytes: &[u8]) {
        for frame in frames(bytes) {
            self.now += frame.pause;
            self.wake();
            self.deliver(frame.path(), frame.datagram, frame.passes_registry);
            self.wake();
        }
    }

    fn deliver(&mut self, path: Path, datagram: &[u8], passes_registry: bool) {
        let routed = self.registry.route(self.now, path, datagram);
        if routed.is_err() && !passes_registry {
            return;
        }
        let is_dtls = matches!(datagram.first(), Some(20..=63));
        let result = self.transport.handle_datagram(self.now, path, datagram);
        assert!(
            !is_dtls || self.proved.is_some() || result.is_err(),
            "dtls before ice"
        );
        assert!(
            !self.has_failed || result == Err(Refusal::Ended),
            "alive after its end"
        );
        self.drain(Some(path));
    }

    fn wake(&mut self) {
        for _ in 0..ROUNDS {
            if self
                .transport
                .next_deadline()
                .is_none_or(|deadline| deadline > self.now)
            {
                return;
            }
            self.transport.handle_deadline(self.now);
            self.drain(None);
        }
        panic!("a deadline that stands still");
    }

    fn drain(&mut self, from: Option<Path>) {
        let mut outputs = Vec::new();
        self.transport
            .drain(self.now, &mut |output| outputs.push(output));
        assert!(outputs.len() < OUTPUTS_PER_TURN);
        for output in outputs {
            self.registry.observe(PEER, &output);
            assert!(!self.has_failed, "{output:?} after the end");
            match output {
                Output::Transmit { path, bytes } if matches!(bytes.first(), Some(0..=3)) => {
                    assert_eq!(Some(path), from, "an answer to another address");
                }
                Output::Transmit { path, .. } => assert_eq!(Some(path), self.proved),
                Output::AddressProved(path) => {
                    assert_eq!(Some(path), from, "proved by nobody");
                    self.proved = Some(path);
                }
                Output::AddressLost => self.proved = None,
                Output::Failed(_) => self.has_failed = true,
                Output::Connected(_) | Output::ChannelOpened { .. } | Output::Data { .. } => {
                    panic!("a stranger came in: {output:?}");
                }
                _ => {}
            }
        }
    }
}

struct Frame<'a> {
    is_peer: bool,
    passes_registry: bool,
    pause: Duration,
    datagram: &'a [u8],
}

impl Frame<'_> {
    const PEER: Self = Frame {
        is_peer: true,
        passes_registry: false,
        pause: Duration::ZERO,
        datagram: &[],
    };

    fn path(&self) -> Path {
        let address = if self.is_peer {
            [198, 51, 100, 1]
        } else {
            [192, 0, 2, 66]
        };
        Path {
            local: 0,
            remote: (address, 4000).into(),
        }
    }
}

/// Lowest bit: from the peer's address. Next: past the registry. The rest: how long a pause.
fn frames(bytes: &[u8]) -> impl Iterator<Item = Frame<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (&[head, high, low], following) = rest.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes([high, low])) % (LONGEST + 1);
        let (datagram, following) = following.split_at(length.min(following.len()));
        rest = following;
        // Up to 31 s, so that every deadline can be passed, and mostly short.
        let steps = u64::from(head >> 2);
        Some(Frame {
            is_peer: head & 1 != 0,
            passes_registry: head & 2 != 0,
            pause: Duration::from_millis(steps * steps * 8),
            datagram,
        })
    })
}

/// The check with which a peer nominates (RFC 8445 section 7.1.1), with a true integrity.
fn check() -> Vec<u8> {
    const MESSAGE_INTEGRITY_BYTES: u16 = 24;
    let mut attributes = Vec::new();
    let username = format!("{UFRAG}:{REMOTE_UFRAG}");
    let list: [(u16, &[u8]); 4] = [
        (0x0006, username.as_bytes()),
        (0x0024, &[0x6e, 0x7f, 0, 0xff]),
        (0x802a, &[1; 8]),
        (0x0025, &[]),
    ];
    for (kind, value) in list {
        attributes.extend(kind.to_be_bytes());
        attributes.extend(u16::try_from(value.len()).expect("short").to_be_bytes());
        attributes.extend(value);
        attributes.resize(attributes.len().next_multiple_of(4), 0);
    }
    let length = u16::try_from(attributes.len()).expect("short") + MESSAGE_INTEGRITY_BYTES;
    let mut datagram = vec![0, 1];
    datagram.extend(length.to_be_bytes());
    datagram.extend([0x21, 0x12, 0xa4, 0x42]);
    datagram.extend(b"transaction!");
    datagram.extend(attributes);
    let mut integrity = Hmac::<Sha1>::new_from_slice(PASSWORD.as_bytes()).expect("any length");
    integrity.update(&datagram);
    datagram.extend([0, 8, 0, 20]);
    datagram.extend(integrity.finalize().into_bytes());
    datagram
}

#[expect(
    clippy::disallowed_methods,
    reason = "an `Instant` has no other origin"
)]
fn start() -> Instant {
    Instant::now()
}
