"""The directory in the store: one table for each kind of entry, all alike."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, select

from veche.domain.directory import Body, Held, Organisation, Person, Series
from veche.domain.identity import SeriesId
from veche.domain.phases import Phase
from veche.domain.templates import Template
from veche.domain.text import Text
from veche.store import tables
from veche.store.entries import Entries


class Directory:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.organisations = Entries[Organisation](
            connection, tables.organisations, lambda it: _words(it.name, it.short_name)
        )
        self.people = Entries[Person](connection, tables.people, _words_of_person)
        self.bodies = Entries[Body](connection, tables.bodies, lambda it: _words(it.name))
        self.series = Entries[Series](connection, tables.series, lambda it: _words(it.name))
        self.templates = Entries[Template](connection, tables.templates, lambda it: _words(it.name))

    def held(self, series: SeriesId) -> Iterator[Held]:
        """Meetings of the series that were not given up: a cancelled one has had its number."""
        columns = tables.meetings.c
        chosen = select(columns.ordinal, columns.day).where(
            columns.series == series, columns.phase != Phase.DISCARDED
        )
        for row in self._connection.execute(chosen):
            ordinal: int | None = row.ordinal
            day: date | None = row.day
            yield Held(ordinal, day)


def _words_of_person(person: Person) -> list[str]:
    titles = [post.title for post in person.posts]
    return _words(person.name.surname, person.name.given, person.name.patronymic, *titles)


def _words(*texts: Text | None) -> list[str]:
    return [words for text in texts if text for _, words in text.words]
