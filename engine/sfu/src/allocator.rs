//! Shares one subscriber's bandwidth among the videos it wants.
//!
//! Sound comes first and is never cut. Then every video gets its lowest layer by priority, then
//! one step up after another, round by round. Falling is immediate; rising needs a fifth of the
//! bandwidth to spare and three seconds without a fall. What is given is compared with what could
//! be given in the order in which it is given, and only a gain in that order counts as rising: so
//! under constant input nothing swings. Where that way is barred though the receiver sees no
//! limit, one step is given on trial (`trial`); trials that fail become rare, and between them
//! padding (`probe`) finds out whether the line has healed.

mod growth;
mod ladder;
mod probe;
mod trial;

use std::cmp::Ordering;
use std::time::{Duration, Instant};

use crate::rtp::{LayerIndex, MAX_LAYERS};
use ladder::Ladder;
pub use probe::PROBE_INTERVAL;
use trial::Trials;
pub use trial::{PATIENCE_WITHOUT_GROWTH, PROVED};

/// A fall forbids rising for so long: two reports of the receiver and a key frame.
pub const CALM: Duration = Duration::from_secs(3);
/// Rising must leave this share free: bandwidth / (6/5).
const COMFORT_NUMERATOR: u64 = 5;
const COMFORT_DENOMINATOR: u64 = 6;

/// What a subscription has now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allocation {
    /// Nothing, for want of bandwidth.
    Paused,
    /// At most this layer.
    Layer(LayerIndex),
}

/// One video subscription that is neither muted nor paused by its subscriber.
#[derive(Clone, Copy, Debug)]
pub struct Demand {
    /// Greater comes first.
    pub priority: u8,
    /// The subscriber would rather have nothing than overload.
    pub can_pause: bool,
    /// Highest layer that makes sense for the subscriber.
    pub wanted: LayerIndex,
    /// Measured bitrate of each layer that flows; `None` for one that does not.
    pub bitrates_bps: [Option<u64>; MAX_LAYERS],
    /// What it was given last; `None` for a new subscription.
    pub current: Option<Allocation>,
}

/// What one subscriber's line carries, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bandwidth {
    /// What the receiver says: a guess, which a trial may exceed.
    pub estimate_bps: Option<u64>,
    /// What somebody decided: it holds whatever the receiver says.
    pub limit_bps: Option<u64>,
}

impl Bandwidth {
    /// The smaller of the two.
    #[must_use]
    pub fn least_bps(self) -> Option<u64> {
        [self.estimate_bps, self.limit_bps]
            .into_iter()
            .flatten()
            .min()
    }
}

/// The allocator of one subscriber.
#[derive(Debug, Default)]
pub struct Allocator {
    last_fall: Option<Instant>,
    trials: Trials,
    padding_bps: u64,
    order: Vec<usize>,
    ladders: Vec<Ladder>,
    held: Vec<usize>,
    offered: Vec<usize>,
}

impl Allocator {
    /// No fall seen.
    #[must_use]
    pub fn new() -> Allocator {
        Allocator::default()
    }

    /// Fills `allocations` with one answer per demand, in their order.
    ///
    /// While nothing is known of the bandwidth everybody gets what it wants. `audio_bps` is taken
    /// off first.
    pub fn allocate(
        &mut self,
        now: Instant,
        bandwidth: Bandwidth,
        audio_bps: u64,
        demands: &[Demand],
        allocations: &mut Vec<Allocation>,
    ) {
        self.ladders.clear();
        self.ladders.extend(demands.iter().map(Ladder::new));
        self.order.clear();
        self.order.extend(0..demands.len());
        self.order.sort_by_key(|index| {
            std::cmp::Reverse(demands.get(*index).map(|demand| demand.priority))
        });
        self.decide(now, bandwidth, audio_bps);
        allocations.clear();
        allocations.extend(
            self.ladders
                .iter()
                .zip(&self.held)
                .map(|(ladder, height)| ladder.allocation(*height)),
        );
    }

    /// How much may be sent again on top of what is given, for the receiver to see further.
    #[must_use]
    pub fn padding_bps(&self) -> u64 {
        self.padding_bps
    }

