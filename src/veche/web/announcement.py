"""The public page of a meeting as finished sentences: what the template prints, nothing more.

Pure: a meeting, who speaks, the words of the moment and a language in; words out. The same
places of the page change their contents with the phase, they never move. Nobody who is not to be
published leaves this module.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from veche.domain.agenda import AgendaItem
from veche.domain.meeting import Correction, Meeting, Phase, RecordPolicy, Webcast
from veche.domain.phases import OVER
from veche.domain.roster import Participation
from veche.domain.sides import Side, Wording
from veche.domain.stage import Title
from veche.domain.text import Language, Text
from veche.web.dates import day_and_hour, day_and_month, day_and_year, hour, weekday
from veche.web.moment import Moment, Place
from veche.web.shapes import card_when
from veche.web.words import say, say_count

_AIR: Final = frozenset({Phase.ON_AIR, Phase.BREAK})


@dataclass(frozen=True, slots=True)
class Lamp:
    """A state by shape, colour and word."""

    state: str
    words: str


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
    is_awaited: bool
    """Still to come: it can be put into a calendar."""
    is_live: bool
    """The player may begin at any time while the page is open."""
    lamp: Lamp
    beside_lamp: str
    title: str
    lead: str
    summary: str
    """One line for search and for cards of other sites."""
    organiser: str
    day: str
    weekday: str
    starts: str
    """For programs: a day, or an hour with its offset."""
    ends: str | None
    started_before: str | None
    """The hour that was announced before it was moved."""
    status: str
    """A name of schema.org."""
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
    updates: tuple[str, ...]
    demo_note: str | None


def announce(
    meeting: Meeting, title: Title | None, moment: Moment, language: Language
) -> Announcement:
    """The page in this language. `title` names who speaks, on the air."""

    def words(text: Text | None) -> str:
        return text.in_language(language, meeting.language) if text else ""

    zone = host_zone(meeting)
    is_on_air = meeting.phase is Phase.ON_AIR
    day = day_and_year(meeting.announced_day, language)
    updates = [
        (day_and_hour(correction.at, zone, language), _correction(correction, meeting, language))
        for correction in reversed(corrections_of(meeting))
    ]
    return Announcement(
        language=language,
        page_title=say(language, _title_key(meeting.phase), title=words(meeting.short_title)),
        is_on_air=is_on_air,
        is_awaited=meeting.phase not in _AIR | OVER,
        is_live=meeting.phase not in OVER and meeting.webcast is Webcast.OPEN,
        lamp=lamp_of(meeting.phase, meeting.announced_day, language),
        beside_lamp=moment.running if is_on_air else say(language, f"kind.{meeting.kind}"),
        title=words(meeting.title),
        lead=words(meeting.lead),
        summary=f"{_ended(day)} {words(meeting.lead)}".strip(),
        organiser=words(meeting.organiser),
        day=day,
        weekday=weekday(meeting.announced_day, language),
        starts=_local(meeting.starts_at, zone) or meeting.announced_day.isoformat(),
        ends=_local(planned_end(meeting), zone),
        started_before=_local(moved_from(meeting), zone),
        status=_status(meeting),
        places=moment.places,
        card_title=words(meeting.title),
        card_when=words(card_when(meeting)),
        until=moment.until,
        player_words=_player_words(meeting, language),
        speaker=_speaker(meeting, title, language),
        update=(say(language, "updated", at=updates[0][0]), _capital(updates[0][1]))
        if updates and not is_on_air
        else None,
        sides=tuple(_side(side, meeting, language) for side in meeting.sides),
        agenda=_agenda(meeting, language),
        background=tuple(words(paragraph) for paragraph in meeting.background),
        contact=meeting.contact,
        updates=tuple(f"{at}: {text}" for at, text in updates),
        demo_note=words(meeting.demo_note) or None,
    )


def host_zone(meeting: Meeting) -> str:
    """The hours of a page that stand for no city are the host's."""
    return next(meeting.sites_in_order())[1].zone


def corrections_of(meeting: Meeting) -> list[Correction]:
    """Every dated change, the cancellation among them, the oldest first."""
    known = {*meeting.corrections, *([meeting.cancellation] if meeting.cancellation else ())}
    return sorted(known, key=lambda correction: correction.at)


def changed_at(meeting: Meeting) -> datetime:
    """When the announcement was last changed; an undated one is as old as its day."""
    moments = [correction.at for correction in corrections_of(meeting)]
    if meeting.announced_at:
        moments.append(meeting.announced_at)
    return max(moments, default=datetime.combine(meeting.announced_day, time(), UTC))


def moved_from(meeting: Meeting) -> datetime | None:
    """The hour that stood there before the last move."""
    moves = sorted(meeting.corrections, key=lambda correction: correction.at, reverse=True)
    hours = (correction.instead_of for correction in moves)
    return next((before for before in hours if before), None)


def planned_end(meeting: Meeting) -> datetime | None:
    """As planned, else the start and the whole programme; None while either is open."""
    if meeting.ends_at or meeting.starts_at is None or not meeting.agenda:
        return meeting.ends_at
    return meeting.starts_at + meeting.planned_length()


