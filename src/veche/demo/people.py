"""The demonstration's sides, halls and people.

From the announcement are the two leaders with their posts, what they lead, and who else comes.
Invented are the halls with their technicians and telephones, who sits on which side, the people
of the Kursk side besides its leader, and the two persons with links of their own.
"""

from typing import Final

from veche.domain.identity import ParticipationId, SideId, SiteId
from veche.domain.roster import Participation, ParticipationRole, PersonName
from veche.domain.sides import Side, Site, Wording
from veche.domain.text import Text

MINSK: Final = SiteId("minsk")
KURSK: Final = SiteId("kursk")
HOST: Final = SideId("side-1")
GUEST: Final = SideId("side-2")


def _address(be: str, ru: str, en: str, house: int) -> Text:
    return Text.of(
        be=f"{be}, дэманстрацыйны адрас, {house}",
        ru=f"{ru}, демонстрационный адрес, {house}",
        en=f"{en}, demonstration address, {house}",
    )


def _named(be: tuple[str, str], ru: tuple[str, str], en: tuple[str, str]) -> PersonName:
    """Given name and surname; the announcement has no patronymics."""
    return PersonName(
        surname=Text.of(be=be[1], ru=ru[1], en=en[1]),
        given=Text.of(be=be[0], ru=ru[0], en=en[0]),
    )


SIDES: Final = (
    Side(
        id=HOST,
        name=Text.of(be="Рэспубліка Беларусь", ru="Республика Беларусь", en="Republic of Belarus"),
        sites=(
            Site(
                id=MINSK,
                city=Text.of(be="Мінск", ru="Минск", en="Minsk"),
                city_with=Text.of(be="Мінскам", ru="Минском", en="Minsk"),
                name=Text.of(be="Зала Мінск", ru="Зал Минск", en="Minsk hall"),
                zone="Europe/Minsk",
                address=_address("Мінск", "Минск", "Minsk", 1),
                technician="Демидович Олег",
                phone="+375 00 000-00-01",
                reserve_phone="+375 00 000-00-02",
                screens=2,
            ),
        ),
        office_contact="protocol@ministry.example",
        wording=Wording.GROUPS,
    ),
    Side(
        id=GUEST,
        name=Text.of(be="Курская вобласць", ru="Курская область", en="Kursk Region"),
        sites=(
            Site(
                id=KURSK,
                city=Text.of(be="Курск", ru="Курск", en="Kursk"),
                city_with=Text.of(be="Курскам", ru="Курском", en="Kursk"),
                name=Text.of(be="Зала Курск", ru="Зал Курск", en="Kursk hall"),
                zone="Europe/Moscow",
                address=_address("Курск", "Курск", "Kursk", 2),
                technician="Левченко Денис",
                phone="+7 000 000-00-03",
                reserve_phone="+7 000 000-00-04",
            ),
        ),
        office_contact="protocol@region.example",
        wording=Wording.GROUPS,
    ),
)


def _unnamed(
    key: str,
    side: SideId,
    be: str,
    ru: str,
    en: str,
    *,
    count: int | None = None,
    role: ParticipationRole = ParticipationRole.INVITED,
) -> Participation:
    """Whom the announcement calls by what they are; None: it does not say how many."""
    return Participation(
        id=ParticipationId(key),
        side=side,
        site=MINSK if side == HOST else KURSK,
        post=Text.of(be=be, ru=ru, en=en),
        count=count,
        role=role,
    )


ROSTER: Final = (
    Participation(
        id=ParticipationId("popkov"),
        side=HOST,
        site=MINSK,
        name=Text.of(be="Сяргей Папкоў", ru="Сергей Попков", en="Sergei Popkov"),
        full_name=_named(("Сяргей", "Папкоў"), ("Сергей", "Попков"), ("Sergei", "Popkov")),
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
        role=ParticipationRole.CO_CHAIR,
    ),
    _unnamed(
        "veterans-minsk",
        HOST,
        "ветэраны Вялікай Айчыннай вайны",
        "ветераны Великой Отечественной войны",
        "veterans of the Great Patriotic War",
    ),
    _unnamed(
        "council",
        HOST,
        "старшыня Рэспубліканскага Савета Беларускага грамадскага аб’яднання ветэранаў",
        "председатель Республиканского Совета Белорусской общественной организации ветеранов",
        "the chair of the Republican Council of the Belarusian veterans’ organisation",
        count=1,
        role=ParticipationRole.RAPPORTEUR,
    ),
    _unnamed(
        "city-organisation",
        HOST,
        "старшыня Мінскай гарадской арганізацыі ветэранаў",
        "председатель Минской городской организации ветеранов",
        "the chair of the Minsk city organisation of veterans",
        count=1,
        role=ParticipationRole.RAPPORTEUR,
    ),
    _unnamed(
        "youth",
        HOST,
        "прадстаўнікі Беларускага рэспубліканскага саюза моладзі",
        "представители Белорусского республиканского союза молодёжи",
        "representatives of the Belarusian Republican Youth Union",
    ),
    _unnamed("others", HOST, "іншыя ўдзельнікі", "другие участники", "other participants"),
    Participation(
        id=ParticipationId("krivolapov"),
        side=GUEST,
        site=KURSK,
        name=Text.of(
            be="Аляксандр Крывалапаў", ru="Александр Криволапов", en="Alexander Krivolapov"
        ),
        full_name=_named(
            ("Аляксандр", "Крывалапаў"), ("Александр", "Криволапов"), ("Alexander", "Krivolapov")
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
        role=ParticipationRole.CO_CHAIR,
    ),
    _unnamed(
        "veterans-kursk",
        GUEST,
        "ветэраны Вялікай Айчыннай вайны",
        "ветераны Великой Отечественной войны",
        "veterans of the Great Patriotic War",
    ),
    _unnamed(
        "administration",
        GUEST,
        "прадстаўнікі адміністрацыі Курскай вобласці",
        "представители администрации Курской области",
        "representatives of the administration of Kursk Region",
    ),
    Participation(
        id=ParticipationId("vetrova"),
        side=HOST,
        name=Text.of(be="Вольга Ветрава", ru="Ольга Ветрова", en="Olga Vetrova"),
        full_name=_named(("Вольга", "Ветрава"), ("Ольга", "Ветрова"), ("Olga", "Vetrova")),
        post=Text.of(
            be="першы сакратар гарадскога камітэта БРСМ",
            ru="первый секретарь городского комитета БРСМ",
            en="first secretary of a city committee of the Youth Union",
        ),
        is_announced=False,
        role=ParticipationRole.RAPPORTEUR,
        allows_remote_unmute=True,
    ),
    Participation(
        id=ParticipationId("stepnoy"),
        side=GUEST,
        name=Text.of(be="Дзмітрый Сцяпны", ru="Дмитрий Степной", en="Dmitry Stepnoy"),
        full_name=_named(("Дзмітрый", "Сцяпны"), ("Дмитрий", "Степной"), ("Dmitry", "Stepnoy")),
        post=Text.of(
            be="прадстаўнік адміністрацыі Курскай вобласці",
            ru="представитель администрации Курской области",
            en="representative of the administration of Kursk Region",
        ),
        is_announced=False,
        role=ParticipationRole.RAPPORTEUR,
        allows_remote_unmute=True,
    ),
)
