"""Words by which a list of people is understood, as offices write them in three languages.

Tables only. Stems are lower case without endings, so that one stem covers the cases of a word;
a stem that ends with $ is a whole word.
"""

from enum import StrEnum
from typing import Final

from veche.domain.roster import ParticipationRole


class Field(StrEnum):
    """What a piece of a line was taken for."""

    NUMBER = "number"
    NAME = "name"
    SURNAME = "surname"
    GIVEN = "given"
    PATRONYMIC = "patronymic"
    POST = "post"
    ORGANISATION = "organisation"
    SIDE = "side"
    SITE = "site"
    ROLE = "role"
    SEAT = "seat"
    COUNT = "count"
    OTHERS = "others"
    """«и другие»."""
    EMAIL = "email"
    PUBLICATION = "publication"
    NOTE = "note"
    """Understood as nothing of the above; kept for the reader."""


HEADINGS: Final[tuple[tuple[Field, tuple[str, ...]], ...]] = (
    (Field.NUMBER, ("№", "№ п/п", "п/п", "n", "no", "no.", "#", "номер", "нумар")),
    (
        Field.NAME,
        (
            "фио", "ф.и.о", "ф.и.о.", "ф. и. о.", "фамилия, имя, отчество", "фамилия и инициалы",
            "фамилия имя отчество", "фамилия, инициалы", "участник",
            "прозвішча, імя, імя па бацьку", "прозвішча, імя", "фамилия, имя", "удзельнік",
            "name", "full name", "participant",
        ),
    ),
    (Field.SURNAME, ("фамилия", "прозвішча", "surname", "last name", "family name")),
    (Field.GIVEN, ("имя", "імя", "given name", "first name")),
    (Field.PATRONYMIC, ("отчество", "імя па бацьку", "patronymic", "middle name")),
    (
        Field.POST,
        (
            "должность", "пасада", "post", "position", "title", "job title",
            "занимаемая должность",
            "должность, организация", "должность и организация", "должность, место работы",
            "пасада, арганізацыя", "пасада, месца працы",
        ),
    ),
    (
        Field.ORGANISATION,
        (
            "организация", "место работы", "учреждение", "арганізацыя", "месца працы", "установа",
            "organisation", "organization", "company", "наименование организации",
        ),
    ),
    (Field.SIDE, ("сторона", "делегация", "бок", "боку", "дэлегацыя", "side", "delegation")),
    (
        Field.SITE,
        ("зал", "площадка", "город", "студия", "зала", "пляцоўка", "горад", "hall", "site", "city"),
    ),
    (
        Field.ROLE,
        ("роль", "статус", "роля", "role", "status", "участие", "удзел"),
    ),
    (Field.SEAT, ("место", "место в зале", "месца", "seat")),
    (
        Field.COUNT,
        ("количество", "кол-во", "количество человек", "колькасць", "count", "number of people"),
    ),
    (
        Field.EMAIL,
        ("e-mail", "email", "эл. почта", "электронная почта", "почта", "эл. пошта",
         "электронная пошта"),
    ),
    (Field.PUBLICATION, ("публикация", "публиковать", "публікацыя", "publication", "publish")),
    (Field.NOTE, ("примечание", "примечания", "заўвага", "note", "notes", "телефон", "phone")),
)  # fmt: skip

ROLES: Final[dict[str, ParticipationRole]] = {
    "сопредседатель": ParticipationRole.CO_CHAIR,
    "сустаршыня": ParticipationRole.CO_CHAIR,
    "co-chair": ParticipationRole.CO_CHAIR,
    "глава делегации": ParticipationRole.CO_CHAIR,
    "руководитель делегации": ParticipationRole.CO_CHAIR,
    "кіраўнік дэлегацыі": ParticipationRole.CO_CHAIR,
    "head of delegation": ParticipationRole.CO_CHAIR,
    "докладчик": ParticipationRole.RAPPORTEUR,
    "дакладчык": ParticipationRole.RAPPORTEUR,
    "rapporteur": ParticipationRole.RAPPORTEUR,
    "speaker": ParticipationRole.RAPPORTEUR,
    "выступающий": ParticipationRole.RAPPORTEUR,
    "участник": ParticipationRole.PARTICIPANT,
    "удзельнік": ParticipationRole.PARTICIPANT,
    "participant": ParticipationRole.PARTICIPANT,
    "член делегации": ParticipationRole.PARTICIPANT,
    "приглашённый": ParticipationRole.INVITED,
    "запрошаны": ParticipationRole.INVITED,
    "invited": ParticipationRole.INVITED,
    "guest": ParticipationRole.INVITED,
    "гость": ParticipationRole.INVITED,
    "госць": ParticipationRole.INVITED,
    "переводчик": ParticipationRole.INTERPRETER,
    "перакладчык": ParticipationRole.INTERPRETER,
    "interpreter": ParticipationRole.INTERPRETER,
    "сурдопереводчик": ParticipationRole.SIGNER,
    "переводчик жестового языка": ParticipationRole.SIGNER,
    "перакладчык жэставай мовы": ParticipationRole.SIGNER,
    "sign language interpreter": ParticipationRole.SIGNER,
    "пресса": ParticipationRole.PRESS,
    "прэса": ParticipationRole.PRESS,
    "press": ParticipationRole.PRESS,
    "сми": ParticipationRole.PRESS,
    "журналист": ParticipationRole.PRESS,
    "персонал": ParticipationRole.STAFF,
    "staff": ParticipationRole.STAFF,
    "техник": ParticipationRole.STAFF,
    "тэхнік": ParticipationRole.STAFF,
}

