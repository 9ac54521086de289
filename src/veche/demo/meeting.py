"""The demonstration's meeting: an announcement of 2016 told in our own words.

Facts, from the ministry's announcement (https://mpt.gov.by/node/67): the subject, 1 April, the
videoconference of Minsk and Kursk, S. Popkov and A. Krivolapov with their posts and their
leading of the Joint Working Group, who else takes part, the treaties of 2 April 1996 and 1997,
the co-operation since 2002, the subjects of discussion. The year 2016 follows from "20 years"
and "14 years". Everything else is invented, and the page says so: the hour, the order of the
programme, who sits on which side, corrections, two persons with links of their own.
"""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from veche.domain.meeting import (
    AgendaItem,
    Correction,
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

NUMBER: Final = MeetingNumber(67)
MINSK: Final = SiteId("minsk")
KURSK: Final = SiteId("kursk")
GUESTS: Final = (ParticipationId("vetrova"), ParticipationId("stepnoy"))
"""Two invented persons, one a side, whose links are printed."""

_HOST: Final = SideId("side-1")
_GUEST: Final = SideId("side-2")
_MINSK_TIME: Final = timezone(timedelta(hours=3))


def demo_meeting() -> Meeting:
    return Meeting(
        number=NUMBER,
        kind=Kind.CEREMONY_AND_WORK,
        title=Text.of(
            be="Нарада, прысвечаная Дню яднання народаў Беларусі і\u00a0Расіі",
            ru="Совещание, посвящённое Дню единения народов Беларуси и\u00a0России",
            en="Meeting for the Day of Unity of the Peoples of Belarus and\u00a0Russia",
        ),
        short_title=Text.of(
            be="Дзень яднання народаў Беларусі і\u00a0Расіі",
            ru="День единения народов Беларуси и\u00a0России",
            en="Day of Unity of the Peoples of Belarus and\u00a0Russia",
        ),
        lead=Text.of(
            be="Мінск і Курск злучыць відэаканферэнцыя. Удзельнічаюць міністр сувязі "
            "і інфарматызацыі Сяргей Папкоў і намеснік губернатара Курскай вобласці "
            "Аляксандр Крывалапаў.",
            ru="Минск и Курск соединит видеоконференция. Участвуют министр связи "
            "и информатизации Сергей Попков и заместитель губернатора Курской области "
            "Александр Криволапов.",
            en="A videoconference connects Minsk and Kursk. Taking part are Sergei Popkov, "
            "Minister of Communications and Informatization, and Alexander Krivolapov, "
            "Deputy Governor of Kursk Region.",
        ),
        background=_BACKGROUND,
        organiser=Text.of(
            be="Міністэрства сувязі і інфарматызацыі Рэспублікі Беларусь",
            ru="Министерство связи и информатизации Республики Беларусь",
            en="Ministry of Communications and Informatization of the Republic of Belarus",
        ),
        day=date(2016, 4, 1),
        starts_at=datetime(2016, 4, 1, 11, tzinfo=_MINSK_TIME),
        language=Language.RU,
        languages=tuple(Language),
        sides=_SIDES,
        roster=_ROSTER,
        agenda=_AGENDA,
        corrections=(
            Correction(
                datetime(2016, 3, 28, 8, 5, tzinfo=UTC),
                Text.of(
                    be="апублікаваны анонс", ru="опубликован анонс", en="announcement published"
                ),
            ),
            Correction(
                datetime(2016, 3, 30, 13, 20, tzinfo=UTC),
                Text.of(
                    be="удакладнены час пачатку: 11:00 замест 10:00",
                    ru="уточнено время начала: 11:00 вместо 10:00",
                    en="the hour is corrected: 11:00 instead of 10:00",
                ),
            ),
        ),
        contact="press@ministry.example",
        demo_note=Text.of(
            be="Дэманстрацыйныя даныя: гадзіна, парадак праграмы, удзельнікі па баках, "
            "удакладненні, адрасы і выступленні прыдуманы. Тэма, кіраўнікі бакоў і даведка "
            "ўзяты з анонса міністэрства.",
            ru="Демонстрационные данные: час, порядок программы, участники по сторонам, "
            "уточнения, адреса и выступления придуманы. Тема, руководители сторон и справка "
            "взяты из анонса министерства.",
            en="Demonstration data: the hour, the order of the programme, the participants by "
            "side, corrections, addresses and speeches are invented. The subject, the leaders "
            "of the sides and the background are taken from the ministry’s announcement.",
        ),
        phase=Phase.ASSEMBLY,
    )


_BACKGROUND: Final = (
    Text.of(
        be="Свята яднання двух народаў адзначаюць 2 красавіка ўжо дваццаць гадоў. У гэты дзень "
        "1996 года прэзідэнты Барыс Ельцын і Аляксандр Лукашэнка падпісалі ў Маскве Дагавор "
        "аб Супольніцтве дзвюх дзяржаў; роўна праз год, 2 красавіка 1997 года, быў падпісаны "
        "Дагавор аб Саюзе Расіі і Беларусі.",
        ru="Праздник единения двух народов отмечают 2 апреля уже двадцать лет. В этот день "
        "1996 года президенты Борис Ельцин и Александр Лукашенко подписали в Москве Договор "
        "о Сообществе двух государств; ровно через год, 2 апреля 1997 года, был подписан "
        "Договор о Союзе России и Беларуси.",
        en="The unity of the two peoples has been celebrated on 2 April for twenty years. On "
        "that day in 1996 Presidents Boris Yeltsin and Alexander Lukashenko signed in Moscow "
        "the Treaty on the Community of the two states; exactly a year later, on 2 April 1997, "
        "the Treaty on the Union of Russia and Belarus was signed.",
    ),
    Text.of(
        be="Рэспубліка Беларусь і Курская вобласць супрацоўнічаюць з 2002 года, гэта значыць "
        "чатырнаццаць гадоў. Гэтым занятая Сумесная рабочая група: беларускі бок у ёй "
        "узначальвае Сяргей Папкоў, курскі — Аляксандр Крывалапаў. Пашыраць дыялог бакі "
        "збіраюцца ў палітыцы, эканоміцы, бізнесе, адукацыі і культуры.",
        ru="Республика Беларусь и Курская область сотрудничают с 2002 года, то есть "
        "четырнадцать лет. Этим занята Совместная рабочая группа: белорусскую сторону в ней "
        "возглавляет Сергей Попков, курскую — Александр Криволапов. Расширять диалог стороны "
        "намерены в политике, экономике, бизнесе, образовании и культуре.",
        en="The Republic of Belarus and Kursk Region have worked together since 2002, for "
        "fourteen years. This is the work of a Joint Working Group: Sergei Popkov leads its "
        "Belarusian side, Alexander Krivolapov the side of Kursk. The sides mean to widen "
        "their dialogue in politics, the economy, business, education and culture.",
    ),
    Text.of(
        be="На відэаканферэнцыі гаворка пойдзе пра развіццё двухбаковых гандлёва-эканамічных "
        "адносін і пра перспектыўныя кірункі супрацоўніцтва.",
        ru="На видеоконференции речь пойдёт о развитии двусторонних торгово-экономических "
        "отношений и о перспективных направлениях сотрудничества.",
        en="The videoconference will speak of the development of trade and economic relations "
        "between the two sides and of promising fields of co-operation.",
    ),
)

_SIDES: Final = (
    Side(
        id=_HOST,
        name=Text.of(be="Рэспубліка Беларусь", ru="Республика Беларусь", en="Republic of Belarus"),
        sites=(
            Site(
                id=MINSK,
                city=Text.of(be="Мінск", ru="Минск", en="Minsk"),
                city_with=Text.of(be="Мінскам", ru="Минском", en="Minsk"),
                name=Text.of(be="Зала Мінск", ru="Зал Минск", en="Minsk hall"),
                zone="Europe/Minsk",
            ),
        ),
    ),
    Side(
        id=_GUEST,
        name=Text.of(be="Курская вобласць", ru="Курская область", en="Kursk Region"),
        sites=(
            Site(
                id=KURSK,
                city=Text.of(be="Курск", ru="Курск", en="Kursk"),
                city_with=Text.of(be="Курскам", ru="Курском", en="Kursk"),
                name=Text.of(be="Зала Курск", ru="Зал Курск", en="Kursk hall"),
                zone="Europe/Moscow",
            ),
        ),
    ),
)


def _group(key: str, side: SideId, be: str, ru: str, en: str) -> Participation:
    return Participation(id=ParticipationId(key), side=side, post=Text.of(be=be, ru=ru, en=en))


_ROSTER: Final = (
    Participation(
        id=ParticipationId("popkov"),
        side=_HOST,
        site=MINSK,
        name=Text.of(be="Сяргей Папкоў", ru="Сергей Попков", en="Sergei Popkov"),
        post=Text.of(
            be="міністр сувязі і інфарматызацыі",
            ru="министр связи и информатизации",
            en="Minister of Communications and Informatization",
        ),
        office=Text.of(
            be="узначальвае Сумесную рабочую групу з беларускага боку",
            ru="возглавляет Совместную рабочую группу с белорусской стороны",
            en="leads the Joint Working Group on the Belarusian side",
        ),
        leads_side=True,
    ),
    _group(
        "veterans-minsk",
        _HOST,
        "ветэраны Вялікай Айчыннай вайны",
        "ветераны Великой Отечественной войны",
        "veterans of the Great Patriotic War",
    ),
    _group(
        "council",
        _HOST,
        "старшыня Рэспубліканскага Савета Беларускага грамадскага аб’яднання ветэранаў",
        "председатель Республиканского Совета Белорусской общественной организации ветеранов",
        "the chair of the Republican Council of the Belarusian veterans’ organisation",
    ),
    _group(
        "city-organisation",
        _HOST,
        "старшыня Мінскай гарадской арганізацыі ветэранаў",
        "председатель Минской городской организации ветеранов",
        "the chair of the Minsk city organisation of veterans",
    ),
    _group(
        "youth",
        _HOST,
        "прадстаўнікі Беларускага рэспубліканскага саюза моладзі",
        "представители Белорусского республиканского союза молодёжи",
        "representatives of the Belarusian Republican Youth Union",
    ),
    _group("others", _HOST, "іншыя ўдзельнікі", "другие участники", "other participants"),
    Participation(
        id=ParticipationId("krivolapov"),
        side=_GUEST,
        site=KURSK,
        name=Text.of(
            be="Аляксандр Крывалапаў", ru="Александр Криволапов", en="Alexander Krivolapov"
        ),
        post=Text.of(
            be="намеснік губернатара Курскай вобласці",
            ru="заместитель губернатора Курской области",
            en="Deputy Governor of Kursk Region",
        ),
        office=Text.of(
            be="узначальвае Сумесную рабочую групу з курскага боку",
            ru="возглавляет Совместную рабочую группу с курской стороны",
            en="leads the Joint Working Group on the side of Kursk",
        ),
        leads_side=True,
    ),
    _group(
        "veterans-kursk",
        _GUEST,
        "ветэраны Вялікай Айчыннай вайны",
        "ветераны Великой Отечественной войны",
        "veterans of the Great Patriotic War",
    ),
    _group(
        "administration",
        _GUEST,
        "прадстаўнікі адміністрацыі Курскай вобласці",
        "представители администрации Курской области",
        "representatives of the administration of Kursk Region",
    ),
    Participation(
        id=GUESTS[0],
        side=_HOST,
        name=Text.of(be="Вольга Ветрава", ru="Ольга Ветрова", en="Olga Vetrova"),
        post=Text.of(
            be="першы сакратар гарадскога камітэта БРСМ",
            ru="первый секретарь городского комитета БРСМ",
            en="first secretary of a city committee of the Youth Union",
        ),
        is_announced=False,
    ),
    Participation(
        id=GUESTS[1],
        side=_GUEST,
        name=Text.of(be="Дзмітрый Сцяпны", ru="Дмитрий Степной", en="Dmitry Stepnoy"),
        post=Text.of(
            be="прадстаўнік адміністрацыі Курскай вобласці",
            ru="представитель администрации Курской области",
            en="representative of the administration of Kursk Region",
        ),
        is_announced=False,
    ),
)

_AGENDA: Final = (
    AgendaItem(
        ItemId("opening"),
        ItemKind.CEREMONY,
        Text.of(
            be="Адкрыццё. Дзяржаўныя гімны",
            ru="Открытие. Государственные гимны",
            en="Opening. National anthems",
        ),
        timedelta(minutes=5),
        short_title=Text.of(be="Адкрыццё, гімны", ru="Открытие, гимны", en="Opening, anthems"),
    ),
    AgendaItem(
        ItemId("greeting-minsk"),
        ItemKind.SPEECH,
        Text.of(
            be="Прывітанне міністра сувязі і інфарматызацыі",
            ru="Приветствие министра связи и информатизации",
            en="Greeting of the Minister of Communications and Informatization",
        ),
        timedelta(minutes=7),
        Text.of(be="Сяргей Папкоў, Мінск", ru="Сергей Попков, Минск", en="Sergei Popkov, Minsk"),
        short_title=Text.of(
            be="Прывітанне С. Папкова", ru="Приветствие С. Попкова", en="Greeting of S. Popkov"
        ),
    ),
    AgendaItem(
        ItemId("greeting-kursk"),
        ItemKind.SPEECH,
        Text.of(
            be="Прывітанне намесніка губернатара Курскай вобласці",
            ru="Приветствие заместителя губернатора Курской области",
            en="Greeting of the Deputy Governor of Kursk Region",
        ),
        timedelta(minutes=7),
        Text.of(
            be="Аляксандр Крывалапаў, Курск",
            ru="Александр Криволапов, Курск",
            en="Alexander Krivolapov, Kursk",
        ),
        short_title=Text.of(
            be="Прывітанне А. Крывалапава",
            ru="Приветствие А. Криволапова",
            en="Greeting of A. Krivolapov",
        ),
    ),
    AgendaItem(
        ItemId("veterans"),
        ItemKind.SPEECH,
        Text.of(be="Слова ветэранаў", ru="Слово ветеранов", en="Words of the veterans"),
        timedelta(minutes=15),
        Text.of(be="Мінск, Курск", ru="Минск, Курск", en="Minsk, Kursk"),
    ),
    AgendaItem(
        ItemId("youth"),
        ItemKind.SPEECH,
        Text.of(be="Моладзь дзвюх краін", ru="Молодёжь двух стран", en="Youth of two countries"),
        timedelta(minutes=10),
        Text.of(
            be="Беларускі рэспубліканскі саюз моладзі",
            ru="Белорусский республиканский союз молодёжи",
            en="Belarusian Republican Youth Union",
        ),
    ),
    AgendaItem(
        ItemId("trade"),
        ItemKind.DISCUSSION,
        Text.of(
            be="Аб развіцці двухбаковых гандлёва-эканамічных адносін",
            ru="О развитии двусторонних торгово-экономических отношений",
            en="On the development of trade and economic relations",
        ),
        timedelta(minutes=25),
        short_title=Text.of(
            be="Гандлёва-эканамічныя адносіны",
            ru="Торгово-экономические отношения",
            en="Trade and economic relations",
        ),
    ),
    AgendaItem(
        ItemId("prospects"),
        ItemKind.DISCUSSION,
        Text.of(
            be="Аб перспектыўных кірунках супрацоўніцтва",
            ru="О перспективных направлениях сотрудничества",
            en="On promising fields of co-operation",
        ),
        timedelta(minutes=15),
        short_title=Text.of(
            be="Перспектыўныя кірункі", ru="Перспективные направления", en="Promising fields"
        ),
    ),
    AgendaItem(
        ItemId("closing"),
        ItemKind.CLOSING,
        Text.of(be="Закрыццё", ru="Закрытие", en="Closing"),
        timedelta(minutes=5),
    ),
)
