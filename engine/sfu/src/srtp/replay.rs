//! Which packets of an ssrc were accepted, and what the 16 bits of a sequence number stand for.
//!
//! Asking changes nothing; only `accept`, called after the tag verified, does.

use super::OpenError;

/// The largest RTP packet index: 32 bits of roll-over counter, 16 of sequence (RFC 3711 3.3.1).
pub const INDEX_MAX: u64 = (1 << 48) - 1;

const WORD_BITS: u64 = u64::BITS as u64;
const WORDS: u64 = 16;

/// How far behind the newest packet an old one is still told from a replay.
///
/// RFC 3711 3.3.2 asks for at least 64. A retransmission without RTX arrives a round trip late on
/// the same ssrc: at 10 Mbit/s and 300 ms that is about 300 packets.
pub const REPLAY_WINDOW: u64 = (WORDS - 1) * WORD_BITS;

/// A ring of bits over the newest indexes, cleared word by word as it moves on (RFC 6479).
#[derive(Clone, Debug, Default)]
pub struct ReplayWindow {
    highest: Option<u64>,
    seen: [u64; 16],
}

impl ReplayWindow {
    /// Whether `index` may still be accepted.
    pub fn check(&self, index: u64) -> Result<(), OpenError> {
        let Some(highest) = self.highest else {
            return Ok(());
        };
        match highest.checked_sub(index) {
            None => Ok(()),
            Some(behind) if behind >= REPLAY_WINDOW => Err(OpenError::TooOld),
            Some(_) if self.contains(index) => Err(OpenError::Replayed),
            Some(_) => Ok(()),
        }
    }

    /// Remembers an index whose packet has verified.
    pub fn accept(&mut self, index: u64) {
        let newest_word = self.highest.map_or(0, |highest| highest / WORD_BITS);
        let word = index / WORD_BITS;
        let fresh = word.saturating_sub(newest_word).min(WORDS);
        for step in 0..fresh {
            if let Some(bits) = self.word_mut(word.wrapping_sub(step)) {
                *bits = 0;
            }
        }
        if self.check(index) == Err(OpenError::TooOld) {
            return;
        }
        if let Some(bits) = self.word_mut(word) {
            *bits |= 1 << (index % WORD_BITS);
        }
        self.highest = self.highest.max(Some(index));
    }

    /// The newest index accepted.
    pub const fn highest(&self) -> Option<u64> {
        self.highest
    }

    fn contains(&self, index: u64) -> bool {
        self.seen
            .get(slot(index / WORD_BITS))
            .is_some_and(|bits| bits & (1 << (index % WORD_BITS)) != 0)
    }

    fn word_mut(&mut self, word: u64) -> Option<&mut u64> {
        self.seen.get_mut(slot(word))
    }
}

/// Where the ring keeps a word of the index space.
const fn slot(word: u64) -> usize {
    (word % WORDS) as usize
}

/// The receiving side of one RTP ssrc: from 16-bit sequence numbers to 48-bit indexes, each once.
#[derive(Clone, Debug, Default)]
pub struct IndexedStream {
    window: ReplayWindow,
}

impl IndexedStream {
    /// The index nearest to the newest one (RFC 3711 3.3.1), unless it was used up already.
    ///
    /// The first packet of an ssrc is taken to be in roll-over 0: WebRTC signals no counter, so
    /// senders start below 2^15.
    pub fn guess(&self, sequence: u16) -> Result<u64, OpenError> {
        let index = match self.window.highest {
            None => u64::from(sequence),
            Some(highest) => extend(highest, sequence)?,
        };
        self.window.check(index)?;
        Ok(index)
    }

    /// Advances, after the packet of this index has verified.
    pub fn accept(&mut self, index: u64) {
        self.window.accept(index);
    }

    /// The newest index accepted.
    pub const fn highest(&self) -> Option<u64> {
        self.window.highest()
    }
}

fn extend(highest: u64, sequence: u16) -> Result<u64, OpenError> {
    const HALF: i32 = 1 << 15;
    let [.., high, low] = highest.to_be_bytes();
    let newest = u16::from_be_bytes([high, low]);
    let ahead = i32::from(sequence).wrapping_sub(i32::from(newest));
    let roll_over = highest >> 16;
    let roll_over = if ahead > HALF {
        roll_over.checked_sub(1).ok_or(OpenError::TooOld)?
    } else if ahead < -HALF {
        roll_over.wrapping_add(1)
    } else {
        roll_over
    };
    let index = (roll_over << 16) | u64::from(sequence);
    if index > INDEX_MAX {
        Err(OpenError::Exhausted)
    } else {
        Ok(index)
    }
}

/// Senders of RTCP remembered per participant, as many as it may have ssrcs.
///
/// Each ssrc of a peer counts its own SRTCP index (RFC 3711 3.2.1), so one window for all would
/// refuse honest reports. Beyond the limit the sender silent for the longest time is forgotten: a
/// meeting of hours sees more ssrcs come and go than live at once, and what a replay of a
/// forgotten sender's reports could do is bounded by the limits on reports themselves.
pub const RTCP_SENDERS_MAX: usize = 64;

/// The SRTCP replay windows of one participant.
#[derive(Clone, Debug, Default)]
pub(super) struct RtcpSenders {
    senders: Vec<RtcpSender>,
    accepted: u64,
}

#[derive(Clone, Debug)]
struct RtcpSender {
    ssrc: u32,
    window: ReplayWindow,
    /// Which of the accepted reports was this sender's last.
    last_heard: u64,
}

impl RtcpSenders {
    pub(super) fn check(&self, ssrc: u32, index: u64) -> Result<(), OpenError> {
        match self.senders.iter().find(|sender| sender.ssrc == ssrc) {
            Some(sender) => sender.window.check(index),
            None => Ok(()),
        }
    }

    pub(super) fn accept(&mut self, ssrc: u32, index: u64) {
        self.accepted = self.accepted.saturating_add(1);
        let last_heard = self.accepted;
        if let Some(sender) = self.senders.iter_mut().find(|sender| sender.ssrc == ssrc) {
            sender.window.accept(index);
            sender.last_heard = last_heard;
            return;
        }
        let mut window = ReplayWindow::default();
        window.accept(index);
        let newcomer = RtcpSender {
            ssrc,
            window,
            last_heard,
        };
        if self.senders.len() < RTCP_SENDERS_MAX {
            self.senders.push(newcomer);
        } else if let Some(silent) = self
            .senders
            .iter_mut()
            .min_by_key(|sender| sender.last_heard)
        {
            *silent = newcomer;
        }
    }

    /// How many are remembered.
    #[cfg(test)]
    pub(super) const fn len(&self) -> usize {
        self.senders.len()
    }
}
