//! What is to be sent, as the kernel takes it best: one flat buffer, and entries that are runs of
//! datagrams of one length to one path (the last may be shorter), ready for segmentation offload.
//!
//! A datagram is written at its final position (`stage`), sealed there, and exists only once it is
//! committed: what a failed turn left half written is overwritten by the next one.
//! Must never allocate per packet, and must never reorder datagrams of one path.

use crate::limits;
use crate::path::Path;
use std::time::Instant;

/// Datagrams to send, in order.
#[derive(Debug, Default)]
pub struct EgressBatch {
    /// Grown once to the high-water mark; only `..used` means anything.
    bytes: Vec<u8>,
    used: usize,
    entries: Vec<Entry>,
    datagrams: usize,
}

/// A run of datagrams to one path.
#[derive(Debug)]
struct Entry {
    path: Path,
    start: usize,
    end: usize,
    segment_bytes: usize,
    segments: usize,
    /// A shorter datagram ended the run.
    is_closed: bool,
    arrived: Option<Instant>,
}

/// A run of datagrams to one path, as handed to the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Datagrams<'a> {
    /// Where they go.
    pub path: Path,
    /// All of them, one after another.
    pub bytes: &'a [u8],
    /// Length of each but the last, which is at most as long.
    pub segment_bytes: usize,
    /// When the packet that completed the last frame in here arrived, for the residence time.
    pub arrived: Option<Instant>,
}

impl<'a> Datagrams<'a> {
    /// The datagrams one by one, for a sender without segmentation offload.
    pub fn segments(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.bytes.chunks(self.segment_bytes.max(1))
    }
}

impl EgressBatch {
    /// An empty batch that grows to its working size at the first use.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets everything, keeps the memory.
    pub fn clear(&mut self) {
        self.used = 0;
        self.datagrams = 0;
        self.entries.clear();
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Datagrams to send.
    pub fn datagrams(&self) -> usize {
        self.datagrams
    }

    /// Bytes to send.
    pub fn bytes(&self) -> usize {
        self.used
    }

    /// Whether the batch should be sent before more is written.
    pub fn is_full(&self) -> bool {
        self.used >= limits::EGRESS_BATCH_BYTES
    }

    /// The runs in the order in which they must be sent.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = Datagrams<'_>> {
        self.entries.iter().map(|entry| Datagrams {
            path: entry.path,
            bytes: self.bytes.get(entry.start..entry.end).unwrap_or_default(),
            segment_bytes: entry.segment_bytes,
            arrived: entry.arrived,
        })
    }

    /// Room for one datagram at its final position, with whatever bytes were there before.
    pub(crate) fn stage(&mut self) -> &mut [u8] {
        let end = self.used.saturating_add(limits::STAGED_BYTES);
        if self.bytes.len() < end {
            // Doubling, so that growing to the working size costs a handful of copies once.
            self.bytes.resize(end.saturating_mul(2), 0);
        }
        self.bytes.get_mut(self.used..end).unwrap_or_default()
    }

    /// The first `length` staged bytes are a datagram to `path`.
    pub(crate) fn commit(&mut self, path: Path, length: usize, arrived: Option<Instant>) {
        debug_assert!(
            length <= limits::STAGED_BYTES,
            "longer than what was staged"
        );
        if length == 0 {
            return;
        }
        let start = self.used;
        let end = start.saturating_add(length);
        self.used = end;
        self.datagrams = self.datagrams.saturating_add(1);
        if let Some(last) = self.entries.last_mut()
            && last.takes(path, length)
        {
            last.end = end;
            last.segments = last.segments.saturating_add(1);
            last.is_closed = length < last.segment_bytes;
            last.arrived = arrived.or(last.arrived);
            return;
        }
        self.entries.push(Entry {
            path,
            start,
            end,
            segment_bytes: length,
            segments: 1,
            is_closed: false,
            arrived,
        });
    }
}

