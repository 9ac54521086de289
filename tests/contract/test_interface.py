"""The interface holds what its document says, whoever asks and whatever is sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hostile import DOCUMENT, Crowd, crowd, operations, try_door

EXAMPLES = 6
"""For each door, each sent by everybody: some thousand requests; the campaign sends more."""
DOORS = operations()


@pytest.fixture(name="everybody", scope="module")
def let_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    folder: Path = tmp_path_factory.mktemp("house")
    with crowd(folder) as everybody:
        yield everybody


@pytest.mark.parametrize("door", DOORS)
def test_a_door_answers_as_its_document_says(everybody: Crowd, door: str) -> None:
    try_door(everybody, DOORS[door], EXAMPLES)


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [
        operation["operationId"]
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
    ]
    assert len(set(names)) == len(names)
