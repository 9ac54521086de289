//! RTP as a forwarder needs it: read a header, learn what the payload is, write a new header.
//!
//! Owns the header view (RFC 3550), header extensions (RFC 8285), the few codec facts that
//! forwarding depends on (RFC 7741, RFC 6184) and the [`Rewriter`] that joins the layers of a
//! publication into one stream without a seam. Everything is a function of its arguments and
//! nothing allocates. It never looks at a payload beyond the codec's own descriptor.

mod codec;
mod extensions;
pub mod h264;
mod header;
mod passage;
mod rewriter;
mod seam;
mod temporal;
pub mod vp8;
mod writer;

pub use codec::{Codec, PacketFacts};
pub use extensions::{AudioLevel, ExtensionIds, Extensions, extension_uri};
pub use header::{Header, Malformed};
pub use rewriter::{
    Decision, Forward, LayerIndex, MAX_LAYERS, Rewriter, SourceClock, SourcePacket,
};
pub use writer::{
    BufferTooSmall, HeaderWriter, OutgoingExtensions, OutgoingHeader, abs_send_time,
    stamp_abs_send_time,
};
