//! Both ends come together over the networks of the project's bars.

use std::time::Duration;

use veche_sim::Profile;
use veche_sim::world::World;

#[test]
fn both_ends_connect_over_a_clean_network() {
    let mut world = World::new(1);
    let id = world.join(Profile::CLEAN);
    let connected = world.run_until(Duration::from_secs(1), |world| {
        world.get(id).is_connected() && world.get(id).has_channel("_reliable")
    });
    for line in world.log() {
        println!("{line}");
    }
    assert!(connected);
    assert_eq!(world.violations, Vec::<String>::new());
}
