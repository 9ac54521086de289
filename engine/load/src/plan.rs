//! What a swarm is told, as lines of text that any driver can write.
//!
//! ```text
//! server address=127.0.0.1:7882 fingerprint=AB:CD:…
//! client id=1 ufrag=srv1 pwd=… [messages_ms=100]
//! track client=1 ssrc=1001 payload_type=111 codec=opus
//! track client=1 ssrc=1002 payload_type=96 codec=vp8 packets=7 bytes=1150 fps=30
//! ```
//! `ufrag` and `pwd` are the server's for that client; the client's own are `c<id>` made long
//! enough, so a driver can compute them. Where the server tells its credentials only in answer
//! to an offer, the plan leaves them out and each client is told by a later line:
//!
//! ```text
//! meet id=1 ufrag=srv1 pwd=… fingerprint=AB:CD:…
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;
use veche_sfu::rtp::Codec;

/// Everything a swarm is told.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where the engine listens.
    pub server: SocketAddr,
    /// `sha-256 AB:CD:…` of its certificate.
    pub fingerprint: String,
    /// Who there is.
    pub clients: Vec<ClientPlan>,
}

/// One client.
#[derive(Clone, Debug)]
pub struct ClientPlan {
    /// Names it in reports.
    pub id: u32,
    /// The server's credentials for it.
    pub ufrag: String,
    /// The server's credentials for it.
    pub pwd: String,
    /// How often it sends a message on `_reliable`, if at all.
    pub messages: Option<Duration>,
    /// What it sends.
    pub tracks: Vec<TrackPlan>,
}

/// One stream of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrackPlan {
    /// Its SSRC.
    pub ssrc: u32,
    /// As negotiated.
    pub payload_type: u8,
    /// What it looks like.
    pub codec: Codec,
    /// Packets of a frame.
    pub packets: u32,
    /// Payload bytes of a packet.
    pub bytes: usize,
    /// Between two frames.
    pub interval: Duration,
}

impl ClientPlan {
    /// A client that sends nothing.
    pub fn new(id: u32) -> Self {
        Self {
            id,
            ufrag: format!("server{id:04}"),
            pwd: format!("{id:022}"),
            messages: None,
            tracks: Vec::new(),
        }
    }

    /// What it calls itself.
    pub fn own_ufrag(&self) -> String {
        format!("client{:04}", self.id)
    }

    /// Its own password.
    pub fn own_pwd(&self) -> String {
        format!("{:022}", self.id)
    }
}

impl TrackPlan {
    /// 20 ms of sound per packet.
    pub fn sound(ssrc: u32) -> Self {
        Self {
            ssrc,
            payload_type: 111,
            codec: Codec::Opus,
            packets: 1,
            bytes: 100,
            interval: Duration::from_millis(20),
        }
    }

    /// 30 frames a second of so many packets.
    pub fn picture(ssrc: u32, packets: u32, bytes: usize) -> Self {
        Self {
            ssrc,
            payload_type: 96,
            codec: Codec::Vp8,
            packets,
            bytes,
            interval: Duration::from_secs(1) / 30,
        }
    }
}

impl Plan {
    /// The same as text.
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "server address={} fingerprint={}\n",
            self.server,
            self.fingerprint.trim_start_matches("sha-256 ")
        );
        for client in &self.clients {
            write!(
                text,
                "client id={} ufrag={} pwd={}",
                client.id, client.ufrag, client.pwd
            )
            .unwrap();
            if let Some(interval) = client.messages {
                write!(text, " messages_ms={}", interval.as_millis()).unwrap();
            }
            text.push('\n');
            for track in &client.tracks {
                writeln!(
                    text,
                    "track client={} ssrc={} payload_type={} codec={} packets={} bytes={} fps={}",
                    client.id,
                    track.ssrc,
                    track.payload_type,
                    if track.codec.is_video() {
                        "vp8"
                    } else {
                        "opus"
                    },
                    track.packets,
                    track.bytes,
                    (1.0 / track.interval.as_secs_f64()).round()
                )
                .unwrap();
            }
        }
        text
    }
}

