"""A spectator of the demonstration: an unmodified LiveKit SDK that counts what arrives.

    python -m tests.support.watcher http://10.67.0.1:8067

run in another network waits until it has seen and heard both halls, and says how much.
"""

import asyncio
import json
import sys
import urllib.request
from collections import Counter

from livekit import rtc

HALLS = {"hall-minsk", "hall-kursk"}
ENOUGH_PICTURES = 30
ENOUGH_SOUNDS = 20


class Watcher:
    """A spectator: counts pictures and loud pieces of sound of each hall."""

    def __init__(self, url: str) -> None:
        request = urllib.request.Request(
            f"{url}/api/v1/meetings/67/watch", b"", {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            self._media = json.load(answer)["media"]
        self.pictures: Counter[str] = Counter()
        self.loud: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = rtc.Room()
        self._room.on("track_subscribed", self._take)

    async def __aenter__(self) -> "Watcher":
        await self._room.connect(self._media["url"], self._media["token"])
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._room.disconnect()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take(
        self, track: rtc.Track, _: rtc.RemoteTrackPublication, who: rtc.RemoteParticipant
    ) -> None:
        count = self._look if track.kind == rtc.TrackKind.KIND_VIDEO else self._hear
        self._tasks.add(asyncio.create_task(count(track, who.identity)))

    async def _look(self, track: rtc.Track, identity: str) -> None:
        async for _ in rtc.VideoStream(track):
            self.pictures[identity] += 1

    async def _hear(self, track: rtc.Track, identity: str) -> None:
        async for event in rtc.AudioStream(track):
            self.loud[identity] += max(map(abs, event.frame.data), default=0) > 3_000

    def has_seen_and_heard_both(self) -> bool:
        return all(
            self.pictures[hall] >= ENOUGH_PICTURES and self.loud[hall] >= ENOUGH_SOUNDS
            for hall in HALLS
        )


async def _watch(url: str) -> None:
    async with Watcher(url) as watcher:
        while not watcher.has_seen_and_heard_both():  # noqa: ASYNC110 - counters have no event
            await asyncio.sleep(0.1)
        print(json.dumps({"pictures": watcher.pictures, "loud": watcher.loud}))


if __name__ == "__main__":
    asyncio.run(_watch(sys.argv[1]))
