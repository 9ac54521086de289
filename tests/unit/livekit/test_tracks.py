"""Publishing and subscribing: sections, tracks and the facts that the engine gets."""

from typing import Any  # fields of a message

import pytest
from livekit.protocol import models, rtc

from tests.support.offers import FIRST, H264, VP8, VP9, Media, OfferText
from tests.support.wire import Client, House, claims
from veche.engine import Command, Event
from veche.livekit import limits

Reason = rtc.RequestResponse
Quality = models.VideoQuality


@pytest.fixture
def house() -> House:
    return House()


def microphone(client: Client, cid: str = "mic", **more: Any) -> str:
    """Publish a microphone; its track sid."""
    client.add_track(cid, **more)
    client.make_offer(client.offer.plus(Media("audio", "sendonly", cid, ssrc=1000)))
    return str(client.last("track_published").track.sid)


def camera(client: Client, cid: str = "cam", rids: tuple[str, ...] = ("q", "h", "f")) -> str:
    layers = [
        models.VideoLayer(quality=quality, width=320 << quality, height=180 << quality)
        for quality in (Quality.HIGH, Quality.LOW, Quality.MEDIUM)
    ]
    client.add_track(cid, "video", "CAMERA", width=1280, height=720, layers=layers)
    client.make_offer(client.offer.plus(Media("video", "sendonly", cid, rids)))
    return str(client.last("track_published").track.sid)


def reoffer(client: Client) -> rtc.SessionDescription:
    """What a client does when it is asked for more sections."""
    wanted = client.last("media_sections_requirement")
    more = [Media("audio")] * wanted.num_audios + [Media("video")] * wanted.num_videos
    answer: rtc.SessionDescription = client.make_offer(client.offer.plus(*more))
    return answer


# --- publishing ----------------------------------------------------------------------------


def test_a_published_track_is_announced_when_its_section_is_negotiated(house: House) -> None:
    anna, boris = house.join("anna"), house.join("boris")
    anna.add_track("mic")
    house.wait(1)
    assert not boris.sees()["anna"].tracks
    anna.make_offer(anna.offer.plus(Media("audio", "sendonly", "mic", ssrc=1000)))
    (track,) = boris.sees()["anna"].tracks
    assert (track.name, track.mime_type, track.mid) == ("mic", "audio/opus", "7")
    assert track.sid.startswith("TR_AM")


def test_the_engine_gets_the_facts_of_the_section(house: House) -> None:
    anna = house.join("anna")
    microphone(anna)
    (publish,) = house.take(Command.Publish)
    assert (publish.mid, publish.codec, publish.payload_type) == ("7", "opus", 111)
    assert (publish.has_twcc, publish.has_nack, publish.is_open) == (True, True, True)
    assert "a=rtcp-fb:111 nack" in anna.last("answer").sdp
    assert [(layer.ssrc, layer.rtx_ssrc) for layer in publish.layers] == [(1000, 1001)]
    camera(anna)
    (publish,) = house.take(Command.Publish)
    assert (publish.codec, publish.payload_type, publish.rtx_payload_type) == ("vp8", 96, 97)
    assert publish.has_nack


@pytest.mark.parametrize("rids", [("q", "h", "f"), ("f", "~h", "q"), ("0", "1", "2")])
def test_layers_go_to_the_engine_lowest_first(house: House, rids: tuple[str, ...]) -> None:
    anna = house.join("anna")
    camera(anna, rids=rids)
    (publish,) = house.take(Command.Publish)
    expected = ["2", "1", "0"] if "0" in rids else ["q", "h", "f"]
    assert [layer.rid for layer in publish.layers] == expected
    (publication,) = house.room().publications.values()
    assert [layer.width for layer in publication.info.layers] == [320, 640, 1280]


def test_the_answer_mirrors_simulcast_without_pause_marks(house: House) -> None:
    anna = house.join("anna")
    camera(anna, rids=("q", "~h", "f"))
    section = anna.last("answer").sdp.split("m=")[-1]
    assert "a=simulcast:recv q;h;f" in section
    assert section.count("a=rid:") == 3
    assert "a=recvonly" in section


