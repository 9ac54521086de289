//! Transports, clients, and the network between them, moved from event to event.
//!
//! One server socket, any number of clients, each behind its own pair of links and its own
//! address translation. Signalling is outside: both ends of a participant are told of each other
//! at once. Strangers send whatever a test gives them.
//!
//! One oracle watches every datagram that leaves a transport and knows nothing of how it
//! decides: it sees which addresses honest clients have sent checks from. What goes to another
//! address, or to one that has been silent for longer than consent lasts, is a violation.

use std::collections::{BTreeMap, HashMap};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use veche_sfu::ids::ParticipantId;
use veche_sfu::path::Path;
use veche_sfu::srtp::KeyingMaterial;
use veche_sfu::transport::limits::CONSENT_EXPIRES_AFTER;
use veche_sfu::transport::registry::Unrouted;
use veche_sfu::transport::stun::Check;
use veche_sfu::transport::{IceCredentials, Identity, Output, Refusal, Registry, Transport};

use crate::client::{Client, ClientEvent, Datagram};
use crate::clock::Clock;
use crate::dtls::{seed_handshakes, seeded_provider};
use crate::link::{Link, Profile};
use crate::rng::Rng;
use crate::wire::Wire;

/// Where the server listens.
pub const SERVER: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1)), 7882);

/// Steps that may follow each other at one moment, before somebody is found to spin.
const STEPS_WITHOUT_TIME: u32 = 1000;

/// What became of a datagram that a test sent itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The registry did not know whom it was for.
    Unrouted(Unrouted),
    /// The transport dropped it.
    Refused(Refusal),
    /// The stock machines looked at it.
    Accepted,
}

/// Both ends of one participant and what lies between.
pub struct Participant {
    /// The server's end.
    pub transport: Transport,
    /// The peer's end.
    pub client: Client,
    /// From the peer to the server.
    pub up: Link,
    /// From the server to the peer.
    pub down: Link,
    /// The peer's address as the server sees it; change it and the translation has changed.
    pub external: SocketAddr,
    /// What the server's end gave out, datagrams apart.
    pub outputs: Vec<(Duration, Output)>,
    /// What the peer was told.
    pub events: Vec<(Duration, ClientEvent)>,
    /// Keys of the server's end.
    pub keys: Option<KeyingMaterial>,
    generation: u32,
}

/// Everything.
pub struct World {
    /// The time.
    pub clock: Clock,
    /// Chance of whatever a test decides.
    pub rng: Rng,
    /// Who gets what.
    pub registry: Registry,
    /// Everybody.
    pub participants: BTreeMap<ParticipantId, Participant>,
    /// What the oracle objects to.
    pub violations: Vec<String>,
    /// Copies of everything that honest clients sent, when recording.
    pub recorded: Vec<(Path, Vec<u8>)>,
    /// Whether to fill `recorded`.
    pub is_recording: bool,
    identity: Identity,
    wire: Wire<Delivery>,
    consent: HashMap<(ParticipantId, SocketAddr), Instant>,
    log: Vec<String>,
}

enum Delivery {
    ToServer(ParticipantId, SocketAddr, Vec<u8>),
    ToClient(ParticipantId, SocketAddr, Vec<u8>),
}

impl World {
    /// An empty world.
    pub fn new(seed: u64) -> Self {
        let clock = Clock::start();
        let mut rng = Rng::new(seed);
        seed_handshakes(rng.fork());
        Self {
            clock,
            rng,
            registry: Registry::new(clock.now()),
            participants: BTreeMap::new(),
            violations: Vec::new(),
            recorded: Vec::new(),
            is_recording: false,
            identity: Identity::generate_with(seeded_provider())
                .expect("the system gives random bytes"),
            wire: Wire::default(),
            consent: HashMap::new(),
            log: Vec::new(),
        }
    }

    /// A client that has been told of the server, with the usual two channels.
    pub fn join(&mut self, profile: Profile) -> ParticipantId {
        let participant = self.prepare(profile);
        self.introduce(participant);
        participant
    }

