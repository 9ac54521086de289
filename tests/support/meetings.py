"""Builders of meetings for tests: small, whole, two sides."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from veche.domain.meeting import (
    AgendaItem,
    ItemId,
    ItemKind,
    Kind,
    Meeting,
    MeetingNumber,
    Participation,
    ParticipationId,
    Phase,
    Side,
    SideId,
    Site,
    SiteId,
)
from veche.domain.text import Language, Text

MINSK_TIME = timezone(timedelta(hours=3))
AIR_BEGAN = datetime(2026, 4, 1, 8, tzinfo=UTC)


def bridge_meeting(*, number: int = 67, phase: Phase = Phase.ANNOUNCED) -> Meeting:
    """Minsk and Kursk, a leader each, two items of an agenda."""
    return Meeting(
        number=MeetingNumber(number),
        kind=Kind.CEREMONY_AND_WORK,
        title=Text.of(
            be="Нарада двух бакоў", ru="Совещание двух сторон", en="Meeting of two sides"
        ),
        short_title=Text.of(be="Нарада", ru="Совещание", en="Meeting"),
        lead=Text.of(ru="Минск и Курск соединит видеоконференция."),
        background=(Text.of(ru="Сотрудничество началось в 2002 году."),),
        organiser=Text.of(ru="Министерство связи"),
        day=date(2016, 4, 1),
        starts_at=datetime(2016, 4, 1, 11, tzinfo=MINSK_TIME),
        language=Language.RU,
        languages=tuple(Language),
        sides=(
            _side("side-1", "Республика Беларусь", "minsk", "Минск", "Минском", "Europe/Minsk"),
            _side("side-2", "Курская область", "kursk", "Курск", "Курском", "Europe/Moscow"),
        ),
        roster=(
            _leader("popkov", "side-1", "Сергей Попков", "министр связи и информатизации"),
            _leader("krivolapov", "side-2", "Александр Криволапов", "заместитель губернатора"),
            Participation(
                id=ParticipationId("veterans"),
                side=SideId("side-1"),
                post=Text.of(ru="ветераны"),
                count=None,
            ),
        ),
        agenda=(
            _item("opening", ItemKind.CEREMONY, "Открытие", 5),
            _item("greeting", ItemKind.SPEECH, "Приветствие", 7),
        ),
        phase=phase,
        on_air_since=AIR_BEGAN if phase in (Phase.ON_AIR, Phase.BREAK) else None,
    )


def _item(item: str, kind: ItemKind, title: str, minutes: int) -> AgendaItem:
    return AgendaItem(ItemId(item), kind, Text.of(ru=title), timedelta(minutes=minutes))


def conducted_meeting(*, number: int = 67, phase: Phase = Phase.ON_AIR) -> Meeting:
    """As `bridge_meeting`, with the leaders in their halls and somebody of each side alone."""
    meeting = bridge_meeting(number=number, phase=phase)
    popkov, krivolapov, veterans = meeting.roster
    alone = (
        _person("vetrova", "side-1", "Ольга Ветрова", "секретарь"),
        _person("stepnoy", "side-2", "Дмитрий Степной", "представитель"),
    )
    seated = (
        replace(popkov, site=SiteId("minsk")),
        replace(krivolapov, site=SiteId("kursk")),
        replace(veterans, site=SiteId("minsk")),
    )
    return replace(meeting, roster=(*seated, *alone))


def _person(person: str, side: str, name: str, post: str) -> Participation:
    return Participation(
        id=ParticipationId(person), side=SideId(side), name=Text.of(ru=name), post=Text.of(ru=post)
    )


def _side(side: str, name: str, site: str, city: str, city_with: str, zone: str) -> Side:
    place = Site(
        id=SiteId(site),
        city=Text.of(ru=city),
        city_with=Text.of(ru=city_with),
        name=Text.of(ru=f"Зал {city}"),
        zone=zone,
    )
    return Side(id=SideId(side), name=Text.of(ru=name), sites=(place,))


def _leader(person: str, side: str, name: str, post: str) -> Participation:
    return Participation(
        id=ParticipationId(person),
        side=SideId(side),
        name=Text.of(ru=name),
        post=Text.of(ru=post),
        leads_side=True,
    )
