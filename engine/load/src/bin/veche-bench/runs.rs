//! One run of a scenario through a real engine, and the figures of any run.

use crate::Result;
use crate::driver::Driver;
use crate::scenario::Scenario;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use veche_node::{Command, Engine, EngineStats, Event, Settings};
use veche_sfu::ids::{ParticipantId, PublicationId, RoomId, SubscriptionId};
use veche_sfu::shard::{self, LayerDescription, PublicationDescription, SubscriptionDescription};
use veche_sfu::transport::{Fingerprint, IceCredentials};

/// What a run found.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Packets received each second.
    pub in_per_second: f64,
    /// Packets sent each second.
    pub out_per_second: f64,
    /// CPU of the run, and by what it is divided: packets out, joins, or seconds × participants.
    pub cpu_us: f64,
    /// The divisor.
    pub units: f64,
    /// Memory per participant.
    pub bytes_each: f64,
    /// From arrival to departure.
    pub residence_p50_us: f64,
    /// From arrival to departure.
    pub residence_p99_us: f64,
    /// Packets that did not arrive.
    pub lost: f64,
}

impl Figures {
    /// CPU per unit.
    pub fn cost_us(&self) -> f64 {
        self.cpu_us / self.units.max(1.0)
    }

    /// For the parent process.
    pub fn to_text(&self) -> String {
        let values = [
            self.in_per_second,
            self.out_per_second,
            self.cpu_us,
            self.units,
            self.bytes_each,
            self.residence_p50_us,
            self.residence_p99_us,
            self.lost,
        ];
        values.map(|value| value.to_string()).join(" ")
    }

    /// From the child process, whose last line it is.
    pub fn from_text(text: &str) -> Result<Self> {
        let line = text.lines().last().ok_or("no figures")?;
        let values: Vec<f64> = line
            .split(' ')
            .map(str::parse)
            .collect::<std::result::Result<_, _>>()?;
        let [
            in_per_second,
            out_per_second,
            cpu_us,
            units,
            bytes_each,
            p50,
            p99,
            lost,
        ] = values[..]
        else {
            return Err("not eight figures".into());
        };
        Ok(Self {
            in_per_second,
            out_per_second,
            cpu_us,
            units,
            bytes_each,
            residence_p50_us: p50,
            residence_p99_us: p99,
            lost,
        })
    }
}

const ROOM: RoomId = RoomId(1);
/// After everyone is there, before anything is counted.
const SETTLE: Duration = Duration::from_millis(1500);
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a scenario for so many seconds.
pub fn run(scenario: &Scenario, seconds: f64) -> Result<Figures> {
    let engine = Engine::start(&Settings {
        listen: vec!["127.0.0.1:0".parse()?],
        allows_faults: false,
    })?;
    let memory_before = resident_bytes()?;
    let address = engine.addresses()[0];
    let plans = scenario.client_plans();
    let mut swarm = Driver::start(address, &engine.fingerprint().to_string(), plans.clone())?;
    let mut commands = Vec::new();
    for plan in &plans {
        commands.push(Command::AddParticipant {
            participant: ParticipantId(plan.id),
            room: ROOM,
            credentials: credentials(&plan.ufrag, &plan.pwd)?,
        });
    }
    for (id, ufrag, pwd, fingerprint) in &swarm.introductions {
        commands.push(Command::SetRemote {
            participant: ParticipantId(*id),
            credentials: credentials(ufrag, pwd)?,
            fingerprint: Fingerprint::parse(fingerprint).map_err(|it| format!("{it:?}"))?,
        });
    }
    commands.extend(media_commands(scenario).into_iter().map(Command::Shard));
    engine.submit(commands).map_err(|it| format!("{it:?}"))?;
    let before_join = snapshot(&engine)?;
    swarm.say("go")?;
    wait_until_connected(&engine, scenario.clients)?;
    if scenario.is_joining {
        // The last one's channels and timers belong to its join.
        std::thread::sleep(SETTLE);
        let after = snapshot(&engine)?;
        return Ok(Figures {
            cpu_us: (cpu_ns(&after) - cpu_ns(&before_join)) / 1e6,
            units: scenario.clients as f64,
            bytes_each: (resident_bytes()? - memory_before) / scenario.clients as f64,
            ..Figures::default()
        });
    }
    std::thread::sleep(SETTLE);
    engine.drain(usize::MAX);
    swarm.say("reset")?;
    let (before, began) = (snapshot(&engine)?, Instant::now());
    std::thread::sleep(Duration::from_secs_f64(seconds));
    let (after, elapsed) = (snapshot(&engine)?, began.elapsed().as_secs_f64());
    let bytes_each = (resident_bytes()? - memory_before) / scenario.clients as f64;
    let lost = swarm.lost()?;
    if !scenario.is_forwarding() {
        return Ok(Figures {
            cpu_us: (cpu_ns(&after) - cpu_ns(&before)) / 1e3,
            units: elapsed * scenario.clients as f64,
            bytes_each,
            ..Figures::default()
        });
    }
    let sent = (after.packets_out - before.packets_out) as f64;
    Ok(Figures {
        in_per_second: (after.packets_in - before.packets_in) as f64 / elapsed,
        out_per_second: sent / elapsed,
        cpu_us: (after.media_cpu_ns - before.media_cpu_ns) as f64 / 1e3,
        units: sent,
        bytes_each,
        residence_p50_us: after.residence_p50_us,
        residence_p99_us: after.residence_p99_us,
        lost: lost as f64,
    })
}

