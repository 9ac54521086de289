//! Hours of meeting, and the same meeting again.

use std::time::Duration;
use veche_sim::Profile;
use veche_sim::media::Hall;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// Minutes of meeting per run: an hour when a change is checked, 26 hours in the nightly bar
/// (`VECHE_MEETING_MINUTES=1560`).
fn minutes() -> u32 {
    let asked = std::env::var("VECHE_MEETING_MINUTES").ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(60)
}

fn resident_pages() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn clocks_and_numbers_wrap_without_a_gap_and_memory_stays_flat() {
    let mut hall = Hall::new(1);
    let speaker = hall.join(1);
    let (sound, picture) = (
        hall.publish_sound(speaker),
        hall.publish_picture(speaker, &[1, 2]),
    );
    for publication in [sound, picture] {
        for layer in &mut hall.track(publication).layers {
            // Both wrap in the first minute: numbers every 22 minutes of sound from then on,
            // the clocks of a meeting of 26 hours here.
            layer.sequence = 32_767;
            layer.timestamp = 0_u32.wrapping_sub(90_000 * 30);
        }
    }
    let listener = hall.join(1);
    let streams = [
        hall.subscribe(listener, sound),
        hall.subscribe(listener, picture),
    ];
    hall.run_for(MINUTE * 10);
    let before = resident_pages();
    for minute in 0..minutes() {
        hall.run_for(MINUTE);
        // Layers change all the time, as windows are opened and closed.
        hall.want(streams[1], u8::try_from(minute % 2).ok());
        hall.events.clear();
        hall.guest(speaker).key_frame_requests.clear();
    }
    hall.assert_legal();
    for stream in streams {
        assert_eq!(hall.oracle(stream).gaps(), 0);
    }
    assert!(hall.oracle(streams[0]).packets >= u64::from(minutes()) * 3000);
    let after = resident_pages();
    // Pages of 4 kB; the allocator's own noise is some hundred kB.
    assert!(
        after < before + before / 50 + 256,
        "{before} pages became {after}"
    );
}

fn meeting(seed: u64) -> (u64, u64) {
    let mut hall = Hall::new(seed);
    let mut publications = Vec::new();
    for _ in 0..4 {
        let speaker = hall.join_over(1, Profile::OFFICE, Profile::POOR);
        publications.push(hall.publish_sound(speaker));
        publications.push(hall.publish_picture(speaker, &[1, 3, 5]));
    }
    let guests: Vec<_> = hall.guests.keys().copied().collect();
    for guest in guests {
        for publication in publications.clone() {
            hall.subscribe(guest, publication);
        }
    }
    hall.run_for(SECOND);
    hall.set_gate(publications[0], false);
    hall.run_for(SECOND);
    assert_eq!(hall.violations, [] as [String; 0], "seed {seed}");
    (hall.digest(), hall.emitted.0)
}

#[test]
fn the_same_seed_gives_the_same_meeting_byte_for_byte() {
    let mut digests = std::collections::BTreeSet::new();
    for seed in 0..20 {
        let (digest, packets) = meeting(seed);
        assert_eq!(meeting(seed), (digest, packets), "seed {seed}");
        assert!(packets > 3000, "{packets}");
        digests.insert(digest);
    }
    assert_eq!(digests.len(), 20, "another seed gives another meeting");
}
