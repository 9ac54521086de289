//! Rising by trial: a receiver says at most half above what it gets, so somebody must try.

use std::time::Duration;

use super::*;

const SECOND: Duration = Duration::from_secs(1);
/// The shard allocates each 200 ms, a receiver reports each second.
const ALLOCATIONS_PER_REPORT: u32 = 5;

/// What libwebrtc's encoder makes of 180, 360 and 720 lines.
fn camera() -> Demand {
    Demand {
        bitrates_bps: [Some(160_000), Some(450_000), Some(1_500_000)],
        ..demand(CAMERA)
    }
}

/// When what it gets changed, and to what.
type Changes = Vec<(Duration, u64)>;

impl Subscriber {
    /// Lives behind a line for so long with a receiver as libwebrtc has it.
    fn live(&mut self, duration: Duration, line_bps: u64) -> Changes {
        let began = self.now;
        let mut changes = Vec::new();
        while self.now - began < duration {
            let sent_bps = self.sent_bps();
            let said_bps = if sent_bps > line_bps {
                line_bps * 85 / 100
            } else {
                line_bps.min(sent_bps * 3 / 2 + 10_000)
            };
            for _ in 0..ALLOCATIONS_PER_REPORT {
                let before = self.sent_bps();
                self.allocate(said_bps);
                if self.sent_bps() != before {
                    changes.push((self.now - began, self.sent_bps()));
                }
                self.now += SECOND / ALLOCATIONS_PER_REPORT;
            }
        }
        changes
    }
}

/// One that had everything until its line broke down.
fn fallen(line_bps: u64) -> Subscriber {
    let mut subscriber = Subscriber::new(vec![camera()]);
    subscriber.layers(9_000_000);
    subscriber.live(SECOND * 5, 4_000_000);
    assert_eq!(
        subscriber.live(SECOND, line_bps),
        [(Duration::ZERO, 160_000)]
    );
    subscriber
}

#[test]
fn a_receiver_that_says_half_above_what_it_gets_climbs_to_the_top_step_by_step() {
    let mut subscriber = fallen(400_000);
    let climbed = subscriber.live(SECOND * 15, 4_000_000);
    assert_eq!(climbed, [(SECOND * 2, 450_000), (SECOND * 5, 1_500_000)]);
}

#[test]
fn on_a_narrow_line_trials_are_short_and_become_rare() {
    let mut subscriber = fallen(400_000);
    let changes = subscriber.live(SECOND * 600, 400_000);
    let trials: Vec<_> = changes.chunks_exact(2).collect();
    for trial in &trials {
        assert_eq!((trial[0].1, trial[1].1), (450_000, 160_000));
        assert!(trial[1].0 - trial[0].0 <= SECOND * 5, "{trial:?}");
    }
    let waits = trials.windows(2).map(|pair| pair[1][0].0 - pair[0][1].0);
    let seconds: Vec<_> = waits.map(|wait| wait.as_secs()).collect();
    assert_eq!(seconds[..4], [6, 12, 24, 48]);
    assert!(seconds[4..].iter().all(|wait| *wait == 60), "{seconds:?}");
    assert_eq!(seconds.len(), 11);
}

#[test]
fn a_trial_is_one_step_in_the_order_of_priority() {
    let mut subscriber = Subscriber::new(vec![demand(CAMERA), demand(SCREEN), demand(CAMERA)]);
    assert_eq!(subscriber.layers(390), [Some(0); 3]);
    subscriber.now += CALM - ms(1);
    assert_eq!(
        subscriber.layers(390),
        [Some(0); 3],
        "it has not stood long"
    );
    subscriber.now += ms(1);
    assert_eq!(subscriber.layers(390), [Some(0), Some(1), Some(0)]);
    // The estimate follows: 400 and two times 100 and more than a fifth.
    subscriber.now += CALM;
    assert_eq!(subscriber.layers(900), [Some(1), Some(1), Some(0)]);
}

