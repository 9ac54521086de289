"""People are invited from the cabinet, answer on a page without a script, and are withdrawn."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.house import OpenHouse, open_house
from tests.support.invited import POPKOV, invited_meeting, opened, text_of
from veche.domain.account import GlobalRole
from veche.domain.agreement import Acceptance, accepted
from veche.domain.agreement import text_of as text_agreed_on
from veche.domain.invitation import Invitation, Recipient, RecipientKind
from veche.domain.meeting import Meeting, MeetingNumber, Phase, SiteId
from veche.domain.roster import Answer
from veche.services.attempts import FAILURES_MAX
from veche.web.security import FORM_BYTES_MAX

INVITATIONS = "/api/v1/meetings/67/invitations"
LETTERS = "/api/v1/meetings/67/letters"
PERSON = {"kind": "person", "id": "popkov"}
REMOTE = {"kind": "person", "id": "krivolapov"}
HALL = {"kind": "hall", "id": "kursk"}
OFFICE = {"kind": "office", "id": "side-1"}


@pytest.fixture(name="house")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened_house:
        opened_house.keep(invited_meeting())
        yield opened_house


async def _post(client: httpx.AsyncClient, path: str, *recipients: dict[str, str]) -> Any:
    answer = await client.post(path, json={"recipients": list(recipients)})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _invite(house: OpenHouse, recipient: dict[str, str]) -> str:
    """The link as its recipient reads it in the letter."""
    staff = house.signed_in()
    house.clock.advance(1)
    await _post(staff, INVITATIONS, recipient)
    return await _link(staff)


async def _link(staff: httpx.AsyncClient) -> str:
    newest = (await staff.get(LETTERS)).json()["letters"][0]
    answer = await staff.get(f"{LETTERS}/{newest['id']}.eml")
    assert answer.status_code == 200
    found = re.search(r"http://veche\.test(/[ijo]/[\w-]{27})\b", text_of(opened(answer.content)))
    assert found is not None
    return found[1]


def _kept(house: OpenHouse) -> Meeting:
    with house.database.read() as unit:
        meeting = unit.meetings.find(MeetingNumber(67))
    assert meeting is not None
    return meeting


async def _say(house: OpenHouse, link: str, **fields: str) -> httpx.Response:
    return await house.client.post(link, data=fields, headers={"Origin": "http://veche.test"})


async def test_everybody_who_can_be_invited_is_listed_side_by_side(house: OpenHouse) -> None:
    answer = (await house.signed_in().get(INVITATIONS)).json()
    told = [(one["recipient"]["kind"], one["recipient"]["id"]) for one in answer["invited"]]
    assert told == [
        ("office", "side-1"), ("office", "side-2"), ("hall", "minsk"), ("hall", "kursk"),
        ("person", "popkov"), ("person", "krivolapov"),
    ]  # fmt: skip
    popkov = answer["invited"][4]
    assert popkov["address"] == "popkov@ministry.example"
    assert (popkov["has_link"], popkov["letter"], popkov["answer"]) == (False, None, "awaited")
    assert answer["invited"][1]["address"] is None
    assert answer["has_mail_server"] is False


async def test_a_letter_waits_in_the_outbox_until_it_is_taken(house: OpenHouse) -> None:
    staff = house.signed_in()
    invited = await _post(staff, INVITATIONS, PERSON)
    letter = next(one["letter"] for one in invited["invited"] if one["recipient"] == PERSON)
    assert (letter["state"], letter["can_be_taken"]) == ("waiting", True)
    for name, media_type, begins in (
        ("eml", "message/rfc822", b"From:"),
        ("pdf", "application/pdf", b"%PDF-1.7"),
    ):
        answer = await staff.get(f"{LETTERS}/{letter['id']}.{name}")
        assert answer.headers["content-type"].startswith(media_type)
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.content.startswith(begins)
    answer = await staff.post(f"{LETTERS}/{letter['id']}/handed")
    assert answer.json()["state"] == "handed"
    assert (await staff.get(f"{LETTERS}/{letter['id']}.eml")).status_code == 404


async def test_no_secret_is_kept_or_shown_but_in_the_letter(house: OpenHouse) -> None:
    link = await _invite(house, PERSON)
    secret = link.rsplit("/", 1)[1]
    staff = house.signed_in()
    for path in (INVITATIONS, LETTERS):
        assert secret not in (await staff.get(path)).text
    with house.database.read() as unit:
        kept = repr([unit.letters.of_meeting(MeetingNumber(67)),
                     unit.invitations.of_meeting(MeetingNumber(67)),
                     unit.audit.of_subject("meeting/67/invitations")])  # fmt: skip
    assert secret not in kept


async def test_the_page_says_what_and_when_in_three_languages(house: OpenHouse) -> None:
    link = await _invite(house, PERSON)
    for language, words in (
        ("be", ("Ваш адказ", "1\u00a0красавіка\u00a02016\u00a0г., пятніца, 11:00", "Буду")),
        ("ru", ("Ваш ответ", "1\u00a0апреля\u00a02016\u00a0года, пятница, 11:00", "Не смогу")),
        ("en", ("Your answer", "Friday, 1\u00a0April\u00a02016, 11:00", "I cannot")),
    ):
        page = await house.client.get(link, params={"language": language})
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["content-language"] == language
        assert "form-action 'self'" in page.headers["content-security-policy"]
        for word in words:
            assert word in page.text


@pytest.mark.parametrize("answer", ["coming", "declined"])
async def test_an_answer_is_seen_on_the_page_and_in_the_roster(
    house: OpenHouse, answer: str
) -> None:
    link = await _invite(house, PERSON)
    said = await _say(house, link, answer=answer, language="ru")
    assert (said.status_code, said.headers["location"]) == (303, f"{link}?language=ru")
    person = _kept(house).participation(POPKOV)
    assert person is not None
    assert person.answer == answer
    overview = (await house.signed_in().get(INVITATIONS)).json()["invited"]
    assert overview[4]["answer"] == answer
    page = await house.client.get(link, params={"language": "ru"})
    words = {"coming": "Вы будете участвовать", "declined": "Вы не сможете участвовать"}
    assert words[answer] in page.text


async def test_a_substitute_is_named_and_given_up_again(house: OpenHouse) -> None:
    link = await _invite(house, PERSON)
    said = await _say(
        house, link, answer="replaced", language="ru", name="Иванов Пётр", post="заместитель"
    )
    assert said.status_code == 303
    meeting = _kept(house)
    person = meeting.participation(POPKOV)
    assert person is not None
    assert person.replaced_by is not None
    assert person.answer is Answer.REPLACED
    page = await house.client.get(link, params={"language": "ru"})
    assert "Вместо вас: Пётр Иванов" in page.text
    await _say(house, link, answer="coming", language="ru")
    assert _kept(house).participation(person.replaced_by) is None


async def test_an_answer_leaves_the_agreement_and_another_name_asks_the_sides_again(
    house: OpenHouse,
) -> None:
    house.keep(invited_meeting(Phase.AGREED))
    with house.database.write() as unit:
        agreement = unit.agreements.of(MeetingNumber(67))
        for side in _kept(house).sides:
            text = text_agreed_on(_kept(house))
            acceptance = Acceptance(side.id, "А. Петрова", house.clock.now(), 0, text)
            agreement = accepted(agreement, acceptance)
        unit.agreements.put(agreement)
    link = await _invite(house, PERSON)
    await _say(house, link, answer="coming")
    assert _kept(house).phase is Phase.AGREED
    await _say(house, link, answer="replaced", name="Иванов Пётр", post="заместитель")
    assert _kept(house).phase is Phase.DRAFT
    await _say(house, link, answer="coming")
    assert _kept(house).phase is Phase.AGREED


async def test_the_same_answer_twice_is_one_change(house: OpenHouse) -> None:
    link = await _invite(house, PERSON)
    await _say(house, link, answer="coming")
    version = _kept(house).version
    await _say(house, link, answer="coming")
    assert _kept(house).version == version


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"answer": "replaced", "name": "", "post": "министр"}, "Заполните это поле"),
        ({"answer": "replaced", "name": "я" * 500, "post": "министр"}, "Слишком длинно"),
        ({"answer": "replaced", "name": "Ива\u202eнов", "post": "министр"}, "нельзя напечатать"),
        ({"answer": "perhaps"}, "Ваш ответ"),
        ({}, "Ваш ответ"),
    ],
)
async def test_what_cannot_be_kept_is_told_beside_the_field_and_stays_typed(
    house: OpenHouse, fields: dict[str, str], words: str
) -> None:
    link = await _invite(house, PERSON)
    before = _kept(house)
    said = await _say(house, link, language="ru", **fields)
    assert said.status_code == 422
    assert words in said.text
    if fields.get("post"):
        assert 'value="министр"' in said.text
    assert _kept(house) == before


async def test_names_are_words_on_the_page(house: OpenHouse) -> None:
    link = await _invite(house, PERSON)
    hostile = '"><script>alert(1)</script>'
    await _say(house, link, answer="replaced", language="ru", name=hostile, post=hostile)
    page = await house.client.get(link)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text


async def test_another_site_cannot_answer_even_if_it_knew_the_link(house: OpenHouse) -> None:
    link = await _invite(house, PERSON)
    for headers in ({"Origin": "http://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
        said = await house.client.post(link, data={"answer": "declined"}, headers=headers)
        assert said.status_code == 403


async def test_a_form_is_bounded_and_nothing_but_a_form(house: OpenHouse) -> None:
    link = await _invite(house, PERSON)
    said = await _say(house, link, answer="replaced", name="я" * FORM_BYTES_MAX, post="x")
    assert said.status_code == 413
    for content, status in ((b"\xff\xfe=%", 422), (b"&" * 100, 422), (b"a=1&" * 200, 422)):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        assert (
            await house.client.post(link, content=content, headers=headers)
        ).status_code == status
    assert (await house.client.post(link, json={"answer": "coming"})).status_code == 415


async def test_a_withdrawn_link_bites_at_once(house: OpenHouse) -> None:
    link = await _invite(house, PERSON)
    assert (await house.client.get(link)).status_code == 200
    await _post(house.signed_in(), f"{INVITATIONS}/withdrawals", PERSON)
    gone = await house.client.get(link)
    assert gone.status_code == 410
    assert "Попков" not in gone.text
    assert (await _say(house, link, answer="coming")).status_code == 410
    person = _kept(house).participation(POPKOV)
    assert person is not None
    assert person.answer is Answer.AWAITED


async def test_sending_again_ends_the_earlier_link(house: OpenHouse) -> None:
    first = await _invite(house, PERSON)
    second = await _invite(house, PERSON)
    assert (await house.client.get(first)).status_code == 410
    assert (await house.client.get(second)).status_code == 200


async def test_a_reminder_opens_beside_the_letter(house: OpenHouse) -> None:
    first = await _invite(house, PERSON)
    staff = house.signed_in()
    house.clock.advance(1)
    await _post(staff, f"{INVITATIONS}/reminders", PERSON)
    reminder = await _link(staff)
    assert reminder != first
    for link in (first, reminder):
        assert (await house.client.get(link)).status_code == 200
    answer = await staff.post(f"{INVITATIONS}/reminders", json={"recipients": [REMOTE]})
    assert answer.status_code == 422
    assert answer.json()["fields"] == {"recipients.person/krivolapov": "not_invited"}


async def test_links_of_halls_and_offices_answer_no_invitation(house: OpenHouse) -> None:
    for recipient, page in ((HALL, "j"), (OFFICE, "o")):
        link = await _invite(house, recipient)
        assert link.startswith(f"/{page}/")
        secret = link.rsplit("/", 1)[1]
        assert (await house.client.get(f"/i/{secret}")).status_code == 404


async def test_an_office_is_asked_about_a_draft_and_people_are_not(house: OpenHouse) -> None:
    house.keep(invited_meeting(Phase.DRAFT))
    staff = house.signed_in()
    await _post(staff, INVITATIONS, OFFICE)
    answer = await staff.post(INVITATIONS, json={"recipients": [PERSON]})
    assert (answer.status_code, answer.json()["code"]) == (409, "out_of_turn")


async def test_on_the_air_nobody_answers_any_more(house: OpenHouse) -> None:
    link = await _invite(house, PERSON)
    house.keep(invited_meeting(Phase.ON_AIR))
    page = await house.client.get(link)
    assert page.status_code == 200
    assert "<form" not in page.text
    assert (await _say(house, link, answer="declined")).status_code == 409


async def test_a_cancelled_meeting_says_so_on_the_page(house: OpenHouse) -> None:
    link = await _invite(house, PERSON)
    house.keep(invited_meeting(Phase.CANCELLED))
    page = await house.client.get(link, params={"language": "ru"})
    assert "Мероприятие отменено" in page.text
    assert "<form" not in page.text


async def test_only_planners_of_this_meeting_invite(house: OpenHouse) -> None:
    for client, status in (
        (house.client, 401),
        (house.signed_in(organisation="other"), 404),
        (house.signed_in(GlobalRole.VIEWER), 403),
        (house.signed_in(GlobalRole.OPERATOR), 403),
    ):
        for path in (INVITATIONS, f"{INVITATIONS}/reminders", f"{INVITATIONS}/withdrawals"):
            answer = await client.post(path, json={"recipients": [PERSON]})
            assert answer.status_code == status, path
        for path in (INVITATIONS, LETTERS, f"{LETTERS}/x.eml", f"{LETTERS}/x.pdf"):
            assert (await client.get(path)).status_code == status, path


async def test_a_letter_of_another_meeting_is_unknown(house: OpenHouse) -> None:
    staff = house.signed_in()
    invited = await _post(staff, INVITATIONS, PERSON)
    letter = next(one["letter"] for one in invited["invited"] if one["letter"])
    house.keep(replace(invited_meeting(), number=MeetingNumber(68)))
    for path in (f"{letter['id']}.eml", f"{letter['id']}.pdf"):
        assert (await staff.get(f"/api/v1/meetings/68/letters/{path}")).status_code == 404
    answer = await staff.post(f"/api/v1/meetings/68/letters/{letter['id']}/handed")
    assert answer.status_code == 404


async def test_guesses_are_counted_and_look_alike(house: OpenHouse) -> None:
    link = await _invite(house, PERSON)
    pages = [await house.client.get(f"/i/{'x' * 27}") for _ in range(3)]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    for _ in range(FAILURES_MAX):
        await house.client.get(f"/i/{'y' * 27}")
    assert (await house.client.get(link)).status_code == 429


async def test_a_recipient_that_is_not_there_is_named(house: OpenHouse) -> None:
    staff = house.signed_in()
    for stranger in ({"kind": "person", "id": "nobody"}, {"kind": "person", "id": "veterans"}):
        answer = await staff.post(INVITATIONS, json={"recipients": [PERSON, stranger]})
        assert answer.status_code == 422
        assert list(answer.json()["fields"]) == [f"recipients.person/{stranger['id']}"]
    assert (await staff.get(LETTERS)).json()["letters"] == []


def test_a_link_is_to_one_place() -> None:
    for kind in RecipientKind:
        recipient = Recipient(kind, "x")
        assert Invitation.to(recipient, MeetingNumber(67), "hash").recipient == recipient
    with pytest.raises(AssertionError):
        Invitation("hash", MeetingNumber(67), site=SiteId("x"), participation=POPKOV)
