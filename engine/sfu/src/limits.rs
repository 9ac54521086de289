//! Every bound of the packet path in one place; each is tested one below, at, and one above.
//!
//! A bound holds per peer where it can: what one peer exhausts is its own.

use std::time::Duration;

/// Sending SSRCs remembered per participant: three publications of three layers with
/// retransmission need 20, and each entry holds a replay window.
pub const SSRCS_PER_PARTICIPANT: usize = 64;
/// Encodings of one publication.
pub const LAYERS_PER_PUBLICATION: usize = 3;
/// Publications of one participant: camera, microphone, screen with sound, and as much again.
pub const PUBLICATIONS_PER_PARTICIPANT: usize = 8;
/// Subscriptions of one participant.
pub const SUBSCRIPTIONS_PER_PARTICIPANT: usize = 256;
/// Longest datagram read.
pub const DATAGRAM_BYTES: usize = 1500;
/// Longest datagram written: one read, whose short header became our longest one.
pub const STAGED_BYTES: usize = DATAGRAM_BYTES + 64;
/// Longest media identification (RFC 8843 section 15) and restriction id (RFC 8852) kept.
pub const IDENTIFICATION_BYTES: usize = 16;

/// Negative acknowledgements honoured per subscriber and second; the rest are counted.
pub const NACK_ITEMS_PER_SECOND: u32 = 2000;
/// Bytes retransmitted per subscriber and second at most: a hundred times the packets of a
/// lossy camera, and far below what would let a peer use us as an amplifier of its own requests.
pub const RETRANSMITTED_BYTES_PER_SECOND: u32 = 1_250_000;
/// Key-frame requests sent to a publisher per publication and second, all layers together.
pub const KEY_FRAME_REQUESTS_PER_SECOND: u32 = 2;

/// Packets of one layer that may wait for their frame to be complete: 40 of the longest fit into
/// the smallest ring of a video layer.
pub const HELD_PACKETS_PER_LAYER: usize = 40;
/// How long a frame's packets wait for its last one. A receiver cannot decode before it.
pub const FRAME_HOLD: Duration = Duration::from_millis(2);
/// A flush stops here and asks to be called again: the working set stays in the second-level
/// cache (512 kB and more on the servers we know) while the kernel copies it.
pub const EGRESS_BATCH_BYTES: usize = 256 * 1024;
/// Datagrams that the kernel takes as one segmented send (`UDP_MAX_SEGMENTS`).
pub const SEGMENTS_PER_ENTRY: usize = 64;
/// Longest datagram that is sent as a segment: what the smallest link of IPv6 carries (1280 less
/// its and UDP's header). The kernel refuses longer segments than its link carries, and a peer
/// that sends long packets must not cost everybody the offload.
pub const SEGMENT_BYTES: usize = 1232;
/// Bytes of one segmented send: under the 65 507 of a UDP payload.
pub const ENTRY_BYTES: usize = 64_000;

/// Work units of one participant's turn: loop iterations, each well below a microsecond. The
/// largest honest turn, a datagram of requests that names 17 packets in each four bytes, needs
/// 6300; a turn that reaches the limit has cost some 10 ms and is a bug of ours.
pub const TURN_FUEL: u32 = 20_000;

/// SSRCs ever sent with to one participant: under one key none may be used twice. Two for each
/// of 256 subscriptions, renewed 32 times in a meeting.
pub const SSRCS_SENT_PER_PARTICIPANT: usize = 16_384;
/// Longest control datagram written: what any path carries whole.
pub const CONTROL_BYTES: usize = 1200;
