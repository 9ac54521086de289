//! The two contexts of one participant: [`SrtpIn`] opens what it sends, [`SrtpOut`] seals for it.

use super::keys::{Label, Master, Profile};
use super::replay::{INDEX_MAX, RtcpSenders};
use super::{OpenError, SealError, counter_mode, gcm};

const RTP_FIXED_LENGTH: usize = 12;
const RTCP_HEADER_LENGTH: usize = 8;
const INDEX_WORD_LENGTH: usize = 4;
const RTCP_INDEX_MAX: u32 = (1 << 31) - 1;
const ENCRYPTED_FLAG: u32 = 1 << 31;

/// Keys of one direction, for RTP and for RTCP.
#[expect(
    clippy::large_enum_variant,
    reason = "the large one is what every browser negotiates, and a box is a cache miss per packet"
)]
enum Keys {
    Gcm {
        rtp: gcm::Key,
        rtcp: gcm::Key,
    },
    CounterMode {
        rtp: counter_mode::Key,
        rtcp: counter_mode::Key,
    },
}

impl Keys {
    fn new(profile: Profile, master: &Master<'_>) -> Self {
        let rtp = gcm::Key::new(profile, master, Label::RtpEncryption, Label::RtpSalt);
        let rtcp = gcm::Key::new(profile, master, Label::RtcpEncryption, Label::RtcpSalt);
        if let (Some(rtp), Some(rtcp)) = (rtp, rtcp) {
            return Self::Gcm { rtp, rtcp };
        }
        Self::CounterMode {
            rtp: counter_mode::Key::new(
                master,
                Label::RtpEncryption,
                Label::RtpAuthentication,
                Label::RtpSalt,
            ),
            rtcp: counter_mode::Key::new(
                master,
                Label::RtcpEncryption,
                Label::RtcpAuthentication,
                Label::RtcpSalt,
            ),
        }
    }
}

/// Length of the clear part of an RTP packet: fixed header, contributors, extension block.
///
/// `None` if the packet ends before its header does. Padding lies in the encrypted part and cannot
/// be looked at yet.
pub fn rtp_header_length(packet: &[u8]) -> Option<usize> {
    const EXTENSION_FLAG: u8 = 0x10;
    let flags = *packet.first()?;
    let contributors = usize::from(flags & 0x0f).checked_mul(4)?;
    let before_extension = RTP_FIXED_LENGTH.checked_add(contributors)?;
    let length = if flags & EXTENSION_FLAG == 0 {
        before_extension
    } else {
        let [_, _, high, low] = *packet.get(before_extension..)?.first_chunk::<4>()?;
        let words = usize::from(u16::from_be_bytes([high, low]));
        before_extension
            .checked_add(4)?
            .checked_add(words.checked_mul(4)?)?
    };
    (length <= packet.len()).then_some(length)
}

/// Seals what is sent to one participant.
pub struct SrtpOut {
    profile: Profile,
    keys: Keys,
    pub(super) rtcp_index: u32,
}

impl SrtpOut {
    pub(super) fn new(profile: Profile, master: &Master<'_>) -> Self {
        Self {
            profile,
            keys: Keys::new(profile, master),
            rtcp_index: 0,
        }
    }

    /// Bytes to leave free at the end of an RTP packet.
    pub const fn rtp_overhead(&self) -> usize {
        self.profile.rtp_overhead()
    }

    /// Bytes to leave free at the end of an RTCP compound.
    pub const fn rtcp_overhead(&self) -> usize {
        self.profile.rtcp_overhead()
    }

