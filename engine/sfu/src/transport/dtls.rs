//! A joint in the DTLS provider: SRTP keys are copied out, the SCTP inside is looked at once.
//!
//! The stock provider does the work. Its instances are wrapped so that the exporter's block
//! (RFC 5764 section 4.2) is kept for the owner, who has no other way to it, and so that a
//! packet naming an SCTP stream beyond the limit never reaches the association.
//!
//! The block waits in a variable of the thread: `poll_output` of the connection puts it there
//! and `Transport` takes it before it returns from the same call, so it cannot reach another
//! connection, and a connection may move between threads from one turn to the next.

use std::cell::RefCell;
use std::fmt;
use std::time::Instant;

use str0m::crypto::dtls::{
    DtlsCert, DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, ProtocolVersion,
    SrtpProfile,
};
use str0m::crypto::{CryptoError, CryptoProvider, from_feature_flags};

use super::limits::STREAMS;
use crate::srtp::{KeyingMaterial, Profile};

thread_local! {
    static EXPORTED: RefCell<Option<KeyingMaterial>> = const { RefCell::new(None) };
}

/// The keys exported since the last call on this thread.
pub fn take_exported() -> Option<KeyingMaterial> {
    EXPORTED.with_borrow_mut(Option::take)
}

/// The stock cryptography with our joint in it.
pub fn capturing_provider() -> CryptoProvider {
    static CAPTURING: CapturingProvider = CapturingProvider;
    CryptoProvider {
        dtls_provider: &CAPTURING,
        ..from_feature_flags()
    }
}

#[derive(Debug)]
struct CapturingProvider;

impl DtlsProvider for CapturingProvider {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        from_feature_flags().dtls_provider.generate_certificate()
    }

    fn new_dtls(
        &self,
        certificate: &DtlsCert,
        now: Instant,
        version: DtlsVersion,
        mtu: Option<usize>,
    ) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        let stock = from_feature_flags()
            .dtls_provider
            .new_dtls(certificate, now, version, mtu)?;
        Ok(capture(stock))
    }
}

/// Puts the joint around a connection.
pub fn capture(stock: Box<dyn DtlsInstance>) -> Box<dyn DtlsInstance> {
    Box::new(CapturingInstance { stock })
}

struct CapturingInstance {
    stock: Box<dyn DtlsInstance>,
}

impl fmt::Debug for CapturingInstance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CapturingInstance")
    }
}

impl DtlsInstance for CapturingInstance {
    fn set_active(&mut self, active: bool) {
        self.stock.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.stock.handle_packet(packet)
    }

    fn poll_output<'a>(&mut self, buffer: &'a mut [u8]) -> DtlsOutput<'a> {
        let output = self.stock.poll_output(buffer);
        match output {
            DtlsOutput::KeyingMaterial(material, profile) => {
                EXPORTED.set(keying_material(profile, &material));
                DtlsOutput::KeyingMaterial(material, profile)
            }
            // An empty packet has no SCTP header and is ignored by the association.
            DtlsOutput::ApplicationData(packet) if !stays_within_streams(packet) => {
                DtlsOutput::ApplicationData(&[])
            }
            output => output,
        }
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.stock.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.stock.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.stock.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.stock.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.stock.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.stock.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.stock.close()
    }
}

fn keying_material(profile: SrtpProfile, exported: &[u8]) -> Option<KeyingMaterial> {
    let profile = match profile {
        SrtpProfile::AES128_CM_SHA1_80 => Profile::Aes128CmSha1,
        SrtpProfile::AEAD_AES_128_GCM => Profile::Aes128Gcm,
        SrtpProfile::AEAD_AES_256_GCM => Profile::Aes256Gcm,
        _ => return None,
    };
    KeyingMaterial::new(profile, exported).ok()
}

/// True unless a DATA or I-DATA chunk names a stream beyond the limit (RFC 9260 section 3.3.1,
/// RFC 8260 section 2.1: both have the stream identifier eight bytes into the chunk).
fn stays_within_streams(packet: &[u8]) -> bool {
    const COMMON_HEADER_BYTES: usize = 12;
    const CHUNK_HEADER_BYTES: usize = 4;
    const DATA: u8 = 0;
    const I_DATA: u8 = 64;
    let mut chunks = packet.get(COMMON_HEADER_BYTES..).unwrap_or_default();
    while let Some((&[kind, _, length_high, length_low], _)) = chunks.split_first_chunk() {
        if matches!(kind, DATA | I_DATA)
            && let Some(&[high, low]) = chunks.get(8..10)
            && u16::from_be_bytes([high, low]) >= STREAMS
        {
            return false;
        }
        let length = usize::from(u16::from_be_bytes([length_high, length_low]));
        if length < CHUNK_HEADER_BYTES {
            break; // The association refuses the rest.
        }
        chunks = chunks.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(chunks: &[(u8, u16)]) -> Vec<u8> {
        let mut packet = vec![0; 12];
        for (kind, stream) in chunks {
            packet.extend([*kind, 3, 0, 17, 0, 0, 0, 1]);
            packet.extend(stream.to_be_bytes());
            packet.extend([0; 10]);
        }
        packet
    }

    #[test]
    fn a_chunk_beyond_the_last_stream_is_found_wherever_it_stands() {
        assert!(stays_within_streams(&packet(&[(0, STREAMS - 1), (64, 0)])));
        assert!(!stays_within_streams(&packet(&[(0, STREAMS)])));
        assert!(!stays_within_streams(&packet(&[(0, 0), (64, STREAMS + 1)])));
        // A selective acknowledgement has other things there.
        assert!(stays_within_streams(&packet(&[(3, STREAMS)])));
    }

    #[test]
    fn a_chunk_without_length_or_end_stops_the_walk() {
        let mut chunks = packet(&[(3, 0), (0, STREAMS)]);
        chunks[14..16].copy_from_slice(&[0, 0]);
        assert!(stays_within_streams(&chunks));
        for length in 0..chunks.len() {
            stays_within_streams(&chunks[..length]);
        }
        assert!(stays_within_streams(&[]));
    }
}
