//! One turn of a transport: an input, then everything that follows from it.

use std::sync::Arc;
use std::time::Instant;

use str0m::channel::ChannelData;
use str0m::net::{Protocol, Receive};
use str0m::{Event, Input, Output as Stock};

use super::addresses::{Change, TooManyPaths};
use super::channels::{Opening, Refused, Sent};
use super::credentials::{Fingerprint, IceCredentials};
use super::limits::{
    DATAGRAM_BYTES, HANDSHAKE_TIMEOUT, OLD_CREDENTIALS_LIVE_FOR, OUTPUTS_PER_TURN, PENDING_CHECKS,
    SHORTEST_WAIT,
};
use super::stun::{self, Check};
use super::{
    Failure, Handshake, Misuse, Output, Pending, Previous, Refusal, State, Transport,
    canonical_address, dtls, socket_of,
};
use crate::path::Path;

impl Transport {
    /// Lets the peer in: it has these credentials and must show a certificate of this fingerprint.
    pub fn set_remote(
        &mut self,
        now: Instant,
        credentials: IceCredentials,
        fingerprint: Fingerprint,
    ) -> Result<(), Misuse> {
        self.require_open()?;
        if self.remote.is_some() {
            return Err(Misuse::AlreadyStarted);
        }
        // The clock of the stock machine must be ours before DTLS takes its start time from it.
        if self.rtc.handle_input(Input::Timeout(now)).is_err() {
            self.fail(Failure::Dtls);
            return Ok(());
        }
        let mut rtc = self.rtc.direct_api();
        rtc.set_ice_controlling(false);
        rtc.set_remote_ice_credentials(credentials.to_stock());
        rtc.set_remote_fingerprint(fingerprint.to_stock());
        self.remote = Some(credentials);
        if rtc.start_dtls(false).is_err() {
            self.fail(Failure::Dtls);
            return Ok(());
        }
        rtc.start_sctp(false);
        Ok(())
    }

    /// New credentials on both sides; DTLS and the channels go on (RFC 8445 section 9).
    ///
    /// Checks with the old ones are answered until a path is nominated with the new ones, or
    /// for 30 s: the peer uses them until our answer reaches it. A further restart in that time
    /// retires them at once.
    pub fn restart_ice(
        &mut self,
        now: Instant,
        local: IceCredentials,
        remote: IceCredentials,
    ) -> Result<(), Misuse> {
        self.require_open()?;
        if local.ufrag() == self.local.ufrag() {
            return Err(Misuse::SameUfrag);
        }
        let old_remote = self.remote.take().ok_or(Misuse::NotStarted)?;
        self.retire_previous();
        self.previous = Some(Previous {
            local: std::mem::replace(&mut self.local, local),
            remote: old_remote,
            retired_at: later(now, OLD_CREDENTIALS_LIVE_FOR),
        });
        self.remote = Some(remote);
        self.use_current_credentials();
        Ok(())
    }

    /// Sends one binary message on the channel of this label; drain afterwards, as after any input.
    pub fn send(&mut self, label: &str, message: &[u8]) -> Result<Sent, Refused> {
        if self.state != State::Open {
            return Err(Refused::Ended);
        }
        let result = self.channels.send(&mut self.rtc, label, message);
        match result {
            Ok(Sent::Dropped) => count(&mut self.counters.messages_dropped),
            Err(Refused::SlowReader) => self.fail(Failure::SlowReader),
            _ => {}
        }
        result
    }

    /// Says goodbye: what must still leave comes out of the next `drain`, then all is over.
    pub fn close(&mut self) {
        if self.state == State::Open {
            self.state = State::Closing;
            if self.rtc.close().is_err() {
                self.end();
            }
        }
    }

    /// Takes one datagram that arrived on `path`.
    pub fn handle_datagram(
        &mut self,
        now: Instant,
        path: Path,
        datagram: &[u8],
    ) -> Result<(), Refusal> {
        let result = match datagram.first() {
            _ if self.state != State::Open => Err(Refusal::Ended),
            _ if datagram.len() > DATAGRAM_BYTES => Err(Refusal::Malformed),
            Some(0..=3) => self.handle_stun(now, path, datagram),
            Some(20..=63) => self.handle_dtls(now, path, datagram),
            _ => Err(Refusal::Malformed),
        };
        match result {
            Ok(()) => count(&mut self.counters.datagrams_accepted),
            Err(_) => count(&mut self.counters.datagrams_refused),
        }
        result
    }

    /// Does what `next_deadline` asked for.
    pub fn handle_deadline(&mut self, now: Instant) {
        if self.state == State::Ended {
            return;
        }
        if self.rtc.handle_input(Input::Timeout(now)).is_err() {
            self.fail(Failure::Dtls);
            return;
        }
        let outputs = &mut self.outputs;
        self.addresses
            .expire(now, &mut |change| outputs.push_back(change.into()));
        if self
            .previous
            .as_ref()
            .is_some_and(|previous| previous.retired_at <= now)
        {
            self.retire_previous();
        }
        if matches!(self.handshake, Handshake::EndsBefore(limit) if limit <= now) {
            self.fail(Failure::HandshakeTimeout);
        }
    }