    /// Both ends, which have not heard of each other.
    pub fn prepare(&mut self, profile: Profile) -> ParticipantId {
        let number = self.participants.len() as u32 + 1;
        let id = ParticipantId(number);
        let now = self.clock.now();
        let (ufrag, password) = server_credentials(id, 0);
        self.registry
            .add_ufrag(now, id, &ufrag)
            .expect("a new fragment");
        let local = IceCredentials::new(&ufrag, &password).expect("our own grammar");
        let transport = Transport::new(now, &self.identity, local, 1);
        let [high, low] = (number as u16).to_be_bytes();
        let address = SocketAddr::from(([10, 0, high, low], 5000));
        let (ufrag, password) = client_credentials(id, 0);
        let mut client = Client::new(now, address, SERVER, &ufrag, &password);
        client.open_channel("_reliable", true);
        client.open_channel("_lossy", false);
        let participant = Participant {
            transport,
            client,
            up: Link::new(profile, self.rng.fork()),
            down: Link::new(profile, self.rng.fork()),
            external: SocketAddr::from(([198, 51, 100, low], 40_000)),
            outputs: Vec::new(),
            events: Vec::new(),
            keys: None,
            generation: 0,
        };
        self.participants.insert(id, participant);
        id
    }

    /// Tells both ends of each other.
    pub fn introduce(&mut self, id: ParticipantId) {
        let now = self.clock.now();
        let client = client_credentials(id, 0);
        let participant = self.get_mut(id);
        let remote = IceCredentials::new(&client.0, &client.1).expect("our own grammar");
        let fingerprint = participant.client.fingerprint();
        participant
            .transport
            .set_remote(now, remote, fingerprint)
            .expect("set once");
        self.drain_transport(id);
        self.introduce_client(id);
    }

    /// Tells the client alone.
    pub fn introduce_client(&mut self, id: ParticipantId) {
        let now = self.clock.now();
        let (ufrag, password) = server_credentials(id, 0);
        let fingerprint = self.identity.fingerprint();
        let client = &mut self.get_mut(id).client;
        client.connect(now, &ufrag, &password, fingerprint);
        self.drain_client(id);
    }

    /// Both ends take new ICE credentials, the client's after `delay` (the answer's way back).
    pub fn restart_ice(&mut self, id: ParticipantId, delay: Duration) {
        let now = self.clock.now();
        let participant = self.get_mut(id);
        participant.generation += 1;
        let generation = participant.generation;
        let (server, client) = (
            server_credentials(id, generation),
            client_credentials(id, generation),
        );
        let local = IceCredentials::new(&server.0, &server.1).expect("our own grammar");
        let remote = IceCredentials::new(&client.0, &client.1).expect("our own grammar");
        participant
            .transport
            .restart_ice(now, local, remote)
            .expect("it has begun");
        self.drain_transport(id);
        self.registry
            .add_ufrag(now, id, &server.0)
            .expect("two generations at most");
        self.run_for(delay);
        let client_end = &mut self.get_mut(id).client;
        client_end.restart_ice((&client.0, &client.1), (&server.0, &server.1));
        self.drain_client(id);
    }

    /// Both ends.
    pub fn get(&self, id: ParticipantId) -> &Participant {
        self.participants
            .get(&id)
            .expect("a participant of this world")
    }

    /// Both ends.
    pub fn get_mut(&mut self, id: ParticipantId) -> &mut Participant {
        self.participants
            .get_mut(&id)
            .expect("a participant of this world")
    }

    /// The log of all that happened, datagrams apart: equal for equal seeds.
    pub fn log(&self) -> &[String] {
        &self.log
    }

    /// Lets the client do something and sends what follows.
    pub fn act<T>(&mut self, id: ParticipantId, act: impl FnOnce(&mut Client) -> T) -> T {
        let result = act(&mut self.get_mut(id).client);
        let now = self.clock.now();
        self.get_mut(id).client.handle_deadline(now);
        self.drain_client(id);
        result
    }

    /// Lets the transport do something and sends what follows.
    pub fn command<T>(&mut self, id: ParticipantId, act: impl FnOnce(&mut Transport) -> T) -> T {
        let now = self.clock.now();
        let transport = &mut self.get_mut(id).transport;
        let result = act(transport);
        transport.handle_deadline(now);
        self.drain_transport(id);
        result
    }

