//! From the block the DTLS handshake exports to the session keys of both directions.
//!
//! Key derivation is RFC 3711 section 4.3 with a derivation rate of zero: one set of session keys
//! for the life of the master key.

use super::context::{SrtpIn, SrtpOut};
use aes::cipher::{InnerIvInit, KeyInit, StreamCipher, StreamCipherCoreWrapper};
use ctr::CtrCore;
use ctr::flavors::Ctr128BE;

/// What was negotiated in `use_srtp` (RFC 5764 4.1.2, RFC 7714 14.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// SRTP_AES128_CM_HMAC_SHA1_80.
    Aes128CmSha1,
    /// SRTP_AEAD_AES_128_GCM.
    Aes128Gcm,
    /// SRTP_AEAD_AES_256_GCM.
    Aes256Gcm,
}

impl Profile {
    /// Every profile, for tests and tables.
    pub const ALL: [Self; 3] = [Self::Aes128CmSha1, Self::Aes128Gcm, Self::Aes256Gcm];

    /// Bytes of a master key, and of the session key derived from it.
    pub const fn key_length(self) -> usize {
        match self {
            Self::Aes128CmSha1 | Self::Aes128Gcm => 16,
            Self::Aes256Gcm => 32,
        }
    }

    /// Bytes of a master salt, and of the session salt derived from it.
    pub const fn salt_length(self) -> usize {
        match self {
            Self::Aes128CmSha1 => 14,
            Self::Aes128Gcm | Self::Aes256Gcm => 12,
        }
    }

    /// Bytes the DTLS exporter gives for both ends together.
    pub const fn exported_length(self) -> usize {
        match self {
            Self::Aes128CmSha1 => 60,
            Self::Aes128Gcm => 56,
            Self::Aes256Gcm => 88,
        }
    }

    /// Bytes a sealed RTP packet is longer than the clear one.
    pub const fn rtp_overhead(self) -> usize {
        match self {
            Self::Aes128CmSha1 => super::counter_mode::TAG_LENGTH,
            Self::Aes128Gcm | Self::Aes256Gcm => super::gcm::TAG_LENGTH,
        }
    }

    /// Bytes a sealed RTCP compound is longer than the clear one: the tag and the index word.
    pub const fn rtcp_overhead(self) -> usize {
        match self {
            Self::Aes128CmSha1 => 14,
            Self::Aes128Gcm | Self::Aes256Gcm => 20,
        }
    }
}

/// Which end of the DTLS handshake we were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// We answered the handshake: read with the client's keys, write with the server's.
    Server,
    /// We opened the handshake; the simulated clients do.
    Client,
}

/// The exported block does not have the length its profile demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongLength {
    /// What the profile demands.
    pub expected: usize,
    /// What was given.
    pub given: usize,
}

impl std::fmt::Display for WrongLength {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "keying material of {} bytes where {} are needed",
            self.given, self.expected
        )
    }
}

impl std::error::Error for WrongLength {}

const EXPORTED_MAX: usize = Profile::Aes256Gcm.exported_length();

/// What the DTLS handshake exports: client key, server key, client salt, server salt (RFC 5764 4.2).
#[derive(Clone)]
pub struct KeyingMaterial {
    profile: Profile,
    bytes: [u8; EXPORTED_MAX],
}

impl KeyingMaterial {
    /// Takes the exporter's block, which must have exactly the profile's length.
    pub fn new(profile: Profile, exported: &[u8]) -> Result<Self, WrongLength> {
        let wrong = WrongLength {
            expected: profile.exported_length(),
            given: exported.len(),
        };
        let mut bytes = [0; EXPORTED_MAX];
        match bytes.get_mut(..exported.len()) {
            Some(room) if wrong.expected == wrong.given => room.copy_from_slice(exported),
            _ => return Err(wrong),
        }
        Ok(Self { profile, bytes })
    }

    /// The profile both ends agreed on.
    pub const fn profile(&self) -> Profile {
        self.profile
    }

    /// The contexts to read and to write with.
    pub fn contexts(&self, role: Role) -> (SrtpIn, SrtpOut) {
        let [client, server] = self.masters();
        let (theirs, ours) = match role {
            Role::Server => (client, server),
            Role::Client => (server, client),
        };
        (
            SrtpIn::new(self.profile, &theirs),
            SrtpOut::new(self.profile, &ours),
        )
    }

    fn masters(&self) -> [Master<'_>; 2] {
        let (client_key, rest) = cut(&self.bytes, self.profile.key_length());
        let (server_key, rest) = cut(rest, self.profile.key_length());
        let (client_salt, rest) = cut(rest, self.profile.salt_length());
        let (server_salt, _) = cut(rest, self.profile.salt_length());
        [
            Master {
                key: client_key,
                salt: client_salt,
            },
            Master {
                key: server_key,
                salt: server_salt,
            },
        ]
    }
}

/// `split_at` for lengths that a table above guarantees.
fn cut(bytes: &[u8], length: usize) -> (&[u8], &[u8]) {
    bytes.split_at_checked(length).unwrap_or((bytes, &[]))
}

impl std::fmt::Debug for KeyingMaterial {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("KeyingMaterial")
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// One end's master key and salt.
pub(super) struct Master<'a> {
    pub(super) key: &'a [u8],
    pub(super) salt: &'a [u8],
}

/// RFC 3711 4.3.1; the RTCP labels follow the RTP ones.
#[derive(Clone, Copy)]
pub(super) enum Label {
    RtpEncryption = 0,
    RtpAuthentication = 1,
    RtpSalt = 2,
    RtcpEncryption = 3,
    RtcpAuthentication = 4,
    RtcpSalt = 5,
}

impl Master<'_> {
    /// The first `LENGTH` bytes of the pseudo-random function of RFC 3711 4.3.3.
    ///
    /// A salt of 12 bytes is padded with zeros on the right to the 14 that the function works on
    /// (RFC 7714 section 11), so the label falls on byte 7 in every profile.
    pub(super) fn derive<const LENGTH: usize>(&self, label: Label) -> [u8; LENGTH] {
        const LABEL_AT: usize = 7;
        let mut block = [0_u8; 16];
        for (position, (byte, salt)) in block.iter_mut().zip(self.salt).enumerate() {
            *byte = if position == LABEL_AT {
                salt ^ label as u8
            } else {
                *salt
            };
        }
        let mut derived = [0; LENGTH];
        if let Ok(cipher) = aes::Aes256Enc::new_from_slice(self.key) {
            let core = CtrCore::<_, Ctr128BE>::inner_iv_init(cipher, &block.into());
            StreamCipherCoreWrapper::from_core(core).apply_keystream(&mut derived);
        } else if let Ok(cipher) = aes::Aes128Enc::new_from_slice(self.key) {
            let core = CtrCore::<_, Ctr128BE>::inner_iv_init(cipher, &block.into());
            StreamCipherCoreWrapper::from_core(core).apply_keystream(&mut derived);
        }
        derived
    }
}
