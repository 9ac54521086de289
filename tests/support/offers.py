"""Offers as clients write them, built section by section."""

from dataclasses import dataclass, field, replace
from itertools import chain

AUDIO_CODECS = [
    "a=rtpmap:111 opus/48000/2",
    "a=rtcp-fb:111 transport-cc",
    "a=fmtp:111 minptime=10;useinbandfec=1",
    "a=rtpmap:63 red/48000/2",
    "a=fmtp:63 111/111",
]
VP8 = [
    "a=rtpmap:96 VP8/90000",
    "a=rtcp-fb:96 goog-remb",
    "a=rtcp-fb:96 transport-cc",
    "a=rtcp-fb:96 ccm fir",
    "a=rtcp-fb:96 nack",
    "a=rtcp-fb:96 nack pli",
    "a=rtpmap:97 rtx/90000",
    "a=fmtp:97 apt=96",
]
H264 = [
    "a=rtpmap:109 H264/90000",
    "a=rtcp-fb:109 nack",
    "a=rtcp-fb:109 nack pli",
    "a=fmtp:109 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
    "a=rtpmap:114 rtx/90000",
    "a=fmtp:114 apt=109",
]
VP9 = ["a=rtpmap:98 VP9/90000", "a=fmtp:98 profile-id=0"]
AUDIO_EXTENSIONS = [
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
]
VIDEO_EXTENSIONS = [
    *AUDIO_EXTENSIONS[1:],
    "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    "a=extmap:13 urn:3gpp:video-orientation",
]


@dataclass(frozen=True)
class Media:
    kind: str
    direction: str = "recvonly"
    track_id: str = ""
    rids: tuple[str, ...] = ()
    ssrc: int = 0
    video_codecs: tuple[tuple[str, ...], ...] = (tuple(VP8), tuple(H264), tuple(VP9))

    def lines(self, mid: int) -> list[str]:
        if self.kind == "application":
            return [
                "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
                f"a=mid:{mid}",
                "a=sctp-port:5000",
                "a=max-message-size:262144",
            ]
        codecs = AUDIO_CODECS if self.kind == "audio" else [*chain(*self.video_codecs)]
        formats = [line[9:].split()[0] for line in codecs if line.startswith("a=rtpmap:")]
        lines = [
            f"m={self.kind} 9 UDP/TLS/RTP/SAVPF {' '.join(formats)}",
            f"a=mid:{mid}",
            *(AUDIO_EXTENSIONS if self.kind == "audio" else VIDEO_EXTENSIONS),
            f"a={self.direction}",
            "a=rtcp-mux",
            *codecs,
        ]
        if self.track_id:
            lines.append(f"a=msid:- {self.track_id}")
        if self.rids:
            lines += [f"a=rid:{rid.lstrip('~')} send" for rid in self.rids]
            lines.append("a=simulcast:send " + ";".join(self.rids))
        if self.ssrc:
            lines += [
                f"a=ssrc-group:FID {self.ssrc} {self.ssrc + 1}",
                f"a=ssrc:{self.ssrc} cname:x",
                f"a=ssrc:{self.ssrc + 1} cname:x",
            ]
        return lines


FIRST = (*[Media("audio")] * 3, *[Media("video")] * 3, Media("application"))
"""What the clients of 2026 offer when they join."""


@dataclass(frozen=True)
class OfferText:
    media: tuple[Media, ...] = FIRST
    ufrag: str = "UFRG"
    pwd: str = "passwordOfTwentyTwoLtrs"
    session: list[str] = field(default_factory=lambda: ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-"])

    def plus(self, *media: Media) -> "OfferText":
        return replace(self, media=self.media + media)

    def changed(self, mid: int, media: Media) -> "OfferText":
        return replace(self, media=(*self.media[:mid], media, *self.media[mid + 1 :]))

    def __str__(self) -> str:
        transport = [
            f"a=ice-ufrag:{self.ufrag}",
            f"a=ice-pwd:{self.pwd}",
            "a=fingerprint:sha-256 " + ":".join(["D1"] * 32),
            "a=setup:actpass",
        ]
        mids = " ".join(map(str, range(len(self.media))))
        lines = [*self.session, "t=0 0", f"a=group:BUNDLE {mids}"]
        for mid, media in enumerate(self.media):
            first, *rest = media.lines(mid)
            lines += [first, "c=IN IP4 0.0.0.0", *transport, *rest]
        return "\r\n".join(lines) + "\r\n"
