//! A network that exists only in memory: a clock that jumps, links that lose, clients that talk.
//!
//! A seed decides everything that is decided here; the same seed gives the same log. The links
//! filter nothing: what a test sends arrives, is lost, is doubled or comes late, and is never
//! found impossible. [`World`] drives real transports against real full-ICE clients; its parts
//! (clock, generator, links, queue) know nothing of what they carry and serve media as well.

pub mod client;
pub mod clock;
pub mod dtls;
pub mod link;
pub mod media;
pub mod rng;
pub mod wire;
pub mod world;

pub use client::Client;
pub use clock::Clock;
pub use link::{Link, Profile};
pub use rng::Rng;
pub use wire::Wire;
pub use world::World;
