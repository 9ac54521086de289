"""How long a join takes and what a participant costs, with the unmodified Python SDK.

Prints: start of the built server to "accepting joins", first and second; a join from the
opening of the socket to the first decoded sound (p50, p95, spread); resident memory per
participant. All on the loopback, client and server on one machine.
"""

import argparse
import asyncio
import statistics
import time

from livekit import api, rtc

from tests.bench.servers import Server, veche
from tests.support.sfu import KEY, SECRET

RATE = 48_000
PATIENCE_SECONDS = 15.0


def _token(identity: str, *, may_publish: bool) -> str:
    grants = api.VideoGrants(room_join=True, room="bench", can_publish=may_publish)
    return api.AccessToken(KEY, SECRET).with_identity(identity).with_grants(grants).to_jwt()


async def _speak(source: rtc.AudioSource) -> None:
    """A rough tone, for ever; the source itself keeps the pace."""
    samples = (b"\x00\x20" * 40 + b"\x00\xe0" * 40) * 6
    while True:
        await source.capture_frame(rtc.AudioFrame(samples, RATE, 1, RATE // 100))


async def _join(server: Server, identity: str) -> tuple[rtc.Room, float]:
    """The room, and seconds from opening the socket to the first decoded sound."""
    room = rtc.Room()
    heard: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def listen(track: rtc.Track) -> None:
        async for _ in rtc.AudioStream(track):
            if not heard.done():
                heard.set_result(time.perf_counter())
            return

    tasks: list[asyncio.Task[None]] = []
    room.on(
        "track_subscribed", lambda track, *_: tasks.append(asyncio.ensure_future(listen(track)))
    )
    began = time.perf_counter()
    await room.connect(server.url, _token(identity, may_publish=False))
    return room, await asyncio.wait_for(heard, PATIENCE_SECONDS) - began


def _milliseconds(values: list[float]) -> str:
    ordered = sorted(value * 1e3 for value in values)
    p95 = ordered[max(0, round(len(ordered) * 0.95) - 1)]
    return (
        f"p50 {statistics.median(ordered):.0f} ms, p95 {p95:.0f} ms, "
        f"spread {ordered[0]:.0f}..{ordered[-1]:.0f} ms, n {len(ordered)}"
    )


async def _measure(joins: int) -> None:
    starts = []
    for _ in range(2):
        began = time.perf_counter()
        with veche():
            starts.append(time.perf_counter() - began)
    print(f"start    | first {starts[0]:.2f} s, second {starts[1]:.2f} s to accepting joins")
    with veche() as server:
        speaker = rtc.Room()
        await speaker.connect(server.url, _token("speaker", may_publish=True))
        source = rtc.AudioSource(RATE, 1)
        track = rtc.LocalAudioTrack.create_audio_track("voice", source)
        await speaker.local_participant.publish_track(track)
        speaking = asyncio.create_task(_speak(source))
        warm, _ = await _join(server, "warm")
        resident = server.resident_bytes()
        rooms, durations = [warm], []
        for number in range(joins):
            room, duration = await _join(server, f"listener-{number}")
            rooms.append(room)
            durations.append(duration)
        grown = (server.resident_bytes() - resident) / joins / 1024
        print(f"join     | socket to first decoded sound: {_milliseconds(durations)}")
        print(f"memory   | {grown:.0f} kB resident per listener, Python and engine together")
        speaking.cancel()
        for room in [*rooms, speaker]:
            await room.disconnect()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Join latency and memory per participant.")
    parser.add_argument("--joins", type=int, default=30)
    asyncio.run(_measure(parser.parse_args().joins))
