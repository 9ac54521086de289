//! Repairing loss: which packets are missing, which were sent, and the packets themselves.
//!
//! Owns the memory of packets per layer ([`PacketRing`]), what is asked of a publisher
//! ([`NackIn`]) and what a subscriber may ask of us ([`SentRing`]). All three are bounded in
//! bytes and none keeps a packet longer than about a second: receivers give up then as well.

mod nack;
mod packet_ring;
mod sent_ring;

pub use nack::{Arrival, GIVE_UP_AFTER, MAX_MISSING, MAX_TRIES, NackIn, SHORTEST_RETRY};
pub use packet_ring::{
    AUDIO_CAPACITY, LARGEST_VIDEO_CAPACITY, PacketRing, SMALLEST_VIDEO_CAPACITY, SlotRef,
    StoredPacket, video_capacity,
};
pub use sent_ring::{AUDIO_REACH, LONGEST_HOLD_OFF, MAX_RESENDS, Sent, SentRing, VIDEO_REACH};
