"""An invited person's page in a browser: read, answered, withdrawn, with script and without."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.chromium import barriers, sideways_px, window
from tests.support.announced import Announced, announced
from veche.demo.meeting import GUESTS, demo_meeting
from veche.domain.access import Role
from veche.domain.actor import Actor, ActorKind, Asker
from veche.domain.identity import OrganisationId
from veche.domain.invitation import Recipient, RecipientKind
from veche.domain.meeting import Meeting, Phase
from veche.domain.roster import Answer

MINISTRY: Final = OrganisationId("ministry")
STAFF: Final = Asker(Actor(ActorKind.ACCOUNT, "a1", "Анна"), Role.ORGANISER, organisation=MINISTRY)
SEATED: Final = Recipient(RecipientKind.PERSON, "popkov")
REMOTE: Final = Recipient(RecipientKind.PERSON, GUESTS[0])
LANGUAGES: Final = ("be", "ru", "en")
PHONE: Final = {"width": 390, "height": 844}


@dataclass
class Office:
    pages: Announced

    def keep(self, phase: Phase = Phase.ANNOUNCED) -> None:
        meeting = replace(demo_meeting(), organisation=MINISTRY, phase=phase)
        self.pages.keep(meeting)

    def invite(self, recipient: Recipient) -> str:
        """The path that the letter leads to."""
        self.pages.house.clock.advance(1)
        inviting = self.pages.house.house.inviting
        number = demo_meeting().number
        invited = inviting.invite(STAFF, number, [recipient])
        letter = next(one.letter for one in invited if one.recipient == recipient)
        assert letter is not None
        return f"/i/{inviting.letter(STAFF, number, letter.id).secret}"

    def withdraw(self, recipient: Recipient) -> None:
        self.pages.house.house.inviting.withdraw(STAFF, demo_meeting().number, [recipient])

    def meeting(self) -> Meeting:
        with self.pages.house.database.read() as unit:
            meeting = unit.meetings.find(demo_meeting().number)
        assert meeting is not None
        return meeting

    def answer_of(self, recipient: Recipient) -> Answer:
        return next(one.answer for one in self.meeting().roster if one.id == recipient.id)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Announced]:
    with announced(tmp_path_factory.mktemp("invited")) as opened:
        yield opened


@pytest.fixture
def office(pages: Announced) -> Office:
    office = Office(pages)
    office.keep()
    return office


@pytest.fixture
def visit(browser: Browser, pages: Announced) -> Iterator[Callable[..., Page]]:
    with ExitStack() as stack:

        def go(path: str, **options: object) -> Page:
            page = stack.enter_context(window(browser, pages.url, **options))
            page.goto(pages.url + path)
            return page

        yield go


@pytest.mark.parametrize("recipient", [SEATED, REMOTE], ids=["seated", "remote"])
def test_the_page_is_readable_by_everybody(
    visit: Callable[..., Page], office: Office, recipient: Recipient
) -> None:
    link = office.invite(recipient)
    for options in ({}, {"viewport": PHONE}):
        page = visit(link, **options)
        for language in LANGUAGES:
            page.goto(f"{office.pages.url}{link}?language={language}")
            page.locator("summary").click()
            assert barriers(page) == [], language
            assert sideways_px(page) <= 0, language


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_an_invited_person_answers_and_changes_his_mind(
    visit: Callable[..., Page], office: Office, *, has_script: bool
) -> None:
    page = visit(office.invite(SEATED), java_script_enabled=has_script)
    page.get_by_role("button", name="Не смогу").click()
    expect(page.get_by_text("Вы не сможете участвовать")).to_be_visible()
    assert office.answer_of(SEATED) is Answer.DECLINED
    page.get_by_text("Вместо меня").click()
    page.get_by_label("Фамилия, имя, отчество").fill("Иванов Пётр Сергеевич")
    page.get_by_label("Должность и организация").fill("первый заместитель министра")
    page.get_by_role("button", name="Назвать замену").click()
    expect(page.get_by_text("Вместо вас: Пётр Иванов")).to_be_visible()
    assert office.answer_of(SEATED) is Answer.REPLACED
    page.get_by_role("button", name="Буду").click()
    expect(page.get_by_text("Вы будете участвовать")).to_be_visible()
    assert office.answer_of(SEATED) is Answer.COMING
    assert len(office.meeting().roster) == len(demo_meeting().roster)


def test_an_answer_is_given_by_the_keyboard_alone(
    visit: Callable[..., Page], office: Office
) -> None:
    page = visit(office.invite(SEATED))
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Буду":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Вы будете участвовать")).to_be_visible()


def test_a_withdrawn_link_says_that_it_has_ended(
    visit: Callable[..., Page], office: Office
) -> None:
    link = office.invite(SEATED)
    page = visit(link)
    office.withdraw(SEATED)
    page.get_by_role("button", name="Буду").click()
    expect(page.get_by_role("heading", name="Ссылка больше не действует")).to_be_visible()
    assert barriers(page) == []
    assert office.answer_of(SEATED) is Answer.AWAITED


@pytest.mark.parametrize("phase", [Phase.CANCELLED, Phase.CLOSED])
def test_when_it_is_over_nobody_is_asked(
    visit: Callable[..., Page], office: Office, phase: Phase
) -> None:
    link = office.invite(SEATED)
    office.keep(phase)
    page = visit(link)
    expect(page.get_by_role("button", name="Буду")).to_have_count(0)
    assert barriers(page) == []
