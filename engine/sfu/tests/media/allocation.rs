//! Sharing one subscriber's bandwidth.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use veche_sfu::allocator::{
    Allocation, Allocator, Bandwidth, CALM, Demand, PATIENCE_WITHOUT_GROWTH, PROBE_INTERVAL, PROVED,
};
use veche_sfu::rtp::LayerIndex;

mod trials;

use crate::support::{beginning, layer, ms};

const CAMERA: u8 = 1;
const SCREEN: u8 = 255;
/// Between two trials at most.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

fn demand(priority: u8) -> Demand {
    Demand {
        priority,
        can_pause: false,
        wanted: layer(2),
        bitrates_bps: [Some(100), Some(400), Some(1_500)],
        current: None,
    }
}

fn estimate(estimate_bps: u64) -> Bandwidth {
    Bandwidth {
        estimate_bps: Some(estimate_bps),
        limit_bps: None,
    }
}

/// A subscriber that remembers what it was given.
struct Subscriber {
    allocator: Allocator,
    demands: Vec<Demand>,
    now: Instant,
}

impl Subscriber {
    fn new(demands: Vec<Demand>) -> Subscriber {
        Subscriber {
            allocator: Allocator::new(),
            demands,
            now: beginning(),
        }
    }

    fn allocate(&mut self, estimate_bps: u64) -> Vec<Allocation> {
        self.allocate_within(estimate(estimate_bps))
    }

    fn allocate_within(&mut self, bandwidth: Bandwidth) -> Vec<Allocation> {
        let mut given = Vec::new();
        self.allocator
            .allocate(self.now, bandwidth, 0, &self.demands, &mut given);
        for (demand, allocation) in self.demands.iter_mut().zip(&given) {
            demand.current = Some(*allocation);
        }
        given
    }

    /// What its videos cost now.
    fn sent_bps(&self) -> u64 {
        let costs = self
            .demands
            .iter()
            .filter_map(|demand| Some(cost_bps(demand, demand.current?)));
        costs.sum()
    }

    fn layers(&mut self, bandwidth_bps: u64) -> Vec<Option<usize>> {
        self.allocate(bandwidth_bps)
            .into_iter()
            .map(|allocation| match allocation {
                Allocation::Paused => None,
                Allocation::Layer(layer) => Some(layer.index()),
            })
            .collect()
    }
}

#[test]
fn without_an_estimate_everybody_gets_what_it_wants() {
    let mut wants_middle = demand(CAMERA);
    wants_middle.wanted = layer(1);
    let mut given = Vec::new();
    let demands = [demand(CAMERA), wants_middle];
    Allocator::new().allocate(
        beginning(),
        Bandwidth::default(),
        9_999_999,
        &demands,
        &mut given,
    );
    assert_eq!(
        given,
        [Allocation::Layer(layer(2)), Allocation::Layer(layer(1))]
    );
}

#[test]
fn everybody_gets_the_lowest_before_anybody_gets_more() {
    let mut subscriber = Subscriber::new(vec![demand(CAMERA), demand(SCREEN), demand(CAMERA)]);
    assert_eq!(subscriber.layers(400), [Some(0); 3]);
}

#[test]
fn steps_are_given_round_by_round_by_priority() {
    let mut subscriber = Subscriber::new(vec![demand(CAMERA), demand(SCREEN)]);
    // 100 + 100 + 300 for the screen's first step, and a fifth to spare.
    assert_eq!(subscriber.layers(600), [Some(0), Some(1)]);
    // The second round begins after the first is through for all.
    assert_eq!(subscriber.layers(960), [Some(1), Some(1)]);
    assert_eq!(subscriber.layers(2_279), [Some(1), Some(1)]);
    assert_eq!(subscriber.layers(2_280), [Some(1), Some(2)]);
}

