"""The HTTP edge: refusals before the upgrade, validation, a session over a WebSocket, Twirp."""

import asyncio
import base64
import gzip
import json
import tracemalloc
from collections.abc import AsyncIterator, Callable
from typing import Any  # arguments of messages and grants

import httpx
import jwt
import pytest
from livekit.api import AccessToken, VideoGrants
from livekit.protocol import models, rtc
from livekit.protocol import room as api
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.edge import Edge, Socket, serving
from tests.support.offers import OfferText
from tests.support.wire import KEYS, House
from veche.livekit import limits, service
from veche.livekit.refusals import JoinRefused
from veche.livekit.server import create_wire_app, decode_join_request, is_wire_path

JOIN = VideoGrants(room_join=True, room="room")


def token(identity: str = "anna", grants: VideoGrants = JOIN) -> str:
    made = AccessToken("key", KEYS.secrets["key"]).with_grants(grants)
    return made.with_identity(identity).to_jwt()


def join_request(**fields: Any) -> str:
    request = rtc.JoinRequest(
        connection_settings=rtc.ConnectionSettings(auto_subscribe=True),
        publisher_offer=rtc.SessionDescription(type="offer", sdp=str(OfferText())),
        **fields,
    )
    return wrap(gzip.compress(request.SerializeToString()), rtc.WrappedJoinRequest.GZIP)


def wrap(body: bytes, compression: rtc.WrappedJoinRequest.Compression) -> str:
    wrapped = rtc.WrappedJoinRequest(compression=compression, join_request=body)
    return base64.urlsafe_b64encode(wrapped.SerializeToString()).decode().rstrip("=")


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def edge(house: House) -> AsyncIterator[Edge]:
    async with serving(create_wire_app(house.rooms, KEYS)) as edge:
        yield edge


def query(**changes: str) -> dict[str, str]:
    return {"access_token": token(), "join_request": join_request(), **changes}


async def test_health_is_ok(edge: Edge) -> None:
    assert ((await edge.http.get("/")).status_code, (await edge.http.get("/")).text) == (200, "OK")


async def test_a_join_answers_with_join_and_answer(edge: Edge) -> None:
    async with edge.connect("/rtc/v1", query()) as socket:
        first = await next_message(socket)
        assert first.join.participant.identity == "anna"
        kinds = [(await next_message(socket)).WhichOneof("message") for _ in range(2)]
        assert "answer" in kinds


async def test_the_token_may_come_by_header_and_the_path_with_two_slashes(edge: Edge) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    only_request = {"join_request": join_request()}
    async with edge.connect("//rtc/v1", only_request, headers) as socket:
        assert (await next_message(socket)).HasField("join")


REFUSALS: dict[str, tuple[Callable[[], dict[str, str]], int]] = {
    "no token": (lambda: query(access_token=""), 401),
    "bad token": (lambda: query(access_token="x.y.z"), 401),
    "no right to join": (lambda: query(access_token=token(grants=VideoGrants(room="room"))), 401),
    "no room": (lambda: query(access_token=bare_token(room="")), 400),
    "no identity": (lambda: query(access_token=bare_token(identity="")), 400),
    "long identity": (lambda: query(access_token=token("x" * (limits.NAME_LETTERS + 1))), 400),
    "no join request": (lambda: query(join_request=""), 400),
    "not base64": (lambda: query(join_request="!!!"), 400),
    "not a message": (
        lambda: query(join_request=wrap(b"\xff\xff", rtc.WrappedJoinRequest.NONE)),
        400,
    ),
    "not gzip": (lambda: query(join_request=wrap(b"xx", rtc.WrappedJoinRequest.GZIP)), 400),
}


def bare_token(identity: str = "anna", room: str = "room") -> str:
    """What livekit-api itself refuses to make."""
    claims = {
        "iss": "key",
        "sub": identity,
        "exp": 2**33,
        "video": {"roomJoin": True, "room": room},
    }
    return jwt.encode(claims, KEYS.secrets["key"], algorithm="HS256")


@pytest.mark.parametrize(("make", "status"), REFUSALS.values(), ids=REFUSALS)
async def test_a_refusal_comes_before_the_upgrade_and_validate_repeats_it(
    edge: Edge, make: Callable[[], dict[str, str]], status: int
) -> None:
    asked = make()
    denial = await denied(edge, "/rtc/v1", asked)
    validated = await edge.http.get("/rtc/v1/validate", params=asked)
    for response in (denial, validated):
        assert response.status_code == status
        assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert denial.text == validated.text
    assert asked["access_token"] not in validated.text or not asked["access_token"]


async def test_validate_says_success_when_the_join_would_work(edge: Edge) -> None:
    response = await edge.http.get("/rtc/v1/validate", params=query())
    assert (response.status_code, response.text) == (200, "success")


