"""A meeting of unmodified Python SDK clients over the real engine."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from livekit import api, rtc

from tests.support.sdk import Person, people, until
from tests.support.sfu import Sfu


@pytest.fixture(scope="module")
def sfu() -> Iterator[Sfu]:
    with Sfu() as sfu:
        yield sfu


@pytest.fixture
async def service(sfu: Sfu) -> AsyncIterator[api.LiveKitAPI]:
    async with sfu.service() as service:
        yield service


async def test_two_people_hear_and_see_each_other(sfu: Sfu) -> None:
    async with people(sfu, "anna", "boris") as (anna, boris):
        await anna.speak(440)
        await anna.show()
        await boris.speak(700)
        await boris.show()
        await until(lambda: anna.hears("boris", 700), "anna hears boris")
        await until(lambda: boris.hears("anna", 440), "boris hears anna")
        await until(anna.sees_more("boris"), "anna sees boris")
        await until(boris.sees_more("anna"), "boris sees anna")


async def test_h264_is_published_and_decoded_as_vp8_is(sfu: Sfu, service: api.LiveKitAPI) -> None:
    async with people(sfu, "anna", "boris") as (anna, boris):
        await anna.show(codec=rtc.VideoCodec.H264)
        await until(boris.sees_more("anna"), "boris sees anna's H264")
        asked = api.RoomParticipantIdentity(room="room", identity="anna")
        (track,) = (await service.room.get_participant(asked)).tracks
        assert track.mime_type.lower() == "video/h264"


async def test_a_late_joiner_finds_the_tracks_and_hears_them(
    sfu: Sfu, service: api.LiveKitAPI
) -> None:
    async with people(sfu, "anna") as (anna,):
        await anna.speak(440)
        await anna.show()
        asked = api.RoomParticipantIdentity(room="room", identity="anna")

        async def has_both() -> None:
            while len((await service.room.get_participant(asked)).tracks) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

        await asyncio.wait_for(has_both(), 10)
        async with people(sfu, "late") as (late,):
            tracks = late.room.remote_participants["anna"].track_publications
            assert {track.name for track in tracks.values()} == {"voice", "picture"}
            await until(lambda: late.hears("anna", 440), "late hears anna")
            await until(late.sees_more("anna"), "late sees anna")


async def test_everybody_of_five_is_heard_and_seen_by_a_sixth(sfu: Sfu) -> None:
    names = [f"speaker-{number}" for number in range(5)]
    async with people(sfu, *names) as speakers, people(sfu, "listener") as (listener,):
        for number, speaker in enumerate(speakers):
            await speaker.speak(300 + 150 * number)
            await speaker.show(160, 90)
        for number, name in enumerate(names):
            pitch = 300 + 150 * number
            await until(lambda n=name, p=pitch: listener.hears(n, p), f"{name} is heard", 30)  # type: ignore[misc]
            await until(listener.sees_more(name), f"{name} is seen", 30)
        first = speakers[0]
        for number, name in enumerate(names[1:], 1):
            pitch = 300 + 150 * number
            await until(lambda n=name, p=pitch: first.hears(n, p), f"{name} heard by the first", 30)  # type: ignore[misc]


async def test_a_muted_voice_is_silent_and_shown_as_muted(sfu: Sfu) -> None:
    async with people(sfu, "anna", "boris") as (anna, boris):
        publication = await anna.speak(440)
        await until(lambda: boris.hears("anna", 440), "boris hears anna")
        track = publication.track
        assert isinstance(track, rtc.LocalAudioTrack)
        track.mute()
        await until(lambda: bool(boris.heard_of("track_muted")), "boris is told")
        await until(lambda: boris.hears("anna", 0), "silence")
        track.unmute()
        await until(lambda: boris.hears("anna", 440), "boris hears anna again")


async def test_a_track_can_be_left_and_taken_again(sfu: Sfu) -> None:
    async with people(sfu, "anna", "boris") as (anna, boris):
        await anna.show()
        await until(boris.sees_more("anna"), "boris sees anna")
        (publication,) = boris.room.remote_participants["anna"].track_publications.values()
        publication.set_subscribed(False)
        await until(lambda: publication.track is None, "the track is gone")
        publication.set_subscribed(True)
        await until(boris.sees_more("anna"), "boris sees anna again")


async def test_a_stopped_track_disappears_and_a_new_one_is_heard(sfu: Sfu) -> None:
    async with people(sfu, "anna", "boris") as (anna, boris):
        publication = await anna.speak(440)
        await until(lambda: boris.hears("anna", 440), "boris hears anna")
        await anna.room.local_participant.unpublish_track(publication.sid)
        await until(lambda: bool(boris.heard_of("track_unpublished")), "boris is told")
        await anna.speak(900)
        await until(lambda: boris.hears("anna", 900), "boris hears the new voice")


# --- data ----------------------------------------------------------------------------------


def received(person: Person) -> list[tuple[bytes, str]]:
    packets = [packet for (packet,) in person.heard_of("data_received")]
    return [(p.data, p.participant.identity if p.participant else "") for p in packets]


@pytest.mark.parametrize("is_reliable", [True, False])
async def test_data_reaches_those_it_is_for(sfu: Sfu, is_reliable: bool) -> None:
    async with people(sfu, "anna", "boris", "clara") as (anna, boris, clara):
        say = anna.room.local_participant.publish_data
        await say(b"for boris", reliable=is_reliable, destination_identities=["boris"])
        await say(b"for all", reliable=is_reliable)
        await until(lambda: (b"for all", "anna") in received(clara), "clara gets what is for all")
        await until(lambda: len(received(boris)) == 2, "boris gets both")
        assert (b"for boris", "anna") in received(boris)
        assert received(clara) == [(b"for all", "anna")]
        assert received(anna) == []


async def test_a_text_stream_and_a_call_reach_the_other_side(sfu: Sfu) -> None:
    async with people(sfu, "anna", "boris") as (anna, boris):
        texts: asyncio.Queue[str] = asyncio.Queue()

        def take(reader: rtc.TextStreamReader, sender: str) -> None:
            async def read() -> None:
                await texts.put(f"{sender}: {await reader.read_all()}")

            boris._spawn(read())

        boris.room.register_text_stream_handler("lk.chat", take)
        text = "слово " * 10_000
        await anna.room.local_participant.send_text(text, topic="lk.chat")
        async with asyncio.timeout(10):
            assert await texts.get() == f"anna: {text}"

        async def answer(call: rtc.RpcInvocationData) -> str:
            return f"{call.caller_identity} asked {call.payload}"

        boris.room.local_participant.register_rpc_method("ask", answer)
        reply = await anna.room.local_participant.perform_rpc(
            destination_identity="boris", method="ask", payload="the time"
        )
        assert reply == "anna asked the time"


async def test_the_server_calls_a_participant(sfu: Sfu) -> None:
    async with people(sfu, "anna") as (anna,), httpx.AsyncClient() as http:

        async def answer(call: rtc.RpcInvocationData) -> str:
            return f"heard {call.payload}"

        anna.room.local_participant.register_rpc_method("ask", answer)
        reply = await http.post(
            sfu.url.replace("ws", "http") + "/twirp/livekit.RoomService/PerformRpc",
            json={"room": "room", "destinationIdentity": "anna", "method": "ask", "payload": "you"},
            headers={"Authorization": "Bearer " + sfu.token("server", room_admin=True)},
        )
        assert reply.json() == {"payload": "heard you"}


# --- words about oneself -----------------------------------------------------------------------


async def test_metadata_name_and_attributes_are_seen_by_others(sfu: Sfu) -> None:
    async with people(sfu, "anna", "boris", can_update_own_metadata=True) as (anna, boris):
        await anna.room.local_participant.set_metadata("minister")
        await anna.room.local_participant.set_attributes({"side": "host"})
        seen = boris.room.remote_participants["anna"]
        await until(
            lambda: (seen.metadata, seen.attributes.get("side")) == ("minister", "host"),
            "boris reads the new words",
        )


async def test_who_speaks_is_told(sfu: Sfu) -> None:
    async with people(sfu, "anna", "boris") as (anna, boris):
        await anna.speak(440)

        def anna_speaks() -> bool:
            lists = [speakers for (speakers,) in boris.heard_of("active_speakers_changed")]
            return any("anna" in [p.identity for p in speakers] for speakers in lists)

        await until(anna_speaks, "boris is told that anna speaks")


# --- the application's hand ---------------------------------------------------------------------


async def test_the_server_lists_mutes_writes_and_removes(sfu: Sfu, service: api.LiveKitAPI) -> None:
    async with people(sfu, "anna", "boris") as (anna, boris):
        publication = await anna.speak(440)
        await until(lambda: boris.hears("anna", 440), "boris hears anna")
        listed = await service.room.list_participants(api.ListParticipantsRequest(room="room"))
        assert {p.identity for p in listed.participants} == {"anna", "boris"}

        await service.room.mute_published_track(
            api.MuteRoomTrackRequest(
                room="room", identity="anna", track_sid=publication.sid, muted=True
            )
        )
        await until(lambda: bool(boris.heard_of("track_muted")), "boris is told of the mute")
        await until(lambda: boris.hears("anna", 0), "silence")

        await service.room.update_room_metadata(
            api.UpdateRoomMetadataRequest(room="room", metadata="on the air")
        )
        await until(lambda: boris.room.metadata == "on the air", "the room's words arrive")

        await service.room.send_data(
            api.SendDataRequest(
                room="room", data=b"bell", topic="t", destination_identities=["anna"]
            )
        )
        await until(lambda: (b"bell", "") in received(anna), "the server's data arrives")
        assert received(boris) == []

        await service.room.remove_participant(
            api.RoomParticipantIdentity(room="room", identity="anna")
        )
        await until(lambda: bool(anna.heard_of("disconnected")), "anna is out")
        ((reason,),) = anna.heard_of("disconnected")
        assert reason == rtc.DisconnectReason.PARTICIPANT_REMOVED
        await until(lambda: "anna" not in boris.room.remote_participants, "boris sees her leave")


async def test_a_withdrawn_permission_silences_at_once(sfu: Sfu, service: api.LiveKitAPI) -> None:
    async with people(sfu, "anna", "boris") as (anna, boris):
        await anna.speak(440)
        await until(lambda: boris.hears("anna", 440), "boris hears anna")
        listening = api.ParticipantPermission(can_subscribe=True, can_publish=False)
        await service.room.update_participant(
            api.UpdateParticipantRequest(room="room", identity="anna", permission=listening)
        )
        await until(lambda: bool(boris.heard_of("track_unpublished")), "the track is gone")
        assert not anna.room.local_participant.permissions.can_publish
        assert not boris.room.remote_participants["anna"].track_publications


async def test_the_same_identity_again_replaces_the_first(sfu: Sfu) -> None:
    async with people(sfu, "boris", "anna") as (boris, first):
        await first.speak(440)
        await until(lambda: boris.hears("anna", 440), "boris hears the first")
        async with people(sfu, "anna") as (second,):
            await until(lambda: bool(first.heard_of("disconnected")), "the first is out")
            ((reason,),) = first.heard_of("disconnected")
            assert reason == rtc.DisconnectReason.DUPLICATE_IDENTITY
            await second.speak(800)
            await until(lambda: boris.hears("anna", 800), "boris hears the second")


async def test_a_hidden_listener_is_not_seen_and_hears(sfu: Sfu) -> None:
    async with people(sfu, "anna") as (anna,):
        await anna.speak(440)
        async with people(sfu, "ghost", hidden=True, can_publish=False) as (ghost,):
            await until(lambda: ghost.hears("anna", 440), "the ghost hears")
            assert "ghost" not in anna.room.remote_participants