impl FromStr for Plan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut server = None;
        let mut clients: BTreeMap<u32, ClientPlan> = BTreeMap::new();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let fields = Fields::new(line)?;
            match fields.kind {
                "server" => {
                    let fingerprint: Option<String> = fields.optional("fingerprint")?;
                    let fingerprint =
                        fingerprint.map_or(String::new(), |it| format!("sha-256 {it}"));
                    server = Some((fields.get("address")?, fingerprint));
                }
                "client" => {
                    let (ufrag, pwd) = if fields.values.contains_key("ufrag") {
                        (fields.text("ufrag")?, fields.text("pwd")?)
                    } else {
                        ("", "")
                    };
                    let client = ClientPlan {
                        id: fields.get("id")?,
                        ufrag: ufrag.into(),
                        pwd: pwd.into(),
                        messages: fields.optional("messages_ms")?.map(Duration::from_millis),
                        tracks: Vec::new(),
                    };
                    clients.insert(client.id, client);
                }
                "track" => {
                    let ssrc = fields.get("ssrc")?;
                    let usual = match fields.text("codec")? {
                        "opus" => TrackPlan::sound(ssrc),
                        "vp8" => TrackPlan::picture(ssrc, 1, 1150),
                        other => return Err(format!("codec {other}")),
                    };
                    let fps: Option<u32> = fields.optional("fps")?;
                    let track = TrackPlan {
                        payload_type: fields.get("payload_type")?,
                        packets: fields.optional("packets")?.unwrap_or(usual.packets),
                        bytes: fields.optional("bytes")?.unwrap_or(usual.bytes),
                        interval: fps.map_or(usual.interval, |fps| Duration::from_secs(1) / fps),
                        ..usual
                    };
                    let id: u32 = fields.get("client")?;
                    let owner = clients.get_mut(&id).ok_or(format!("no client {id}"))?;
                    owner.tracks.push(track);
                }
                other => return Err(format!("line of kind {other}")),
            }
        }
        let (server, fingerprint) = server.ok_or("no server line")?;
        let clients = clients.into_values().collect();
        Ok(Self {
            server,
            fingerprint,
            clients,
        })
    }
}

/// What the server of one client told about itself after the plan was made.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// The client.
    pub id: u32,
    /// The server's credentials for it.
    pub ufrag: String,
    /// The server's credentials for it.
    pub pwd: String,
    /// `sha-256 AB:CD:…` of the certificate it will see.
    pub fingerprint: String,
}

impl FromStr for Meeting {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let fields = Fields::new(line)?;
        if fields.kind != "meet" {
            return Err(format!("line of kind {}", fields.kind));
        }
        Ok(Self {
            id: fields.get("id")?,
            ufrag: fields.text("ufrag")?.into(),
            pwd: fields.text("pwd")?.into(),
            fingerprint: format!("sha-256 {}", fields.text("fingerprint")?),
        })
    }
}

struct Fields<'a> {
    kind: &'a str,
    values: BTreeMap<&'a str, &'a str>,
}

impl<'a> Fields<'a> {
    fn new(line: &'a str) -> Result<Self, String> {
        let mut words = line.split_whitespace();
        let kind = words.next().ok_or("empty line")?;
        let pair = |word: &'a str| word.split_once('=').ok_or(format!("not a field: {word}"));
        Ok(Self {
            kind,
            values: words.map(pair).collect::<Result<_, _>>()?,
        })
    }

    fn text(&self, name: &str) -> Result<&'a str, String> {
        self.values
            .get(name)
            .copied()
            .ok_or(format!("{} without {name}", self.kind))
    }

    fn get<T: FromStr>(&self, name: &str) -> Result<T, String> {
        let text = self.text(name)?;
        text.parse().map_err(|_| format!("{name}={text}"))
    }

    fn optional<T: FromStr>(&self, name: &str) -> Result<Option<T>, String> {
        self.values
            .contains_key(name)
            .then(|| self.get(name))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_survives_being_written_and_read() {
        let mut client = ClientPlan::new(7);
        client.messages = Some(Duration::from_millis(100));
        client.tracks = vec![TrackPlan::sound(1), TrackPlan::picture(2, 7, 1000)];
        let plan = Plan {
            server: "127.0.0.1:5".parse().unwrap(),
            fingerprint: "sha-256 AB:CD".into(),
            clients: vec![client],
        };
        let text = plan.to_text();
        let read: Plan = text.parse().unwrap();
        assert_eq!(read.to_text(), text);
        assert_eq!(read.fingerprint, plan.fingerprint);
        assert_eq!(read.clients[0].tracks, plan.clients[0].tracks);
    }

    #[test]
    fn credentials_may_follow_the_plan() {
        let plan: Plan = "server address=127.0.0.1:5\nclient id=1".parse().unwrap();
        assert_eq!(
            (plan.fingerprint.as_str(), plan.clients[0].ufrag.as_str()),
            ("", "")
        );
        let meeting: Meeting = "meet id=1 ufrag=a pwd=b fingerprint=AB".parse().unwrap();
        assert_eq!(
            (meeting.id, meeting.fingerprint.as_str()),
            (1, "sha-256 AB")
        );
        let refusal = "meet id=1 ufrag=a pwd=b".parse::<Meeting>().unwrap_err();
        assert!(refusal.contains("fingerprint"), "{refusal}");
    }

    #[test]
    fn what_is_wrong_in_a_plan_is_named() {
        let server = "server address=127.0.0.1:5 fingerprint=AB\n";
        for (line, complaint) in [
            ("hello id=1", "hello"),
            ("client id=x ufrag=a pwd=b", "id=x"),
            ("client id=1 ufrag=a", "pwd"),
            (
                "track client=9 ssrc=1 payload_type=1 codec=opus",
                "no client 9",
            ),
        ] {
            let refusal = format!("{server}{line}").parse::<Plan>().unwrap_err();
            assert!(refusal.contains(complaint), "{refusal}");
        }
    }
}
