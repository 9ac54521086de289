//! Whose datagram is it? Two look-ups, never a search, and strangers stay outside.
//!
//! Holds ids only: a username fragment belongs to one participant, and so does a path from its
//! first authenticated check until it falls silent. A check is routed by the fragment that we
//! gave out; DTLS by its path alone. Everything else is refused and counted before any state
//! machine sees it, and what an unproved address may cost is bounded for the whole engine.

use std::collections::HashMap;
use std::collections::hash_map::Entry::Vacant;
use std::time::Instant;

use super::Output;
use super::limits::DATAGRAM_BYTES;
use super::rate::Rate;
use super::stun::Check;
use crate::ids::ParticipantId;
use crate::path::Path;

/// Checks accepted each second from addresses that are not yet known, over all participants.
pub const UNPROVED_CHECKS_PER_SECOND: u32 = 2000;

/// DTLS handshakes at the same time; each costs 4 to 7 ms of CPU in all.
pub const HANDSHAKES_IN_FLIGHT: usize = 256;

/// Datagrams accepted each second from one participant, media aside: 48 Mbit/s of channel data.
pub const DATAGRAMS_PER_SECOND: u32 = 5000;

/// Username fragments of one participant: the current, the one before an ICE restart, and the
/// next one while a further restart is being applied.
pub const UFRAGS: usize = 3;

/// Why a datagram was not routed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unrouted {
    /// Neither a binding request nor DTLS, or not well formed, or too long.
    Malformed,
    /// A check with a username fragment that nobody has.
    UnknownUfrag,
    /// Not a check, from a path that nobody has proved.
    UnknownPath,
    /// A check from a path that belongs to another participant who is alive on it.
    ForeignPath,
    /// Too many checks from unknown addresses, or too many datagrams of one participant.
    TooFast,
    /// Enough handshakes are in flight.
    TooManyHandshakes,
}

/// The fragment belongs to somebody else, or there are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UfragRefused;

/// Paths and username fragments, and who has them.
#[derive(Debug)]
pub struct Registry {
    by_ufrag: HashMap<Box<str>, ParticipantId>,
    by_path: HashMap<Path, ParticipantId>,
    participants: HashMap<ParticipantId, Entry>,
    unproved_checks: Rate,
    handshakes_in_flight: usize,
    refused: u64,
}

#[derive(Debug)]
struct Entry {
    ufrags: Vec<Box<str>>,
    paths: Vec<Path>,
    datagrams: Rate,
    handshake: Handshake,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Handshake {
    NotBegun,
    InFlight,
    Over,
}

impl Registry {
    /// An empty registry.
    pub fn new(now: Instant) -> Self {
        Self {
            by_ufrag: HashMap::new(),
            by_path: HashMap::new(),
            participants: HashMap::new(),
            unproved_checks: Rate::new(now, UNPROVED_CHECKS_PER_SECOND),
            handshakes_in_flight: 0,
            refused: 0,
        }
    }

    /// Gives a username fragment to a participant, who is added when not known.
    pub fn add_ufrag(
        &mut self,
        now: Instant,
        participant: ParticipantId,
        ufrag: &str,
    ) -> Result<(), UfragRefused> {
        if self.by_ufrag.contains_key(ufrag) {
            return Err(UfragRefused);
        }
        let entry = self
            .participants
            .entry(participant)
            .or_insert_with(|| Entry {
                ufrags: Vec::new(),
                paths: Vec::new(),
                datagrams: Rate::new(now, DATAGRAMS_PER_SECOND),
                handshake: Handshake::NotBegun,
            });
        if entry.ufrags.len() >= UFRAGS {
            return Err(UfragRefused);
        }
        entry.ufrags.push(ufrag.into());
        self.by_ufrag.insert(ufrag.into(), participant);
        Ok(())
    }

    /// Forgets a participant and everything that leads to it.
    pub fn remove(&mut self, participant: ParticipantId) {
        self.end_handshake(participant);
        if let Some(entry) = self.participants.remove(&participant) {
            for ufrag in entry.ufrags {
                self.by_ufrag.remove(&ufrag);
            }
            for path in entry.paths {
                self.by_path.remove(&path);
            }
        }
    }

