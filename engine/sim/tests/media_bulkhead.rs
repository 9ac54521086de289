//! A fault in one participant's turn ends that participant, and nobody else notices.

use std::time::Duration;
use veche_sfu::shard::{Command, Event, Fault, GoneReason, Point, Refusal};
use veche_sim::Profile;
use veche_sim::media::Hall;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_panic_or_a_loop_at_any_point_ends_its_participant_and_nobody_else() {
    for (name, point) in Point::ALL {
        for (fault, reason) in [
            (Fault::Panic, GoneReason::Panic),
            (Fault::Loop, GoneReason::Stalled),
        ] {
            let mut hall = Hall::new(1);
            // Everybody speaks, shows, hears and sees everybody else.
            let guests: Vec<_> = (0..4).map(|_| hall.join(1)).collect();
            let mut publications = Vec::new();
            for guest in &guests {
                publications.push((*guest, hall.publish_sound(*guest)));
                publications.push((*guest, hall.publish_picture(*guest, &[2, 4])));
            }
            let mut streams = Vec::new();
            for guest in &guests {
                for (owner, publication) in &publications {
                    if owner != guest {
                        streams.push((*guest, *owner, hall.subscribe(*guest, *publication)));
                    }
                }
            }
            hall.run_for(SECOND);
            let victim = guests[1];
            hall.command(Command::Inject {
                participant: victim,
                point,
                fault,
            })
            .unwrap();
            let after = hall.clock.elapsed();
            hall.last_emitted.clear();
            if point == Point::Command {
                let limit = Command::LimitBandwidth {
                    participant: victim,
                    limit_bps: None,
                };
                assert_eq!(hall.command(limit), Err(Refusal::Faulted), "{name}");
            }
            hall.run_for(SECOND * 2);
            hall.assert_legal();
            let gone: Vec<_> = hall
                .events
                .iter()
                .filter(|(_, event)| matches!(event, Event::Gone { .. }))
                .collect();
            assert_eq!(gone.len(), 1, "{name} has fired once");
            let (at, event) = gone[0];
            assert_eq!(
                *event,
                Event::Gone {
                    participant: victim,
                    reason
                },
                "{name}"
            );
            assert!(*at - after <= Duration::from_millis(1000), "{name}");
            let snapshot = hall.shard.snapshot(hall.clock.now());
            assert_eq!(
                (
                    snapshot.participants.len(),
                    snapshot.participants_ended_by_fault
                ),
                (3, 1)
            );
            for (guest, owner, stream) in streams {
                if guest != victim && owner != victim {
                    assert_eq!(hall.oracle(stream).gaps(), 0, "{name}");
                    let (last, longest) = hall.last_emitted[&guest];
                    assert!(longest <= Duration::from_millis(40), "{name}: {longest:?}");
                    assert!(
                        hall.clock.elapsed() - last <= Duration::from_millis(40),
                        "{name}"
                    );
                }
            }
            // What is left of the victim is nothing: it can come again.
            let room = hall.guest(victim).room;
            assert_eq!(
                hall.command(Command::AddParticipant {
                    participant: victim,
                    room
                }),
                Ok(())
            );
            let echo = Command::Unsubscribe {
                subscription: veche_sfu::ids::SubscriptionId(1),
            };
            assert_eq!(hall.command(echo), Err(Refusal::NotFound));
        }
    }
}

#[test]
fn a_fault_in_the_middle_of_a_batch_leaves_no_torn_datagram_in_it() {
    let mut hall = Hall::new(2);
    let speaker = hall.join(1);
    let picture = hall.publish_picture(speaker, &[6]);
    let listeners: Vec<_> = (0..20).map(|_| hall.join(1)).collect();
    let streams: Vec<_> = listeners
        .iter()
        .map(|listener| hall.subscribe(*listener, picture))
        .collect();
    hall.run_for(SECOND);
    for participant in listeners.iter().copied().step_by(3) {
        let command = Command::Inject {
            participant,
            point: Point::Seal,
            fault: Fault::Panic,
        };
        hall.command(command).unwrap();
    }
    hall.run_for(SECOND);
    // The oracle opens every datagram: one torn byte would be a violation.
    hall.assert_legal();
    let gone = hall
        .events
        .iter()
        .filter(|(_, event)| matches!(event, Event::Gone { .. }));
    assert_eq!(gone.count(), 7);
    for (place, stream) in streams.iter().enumerate() {
        assert_eq!(hall.oracle(*stream).gaps(), 0);
        assert_eq!(hall.oracle(*stream).packets > 300, place % 3 != 0);
    }
}

#[test]
fn faults_are_not_injected_where_they_are_not_allowed() {
    use veche_sfu::rtcp::NtpTime;
    use veche_sfu::shard::{Config, Shard};
    let hall = Hall::new(3);
    let now = hall.clock.now();
    let config = Config {
        seed: 1,
        wall_clock: NtpTime(0),
        allows_faults: false,
    };
    let mut shard = Shard::new(config, now);
    let participant = veche_sfu::ids::ParticipantId(1);
    let room = veche_sfu::ids::RoomId(1);
    shard
        .handle_command(now, Command::AddParticipant { participant, room })
        .unwrap();
    let inject = Command::Inject {
        participant,
        point: Point::Seal,
        fault: Fault::Loop,
    };
    assert_eq!(shard.handle_command(now, inject), Err(Refusal::NotAllowed));
}

#[test]
fn the_largest_honest_requests_do_not_run_out_of_fuel() {
    let mut hall = Hall::new(4);
    let speaker = hall.join_over(1, Profile::PERFECT, Profile::PERFECT);
    let picture = hall.publish_picture(speaker, &[7]);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, picture);
    hall.run_for(SECOND * 2);
    let newest = hall.oracle(stream).highest.unwrap() as u16;
    let ssrc = 0x4000_0000 | stream.0;
    for _ in 0..20 {
        // 1400 bytes of requests for 17 packets each, as many as fit.
        hall.send_control(listener, |writer| {
            while writer
                .nack(1, ssrc, (0..600).rev().map(|back| newest - back))
                .is_ok()
            {}
        });
    }
    assert!(
        !hall
            .events
            .iter()
            .any(|(_, event)| matches!(event, Event::Gone { .. }))
    );
    hall.assert_legal();
}
