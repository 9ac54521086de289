"""Forged ID tokens: each is wrong in one way, and none is believed."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any, Final

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from veche.domain.errors import SignInRefused, Unavailable
from veche.outbound.openid import KEYS_AGE_SECONDS_MIN, Client, OpenIdProvider

ISSUER: Final = "https://sso.example"
CLIENT: Final = Client(ISSUER, "veche", "a secret of ours")
NONCE: Final = "a nonce of ours"
KEY: Final = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER: Final = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})


class Sso:
    """Answers as a provider would, with the keys it has at the moment."""

    def __init__(self, *keys: RSAKey) -> None:
        self.keys = keys
        self.asked: list[str] = []
        self.document: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        }
        self.clock_seconds = 100.0

    def provider(self) -> OpenIdProvider:
        transport = httpx.MockTransport(self._answer)
        return OpenIdProvider(CLIENT, lambda: self.clock_seconds, transport)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if request.url.path == "/keys":
            return httpx.Response(200, json=KeySet(list(self.keys)).as_dict(private=False))
        return httpx.Response(200, json=self.document)


def _claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": "veche",
        "sub": "anna",
        "iat": now,
        "exp": now + 300,
        "nonce": NONCE,
        **changed,
    }
    return {name: value for name, value in claims.items() if value is not None}


def _signed(key: RSAKey = KEY, header: dict[str, Any] | None = None, **changed: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one", **(header or {})}, _claims(**changed), key)


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _unsigned(algorithm: str) -> str:
    return f"{_part({'alg': algorithm, 'kid': 'one'})}.{_part(_claims())}."


def _signed_by_the_public_key(secret: bytes) -> str:
    """The oldest trick: a signature by HMAC whose key is what everybody can read."""
    signed = f"{_part({'alg': 'HS256', 'kid': 'one'})}.{_part(_claims())}"
    digest = hmac.digest(secret, signed.encode(), hashlib.sha256)
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


async def test_a_token_of_the_issuer_is_believed() -> None:
    claims = await Sso(KEY).provider().proved(_signed(), NONCE)
    assert claims["sub"] == "anna"


HOUR: Final = 3_600
FORGED: Final[dict[str, Callable[[], str]]] = {
    "nothing": lambda: "",
    "one part": lambda: "x",
    "three empty parts": lambda: "..",
    "no base64": lambda: "§.§.§",
    "huge": lambda: "x" * 100_000,
    "a payload that is no object": lambda: f"{_part({'alg': 'RS256'})}.{_part([1])}.x",
    "alg none": lambda: _unsigned("none"),
    "alg None": lambda: _unsigned("None"),
    "alg NONE": lambda: _unsigned("NONE"),
    "alg empty": lambda: _unsigned(""),
    "HMAC with the public key in PEM": lambda: _signed_by_the_public_key(KEY.as_pem(private=False)),
    "HMAC with the public key in DER": lambda: _signed_by_the_public_key(KEY.as_der(private=False)),
    "HMAC with our secret": lambda: _signed_by_the_public_key(CLIENT.client_secret.encode()),
    "HMAC with nothing": lambda: _signed_by_the_public_key(b""),
    "another key": lambda: _signed(OTHER),
    "another key of another name": lambda: _signed(OTHER, {"kid": "two"}),
    "a key inside": lambda: _signed(OTHER, {"jwk": OTHER.as_dict(private=False)}),
    "a key elsewhere": lambda: _signed(OTHER, {"jku": "https://evil.example/keys"}),
    "a key by a path": lambda: _signed(OTHER, {"kid": "../../etc/passwd"}),
    "a kid of SQL": lambda: _signed(OTHER, {"kid": "' OR 1=1 --"}),
    "an empty kid": lambda: _signed(OTHER, {"kid": ""}),
    "no signature": lambda: _signed().rpartition(".")[0] + ".",
    "half a signature": lambda: _signed()[:-40],
    "another payload": lambda: ".".join(
        (_signed().split(".")[0], _part(_claims(sub="admin")), _signed().split(".")[2])
    ),
    "five parts": lambda: _signed() + ".x.y",
    "another issuer": lambda: _signed(iss="https://evil.example"),
    "the issuer with a slash": lambda: _signed(iss=ISSUER + "/"),
    "no issuer": lambda: _signed(iss=None),
    "another audience": lambda: _signed(aud="other"),
    "no audience": lambda: _signed(aud=None),
    "an empty audience": lambda: _signed(aud=[]),
    "two audiences and no party": lambda: _signed(aud=["veche", "other"]),
    "another party": lambda: _signed(aud=["veche", "other"], azp="other"),
    "expired": lambda: _signed(exp=int(time.time()) - HOUR),
    "no end": lambda: _signed(exp=None),
    "an end in words": lambda: _signed(exp="never"),
    "of tomorrow": lambda: _signed(iat=int(time.time()) + 24 * HOUR),
    "not yet": lambda: _signed(nbf=int(time.time()) + HOUR),
    "no time": lambda: _signed(iat=None),
    "another nonce": lambda: _signed(nonce="another"),
    "no nonce": lambda: _signed(nonce=None),
    "an empty nonce": lambda: _signed(nonce=""),
    "no subject": lambda: _signed(sub=None),
    "a subject that is a list": lambda: _signed(sub=["anna"]),
}


@pytest.mark.parametrize("forged", FORGED)
async def test_no_forged_token_is_believed(forged: str) -> None:
    with pytest.raises(SignInRefused):
        await Sso(KEY).provider().proved(FORGED[forged](), NONCE)


async def test_what_a_token_calls_critical_and_we_do_not_know_is_refused() -> None:
    # RFC 7515, section 4.1.11; our own library does not sign such a header.
    payload = _signed().split(".")[1]
    told = {"alg": "RS256", "kid": "one", "crit": ["exotic"], "exotic": True}
    signed = f"{_part(told)}.{payload}"
    key = KEY.private_key
    assert key is not None
    made = key.sign(signed.encode(), PKCS1v15(), SHA256())
    token = f"{signed}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"
    with pytest.raises(SignInRefused):
        await Sso(KEY).provider().proved(token, NONCE)


async def test_keys_that_were_changed_are_found_and_not_asked_for_at_every_guess() -> None:
    sso = Sso(KEY)
    provider = sso.provider()
    await provider.proved(_signed(), NONCE)
    sso.keys = (OTHER,)
    changed = _signed(OTHER, {"kid": "two"})
    with pytest.raises(SignInRefused):
        await provider.proved(changed, NONCE)
    sso.clock_seconds += KEYS_AGE_SECONDS_MIN
    assert (await provider.proved(changed, NONCE))["sub"] == "anna"
    for _ in range(20):
        with pytest.raises(SignInRefused):
            await provider.proved(_signed(), NONCE)
    assert sso.asked.count("/keys") == 2


@pytest.mark.parametrize(
    "told",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://sso.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": None},
    ],
)
async def test_a_provider_that_describes_another_is_not_used(told: dict[str, Any]) -> None:
    sso = Sso(KEY)
    sso.document |= told
    with pytest.raises(Unavailable):
        await sso.provider().proved(_signed(), NONCE)