    /// Keeps up with what a participant's transport did. Give it every output.
    pub fn observe(&mut self, participant: ParticipantId, output: &Output) {
        match output {
            Output::PathOpened(path) => self.open_path(participant, *path),
            Output::PathClosed(path) => self.close_path(participant, *path),
            Output::UfragRetired(ufrag) => self.retire_ufrag(participant, ufrag),
            Output::Connected(_) | Output::Failed(_) => self.end_handshake(participant),
            _ => {}
        }
    }

    /// Whom a datagram is for.
    pub fn route(
        &mut self,
        now: Instant,
        path: Path,
        datagram: &[u8],
    ) -> Result<ParticipantId, Unrouted> {
        let result = match datagram.first() {
            _ if datagram.len() > DATAGRAM_BYTES => Err(Unrouted::Malformed),
            Some(0..=3) => self.route_check(now, path, datagram),
            Some(20..=63) => self.route_dtls(now, path),
            _ => Err(Unrouted::Malformed),
        };
        if result.is_err() {
            self.refused = self.refused.saturating_add(1);
        }
        result
    }

    /// Who is alive on a path.
    pub fn owner(&self, path: Path) -> Option<ParticipantId> {
        self.by_path.get(&path).copied()
    }

    /// Datagrams refused since the beginning.
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// Handshakes that have begun and not ended.
    pub fn handshakes_in_flight(&self) -> usize {
        self.handshakes_in_flight
    }

    fn route_check(
        &mut self,
        now: Instant,
        path: Path,
        datagram: &[u8],
    ) -> Result<ParticipantId, Unrouted> {
        let check = Check::parse(datagram).ok_or(Unrouted::Malformed)?;
        let participant = self.by_ufrag.get(check.local_ufrag).copied();
        match self.owner(path) {
            None if !self.unproved_checks.take(now) => return Err(Unrouted::TooFast),
            // Anyone may write a neighbour's address on a datagram; nobody may take it over.
            Some(owner) if participant.is_some_and(|it| it != owner) => {
                return Err(Unrouted::ForeignPath);
            }
            _ => {}
        }
        let participant = participant.ok_or(Unrouted::UnknownUfrag)?;
        self.spend(now, participant)?;
        Ok(participant)
    }

    fn route_dtls(&mut self, now: Instant, path: Path) -> Result<ParticipantId, Unrouted> {
        let participant = self.owner(path).ok_or(Unrouted::UnknownPath)?;
        self.spend(now, participant)?;
        let entry = self
            .participants
            .get_mut(&participant)
            .ok_or(Unrouted::UnknownPath)?;
        if entry.handshake == Handshake::NotBegun {
            if self.handshakes_in_flight >= HANDSHAKES_IN_FLIGHT {
                return Err(Unrouted::TooManyHandshakes);
            }
            entry.handshake = Handshake::InFlight;
            self.handshakes_in_flight = self.handshakes_in_flight.saturating_add(1);
        }
        Ok(participant)
    }

    fn spend(&mut self, now: Instant, participant: ParticipantId) -> Result<(), Unrouted> {
        let entry = self
            .participants
            .get_mut(&participant)
            .ok_or(Unrouted::UnknownUfrag)?;
        if entry.datagrams.take(now) {
            Ok(())
        } else {
            Err(Unrouted::TooFast)
        }
    }

    fn open_path(&mut self, participant: ParticipantId, path: Path) {
        let Some(entry) = self.participants.get_mut(&participant) else {
            return;
        };
        // `route` has refused checks from a path of another, so it is free or already ours.
        if let Vacant(place) = self.by_path.entry(path) {
            place.insert(participant);
            entry.paths.push(path);
        }
    }

    fn close_path(&mut self, participant: ParticipantId, path: Path) {
        let Some(entry) = self.participants.get_mut(&participant) else {
            return;
        };
        entry.paths.retain(|it| *it != path);
        if self.by_path.get(&path) == Some(&participant) {
            self.by_path.remove(&path);
        }
    }

    fn retire_ufrag(&mut self, participant: ParticipantId, ufrag: &str) {
        let Some(entry) = self.participants.get_mut(&participant) else {
            return;
        };
        entry.ufrags.retain(|it| &**it != ufrag);
        if self.by_ufrag.get(ufrag) == Some(&participant) {
            self.by_ufrag.remove(ufrag);
        }
    }

