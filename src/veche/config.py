"""Settings: parsed once at start into a frozen value that cannot be wrong.

They come, the later winning, from the defaults here, a TOML file, the environment
(`VECHE_WEB_PORT`) and the command line. A key that is unknown or wrong stops the start;
all problems are told at once, each by its key. Only `cli` and `runtime` read settings;
everybody else is given what he needs. Secrets are never printed.
"""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from veche.domain.account import IDLE_MAX, SESSION_MAX, GlobalRole
from veche.domain.errors import Misconfigured
from veche.domain.letters import is_address
from veche.domain.text import Language
from veche.outbound.mail import is_this_machine

_ORIGIN: Final = re.compile(r"https?://(\*\.)?[A-Za-z0-9.\-]+(:\d{1,5})?")
ENVIRONMENT_PREFIX: Final = "VECHE_"
SECRET_LETTERS_MIN: Final = 32
"""256 bits when the letters are random bytes in hexadecimal halves; HS256 asks for no less."""


def _split(value: Any) -> Any:  # Any: before parsing it may be anything
    """Lists may be written with commas where only text can be written."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _split_keys(value: Any) -> Any:  # Any: before parsing it may be anything
    """Pairs in LiveKit's own form, `KEY: SECRET`, one a line or separated by commas."""
    if not isinstance(value, str):
        return value
    pairs = [line.partition(":") for line in value.replace(",", "\n").splitlines() if line.strip()]
    return {name.strip(): secret.strip() for name, _, secret in pairs}


