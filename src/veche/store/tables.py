"""The tables as SQLAlchemy sees them. The migrations make them; a test compares the two.

Portable between SQLite and PostgreSQL: text, integers, JSON. Times are kept as UTC.
"""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

from veche.domain.agenda import ItemKind
from veche.domain.agreement import Agreement
from veche.domain.directory import Body, Organisation, Person, Series
from veche.domain.identity import ParticipationId
from veche.domain.meeting import Correction, Kind, RecordPolicy, StepChange, Webcast
from veche.domain.phases import Phase
from veche.domain.plain import from_plain, plain
from veche.domain.roster import Answer, ParticipationRole, PersonName
from veche.domain.sides import AudioProfile, Wording
from veche.domain.templates import Template
from veche.domain.text import Language, Text

Name = TypeVar("Name", bound=StrEnum)
Value = TypeVar("Value")


class Instant(TypeDecorator[datetime]):
    """A moment as ISO 8601 in UTC: sorts as text, reads the same in both engines."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Day(TypeDecorator[date]):
    impl = String
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


class Words(TypeDecorator[Text]):
    """A `Text` as an object of languages."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Text | None, dialect: Dialect) -> dict[str, str] | None:
        return None if value is None else value.as_mapping()

    # Any: what JSON gave
    def process_result_value(self, value: Any, dialect: Dialect) -> Text | None:
        return None if value is None else Text.parse(value)


class Named(TypeDecorator[Name], Generic[Name]):
    """A value of an enumeration, by its name for programs."""

    impl = String
    cache_ok = True

    def __init__(self, names: type[Name]) -> None:
        super().__init__()
        self.names = names

    def process_bind_param(self, value: Name | None, dialect: Dialect) -> str | None:
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Name | None:
        return None if value is None else self.names(value)


class Flag(TypeDecorator[bool]):
    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Seconds(TypeDecorator[timedelta]):
    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value.total_seconds())

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else timedelta(seconds=value)


