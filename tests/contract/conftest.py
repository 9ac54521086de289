"""Every test of the store runs on both engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.clock import Clock
from tests.support.databases import ENGINES, Place, place_for
from veche.store import Database


@pytest.fixture(name="place", params=ENGINES)
def choose_place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return place_for(request.param, tmp_path)


@pytest.fixture(name="clock")
def make_clock() -> Clock:
    return Clock()


@pytest.fixture(name="database")
def open_database(place: Place, clock: Clock) -> Iterator[Database]:
    with place.open(clock.now) as database:
        yield database
