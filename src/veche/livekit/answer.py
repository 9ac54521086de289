"""Answers: one section of the offer and what we do with it, written as text.

Pure. The server never offers; it mirrors the client's sections in their order, under their mids,
with payload types and extension ids of the offerer (RFC 3264 section 6, RFC 8829 section 5.3).
"""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .sdp import Codec, Offer, Section

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
ABSOLUTE_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
TRANSPORT_SEQUENCE = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

# libwebrtc refuses a client's next simulcast offer when any earlier video section was answered
# without the RID extensions, an unused one included: so they are on all of them.
_ALWAYS = {"audio": (MID, AUDIO_LEVEL), "video": (MID, RID, REPAIRED_RID)}
# A client reports its bandwidth by REMB when packets carry the absolute send time and no
# transport sequence; so what we receive is measured by the latter and what we send by the former.
_WHEN_WE_RECEIVE: tuple[str, ...] = (TRANSPORT_SEQUENCE,)
_WHEN_WE_SEND: tuple[str, ...] = (ABSOLUTE_SEND_TIME,)

FEEDBACK_WHEN_WE_RECEIVE = ("transport-cc", "nack", "nack pli", "ccm fir")
FEEDBACK_WHEN_WE_SEND = ("goog-remb", "nack", "nack pli", "ccm fir")

MAX_MESSAGE_BYTES = 65536
SCTP_PORT = 5000


@dataclass(frozen=True, slots=True)
class Local:
    """Our end of the transport, the same in all sections."""

    ufrag: str
    pwd: str
    fingerprint: str
    candidates: tuple[tuple[str, int], ...]
    """Announced addresses and ports, best first."""
    is_ice_lite: bool = True


@dataclass(frozen=True, slots=True)
class Receive:
    """The client publishes here. Lost voice is asked for again although no client offers it:
    libwebrtc keeps sent packets for it when the answer says so, as LiveKit's does."""

    codec: Codec


@dataclass(frozen=True, slots=True)
class Send:
    """The client gets a track here."""

    codec: Codec
    stream_id: str
    track_id: str
    canonical_name: str
    ssrc: int
    rtx_ssrc: int | None


@dataclass(frozen=True, slots=True)
class Idle:
    """An unused section: kept open with everything it could carry."""

    codecs: tuple[Codec, ...]


@dataclass(frozen=True, slots=True)
class Channels:
    """Data channels."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Port 0: stopped by the client, or of no use to us."""


Use = Receive | Send | Idle | Channels | Refused


def render(offer: Offer, uses: Sequence[Use], local: Local, session_version: int) -> str:
    """The whole answer; `uses` go with the offer's sections one by one."""
    bundled = [
        section.mid
        for section, use in zip(offer.sections, uses, strict=True)
        if not isinstance(use, Refused)
    ]
    lines = [
        "v=0",
        f"o=- 1 {session_version} IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        *(["a=ice-lite"] if local.is_ice_lite else []),
        "a=group:BUNDLE " + " ".join(bundled),
        "a=extmap-allow-mixed",
        "a=msid-semantic: WMS *",
    ]
    has_candidates = False
    for section, use in zip(offer.sections, uses, strict=True):
        lines += _section(section, use, local)
        if not has_candidates and not isinstance(use, Refused):
            lines += candidate_lines(local.candidates)
            has_candidates = True
    return "\r\n".join(lines) + "\r\n"


def _section(section: Section, use: Use, local: Local) -> list[str]:
    if isinstance(use, Refused):
        formats = " ".join(str(codec.payload_type) for codec in section.codecs[:1]) or "0"
        if section.kind == "application":
            formats = "webrtc-datachannel"
        return [
            f"m={section.kind} 0 {section.protocol} {formats}",
            "c=IN IP4 0.0.0.0",
            f"a=mid:{section.mid}",
            "a=inactive",
        ]
    transport = [
        "c=IN IP4 0.0.0.0",
        f"a=ice-ufrag:{local.ufrag}",
        f"a=ice-pwd:{local.pwd}",
        f"a=fingerprint:{local.fingerprint}",
        "a=setup:passive",
        f"a=mid:{section.mid}",
    ]
    if isinstance(use, Channels):
        return [
            f"m=application 9 {section.protocol} webrtc-datachannel",
            *transport,
            f"a=sctp-port:{SCTP_PORT}",
            f"a=max-message-size:{MAX_MESSAGE_BYTES}",
        ]
    return _media(section, use, transport)


