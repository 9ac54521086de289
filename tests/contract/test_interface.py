"""The interface holds what its document says, whoever asks and whatever is sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hostile import DOCUMENT, Crowd, crowd, operations, try_door
from veche.web.reference import as_json, as_page

EXAMPLES = 6
"""For each door, each sent by everybody: some thousand requests; the campaign sends more."""
DOORS = operations()
REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.fixture(name="everybody", scope="module")
def let_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    folder: Path = tmp_path_factory.mktemp("house")
    with crowd(folder) as everybody:
        yield everybody


@pytest.mark.parametrize("door", DOORS)
def test_a_door_answers_as_its_document_says(everybody: Crowd, door: str) -> None:
    try_door(everybody, DOORS[door], EXAMPLES)


@pytest.mark.parametrize(
    ("file", "written"), [("api.md", as_page(DOCUMENT)), ("openapi.json", as_json(DOCUMENT))]
)
def test_the_reference_equals_the_routes(file: str, written: str) -> None:
    """`veche reference` makes the page, `veche reference --openapi` the document."""
    assert (REFERENCE / file).read_text("utf-8") == written


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [
        operation["operationId"]
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
    ]
    assert len(set(names)) == len(names)
