//! Every bound of the node in one place, with its policy; each is tested at its edge.

use std::time::Duration;

/// Datagrams taken from a socket at once. Receiving costs 3 µs when woken for one and
/// 0.3-0.6 µs in batches of 30 and more.
pub const RECEIVE_BATCH: usize = 64;
/// Longest datagram taken in; a longer one is counted and refused. `veche_sfu::limits` agrees.
pub const DATAGRAM_BYTES: usize = 1500;
/// Datagrams given to the kernel in one call.
pub const SEND_BATCH: usize = 64;
/// Wanted socket buffers: 60 watchers' worth of a key frame (60 x 100 kB would be 6 MB, but a
/// flush is cut at 256 kB and the kernel drains while the next is sealed).
pub const SOCKET_BUFFER_BYTES: usize = 4 * 1024 * 1024;
/// Ports tried when the system chooses one and several addresses must share it.
pub const PORT_ATTEMPTS: usize = 16;
/// Sockets of one engine: their index is a byte.
pub const SOCKETS: usize = 64;

/// Command lists waiting for the media thread; a longer queue refuses new lists.
pub const COMMAND_LISTS: usize = 4096;
/// Work waiting for the transport thread that Python asked for; more refuses new lists.
pub const TRANSPORT_REQUESTS: usize = 65_536;
/// Handshake datagrams waiting for the transport thread; more are dropped and counted: STUN and
/// DTLS both repeat themselves.
pub const TRANSPORT_DATAGRAMS: usize = 1024;

/// Events waiting for Python that may be dropped (and counted) beyond this.
pub const EVENTS: usize = 65_536;
/// Room on top for events that must not be lost: one life of 500 participants is 2000.
pub const RESERVED_EVENTS: usize = 65_536;
/// Message bytes waiting for Python; beyond, lossy ones are dropped and a reliable one ends its sender.
pub const EVENT_BYTES: usize = 32 * 1024 * 1024;

/// CPU that a worker may use in one participant's turn. The dearest honest turn is a DTLS flight
/// with its signature, 2-3 ms; a loop without end passes any limit.
pub const TURN_CPU: Duration = Duration::from_millis(75);
/// Wall time after which a turn is taken for blocked although it burns no CPU. Far above what a
/// starved machine's scheduler makes of 100 ms of work.
pub const TURN_WALL: Duration = Duration::from_secs(2);
/// How often turns are looked at: `TURN_CPU` plus twice this is under the 200 ms in which a faulty
/// participant must be gone, and 25 looks a second cost less than 0.5 ms.
pub const WATCH_INTERVAL: Duration = Duration::from_millis(40);
/// Abandoned workers beyond which each further one is logged as an error of the whole engine:
/// every one of them may be burning a core.
pub const ABANDONED_WORKERS: usize = 4;
/// How long `close` waits for a thread before it leaves it behind.
pub const CLOSE_WAIT: Duration = Duration::from_millis(1500);
/// How long a snapshot may take to be answered.
pub const SNAPSHOT_WAIT: Duration = Duration::from_secs(1);
