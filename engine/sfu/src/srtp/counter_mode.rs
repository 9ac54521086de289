//! AES-128 in counter mode with HMAC-SHA1-80 (RFC 3711 4.1.1, 4.2.1): one session key pair.

use super::OpenError;
use super::keys::{Label, Master};
use aes::cipher::{InnerIvInit, KeyInit, StreamCipher, StreamCipherCoreWrapper};
use ctr::CtrCore;
use ctr::flavors::Ctr128BE;
use hmac::Mac;

pub(super) const TAG_LENGTH: usize = 10;
const AUTHENTICATION_KEY_LENGTH: usize = 20;

type HmacSha1 = hmac::Hmac<sha1::Sha1>;

pub(super) struct Key {
    cipher: aes::Aes128Enc,
    /// Keyed once; a clone per packet saves the two blocks of hashing the padded key.
    hmac: HmacSha1,
    salt: [u8; 14],
}

impl Key {
    pub(super) fn new(
        master: &Master<'_>,
        encryption: Label,
        authentication: Label,
        salt: Label,
    ) -> Self {
        Self::from_session(
            master.derive(encryption),
            &master.derive(authentication),
            master.derive(salt),
        )
    }

    pub(super) fn from_session(
        encryption: [u8; 16],
        authentication: &[u8; AUTHENTICATION_KEY_LENGTH],
        salt: [u8; 14],
    ) -> Self {
        Self {
            cipher: aes::Aes128Enc::new(&encryption.into()),
            hmac: keyed(authentication),
            salt,
        }
    }

    /// Encrypts `text` where it lies; gives the tag over `header`, the result and `suffix`.
    pub(super) fn seal(
        &self,
        ssrc: u32,
        index: u64,
        header: &[u8],
        text: &mut [u8],
        suffix: [u8; 4],
    ) -> [u8; TAG_LENGTH] {
        self.apply_keystream(ssrc, index, text);
        let whole = self
            .authenticate(header, text, suffix)
            .finalize()
            .into_bytes();
        let mut tag = [0; TAG_LENGTH];
        for (byte, computed) in tag.iter_mut().zip(whole) {
            *byte = computed;
        }
        tag
    }

    /// Verifies in constant time, then decrypts where the cipher text lies.
    pub(super) fn open(
        &self,
        ssrc: u32,
        index: u64,
        header: &[u8],
        text: &mut [u8],
        suffix: [u8; 4],
        tag: &[u8; TAG_LENGTH],
    ) -> Result<(), OpenError> {
        self.authenticate(header, text, suffix)
            .verify_truncated_left(tag)
            .map_err(|_| OpenError::Forged)?;
        self.apply_keystream(ssrc, index, text);
        Ok(())
    }

    fn authenticate(&self, header: &[u8], text: &[u8], suffix: [u8; 4]) -> HmacSha1 {
        self.hmac
            .clone()
            .chain_update(header)
            .chain_update(text)
            .chain_update(suffix)
    }

    /// RFC 3711 4.1.1: salt, ssrc and index each at their shift, the low 16 bits count blocks.
    fn apply_keystream(&self, ssrc: u32, index: u64, text: &mut [u8]) {
        let [_, _, index @ ..] = index.to_be_bytes();
        let mut block = [0_u8; 16];
        for (byte, salt) in block.iter_mut().zip(self.salt) {
            *byte = salt;
        }
        let plain = ssrc.to_be_bytes().into_iter().chain(index);
        for (byte, plain) in block.iter_mut().skip(4).zip(plain) {
            *byte ^= plain;
        }
        let core = CtrCore::<_, Ctr128BE>::inner_iv_init(&self.cipher, &block.into());
        StreamCipherCoreWrapper::from_core(core).apply_keystream(text);
    }
}

/// RFC 2104 pads a short key with zeros to the hash's block of 64 bytes.
fn keyed(key: &[u8; AUTHENTICATION_KEY_LENGTH]) -> HmacSha1 {
    let mut block = [0_u8; 64];
    for (byte, key) in block.iter_mut().zip(key) {
        *byte = *key;
    }
    HmacSha1::new(&block.into())
}