    /// A stranger, or anybody with a spoofed source, puts a datagram in front of the socket.
    pub fn inject(&mut self, source: SocketAddr, bytes: &[u8]) -> Fate {
        self.deliver_to_server(source, bytes)
    }

    /// The same without the registry in between, as if it had a hole.
    pub fn inject_past_registry(
        &mut self,
        id: ParticipantId,
        source: SocketAddr,
        bytes: &[u8],
    ) -> Fate {
        let now = self.clock.now();
        let path = Path {
            local: 0,
            remote: source,
        };
        let result = self.get_mut(id).transport.handle_datagram(now, path, bytes);
        self.drain_transport(id);
        result.map_or_else(Fate::Refused, |()| Fate::Accepted)
    }

    /// Runs until nothing happens before `duration` from now is over.
    pub fn run_for(&mut self, duration: Duration) {
        let end = self.clock.now() + duration;
        self.run_until_or(end, |_| false);
    }

    /// Runs until the condition holds; false when `limit` from now comes first.
    pub fn run_until(&mut self, limit: Duration, condition: impl Fn(&Self) -> bool) -> bool {
        let end = self.clock.now() + limit;
        self.run_until_or(end, condition)
    }

    fn run_until_or(&mut self, end: Instant, condition: impl Fn(&Self) -> bool) -> bool {
        let (mut steps, mut since) = (0, self.clock.now());
        loop {
            if condition(self) {
                return true;
            }
            if self.clock.now() > since {
                (steps, since) = (0, self.clock.now());
            }
            steps += 1;
            assert!(
                steps < STEPS_WITHOUT_TIME,
                "a deadline stands still: {:#?}",
                self.log
            );
            let deadlines = self.participants.values().flat_map(|participant| {
                let client = Some(participant.client.next_deadline());
                [client, participant.transport.next_deadline()]
                    .into_iter()
                    .flatten()
            });
            match deadlines.chain(self.wire.next_at()).min() {
                Some(next) if next <= end => self.clock.advance_to(next),
                _ => {
                    self.clock.advance_to(end);
                    return false;
                }
            }
            self.step();
        }
    }

    fn step(&mut self) {
        let now = self.clock.now();
        while let Some(delivery) = self.wire.pop_due(now) {
            match delivery {
                Delivery::ToServer(id, source, bytes) => {
                    if Check::parse(&bytes).is_some() {
                        self.consent.insert((id, source), now);
                    }
                    self.deliver_to_server(source, &bytes);
                }
                Delivery::ToClient(id, destination, bytes) => {
                    let participant = self.get_mut(id);
                    // The translation forgets a mapping when it makes another.
                    if participant.external == destination {
                        participant.client.handle(now, SERVER, &bytes);
                        self.drain_client(id);
                    }
                }
            }
        }
        let ids: Vec<ParticipantId> = self.participants.keys().copied().collect();
        for id in ids {
            let participant = self.get_mut(id);
            if participant.client.next_deadline() <= now {
                participant.client.handle_deadline(now);
                self.drain_client(id);
            }
            let transport = &mut self.get_mut(id).transport;
            if transport
                .next_deadline()
                .is_some_and(|deadline| deadline <= now)
            {
                transport.handle_deadline(now);
                self.drain_transport(id);
            }
        }
    }

    fn deliver_to_server(&mut self, source: SocketAddr, bytes: &[u8]) -> Fate {
        let now = self.clock.now();
        let path = Path {
            local: 0,
            remote: source,
        };
        let id = match self.registry.route(now, path, bytes) {
            Ok(id) => id,
            Err(unrouted) => return Fate::Unrouted(unrouted),
        };
        self.inject_past_registry(id, source, bytes)
    }

    fn drain_transport(&mut self, id: ParticipantId) {
        let now = self.clock.now();
        let mut outputs = Vec::new();
        self.get_mut(id)
            .transport
            .drain(now, &mut |output| outputs.push(output));
        for output in outputs {
            self.registry.observe(id, &output);
            match output {
                Output::Transmit { path, bytes } => self.send_down(id, path, bytes),
                output => self.note_output(id, output),
            }
        }
    }