#[test]
fn sound_is_taken_off_first() {
    let mut given = Vec::new();
    let demands = [demand(CAMERA)];
    Allocator::new().allocate(beginning(), estimate(1_800), 0, &demands, &mut given);
    assert_eq!(given, [Allocation::Layer(layer(2))]);
    Allocator::new().allocate(beginning(), estimate(1_800), 1, &demands, &mut given);
    assert_eq!(given, [Allocation::Layer(layer(1))]);
}

#[test]
fn what_does_not_fit_is_paused_only_if_it_may_be() {
    let mut may_pause = demand(CAMERA);
    may_pause.can_pause = true;
    let mut subscriber = Subscriber::new(vec![demand(CAMERA), may_pause]);
    assert_eq!(subscriber.layers(150), [Some(0), None]);
    let mut subscriber = Subscriber::new(vec![may_pause, demand(CAMERA)]);
    assert_eq!(
        subscriber.layers(50),
        [None, Some(0)],
        "overload at the lowest"
    );
}

#[test]
fn a_paused_stream_returns_when_there_is_room_to_spare() {
    let mut may_pause = demand(CAMERA);
    may_pause.can_pause = true;
    let mut subscriber = Subscriber::new(vec![may_pause]);
    assert_eq!(subscriber.layers(90), [None]);
    subscriber.now += CALM;
    let limit = |limit_bps| Bandwidth {
        estimate_bps: None,
        limit_bps: Some(limit_bps),
    };
    let lowest = Allocation::Layer(layer(0));
    assert_eq!(subscriber.allocate_within(limit(119)), [Allocation::Paused]);
    assert_eq!(subscriber.allocate_within(limit(120)), [lowest]);
}

#[test]
fn a_fall_is_immediate_and_a_rise_waits_for_three_calm_seconds() {
    let mut subscriber = Subscriber::new(vec![demand(CAMERA)]);
    assert_eq!(subscriber.layers(10_000), [Some(2)]);
    assert_eq!(subscriber.layers(1_499), [Some(1)]);
    subscriber.now += CALM - ms(1);
    assert_eq!(subscriber.layers(10_000), [Some(1)]);
    subscriber.now += ms(1);
    assert_eq!(subscriber.layers(10_000), [Some(2)]);
}

#[test]
fn what_is_had_may_stay_without_room_to_spare() {
    let mut subscriber = Subscriber::new(vec![demand(CAMERA)]);
    subscriber.layers(1_800);
    assert_eq!(subscriber.layers(1_500), [Some(2)]);
}

#[test]
fn a_new_screen_share_takes_from_the_cameras() {
    let mut subscriber = Subscriber::new(vec![demand(CAMERA)]);
    assert_eq!(subscriber.layers(2_400), [Some(2)]);
    subscriber.demands.push(demand(SCREEN));
    assert_eq!(subscriber.layers(2_400), [Some(1), Some(2)]);
}

#[test]
fn a_layer_that_does_not_flow_is_not_given() {
    let mut camera = demand(CAMERA);
    camera.bitrates_bps = [Some(100), None, Some(1_500)];
    let mut subscriber = Subscriber::new(vec![camera]);
    assert_eq!(subscriber.layers(1_000), [Some(0)]);
    assert_eq!(subscriber.layers(1_800), [Some(2)]);
    subscriber.demands[0].bitrates_bps = [None, Some(400), None];
    assert_eq!(subscriber.layers(1_800), [Some(1)]);
}

#[test]
fn the_lowest_flowing_layer_is_given_even_above_the_wish() {
    let mut camera = demand(CAMERA);
    camera.wanted = layer(0);
    camera.bitrates_bps = [None, Some(400), Some(1_500)];
    assert_eq!(Subscriber::new(vec![camera]).layers(10_000), [Some(1)]);
    camera.bitrates_bps = [None; 3];
    assert_eq!(
        Subscriber::new(vec![camera]).layers(10_000),
        [Some(0)],
        "none flows yet"
    );
}

