"""Coming and going, as the clients see it."""

from dataclasses import replace

import pytest
from livekit.protocol import models, rtc

from tests.support.offers import OfferText
from tests.support.wire import Client, House, claims
from veche.engine import Command, Event
from veche.livekit import limits
from veche.livekit.refusals import JoinRefused, MessageRefused

Reason = models.DisconnectReason
Action = rtc.LeaveRequest


@pytest.fixture
def house() -> House:
    return House()


def test_the_first_message_is_join_and_the_answer_follows(house: House) -> None:
    client = house.join("anna", connected=False)
    assert client.kinds()[0] == "join"
    assert client.kinds().count("answer") == 1
    join = client.last("join")
    assert (join.participant.identity, join.room.name) == ("anna", "room")
    assert (join.ping_interval, join.ping_timeout) == (5, 15)
    assert join.server_info.version
    assert not join.subscriber_primary


def test_the_engine_knows_the_client_before_the_answer_leaves(house: House) -> None:
    client = house.join("anna", connected=False)
    (added,) = house.take(Command.AddParticipant)
    (remote,) = house.take(Command.SetRemote)
    assert (remote.participant, remote.ufrag) == (added.participant, "UFRG")
    assert f"a=ice-ufrag:{added.ufrag}" in client.last("answer").sdp


def test_others_are_told_when_media_stands_and_when_it_ends(house: House) -> None:
    anna = house.join("anna")
    boris = house.join("boris", connected=False)
    house.wait(1)
    assert "boris" not in anna.sees()
    boris.connect()
    house.wait(1)
    assert anna.sees()["boris"].state == models.ParticipantInfo.ACTIVE
    boris.say(leave=rtc.LeaveRequest(reason=Reason.CLIENT_INITIATED))
    assert "boris" not in anna.sees()
    assert boris.is_hung_up


def test_those_already_here_are_in_the_join(house: House) -> None:
    house.join("anna")
    boris = house.join("boris", connected=False)
    assert [p.identity for p in boris.last("join").other_participants] == ["anna"]


def test_who_is_known_from_the_join_alone_is_seen_leaving(house: House) -> None:
    anna = house.join("anna")
    boris = house.join("boris")
    assert "anna" in boris.sees()
    anna.say(leave=rtc.LeaveRequest())
    assert "anna" not in boris.sees()


def test_a_hidden_participant_is_seen_by_nobody_and_sees_itself(house: House) -> None:
    anna = house.join("anna")
    watcher = house.join("watcher", claim=claims("watcher", is_hidden=True))
    house.wait(1)
    assert "watcher" not in anna.sees()
    assert "anna" in watcher.sees()
    assert "watcher" in [p.identity for p in watcher.last("update").participants]
    assert anna.last("join").room.num_participants <= 1


def test_the_same_identity_replaces_without_a_goodbye_to_others(house: House) -> None:
    anna = house.join("anna")
    first = house.join("boris")
    house.wait(1)
    anna.forget()
    second = house.join("boris")
    house.wait(1)
    leave = first.last("leave")
    assert (leave.reason, leave.action) == (Reason.DUPLICATE_IDENTITY, Action.DISCONNECT)
    assert first.is_hung_up
    told = [p for update in anna.all("update") for p in update.participants]  # type: ignore[attr-defined]
    assert all(p.state != models.ParticipantInfo.DISCONNECTED for p in told)
    assert anna.sees()["boris"].sid == second.sid


@pytest.mark.parametrize(("limit", "is_accepted"), [(1, False), (2, True), (3, True)])
def test_a_full_room_refuses_before_the_upgrade(
    house: House, limit: int, is_accepted: bool
) -> None:
    house.join("anna")
    house.room().config.max_participants = limit
    boris = claims("boris")
    if is_accepted:
        house.rooms.check(boris, rtc.JoinRequest())
    else:
        with pytest.raises(JoinRefused) as refusal:
            house.rooms.check(boris, rtc.JoinRequest())
        assert (refusal.value.status, refusal.value.text) == (403, "the room is full")


@pytest.mark.parametrize(("extra", "is_accepted"), [(-1, False), (0, False), (1, True)])
def test_tokens_of_a_revoked_time_are_void(house: House, extra: int, is_accepted: bool) -> None:
    house.join("boris")
    house.room().revoked_before["anna"] = 1000.0
    anna = replace(claims("anna"), not_before=1000 + extra)
    if is_accepted:
        house.rooms.check(anna, rtc.JoinRequest())
    else:
        with pytest.raises(JoinRefused) as refusal:
            house.rooms.check(anna, rtc.JoinRequest())
        assert refusal.value.status == 401


