//! The swarm as a child process.

use crate::Result;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use veche_load::{ClientPlan, Plan};

/// A running swarm.
pub struct Driver {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    /// Id, username fragment, password and fingerprint of each client.
    pub introductions: Vec<(u32, String, String, String)>,
}

impl Driver {
    /// Starts it and waits for its introductions.
    pub fn start(server: SocketAddr, fingerprint: &str, clients: Vec<ClientPlan>) -> Result<Self> {
        let program = std::env::current_exe()?.with_file_name("veche-load");
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = child.stdin.take().ok_or("no pipe")?;
        let stdout = BufReader::new(child.stdout.take().ok_or("no pipe")?);
        let mut driver = Self {
            child,
            stdin,
            stdout,
            introductions: Vec::new(),
        };
        let plan = Plan {
            server,
            fingerprint: fingerprint.into(),
            clients,
        };
        driver.say(&format!("{}end", plan.to_text()))?;
        for line in driver.lines_until("ready")? {
            let field = |name: &str| {
                let words = line.split_whitespace();
                let mut values = words.filter_map(|word| word.split_once('='));
                values
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| value.to_owned())
            };
            let fingerprint = format!("sha-256 {}", field("fingerprint").ok_or("no fingerprint")?);
            let id = field("id").ok_or("no id")?.parse()?;
            let (ufrag, pwd) = (
                field("ufrag").ok_or("no ufrag")?,
                field("pwd").ok_or("no pwd")?,
            );
            driver.introductions.push((id, ufrag, pwd, fingerprint));
        }
        Ok(driver)
    }

    /// Tells it a word.
    pub fn say(&mut self, word: &str) -> Result<()> {
        Ok(writeln!(self.stdin, "{word}")?)
    }

    /// Packets that its clients miss since the last reset.
    pub fn lost(&mut self) -> Result<u64> {
        self.say("report")?;
        let reports = self.lines_until("end")?;
        let counts = reports
            .iter()
            .flat_map(|report| report.split("\"lost\": ").skip(1));
        let digits = counts.map(|rest| rest.split(|it: char| !it.is_ascii_digit()).next());
        Ok(digits
            .flatten()
            .filter_map(|text| text.parse::<u64>().ok())
            .sum())
    }

    fn lines_until(&mut self, last: &str) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        for line in self.stdout.by_ref().lines() {
            let line = line?;
            if line == last {
                return Ok(lines);
            }
            lines.push(line);
        }
        Err("the swarm has ended".into())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
