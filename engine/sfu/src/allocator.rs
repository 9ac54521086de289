//! Shares one subscriber's bandwidth among the videos it wants.
//!
//! Sound comes first and is never cut. Then every video gets its lowest layer by priority, then
//! one step up after another, round by round. Falling is immediate; rising needs a fifth of the
//! bandwidth to spare and three seconds without a fall. Under constant input the result changes
//! at most once more: what is given is compared with what could be given in the order in which
//! it is given, and only a gain in that order counts as rising.

mod ladder;

use std::cmp::Ordering;
use std::time::{Duration, Instant};

use crate::rtp::{LayerIndex, MAX_LAYERS};
use ladder::Ladder;

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

/// The allocator of one subscriber.
#[derive(Debug, Default)]
pub struct Allocator {
    last_fall: Option<Instant>,
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
    /// `bandwidth_bps` is the estimate or the limit, `None` for unknown: then everybody gets
    /// what it wants. `audio_bps` is taken off first.
    pub fn allocate(
        &mut self,
        now: Instant,
        bandwidth_bps: Option<u64>,
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
        let budget_bps = bandwidth_bps.map(|bandwidth| bandwidth.saturating_sub(audio_bps));
        self.decide(now, budget_bps);
        allocations.clear();
        allocations.extend(
            self.ladders
                .iter()
                .zip(&self.held)
                .map(|(ladder, height)| ladder.allocation(*height)),
        );
    }

    /// Leaves the decision in `held`.
    fn decide(&mut self, now: Instant, budget_bps: Option<u64>) {
        self.held.clear();
        let Some(budget_bps) = budget_bps else {
            self.held.extend(self.ladders.iter().map(Ladder::top));
            return;
        };
        self.held
            .extend(self.ladders.iter().map(|ladder| ladder.current));
        if flowing_bps(&self.ladders, &self.held) > budget_bps {
            climb(&self.ladders, &self.order, budget_bps, &mut self.offered);
            if self.offered != self.held {
                std::mem::swap(&mut self.held, &mut self.offered);
                self.last_fall = Some(now);
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
        }
    }
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
