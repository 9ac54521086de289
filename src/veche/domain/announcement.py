"""What is announced, as lists of announcements name it: one line for a meeting.

And the name under which calendars and feeds keep a meeting for ever. The address of a house may
change with its domain; an entry in somebody's calendar must not be doubled by that.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from veche.domain.meeting import MeetingNumber, Phase
from veche.domain.text import Language, Text


@dataclass(frozen=True, slots=True)
class Notice:
    """A line of a list. Holds nothing that is not public."""

    number: MeetingNumber
    title: Text
    lead: Text | None
    organiser: Text
    day: date
    starts_at: datetime | None
    phase: Phase
    language: Language
    languages: tuple[Language, ...]
    cities: tuple[tuple[Text, str], ...]
    """Each with its IANA zone, the host first."""
    changed_at: datetime

    def words(self, text: Text, language: Language) -> str:
        return text.in_language(language, self.language)

    @property
    def zone(self) -> str:
        """Of the host: the hour of a list is his."""
        return self.cities[0][1]


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page of the list of all announcements: what comes, soonest first, then what was."""

    coming: tuple[Notice, ...]
    past: tuple[Notice, ...]
    page: int
    """From 1."""
    has_more: bool


def lasting_name(installation: UUID, number: MeetingNumber) -> UUID:
    """The same for ever, and different in every installation."""
    return uuid5(installation, f"meeting/{number}")
