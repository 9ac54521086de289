//! The same packets through other hands: libsrtp, which every browser carries, by recorded
//! vectors; aws-lc, which we carry for DTLS, over whatever proptest thinks of.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails, as it should"
)]

use super::rfc_vectors::hex;
use super::{KeyingMaterial, Profile, Role, SrtpOut, rtp_header_length};
use proptest::prelude::*;
use str0m_proto::crypto::{AeadAes128Gcm, Aes128CmSha1_80, CryptoProvider};

struct Recorded {
    keys: KeyingMaterial,
    is_rtcp: bool,
    index: u64,
    clear: Vec<u8>,
    sealed: Vec<u8>,
}

fn recorded() -> Vec<Recorded> {
    include_str!("../../testdata/libsrtp_vectors.txt")
        .lines()
        .map(|line| {
            let fields: Vec<&str> = line.split(' ').collect();
            let &[profile, exported, kind, index, clear, sealed] = &*fields else {
                panic!("six fields")
            };
            let profile = match profile {
                "cm128" => Profile::Aes128CmSha1,
                "gcm128" => Profile::Aes128Gcm,
                _ => Profile::Aes256Gcm,
            };
            Recorded {
                keys: KeyingMaterial::new(profile, &hex(exported)).expect("its length"),
                is_rtcp: kind == "rtcp",
                index: index.parse().expect("a number"),
                clear: hex(clear),
                sealed: hex(sealed),
            }
        })
        .collect()
}

#[test]
fn what_libsrtp_sealed_is_opened() {
    for packet in recorded() {
        let (mut incoming, _) = packet.keys.contexts(Role::Server);
        let mut bytes = packet.sealed.clone();
        let length = if packet.is_rtcp {
            incoming.open_rtcp(&mut bytes)
        } else {
            let header_length = rtp_header_length(&bytes).expect("a header");
            incoming.open_rtp(header_length, packet.index, &mut bytes)
        };
        assert_eq!(length, Ok(packet.clear.len()));
        assert_eq!(bytes[..packet.clear.len()], packet.clear);
    }
}

#[test]
fn libsrtp_would_have_sealed_every_byte_alike() {
    for packet in recorded() {
        let (_, mut outgoing) = packet.keys.contexts(Role::Client);
        let mut bytes = packet.clear.clone();
        if packet.is_rtcp {
            // Indexes from zero on belong to the packets before this one.
            for _ in 0..packet.index {
                outgoing
                    .seal_rtcp(&mut vec![0; 8 + outgoing.rtcp_overhead()])
                    .expect("room");
            }
            bytes.resize(bytes.len() + outgoing.rtcp_overhead(), 0);
            outgoing.seal_rtcp(&mut bytes).expect("room");
        } else {
            let header_length = rtp_header_length(&bytes).expect("a header");
            bytes.resize(bytes.len() + outgoing.rtp_overhead(), 0);
            outgoing
                .seal_rtp(header_length, packet.index, &mut bytes)
                .expect("room");
        }
        assert_eq!(bytes, packet.sealed);
    }
}

/// RTP and RTCP of one payload, by aws-lc and the formulas that str0m writes them with.
struct Theirs {
    provider: CryptoProvider,
    profile: Profile,
    key: Vec<u8>,
    salt: Vec<u8>,
}

impl Theirs {
    /// The key derivation function on single blocks of AES.
    fn derive(&self, label: u8, length: usize) -> Vec<u8> {
        let mut block = [0; 16];
        block[..self.salt.len()].copy_from_slice(&self.salt);
        block[7] ^= label;
        let srtp = self.provider.srtp_provider;
        let mut derived = Vec::new();
        for counter in 0..=length / 16 {
            block[15] = u8::try_from(counter).expect("a few blocks");
            let mut output = [0; 32];
            match self.key.len() {
                16 => srtp.srtp_aes_128_ecb_round(&self.key, &block, &mut output),
                _ => srtp.srtp_aes_256_ecb_round(&self.key, &block, &mut output),
            }
            derived.extend_from_slice(&output[..16]);
        }
        derived.truncate(length);
        derived
    }

    fn encrypt_gcm(&self, key: &[u8], iv: &[u8; 12], aad: &[u8], text: &[u8]) -> Vec<u8> {
        let srtp = self.provider.srtp_provider;
        let mut output = vec![0; text.len() + 16];
        let outcome = if let Ok(key) = <[u8; 16]>::try_from(key) {
            srtp.aead_aes_128_gcm()
                .create_cipher(key, true)
                .encrypt(iv, aad, text, &mut output)
        } else {
            let key = key.try_into().expect("32 bytes");
            srtp.aead_aes_256_gcm()
                .create_cipher(key, true)
                .encrypt(iv, aad, text, &mut output)
        };
        outcome.expect("sealed");
        output
    }

    fn encrypt_cm(&self, key: &[u8], iv: &[u8; 16], text: &[u8]) -> Vec<u8> {
        let factory = self.provider.srtp_provider.aes_128_cm_sha1_80();
        let mut output = vec![0; text.len()];
        let key = key.try_into().expect("16 bytes");
        factory
            .create_cipher(key, true)
            .encrypt(iv, text, &mut output)
            .expect("encrypted");
        output
    }

