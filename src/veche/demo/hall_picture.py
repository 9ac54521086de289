"""The moving picture of a robot hall: wall, two rows of figures, table, a clock on the wall.

Drawn, so that no photograph and no person's face is in the repository. What stands still is
drawn once, larger, and shrunk; a frame moves four figures and writes the time to a tenth of a
second, so that delay can be read off the screen.
Measures are those of a 1600 by 900 drawing.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from veche.demo.drawing import Point, colour, ellipse, fill, flatten, moved, stroke

WIDTH: Final = 960
HEIGHT: Final = 540
_DRAWN_WIDTH: Final = 1600
_FINER: Final = 2
"""Drawn at twice the size and shrunk: Pillow does not smooth edges by itself."""
_SCALE: Final = WIDTH * _FINER / _DRAWN_WIDTH

_TORSO: Final = flatten(
    "M-112 190 C-114 70 -96 38 -46 22 L-22 8 L22 8 L46 22 C96 38 114 70 112 190 Z"
)
_SHOULDER: Final = flatten("M-112 190 C-114 70 -96 38 -46 22 L-22 8")
_SHIRT: Final = flatten("M-21 8 L0 78 L21 8 Z")
_TIE: Final = flatten("M-6 20 L6 20 L9 74 L0 88 L-9 74 Z")
_LAPELS: Final = (
    flatten("M-24 6 L-38 26 L-4 90 Z"),
    flatten("M24 6 L38 26 L4 90 Z"),
)
_NECKLINE: Final = flatten("M-20 8 Q0 40 20 8 Z")
_NECK: Final = flatten("M-17 -24 L-19 12 Q0 30 19 12 L17 -24 Z")
_CHIN_SHADE: Final = flatten("M-17 -14 Q0 8 17 -14 L18 2 Q0 16 -18 2 Z")
_HAIR: Final = {
    "short": flatten(
        "M-36 -60 C-38 -96 -20 -106 0 -106 C20 -106 38 -96 36 -60 C34 -74 30 -82 24 -86 "
        "C10 -92 -10 -92 -24 -86 C-30 -82 -34 -74 -36 -60 Z"
    ),
    "full": flatten(
        "M-36 -58 C-40 -112 40 -112 36 -58 C34 -78 26 -88 0 -88 C-26 -88 -34 -78 -36 -58 Z"
    ),
    "long": flatten(
        "M-40 -20 C-52 -110 -24 -112 0 -112 C24 -112 52 -110 40 -20 C36 -30 36 -60 28 -80 "
        "C10 -70 -18 -72 -28 -80 C-36 -60 -36 -30 -40 -20 Z"
    ),
}
_MICROPHONE: Final = flatten("M0 0 C-2 -50 6 -80 18 -104")
_FRONT_ROW: Final = (
    (190, 560),
    (393, 560),
    (596, 560),
    (799, 560),
    (1002, 560),
    (1205, 560),
    (1408, 560),
)
_BACK_ROW: Final = (
    (144, 470),
    (335, 470),
    (532, 470),
    (702, 470),
    (893, 470),
    (1072, 470),
    (1270, 470),
    (1441, 470),
)
_TABLE_TOP: Final = 690
_SPEAKER: Final = 3
_MOVING: Final = (1, _SPEAKER, 4, 5)
"""Figures of the front row that move, the speaker among them."""
_SKINS: Final = ("#c49f86", "#b99179", "#caa68c", "#c09a83")
_SUITS: Final = ("#232a35", "#2b2f3a", "#1f2730", "#343344", "#28323d", "#2d2a33", "#252c36")
_TIES: Final = ("#6e2f35", "#2f4a6e", "#3f4348")


@dataclass(frozen=True, slots=True)
class Look:
    """What makes one hall different from another."""

    wall: tuple[str, str]
    light: str
    table: tuple[str, str, str]
    has_curtain: bool
    haircuts: str
    """One letter a figure of the front row: s(hort), f(ull), l(ong)."""
    hair: tuple[str, ...]


LOOKS: Final = {
    "minsk": Look(
        wall=("#8a6f57", "#3a2c22"),
        light="#ffe9c8",
        table=("#c9a783", "#7a5b41", "#3d2b1e"),
        has_curtain=False,
        haircuts="fslfsfl",
        hair=("#57493d", "#a49d93", "#8d8880", "#4a3b31", "#a09a90", "#6b5d50", "#4f4034"),
    ),
    "kursk": Look(
        wall=("#6d8296", "#2a3744"),
        light="#e6f1ff",
        table=("#b3bac2", "#5d6975", "#2a333d"),
        has_curtain=True,
        haircuts="lsfsffl",
        hair=("#7a6a5c", "#3a2f28", "#57493d", "#8a6f5e", "#33302e", "#5b4636", "#8d8880"),
    ),
}


class HallPicture:
    """Frames of one hall. Not for two threads at once."""

    def __init__(self, look: Look) -> None:
        figures = [_figure(index, look) for index in range(len(_FRONT_ROW))]
        still = [figure for index, figure in enumerate(figures) if index not in _MOVING]
        self._behind = _shrunk(_behind(look, still)).convert("RGB")
        self._before = _shrunk(_before(look))
        self._moving = {index: _shrunk(figures[index]) for index in _MOVING}
        self._lit = _shrunk(_lit_microphone())
        self._font = ImageFont.load_default(30)

    def frame(self, now: datetime, seconds: float, *, is_speaking: bool) -> bytes:
        """RGB bytes of the picture at this moment; `seconds` drives the movement."""
        picture = self._behind.copy()
        for index, figure in self._moving.items():
            x, y = _sway(index, seconds, is_speaking=is_speaking and index == _SPEAKER)
            picture.paste(figure, (x, y), figure)
        picture.paste(self._before, (0, 0), self._before)
        if is_speaking:
            picture.paste(self._lit, (0, 0), self._lit)
        self._write_clock(picture, now)
        return picture.tobytes()

    def _write_clock(self, picture: Image.Image, now: datetime) -> None:
        tenth = now.microsecond // 100_000
        words = f"{now:%H:%M:%S}.{tenth}"
        centre = (round(800 * WIDTH / _DRAWN_WIDTH), round(210 * WIDTH / _DRAWN_WIDTH))
        ImageDraw.Draw(picture).text(
            centre, words, font=self._font, anchor="mm", fill=(233, 238, 243)
        )


def _sway(index: int, seconds: float, *, is_speaking: bool) -> tuple[int, int]:
    """Breathing for everybody, larger and quicker for who speaks."""
    phase = index * 1.7
    if is_speaking:
        return (
            round(3.2 * math.sin(seconds * 1.9 + phase)),
            round(2.4 * math.sin(seconds * 5.3 + phase)),
        )
    return round(1.6 * math.sin(seconds * 0.6 + phase)), round(
        1.2 * math.sin(seconds * 1.1 + phase)
    )


def _canvas() -> Image.Image:
    return Image.new("RGBA", (WIDTH * _FINER, HEIGHT * _FINER))


def _shrunk(canvas: Image.Image) -> Image.Image:
    return canvas.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _at(points: list[Point], to: Point, scale: float) -> list[Point]:
    """Points of a part, placed in the drawing, in pixels of the fine canvas."""
    return [(x * _SCALE, y * _SCALE) for x, y in moved(points, to, scale)]


def _box(left: float, top: float, width: float, height: float) -> list[Point]:
    right, bottom = left + width, top + height
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return [(x * _SCALE, y * _SCALE) for x, y in corners]


def _behind(look: Look, still: list[Image.Image]) -> Image.Image:
    canvas = _gradient(*look.wall)
    _draw_wall(canvas, look)
    back = _canvas()
    for index, place in enumerate(_BACK_ROW):
        _draw_figure(back, place, 0.96, index + 2, look, is_sharp=False)
    soft = back.filter(ImageFilter.GaussianBlur(2.2 * _SCALE))
    soft.putalpha(soft.getchannel("A").point(lambda alpha: round(alpha * 0.62)))
    canvas.alpha_composite(soft)
    for figure in still:
        canvas.alpha_composite(figure)
    return canvas


def _draw_wall(canvas: Image.Image, look: Look) -> None:
    if look.has_curtain:
        for fold in range(39):
            shade = colour("#ffffff", (0.1, 0.05, 0.08, 0.04)[fold % 4])
            shape = flatten("M0 0 Q14 380 4 760 L30 760 Q24 380 30 0 Z")
            fill(canvas, _at(shape, (fold * 42.0, 0), 1), shade)
    else:
        for panel in range(17):
            left = -20 + panel * 100
            fill(canvas, _box(left, 70, 92, 640), colour("#ffffff", (0.07, 0.035)[panel % 2]))
            fill(canvas, _box(left + 92, 70, 8, 640), colour("#000000", 0.22))
        fill(canvas, _box(0, 60, 1600, 12), colour("#ffffff", 0.22))
    canvas.alpha_composite(_glow(look.light))
    fill(canvas, _box(630, 112, 340, 196), colour("#1a2733"))
    fill(canvas, _box(644, 126, 312, 168), colour("#26425a"))


def _before(look: Look) -> Image.Image:
    """The table with its microphones and plates, and the darker edges of the whole picture."""
    canvas = _canvas()
    top, side, bottom = look.table
    fill(canvas, _box(0, _TABLE_TOP, 1600, 24), colour(top))
    front = _gradient(side, bottom).crop((0, 0, WIDTH * _FINER, round(186 * _SCALE)))
    canvas.paste(front, (0, round((_TABLE_TOP + 24) * _SCALE)))
    for seam in range(9):
        fill(canvas, _box(88 + seam * 200, _TABLE_TOP + 24, 3, 186), colour("#000000", 0.25))
    for x, _ in _FRONT_ROW:
        _draw_microphone(canvas, x + 62)
        plate = flatten("M0 30 L8 0 L92 0 L100 30 Z")
        fill(canvas, _at(plate, (x - 58, 674), 1), colour("#f3f1ec", 0.94))
        fill(canvas, _box(x - 36, 684, 56, 4), colour("#555555", 0.6))
        fill(canvas, _box(x - 28, 692, 40, 3), colour("#555555", 0.4))
    canvas.alpha_composite(_vignette())
    return canvas


def _draw_microphone(canvas: Image.Image, x: float) -> None:
    dark = colour("#11161c")
    stroke(canvas, _at(_MICROPHONE, (x, 704), 0.92), 4.5 * _SCALE, dark)
    head = [(11.0, -134.0), (26.0, -134.0), (26.0, -98.0), (11.0, -98.0)]
    turned = [
        (18 + (px - 18) * 0.927 - (py + 110) * 0.375, -110 + (px - 18) * 0.375 + (py + 110) * 0.927)
        for px, py in head
    ]
    fill(canvas, _at(turned, (x, 704), 0.92), dark)
    ellipse(canvas, (x * _SCALE, 706 * _SCALE), (20 * _SCALE, 4.6 * _SCALE), dark)


def _lit_microphone() -> Image.Image:
    canvas = _canvas()
    x = _FRONT_ROW[_SPEAKER][0] + 62 + 15 * 0.92
    centre = (x * _SCALE, (704 - 97 * 0.92) * _SCALE)
    ellipse(canvas, centre, (13 * _SCALE, 13 * _SCALE), colour("#ff5a52", 0.35))
    ellipse(canvas, centre, (6 * _SCALE, 6 * _SCALE), colour("#ff5a52"))
    return canvas


def _figure(index: int, look: Look) -> Image.Image:
    canvas = _canvas()
    scale = 1.42 if index == _SPEAKER else 1.34
    _draw_figure(canvas, _FRONT_ROW[index], scale, index, look, is_sharp=True)
    return canvas


def _draw_figure(
    canvas: Image.Image, place: Point, scale: float, index: int, look: Look, *, is_sharp: bool
) -> None:
    def put(points: list[Point], code: str, opacity: float = 1.0) -> None:
        fill(canvas, _at(points, place, scale), colour(code, opacity))

    def oval(centre: Point, radii: Point, code: str, opacity: float = 1.0) -> None:
        (middle,) = _at([centre], place, scale)
        size = (radii[0] * scale * _SCALE, radii[1] * scale * _SCALE)
        ellipse(canvas, middle, size, colour(code, opacity))

    skin = _SKINS[index % len(_SKINS)]
    haircut = {"s": "short", "f": "full", "l": "long"}[look.haircuts[index % len(look.haircuts)]]
    put(_TORSO, _SUITS[index % len(_SUITS)] if is_sharp else "#1b222b")
    stroke(canvas, _at(_SHOULDER, place, scale), 4 * scale * _SCALE, colour(look.light, 0.16))
    if haircut == "long":
        put(_NECKLINE, skin, 0.9)
    else:
        put(_SHIRT, "#e4e7ea", 0.85)
        if is_sharp:
            put(_TIE, _TIES[index % len(_TIES)])
        for lapel in _LAPELS:
            put(lapel, "#000000", 0.22)
    put(_NECK, skin)
    put(_CHIN_SHADE, "#000000", 0.2)
    oval((0, -58), (34, 43), skin)
    put(_HAIR[haircut], look.hair[index % len(look.hair)])
    oval((-12, -62), (20, 36), "#ffffff", 0.07)


def _gradient(top: str, bottom: str) -> Image.Image:
    """From above to below, over the whole canvas."""
    size = (WIDTH * _FINER, HEIGHT * _FINER)
    ramp = Image.linear_gradient("L").resize(size)
    return Image.composite(
        Image.new("RGBA", size, colour(bottom)), Image.new("RGBA", size, colour(top)), ramp
    )


def _glow(code: str) -> Image.Image:
    """Light from the ceiling."""
    size = (WIDTH * _FINER, HEIGHT * _FINER)
    ring = Image.radial_gradient("L").resize((size[0] * 2, round(size[1] * 2.2)))
    left, upper = size[0] // 2, round(size[1] * 1.0)
    light = ring.crop((left, upper, left + size[0], upper + size[1]))
    glow = Image.new("RGBA", size, colour(code))
    glow.putalpha(light.point(lambda far: max(0, round((175 - far) * 0.8))))
    return glow


def _vignette() -> Image.Image:
    size = (WIDTH * _FINER, HEIGHT * _FINER)
    ring = Image.radial_gradient("L").resize((round(size[0] * 1.3), round(size[1] * 1.4)))
    left, upper = (ring.width - size[0]) // 2, (ring.height - size[1]) // 2
    dark = Image.new("RGBA", size, colour("#000000"))
    edges = ring.crop((left, upper, left + size[0], upper + size[1]))
    dark.putalpha(edges.point(lambda far: max(0, round((far - 130) * 1.05))))
    return dark
