//! Sockets, threads and clocks around the forwarding core.
#![forbid(unsafe_code)]
