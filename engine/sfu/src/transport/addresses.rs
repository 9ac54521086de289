//! Where a peer is heard, and the one address it may be spoken to at.
//!
//! A path becomes *live* when a check on it was answered with success: the ICE agent answers
//! only checks whose integrity holds. A path becomes *proved* when such a check also nominated
//! it, on the answer and never on the request. The last nominated path wins: browsers nominate
//! only the pair they have selected when the far end is ICE-lite, so the latest nomination is
//! the peer's wish, and a change of port or network heals with the first check on it.
//!
//! A check copied to another address passes the integrity test, which does not cover the
//! source. So a transaction belongs to the path on which it was first answered, and a copy
//! elsewhere is refused as long as it is remembered.
//!
//! Consent (RFC 7675) is per path: silent for 30 s, it is forgotten and nothing is sent to it.

use std::collections::VecDeque;
use std::time::Instant;

use super::limits::{
    CONSENT_EXPIRES_AFTER, DISCONNECTED_AFTER, LIVE_PATHS, PATHS_EVER_SEEN, REMEMBERED_CHECKS,
};
use super::stun::TransactionId;
use crate::path::Path;

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Opened(Path),
    Closed(Path),
    Proved(Path),
    Lost,
    Disconnected,
    Reconnected,
}

/// The peer was seen at more addresses than one participant is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooManyPaths;

#[derive(Debug, Default)]
pub(super) struct Addresses {
    live: Vec<Live>,
    proved: Option<Path>,
    is_silent: bool,
    paths_ever_seen: u32,
    remembered: VecDeque<(TransactionId, Path)>,
}

#[derive(Debug)]
struct Live {
    path: Path,
    checked_at: Instant,
}

impl Addresses {
    /// The only path on which anything but an answer to a check may leave.
    pub fn proved(&self) -> Option<Path> {
        self.proved
    }

    pub fn is_live(&self, path: Path) -> bool {
        self.live.iter().any(|live| live.path == path)
    }

    /// True for a transaction that was answered on another path.
    pub fn is_copied(&self, transaction: TransactionId, path: Path) -> bool {
        self.remembered
            .iter()
            .any(|&(known, origin)| known == transaction && origin != path)
    }

    /// Notes that a check was answered with success.
    pub fn check_answered(
        &mut self,
        now: Instant,
        path: Path,
        transaction: TransactionId,
        nominates: bool,
        changes: &mut impl FnMut(Change),
    ) -> Result<(), TooManyPaths> {
        self.remember(transaction, path);
        match self.live.iter_mut().find(|live| live.path == path) {
            Some(live) => live.checked_at = now,
            None => self.open(now, path, changes)?,
        }
        if nominates && self.proved != Some(path) {
            self.proved = Some(path);
            changes(Change::Proved(path));
        }
        if self.is_silent && self.proved == Some(path) {
            self.is_silent = false;
            changes(Change::Reconnected);
        }
        Ok(())
    }

    /// Forgets what has been silent for too long.
    pub fn expire(&mut self, now: Instant, changes: &mut impl FnMut(Change)) {
        let is_silent =
            |live: &Live, limit| now.saturating_duration_since(live.checked_at) >= limit;
        let proved = self
            .proved
            .and_then(|path| self.live.iter().find(|live| live.path == path));
        if !self.is_silent && proved.is_some_and(|live| is_silent(live, DISCONNECTED_AFTER)) {
            self.is_silent = true;
            changes(Change::Disconnected);
        }
        let proved = &mut self.proved;
        self.live.retain(|live| {
            let is_expired = is_silent(live, CONSENT_EXPIRES_AFTER);
            if is_expired {
                if *proved == Some(live.path) {
                    *proved = None;
                    changes(Change::Lost);
                }
                changes(Change::Closed(live.path));
            }
            !is_expired
        });
    }

    /// When `expire` has something to do.
    pub fn next_deadline(&self) -> Option<Instant> {
        let consent = self.live.iter().map(|live| live.checked_at).min();
        let consent = consent.and_then(|checked_at| checked_at.checked_add(CONSENT_EXPIRES_AFTER));
        let proved = self.live.iter().find(|live| Some(live.path) == self.proved);
        let silence = proved.filter(|_| !self.is_silent);
        let silence = silence.and_then(|live| live.checked_at.checked_add(DISCONNECTED_AFTER));
        [consent, silence].into_iter().flatten().min()
    }

    fn remember(&mut self, transaction: TransactionId, path: Path) {
        if self
            .remembered
            .iter()
            .any(|&(known, _)| known == transaction)
        {
            return;
        }
        if self.remembered.len() >= REMEMBERED_CHECKS {
            self.remembered.pop_front();
        }
        self.remembered.push_back((transaction, path));
    }

    fn open(
        &mut self,
        now: Instant,
        path: Path,
        changes: &mut impl FnMut(Change),
    ) -> Result<(), TooManyPaths> {
        if self.paths_ever_seen >= PATHS_EVER_SEEN {
            return Err(TooManyPaths);
        }
        self.paths_ever_seen = self.paths_ever_seen.saturating_add(1);
        if self.live.len() >= LIVE_PATHS {
            self.close_longest_silent(changes);
        }
        self.live.push(Live {
            path,
            checked_at: now,
        });
        changes(Change::Opened(path));
        Ok(())
    }

