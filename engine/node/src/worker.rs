//! The transport thread: handshakes and channels, one participant's turn at a time.
//!
//! Owns nothing that a successor would miss: work waits in the queue, transports in the roster,
//! deadlines are asked for anew. A panic in a turn ends its participant; a turn without end is
//! seen by the watchdog, which ends the participant and starts a successor. Media never waits for
//! anything here.

use crate::command::TransportPoint;
use crate::events::{Event, EventWriter, GoneReason};
use crate::heartbeat::Heartbeat;
use crate::media::MediaPort;
use crate::roster::{Connection, Member, Roster, Taken};
use crate::socket::MediaSocket;
use crate::work::{Job, Task, Work, WorkQueue};
use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use veche_sfu::ids::ParticipantId;
use veche_sfu::shard::{self, Fault};
use veche_sfu::transport::{Failure, IceCredentials, Identity, Output, Transport};

/// Labels whose channels promise nothing; every other one is reliable.
const LOSSY_LABELS: [&str; 2] = ["_lossy", "_data_track"];
/// Longest sleep without work and deadlines.
const IDLE_WAIT: Duration = Duration::from_secs(10);

/// What all workers and their watch share.
pub(crate) struct Shared {
    pub(crate) identity: Identity,
    pub(crate) sockets: Arc<[MediaSocket]>,
    pub(crate) queue: Arc<WorkQueue>,
    pub(crate) roster: Roster,
    pub(crate) media: MediaPort,
    pub(crate) events: EventWriter,
    pub(crate) is_closing: AtomicBool,
    /// The worker of the day; another one that still runs has been given up.
    pub(crate) generation: AtomicU64,
    pub(crate) ended_by_fault: AtomicU64,
}

impl Shared {
    /// Ends a participant on both threads and tells Python, unless it has ended already.
    pub(crate) fn end(&self, participant: ParticipantId, reason: GoneReason) {
        if self.roster.remove(participant).is_none() {
            return;
        }
        if matches!(reason, GoneReason::Panic | GoneReason::Stalled) {
            self.ended_by_fault.fetch_add(1, Ordering::Relaxed);
        }
        self.media
            .apply(vec![shard::Command::RemoveParticipant { participant }]);
        self.events.write(Event::Gone(participant, reason));
    }
}

/// One worker: the thread's own state.
pub(crate) struct Worker {
    shared: Arc<Shared>,
    heartbeat: Arc<Heartbeat>,
    generation: u64,
    deadlines: Deadlines,
}

impl Worker {
    /// A worker that takes over everyone who is there.
    pub(crate) fn new(shared: Arc<Shared>, heartbeat: Arc<Heartbeat>, generation: u64) -> Self {
        let mut deadlines = Deadlines::default();
        let now = Instant::now();
        for participant in shared.roster.everyone() {
            deadlines.set(participant, Some(now));
        }
        Self {
            shared,
            heartbeat,
            generation,
            deadlines,
        }
    }

    /// Works until the engine closes or the watch has given this worker up.
    pub(crate) fn run(&mut self) {
        while self.is_wanted() {
            let now = Instant::now();
            if let Some(participant) = self.deadlines.take_due(now) {
                self.with(participant, |connection, now| {
                    connection.transport.handle_deadline(now)
                });
                continue;
            }
            let wait = self
                .deadlines
                .first()
                .map_or(IDLE_WAIT, |at| at.saturating_duration_since(now));
            match self.shared.queue.next(wait.min(IDLE_WAIT)) {
                Some(Work::Job(job)) => self.handle_job(job),
                Some(Work::Datagram { path, bytes }) => {
                    if let Ok(member) = self.shared.roster.route(Instant::now(), path, &bytes) {
                        let shared = Arc::clone(&self.shared);
                        self.turn(&member, |connection, now| {
                            shared.pass(connection, TransportPoint::Handshake);
                            // Counted by the transport itself.
                            let _ = connection.transport.handle_datagram(now, path, &bytes);
                        });
                    }
                }
                Some(Work::Nudge) | None => {}
            }
        }
    }

    fn is_wanted(&self) -> bool {
        !self.shared.is_closing.load(Ordering::SeqCst)
            && self.shared.generation.load(Ordering::SeqCst) == self.generation
    }