class Whole(TypeDecorator[Value], Generic[Value]):
    """A value of the domain that is never searched by its parts."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, kind: Any) -> None:  # Any: a type, or a tuple of one
        super().__init__()
        self.kind = kind

    # Any, here and below: what JSON holds
    def process_bind_param(self, value: Value | None, dialect: Dialect) -> Any:
        return plain(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Value | None:
        return None if value is None else from_plain(self.kind, value)


metadata = MetaData()

schema_version = Table(
    "schema_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("applied_at", Instant, nullable=False),
)

installation = Table(
    "installation",
    metadata,
    Column("id", String, primary_key=True),
)
"""One row."""

meetings = Table(
    "meetings",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", Named(Kind), nullable=False),
    Column("title", Words, nullable=False),
    Column("short_title", Words, nullable=False),
    Column("lead", Words),
    Column("background", Whole(tuple[Text, ...]), nullable=False),
    Column("organiser", Words, nullable=False),
    Column("day", Day),
    Column("starts_at", Instant),
    Column("language", Named(Language), nullable=False),
    Column("languages", Whole(tuple[Language, ...]), nullable=False),
    Column("contact", String),
    Column("demo_note", Words),
    Column("phase", Named(Phase), nullable=False),
    Column("on_air_since", Instant),
    Column("organisation", String),
    Column("ends_at", Instant),
    Column("zone", String, nullable=False),
    Column("series", String),
    Column("ordinal", Integer),
    Column("webcast", Named(Webcast), nullable=False),
    Column("record", Named(RecordPolicy), nullable=False),
    Column("retention_days", Integer),
    Column("legal_ground", String),
    Column("version", Integer, nullable=False),
    Column("changes", Whole(tuple[StepChange, ...]), nullable=False),
    Column("announced_at", Instant),
    Column("cancellation", Whole(Correction)),
    Column("words_to_find", String, nullable=False),
    Index("meetings_by_day", "organisation", "phase", "day", "number"),
    Index("meetings_by_series", "series"),
    Index("announcements", "day", "phase", "number"),
)


def _of_meeting() -> Column[int]:
    return Column("meeting", Integer, ForeignKey("meetings.number"), primary_key=True)


def _position() -> Column[int]:
    return Column("position", Integer, nullable=False)


sides = Table(
    "sides",
    metadata,
    _of_meeting(),
    Column("id", String, primary_key=True),
    _position(),
    Column("name", Words, nullable=False),
    Column("office_contact", String),
    Column("wording", Named(Wording), nullable=False),
    Column("has_others", Flag, nullable=False),
)

sites = Table(
    "sites",
    metadata,
    _of_meeting(),
    Column("id", String, primary_key=True),
    _position(),
    Column("side", String, nullable=False),
    Column("city", Words, nullable=False),
    Column("city_with", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("zone", String, nullable=False),
    Column("address", Words),
    Column("technician", String),
    Column("phone", String),
    Column("reserve_phone", String),
    Column("audio", Named(AudioProfile), nullable=False),
    Column("screens", Integer, nullable=False),
    Column("is_required", Flag, nullable=False),
    ForeignKeyConstraint(["meeting", "side"], ["sides.meeting", "sides.id"]),
)

participations = Table(
    "participations",
    metadata,
    _of_meeting(),
    Column("id", String, primary_key=True),
    _position(),
    Column("side", String, nullable=False),
    Column("site", String),
    Column("name", Words),
    Column("post", Words, nullable=False),
    Column("leads_side", Flag, nullable=False),
    Column("office", Words),
    Column("is_announced", Flag, nullable=False),
    Column("role", Named(ParticipationRole), nullable=False),
    Column("count", Integer),
    Column("full_name", Whole(PersonName)),
    Column("short_post", Words),
    Column("organisation", Words),
    Column("person", String),
    Column("seat", String),
    Column("email", String),
    Column("may_speak", Flag, nullable=False),
    Column("allows_remote_unmute", Flag, nullable=False),
    Column("allows_publication", Flag, nullable=False),
    Column("answer", Named(Answer), nullable=False),
    Column("replaced_by", String),
    ForeignKeyConstraint(["meeting", "side"], ["sides.meeting", "sides.id"]),
)

agenda_items = Table(
    "agenda_items",
    metadata,
    _of_meeting(),
    Column("position", Integer, primary_key=True),
    Column("kind", Named(ItemKind), nullable=False),
    Column("title", Words, nullable=False),
    Column("note", Words),
    Column("short_title", Words),
    Column("id", String, nullable=False),
    Column("length", Seconds, nullable=False),
    Column("rapporteurs", Whole(tuple[ParticipationId, ...]), nullable=False),
    Column("speech_limit", Seconds),
    Column("side", String),
)

corrections = Table(
    "corrections",
    metadata,
    _of_meeting(),
    Column("position", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("words", Words, nullable=False),
    Column("instead_of", Instant),
)

stages = Table(
    "stages",
    metadata,
    _of_meeting(),
    Column("sequence", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("body", JSON, nullable=False),
)
"""Append-only: the last one of a meeting is what stands on its stage."""

airs = Table(
    "airs",
    metadata,
    _of_meeting(),
    Column("version", Integer, nullable=False),
    Column("zero_at", Instant, nullable=False),
    Column("clock_ms", BigInteger, nullable=False),
    Column("body", JSON, nullable=False),
)
"""A meeting on the air, without its speeches: those are `floor_grants`."""

floor_grants = Table(
    "floor_grants",
    metadata,
    _of_meeting(),
    Column("number", Integer, primary_key=True),
    Column("participation", String, nullable=False),
    Column("side", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("began_ms", BigInteger, nullable=False),
    Column("ended_ms", BigInteger),
    Column("open_place", Integer),
    Column("body", JSON, nullable=False),
    UniqueConstraint("meeting", "open_place"),
    CheckConstraint("(open_place IS NULL) = (ended_ms IS NOT NULL)", name="floor_grants_open"),
    CheckConstraint(
        "open_place IS NULL OR open_place = 1 OR (open_place = 2 AND kind IN ('answer', 'order'))",
        name="floor_grants_beside",
    ),
)
"""One open speech at a time; NULLs are all different, so closed ones do not meet."""

timeline = Table(
    "timeline",
    metadata,
    _of_meeting(),
    Column("number", Integer, primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor_kind", String, nullable=False),
    Column("actor_id", String, nullable=False),
    Column("actor_name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("body", JSON, nullable=False),
)
"""Append-only: the log that minutes and record are made of."""

minutes_fields = Table(
    "minutes_fields",
    metadata,
    _of_meeting(),
    Column("item", Integer, primary_key=True),
    Column("field", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("written_by", String, nullable=False),
    Column("written_at", Instant, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("secret_hash", String, primary_key=True),
    Column("meeting", Integer, ForeignKey("meetings.number"), nullable=False),
    Column("site", String),
    Column("participation", String),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    Column("side", String),
    Index("invitations_of_meeting", "meeting"),
)

letters = Table(
    "letters",
    metadata,
    Column("id", String, primary_key=True),
    Column("meeting", Integer, ForeignKey("meetings.number"), nullable=False),
    Column("recipient_kind", String, nullable=False),
    Column("recipient_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("language", String, nullable=False),
    Column("address", String),
    Column("link_hash", String, nullable=False),
    Column("seed", String),
    Column("made_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("left_at", Instant),
    Column("failure", String),
    Index("letters_of_meeting", "meeting"),
    Index("letters_due", "state", "due_at"),
)

audit = Table(
    "audit",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor_kind", String, nullable=False),
    Column("actor_id", String, nullable=False),
    Column("actor_name", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    Column("refusal", String),
    Column("request_id", String),
    Column("seal", String),
    Column("hash", String, nullable=False),
    Index("audit_of_subject", "subject", "sequence"),
)
"""Append-only: each record carries the hash of itself and of the one before."""

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", Integer, nullable=False),
    Column("hash", String, nullable=False),
)
"""One row: where the chain ends, so that records cut off its end are missed."""

commands = Table(
    "commands",
    metadata,
    Column("name", String, primary_key=True),
    Column("body_hash", String, nullable=False),
    Column("done_at", Instant, nullable=False),
    Column("answer", String),
    Index("commands_by_age", "done_at"),
)
"""Commands that carried a key: kept in the transaction of their change."""

accounts = Table(
    "accounts",
    metadata,
    Column("id", String, primary_key=True),
    Column("login", String, nullable=False),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("organisation", String),
    Column("language", String),
    Column("password_hash", String),
    Column("issuer", String),
    Column("subject", String),
    Column("disabled_at", Instant),
    Column("version", Integer, nullable=False),
    UniqueConstraint("login"),
    UniqueConstraint("issuer", "subject"),
)

assignments = Table(
    "assignments",
    metadata,
    _of_meeting(),
    Column("account", String, ForeignKey("accounts.id"), primary_key=True),
    Column("role", String, primary_key=True),
)
"""What an account is in one meeting besides what it is in its organisation."""

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("account", String, ForeignKey("accounts.id"), nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("device", String, nullable=False),
)

known_devices = Table(
    "known_devices",
    metadata,
    Column("account", String, ForeignKey("accounts.id"), primary_key=True),
    Column("device_hash", String, primary_key=True),
    Column("seen_at", Instant, nullable=False),
)
"""Browsers that an account has signed in from: strangers' guesses do not keep them out."""


def _entries(name: str, kind: type) -> Table:
    """Of an organisation: whole in `body`, with what it is found by beside."""
    return Table(
        name,
        metadata,
        Column("id", String, primary_key=True),
        Column("owner", String, nullable=False),
        Column("words_to_find", String, nullable=False),
        Column("body", Whole(kind), nullable=False),
        Index(f"{name}_by_owner", "owner"),
    )


organisations = _entries("organisations", Organisation)
people = _entries("people", Person)
bodies = _entries("bodies", Body)
series = _entries("series", Series)
templates = _entries("templates", Template)

agreements = Table(
    "agreements",
    metadata,
    _of_meeting(),
    Column("body", Whole(Agreement), nullable=False),
)
"""What the offices of the sides have accepted and said, whole."""