def test_who_returns_to_a_full_room_is_let_in(house: House) -> None:
    house.join("anna")
    house.room().config.max_participants = 1
    house.rooms.check(claims("anna"), rtc.JoinRequest())


def test_a_join_without_media_ends_after_a_minute(house: House) -> None:
    anna = house.join("anna", connected=False)
    house.wait(limits.CONNECT_S - 1)
    assert not anna.is_hung_up
    house.wait(2)
    assert anna.last("leave").reason == Reason.JOIN_FAILURE
    assert house.take(Command.RemoveParticipant)


def test_a_signal_lost_before_media_ends_at_once(house: House) -> None:
    anna = house.join("anna", connected=False)
    house.rooms.signal_lost(anna.id, anna)
    assert house.take(Command.RemoveParticipant)
    assert "participant_connection_aborted" in house.happened


def test_dead_media_asks_for_a_resume_and_then_cleans_up(house: House) -> None:
    anna = house.join("anna")
    anna.event(Event.Disconnected(anna.id))
    house.wait(limits.ICE_FAILED_S - 0.5)
    assert not anna.is_hung_up
    house.wait(1)
    leave = anna.last("leave")
    assert (leave.reason, leave.action) == (Reason.CONNECTION_TIMEOUT, Action.RESUME)
    assert anna.is_hung_up
    assert not house.take(Command.RemoveParticipant)
    house.wait(limits.LOST_CLEANUP_S)
    assert house.take(Command.RemoveParticipant)


def test_media_that_comes_back_in_time_changes_nothing(house: House) -> None:
    anna = house.join("anna")
    anna.event(Event.Disconnected(anna.id))
    house.wait(limits.ICE_FAILED_S - 0.5)
    anna.connect()
    house.wait(60)
    assert not anna.is_hung_up


def test_who_the_engine_ended_must_come_afresh(house: House) -> None:
    anna = house.join("anna")
    anna.event(Event.Gone(anna.id, "panic"))
    leave = anna.last("leave")
    assert (leave.action, leave.can_reconnect) == (Action.RECONNECT, True)
    assert not house.take(Command.RemoveParticipant), "the engine has forgotten it already"


def test_an_empty_room_closes_after_the_departure_timeout(house: House) -> None:
    anna = house.join("anna")
    anna.say(leave=rtc.LeaveRequest())
    house.wait(limits.DEPARTURE_TIMEOUT_S - 1)
    assert house.rooms.find("room")
    house.wait(2)
    assert house.rooms.find("room") is None
    assert house.happened[-1] == "room_finished"


def test_a_stopping_server_tells_everybody_to_come_back(house: House) -> None:
    anna, boris = house.join("anna"), house.join("boris")
    house.rooms.close()
    for client in (anna, boris):
        leave = client.last("leave")
        assert (leave.reason, leave.action) == (Reason.SERVER_SHUTDOWN, Action.RECONNECT)
        assert client.is_hung_up
    assert len(house.take(Command.RemoveParticipant)) == 2


def test_a_token_is_refreshed_at_once_and_every_five_minutes(house: House) -> None:
    anna = house.join("anna")
    assert len(anna.all("refresh_token")) == 1
    house.wait(limits.TOKEN_REFRESH_S + 1)
    assert len(anna.all("refresh_token")) == 2


def test_a_bad_offer_in_the_join_ends_that_session_with_a_reason(house: House) -> None:
    boris = house.join("boris")

    def spoil(request: rtc.JoinRequest) -> None:
        request.publisher_offer.sdp = "v=0\r\nnonsense"

    anna = house.join("anna", connected=False, change=spoil)
    assert anna.kinds()[0] == "join"
    assert anna.last("leave").action == Action.RECONNECT
    assert not boris.is_hung_up


# --- resume ------------------------------------------------------------------------------


def resume(house: House, client: object, **fields: object) -> None:
    request = rtc.JoinRequest(reconnect=True, **fields)  # type: ignore[arg-type]
    client.is_hung_up = False  # type: ignore[attr-defined]
    house.rooms.join(client.claims, request, client)  # type: ignore[attr-defined,arg-type]


def test_a_resume_begins_with_reconnect_and_tells_what_was_missed(house: House) -> None:
    anna, boris = house.join("anna"), house.join("boris")
    house.wait(1)
    house.rooms.signal_lost(anna.id, anna)
    house.wait(1)
    boris.say(leave=rtc.LeaveRequest())
    house.join("clara")
    house.wait(1)
    heard_before = len(anna.heard)
    resume(house, anna, participant_sid=anna.sid)
    assert anna.kinds()[heard_before] == "reconnect"
    assert set(anna.sees()) == {"clara"}


