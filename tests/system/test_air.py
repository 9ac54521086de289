"""A whole meeting over real sockets: from the sound-check to the end, with everything that happens.

Halls and people are unmodified SDKs in processes of their own that never stop sending: who is
heard is decided by the server alone. The log that the meeting leaves is read line by line.
"""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from livekit import rtc

from tests.support.meetings import conducted_meeting
from tests.support.server import Server, running
from veche.domain.account import Account, AccountId, GlobalRole
from veche.domain.invitation import Invitation, hash_secret, make_secret
from veche.domain.meeting import MeetingNumber, OrganisationId, ParticipationId, Phase, SiteId
from veche.services.passwords import Passwords
from veche.services.signing_in import SigningIn, Visitor
from veche.store import Database
from veche.web.security import OWN_HEADER, OWN_HEADER_VALUE, SESSION_COOKIE

NUMBER = MeetingNumber(67)
PITCHES = {"minsk": 440.0, "kursk": 660.0, "vetrova": 880.0}
IDENTITIES = {"minsk": "hall-minsk", "kursk": "hall-kursk", "vetrova": "person-vetrova"}
CUT_SECONDS = 40
CARD_SECONDS = 3.0
PATIENCE_SECONDS = 40.0
"""Above every bar: a crowded machine is told by the printed figures and not by a red test."""


class Ears:
    """A spectator who knows everybody by the pitch of his voice."""

    def __init__(self) -> None:
        self.room = rtc.Room()
        self.pitches: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.room.on("track_subscribed", self._take)

    async def listen(self, media: dict[str, str]) -> None:
        await self.room.connect(media["url"], media["token"])

    async def leave(self) -> None:
        await self.room.disconnect()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take(self, track: Any, _: object, who: rtc.RemoteParticipant) -> None:  # Any: SDK's
        if track.kind == rtc.TrackKind.KIND_AUDIO:
            self._tasks.add(asyncio.create_task(self._hear(track, who.identity)))

    async def _hear(self, track: rtc.RemoteAudioTrack, identity: str) -> None:
        heard = np.zeros(0, np.int16)
        async for event in rtc.AudioStream(track, sample_rate=48_000, num_channels=1):
            heard = np.concatenate([heard, np.frombuffer(event.frame.data, np.int16)])
            if len(heard) >= 4_800:
                is_silent = np.abs(heard).mean() < 200
                spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
                self.pitches[identity] = (
                    0.0 if is_silent else float(np.argmax(spectrum)) * 48_000 / len(heard)
                )
                heard = heard[:0]

    def heard(self) -> set[str]:
        """Whose own voice sounds now."""
        return {
            who
            for who, pitch in PITCHES.items()
            if abs(self.pitches.get(IDENTITIES[who], 0.0) - pitch) < 25
        }


