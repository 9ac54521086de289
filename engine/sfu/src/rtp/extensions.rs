//! RTP header extensions (RFC 8285): walking a block, and which id means what.
//!
//! Ids are valid for a whole transport because all its sections are bundled. An id nobody
//! negotiated is passed over; a broken block ends the walk and spoils nothing else.

/// URIs of the extensions that the engine reads or writes.
pub mod extension_uri {
    /// Section of the peer connection that a packet belongs to (RFC 9143).
    pub const MID: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";
    /// Simulcast layer (RFC 8852).
    pub const RID: &str = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    /// Simulcast layer that a retransmission repairs (RFC 8852).
    pub const REPAIRED_RID: &str = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
    /// Loudness of the client's microphone (RFC 6464).
    pub const AUDIO_LEVEL: &str = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
    /// Departure time for the receiver's own bandwidth estimate.
    pub const ABS_SEND_TIME: &str = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
    /// Transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01).
    pub const TRANSPORT_SEQUENCE: &str =
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
}

const ONE_BYTE_PROFILE: u16 = 0xbede;
const TWO_BYTE_PROFILE: u16 = 0x1000;
const TWO_BYTE_PROFILE_MASK: u16 = 0xfff0;
const ONE_BYTE_STOP: u8 = 15;

/// Negotiated ids of one transport; zero is never an id, so `None` costs no byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExtensionIds {
    /// [`extension_uri::MID`]
    pub mid: Option<std::num::NonZeroU8>,
    /// [`extension_uri::RID`]
    pub rid: Option<std::num::NonZeroU8>,
    /// [`extension_uri::REPAIRED_RID`]
    pub repaired_rid: Option<std::num::NonZeroU8>,
    /// [`extension_uri::AUDIO_LEVEL`]
    pub audio_level: Option<std::num::NonZeroU8>,
    /// [`extension_uri::ABS_SEND_TIME`]
    pub abs_send_time: Option<std::num::NonZeroU8>,
    /// [`extension_uri::TRANSPORT_SEQUENCE`]
    pub transport_sequence: Option<std::num::NonZeroU8>,
}

impl ExtensionIds {
    /// Keeps the ids of the URIs we implement; others are ignored, and so is id 0.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, u8)>) -> ExtensionIds {
        let mut ids = ExtensionIds::default();
        for (uri, id) in pairs {
            let place = match uri {
                extension_uri::MID => &mut ids.mid,
                extension_uri::RID => &mut ids.rid,
                extension_uri::REPAIRED_RID => &mut ids.repaired_rid,
                extension_uri::AUDIO_LEVEL => &mut ids.audio_level,
                extension_uri::ABS_SEND_TIME => &mut ids.abs_send_time,
                extension_uri::TRANSPORT_SEQUENCE => &mut ids.transport_sequence,
                _ => continue,
            };
            *place = std::num::NonZeroU8::new(id);
        }
        ids
    }
}

/// Loudness of one audio packet (RFC 6464).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudioLevel {
    /// 0 is the loudest, 127 is digital silence: decibels below full scale.
    pub decibels_below_full: u8,
    /// The client's own detector heard speech.
    pub has_voice: bool,
}

impl AudioLevel {
    /// From the byte on the wire.
    #[must_use]
    pub fn from_byte(byte: u8) -> AudioLevel {
        AudioLevel {
            decibels_below_full: byte & 0x7f,
            has_voice: byte & 0x80 != 0,
        }
    }

    /// The byte on the wire.
    #[must_use]
    pub fn to_byte(self) -> u8 {
        (u8::from(self.has_voice) << 7) | (self.decibels_below_full & 0x7f)
    }
}

/// Walks an extension block: `(id, value)` in the order of the wire.
#[derive(Clone, Debug)]
pub struct Extensions<'a> {
    rest: &'a [u8],
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    OneByte,
    TwoByte,
}

impl<'a> Extensions<'a> {
    /// `profile` is the "defined by profile" word; an unknown one makes an empty walk.
    #[must_use]
    pub fn new(profile: u16, block: &'a [u8]) -> Extensions<'a> {
        let (form, rest) = match profile {
            ONE_BYTE_PROFILE => (Form::OneByte, block),
            _ if profile & TWO_BYTE_PROFILE_MASK == TWO_BYTE_PROFILE => (Form::TwoByte, block),
            _ => (Form::OneByte, [].as_slice()),
        };
        Extensions { rest, form }
    }

    /// The value of an id, if the block has it.
    #[must_use]
    pub fn find(&self, id: Option<std::num::NonZeroU8>) -> Option<&'a [u8]> {
        let id = id?.get();
        self.clone()
            .find_map(|(found, value)| (found == id).then_some(value))
    }

    /// A text value such as a mid or rid; `None` when it is not UTF-8.
    #[must_use]
    pub fn find_text(&self, id: Option<std::num::NonZeroU8>) -> Option<&'a str> {
        self.find(id)
            .and_then(|value| std::str::from_utf8(value).ok())
    }

    /// The audio level, if negotiated and present.
    #[must_use]
    pub fn audio_level(&self, ids: &ExtensionIds) -> Option<AudioLevel> {
        self.find(ids.audio_level)?
            .first()
            .map(|byte| AudioLevel::from_byte(*byte))
    }

    /// The transport-wide sequence number, if negotiated and present.
    #[must_use]
    pub fn transport_sequence(&self, ids: &ExtensionIds) -> Option<u16> {
        self.find(ids.transport_sequence)?
            .first_chunk::<2>()
            .map(|bytes| u16::from_be_bytes(*bytes))
    }

    fn end(&mut self) -> Option<(u8, &'a [u8])> {
        self.rest = &[];
        None
    }
}

impl<'a> Iterator for Extensions<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        loop {
            let (&first, after_first) = self.rest.split_first()?;
            if first == 0 {
                self.rest = after_first;
                continue;
            }
            let (id, length, after) = match self.form {
                Form::OneByte => (first >> 4, (first & 0x0f).saturating_add(1), after_first),
                Form::TwoByte => match after_first.split_first() {
                    Some((&length, after)) => (first, length, after),
                    None => return self.end(),
                },
            };
            // Id 15 ends a one-byte block, and so does id 0 with a length (RFC 8285 section 4.2).
            if self.form == Form::OneByte && (id == ONE_BYTE_STOP || id == 0) {
                return self.end();
            }
            let Some((value, rest)) = after.split_at_checked(usize::from(length)) else {
                return self.end();
            };
            self.rest = rest;
            return Some((id, value));
        }
    }
}