    fn note_output(&mut self, id: ParticipantId, output: Output) {
        let elapsed = self.clock.elapsed();
        self.note(id, &output);
        let participant = self.get_mut(id);
        if let Output::Connected(keys) = &output {
            participant.keys = Some(keys.clone());
        }
        participant.outputs.push((elapsed, output));
    }

    fn drain_client(&mut self, id: ParticipantId) {
        let now = self.clock.now();
        let elapsed = self.clock.elapsed();
        let (datagrams, events) = self.get_mut(id).client.poll(now);
        for event in events {
            self.note(id, &event);
            self.get_mut(id).events.push((elapsed, event));
        }
        for datagram in datagrams {
            self.send_up(id, datagram);
        }
    }

    fn send_up(&mut self, id: ParticipantId, datagram: Datagram) {
        let now = self.clock.now();
        let participant = self.get_mut(id);
        // A socket of an interface that is gone sends nothing.
        if datagram.source != participant.client.address() {
            return;
        }
        let external = participant.external;
        let arrivals = participant.up.carry(now, datagram.bytes.len());
        for at in arrivals {
            self.wire
                .push(at, Delivery::ToServer(id, external, datagram.bytes.clone()));
        }
        if self.is_recording {
            let path = Path {
                local: 0,
                remote: external,
            };
            self.recorded.push((path, datagram.bytes));
        }
    }

    fn send_down(&mut self, id: ParticipantId, path: Path, bytes: Vec<u8>) {
        let now = self.clock.now();
        let consent = self.consent.get(&(id, path.remote));
        if consent.is_none_or(|given| now - *given > CONSENT_EXPIRES_AFTER) {
            let elapsed = self.clock.elapsed();
            self.violations.push(format!(
                "{elapsed:?} {id:?}: {} bytes to {}",
                bytes.len(),
                path.remote
            ));
        }
        for at in self.get_mut(id).down.carry(now, bytes.len()) {
            self.wire
                .push(at, Delivery::ToClient(id, path.remote, bytes.clone()));
        }
    }

    fn note(&mut self, id: ParticipantId, what: &impl std::fmt::Debug) {
        let line = format!(
            "{:>12} p{} {what:?}",
            self.clock.elapsed().as_micros(),
            id.0
        );
        self.log.push(line);
    }
}

impl Participant {
    /// True when both ends have their keys.
    pub fn is_connected(&self) -> bool {
        self.keys.is_some() && self.client.keys().is_some()
    }

    /// True when the channel is open at both ends.
    pub fn has_channel(&self, label: &str) -> bool {
        let at_server = self.outputs.iter().any(|(_, output)| {
            matches!(output, Output::ChannelOpened { label: opened } if &**opened == label)
        });
        let opened = ClientEvent::ChannelOpened(label.into());
        at_server && self.events.iter().any(|(_, event)| *event == opened)
    }

    /// Messages that reached the server on this channel.
    pub fn received_at_server(&self, label: &str) -> Vec<&[u8]> {
        let messages = self.outputs.iter().filter_map(|(_, output)| match output {
            Output::Data {
                label: channel,
                bytes,
            } if &**channel == label => Some(bytes.as_slice()),
            _ => None,
        });
        messages.collect()
    }

    /// Messages that reached the client on this channel.
    pub fn received_at_client(&self, label: &str) -> Vec<&[u8]> {
        let messages = self.events.iter().filter_map(|(_, event)| match event {
            ClientEvent::Message {
                label: channel,
                bytes,
            } if channel == label => Some(bytes.as_slice()),
            _ => None,
        });
        messages.collect()
    }
}

/// ICE credentials of the server's end.
pub fn server_credentials(id: ParticipantId, generation: u32) -> (String, String) {
    (
        format!("srv{}g{generation}", id.0),
        format!("serverpasswordof{:0>12}", id.0 + 1000 * generation),
    )
}

/// ICE credentials of the client's end.
pub fn client_credentials(id: ParticipantId, generation: u32) -> (String, String) {
    (
        format!("cli{}g{generation}", id.0),
        format!("clientpasswordof{:0>12}", id.0 + 1000 * generation),
    )
}