    fn sha1_hmac(&self, key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
        self.provider.sha1_hmac_provider.sha1_hmac(key, parts)
    }

    fn seal_rtp(&self, index: u64, header: &[u8], text: &[u8]) -> Vec<u8> {
        let ssrc = u32::from_be_bytes(header[8..12].try_into().expect("four bytes"));
        let key = self.derive(0, self.profile.key_length());
        let salt = self.derive(2, self.profile.salt_length());
        if self.profile != Profile::Aes128CmSha1 {
            let roll_over = u32::try_from(index >> 16).expect("32 bits");
            let sequence = u16::try_from(index & 0xffff).expect("16 bits");
            let salt = salt.try_into().expect("12 bytes");
            let iv = AeadAes128Gcm::rtp_iv(salt, ssrc, roll_over, sequence);
            return [header, &self.encrypt_gcm(&key, &iv, header, text)].concat();
        }
        let iv = Aes128CmSha1_80::rtp_iv(salt.try_into().expect("14 bytes"), ssrc, index);
        let mut packet = [header, &self.encrypt_cm(&key, &iv, text), &[0; 10]].concat();
        let end = header.len() + text.len();
        let hmac = |key: &[u8], parts: &[&[u8]]| self.sha1_hmac(key, parts);
        Aes128CmSha1_80::rtp_hmac(hmac, &self.derive(1, 20), &mut packet, index, end);
        packet
    }

    fn seal_rtcp(&self, index: u32, header: &[u8], text: &[u8]) -> Vec<u8> {
        let ssrc = u32::from_be_bytes(header[4..8].try_into().expect("four bytes"));
        let key = self.derive(3, self.profile.key_length());
        let salt = self.derive(5, self.profile.salt_length());
        let word = (index | 1 << 31).to_be_bytes();
        if self.profile != Profile::Aes128CmSha1 {
            let iv = AeadAes128Gcm::rtcp_iv(salt.try_into().expect("12 bytes"), ssrc, index);
            let aad = [header, &word].concat();
            return [header, &self.encrypt_gcm(&key, &iv, &aad, text), &word].concat();
        }
        let salt = salt.try_into().expect("14 bytes");
        let iv = Aes128CmSha1_80::rtp_iv(salt, ssrc, u64::from(index));
        let mut packet = [header, &self.encrypt_cm(&key, &iv, text), &word, &[0; 10]].concat();
        let end = packet.len() - 10;
        let hmac = |key: &[u8], parts: &[&[u8]]| self.sha1_hmac(key, parts);
        Aes128CmSha1_80::rtcp_hmac(hmac, &self.derive(4, 20), &mut packet, end);
        packet
    }
}

fn both(profile: Profile, exported: &[u8]) -> (Theirs, SrtpOut) {
    let (key, salt) = (profile.key_length(), profile.salt_length());
    let theirs = Theirs {
        provider: str0m::crypto::from_feature_flags(),
        profile,
        key: exported[key..2 * key].to_vec(),
        salt: exported[2 * key + salt..2 * (key + salt)].to_vec(),
    };
    let material = KeyingMaterial::new(profile, exported).expect("its length");
    (theirs, material.contexts(Role::Server).1)
}

fn keys() -> impl Strategy<Value = (Profile, Vec<u8>)> {
    prop::sample::select(Profile::ALL.to_vec()).prop_flat_map(|profile| {
        let exported = prop::collection::vec(any::<u8>(), profile.exported_length());
        (Just(profile), exported)
    })
}

proptest! {
    #[test]
    fn aws_lc_would_have_sealed_every_rtp_byte_alike(
        (profile, exported) in keys(),
        index in 0..=super::INDEX_MAX,
        mut header in prop::array::uniform12(any::<u8>()),
        text in prop::collection::vec(any::<u8>(), 0..1500),
    ) {
        let (theirs, ours) = both(profile, &exported);
        header[2..4].copy_from_slice(&index.to_be_bytes()[6..]);
        let mut packet = [&header[..], &text, &vec![0; ours.rtp_overhead()]].concat();
        ours.seal_rtp(12, index, &mut packet).expect("room");
        prop_assert_eq!(packet, theirs.seal_rtp(index, &header, &text));
    }

    #[test]
    fn aws_lc_would_have_sealed_every_rtcp_byte_alike(
        (profile, exported) in keys(),
        index in 0_u32..5,
        header in prop::array::uniform8(any::<u8>()),
        text in prop::collection::vec(any::<u8>(), 0..1500),
    ) {
        let (theirs, mut ours) = both(profile, &exported);
        let clear = [&header[..], &text, &vec![0; ours.rtcp_overhead()]].concat();
        let mut packet = clear.clone();
        for _ in 0..=index {
            packet.clone_from(&clear);
            ours.seal_rtcp(&mut packet).expect("room");
        }
        prop_assert_eq!(packet, theirs.seal_rtcp(index, &header, &text));
    }
}