    fn handle_job(&mut self, job: Job) {
        let participant = job.participant;
        match job.task {
            Task::Add { credentials } => self.add(participant, credentials),
            Task::SetRemote {
                credentials,
                fingerprint,
            } => self.with(participant, |connection, now| {
                // A second description is a mistake of the caller's; the first one stays.
                let _ = connection
                    .transport
                    .set_remote(now, credentials, fingerprint);
            }),
            Task::RestartIce { local, remote } => {
                if self
                    .shared
                    .roster
                    .add_ufrag(Instant::now(), participant, &local)
                {
                    self.with(participant, |connection, now| {
                        let _ = connection.transport.restart_ice(now, local, remote);
                    });
                }
            }
            Task::Send { label, payload } => self.with(participant, |connection, _| {
                // What must not be lost and does not fit ends the transport by itself.
                let _ = connection.transport.send(&label, &payload);
            }),
            Task::Inject { point, fault } => self.with(participant, |connection, _| {
                connection.fault = Some((point, fault));
            }),
            Task::Close => {
                // Out of the roster first: whatever the goodbye brings, Python asked for it.
                if let Some(member) = self.shared.roster.remove(participant) {
                    self.deadlines.set(participant, None);
                    self.say_goodbye(&member);
                }
            }
            Task::End { reason } => {
                self.deadlines.set(participant, None);
                self.shared.end(participant, reason);
            }
        }
    }

    fn add(&mut self, participant: ParticipantId, credentials: IceCredentials) {
        let now = Instant::now();
        let sockets = u8::try_from(self.shared.sockets.len()).unwrap_or(u8::MAX);
        self.heartbeat.begin(participant);
        let identity = &self.shared.identity;
        let local = credentials.clone();
        let made = catch_unwind(AssertUnwindSafe(|| {
            Transport::new(now, identity, local, sockets)
        }));
        self.heartbeat.end();
        let added = made.map(|transport| {
            self.shared
                .roster
                .add(now, participant, &credentials, transport)
        });
        match added {
            Ok(Ok(())) => self.deadlines.set(participant, Some(now)),
            // A mistake of the caller's, and not the fault of whoever has the id.
            Ok(Err(Taken::Id)) => {}
            Ok(Err(Taken::Ufrag)) => self.refuse(participant, GoneReason::Handshake),
            Err(_) => self.refuse(participant, GoneReason::Panic),
        }
    }

    /// Ends someone who never was in the roster.
    fn refuse(&self, participant: ParticipantId, reason: GoneReason) {
        self.shared
            .media
            .apply(vec![shard::Command::RemoveParticipant { participant }]);
        self.shared.events.write(Event::Gone(participant, reason));
    }

    /// A turn of someone who may be gone.
    fn with(&mut self, participant: ParticipantId, act: impl FnOnce(&mut Connection, Instant)) {
        if let Some(member) = self.shared.roster.find(participant) {
            self.turn(&member, act);
        }
    }

    /// One turn: an input, everything that follows from it, and the next deadline.
    fn turn(&mut self, member: &Member, act: impl FnOnce(&mut Connection, Instant)) {
        let shared = Arc::clone(&self.shared);
        let mut outputs = Vec::new();
        let done = self.contained(member, |connection, now| {
            act(connection, now);
            connection
                .transport
                .drain(now, &mut |output| outputs.push(output));
            if outputs
                .iter()
                .any(|output| matches!(output, Output::Data { .. }))
            {
                shared.pass(connection, TransportPoint::Data);
            }
            connection.transport.next_deadline()
        });
        if member.is_ended() {
            return;
        }
        let Some(deadline) = done else {
            self.deadlines.set(member.participant, None);
            return self.shared.end(member.participant, GoneReason::Panic);
        };
        self.deadlines.set(member.participant, deadline);
        for output in outputs {
            self.dispatch(member.participant, output);
        }
    }

    fn say_goodbye(&mut self, member: &Member) {
        let sockets = Arc::clone(&self.shared.sockets);
        self.contained(member, |connection, now| {
            connection.transport.close();
            connection
                .transport
                .drain(now, &mut |output| transmit(&sockets, &output));
        });
    }

    /// The bulkhead: a fault in here is this participant's only.
    fn contained<R>(
        &mut self,
        member: &Member,
        body: impl FnOnce(&mut Connection, Instant) -> R,
    ) -> Option<R> {
        self.heartbeat.begin(member.participant);
        let result = catch_unwind(AssertUnwindSafe(|| {
            let mut connection = member
                .connection
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            body(&mut connection, Instant::now())
        }));
        self.heartbeat.end();
        result.ok()
    }

