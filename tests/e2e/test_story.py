"""A meeting before the air, by all who have a hand in it: agreed by two offices, announced,
answered, moved and cancelled, each on a page of his own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.chromium import PATIENCE_MS, barriers
from tests.e2e.test_cabinet import _sign_in
from tests.support.server import Server

TITLE = {
    "ru": "О почтовой связи двух сторон",
    "be": "Аб паштовай сувязі двух бакоў",
    "en": "On the postal service of two sides",
}
DAY = "2027-05-12"
GUEST = "А. Криволапов, заместитель губернатора"
HOST = "С. Попков, министр связи и информатизации"

Json = Any  # what the interface answers

_ASK = """
async ([method, path, body]) => {
  const headers = { "X-Requested-With": "veche", ...(body && { "Content-Type": "application/json" }) };
  const sent = body && JSON.stringify(body);
  const answer = await fetch(`/api/v1${path}`, { method, headers, body: sent });
  return { status: answer.status, value: await answer.json() };
}
"""  # noqa: E501


@dataclass(frozen=True, slots=True)
class Organiser:
    """Signed in, and asking as his pages do."""

    page: Page

    def ask(self, method: str, path: str, body: Json = None) -> Json:
        answer = self.page.evaluate(_ASK, [method, path, body])
        assert answer["status"] in (200, 201), answer
        return answer["value"]

    def plans(self) -> Json:
        """A meeting that lacks nothing for the agreement: an earlier one on another day."""
        plan = self.ask("POST", "/meetings", {"title": TITLE, "copy_of": 67})
        when = {"day": DAY, "starts": "11:00", "ends": "12:30"}
        words = {**plan["substance"], **when, "version": plan["version"]}
        return self.ask("PUT", f"/meetings/{plan['number']}/substance", words)

    def opens(self, number: int, step: str) -> Page:
        self.page.goto(f"/cabinet/meetings/{number}/{step}")
        return self.page


@pytest.fixture
def organiser(new_page: Callable[..., Page], demo: Server) -> Organiser:
    return Organiser(_sign_in(new_page(base_url=demo.url, **_DESK), demo))


_DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}


def _tries_to_accept(page: Page, by: str) -> Locator:
    accepting = page.get_by_role("region", name="Согласование")
    accepting.get_by_label("Кто отвечает").fill(by)
    accepting.get_by_role("button", name="Согласовать этот текст").click()
    return accepting


def _accepts(page: Page, by: str) -> None:
    expect(_tries_to_accept(page, by).get_by_text(f"Согласовано: {by}")).to_be_visible()


def test_two_offices_agree_and_are_asked_again_about_what_changes(
    organiser: Organiser, new_page: Callable[..., Page]
) -> None:
    plan = organiser.plans()
    number, (host, guest) = plan["number"], plan["sides"]
    step = organiser.opens(number, "agreement")
    step.get_by_role("button", name="Отправить на согласование").click()
    expect(step.get_by_text("Ждём 2 стороны")).to_be_visible()
    links = {
        side["id"]: organiser.ask("POST", f"/meetings/{number}/agreement/{side['id']}/link")["path"]
        for side in (host, guest)
    }
    offices = {}
    for side in (host, guest):
        offices[side["id"]] = new_page(base_url=step.url.split("/cabinet")[0])
        offices[side["id"]].goto(links[side["id"]])
    page = offices[guest["id"]]
    expect(page.get_by_role("heading", level=1, name=TITLE["ru"])).to_be_visible()
    assert barriers(page) == []

    # The guest says what should be otherwise and keeps its own delegation.
    page.get_by_label("Что поправить").fill("Просим начать обсуждение раньше.")
    page.get_by_label("Кто отвечает").first.fill("Протокольный отдел")
    page.get_by_role("button", name="Отправить замечание").click()
    expect(page.get_by_text("Протокольный отдел", exact=False).first).to_be_visible()
    page.get_by_role("button", name="Снять замечание").click()
    page.get_by_role("button", name="Степной Дмитрий", exact=True).click()
    panel = page.get_by_role("complementary", name="Участник")
    panel.get_by_role("group", name="Организация").locator("[lang=ru]").last.fill("Администрация")
    expect(page.locator("[data-saving='saved']")).to_be_visible(timeout=PATIENCE_MS)
    saved = organiser.ask("GET", f"/meetings/{number}")["roster"]
    assert any(line["organisation"] == {"ru": "Администрация"} for line in saved)
    _accepts(page, GUEST)

    # The host has read the text before the guest's change: it is shown that, and agrees again.
    refused = _tries_to_accept(offices[host["id"]], HOST)
    expect(refused.get_by_text("Пока вы читали, текст изменили.")).to_be_visible()
    _accepts(offices[host["id"]], HOST)
    assert organiser.ask("GET", f"/meetings/{number}")["phase"] == "agreed"

    # A change after that asks both again and shows what is another text.
    agenda = organiser.ask("GET", f"/meetings/{number}")
    items = [{**item, "seconds": item["seconds"] + 300} for item in agenda["agenda"][:1]]
    body = {"agenda": [*items, *agenda["agenda"][1:]], "version": agenda["version"]}
    assert organiser.ask("PUT", f"/meetings/{number}/programme", body)["phase"] == "draft"
    page.reload()
    expect(page.get_by_text("Согласуется заново").first).to_be_visible()
    expect(page.get_by_text("Изменилось после согласования")).to_be_visible()
    _accepts(page, GUEST)
    offices[host["id"]].reload()
    _accepts(offices[host["id"]], HOST)

    # Another link for the same office ends the one before.
    organiser.ask("POST", f"/meetings/{number}/agreement/{guest['id']}/link")
    page.reload()
    expect(page.get_by_role("alert")).to_be_visible()


def test_an_agreed_meeting_is_announced_moved_and_cancelled_at_one_address(
    organiser: Organiser, new_page: Callable[..., Page]
) -> None:
    plan = organiser.plans()
    number = plan["number"]
    organiser.ask("POST", f"/meetings/{number}/agreement")
    mark = organiser.ask("GET", f"/meetings/{number}/agreement")["mark"]
    for side in plan["sides"]:
        answer = {"by": HOST, "note": "письмо № 1", "mark": mark}
        organiser.ask("POST", f"/meetings/{number}/agreement/{side['id']}/acceptance", answer)
    reader = new_page(base_url=organiser.page.url.split("/cabinet")[0], java_script_enabled=False)
    before = reader.goto(f"/m/{number}/ru")
    assert before is not None
    assert before.status == 404

    step = organiser.opens(number, "agreement")
    step.get_by_role("button", name="Объявить").click()
    expect(step.get_by_role("link", name="Страница анонса").first).to_be_visible()
    for language, title in TITLE.items():
        reader.goto(f"/m/{number}/{language}")
        expect(reader.get_by_role("heading", level=1, name=title)).to_be_visible()

    version = organiser.ask("GET", f"/meetings/{number}")["version"]
    moved = {"day": DAY, "starts": "12:00", "ends": None, "words": {"ru": "изменено время начала"}}
    organiser.ask("PUT", f"/meetings/{number}/schedule", {**moved, "version": version})
    reader.goto(f"/m/{number}/ru")
    expect(reader.get_by_text("изменено время начала").first).to_be_visible()
    expect(reader.get_by_text("12:00").first).to_be_visible()

    reason = {"reason": {"ru": "По просьбе сторон"}}
    organiser.ask("POST", f"/meetings/{number}/cancellation", reason)
    reader.goto(f"/m/{number}/ru")
    expect(reader.get_by_text("отменено", exact=False).first).to_be_visible()