    fn close_longest_silent(&mut self, changes: &mut impl FnMut(Change)) {
        let proved = self.proved;
        let candidates = self.live.iter().filter(|live| Some(live.path) != proved);
        let Some(path) = candidates
            .min_by_key(|live| live.checked_at)
            .map(|live| live.path)
        else {
            return;
        };
        self.live.retain(|live| live.path != path);
        changes(Change::Closed(path));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn path(port: u16) -> Path {
        Path {
            local: 0,
            remote: ([192, 0, 2, 1], port).into(),
        }
    }

    fn transaction(number: u32) -> TransactionId {
        let mut bytes = [0; 12];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        TransactionId(bytes)
    }

    struct Peer {
        addresses: Addresses,
        now: Instant,
        checks: u32,
    }

    impl Peer {
        fn new() -> Self {
            Self {
                addresses: Addresses::default(),
                now: Instant::now(),
                checks: 0,
            }
        }

        fn check(&mut self, port: u16, nominates: bool) -> Result<Vec<Change>, TooManyPaths> {
            self.checks += 1;
            let mut changes = Vec::new();
            self.addresses.check_answered(
                self.now,
                path(port),
                transaction(self.checks),
                nominates,
                &mut |change| changes.push(change),
            )?;
            Ok(changes)
        }

        fn wait(&mut self, wait: Duration) -> Vec<Change> {
            self.now += wait;
            let mut changes = Vec::new();
            self.addresses
                .expire(self.now, &mut |change| changes.push(change));
            changes
        }
    }

    #[test]
    fn only_a_nominated_check_proves_and_the_last_one_wins() {
        let mut peer = Peer::new();
        assert_eq!(peer.check(1, false), Ok(vec![Change::Opened(path(1))]));
        assert_eq!(peer.addresses.proved(), None);
        assert_eq!(peer.check(1, true), Ok(vec![Change::Proved(path(1))]));
        assert_eq!(peer.check(2, false), Ok(vec![Change::Opened(path(2))]));
        assert_eq!(peer.addresses.proved(), Some(path(1)));
        assert_eq!(peer.check(2, true), Ok(vec![Change::Proved(path(2))]));
        assert_eq!(peer.check(1, false), Ok(vec![]));
        assert_eq!(peer.addresses.proved(), Some(path(2)));
    }

    #[test]
    fn silence_is_told_at_its_limit_and_consent_ends_at_its_own() {
        let tick = Duration::from_millis(1);
        let mut peer = Peer::new();
        peer.check(1, true).unwrap();
        let deadline = peer.now + DISCONNECTED_AFTER;
        assert_eq!(peer.addresses.next_deadline(), Some(deadline));
        assert_eq!(peer.wait(DISCONNECTED_AFTER - tick), []);
        assert_eq!(peer.wait(tick), [Change::Disconnected]);
        assert_eq!(peer.wait(tick), []);
        assert_eq!(
            peer.wait(CONSENT_EXPIRES_AFTER - DISCONNECTED_AFTER - tick - tick),
            []
        );
        assert_eq!(peer.wait(tick), [Change::Lost, Change::Closed(path(1))]);
        assert_eq!(peer.addresses.proved(), None);
        assert_eq!(peer.addresses.next_deadline(), None);
        let back = [
            Change::Opened(path(1)),
            Change::Proved(path(1)),
            Change::Reconnected,
        ];
        assert_eq!(peer.check(1, true), Ok(back.to_vec()));
    }

    #[test]
    fn a_check_on_another_path_does_not_end_the_silence_of_the_proved_one() {
        let mut peer = Peer::new();
        peer.check(1, true).unwrap();
        peer.wait(DISCONNECTED_AFTER);
        assert_eq!(peer.check(2, false), Ok(vec![Change::Opened(path(2))]));
        assert_eq!(peer.check(1, false), Ok(vec![Change::Reconnected]));
    }

    #[test]
    fn one_path_too_many_takes_the_place_of_the_longest_silent_but_never_of_the_proved_one() {
        let mut peer = Peer::new();
        peer.check(0, true).unwrap();
        for port in 1..LIVE_PATHS as u16 {
            peer.wait(Duration::from_millis(1));
            assert_eq!(
                peer.check(port, false),
                Ok(vec![Change::Opened(path(port))])
            );
        }
        let changes = peer.check(99, false).unwrap();
        assert_eq!(changes, [Change::Closed(path(1)), Change::Opened(path(99))]);
        assert!(peer.addresses.is_live(path(0)) && !peer.addresses.is_live(path(1)));
    }

    #[test]
    fn a_peer_wears_out_its_addresses() {
        let mut peer = Peer::new();
        for port in 0..PATHS_EVER_SEEN as u16 {
            assert!(peer.check(port, true).is_ok(), "{port}");
        }
        assert_eq!(peer.check(PATHS_EVER_SEEN as u16, true), Err(TooManyPaths));
        // Known ones go on.
        assert_eq!(peer.check(PATHS_EVER_SEEN as u16 - 1, true), Ok(vec![]));
    }

    #[test]
    fn a_copy_is_known_as_long_as_it_is_remembered() {
        let mut peer = Peer::new();
        peer.check(1, true).unwrap();
        let first = transaction(1);
        for _ in 0..REMEMBERED_CHECKS - 1 {
            peer.check(1, true).unwrap();
        }
        assert!(peer.addresses.is_copied(first, path(2)));
        assert!(!peer.addresses.is_copied(first, path(1)));
        peer.check(1, true).unwrap();
        assert!(!peer.addresses.is_copied(first, path(2)));
    }
}
