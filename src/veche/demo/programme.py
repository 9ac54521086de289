"""The demonstration's programme. Its order, lengths and speakers are invented, as its note says."""

from datetime import timedelta
from typing import Final

from veche.demo.people import GUEST, HOST
from veche.domain.agenda import AgendaItem, ItemKind
from veche.domain.identity import ItemId, ParticipationId
from veche.domain.text import Text

AGENDA: Final = (
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
        rapporteurs=(ParticipationId("popkov"),),
        side=HOST,
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
        rapporteurs=(ParticipationId("krivolapov"),),
        side=GUEST,
    ),
    AgendaItem(
        ItemId("veterans"),
        ItemKind.SPEECH,
        Text.of(be="Слова ветэранаў", ru="Слово ветеранов", en="Words of the veterans"),
        timedelta(minutes=15),
        Text.of(be="Мінск, Курск", ru="Минск, Курск", en="Minsk, Kursk"),
        rapporteurs=(
            ParticipationId("council"),
            ParticipationId("city-organisation"),
            ParticipationId("veterans-kursk"),
        ),
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
        rapporteurs=(
            ParticipationId("youth"),
            ParticipationId("vetrova"),
        ),
        side=HOST,
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
        rapporteurs=(ParticipationId("stepnoy"),),
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
