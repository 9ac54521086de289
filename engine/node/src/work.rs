//! What waits for the transport thread: one participant's turn at a time.
//!
//! Writers never wait. A worker takes one job and lets go of the queue before it works, so a worker
//! that never returns loses one job and not the queue. Overflow: requests of Python are refused as
//! a list before they come here; handshake datagrams are dropped and counted.

use crate::command::TransportPoint;
use crate::events::GoneReason;
use crate::limits;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use veche_sfu::ids::ParticipantId;
use veche_sfu::path::Path;
use veche_sfu::shard::Fault;
use veche_sfu::transport::{Fingerprint, IceCredentials};

/// Work on behalf of one participant.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) participant: ParticipantId,
    pub(crate) task: Task,
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Task {
    Add {
        credentials: IceCredentials,
    },
    SetRemote {
        credentials: IceCredentials,
        fingerprint: Fingerprint,
    },
    RestartIce {
        local: IceCredentials,
        remote: IceCredentials,
    },
    Send {
        label: Arc<str>,
        payload: Arc<[u8]>,
    },
    Inject {
        point: TransportPoint,
        fault: Fault,
    },
    /// Say goodbye; Python knows.
    Close,
    /// The packet path ended the participant; Python must be told.
    End {
        reason: GoneReason,
    },
}

/// Anything that waits.
#[derive(Debug)]
pub(crate) enum Work {
    Job(Job),
    /// From a socket, for whom is not known yet.
    Datagram {
        path: Path,
        bytes: Box<[u8]>,
    },
    /// Nothing: somebody must look up.
    Nudge,
}

/// The queue, shared by its writers and by the worker of the day.
#[derive(Debug)]
pub(crate) struct WorkQueue {
    sender: Sender<Work>,
    receiver: Mutex<Receiver<Work>>,
    jobs: AtomicUsize,
    datagrams: AtomicUsize,
    datagrams_dropped: AtomicU64,
}

impl WorkQueue {
    pub(crate) fn new() -> Self {
        let (sender, receiver) = channel();
        Self {
            sender,
            receiver: Mutex::new(receiver),
            jobs: AtomicUsize::new(0),
            datagrams: AtomicUsize::new(0),
            datagrams_dropped: AtomicU64::new(0),
        }
    }

    /// Whether so many more jobs may be queued.
    pub(crate) fn has_room(&self, jobs: usize) -> bool {
        self.jobs.load(Ordering::SeqCst).saturating_add(jobs) <= limits::TRANSPORT_REQUESTS
    }

    pub(crate) fn push(&self, job: Job) {
        self.jobs.fetch_add(1, Ordering::SeqCst);
        self.give(Work::Job(job));
    }

    pub(crate) fn push_datagram(&self, path: Path, bytes: &[u8]) {
        if self.datagrams.fetch_add(1, Ordering::SeqCst) >= limits::TRANSPORT_DATAGRAMS {
            self.datagrams.fetch_sub(1, Ordering::SeqCst);
            self.datagrams_dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        self.give(Work::Datagram {
            path,
            bytes: bytes.into(),
        });
    }

    pub(crate) fn nudge(&self) {
        self.give(Work::Nudge);
    }

    /// The next piece of work, if one comes in time.
    pub(crate) fn next(&self, wait: Duration) -> Option<Work> {
        let receiver = self.receiver.lock().unwrap_or_else(PoisonError::into_inner);
        let work = receiver.recv_timeout(wait).ok()?;
        match work {
            Work::Job(_) => self.jobs.fetch_sub(1, Ordering::SeqCst),
            Work::Datagram { .. } => self.datagrams.fetch_sub(1, Ordering::SeqCst),
            Work::Nudge => 0,
        };
        Some(work)
    }

    /// Handshake datagrams that found the queue full.
    pub(crate) fn datagrams_dropped(&self) -> u64 {
        self.datagrams_dropped.load(Ordering::Relaxed)
    }

    /// The queue owns its receiver, so there is always one.
    fn give(&self, work: Work) {
        let _ = self.sender.send(work);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path() -> Path {
        Path {
            local: 0,
            remote: ([192, 0, 2, 1], 9).into(),
        }
    }

    fn take(queue: &WorkQueue) -> usize {
        std::iter::from_fn(|| queue.next(Duration::ZERO)).count()
    }

    #[test]
    fn datagrams_wait_up_to_their_limit_and_the_rest_is_dropped_and_counted() {
        let most = limits::TRANSPORT_DATAGRAMS;
        for (given, kept, dropped) in [
            (most - 1, most - 1, 0),
            (most, most, 0),
            (most + 1, most, 1),
        ] {
            let queue = WorkQueue::new();
            for _ in 0..given {
                queue.push_datagram(path(), b"?");
            }
            assert_eq!((take(&queue), queue.datagrams_dropped()), (kept, dropped));
            queue.push_datagram(path(), b"?");
            assert_eq!(take(&queue), 1, "there is room again");
        }
    }

    #[test]
    fn jobs_are_announced_before_they_come() {
        let queue = WorkQueue::new();
        let most = limits::TRANSPORT_REQUESTS;
        assert!(queue.has_room(most));
        assert!(!queue.has_room(most + 1));
        queue.push(Job {
            participant: ParticipantId(1),
            task: Task::Close,
        });
        assert!(queue.has_room(most - 1));
        assert!(!queue.has_room(most));
        assert_eq!(take(&queue), 1);
        assert!(queue.has_room(most));
    }
}
