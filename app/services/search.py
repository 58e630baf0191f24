"""Finding anything by a few typed letters, in memory: no storage, no words of the domain.

The order is by how a thing was met (its name begins so, its words begin so, its initials, in the
middle of a word, its letters in that order) and then by the order the things were given in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

MOST = 50
_APART = re.compile(r"[^\w\s]+")


class Found(StrEnum):
    """What a found thing is; wiring knows where it leads."""

    ACTION = "action"
    OUTAGE = "outage"
    SERVICE = "service"
    PERSON = "person"
    CI = "ci"
    AUDIENCE = "audience"
    PACKET = "packet"

    @property
    def words(self) -> str:
        return {Found.CI: "CI", Found.PACKET: "Print"}.get(self, self.value.capitalize())


@dataclass(frozen=True, slots=True)
class Item:
    """Something to go to. `code` stands before the title; `also` is found but not shown."""

    kind: Found
    key: str
    title: str
    sub: str = ""
    code: str = ""
    also: str = ""


class Index:
    """Built once, off the GUI thread; searched on each key."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = tuple(items)
        self._texts = [_text(item) for item in self.items]
        self._initials = [_initials(item.title) for item in self.items]
        self._letters = [_mask(text) for text in self._texts]

    def __len__(self) -> int:
        return len(self.items)

    def _beginning(self, typed: str) -> Iterator[int]:
        start = f" {typed}"
        return (n for n, text in enumerate(self._texts) if text.startswith(start))

    def _by_words(self, typed: str) -> Iterator[int]:
        return self._having([f" {word}" for word in typed.split()])

    def _by_initials(self, typed: str) -> Iterator[int]:
        wanted = typed.replace(" ", "")
        if len(wanted) < 2:
            return iter(())
        return (n for n, initials in enumerate(self._initials) if initials.startswith(wanted))

    def _within(self, typed: str) -> Iterator[int]:
        return self._having(typed.split())

    def _having(self, parts: list[str]) -> Iterator[int]:
        first, *others = sorted(parts, key=len, reverse=True)
        return (
            n
            for n, text in enumerate(self._texts)
            if first in text and all(part in text for part in others)
        )

    def _spread(self, typed: str) -> Iterator[int]:
        """Every letter of a title, in that order, a few apart: a slip of the finger still finds.
        Digits are meant as they are typed."""
        wanted = typed.replace(" ", "")
        if len(wanted) < 3 or any(sign.isdigit() for sign in wanted):
            return
        mask = _mask(wanted)
        pattern = re.compile(".{0,4}?".join(map(re.escape, wanted)))
        texts = self._texts
        for n, letters in enumerate(self._letters):
            if letters & mask == mask and pattern.search(texts[n], 0, len(self.items[n].title) + 1):
                yield n


_WAYS = (Index._beginning, Index._by_words, Index._by_initials, Index._within)


def find(typed: str, indexes: Sequence[Index], most: int = MOST) -> list[Item]:
    """The best `most`, best first; nothing typed gives the first of the first index."""
    wanted = _fold(typed)
    if not wanted:
        return list(indexes[0].items[:most]) if indexes else []
    found: dict[tuple[Found, str], Item] = {}

    def take(way: Iterator[int], index: Index) -> None:
        for number in way:
            item = index.items[number]
            found.setdefault((item.kind, item.key), item)
            if len(found) >= most:
                return

    for way in _WAYS:
        for index in indexes:
            if len(found) < most:
                take(way(index, wanted), index)
    if not found:
        for index in indexes:
            take(islice(index._spread(wanted), most), index)
    return list(found.values())[:most]


def _text(item: Item) -> str:
    """The words, each after a space; what is joined by signs also taken apart (OUT-2026-008)."""
    plain = _fold(f"{item.title} {item.code} {item.also} {item.sub}")
    apart = " ".join(_APART.sub(" ", plain).split())
    return f" {plain}" if apart == plain else f" {plain} {apart}"


def _fold(words: str) -> str:
    """Small letters without accents, single spaces: “Peña” is found by “pena”."""
    folded = words.casefold()
    if not folded.isascii():
        apart = unicodedata.normalize("NFKD", folded)
        folded = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(folded.split())


def _initials(title: str) -> str:
    return "".join(word[0] for word in _APART.sub(" ", _fold(title)).split())


def _mask(text: str) -> int:
    mask = 0
    for letter in set(text):
        mask |= 1 << (ord(letter) & 63)
    return mask & ~(1 << (ord(" ") & 63))
