"""Two chairs who want the same at one moment: one has it, both are in the log."""

import asyncio
import random

from tests.support.conducting import GUEST_CHAIR, HOST_CHAIR, KRIVOLAPOV, NUMBER, POPKOV, Air
from veche.domain import commands as do
from veche.domain.actor import Asker
from veche.domain.air import Air as AirState
from veche.domain.errors import OutOfTurn
from veche.domain.timeline import EntryKind


async def race_and_look(air: Air, races: int, chance: random.Random) -> None:
    """Floor given and ended, in any order; what is told is what is kept, and nothing is missing.

    `races` is bounded by a page of the record, so that all of it is read at once.
    """
    await air.go_on_air()
    for _ in range(races):
        air.clock.advance(chance.uniform(1.1, 3))
        await _race(air, chance)
        kept = _kept(air)
        assert kept == air.standing.air
        assert len(kept.floor.open_grants) <= 1
    with air.database.read() as unit:
        records = unit.audit.of_subject(f"meeting/{NUMBER}/air")
        entries = unit.timeline.page(NUMBER)
        assert unit.audit.verify().is_whole
    assert len(records) == races
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert sum(it.entry.kind is EntryKind.COMMAND_REFUSED for it in entries) == races


async def _race(air: Air, chance: random.Random) -> None:
    """The same wish of both at one moment, or of one a moment later: one of them is refused."""
    grants = air.standing.air.floor.open_grants
    if grants:
        number = grants[0].number
        wishes: tuple[do.Command, do.Command] = (do.EndFloor(number), do.EndFloor(number))
    else:
        wishes = (do.GrantFloor(KRIVOLAPOV), do.GrantFloor(POPKOV))

    async def wish(who: Asker, command: do.Command, later: int) -> None:
        for _ in range(later):
            await asyncio.sleep(0)
        await air.command(who, command)

    results = await asyncio.gather(
        wish(HOST_CHAIR, wishes[0], chance.randrange(4)),
        wish(GUEST_CHAIR, wishes[1], chance.randrange(4)),
        return_exceptions=True,
    )
    assert results.count(None) == 1
    assert all(result is None or isinstance(result, OutOfTurn) for result in results)


def _kept(air: Air) -> AirState:
    with air.database.read() as unit:
        found = unit.airs.find(NUMBER)
    assert found is not None
    return found.air
