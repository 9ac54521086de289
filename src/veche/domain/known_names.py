"""Given names, patronymics and some surnames as Belarusian and Russian write them.

A name is not spelt letter by letter from one language into the other: Николай is Мікалай and
his son is Мікалаевіч. Owns the pairs that an office meets every day, and surnames whose stress
a rule would guess wrong. A name that is not here is spelt by the rules of `transliteration` and
somebody looks at it.
"""

from dataclasses import dataclass
from typing import Final

# Russian, Belarusian, then the patronymic of a son in both. A daughter's follows from it.
_MEN: Final = """
Александр Аляксандр Александрович Аляксандравіч
Алексей Аляксей Алексеевич Аляксеевіч
Анатолий Анатолій Анатольевич Анатольевіч
Андрей Андрэй Андреевич Андрэевіч
Антон Антон Антонович Антонавіч
Аркадий Аркадзь Аркадьевич Аркадзьевіч
Артём Арцём Артёмович Арцёмавіч
Борис Барыс Борисович Барысавіч
Вадим Вадзім Вадимович Вадзімавіч
Валентин Валянцін Валентинович Валянцінавіч
Валерий Валерый Валерьевич Валер’евіч
Василий Васіль Васильевич Васільевіч
Виктор Віктар Викторович Віктаравіч
Виталий Віталій Витальевич Вітальевіч
Владимир Уладзімір Владимирович Уладзіміравіч
Владислав Уладзіслаў Владиславович Уладзіслававіч
Вячеслав Вячаслаў Вячеславович Вячаслававіч
Геннадий Генадзь Геннадьевич Генадзьевіч
Георгий Георгій Георгиевич Георгіевіч
Григорий Рыгор Григорьевич Рыгоравіч
Денис Дзяніс Денисович Дзянісавіч
Дмитрий Дзмітрый Дмитриевич Дзмітрыевіч
Евгений Яўген Евгеньевич Яўгенавіч
Иван Іван Иванович Іванавіч
Игорь Ігар Игоревич Ігаравіч
Илья Ілья Ильич Ільіч
Кирилл Кірыл Кириллович Кірылавіч
Константин Канстанцін Константинович Канстанцінавіч
Леонид Леанід Леонидович Леанідавіч
Максим Максім Максимович Максімавіч
Михаил Міхаіл Михайлович Міхайлавіч
Никита Мікіта Никитич Мікітавіч
Николай Мікалай Николаевич Мікалаевіч
Олег Алег Олегович Алегавіч
Павел Павел Павлович Паўлавіч
Пётр Пётр Петрович Пятровіч
Роман Раман Романович Раманавіч
Сергей Сяргей Сергеевич Сяргеевіч
Станислав Станіслаў Станиславович Станіслававіч
Степан Сцяпан Степанович Сцяпанавіч
Тимофей Цімафей Тимофеевич Цімафеевіч
Фёдор Фёдар Фёдорович Фёдаравіч
Юрий Юрый Юрьевич Юр’евіч
Яков Якаў Яковлевич Якаўлевіч
Ярослав Яраслаў Ярославович Яраслававіч
"""
_WOMEN: Final = """
Алла Ала
Анастасия Анастасія
Анна Ганна
Валентина Валянціна
Вера Вера
Виктория Вікторыя
Галина Галіна
Дарья Дар’я
Евгения Яўгенія
Екатерина Кацярына
Елена Алена
Елизавета Лізавета
Жанна Жана
Зинаида Зінаіда
Инна Іна
Ирина Ірына
Ксения Ксенія
Лариса Ларыса
Лидия Лідзія
Любовь Любоў
Людмила Людміла
Маргарита Маргарыта
Марина Марына
Мария Марыя
Надежда Надзея
Наталья Наталля
Нина Ніна
Оксана Аксана
Ольга Вольга
Полина Паліна
Раиса Раіса
Светлана Святлана
София Сафія
Тамара Тамара
Татьяна Таццяна
Юлия Юлія
"""
# A woman's is made of it.
_SURNAMES: Final = """
Волков Волкаў
Дмитриев Дзмітрыеў
Иванов Іваноў
Козлов Казлоў
Кузнецов Кузняцоў
Николаев Мікалаеў
Новиков Новікаў
Орлов Арлоў
Петров Пятроў
Попов Папоў
Рыбаков Рыбакоў
Смирнов Смірноў
Соколов Сакалоў
Степанов Сцяпанаў
Тихонов Ціханаў
Щербаков Шчарбакоў
"""

# Of the few whose daughter is not named by the ending of the son's.
_DAUGHTERS: Final = {"Ильич": "Ильинична", "Никитич": "Никитична", "Ільіч": "Ільінічна"}
_DAUGHTER_ENDINGS: Final = (
    ("ович", "овна"),
    ("евич", "евна"),
    ("авіч", "аўна"),
    ("овіч", "оўна"),
    ("евіч", "еўна"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """One name in two languages."""

    russian: str
    belarusian: str


def _daughter_of(son: str) -> str:
    if son in _DAUGHTERS:
        return _DAUGHTERS[son]
    for ending, hers in _DAUGHTER_ENDINGS:
        if son.endswith(ending):
            return son.removesuffix(ending) + hers
    raise AssertionError(f"{son} has no known ending")


def _rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.split("\n") if line]


GIVEN: Final = tuple(Pair(row[0], row[1]) for row in _rows(_MEN) + _rows(_WOMEN))
PATRONYMICS: Final = tuple(
    pair
    for _, _, russian, belarusian in _rows(_MEN)
    for pair in (
        Pair(russian, belarusian),
        Pair(_daughter_of(russian), _daughter_of(belarusian)),
    )
)
SURNAMES: Final = tuple(
    pair
    for russian, belarusian in _rows(_SURNAMES)
    for pair in (
        Pair(russian, belarusian),
        Pair(f"{russian}а", f"{belarusian.removesuffix('ў')}ва"),
    )
)