#[test]
fn a_receiver_that_may_have_found_its_limit_is_not_tried() {
    let mut subscriber = Subscriber::new(vec![demand(CAMERA)]);
    for _ in 0..100 {
        assert_eq!(subscriber.layers(129), [Some(0)]);
        subscriber.now += SECOND;
    }
    assert_eq!(subscriber.layers(130), [Some(1)]);
}

#[test]
fn who_gets_nothing_is_not_tried() {
    let mut still = demand(CAMERA);
    still.bitrates_bps = [Some(0), Some(400), None];
    let mut subscriber = Subscriber::new(vec![still]);
    for _ in 0..10 {
        assert_eq!(subscriber.layers(300), [Some(0)]);
        subscriber.now += SECOND;
    }
}

#[test]
fn who_was_just_overloaded_is_not_tried() {
    let mut subscriber = Subscriber::new(vec![demand(CAMERA)]);
    subscriber.layers(110);
    subscriber.now += SECOND * 10;
    assert_eq!(subscriber.layers(85), [Some(0)]);
    subscriber.now += CALM - ms(1);
    assert_eq!(subscriber.layers(150), [Some(0)]);
    subscriber.now += ms(1);
    assert_eq!(subscriber.layers(150), [Some(1)]);
}

#[test]
fn who_was_just_given_more_is_not_tried() {
    let mut subscriber = Subscriber::new(vec![demand(CAMERA), demand(SCREEN)]);
    subscriber.layers(210);
    subscriber.now += SECOND * 10;
    assert_eq!(subscriber.layers(660), [Some(0), Some(1)]);
    subscriber.now += CALM - ms(1);
    assert_eq!(subscriber.layers(660), [Some(0), Some(1)]);
    subscriber.now += ms(1);
    assert_eq!(subscriber.layers(660), [Some(1), Some(1)]);
}

/// In a trial of 400 for 100, begun at an estimate of 150.
fn tried() -> Subscriber {
    let mut subscriber = Subscriber::new(vec![demand(CAMERA)]);
    subscriber.layers(150);
    subscriber.now += CALM;
    assert_eq!(subscriber.layers(150), [Some(1)]);
    subscriber
}

#[test]
fn a_trial_lasts_while_the_estimate_grows() {
    // Eight in a hundred each second, as libwebrtc does: thirteen seconds to 400.
    let mut subscriber = tried();
    let mut estimate = 150;
    while estimate < 480 {
        estimate = estimate * 108 / 100;
        subscriber.now += SECOND;
        assert_eq!(subscriber.layers(estimate), [Some(1)], "at {estimate}");
    }
    subscriber.now += SECOND;
    assert_eq!(subscriber.layers(399), [Some(0)], "then it is as any other");
}

#[test]
fn a_trial_ends_when_the_estimate_has_not_grown_for_three_seconds() {
    let mut subscriber = tried();
    subscriber.now += SECOND;
    assert_eq!(subscriber.layers(160), [Some(1)]);
    subscriber.now += PATIENCE_WITHOUT_GROWTH - ms(1);
    assert_eq!(subscriber.layers(160), [Some(1)]);
    subscriber.now += ms(1);
    assert_eq!(subscriber.layers(160), [Some(0)]);
}

#[test]
fn a_trial_ends_at_once_when_the_receiver_is_overloaded() {
    let mut subscriber = tried();
    subscriber.now += SECOND;
    assert_eq!(subscriber.layers(200), [Some(1)]);
    subscriber.now += ms(200);
    assert_eq!(subscriber.layers(180), [Some(1)], "the noise of a meter");
    assert_eq!(subscriber.layers(179), [Some(0)]);
}

#[test]
fn a_trial_ends_after_thirty_seconds_however_the_estimate_creeps() {
    let mut subscriber = tried();
    for second in 1..30 {
        subscriber.now += SECOND;
        assert_eq!(subscriber.layers(150 + second), [Some(1)]);
    }
    subscriber.now += SECOND;
    assert_eq!(subscriber.layers(180), [Some(0)]);
}

