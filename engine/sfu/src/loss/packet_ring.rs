//! The newest packets of one layer, in the clear, in a fixed number of bytes.
//!
//! Records lie one after another in a byte ring and are overwritten where the ring comes round:
//! evicting the oldest costs nothing and a quiet layer keeps its packets longer. A position
//! counts bytes since the beginning and never repeats, so a stale [`SlotRef`] knows that it is.

use std::time::{Duration, Instant};

use crate::rtp::AudioLevel;

/// History of video worth keeping. `NackIn` gives up after the same time, and three layers of
/// 2.3 Mbit/s stay below the publisher's 448 kB with it.
const HISTORY: Duration = Duration::from_secs(1);
/// A low layer: about a second of key frame and what follows.
pub const SMALLEST_VIDEO_CAPACITY: usize = 64 * 1024;
/// A 4 Mbit/s layer for a second.
pub const LARGEST_VIDEO_CAPACITY: usize = 512 * 1024;
const CAPACITY_STEP: usize = 16 * 1024;
/// 100 packets of Opus at 50 per second.
pub const AUDIO_CAPACITY: usize = 16 * 1024;
/// One index entry for so many bytes of ring, within these bounds.
const BYTES_PER_ENTRY: usize = 256;
const FEWEST_ENTRIES: usize = 128;
const MOST_ENTRIES: usize = 512;

const RECORD_HEADER: usize = 24;
const HAS_MARKER: u8 = 1;
const HAS_LEVEL: u8 = 2;

/// Bytes for a video layer of this bitrate.
#[must_use]
pub fn video_capacity(bitrate_bps: u64) -> usize {
    let bytes = bitrate_bps.saturating_mul(HISTORY.as_secs()) / 8;
    usize::try_from(bytes)
        .unwrap_or(usize::MAX)
        .clamp(SMALLEST_VIDEO_CAPACITY, LARGEST_VIDEO_CAPACITY)
        .next_multiple_of(CAPACITY_STEP)
}

/// Where a packet was put; it may be gone by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotRef {
    position: u64,
    sequence: u64,
}

/// One opened packet. Codec facts are not kept: a packet that is sent again is parsed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredPacket<'a> {
    /// Sequence number extended by its roll-overs.
    pub extended_sequence: u64,
    /// Timestamp as sent.
    pub timestamp: u32,
    /// Marker as sent.
    pub has_marker: bool,
    /// Loudness, for audio.
    pub audio_level: Option<AudioLevel>,
    /// When it came.
    pub arrival: Instant,
    /// Payload without padding.
    pub payload: &'a [u8],
}

/// The newest packets of one layer.
#[derive(Debug)]
pub struct PacketRing {
    epoch: Instant,
    capacity: usize,
    /// Allocated when the first packet comes: most layers of a big room are never sent.
    bytes: Vec<u8>,
    /// Position of the record whose sequence ends in these bits, plus one; zero for none.
    index: Vec<u64>,
    /// Position after the newest record.
    head: u64,
}

impl PacketRing {
    /// An empty ring; `now` is the moment its arrival times are counted from.
    #[must_use]
    pub fn new(now: Instant, capacity: usize) -> PacketRing {
        PacketRing {
            epoch: now,
            capacity,
            bytes: Vec::new(),
            index: Vec::new(),
            head: 0,
        }
    }

    /// Bytes of packets it keeps.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Bytes of memory it takes.
    #[must_use]
    pub fn memory(&self) -> usize {
        let index = self
            .index
            .capacity()
            .saturating_mul(std::mem::size_of::<u64>());
        self.bytes.capacity().saturating_add(index)
    }

    /// Keeps a packet; `None` if it is larger than the ring or older than the index reaches.
    pub fn insert(&mut self, packet: &StoredPacket<'_>) -> Option<SlotRef> {
        if self.bytes.is_empty() {
            self.allocate();
        }
        let length = RECORD_HEADER.checked_add(packet.payload.len())?;
        let payload_length = u16::try_from(packet.payload.len()).ok()?;
        let capacity = u64::try_from(self.capacity).ok()?;
        let record_length = u64::try_from(length).ok()?;
        if record_length > capacity || self.has_newer_in_place(packet.extended_sequence) {
            return None;
        }
        // A record does not wrap: what is left at the end is skipped.
        let offset = self.head.checked_rem(capacity)?;
        let left = capacity.saturating_sub(offset);
        let position = if record_length > left {
            self.head.saturating_add(left)
        } else {
            self.head
        };
        let header = self.header(packet, payload_length);
        let record = self.record_at_mut(position, length)?;
        let (head, payload) = record.split_at_mut_checked(RECORD_HEADER)?;
        head.copy_from_slice(&header);
        payload.copy_from_slice(packet.payload);
        self.head = position.saturating_add(record_length);
        let entry = self.entry(packet.extended_sequence)?;
        *self.index.get_mut(entry)? = position.saturating_add(1);
        Some(SlotRef {
            position,
            sequence: packet.extended_sequence,
        })
    }

