//! What is under way: a queue in order of arrival, and of departure among equals.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::time::Instant;

/// Things that will happen.
#[derive(Debug)]
pub struct Wire<T> {
    queue: BinaryHeap<Reverse<Item<T>>>,
    sent: u64,
}

#[derive(Debug)]
struct Item<T> {
    at: Instant,
    number: u64,
    content: T,
}

impl<T> Default for Wire<T> {
    fn default() -> Self {
        Self {
            queue: BinaryHeap::new(),
            sent: 0,
        }
    }
}

impl<T> Wire<T> {
    /// `content` will happen at `at`.
    pub fn push(&mut self, at: Instant, content: T) {
        let number = self.sent;
        self.sent += 1;
        self.queue.push(Reverse(Item {
            at,
            number,
            content,
        }));
    }

    /// When the next thing happens.
    pub fn next_at(&self) -> Option<Instant> {
        self.queue.peek().map(|Reverse(item)| item.at)
    }

    /// The next thing that has happened by now.
    pub fn pop_due(&mut self, now: Instant) -> Option<T> {
        let is_due = self.next_at().is_some_and(|at| at <= now);
        is_due
            .then(|| self.queue.pop())
            .flatten()
            .map(|Reverse(item)| item.content)
    }
}

impl<T> Ord for Item<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

impl<T> PartialOrd for Item<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Item<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T> Eq for Item<T> {}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn equal_times_keep_their_order() {
        let now = Instant::now();
        let soon = now + Duration::from_millis(1);
        let mut wire = Wire::default();
        for (at, content) in [(soon, 'c'), (now, 'a'), (soon, 'd'), (now, 'b')] {
            wire.push(at, content);
        }
        assert_eq!(wire.next_at(), Some(now));
        let due: String = std::iter::from_fn(|| wire.pop_due(now)).collect();
        assert_eq!(due, "ab");
        let due: String = std::iter::from_fn(|| wire.pop_due(soon)).collect();
        assert_eq!(due, "cd");
    }
}