#[test]
fn a_still_picture_that_costs_less_above_is_given_above() {
    let mut camera = demand(CAMERA);
    camera.bitrates_bps = [Some(100), Some(400), Some(50)];
    let mut subscriber = Subscriber::new(vec![camera]);
    assert_eq!(subscriber.layers(60), [Some(2)]);
    assert_eq!(subscriber.layers(50), [Some(2)], "and kept");
    let mut subscriber = Subscriber::new(vec![camera]);
    assert_eq!(subscriber.layers(40), [Some(2)], "the least overload");
}

#[test]
fn a_stream_at_its_lowest_has_nothing_to_fall_from() {
    let mut subscriber = Subscriber::new(vec![demand(CAMERA)]);
    assert_eq!(subscriber.layers(50), [Some(0)]);
    assert_eq!(subscriber.layers(10_000), [Some(2)], "no calm to wait for");
}

#[test]
fn a_new_stream_starts_at_its_lowest_even_just_after_a_fall() {
    let mut may_pause = demand(CAMERA);
    may_pause.can_pause = true;
    let mut subscriber = Subscriber::new(vec![demand(CAMERA)]);
    subscriber.layers(10_000);
    assert_eq!(subscriber.layers(1_000), [Some(1)]);
    subscriber.demands.push(may_pause);
    assert_eq!(subscriber.layers(1_000), [Some(1), Some(0)]);
}

#[test]
fn a_layer_that_died_is_replaced_without_waiting_for_calm() {
    let mut subscriber = Subscriber::new(vec![demand(CAMERA)]);
    subscriber.layers(10_000);
    assert_eq!(subscriber.layers(100), [Some(0)]);
    subscriber.demands[0].bitrates_bps = [None, Some(400), None];
    assert_eq!(subscriber.layers(1_000), [Some(1)]);
}

fn demands() -> impl Strategy<Value = Vec<Demand>> {
    let demand = (
        prop_oneof![Just(CAMERA), Just(SCREEN), any::<u8>()],
        any::<bool>(),
        0u8..3,
        any::<[Option<u16>; 3]>(),
    )
        .prop_map(|(priority, can_pause, wanted, bitrates)| Demand {
            priority,
            can_pause,
            wanted: layer(wanted),
            bitrates_bps: bitrates.map(|bitrate| bitrate.map(u64::from)),
            current: None,
        });
    proptest::collection::vec(demand, 0..12)
}

/// Bits a second of an allocation.
fn cost_bps(demand: &Demand, allocation: Allocation) -> u64 {
    match allocation {
        Allocation::Paused => 0,
        Allocation::Layer(layer) => demand.bitrates_bps[layer.index()].unwrap_or(0),
    }
}

/// Nothing cheaper could be given.
fn is_cheapest(demand: &Demand, allocation: Allocation) -> bool {
    let lowest = LayerIndex::all()
        .find(|layer| demand.bitrates_bps[layer.index()].is_some())
        .unwrap_or(LayerIndex::LOWEST);
    let floor_bps = if demand.can_pause {
        0
    } else {
        cost_bps(demand, Allocation::Layer(lowest))
    };
    cost_bps(demand, allocation) <= floor_bps
}

