//! The watch over both working threads.
//!
//! A worker that does not come back from one participant's turn is given up: the participant ends,
//! a successor takes over everyone else, and nobody touches that participant's lock again. The
//! media thread has no successor - all code on it is ours and counts its steps - so its stalls are
//! counted only.

use crate::clock::ThreadClock;
use crate::events::GoneReason;
use crate::heartbeat::{Heartbeat, Watch};
use crate::limits;
use crate::worker::{Shared, Worker};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

/// A thread with its pulse and its clock.
pub(crate) struct Watched {
    pub(crate) heartbeat: Arc<Heartbeat>,
    pub(crate) clock: ThreadClock,
    handle: JoinHandle<()>,
    ended: Receiver<()>,
}

impl Watched {
    /// Waits for the thread to end, and leaves it behind when it does not.
    pub(crate) fn join(self, deadline: Instant) -> bool {
        let wait = deadline.saturating_duration_since(Instant::now());
        let has_ended = self.ended.recv_timeout(wait) == Err(RecvTimeoutError::Disconnected);
        has_ended && self.handle.join().is_ok()
    }
}

/// Starts a thread and waits until its clock is known.
pub(crate) fn spawn(
    name: &str,
    body: impl FnOnce(Arc<Heartbeat>) + Send + 'static,
) -> io::Result<Watched> {
    let heartbeat = Arc::new(Heartbeat::default());
    let own = Arc::clone(&heartbeat);
    let (tell, told) = channel();
    let (ending, ended) = channel::<()>();
    let handle = Builder::new().name(name.into()).spawn(move || {
        // Whoever started us waits for this.
        let _ = tell.send(ThreadClock::of_this_thread());
        body(own);
        drop(ending);
    })?;
    let clock = told.recv().map_err(io::Error::other)?;
    Ok(Watched {
        heartbeat,
        clock,
        handle,
        ended,
    })
}

/// Runs `body` again until it ends without a panic.
pub(crate) fn contained(mut body: impl FnMut()) {
    while catch_unwind(AssertUnwindSafe(&mut body)).is_err() {}
}

/// Starts a worker of the current generation.
pub(crate) fn spawn_worker(shared: &Arc<Shared>) -> io::Result<Watched> {
    let shared = Arc::clone(shared);
    let generation = shared.generation.load(Ordering::SeqCst);
    spawn("veche-transport", move |heartbeat| {
        // Turns have their own bulkhead; a fault between them costs what was in hand, not the thread.
        contained(|| Worker::new(Arc::clone(&shared), Arc::clone(&heartbeat), generation).run());
    })
}

/// What the watch has seen, for whoever shows it.
#[derive(Debug, Default)]
pub(crate) struct Sightings {
    pub(crate) media_stalls: AtomicU64,
    pub(crate) workers_abandoned: AtomicU64,
    /// CPU of workers that were given up, as far as it was seen.
    pub(crate) abandoned_cpu_ns: AtomicU64,
}

/// The worker of the day, kept where `close` finds it.
pub(crate) type CurrentWorker = Arc<Mutex<Option<Watched>>>;

/// The watching thread's own state.
pub(crate) struct Watchdog {
    pub(crate) shared: Arc<Shared>,
    pub(crate) worker: CurrentWorker,
    pub(crate) media: (Arc<Heartbeat>, Watch),
    pub(crate) sightings: Arc<Sightings>,
}

impl Watchdog {
    /// Looks until the engine closes: until the other end of `closed` is dropped.
    pub(crate) fn run(mut self, closed: &Receiver<()>) {
        let mut watch = self.watch_worker();
        let mut is_media_stalled = false;
        while closed.recv_timeout(limits::WATCH_INTERVAL) == Err(RecvTimeoutError::Timeout) {
            let now = Instant::now();
            let is_stalled = self.media.1.look(now, &self.media.0).is_some();
            if is_stalled && !is_media_stalled {
                self.sightings.media_stalls.fetch_add(1, Ordering::Relaxed);
                eprintln!("veche engine: the media thread does not come back from one turn");
            }
            is_media_stalled = is_stalled;
            let stuck = self.with_worker(|worker| watch.look(now, &worker.heartbeat));
            if let Some(Some(participant)) = stuck {
                self.shared.end(participant, GoneReason::Stalled);
                self.replace_worker();
                watch = self.watch_worker();
            }
        }
    }

    fn replace_worker(&self) {
        self.shared.generation.fetch_add(1, Ordering::SeqCst);
        let abandoned = self
            .sightings
            .workers_abandoned
            .fetch_add(1, Ordering::Relaxed)
            .saturating_add(1);
        let limit = u64::try_from(limits::ABANDONED_WORKERS).unwrap_or(u64::MAX);
        if abandoned > limit {
            eprintln!(
                "veche engine: {abandoned} transport workers were given up; restart the process soon"
            );
        }
        match spawn_worker(&self.shared) {
            Ok(successor) => {
                let mut current = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(cpu) = current
                    .replace(successor)
                    .and_then(|given_up| given_up.clock.cpu())
                {
                    self.sightings
                        .abandoned_cpu_ns
                        .fetch_add(nanoseconds(cpu), Ordering::Relaxed);
                }
            }
            // The next look finds the same turn and tries again.
            Err(error) => eprintln!("veche engine: no successor for a transport worker: {error}"),
        }
    }

    fn watch_worker(&self) -> Watch {
        self.with_worker(|worker| Watch::new(worker.clock))
            .unwrap_or_else(|| Watch::new(ThreadClock::of_this_thread()))
    }

    fn with_worker<R>(&self, read: impl FnOnce(&Watched) -> R) -> Option<R> {
        self.worker
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map(read)
    }
}

/// For counters.
pub(crate) fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
