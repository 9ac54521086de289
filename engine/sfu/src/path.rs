//! Where a datagram came from or goes to: one of our sockets and a peer's address.
//!
//! A path says nothing about who is at its end; `transport` proves that before media may use it.

use std::net::SocketAddr;

/// One of our sockets and the address of a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// Index of the socket in the order in which the node bound them.
    pub local: u8,
    /// The peer's address, canonical: an IPv4 peer is never written as an IPv6-mapped one.
    pub remote: SocketAddr,
}
