//! Clients over real sockets: they shake hands, send scripted media, open what comes back, count.
//!
//! One thread drives hundreds of them. They judge nothing: what was lost, how late it was and how
//! long nothing came is reported, and tests and the bench say what that means.

pub mod peer;
pub mod plan;
pub mod receipts;
pub mod swarm;
pub mod track;

pub use plan::{ClientPlan, Plan, TrackPlan};
pub use swarm::Swarm;
