//! The media thread: sockets in, the packet path, sockets out, and nothing else.
//!
//! One turn of the loop: commands first (a closed gate holds before the next packet), then what
//! the sockets have, then deadlines, then everything goes out at once. It waits for nobody: no
//! lock, no Python, no handshake; whatever is not a packet is handed to the transport thread.

use crate::events::{Event, EventWriter, GoneReason};
use crate::heartbeat::Heartbeat;
use crate::limits;
use crate::residence::Residence;
use crate::send::{Sender, Unsent};
use crate::socket::{MediaSocket, ReceiveBatch};
use crate::wake::Waker;
use crate::work::{Job, Task, WorkQueue};
use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};
use veche_sfu::ids::ParticipantId;
use veche_sfu::shard::{self, EgressBatch, Flushed, Shard, Snapshot};

/// What others ask of the media thread.
#[derive(Debug)]
pub(crate) enum Request {
    Apply(Vec<shard::Command>),
    /// From Python, counted against its queue.
    ApplyCounted(Vec<shard::Command>),
    Snapshot(mpsc::Sender<MediaSnapshot>),
    Close,
}

/// Counters of the media thread at one moment.
#[derive(Clone, Debug)]
pub(crate) struct MediaSnapshot {
    pub(crate) shard: Snapshot,
    pub(crate) datagrams_malformed: u64,
    pub(crate) commands_refused: u64,
    pub(crate) unsent: Unsent,
    pub(crate) residence_p50_us: f64,
    pub(crate) residence_p99_us: f64,
}

/// The way to the media thread. Its queue is drained each turn, so those inside the engine, who
/// ask for little, are never refused; Python's lists are counted.
#[derive(Clone, Debug)]
pub(crate) struct MediaPort {
    sender: mpsc::Sender<Request>,
    lists: Arc<AtomicUsize>,
    waker: Arc<Waker>,
}

/// The media thread's end of the port.
#[derive(Debug)]
pub(crate) struct Requests {
    receiver: Receiver<Request>,
    lists: Arc<AtomicUsize>,
    waker: Arc<Waker>,
}

pub(crate) fn port() -> io::Result<(MediaPort, Requests)> {
    let (sender, receiver) = mpsc::channel();
    let lists = Arc::new(AtomicUsize::new(0));
    let waker = Arc::new(Waker::new()?);
    let requests = Requests {
        receiver,
        lists: Arc::clone(&lists),
        waker: Arc::clone(&waker),
    };
    Ok((
        MediaPort {
            sender,
            lists,
            waker,
        },
        requests,
    ))
}

impl MediaPort {
    /// Applies commands in order before the next packet.
    pub(crate) fn apply(&self, commands: Vec<shard::Command>) {
        self.ask(Request::Apply(commands));
    }

    /// Whether Python may queue one more list.
    pub(crate) fn has_room(&self) -> bool {
        self.lists.load(Ordering::SeqCst) < limits::COMMAND_LISTS
    }

    pub(crate) fn apply_counted(&self, commands: Vec<shard::Command>) {
        self.lists.fetch_add(1, Ordering::SeqCst);
        self.ask(Request::ApplyCounted(commands));
    }

    pub(crate) fn ask(&self, request: Request) {
        // A thread that has ended asks for nothing and is asked in vain.
        if self.sender.send(request).is_ok() {
            self.waker.wake();
        }
    }
}

/// Marks of the waker among the socket indexes.
const WAKER: u64 = u64::MAX;
/// Ready descriptors looked at per turn.
const READY: usize = 64;

/// The thread's own state.
pub(crate) struct MediaThread {
    shard: Shard,
    sockets: Arc<[MediaSocket]>,
    receive: Vec<ReceiveBatch>,
    sender: Sender,
    batch: EgressBatch,
    requests: Requests,
    queue: Arc<WorkQueue>,
    events: EventWriter,
    heartbeat: Arc<Heartbeat>,
    happened: Vec<shard::Event>,
    residence: Residence,
    datagrams_malformed: u64,
    commands_refused: u64,
}

impl MediaThread {
    pub(crate) fn new(
        shard: Shard,
        sockets: Arc<[MediaSocket]>,
        requests: Requests,
        queue: Arc<WorkQueue>,
        events: EventWriter,
        heartbeat: Arc<Heartbeat>,
    ) -> Self {
        Self {
            shard,
            receive: sockets.iter().map(|_| ReceiveBatch::default()).collect(),
            sender: Sender::new(&sockets),
            sockets,
            batch: EgressBatch::new(),
            requests,
            queue,
            events,
            heartbeat,
            happened: Vec::new(),
            residence: Residence::new(Instant::now()),
            datagrams_malformed: 0,
            commands_refused: 0,
        }
    }

    /// Forwards until asked to close.
    ///
    /// # Errors
    /// Only what makes forwarding impossible: the system refuses to wait.
    pub(crate) fn run(&mut self) -> io::Result<()> {
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        epoll.add(
            &*self.requests.waker,
            EpollEvent::new(EpollFlags::EPOLLIN, WAKER),
        )?;
        for (index, socket) in (0..).zip(self.sockets.iter()) {
            epoll.add(socket, EpollEvent::new(EpollFlags::EPOLLIN, index))?;
        }
        let mut ready = [EpollEvent::empty(); READY];
        loop {
            let timeout = timeout(Instant::now(), self.shard.next_deadline());
            let count = match epoll.wait(&mut ready, timeout) {
                Ok(count) => count,
                Err(Errno::EINTR) => 0,
                Err(error) => return Err(error.into()),
            };
            self.heartbeat.begin(ParticipantId(0));
            let goes_on = self.turn(ready.get(..count).unwrap_or_default());
            self.heartbeat.end();
            if !goes_on {
                return Ok(());
            }
        }
    }

