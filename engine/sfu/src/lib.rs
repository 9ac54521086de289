//! Selective forwarding without input or output: datagrams and commands in, datagrams and events out.
//!
//! Time is an argument, sockets and threads live in `veche_node`. Every loop is bounded by its
//! input, nothing here may panic on what a peer sends, and one participant's worst ends that
//! participant only.
#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    expect(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::disallowed_methods,
        reason = "a panic of a test is its verdict, and time must begin somewhere"
    )
)]

pub mod allocator;
pub mod feedback;
#[cfg(any(test, feature = "fuzz"))]
pub mod fuzz;
pub mod ids;
pub mod limits;
pub mod loss;
pub mod path;
pub mod rtcp;
pub mod rtp;
pub mod shard;
pub mod speakers;
pub mod srtp;
pub mod transport;