impl Entry {
    fn takes(&self, path: Path, length: usize) -> bool {
        let bytes = self.end.saturating_sub(self.start).saturating_add(length);
        !self.is_closed
            && self.path == path
            && length <= self.segment_bytes
            && self.segment_bytes <= limits::SEGMENT_BYTES
            && self.segments < limits::SEGMENTS_PER_ENTRY
            && bytes <= limits::ENTRY_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(port: u16) -> Path {
        Path {
            local: 0,
            remote: ([192, 0, 2, 1], port).into(),
        }
    }

    fn batch(datagrams: &[(u16, usize)]) -> EgressBatch {
        let mut batch = EgressBatch::new();
        for (mark, (port, length)) in datagrams.iter().enumerate() {
            let staged = batch.stage();
            staged[..*length].fill(u8::try_from(mark % 251).unwrap());
            batch.commit(path(*port), *length, None);
        }
        batch
    }

    fn shape(batch: &EgressBatch) -> Vec<(u16, usize, usize)> {
        batch
            .entries()
            .map(|entry| {
                (
                    entry.path.remote.port(),
                    entry.segment_bytes,
                    entry.segments().count(),
                )
            })
            .collect()
    }

    #[test]
    fn equal_lengths_to_one_path_are_one_entry_and_a_shorter_one_ends_it() {
        let batch = batch(&[(1, 100), (1, 100), (1, 60), (1, 60), (1, 100)]);
        assert_eq!(shape(&batch), [(1, 100, 3), (1, 60, 1), (1, 100, 1)]);
    }

    #[test]
    fn another_path_begins_another_entry() {
        let batch = batch(&[(1, 100), (2, 100), (1, 100)]);
        assert_eq!(shape(&batch), [(1, 100, 1), (2, 100, 1), (1, 100, 1)]);
    }

    #[test]
    fn an_entry_holds_64_segments_and_not_65() {
        let most = limits::SEGMENTS_PER_ENTRY;
        assert_eq!(
            shape(&batch(&vec![(1, 100); most - 1])),
            [(1, 100, most - 1)]
        );
        assert_eq!(shape(&batch(&vec![(1, 100); most])), [(1, 100, most)]);
        assert_eq!(
            shape(&batch(&vec![(1, 100); most + 1])),
            [(1, 100, most), (1, 100, 1)]
        );
    }

    #[test]
    fn an_entry_holds_64_000_bytes_and_not_one_more() {
        let full: Vec<_> = vec![(1, 1000); 64];
        assert_eq!(shape(&batch(&full[..63])), [(1, 1000, 63)]);
        assert_eq!(shape(&batch(&full)), [(1, 1000, 64)]);
        let mut fewer = vec![(1, 1024); 62];
        fewer.push((1, 512));
        assert_eq!(shape(&batch(&fewer)), [(1, 1024, 63)]);
        fewer.pop();
        fewer.push((1, 513));
        assert_eq!(shape(&batch(&fewer)), [(1, 1024, 62), (1, 513, 1)]);
    }

    #[test]
    fn a_datagram_longer_than_any_link_carries_is_sent_by_itself() {
        let most = limits::SEGMENT_BYTES;
        assert_eq!(shape(&batch(&[(1, most - 1); 2])), [(1, most - 1, 2)]);
        assert_eq!(shape(&batch(&[(1, most); 2])), [(1, most, 2)]);
        assert_eq!(
            shape(&batch(&[(1, most + 1); 2])),
            [(1, most + 1, 1), (1, most + 1, 1)]
        );
    }

    #[test]
    fn every_datagram_keeps_its_bytes_and_its_place() {
        let batch = batch(&[(1, 100), (1, 100), (2, 80), (1, 1), (1, 1400)]);
        let marks: Vec<_> = batch
            .entries()
            .flat_map(|entry| entry.segments().map(<[u8]>::to_vec).collect::<Vec<_>>())
            .map(|bytes| {
                assert!(bytes.iter().all(|byte| *byte == bytes[0]));
                (bytes[0], bytes.len())
            })
            .collect();
        assert_eq!(marks, [(0, 100), (1, 100), (2, 80), (3, 1), (4, 1400)]);
        assert_eq!((batch.datagrams(), batch.bytes()), (5, 1681));
    }

    #[test]
    fn what_was_staged_and_not_committed_is_not_sent() {
        let mut batch = EgressBatch::new();
        batch.stage().fill(7);
        batch.stage()[..10].fill(9);
        batch.commit(path(1), 10, None);
        let entries: Vec<_> = batch.entries().collect();
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].bytes, [9; 10]);
    }

    #[test]
    fn a_cleared_batch_is_empty_and_keeps_its_memory() {
        let mut batch = batch(&[(1, 1400); 100]);
        let capacity = batch.bytes.len();
        batch.clear();
        assert!(batch.is_empty());
        assert_eq!((batch.datagrams(), batch.bytes()), (0, 0));
        for _ in 0..100 {
            batch.stage();
            batch.commit(path(1), 1400, None);
        }
        assert_eq!(batch.bytes.len(), capacity);
    }

    #[test]
    fn a_batch_is_full_at_its_limit() {
        let mut batch = EgressBatch::new();
        while batch.bytes() + 1024 < limits::EGRESS_BATCH_BYTES {
            batch.stage();
            batch.commit(path(1), 1024, None);
            assert!(!batch.is_full());
        }
        batch.stage();
        batch.commit(path(1), 1023, None);
        assert!(!batch.is_full());
        batch.stage();
        batch.commit(path(1), 1, None);
        assert!(batch.is_full());
    }
}