def _require_http(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    if scheme not in ("http", "https") or not separator or not rest or "/" in rest.rstrip("/"):
        raise ValueError("must look like https://veche.example, without a path")
    return url.rstrip("/")


def _require_origins(sites: tuple[str, ...]) -> tuple[str, ...]:
    """Sites as a content policy names them: what goes into a header is checked here."""
    if sites == ("none",):
        return ()
    if sites == ("*",):
        return sites
    for site in sites:
        if not _ORIGIN.fullmatch(site):
            raise ValueError("must be sites like https://ministry.example, or * or none alone")
    return sites


def _require_address(written: str) -> str:
    if not is_address(written):
        raise ValueError("must be one e-mail address, as protocol@ministry.example")
    return written


def _require_strong(keys: dict[str, SecretStr]) -> dict[str, SecretStr]:
    for name, secret in keys.items():
        if not name:
            raise ValueError("every key has a name, 'KEY: SECRET'")
        if len(secret.get_secret_value()) < SECRET_LETTERS_MIN:
            raise ValueError(f"the secret of {name} is shorter than {SECRET_LETTERS_MIN} letters")
    return keys


def _require_postgresql(address: SecretStr) -> SecretStr:
    if not address.get_secret_value().startswith("postgresql://"):
        raise ValueError("must look like postgresql://user:password@host/database")
    return address


Port = Annotated[int, Field(ge=0, le=65535)]
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WebSettings(_Section):
    host: str = Field(
        default="127.0.0.1", description="Address to listen on; `0.0.0.0` or `::` for all."
    )
    port: Port = Field(default=8067, description="TCP port; 0 lets the system choose.")
    base_url: Annotated[str, AfterValidator(_require_http)] | None = Field(
        default=None,
        description="Address that people type, as `https://veche.example`. Without it links are "
        "made from what the browser asked for.",
    )
    embedding: Annotated[
        tuple[str, ...], BeforeValidator(_split), AfterValidator(_require_origins)
    ] = Field(
        default=("*",),
        description="Sites that may show the card of an announcement in a frame, as "
        "`https://ministry.example`; `*` for all, `none` for nobody. It is public and runs "
        "no script; every other page refuses to be framed.",
    )
    tls_certificate: Path | None = Field(
        default=None, description="Certificate chain in PEM; with it the server speaks TLS itself."
    )
    tls_key: Path | None = Field(default=None, description="Private key of the certificate in PEM.")
    trusted_proxies: Annotated[tuple[Network, ...], BeforeValidator(_split)] = Field(
        default=(),
        description="Networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; "
        "nobody's by default.",
    )

    @model_validator(mode="after")
    def _require_both_or_none(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key are given together")
        return self


class MediaSettings(_Section):
    listen: Annotated[tuple[Address, ...], BeforeValidator(_split)] = Field(
        default=(), description="Addresses of the media port; empty: the address of `web.host`."
    )
    port: Port = Field(
        default=7882, description="The one UDP port of all media; 0 lets the system choose."
    )
    announce: Annotated[tuple[Address, ...], BeforeValidator(_split)] = Field(
        default=(),
        description="Addresses told to clients, as the public one behind address translation; "
        "empty: those listened on, or all of this machine where it listens on all.",
    )


def _require_provider(url: str) -> str:
    """As the provider writes it, path and all: an ID token repeats it letter by letter."""
    scheme, _, rest = url.partition("://")
    host = rest.partition("/")[0].rpartition(":")[0] or rest.partition("/")[0]
    is_local = scheme == "http" and host in ("127.0.0.1", "localhost", "[::1]")
    if not rest or (scheme != "https" and not is_local):
        raise ValueError("must look like https://sso.example (plain http on this machine only)")
    return url


class OpenIdSettings(_Section):
    issuer: Annotated[str, AfterValidator(_require_provider)] | None = Field(
        default=None,
        description="OpenID provider of the staff, letter by letter as it calls itself; none by "
        "default.",
    )
    client_id: str | None = Field(default=None, description="Our name at the provider.")
    client_secret: SecretStr | None = Field(default=None, description="Our secret there.")
    name: str = Field(default="OpenID", description="What the button of the sign-in page says.")
    claim: str = Field(default="groups", description="The claim that holds a person's groups.")
    roles: Annotated[dict[str, GlobalRole], BeforeValidator(_split_keys)] = Field(
        default={},
        description="Which group is what, `GROUP: ROLE`; the highest counts. Who is in none of "
        "them is refused.",
    )
    organisations: Annotated[dict[str, str], BeforeValidator(_split_keys)] = Field(
        default={}, description="Whose staff a group is, `GROUP: ORGANISATION`."
    )
    allowed: Annotated[tuple[str, ...], BeforeValidator(_split)] = Field(
        default=(),
        description="Subjects or proved e-mail addresses that may come in; empty: everybody with "
        "a role.",
    )

    @model_validator(mode="after")
    def _require_whole(self) -> Self:
        if self.issuer is not None and not (self.client_id and self.client_secret and self.roles):
            raise ValueError("an issuer needs client_id, client_secret and roles")
        return self


class DatabaseSettings(_Section):
    url: Annotated[SecretStr, AfterValidator(_require_postgresql)] | None = Field(
        default=None,
        description="PostgreSQL server, as `postgresql://user:password@host/database`; without it "
        "the database is a file in the data directory.",
    )


class LiveKitSettings(_Section):
    keys: Annotated[
        dict[str, SecretStr], BeforeValidator(_split_keys), AfterValidator(_require_strong)
    ] = Field(
        default={},
        description="API keys and their secrets, `KEY: SECRET`. Empty: a pair is made at the "
        "first start and kept in the data directory.",
    )


class AccountSettings(_Section):
    idle_hours: Annotated[float, Field(gt=0, le=24)] = Field(
        default=IDLE_MAX / timedelta(hours=1), description="A session unused for so long ends."
    )
    session_hours: Annotated[float, Field(gt=0, le=72)] = Field(
        default=SESSION_MAX / timedelta(hours=1),
        description="A session ends after so long, however much it is used.",
    )

    @property
    def idle(self) -> timedelta:
        return timedelta(hours=self.idle_hours)

    @property
    def longest(self) -> timedelta:
        return timedelta(hours=self.session_hours)


class MailSettings(_Section):
    host: str | None = Field(
        default=None,
        description="Mail server that takes letters over. Without it letters lie in the outbox "
        "of the cabinet, to be taken by hand.",
    )
    port: Port = Field(default=587, description="Its TCP port.")
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="`starttls`, `tls` from the first byte, or `none`: on this machine only.",
    )
    sender: Annotated[str, AfterValidator(_require_address)] | None = Field(
        default=None, description="E-mail address that letters come from; needed with `mail.host`."
    )
    username: str | None = Field(default=None, description="Account at the mail server.")
    password: SecretStr | None = Field(default=None, description="Its password.")
    authorities: Path | None = Field(
        default=None, description="Certificates in PEM to trust instead of the system's."
    )
    remind_days_before: Annotated[float, Field(ge=0, le=30)] = Field(
        default=2,
        description="Who was invited and has not answered is reminded so many days before the "
        "meeting; 0: by hand only.",
    )

    @model_validator(mode="after")
    def _require_whole(self) -> Self:
        if self.host is not None and self.sender is None:
            raise ValueError("a host needs a sender")
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password are given together")
        is_open = self.host is not None and self.security == "none"
        if is_open and not is_this_machine(self.host or ""):
            raise ValueError("security none is for a mail server on this machine only")
        return self


class Settings(_Section):
    data: Path = Field(
        default=Path("data"), description="Directory of the database and keys; made if absent."
    )
    languages: Annotated[tuple[Language, ...], BeforeValidator(_split), Field(min_length=1)] = (
        Field(
            default=tuple(Language), description="Languages of the interface, the first by default."
        )
    )
    web: WebSettings = Field(default=WebSettings(), description="Pages, interface and signalling.")
    media: MediaSettings = Field(default=MediaSettings(), description="Picture and sound.")
    database: DatabaseSettings = Field(
        default=DatabaseSettings(), description="Where everything is kept."
    )
    accounts: AccountSettings = Field(
        default=AccountSettings(), description="Accounts of the staff and their sessions."
    )
    mail: MailSettings = Field(default=MailSettings(), description="Letters.")
    openid: OpenIdSettings = Field(
        default=OpenIdSettings(), description="Signing in through the organisation's provider."
    )
    livekit: LiveKitSettings = Field(
        default=LiveKitSettings(), description="The media server's wire."
    )


def load_settings(
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    command_line: Mapping[str, str] | None = None,
) -> Settings:
    """Settings of all three sources; raises `Misconfigured` with every problem found.

    `command_line` maps dotted keys to what was typed.
    """
    problems: list[tuple[str, str]] = []
    tree = _read_file(file, problems) if file else {}
    origins: dict[str, str] = {}
    for name, value in (environment or {}).items():
        if name.startswith(ENVIRONMENT_PREFIX):
            key = _key_of_variable(name)
            if key is None:
                problems.append((name, f"unknown variable{_suggestion(name, _variables())}"))
            else:
                _put(tree, key, value)
                origins[key] = name
    for key, value in (command_line or {}).items():
        _put(tree, key, value)
        origins[key] = "command line"
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as refused:
        problems += [_problem(error, origins) for error in refused.errors()]
        raise Misconfigured(problems) from None
    if problems:
        raise Misconfigured(problems)
    return settings


def settings_reference() -> str:
    """The page `docs/reference/settings.md`, made of the types above."""
    lines = [
        "# Settings",
        "",
        "Made by `veche settings` from the types; do not edit.",
        "",
        "The later wins: default, file (`--config veche.toml`), environment, command line",
        "(`--set web.port=8067`). An unknown or wrong key stops the start and is named.",
        "Lists may be written with commas.",
    ]
    for section, fields in _sections():
        lines += [
            "",
            f"## {section or 'Top level'}",
            "",
            "| Key | Variable | Default | |",
            "|---|---|---|---|",
        ]
        for key, field in fields:
            shown = _shown_default(field)
            lines.append(f"| `{key}` | `{_variable(key)}` | {shown} | {field.description} |")
    return "\n".join(lines) + "\n"


def _sections() -> Iterator[tuple[str, list[tuple[str, FieldInfo]]]]:
    top: list[tuple[str, FieldInfo]] = []
    nested: list[tuple[str, list[tuple[str, FieldInfo]]]] = []
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, _Section):
            inner = field.annotation.model_fields.items()
            nested.append((name, [(f"{name}.{key}", inner_field) for key, inner_field in inner]))
        else:
            top.append((name, field))
    yield "", top
    yield from nested


