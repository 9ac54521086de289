"""People with the unmodified Python SDK, who speak in tones and show grey pictures.

Everybody has a pitch of its own, so a listener can say *whom* it hears and not only that it hears.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any  # the SDK's events are untyped

import numpy as np
from livekit import rtc

from .sfu import Sfu

RATE = 48_000
_FRAME = RATE // 100
_PATIENCE_S = 15.0


class Person:
    def __init__(self, sfu: Sfu, identity: str) -> None:
        self.sfu = sfu
        self.identity = identity
        self.room = rtc.Room()
        self.pitches: dict[str, float] = {}
        """What is heard of whom at this moment, in Hz; 0 for silence."""
        self.pictures: Counter[str] = Counter()
        """Frames seen, by identity."""
        self.events: list[tuple[str, Any]] = []
        self.tracks: dict[str, rtc.LocalTrackPublication] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._streams: dict[str, list[Any]] = defaultdict(list)
        for name in (
            "participant_connected",
            "participant_disconnected",
            "track_published",
            "track_unpublished",
            "track_muted",
            "track_unmuted",
            "data_received",
            "participant_metadata_changed",
            "participant_attributes_changed",
            "room_metadata_changed",
            "active_speakers_changed",
            "local_track_unpublished",
            "disconnected",
            "reconnecting",
            "reconnected",
        ):
            self.room.on(name, self._recorder(name))
        self.room.on("track_subscribed", self._take_track)

    def _recorder(self, name: str) -> Callable[..., None]:
        def record(*arguments: Any) -> None:
            self.events.append((name, arguments))

        return record

    def heard_of(self, name: str) -> list[Any]:
        return [arguments for kind, arguments in self.events if kind == name]

    # --- coming and going --------------------------------------------------------------------

    async def connect(self, **grants: object) -> None:
        await self.room.connect(self.sfu.url, self.sfu.token(self.identity, **grants))

    async def leave(self) -> None:
        await self.room.disconnect()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- sending -----------------------------------------------------------------------------

    async def speak(self, pitch_hz: float) -> rtc.LocalTrackPublication:
        source = rtc.AudioSource(RATE, 1)
        track = rtc.LocalAudioTrack.create_audio_track("voice", source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        publication = await self.room.local_participant.publish_track(track, options)
        self.tracks["voice"] = publication
        self._spawn(_tone(source, pitch_hz))
        return publication

    async def show(
        self, width: int = 320, height: int = 180, codec: int = rtc.VideoCodec.VP8
    ) -> rtc.LocalTrackPublication:
        source = rtc.VideoSource(width, height)
        track = rtc.LocalVideoTrack.create_video_track("picture", source)
        options = rtc.TrackPublishOptions(
            source=rtc.TrackSource.SOURCE_CAMERA,
            video_codec=codec,  # type: ignore[arg-type]  # the stub gives enum values as int
        )
        publication = await self.room.local_participant.publish_track(track, options)
        self.tracks["picture"] = publication
        self._spawn(_grey(source, width, height))
        return publication

    # --- receiving ---------------------------------------------------------------------------

    def _take_track(
        self, track: Any, publication: rtc.RemoteTrackPublication, sender: rtc.RemoteParticipant
    ) -> None:
        if publication.kind == rtc.TrackKind.KIND_AUDIO:
            self._spawn(self._listen(track, sender.identity))
        else:
            self._spawn(self._watch(track, sender.identity))

    async def _listen(self, track: rtc.RemoteAudioTrack, sender: str) -> None:
        window = np.zeros(0, np.int16)
        async for event in rtc.AudioStream(track, sample_rate=RATE, num_channels=1):
            window = np.concatenate([window, np.frombuffer(event.frame.data, np.int16)])
            if len(window) >= RATE // 5:
                self.pitches[sender] = _pitch(window)
                window = window[:0]

    async def _watch(self, track: rtc.RemoteVideoTrack, sender: str) -> None:
        async for _ in rtc.VideoStream(track):
            self.pictures[sender] += 1

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def hears(self, identity: str, pitch_hz: float) -> bool:
        return abs(self.pitches.get(identity, 0.0) - pitch_hz) < 20

    def sees_more(self, identity: str, frames: int = 5) -> Callable[[], bool]:
        """True once so many more pictures of somebody have come than until now."""
        before = self.pictures[identity]
        return lambda: self.pictures[identity] >= before + frames


async def until(condition: Callable[[], bool], what: str, patience_s: float = _PATIENCE_S) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(patience_s):
            while not condition():  # noqa: ASYNC110  # the SDK's state has no event for it
                await asyncio.sleep(0.02)
            return
    raise AssertionError(f"not within {patience_s} s: {what}")


async def _tone(source: rtc.AudioSource, pitch_hz: float) -> None:
    at = 0
    while True:
        phase = 2 * np.pi * pitch_hz * (np.arange(_FRAME) + at) / RATE
        samples = (np.sin(phase) * 12_000).astype(np.int16)
        await source.capture_frame(rtc.AudioFrame(samples.tobytes(), RATE, 1, _FRAME))
        at += _FRAME


async def _grey(source: rtc.VideoSource, width: int, height: int) -> None:
    shade = 0
    while True:
        shade = (shade + 8) % 256
        picture = np.full((height, width, 4), shade, np.uint8).tobytes()
        source.capture_frame(rtc.VideoFrame(width, height, rtc.VideoBufferType.RGBA, picture))
        await asyncio.sleep(1 / 15)


def _pitch(samples: np.ndarray[Any, np.dtype[np.int16]]) -> float:
    if np.abs(samples).mean() < 200:
        return 0.0
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE / len(samples))


@asynccontextmanager
async def people(sfu: Sfu, *identities: str, **grants: object) -> AsyncIterator[list[Person]]:
    """Connected people who leave at the end, however the test ends."""
    all_of_them = [Person(sfu, identity) for identity in identities]
    try:
        for person in all_of_them:
            await person.connect(**grants)
        yield all_of_them
    finally:
        for person in all_of_them:
            await person.leave()
