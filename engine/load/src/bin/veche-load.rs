//! A swarm driven by text: a plan on standard input, then one word per line.
//!
//! In: the plan, `end`; then `go` (or `meet …` for each client), `reset`, `report`, `stop`. Out: `client …` for each client
//! (its credentials and fingerprint), `ready`; `connected id=… after_ms=…` as they come up; for
//! each `report` a JSON object per client and `end`.

use std::io::{self, BufRead, Write};
use std::sync::mpsc::{TryRecvError, channel};
use veche_load::Swarm;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut plan = String::new();
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line == "end" {
            break;
        }
        plan.push_str(&line);
        plan.push('\n');
    }
    let mut swarm = Swarm::new(plan.parse()?)?;
    say(&swarm.introductions());
    say(&["ready".into()]);
    let (words, heard) = channel();
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if words.send(line).is_err() {
                break;
            }
        }
    });
    loop {
        match heard.try_recv().as_deref() {
            Ok("go") => swarm.connect(),
            Ok(word) if word.starts_with("meet ") => swarm.meet(&word.parse()?)?,
            Ok("reset") => swarm.reset(),
            Ok("report") => {
                say(&swarm.reports());
                say(&["end".into()]);
            }
            // A driver that has gone wants no more.
            Ok("stop") | Err(TryRecvError::Disconnected) => return Ok(()),
            Ok(other) => return Err(format!("what is {other}?").into()),
            Err(TryRecvError::Empty) => {}
        }
        swarm.turn()?;
    }
}

fn say(lines: &[String]) {
    let mut out = io::stdout().lock();
    for line in lines {
        let _ = writeln!(out, "{line}");
    }
    let _ = out.flush();
}
