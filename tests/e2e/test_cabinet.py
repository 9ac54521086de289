"""A meeting from the first word to its public page, by one person in the cabinet."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.chromium import PATIENCE_MS, barriers
from tests.support.server import Server

TITLE = "Рабочая встреча о почтовой связи"
LIST = "\n".join(
    [
        "Ковалёв Пётр Ильич, начальник управления почтовой связи",
        "Мороз Анна Сергеевна, главный специалист",
        "почтальоны, 12 человек",
    ]
)


def _password(demo: Server, login: str) -> str:
    found = re.search(rf"^\s+{login}\s+(\S+)", "".join(demo.lines), re.MULTILINE)
    assert found, f"the demonstration printed no password of {login}"
    return found[1]


def _sign_in(page: Page, demo: Server, login: str = "organiser") -> Page:
    page.goto(f"{demo.url}/cabinet")
    page.get_by_label("Имя пользователя").fill(login)
    page.get_by_label("Пароль").fill(_password(demo, login))
    page.get_by_role("button", name="Войти", exact=True).click()
    _sees(page.get_by_role("heading", name="Мероприятия", level=1))
    return page


@pytest.fixture
def cabinet(new_page: Callable[..., Page], demo: Server) -> Page:
    """Signed in, at the list of meetings."""
    return _sign_in(new_page(viewport={"width": 1440, "height": 900}), demo)


def _sees(locator: Locator) -> None:
    expect(locator).to_be_visible(timeout=PATIENCE_MS)


def _is_saved(page: Page) -> None:
    _sees(page.locator("[data-saving='saved']"))


def _go(page: Page, step: str) -> None:
    page.get_by_role("navigation", name="Шаги").get_by_role("link", name=step).click()


def _words(page: Page | Locator, label: str, language: str = "ru") -> Locator:
    """One language of a field that has three."""
    return page.get_by_role("group", name=label, exact=True).locator(f"[lang={language}]").last


def _begin(page: Page, title: str) -> None:
    page.get_by_role("button", name="Создать").first.click()
    page.get_by_role("menuitem", name="С чистого листа").click()
    dialog = page.get_by_role("dialog")
    _words(dialog, "Название").fill(title)
    dialog.get_by_role("button", name="Создать черновик").click()
    _sees(page.get_by_role("heading", name=title, level=1))


def _add_side(page: Page, name: str, city: str, hall: str) -> None:
    page.get_by_role("button", name="Добавить сторону").click()
    dialog = page.get_by_role("dialog")
    _words(dialog, "Название стороны").fill(name)
    dialog.get_by_role("button", name="Добавить", exact=True).click()
    side = page.get_by_role("region", name=name)
    side.get_by_role("button", name="Добавить площадку").click()
    dialog = page.get_by_role("dialog")
    _words(dialog, "Город").fill(city)
    _words(dialog, "Название зала").fill(hall)
    dialog.get_by_role("button", name="Добавить", exact=True).click()
    _sees(side.get_by_role("heading", name=hall))


def test_a_meeting_is_led_from_its_title_to_its_public_page(cabinet: Page, demo: Server) -> None:
    page = cabinet
    _begin(page, TITLE)
    number = page.url.split("/meetings/")[1].split("/")[0]

    page.get_by_label("Дата", exact=True).fill("12.5.2027")
    page.get_by_label("Начало", exact=True).fill("11")
    page.get_by_label("Окончание", exact=True).fill("12:00")
    _words(page, "Кто с кем встречается").fill("Почта двух сторон договаривается о доставке.")
    _is_saved(page)

    _go(page, "Стороны и площадки")
    _add_side(page, "Республика Беларусь", "Минск", "Зал Минск")
    _add_side(page, "Смоленская область", "Смоленск", "Зал Смоленск")
    _is_saved(page)

    _go(page, "Участники")
    page.get_by_role("button", name="Вставить список").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Список", exact=True).fill(LIST)
    dialog.get_by_role("button", name="Прочитать список").click()
    take = dialog.get_by_role("button", name=re.compile("^Добавить 3"))
    _sees(take)
    assert barriers(page) == []
    take.click()
    _sees(page.get_by_role("button", name="Ковалёв Пётр Ильич", exact=True))
    _sees(page.get_by_text("группа, 12 человек"))
    _is_saved(page)

    _go(page, "Программа")
    page.get_by_role("button", name="Пункт", exact=True).click()
    panel = page.get_by_role("complementary", name="Пункт 1")
    _words(panel, "Название").fill("О доставке писем")
    panel.get_by_role("spinbutton", name="Минут").fill("75")
    panel.get_by_role("button", name="Добавить", exact=True).click()
    _sees(page.get_by_text("Окончание 12:15, на 15 минут позже плана 12:00"))
    _is_saved(page)

    _go(page, "Стороны и площадки")
    host = page.get_by_role("region", name="Республика Беларусь")
    host.get_by_label("Кто возглавляет").select_option(label="Ковалёв Пётр Ильич")
    _is_saved(page)
    assert barriers(page) == []

    page.goto(f"{demo.url}/m/{number}")
    expect(page.get_by_text(TITLE)).to_have_count(0)
    assert page.goto(f"{demo.url}/cabinet/meetings/{number}/history") is not None
    _sees(page.get_by_text("создание мероприятия"))


def test_rows_change_places_by_the_keyboard_alone(cabinet: Page) -> None:
    page = cabinet
    _begin(page, "Порядок слова")
    _go(page, "Программа")
    for title in ("Открытие", "Доклад", "Закрытие"):
        page.get_by_role("button", name="Пункт", exact=True).click()
        panel = page.get_by_role("complementary")
        _words(panel, "Название").fill(title)
        panel.get_by_role("button", name="Добавить", exact=True).click()
    grip = page.get_by_role("button", name="Переставить: Закрытие")
    grip.focus()
    for key in ("Space", "ArrowUp", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Закрытие")
    expect(grip).to_be_focused()
    for key in ("Space", "ArrowDown", "Escape"):
        page.keyboard.press(key)
    expect(rows.nth(1)).to_contain_text("Закрытие")
    page.get_by_role("button", name="Отменить правку").click()
    expect(rows.nth(1)).to_contain_text("Открытие")
    _is_saved(page)


def test_two_people_in_one_field_lose_nothing(
    cabinet: Page, new_page: Callable[..., Page], demo: Server
) -> None:
    page = cabinet
    _begin(page, "Двое")
    other = _sign_in(new_page(), demo)
    other.goto(page.url)
    theirs = _words(other, "Полное название")
    expect(theirs).to_have_value("Двое", timeout=PATIENCE_MS)
    _words(page, "Полное название").fill("Первый")
    _is_saved(page)
    theirs.fill("Второй")
    _sees(other.get_by_text("1 поле ждёт вашего выбора"))
    expect(theirs).to_have_value("Второй")
    expect(other.locator("blockquote")).to_have_text("Первый")
    assert barriers(other) == []
    other.get_by_role("button", name="Оставить мой").click()
    _is_saved(other)
    page.reload()
    expect(_words(page, "Полное название")).to_have_value("Второй", timeout=PATIENCE_MS)


def test_a_lost_line_loses_nothing(cabinet: Page) -> None:
    page = cabinet
    _begin(page, "Без связи")
    page.context.set_offline(True)
    _words(page, "Полное название").fill("Написано без связи")
    _sees(page.get_by_text("Нет связи. Правки здесь, отправим сами"))
    page.context.set_offline(False)
    _is_saved(page)
    page.reload()
    expect(_words(page, "Полное название")).to_have_value("Написано без связи", timeout=PATIENCE_MS)


def test_a_refused_password_says_so_and_lets_nobody_in(
    new_page: Callable[..., Page], demo: Server
) -> None:
    page = new_page()
    page.goto(f"{demo.url}/cabinet")
    page.get_by_label("Имя пользователя").fill("organiser")
    page.get_by_label("Пароль").fill("not the password at all")
    page.get_by_role("button", name="Войти", exact=True).click()
    _sees(page.get_by_text("Имя пользователя или пароль не подошли."))
    assert barriers(page) == []
