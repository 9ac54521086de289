//! DTLS whose retransmission times a seed decides.
//!
//! The stock provider draws the jitter of its timers from the system. Here the same
//! implementation is given a seed, drawn from a generator of the thread that a world sets.
//! Keys and signatures stay random and change no time, except that the DER form of a signature
//! varies by a byte or two: a handshake over a link with a rate repeats only almost.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use str0m::crypto::dtls::{
    DtlsCert, DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, ProtocolVersion,
};
use str0m::crypto::{CryptoError, CryptoProvider, from_feature_flags};
use veche_sfu::transport::dtls::capture;

use crate::rng::Rng;

thread_local! {
    static SEEDS: RefCell<Rng> = RefCell::new(Rng::new(0));
}

/// Handshakes begun on this thread from now on draw from this generator.
pub fn seed_handshakes(rng: Rng) {
    SEEDS.set(rng);
}

/// The stock cryptography with seeded timers, and the joint that copies the keys out.
pub fn seeded_provider() -> CryptoProvider {
    static SEEDED: SeededProvider = SeededProvider;
    CryptoProvider {
        dtls_provider: &SEEDED,
        ..from_feature_flags()
    }
}

#[derive(Debug)]
struct SeededProvider;

impl DtlsProvider for SeededProvider {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        from_feature_flags().dtls_provider.generate_certificate()
    }

    fn new_dtls(
        &self,
        certificate: &DtlsCert,
        now: Instant,
        _: DtlsVersion,
        mtu: Option<usize>,
    ) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        let certificate = dimpl::DtlsCertificate {
            certificate: certificate.certificate.clone(),
            private_key: certificate.private_key.clone(),
        };
        let config = dimpl::Config::builder()
            .use_server_cookie(false)
            .mtu(mtu.unwrap_or(str0m::DATAGRAM_MTU_TARGET))
            .dangerously_set_rng_seed(SEEDS.with_borrow_mut(Rng::next))
            .build()
            .map_err(|error| CryptoError::Other(error.to_string()))?;
        let dtls = dimpl::Dtls::new_12(Arc::new(config), certificate, now);
        Ok(capture(Box::new(Seeded(dtls))))
    }
}

struct Seeded(dimpl::Dtls);

impl fmt::Debug for Seeded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Seeded")
    }
}

impl DtlsInstance for Seeded {
    fn set_active(&mut self, active: bool) {
        self.0.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.0.handle_packet(packet)
    }

    fn poll_output<'a>(&mut self, buffer: &'a mut [u8]) -> DtlsOutput<'a> {
        self.0.poll_output(buffer)
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.0.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.0.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.0.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.0.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.0.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.0.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.0.close()
    }
}
