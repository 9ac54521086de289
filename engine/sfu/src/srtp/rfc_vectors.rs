//! The published vectors: RFC 3711 appendix B, RFC 7714 sections 16 and 17.

use super::keys::{Label, Master};
use super::{OpenError, counter_mode, gcm};
use ring::aead;

pub(super) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn array<const LENGTH: usize>(text: &str) -> [u8; LENGTH] {
    hex(text).try_into().expect("a vector of this length")
}

#[test]
fn counter_mode_gives_the_key_stream_of_rfc_3711_b_2() {
    let key = counter_mode::Key::from_session(
        array("2B7E151628AED2A6ABF7158809CF4F3C"),
        &[0; 20],
        array("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"),
    );
    let blocks = [
        (0x0000, "E03EAD0935C95E80E166B16DD92B4EB4"),
        (0x0001, "D23513162B02D0F72A43A2FE4A5F97AB"),
        (0x0002, "41E95B3BB0A2E8DD477901E4FCA894C0"),
        (0xfeff, "EC8CDF7398607CB0F2D21675EA9EA1E4"),
        (0xff00, "362B7C3C6773516318A077D7FC5073AE"),
        (0xff01, "6A2CC3787889374FBEB4C81B17BA6C44"),
    ];
    let mut stream = vec![0; 0xff02 * 16];
    key.seal(0, 0, &[], &mut stream, [0; 4]);
    for (counter, expected) in blocks {
        assert_eq!(
            stream.chunks(16).nth(counter),
            Some(&*hex(expected)),
            "block {counter:#x}"
        );
    }
}

#[test]
fn session_keys_are_derived_as_in_rfc_3711_b_3() {
    let master = Master {
        key: &hex("E1F97A0D3E018BE0D64FA32C06DE4139"),
        salt: &hex("0EC675AD498AFEEBB6960B3AABE6"),
    };
    let authentication = "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCE\
                          E049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC25\
                          6D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2";
    assert_eq!(
        master.derive(Label::RtpEncryption),
        array::<16>("C61E7A93744F39EE10734AFE3FF7A087")
    );
    assert_eq!(
        master.derive(Label::RtpSalt),
        array::<14>("30CBBC08863D8C85D49DB34A9AE1")
    );
    assert_eq!(
        master.derive(Label::RtpAuthentication),
        array::<94>(authentication)
    );
}

const SALT: &str = "517569642070726f2071756f";
const KEY_128: &str = "000102030405060708090a0b0c0d0e0f";
const KEY_256: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// One AEAD vector: clear and sealed bytes of the encrypted part, and the tag after them.
struct Vector {
    algorithm: &'static aead::Algorithm,
    key: &'static str,
    ssrc: u32,
    index: u64,
    associated: &'static str,
    clear: &'static str,
    sealed: &'static str,
    tag: &'static str,
}

const RTP_CLEAR: &str = "47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 \
                         73207472 6573";
const RTCP_CLEAR: &str = "4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef \
                          deadbeef deadbeef deadbeef";

const VECTORS: [Vector; 4] = [
    // RFC 7714 16.1.1
    Vector {
        algorithm: &aead::AES_128_GCM,
        key: KEY_128,
        ssrc: 0x5501_a0b2,
        index: 0xf17b,
        associated: "8040f17b 8041f8d3 5501a0b2",
        clear: RTP_CLEAR,
        sealed: "f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b \
                 36de3adf 8833",
        tag: "899d7f27 beb16a91 52cf765e e4390cce",
    },
    // RFC 7714 16.2.1
    Vector {
        algorithm: &aead::AES_256_GCM,
        key: KEY_256,
        ssrc: 0x5501_a0b2,
        index: 0xf17b,
        associated: "8040f17b 8041f8d3 5501a0b2",
        clear: RTP_CLEAR,
        sealed: "32b1de78 a822fe12 ef9f78fa 332e33aa b1801238 9a58e2f3 b50b2a02 76ffae0f \
                 1ba63799 b87b",
        tag: "7aa3db36 dfffd6b0 f9bb7878 d7a76c13",
    },
    // RFC 7714 17.1
    Vector {
        algorithm: &aead::AES_128_GCM,
        key: KEY_128,
        ssrc: 0x4d61_7273,
        index: 0x5d4,
        associated: "81c8000d 4d617273 800005d4",
        clear: RTCP_CLEAR,
        sealed: "63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda \
                 4ce09b46 86303ded 0bb9275b",
        tag: "c84aa458 96cf4d2f c5abf872 45d9eade",
    },
    // RFC 7714 17.2, read backwards: the document decrypts it
    Vector {
        algorithm: &aead::AES_256_GCM,
        key: KEY_256,
        ssrc: 0x4d61_7273,
        index: 0x5d4,
        associated: "81c8000d 4d617273 800005d4",
        clear: RTCP_CLEAR,
        sealed: "d50ae4d1 f5ce5d30 4ba297e4 7d470c28 2c3ece5d bffe0a50 a2eaa5c1 110555be \
                 8415f658 c61de047 6f1b6fad",
        tag: "1d1eb30c 4446839f 57ff6f6c b26ac3be",
    },
];

#[test]
fn gcm_seals_as_rfc_7714_says() {
    for vector in VECTORS {
        let key = gcm::Key::from_session(vector.algorithm, &hex(vector.key), array(SALT)).unwrap();
        let mut text = hex(vector.clear);
        let tag = key.seal(
            vector.ssrc,
            vector.index,
            &hex(vector.associated),
            &mut text,
        );
        assert_eq!(text, hex(vector.sealed));
        assert_eq!(tag, Ok(array(vector.tag)));
    }
}

#[test]
fn gcm_opens_as_rfc_7714_says() {
    for vector in VECTORS {
        let key = gcm::Key::from_session(vector.algorithm, &hex(vector.key), array(SALT)).unwrap();
        let open = |index, associated: &str| {
            let mut text = hex(vector.sealed);
            let tag = array(vector.tag);
            let outcome = key.open(vector.ssrc, index, &hex(associated), &mut text, tag);
            outcome.map(|()| text)
        };
        assert_eq!(open(vector.index, vector.associated), Ok(hex(vector.clear)));
        assert_eq!(
            open(vector.index ^ 1, vector.associated),
            Err(OpenError::Forged)
        );
        assert_eq!(open(vector.index, "8040f17b"), Err(OpenError::Forged));
    }
}