def lamp_of(phase: Phase, day: date, language: Language) -> Lamp:
    if phase is Phase.ON_AIR:
        return Lamp("air", say(language, "phase.on_air"))
    if phase is Phase.BREAK:
        return Lamp("warn", say(language, "phase.break"))
    if phase is Phase.CANCELLED:
        return Lamp("off", say(language, "phase.cancelled"))
    if phase in OVER:
        return Lamp("ok", say(language, "phase.took_place", day=day_and_month(day, language)))
    if phase is Phase.ASSEMBLY:
        return Lamp("wait", say(language, "phase.assembly"))
    return Lamp("wait", say(language, "phase.will_be", day=day_and_month(day, language)))


def _title_key(phase: Phase) -> str:
    if phase is Phase.ON_AIR:
        return "title.on_air"
    if phase is Phase.CANCELLED:
        return "title.cancelled"
    return "title.after" if phase in OVER else "title.before"


def _local(moment: datetime | None, zone: str) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


def _status(meeting: Meeting) -> str:
    if meeting.phase is Phase.CANCELLED:
        return "EventCancelled"
    return "EventRescheduled" if moved_from(meeting) else "EventScheduled"


def _correction(correction: Correction, meeting: Meeting, language: Language) -> str:
    text = _ended(correction.words.in_language(language, meeting.language))
    if correction.instead_of is None:
        return text
    before = day_and_hour(correction.instead_of, host_zone(meeting), language)
    return f"{text} {say(language, 'updated.instead_of', before=before)}"


def _ended(sentence: str) -> str:
    """With one full stop: a Belarusian date brings its own, and so do some people."""
    return sentence.rstrip(".") + "."


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _player_words(meeting: Meeting, language: Language) -> tuple[str, ...]:
    if meeting.phase is Phase.CANCELLED:
        return (say(language, "watch.cancelled"),)
    if meeting.phase in OVER:
        is_recorded = meeting.record is not RecordPolicy.NONE
        return (say(language, "watch.after_recorded" if is_recorded else "watch.after"),)
    if meeting.webcast is not Webcast.OPEN:
        return (say(language, f"watch.{meeting.webcast}"),)
    if meeting.phase is Phase.BREAK:
        return (say(language, "watch.break"),)
    if meeting.phase is Phase.ON_AIR:
        return ()
    return (say(language, "watch.opens"), say(language, "watch.free"))


def _speaker(meeting: Meeting, title: Title | None, language: Language) -> Speaker | None:
    person = meeting.participation(title.participation) if title else None
    if title is None or (person and not person.allows_publication):
        return None
    sites = meeting.side(title.side).sites
    city = sites[0].city.in_language(language, meeting.language) if sites else ""
    return Speaker(
        where=say(language, "watch.speaking", city=city),
        name=title.name.in_language(language, meeting.language),
        post=title.post.in_language(language, meeting.language),
        side=title.side,
    )


def _side(side: Side, meeting: Meeting, language: Language) -> SideView:
    def words(text: Text) -> str:
        return text.in_language(language, meeting.language)

    def line(person: Participation) -> str:
        if person.name is None or side.wording is Wording.GROUPS:
            return words(person.post)
        return f"{words(person.name)}, {words(person.post)}"

    shown = [
        person
        for person in meeting.people_of(side.id)
        if person.is_shown_publicly and not person.is_replaced
    ]
    leader = next((person for person in shown if person.leads_side), None)
    office = ""
    if leader:
        office = words(leader.post) + (f", {words(leader.office)}" if leader.office else "")
    cities = ", ".join(words(site.city) for site in side.sites)
    # By what they are, two of the same are one line.
    others = list(dict.fromkeys(line(person) for person in shown if person is not leader))
    if side.has_others:
        others.append(say(language, "part.others"))
    return SideView(
        heading=", ".join(part for part in (words(side.name), cities) if part),
        leader=words(leader.name) if leader and leader.name else None,
        office=office,
        others=tuple(others),
    )


def _agenda(meeting: Meeting, language: Language) -> tuple[ItemView, ...]:
    zone = host_zone(meeting)
    hours = [hour(at, zone) for at in meeting.item_starts()] or [""] * len(meeting.agenda)
    return tuple(
        ItemView(
            hour=at,
            title=item.title.in_language(language, meeting.language),
            short_title=(item.short_title or item.title).in_language(language, meeting.language),
            note=_note(item, meeting, language),
            length=_length(item, language),
        )
        for at, item in zip(hours, meeting.agenda, strict=True)
    )


def _note(item: AgendaItem, meeting: Meeting, language: Language) -> str:
    """Who speaks: as the office has written it, else the names of those who may be named."""
    if item.note:
        return item.note.in_language(language, meeting.language)
    speakers = (meeting.participation(one) for one in item.rapporteurs)
    return ", ".join(
        person.name.in_language(language, meeting.language)
        for person in speakers
        if person and person.name and person.is_shown_publicly
    )


def _length(item: AgendaItem, language: Language) -> str:
    minutes = say_count(language, "count.minutes", item.minutes)
    if item.kind.is_ceremonial:
        return f"{say(language, 'agenda.ceremony')}, {minutes}"
    return minutes
