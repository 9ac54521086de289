"""Paths drawn with Pillow: straight lines and Bézier curves, filled or stroked.

Pillow fills polygons only and does not smooth edges: curves are flattened here, and the canvas
is drawn larger than it is shown.
"""

import math
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from PIL import Image, ImageDraw

Point = tuple[float, float]
Colour = tuple[int, int, int, int]
Painter = Callable[[ImageDraw.ImageDraw, list[Point]], None]

_CURVE_STEPS: Final = 14
"""Between 8, where a shoulder of 200 pixels shows corners, and 30, where drawing time doubles."""
_TOKEN: Final = re.compile(r"[MLCQZ]|-?\d*\.?\d+")


def flatten(path: str) -> list[Point]:
    """The points of one path of absolute M, L, C, Q and Z commands (as SVG writes them)."""
    points: list[Point] = []
    for command, numbers in _commands(path):
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        size = {"C": 3, "Q": 2}.get(command, 1)
        for index in range(0, len(pairs), size):
            controls = pairs[index : index + size]
            if size == 1:
                points += controls
            else:
                points += _curve([points[-1], *controls])
    return points


def fill(canvas: Image.Image, points: list[Point], shade: Colour) -> None:
    """A filled shape over what is there, with the opacity of the colour."""
    _over(canvas, points, 0, shade, lambda draw, here: draw.polygon(here, fill=shade[3]))


def stroke(canvas: Image.Image, points: list[Point], width: float, shade: Colour) -> None:
    def paint(draw: ImageDraw.ImageDraw, here: list[Point]) -> None:
        draw.line(here, fill=shade[3], width=round(width), joint="curve")

    _over(canvas, points, width, shade, paint)


def ellipse(canvas: Image.Image, centre: Point, radii: Point, shade: Colour) -> None:
    corners = [
        (centre[0] - radii[0], centre[1] - radii[1]),
        (centre[0] + radii[0], centre[1] + radii[1]),
    ]
    _over(canvas, corners, 0, shade, lambda draw, here: draw.ellipse(here, fill=shade[3]))


def moved(points: list[Point], to: Point, scale: float) -> list[Point]:
    return [(to[0] + x * scale, to[1] + y * scale) for x, y in points]


def colour(code: str, opacity: float = 1.0) -> Colour:
    """`#rrggbb` with an opacity from 0 to 1."""
    red, green, blue = (int(code[index : index + 2], 16) for index in (1, 3, 5))
    return red, green, blue, round(255 * opacity)


def _over(
    canvas: Image.Image, points: list[Point], margin: float, shade: Colour, paint: Painter
) -> None:
    """Blend a shape in, touching only the part of the canvas that it covers."""
    left = max(0, math.floor(min(x for x, _ in points) - margin))
    upper = max(0, math.floor(min(y for _, y in points) - margin))
    right = min(canvas.width, math.ceil(max(x for x, _ in points) + margin) + 1)
    lower = min(canvas.height, math.ceil(max(y for _, y in points) + margin) + 1)
    if left >= right or upper >= lower:
        return
    mask = Image.new("L", (right - left, lower - upper))
    paint(ImageDraw.Draw(mask), [(x - left, y - upper) for x, y in points])
    tinted = Image.new("RGBA", mask.size, shade[:3])
    tinted.putalpha(mask)
    canvas.alpha_composite(tinted, (left, upper))


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    command = ""
    numbers: list[float] = []
    for token in _TOKEN.findall(path):
        if token.isalpha():
            if numbers:
                yield command, numbers
            command, numbers = token, []
        else:
            numbers.append(float(token))
    if numbers:
        yield command, numbers


def _curve(controls: list[Point]) -> list[Point]:
    """De Casteljau's construction, without the first point."""
    found = []
    for step in range(1, _CURVE_STEPS + 1):
        at = step / _CURVE_STEPS
        points = controls
        while len(points) > 1:
            points = [
                (a[0] + (b[0] - a[0]) * at, a[1] + (b[1] - a[1]) * at) for a, b in pairwise(points)
            ]
        found.append(points[0])
    return found
