"""The table of layouts gives the pictures that every renderer must draw.

`tests/corpus/stage_vectors.json` is read by the browser's tests too. When the table changes
on purpose, `python -m tests.unit.domain.test_geometry` writes the vectors anew.
"""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from veche.domain.geometry import Layouts, Rectangle
from veche.domain.stage import Layout

VECTORS = Path(__file__).parents[2] / "corpus" / "stage_vectors.json"
COUNTS = {
    Layout.BRIDGE: [2],
    Layout.SPEAKER: [1],
    Layout.SPEAKER_HALL: [2],
    Layout.SLIDES_SPEAKER: [2],
    Layout.GRID: list(range(1, 17)),
    Layout.HOLDING: [0],
}


@pytest.fixture(name="layouts")
def read_layouts() -> Layouts:
    return _layouts()


def _layouts() -> Layouts:
    return Layouts.parse(files("veche.domain").joinpath("stage_layouts.json").read_text("utf-8"))


def _cases(layouts: Layouts) -> list[dict[str, object]]:
    return [
        {
            "layout": layout.value,
            "count": count,
            "cells": [_rounded(r) for r in layouts.place(layout, count)],
        }
        for layout, counts in COUNTS.items()
        for count in counts
    ]


def _rounded(cell: Rectangle) -> list[float]:
    return [round(measure, 4) for measure in (cell.x, cell.y, cell.width, cell.height)]


def test_every_layout_places_its_pictures_as_the_shared_vectors_say(layouts: Layouts) -> None:
    assert _cases(layouts) == json.loads(VECTORS.read_text("utf-8"))["cases"]


def test_nine_halls_fill_three_rows_of_three(layouts: Layouts) -> None:
    """Figures of the drawn design, typed by hand: the vectors alone agree with themselves."""
    expected = [(x, y) for y in (1.6, 29.6, 57.6) for x in (9.5, 36.8, 64.1)]
    assert [(round(c.x, 2), round(c.y, 2)) for c in layouts.place(Layout.GRID, 9)] == expected
    assert {round(c.width, 2) for c in layouts.place(Layout.GRID, 9)} == {26.4}


@pytest.mark.parametrize("count", range(1, 17))
def test_no_picture_of_a_grid_leaves_the_frame_or_lies_on_another(
    layouts: Layouts, count: int
) -> None:
    cells = layouts.place(Layout.GRID, count)
    assert len(cells) == count
    for cell in cells:
        assert min(cell.x, cell.y) >= 0
        assert cell.x + cell.width <= 100
        assert cell.y + cell.height <= 84.01, "the band stays free"
    for index, one in enumerate(cells):
        for other in cells[index + 1 :]:
            apart_x = one.x + one.width <= other.x or other.x + other.width <= one.x
            apart_y = one.y + one.height <= other.y + 1e-9 or other.y + other.height <= one.y + 1e-9
            assert apart_x or apart_y


def test_a_short_last_row_stands_in_the_middle(layouts: Layouts) -> None:
    *_, left, right = layouts.place(Layout.GRID, 5)
    assert round(left.x, 4) == round(100 - right.x - right.width, 4)


if __name__ == "__main__":
    VECTORS.write_text(
        json.dumps(
            {"unit": "percent of the frame: x, y, width, height", "cases": _cases(_layouts())},
            indent=1,
        )
        + "\n",
        "utf-8",
    )
