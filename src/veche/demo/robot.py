"""The robot halls: ordinary LiveKit clients with a drawn picture and a spoken speech.

    python -m veche.demo.robot    (one line of instructions on standard input, kept open)

A process of its own, because the SDK's native library (libwebrtc) starts threads, takes its
share of the processor and may fall: none of that may touch the server it shows. It comes in as
people do, by a personal link, and whenever the line breaks for good it comes in again.
"""

import asyncio
import contextlib
import json
import logging
import signal
import sys
import time
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from livekit import rtc

from veche.demo.hall_picture import HEIGHT, LOOKS, WIDTH, HallPicture
from veche.demo.heard_floor import HeardFloor
from veche.demo.speeches import Speech, read_speech

FRAMES_PER_SECOND: Final = 15
"""15 pictures of 960 by 540 cost 0.3 of a core a hall, drawing and VP8 together."""
VIDEO_BITRATE_BPS: Final = 900_000
AUDIO_FRAME_SECONDS: Final = 0.02
AUDIO_QUEUE_MS: Final = 200
COME_BACK_SECONDS: Final = (0.5, 1.0, 2.0, 4.0)
"""The last one again and again: a server that restarts is back within 3 s."""
REQUEST_TIMEOUT_SECONDS: Final = 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Instructions:
    """What the supervisor writes to standard input."""

    server: str
    """The robots' own door, plain and on loopback, as `http://127.0.0.1:40067`."""
    secrets: dict[str, str]
    """Secret of its personal link by hall: not on the command line, where everybody reads it."""
    zones: dict[str, str]
    meeting: int


class Hall:
    """One robot: comes in, publishes, and comes in again whenever it is thrown out."""

    def __init__(self, name: str, instructions: Instructions, speech: Speech) -> None:
        self._name = name
        self._instructions = instructions
        self._speech = speech
        self._floor = HeardFloor(
            instructions.server, instructions.meeting, instructions.secrets[name], name
        )
        self._zone = ZoneInfo(instructions.zones[name])
        self._picture = HallPicture(LOOKS[name])

    async def run(self) -> None:
        failures = 0
        while True:
            try:
                await self._be_there()
                failures = 0
            except Exception as error:
                # The edge of a robot: whatever the SDK throws, the hall comes back. One line a
                # failure that lasts, not one an attempt.
                if failures == 0:
                    _log.warning("hall %s: %s, coming back", self._name, type(error).__name__)
                failures += 1
            await asyncio.sleep(COME_BACK_SECONDS[min(failures, len(COME_BACK_SECONDS) - 1)])

    async def _be_there(self) -> None:
        """Until the SDK gives the connection up; it mends short breaks by itself."""
        place = await asyncio.to_thread(self._ask_for_place)
        room = rtc.Room()
        is_over = asyncio.Event()
        room.on("disconnected", lambda *_: is_over.set())
        # Not the address that people are told: that may be reached from outside only.
        url = self._instructions.server.replace("http", "ws", 1)
        await room.connect(url, place["media"]["token"], rtc.RoomOptions(auto_subscribe=False))
        try:
            await self._publish(room, is_over)
        finally:
            await room.disconnect()

    async def _publish(self, room: rtc.Room, is_over: asyncio.Event) -> None:
        video = rtc.VideoSource(WIDTH, HEIGHT)
        audio = rtc.AudioSource(self._speech.rate_hz, 1, AUDIO_QUEUE_MS)
        camera = rtc.LocalVideoTrack.create_video_track("camera", video)
        microphone = rtc.LocalAudioTrack.create_audio_track("microphone", audio)
        await room.local_participant.publish_track(
            camera,
            rtc.TrackPublishOptions(
                source=rtc.TrackSource.SOURCE_CAMERA,
                simulcast=False,
                video_codec=rtc.VideoCodec.VP8,
                video_encoding=rtc.VideoEncoding(
                    max_bitrate=VIDEO_BITRATE_BPS, max_framerate=FRAMES_PER_SECOND
                ),
            ),
        )
        await room.local_participant.publish_track(
            microphone, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        )
        _log.info("hall %s is on the air", self._name)
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._show(video)),
                group.create_task(self._speak(audio)),
            ]
            await is_over.wait()
            for task in tasks:
                task.cancel()

    async def _show(self, source: rtc.VideoSource) -> None:
        began = time.monotonic()
        count = 0
        while True:
            now = datetime.now(self._zone)
            is_speaking = self._floor.place_in_speech() is not None
            seconds = time.monotonic() - began
            pixels = self._picture.frame(now, seconds, is_speaking=is_speaking)
            source.capture_frame(
                rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.RGB24, pixels),
                timestamp_us=round(seconds * 1_000_000),
            )
            count = max(count + 1, round(seconds * FRAMES_PER_SECOND))
            await asyncio.sleep(max(0.0, began + count / FRAMES_PER_SECOND - time.monotonic()))

    async def _speak(self, source: rtc.AudioSource) -> None:
        """Its speech while it has the floor, silence else; the source sets the pace."""
        rate_hz = self._speech.rate_hz
        count = round(rate_hz * AUDIO_FRAME_SECONDS)
        at: int | None = None
        while True:
            place = self._floor.place_in_speech()
            if place is None:
                at = None
            elif at is None:
                at = round(place * rate_hz)
            else:
                at += count
            piece = bytes(count * 2) if at is None else self._speech.piece(at, count)
            await source.capture_frame(rtc.AudioFrame(piece, rate_hz, 1, count))

    def _ask_for_place(self) -> dict[str, Any]:  # Any: JSON
        """The answer to the join request, as any client gets it."""
        request = urllib.request.Request(  # noqa: S310 - our own server, by http
            f"{self._instructions.server}/api/v1/join",
            data=json.dumps({"secret": self._instructions.secrets[self._name]}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=REQUEST_TIMEOUT_SECONDS) as answer:  # noqa: S310
            place: dict[str, Any] = json.load(answer)
        return place


async def run_halls(instructions: Instructions) -> None:
    async with asyncio.TaskGroup() as group:
        for hall in instructions.secrets:
            group.create_task(Hall(hall, instructions, read_speech(hall)).run())


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    # The SDK tells every step of every connection; what matters of it we say ourselves.
    logging.getLogger("livekit").setLevel(logging.ERROR)
    instructions = Instructions(**json.loads(sys.stdin.readline()))
    loop = asyncio.new_event_loop()
    halls = loop.create_task(run_halls(instructions))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, halls.cancel)
    # Nothing more is ever written: the pipe becomes readable when its other end is gone.
    loop.add_reader(sys.stdin, halls.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        loop.run_until_complete(halls)


if __name__ == "__main__":
    main()