def test_an_offer_may_come_before_its_add_track(house: House) -> None:
    anna, boris = house.join("anna"), house.join("boris")
    anna.make_offer(anna.offer.plus(Media("audio", "sendonly", "mic")))
    assert not house.take(Command.Publish)
    anna.add_track("mic")
    assert house.take(Command.Publish)
    assert boris.sees()["anna"].tracks


def test_two_tracks_are_told_apart_by_their_client_ids(house: House) -> None:
    anna = house.join("anna")
    anna.add_track("first")
    anna.add_track("second", source="SCREEN_SHARE_AUDIO")
    anna.make_offer(
        anna.offer.plus(Media("audio", "sendonly", "second"), Media("audio", "sendonly", "first"))
    )
    tracks = {p.mid: p.info.name for p in house.room().publications.values()}
    assert tracks == {"7": "second", "8": "first"}


def test_a_stopped_section_ends_the_track(house: House) -> None:
    anna, boris = house.join("anna"), house.join("boris")
    microphone(anna)
    anna.make_offer(anna.offer.changed(7, Media("audio", "inactive")))
    assert house.take(Command.Unpublish)
    assert not boris.sees()["anna"].tracks
    assert "track_unpublished" in house.happened


def test_one_offer_may_replace_a_track_in_its_section(house: House) -> None:
    anna, boris = house.join("anna"), house.join("boris")
    old = microphone(anna)
    anna.add_track("other", source="SCREEN_SHARE_AUDIO")
    anna.make_offer(anna.offer.changed(7, Media("audio", "sendonly", "other")))
    (track,) = boris.sees()["anna"].tracks
    assert track.name == "other"
    assert track.sid != old


def test_a_source_outside_the_grant_is_refused(house: House) -> None:
    only_microphone = frozenset((models.TrackSource.MICROPHONE,))
    anna = house.join("anna", claim=claims("anna", sources=only_microphone))
    anna.add_track("cam", "video", "CAMERA")
    response = anna.last("request_response")
    assert (response.reason, response.add_track.cid) == (Reason.NOT_ALLOWED, "cam")


def test_an_unforwardable_codec_is_refused_and_nothing_is_published(house: House) -> None:
    anna = house.join("anna")
    anna.add_track("cam", "video", "CAMERA")
    only_vp9 = Media("video", "sendonly", "cam", video_codecs=(tuple(VP9),))
    answer = anna.make_offer(anna.offer.plus(only_vp9))
    assert anna.last("request_response").reason == Reason.UNSUPPORTED_TYPE
    assert "m=video 0" in answer.sdp
    assert not house.take(Command.Publish)


@pytest.mark.parametrize(("extra", "is_accepted"), [(-1, True), (0, True), (1, False)])
@pytest.mark.parametrize("are_negotiated", [True, False])
def test_tracks_of_one_participant_have_a_limit(
    house: House, extra: int, is_accepted: bool, are_negotiated: bool
) -> None:
    anna = house.join("anna")
    for number in range(limits.PUBLICATIONS + extra):
        if are_negotiated and number < limits.PUBLICATIONS:
            microphone(anna, f"mic-{number}")
        else:
            anna.add_track(f"mic-{number}")
    assert ("request_response" not in anna.kinds()) == is_accepted
    if not is_accepted:
        assert anna.last("request_response").reason == Reason.LIMIT_EXCEEDED


def test_a_track_that_was_never_offered_makes_room_again(house: House) -> None:
    anna = house.join("anna")
    for number in range(limits.PUBLICATIONS):
        anna.add_track(f"mic-{number}")
    house.wait(limits.PENDING_TRACK_S + 1)
    microphone(anna, "late")
    assert "request_response" not in anna.kinds()


