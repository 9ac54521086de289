"""Public ids of the wire: two letters for the kind, then 12 letters from the system's generator.

They are names, not secrets: who knows one has gained nothing. Ids for the engine are integers
and never leave the process.
"""

import secrets

from livekit.protocol import models

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LENGTH = 12

_SOURCE_LETTERS = {
    models.TrackSource.CAMERA: "C",
    models.TrackSource.MICROPHONE: "M",
    models.TrackSource.SCREEN_SHARE: "S",
    models.TrackSource.SCREEN_SHARE_AUDIO: "s",
}


def random_letters(count: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(count))


def room_sid() -> str:
    return "RM_" + random_letters(_LENGTH)


def participant_sid() -> str:
    return "PA_" + random_letters(_LENGTH)


def track_sid(kind: models.TrackType, source: models.TrackSource) -> str:
    letter = "A" if kind == models.TrackType.AUDIO else "V"
    return "TR_" + letter + _SOURCE_LETTERS.get(source, "U") + random_letters(_LENGTH)


def ice_ufrag() -> str:
    return random_letters(8)


def ice_pwd() -> str:
    """About 140 bits; RFC 8445 section 5.3 asks for 128 and 22 letters."""
    return random_letters(24)
