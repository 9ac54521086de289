"""A letter is opened by other people's programs, and nobody's words are more than words in it."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pypdf
import pytest
import vobject  # type: ignore[import-untyped]

from tests.support.invited import file_of, invited_meeting, opened, text_of
from veche.domain.identity import MeetingNumber
from veche.domain.invitation import Recipient, RecipientKind
from veche.domain.letters import Letter, LetterId, LetterKind
from veche.domain.meeting import Meeting
from veche.domain.text import Language, Text
from veche.services.inviting import OpenLetter
from veche.web.letters import LetterOffice

OFFICE = LetterOffice(UUID(int=1), "protocol@ministry.example")
BASE = "https://veche.example"
SECRET = "AbCdEfGhIjKlMnOpQrStUvWxYz1"
PERSON = Recipient(RecipientKind.PERSON, "popkov")
REMOTE = Recipient(RecipientKind.PERSON, "krivolapov")
HALL = Recipient(RecipientKind.HALL, "minsk")
SIDE = Recipient(RecipientKind.OFFICE, "side-2")
WRITTEN = datetime(2016, 3, 28, 9, tzinfo=UTC)

HOSTILE = (
    "a\u2028Bcc: x@y.zz",
    "a\u2029\u2029<script>alert(1)</script>",
    "=?utf-8?b?Cg==?= x",
    "=?utf-8?q?=0D=0ABcc:_x@y.zz?=",
    "张伟 🙂 \ue000",
    "a\\r\\nBcc: x@y.zz",
    "a\\nATTENDEE:mailto:x@y.zz",
    "END:VCALENDAR",
    "a;b,c:d\\",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} {% raw %}",
    "#eval(\"1\") $x$ *b* _i_ @ref <label> `raw` //",
    "#sys.inputs #read(\"/etc/passwd\") #include \"x.typ\"",
    "a" * 2_000,
    "x\u00ad\u200b\u200d\ufeffy",
    "'; DROP TABLE letters; --",
    "\u05e9\u05dc\u05d5\u05dd rtl ...",
    ".",
)  # fmt: skip


def _letter(
    recipient: Recipient = PERSON,
    language: Language = Language.RU,
    kind: LetterKind = LetterKind.INVITATION,
    meeting: Meeting | None = None,
) -> OpenLetter:
    letter = Letter(
        id=LetterId("5f3a"),
        meeting=MeetingNumber(67),
        recipient=recipient,
        kind=kind,
        language=language,
        address="popkov@ministry.example",
        link_hash="",
        seed="",
        made_at=WRITTEN,
        due_at=WRITTEN,
    )
    return OpenLetter(letter, meeting or invited_meeting(), SECRET)


def test_a_letter_says_who_what_when_and_where_to_answer() -> None:
    message = opened(OFFICE.write(_letter(), BASE))
    assert message["Subject"] == "Приглашение: Совещание, 1 апреля 2016 года"
    assert message["To"].addresses[0].addr_spec == "popkov@ministry.example"
    assert message["From"].addresses[0].addr_spec == "protocol@ministry.example"
    assert message["Message-ID"] == f"<5f3a.{UUID(int=1).hex}@ministry.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "ru"
    for kind in ("plain", "html"):
        text = text_of(message, kind)
        for words in (
            "Уважаемый Сергей Иванович!",
            "Совещание двух сторон",
            "1\u00a0апреля\u00a02016\u00a0года, пятница, 11:00",
            "Зал Минск, пр. Независимости, 10",
            "к 10:30",
            "И. Н. Мастеров, +375 17 000-00-00",
            f"{BASE}/i/{SECRET}",
        ):
            assert words in text, words


@pytest.mark.parametrize(
    ("recipient", "path", "words"),
    [
        (REMOTE, "i", "с 10:00 до 10:45"),
        (HALL, "j", "Просим подготовить зал"),
        (SIDE, "o", "согласовать"),
    ],
)
def test_each_recipient_has_the_link_and_the_words_of_his_own(
    recipient: Recipient, path: str, words: str
) -> None:
    text = text_of(opened(OFFICE.write(_letter(recipient), BASE)))
    assert f"{BASE}/{path}/{SECRET}" in text
    assert words in text


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("recipient", [PERSON, REMOTE, HALL, SIDE])
@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_can_be_written_in_every_language(
    recipient: Recipient, language: Language, kind: LetterKind
) -> None:
    message = opened(OFFICE.write(_letter(recipient, language, kind), BASE))
    assert message["Content-Language"] == language
    assert "{" not in text_of(message)


def test_the_hour_is_that_of_the_readers_own_clock() -> None:
    meeting = invited_meeting()
    host, guest = meeting.sides
    far = replace(guest.sites[0], zone="Asia/Vladivostok")
    meeting = replace(meeting, sides=(host, replace(guest, sites=(far,))))
    text = text_of(opened(OFFICE.write(_letter(REMOTE, meeting=meeting), BASE)))
    assert "пятница, 18:00" in text
    assert "Минск: 11:00" in text


def test_what_is_not_settled_is_said_to_be_open() -> None:
    meeting = replace(invited_meeting(), starts_at=None)
    message = opened(OFFICE.write(_letter(meeting=meeting), BASE))
    assert "час уточняется" in text_of(message)
    draft = replace(invited_meeting(), day=None, starts_at=None, phase=meeting.phase.DRAFT)
    message = opened(OFFICE.write(_letter(SIDE, meeting=draft), BASE))
    assert "дата уточняется" in text_of(message)
    assert "text/calendar" not in {part.get_content_type() for part in message.walk()}


def test_the_calendar_entry_is_read_by_another_program() -> None:
    message = opened(OFFICE.write(_letter(), BASE))
    event = vobject.readOne(file_of(message, "text/calendar").decode()).vevent
    assert event.summary.value == "Совещание двух сторон"
    assert event.dtstart.value == datetime(2016, 4, 1, 8, tzinfo=UTC)
    assert event.url.value == f"{BASE}/i/{SECRET}"


def test_the_print_is_a_tagged_document_for_the_archive() -> None:
    reader = pypdf.PdfReader(io.BytesIO(OFFICE.print(_letter(), BASE)))
    text = reader.pages[0].extract_text()
    assert "Совещание двух сторон" in text
    assert SECRET in text.replace("\n", "")
    root: Any = reader.root_object  # Any: what a PDF holds is known when it is read
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ru"
    assert "/StructTreeRoot" in root
    assert b"pdfaid:part" in root["/Metadata"].get_data()
    pages: list[Any] = list(reader.pages)
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert all("PTSerif" in font for font in fonts), fonts


def test_a_letter_that_is_written_twice_is_the_same_letter() -> None:
    assert OFFICE.print(_letter(), BASE) == OFFICE.print(_letter(), BASE)


def test_invented_facts_are_said_to_be_invented() -> None:
    meeting = replace(invited_meeting(), demo_note=Text.of(ru="Час выдуман для показа."))
    message = opened(OFFICE.write(_letter(meeting=meeting), BASE))
    assert "Час выдуман для показа." in text_of(message)
    assert "Час выдуман для показа." in text_of(message, "html")


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_words_wherever_they_are_put(words: str) -> None:
    plain = OFFICE.write(_letter(), BASE)
    message = opened(OFFICE.write(_letter(meeting=_filled_with(words)), BASE))
    assert sorted(set(message.keys())) == sorted(set(opened(plain).keys()))
    assert [part.get_content_type() for part in message.walk()] == [
        part.get_content_type() for part in opened(plain).walk()
    ]
    assert [one.addr_spec for one in message["To"].addresses] == ["popkov@ministry.example"]
    assert [one.addr_spec for one in message["From"].addresses] == ["protocol@ministry.example"]
    for value in message.values():
        assert len(str(value).splitlines()) == 1
    html = text_of(message, "html")
    assert "<script" not in html
    assert "<img" not in html
    calendar = vobject.readOne(file_of(message, "text/calendar").decode())
    assert len(calendar.contents["vevent"]) == 1
    assert "attendee" not in calendar.vevent.contents
    assert calendar.vevent.url.value == f"{BASE}/i/{SECRET}"
    pages = pypdf.PdfReader(io.BytesIO(file_of(message, "application/pdf"))).pages
    assert SECRET in "".join(page.extract_text() for page in pages).replace("\n", "")


def _filled_with(words: str) -> Meeting:
    meeting = invited_meeting()
    text = Text.of(ru=words)
    roster = tuple(
        replace(person, name=None if person.is_group else text, post=text, full_name=None)
        for person in meeting.roster
    )
    sides = tuple(
        replace(
            side,
            name=text,
            sites=tuple(
                replace(site, name=text, city=text, address=text, technician=words)
                for site in side.sites
            ),
        )
        for side in meeting.sides
    )
    agenda = tuple(replace(item, title=text) for item in meeting.agenda)
    return replace(
        meeting, title=text, short_title=text, organiser=text, roster=roster, sides=sides,
        agenda=agenda,
    )  # fmt: skip
