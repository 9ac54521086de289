//! Every limit of the shard: one below, at, and one above.

use veche_sfu::ids::{ParticipantId, PublicationId, SubscriptionId};
use veche_sfu::limits;
use veche_sfu::shard::{
    Codec, Command, LayerDescription, PublicationDescription, Refusal, SubscriptionDescription,
};
use veche_sim::media::Hall;

fn publish(hall: &mut Hall, owner: ParticipantId, id: u32, change: Change) -> Result<(), Refusal> {
    let mut description = PublicationDescription {
        mid: id.to_string(),
        codec: Codec::Vp8,
        payload_type: 96,
        rtx_payload_type: None,
        has_nack: false,
        has_twcc: false,
        layers: vec![LayerDescription::default()],
        is_open: true,
    };
    change(&mut description);
    let description = Box::new(description);
    let publication = PublicationId(id);
    hall.command(Command::Publish {
        participant: owner,
        publication,
        description,
    })
}

type Change = fn(&mut PublicationDescription);

fn subscribe(
    hall: &mut Hall,
    participant: ParticipantId,
    id: u32,
    (ssrc, rtx_ssrc): (u32, Option<u32>),
) -> Result<(), Refusal> {
    let description = Box::new(SubscriptionDescription {
        mid: id.to_string(),
        ssrc,
        rtx_ssrc,
        payload_type: 96,
        rtx_payload_type: None,
    });
    let (subscription, publication) = (SubscriptionId(id), PublicationId(1000));
    hall.command(Command::Subscribe {
        participant,
        subscription,
        publication,
        description,
    })
}

#[test]
fn a_participant_publishes_eight_times_and_not_nine() {
    let mut hall = Hall::new(1);
    let owner = hall.join(1);
    let most = u32::try_from(limits::PUBLICATIONS_PER_PARTICIPANT).unwrap();
    for id in 0..most {
        assert_eq!(publish(&mut hall, owner, id, |_| ()), Ok(()));
    }
    assert_eq!(
        publish(&mut hall, owner, most, |_| ()),
        Err(Refusal::TooMany)
    );
    hall.command(Command::Unpublish {
        publication: PublicationId(0),
    })
    .unwrap();
    assert_eq!(publish(&mut hall, owner, most, |_| ()), Ok(()));
}

#[test]
fn a_participant_subscribes_256_times_and_not_257() {
    let mut hall = Hall::new(2);
    let (owner, listener) = (hall.join(1), hall.join(1));
    publish(&mut hall, owner, 1000, |_| ()).unwrap();
    let most = u32::try_from(limits::SUBSCRIPTIONS_PER_PARTICIPANT).unwrap();
    for id in 0..most {
        assert_eq!(subscribe(&mut hall, listener, id, (id, None)), Ok(()));
    }
    assert_eq!(
        subscribe(&mut hall, listener, most, (most, None)),
        Err(Refusal::TooMany)
    );
    hall.command(Command::Unsubscribe {
        subscription: SubscriptionId(0),
    })
    .unwrap();
    assert_eq!(subscribe(&mut hall, listener, most, (most, None)), Ok(()));
}

#[test]
fn a_publication_has_one_to_three_layers() {
    let mut hall = Hall::new(3);
    let owner = hall.join(1);
    let layers: [(Change, _); 5] = [
        (|it| it.layers.clear(), Err(Refusal::Malformed)),
        (
            |it| it.layers = vec![LayerDescription::default(); 1],
            Ok(()),
        ),
        (
            |it| it.layers = vec![LayerDescription::default(); 2],
            Ok(()),
        ),
        (
            |it| it.layers = vec![LayerDescription::default(); limits::LAYERS_PER_PUBLICATION],
            Ok(()),
        ),
        (
            |it| it.layers = vec![LayerDescription::default(); limits::LAYERS_PER_PUBLICATION + 1],
            Err(Refusal::TooMany),
        ),
    ];
    for (id, (change, expected)) in (0..).zip(layers) {
        assert_eq!(publish(&mut hall, owner, id, change), expected);
    }
}

