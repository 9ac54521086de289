"""Where the pictures of a stage lie: one table of layouts for every renderer.

The table is data (`stage_layouts.json`), read by the browser and by Python alike; the rule
for a grid of any number of halls is the only arithmetic. `tests/corpus/stage_vectors.json`
holds what must come out, and both languages are tested against it.
All measures are percent of a 16:9 frame.
"""

import json
import math
from dataclasses import dataclass
from typing import Final, Self

from veche.domain.stage import Layout

_FRAME_WIDTH: Final = 100.0


@dataclass(frozen=True, slots=True)
class Rectangle:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class GridRule:
    """Cells of one size in rows, the block centred, a short last row centred too."""

    columns_up_to_four: int
    columns_beyond: int
    gap_x: float
    gap_y: float
    width: float
    height: float
    top: float

    def place(self, count: int) -> tuple[Rectangle, ...]:
        if count == 0:
            return ()
        columns = self.columns_up_to_four if count <= 4 else self.columns_beyond
        columns = min(columns, count)
        rows = math.ceil(count / columns)
        # Percent of a 16:9 frame: equal percentages keep 16:9, so one size serves both sides.
        size = min(
            (self.width - self.gap_x * (columns - 1)) / columns,
            (self.height - self.gap_y * (rows - 1)) / rows,
        )
        placed = []
        for row in range(rows):
            in_row = min(columns, count - row * columns)
            left = (_FRAME_WIDTH - in_row * size - (in_row - 1) * self.gap_x) / 2
            placed += [
                Rectangle(
                    left + column * (size + self.gap_x),
                    self.top + row * (size + self.gap_y),
                    size,
                    size,
                )
                for column in range(in_row)
            ]
        return tuple(placed)


@dataclass(frozen=True, slots=True)
class Layouts:
    """The parsed table."""

    fixed: dict[Layout, tuple[Rectangle, ...]]
    grid: GridRule

    @classmethod
    def parse(cls, table: str) -> Self:
        """From the text of `stage_layouts.json`; a table that is not whole is our bug."""
        layouts = json.loads(table)["layouts"]
        rule = layouts[Layout.GRID.value]["rule"]
        return cls(
            fixed={
                layout: tuple(
                    Rectangle(cell["x"], cell["y"], cell["w"], cell["h"])
                    for cell in layouts[layout.value]["cells"]
                )
                for layout in Layout
                if layout is not Layout.GRID
            },
            grid=GridRule(**rule),
        )

    def place(self, layout: Layout, count: int) -> tuple[Rectangle, ...]:
        """Where `count` pictures lie; a fixed layout has the cells it has and no more."""
        if layout is Layout.GRID:
            return self.grid.place(count)
        return self.fixed[layout][:count]
