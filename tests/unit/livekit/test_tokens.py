"""Tokens: what is read from a good one, and the table of forged ones."""

import base64
import json
import time
from dataclasses import replace
from typing import Any  # claims are JSON

import jwt
import pytest
from livekit.api import AccessToken, VideoGrants
from livekit.protocol import models, room

from veche.livekit import limits
from veche.livekit.refusals import JoinRefused
from veche.livekit.tokens import Keys, mint_refresh, verify

SECRET = "s" * 32
KEYS = Keys({"key": SECRET, "other": "o" * 32})
NOW = 1_800_000_000


def payload(**changes: object) -> dict[str, object]:
    claims: dict[str, object] = {
        "iss": "key",
        "sub": "anna",
        "nbf": NOW - 1,
        "exp": NOW + 600,
        "video": {"roomJoin": True, "room": "room"},
    }
    claims.update(changes)
    return {name: value for name, value in claims.items() if value is not None}


def token(secret: str = SECRET, headers: dict[str, object] | None = None, **changes: Any) -> str:
    return jwt.encode(payload(**changes), secret, algorithm="HS256", headers=headers)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_token_of_livekit_api_is_read_whole() -> None:
    config = room.RoomConfiguration(max_participants=9, sync_streams=True)
    made = (
        AccessToken("key", SECRET)
        .with_identity("anna")
        .with_name("Anna")
        .with_metadata("m")
        .with_attributes({"a": "1"})
        .with_grants(
            VideoGrants(
                room_join=True,
                room="room",
                can_publish_sources=["microphone"],
                can_publish_data=False,
                hidden=True,
            )
        )
        .with_room_config(config)
        .to_jwt()
    )
    claims = verify(made, KEYS, time.time())
    assert (claims.identity, claims.name, claims.metadata) == ("anna", "Anna", "m")
    assert claims.attributes == {"a": "1"}
    grants = claims.grants
    assert grants.may_join
    assert grants.room == "room"
    assert grants.is_hidden
    assert not grants.can_publish_data
    assert grants.may_publish_source(models.TrackSource.MICROPHONE)
    assert not grants.may_publish_source(models.TrackSource.CAMERA)
    assert claims.room_config == config


def test_absent_grants_have_livekits_defaults() -> None:
    grants = verify(token(), KEYS, NOW).grants
    assert (grants.can_publish, grants.can_subscribe, grants.can_publish_data) == (True,) * 3
    assert not any((grants.is_hidden, grants.can_update_own_metadata, grants.is_room_admin))
    silent = verify(token(video={"canPublish": False}), KEYS, NOW).grants
    assert not silent.can_publish_data


def test_a_refreshed_token_grants_the_same() -> None:
    claims = verify(token(name="Anna", attributes={"a": "1"}, kind="agent"), KEYS, NOW)
    again = verify(mint_refresh(claims, KEYS, NOW + 300), KEYS, NOW + 300)
    assert again == replace(claims, not_before=NOW + 300)


FORGED = {
    "not a token": "x",
    "empty parts": "..",
    "two parts": ".".join(token().split(".")[:2]),
    "too long": token() + "x" * limits.TOKEN_TEXT,
    "wrong secret": token("w" * 32),
    "unknown issuer": token(iss="nobody"),
    "issuer of another key": token(iss="other"),
    "issuer is a list": f"{part({'alg': 'HS256'})}.{part(payload(iss=['key']))}.x",
    "no issuer": f"{part({'alg': 'HS256'})}.{part(payload(iss=None))}.x",
    "no signature": token().rsplit(".", 1)[0] + ".",
    "algorithm none": f"{part({'alg': 'none'})}.{part(payload())}.",
    "algorithm in capitals None": f"{part({'alg': 'NONE'})}.{part(payload())}.",
    "HS384": jwt.encode(payload(), SECRET * 2, algorithm="HS384"),
    "HS512": jwt.encode(payload(), SECRET * 2, algorithm="HS512"),
    "RS256 named": f"{part({'alg': 'RS256'})}.{part(payload())}.AAAA",
    "crit": token(headers={"crit": ["exp"]}),
    "jwk": token(headers={"jwk": {"kty": "oct", "k": "AAAA"}}),
    "jku": token(headers={"jku": "http://192.0.2.1/"}),
    "x5u": token(headers={"x5u": "http://192.0.2.1/"}),
    "no expiry": token(exp=None),
    "expired": token(exp=NOW - limits.TOKEN_LEEWAY_S),
    "expiry is a text": f"{part({'alg': 'HS256'})}.{part(payload(exp='soon'))}.x",
    "expiry is true": token(exp=True),
    "not yet": token(nbf=NOW + limits.TOKEN_LEEWAY_S + 1),
    "grants are a list": token(video=["roomJoin"]),
    "grants are a text": token(video="roomJoin"),
    "a flag is a text": token(video={"roomJoin": "true"}),
    "a flag is a number": token(video={"roomJoin": 1}),
    "room is a list": token(video={"roomJoin": True, "room": ["room"]}),
    "identity is a number": f"{part({'alg': 'HS256'})}.{part(payload(sub=7))}.x",
    "unknown source": token(video={"canPublishSources": ["brain"]}),
    "sources are a text": token(video={"canPublishSources": "camera"}),
    "unknown kind": token(kind="god"),
    "attributes are a list": token(attributes=["a"]),
    "attribute is a number": token(attributes={"a": 1}),
    "room config is a text": token(roomConfig="x"),
    "room config is nonsense": token(roomConfig={"maxParticipants": "many"}),
    "changed payload": ".".join(
        (token().split(".")[0], part(payload(sub="boris")), token().split(".")[2])
    ),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_token_is_refused_without_being_repeated(forged: str) -> None:
    with pytest.raises(JoinRefused) as refusal:
        verify(forged, KEYS, NOW)
    assert refusal.value.status == 401
    assert all(piece not in refusal.value.text for piece in forged.split(".") if len(piece) > 8)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    ("changes", "is_accepted"),
    [
        ({"exp": NOW - limits.TOKEN_LEEWAY_S}, False),
        ({"exp": NOW - limits.TOKEN_LEEWAY_S + 1}, True),
        ({"nbf": NOW + limits.TOKEN_LEEWAY_S}, True),
        ({"nbf": NOW + limits.TOKEN_LEEWAY_S + 1}, False),
    ],
)
def test_the_leeway_is_exact(changes: dict[str, Any], is_accepted: bool) -> None:
    if is_accepted:
        verify(token(**changes), KEYS, NOW)
    else:
        with pytest.raises(JoinRefused):
            verify(token(**changes), KEYS, NOW)


def test_secrets_are_not_printed() -> None:
    assert SECRET not in repr(KEYS)
