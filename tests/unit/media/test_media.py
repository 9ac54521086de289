"""Our side of a media server: addresses, the engine's driver, tokens and calls."""

import asyncio
import time
from datetime import timedelta
from typing import TypeVar

import pytest
from google.protobuf.message import Message
from livekit.protocol import models
from livekit.protocol import room as api

from tests.support.rooms import QuietRooms
from veche.engine import Command, Event
from veche.livekit.tokens import Keys, verify
from veche.media.addresses import announced
from veche.media.embedded import EmbeddedMedia, EngineDriver
from veche.media.fake import FakeEngine
from veche.media.port import JoinPass, Permission, RoomFinished, RoomStarted, RoomWishes

ANY = "0.0.0.0"  # noqa: S104  # nothing is bound here
OWN = ["127.0.0.1", "::1", "192.0.2.7", "2001:db8::7", "fe80::1", "169.254.3.4"]


@pytest.mark.parametrize(
    ("bound", "configured", "expected"),
    [
        ([("127.0.0.1", 5)], [], [("127.0.0.1", 5)]),
        ([(ANY, 5)], [], [("192.0.2.7", 5)]),
        ([("::", 5)], [], [("2001:db8::7", 5)]),
        ([(ANY, 5), ("192.0.2.7", 5)], [], [("192.0.2.7", 5)]),
        ([(ANY, 5)], ["198.51.100.1"], [("198.51.100.1", 5)]),
        (
            [(ANY, 5), ("::", 6)],
            ["198.51.100.1", "2001:db8::9"],
            [("198.51.100.1", 5), ("2001:db8::9", 6)],
        ),
        ([(ANY, 5)], ["2001:db8::9"], []),
    ],
)
def test_announced_addresses(
    bound: list[tuple[str, int]], configured: list[str], expected: list[tuple[str, int]]
) -> None:
    assert list(announced(bound, configured, OWN)) == expected


def test_a_machine_without_a_network_announces_itself_to_itself() -> None:
    own = ["127.0.0.1", "::1", "fe80::1"]
    assert announced([("0.0.0.0", 7)], [], own) == (("127.0.0.1", 7),)  # noqa: S104
    assert announced([("::", 7)], [], own) == (("::1", 7),)


# --- the driver ------------------------------------------------------------------------------


async def test_events_reach_the_listener_in_order() -> None:
    engine = FakeEngine()
    driver = EngineDriver(engine)
    seen: list[int] = []
    done = asyncio.Event()

    def take(events: object) -> None:
        seen.extend(event.token for event in events)  # type: ignore[attr-defined]
        if len(seen) == 600:
            done.set()

    driver.start(take)
    engine.push(*(Event.Echo(number) for number in range(600)))
    await asyncio.wait_for(done.wait(), 2)
    assert seen == list(range(600))
    driver.stop()
    engine.close()


async def test_what_a_full_engine_cannot_take_is_kept_in_order() -> None:
    engine = FakeEngine()
    driver = EngineDriver(engine)
    driver.start(lambda events: None)
    engine.is_full = True
    driver.submit([Command.Echo(1)])
    driver.submit([Command.Echo(2)])
    engine.is_full = False
    driver.submit([Command.Echo(3)])
    assert engine.commands == []
    async with asyncio.timeout(2):
        while len(engine.commands) < 3:  # noqa: ASYNC110  # the driver retries by timer
            await asyncio.sleep(0.001)
    assert [command.token for command in engine.take_commands()] == [1, 2, 3]  # type: ignore[attr-defined]
    driver.stop()
    engine.close()


# --- tokens and calls ------------------------------------------------------------------------


EVERY_SOURCE = (
    models.TrackSource.CAMERA,
    models.TrackSource.MICROPHONE,
    models.TrackSource.SCREEN_SHARE,
    models.TrackSource.SCREEN_SHARE_AUDIO,
    models.TrackSource.UNKNOWN,
)
KEY, SECRET = "key", "s" * 32
A = TypeVar("A", bound=Message)


