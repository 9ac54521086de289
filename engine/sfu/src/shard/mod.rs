//! The packet path: one state machine that owns its rooms whole, without input, output or a clock.
//!
//! Contract: *one input in, then flush until whole, then drain the events*. An input is a datagram,
//! a command or a deadline that has come.

mod command;
mod egress;
mod event;
mod slab;
mod snapshot;
mod turn;

pub use command::{
    Codec, Command, Fault, LayerDescription, Point, PublicationDescription, Refusal,
    SubscriptionDescription, Unknown,
};
pub use egress::{Datagrams, EgressBatch};
pub use event::{Event, GoneReason};
pub use snapshot::{ParticipantSnapshot, Refused, Snapshot};
