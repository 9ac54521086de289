"""Which offered codec is used: the engine forwards Opus, VP8 and H.264, and transcodes nothing."""

from livekit.protocol import models

from .sdp import Codec, Section

_FORWARDED = {"audio": ("opus",), "video": ("vp8", "h264")}

# The order is our preference; JS checks a wanted codec against this list.
ENABLED_PUBLISH_CODECS = tuple(
    models.Codec(mime=mime) for mime in ("video/VP8", "video/H264", "audio/opus")
)


def usable(section: Section) -> tuple[Codec, ...]:
    """The codecs of a section that we can forward, in the offerer's order of preference."""
    names = _FORWARDED.get(section.kind, ())
    return tuple(
        codec for codec in section.codecs if codec.name in names and _is_forwardable(codec)
    )


def published(section: Section) -> Codec | None:
    """The offerer puts the codec that it wants to send first."""
    return next(iter(usable(section)), None)


def carried(section: Section, source: Codec) -> Codec | None:
    """The receiver's entry for a published codec: H.264 must agree in profile (RFC 6184 8.2.2)."""
    same = [codec for codec in usable(section) if codec.name == source.name]
    exact = [codec for codec in same if _profile(codec) == _profile(source)]
    return next(iter(exact or same), None)


def mime_type(codec: Codec) -> str:
    names = {"opus": "audio/opus", "vp8": "video/VP8", "h264": "video/H264"}
    return names[codec.name]


def _is_forwardable(codec: Codec) -> bool:
    # Packetization mode 0 forbids fragments: no picture larger than a datagram could pass.
    return codec.name != "h264" or "packetization-mode=1" in codec.fmtp


def _profile(codec: Codec) -> str:
    """`42e01f` and `42001f` differ in constraint bits only by name; the level does not matter."""
    for parameter in codec.fmtp.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "profile-level-id":
            return value[:4].lower()
    return ""