    /// The packet put there, unless it was overwritten since.
    #[must_use]
    pub fn get(&self, slot: SlotRef) -> Option<StoredPacket<'_>> {
        self.read(slot.position)
            .filter(|packet| packet.extended_sequence == slot.sequence)
    }

    /// The packet of a sequence number, if it is still there.
    #[must_use]
    pub fn find(&self, extended_sequence: u64) -> Option<StoredPacket<'_>> {
        let position = self
            .index
            .get(self.entry(extended_sequence)?)?
            .checked_sub(1)?;
        self.read(position)
            .filter(|packet| packet.extended_sequence == extended_sequence)
    }

    /// Follows the bitrate of a video layer: grows at once, shrinks when half would do.
    pub fn adapt(&mut self, bitrate_bps: u64) {
        let wanted = video_capacity(bitrate_bps);
        if wanted > self.capacity || wanted <= self.capacity / 2 {
            self.resize(wanted);
        }
    }

    /// Changes the capacity and keeps the newest packets that fit.
    pub fn resize(&mut self, capacity: usize) {
        if capacity == self.capacity {
            return;
        }
        let mut resized = PacketRing::new(self.epoch, capacity);
        // Old positions must read as overwritten in the new ring.
        resized.head = u64::try_from(capacity).map_or(self.head, |capacity| {
            self.head
                .next_multiple_of(capacity.max(1))
                .saturating_add(capacity)
        });
        let mut positions: Vec<u64> = self
            .index
            .iter()
            .filter_map(|entry| entry.checked_sub(1))
            .collect();
        positions.sort_unstable();
        for packet in positions
            .into_iter()
            .filter_map(|position| self.read(position))
        {
            resized.insert(&packet);
        }
        *self = resized;
    }

    fn allocate(&mut self) {
        self.bytes = vec![0; self.capacity];
        let entries = (self.capacity / BYTES_PER_ENTRY)
            .clamp(FEWEST_ENTRIES, MOST_ENTRIES)
            .next_power_of_two();
        self.index = vec![0; entries];
    }

    fn entry(&self, extended_sequence: u64) -> Option<usize> {
        let entries = u64::try_from(self.index.len()).ok()?;
        usize::try_from(extended_sequence.checked_rem(entries)?).ok()
    }

    fn has_newer_in_place(&self, extended_sequence: u64) -> bool {
        self.entry(extended_sequence)
            .and_then(|entry| self.index.get(entry)?.checked_sub(1))
            .and_then(|position| self.read(position))
            .is_some_and(|packet| packet.extended_sequence > extended_sequence)
    }

    fn header(&self, packet: &StoredPacket<'_>, payload_length: u16) -> [u8; RECORD_HEADER] {
        let since_epoch = packet.arrival.saturating_duration_since(self.epoch);
        let microseconds = u64::try_from(since_epoch.as_micros()).unwrap_or(u64::MAX);
        let mut flags = 0;
        if packet.has_marker {
            flags |= HAS_MARKER;
        }
        if packet.audio_level.is_some() {
            flags |= HAS_LEVEL;
        }
        let level = packet.audio_level.map_or(0, AudioLevel::to_byte);
        let [s0, s1, s2, s3, s4, s5, s6, s7] = packet.extended_sequence.to_be_bytes();
        let [a0, a1, a2, a3, a4, a5, a6, a7] = microseconds.to_be_bytes();
        let [t0, t1, t2, t3] = packet.timestamp.to_be_bytes();
        let [l0, l1] = payload_length.to_be_bytes();
        [
            s0, s1, s2, s3, s4, s5, s6, s7, a0, a1, a2, a3, a4, a5, a6, a7, t0, t1, t2, t3, l0, l1,
            flags, level,
        ]
    }

    fn read(&self, position: u64) -> Option<StoredPacket<'_>> {
        let capacity = u64::try_from(self.capacity).ok()?;
        let is_intact = position < self.head && position >= self.head.saturating_sub(capacity);
        if !is_intact {
            return None;
        }
        let offset = usize::try_from(position.checked_rem(capacity)?).ok()?;
        let (header, rest) = self
            .bytes
            .get(offset..)?
            .split_first_chunk::<RECORD_HEADER>()?;
        let &[
            s0,
            s1,
            s2,
            s3,
            s4,
            s5,
            s6,
            s7,
            a0,
            a1,
            a2,
            a3,
            a4,
            a5,
            a6,
            a7,
            t0,
            t1,
            t2,
            t3,
            l0,
            l1,
            flags,
            level,
        ] = header;
        let microseconds = u64::from_be_bytes([a0, a1, a2, a3, a4, a5, a6, a7]);
        Some(StoredPacket {
            extended_sequence: u64::from_be_bytes([s0, s1, s2, s3, s4, s5, s6, s7]),
            timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
            has_marker: flags & HAS_MARKER != 0,
            audio_level: (flags & HAS_LEVEL != 0).then(|| AudioLevel::from_byte(level)),
            arrival: self
                .epoch
                .checked_add(Duration::from_micros(microseconds))?,
            payload: rest.get(..usize::from(u16::from_be_bytes([l0, l1])))?,
        })
    }

    fn record_at_mut(&mut self, position: u64, length: usize) -> Option<&mut [u8]> {
        let capacity = u64::try_from(self.capacity).ok()?;
        let offset = usize::try_from(position.checked_rem(capacity)?).ok()?;
        self.bytes.get_mut(offset..offset.checked_add(length)?)
    }
}