def test_a_resume_of_somebody_unknown_is_refused_at_once(house: House) -> None:
    with pytest.raises(MessageRefused) as refusal:
        house.rooms.join(claims("anna"), rtc.JoinRequest(reconnect=True), house.join("x"))
    assert refusal.value.action == Action.RECONNECT


def test_a_resume_of_another_session_of_the_same_identity_is_refused(house: House) -> None:
    anna = house.join("anna")
    with pytest.raises(MessageRefused):
        resume(house, anna, participant_sid="PA_other")


def test_nobody_resumes_another_by_taking_its_sid_for_a_name(house: House) -> None:
    anna = house.join("anna")
    thief = Client(house, claims(anna.sid), OfferText())
    with pytest.raises(MessageRefused):
        house.rooms.join(thief.claims, rtc.JoinRequest(reconnect=True), thief)
    assert not anna.is_hung_up


def test_the_old_socket_of_a_resumed_session_takes_nothing_with_it(house: House) -> None:
    anna = house.join("anna")
    newer = house.join("other")
    request = rtc.JoinRequest(reconnect=True, participant_sid=anna.sid)
    house.rooms.join(anna.claims, request, newer)
    assert anna.is_hung_up
    house.rooms.signal_lost(anna.id, anna)
    house.wait(limits.SIGNAL_LOST_S + 1)
    assert house.room().find("anna")


def test_an_ice_restart_keeps_the_association_and_changes_the_credentials(house: House) -> None:
    anna = house.join("anna")
    (added,) = house.take(Command.AddParticipant)
    anna.make_offer(OfferText(ufrag="NEWU", pwd="anotherPwdOf22LettersXX"))
    (restart,) = house.take(Command.RestartIce)
    assert (restart.remote_ufrag, restart.participant) == ("NEWU", anna.id)
    assert restart.ufrag != added.ufrag
    assert f"a=ice-ufrag:{restart.ufrag}" in anna.last("answer").sdp
    assert len(house.take(Command.SetRemote)) == 1


def test_a_resume_with_tracks_of_another_session_must_come_afresh(house: House) -> None:
    anna = house.join("anna")
    track = rtc.TrackPublishedResponse(track=models.TrackInfo(sid="TR_unknown"))
    anna.say(sync_state=rtc.SyncState(publish_tracks=[track]))
    assert anna.last("leave").action == Action.RECONNECT


def test_a_client_that_does_not_resume_is_removed(house: House) -> None:
    anna = house.join("anna")
    boris = house.join("boris")
    house.rooms.signal_lost(anna.id, anna)
    house.wait(limits.SIGNAL_LOST_S - 1)
    assert "anna" in boris.sees()
    house.wait(2)
    assert "anna" not in boris.sees()


# --- own words -----------------------------------------------------------------------------


def test_the_sender_hears_its_own_change(house: House) -> None:
    anna = house.join("anna", claim=claims("anna", can_update_own_metadata=True))
    anna.say(
        update_metadata=rtc.UpdateParticipantMetadata(metadata="m", attributes={"a": "1", "b": ""})
    )
    own = anna.last("update").participants[-1]
    assert (own.metadata, dict(own.attributes)) == ("m", {"a": "1"})
    anna.say(update_metadata=rtc.UpdateParticipantMetadata(attributes={"a": ""}))
    own = anna.last("update").participants[-1]
    assert (own.metadata, dict(own.attributes)) == ("m", {})


def test_without_the_grant_a_change_is_refused_by_its_request_id(house: House) -> None:
    anna = house.join("anna")
    anna.say(update_metadata=rtc.UpdateParticipantMetadata(metadata="m", request_id=7))
    response = anna.last("request_response")
    assert (response.request_id, response.reason) == (7, rtc.RequestResponse.NOT_ALLOWED)


@pytest.mark.parametrize(("extra", "is_accepted"), [(-1, True), (0, True), (1, False)])
def test_metadata_has_a_limit(house: House, extra: int, is_accepted: bool) -> None:
    anna = house.join("anna", claim=claims("anna", can_update_own_metadata=True))
    text = "x" * (limits.METADATA_BYTES + extra)
    anna.say(update_metadata=rtc.UpdateParticipantMetadata(metadata=text))
    reason = anna.last("request_response").reason
    assert (reason == rtc.RequestResponse.OK) == is_accepted


def test_versions_of_a_participant_rise(house: House) -> None:
    anna = house.join("anna", claim=claims("anna", can_update_own_metadata=True))
    for word in "abc":
        anna.say(update_metadata=rtc.UpdateParticipantMetadata(metadata=word))
    versions = [u.participants[-1].version for u in anna.all("update")]  # type: ignore[attr-defined]
    assert versions == sorted(set(versions))
