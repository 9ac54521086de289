//! AES-GCM for SRTP (RFC 7714): one session key with its salt.

use super::keys::{Label, Master, Profile};
use super::{OpenError, SealError};
use ring::aead;

pub(super) const TAG_LENGTH: usize = 16;
const NONCE_LENGTH: usize = 12;

pub(super) struct Key {
    key: aead::LessSafeKey,
    salt: [u8; NONCE_LENGTH],
}

impl Key {
    /// `None` for a profile that is not AEAD.
    pub(super) fn new(
        profile: Profile,
        master: &Master<'_>,
        encryption: Label,
        salt: Label,
    ) -> Option<Self> {
        let salt = master.derive(salt);
        match profile {
            Profile::Aes128CmSha1 => None,
            Profile::Aes128Gcm => {
                Self::from_session(&aead::AES_128_GCM, &master.derive::<16>(encryption), salt)
            }
            Profile::Aes256Gcm => {
                Self::from_session(&aead::AES_256_GCM, &master.derive::<32>(encryption), salt)
            }
        }
    }

    /// `None` if the key is not as long as the algorithm demands.
    pub(super) fn from_session(
        algorithm: &'static aead::Algorithm,
        key: &[u8],
        salt: [u8; NONCE_LENGTH],
    ) -> Option<Self> {
        let unbound = aead::UnboundKey::new(algorithm, key).ok()?;
        Some(Self {
            key: aead::LessSafeKey::new(unbound),
            salt,
        })
    }

    /// Encrypts `text` where it lies and gives the tag over `aad` and the result.
    pub(super) fn seal(
        &self,
        ssrc: u32,
        index: u64,
        aad: &[u8],
        text: &mut [u8],
    ) -> Result<[u8; TAG_LENGTH], SealError> {
        let nonce = aead::Nonce::assume_unique_for_key(self.nonce(ssrc, index));
        let tag = self
            .key
            .seal_in_place_separate_tag(nonce, aead::Aad::from(aad), text)
            .map_err(|_| SealError::BadLength)?;
        <[u8; TAG_LENGTH]>::try_from(tag.as_ref()).map_err(|_| SealError::BadLength)
    }

    /// Verifies, then leaves the clear text where the cipher text lay.
    pub(super) fn open(
        &self,
        ssrc: u32,
        index: u64,
        aad: &[u8],
        text: &mut [u8],
        tag: [u8; TAG_LENGTH],
    ) -> Result<(), OpenError> {
        let nonce = aead::Nonce::assume_unique_for_key(self.nonce(ssrc, index));
        self.key
            .open_in_place_separate_tag(nonce, aead::Aad::from(aad), tag.into(), text, 0..)
            .map(|_| ())
            .map_err(|_| OpenError::Forged)
    }

    /// Two zero bytes, ssrc, 48-bit index, all under the salt. RTP writes its index as roll-over
    /// counter and sequence number (RFC 7714 8.1), RTCP as two zero bytes and 31 bits (9.1): the
    /// same twelve bytes.
    fn nonce(&self, ssrc: u32, index: u64) -> [u8; NONCE_LENGTH] {
        let [_, _, index @ ..] = index.to_be_bytes();
        let plain = ssrc.to_be_bytes().into_iter().chain(index);
        let mut nonce = self.salt;
        for (byte, plain) in nonce.iter_mut().skip(2).zip(plain) {
            *byte ^= plain;
        }
        nonce
    }
}
