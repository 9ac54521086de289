//! What one peer may ask of its transport. Each is tested one below, at and one above.

use std::time::Duration;

pub use crate::limits::DATAGRAM_BYTES;

/// Longest message of a data channel, both ways; announced as `a=max-message-size`.
pub const MESSAGE_BYTES: usize = 64 * 1024;

/// Bytes queued towards one peer over all channels. A reliable message above it ends the peer:
/// it has stopped reading, and what it misses cannot be mended.
pub const SEND_BUFFER_BYTES: usize = 1024 * 1024;

/// Bytes of lossy messages queued towards one peer; what is above is dropped and counted.
/// A quarter of the whole, so that a flood of lossy messages cannot crowd out the reliable ones.
pub const LOSSY_BUFFER_BYTES: usize = 256 * 1024;

/// Channels open at a time. Clients of the field open two to four.
pub const CHANNELS: usize = 16;

/// Channels opened over the life of a transport; beyond it the peer is ended.
pub const CHANNELS_EVER_OPENED: u32 = 256;

/// Longest label of a channel; a channel with a longer one is closed.
pub const LABEL_BYTES: usize = 256;

/// SCTP streams a peer may use, counted from 0. Browsers take the lowest free ids; the SCTP
/// association keeps state for each id it ever saw and would keep it for all 65 536.
pub const STREAMS: u16 = 256;

/// Messages accepted from one peer: burst, and refill each second. A file sent in chunks of
/// 15 kB at 100 Mbit/s is 830 each second.
pub const MESSAGES_PER_SECOND: u32 = 2000;

/// Addresses at which a peer is heard at the same time: each interface of a laptop with VPN,
/// two address families and a relay is one, ten is much.
pub const LIVE_PATHS: usize = 16;

/// Addresses over the life of a transport. The ICE agent keeps a candidate for each and never
/// forgets one; a peer beyond it is ended and joins anew.
pub const PATHS_EVER_SEEN: u32 = 1024;

/// Transaction ids remembered, so that a check copied to another address proves nothing.
/// At a browser's pace, one check each 2.5 s, this is five minutes.
pub const REMEMBERED_CHECKS: usize = 128;

/// Checks of one turn that may wait for their answer; a turn is one datagram, so one is normal.
pub const PENDING_CHECKS: usize = 8;

/// Silence after which the peer is reported as disconnected (LiveKit servers take the same).
pub const DISCONNECTED_AFTER: Duration = Duration::from_secs(10);

/// Silence after which nothing more is sent to an address (RFC 7675 section 5.1).
pub const CONSENT_EXPIRES_AFTER: Duration = Duration::from_secs(30);

/// From the first DTLS record to its end; the worst network of our profiles needs under 8 s.
pub const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(30);

/// How long checks with the credentials from before an ICE restart are still answered, unless
/// the new ones prove themselves earlier.
pub const OLD_CREDENTIALS_LIVE_FOR: Duration = Duration::from_secs(30);

/// Outputs one turn may produce: a full send buffer is 900 packets, a full receive window of
/// the smallest messages some thousands. More is a machine that runs in circles.
pub const OUTPUTS_PER_TURN: usize = 16_384;

/// Shortest wait that is asked for; below it a timer that does not move would spin.
pub const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// Sockets of an engine.
pub const SOCKETS: u8 = 16;