    /// When to call `handle_deadline`; `None` when the transport has ended.
    pub fn next_deadline(&self) -> Option<Instant> {
        if self.state == State::Ended {
            return None;
        }
        let handshake = match self.handshake {
            Handshake::EndsBefore(limit) => Some(limit),
            Handshake::NotBegun | Handshake::Done => None,
        };
        let previous = self.previous.as_ref().map(|previous| previous.retired_at);
        let others = [handshake, previous, self.addresses.next_deadline()];
        others
            .into_iter()
            .flatten()
            .chain([self.rtc_deadline])
            .min()
    }

    /// Gives out everything that follows from the last input.
    pub fn drain(&mut self, now: Instant, sink: &mut impl FnMut(Output)) {
        // What another connection of this thread left behind, if it was cut short by a panic.
        let _ = dtls::take_exported();
        for _ in 0..OUTPUTS_PER_TURN {
            self.outputs.drain(..).for_each(&mut *sink);
            if self.state == State::Ended {
                return;
            }
            let output = self.rtc.poll_output();
            if let Some(keys) = dtls::take_exported() {
                self.keys = Some(keys);
            }
            match output {
                Ok(Stock::Timeout(deadline)) => {
                    self.rtc_deadline = deadline.max(later(now, SHORTEST_WAIT));
                    self.settle();
                    self.outputs.drain(..).for_each(&mut *sink);
                    return;
                }
                Ok(Stock::Transmit(transmit)) => {
                    let bytes: Vec<u8> = transmit.contents.into();
                    self.handle_transmit(now, transmit.source, transmit.destination, bytes);
                }
                Ok(Stock::Event(event)) => self.handle_event(now, event),
                Err(_) => self.fail(Failure::Dtls),
            }
        }
        self.fail(Failure::Runaway);
        self.outputs.drain(..).for_each(sink);
    }

    fn handle_stun(&mut self, now: Instant, path: Path, datagram: &[u8]) -> Result<(), Refusal> {
        let check = Check::parse(datagram).ok_or(Refusal::Malformed)?;
        if self.remote.is_none() {
            return Err(Refusal::NotStarted);
        }
        if self.addresses.is_copied(check.transaction, path) {
            return Err(Refusal::Copied);
        }
        let is_current = check.local_ufrag == self.local.ufrag();
        let previous = self.previous.as_ref();
        if !is_current && previous.is_none_or(|it| it.local.ufrag() != check.local_ufrag) {
            return Err(Refusal::UnknownUfrag);
        }
        if self.pending.len() < PENDING_CHECKS {
            self.pending.push_back(Pending {
                transaction: check.transaction,
                path,
                nominates: check.nominates,
                is_current,
            });
        }
        if is_current {
            return self.give_to_stock(now, path, datagram);
        }
        // The agent knows one pair of credentials. It answers within this call, so the old ones
        // are put in its place for the length of it.
        if let Some(previous) = previous {
            let mut rtc = self.rtc.direct_api();
            rtc.set_local_ice_credentials(previous.local.to_stock());
            rtc.set_remote_ice_credentials(previous.remote.to_stock());
        }
        let result = self.give_to_stock(now, path, datagram);
        self.use_current_credentials();
        result
    }

    fn handle_dtls(&mut self, now: Instant, path: Path, datagram: &[u8]) -> Result<(), Refusal> {
        if !self.addresses.is_live(path) {
            return Err(Refusal::UnprovedPath);
        }
        if self.handshake == Handshake::NotBegun {
            self.handshake = Handshake::EndsBefore(later(now, HANDSHAKE_TIMEOUT));
        }
        self.give_to_stock(now, path, datagram)
    }

    fn give_to_stock(&mut self, now: Instant, path: Path, datagram: &[u8]) -> Result<(), Refusal> {
        let destination = canonical_address(path.local);
        let receive = Receive::new(Protocol::Udp, path.remote, destination, datagram)
            .map_err(|_| Refusal::Malformed)?;
        if self.rtc.handle_input(Input::Receive(now, receive)).is_err() {
            self.fail(Failure::Dtls);
        }
        Ok(())
    }

