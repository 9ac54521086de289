//! The handshake of one participant: ICE-lite, DTLS as server, SCTP channels. No media.
//!
//! Owns a stock `Rtc` without any media section, the keys it agrees on, the addresses the peer
//! has proved, and its data channels. Sans-I/O: one input (a datagram, a command, a deadline),
//! then `drain` until it returns, then wait for `next_deadline`.
//!
//! It promises that nothing but an answer to an authenticated check leaves for an address that
//! ICE has not proved, and that nothing but STUN is looked at from one: a stranger's
//! ClientHello cannot race the peer's.
//!
//! The stock state machines parse hostile input and have had panics and endless loops. Whoever
//! calls this must contain both: see `veche_node` for the bulkhead and the watchdog.

mod addresses;
mod channels;
mod credentials;
pub mod dtls;
pub mod limits;
mod rate;
pub mod registry;
pub mod stun;
mod turn;

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use str0m::config::DtlsVersion;
use str0m::{Candidate, Rtc, RtcConfig};

pub use channels::{Refused, Sent};
pub use credentials::{Fingerprint, IceCredentials, Identity, Malformed};
pub use registry::Registry;

use crate::path::Path;
use crate::srtp::KeyingMaterial;
use addresses::Addresses;
use channels::Channels;
use rate::Rate;
use stun::TransactionId;

/// What a transport did or saw.
#[derive(Debug)]
pub enum Output {
    /// Send these bytes.
    Transmit {
        /// From this socket to this address.
        path: Path,
        /// The datagram.
        bytes: Vec<u8>,
    },
    /// A check on this path was authenticated: DTLS from it belongs to this participant.
    PathOpened(Path),
    /// The path was silent for 30 s or gave way to another.
    PathClosed(Path),
    /// Checks with this username fragment are no longer answered.
    UfragRetired(String),
    /// DTLS stands and the peer's certificate has the announced fingerprint.
    Connected(KeyingMaterial),
    /// The peer nominated this path: media may go to it and come from it, and from no other.
    AddressProved(Path),
    /// Nothing may be sent to the peer any more until it proves an address again.
    AddressLost,
    /// No authenticated check on the proved path for 10 s.
    Disconnected,
    /// An authenticated check came after `Disconnected`.
    Reconnected,
    /// The peer opened a channel.
    ChannelOpened {
        /// Its name.
        label: Arc<str>,
    },
    /// A message arrived.
    Data {
        /// The channel.
        label: Arc<str>,
        /// The message.
        bytes: Vec<u8>,
    },
    /// The transport has ended, for this reason; nothing follows.
    Failed(Failure),
}

/// Why a transport ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// DTLS broke, or its certificate was not the announced one.
    Dtls,
    /// DTLS began and did not come to its end in time.
    HandshakeTimeout,
    /// The peer closed the association.
    Closed,
    /// A reliable message did not fit into the send buffer.
    SlowReader,
    /// The peer went beyond a limit of channels, messages or addresses.
    Flood,
    /// The stock state machine produced without end.
    Runaway,
}

impl Failure {
    /// A stable word for logs and events.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dtls => "dtls",
            Self::HandshakeTimeout => "timeout",
            Self::Closed => "closed",
            Self::SlowReader => "slow",
            Self::Flood => "flood",
            Self::Runaway => "stalled",
        }
    }
}

/// Why a datagram was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not a binding request or DTLS, or not well formed, or longer than `limits::DATAGRAM_BYTES`.
    Malformed,
    /// The peer's credentials are not known yet.
    NotStarted,
    /// No current credentials have this username fragment.
    UnknownUfrag,
    /// The check was answered before, at another address.
    Copied,
    /// DTLS from an address without an authenticated check.
    UnprovedPath,
    /// The transport has ended.
    Ended,
}

/// Why a command was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misuse {
    /// The peer's description is set once; a new one is an ICE restart.
    AlreadyStarted,
    /// An ICE restart needs something to restart.
    NotStarted,
    /// An ICE restart needs a new username fragment.
    SameUfrag,
    /// The transport has ended.
    Ended,
}