def _media(section: Section, use: Receive | Send | Idle, transport: list[str]) -> list[str]:
    match use:
        case Receive(codec):
            codecs, direction = (codec,), "recvonly"
            uris, feedback = _WHEN_WE_RECEIVE, FEEDBACK_WHEN_WE_RECEIVE
        case Send(codec):
            codecs, direction = (codec,), "sendonly"
            uris, feedback = _WHEN_WE_SEND, FEEDBACK_WHEN_WE_SEND
        case Idle(codecs):
            direction = "inactive"
            uris, feedback = _WHEN_WE_RECEIVE + _WHEN_WE_SEND, FEEDBACK_WHEN_WE_SEND
    formats: list[str] = []
    body: list[str] = []
    for codec in codecs:
        formats.append(str(codec.payload_type))
        body += _codec_lines(codec, feedback)
        if isinstance(use, Receive) and codec.name == "opus":
            body.append(f"a=rtcp-fb:{codec.payload_type} nack")
        if codec.rtx_payload_type is not None:
            formats.append(str(codec.rtx_payload_type))
            body += [
                f"a=rtpmap:{codec.rtx_payload_type} rtx/{codec.rate}",
                f"a=fmtp:{codec.rtx_payload_type} apt={codec.payload_type}",
            ]
    wanted = _ALWAYS[section.kind] + uris
    return [
        f"m={section.kind} 9 {section.protocol} {' '.join(formats)}",
        *transport,
        *(f"a=extmap:{number} {uri}" for uri, number in section.extensions if uri in wanted),
        f"a={direction}",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        *body,
        *(_simulcast_lines(section) if isinstance(use, Receive) else ()),
        *(_source_lines(use) if isinstance(use, Send) else ()),
    ]


def _codec_lines(codec: Codec, feedback: Iterable[str]) -> list[str]:
    number = codec.payload_type
    lines = [f"a=rtpmap:{number} {_spelling(codec.name)}/{codec.rate}"]
    lines += [f"a=rtcp-fb:{number} {entry}" for entry in feedback if entry in codec.feedback]
    # Echoed as offered: one payload type must have one fmtp in the whole bundle.
    if codec.fmtp:
        lines.append(f"a=fmtp:{number} {codec.fmtp}")
    return lines


def _spelling(name: str) -> str:
    return name if name == "opus" else name.upper()


def _simulcast_lines(section: Section) -> list[str]:
    if not section.rids:
        return []
    return [
        *(f"a=rid:{rid} recv" for rid in section.rids),
        "a=simulcast:recv " + ";".join(section.rids),
    ]


def _source_lines(use: Send) -> list[str]:
    lines = [f"a=msid:{use.stream_id} {use.track_id}"]
    if use.rtx_ssrc is not None:
        lines.append(f"a=ssrc-group:FID {use.ssrc} {use.rtx_ssrc}")
    for ssrc in (use.ssrc, use.rtx_ssrc):
        if ssrc is not None:
            lines.append(f"a=ssrc:{ssrc} cname:{use.canonical_name}")
    return lines


def candidate_lines(candidates: Sequence[tuple[str, int]]) -> list[str]:
    """Host candidates (RFC 8839 section 5.1), then the mark that no more will come."""
    lines = []
    for index, (address, port) in enumerate(candidates):
        preference = 65535 - index
        if ipaddress.ip_address(address).version == 4:
            preference -= 32768  # RFC 8421: IPv6 first
        priority = (126 << 24) | (preference << 8) | 255
        lines.append(f"a=candidate:{index + 1} 1 udp {priority} {address} {port} typ host")
    return [*lines, "a=end-of-candidates"]
