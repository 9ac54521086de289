//! One media engine: its sockets, its threads, and the two verbs of the seam, submit and drain.
//!
//! Promises that a list of commands is taken whole or not at all, and that `close` returns in two
//! seconds whatever the threads are doing. Nothing here blocks media.

use crate::command::{Command, split};
use crate::events::{self, Event, EventReader};
use crate::heartbeat::Watch;
use crate::limits;
use crate::media::{self, MediaPort, MediaSnapshot, MediaThread, Request};
use crate::roster::Roster;
use crate::socket::{self, MediaSocket};
use crate::stats::{EngineStats, ParticipantStats};
use crate::watchdog::{
    CurrentWorker, Sightings, Watchdog, Watched, contained, nanoseconds, spawn, spawn_worker,
};
use crate::work::WorkQueue;
use crate::worker::Shared;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::net::SocketAddr;
use std::os::fd::RawFd;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use veche_sfu::rtcp::NtpTime;
use veche_sfu::shard::{self, Shard};
use veche_sfu::transport::{Fingerprint, Identity};

/// What an engine is started with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Each UDP socket's address; port 0 lets the system choose one port for all.
    pub listen: Vec<SocketAddr>,
    /// Whether `Inject` is obeyed. Never in production.
    pub allows_faults: bool,
}

/// Why a list of commands was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Too much waits already.
    Full,
    /// The engine is closed.
    Closed,
    /// Fault injection is not allowed here.
    FaultsNotAllowed,
}

struct Threads {
    media: Watched,
    watchdog: Watched,
    /// Dropped to stop the watch.
    watching: mpsc::Sender<()>,
}

/// A running engine.
pub struct Engine {
    shared: Arc<Shared>,
    worker: CurrentWorker,
    threads: Mutex<Option<Threads>>,
    media_clock: crate::clock::ThreadClock,
    sightings: Arc<Sightings>,
    events: EventReader,
    allows_faults: bool,
    /// Held while a list is judged and queued, so that lists of two callers do not mix.
    submitting: Mutex<()>,
}

impl Engine {
    /// Binds the sockets and starts the threads.
    ///
    /// # Errors
    /// Names the address that could not be bound, or what else the system refuses.
    pub fn start(settings: &Settings) -> io::Result<Self> {
        let sockets: Arc<[MediaSocket]> = socket::bind_all(&settings.listen)?.into();
        let identity = Identity::generate()
            .ok_or_else(|| io::Error::other("no randomness for a certificate"))?;
        let (events, reader) = events::queue()?;
        let (port, requests) = media::port()?;
        let now = Instant::now();
        let queue = Arc::new(WorkQueue::new());
        let shared = Arc::new(Shared {
            identity,
            sockets: Arc::clone(&sockets),
            queue: Arc::clone(&queue),
            roster: Roster::new(now),
            media: port,
            events: events.clone(),
            is_closing: AtomicBool::new(false),
            generation: AtomicU64::new(0),
            ended_by_fault: AtomicU64::new(0),
        });
        let config = shard::Config {
            seed: unpredictable_number(),
            wall_clock: wall_clock(),
            allows_faults: settings.allows_faults,
        };
        let media = spawn("veche-media", move |heartbeat| {
            let shard = Shard::new(config, Instant::now());
            let mut media = MediaThread::new(shard, sockets, requests, queue, events, heartbeat);
            // Turns have their own bulkhead; a fault between them costs a batch, not the meeting.
            contained(|| {
                if let Err(error) = media.run() {
                    eprintln!("veche engine: the media thread cannot go on: {error}");
                }
            });
        })?;
        let worker: CurrentWorker = Arc::new(Mutex::new(Some(spawn_worker(&shared)?)));
        let sightings = Arc::new(Sightings::default());
        let watchdog = Watchdog {
            shared: Arc::clone(&shared),
            worker: Arc::clone(&worker),
            media: (Arc::clone(&media.heartbeat), Watch::new(media.clock)),
            sightings: Arc::clone(&sightings),
        };
        let (watching, closed) = channel();
        let watchdog = spawn("veche-watchdog", move |_| watchdog.run(&closed))?;
        Ok(Self {
            shared,
            worker,
            media_clock: media.clock,
            threads: Mutex::new(Some(Threads {
                media,
                watchdog,
                watching,
            })),
            sightings,
            events: reader,
            allows_faults: settings.allows_faults,
            submitting: Mutex::new(()),
        })
    }

