//! What a bad network does to a datagram, decided packet by packet from a profile and a seed.
//!
//! A pure decision: in go a time and a length, out come the times of arrival: none when it is
//! lost, two when it is doubled. The same profiles name the networks of the project's bars.

use std::time::{Duration, Instant};

use crate::rng::Rng;

/// IP and UDP headers, which count against the MTU and the rate (RFC 791, RFC 768).
const HEADER_BYTES: usize = 28;

/// Bytes are charged in cells of this size, as on ATM and many radio links. It also keeps a run
/// repeatable: the DER form of an ECDSA signature varies by a byte or two from run to run.
const CELL_BYTES: usize = 64;

/// What waits longer than this in front of a slow link is dropped at the tail.
const QUEUE: Duration = Duration::from_millis(300);

/// Loss in bursts by a chain of two states (Gilbert 1960, Elliott 1963).
#[derive(Clone, Copy, Debug)]
pub struct Loss {
    /// Probability to turn bad, at each datagram.
    pub good_to_bad: f64,
    /// Probability to turn good, at each datagram. Its inverse is the length of a burst.
    pub bad_to_good: f64,
    /// Loss while good.
    pub in_good: f64,
    /// Loss while bad.
    pub in_bad: f64,
}

impl Loss {
    /// No loss.
    pub const NONE: Self = Self::random(0.0);

    /// Independent loss.
    pub const fn random(probability: f64) -> Self {
        Self {
            good_to_bad: 0.0,
            bad_to_good: 1.0,
            in_good: probability,
            in_bad: probability,
        }
    }
}

/// One direction of a network.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// Shortest way.
    pub latency: Duration,
    /// Added to it, evenly from nothing to this.
    pub jitter: Duration,
    /// Loss.
    pub loss: Loss,
    /// Probability that a datagram is held back and overtaken by what follows within `jitter`
    /// or 10 ms.
    pub reorder: f64,
    /// Probability that a datagram arrives twice.
    pub duplicate: f64,
    /// Bits per second; none for a link without a limit.
    pub rate_bps: Option<u64>,
    /// Longest IP packet; longer ones vanish.
    pub mtu: usize,
}

impl Profile {
    /// Nothing happens, at once.
    pub const PERFECT: Self = Self {
        latency: Duration::ZERO,
        jitter: Duration::ZERO,
        loss: Loss::NONE,
        reorder: 0.0,
        duplicate: 0.0,
        rate_bps: None,
        mtu: usize::MAX,
    };

    /// N0: a clean local network.
    pub const CLEAN: Self = Self {
        latency: Duration::from_millis(1),
        mtu: 1500,
        ..Self::PERFECT
    };

    /// N1: an office: 1 % loss, 30 ± 10 ms.
    pub const OFFICE: Self = Self {
        latency: Duration::from_millis(20),
        jitter: Duration::from_millis(20),
        loss: Loss::random(0.01),
        reorder: 0.001,
        duplicate: 0.001,
        ..Self::CLEAN
    };

    /// N2: a poor line: 5 % loss in bursts of four, 80 ± 40 ms, 2 Mbit/s.
    pub const POOR: Self = Self {
        latency: Duration::from_millis(40),
        jitter: Duration::from_millis(80),
        loss: Loss {
            good_to_bad: 0.0135,
            bad_to_good: 0.25,
            in_good: 0.0,
            in_bad: 0.98,
        },
        reorder: 0.01,
        duplicate: 0.005,
        rate_bps: Some(2_000_000),
        ..Self::CLEAN
    };

    /// N3: a hostile one: 20 % random loss, 200 ± 50 ms.
    pub const HOSTILE: Self = Self {
        latency: Duration::from_millis(150),
        jitter: Duration::from_millis(100),
        loss: Loss::random(0.2),
        reorder: 0.02,
        duplicate: 0.01,
        ..Self::CLEAN
    };

    /// Everything is lost.
    pub const CUT: Self = Self {
        loss: Loss::random(1.0),
        ..Self::CLEAN
    };
}

/// The state of one direction.
#[derive(Clone, Debug)]
pub struct Link {
    profile: Profile,
    rng: Rng,
    is_bad: bool,
    free_at: Option<Instant>,
    last_arrival: Option<Instant>,
}

impl Link {
    /// A link in its good state with nothing under way.
    pub fn new(profile: Profile, rng: Rng) -> Self {
        Self {
            profile,
            rng,
            is_bad: false,
            free_at: None,
            last_arrival: None,
        }
    }

    /// From now on it is another network; what is under way stays so.
    pub fn become_profile(&mut self, profile: Profile) {
        self.profile = profile;
    }

    /// What it carries at most.
    pub fn rate_bps(&self) -> Option<u64> {
        self.profile.rate_bps
    }

    /// When a datagram of this many bytes sent now arrives: never, once or twice.
    pub fn carry(&mut self, now: Instant, bytes: usize) -> impl Iterator<Item = Instant> + use<> {
        let first = self.carry_one(now, bytes);
        let is_doubled = first.is_some() && self.rng.chance(self.profile.duplicate);
        let second = first.filter(|_| is_doubled);
        first.into_iter().chain(second)
    }