POST_STEMS: Final = (
    "министр", "міністр", "minist", "заместител", "намесні", "deput", "председател", "старшын",
    "chair", "директор", "дырэктар", "direct", "начальник", "начальні", "head$", "губернатор",
    "губернатар", "governor", "глава$", "главы$", "секретар", "сакратар", "secretar", "советник",
    "саветні",
    "advis", "консультант", "кансультант", "специалист", "спецыяліст", "ректор", "рэктар",
    "rector", "депутат", "дэпутат", "посол$", "пасол$", "ambassador", "консул", "руководител",
    "кіраўні", "manager", "менеджер", "менеджэр", "инженер", "інжынер", "engineer", "профессор",
    "прафесар", "доцент", "дацэнт", "преподавател", "выкладчы", "заведующ", "загадчы", "помощник",
    "памочні", "assistant", "президент", "прэзідэнт", "president", "корреспондент",
    "карэспандэнт",
    "эксперт", "expert", "представител", "прадстаўні", "representative", "первый$", "першы$",
    "first$",
    "первая$", "главный", "галоўны", "chief$", "атташе", "аташэ", "командир", "камандзір", "мэр$",
    "mayor", "пресс-секретар", "прэс-сакратар", "вице-", "віцэ-", "член$", "member", "управляющ",
)  # fmt: skip

ORGANISATION_STEMS: Final = (
    "министерств", "міністэрств", "ministry", "комитет", "камітэт", "committee", "управлени",
    "упраўленн", "department", "департамент", "дэпартамент", "администраци", "адміністраци",
    "адміністрацы", "administration", "оао$", "аат$", "ооо$", "тод$", "таа$", "зао$", "пао$",
    "ао$", "руп$",
    "уп$", "гп$", "гу$", "гуо$", "уо$", "ип$", "ooo$", "llc$", "ltd$", "jsc$", "университет",
    "універсітэт",
    "university", "институт", "інстытут", "institute", "академи", "акадэмі", "завод", "plant",
    "фабрик", "комбинат", "камбінат", "предприяти", "прадпрыемств", "организаци", "арганізацы",
    "organisation", "organization", "объединени", "аб’яднанн", "союз", "саюз", "union", "совет",
    "савет", "council", "палат", "chamber", "посольств", "пасольств", "embassy", "школ",
    "колледж",
    "каледж", "college", "больниц", "музей", "museum", "библиотек", "бібліятэк", "банк", "bank",
    "компани", "кампані", "company", "агентств", "агенцтв", "agency", "центр", "цэнтр", "centre",
    "center", "исполком", "выканкам", "горисполком", "облисполком", "филиал", "філіял", "дума$",
    "редакци", "рэдакцы", "газет", "фонд", "фундацы", "брсм$", "концерн", "канцэрн", "холдинг",
)  # fmt: skip

GROUP_STEMS: Final = (
    "ветеран", "ветэран", "veteran", "студент", "студэнт", "student", "учащи", "навучэнц",
    "pupil",
    "школьник", "школьнік", "представители", "прадстаўнікі", "representatives", "сотрудники",
    "супрацоўнікі", "employees", "члены", "members", "группа", "група", "group", "делегация",
    "дэлегацыя", "delegation", "молодёжь", "молодежь", "моладзь", "youth", "журналисты",
    "журналісты", "journalists", "жители", "жыхары", "residents", "гости", "госці", "guests",
    "приглашённые", "приглашенные", "запрошаныя", "участники", "удзельнікі", "participants",
    "работники", "работнікі", "волонтёры", "волонтеры", "валанцёры", "volunteers",
)  # fmt: skip

PLACE_STEMS: Final = (
    "зал$",
    "зала$",
    "зале$",
    "площадк",
    "пляцоўк",
    "студи",
    "студы",
    "hall$",
    "site$",
    "город",
    "горад",
)
SIDE_STEMS: Final = (
    "сторон",
    "делегаци",
    "дэлегацы",
    "бок$",
    "боку$",
    "side$",
    "delegation",
    "участники",
    "от$",
    "ад$",
)
KIND_STEMS: Final = (
    "област", "вобласц", "вобласт", "республик", "рэспублік", "region", "republic", "край$",
    "края$",
    "федераци", "федэрацы", "federation", "район", "раён", "district", "округ", "акруг",
)  # fmt: skip
"""Of what kind a region is."""
PUBLIC_NO_WHOLE: Final = (
    "не публиковать", "без публикации", "не публікаваць", "без публікацыі", "do not publish",
)  # fmt: skip
PUBLIC_NO: Final = (*PUBLIC_NO_WHOLE, "нет", "не", "no")
"""In a column about publication."""