class RecordedCalls:
    def __init__(self, answer: Message | None = None) -> None:
        self.calls: list[tuple[str, Message]] = []
        self._answer = answer

    async def call(self, method: str, request: Message, answer: type[A]) -> A:
        self.calls.append((method, request))
        return self._answer if isinstance(self._answer, answer) else answer()


def test_a_minted_pass_says_what_the_permission_says() -> None:
    media = EmbeddedMedia(KEY, SECRET, RecordedCalls(), QuietRooms())
    token = media.mint(
        JoinPass(
            room="meeting-67",
            identity="hall-minsk",
            name="Мінск",
            attributes={"veche.kind": "hall"},
            permission=Permission(sources=frozenset(("microphone",)), is_hidden=False),
            lifetime=timedelta(minutes=10),
            room_wishes=RoomWishes(max_participants=40),
        )
    )
    claims = verify(token, Keys({KEY: SECRET}), time.time())
    assert (claims.identity, claims.name, claims.grants.room) == (
        "hall-minsk",
        "Мінск",
        "meeting-67",
    )
    assert claims.grants.may_publish_source(models.TrackSource.MICROPHONE)
    assert not claims.grants.may_publish_source(models.TrackSource.CAMERA)
    assert not claims.grants.can_publish_data
    assert claims.room_config is not None
    assert (claims.room_config.max_participants, claims.room_config.sync_streams) == (40, True)
    with pytest.raises(Exception, match="expired"):
        verify(token, Keys({KEY: SECRET}), time.time() + 700)


def test_a_pass_without_sources_may_publish_nothing() -> None:
    media = EmbeddedMedia(KEY, SECRET, RecordedCalls(), QuietRooms())
    token = media.mint(
        JoinPass("room", "spectator", Permission(is_hidden=True), timedelta(minutes=10))
    )
    grants = verify(token, Keys({KEY: SECRET}), time.time()).grants
    assert not any(grants.may_publish_source(source) for source in EVERY_SOURCE)
    assert grants.is_hidden


async def test_calls_carry_our_values_in_livekits_words() -> None:
    listed = api.ListParticipantsResponse(
        participants=[
            models.ParticipantInfo(
                identity="anna",
                state=models.ParticipantInfo.ACTIVE,
                tracks=[models.TrackInfo(sid="TR_1", source=models.TrackSource.MICROPHONE)],
            )
        ]
    )
    calls = RecordedCalls(listed)
    media = EmbeddedMedia(KEY, SECRET, calls, QuietRooms())
    (present,) = await media.participants("room")
    assert (present.identity, present.is_connected, present.tracks[0].source) == (
        "anna",
        True,
        "microphone",
    )
    await media.remove("room", "anna", revoke=True)
    await media.permit("room", "anna", Permission(sources=frozenset(("camera",))))
    await media.send_data("room", "t", b"x", frozenset(("anna",)))
    methods = dict(calls.calls)
    assert methods["RemoveParticipant"].revoke_token_ts > 0  # type: ignore[attr-defined]
    permission = methods["UpdateParticipant"].permission  # type: ignore[attr-defined]
    assert list(permission.can_publish_sources) == [models.TrackSource.CAMERA]
    assert methods["SendData"].destination_identities == ["anna"]  # type: ignore[attr-defined]


def test_a_listener_that_fails_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    media = EmbeddedMedia(KEY, SECRET, RecordedCalls(), QuietRooms())
    heard: list[object] = []

    def fail(news: object) -> None:
        raise ZeroDivisionError

    media.listen(fail)
    media.listen(heard.append)
    media.publish(RoomStarted("room"))
    media.publish(RoomFinished("room"))
    assert heard == [RoomStarted("room"), RoomFinished("room")]
    assert "a listener failed" in caplog.text