    /// Routes what the stock machine wants to send.
    ///
    /// An answer to a check goes where the check came from. Everything else goes to the proved
    /// path, whatever the agent believes: its choice between nominated pairs is by priority and
    /// would stay with a dead one for 15 s.
    fn handle_transmit(
        &mut self,
        now: Instant,
        source: std::net::SocketAddr,
        destination: std::net::SocketAddr,
        bytes: Vec<u8>,
    ) {
        let is_stun = matches!(bytes.first(), Some(0..=3));
        if !is_stun {
            if let Some(path) = self.addresses.proved() {
                self.outputs.push_back(Output::Transmit { path, bytes });
            }
            return;
        }
        let Some(local) = socket_of(source) else {
            return;
        };
        let path = Path {
            local,
            remote: destination,
        };
        let answered = stun::answered_transaction(&bytes);
        self.outputs.push_back(Output::Transmit { path, bytes });
        let position = self
            .pending
            .iter()
            .position(|check| Some(check.transaction) == answered && check.path == path);
        if let Some(check) = position.and_then(|position| self.pending.remove(position)) {
            self.check_answered(now, &check);
        }
    }

    fn check_answered(&mut self, now: Instant, check: &Pending) {
        let outputs = &mut self.outputs;
        let result = self.addresses.check_answered(
            now,
            check.path,
            check.transaction,
            check.nominates,
            &mut |change| outputs.push_back(change.into()),
        );
        if let Err(TooManyPaths) = result {
            self.fail(Failure::Flood);
        } else if check.is_current && check.nominates {
            self.retire_previous();
        }
    }

    fn handle_event(&mut self, now: Instant, event: Event) {
        match event {
            Event::Connected => self.handle_connected(),
            Event::ChannelOpen(id, label) => {
                match self.channels.opened(&mut self.rtc, id, &label) {
                    Opening::Opened(label) => {
                        self.outputs.push_back(Output::ChannelOpened { label })
                    }
                    Opening::Refused => count(&mut self.counters.channels_refused),
                    Opening::TooMany => self.fail(Failure::Flood),
                }
            }
            Event::ChannelClose(id) => {
                self.channels.closed(id);
            }
            Event::ChannelData(data) => self.handle_message(now, data),
            Event::Closed => self.fail(Failure::Closed),
            // Without media there is nothing else; the state of the agent is ours to judge.
            _ => {}
        }
    }

    fn handle_connected(&mut self) {
        match self.keys.take() {
            Some(keys) => {
                self.handshake = Handshake::Done;
                self.outputs.push_back(Output::Connected(keys));
            }
            // The peer did not offer use_srtp (RFC 5764 section 4.1).
            None => self.fail(Failure::Dtls),
        }
    }

    fn handle_message(&mut self, now: Instant, data: ChannelData) {
        let Some((label, is_lossy)) = self.channels.get(data.id) else {
            count(&mut self.counters.messages_dropped);
            return;
        };
        let label = Arc::clone(label);
        if self.messages.take(now) {
            self.outputs.push_back(Output::Data {
                label,
                bytes: data.data,
            });
        } else if is_lossy {
            count(&mut self.counters.messages_dropped);
        } else {
            self.fail(Failure::Flood);
        }
    }

    /// Ends the turn: a check that was not answered in it never will be.
    fn settle(&mut self) {
        let unanswered = u64::try_from(self.pending.len()).unwrap_or(u64::MAX);
        self.counters.checks_unanswered =
            self.counters.checks_unanswered.saturating_add(unanswered);
        self.pending.clear();
        // Goodbyes are sent once; nobody waits for an answer.
        if self.state == State::Closing {
            self.end();
        }
    }

    fn use_current_credentials(&mut self) {
        let mut rtc = self.rtc.direct_api();
        rtc.set_local_ice_credentials(self.local.to_stock());
        if let Some(remote) = &self.remote {
            rtc.set_remote_ice_credentials(remote.to_stock());
        }
    }

    fn retire_previous(&mut self) {
        if let Some(previous) = self.previous.take() {
            self.outputs
                .push_back(Output::UfragRetired(previous.local.ufrag().into()));
        }
    }

    fn require_open(&self) -> Result<(), Misuse> {
        if self.state == State::Open {
            Ok(())
        } else {
            Err(Misuse::Ended)
        }
    }

    fn fail(&mut self, failure: Failure) {
        if self.state != State::Ended {
            self.outputs.push_back(Output::Failed(failure));
            self.end();
        }
    }

    fn end(&mut self) {
        self.rtc.disconnect();
        self.pending.clear();
        self.state = State::Ended;
    }
}

impl From<Change> for Output {
    fn from(change: Change) -> Self {
        match change {
            Change::Opened(path) => Self::PathOpened(path),
            Change::Closed(path) => Self::PathClosed(path),
            Change::Proved(path) => Self::AddressProved(path),
            Change::Lost => Self::AddressLost,
            Change::Disconnected => Self::Disconnected,
            Change::Reconnected => Self::Reconnected,
        }
    }
}

fn later(now: Instant, wait: std::time::Duration) -> Instant {
    now.checked_add(wait).unwrap_or(now)
}

fn count(counter: &mut u64) {
    *counter = counter.saturating_add(1);
}