/// What happened to datagrams and messages since the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Datagrams that were looked at.
    pub datagrams_accepted: u64,
    /// Datagrams dropped for one of the reasons of [`Refusal`].
    pub datagrams_refused: u64,
    /// Checks that nothing answered: wrong integrity.
    pub checks_unanswered: u64,
    /// Lossy messages dropped on their way out, and on their way in.
    pub messages_dropped: u64,
    /// Channels closed at once.
    pub channels_refused: u64,
}

/// One participant's transport.
pub struct Transport {
    rtc: Rtc,
    state: State,
    local: IceCredentials,
    remote: Option<IceCredentials>,
    previous: Option<Previous>,
    addresses: Addresses,
    channels: Channels,
    messages: Rate,
    pending: VecDeque<Pending>,
    outputs: VecDeque<Output>,
    keys: Option<KeyingMaterial>,
    handshake: Handshake,
    rtc_deadline: Instant,
    counters: Counters,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Closing,
    Ended,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Handshake {
    NotBegun,
    EndsBefore(Instant),
    Done,
}

/// Credentials from before an ICE restart.
struct Previous {
    local: IceCredentials,
    remote: IceCredentials,
    retired_at: Instant,
}

/// A check given to the ICE agent, until its answer comes out.
struct Pending {
    transaction: TransactionId,
    path: Path,
    nominates: bool,
    is_current: bool,
}

impl Transport {
    /// A transport that answers to `local` on `sockets` sockets (at most `limits::SOCKETS`).
    pub fn new(now: Instant, identity: &Identity, local: IceCredentials, sockets: u8) -> Self {
        let mut rtc = RtcConfig::new()
            .set_crypto_provider(Arc::clone(&identity.crypto))
            .set_dtls_cert(identity.certificate.clone())
            .set_dtls_version(DtlsVersion::Dtls12)
            .set_local_ice_credentials(local.to_stock())
            .set_ice_lite(true)
            .set_rtp_mode(true)
            .set_stats_interval(None)
            .set_sctp_max_buffered_amount(limits::SEND_BUFFER_BYTES)
            .set_sctp_max_message_size(MESSAGE_BYTES_ANNOUNCED)
            .clear_codecs()
            .clear_extension_map()
            .build(now);
        for socket in 0..sockets.min(limits::SOCKETS) {
            if let Ok(candidate) = Candidate::host(canonical_address(socket), "udp") {
                rtc.add_local_candidate(candidate);
            }
        }
        Self {
            rtc,
            state: State::Open,
            local,
            remote: None,
            previous: None,
            addresses: Addresses::default(),
            channels: Channels::default(),
            messages: Rate::new(now, limits::MESSAGES_PER_SECOND),
            pending: VecDeque::new(),
            outputs: VecDeque::new(),
            keys: None,
            handshake: Handshake::NotBegun,
            rtc_deadline: now,
            counters: Counters::default(),
        }
    }

    /// Counters since the beginning.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// True when nothing will come out any more.
    pub fn has_ended(&self) -> bool {
        self.state == State::Ended && self.outputs.is_empty()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a constant: 64 KiB fits into 32 bits"
)]
const MESSAGE_BYTES_ANNOUNCED: u32 = limits::MESSAGE_BYTES as u32;

/// The address that stands for a socket inside the ICE agent.
///
/// The agent drops checks that arrive at an address it has no candidate for. Our sockets may be
/// bound to a wildcard and reached by addresses we never learn, so each socket has one name from
/// the documentation block (RFC 5737); which addresses are announced is Python's affair.
fn canonical_address(socket: u8) -> SocketAddr {
    SocketAddr::new(
        IpAddr::V4(Ipv4Addr::new(192, 0, 2, socket.saturating_add(1))),
        9,
    )
}

fn socket_of(canonical: SocketAddr) -> Option<u8> {
    match canonical.ip() {
        IpAddr::V4(address) => address.octets().last()?.checked_sub(1),
        IpAddr::V6(_) => None,
    }
}
