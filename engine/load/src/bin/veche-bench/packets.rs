//! The packet path alone: the same media through a shard in memory, nothing received or sent.

use crate::Result;
use crate::runs::{Figures, media_commands};
use crate::scenario::Scenario;
use std::time::{Duration, Instant};
use veche_load::track::Track;
use veche_node::clock::ThreadClock;
use veche_sfu::ids::{ParticipantId, RoomId};
use veche_sfu::path::Path;
use veche_sfu::rtcp::NtpTime;
use veche_sfu::shard::{Command, Config, EgressBatch, Flushed, Shard};
use veche_sfu::srtp::{KeyingMaterial, Profile, Role, SrtpOut};

/// Runs a scenario for so many virtual seconds.
pub fn run(scenario: &Scenario, seconds: f64) -> Result<Figures> {
    let start = Instant::now();
    let config = Config {
        seed: 1,
        wall_clock: NtpTime::UNIX_EPOCH,
        allows_faults: false,
    };
    let mut shard = Shard::new(config, start);
    let mut batch = EgressBatch::new();
    let mut senders = Vec::new();
    for index in 0..scenario.clients {
        senders.push(join(&mut shard, start, index)?);
    }
    for command in media_commands(scenario) {
        shard.handle_command(start, command)?;
    }
    flush(&mut shard, start, &mut batch);
    let mut tracks: Vec<_> = scenario
        .publications
        .iter()
        .flat_map(|publication| {
            publication
                .layers
                .iter()
                .map(|plan| (publication.owner, plan))
        })
        .map(|(owner, plan)| (owner, plan.interval, start, Track::new(*plan, start)))
        .collect();
    let clock = ThreadClock::of_this_thread();
    let (mut cpu, mut sent, mut received) = (Duration::ZERO, 0, 0);
    let warm = start + Duration::from_secs(1);
    let end = warm + Duration::from_secs_f64(seconds);
    loop {
        let next = tracks
            .iter_mut()
            .min_by_key(|track| track.2)
            .ok_or("no tracks")?;
        let now = next.2;
        if now >= end {
            break;
        }
        next.2 += next.1;
        let mut frame = Vec::new();
        next.3.send_frame(&senders[next.0], start, |packet| {
            frame.push(packet.to_vec())
        });
        let path = path(next.0);
        let before = clock.cpu().unwrap_or_default();
        while shard
            .next_deadline()
            .is_some_and(|deadline| deadline <= now)
        {
            shard.handle_deadline(now);
            flush(&mut shard, now, &mut batch);
        }
        for packet in &mut frame {
            shard.handle_datagram(now, path, packet);
        }
        let datagrams = flush(&mut shard, now, &mut batch);
        if now >= warm {
            cpu += clock.cpu().unwrap_or_default() - before;
            sent += datagrams;
            received += frame.len();
        }
    }
    Ok(Figures {
        in_per_second: received as f64 / seconds,
        out_per_second: sent as f64 / seconds,
        cpu_us: cpu.as_secs_f64() * 1e6,
        units: sent as f64,
        ..Figures::default()
    })
}

fn join(shard: &mut Shard, now: Instant, index: usize) -> Result<SrtpOut> {
    let participant = ParticipantId(index as u32 + 1);
    let profile = Profile::Aes256Gcm;
    let keys = KeyingMaterial::new(profile, &vec![index as u8; profile.exported_length()])
        .map_err(|it| format!("{it:?}"))?;
    let (_, srtp) = keys.contexts(Role::Client);
    for command in [
        Command::AddParticipant {
            participant,
            room: RoomId(1),
        },
        Command::SetKeys { participant, keys },
        Command::SetPath {
            participant,
            path: Some(path(index)),
        },
    ] {
        shard.handle_command(now, command)?;
    }
    Ok(srtp)
}

fn path(index: usize) -> Path {
    Path {
        local: 0,
        remote: ([127, 0, 0, 1], 10_000 + index as u16).into(),
    }
}

fn flush(shard: &mut Shard, now: Instant, batch: &mut EgressBatch) -> usize {
    let mut datagrams = 0;
    while shard.flush(now, batch) == Flushed::Partly {
        datagrams += batch.datagrams();
    }
    datagrams + batch.datagrams()
}

/// CPU of sealing and of opening one packet with so many bytes, in µs, a hundred keys in rotation.
pub fn crypto_us(bytes: usize) -> Result<(f64, f64)> {
    const KEYS: u8 = 100;
    const ROUNDS: u64 = 1000;
    let profile = Profile::Aes256Gcm;
    let mut contexts = Vec::new();
    for key in 0..KEYS {
        let keys = KeyingMaterial::new(profile, &vec![key; profile.exported_length()]);
        let keys = keys.map_err(|it| format!("{it:?}"))?;
        contexts.push((keys.contexts(Role::Client).1, keys.contexts(Role::Server).0));
    }
    let clock = ThreadClock::of_this_thread();
    let (mut sealing, mut opening) = (Duration::ZERO, Duration::ZERO);
    let mut packets = vec![vec![0; bytes]; usize::from(KEYS)];
    for index in 0..ROUNDS {
        let begin = clock.cpu().unwrap_or_default();
        for (packet, (out, _)) in packets.iter_mut().zip(&contexts) {
            packet[0] = 0x80;
            packet[2..4].copy_from_slice(&(index as u16).to_be_bytes());
            out.seal_rtp(12, index, packet)
                .map_err(|it| format!("{it:?}"))?;
        }
        let middle = clock.cpu().unwrap_or_default();
        for (packet, (_, inward)) in packets.iter_mut().zip(&contexts) {
            inward
                .open_rtp(12, index, packet)
                .map_err(|it| format!("{it:?}"))?;
        }
        sealing += middle - begin;
        opening += clock.cpu().unwrap_or_default() - middle;
    }
    let each = |sum: Duration| sum.as_secs_f64() * 1e6 / (ROUNDS as f64 * f64::from(KEYS));
    Ok((each(sealing), each(opening)))
}
