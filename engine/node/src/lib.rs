//! Sockets, threads and clocks around the forwarding core.
//!
//! The media thread forwards packets and waits for nobody; the transport thread shakes hands, with
//! third-party state machines in hostile hands, and may be given up; the watchdog watches both.
//! Between threads go values. Law: five seconds of a stopped caller must not cost a packet.
#![forbid(unsafe_code)]

pub mod clock;
mod command;
mod engine;
mod events;
mod heartbeat;
pub mod limits;
mod media;
mod residence;
mod roster;
pub mod send;
pub mod socket;
mod stats;
mod wake;
mod watchdog;
mod work;
mod worker;

pub use command::{Command, TransportPoint};
pub use engine::{Engine, Refused, Settings};
pub use events::{Event, GoneReason};
pub use stats::{EngineStats, ParticipantStats};
