//! The layers one demand may have, as steps of a ladder. Height 0 is paused.

use super::{Allocation, Demand};
use crate::rtp::{LayerIndex, MAX_LAYERS};

/// A layer and what it takes.
#[derive(Clone, Copy, Debug)]
struct Step {
    layer: LayerIndex,
    bitrate_bps: u64,
    /// A still picture can make a higher layer the cheaper one. A step costs no more than those
    /// above it: whoever can pay for the cheapest climbs on to it without paying again.
    cost_bps: u64,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Ladder {
    /// Lowest first.
    steps: [Option<Step>; MAX_LAYERS],
    /// Least height: 1, or 0 if it may be paused.
    pub bottom: usize,
    /// Height of what the demand has now; a new one begins at its first step.
    pub current: usize,
}

impl Ladder {
    pub fn new(demand: &Demand) -> Ladder {
        let mut ladder = Ladder {
            steps: steps(demand),
            bottom: usize::from(!demand.can_pause),
            current: 1,
        };
        match demand.current {
            None => {}
            Some(Allocation::Paused) => ladder.current = ladder.bottom,
            Some(Allocation::Layer(layer)) => ladder.current = ladder.height_of(layer),
        }
        ladder
    }

    pub fn top(&self) -> usize {
        self.steps.iter().flatten().count()
    }

    pub fn cost_bps(&self, height: usize) -> u64 {
        self.step(height).map_or(0, |step| step.cost_bps)
    }

    pub fn bitrate_bps(&self, height: usize) -> u64 {
        self.step(height).map_or(0, |step| step.bitrate_bps)
    }

    pub fn allocation(&self, height: usize) -> Allocation {
        self.step(height)
            .map_or(Allocation::Paused, |step| Allocation::Layer(step.layer))
    }

    fn step(&self, height: usize) -> Option<Step> {
        self.steps.get(height.checked_sub(1)?).copied().flatten()
    }

    /// Height of the highest step not above a layer, 1 if all are.
    fn height_of(&self, layer: LayerIndex) -> usize {
        self.steps
            .iter()
            .flatten()
            .take_while(|step| step.layer <= layer)
            .count()
            .max(1)
    }
}

/// The layers that flow up to the wanted one, or the lowest that flows if it lies above, or a
/// free one if none flows yet.
fn steps(demand: &Demand) -> [Option<Step>; MAX_LAYERS] {
    let mut steps = [None; MAX_LAYERS];
    let flowing = LayerIndex::all().filter_map(|layer| {
        let bitrate_bps = demand.bitrates_bps.get(layer.index()).copied().flatten()?;
        Some((layer, bitrate_bps))
    });
    let wanted = flowing
        .enumerate()
        .take_while(|(index, (layer, _))| *index == 0 || *layer <= demand.wanted);
    for (place, (_, (layer, bitrate_bps))) in steps.iter_mut().zip(wanted) {
        *place = Some(Step {
            layer,
            bitrate_bps,
            cost_bps: bitrate_bps,
        });
    }
    let mut least_bps = u64::MAX;
    for step in steps.iter_mut().rev().flatten() {
        least_bps = least_bps.min(step.bitrate_bps);
        step.cost_bps = least_bps;
    }
    if let Some(first @ None) = steps.first_mut() {
        *first = Some(Step {
            layer: LayerIndex::LOWEST,
            bitrate_bps: 0,
            cost_bps: 0,
        });
    }
    steps
}
