"""A place of a meeting as a process of its own: an unmodified LiveKit SDK that never stops sending.

    python -m tests.support.hall_client http://127.0.0.1:8067 440    (its secret on standard input)

It shows a small picture and sounds a tone whether it has the floor or not, as a patched client
would, and comes in again whenever it has been thrown out. Stopped by a signal, it is a cut line.
"""

import asyncio
import json
import sys
import urllib.request

import numpy as np
from livekit import rtc

RATE = 48_000
FRAME = RATE // 50
WIDTH, HEIGHT, FRAMES_PER_SECOND = 160, 90, 8
AGAIN_SECONDS = 0.5


def ask_for_place(server: str, secret: str) -> dict[str, str]:
    request = urllib.request.Request(
        f"{server}/api/v1/join",
        json.dumps({"secret": secret}).encode(),
        {"Content-Type": "application/json", "X-Requested-With": "veche"},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        media: dict[str, str] = json.load(answer)["media"]
    return media


async def be_there(server: str, secret: str, pitch_hz: float) -> None:
    media = await asyncio.to_thread(ask_for_place, server, secret)
    room, is_over = rtc.Room(), asyncio.Event()
    room.on("disconnected", lambda *_: is_over.set())
    await room.connect(media["url"], media["token"], rtc.RoomOptions(auto_subscribe=False))
    audio, video = rtc.AudioSource(RATE, 1), rtc.VideoSource(WIDTH, HEIGHT)
    voice = rtc.LocalAudioTrack.create_audio_track("voice", audio)
    camera = rtc.LocalVideoTrack.create_video_track("camera", video)
    microphone = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
    picture = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA, simulcast=False)
    await room.local_participant.publish_track(voice, microphone)
    await room.local_participant.publish_track(camera, picture)
    sending = [asyncio.create_task(sound(audio, pitch_hz)), asyncio.create_task(show(video))]
    try:
        await is_over.wait()
    finally:
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
        await room.disconnect()


async def sound(source: rtc.AudioSource, pitch_hz: float) -> None:
    at = 0
    while True:
        phase = 2 * np.pi * pitch_hz * (np.arange(FRAME) + at) / RATE
        samples = (np.sin(phase) * 12_000).astype(np.int16)
        await source.capture_frame(rtc.AudioFrame(samples.tobytes(), RATE, 1, FRAME))
        at += FRAME


async def show(source: rtc.VideoSource) -> None:
    shade = 0
    while True:
        shade = (shade + 9) % 256
        pixels = np.full((HEIGHT, WIDTH, 4), shade, np.uint8).tobytes()
        source.capture_frame(rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.RGBA, pixels))
        await asyncio.sleep(1 / FRAMES_PER_SECOND)


async def always(server: str, secret: str, pitch_hz: float) -> None:
    while True:
        try:
            await be_there(server, secret, pitch_hz)
        except Exception as error:
            # The edge of a client: whatever the SDK throws, it comes back.
            print(f"coming back: {type(error).__name__}", file=sys.stderr)
        await asyncio.sleep(AGAIN_SECONDS)


if __name__ == "__main__":
    asyncio.run(always(sys.argv[1], sys.stdin.readline().strip(), float(sys.argv[2])))
