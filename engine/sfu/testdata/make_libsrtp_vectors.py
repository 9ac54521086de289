"""Writes `libsrtp_vectors.txt`: packets sealed by libsrtp, the library inside every browser.

Run with `pylibsrtp` installed (BSD-3-Clause; 1.0.0 bundles libsrtp 2.7): the output is the same
every time. A line is: profile, exported DTLS block, kind, index, clear packet, sealed packet. The
packets are the client's, so the client's half of the block seals them.
"""

import struct
from pathlib import Path

from pylibsrtp import Policy, Session

PROFILES = {
    "cm128": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14),
    "gcm128": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12),
    "gcm256": (Policy.SRTP_PROFILE_AEAD_AES_256_GCM, 32, 12),
}
SSRC = 0xCAFEBABE


def rtp(
    sequence: int, length: int, contributors: int = 0, extension_words: int | None = None
) -> bytes:
    flags = 0x80 | contributors | (0 if extension_words is None else 0x10)
    packet = struct.pack("!BBHII", flags, 111, sequence & 0xFFFF, sequence * 960, SSRC)
    packet += b"".join(struct.pack("!I", 1000 + n) for n in range(contributors))
    if extension_words is not None:
        packet += struct.pack("!HH", 0xBEDE, extension_words) + bytes(range(extension_words * 4))
    return packet + bytes(n * 7 % 256 for n in range(length))


def rtcp(ssrc: int, words: int) -> bytes:
    return struct.pack("!BBHI", 0x80, 206, words + 1, ssrc) + bytes(
        n * 3 % 256 for n in range(words * 4)
    )


def lines(name: str) -> list[str]:
    profile, key_length, salt_length = PROFILES[name]
    exported = bytes((n * 29 + 11) % 256 for n in range(2 * (key_length + salt_length)))
    key = exported[:key_length]
    salt = exported[2 * key_length : 2 * key_length + salt_length]
    sender = Session(
        Policy(key=key + salt, ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile)
    )
    written = []

    def write(kind: str, index: int, clear: bytes, sealed: bytes) -> None:
        written.append(f"{name} {exported.hex()} {kind} {index} {clear.hex()} {sealed.hex()}")

    packets = [
        (32_000, rtp(32_000, 0)),
        (32_001, rtp(32_001, 1)),
        (32_002, rtp(32_002, 160, contributors=2)),
        (32_003, rtp(32_003, 33, extension_words=3)),
        (32_004, rtp(32_004, 17, contributors=15, extension_words=0)),
        (65_535, rtp(65_535, 48)),
        (65_536, rtp(65_536, 48)),  # the roll-over counter becomes 1
        (65_537, rtp(65_537, 300)),
    ]
    for index, clear in packets:
        write("rtp", index, clear, sender.protect(clear))
    # libsrtp counts each sender's reports from 1.
    for index, ssrc, words in [(1, SSRC, 1), (1, 7, 0), (2, SSRC, 20), (2, 7, 64)]:
        clear = rtcp(ssrc, words)
        write("rtcp", index, clear, sender.protect_rtcp(clear))
    return written


output = [line for name in PROFILES for line in lines(name)]
Path(__file__).with_name("libsrtp_vectors.txt").write_text("\n".join(output) + "\n")
