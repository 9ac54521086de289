"""The demonstration's meeting: an announcement of 2016 told in our own words.

Facts, from the ministry's announcement (https://mpt.gov.by/node/67): the subject, 1 April, the
videoconference of Minsk and Kursk, S. Popkov and A. Krivolapov with their posts and their
leading of the Joint Working Group, who else takes part, the treaties of 2 April 1996 and 1997,
the co-operation since 2002, the subjects of discussion. The year 2016 follows from "20 years"
and "14 years". Everything else is invented, and the page says so: the hour, the order of the
programme, who sits on which side, that the leaders are co-chairs, halls and technicians,
corrections, two persons with links of their own. `tests/corpus/source_facts.json` has both lists.
"""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from veche.demo.people import ROSTER, SIDES
from veche.demo.programme import AGENDA
from veche.domain.meeting import (
    Correction,
    Kind,
    Meeting,
    MeetingNumber,
    OrganisationId,
    ParticipationId,
    Phase,
    Webcast,
)
from veche.domain.text import Language, Text

NUMBER: Final = MeetingNumber(67)
GUESTS: Final = (ParticipationId("vetrova"), ParticipationId("stepnoy"))
"""Two invented persons, one a side, whose links are printed."""
MINISTRY: Final = OrganisationId("ministry")
_ZONE: Final = "Europe/Minsk"
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
        sides=SIDES,
        roster=ROSTER,
        agenda=AGENDA,
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
                instead_of=datetime(2016, 4, 1, 10, tzinfo=_MINSK_TIME),
            ),
        ),
        contact="press@ministry.example",
        demo_note=Text.of(
            be="Дэманстрацыйныя даныя: гадзіна, парадак праграмы, удзельнікі па баках, ролі "
            "кіраўнікоў, залы і іх тэхнікі, удакладненні, адрасы і выступленні прыдуманы. "
            "Тэма, кіраўнікі бакоў і даведка ўзяты з анонса міністэрства.",
            ru="Демонстрационные данные: час, порядок программы, участники по сторонам, роли "
            "руководителей, залы и их техники, уточнения, адреса и выступления придуманы. "
            "Тема, руководители сторон и справка взяты из анонса министерства.",
            en="Demonstration data: the hour, the order of the programme, the participants by "
            "side, the roles of the leaders, the halls and their technicians, corrections, "
            "addresses and speeches are invented. The subject, the leaders "
            "of the sides and the background are taken from the ministry’s announcement.",
        ),
        organisation=MINISTRY,
        phase=Phase.ASSEMBLY,
        ends_at=datetime(2016, 4, 1, 12, 30, tzinfo=_MINSK_TIME),
        zone=_ZONE,
        webcast=Webcast.OPEN,
        legal_ground="демонстрация: придуманное согласие участников",
        announced_at=datetime(2016, 3, 28, 8, 5, tzinfo=UTC),
    )


_BACKGROUND: Final = (
    Text.of(
        be="Свята яднання двух народаў адзначаюць 2 красавіка ўжо дваццаць гадоў. У гэты дзень "
        "1996 года прэзідэнты Барыс Ельцын і Аляксандр Лукашэнка падпісалі ў Маскве Дагавор "
        "аб Супольніцтве дзвюх дзяржаў; роўна праз год, 2 красавіка 1997 года, быў падпісаны "
        "Дагавор аб Саюзе Расіі і Беларусі, які даў інтэграцыі новы штуршок. Абедзве краіны "
        "суверэнныя, і збліжэнне іх працягваецца.",
        ru="Праздник единения двух народов отмечают 2 апреля уже двадцать лет. В этот день "
        "1996 года президенты Борис Ельцин и Александр Лукашенко подписали в Москве Договор "
        "о Сообществе двух государств; ровно через год, 2 апреля 1997 года, был подписан "
        "Договор о Союзе России и Беларуси, который придал интеграции новый толчок. Обе страны "
        "суверенны, и сближение их продолжается.",
        en="The unity of the two peoples has been celebrated on 2 April for twenty years. On "
        "that day in 1996 Presidents Boris Yeltsin and Alexander Lukashenko signed in Moscow "
        "the Treaty on the Community of the two states; exactly a year later, on 2 April 1997, "
        "the Treaty on the Union of Russia and Belarus was signed and gave integration a new "
        "push. Both countries are sovereign, and they go on drawing closer.",
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
