"""A client of the LiveKit wire that signals only: its media is somebody else's (`engine/load`).

Writes SDP by hand, in the form that the SDKs write it: three sections of each kind to receive
in, one for data, and one more for each track sent. Answers `media_sections_requirement` as an
SDK does, so that any LiveKit server takes it for an ordinary single-connection client.
"""

import asyncio
import base64
import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Self

from livekit.protocol import models, rtc
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

OPUS, VP8, RTX = 111, 96, 97
_EXTENSIONS: Final = {
    "audio": ["a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level"],
    "video": ["a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"],
}
_MID: Final = "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid"


@dataclass(frozen=True, slots=True)
class Sent:
    """A track that the client's media half sends."""

    cid: str
    kind: str
    """"audio" or "video"."""
    ssrc: int


@dataclass(frozen=True, slots=True)
class Credentials:
    """What one end's description says of itself."""

    ufrag: str
    pwd: str
    fingerprint: str
    """Hexadecimal, without the name of the hash."""


@dataclass
class Signal:
    """One session. `meet` is called once, with the server's credentials and media port."""

    url: str
    token: str
    own: Credentials
    tracks: list[Sent] = field(default_factory=list)
    server: asyncio.Future[tuple[Credentials, int | None]] = field(init=False)
    subscribed: dict[str, str] = field(default_factory=dict)
    """mid -> track sid, of the last answer."""
    _socket: ClientConnection = field(init=False)
    _task: asyncio.Task[None] = field(init=False)
    _added: list[Sent | str] = field(default_factory=list)
    """Sections beyond the first seven, in order of birth: a track, or a kind to receive."""
    _offers: int = 0
    _awaited: set[str] = field(default_factory=set)
    _published: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        self.server = asyncio.get_running_loop().create_future()
        join = rtc.JoinRequest(
            client_info=models.ClientInfo(
                sdk=models.ClientInfo.SDK.PYTHON, version="1.2.1", protocol=16
            ),
            connection_settings=rtc.ConnectionSettings(auto_subscribe=True),
            publisher_offer=self._offer(),
        )
        wrapped = rtc.WrappedJoinRequest(join_request=join.SerializeToString())
        query = base64.urlsafe_b64encode(wrapped.SerializeToString()).decode()
        self._socket = await connect(
            f"{self.url}/rtc/v1?join_request={query}",
            additional_headers={"Authorization": f"Bearer {self.token}"},
            compression=None,
            max_size=None,
        )
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *exception: object) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self._socket.close()

    async def publish(self) -> None:
        """Announces the tracks, offers their sections, waits until they are negotiated."""
        for track in self.tracks:
            is_video = track.kind == "video"
            camera, microphone = models.TrackSource.CAMERA, models.TrackSource.MICROPHONE
            request = rtc.AddTrackRequest(
                cid=track.cid,
                name=track.kind,
                type=models.TrackType.VIDEO if is_video else models.TrackType.AUDIO,
                source=camera if is_video else microphone,
                width=1280 if is_video else 0,
                height=720 if is_video else 0,
            )
            await self._send(rtc.SignalRequest(add_track=request))
            self._awaited.add(track.cid)
        self._added += self.tracks
        await self._send(rtc.SignalRequest(offer=self._offer()))
        await asyncio.wait_for(self._published.wait(), 10)

    async def _listen(self) -> None:
        pings = asyncio.create_task(self._ping())
        try:
            async for frame in self._socket:
                assert isinstance(frame, bytes)
                await self._handle(rtc.SignalResponse.FromString(frame))
        finally:
            pings.cancel()

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(5)
            await self._send(rtc.SignalRequest(ping=1))

    async def _handle(self, response: rtc.SignalResponse) -> None:
        match response.WhichOneof("message"):
            case "answer":
                self._learn(response.answer)
            case "media_sections_requirement":
                wanted = response.media_sections_requirement
                self._added += ["audio"] * wanted.num_audios + ["video"] * wanted.num_videos
                await self._send(rtc.SignalRequest(offer=self._offer()))
            case "trickle" if not self.server.done():
                self._learn_candidate(response.trickle.candidateInit)
            case "track_published":
                self._awaited.discard(response.track_published.cid)
                if not self._awaited:
                    self._published.set()

    def _learn(self, answer: rtc.SessionDescription) -> None:
        self.subscribed = dict(answer.mid_to_track_id)
        if self.server.done():
            return
        self._credentials = Credentials(
            _value(answer.sdp, r"a=ice-ufrag:(\S+)"),
            _value(answer.sdp, r"a=ice-pwd:(\S+)"),
            _value(answer.sdp, r"a=fingerprint:sha-256 (\S+)"),
        )
        self._learn_candidate(answer.sdp)

    def _learn_candidate(self, text: str) -> None:
        """Media goes to the first UDP candidate on the loopback."""
        found = re.search(r"candidate:\S+ 1 udp \d+ 127\.0\.0\.1 (\d+)", text)
        if found:
            self.server.set_result((self._credentials, int(found[1])))

    async def _send(self, request: rtc.SignalRequest) -> None:
        with contextlib.suppress(ConnectionClosed):
            await self._socket.send(request.SerializeToString())

    def _offer(self) -> rtc.SessionDescription:
        self._offers += 1
        return rtc.SessionDescription(type="offer", sdp="\r\n".join(self._lines()), id=self._offers)

    def _lines(self) -> Iterable[str]:
        sections = [*self._sections()]
        yield from (
            "v=0",
            "o=- 1 1 IN IP4 127.0.0.1",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE " + " ".join(str(mid) for mid in range(len(sections))),
            "a=msid-semantic: WMS *",
        )
        for mid, section in enumerate(sections):
            yield section[0]
            yield from (
                "c=IN IP4 0.0.0.0",
                f"a=ice-ufrag:{self.own.ufrag}",
                f"a=ice-pwd:{self.own.pwd}",
                f"a=fingerprint:sha-256 {self.own.fingerprint}",
                "a=setup:active",  # the media half is a DTLS client
                f"a=mid:{mid}",
            )
            yield from section[1:]
        yield ""

    def _sections(self) -> Iterable[list[str]]:
        """Three and three, data, then whatever was added: sections are never moved."""
        for kind in ("audio", "video"):
            yield from [_section(kind, ["a=recvonly"])] * 3
        yield ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5000"]
        for added in self._added:
            if isinstance(added, str):
                yield _section(added, ["a=recvonly"])
                continue
            yield _section(
                added.kind,
                [
                    "a=sendonly",
                    f"a=msid:stream {added.cid}",
                    f"a=ssrc:{added.ssrc} cname:load",
                    f"a=ssrc:{added.ssrc} msid:stream {added.cid}",
                ],
            )


def _section(kind: str, direction: list[str]) -> list[str]:
    if kind == "audio":
        codecs = [f"m=audio 9 UDP/TLS/RTP/SAVPF {OPUS}", f"a=rtpmap:{OPUS} opus/48000/2"]
    else:
        codecs = [
            f"m=video 9 UDP/TLS/RTP/SAVPF {VP8} {RTX}",
            f"a=rtpmap:{VP8} VP8/90000",
            *(f"a=rtcp-fb:{VP8} {it}" for it in ("nack", "nack pli", "ccm fir", "goog-remb")),
            f"a=rtpmap:{RTX} rtx/90000",
            f"a=fmtp:{RTX} apt={VP8}",
        ]
    return [*codecs, _MID, *_EXTENSIONS[kind], "a=rtcp-mux", "a=rtcp-rsize", *direction]


def _value(sdp: str, pattern: str) -> str:
    found = re.search(pattern, sdp)
    assert found, f"no {pattern} in the answer"
    return found[1]