    fn end_handshake(&mut self, participant: ParticipantId) {
        let Some(entry) = self.participants.get_mut(&participant) else {
            return;
        };
        if entry.handshake == Handshake::InFlight {
            self.handshakes_in_flight = self.handshakes_in_flight.saturating_sub(1);
        }
        entry.handshake = Handshake::Over;
    }
}

#[cfg(test)]
mod tests {
    use super::super::Failure;
    use super::*;

    const ALICE: ParticipantId = ParticipantId(1);
    const BOB: ParticipantId = ParticipantId(2);

    fn path(port: u16) -> Path {
        Path {
            local: 0,
            remote: ([192, 0, 2, 1], port).into(),
        }
    }

    fn record() -> [u8; 13] {
        let mut record = [0; 13];
        record[0] = 22;
        record
    }

    #[test]
    fn a_fragment_has_one_owner_and_an_owner_so_many_fragments() {
        let now = Instant::now();
        let mut registry = Registry::new(now);
        for number in 0..UFRAGS {
            assert_eq!(
                registry.add_ufrag(now, ALICE, &format!("alice{number}")),
                Ok(())
            );
        }
        assert_eq!(
            registry.add_ufrag(now, ALICE, "one more"),
            Err(UfragRefused)
        );
        assert_eq!(registry.add_ufrag(now, BOB, "alice0"), Err(UfragRefused));
        registry.observe(ALICE, &Output::UfragRetired("alice0".into()));
        assert_eq!(registry.add_ufrag(now, ALICE, "one more"), Ok(()));
        assert_eq!(registry.add_ufrag(now, BOB, "alice0"), Ok(()));
        // Another's fragment cannot be retired.
        registry.observe(ALICE, &Output::UfragRetired("alice0".into()));
        assert_eq!(registry.add_ufrag(now, ALICE, "alice0"), Err(UfragRefused));
    }

    #[test]
    fn a_path_has_one_owner_until_it_is_closed() {
        let now = Instant::now();
        let mut registry = Registry::new(now);
        registry.add_ufrag(now, ALICE, "alice").unwrap();
        registry.add_ufrag(now, BOB, "bob").unwrap();
        registry.observe(ALICE, &Output::PathOpened(path(1)));
        registry.observe(BOB, &Output::PathOpened(path(1)));
        registry.observe(BOB, &Output::PathClosed(path(1)));
        assert_eq!(registry.route(now, path(1), &record()), Ok(ALICE));
        registry.observe(ALICE, &Output::PathClosed(path(1)));
        assert_eq!(
            registry.route(now, path(1), &record()),
            Err(Unrouted::UnknownPath)
        );
        registry.observe(BOB, &Output::PathOpened(path(1)));
        assert_eq!(registry.owner(path(1)), Some(BOB));
    }

    #[test]
    fn who_is_removed_leaves_nothing_behind() {
        let now = Instant::now();
        let mut registry = Registry::new(now);
        registry.add_ufrag(now, ALICE, "alice").unwrap();
        registry.observe(ALICE, &Output::PathOpened(path(1)));
        assert_eq!(registry.route(now, path(1), &record()), Ok(ALICE));
        assert_eq!(registry.handshakes_in_flight(), 1);
        registry.remove(ALICE);
        assert_eq!(registry.handshakes_in_flight(), 0);
        assert_eq!(registry.owner(path(1)), None);
        assert!(registry.by_ufrag.is_empty() && registry.participants.is_empty());
        assert_eq!(registry.refused(), 0);
        // What its last turn still says finds nobody.
        registry.observe(ALICE, &Output::PathOpened(path(2)));
        assert_eq!(registry.owner(path(2)), None);
    }

    #[test]
    fn a_handshake_is_in_flight_from_its_first_record_to_its_end() {
        let now = Instant::now();
        for failure in [Failure::Dtls, Failure::Flood] {
            let mut registry = Registry::new(now);
            registry.add_ufrag(now, ALICE, "alice").unwrap();
            registry.observe(ALICE, &Output::PathOpened(path(1)));
            for _ in 0..3 {
                assert_eq!(registry.route(now, path(1), &record()), Ok(ALICE));
                assert_eq!(registry.handshakes_in_flight(), 1);
            }
            registry.observe(ALICE, &Output::Failed(failure));
            assert_eq!(registry.handshakes_in_flight(), 0);
        }
    }
}