    /// Leaves the decision in `held` and `padding_bps`.
    fn decide(&mut self, now: Instant, bandwidth: Bandwidth, audio_bps: u64) {
        self.held.clear();
        self.padding_bps = 0;
        let Some(least_bps) = bandwidth.least_bps() else {
            self.held.extend(self.ladders.iter().map(Ladder::top));
            return;
        };
        let budget_bps = least_bps.saturating_sub(audio_bps);
        self.held
            .extend(self.ladders.iter().map(|ladder| ladder.current));
        let flowing_bps = flowing_bps(&self.ladders, &self.held);
        let sent_bps = flowing_bps.saturating_add(audio_bps);
        let is_excused = self.trials.excuse(now, bandwidth.estimate_bps)
            && bandwidth.limit_bps.is_none_or(|limit| sent_bps <= limit);
        if flowing_bps > budget_bps {
            if !is_excused {
                self.fall(now, bandwidth.estimate_bps, budget_bps);
            }
            return;
        }
        let is_calm = self
            .last_fall
            .is_none_or(|fall| now.saturating_duration_since(fall) >= CALM);
        if !is_calm {
            return;
        }
        let comfort_bps = budget_bps.saturating_mul(COMFORT_NUMERATOR) / COMFORT_DENOMINATOR;
        climb(&self.ladders, &self.order, comfort_bps, &mut self.offered);
        if compare(&self.order, &self.offered, &self.held) == Ordering::Greater {
            std::mem::swap(&mut self.held, &mut self.offered);
            self.trials.disturbed(now);
            return;
        }
        self.trials.prove(now);
        let may_begin = self.trials.may_begin(now, bandwidth.estimate_bps, sent_bps);
        if !self.offer_one_step(bandwidth.limit_bps, audio_bps) {
            return;
        }
        if may_begin {
            std::mem::swap(&mut self.held, &mut self.offered);
            self.trials.begin(now, bandwidth.estimate_bps);
        } else {
            let most_bps = bandwidth
                .limit_bps
                .map_or(u64::MAX, |limit| limit.saturating_sub(sent_bps));
            self.padding_bps = self
                .trials
                .padding_bps(now, bandwidth.estimate_bps, sent_bps)
                .min(most_bps);
        }
    }

    fn fall(&mut self, now: Instant, estimate_bps: Option<u64>, budget_bps: u64) {
        climb(&self.ladders, &self.order, budget_bps, &mut self.offered);
        if self.offered == self.held {
            self.trials.disturbed(now);
            return;
        }
        std::mem::swap(&mut self.held, &mut self.offered);
        self.last_fall = Some(now);
        self.trials.fell(now, estimate_bps);
    }

    /// Leaves in `offered` one step more than is given; false if there is none or a limit forbids it.
    fn offer_one_step(&mut self, limit_bps: Option<u64>, audio_bps: u64) -> bool {
        let Some(index) = next_step(&self.ladders, &self.order, &self.held) else {
            return false;
        };
        self.offered.clone_from(&self.held);
        if let Some(height) = self.offered.get_mut(index) {
            *height = height.saturating_add(1);
        }
        let raised_bps = flowing_bps(&self.ladders, &self.offered).saturating_add(audio_bps);
        limit_bps.is_none_or(|limit| raised_bps <= limit)
    }
}

/// Whose step comes next in the order of [`climb`].
fn next_step(ladders: &[Ladder], order: &[usize], heights: &[usize]) -> Option<usize> {
    let lacking = order.iter().filter_map(|&index| {
        let height = *heights.get(index)?;
        (height < ladders.get(index)?.top()).then_some((height, index))
    });
    // The first of equals.
    lacking
        .min_by_key(|(height, _)| *height)
        .map(|(_, index)| index)
}

/// What flows at these heights.
fn flowing_bps(ladders: &[Ladder], heights: &[usize]) -> u64 {
    ladders
        .iter()
        .zip(heights)
        .map(|(ladder, height)| ladder.bitrate_bps(*height))
        .fold(0, u64::saturating_add)
}

/// Gives step after step in order as long as it fits. Of all that fits, the result is the
/// greatest by [`compare`]; more bandwidth never makes it less.
fn climb(ladders: &[Ladder], order: &[usize], budget_bps: u64, heights: &mut Vec<usize>) {
    heights.clear();
    heights.extend(ladders.iter().map(|ladder| ladder.bottom));
    let mut used_bps = ladders
        .iter()
        .map(|ladder| ladder.cost_bps(ladder.bottom))
        .fold(0, u64::saturating_add);
    for round in 1..=MAX_LAYERS {
        for &index in order {
            let (Some(ladder), Some(height)) = (ladders.get(index), heights.get_mut(index)) else {
                continue;
            };
            let is_next_step = height.saturating_add(1) == round && round <= ladder.top();
            let step_bps = ladder
                .cost_bps(round)
                .saturating_sub(ladder.cost_bps(*height));
            let after_bps = used_bps.saturating_add(step_bps);
            if is_next_step && (after_bps <= budget_bps || step_bps == 0) {
                *height = round;
                used_bps = after_bps;
            }
        }
    }
}

/// Which of two shares is better: more of the first round, then of the second, each by priority.
fn compare(order: &[usize], left: &[usize], right: &[usize]) -> Ordering {
    (1..=MAX_LAYERS)
        .flat_map(|round| order.iter().map(move |&index| (round, index)))
        .map(|(round, index)| {
            let reaches =
                |heights: &[usize]| heights.get(index).is_some_and(|height| *height >= round);
            reaches(left).cmp(&reaches(right))
        })
        .find(|ordering| ordering.is_ne())
        .unwrap_or(Ordering::Equal)
}
