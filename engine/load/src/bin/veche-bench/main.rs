//! What forwarding costs, beside the least it can cost on this machine at this moment.
//!
//! ```text
//! veche-bench [scenario …] [rounds=3] [seconds=3]
//! ```
//! One line per scenario, made to be compared by `diff`. Each figure is the least of the rounds
//! with its spread; `bare` runs between the rounds, because the machine drifts and only ratios
//! last. Each run is a process of its own, so that memory is counted from nothing. CPU is that of
//! the media thread by its own clock; `shard` is the packet path alone, in memory; `sockets` is
//! the rest: the kernel and our calls into it. Receivers are drained by one busy process.

mod bare;
mod driver;
mod packets;
mod runs;
mod scenario;

use runs::Figures;
use scenario::Scenario;
use std::process::{Command, Stdio};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, kind, name, seconds] = arguments.as_slice()
        && flag == "--one"
    {
        let scenario = Scenario::named(name).ok_or("no such scenario")?;
        let seconds: f64 = seconds.parse()?;
        let figures = match kind.as_str() {
            "bare" => bare::run(&scenario, seconds)?,
            "shard" => packets::run(&scenario, seconds)?,
            _ => runs::run(&scenario, seconds)?,
        };
        println!("{}", figures.to_text());
        return Ok(());
    }
    let number = |name: &str, usual: f64| {
        let found = arguments
            .iter()
            .find_map(|it| it.strip_prefix(name)?.strip_prefix('='));
        found.map_or(Ok(usual), str::parse)
    };
    let (rounds, seconds) = (number("rounds", 3.0)? as usize, number("seconds", 3.0)?);
    let named: Vec<_> = arguments.iter().filter(|it| !it.contains('=')).collect();
    for bytes in [1200, 100] {
        let (seal, open) = packets::crypto_us(bytes)?;
        println!("AES-256-GCM, {bytes} bytes: seal {seal:.2} µs, open {open:.2} µs");
    }
    println!(
        "scenario   |  in pps | out pps | µs/out total (spread) | shard | sockets | bare | ratio | kB each | residence p50/p99 µs | lost"
    );
    for scenario in Scenario::all() {
        if !named.is_empty() && !named.iter().any(|it| **it == scenario.name) {
            continue;
        }
        let once = |kind: &str| one(kind, &scenario.name, seconds);
        let mut rows = Vec::new();
        for _ in 0..rounds.max(1) {
            let bare = if scenario.is_forwarding() {
                once("bare")?
            } else {
                Figures::default()
            };
            let shard = if scenario.is_forwarding() {
                once("shard")?
            } else {
                Figures::default()
            };
            rows.push((bare, shard, once("engine")?));
        }
        println!("{}", line(&scenario, &rows));
    }
    Ok(())
}

/// One run in a process of its own.
fn one(kind: &str, name: &str, seconds: f64) -> Result<Figures> {
    let output = Command::new(std::env::current_exe()?)
        .args(["--one", kind, name, &seconds.to_string()])
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{kind} {name}: {}", output.status).into());
    }
    Figures::from_text(&String::from_utf8(output.stdout)?)
}

fn line(scenario: &Scenario, rows: &[(Figures, Figures, Figures)]) -> String {
    let least = |of: fn(&(Figures, Figures, Figures)) -> f64| {
        rows.iter().map(of).fold(f64::INFINITY, f64::min)
    };
    let most =
        |of: fn(&(Figures, Figures, Figures)) -> f64| rows.iter().map(of).fold(0.0, f64::max);
    let total = least(|row| row.2.cost_us());
    let bare = least(|row| row.0.cost_us());
    let shard = least(|row| row.1.cost_us());
    let (spread, lost) = (most(|row| row.2.cost_us()) / total, most(|row| row.2.lost));
    let each_kb = least(|row| row.2.bytes_each) / 1000.0;
    if !scenario.is_forwarding() {
        let unit = if scenario.is_joining {
            "ms of CPU per join"
        } else {
            "µs of CPU per second and participant"
        };
        return format!(
            "{:10} | {:.3} {unit} (spread {spread:.2}) | {each_kb:.0} kB each",
            scenario.name, total
        );
    }
    let last = &rows[rows.len() - 1].2;
    format!(
        "{:10} | {:7.0} | {:7.0} | {total:11.2} ({spread:7.2}) | {shard:5.2} | {:7.2} | {bare:4.2} | {:5.2} | {each_kb:7.0} | {:9.0} / {:<8.0} | {lost:.0}",
        scenario.name,
        last.in_per_second,
        last.out_per_second,
        total - shard,
        total / bare,
        least(|row| row.2.residence_p50_us),
        least(|row| row.2.residence_p99_us),
    )
}
