"""Who takes part: persons and counted groups, in order of precedence.

A person is not an account and not a connection: most of a hall has neither. The post is copied
here as it read on the day of the meeting, so that a later appointment changes no old meeting.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from veche.domain.identity import ParticipationId, PersonId, SideId, SiteId
from veche.domain.text import Language, Text

ROSTER_MAX: Final = 1_000
"""Lines of one meeting: a hall of that size is counted in groups, not called by name."""
GROUP_MAX: Final = 10_000
"""People in one counted group: more than any hall that could join."""


class ParticipationRole(StrEnum):
    CO_CHAIR = "co_chair"
    RAPPORTEUR = "rapporteur"
    PARTICIPANT = "participant"
    INVITED = "invited"
    INTERPRETER = "interpreter"
    SIGNER = "signer"
    """Interprets into a sign language; is in the picture together with the speaker."""
    PRESS = "press"
    STAFF = "staff"


class Answer(StrEnum):
    """What an invited person said."""

    AWAITED = "awaited"
    COMING = "coming"
    DECLINED = "declined"
    REPLACED = "replaced"
    """Somebody else comes in his place: see `replaced_by`."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """The parts of a name; not everybody has a patronymic, and a list may know a surname only."""

    surname: Text
    given: Text | None = None
    patronymic: Text | None = None

    def spoken(self) -> Text:
        """«Сергей Попков»: in a title and on a page."""
        return self._joined(lambda given, _, surname: [given, surname])

    def listed(self) -> Text:
        """«Попков Сергей Иванович»: in a roster and in the minutes."""
        return self._joined(lambda given, patronymic, surname: [surname, given, patronymic])

    def with_initials(self) -> Text:
        """«С. И. Попков»: in a narrow list; the space does not break."""
        return self._joined(
            lambda given, patronymic, surname: [_initial(given), _initial(patronymic), surname],
            "\u00a0",
        )

    def _joined(self, order: Callable[[str, str, str], list[str]], space: str = " ") -> Text:
        return Text.parse(
            {
                language.value: space.join(
                    part
                    for part in order(
                        _exactly(self.given, language), _exactly(self.patronymic, language), surname
                    )
                    if part
                )
                for language, surname in self.surname.words
            }
        )


def _exactly(words: Text | None, language: Language) -> str:
    """In this language or not at all: a name is not mixed of two alphabets."""
    return dict(words.words).get(language, "") if words else ""


def _initial(part: str) -> str:
    return f"{part[0]}." if part else ""


@dataclass(frozen=True, slots=True)
class Participation:
    """A person or a counted group in one meeting."""

    id: ParticipationId
    side: SideId
    post: Text
    """In full, as the minutes write it; for a group: who they are."""
    name: Text | None = None
    """As it is said on the air. None for a group, and for a person who is not named yet."""
    site: SiteId | None = None
    """The hall a person sits in; None for one who joins alone."""
    leads_side: bool = False
    office: Text | None = None
    """What he leads besides his post, as it follows the post after a comma."""
    is_announced: bool = True
    """Chosen to be shown on the public page."""
    role: ParticipationRole = ParticipationRole.PARTICIPANT
    count: int | None = 1
    """How many people; None: several, nobody has counted them yet."""
    full_name: PersonName | None = None
    short_post: Text | None = None
    """For the plate of two lines, where the full post is too long."""
    organisation: Text | None = None
    """Where he works, as the attendance list writes it."""
    person: PersonId | None = None
    """In the directory."""
    seat: str | None = None
    email: str | None = None
    """For the invitation; never shown to other people."""
    may_speak: bool = True
    allows_remote_unmute: bool = False
    """Agreed beforehand that the chair opens his microphone."""
    allows_publication: bool = True
    """Agreed to be named and shown to the public."""
    answer: Answer = Answer.AWAITED
    replaced_by: ParticipationId | None = None

    @property
    def is_group(self) -> bool:
        return self.count != 1

    @property
    def is_replaced(self) -> bool:
        return self.answer is Answer.REPLACED

    @property
    def is_shown_publicly(self) -> bool:
        """Chosen by the office, and agreed to by the person."""
        return self.is_announced and self.allows_publication
