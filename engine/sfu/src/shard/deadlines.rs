//! When whose turn comes without any input. One entry per owner counts, the earliest it asked for;
//! entries overtaken by an earlier one stay in the heap and are recognised when they come up.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

/// The moment for which an owner waits; it lies with the owner, so that asking costs no lookup.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Alarm(Option<Instant>);

/// Owners by the moment for which they wait.
#[derive(Debug)]
pub(crate) struct Deadlines<K> {
    heap: BinaryHeap<Reverse<(Instant, K)>>,
}

impl<K: Ord + Copy> Default for Deadlines<K> {
    fn default() -> Self {
        Self {
            heap: BinaryHeap::new(),
        }
    }
}

impl<K: Ord + Copy> Deadlines<K> {
    /// Wakes `owner` at `at` unless it wakes earlier.
    #[inline]
    pub(crate) fn set(&mut self, alarm: &mut Alarm, owner: K, at: Instant) {
        if alarm.0.is_none_or(|earlier| at < earlier) {
            alarm.0 = Some(at);
            self.heap.push(Reverse((at, owner)));
        }
    }

    /// The next owner whose moment has come, with that moment. The owner then asks its alarm
    /// whether it still waited for it (`Alarm::ring`).
    pub(crate) fn pop(&mut self, now: Instant) -> Option<(Instant, K)> {
        let Reverse((at, _)) = self.heap.peek()?;
        if *at > now {
            return None;
        }
        self.heap.pop().map(|Reverse(entry)| entry)
    }

    /// The earliest moment in the heap; at worst nobody waits for it any more.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }
}

impl Alarm {
    /// Whether the owner waited for this moment; if so, it waits for nothing now.
    pub(crate) fn ring(&mut self, at: Instant) -> bool {
        let is_mine = self.0 == Some(at);
        if is_mine {
            self.0 = None;
        }
        is_mine
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_owner_wakes_once_at_the_earliest_moment_it_asked_for() {
        let now = Instant::now();
        let at = |milliseconds| now + Duration::from_millis(milliseconds);
        let mut deadlines = Deadlines::default();
        let mut alarms = [Alarm::default(), Alarm::default()];
        deadlines.set(&mut alarms[0], 0, at(30));
        deadlines.set(&mut alarms[0], 0, at(10));
        deadlines.set(&mut alarms[0], 0, at(20));
        deadlines.set(&mut alarms[1], 1, at(15));
        assert_eq!(deadlines.next(), Some(at(10)));
        let mut woken = Vec::new();
        while let Some((moment, owner)) = deadlines.pop(at(100)) {
            if alarms[owner].ring(moment) {
                woken.push((moment, owner));
            }
        }
        assert_eq!(woken, [(at(10), 0), (at(15), 1)]);
        assert_eq!(deadlines.next(), None);
    }

    #[test]
    fn nobody_wakes_early() {
        let now = Instant::now();
        let mut deadlines = Deadlines::default();
        deadlines.set(&mut Alarm::default(), 0, now + Duration::from_millis(1));
        assert_eq!(deadlines.pop(now), None);
    }
}
