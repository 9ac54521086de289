"""One OpenID provider: its addresses, its keys, and what it says about a person.

Owns every request to the provider and the proof of its ID tokens: signature by one list of
asymmetric algorithms, issuer, audience, time, nonce (OpenID Connect Core, section 3.1.3.7).
Follows no redirect, waits seconds, reads kilobytes. Promises that what it returns was signed by
the issuer that the operator named.
"""

import base64
import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from veche.domain.errors import SignInRefused, Unavailable

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures of a private key only: neither `none` nor a key that both sides hold."""
TIMEOUT_SECONDS: Final = 5.0
ANSWER_BYTES_MAX: Final = 64 * 1024
LEEWAY_SECONDS: Final = 30
TOKEN_LETTERS_MAX: Final = 16 * 1024
KEYS_AGE_SECONDS_MIN: Final = 30.0
"""A token with an unknown key may ask for the keys anew so often: rotation is found within it."""
_SCOPE: Final = "openid profile email"

Claims = Mapping[str, Any]  # what the provider says; nothing of it is a type before it is looked at


@dataclass(frozen=True, slots=True)
class Client:
    """As the provider has registered us."""

    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class _Addresses:
    authorization: str
    token: str
    keys: str


class OpenIdProvider:
    """`transport` is another one in tests only."""

    def __init__(
        self,
        client: Client,
        monotonic: Callable[[], float],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._client = client
        self._monotonic = monotonic
        self._transport = transport
        self._addresses: _Addresses | None = None
        self._keys: KeySet | None = None
        self._keys_read_at = 0.0

    async def address(self, state: str, nonce: str, verifier: str, redirect: str) -> str:
        """Where the browser is sent to. Raises `Unavailable`."""
        addresses = await self._discovered()
        asked = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": redirect,
            "scope": _SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
        }
        return f"{addresses.authorization}?{urlencode(asked)}"

    async def claims(self, code: str, verifier: str, nonce: str, redirect: str) -> Claims:
        """What the ID token says. Raises `SignInRefused`, `Unavailable`."""
        addresses = await self._discovered()
        answer = await self._ask(
            "POST",
            addresses.token,
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect,
                "code_verifier": verifier,
            },
            auth=httpx.BasicAuth(self._client.client_id, self._client.client_secret),
        )
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SignInRefused
        return await self.proved(token, nonce)

    async def proved(self, token: str, nonce: str) -> Claims:
        """The claims of an ID token that is what it says. Raises `SignInRefused`."""
        if len(token) > TOKEN_LETTERS_MAX:
            raise SignInRefused
        keys = await self._current_keys()
        try:
            claims = _decoded(token, keys)
        except (JoseError, ValueError):
            if not self._may_ask_for_keys():
                raise SignInRefused from None
            claims = await self._decoded_with_new_keys(token)
        self._require_ours(claims, nonce)
        return claims

    async def _decoded_with_new_keys(self, token: str) -> dict[str, Any]:
        self._keys = None
        try:
            return _decoded(token, await self._current_keys())
        except (JoseError, ValueError):
            raise SignInRefused from None

    def _require_ours(self, claims: dict[str, Any], nonce: str) -> None:
        registry = jwt.JWTClaimsRegistry(
            now=int(time.time()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._client.issuer},
            aud={"essential": True, "value": self._client.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            registry.validate(claims)
        except (JoseError, ValueError, TypeError):
            raise SignInRefused from None
        audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        party = claims.get("azp", audiences[0] if len(audiences) == 1 else None)
        if party != self._client.client_id or not isinstance(claims["sub"], str):
            raise SignInRefused

    def _may_ask_for_keys(self) -> bool:
        return self._monotonic() - self._keys_read_at >= KEYS_AGE_SECONDS_MIN

    async def _current_keys(self) -> KeySet:
        if self._keys is None:
            addresses = await self._discovered()
            self._keys_read_at = self._monotonic()
            try:
                self._keys = KeySet.import_key_set(
                    cast("Any", await self._ask("GET", addresses.keys))
                )
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise Unavailable("the OpenID provider shows no keys") from error
        return self._keys

    async def _discovered(self) -> _Addresses:
        if self._addresses is None:
            issuer = self._client.issuer
            found = await self._ask("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != issuer:
                raise Unavailable("the OpenID provider calls itself by another name")
            names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            written = [found.get(name) for name in names]
            scheme = issuer.partition("://")[0]
            if not all(isinstance(it, str) and it.startswith(f"{scheme}://") for it in written):
                raise Unavailable("the OpenID provider tells no addresses of its own kind")
            self._addresses = _Addresses(*cast("list[str]", written))
        return self._addresses

    async def _ask(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        """A JSON object. A refusal of what was asked is `SignInRefused`, all else `Unavailable`."""
        try:
            async with (
                httpx.AsyncClient(
                    timeout=TIMEOUT_SECONDS, follow_redirects=False, transport=self._transport
                ) as client,
                client.stream(method, address, **more) as answer,
            ):
                body = b""
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > ANSWER_BYTES_MAX:
                        raise Unavailable("the OpenID provider says too much")
                if 400 <= answer.status_code < 500:
                    raise SignInRefused
                answer.raise_for_status()
                told = httpx.Response(200, content=body).json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(
                f"the OpenID provider does not answer: {type(error).__name__}"
            ) from error
        if not isinstance(told, dict):
            raise Unavailable("the OpenID provider answers with something else")
        return told


def challenge_of(verifier: str) -> str:
    """RFC 7636, section 4.2."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _decoded(token: str, keys: KeySet) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
    return claims
