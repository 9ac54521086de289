"""The public page of a meeting as finished sentences: what the template prints, nothing more.

Pure: a meeting, its stage, the moment and a language in; words out. The same places of the
page change their contents with the phase, they never move.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from veche.domain.meeting import AgendaItem, ItemKind, Meeting, Phase, Side, Site
from veche.domain.phases import OVER
from veche.domain.stage import Stage
from veche.domain.text import Language, Text
from veche.web.dates import day_and_hour, day_and_month, day_and_year, hour, weekday
from veche.web.shapes import card_when
from veche.web.words import say, say_count

_MINUTES_IN_HOUR: Final = 60


@dataclass(frozen=True, slots=True)
class Lamp:
    """A state by shape, colour and word."""

    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Place:
    city: str
    hour: str


@dataclass(frozen=True, slots=True)
class Speaker:
    where: str
    name: str
    post: str
    side: str


@dataclass(frozen=True, slots=True)
class SideView:
    heading: str
    leader: str | None
    office: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemView:
    hour: str
    title: str
    short_title: str
    note: str
    length: str


@dataclass(frozen=True, slots=True)
class Announcement:
    language: Language
    page_title: str
    is_on_air: bool
    lamp: Lamp
    beside_lamp: str
    title: str
    lead: str
    organiser: str
    date: str
    weekday: str
    places: tuple[Place, ...]
    card_title: str
    card_when: str
    until: str | None
    player_words: tuple[str, ...]
    speaker: Speaker | None
    update: tuple[str, str] | None
    sides: tuple[SideView, ...]
    agenda: tuple[ItemView, ...]
    background: tuple[str, ...]
    contact: str | None
    updates: str
    demo_note: str | None


def announce(meeting: Meeting, stage: Stage, now: datetime, language: Language) -> Announcement:
    """The page at this moment in this language."""

    def words(text: Text) -> str:
        return text.in_language(language, meeting.language)

    host_zone = next(meeting.sites_in_order())[1].zone
    is_on_air = meeting.phase is Phase.ON_AIR
    updates = [
        (day_and_hour(correction.at, host_zone, language), words(correction.words))
        for correction in sorted(meeting.corrections, key=lambda c: c.at, reverse=True)
    ]
    return Announcement(
        language=language,
        page_title=say(
            language,
            "title.on_air"
            if is_on_air
            else f"title.{'after' if meeting.phase in OVER else 'before'}",
            title=words(meeting.short_title),
        ),
        is_on_air=is_on_air,
        lamp=_lamp(meeting, language),
        beside_lamp=_running(meeting, now, host_zone, language)
        if is_on_air
        else say(language, f"kind.{meeting.kind}"),
        title=words(meeting.title),
        lead=words(meeting.lead) if meeting.lead else "",
        organiser=words(meeting.organiser),
        date=day_and_year(meeting.announced_day, language),
        weekday=weekday(meeting.announced_day, language),
        places=tuple(
            Place(words(site.city), _hour_of(site, meeting, now, language))
            for _, site in meeting.sites_in_order()
        ),
        card_title=words(meeting.title),
        card_when=words(card_when(meeting)),
        until=_until(meeting, now, language),
        player_words=_player_words(meeting, language),
        speaker=_speaker(meeting, stage, language) if is_on_air else None,
        update=(say(language, "updated", at=updates[0][0]), updates[0][1])
        if updates and not is_on_air
        else None,
        sides=tuple(_side(side, meeting, language) for side in meeting.sides),
        agenda=_agenda(meeting, host_zone, language),
        background=tuple(words(paragraph) for paragraph in meeting.background),
        contact=meeting.contact,
        updates=" ".join(f"{at}: {text}." for at, text in updates),
        demo_note=words(meeting.demo_note) if meeting.demo_note else None,
    )


def _lamp(meeting: Meeting, language: Language) -> Lamp:
    day = day_and_month(meeting.announced_day, language)
    if meeting.phase is Phase.ON_AIR:
        return Lamp("air", say(language, "phase.on_air"))
    if meeting.phase is Phase.BREAK:
        return Lamp("warn", say(language, "phase.break"))
    if meeting.phase in OVER:
        return Lamp("ok", say(language, "phase.took_place", day=day))
    if meeting.phase is Phase.ASSEMBLY:
        return Lamp("wait", say(language, "phase.assembly"))
    return Lamp("wait", say(language, "phase.will_be", day=day))


def _running(meeting: Meeting, now: datetime, zone: str, language: Language) -> str:
    assert meeting.on_air_since is not None, "on the air since a moment"
    minutes = max(0, (now - meeting.on_air_since) // timedelta(minutes=1))
    since = hour(meeting.on_air_since, zone)
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
    return say(language, "when.starts", hour=hour(meeting.starts_at, site.zone))


def _until(meeting: Meeting, now: datetime, language: Language) -> str | None:
    """Two largest units up to the start; nothing while the hour is open or the moment is past."""
    if meeting.phase in (Phase.ON_AIR, Phase.BREAK, *OVER):
        return None
    if meeting.starts_at is None or meeting.starts_at <= now:
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


def _player_words(meeting: Meeting, language: Language) -> tuple[str, ...]:
    if meeting.phase is Phase.BREAK:
        return (say(language, "watch.break"),)
    if meeting.phase in OVER:
        return (say(language, "watch.after"),)
    if meeting.phase is Phase.ON_AIR:
        return ()
    return (say(language, "watch.opens"), say(language, "watch.free"))


def _speaker(meeting: Meeting, stage: Stage, language: Language) -> Speaker | None:
    title = stage.title
    if title is None:
        return None
    site = meeting.side(title.side).sites[0]
    city = site.city.in_language(language, meeting.language)
    return Speaker(
        where=say(language, "watch.speaking", city=city),
        name=title.name.in_language(language, meeting.language),
        post=title.post.in_language(language, meeting.language),
        side=title.side,
    )


def _side(side: Side, meeting: Meeting, language: Language) -> SideView:
    def words(text: Text) -> str:
        return text.in_language(language, meeting.language)

    cities = ", ".join(words(site.city) for site in side.sites)
    leader = meeting.leader_of(side.id)
    office = ""
    if leader:
        office = words(leader.post) + (f", {words(leader.office)}" if leader.office else "")
    return SideView(
        heading=", ".join(part for part in (words(side.name), cities) if part),
        leader=words(leader.name) if leader and leader.name else None,
        office=office,
        others=tuple(
            f"{words(person.name)}, {words(person.post)}" if person.name else words(person.post)
            for person in meeting.roster
            if person.side == side.id and person is not leader and person.is_announced
        ),
    )


def _agenda(meeting: Meeting, zone: str, language: Language) -> tuple[ItemView, ...]:
    starts = meeting.item_starts()
    hours = [hour(at, zone) for at in starts] or [""] * len(meeting.agenda)
    return tuple(
        ItemView(
            hour=at,
            title=item.title.in_language(language, meeting.language),
            short_title=(item.short_title or item.title).in_language(language, meeting.language),
            note=item.note.in_language(language, meeting.language) if item.note else "",
            length=_length(item, language),
        )
        for at, item in zip(hours, meeting.agenda, strict=True)
    )


def _length(item: AgendaItem, language: Language) -> str:
    minutes = say_count(language, "count.minutes", item.minutes)
    if item.kind is ItemKind.CEREMONY:
        return f"{say(language, 'agenda.ceremony')}, {minutes}"
    return minutes
