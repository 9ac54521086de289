//! The least that forwarding can cost here: receive, open, copy, renumber, seal, send.
//!
//! The same sockets, sizes, rates and numbers of copies as the scenario, frames sent whole by
//! segmentation offload, and no state at all: nobody joins, nothing is looked up, kept, counted
//! or repaired.

use crate::Result;
use crate::runs::Figures;
use crate::scenario::Scenario;
use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use veche_load::track::{Track, phase};
use veche_node::clock::ThreadClock;
use veche_node::send::Sender;
use veche_node::socket::{MediaSocket, ReceiveBatch, bind_all};
use veche_sfu::path::Path;
use veche_sfu::shard::Datagrams;
use veche_sfu::srtp::{KeyingMaterial, Profile, Role, SrtpIn, SrtpOut};

const HEADER_BYTES: usize = 12;
const PACKET_BYTES: usize = 1500;

/// One encoding with its copies, and the packets of its frame that came.
struct Stream {
    ssrc: u32,
    index: u64,
    copies: usize,
    frame: Vec<Vec<u8>>,
    held: usize,
}

/// Runs the scenario's media for so many seconds.
pub fn run(scenario: &Scenario, seconds: f64) -> Result<Figures> {
    let socket = bind_all(&["127.0.0.1:0".parse()?])?;
    let server = socket[0].address();
    let streams = streams(scenario);
    let receivers: Vec<_> = (0..scenario.clients)
        .map(|_| Ok(bind_all(&["127.0.0.1:0".parse()?])?.remove(0)))
        .collect::<Result<_>>()?;
    let paths: Vec<_> = receivers
        .iter()
        .map(|it| Path {
            local: 0,
            remote: it.address(),
        })
        .collect();
    let is_over = Arc::new(AtomicBool::new(false));
    let (over, out) = (Arc::clone(&is_over), Arc::clone(&is_over));
    let plans = scenario.client_plans();
    let sending = std::thread::spawn(move || -> std::io::Result<()> {
        let (_, srtp) = keys().contexts(Role::Client);
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        let start = Instant::now();
        let mut tracks: Vec<_> = plans
            .iter()
            .flat_map(|client| {
                client
                    .tracks
                    .iter()
                    .enumerate()
                    .map(move |(at, it)| (client.id, at, it))
            })
            .map(|(id, at, plan)| Track::new(*plan, start + phase(id, at, plan.interval)))
            .collect();
        while !over.load(Ordering::Relaxed) {
            let Some(next) = tracks.iter_mut().min_by_key(|track| track.due) else {
                break;
            };
            std::thread::sleep(next.due.saturating_duration_since(Instant::now()));
            next.send_frame(&srtp, start, |packet| drop(socket.send_to(packet, server)));
        }
        Ok(())
    });
    let draining = std::thread::spawn(move || drain(&receivers, &out));
    let figures = forward(&socket, streams, &paths, seconds);
    is_over.store(true, Ordering::Relaxed);
    sending.join().map_err(|_| "the sender fell")??;
    draining.join().map_err(|_| "the receivers fell")??;
    figures
}

/// The measured loop.
fn forward(
    sockets: &[MediaSocket],
    mut streams: Vec<Stream>,
    paths: &[Path],
    seconds: f64,
) -> Result<Figures> {
    let (srtp_in, srtp_out) = keys().contexts(Role::Server);
    let epoll = nix::sys::epoll::Epoll::new(nix::sys::epoll::EpollCreateFlags::empty())?;
    let interest = nix::sys::epoll::EpollFlags::EPOLLIN;
    epoll.add(&sockets[0], nix::sys::epoll::EpollEvent::new(interest, 0))?;
    let (mut batch, mut sender) = (ReceiveBatch::default(), Sender::new(sockets));
    let mut out = vec![0; 4 << 20];
    let clock = ThreadClock::of_this_thread();
    let warm = Instant::now() + Duration::from_secs(1);
    let end = warm + Duration::from_secs_f64(seconds);
    let (mut cpu_before, mut received, mut sent) = (None, 0_u64, 0_u64);
    while Instant::now() < end {
        let mut ready = [nix::sys::epoll::EpollEvent::empty(); 1];
        epoll.wait(&mut ready, 10_u8)?;
        if cpu_before.is_none() && Instant::now() >= warm {
            cpu_before = clock.cpu();
            (received, sent) = (0, 0);
        }
        received += batch.receive(&sockets[0])? as u64;
        let mut runs = Vec::new();
        let mut used = 0;
        batch.each(&sockets[0], |_, bytes| {
            let ssrc = u32::from_be_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]);
            let Some(stream) = streams.iter_mut().find(|it| it.ssrc == ssrc) else {
                return;
            };
            used = take(
                stream, &srtp_in, &srtp_out, bytes, paths, &mut out, used, &mut runs,
            );
        });
        sent += runs
            .iter()
            .map(|(_, range, segment): &Run| range.len().div_ceil(*segment) as u64)
            .sum::<u64>();
        sender.send(
            sockets,
            runs.iter().map(|(path, range, segment_bytes)| Datagrams {
                path: *path,
                bytes: &out[range.clone()],
                segment_bytes: *segment_bytes,
                arrived: None,
            }),
        );
    }
    let cpu = clock.cpu().unwrap_or_default() - cpu_before.unwrap_or_default();
    Ok(Figures {
        in_per_second: received as f64 / seconds,
        out_per_second: sent as f64 / seconds,
        cpu_us: cpu.as_secs_f64() * 1e6,
        units: sent as f64,
        ..Figures::default()
    })
}

