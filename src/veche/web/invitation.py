"""What an invitation says, as finished words of one language: the same on paper and on a page.

Pure: a meeting, whose link it is and a language in; words out. An hour is told on the clock of
the place where the invited person will be.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from veche.domain.identity import ParticipationId
from veche.domain.invitation import Recipient, RecipientKind
from veche.domain.letters import LetterKind
from veche.domain.meeting import Meeting, Participation, Side, Site
from veche.domain.text import Language, Text
from veche.web.announcement import host_zone
from veche.web.dates import day_and_year, hour, weekday
from veche.web.words import say

ARRIVAL: Final = timedelta(minutes=30)
"""Before the start everybody is in the hall: time for seats, name plates and a word on sound."""
CHECK_OPENS: Final = timedelta(minutes=60)
CHECK_CLOSES: Final = timedelta(minutes=15)
"""Who speaks is tested in the hour before, and left in peace for its last quarter."""


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class AgendaLine:
    hour: str
    title: str


@dataclass(frozen=True, slots=True)
class InvitationWords:
    language: Language
    organisation: str
    title: str
    name: str
    """Of who is invited, as a list writes it."""
    post: str
    greeting: str
    when: str
    facts: tuple[Fact, ...]
    agenda: tuple[AgendaLine, ...]
    note: str
    """Which facts are invented, where the meeting is a demonstration."""
    is_remote: bool
    """Joins alone, by his own link."""


def invitation_words(meeting: Meeting, recipient: Recipient, language: Language) -> InvitationWords:
    """The recipient is one of the meeting."""

    def words(text: Text | None) -> str:
        return text.in_language(language, meeting.language) if text else ""

    person, site = _whose(meeting, recipient)
    zone = site.zone if site else _zone_of(meeting, recipient)
    name, post = _named(meeting, recipient, person, site)
    is_remote = person is not None and site is None
    return InvitationWords(
        language=language,
        organisation=words(meeting.organiser),
        title=words(meeting.title),
        name=words(name),
        post=words(post),
        greeting=_greeting(person, meeting, language),
        when=_when(meeting, zone, language),
        facts=tuple(_facts(meeting, recipient, site, zone, language)),
        agenda=_agenda(meeting, zone, language),
        note=words(meeting.demo_note),
        is_remote=is_remote,
    )


def subject_of(meeting: Meeting, recipient: Recipient, kind: LetterKind, language: Language) -> str:
    keys = {
        RecipientKind.PERSON: f"invite.subject.{kind}",
        RecipientKind.HALL: "invite.subject.hall",
        RecipientKind.OFFICE: "invite.subject.office",
    }
    day = meeting.day
    when = day_and_year(day, language) if day else say(language, "invite.day.open")
    return say(
        language,
        keys[recipient.kind],
        title=meeting.short_title.in_language(language, meeting.language),
        when=when,
    )


def _whose(meeting: Meeting, recipient: Recipient) -> tuple[Participation | None, Site | None]:
    sites = {site.id: site for _, site in meeting.sites_in_order()}
    if recipient.kind is RecipientKind.PERSON:
        person = meeting.participation(ParticipationId(recipient.id))
        assert person is not None, "a recipient of this meeting"
        return person, sites[person.site] if person.site else None
    if recipient.kind is RecipientKind.HALL:
        return None, next(site for site in sites.values() if site.id == recipient.id)
    return None, None


def _side_of(meeting: Meeting, recipient: Recipient) -> Side:
    if recipient.kind is RecipientKind.PERSON:
        person = meeting.participation(ParticipationId(recipient.id))
        assert person is not None, "a recipient of this meeting"
        return meeting.side(person.side)
    return next(
        side
        for side in meeting.sides
        if recipient.id == side.id or any(site.id == recipient.id for site in side.sites)
    )


def _zone_of(meeting: Meeting, recipient: Recipient) -> str:
    """Of somebody with no seat in a hall: the clock of his side."""
    sites = _side_of(meeting, recipient).sites
    return sites[0].zone if sites else host_zone(meeting)


def _named(
    meeting: Meeting, recipient: Recipient, person: Participation | None, site: Site | None
) -> tuple[Text, Text | None]:
    side = _side_of(meeting, recipient).name
    if person is not None:
        listed = person.full_name.listed() if person.full_name else person.name
        return listed or person.post, person.post
    return (site.name, side) if site else (side, None)


def _greeting(person: Participation | None, meeting: Meeting, language: Language) -> str:
    """By given name and patronymic, where both are written; the patronymic tells he or she."""
    full = person.full_name if person else None
    if full is None or full.given is None:
        return say(language, "invite.greeting")
    given = dict(full.given.words).get(language)
    surname = dict(full.surname.words).get(language)
    patronymic = dict(full.patronymic.words).get(language) if full.patronymic else None
    if language is Language.EN and given and surname:
        return say(language, "invite.greeting.he", name=f"{given} {surname}")
    if not given or not patronymic or len(given.rstrip(".")) < 2:
        return say(language, "invite.greeting")
    gender = "she" if patronymic.endswith("на") else "he"
    return say(language, f"invite.greeting.{gender}", name=f"{given} {patronymic}")


def _when(meeting: Meeting, zone: str, language: Language) -> str:
    if meeting.day is None:
        return say(language, "invite.day.open")
    told = {"day": day_and_year(meeting.day, language), "weekday": weekday(meeting.day, language)}
    if meeting.starts_at is None:
        return say(language, "invite.when.open", **told)
    return say(language, "invite.when", hour=hour(meeting.starts_at, zone), **told)


def _facts(
    meeting: Meeting, recipient: Recipient, site: Site | None, zone: str, language: Language
) -> list[Fact]:
    def words(text: Text | None) -> str:
        return text.in_language(language, meeting.language) if text else ""

    told = [
        ("when", _when(meeting, zone, language)),
        ("elsewhere", _elsewhere(meeting, zone, language)),
    ]
    if site is not None:
        told.append(("where", ", ".join(filter(None, (words(site.name), words(site.address))))))
    elif recipient.kind is RecipientKind.PERSON:
        told.append(("where", say(language, "invite.where.link")))
    if meeting.starts_at is not None and recipient.kind is not RecipientKind.OFFICE:
        is_guest_of_hall = site is not None and recipient.kind is RecipientKind.PERSON
        told.append(_before(meeting.starts_at, zone, language, is_guest_of_hall=is_guest_of_hall))
    if site is not None:
        told.append(("technician", ", ".join(filter(None, (site.technician, site.phone)))))
    told.append(("contact", meeting.contact or ""))
    return [Fact(say(language, f"invite.fact.{key}"), value) for key, value in told if value]


def _before(
    starts_at: datetime, zone: str, language: Language, *, is_guest_of_hall: bool
) -> tuple[str, str]:
    """Who sits in a hall is there in time; who connects, himself or a hall, is tested."""
    if is_guest_of_hall:
        return "arrival", say(language, "invite.arrival", hour=hour(starts_at - ARRIVAL, zone))
    since, until = hour(starts_at - CHECK_OPENS, zone), hour(starts_at - CHECK_CLOSES, zone)
    return "check", say(language, "invite.check", since=since, until=until)


def _elsewhere(meeting: Meeting, zone: str, language: Language) -> str:
    """The hour on other clocks, where it differs."""
    starts_at = meeting.starts_at
    if starts_at is None:
        return ""
    here = hour(starts_at, zone)
    hours = {
        site.city.in_language(language, meeting.language): hour(starts_at, site.zone)
        for _, site in meeting.sites_in_order()
    }
    return ", ".join(
        say(language, "invite.elsewhere", city=city, hour=there)
        for city, there in hours.items()
        if there != here
    )


def _agenda(meeting: Meeting, zone: str, language: Language) -> tuple[AgendaLine, ...]:
    hours = [hour(at, zone) for at in meeting.item_starts()] or [""] * len(meeting.agenda)
    return tuple(
        AgendaLine(at, item.title.in_language(language, meeting.language))
        for at, item in zip(hours, meeting.agenda, strict=True)
    )
