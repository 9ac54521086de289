"""What has been taken of one row so far: pieces with their meaning, and what is in doubt.

Each letter is taken once at most. Where a piece is a place, a role or a refusal of publication,
what it says is understood here, whichever way it was found.
"""

import re
from dataclasses import replace
from typing import Final

from veche.domain.name_reading import Confidence, NameFound, has_stem
from veche.domain.place_reading import Place, Places
from veche.domain.roster import ParticipationRole
from veche.domain.roster_rows import Doubt, Piece, RowKind
from veche.domain.roster_words import GROUP_STEMS, POST_STEMS, PUBLIC_NO, ROLES, Field
from veche.domain.transliteration import NameParts

LOOSE: Final = " \t\n,;:.-–—|("
"""Signs that may stand around a piece and are no part of it."""
_WORDS: Final = (Field.POST, Field.ORGANISATION)


class Taken:
    """The pieces of one row so far."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.pieces: list[Piece] = []
        self.doubts: list[Doubt] = []
        self.name: NameParts | None = None
        self.role: ParticipationRole | None = None
        self.count: int | None = None
        self.place: Place | None = None
        self.allows_publication = True

    def take(
        self, start: int, end: int, field: Field, confidence: Confidence = Confidence.CERTAIN
    ) -> None:
        words = self.source[start:end]
        start += len(words) - len(words.lstrip(LOOSE))
        end -= len(words) - len(words.rstrip(LOOSE))
        if start < end:
            self.pieces.append(Piece(start, end, field, confidence))

    def take_name(self, offset: int, found: NameFound, *, is_promised: bool = False) -> None:
        """`is_promised`: the heading says that a name stands here."""
        confidence = found.confidence
        if confidence is Confidence.DOUBTFUL:
            if is_promised:
                confidence = Confidence.LIKELY
            else:
                self.doubts.append(Doubt.NAME_GUESSED)
        if found.is_order_guessed:
            self.doubts.append(Doubt.ORDER_GUESSED)
        self.name = found.parts
        piece = Piece(offset + found.start, offset + found.end, Field.NAME, confidence)
        self.pieces.append(piece)

    def keep_as_note(self) -> None:
        """What looked like a post says nothing that could be one."""
        self.pieces = [
            replace(piece, field=Field.NOTE) if piece.field in _WORDS else piece
            for piece in self.pieces
        ]

    def words_of(self, *fields: Field) -> str | None:
        """What was taken for any of the fields, in the order in which it stands."""
        return ", ".join(self.list_of(*fields)) or None

    def list_of(self, *fields: Field) -> list[str]:
        inside = sorted(
            (p for p in self.pieces if p.field in fields), key=lambda piece: piece.start
        )
        return [self.source[piece.start : piece.end] for piece in inside]

    def has(self, field: Field) -> bool:
        return any(piece.field is field for piece in self.pieces)

    @property
    def kind(self) -> RowKind:
        if self.name is not None:
            return RowKind.PERSON
        words = " ".join(self.list_of(Field.POST, Field.ORGANISATION))
        if self.count is not None or is_group(words):
            return RowKind.GROUP
        if not words:
            return RowKind.OTHERS if self.has(Field.OTHERS) else RowKind.UNCLEAR
        return RowKind.PERSON if has_any(words, POST_STEMS) else RowKind.UNCLEAR

    def take_place(self, places: Places, field: Field, start: int, end: int) -> None:
        place = places.find(self.source[start:end])
        if place is None:
            self.doubts.append(Doubt.SIDE_UNKNOWN)
            self.take(start, end, Field.NOTE, Confidence.DOUBTFUL)
            return
        # The hall says more than the side, whichever stands first.
        if self.place is None or place.site is not None:
            self.place = place
        self.take(start, end, field)

    def take_publication(self, start: int, end: int) -> None:
        self.allows_publication = folded(self.source[start:end]) not in PUBLIC_NO
        self.take(start, end, Field.PUBLICATION)


def role_of(words: str) -> ParticipationRole | None:
    return ROLES.get(folded(words)) or ROLES.get(folded(words).replace("ё", "е"))


def folded(words: str) -> str:
    return words.casefold().strip(LOOSE + ")")


def is_group(words: str) -> bool:
    return any(has_stem(word, GROUP_STEMS) for word in re.findall(r"[^\W\d_]+", words)[:2])


def has_any(words: str, stems: tuple[str, ...]) -> bool:
    return any(has_stem(word, stems) for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", words))
