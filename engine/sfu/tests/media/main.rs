//! The pure parts of the packet path, each tested through its public face and in virtual time.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what a test is for"
)]

mod allocation;
mod descriptors;
mod feedback;
mod headers;
mod loss;
mod rewriting;
mod speakers;
mod support;
