"""A meeting in the reader's own calendar (RFC 5545).

One event with a name that never changes, so that a moved or cancelled meeting changes the entry
that is there instead of adding another. Hours are in UTC: every program shows them in its
reader's zone and needs no tables of ours.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
REFRESH: Final = timedelta(hours=1)
"""How often a subscribed program may ask again (RFC 7986): a move on the day itself is seen in
time for the next hour."""
_PRODUCT: Final = "-//veche//veche//EN"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """All that the file says, in one language."""

    uid: str
    revision: int
    """Never falls; programs keep the highest they have seen."""
    changed_at: datetime
    day: date
    starts_at: datetime | None
    """None: the whole day, as long as the hour is not settled."""
    ends_at: datetime | None
    title: str
    description: str
    location: str
    contact: str
    url: str
    language: str
    is_cancelled: bool


def write_calendar(entry: CalendarEntry) -> bytes:
    event = Event()
    spoken = {"LANGUAGE": entry.language}
    event.add("UID", entry.uid)
    event.add("SEQUENCE", entry.revision)
    event.add("DTSTAMP", entry.changed_at.astimezone(UTC))
    event.add("LAST-MODIFIED", entry.changed_at.astimezone(UTC))
    event.add("STATUS", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    if entry.starts_at is None:
        event.add("DTSTART", entry.day)
        event.add("DTEND", entry.day + timedelta(days=1))
        event.add("TRANSP", "TRANSPARENT")
    else:
        event.add("DTSTART", entry.starts_at.astimezone(UTC))
        if entry.ends_at is not None:
            event.add("DTEND", entry.ends_at.astimezone(UTC))
    event.add("SUMMARY", _shown(entry.title), parameters=spoken)
    event.add("DESCRIPTION", _shown(entry.description), parameters=spoken)
    event.add("LOCATION", _shown(entry.location), parameters=spoken)
    event.add("CONTACT", _shown(entry.contact), parameters=spoken)
    event.add("URL", entry.url)
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", _PRODUCT)
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _shown(words: str) -> str:
    r"""A typed `\N` would be read back as a line break: icalendar 7.3 does not escape it."""
    return words.replace("\\N", "\\n")
