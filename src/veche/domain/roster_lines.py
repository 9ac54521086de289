"""Understanding free text: the surest pieces first, then what is left between them by chunks."""

import re
from typing import Final

from veche.domain.name_reading import Confidence, NameFound, find_name, find_names, has_stem
from veche.domain.place_reading import Places
from veche.domain.roster import GROUP_MAX
from veche.domain.roster_rows import Doubt, Piece
from veche.domain.roster_taken import LOOSE, Taken, folded, has_any, is_group, role_of
from veche.domain.roster_words import ORGANISATION_STEMS, POST_STEMS, PUBLIC_NO_WHOLE, Field

_NUMBERING: Final = re.compile(r"\s*(?:\d{1,4}\s*[.)]|[-–—•*·▪])\s*")
_COUNT: Final = re.compile(
    r"(?:(?P<number>\b\d{1,6})\s*(?:человек[а-я]*|чел\b\.?|чалавек[а-яў]*|чал\b\.?|people\b|persons?\b))",
    re.IGNORECASE,
)
_COUNT_BEFORE: Final = re.compile(r"\s*(?P<number>\d{1,6})\s+(?=[^\W\d_]{4,})")
_OTHERS: Final = re.compile(
    r"[,;]?\s*\b(?:"
    r"(?:и|і|ды|ды і|and)\s+(?:др\.?|другие|иные|іншыя|інш\.?|others)|и\s*т\.\s*д\.|et al\.?"
    r")\s*[.;]?\s*$",
    re.IGNORECASE,
)
_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_SEAT: Final = re.compile(r"(?:место|месца|seat|ряд|рад)\s*№?\s*\d{1,4}[^\W\d_]?", re.IGNORECASE)
_BORDER: Final = re.compile(r"\s*(?:[,;:()\n|]|\s[-–—]\s|[–—])\s*")
_BORDER_ONLY: Final = re.compile(r"\s*,\s*")
_QUOTES: Final = '«"„“'


def take_line(taken: Taken, places: Places, start: int = 0, end: int | None = None) -> None:
    """Understand a stretch of the source as a line of free text."""
    end = len(taken.source) if end is None else end
    rest = [(start, end)]
    if others := _OTHERS.search(taken.source, start, end):
        taken.take(others.start(), others.end(), Field.OTHERS)
        rest = [(start, others.start())]
        end = others.start()
    if numbering := _NUMBERING.match(taken.source, start, end):
        taken.take(numbering.start(), numbering.end(), Field.NUMBER)
        start = numbering.end()
    text = taken.source[start:end]
    rest = [(start, end)]
    for pattern, field in ((_EMAIL, Field.EMAIL), (_SEAT, Field.SEAT)):
        if found := pattern.search(text):
            taken.take(start + found.start(), start + found.end(), field)
            rest = _without(rest, start + found.start(), start + found.end())
    has_count = _take_count(taken, start, text)
    name = find_name(text)
    if name is not None and _is_name_here(taken, places, name, text, has_count=has_count):
        taken.take_name(start, name)
        if len(find_names(text)) > 1:
            taken.doubts.append(Doubt.SEVERAL_PEOPLE)
    for piece in taken.pieces:
        rest = _without(rest, piece.start, piece.end)
    for chunk_start, chunk_end in rest:
        _take_chunks(taken, places, chunk_start, chunk_end)


def _take_count(taken: Taken, offset: int, text: str) -> bool:
    found = _COUNT.search(text)
    if found is None:
        found = _COUNT_BEFORE.match(text)
        if found is None or not is_group(text[found.end() :]):
            return False
    number = int(found["number"])
    if not 0 < number <= GROUP_MAX:
        return False
    taken.count = number
    taken.take(offset + found.start(), offset + found.end(), Field.COUNT)
    return True


def _is_name_here(
    taken: Taken, places: Places, name: NameFound, text: str, *, has_count: bool
) -> bool:
    if taken.name is not None:
        return False
    if name.confidence is Confidence.CERTAIN:
        return True
    if has_count or is_group(text) or places.is_nothing_else(text[name.start : name.end]):
        return False
    return name.confidence is Confidence.LIKELY or name.start == 0


def _take_chunks(taken: Taken, places: Places, start: int, end: int) -> None:
    before: Field | None = None
    for chunk_start, chunk_end in _chunks(taken.source, start, end):
        before = _take_chunk(taken, places, chunk_start, chunk_end, before)


def _take_chunk(
    taken: Taken, places: Places, start: int, end: int, before: Field | None
) -> Field | None:
    """What the chunk was taken for, if the next one may go on with it."""
    chunk = taken.source[start:end]
    if folded(chunk) in PUBLIC_NO_WHOLE:
        taken.take_publication(start, end)
        return None
    if (role := role_of(chunk)) and taken.role is None and (taken.name or taken.pieces):
        taken.role = role
        taken.take(start, end, Field.ROLE)
        return None
    if places.is_nothing_else(chunk):
        taken.take_place(places, Field.SITE, start, end)
        return None
    goes_on = chunk[:1].islower() and before is not None and not _begins(chunk)
    field = before if goes_on and before is not None else _field_of(chunk, taken)
    _take_joined(taken, start, end, field)
    return field


def _take_joined(taken: Taken, start: int, end: int, field: Field) -> None:
    """«комитет по транспорту, архитектуре и строительству» is one post, commas and all."""
    last = taken.pieces[-1] if taken.pieces else None
    if (
        last is not None
        and last.field is field
        and _BORDER_ONLY.fullmatch(taken.source[last.end : start])
    ):
        taken.pieces[-1] = Piece(last.start, end, field, last.confidence)
    else:
        taken.take(start, end, field, Confidence.LIKELY)


def _field_of(chunk: str, taken: Taken) -> Field:
    if chunk[0] in _QUOTES or has_stem(chunk.split()[0], ORGANISATION_STEMS):
        return Field.ORGANISATION
    is_organisation = has_any(chunk, ORGANISATION_STEMS) and not has_any(chunk, POST_STEMS)
    return Field.ORGANISATION if is_organisation and taken.has(Field.POST) else Field.POST


def _begins(chunk: str) -> bool:
    first = chunk.split()[0]
    return has_stem(first, POST_STEMS) or has_stem(first, ORGANISATION_STEMS)


def _chunks(source: str, start: int, end: int) -> list[tuple[int, int]]:
    chunks, at = [], start
    for border in [*_BORDER.finditer(source, start, end), None]:
        chunk_end = border.start() if border else end
        if source[at:chunk_end].strip(LOOSE):
            chunks.append((at, chunk_end))
        at = border.end() if border else end
    return [_trimmed(source, *chunk) for chunk in chunks]


def _trimmed(source: str, start: int, end: int) -> tuple[int, int]:
    words = source[start:end]
    start += len(words) - len(words.lstrip(LOOSE))
    return start, end - (len(words) - len(words.rstrip(LOOSE)))


def _without(spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    kept = []
    for first, last in spans:
        if end <= first or start >= last:
            kept.append((first, last))
        else:
            kept += [(first, start)] if first < start else []
            kept += [(end, last)] if end < last else []
    return kept


def has_count(words: str) -> bool:
    return _COUNT.search(words) is not None


def has_others(words: str) -> bool:
    return _OTHERS.search(words) is not None