    fn dispatch(&mut self, participant: ParticipantId, output: Output) {
        let shared = &self.shared;
        shared.roster.observe(participant, &output);
        match output {
            Output::Transmit { .. } => transmit(&shared.sockets, &output),
            Output::PathOpened(_) | Output::PathClosed(_) | Output::UfragRetired(_) => {}
            Output::Connected(keys) => {
                shared
                    .media
                    .apply(vec![shard::Command::SetKeys { participant, keys }]);
                shared.events.write(Event::Connected(participant));
            }
            Output::AddressProved(path) => {
                shared.media.apply(vec![shard::Command::SetPath {
                    participant,
                    path: Some(path),
                }]);
            }
            Output::AddressLost => shared.end(participant, GoneReason::Timeout),
            Output::Disconnected => {
                shared.events.write(Event::Disconnected(participant));
            }
            Output::Reconnected => {
                shared.events.write(Event::Connected(participant));
            }
            Output::ChannelOpened { label } => {
                shared
                    .events
                    .write(Event::ChannelOpened(participant, label));
            }
            Output::Data { label, bytes } => {
                let is_reliable = !LOSSY_LABELS.contains(&&*label);
                let event = Event::Data {
                    participant,
                    label,
                    payload: bytes,
                    is_reliable,
                };
                // A reliable channel that loses messages would be a lie; its sender must start anew.
                if !shared.events.write(event) && is_reliable {
                    shared.end(participant, GoneReason::Flood);
                }
            }
            Output::Failed(failure) => shared.end(participant, failure.into()),
        }
    }
}

impl From<Failure> for GoneReason {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Dtls => Self::Handshake,
            Failure::HandshakeTimeout => Self::Timeout,
            Failure::Closed => Self::Closed,
            Failure::SlowReader => Self::Slow,
            Failure::Flood => Self::Flood,
            Failure::Runaway => Self::Stalled,
        }
    }
}

/// What the socket does not take is lost as on the way: handshakes repeat themselves.
fn transmit(sockets: &[MediaSocket], output: &Output) {
    if let Output::Transmit { path, bytes } = output
        && let Some(socket) = sockets.get(usize::from(path.local))
    {
        let _ = socket.send_now(path.remote, bytes);
    }
}

impl Shared {
    /// A place where a fault can be injected.
    fn pass(&self, connection: &mut Connection, point: TransportPoint) {
        let Some((_, fault)) = connection.fault.take_if(|(armed, _)| *armed == point) else {
            return;
        };
        match fault {
            Fault::Panic => std::panic::resume_unwind(Box::new("injected")),
            // Without end as far as anybody can tell; the process of a test must not burn a core
            // for its remaining life.
            Fault::Loop => {
                while !self.is_closing.load(Ordering::SeqCst) {
                    std::hint::spin_loop();
                }
            }
        }
    }
}

/// When whose transport wants to be called.
#[derive(Debug, Default)]
struct Deadlines {
    ordered: BTreeSet<(Instant, ParticipantId)>,
    by_participant: HashMap<ParticipantId, Instant>,
}

impl Deadlines {
    fn set(&mut self, participant: ParticipantId, deadline: Option<Instant>) {
        let old = match deadline {
            Some(deadline) => self.by_participant.insert(participant, deadline),
            None => self.by_participant.remove(&participant),
        };
        if let Some(old) = old {
            self.ordered.remove(&(old, participant));
        }
        if let Some(deadline) = deadline {
            self.ordered.insert((deadline, participant));
        }
    }

    fn first(&self) -> Option<Instant> {
        self.ordered.first().map(|(deadline, _)| *deadline)
    }

    /// Whoever is due; asked again only when it sets a new deadline.
    fn take_due(&mut self, now: Instant) -> Option<ParticipantId> {
        let (deadline, participant) = *self.ordered.first()?;
        if deadline > now {
            return None;
        }
        self.set(participant, None);
        Some(participant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_come_in_order_and_only_when_due_and_the_last_word_counts() {
        let now = Instant::now();
        let after = |ms| now + Duration::from_millis(ms);
        let [a, b] = [ParticipantId(1), ParticipantId(2)];
        let mut deadlines = Deadlines::default();
        deadlines.set(a, Some(after(10)));
        deadlines.set(b, Some(after(5)));
        deadlines.set(a, Some(after(1)));
        assert_eq!(deadlines.first(), Some(after(1)));
        assert_eq!(deadlines.take_due(now), None);
        assert_eq!(deadlines.take_due(after(20)), Some(a));
        assert_eq!(deadlines.take_due(after(20)), Some(b));
        assert_eq!(deadlines.take_due(after(20)), None);
        deadlines.set(a, Some(after(1)));
        deadlines.set(a, None);
        assert_eq!(deadlines.first(), None);
    }
}
