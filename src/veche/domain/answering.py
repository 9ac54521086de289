"""What an invited person answers, and what it changes in the roster.

He may change his mind as often as he likes until the air: whoever stood in for him leaves the
list again, and what was his in the programme is given back.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

from veche.domain.errors import FieldsRefused
from veche.domain.identity import ParticipationId
from veche.domain.meeting import Meeting, Participation
from veche.domain.name_reading import find_name
from veche.domain.roster import Answer, PersonName
from veche.domain.text import Language, Text

NAME_LETTERS_MAX: Final = 200
POST_LETTERS_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Substitute:
    """Who comes instead, as it was typed in one language."""

    id: ParticipationId
    """Of his line in the roster, used for nobody before: links are tied to it."""
    name: str
    post: str
    language: Language

    @classmethod
    def parse(cls, id: ParticipationId, name: str, post: str, language: Language) -> Self:
        """Raises `FieldsRefused`: nothing typed, or too much."""
        typed = {"name": " ".join(name.split()), "post": " ".join(post.split())}
        limits = {"name": NAME_LETTERS_MAX, "post": POST_LETTERS_MAX}
        faults = {field: "missing" for field, words in typed.items() if not words}
        faults |= {f: "too_long" for f, words in typed.items() if len(words) > limits[f]}
        if faults:
            raise FieldsRefused(faults)
        return cls(id, typed["name"], typed["post"], language)


def answered(
    meeting: Meeting, who: ParticipationId, answer: Answer, substitute: Substitute | None = None
) -> Meeting:
    """The meeting with his answer; `substitute` goes with `REPLACED` and with nothing else."""
    assert (answer is Answer.REPLACED) == (substitute is not None), "replaced by somebody"
    meeting = _without_substitute(meeting, who)
    person = meeting.participation(who)
    assert person is not None, "an answer of somebody on the roster"
    if substitute is None:
        return _with(meeting, replace(person, answer=answer, replaced_by=None))
    stand_in = _stand_in(person, substitute)
    absent = replace(person, answer=answer, replaced_by=stand_in.id)
    place = next(n for n, one in enumerate(meeting.roster) if one.id == who)
    roster = (*meeting.roster[:place], absent, stand_in, *meeting.roster[place + 1 :])
    return replace(meeting, roster=roster)


def _stand_in(person: Participation, substitute: Substitute) -> Participation:
    """Takes the place as it is, but is not announced before an officer has seen the name."""

    def text(words: str) -> Text:
        return Text.parse({substitute.language.value: words})

    return replace(
        person,
        id=substitute.id,
        name=text(_spoken(substitute.name)),
        full_name=_full_name(substitute),
        post=text(substitute.post),
        short_post=None,
        office=None,
        person=None,
        email=None,
        organisation=None,
        allows_remote_unmute=False,
        is_announced=False,
        answer=Answer.COMING,
        replaced_by=None,
    )


def _spoken(name: str) -> str:
    """«Иванов Пётр Сергеевич» is spoken of as «Пётр Иванов»."""
    found = find_name(name)
    is_whole = found is not None and found.end - found.start == len(name)
    if found is None or not is_whole or not found.parts.given:
        return name
    return f"{found.parts.given} {found.parts.surname}"


def _full_name(substitute: Substitute) -> PersonName | None:
    found = find_name(substitute.name)
    if found is None or found.end - found.start < len(substitute.name):
        return None
    surname, given, patronymic = (
        Text.parse({substitute.language.value: part}) if part else None
        for part in found.parts.parts()
    )
    return None if surname is None else PersonName(surname, given, patronymic)


def _without_substitute(meeting: Meeting, who: ParticipationId) -> Meeting:
    person = meeting.participation(who)
    if person is None or person.replaced_by is None:
        return meeting
    instead = person.replaced_by
    back = replace(person, answer=Answer.AWAITED, replaced_by=None)
    agenda = tuple(
        replace(
            item,
            rapporteurs=tuple(dict.fromkeys(who if r == instead else r for r in item.rapporteurs)),
        )
        for item in meeting.agenda
    )
    roster = tuple(back if one.id == who else one for one in meeting.roster if one.id != instead)
    return replace(meeting, roster=roster, agenda=agenda)


def _with(meeting: Meeting, person: Participation) -> Meeting:
    return replace(
        meeting, roster=tuple(person if one.id == person.id else one for one in meeting.roster)
    )
