//! Who sends what to whom in each scenario.

use veche_load::{ClientPlan, TrackPlan};
use veche_sfu::rtp::Codec;

/// A track with its encodings, lowest first.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Index of the client that sends it.
    pub owner: usize,
    /// What it looks like.
    pub layers: Vec<TrackPlan>,
}

/// One meeting.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// As it is called.
    pub name: String,
    /// How many clients.
    pub clients: usize,
    /// What they send.
    pub publications: Vec<Publication>,
    /// Who gets what, and which layer at most: (client, publication, layer).
    pub watches: Vec<(usize, usize, u8)>,
    /// The joins themselves are measured.
    pub is_joining: bool,
}

/// 1.93 Mbit/s: a full picture.
const FULL: (u32, usize) = (7, 1150);
/// 0.3 Mbit/s: a small one.
const SMALL: (u32, usize) = (1, 1150);

impl Scenario {
    /// Every scenario.
    pub fn all() -> Vec<Self> {
        let fans = [1, 5, 20, 60].map(Self::fan);
        let others = [
            Self::hall(),
            Self::bridge(),
            Self::audio(),
            Self::idle(),
            Self::join(),
        ];
        fans.into_iter().chain(others).collect()
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|it| it.name == name)
    }

    /// Whether packets are forwarded.
    pub fn is_forwarding(&self) -> bool {
        !self.watches.is_empty()
    }

    /// One picture to `watchers`.
    fn fan(watchers: usize) -> Self {
        let mut it = Self::of(&format!("fan{watchers}"), 1 + watchers);
        it.publish(0, Codec::Vp8, &[FULL]);
        it.watches = (1..=watchers).map(|watcher| (watcher, 0, 0)).collect();
        it
    }

    /// Nine sites in two layers; sixty watchers see one of them large and eight small.
    fn hall() -> Self {
        let mut it = Self::of("hall", 9 + 60);
        (0..9).for_each(|site| it.publish(site, Codec::Vp8, &[SMALL, FULL]));
        for watcher in 9..69 {
            it.watches
                .extend((0..9).map(|site| (watcher, site, u8::from(watcher % 9 == site))));
        }
        it
    }

    /// Two halls with picture and sound, which see each other; ten watchers see both.
    fn bridge() -> Self {
        let mut it = Self::of("bridge", 2 + 10);
        for hall in 0..2 {
            it.publish(hall, Codec::Vp8, &[SMALL, FULL]);
            it.publish(hall, Codec::Opus, &[(1, 100)]);
        }
        for client in 0..12 {
            let others = (0..4).filter(|publication| publication / 2 != client);
            it.watches
                .extend(others.map(|publication| (client, publication, 1)));
        }
        it
    }

    /// Fifty people of whom three speak.
    fn audio() -> Self {
        let mut it = Self::of("audio", 50);
        (0..3).for_each(|speaker| it.publish(speaker, Codec::Opus, &[(1, 100)]));
        for client in 0..50 {
            let others = (0..3).filter(|speaker| *speaker != client);
            it.watches
                .extend(others.map(|speaker| (client, speaker, 0)));
        }
        it
    }

    /// Five hundred who are there and silent.
    fn idle() -> Self {
        Self::of("idle", 500)
    }

    /// Sixty who come at once.
    fn join() -> Self {
        Self {
            is_joining: true,
            ..Self::of("join", 60)
        }
    }

    fn of(name: &str, clients: usize) -> Self {
        Self {
            name: name.into(),
            clients,
            ..Self::default()
        }
    }

    fn publish(&mut self, owner: usize, codec: Codec, layers: &[(u32, usize)]) {
        let first = 1000 + self.publications.len() as u32 * 10;
        let layers = (first..)
            .zip(layers)
            .map(|(ssrc, (packets, bytes))| match codec {
                Codec::Opus => TrackPlan::sound(ssrc),
                _ => TrackPlan::picture(ssrc, *packets, *bytes),
            });
        self.publications.push(Publication {
            owner,
            layers: layers.collect(),
        });
    }

    /// What the swarm is told.
    pub fn client_plans(&self) -> Vec<ClientPlan> {
        let mut plans: Vec<_> = (0..self.clients)
            .map(|index| ClientPlan::new(index as u32 + 1))
            .collect();
        for publication in &self.publications {
            plans[publication.owner].tracks.extend(&publication.layers);
        }
        plans
    }

    /// How often each encoding is sent on.
    pub fn copies(&self, publication: usize, layer: usize) -> usize {
        let last = self.publications[publication].layers.len() - 1;
        let wanted = |watch: &&(usize, usize, u8)| {
            watch.1 == publication && usize::from(watch.2).min(last) == layer
        };
        self.watches.iter().filter(wanted).count()
    }
}
