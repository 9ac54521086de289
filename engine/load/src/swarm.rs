//! All clients on one thread: sockets, deadlines, and a driver that may ask in between.

use crate::peer::Peer;
use crate::plan::{Meeting, Plan};
use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use std::collections::BTreeSet;
use std::io;
use std::time::{Duration, Instant};
use veche_node::socket::ReceiveBatch;

/// Longest wait, so that the driver is heard.
const LONGEST_WAIT: Duration = Duration::from_millis(10);
const READY: usize = 256;

/// All clients of a plan.
pub struct Swarm {
    plan: Plan,
    peers: Vec<Peer>,
    epoll: Epoll,
    deadlines: BTreeSet<(Instant, usize)>,
    asked: Vec<Instant>,
    batch: ReceiveBatch,
    epoch: Instant,
}

impl Swarm {
    /// Clients with sockets and certificates, not connected yet.
    pub fn new(plan: Plan) -> io::Result<Self> {
        let clients = plan.clients.iter().cloned();
        let peers: Vec<_> = clients
            .map(|client| Peer::new(client, plan.server))
            .collect::<io::Result<_>>()?;
        let epoll = Epoll::new(EpollCreateFlags::empty())?;
        for (index, peer) in (0..).zip(&peers) {
            epoll.add(&peer.socket, EpollEvent::new(EpollFlags::EPOLLIN, index))?;
        }
        let now = Instant::now();
        Ok(Self {
            asked: vec![now; peers.len()],
            plan,
            peers,
            epoll,
            deadlines: BTreeSet::new(),
            batch: ReceiveBatch::default(),
            epoch: now,
        })
    }

    /// Who they are, a line each.
    pub fn introductions(&mut self) -> Vec<String> {
        self.peers.iter_mut().map(Peer::introduction).collect()
    }

    /// All handshakes at once.
    pub fn connect(&mut self) {
        for index in 0..self.peers.len() {
            self.peers[index].connect(&self.plan.fingerprint);
            self.reschedule(index);
        }
    }

    /// One handshake, with credentials that came after the plan.
    pub fn meet(&mut self, meeting: &Meeting) -> Result<(), String> {
        let index = self.peers.iter().position(|peer| peer.id() == meeting.id);
        let index = index.ok_or(format!("no client {}", meeting.id))?;
        self.peers[index].meet(meeting);
        self.reschedule(index);
        Ok(())
    }

    /// Whether everyone is connected.
    pub fn is_connected(&self) -> bool {
        self.peers.iter().all(|peer| peer.connected_after.is_some())
    }

    /// Counts from here on.
    pub fn reset(&mut self) {
        self.peers.iter_mut().for_each(Peer::reset);
    }

    /// A JSON object each.
    pub fn reports(&self) -> Vec<String> {
        self.peers.iter().map(Peer::report).collect()
    }

    /// One look at sockets and deadlines.
    pub fn turn(&mut self) -> io::Result<()> {
        let now = Instant::now();
        let first = self
            .deadlines
            .first()
            .map(|(at, _)| at.saturating_duration_since(now));
        let wait = first.unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
        let mut ready = [EpollEvent::empty(); READY];
        let timeout = wait.as_micros().div_ceil(1000) as u16;
        let count = match self.epoll.wait(&mut ready, EpollTimeout::from(timeout)) {
            Ok(count) => count,
            Err(Errno::EINTR) => 0,
            Err(error) => return Err(error.into()),
        };
        for event in &ready[..count] {
            let index = event.data() as usize;
            self.peers[index].receive(&mut self.batch, self.epoch)?;
            self.reschedule(index);
        }
        let now = Instant::now();
        while let Some(&(at, index)) = self.deadlines.first()
            && at <= now
        {
            self.peers[index].handle_deadline(now, self.epoch);
            self.reschedule(index);
        }
        Ok(())
    }

    fn reschedule(&mut self, index: usize) {
        self.deadlines.remove(&(self.asked[index], index));
        // A client that asks for the past would hold up the others.
        let at = self.peers[index].next_deadline().max(Instant::now());
        self.asked[index] = at;
        self.deadlines.insert((at, index));
    }
}
