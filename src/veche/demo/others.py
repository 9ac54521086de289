"""What else the demonstration's cabinet shows: other meetings in other phases, and a directory.

Everything here is invented but the two leaders with their posts in the directory, the Joint
Working Group and the names of its sides; no real person takes part in an invented meeting.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Final

from veche.demo.meeting import MINISTRY, demo_meeting
from veche.demo.people import ROSTER
from veche.domain.directory import Body, Organisation, Person, Post, Series
from veche.domain.identity import BodyId, ItemId, PersonId, PostId, SeriesId
from veche.domain.meeting import (
    AgendaItem,
    ItemKind,
    Kind,
    Meeting,
    MeetingNumber,
    Phase,
    Side,
    SideId,
    Site,
    SiteId,
    Webcast,
)
from veche.domain.templates import copied
from veche.domain.text import Language, Text

_MINSK_TIME: Final = timezone(timedelta(hours=3))
_GROUP: Final = SeriesId("joint-working-group")
_NOTE: Final = Text.of(
    be="Дэманстрацыйныя даныя: гэта мерапрыемства прыдумана цалкам.",
    ru="Демонстрационные данные: это мероприятие придумано целиком.",
    en="Demonstration data: this meeting is wholly invented.",
)


def demo_organisation() -> Organisation:
    return Organisation(
        id=MINISTRY,
        name=demo_meeting().organiser,
        short_name=Text.of(be="Мінсувязі", ru="Минсвязи", en="Ministry of Communications"),
        press_contact="press@ministry.example",
    )


def demo_directory() -> tuple[Person | Body | Series, ...]:
    return (
        Body(
            id=BodyId("joint-working-group"),
            owner=MINISTRY,
            name=Text.of(
                be="Сумесная рабочая група па супрацоўніцтве паміж Рэспублікай Беларусь "
                "і Курскай вобласцю",
                ru="Совместная рабочая группа по сотрудничеству между Республикой Беларусь "
                "и Курской областью",
                en="Joint Working Group on co-operation between the Republic of Belarus "
                "and Kursk Region",
            ),
            sides=tuple(side.name for side in demo_meeting().sides),
        ),
        Series(
            id=_GROUP,
            owner=MINISTRY,
            body=BodyId("joint-working-group"),
            name=Text.of(
                be="Пасяджэнні Сумеснай рабочай групы",
                ru="Заседания Совместной рабочей группы",
                en="Sessions of the Joint Working Group",
            ),
        ),
        *(
            Person(
                id=PersonId(person.id),
                owner=MINISTRY,
                name=person.full_name,
                posts=(Post(PostId("post"), person.post),),
                email=person.email,
            )
            for person in ROSTER
            if person.full_name
        ),
    )


def demo_meetings() -> tuple[Meeting, ...]:
    """Earlier and later ones, besides the meeting that is on the air."""
    return (_session(), _working_meeting(), _bridge_of_cities(), _post())


def _session() -> Meeting:
    """Over, its minutes are with the sides."""
    pattern = copied(demo_meeting(), MeetingNumber(58))
    title = Text.of(
        be="Пасяджэнне Сумеснай рабочай групы па супрацоўніцтве з Курскай вобласцю",
        ru="Заседание Совместной рабочей группы по сотрудничеству с Курской областью",
        en="Session of the Joint Working Group on co-operation with Kursk Region",
    )
    planned = replace(
        pattern,
        kind=Kind.WORK,
        title=title,
        short_title=Text.of(
            be="Сумесная рабочая група", ru="Совместная рабочая группа", en="Joint Working Group"
        ),
        lead=Text.of(
            be="Бакі падводзяць вынікі года і дамаўляюцца пра наступны.",
            ru="Стороны подводят итоги года и договариваются о следующем.",
            en="The sides sum up the year and agree on the next one.",
        ),
        background=(),
        roster=(),
        agenda=tuple(replace(item, rapporteurs=()) for item in pattern.agenda[-3:]),
        series=_GROUP,
        ordinal=1,
        demo_note=_NOTE,
    )
    return _held(planned, Phase.MINUTES, datetime(2016, 1, 31, 11, tzinfo=_MINSK_TIME))


def _working_meeting() -> Meeting:
    """Over and published."""
    title = Text.of(
        be="Рабочая сустрэча па пытаннях электрасувязі",
        ru="Рабочая встреча по вопросам электросвязи",
        en="Working meeting on telecommunications",
    )
    sides = _sides("Віцебск", "Витебск", "Vitebsk", "Витебском", "Віцебскам")
    planned = replace(_invented(64, title, sides), agenda=(_discussion(title, 60),))
    return _held(planned, Phase.PUBLISHED, datetime(2016, 3, 18, 15, tzinfo=_MINSK_TIME))


def _bridge_of_cities() -> Meeting:
    """Planned, not agreed by everybody yet."""
    title = Text.of(
        be="Тэлемост гарадоў-герояў", ru="Телемост городов-героев", en="Bridge of hero cities"
    )
    sides = _sides("Брэст", "Брест", "Brest", "Брестом", "Брэстам")
    starts_at = datetime(2016, 4, 26, 10, tzinfo=_MINSK_TIME)
    return replace(
        _invented(71, title, sides),
        kind=Kind.CEREMONY,
        day=starts_at.date(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        agenda=(_discussion(title, 80),),
    )


def _post() -> Meeting:
    """A draft that has a day and no hour."""
    title = Text.of(
        be="Аб паштовай сувязі ў памежных раёнах",
        ru="О почтовой связи в приграничных районах",
        en="On the post in border districts",
    )
    sides = _sides("Віцебск", "Витебск", "Vitebsk", "Витебском", "Віцебскам")
    return replace(
        _invented(72, title, sides), kind=Kind.WORK, day=date(2016, 5, 12), webcast=Webcast.NONE
    )


def _held(planned: Meeting, phase: Phase, starts_at: datetime) -> Meeting:
    return replace(
        planned,
        phase=phase,
        day=starts_at.date(),
        starts_at=starts_at,
        ends_at=starts_at + planned.planned_length(),
        announced_at=starts_at - timedelta(days=5),
        on_air_since=starts_at,
    )


def _invented(number: int, title: Text, sides: tuple[Side, ...]) -> Meeting:
    pattern = copied(demo_meeting(), MeetingNumber(number))
    return replace(
        pattern,
        title=title,
        short_title=title,
        lead=title,
        background=(),
        sides=sides,
        roster=(),
        agenda=(),
        language=Language.RU,
        demo_note=_NOTE,
    )


def _sides(be: str, ru: str, en: str, ru_with: str, be_with: str) -> tuple[Side, ...]:
    host = demo_meeting().sides[0]
    guest = Side(
        id=SideId("side-2"),
        name=Text.of(be=be, ru=ru, en=en),
        sites=(
            Site(
                id=SiteId("guest"),
                city=Text.of(be=be, ru=ru, en=en),
                city_with=Text.of(be=be_with, ru=ru_with, en=en),
                name=Text.of(be=f"Зала {be}", ru=f"Зал {ru}", en=f"{en} hall"),
                zone="Europe/Minsk",
            ),
        ),
    )
    return host, guest


def _discussion(title: Text, minutes: int) -> AgendaItem:
    return AgendaItem(ItemId("item"), ItemKind.DISCUSSION, title, timedelta(minutes=minutes))