def _keys() -> list[str]:
    return [key for _, fields in _sections() for key, _ in fields]


def _variable(key: str) -> str:
    return ENVIRONMENT_PREFIX + key.replace(".", "_").upper()


def _variables() -> list[str]:
    return [_variable(key) for key in _keys()]


def _key_of_variable(name: str) -> str | None:
    return next((key for key in _keys() if _variable(key) == name), None)


def _read_file(file: Path, problems: list[tuple[str, str]]) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        problems.append((str(file), f"cannot be read: {error.strerror}"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append((str(file), f"is not TOML: {error}"))
    return {}


def _put(tree: dict[str, Any], key: str, value: str) -> None:
    *path, last = key.split(".")
    for name in path:
        inner = tree.get(name)
        if not isinstance(inner, dict):
            inner = tree[name] = {}
        tree = inner
    tree[last] = value


def _problem(error: ErrorDetails, origins: Mapping[str, str]) -> tuple[str, str]:
    names = [str(part) for part in error["loc"]]
    key = ".".join(names)
    if error["type"] == "extra_forbidden":
        return key, f"unknown key{_suggestion(key, _keys())}"
    # Of a list or a table pydantic names the element too; an operator looks for the key.
    known = next((k for k in _keys() if key == k or key.startswith(f"{k}.")), key)
    reason = error["msg"].removeprefix("Value error, ")
    shown = error["input"]
    if isinstance(shown, str | int | float) and not known.startswith(
        ("livekit.", "database.", "openid.")
    ):
        reason += f" (got {shown!r})"
    origin = origins.get(known)
    return known, f"{reason}, from {origin}" if origin else reason


def _suggestion(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _shown_default(field: FieldInfo) -> str:
    default = field.default
    if default is None or default in ((), {}):
        return "none"
    if isinstance(default, tuple):
        return "`" + ", ".join(str(part) for part in default) + "`"
    return f"`{default}`"
