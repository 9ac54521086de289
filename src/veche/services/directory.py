"""Keeping the directory of an organisation: itself, its people, bodies and series.

Its own staff alone sees it and keeps it; an entry of another organisation is refused like one
that does not exist.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, TypeVar

from veche.domain.access import Action
from veche.domain.actor import Asker
from veche.domain.directory import PEOPLE_MAX, Body, Organisation, Person, Series, next_ordinal
from veche.domain.errors import FieldsRefused, Unknown
from veche.domain.identity import OrganisationId, SeriesId
from veche.domain.likeness import Likeness, likeness_of
from veche.domain.roster import PersonName
from veche.domain.text import Language
from veche.domain.transliteration import NameParts
from veche.store import Database, Unit
from veche.store.entries import Entries

DirectoryEntry = Organisation | Person | Body | Series
Kind = TypeVar("Kind", bound=DirectoryEntry)
ALIKE_MAX: Final = 20
"""Twins shown for one name: with more of them the name tells nothing."""


@dataclass(frozen=True, slots=True)
class Alike:
    person: Person
    likeness: Likeness


class Directory:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def all(self, asker: Asker, kind: type[Kind], wanted: str = "") -> list[Kind]:
        """Of the asker's organisation, found by words in any language.

        An administrator of the house itself is shown the organisations, and nothing of theirs.
        """
        if kind is Organisation and asker.organisation is None:
            asker.require_over(Action.KEEP_ACCOUNTS, None)
            owner = None
        else:
            owner = _own(asker, Action.READ_DIRECTORY)
        with self._database.read() as unit:
            return _entries(unit, kind).of(owner, wanted=wanted)

    def find(self, asker: Asker, kind: type[Kind], wanted: str) -> Kind:
        with self._database.read() as unit:
            return self._required(unit, asker, kind, wanted, Action.READ_DIRECTORY)

    def add(self, asker: Asker, entry: Kind) -> Kind:
        """A new entry, of version 1. Raises `FieldsRefused`."""
        kind = type(entry)
        if kind is Organisation:
            asker.require_over(Action.KEEP_ACCOUNTS, None)
        else:
            asker.require_over(Action.EDIT_DIRECTORY, entry.owner)
        with self._database.write() as unit:
            entries = _entries(unit, kind)
            if entries.find(entry.id) is not None:
                raise FieldsRefused({"id": "twice"})
            if entries.count(entry.owner) >= PEOPLE_MAX:
                raise FieldsRefused({"id": "too_many"})
            _require_whole(unit, entry)
            kept = replace(entry, version=1)
            entries.put(kept)
            self._record(unit, asker, "add", None, kept)
        return kept

    def save(self, asker: Asker, entry: Kind, version: int) -> Kind:
        """Raises `ChangedMeanwhile`, `FieldsRefused`."""
        kind = type(entry)
        with self._database.write() as unit:
            before = self._required(unit, asker, kind, entry.id, Action.EDIT_DIRECTORY)
            unit.require_version(_subject(before), before, version)
            _require_whole(unit, entry)
            kept = replace(entry, version=before.version + 1)
            _entries(unit, kind).put(kept)
            self._record(unit, asker, "change", before, kept)
        return kept

    def remove(self, asker: Asker, kind: type[Kind], wanted: str) -> None:
        """Meetings keep the words that they have copied. Raises `FieldsRefused` for one in use."""
        with self._database.write() as unit:
            before = self._required(unit, asker, kind, wanted, Action.EDIT_DIRECTORY)
            _require_unused(unit, before)
            _entries(unit, kind).remove(wanted)
            self._record(unit, asker, "remove", before, None)

    def alike(self, asker: Asker, name: PersonName) -> list[Alike]:
        """People who are probably this one, most certain first: an officer looks at them."""
        owner = _own(asker, Action.READ_DIRECTORY)
        with self._database.read() as unit:
            people = unit.directory.people.every(owner)
        found = [
            Alike(person, likeness)
            for person in people
            if (likeness := _likeness(name, person.name)) is not None
        ]
        order = list(Likeness)
        return sorted(found, key=lambda it: order.index(it.likeness))[:ALIKE_MAX]

    def next_ordinal(self, asker: Asker, series: SeriesId, day: date | None) -> int:
        """The number to propose for the next meeting of a series."""
        with self._database.read() as unit:
            wanted = self._required(unit, asker, Series, series, Action.READ_DIRECTORY)
            return next_ordinal(wanted, unit.directory.held(series), day)

    def _required(
        self, unit: Unit, asker: Asker, kind: type[Kind], wanted: str, action: Action
    ) -> Kind:
        found = _entries(unit, kind).find(wanted)
        if found is None:
            raise Unknown
        if kind is Organisation and asker.organisation is None:
            action = Action.KEEP_ACCOUNTS
        asker.require_over(action, found.owner)
        return found

    def _record(
        self, unit: Unit, asker: Asker, verb: str, before: Kind | None, after: Kind | None
    ) -> None:
        entry = after or before
        assert entry is not None, "something was there or is"
        unit.audit.append(
            asker.actor,
            f"{verb}_{type(entry).__name__.lower()}",
            subject=_subject(entry),
            at=self._now(),
            before=before,
            after=after,
            request_id=asker.request_id or None,
        )


def _entries(unit: Unit, kind: type[Kind]) -> Entries[Kind]:
    kept: dict[type, Entries] = {  # type: ignore[type-arg]  # each of its own kind
        Organisation: unit.directory.organisations,
        Person: unit.directory.people,
        Body: unit.directory.bodies,
        Series: unit.directory.series,
    }
    return kept[kind]


def _subject(entry: DirectoryEntry) -> str:
    return f"{type(entry).__name__.lower()}/{entry.id}"


def _own(asker: Asker, action: Action) -> OrganisationId:
    asker.require(action)
    if asker.organisation is None:
        raise Unknown
    return asker.organisation


def _require_whole(unit: Unit, entry: DirectoryEntry) -> None:
    if isinstance(entry, Series):
        body = unit.directory.bodies.find(entry.body)
        if body is None or body.owner != entry.owner:
            raise FieldsRefused({"body": "unknown_body"})


def _require_unused(unit: Unit, entry: DirectoryEntry) -> None:
    if isinstance(entry, Organisation):
        raise FieldsRefused({"id": "in_use"})
    if isinstance(entry, Body) and any(
        it.body == entry.id for it in unit.directory.series.every(entry.owner)
    ):
        raise FieldsRefused({"id": "in_use"})
    if isinstance(entry, Series) and any(True for _ in unit.directory.held(entry.id)):
        raise FieldsRefused({"id": "in_use"})


def _likeness(one: PersonName, other: PersonName) -> Likeness | None:
    """The closest of all pairs of spellings: the same person may be written in one language."""
    order = list(Likeness)
    found = [
        likeness
        for mine in _spellings(one)
        for theirs in _spellings(other)
        if (likeness := likeness_of(mine, theirs)) is not None
    ]
    return min(found, key=order.index, default=None)


def _spellings(name: PersonName) -> Sequence[NameParts]:
    parts = (name.surname, name.given, name.patronymic)
    by_language = [dict(part.words) if part else {} for part in parts]
    return [
        NameParts(*(words.get(language, "") for words in by_language))
        for language in Language
        if language in by_language[0]
    ]