async def test_a_full_room_has_a_readable_refusal_in_both_places(edge: Edge, house: House) -> None:
    house.join("boris")
    house.room().config.max_participants = 1
    response = await edge.http.get("/rtc/v1/validate", params=query())
    assert (response.status_code, response.text) == (403, "the room is full")
    denial = await denied(edge, "/rtc/v1", query())
    assert (denial.status_code, denial.text) == (403, "the room is full")


async def test_the_old_path_serves_one_connection_and_nothing_else(edge: Edge) -> None:
    async with edge.connect("/rtc", query()) as socket:
        assert (await next_message(socket)).HasField("join")
    old = {"access_token": token()}
    denial = await denied(edge, "/rtc", old)
    assert denial.status_code == 404
    validated = await edge.http.get("/rtc/validate", params=old)
    assert validated.status_code == 404
    assert "requested room does not exist" not in validated.text, "that means another thing"


@pytest.mark.parametrize(("extra", "is_accepted"), [(-1, True), (0, True), (1, False)])
def test_a_join_request_has_a_limit_after_unpacking(extra: int, is_accepted: bool) -> None:
    empty = rtc.JoinRequest(metadata="").SerializeToString()
    request = rtc.JoinRequest(publisher_offer=rtc.SessionDescription(sdp="x"))
    overhead = (
        len(
            rtc.JoinRequest(
                publisher_offer=rtc.SessionDescription(sdp="x" * limits.JOIN_REQUEST_BYTES)
            ).SerializeToString()
        )
        - limits.JOIN_REQUEST_BYTES
    )
    request.publisher_offer.sdp = "x" * (limits.JOIN_REQUEST_BYTES - overhead + extra)
    text = wrap(gzip.compress(request.SerializeToString()), rtc.WrappedJoinRequest.GZIP)
    assert not empty
    if is_accepted:
        decode_join_request(text)
    else:
        with pytest.raises(JoinRefused):
            decode_join_request(text)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 32 * limits.MIB)
    assert len(bomb) < limits.JOIN_REQUEST_TEXT * 3 // 4
    text = wrap(bomb, rtc.WrappedJoinRequest.GZIP)
    tracemalloc.start()
    with pytest.raises(JoinRefused):
        decode_join_request(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < limits.MIB


@pytest.mark.parametrize("padding", ["", "="])
def test_padding_is_optional(padding: str) -> None:
    decode_join_request(join_request() + padding)


async def denied(edge: Edge, path: str, asked: dict[str, str]) -> httpx.Response:
    """The HTTP answer that stands in the way of a WebSocket."""
    with pytest.raises(InvalidStatus) as refusal:
        async with edge.connect(path, asked):
            pass
    response = refusal.value.response
    return httpx.Response(
        response.status_code, headers=dict(response.headers), content=bytes(response.body or b"")
    )


async def next_message(socket: Socket) -> rtc.SignalResponse:
    async with asyncio.timeout(5):
        frame = await socket.recv()
    assert isinstance(frame, bytes)
    return rtc.SignalResponse.FromString(frame)


# --- a session -----------------------------------------------------------------------------


async def hear(socket: Socket, kind: str) -> rtc.SignalResponse:
    """The next message of a kind; the test client raises when the socket closes before."""
    while True:
        message = await next_message(socket)
        if message.WhichOneof("message") == kind:
            return message


async def say(socket: Socket, **message: Any) -> None:
    await socket.send(rtc.SignalRequest(**message).SerializeToString())


async def test_both_kinds_of_ping_are_answered(edge: Edge) -> None:
    async with edge.connect("/rtc/v1", query()) as socket:
        await say(socket, ping=5)
        assert (await hear(socket, "pong")).pong > 0
        await say(socket, ping_req=rtc.Ping(timestamp=42))
        assert (await hear(socket, "pong_resp")).pong_resp.last_ping_timestamp == 42


async def test_a_goodbye_closes_the_socket_and_frees_the_place(edge: Edge, house: House) -> None:
    async with edge.connect("/rtc/v1", query()) as socket:
        await say(socket, leave=rtc.LeaveRequest())
        async for _ in socket:
            pass
    assert not house.room().participants


async def test_a_resume_of_nobody_is_answered_by_come_afresh(edge: Edge) -> None:
    asked = query(join_request=join_request(reconnect=True, participant_sid="PA_x"))
    async with edge.connect("/rtc/v1", asked) as socket:
        leave = (await next_message(socket)).leave
        assert leave.action == rtc.LeaveRequest.RECONNECT
        with pytest.raises(ConnectionClosed) as closed:
            await next_message(socket)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1000


@pytest.mark.parametrize("frame", [b"\xff\xff\xff", b"\x0a\xff\xff\xff\xff\x0f"])
async def test_a_frame_that_cannot_be_read_ends_its_sender_alone(
    edge: Edge, house: House, frame: bytes
) -> None:
    other = house.join("boris")
    async with edge.connect("/rtc/v1", query()) as socket:
        await socket.send(frame)
        assert (await hear(socket, "leave")).leave.reason == models.DisconnectReason.STATE_MISMATCH
    assert not other.is_hung_up
    assert [p.identity for p in house.room().participants.values()] == ["boris"]


async def test_a_text_frame_ends_its_sender(edge: Edge) -> None:
    async with edge.connect("/rtc/v1", query()) as socket:
        await socket.send("{}")
        assert (await hear(socket, "leave")).leave.action == rtc.LeaveRequest.RECONNECT


@pytest.mark.parametrize(("extra", "is_accepted"), [(-1, True), (0, True), (1, False)])
async def test_a_plain_message_has_a_limit(edge: Edge, extra: int, is_accepted: bool) -> None:
    async with edge.connect("/rtc/v1", query()) as socket:
        overhead = len(request_of("x" * limits.FRAME_BYTES)) - limits.FRAME_BYTES
        frame = request_of("x" * (limits.FRAME_BYTES - overhead + extra))
        assert len(frame) == limits.FRAME_BYTES + extra
        await socket.send(frame)
        await say(socket, ping=1)
        answer = await hear(socket, "pong" if is_accepted else "leave")
        assert answer.HasField("leave") != is_accepted


def request_of(text: str) -> bytes:
    trickle = rtc.TrickleRequest(candidateInit=text)
    return rtc.SignalRequest(trickle=trickle).SerializeToString()


async def test_a_flood_ends_the_flooder(edge: Edge, house: House) -> None:
    other = house.join("boris")
    async with edge.connect("/rtc/v1", query()) as socket:
        for _ in range(int(limits.MESSAGE_BURST) + 300):
            await say(socket, trickle=rtc.TrickleRequest())
        assert (await hear(socket, "leave")).leave.action == rtc.LeaveRequest.DISCONNECT
    assert not other.is_hung_up


# --- the server API --------------------------------------------------------------------------


ADMIN = VideoGrants(room_admin=True, room="room", room_create=True, room_list=True)


def admin_token(grants: VideoGrants = ADMIN) -> str:
    return token(grants=grants)


async def test_rooms_are_made_listed_and_deleted(edge: Edge, house: House) -> None:
    made = await edge.call(
        "CreateRoom", {"name": "room", "empty_timeout": 60, "maxParticipants": 5}, admin_token()
    )
    assert (made.status_code, made.json()["max_participants"]) == (200, 5)
    listed = (await edge.call("ListRooms", {}, admin_token())).json()["rooms"]
    assert [room["name"] for room in listed] == ["room"]
    boris = house.join("boris")
    assert (await edge.call("DeleteRoom", {"room": "room"}, admin_token())).status_code == 200
    assert boris.last("leave").reason == models.DisconnectReason.ROOM_DELETED
    missing = await edge.call("DeleteRoom", {"room": "room"}, admin_token())
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


async def test_protobuf_is_answered_in_protobuf(edge: Edge, house: House) -> None:
    house.join("boris")
    response = await edge.http.post(
        f"http://127.0.0.1:{edge.port}//twirp/livekit.RoomService/ListParticipants",
        content=api.ListParticipantsRequest(room="room").SerializeToString(),
        headers={
            "Authorization": f"Bearer {token(grants=ADMIN)}",
            "Content-Type": "application/protobuf",
        },
    )
    listed = api.ListParticipantsResponse.FromString(response.content)
    assert [p.identity for p in listed.participants] == ["boris"]


async def test_a_removed_participant_with_a_revoked_token_does_not_return(
    edge: Edge, house: House
) -> None:
    boris = house.join("boris")
    body = {"room": "room", "identity": "boris", "revoke_token_ts": 2**32}
    assert (await edge.call("RemoveParticipant", body, admin_token())).status_code == 200
    leave = boris.last("leave")
    assert leave.reason == models.DisconnectReason.PARTICIPANT_REMOVED
    assert leave.action == rtc.LeaveRequest.DISCONNECT
    again = await edge.http.get("/rtc/v1/validate", params=query(access_token=token("boris")))
    assert again.status_code == 401
    assert (await edge.http.get("/rtc/v1/validate", params=query())).status_code == 200


async def test_a_permission_change_takes_forbidden_tracks_away(edge: Edge, house: House) -> None:
    from tests.unit.livekit.test_tracks import camera, microphone

    anna, boris = house.join("anna"), house.join("boris")
    voice = microphone(anna)
    picture = camera(anna)
    permission = {"can_subscribe": True, "can_publish": True, "can_publish_sources": ["CAMERA"]}
    body = {"room": "room", "identity": "anna", "permission": permission}
    assert (await edge.call("UpdateParticipant", body, admin_token())).status_code == 200
    assert anna.last("track_unpublished").track_sid == voice
    assert [t.sid for t in boris.sees()["anna"].tracks] == [picture]
    own = anna.last("update").participants[-1].permission
    assert list(own.can_publish_sources) == [models.TrackSource.CAMERA]
    anna.add_track("again")
    assert anna.last("request_response").reason == rtc.RequestResponse.NOT_ALLOWED


async def test_a_server_side_mute_is_told_to_the_publisher_and_gated(
    edge: Edge, house: House
) -> None:
    from tests.unit.livekit.test_tracks import microphone
    from veche.engine import Command

    anna, boris = house.join("anna"), house.join("boris")
    voice = microphone(anna)
    body = {"room": "room", "identity": "anna", "track_sid": voice, "muted": True}
    assert (await edge.call("MutePublishedTrack", body, admin_token())).json()["track"]["muted"]
    assert anna.last("mute").muted
    assert boris.sees()["anna"].tracks[0].muted
    (gate,) = house.take(Command.SetGate)
    assert not gate.is_open
    unmute = await edge.call("MutePublishedTrack", {**body, "muted": False}, admin_token())
    assert (unmute.status_code, unmute.json()["code"]) == (412, "failed_precondition")


async def test_data_from_the_server_is_said_once(edge: Edge, house: House) -> None:
    from veche.engine import Command

    house.join("anna").open_channels()
    nonce = base64.b64encode(b"n" * 16).decode()
    body = {"room": "room", "data": "aGk=", "kind": "RELIABLE", "topic": "t", "nonce": nonce}
    for _ in range(2):
        assert (await edge.call("SendData", body, admin_token())).status_code == 200
    (sent,) = house.take(Command.SendData)
    packet = models.DataPacket.FromString(sent.payload)
    assert (packet.user.payload, packet.participant_identity) == (b"hi", "")


async def test_room_metadata_reaches_everybody(edge: Edge, house: House) -> None:
    anna = house.join("anna")
    await edge.call("UpdateRoomMetadata", {"room": "room", "metadata": "news"}, admin_token())
    assert anna.last("room_update").room.metadata == "news"


GRANT_CASES = {
    "create": VideoGrants(room_admin=True, room="room", room_list=True),
    "list": VideoGrants(room_admin=True, room="room", room_create=True),
    "admin": VideoGrants(room_admin=True, room="other", room_create=True, room_list=True),
}


@pytest.mark.parametrize("method", service.CALLS)
async def test_a_call_without_its_grant_is_refused(edge: Edge, house: House, method: str) -> None:
    house.join("anna")
    grants = GRANT_CASES[service.CALLS[method].needs]
    body = {"room": "room", "identity": "anna"}
    response = await edge.call(method, body, admin_token(grants))
    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")


async def test_calls_without_a_token_and_unknown_methods_are_refused(edge: Edge) -> None:
    response = await edge.http.post("/twirp/livekit.RoomService/ListRooms", json={})
    assert response.status_code == 401
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert (await edge.call("Nonsense", {}, admin_token())).status_code == 404
    assert (await edge.call("MoveParticipant", {}, admin_token())).status_code == 501


async def test_a_malformed_body_is_refused(edge: Edge) -> None:
    headers = {"Authorization": f"Bearer {token(grants=ADMIN)}", "Content-Type": "application/json"}
    for body in (b"{", b"[]", b"\xff", b"[" * 100_000):
        response = await edge.http.post(
            "/twirp/livekit.RoomService/ListRooms", content=body, headers=headers
        )
        assert response.status_code == 400, json.loads(response.content)


async def test_a_body_has_a_limit(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TWIRP_BODY_BYTES", 100)
    for size, is_accepted in ((99, True), (100, True), (101, False)):
        response = await edge.http.post(
            "/twirp/livekit.RoomService/ListRooms",
            content=b"x" * size,
            headers={"Authorization": f"Bearer {token(grants=ADMIN)}"},
        )
        assert (response.status_code != 413) == is_accepted


@pytest.mark.parametrize(
    ("path", "is_ours"),
    [
        ("/rtc", True),
        ("/rtc/v1", True),
        ("//rtc/v1", True),
        ("/twirp/livekit.RoomService/ListRooms", True),
        ("/", False),
        ("/rtcx", False),
        ("/m/67", False),
    ],
)
def test_wire_paths_are_known(path: str, is_ours: bool) -> None:
    assert is_wire_path(path) == is_ours