proptest! {
    #[test]
    fn the_estimate_is_kept_unless_all_have_their_cheapest_or_one_step_is_tried(
        demands in demands(),
        estimates in proptest::collection::vec((0u64..400_000, 0u64..5_000), 1..30),
    ) {
        let mut subscriber = Subscriber::new(demands);
        let mut before: Vec<Allocation> = Vec::new();
        let mut changed = (subscriber.now, 0, 0);
        for (estimate, pause) in estimates {
            subscriber.now += ms(pause);
            let given = subscriber.allocate(estimate);
            let steps = given.iter().zip(&before).filter(|(after, before)| after != before).count();
            if steps > 0 {
                changed = (subscriber.now, steps, estimate);
            }
            let pairs = || subscriber.demands.iter().zip(&given);
            let are_cheapest = pairs().all(|(demand, given)| is_cheapest(demand, *given));
            let (since, steps, estimate_then) = changed;
            let is_tried =
                steps == 1 && subscriber.now - since < PROVED && estimate * 10 >= estimate_then * 9;
            let total = subscriber.sent_bps();
            prop_assert!(total <= estimate || are_cheapest || is_tried, "{total} of {estimate}");
            let pauses = pairs().filter(|(_, given)| **given == Allocation::Paused);
            prop_assert!(pauses.into_iter().all(|(demand, _)| demand.can_pause));
            before = given;
        }
    }

    #[test]
    fn a_limit_is_kept_even_by_trials(
        demands in demands(),
        estimates in proptest::collection::vec((0u64..400_000, 0u64..5_000), 1..30),
        limit in 0u64..400_000,
    ) {
        let mut subscriber = Subscriber::new(demands);
        for (estimate, pause) in estimates {
            subscriber.now += ms(pause);
            let bandwidth = Bandwidth { estimate_bps: Some(estimate), limit_bps: Some(limit) };
            let given = subscriber.allocate_within(bandwidth);
            let pairs = || subscriber.demands.iter().zip(&given);
            let are_cheapest = pairs().all(|(demand, given)| is_cheapest(demand, *given));
            prop_assert!(subscriber.sent_bps() <= limit || are_cheapest);
        }
    }

    #[test]
    fn under_constant_input_nothing_changes_but_by_trials_that_become_rare(
        demands in demands(),
        before in 0u64..400_000,
        estimate in 0u64..400_000,
    ) {
        let mut subscriber = Subscriber::new(demands);
        subscriber.allocate(before);
        subscriber.allocate(estimate);
        subscriber.now += CALM;
        let mut given = subscriber.allocate(estimate);
        let mut failed: Vec<(Duration, Duration)> = Vec::new();
        // The first may begin together with the calm.
        let mut began = (subscriber.sent_bps() > estimate).then_some(Duration::ZERO);
        for step in 1..1_200 {
            subscriber.now += ms(200);
            let after = subscriber.allocate(estimate);
            let changed = after.iter().zip(&given).filter(|(after, before)| after != before).count();
            given = after;
            if changed == 0 {
                continue;
            }
            let exceeds = subscriber.sent_bps() > estimate;
            if let Some(began) = began.take() {
                prop_assert!(!exceeds, "a trial that failed is taken back");
                failed.push((began, ms(200) * step));
            } else {
                prop_assert_eq!(changed, 1, "one step and nothing else");
                began = exceeds.then(|| ms(200) * step);
            }
        }
        for (began, ended) in &failed {
            prop_assert!(*ended - *began <= PATIENCE_WITHOUT_GROWTH);
        }
        let waits: Vec<_> = failed.windows(2).map(|pair| pair[1].0 - pair[0].1).collect();
        prop_assert!(waits.first().is_none_or(|wait| *wait >= CALM * 2));
        for pair in waits.windows(2) {
            prop_assert!(pair[1] >= (pair[0] * 2).min(LONGEST_WAIT), "{waits:?}");
        }
    }

    #[test]
    fn of_two_equal_demands_the_one_of_higher_priority_has_no_less(
        demand in demands().prop_filter_map("one", |demands| demands.first().copied()),
        others in demands(),
        estimate in 0u64..400_000,
    ) {
        let mut low = demand;
        low.priority = 1;
        let mut high = demand;
        high.priority = 2;
        let mut demands = vec![low, high];
        demands.extend(others);
        let given = Subscriber::new(demands).allocate(estimate);
        let height = |allocation| match allocation {
            Allocation::Paused => 0,
            Allocation::Layer(layer) => layer.index() + 1,
        };
        prop_assert!(height(given[1]) >= height(given[0]));
    }

    #[test]
    fn the_same_input_gives_the_same_answer(demands in demands(), estimate in 0u64..400_000) {
        let first = Subscriber::new(demands.clone()).allocate(estimate);
        prop_assert_eq!(Subscriber::new(demands).allocate(estimate), first);
    }
}
