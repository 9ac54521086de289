"""Finding a side or a hall of the meeting in words: «от Курской области», «зал Минск».

Cases and languages change endings and vowels, so names are compared by what they keep.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from veche.domain.identity import SideId, SiteId
from veche.domain.likeness import skeleton
from veche.domain.meeting import Meeting
from veche.domain.name_reading import has_stem
from veche.domain.roster_words import KIND_STEMS, PLACE_STEMS, SIDE_STEMS

_PLACE_WORDS_MAX: Final = 16
"""Twice the longest name of a republic, with its hall."""


@dataclass(frozen=True, slots=True)
class Place:
    """A side, and the hall in it when the words name one."""

    side: SideId
    site: SiteId | None = None


@dataclass(frozen=True, slots=True)
class _Name:
    place: Place
    keys: tuple[str, ...]
    """What must be told for the name to be meant."""
    extras: tuple[str, ...]
    """«область», «республика»: tell two like names apart, and are often left out."""


class Places:
    """What the meeting calls its sides and halls."""

    def __init__(self, meeting: Meeting) -> None:
        self._names = tuple(_names_of(meeting))
        self._sites = {
            side.id: side.sites[0].id if len(side.sites) == 1 else None for side in meeting.sides
        }

    @property
    def only(self) -> Place | None:
        """Where everybody stands when there is one side."""
        sides = list(self._sites)
        return Place(sides[0]) if len(sides) == 1 else None

    def find(self, words: str) -> Place | None:
        """The place with most of its name in the words; None for no name or for two sides'."""
        told = _keys(words)
        scored = [(_score(name, told), name) for name in self._names]
        best = max((score for score, _ in scored), default=0)
        found = {name.place for score, name in scored if score == best and score > 0}
        if len({place.side for place in found}) != 1:
            return None
        return max(found, key=lambda place: place.site is not None)

    def is_nothing_else(self, words: str) -> bool:
        """Whether a place and words for places are all that is there."""
        told = _words(words)
        place = self.find(words) if len(told) <= _PLACE_WORDS_MAX else None
        if place is None:
            return False
        keys = {
            key
            for name in self._names
            if name.place.side == place.side
            for key in name.keys + name.extras
        }
        rest = [word for word in told if not any(_agree(key, _key(word)) for key in keys)]
        return all(has_stem(word, PLACE_STEMS + SIDE_STEMS) or len(word) < 3 for word in rest)

    def only_site_of(self, side: SideId) -> SiteId | None:
        """The hall of a side that has one."""
        return self._sites[side]


def _names_of(meeting: Meeting) -> Sequence[_Name]:
    names = []
    for side in meeting.sides:
        names += [_name(Place(side.id), words) for _, words in side.name.words]
        for site in side.sites:
            place = Place(side.id, site.id)
            for text in (site.city, site.city_with, site.name):
                names += [_name(place, words) for _, words in text.words]
    return [name for name in names if name.keys]


def _name(place: Place, words: str) -> _Name:
    extras = tuple(_key(word) for word in _words(words) if has_stem(word, KIND_STEMS))
    keys = tuple(key for key in _keys(words) if key not in extras)
    return _Name(place, keys, extras) if keys else _Name(place, extras, ())


def _score(name: _Name, told: tuple[str, ...]) -> int:
    """Names of more words count for more; 0 where something of the name is missing."""
    found = sum(any(_agree(key, word) for word in told) for key in name.keys)
    extra = sum(any(_agree(key, word) for word in told) for key in name.extras)
    return 2 * found + extra if found == len(name.keys) else 0


def _agree(key: str, word: str) -> bool:
    """Equal up to an ending of two consonants: Беларусь and белорусская, Курск and Курску."""
    short, long = sorted((key, word), key=len)
    return long.startswith(short) and len(long) - len(short) <= 2 and len(short) >= 3


def _keys(words: str) -> tuple[str, ...]:
    return tuple(
        key
        for word in _words(words)
        if not has_stem(word, PLACE_STEMS + SIDE_STEMS) and len(key := _key(word)) >= 3
    )


def _key(word: str) -> str:
    return skeleton(word).rstrip("a")


def _words(words: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", words)
