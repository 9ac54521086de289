//! Which packets of one layer are missing and when to ask its publisher for them (RFC 4585).

use std::time::{Duration, Instant};

/// More missing than this is not loss but an outage, which a key frame heals better.
pub const MAX_MISSING: usize = 256;
/// Requests for one packet.
pub const MAX_TRIES: u8 = 10;
/// Shortest time between two requests for one packet.
pub const SHORTEST_RETRY: Duration = Duration::from_millis(20);
/// A packet older than this would come too late for any receiver.
pub const GIVE_UP_AFTER: Duration = Duration::from_secs(1);

/// What the arrival of a packet meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The next packet, or the first.
    Expected,
    /// Newer than expected: those between are missing now.
    AfterGap,
    /// One of the missing.
    Recovered,
    /// Older, and not missed: given up, or a duplicate.
    Late,
    /// So many are missing that all were given up: ask for a key frame.
    Outage,
}

#[derive(Clone, Copy, Debug)]
struct Missing {
    sequence: u64,
    noticed: Instant,
    asked: Option<Instant>,
    tries: u8,
}

impl Missing {
    fn due(&self, retry: Duration) -> Option<Instant> {
        match self.asked {
            Some(asked) => asked.checked_add(retry),
            None => Some(self.noticed),
        }
    }

    fn is_hopeless(&self, now: Instant) -> bool {
        self.tries >= MAX_TRIES || now.saturating_duration_since(self.noticed) >= GIVE_UP_AFTER
    }
}

/// The missing packets of one layer.
///
/// A packet is asked for when [`NackIn::collect_due`] is next called, which the owner does after
/// a batch of received packets: reordering inside a batch asks for nothing.
#[derive(Debug, Default)]
pub struct NackIn {
    newest: Option<u64>,
    /// Ascending by sequence.
    missing: Vec<Missing>,
}

impl NackIn {
    /// Nothing received, nothing missing.
    #[must_use]
    pub fn new() -> NackIn {
        NackIn::default()
    }

    /// Packets missing now.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.missing.len()
    }

    /// Notes a packet, by its own stream or recovered by RTX.
    pub fn packet_arrived(&mut self, now: Instant, extended_sequence: u64) -> Arrival {
        let Some(newest) = self.newest else {
            self.newest = Some(extended_sequence);
            return Arrival::Expected;
        };
        if extended_sequence <= newest {
            return match self.position(extended_sequence) {
                Ok(position) => {
                    self.missing.remove(position);
                    Arrival::Recovered
                }
                Err(_) => Arrival::Late,
            };
        }
        self.newest = Some(extended_sequence);
        let first_missing = newest.saturating_add(1);
        let gap = extended_sequence.saturating_sub(first_missing);
        if gap == 0 {
            return Arrival::Expected;
        }
        let total = usize::try_from(gap)
            .unwrap_or(usize::MAX)
            .saturating_add(self.missing.len());
        if total > MAX_MISSING {
            self.missing.clear();
            return Arrival::Outage;
        }
        self.missing
            .extend((first_missing..extended_sequence).map(|sequence| Missing {
                sequence,
                noticed: now,
                asked: None,
                tries: 0,
            }));
        Arrival::AfterGap
    }

    /// A key frame begins at this packet: nothing before it is needed any more.
    pub fn key_frame_began(&mut self, extended_sequence: u64) {
        self.missing
            .retain(|missing| missing.sequence >= extended_sequence);
    }

    /// Forgets everything that is missing: the publication is closed or nobody listens.
    pub fn clear(&mut self) {
        self.missing.clear();
    }

    /// Appends the sequence numbers to ask for now, ascending, and gives up the hopeless.
    pub fn collect_due(&mut self, now: Instant, round_trip: Duration, due: &mut Vec<u16>) {
        let retry = round_trip.max(SHORTEST_RETRY);
        self.missing.retain(|missing| !missing.is_hopeless(now));
        for missing in &mut self.missing {
            if missing.due(retry).is_some_and(|at| at <= now) {
                missing.asked = Some(now);
                missing.tries = missing.tries.saturating_add(1);
                let [_, _, _, _, _, _, high, low] = missing.sequence.to_be_bytes();
                due.push(u16::from_be_bytes([high, low]));
            }
        }
    }

    /// When to call [`NackIn::collect_due`] next.
    #[must_use]
    pub fn next_due(&self, round_trip: Duration) -> Option<Instant> {
        let retry = round_trip.max(SHORTEST_RETRY);
        self.missing
            .iter()
            .filter_map(|missing| missing.due(retry))
            .min()
    }

    fn position(&self, extended_sequence: u64) -> Result<usize, usize> {
        self.missing
            .binary_search_by_key(&extended_sequence, |missing| missing.sequence)
    }
}