@pytest.mark.parametrize(("extra", "count"), [(-1, -1), (0, 0), (1, 0)])
def test_subscriptions_of_one_participant_have_a_limit(
    house: House, extra: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SUBSCRIPTIONS", 5)
    anna = house.join("anna")
    for number in range(5 + extra):
        microphone(anna, f"mic-{number}")
    boris = house.join("boris")
    assert len(house.room().participants[boris.id].subscriptions) == 5 + count


def test_mute_closes_the_gate_and_is_seen_by_others(house: House) -> None:
    anna, boris = house.join("anna"), house.join("boris")
    sid = microphone(anna)
    anna.say(mute=rtc.MuteTrackRequest(sid=sid, muted=True))
    (gate,) = house.take(Command.SetGate)
    assert not gate.is_open
    assert boris.sees()["anna"].tracks[0].muted
    anna.say(mute=rtc.MuteTrackRequest(sid=sid, muted=False))
    (gate,) = house.take(Command.SetGate)
    assert gate.is_open


def test_a_track_published_muted_starts_closed(house: House) -> None:
    anna = house.join("anna")
    microphone(anna, muted=True)
    (publish,) = house.take(Command.Publish)
    assert not publish.is_open


def test_nobody_mutes_the_track_of_another(house: House) -> None:
    anna, boris = house.join("anna"), house.join("boris")
    sid = microphone(anna)
    boris.say(mute=rtc.MuteTrackRequest(sid=sid, muted=True))
    assert boris.last("request_response").reason == Reason.NOT_FOUND
    assert not house.take(Command.SetGate)


def test_dynacast_names_the_wanted_qualities(house: House) -> None:
    anna = house.join("anna")
    sid = camera(anna)
    (publish,) = house.take(Command.Publish)
    anna.event(Event.WantedLayerChanged(publish.publication, 1))
    update = anna.last("subscribed_quality_update")
    assert update.track_sid == sid
    assert [q.enabled for q in update.subscribed_codecs[0].qualities] == [True, True, False]
    anna.event(Event.WantedLayerChanged(publish.publication, None))
    update = anna.last("subscribed_quality_update")
    assert not any(q.enabled for q in update.subscribed_qualities)


# --- subscribing -----------------------------------------------------------------------------


def test_a_late_joiner_is_bound_in_its_first_answer(house: House) -> None:
    anna = house.join("anna")
    voice, picture = microphone(anna), camera(anna)
    boris = house.join("boris", connected=False)
    answer = boris.last("answer")
    assert set(answer.mid_to_track_id.values()) == {voice, picture}
    assert len(house.take(Command.Subscribe)) == 2
    assert boris.kinds().index("join") < boris.kinds().index("answer")


def test_a_new_track_asks_for_an_offer_and_is_bound_by_it(house: House) -> None:
    anna, boris = house.join("anna"), house.join("boris")
    house.wait(1)
    voice = microphone(anna)
    assert "media_sections_requirement" not in boris.kinds()
    house.wait(0.02)
    wanted = boris.last("media_sections_requirement")
    assert (wanted.num_audios, wanted.num_videos) == (0, 0)
    answer = reoffer(boris)
    assert dict(answer.mid_to_track_id) == {"0": voice}
    (subscribe,) = house.take(Command.Subscribe)
    assert (subscribe.mid, subscribe.payload_type) == ("0", 111)
    section = answer.sdp.split("m=")[1]
    assert "a=sendonly" in section
    assert f"a=msid:{anna.sid}|{voice} {voice}" in section
    assert f"a=ssrc:{subscribe.ssrc} cname:" in section


def test_the_whole_shortage_is_asked_for_at_once_and_gathered(house: House) -> None:
    people = [house.join(f"p{number}") for number in range(5)]
    house.wait(1)
    for number, person in enumerate(people):
        microphone(person, f"mic-{number}")
        camera(person, f"cam-{number}")
    listener = house.join("listener")
    wanted = listener.all("media_sections_requirement")
    assert len(wanted) == 1
    assert (wanted[0].num_audios, wanted[0].num_videos) == (2, 2)  # type: ignore[attr-defined]
    answer = reoffer(listener)
    assert len(answer.mid_to_track_id) == 10
    house.wait(10)
    assert len(listener.all("media_sections_requirement")) == 1


def test_a_client_that_owes_an_offer_is_not_asked_twice_soon(house: House) -> None:
    anna, boris = house.join("anna"), house.join("boris")
    house.wait(1)
    microphone(anna, "one")
    house.wait(0.5)
    microphone(anna, "two")
    house.wait(1)
    assert len(boris.all("media_sections_requirement")) == 1
    house.wait(limits.REQUIREMENT_PATIENCE_S)
    assert len(boris.all("media_sections_requirement")) == 2


def test_every_answer_maps_all_tracks(house: House) -> None:
    anna = house.join("anna")
    voice = microphone(anna)
    boris = house.join("boris")
    answer = boris.make_offer(boris.offer)
    assert list(answer.mid_to_track_id.values()) == [voice]
    answer = boris.make_offer(boris.offer, number=9)
    assert (list(answer.mid_to_track_id.values()), answer.id) == ([voice], 9)


def test_a_section_rests_for_one_answer_before_it_carries_another_track(house: House) -> None:
    anna, boris = house.join("anna"), house.join("boris", offer=OfferText(FIRST[:1] + FIRST[6:]))
    first = microphone(anna, "one")
    house.wait(0.5)
    assert list(reoffer(boris).mid_to_track_id.values()) == [first]
    anna.make_offer(anna.offer.changed(7, Media("audio", "inactive")))
    second = microphone(anna, "two")
    house.wait(0.5)
    wanted = boris.last("media_sections_requirement")
    assert (wanted.num_audios, wanted.num_videos) == (0, 0)
    resting = boris.make_offer(boris.offer)
    assert dict(resting.mid_to_track_id) == {}
    assert "a=inactive" in resting.sdp.split("m=")[1]
    assert boris.kinds()[-1] == "media_sections_requirement"
    assert dict(reoffer(boris).mid_to_track_id) == {"0": second}


def test_an_unsubscribed_track_stops_at_once_and_stays_away(house: House) -> None:
    anna = house.join("anna")
    voice = microphone(anna)
    boris = house.join("boris")
    boris.say(subscription=rtc.UpdateSubscription(track_sids=[voice], subscribe=False))
    assert house.take(Command.Unsubscribe)
    assert dict(boris.make_offer(boris.offer).mid_to_track_id) == {}
    boris.say(subscription=rtc.UpdateSubscription(track_sids=[voice], subscribe=True))
    house.wait(0.5)
    assert list(reoffer(boris).mid_to_track_id.values()) == [voice]


def test_without_automatic_subscription_nothing_is_bound(house: House) -> None:
    anna = house.join("anna")
    voice = microphone(anna)

    def by_hand(request: rtc.JoinRequest) -> None:
        request.connection_settings.auto_subscribe = False

    boris = house.join("boris", change=by_hand)
    assert not house.take(Command.Subscribe)
    boris.say(subscription=rtc.UpdateSubscription(track_sids=[voice], subscribe=True))
    house.wait(0.5)
    assert list(reoffer(boris).mid_to_track_id.values()) == [voice]


def test_an_unknown_track_is_answered_as_not_found(house: House) -> None:
    anna = house.join("anna")
    anna.say(subscription=rtc.UpdateSubscription(track_sids=["TR_none"], subscribe=True))
    response = anna.last("subscription_response")
    assert (response.track_sid, response.err) == (
        "TR_none",
        models.SubscriptionError.SE_TRACK_NOTFOUND,
    )


def test_the_publisher_hears_of_the_first_subscriber_only(house: House) -> None:
    anna = house.join("anna")
    voice = microphone(anna)
    house.join("boris")
    house.join("clara")
    assert [t.track_sid for t in anna.all("track_subscribed")] == [voice]  # type: ignore[attr-defined]


def test_a_publisher_may_choose_who_subscribes(house: House) -> None:
    anna = house.join("anna")
    voice = microphone(anna)
    boris, clara = house.join("boris"), house.join("clara")
    house.take(Command.Subscribe)
    only_boris = rtc.TrackPermission(participant_sid=boris.sid, all_tracks=True)
    anna.say(subscription_permission=rtc.SubscriptionPermission(track_permissions=[only_boris]))
    assert "subscription_permission_update" not in boris.kinds()
    update = clara.last("subscription_permission_update")
    assert (update.track_sid, update.allowed) == (voice, False)
    assert len(house.take(Command.Unsubscribe)) == 1
    anna.say(subscription_permission=rtc.SubscriptionPermission(all_participants=True))
    assert clara.last("subscription_permission_update").allowed
    clara.make_offer(clara.offer)
    house.wait(0.5)
    assert list(clara.make_offer(clara.offer).mid_to_track_id.values()) == [voice]


@pytest.mark.parametrize(
    ("setting", "layer", "is_paused"),
    [
        ({"quality": 0}, 0, False),
        ({"quality": 1}, 1, False),
        ({"quality": 2}, 2, False),
        ({"width": 320, "height": 180}, 0, False),
        ({"width": 321, "height": 180}, 1, False),
        ({"width": 180, "height": 320}, 0, False),
        ({"width": 4000, "height": 3000}, 2, False),
        ({"disabled": True}, 2, True),
    ],
)
def test_track_settings_choose_the_smallest_covering_layer(
    house: House, setting: dict[str, int], layer: int, is_paused: bool
) -> None:
    anna = house.join("anna")
    picture = camera(anna)
    boris = house.join("boris")
    house.take(Command.SetSubscription)
    boris.say(track_setting=rtc.UpdateTrackSettings(track_sids=[picture], **setting))  # type: ignore[arg-type]
    (wish,) = house.take(Command.SetSubscription)
    assert (wish.layer, wish.is_paused) == (layer, is_paused)


def test_adaptive_clients_start_low_and_others_high(house: House) -> None:
    anna = house.join("anna")
    camera(anna)

    def adaptive(request: rtc.JoinRequest) -> None:
        request.connection_settings.adaptive_stream = True

    house.join("boris", change=adaptive)
    house.join("clara")
    assert [wish.layer for wish in house.take(Command.SetSubscription)] == [0, 2]


def test_the_receivers_own_payload_type_is_used(house: House) -> None:
    anna = house.join("anna")
    anna.add_track("cam", "video", "CAMERA")
    h264_first = Media("video", "sendonly", "cam", ssrc=5, video_codecs=(tuple(H264), tuple(VP8)))
    anna.make_offer(anna.offer.plus(h264_first))
    (publish,) = house.take(Command.Publish)
    assert (publish.codec, publish.payload_type) == ("h264", 109)
    house.join("boris")
    (subscribe,) = house.take(Command.Subscribe)
    assert (subscribe.payload_type, subscribe.rtx_payload_type) == (109, 114)


def test_a_receiver_without_the_codec_is_told(house: House) -> None:
    anna = house.join("anna")
    picture = camera(anna)
    only_h264 = Media("video", video_codecs=(tuple(H264),))
    boris = house.join("boris", offer=OfferText((only_h264, FIRST[6])))
    response = boris.last("subscription_response")
    assert (response.track_sid, response.err) == (
        picture,
        models.SubscriptionError.SE_CODEC_UNSUPPORTED,
    )


def test_a_paused_stream_is_told_to_its_subscriber(house: House) -> None:
    anna = house.join("anna")
    picture = camera(anna)
    boris = house.join("boris")
    (subscribe,) = house.take(Command.Subscribe)
    boris.event(Event.StreamPaused(subscribe.subscription, True))
    (state,) = boris.last("stream_state_update").stream_states
    assert (state.track_sid, state.state) == (picture, rtc.StreamState.PAUSED)


def test_a_leaving_publisher_ends_its_subscriptions_in_the_engine(house: House) -> None:
    anna = house.join("anna")
    microphone(anna)
    boris = house.join("boris")
    anna.say(leave=rtc.LeaveRequest())
    assert len(house.take(Command.Unsubscribe)) == 1
    assert len(house.take(Command.Unpublish)) == 1
    assert dict(boris.make_offer(boris.offer).mid_to_track_id) == {}


def test_a_synchronised_room_puts_voice_and_picture_into_one_stream(house: House) -> None:
    anna = house.join("anna")
    house.room().config.is_stream_synced = True
    microphone(anna)
    camera(anna)
    boris = house.join("boris")
    assert boris.last("answer").sdp.count(f"a=msid:{anna.sid}|camera TR_") == 2
    assert boris.last("join").room.name == "room"


def test_speakers_are_told_to_those_who_can_hear_them(house: House) -> None:
    anna = house.join("anna")
    microphone(anna)
    boris = house.join("boris")
    clara = house.join("clara", claim=claims("clara", can_subscribe=False))
    anna.event(Event.SpeakersChanged(house.room().id, [(anna.id, 0.5)]))
    for client in (anna, boris):
        (speaker,) = client.last("speakers_changed").speakers
        assert (speaker.sid, speaker.active) == (anna.sid, True)
    assert "speakers_changed" not in clara.kinds()