    /// What is really bound, in the order of the settings.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.shared
            .sockets
            .iter()
            .map(MediaSocket::address)
            .collect()
    }

    /// Of our DTLS certificate.
    pub fn fingerprint(&self) -> Fingerprint {
        self.shared.identity.fingerprint()
    }

    /// Queues commands, applied in order and together.
    ///
    /// # Errors
    /// None of the list is applied.
    pub fn submit(&self, commands: Vec<Command>) -> Result<(), Refused> {
        let is_fault = |command: &Command| {
            matches!(
                command,
                Command::Inject { .. } | Command::Shard(shard::Command::Inject { .. })
            )
        };
        if !self.allows_faults && commands.iter().any(is_fault) {
            return Err(Refused::FaultsNotAllowed);
        }
        let shares = split(commands);
        let _alone = self
            .submitting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if self.shared.is_closing.load(Ordering::SeqCst) {
            return Err(Refused::Closed);
        }
        if !self.media().has_room() || !self.shared.queue.has_room(shares.jobs.len()) {
            return Err(Refused::Full);
        }
        if !shares.shard.is_empty() {
            self.media().apply_counted(shares.shard);
        }
        for job in shares.jobs {
            self.shared.queue.push(job);
        }
        Ok(())
    }

    /// Takes at most `limit` events.
    pub fn drain(&self, limit: usize) -> Vec<Event> {
        self.events.drain(limit)
    }

    /// A descriptor, readable while events wait.
    pub fn event_descriptor(&self) -> RawFd {
        self.events.waker().raw()
    }

    /// Counters of one moment; none when the media thread does not answer in time.
    pub fn snapshot(&self) -> Option<EngineStats> {
        let (reply, answer) = channel();
        self.media().ask(Request::Snapshot(reply));
        let media = answer.recv_timeout(limits::SNAPSHOT_WAIT).ok()?;
        Some(self.stats(media))
    }

    /// Ends all threads; idempotent. One that does not end in time is left behind.
    pub fn close(&self) {
        let threads = self
            .threads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(Threads {
            media,
            watchdog,
            watching,
        }) = threads
        else {
            return;
        };
        let deadline = Instant::now()
            .checked_add(limits::CLOSE_WAIT)
            .unwrap_or_else(Instant::now);
        self.shared.is_closing.store(true, Ordering::SeqCst);
        // The watch first: it would start successors.
        drop(watching);
        watchdog.join(deadline);
        self.shared.queue.nudge();
        self.media().ask(Request::Close);
        let worker = self
            .worker
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        for thread in [Some(media), worker].into_iter().flatten() {
            thread.join(deadline);
        }
    }

    fn media(&self) -> &MediaPort {
        &self.shared.media
    }

    fn stats(&self, media: MediaSnapshot) -> EngineStats {
        let worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        let worker_cpu = worker
            .as_ref()
            .and_then(|worker| worker.clock.cpu())
            .unwrap_or_default();
        drop(worker);
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let presences = self.shared.roster.presences();
        let refused = [
            media.shard.refused.total(),
            media.datagrams_malformed,
            self.shared.roster.datagrams_refused(),
            self.shared.queue.datagrams_dropped(),
        ];
        EngineStats {
            packets_in: media.shard.packets_in,
            packets_out: media.shard.packets_out,
            datagrams_refused: refused.into_iter().fold(0, u64::saturating_add),
            authentication_failures: media.shard.refused.unauthenticated,
            commands_refused: media.commands_refused,
            unsent: media.unsent,
            events_dropped: self.events.dropped(),
            participants_ended_by_fault: load(&self.shared.ended_by_fault),
            media_stalls: load(&self.sightings.media_stalls),
            workers_abandoned: load(&self.sightings.workers_abandoned),
            media_cpu_ns: self.media_clock.cpu().map_or(0, nanoseconds),
            transport_cpu_ns: nanoseconds(worker_cpu)
                .saturating_add(load(&self.sightings.abandoned_cpu_ns)),
            residence_p50_us: media.residence_p50_us,
            residence_p99_us: media.residence_p99_us,
            participants: ParticipantStats::join(presences, media.shard.participants),
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.close();
    }
}

/// The system's randomness by way of the standard library: enough for numbers that only must
/// differ between engines.
fn unpredictable_number() -> u64 {
    RandomState::new().build_hasher().finish()
}

fn wall_clock() -> NtpTime {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    NtpTime::UNIX_EPOCH.after(since_epoch)
}
