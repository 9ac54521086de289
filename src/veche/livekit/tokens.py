"""Access tokens of the LiveKit form: read strictly, and minted again for people in a meeting.

One algorithm (HS256), keys from a table chosen by the issuer, nothing from the token's header
is obeyed. A refusal never repeats the token or any part of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeGuard  # Any: claims are JSON: every value is checked before use

import jwt
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from livekit.protocol import models, room

from . import limits
from .refusals import JoinRefused

_HEADER_NAMES = {"alg", "typ", "kid"}
_SOURCES = {
    "camera": models.TrackSource.CAMERA,
    "microphone": models.TrackSource.MICROPHONE,
    "screen_share": models.TrackSource.SCREEN_SHARE,
    "screen_share_audio": models.TrackSource.SCREEN_SHARE_AUDIO,
}
_KINDS = {
    "": models.ParticipantInfo.STANDARD,
    "standard": models.ParticipantInfo.STANDARD,
    "ingress": models.ParticipantInfo.INGRESS,
    "egress": models.ParticipantInfo.EGRESS,
    "sip": models.ParticipantInfo.SIP,
    "agent": models.ParticipantInfo.AGENT,
}


@dataclass(frozen=True, slots=True)
class Grants:
    """What the bearer may do; all refusals are the default except inside a joined room."""

    room: str = ""
    may_join: bool = False
    may_create_rooms: bool = False
    may_list_rooms: bool = False
    is_room_admin: bool = False
    destination_room: str = ""
    can_publish: bool = True
    can_subscribe: bool = True
    can_publish_data: bool = True
    sources: frozenset[models.TrackSource] = frozenset()
    can_update_own_metadata: bool = False
    is_hidden: bool = False
    is_recorder: bool = False
    is_agent: bool = False
    can_subscribe_metrics: bool = False

    def permission(self) -> models.ParticipantPermission:
        return models.ParticipantPermission(
            can_subscribe=self.can_subscribe,
            can_publish=self.can_publish,
            can_publish_data=self.can_publish_data,
            can_publish_sources=sorted(self.sources),
            hidden=self.is_hidden,
            recorder=self.is_recorder,
            can_update_metadata=self.can_update_own_metadata,
            agent=self.is_agent,
            can_subscribe_metrics=self.can_subscribe_metrics,
        )

    def with_permission(self, permission: models.ParticipantPermission) -> "Grants":
        """The same bearer under another permission (which replaces the old one whole)."""
        return replace(
            self,
            can_subscribe=permission.can_subscribe,
            can_publish=permission.can_publish,
            can_publish_data=permission.can_publish_data,
            sources=frozenset(permission.can_publish_sources),
            can_update_own_metadata=permission.can_update_metadata,
            is_hidden=permission.hidden,
            is_recorder=permission.recorder,
            is_agent=permission.agent,
            can_subscribe_metrics=permission.can_subscribe_metrics,
        )

    def may_publish_source(self, source: models.TrackSource) -> bool:
        return self.can_publish and (not self.sources or source in self.sources)


@dataclass(frozen=True, slots=True)
class Claims:
    """A verified token."""

    issuer: str
    identity: str
    name: str
    metadata: str
    attributes: Mapping[str, str]
    kind: models.ParticipantInfo.Kind
    grants: Grants
    room_config: room.RoomConfiguration | None = None
    not_before: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """API keys and their secrets. Never printed: the representation hides the secrets."""

    secrets: Mapping[str, str] = field(repr=False)

    def first(self) -> tuple[str, str]:
        return next(iter(self.secrets.items()))


def verify(token: str, keys: Keys, now: float) -> Claims:
    """Read a token at wall time `now`, or raise `JoinRefused(401)` saying what is wrong with it."""
    if len(token) > limits.TOKEN_TEXT:
        raise JoinRefused(401, "the access token is too long")
    try:
        header = jwt.get_unverified_header(token)
        issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
    except (jwt.PyJWTError, ValueError, RecursionError, AttributeError):
        raise JoinRefused(401, "the access token cannot be read") from None
    if set(header) - _HEADER_NAMES:
        raise JoinRefused(401, "the access token's header is not accepted")
    secret = keys.secrets.get(issuer) if isinstance(issuer, str) else None
    if secret is None or not isinstance(issuer, str):
        raise JoinRefused(401, "the access token is signed by an unknown key")
    try:
        payload = jwt.decode(
            token,
            key=secret,
            algorithms=["HS256"],
            # The times are compared below, with our clock as an argument.
            options={
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
                "verify_aud": False,
                "verify_sub": False,
                "verify_jti": False,
            },
        )
    except (jwt.PyJWTError, ValueError):
        raise JoinRefused(401, "the access token's signature is wrong") from None
    _check_times(payload, now)
    return _claims(payload, issuer)


def _check_times(payload: Mapping[str, Any], now: float) -> None:
    expires, not_before = payload.get("exp"), payload.get("nbf", 0)
    if not (_is_number(expires) and _is_number(not_before)):
        raise JoinRefused(401, "the access token has no time of expiry")
    if expires <= now - limits.TOKEN_LEEWAY_S:
        raise JoinRefused(401, "the access token is expired")
    if not_before > now + limits.TOKEN_LEEWAY_S:
        raise JoinRefused(401, "the access token is not valid yet")


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _claims(payload: Mapping[str, Any], issuer: str) -> Claims:
    video = payload.get("video", {})
    if not isinstance(video, dict):
        raise JoinRefused(401, "the access token's grants cannot be read")
    attributes = payload.get("attributes") or {}
    if not isinstance(attributes, dict) or not all(
        isinstance(key, str) and isinstance(value, str) for key, value in attributes.items()
    ):
        raise JoinRefused(401, "the access token's attributes cannot be read")
    identity = _text(payload, "sub") or _text(payload, "jti")
    kind = _KINDS.get(_text(payload, "kind"))
    if kind is None:
        raise JoinRefused(401, "the access token names an unknown kind of participant")
    return Claims(
        issuer=issuer,
        identity=identity,
        name=_text(payload, "name"),
        metadata=_text(payload, "metadata"),
        attributes=dict(attributes),
        kind=kind,
        grants=_grants(video),
        room_config=_room_config(payload.get("roomConfig")),
        not_before=int(payload.get("nbf", 0)),
        sha256=_text(payload, "sha256"),
    )


def _grants(video: Mapping[str, Any]) -> Grants:
    can_publish = _flag(video, "canPublish", default=True)
    sources = video.get("canPublishSources") or []
    if not isinstance(sources, list) or any(source not in _SOURCES for source in sources):
        raise JoinRefused(401, "the access token names an unknown source")
    return Grants(
        room=_text(video, "room"),
        may_join=_flag(video, "roomJoin"),
        may_create_rooms=_flag(video, "roomCreate"),
        may_list_rooms=_flag(video, "roomList"),
        is_room_admin=_flag(video, "roomAdmin"),
        destination_room=_text(video, "destinationRoom"),
        can_publish=can_publish,
        can_subscribe=_flag(video, "canSubscribe", default=True),
        can_publish_data=_flag(video, "canPublishData", default=can_publish),
        sources=frozenset(_SOURCES[source] for source in sources),
        can_update_own_metadata=_flag(video, "canUpdateOwnMetadata"),
        is_hidden=_flag(video, "hidden"),
        is_recorder=_flag(video, "recorder"),
        is_agent=_flag(video, "agent"),
        can_subscribe_metrics=_flag(video, "canSubscribeMetrics"),
    )


def _flag(values: Mapping[str, Any], name: str, *, default: bool = False) -> bool:
    value = values.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise JoinRefused(401, f"the access token's {name} is not true or false")
    return value


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise JoinRefused(401, f"the access token's {name} is not a text")
    return value


def _room_config(value: object) -> room.RoomConfiguration | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise JoinRefused(401, "the access token's roomConfig cannot be read")
    try:
        return ParseDict(value, room.RoomConfiguration(), ignore_unknown_fields=True)
    except (ParseError, TypeError, ValueError, AttributeError):
        raise JoinRefused(401, "the access token's roomConfig cannot be read") from None


def mint_refresh(claims: Claims, keys: Keys, now: float) -> str:
    """The same rights for another `TOKEN_LIFE_S`, so that a meeting outlives its first token."""
    grants = claims.grants
    names = {source: name for name, source in _SOURCES.items()}
    video: dict[str, Any] = {
        "roomJoin": True,
        "room": grants.room,
        "canPublish": grants.can_publish,
        "canSubscribe": grants.can_subscribe,
        "canPublishData": grants.can_publish_data,
        "canPublishSources": [names[source] for source in sorted(grants.sources)],
        "canUpdateOwnMetadata": grants.can_update_own_metadata,
        "hidden": grants.is_hidden,
        "recorder": grants.is_recorder,
        "agent": grants.is_agent,
        "canSubscribeMetrics": grants.can_subscribe_metrics,
    }
    kinds = {kind: name for name, kind in _KINDS.items() if name}
    payload: dict[str, Any] = {
        "iss": claims.issuer,
        "sub": claims.identity,
        "nbf": int(now),
        "exp": int(now) + limits.TOKEN_LIFE_S,
        "name": claims.name,
        "metadata": claims.metadata,
        "attributes": dict(claims.attributes),
        "kind": kinds[claims.kind],
        "video": video,
    }
    if claims.room_config is not None:
        payload["roomConfig"] = MessageToDict(claims.room_config)
    return jwt.encode(payload, keys.secrets[claims.issuer], algorithm="HS256")
