//! Entry points for the fuzzer in `engine/fuzz`, and the replay of what it once found.
//!
//! Each takes any bytes and asserts what must hold for all of them. A target over there is a stub
//! that calls one function here, so the same code runs under `cargo test` over every kept input.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "an entry point panics to say that it found something"
)]

mod rtp;
mod transport;

pub use rtp::{h264, rewriter, rtp_extensions, rtp_header, vp8};
pub use transport::{demux, transport_after_ice, transport_before_ice};

use crate::rtcp::{self, ExtendedBlock, Packet};
use crate::srtp::{IndexedStream, KeyingMaterial, OpenError, Profile, Role, rtp_header_length};

/// Reads everything there is to read in a compound; gives how many packets were well formed.
pub fn rtcp(bytes: &[u8]) -> usize {
    let mut well_formed = 0;
    for packet in rtcp::packets(bytes) {
        let Ok(packet) = packet else { continue };
        well_formed += 1;
        let steps = match packet {
            Packet::SenderReport(report) => report.reports.iter().count(),
            Packet::ReceiverReport(report) => report.reports.iter().count(),
            Packet::Goodbye(goodbye) => goodbye.sources.iter().count(),
            Packet::Nack(nack) => nack.sequences().count(),
            Packet::TransportFeedback(feedback) => feedback.arrivals().count(),
            Packet::FullIntraRequest(request) => request.entries.iter().count(),
            Packet::Remb(remb) => remb.ssrcs.iter().count(),
            Packet::ExtendedReport(report) => report
                .blocks()
                .map(|block| match block {
                    ExtendedBlock::DelayReports(list) => list.iter().count(),
                    _ => 1,
                })
                .sum(),
            Packet::PictureLoss(_) | Packet::Ignored { .. } => 1,
        };
        // The densest contents are statuses of one bit and NACK items of 17 in four bytes.
        assert!(
            steps <= bytes.len() * 8,
            "{steps} steps out of {} bytes",
            bytes.len()
        );
        assert!(!format!("{packet:?}").is_empty());
    }
    assert!(well_formed <= rtcp::PACKETS_MAX);
    well_formed
}

/// First byte: the profile. Second and third: which byte is spoilt, and how. The rest: a packet,
/// once as a stranger sent it and once as the peer sealed it, both as RTP and as RTCP.
pub fn srtp(bytes: &[u8]) {
    let Some((&[profile, position, change], packet)) = bytes.split_first_chunk() else {
        return;
    };
    let profile = Profile::ALL[usize::from(profile) % Profile::ALL.len()];
    let exported = vec![0x5a; profile.exported_length()];
    let keys = KeyingMaterial::new(profile, &exported).expect("its length");
    let (mut incoming, _) = keys.contexts(Role::Server);
    let (_, mut outgoing) = keys.contexts(Role::Client);
    let spoilt = |sealed: &[u8]| {
        let mut spoilt = sealed.to_vec();
        let position = usize::from(position) % sealed.len();
        spoilt[position] ^= change.max(1);
        spoilt
    };

    assert!(
        incoming.open_rtcp(&mut packet.to_vec()).is_err(),
        "a stranger was heard"
    );
    let mut sealed = packet.to_vec();
    sealed.resize(packet.len() + outgoing.rtcp_overhead(), 0);
    if outgoing.seal_rtcp(&mut sealed).is_ok() {
        assert!(
            incoming.open_rtcp(&mut spoilt(&sealed)).is_err(),
            "a spoilt report was heard"
        );
        let mut opened = sealed.clone();
        assert_eq!(incoming.open_rtcp(&mut opened), Ok(packet.len()));
        assert_eq!(&opened[..packet.len()], packet);
        assert_eq!(incoming.open_rtcp(&mut sealed), Err(OpenError::Replayed));
    }

    let Some(header_length) = rtp_header_length(packet) else {
        return;
    };
    let mut stream = IndexedStream::default();
    let sequence = u16::from_be_bytes([packet[2], packet[3]]);
    let index = stream
        .guess(sequence)
        .expect("the first packet of a stream");
    let stranger = incoming.open_rtp(header_length, index, &mut packet.to_vec());
    assert!(stranger.is_err(), "a stranger was heard");
    let mut sealed = packet.to_vec();
    sealed.resize(packet.len() + outgoing.rtp_overhead(), 0);
    outgoing
        .seal_rtp(header_length, index, &mut sealed)
        .expect("room for the tag");
    let outcome = incoming.open_rtp(header_length, index, &mut spoilt(&sealed));
    assert_eq!(outcome, Err(OpenError::Forged));
    assert_eq!(
        incoming.open_rtp(header_length, index, &mut sealed),
        Ok(packet.len())
    );
    assert_eq!(&sealed[..packet.len()], packet);
    stream.accept(index);
    assert_eq!(stream.guess(sequence), Err(OpenError::Replayed));
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// The files of a corpus; there must be some.
    fn kept(target: &str) -> Vec<Vec<u8>> {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../fuzz/corpus")
            .join(target);
        let entries = std::fs::read_dir(&corpus).expect("a corpus");
        let mut paths: Vec<_> = entries
            .map(|entry| entry.expect("an entry").path())
            .collect();
        paths.sort();
        assert!(!paths.is_empty(), "the corpus of {target} is empty");
        let read = |path: &_| std::fs::read(path).expect("a readable file");
        paths.iter().map(read).collect()
    }

    /// Every file of a corpus through its entry point.
    fn replay(target: &str, entry_point: impl Fn(&[u8])) {
        for bytes in kept(target) {
            println!("{bytes:02x?}"); // shown if the next line panics
            entry_point(&bytes);
        }
    }

    #[test]
    fn every_kept_compound_is_read() {
        replay("rtcp", |bytes| {
            super::rtcp(bytes);
        });
    }

    #[test]
    fn every_kept_packet_is_sealed_and_opened() {
        replay("srtp", super::srtp);
    }

    #[test]
    fn every_kept_rtp_packet_is_read() {
        replay("rtp_header", super::rtp_header);
        replay("rtp_extensions", super::rtp_extensions);
    }

    #[test]
    fn every_kept_payload_is_read() {
        replay("vp8", super::vp8);
        replay("h264", super::h264);
    }

    #[test]
    fn every_kept_script_is_rewritten() {
        replay("rewriter", super::rewriter);
    }

    #[test]
    fn every_kept_row_of_datagrams_is_survived_by_the_handshake() {
        for target in ["demux", "transport_before_ice", "transport_after_ice"] {
            replay(target, super::demux);
            replay(target, super::transport_before_ice);
            replay(target, super::transport_after_ice);
        }
    }

    proptest::proptest! {
        /// Random bytes die in the demultiplexer; spoilt handshakes reach what lies behind it.
        #[test]
        fn any_spoilt_row_of_datagrams_is_survived_by_the_handshake(
            which in 0_usize..1000,
            changes in proptest::collection::vec((0_usize..1000, proptest::num::u8::ANY), 0..12),
        ) {
            let kept = kept("transport_after_ice");
            let mut bytes = kept[which % kept.len()].clone();
            for (position, value) in changes {
                let position = position % bytes.len();
                bytes[position] = value;
            }
            super::demux(&bytes);
            super::transport_before_ice(&bytes);
            super::transport_after_ice(&bytes);
        }
    }
}
