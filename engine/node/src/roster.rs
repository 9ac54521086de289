//! Who is connected, and the one place that ends someone.
//!
//! A transport sits in its own lock: whoever holds it may never let go (a third-party loop without
//! end), and then nobody else needs it any more. The roster's own lock is held for look-ups only,
//! never during a turn. Ending is decided once: by whoever takes the participant out of here.

use crate::command::TransportPoint;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use veche_sfu::ids::ParticipantId;
use veche_sfu::path::Path;
use veche_sfu::shard::Fault;
use veche_sfu::transport::registry::Unrouted;
use veche_sfu::transport::{IceCredentials, Output, Registry, Transport};

/// One participant, as the transport thread works on it.
pub(crate) struct Member {
    pub(crate) participant: ParticipantId,
    pub(crate) connection: Mutex<Connection>,
    is_ended: AtomicBool,
}

/// What a turn works on.
pub(crate) struct Connection {
    pub(crate) transport: Transport,
    pub(crate) fault: Option<(TransportPoint, Fault)>,
}

impl Member {
    /// Whether the participant was ended, maybe in the middle of a turn that still runs.
    pub(crate) fn is_ended(&self) -> bool {
        self.is_ended.load(Ordering::SeqCst)
    }
}

/// Why someone could not be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Somebody with this id is here, and stays.
    Id,
    /// Somebody else is called by this username fragment.
    Ufrag,
}

/// What others may know of a participant without its lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Presence {
    pub(crate) participant: ParticipantId,
    pub(crate) is_connected: bool,
    pub(crate) path: Option<Path>,
}

struct Seat {
    member: Arc<Member>,
    presence: Presence,
}

struct Seats {
    by_participant: HashMap<ParticipantId, Seat>,
    registry: Registry,
}

/// Everyone.
pub(crate) struct Roster {
    seats: Mutex<Seats>,
}

impl Roster {
    pub(crate) fn new(now: Instant) -> Self {
        let seats = Seats {
            by_participant: HashMap::new(),
            registry: Registry::new(now),
        };
        Self {
            seats: Mutex::new(seats),
        }
    }

    /// Adds a participant, unless the id or the username fragment is taken.
    pub(crate) fn add(
        &self,
        now: Instant,
        participant: ParticipantId,
        local: &IceCredentials,
        transport: Transport,
    ) -> Result<(), Taken> {
        let mut seats = self.lock();
        if seats.by_participant.contains_key(&participant) {
            return Err(Taken::Id);
        }
        let registry = &mut seats.registry;
        registry
            .add_ufrag(now, participant, local.ufrag())
            .map_err(|_| Taken::Ufrag)?;
        let member = Arc::new(Member {
            participant,
            connection: Mutex::new(Connection {
                transport,
                fault: None,
            }),
            is_ended: AtomicBool::new(false),
        });
        let presence = Presence {
            participant,
            is_connected: false,
            path: None,
        };
        seats
            .by_participant
            .insert(participant, Seat { member, presence });
        Ok(())
    }

    /// A second username fragment, for an ICE restart.
    pub(crate) fn add_ufrag(
        &self,
        now: Instant,
        participant: ParticipantId,
        local: &IceCredentials,
    ) -> bool {
        let mut seats = self.lock();
        seats.by_participant.contains_key(&participant)
            && seats
                .registry
                .add_ufrag(now, participant, local.ufrag())
                .is_ok()
    }

    pub(crate) fn find(&self, participant: ParticipantId) -> Option<Arc<Member>> {
        self.lock()
            .by_participant
            .get(&participant)
            .map(|seat| Arc::clone(&seat.member))
    }

    /// Takes a participant out. The caller who gets it tells the others; nobody gets it twice.
    pub(crate) fn remove(&self, participant: ParticipantId) -> Option<Arc<Member>> {
        let mut seats = self.lock();
        let seat = seats.by_participant.remove(&participant)?;
        seat.member.is_ended.store(true, Ordering::SeqCst);
        seats.registry.remove(participant);
        Some(seat.member)
    }

    /// Whom a datagram is for.
    pub(crate) fn route(
        &self,
        now: Instant,
        path: Path,
        datagram: &[u8],
    ) -> Result<Arc<Member>, Unrouted> {
        let mut seats = self.lock();
        let participant = seats.registry.route(now, path, datagram)?;
        let seat = seats.by_participant.get(&participant);
        seat.map(|seat| Arc::clone(&seat.member))
            .ok_or(Unrouted::UnknownPath)
    }

    /// Keeps up with what a participant's transport did.
    pub(crate) fn observe(&self, participant: ParticipantId, output: &Output) {
        let mut seats = self.lock();
        seats.registry.observe(participant, output);
        let Some(seat) = seats.by_participant.get_mut(&participant) else {
            return;
        };
        match output {
            Output::AddressProved(path) => seat.presence.path = Some(*path),
            Output::AddressLost => seat.presence.path = None,
            Output::Connected(_) | Output::Reconnected => seat.presence.is_connected = true,
            Output::Disconnected => seat.presence.is_connected = false,
            _ => {}
        }
    }

    pub(crate) fn everyone(&self) -> Vec<ParticipantId> {
        self.lock().by_participant.keys().copied().collect()
    }

    pub(crate) fn presences(&self) -> Vec<Presence> {
        self.lock()
            .by_participant
            .values()
            .map(|seat| seat.presence)
            .collect()
    }

    /// Datagrams that were for nobody.
    pub(crate) fn datagrams_refused(&self) -> u64 {
        self.lock().registry.refused()
    }

    fn lock(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use veche_sfu::transport::Identity;

    const ALICE: ParticipantId = ParticipantId(1);
    const BOB: ParticipantId = ParticipantId(2);

    fn add(roster: &Roster, participant: ParticipantId, ufrag: &str) -> Result<(), Taken> {
        let now = Instant::now();
        let local = IceCredentials::new(ufrag, &"p".repeat(22)).unwrap();
        let identity = Identity::generate().unwrap();
        let transport = Transport::new(now, &identity, local.clone(), 1);
        roster.add(now, participant, &local, transport)
    }

    #[test]
    fn an_id_or_a_name_that_is_taken_stays_with_its_owner() {
        let roster = Roster::new(Instant::now());
        assert_eq!(add(&roster, ALICE, "alice"), Ok(()));
        assert_eq!(add(&roster, ALICE, "other"), Err(Taken::Id));
        assert_eq!(add(&roster, BOB, "alice"), Err(Taken::Ufrag));
        assert_eq!(roster.everyone(), [ALICE]);
    }

    #[test]
    fn a_participant_is_taken_out_once_and_its_name_is_free_again() {
        let roster = Roster::new(Instant::now());
        assert_eq!(add(&roster, ALICE, "alice"), Ok(()));
        let member = roster.find(ALICE).unwrap();
        assert!(!member.is_ended());
        assert!(roster.remove(ALICE).is_some());
        assert!(roster.remove(ALICE).is_none());
        assert!(member.is_ended(), "a turn that still runs must see it");
        assert_eq!(add(&roster, BOB, "alice"), Ok(()));
    }

    #[test]
    fn the_roster_answers_while_someone_holds_a_participants_lock_for_ever() {
        let roster = Roster::new(Instant::now());
        assert_eq!(add(&roster, ALICE, "alice"), Ok(()));
        let member = roster.find(ALICE).unwrap();
        let _never_given_back = member.connection.lock().unwrap();
        assert_eq!(roster.presences().len(), 1);
        assert!(roster.remove(ALICE).is_some());
    }
}