/// What makes the shard forward the scenario's media.
pub fn media_commands(scenario: &Scenario) -> Vec<shard::Command> {
    let mut commands = Vec::new();
    for (index, publication) in (1..).zip(&scenario.publications) {
        let first = publication.layers[0];
        let layer = |track: &veche_load::TrackPlan| LayerDescription {
            ssrc: Some(track.ssrc),
            ..LayerDescription::default()
        };
        commands.push(shard::Command::Publish {
            participant: ParticipantId(publication.owner as u32 + 1),
            publication: PublicationId(index),
            description: Box::new(PublicationDescription {
                mid: index.to_string(),
                codec: first.codec,
                payload_type: first.payload_type,
                rtx_payload_type: None,
                has_nack: false,
                has_twcc: false,
                layers: publication.layers.iter().map(layer).collect(),
                is_open: true,
            }),
        });
    }
    for (index, (client, publication, layer)) in (1..).zip(&scenario.watches) {
        let subscription = SubscriptionId(index);
        commands.push(shard::Command::Subscribe {
            participant: ParticipantId(*client as u32 + 1),
            subscription,
            publication: PublicationId(*publication as u32 + 1),
            description: Box::new(SubscriptionDescription {
                mid: publication.to_string(),
                ssrc: 100_000 + index,
                rtx_ssrc: None,
                payload_type: scenario.publications[*publication].layers[0].payload_type,
                rtx_payload_type: None,
            }),
        });
        commands.push(shard::Command::SetSubscription {
            subscription,
            is_paused: false,
            layer: *layer,
            temporal_layer: 3,
            priority: 1,
        });
    }
    commands
}

fn credentials(ufrag: &str, pwd: &str) -> Result<IceCredentials> {
    Ok(IceCredentials::new(ufrag, pwd).map_err(|it| format!("{it:?}"))?)
}

fn snapshot(engine: &Engine) -> Result<EngineStats> {
    Ok(engine
        .snapshot()
        .ok_or("the media thread does not answer")?)
}

fn cpu_ns(stats: &EngineStats) -> f64 {
    (stats.media_cpu_ns + stats.transport_cpu_ns) as f64
}

fn wait_until_connected(engine: &Engine, clients: usize) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    let mut connected = HashMap::new();
    while connected.len() < clients {
        for event in engine.drain(usize::MAX) {
            match event {
                Event::Connected(participant) => drop(connected.insert(participant, ())),
                Event::Gone(participant, reason) => {
                    return Err(format!("{participant:?} is gone: {reason:?}").into());
                }
                _ => {}
            }
        }
        if Instant::now() > deadline {
            return Err(format!("{} of {clients} connected", connected.len()).into());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

fn resident_bytes() -> Result<f64> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages: f64 = statm.split(' ').nth(1).ok_or("statm")?.parse()?;
    Ok(pages * 4096.0)
}