class Meeting:
    """The doors of one meeting for those who conduct it."""

    def __init__(self, server: Server, operator: str, secrets: dict[str, str]) -> None:
        self.server = server
        self.secrets = secrets
        self._operator = {"Cookie": f"{SESSION_COOKIE}={operator}"}

    def ask(self, who: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Status and answer. `who` is the operator or the holder of a link."""
        headers = {OWN_HEADER: OWN_HEADER_VALUE}
        if who == "operator":
            headers |= self._operator
        else:
            headers["Authorization"] = f"Link {self.secrets[who]}"
        path = f"/api/v1/meetings/67/{path}"
        if body is None:
            status, _, text = self.server.get(path, **headers)
        else:
            status, _, text = self.server.post(path, json.dumps(body), **headers)
        return status, json.loads(text)

    def command(self, who: str, name: str, **body: Any) -> int:
        status, answer = self.ask(who, "commands", {"command": name, **body})
        assert status in (200, 409), answer
        return status

    def stage(self) -> dict[str, Any]:
        stage: dict[str, Any] = json.loads(self.server.get("/api/v1/meetings/67/stage")[2])
        return stage

    def log(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.ask("operator", "log?after=0")[1]["entries"]
        return entries

    def held_back(self) -> set[str]:
        """Who has spoken at a closed gate."""
        entries = (it for it in self.log() if it["kind"] == "voice_held_back")
        return {it["body"]["identity"] for it in entries}

    def is_lost(self, identity: str) -> bool:
        cells = self.stage()["stage"]["cells"]
        return any(cell["identity"] == identity and cell["is_lost"] for cell in cells)


def plan(data: Path) -> tuple[str, dict[str, str]]:
    """The meeting, its links and an operator, before the server starts. Cookie and secrets."""

    def now() -> datetime:
        return datetime.now(UTC)

    data.mkdir()
    meeting = conducted_meeting(phase=Phase.ANNOUNCED)
    places: dict[str, dict[str, Any]] = {
        "minsk": {"site": SiteId("minsk")},
        "kursk": {"site": SiteId("kursk")},
        "vetrova": {"participation": ParticipationId("vetrova")},
        "popkov": {"participation": ParticipationId("popkov")},
        "krivolapov": {"participation": ParticipationId("krivolapov")},
    }
    secrets = {name: make_secret() for name in places}
    account = Account(
        id=AccountId("operator"),
        login="operator",
        name="О. Лис",
        role=GlobalRole.OPERATOR,
        organisation=OrganisationId("ministry"),
    )
    with Database.open(data, now) as database, Passwords() as passwords:
        with database.write() as unit:
            unit.meetings.put(replace(meeting, organisation=OrganisationId("ministry")))
            unit.accounts.add(account, None)
            for name, place in places.items():
                unit.invitations.put(Invitation(hash_secret(secrets[name]), NUMBER, **place))
        begun = SigningIn(database, passwords, now, time.monotonic).begin(
            account, Visitor("127.0.0.1", None, "a test")
        )
    return begun.token, secrets


@contextmanager
def client(server: Server, name: str, secret: str) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.hall_client", server.url, str(PITCHES[name])],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            assert process.stdin is not None
            process.stdin.write(f"{secret}\n".encode())
            process.stdin.flush()
            yield process
        finally:
            process.kill()


async def until(condition: Callable[[], bool], what: str) -> float:
    """How long it took, in seconds."""
    began = time.monotonic()
    while not await asyncio.to_thread(condition):
        assert time.monotonic() - began < PATIENCE_SECONDS, f"not in time: {what}"
        await asyncio.sleep(0.05)
    return time.monotonic() - began


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@pytest.mark.timeout(420)
async def test_a_whole_meeting_from_the_sound_check_to_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    cookie, secrets = plan(data)
    ports = (
        *("--port", str(free_port(socket.SOCK_STREAM))),
        *("--media-port", str(free_port(socket.SOCK_DGRAM))),
    )
    figures: dict[str, float] = {}
    with running("serve", data, *ports) as server:
        meeting = Meeting(server, cookie, secrets)
        with (
            client(server, "minsk", secrets["minsk"]),
            client(server, "kursk", secrets["kursk"]) as kursk,
        ):
            await check_and_gather(meeting)
            await on_the_air(meeting, figures, kursk)
            before = meeting.stage()
            killed_at = time.monotonic()
            server.process.kill()
            server.process.wait()
            with running("serve", data, *ports) as again:
                meeting.server = again
                await after_the_restart(meeting, figures, before, killed_at)
                check_the_log(meeting.log())
                assert "Traceback" not in "".join(again.lines)
        assert "Traceback" not in "".join(server.lines)
    with capsys.disabled():
        print("\n" + "; ".join(f"{name} {seconds:.2f} s" for name, seconds in figures.items()))


async def check_and_gather(meeting: Meeting) -> None:
    """Sound-checks are made and accepted; who waits hears nothing and is told nothing."""
    assert meeting.command("operator", "move_phase", phase="sound_check") == 200
    for hall in ("minsk", "kursk"):
        assert meeting.command(hall, "report_check", findings={"level_db": -18.0}) == 200
    assert meeting.command("operator", "accept_check", site="minsk") == 200
    assert meeting.command("operator", "move_phase", phase="assembly") == 200
    assert meeting.command("operator", "move_phase", phase="on_air") == 409
    assert meeting.command("operator", "accept_check", site="kursk") == 200
    body = json.dumps({"secret": meeting.secrets["vetrova"]})
    assert meeting.server.post("/api/v1/join", body)[0] == 409
    assert meeting.server.post("/api/v1/meetings/67/watch")[0] == 409
    halls = {"hall-minsk", "hall-kursk"}
    await until(
        lambda: halls <= {it["body"]["identity"] for it in meeting.log() if it["kind"] == "joined"},
        "both halls are there",
    )


async def on_the_air(
    meeting: Meeting, figures: dict[str, float], kursk: "subprocess.Popen[bytes]"
) -> None:
    assert meeting.command("operator", "move_phase", phase="on_air") == 200
    ears = Ears()
    await ears.listen(json.loads(meeting.server.post("/api/v1/meetings/67/watch")[2])["media"])
    try:
        # While nobody has the floor the hall of who leads is heard, and the other sends in vain.
        await until(lambda: ears.heard() == {"minsk"}, "who leads is heard")
        await until(lambda: "hall-kursk" in meeting.held_back(), "who sends in vain is in the log")
        assert meeting.command("popkov", "grant_floor", participation="krivolapov") == 200
        figures["floor"] = await until(lambda: ears.heard() == {"kursk"}, "the floor goes over")
        await alone_and_ceremony(meeting, ears)
        await a_cut_line(meeting, ears, figures, kursk)
    finally:
        await ears.leave()


async def alone_and_ceremony(meeting: Meeting, ears: Ears) -> None:
    assert meeting.command("krivolapov", "end_floor", grant=1) == 200
    with client(meeting.server, "vetrova", meeting.secrets["vetrova"]):
        assert meeting.command("vetrova", "ask_floor", participation="vetrova") == 200
        # Two chairs at one moment, for two people.
        answers = await asyncio.gather(
            asyncio.to_thread(
                meeting.command, "popkov", "grant_floor", participation="vetrova", kind="speech"
            ),
            asyncio.to_thread(
                meeting.command, "krivolapov", "grant_floor", participation="vetrova"
            ),
        )
        assert sorted(answers) == [200, 409]
        await until(lambda: ears.heard() == {"vetrova"}, "one who joins alone is heard")
        assert (
            meeting.command(
                "operator", "start_cue", kind="anthem", title={"ru": "Гимн"}, is_urgent=True
            )
            == 200
        )
        await until(lambda: ears.heard() == set(), "nobody is heard during the anthem")
        assert meeting.stage()["stage"]["cue"]["kind"] == "anthem"
        assert meeting.command("popkov", "stop_cue") == 200
        await until(lambda: ears.heard() == {"minsk"}, "who leads is heard again")


async def a_cut_line(
    meeting: Meeting, ears: Ears, figures: dict[str, float], kursk: "subprocess.Popen[bytes]"
) -> None:
    assert meeting.command("popkov", "grant_floor", participation="krivolapov") == 200
    await until(lambda: ears.heard() == {"kursk"}, "the hall speaks before it is cut")
    kursk.send_signal(signal.SIGSTOP)
    cut_at = time.monotonic()
    figures["card"] = await until(lambda: meeting.is_lost("hall-kursk"), "the card")
    await asyncio.sleep(max(0.0, cut_at + CUT_SECONDS - time.monotonic()))
    kursk.send_signal(signal.SIGCONT)
    figures["return"] = await until(
        lambda: ears.heard() == {"kursk"} and not meeting.is_lost("hall-kursk"), "the return"
    )


async def after_the_restart(
    meeting: Meeting, figures: dict[str, float], before: dict[str, Any], killed_at: float
) -> None:
    now = meeting.stage()
    assert now["stage"]["speaker"] == before["stage"]["speaker"]
    assert (now["phase"], now["on_air_since"]) == (before["phase"], before["on_air_since"])
    assert now["clock_ms"] >= before["clock_ms"]
    assert now["stage"]["sequence"] > before["stage"]["sequence"]
    ears = Ears()
    await ears.listen(json.loads(meeting.server.post("/api/v1/meetings/67/watch")[2])["media"])
    try:
        await until(lambda: ears.heard() == {"kursk"}, "the speech goes on after the restart")
        figures["restart"] = time.monotonic() - killed_at
        assert meeting.command("popkov", "end_floor", grant=3) == 200
        await until(lambda: ears.heard() == {"minsk"}, "the chair leads after the restart")
        assert meeting.command("operator", "next_item") == 200
        assert meeting.command("operator", "move_phase", phase="closed") == 200
    finally:
        await ears.leave()


COMINGS_AND_GOINGS = {"joined", "left", "site_lost", "site_returned", "voice_held_back"}
"""They depend on when lines come up; the others are in one order."""


def check_the_log(log: list[dict[str, Any]]) -> None:
    assert [entry["number"] for entry in log] == list(range(1, len(log) + 1))
    times = [entry["at_ms"] for entry in log]
    assert times == sorted(times)
    assert [entry["kind"] for entry in log if entry["kind"] not in COMINGS_AND_GOINGS] == [
        "phase_changed",  # sound-check
        "check_reported",
        "check_reported",
        "check_decided",
        "phase_changed",  # assembly
        "command_refused",  # on the air without the second check
        "check_decided",
        "phase_changed",  # on the air
        "record_begun",
        "picture_taken",
        "item_begun",
        "floor_granted",
        "floor_ended",
        "floor_asked",
        "floor_granted",
        "command_refused",  # the chair who was later
        "floor_ended",  # by the anthem
        "cue_started",
        "cue_ended",
        "floor_granted",  # cut and restarted
        "floor_ended",
        "item_begun",
        "phase_changed",  # closed
    ]
    begun = next(entry for entry in log if entry["kind"] == "record_begun")
    air = next(entry for entry in log if entry["body"].get("to") == "on_air")
    assert (begun["at_ms"], begun["at"]) == (air["at_ms"], air["at"])
    ended = [entry["body"] for entry in log if entry["kind"] == "floor_ended"]
    granted = [entry["body"] for entry in log if entry["kind"] == "floor_granted"]
    assert [body["grant"] for body in ended] == [body["grant"] for body in granted] == [1, 2, 3]
    assert ended[2]["spoken_ms"] >= CUT_SECONDS * 1000
    gaps = [entry["body"] for entry in log if entry["kind"] == "site_returned"]
    assert any(
        gap["site"] == "kursk" and gap["lasted_ms"] >= (CUT_SECONDS - CARD_SECONDS) * 1000
        for gap in gaps
    )
