"""Words of a public page that the clock changes: how long until, since when, what hour it is.

Apart from all others, so that a page is made again when one of these words changes and not
before: an hour before the start each minute, a week before it once an hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from veche.domain.meeting import Meeting, Phase, Site
from veche.domain.phases import OVER
from veche.domain.text import Language
from veche.web.dates import day_and_month, hour, zone_name
from veche.web.words import say, say_count

_NOT_AWAITED: Final = OVER | {Phase.ON_AIR, Phase.BREAK}
_MINUTES_IN_HOUR: Final = 60


@dataclass(frozen=True, slots=True)
class Place:
    city: str
    hour: str
    zone: str


@dataclass(frozen=True, slots=True)
class Moment:
    places: tuple[Place, ...]
    running: str
    """How long it has been on the air; empty before and after."""
    until: str | None


def moment_of(meeting: Meeting, now: datetime, language: Language) -> Moment:
    return Moment(
        places=tuple(
            Place(
                site.city.in_language(language, meeting.language),
                _hour_of(site, meeting, now, language),
                _zone_of(site, meeting, now),
            )
            for _, site in meeting.sites_in_order()
        ),
        running=_running(meeting, now, language) if meeting.phase is Phase.ON_AIR else "",
        until=_until(meeting, now, language),
    )


def _running(meeting: Meeting, now: datetime, language: Language) -> str:
    assert meeting.on_air_since is not None, "on the air since a moment"
    minutes = max(0, (now - meeting.on_air_since) // timedelta(minutes=1))
    since = hour(meeting.on_air_since, next(meeting.sites_in_order())[1].zone)
    if minutes == 0:
        return say(language, "phase.began", hour=since)
    if minutes < _MINUTES_IN_HOUR:
        return say_count(language, "phase.running", minutes, hour=since)
    hours, minutes = divmod(minutes, _MINUTES_IN_HOUR)
    return say(language, "phase.running_long", hours=hours, minutes=minutes, hour=since)


def _hour_of(site: Site, meeting: Meeting, now: datetime, language: Language) -> str:
    if meeting.phase is Phase.ON_AIR:
        return say(language, "when.now", hour=hour(now, site.zone))
    if meeting.starts_at is None:
        return say(language, "when.open")
    began = meeting.on_air_since or meeting.starts_at
    starts = say(language, _hour_key(meeting.phase), hour=hour(began, site.zone))
    local_day = began.astimezone(ZoneInfo(site.zone)).date()
    # Far to the east the same hour belongs to the next day.
    if local_day == meeting.day or meeting.on_air_since:
        return starts
    return f"{day_and_month(local_day, language)}, {starts}"


def _hour_key(phase: Phase) -> str:
    if phase is Phase.CANCELLED:
        return "when.was_planned"
    return "when.began" if phase in OVER or phase is Phase.BREAK else "when.starts"


def _zone_of(site: Site, meeting: Meeting, now: datetime) -> str:
    if meeting.phase is Phase.ON_AIR:
        return zone_name(now, site.zone)
    return "" if meeting.starts_at is None else zone_name(meeting.starts_at, site.zone)


def _until(meeting: Meeting, now: datetime, language: Language) -> str | None:
    """Two largest units up to the start; nothing while the hour is open or the moment is past."""
    if meeting.phase in _NOT_AWAITED or meeting.starts_at is None or meeting.starts_at <= now:
        return None
    minutes = (meeting.starts_at - now) // timedelta(minutes=1)
    hours, minutes = divmod(minutes, _MINUTES_IN_HOUR)
    days, hours = divmod(hours, 24)
    units = [("days", days), ("hours", hours), ("minutes", minutes)]
    first = next((index for index, (_, count) in enumerate(units) if count), len(units) - 1)
    return " ".join(
        say_count(language, f"count.{unit}", count)
        for unit, count in units[first : first + 2]
        if count or unit == "minutes"
    )
