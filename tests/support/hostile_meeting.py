"""A meeting in which every word that people write is a hostile one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from tests.support.hostile_words import HOSTILE_WORDS
from tests.support.meetings import bridge_meeting
from veche.domain.agenda import AgendaItem, ItemKind
from veche.domain.identity import ItemId, ParticipationId
from veche.domain.meeting import BACKGROUND_MAX, CORRECTIONS_MAX, Correction, Meeting
from veche.domain.roster import Participation
from veche.domain.text import Text

_AT: Final = datetime(2026, 3, 1, tzinfo=UTC)
AGENDA: Final = 150
CORRECTIONS: Final = CORRECTIONS_MAX // 2


def hostile_meeting(number: int, turn: int = 0, words: str | None = None) -> Meeting:
    """Each place has other words, those of the next turn begin where this one ended.

    With `words` every place has these.
    """
    taken = turn * BACKGROUND_MAX

    def text() -> Text:
        nonlocal taken
        taken += 1
        return Text.of(ru=words or HOSTILE_WORDS[taken % len(HOSTILE_WORDS)])

    harmless = bridge_meeting(number=number)
    sides = tuple(
        replace(
            side,
            name=text(),
            sites=tuple(
                replace(it, city=text(), city_with=text(), name=text()) for it in side.sites
            ),
        )
        for side in harmless.sides
    )
    leaders = tuple(
        replace(person, name=text(), post=text(), office=text()) for person in harmless.roster[:2]
    )
    everybody = tuple(
        Participation(
            id=ParticipationId(f"person-{index}"),
            side=sides[index % 2].id,
            name=text(),
            post=text(),
        )
        for index in range(len(HOSTILE_WORDS) // 2 if words is None else 2)
    )
    return replace(
        harmless,
        title=text(),
        short_title=text(),
        lead=text(),
        organiser=text(),
        demo_note=text(),
        contact=words or HOSTILE_WORDS[taken % len(HOSTILE_WORDS)],
        background=tuple(text() for _ in range(BACKGROUND_MAX if words is None else 2)),
        sides=sides,
        roster=(*leaders, *everybody),
        agenda=tuple(
            AgendaItem(
                ItemId(f"item-{index}"),
                ItemKind.SPEECH,
                text(),
                timedelta(minutes=1),
                note=text(),
                short_title=text(),
            )
            for index in range(AGENDA if words is None else 2)
        ),
        corrections=tuple(
            Correction(_AT + timedelta(minutes=index), text())
            for index in range(CORRECTIONS if words is None else 2)
        ),
    )