#[test]
fn names_and_numbers_that_no_negotiation_gives_are_refused() {
    let mut hall = Hall::new(4);
    let owner = hall.join(1);
    let most = limits::IDENTIFICATION_BYTES;
    assert_eq!(most, 16);
    let changes: [(Change, _); 7] = [
        (|it| it.mid = "m".repeat(15), Ok(())),
        (|it| it.mid = "m".repeat(16), Ok(())),
        (|it| it.mid = "m".repeat(17), Err(Refusal::Malformed)),
        (|it| it.mid.clear(), Err(Refusal::Malformed)),
        (|it| it.payload_type = 127, Ok(())),
        (|it| it.payload_type = 128, Err(Refusal::Malformed)),
        (
            |it| it.rtx_payload_type = Some(128),
            Err(Refusal::Malformed),
        ),
    ];
    for (id, (change, expected)) in (0..).zip(changes) {
        assert_eq!(publish(&mut hall, owner, id, change), expected, "{id}");
    }
}

#[test]
fn an_ssrc_towards_a_participant_is_used_once_and_never_again() {
    let mut hall = Hall::new(5);
    let (owner, listener, other) = (hall.join(1), hall.join(1), hall.join(1));
    publish(&mut hall, owner, 1000, |_| ()).unwrap();
    assert_eq!(
        subscribe(&mut hall, listener, 1, (7, Some(7))),
        Err(Refusal::Malformed)
    );
    assert_eq!(subscribe(&mut hall, listener, 1, (7, Some(8))), Ok(()));
    hall.command(Command::Unsubscribe {
        subscription: SubscriptionId(1),
    })
    .unwrap();
    assert_eq!(
        subscribe(&mut hall, listener, 2, (7, None)),
        Err(Refusal::AlreadyHere)
    );
    assert_eq!(
        subscribe(&mut hall, listener, 2, (9, Some(8))),
        Err(Refusal::AlreadyHere)
    );
    assert_eq!(subscribe(&mut hall, other, 2, (7, Some(8))), Ok(()));
}

#[test]
fn ssrcs_run_out_after_16_384_and_not_before() {
    let mut hall = Hall::new(6);
    let (owner, listener) = (hall.join(1), hall.join(1));
    publish(&mut hall, owner, 1000, |_| ()).unwrap();
    let most = u32::try_from(limits::SSRCS_SENT_PER_PARTICIPANT).unwrap();
    for ssrc in 0..most {
        assert_eq!(
            subscribe(&mut hall, listener, ssrc, (ssrc, None)),
            Ok(()),
            "{ssrc}"
        );
        hall.command(Command::Unsubscribe {
            subscription: SubscriptionId(ssrc),
        })
        .unwrap();
    }
    assert_eq!(
        subscribe(&mut hall, listener, most, (most, None)),
        Err(Refusal::TooMany)
    );
}

#[test]
fn a_datagram_of_1500_bytes_is_forwarded_and_one_of_1501_is_refused() {
    let mut hall = Hall::new(7);
    let speaker = hall.join(1);
    let sound = hall.publish_sound(speaker);
    let listener = hall.join(1);
    let stream = hall.subscribe(listener, sound);
    hall.run_for(std::time::Duration::from_secs(1));
    let path = hall.guest(speaker).path;
    hall.guest(speaker).rest();
    for (length, is_forwarded) in [
        (limits::DATAGRAM_BYTES - 1, true),
        (limits::DATAGRAM_BYTES, true),
        (limits::DATAGRAM_BYTES + 1, false),
    ] {
        let number = hall.ledger.next();
        let before = (
            hall.oracle(stream).packets,
            hall.shard.snapshot(hall.clock.now()),
        );
        let packet = hall.long_sound(sound, length);
        assert_eq!(hall.ledger.next(), number + 1);
        let sealed = hall.seal(speaker, &packet);
        assert_eq!(sealed.len(), length);
        hall.inject(path, &sealed);
        let forwarded = hall.oracle(stream).packets - before.0;
        assert_eq!(forwarded, u64::from(is_forwarded), "{length}");
        let refused = hall.shard.snapshot(hall.clock.now()).refused.malformed;
        assert_eq!(
            refused - before.1.refused.malformed,
            u64::from(!is_forwarded)
        );
    }
    hall.assert_legal();
}

#[test]
fn keys_are_set_once() {
    use veche_sfu::srtp::{KeyingMaterial, Profile};
    let mut hall = Hall::new(8);
    let participant = hall.join(1);
    let exported = [7; Profile::Aes128Gcm.exported_length()];
    let keys = KeyingMaterial::new(Profile::Aes128Gcm, &exported).unwrap();
    let again = Command::SetKeys { participant, keys };
    assert_eq!(hall.command(again), Err(Refusal::AlreadyHere));
}
