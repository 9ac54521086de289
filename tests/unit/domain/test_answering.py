"""An invited person answers, changes his mind, and sends somebody in his place."""

from dataclasses import replace

import pytest

from tests.support.meetings import bridge_meeting
from veche.domain.answering import NAME_LETTERS_MAX, Substitute, answered
from veche.domain.errors import FieldsRefused
from veche.domain.identity import ParticipationId
from veche.domain.meeting import Meeting
from veche.domain.roster import Answer, Participation
from veche.domain.text import Language, Text

POPKOV = ParticipationId("popkov")
INSTEAD = ParticipationId("popkov-instead-1")


def _stand_in(name: str = "Иванов Пётр Сергеевич") -> Substitute:
    return Substitute.parse(INSTEAD, name, "первый заместитель министра", Language.RU)


def _person(meeting: Meeting, known: ParticipationId = POPKOV) -> Participation:
    person = meeting.participation(known)
    assert person is not None
    return person


@pytest.mark.parametrize("answer", [Answer.COMING, Answer.DECLINED])
def test_an_answer_stands_in_the_roster(answer: Answer) -> None:
    assert _person(answered(bridge_meeting(), POPKOV, answer)).answer is answer


def test_a_substitute_takes_the_place_and_the_lead() -> None:
    meeting = answered(bridge_meeting(), POPKOV, Answer.REPLACED, _stand_in())
    absent, instead = _person(meeting), _person(meeting, INSTEAD)
    assert (absent.answer, absent.replaced_by) == (Answer.REPLACED, INSTEAD)
    assert meeting.leader_of(absent.side) == instead
    assert instead.name == Text.of(ru="Пётр Иванов")
    assert instead.full_name is not None
    assert instead.full_name.listed() == Text.of(ru="Иванов Пётр Сергеевич")
    assert instead.post == Text.of(ru="первый заместитель министра")
    assert (instead.side, instead.site) == (absent.side, absent.site)
    assert [person.id for person in meeting.roster][:2] == [POPKOV, INSTEAD]


def test_a_substitute_is_not_announced_before_somebody_has_looked() -> None:
    meeting = answered(bridge_meeting(), POPKOV, Answer.REPLACED, _stand_in())
    assert not _person(meeting, INSTEAD).is_shown_publicly


def test_whoever_comes_after_all_has_his_place_and_his_item_back() -> None:
    before = bridge_meeting()
    meeting = answered(before, POPKOV, Answer.REPLACED, _stand_in())
    item = replace(meeting.agenda[0], rapporteurs=(INSTEAD,))
    meeting = replace(meeting, agenda=(item, *meeting.agenda[1:]))
    after = answered(meeting, POPKOV, Answer.COMING)
    assert after.participation(INSTEAD) is None
    assert after.agenda[0].rapporteurs == (POPKOV,)
    assert len(after.roster) == len(before.roster)


def test_another_substitute_takes_the_first_ones_place() -> None:
    meeting = answered(bridge_meeting(), POPKOV, Answer.REPLACED, _stand_in())
    second = replace(_stand_in("Сидоров С."), id=ParticipationId("popkov-instead-2"))
    after = answered(meeting, POPKOV, Answer.REPLACED, second)
    assert after.participation(INSTEAD) is None
    assert _person(after).replaced_by == second.id


def test_a_name_of_an_unknown_shape_is_kept_as_it_was_typed() -> None:
    meeting = answered(bridge_meeting(), POPKOV, Answer.REPLACED, _stand_in("Чжан Вэй Го Мин"))
    assert _person(meeting, INSTEAD).name == Text.of(ru="Чжан Вэй Го Мин")


@pytest.mark.parametrize(
    ("name", "post", "faults"),
    [
        ("", "министр", {"name": "missing"}),
        (" \n ", " ", {"name": "missing", "post": "missing"}),
        ("я" * (NAME_LETTERS_MAX + 1), "министр", {"name": "too_long"}),
    ],
)
def test_a_substitute_has_a_name_and_a_post(name: str, post: str, faults: dict[str, str]) -> None:
    with pytest.raises(FieldsRefused) as refused:
        Substitute.parse(INSTEAD, name, post, Language.RU)
    assert refused.value.fields == faults