    /// Seals header, payload and [`Self::rtp_overhead`] bytes of room, where they lie.
    ///
    /// `index` is the extended sequence number, its low 16 bits those of the header. The whole
    /// buffer is the packet to send.
    pub fn seal_rtp(
        &self,
        header_length: usize,
        index: u64,
        packet: &mut [u8],
    ) -> Result<(), SealError> {
        if index > INDEX_MAX {
            return Err(SealError::Exhausted);
        }
        let ssrc = rtp_ssrc(packet, header_length).ok_or(SealError::BadLength)?;
        debug_assert!(rtp_sequence(packet).is_some_and(|low| u64::from(low) == index & 0xffff));
        let (header, rest) = packet
            .split_at_mut_checked(header_length)
            .ok_or(SealError::BadLength)?;
        match &self.keys {
            Keys::Gcm { rtp, .. } => {
                let (text, tag) = rest.split_last_chunk_mut().ok_or(SealError::BadLength)?;
                *tag = rtp.seal(ssrc, index, header, text)?;
            }
            Keys::CounterMode { rtp, .. } => {
                let (text, tag) = rest.split_last_chunk_mut().ok_or(SealError::BadLength)?;
                *tag = rtp.seal(ssrc, index, header, text, roll_over(index));
            }
        }
        Ok(())
    }

    /// Seals a compound followed by [`Self::rtcp_overhead`] bytes of room, where they lie.
    pub fn seal_rtcp(&mut self, packet: &mut [u8]) -> Result<(), SealError> {
        if self.rtcp_index > RTCP_INDEX_MAX {
            return Err(SealError::Exhausted);
        }
        let index = u64::from(self.rtcp_index);
        let word = (self.rtcp_index | ENCRYPTED_FLAG).to_be_bytes();
        let (header, rest) = packet
            .split_first_chunk_mut::<RTCP_HEADER_LENGTH>()
            .ok_or(SealError::BadLength)?;
        let ssrc = rtcp_ssrc(header);
        match &self.keys {
            Keys::Gcm { rtcp, .. } => {
                let (rest, room) = rest
                    .split_last_chunk_mut::<INDEX_WORD_LENGTH>()
                    .ok_or(SealError::BadLength)?;
                let (text, tag) = rest.split_last_chunk_mut().ok_or(SealError::BadLength)?;
                *tag = rtcp.seal(ssrc, index, &rtcp_aad(header, word), text)?;
                *room = word;
            }
            Keys::CounterMode { rtcp, .. } => {
                let (rest, tag) = rest.split_last_chunk_mut().ok_or(SealError::BadLength)?;
                let (text, room) = rest
                    .split_last_chunk_mut::<INDEX_WORD_LENGTH>()
                    .ok_or(SealError::BadLength)?;
                *tag = rtcp.seal(ssrc, index, header, text, word);
                *room = word;
            }
        }
        self.rtcp_index = self.rtcp_index.saturating_add(1);
        Ok(())
    }
}

/// Opens what one participant sends.
pub struct SrtpIn {
    profile: Profile,
    keys: Keys,
    pub(super) rtcp_senders: RtcpSenders,
}

impl SrtpIn {
    pub(super) fn new(profile: Profile, master: &Master<'_>) -> Self {
        Self {
            profile,
            keys: Keys::new(profile, master),
            rtcp_senders: RtcpSenders::default(),
        }
    }

    /// Bytes of a sealed RTP packet that are its tag.
    pub const fn rtp_overhead(&self) -> usize {
        self.profile.rtp_overhead()
    }

    /// Verifies and decrypts where the packet lies; gives the length of the clear packet.
    ///
    /// `index` is what [`super::IndexedStream::guess`] said, and that stream is to be advanced
    /// only after this has succeeded.
    pub fn open_rtp(
        &self,
        header_length: usize,
        index: u64,
        packet: &mut [u8],
    ) -> Result<usize, OpenError> {
        let ssrc = rtp_ssrc(packet, header_length).ok_or(OpenError::Truncated)?;
        let clear_length = packet
            .len()
            .checked_sub(self.rtp_overhead())
            .ok_or(OpenError::Truncated)?;
        let (header, rest) = packet
            .split_at_mut_checked(header_length)
            .ok_or(OpenError::Truncated)?;
        match &self.keys {
            Keys::Gcm { rtp, .. } => {
                let (text, tag) = rest.split_last_chunk_mut().ok_or(OpenError::Truncated)?;
                rtp.open(ssrc, index, header, text, *tag)?;
            }
            Keys::CounterMode { rtp, .. } => {
                let (text, tag) = rest.split_last_chunk_mut().ok_or(OpenError::Truncated)?;
                rtp.open(ssrc, index, header, text, roll_over(index), tag)?;
            }
        }
        Ok(clear_length)
    }

