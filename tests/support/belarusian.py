"""Finds what is not Belarusian on a screen that should be, without a list of words.

Three signs: letters that the language does not have (и, щ, ъ and Latin ones), sentences of our
own Russian and English catalogues, and a date with its month in the nominative, which is what a
browser or a careless format makes. What people wrote (names, titles, addresses) is data and is
given by the test; parts that say of themselves to be in another language are left out.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

_CATALOGUES: Final = (
    Path(str(files("veche.web").joinpath("words"))),
    Path(__file__).parents[2] / "web" / "src" / "i18n",
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'\-][^\W\d_]+)*")
_ADDRESS: Final = re.compile(r"\S+://\S+|\S+@\S+|/\S+")
_FOREIGN_LETTER: Final = re.compile("[ищъИЩЪa-zA-Z]")
_SAME_EVERYWHERE: Final = frozenset({"UTC", "JavaScript", "PDF", "DOCX", "XLSX", "SMTP", "TLS"})
_MONTHS: Final = (
    "студзень|люты|сакавік|красавік|май|чэрвень|ліпень|жнівень|верасень|кастрычнік|лістапад|снежань"
)
_NOMINATIVE_DATE: Final = re.compile(rf"\b\d{{1,2}}\s({_MONTHS})\b")
_TOLD_ATTRIBUTES: Final = ("title", "alt", "placeholder", "aria-label", "aria-description")
_TOLD_META: Final = ("description", "og:title", "og:description", "og:site_name")
_SILENT: Final = frozenset({"script", "style"})
_EMPTY: Final = frozenset({"meta", "link", "img", "br", "input", "hr", "source", "track"})

_SEEN_ON_SCREEN: Final = """
(attributes) => {
  const seen = [];
  const isForeign = (node) => node.closest("[lang]")?.lang !== document.documentElement.lang;
  for (const one of document.querySelectorAll("body, body *")) {
    if (isForeign(one) || ["SCRIPT", "STYLE", "NOSCRIPT"].includes(one.tagName)) continue;
    for (const name of attributes) if (one.getAttribute(name)) seen.push(one.getAttribute(name));
    for (const child of one.childNodes)
      if (child.nodeType === Node.TEXT_NODE && child.data.trim()) seen.push(child.data);
  }
  return [document.title, ...seen];
}
"""


def foreign_words(seen: Iterable[str], *, data: Iterable[str] = ()) -> list[str]:
    """Words, sentences and dates that are not Belarusian, each as it was seen."""
    known = sorted({_one_line(it) for it in data if it.strip()}, key=len, reverse=True)
    found: list[str] = []
    for told in map(_one_line, seen):
        ours = told
        for words in known:
            ours = ours.replace(words, " ")
        found += _foreign_parts(_ADDRESS.sub(" ", ours))
        if any(sentence.fullmatch(told) for sentence in _foreign_sentences()):
            found.append(told)
    return found


def words_of_page(page: str) -> list[str]:
    """What a page of the server tells: texts, told attributes, and its cards for other sites."""
    return _Told(page).told


def words_of_screen(page: Page) -> list[str]:
    """As `words_of_page`, of what a script has made of it."""
    seen: list[str] = page.evaluate(_SEEN_ON_SCREEN, list(_TOLD_ATTRIBUTES))
    return seen


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _foreign_parts(words: str) -> Iterator[str]:
    for word in _WORD.findall(words):
        if _FOREIGN_LETTER.search(word) and word not in _SAME_EVERYWHERE:
            yield word
    for date in _NOMINATIVE_DATE.finditer(words):
        yield date[0]


@cache
def _foreign_sentences() -> tuple[re.Pattern[str], ...]:
    """Of our catalogues, those that the Belarusian one does not say too."""
    belarusian = set(_sentences("be"))
    foreign = {*_sentences("ru"), *_sentences("en")} - belarusian
    return tuple(
        re.compile(".+".join(map(re.escape, re.split(r"\{+[^}]*\}+", sentence))))
        for sentence in foreign
        if _WORD.search(re.sub(r"\{+[^}]*\}+", "", sentence))
    )


def _sentences(language: str) -> Iterator[str]:
    for folder in _CATALOGUES:
        names = [folder / f"{language}.json", *sorted((folder / language).glob("*.json"))]
        for name in names:
            if name.exists():
                yield from _leaves(json.loads(name.read_text("utf-8")))


def _leaves(value: Any) -> Iterator[str]:  # Any: what JSON holds
    if isinstance(value, str):
        yield _one_line(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)


class _Told(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.told: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name: value or "" for name, value in attrs}
        is_left_out = tag in _SILENT or self._is_left_out() or names.get("lang", "be") != "be"
        if not is_left_out:
            self.told += [names[it] for it in _TOLD_ATTRIBUTES if names.get(it)]
            if names.get("property", names.get("name")) in _TOLD_META:
                self.told.append(names["content"])
        if tag not in _EMPTY:
            self._open.append((tag, is_left_out))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._is_left_out():
            self.told.append(data)

    def _is_left_out(self) -> bool:
        return bool(self._open) and self._open[-1][1]