    /// One turn of the loop; false when it was the last.
    fn turn(&mut self, ready: &[EpollEvent]) -> bool {
        if ready.iter().any(|event| event.data() == WAKER) && !self.handle_requests() {
            return false;
        }
        for event in ready {
            if let Ok(index) = usize::try_from(event.data()) {
                self.receive(index);
            }
        }
        let now = Instant::now();
        if self
            .shard
            .next_deadline()
            .is_some_and(|deadline| deadline <= now)
        {
            self.shard.handle_deadline(now);
            self.finish(now);
        }
        true
    }

    fn handle_requests(&mut self) -> bool {
        self.requests.waker.clear();
        while let Ok(request) = self.requests.receiver.try_recv() {
            match request {
                Request::Apply(commands) => self.apply(commands),
                Request::ApplyCounted(commands) => {
                    self.apply(commands);
                    self.requests.lists.fetch_sub(1, Ordering::SeqCst);
                }
                // Whoever asked may have stopped waiting.
                Request::Snapshot(reply) => drop(reply.send(self.snapshot())),
                Request::Close => return false,
            }
        }
        true
    }

    fn apply(&mut self, commands: Vec<shard::Command>) {
        let now = Instant::now();
        for command in commands {
            if self.shard.handle_command(now, command).is_err() {
                self.commands_refused = self.commands_refused.saturating_add(1);
            }
        }
        self.finish(now);
    }

    fn receive(&mut self, index: usize) {
        let (Some(socket), Some(batch)) = (self.sockets.get(index), self.receive.get_mut(index))
        else {
            return;
        };
        // A socket error here is a pending ICMP message of some peer: reading has cleared it.
        if !matches!(batch.receive(socket), Ok(1..)) {
            return;
        }
        let now = Instant::now();
        let (shard, queue) = (&mut self.shard, &self.queue);
        let mut malformed = 0_u64;
        let refused = batch.each(socket, |path, bytes| match bytes.first() {
            Some(128..=191) => shard.handle_datagram(now, path, bytes),
            Some(0..=3 | 20..=63) => queue.push_datagram(path, bytes),
            _ => malformed = malformed.saturating_add(1),
        });
        self.datagrams_malformed = self
            .datagrams_malformed
            .saturating_add(malformed)
            .saturating_add(refused);
        self.finish(now);
    }

    /// Sends what the inputs since the last call made, and tells what happened.
    fn finish(&mut self, now: Instant) {
        loop {
            let flushed = self.shard.flush(now, &mut self.batch);
            if !self.batch.is_empty() {
                self.sender.send(&self.sockets, self.batch.entries());
                self.record_residence();
            }
            if flushed == Flushed::Whole {
                break;
            }
        }
        self.shard.drain_events(&mut self.happened);
        for event in self.happened.drain(..) {
            match event {
                shard::Event::Gone {
                    participant,
                    reason,
                } => {
                    let reason = GoneReason::from(reason);
                    self.queue.push(Job {
                        participant,
                        task: Task::End { reason },
                    });
                }
                event => {
                    self.events.write(Event::Shard(event));
                }
            }
        }
    }

    fn record_residence(&mut self) {
        let now = Instant::now();
        for arrived in self.batch.entries().filter_map(|entry| entry.arrived) {
            self.residence
                .record(now, now.saturating_duration_since(arrived), 1);
        }
    }

    fn snapshot(&mut self) -> MediaSnapshot {
        let now = Instant::now();
        MediaSnapshot {
            shard: self.shard.snapshot(now),
            datagrams_malformed: self.datagrams_malformed,
            commands_refused: self.commands_refused,
            unsent: self.sender.unsent,
            residence_p50_us: self.residence.percentile_us(now, 0.5),
            residence_p99_us: self.residence.percentile_us(now, 0.99),
        }
    }
}

impl From<shard::GoneReason> for GoneReason {
    fn from(reason: shard::GoneReason) -> Self {
        match reason {
            shard::GoneReason::Panic => Self::Panic,
            shard::GoneReason::Stalled => Self::Stalled,
        }
    }
}

/// Whole milliseconds, rounded up: rounded down, the loop would spin until the deadline.
fn timeout(now: Instant, deadline: Option<Instant>) -> EpollTimeout {
    let Some(deadline) = deadline else {
        return EpollTimeout::NONE;
    };
    let wait = deadline.saturating_duration_since(now);
    let rounded = wait.saturating_add(Duration::from_micros(999)).as_millis();
    EpollTimeout::try_from(i32::try_from(rounded).unwrap_or(i32::MAX)).unwrap_or(EpollTimeout::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_never_ends_before_its_deadline() {
        let now = Instant::now();
        for (wait_us, expected_ms) in [
            (0, 0_u16),
            (1, 1),
            (999, 1),
            (1000, 1),
            (1001, 2),
            (2_500, 3),
        ] {
            let deadline = now + Duration::from_micros(wait_us);
            assert_eq!(
                timeout(now, Some(deadline)),
                EpollTimeout::from(expected_ms),
                "{wait_us}"
            );
        }
        assert_eq!(timeout(now, None), EpollTimeout::NONE);
        assert_eq!(
            timeout(now, now.checked_sub(Duration::from_secs(1))),
            EpollTimeout::ZERO
        );
    }

    #[test]
    fn python_may_queue_so_many_lists_and_those_inside_always_one_more() {
        let most = limits::COMMAND_LISTS;
        let (port, requests) = port().unwrap();
        for _ in 0..most - 1 {
            port.apply_counted(Vec::new());
        }
        assert!(port.has_room());
        port.apply_counted(Vec::new());
        assert!(!port.has_room());
        port.apply(Vec::new());
        assert_eq!(requests.receiver.try_iter().count(), most + 1);
    }
}