    fn carry_one(&mut self, now: Instant, bytes: usize) -> Option<Instant> {
        let is_lost = self.loses();
        let whole = bytes + HEADER_BYTES;
        if is_lost || whole > self.profile.mtu {
            return None;
        }
        let sent_at = self.serialize(now, whole)?;
        let delay = self.profile.latency + self.rng.duration(self.profile.jitter);
        if self.rng.chance(self.profile.reorder) {
            let shortest = Duration::from_millis(10);
            return Some(sent_at + delay + self.profile.jitter.max(shortest));
        }
        // Jitter stretches a queue and does not shuffle it.
        let arrival = self
            .last_arrival
            .map_or(sent_at + delay, |last| last.max(sent_at + delay));
        self.last_arrival = Some(arrival);
        Some(arrival)
    }

    fn loses(&mut self) -> bool {
        let loss = self.profile.loss;
        let turns = if self.is_bad {
            loss.bad_to_good
        } else {
            loss.good_to_bad
        };
        self.is_bad ^= self.rng.chance(turns);
        self.rng.chance(if self.is_bad {
            loss.in_bad
        } else {
            loss.in_good
        })
    }

    fn serialize(&mut self, now: Instant, bytes: usize) -> Option<Instant> {
        let Some(rate_bps) = self.profile.rate_bps else {
            return Some(now);
        };
        let start = self.free_at.map_or(now, |free_at| free_at.max(now));
        if start - now > QUEUE {
            return None;
        }
        let bits = bytes.next_multiple_of(CELL_BYTES) as u64 * 8;
        let end = start + Duration::from_nanos(bits * 1_000_000_000 / rate_bps);
        self.free_at = Some(end);
        Some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATAGRAMS: u32 = 100_000;

    fn arrivals(profile: Profile, every: Duration) -> Vec<(Duration, Vec<Duration>)> {
        let mut link = Link::new(profile, Rng::new(1));
        let start = Instant::now();
        let sent = (0..DATAGRAMS).map(|number| every * number);
        sent.map(|at| {
            let arrivals = link.carry(start + at, 1000).map(|arrival| arrival - start);
            (at, arrivals.collect())
        })
        .collect()
    }

    #[test]
    fn the_poor_line_loses_five_percent_in_bursts_of_four() {
        let fates = arrivals(Profile::POOR, Duration::from_millis(10));
        let lost: Vec<bool> = fates
            .iter()
            .map(|(_, arrivals)| arrivals.is_empty())
            .collect();
        let total = lost.iter().filter(|lost| **lost).count() as f64;
        let bursts = lost.windows(2).filter(|pair| !pair[0] && pair[1]).count() as f64;
        let share = total / f64::from(DATAGRAMS);
        assert!((0.045..0.055).contains(&share), "lost {share}");
        assert!(
            (3.5..4.5).contains(&(total / bursts)),
            "burst {}",
            total / bursts
        );
    }

    #[test]
    fn the_delay_stays_between_latency_and_latency_and_jitter() {
        let profile = Profile {
            reorder: 0.0,
            ..Profile::OFFICE
        };
        let delays = arrivals(profile, Duration::from_millis(50)).into_iter();
        let delays: Vec<Duration> = delays
            .flat_map(|(at, fate)| fate.into_iter().map(move |it| it - at))
            .collect();
        let longest = profile.latency + profile.jitter;
        assert!(
            delays
                .iter()
                .all(|delay| (profile.latency..=longest).contains(delay))
        );
        let mean = delays.iter().sum::<Duration>() / delays.len() as u32;
        assert!((29..=31).contains(&mean.as_millis()), "mean {mean:?}");
    }

    #[test]
    fn a_slow_link_carries_its_rate_and_drops_the_rest() {
        let profile = Profile {
            rate_bps: Some(1_000_000),
            ..Profile::CLEAN
        };
        // 8.2 Mbit/s are offered.
        let fates = arrivals(profile, Duration::from_millis(1));
        let arrived = fates.iter().filter(|(_, fate)| !fate.is_empty()).count() as f64;
        let seconds = f64::from(DATAGRAMS) / 1000.0;
        let rate = arrived * 1088.0 * 8.0 / seconds;
        assert!((0.98e6..1.02e6).contains(&rate), "rate {rate}");
    }

    #[test]
    fn what_is_longer_than_the_path_allows_vanishes() {
        let mut link = Link::new(Profile::CLEAN, Rng::new(1));
        let now = Instant::now();
        assert_eq!(link.carry(now, 1472).count(), 1);
        assert_eq!(link.carry(now, 1473).count(), 0);
    }

    #[test]
    fn some_overtake_and_some_are_doubled() {
        let fates = arrivals(Profile::HOSTILE, Duration::from_millis(5));
        let doubled = fates.iter().filter(|(_, fate)| fate.len() == 2).count() as f64;
        let firsts: Vec<Duration> = fates
            .iter()
            .filter_map(|(_, fate)| fate.first().copied())
            .collect();
        let overtaken = firsts.windows(2).filter(|pair| pair[0] > pair[1]).count() as f64;
        let arrived = firsts.len() as f64;
        assert!((0.008..0.012).contains(&(doubled / arrived)));
        assert!(
            (0.01..0.03).contains(&(overtaken / arrived)),
            "{}",
            overtaken / arrived
        );
    }
}
