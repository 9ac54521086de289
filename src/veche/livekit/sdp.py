"""Offers: the text of a client's session description (RFC 8866, RFC 8829) as a value that is right.

Owns the grammar and its bounds, and nothing of a meeting. Parsing costs 1 to 3 ms for the 14 kB of
a fresh client; sections are cached by their text without its transport lines, because clients of
one make send the same sections and every re-offer repeats the old ones.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from . import limits
from .refusals import MessageRefused

_TRANSPORT_PREFIXES = (
    "a=ice-ufrag:",
    "a=ice-pwd:",
    "a=ice-options:",
    "a=fingerprint:",
    "a=setup:",
    "a=candidate:",
    "a=end-of-candidates",
    "a=sctp-init:",
)
_TOKEN = re.compile(r"[!-~]{1,256}")
_MID = re.compile(r"[!-~]{1,16}")  # what one element of a packet's header extension holds
_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")  # RFC 8839 section 5.4
_PWD = re.compile(r"[A-Za-z0-9+/]{22,256}")
_FINGERPRINT = re.compile(r"(?i:sha-256) [0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){31}")
_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")


class BadOffer(MessageRefused):
    """The text is not an offer that we can answer. The message names the fault, never the text."""


@dataclass(frozen=True, slots=True)
class Codec:
    payload_type: int
    name: str
    """Lower case, as `vp8`."""
    rate: str
    """What stands after the name: `90000`, `48000/2`."""
    fmtp: str
    feedback: tuple[str, ...]
    rtx_payload_type: int | None


@dataclass(frozen=True, slots=True)
class Section:
    kind: str
    """`audio`, `video` or `application`."""
    mid: str
    protocol: str
    direction: str
    is_rejected: bool
    """Port 0 without `bundle-only`: stopped for ever."""
    codecs: tuple[Codec, ...]
    extensions: tuple[tuple[str, int], ...]
    stream_id: str
    track_id: str
    rids: tuple[str, ...]
    """Of a simulcast sender, in the order offered, without their pause marks."""
    sources: tuple[tuple[int, int | None], ...]
    """SSRC and its repair SSRC (FID group), where the offer names them."""

    @property
    def is_sending(self) -> bool:
        is_media = self.kind != "application" and not self.is_rejected
        return is_media and self.direction in ("sendonly", "sendrecv")

    @property
    def is_receiving(self) -> bool:
        return not self.is_rejected and self.direction == "recvonly"


@dataclass(frozen=True, slots=True)
class Offer:
    sections: tuple[Section, ...]
    ufrag: str
    pwd: str
    fingerprint: str

    @property
    def extensions(self) -> dict[str, int]:
        """Ids are the same in the whole bundle (RFC 8843 section 10)."""
        return {uri: number for section in self.sections for uri, number in section.extensions}


def parse_offer(text: str) -> Offer:
    if len(text) > limits.SDP_BYTES:
        raise BadOffer("the offer is too long")
    session, *blocks = re.split(r"\r?\n(?=m=)", text)
    if not session.startswith("v=0"):
        raise BadOffer("the offer is not a session description")
    if not 1 <= len(blocks) <= limits.SECTIONS:
        raise BadOffer("the offer has no sections or too many")
    if text.count("a=candidate:") > limits.CANDIDATES * len(blocks):
        raise BadOffer("the offer has too many candidates")
    ufrag, pwd, fingerprint = _transport(session, blocks[0])
    sections = tuple(_parse_section(_without_transport(block)) for block in blocks)
    mids = [section.mid for section in sections]
    if len(set(mids)) != len(mids):
        raise BadOffer("two sections have one mid")
    offer = Offer(sections, ufrag, pwd, fingerprint)
    _check_extensions(offer)
    return offer


def _transport(session: str, first: str) -> tuple[str, str, str]:
    """One bundle, so one transport: that of the first section, else of the session."""
    lines = first.splitlines() + session.splitlines()

    def value(name: str, form: re.Pattern[str]) -> str:
        prefix = f"a={name}:"
        found = (line[len(prefix) :].strip() for line in lines if line.startswith(prefix))
        fitting = next((text for text in found if form.fullmatch(text)), None)
        if fitting is None:
            raise BadOffer(f"the offer's {name} is missing or malformed")
        return fitting

    return value("ice-ufrag", _UFRAG), value("ice-pwd", _PWD), value("fingerprint", _FINGERPRINT)


def _without_transport(block: str) -> str:
    return "\n".join(
        line for line in block.splitlines() if not line.startswith(_TRANSPORT_PREFIXES)
    )


def _check_extensions(offer: Offer) -> None:
    ids = offer.extensions
    for section in offer.sections:
        if any(ids[uri] != number for uri, number in section.extensions):
            raise BadOffer("one header extension has two ids")


@lru_cache(maxsize=1024)  # at 2 kB each 2 MB; a hostile client only empties it
def _parse_section(block: str) -> Section:
    media, *lines = block.split("\n")
    kind, port, protocol, formats = _media_line(media)
    attributes: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("a="):
            name, _, value = line[2:].partition(":")
            attributes.setdefault(name, []).append(value.strip())
    mid = _one(attributes, "mid")
    if not _MID.fullmatch(mid):
        raise BadOffer("a section has no mid or one that is too long")
    stream_id, track_id = _media_ids(attributes)
    return Section(
        kind=kind,
        mid=mid,
        protocol=protocol,
        direction=next((name for name in _DIRECTIONS if name in attributes), "sendrecv"),
        is_rejected=port == 0 and "bundle-only" not in attributes,
        codecs=() if kind == "application" else _codecs(formats, attributes),
        extensions=_extensions(attributes),
        stream_id=stream_id,
        track_id=track_id,
        rids=_rids(attributes),
        sources=_sources(attributes),
    )


def _media_line(line: str) -> tuple[str, int, str, list[str]]:
    parts = line[2:].split()
    if len(parts) < 4 or parts[0] not in ("audio", "video", "application"):
        raise BadOffer("a section is of an unknown kind")
    if not parts[1].isascii() or not parts[1].isdigit() or len(parts[1]) > 5:
        raise BadOffer("a section's port is malformed")
    if not _TOKEN.fullmatch(parts[2]):
        raise BadOffer("a section's protocol is malformed")
    return parts[0], int(parts[1]), parts[2], parts[3:]


def _one(attributes: dict[str, list[str]], name: str) -> str:
    values = attributes.get(name, [])
    return values[0] if values else ""


def _media_ids(attributes: dict[str, list[str]]) -> tuple[str, str]:
    stream_id, _, track_id = _one(attributes, "msid").partition(" ")
    for value in (stream_id, track_id):
        if value and not _TOKEN.fullmatch(value):
            raise BadOffer("a section's msid is malformed")
    return stream_id, track_id


def _number(text: str, most: int, *, least: int = 0) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= 10
    if not is_number or not least <= int(text) <= most:
        raise BadOffer("a number in the offer is malformed")
    return int(text)


def _by_payload_type(values: list[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for value in values:
        number, _, rest = value.partition(" ")
        if number == "*":  # RFC 4585 section 4.2: for all formats; none that we need
            continue
        found.setdefault(_number(number, 127), []).append(rest.strip())
    return found


def _codecs(formats: list[str], attributes: dict[str, list[str]]) -> tuple[Codec, ...]:
    if len(formats) > limits.CODECS:
        raise BadOffer("a section has too many codecs")
    maps = _by_payload_type(attributes.get("rtpmap", []))
    fmtps = _by_payload_type(attributes.get("fmtp", []))
    feedback = _by_payload_type(attributes.get("rtcp-fb", []))
    repairs: dict[int, int] = {}
    for payload_type, encodings in maps.items():
        if encodings[0].lower().startswith("rtx/"):
            parameters = fmtps.get(payload_type, [""])[0]
            if parameters.startswith("apt="):
                original = parameters[4:].split(";")[0]
                repairs.setdefault(_number(original, 127), payload_type)
    codecs = []
    for text in formats:
        payload_type = _number(text, 127)
        if payload_type not in maps:
            continue  # a static payload type such as PCMU: never ours
        name, _, rate = maps[payload_type][0].partition("/")
        codecs.append(
            Codec(
                payload_type,
                name.lower(),
                rate,
                fmtps.get(payload_type, [""])[0],
                tuple(feedback.get(payload_type, [])),
                repairs.get(payload_type),
            )
        )
    return tuple(codecs)


def _extensions(attributes: dict[str, list[str]]) -> tuple[tuple[str, int], ...]:
    values = attributes.get("extmap", [])
    if len(values) > limits.EXTENSIONS:
        raise BadOffer("a section has too many header extensions")
    found = []
    for value in values:
        number, _, rest = value.partition(" ")
        uri = rest.split(" ")[0]
        if not _TOKEN.fullmatch(uri):
            raise BadOffer("a header extension is malformed")
        found.append((uri, _number(number.split("/")[0], 255, least=1)))
    return tuple(found)


def _rids(attributes: dict[str, list[str]]) -> tuple[str, ...]:
    """The `send` half of `a=simulcast` (RFC 8853); alternatives after a comma are not ours."""
    words = _one(attributes, "simulcast").split()
    if "send" not in words or words.index("send") + 1 >= len(words):
        return ()
    listed = words[words.index("send") + 1].split(";")
    rids = tuple(rid.split(",")[0].lstrip("~") for rid in listed)
    if len(rids) > limits.RIDS or any(not re.fullmatch(r"[A-Za-z0-9_-]{1,16}", r) for r in rids):
        raise BadOffer("a section's simulcast line is not accepted")
    return rids


def _sources(attributes: dict[str, list[str]]) -> tuple[tuple[int, int | None], ...]:
    seen: list[int] = []
    for value in attributes.get("ssrc", []):
        ssrc = _number(value.split(" ")[0], 0xFFFF_FFFF)
        if ssrc not in seen:
            seen.append(ssrc)
        if len(seen) > limits.SOURCES:
            raise BadOffer("a section names too many sources")
    repairs: dict[int, int] = {}
    for value in attributes.get("ssrc-group", []):
        words = value.split()
        if len(words) == 3 and words[0] == "FID":
            repairs[_number(words[1], 0xFFFF_FFFF)] = _number(words[2], 0xFFFF_FFFF)
    hidden = set(repairs.values())
    return tuple((ssrc, repairs.get(ssrc)) for ssrc in seen if ssrc not in hidden)
