//! Which source packet went out under which number, so that a subscriber's NACK can be served.
//!
//! Eight bytes a packet, because a watcher of a big room has a ring for each of its streams.
//! It holds no payload: that lies once, in the publisher's [`super::PacketRing`].

use std::time::{Duration, Instant};

use crate::rtp::LayerIndex;

/// Video packets remembered: 1.5 s at 2.8 Mbit/s.
pub const VIDEO_REACH: usize = 512;
/// Audio packets remembered: 5 s.
pub const AUDIO_REACH: usize = 256;
/// Times one packet is sent again.
pub const MAX_RESENDS: u8 = 3;
/// A repeated request is ignored for two round trips, but not longer than this.
pub const LONGEST_HOLD_OFF: Duration = Duration::from_millis(100);

/// Twelve bits of eight milliseconds come round after 32 s. A request that meets its own shadow
/// is ignored once, and the receiver asks again.
const TICK: Duration = Duration::from_millis(8);
const TICK_MS: u128 = TICK.as_millis();
const TICK_BITS: u32 = 12;
const TICK_MASK: u16 = (1 << TICK_BITS) - 1;
const RESENDS_BITS: u32 = 2;
const RESENDS_MASK: u16 = (1 << RESENDS_BITS) - 1;
const LAYER_SHIFT: u32 = TICK_BITS + RESENDS_BITS;

/// What to send again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Layer whose ring has it.
    pub layer: LayerIndex,
    /// Its number there.
    pub source_sequence: u64,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    source: u32,
    out: u16,
    /// Layer, resends, tick of the last resend.
    packed: u16,
}

/// A layer value no packet has: marks an entry that was never written.
const UNUSED: Entry = Entry {
    source: 0,
    out: 0,
    packed: u16::MAX,
};

impl Entry {
    fn new(layer: LayerIndex, source: u32, out: u16) -> Entry {
        let layer = u16::try_from(layer.index()).unwrap_or_default();
        Entry {
            source,
            out,
            packed: layer << LAYER_SHIFT,
        }
    }

    fn layer(self) -> Option<LayerIndex> {
        u8::try_from(self.packed >> LAYER_SHIFT)
            .ok()
            .and_then(LayerIndex::new)
    }

    fn resends(self) -> u16 {
        (self.packed >> TICK_BITS) & RESENDS_MASK
    }

    fn ticks_since_resend(self, now: u16) -> u16 {
        now.wrapping_sub(self.packed) & TICK_MASK
    }

    fn resent(&mut self, now: u16) {
        let layer = self.packed >> LAYER_SHIFT;
        let resends = self.resends().saturating_add(1) & RESENDS_MASK;
        self.packed = (layer << LAYER_SHIFT) | (resends << TICK_BITS) | (now & TICK_MASK);
    }
}

/// The newest packets sent to one subscription.
#[derive(Debug)]
pub struct SentRing {
    epoch: Instant,
    reach: usize,
    /// Allocated when the first packet is recorded.
    entries: Vec<Entry>,
    /// The number recorded last.
    newest: u16,
}

impl SentRing {
    /// An empty ring for [`VIDEO_REACH`] or [`AUDIO_REACH`] packets.
    #[must_use]
    pub fn new(now: Instant, reach: usize) -> SentRing {
        SentRing {
            epoch: now,
            reach,
            entries: Vec::new(),
            newest: 0,
        }
    }

    /// Bytes of memory it takes.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.entries
            .capacity()
            .saturating_mul(std::mem::size_of::<Entry>())
    }

    /// Notes that a source packet was sent under this number.
    ///
    /// A stream of more than 2³² packets, 165 days at 300 a second, is no longer repaired.
    pub fn record(&mut self, out_sequence: u16, layer: LayerIndex, source_sequence: u64) {
        if self.entries.is_empty() {
            self.entries = vec![UNUSED; self.reach];
        }
        let Ok(source) = u32::try_from(source_sequence) else {
            return;
        };
        if let Some(entry) = self.entry(out_sequence) {
            *entry = Entry::new(layer, source, out_sequence);
            self.newest = out_sequence;
        }
    }

    /// The packets sent last, newest first, with their numbers. Looking does not count as sending.
    pub fn newest(&self) -> impl Iterator<Item = (u16, Sent)> {
        let reach = u16::try_from(self.entries.len()).unwrap_or(u16::MAX);
        let numbers = (0..reach).map(|back| self.newest.wrapping_sub(back));
        numbers.filter_map(|number| {
            let index = usize::from(number).checked_rem(self.entries.len())?;
            let entry = self.entries.get(index)?;
            let sent = Sent {
                layer: entry.layer()?,
                source_sequence: u64::from(entry.source),
            };
            (entry.out == number).then_some((number, sent))
        })
    }

    /// A subscriber asks for a number: what to send again, or `None` if it is not remembered,
    /// was sent again a moment ago, or often enough. Counts as sent.
    pub fn request(
        &mut self,
        now: Instant,
        round_trip: Duration,
        out_sequence: u16,
    ) -> Option<Sent> {
        let tick = self.tick(now);
        let entry = self
            .entry(out_sequence)
            .filter(|entry| entry.out == out_sequence)?;
        let layer = entry.layer()?;
        if entry.resends() >= u16::from(MAX_RESENDS) {
            return None;
        }
        let hold_off = round_trip.saturating_mul(2).min(LONGEST_HOLD_OFF);
        let since_resend = TICK.saturating_mul(u32::from(entry.ticks_since_resend(tick)));
        if entry.resends() > 0 && since_resend < hold_off {
            return None;
        }
        entry.resent(tick);
        Some(Sent {
            layer,
            source_sequence: u64::from(entry.source),
        })
    }

    fn entry(&mut self, out_sequence: u16) -> Option<&mut Entry> {
        let index = usize::from(out_sequence).checked_rem(self.entries.len())?;
        self.entries.get_mut(index)
    }

    fn tick(&self, now: Instant) -> u16 {
        let ticks = now.saturating_duration_since(self.epoch).as_millis() / TICK_MS;
        u16::try_from(ticks & u128::from(TICK_MASK)).unwrap_or_default()
    }
}