/// How long after a collapse the first trial comes, if the last step was held for `held`.
fn patience_after(held: Duration) -> Duration {
    let mut subscriber = fallen(400_000);
    subscriber.demands[0].wanted = layer(1);
    let failed = subscriber.live(SECOND * 30, 400_000);
    assert!(failed.len() >= 4, "{failed:?}");
    let mut waited = Duration::ZERO;
    while subscriber.sent_bps() < 450_000 {
        subscriber.live(SECOND, 4_000_000);
        waited += SECOND;
        assert!(waited <= LONGEST_WAIT);
    }
    subscriber.live(held, 4_000_000);
    let after = subscriber.live(SECOND * 120, 400_000);
    after[1].0 - after[0].0
}

#[test]
fn a_step_held_for_thirty_seconds_makes_bold_again() {
    assert_eq!(patience_after(PROVED), CALM);
    assert!(patience_after(PROVED - SECOND * 5) > CALM * 4);
}

#[test]
fn a_limit_stops_a_trial_before_it_begins() {
    let within = |limit_bps| Bandwidth {
        estimate_bps: Some(150),
        limit_bps: Some(limit_bps),
    };
    let mut subscriber = Subscriber::new(vec![demand(CAMERA)]);
    let lowest = [Allocation::Layer(layer(0))];
    for _ in 0..10 {
        assert_eq!(subscriber.allocate_within(within(399)), lowest);
        subscriber.now += SECOND;
    }
    let raised = [Allocation::Layer(layer(1))];
    assert_eq!(subscriber.allocate_within(within(400)), raised);
    assert_eq!(subscriber.allocate_within(within(399)), lowest);
}

/// One that has failed trials on a line of 400 kbit/s for so long that they became rare, at the
/// beginning of a probe.
fn failed() -> Subscriber {
    let mut subscriber = fallen(400_000);
    subscriber.live(SECOND * 200, 400_000);
    while subscriber.allocator.padding_bps() == 0 {
        subscriber.live(SECOND, 400_000);
    }
    subscriber
}

#[test]
fn between_trials_a_line_is_padded_up_to_nine_tenths_of_what_is_said_until_that_stands_still() {
    let mut subscriber = failed();
    for (said, padding) in [(250_000, 65_000), (300_000, 110_000), (400_000, 200_000)] {
        subscriber.allocate(said);
        assert_eq!(subscriber.allocator.padding_bps(), padding);
        subscriber.now += SECOND;
    }
    subscriber.allocate(400_000);
    assert_eq!(subscriber.allocator.padding_bps(), 200_000);
    subscriber.now += SECOND;
    subscriber.allocate(400_000);
    assert_eq!(subscriber.allocator.padding_bps(), 0);
    subscriber.now += PROBE_INTERVAL - ms(1);
    subscriber.allocate(400_000);
    assert_eq!(subscriber.allocator.padding_bps(), 0);
    subscriber.now += ms(1);
    subscriber.allocate(400_000);
    assert_eq!(subscriber.allocator.padding_bps(), 200_000);
}

#[test]
fn a_probe_that_overloads_the_line_ends_at_once() {
    let mut subscriber = failed();
    subscriber.allocate(400_000);
    subscriber.allocate(359_000);
    assert_eq!(subscriber.allocator.padding_bps(), 0);
}

#[test]
fn padding_keeps_a_limit() {
    let mut subscriber = failed();
    subscriber.allocate_within(Bandwidth {
        estimate_bps: Some(505_000),
        limit_bps: Some(450_000),
    });
    assert_eq!(subscriber.allocator.padding_bps(), 450_000 - 160_000);
}

#[test]
fn an_estimate_half_above_what_was_seen_in_vain_ends_the_wait() {
    let mut subscriber = failed();
    // The trial began under 250 000, and its failure said 340 000.
    for (said, given) in [(509_000, 160_000), (510_000, 450_000)] {
        subscriber.allocate(said);
        assert_eq!(subscriber.sent_bps(), given, "{said}");
    }
}