type Run = (Path, std::ops::Range<usize>, usize);

/// Opens a packet and, when its frame is whole, writes the frame once per copy.
#[expect(
    clippy::too_many_arguments,
    reason = "a loop body without a state to hold them"
)]
fn take(
    stream: &mut Stream,
    srtp_in: &SrtpIn,
    srtp_out: &SrtpOut,
    bytes: &mut [u8],
    paths: &[Path],
    out: &mut [u8],
    mut used: usize,
    runs: &mut Vec<Run>,
) -> usize {
    let sequence = u16::from_be_bytes([bytes[2], bytes[3]]);
    // Close enough to a roll-over counter for a stream without loss.
    let index = (stream.index & !0xffff) | u64::from(sequence);
    stream.index = if index + 0x8000 < stream.index {
        index + 0x1_0000
    } else {
        index
    };
    let Ok(length) = srtp_in.open_rtp(HEADER_BYTES, stream.index, bytes) else {
        return used;
    };
    if stream.held == stream.frame.len() {
        stream.frame.push(Vec::with_capacity(PACKET_BYTES));
    }
    let held = &mut stream.frame[stream.held];
    held.clear();
    held.extend_from_slice(&bytes[..length]);
    stream.held += 1;
    let is_sound = bytes[1] & 0x7f == 111;
    if !is_sound && bytes[1] & 0x80 == 0 {
        return used;
    }
    let first = stream.index + 1 - stream.held as u64;
    for path in &paths[..stream.copies] {
        let start = used;
        let mut segment = 0;
        for (index, packet) in (first..).zip(&stream.frame[..stream.held]) {
            let end = used + packet.len() + srtp_out.rtp_overhead();
            out[used..used + packet.len()].copy_from_slice(packet);
            if srtp_out
                .seal_rtp(HEADER_BYTES, index, &mut out[used..end])
                .is_err()
            {
                return start;
            }
            segment = end - used;
            used = end;
        }
        runs.push((*path, start..used, segment));
    }
    stream.held = 0;
    used
}

fn streams(scenario: &Scenario) -> Vec<Stream> {
    let publications = scenario.publications.iter().enumerate();
    publications
        .flat_map(|(publication, it)| {
            it.layers
                .iter()
                .enumerate()
                .map(move |(layer, plan)| (publication, layer, plan))
        })
        .map(|(publication, layer, plan)| Stream {
            ssrc: plan.ssrc,
            index: 0,
            copies: scenario.copies(publication, layer),
            frame: Vec::new(),
            held: 0,
        })
        .collect()
}

/// Reads and forgets.
fn drain(receivers: &[MediaSocket], is_over: &AtomicBool) -> std::io::Result<()> {
    use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags};
    let epoll = Epoll::new(EpollCreateFlags::empty())?;
    for (index, receiver) in (0..).zip(receivers) {
        epoll.add(receiver, EpollEvent::new(EpollFlags::EPOLLIN, index))?;
    }
    let mut batch = ReceiveBatch::default();
    let mut ready = [EpollEvent::empty(); 256];
    while !is_over.load(Ordering::Relaxed) {
        let count = epoll.wait(&mut ready, 10_u8).unwrap_or(0);
        for event in &ready[..count] {
            while batch.receive(&receivers[event.data() as usize])? > 0 {}
        }
    }
    Ok(())
}

fn keys() -> KeyingMaterial {
    let profile = Profile::Aes256Gcm;
    KeyingMaterial::new(profile, &vec![7; profile.exported_length()]).expect("the right length")
}
