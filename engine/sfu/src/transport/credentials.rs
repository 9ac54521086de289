//! Who we are and who the peer says it is: ICE credentials and certificate fingerprints.
//!
//! Parsed once at the edge into values that cannot be malformed. Passwords and keys never
//! appear in a debug representation.

use std::fmt;
use std::sync::Arc;

use str0m::IceCreds;
use str0m::crypto::dtls::DtlsCert;
use str0m::crypto::{CryptoProvider, Fingerprint as StockFingerprint};

use super::dtls;

const UFRAG_LETTERS: std::ops::RangeInclusive<usize> = 4..=256;
const PASSWORD_LETTERS: std::ops::RangeInclusive<usize> = 22..=256;
const SHA_256_BYTES: usize = 32;

/// A username fragment and password (RFC 8445 section 5.3).
#[derive(Clone, PartialEq, Eq)]
pub struct IceCredentials {
    ufrag: String,
    password: String,
}

/// Why a peer's description was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Not 4 to 256 letters, digits, `+` or `/`.
    Ufrag,
    /// Not 22 to 256 letters, digits, `+` or `/`.
    Password,
    /// Not `sha-256` followed by 32 hexadecimal bytes.
    Fingerprint,
}

impl IceCredentials {
    /// Checks the grammar of RFC 8839 section 5.4.
    pub fn new(ufrag: &str, password: &str) -> Result<Self, Malformed> {
        let is_ice_text = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        };
        if !UFRAG_LETTERS.contains(&ufrag.len()) || !is_ice_text(ufrag) {
            return Err(Malformed::Ufrag);
        }
        if !PASSWORD_LETTERS.contains(&password.len()) || !is_ice_text(password) {
            return Err(Malformed::Password);
        }
        Ok(Self {
            ufrag: ufrag.into(),
            password: password.into(),
        })
    }

    /// The public half.
    pub fn ufrag(&self) -> &str {
        &self.ufrag
    }

    pub(super) fn to_stock(&self) -> IceCreds {
        IceCreds {
            ufrag: self.ufrag.clone(),
            pass: self.password.clone(),
        }
    }
}

impl fmt::Debug for IceCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("IceCredentials")
            .field("ufrag", &self.ufrag)
            .finish_non_exhaustive()
    }
}

/// SHA-256 of a certificate, the only function accepted: SHA-1 has collisions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; SHA_256_BYTES]);

impl Fingerprint {
    /// Reads the value of an SDP attribute: `sha-256 AB:CD:…` (RFC 8122 section 5).
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let (function, digest) = text.trim().split_once(' ').ok_or(Malformed::Fingerprint)?;
        if !function.eq_ignore_ascii_case("sha-256") {
            return Err(Malformed::Fingerprint);
        }
        let mut bytes = [0; SHA_256_BYTES];
        let mut pairs = digest.split(':');
        for byte in &mut bytes {
            *byte = pairs
                .next()
                .and_then(hexadecimal_byte)
                .ok_or(Malformed::Fingerprint)?;
        }
        match pairs.next() {
            None => Ok(Self(bytes)),
            Some(_) => Err(Malformed::Fingerprint),
        }
    }

    pub(super) fn to_stock(self) -> StockFingerprint {
        StockFingerprint {
            hash_func: "sha-256".into(),
            bytes: self.0.to_vec(),
        }
    }
}

fn hexadecimal_byte(pair: &str) -> Option<u8> {
    let is_pair = pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_pair.then(|| u8::from_str_radix(pair, 16).ok()).flatten()
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("sha-256 ")?;
        for (position, byte) in self.0.iter().enumerate() {
            let colon = if position == 0 { "" } else { ":" };
            write!(formatter, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Our DTLS certificate, one for the life of the process, and the cryptography behind it.
#[derive(Clone)]
pub struct Identity {
    pub(super) certificate: DtlsCert,
    pub(super) crypto: Arc<CryptoProvider>,
    fingerprint: Fingerprint,
}

impl Identity {
    /// Makes a self-signed certificate. `None` when the system's randomness fails.
    pub fn generate() -> Option<Self> {
        Self::generate_with(dtls::capturing_provider())
    }

    /// The same with other cryptography, whose connections must be wrapped by [`dtls::capture`].
    pub fn generate_with(crypto: CryptoProvider) -> Option<Self> {
        let certificate = crypto.dtls_provider.generate_certificate()?;
        let fingerprint = Fingerprint(crypto.sha256_provider.sha256(&certificate.certificate));
        Some(Self {
            certificate,
            crypto: Arc::new(crypto),
            fingerprint,
        })
    }

    /// What the peer must be told.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Identity")
            .field(&self.fingerprint)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_keep_to_the_grammar_and_its_lengths() {
        let letters = |count: usize| "a".repeat(count);
        for (ufrag, is_taken) in [(3, false), (4, true), (256, true), (257, false)] {
            let result = IceCredentials::new(&letters(ufrag), &letters(22));
            assert_eq!(result.is_ok(), is_taken, "{ufrag}");
        }
        for (password, is_taken) in [(21, false), (22, true), (256, true), (257, false)] {
            let result = IceCredentials::new("abcd", &letters(password));
            assert_eq!(result.is_ok(), is_taken, "{password}");
        }
        let colon = IceCredentials::new("ab:cd", &letters(22));
        assert_eq!(colon, Err(Malformed::Ufrag));
        let space = IceCredentials::new("a+/9", "a password with spaces in it");
        assert_eq!(space, Err(Malformed::Password));
    }

    #[test]
    fn a_password_is_not_shown() {
        let credentials = IceCredentials::new("abcd", "secretsecretsecretsecret").unwrap();
        assert!(!format!("{credentials:?}").contains("secret"));
    }

    #[test]
    fn a_fingerprint_is_read_as_it_is_written() {
        let fingerprint = Identity::generate().unwrap().fingerprint();
        let text = fingerprint.to_string();
        assert_eq!(Fingerprint::parse(&text), Ok(fingerprint));
        assert_eq!(Fingerprint::parse(&text.to_lowercase()), Ok(fingerprint));
    }

    #[test]
    fn a_fingerprint_of_another_function_or_length_is_refused() {
        let bytes = |count: usize| vec!["AB"; count].join(":");
        assert!(Fingerprint::parse(&format!("sha-256 {}", bytes(32))).is_ok());
        for text in [
            format!("sha-256 {}", bytes(31)),
            format!("sha-256 {}", bytes(33)),
            format!("sha-1 {}", bytes(20)),
            format!("sha-256 {}", bytes(32).replace("AB", "+B")),
            format!("sha-256 {}", bytes(32).replace(':', "")),
            String::new(),
        ] {
            assert_eq!(
                Fingerprint::parse(&text),
                Err(Malformed::Fingerprint),
                "{text}"
            );
        }
    }
}