    /// Verifies and decrypts a compound where it lies; gives the length of the clear compound.
    pub fn open_rtcp(&mut self, packet: &mut [u8]) -> Result<usize, OpenError> {
        let clear_length = packet
            .len()
            .checked_sub(self.profile.rtcp_overhead())
            .ok_or(OpenError::Truncated)?;
        let (header, rest) = packet
            .split_first_chunk_mut::<RTCP_HEADER_LENGTH>()
            .ok_or(OpenError::Truncated)?;
        let ssrc = rtcp_ssrc(header);
        let index = match &self.keys {
            Keys::Gcm { rtcp, .. } => {
                let (rest, word) = rest.split_last_chunk_mut().ok_or(OpenError::Truncated)?;
                let (text, tag) = rest.split_last_chunk_mut().ok_or(OpenError::Truncated)?;
                let index = self.unused_rtcp_index(ssrc, *word)?;
                rtcp.open(ssrc, index, &rtcp_aad(header, *word), text, *tag)?;
                index
            }
            Keys::CounterMode { rtcp, .. } => {
                let (rest, tag) = rest.split_last_chunk_mut().ok_or(OpenError::Truncated)?;
                let (text, word) = rest.split_last_chunk_mut().ok_or(OpenError::Truncated)?;
                let index = self.unused_rtcp_index(ssrc, *word)?;
                rtcp.open(ssrc, index, header, text, *word, tag)?;
                index
            }
        };
        self.rtcp_senders.accept(ssrc, index);
        Ok(clear_length)
    }

    fn unused_rtcp_index(&self, ssrc: u32, word: [u8; 4]) -> Result<u64, OpenError> {
        let word = u32::from_be_bytes(word);
        if word & ENCRYPTED_FLAG == 0 {
            return Err(OpenError::Unencrypted);
        }
        let index = u64::from(word & RTCP_INDEX_MAX);
        self.rtcp_senders.check(ssrc, index).map(|()| index)
    }
}

macro_rules! debug_without_keys {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter
                    .debug_struct(stringify!($name))
                    .field("profile", &self.profile)
                    .finish_non_exhaustive()
            }
        }
    };
}

debug_without_keys!(SrtpIn);
debug_without_keys!(SrtpOut);

/// `None` if the fixed header is not within the bytes that stay clear.
fn rtp_ssrc(packet: &[u8], header_length: usize) -> Option<u32> {
    let header = packet
        .get(..header_length)?
        .first_chunk::<RTP_FIXED_LENGTH>()?;
    let [.., a, b, c, d] = *header;
    Some(u32::from_be_bytes([a, b, c, d]))
}

fn rtp_sequence(packet: &[u8]) -> Option<u16> {
    packet
        .get(2..)?
        .first_chunk()
        .copied()
        .map(u16::from_be_bytes)
}

fn rtcp_ssrc(header: &[u8; RTCP_HEADER_LENGTH]) -> u32 {
    let [_, _, _, _, ssrc @ ..] = *header;
    u32::from_be_bytes(ssrc)
}

/// RFC 3711 4.2: the roll-over counter is authenticated though it is not sent.
fn roll_over(index: u64) -> [u8; 4] {
    let [_, _, roll_over @ .., _, _] = index.to_be_bytes();
    roll_over
}

/// RFC 7714 9.2: the first eight bytes and the index word.
fn rtcp_aad(
    header: &[u8; RTCP_HEADER_LENGTH],
    word: [u8; INDEX_WORD_LENGTH],
) -> [u8; RTCP_HEADER_LENGTH + INDEX_WORD_LENGTH] {
    let [a, b, c, d, e, f, g, h] = *header;
    let [w, x, y, z] = word;
    [a, b, c, d, e, f, g, h, w, x, y, z]
}
