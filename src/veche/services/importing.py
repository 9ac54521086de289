"""Reading a list of people that somebody brought, for a person to look at.

Keeps nothing: what comes of it is saved with the roster, as everything else is. A list and the
roster it is meant for are compared, so that nobody is added twice unseen.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from veche.documents.rosters import read_roster
from veche.domain.access import Action, Role
from veche.domain.actor import Asker
from veche.domain.errors import MeetingUnknown, Unavailable
from veche.domain.identity import ParticipationId
from veche.domain.likeness import Likeness, find_twins
from veche.domain.meeting import Meeting, MeetingNumber
from veche.domain.name_reading import find_name
from veche.domain.place_reading import Places
from veche.domain.roster_reading import understand
from veche.domain.roster_rows import ReadRow, SourceRow
from veche.domain.text import Language
from veche.domain.transliteration import Country, NameForms, NameParts, forms_of
from veche.store import Database

READERS_MAX: Final = 2
"""Documents that are open at once: each takes up to 170 MiB and one core for two seconds."""
TURN_SECONDS: Final = 10.0
"""How long one waits for its turn: those before it are done by then, or there are too many."""
_BELARUS: Final = "Europe/Minsk"


@dataclass(frozen=True, slots=True)
class Twin:
    """Who is probably the same person: another row of the list, or somebody in the roster."""

    likeness: Likeness
    row: int | None = None
    """Index in the reading."""
    participation: ParticipationId | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    row: ReadRow
    forms: NameForms | None
    """Of a person who has a name."""
    twins: tuple[Twin, ...]


class Importing:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._reading = threading.BoundedSemaphore(READERS_MAX)

    def read(self, asker: Asker, number: MeetingNumber, document: bytes) -> tuple[Reading, ...]:
        """Every row as it was understood. Raises a `DocumentRefused`, `Unavailable`."""
        with self._database.read() as unit:
            meeting = unit.meetings.find(number)
        if meeting is None:
            raise MeetingUnknown
        _require_keeps_roster(asker, meeting)
        rows = understand(self._opened(document), Places(meeting))
        twins = _twins(meeting, rows)
        return tuple(
            Reading(row, _forms(row, meeting), tuple(twins.get(index, ())))
            for index, row in enumerate(rows)
        )

    def _opened(self, document: bytes) -> Sequence[SourceRow]:
        if not self._reading.acquire(timeout=TURN_SECONDS):
            raise Unavailable("readers of documents are busy")
        try:
            return read_roster(document)
        finally:
            self._reading.release()


def _require_keeps_roster(asker: Asker, meeting: Meeting) -> None:
    """Staff keeps all of it, the office of a side its own delegation."""
    is_office = asker.role is Role.OFFICE
    asker.require(Action.ANSWER_AGREEMENT if is_office else Action.EDIT_MEETING, meeting)


def _forms(row: ReadRow, meeting: Meeting) -> NameForms | None:
    if row.name is None:
        return None
    return forms_of(row.name, row.language, _country(row, meeting))


def _country(row: ReadRow, meeting: Meeting) -> Country:
    """Whose passports spell the names of a side: told by where its halls stand."""
    if row.side is None:
        return Country.BELARUS if row.language is Language.BE else Country.RUSSIA
    zones = {site.zone for site in meeting.side(row.side).sites}
    return Country.BELARUS if _BELARUS in zones else Country.RUSSIA


def _twins(meeting: Meeting, rows: tuple[ReadRow, ...]) -> dict[int, list[Twin]]:
    """By index of the row; of two rows that are alike each is told of the other."""
    known = list(_names_of(meeting))
    read = [(index, row.name) for index, row in enumerate(rows) if row.name is not None]
    names = [name for _, name in known] + [name for _, name in read]
    found: dict[int, list[Twin]] = {}

    def tell(of: int, other: int, likeness: Likeness) -> None:
        if of >= len(known):
            twin = (
                Twin(likeness, row=read[other - len(known)][0])
                if other >= len(known)
                else Twin(likeness, participation=known[other][0])
            )
            found.setdefault(read[of - len(known)][0], []).append(twin)

    for pair in find_twins(names):
        tell(pair.first, pair.second, pair.likeness)
        tell(pair.second, pair.first, pair.likeness)
    return found


def _names_of(meeting: Meeting) -> list[tuple[ParticipationId, NameParts]]:
    names = []
    for person in meeting.roster:
        if person.full_name is not None:
            listed = person.full_name.listed().in_language(meeting.language)
        elif person.name is not None:
            listed = person.name.in_language(meeting.language)
        else:
            continue
        found = find_name(listed)
        if found is not None:
            names.append((person.id, found.parts))
    return names
