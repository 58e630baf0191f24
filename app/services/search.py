"""Finding anything by a few typed letters, in memory: no storage, no words of the domain.

The order is by how a thing was met (its name begins so, its words begin so, its initials, in the
middle of a word, its letters in that order) and then by the order the things were given in.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, islice

MOST = 50
_SAMPLE = 50_000
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
    FLIGHT = "flight"

    @property
    def words(self) -> str:
        own = {Found.CI: "CI", Found.PACKET: "Print", Found.FLIGHT: "Act", Found.ACTION: "Act"}
        return own.get(self, self.value.capitalize())


@dataclass(frozen=True, slots=True)
class Item:
    """Something to go to. `code` stands before the title; `also` is found but not shown."""

    kind: Found
    key: str
    title: str
    sub: str = ""
    code: str = ""
    also: str = ""


class _Lines:
    """Many short texts as one: a search of it is a call or two, not one for each text."""

    def __init__(self, texts: Iterable[str]) -> None:
        lines = list(texts)
        self._all = "\n" + "".join(f"{line}\n" for line in lines)
        self._ends = list(accumulate((len(line) + 1 for line in lines), initial=0))[1:]

    def beginning(self, start: str) -> Iterator[int]:
        return self._with(f"\n{start}")

    def having(self, parts: Sequence[str]) -> Iterator[int]:
        rarest, *others = sorted(parts, key=self._often)
        if not others:
            return self._with(rarest)
        return (
            n
            for n in self._with(rarest)
            if all(self._all.find(part, self._start(n), self._ends[n]) >= 0 for part in others)
        )

    def hold(self, part: str) -> bool:
        return part in self._all

    def _often(self, part: str) -> tuple[int, int]:
        """How often it stands in the first texts: what is rare there is looked for first."""
        return self._all.count(part, 0, _SAMPLE), -len(part)

    def matching(self, pattern: re.Pattern[str]) -> Iterator[int]:
        at = 0
        while met := pattern.search(self._all, at):
            n = bisect_right(self._ends, met.start())
            yield n
            at = self._ends[n]

    def _with(self, part: str) -> Iterator[int]:
        at = self._all.find(part)
        while at >= 0:
            n = bisect_right(self._ends, at)
            yield n
            at = self._all.find(part, self._ends[n])

    def _start(self, n: int) -> int:
        return self._ends[n - 1] if n else 0


class Index:
    """Built once, off the GUI thread; searched on each key."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = tuple(items)
        self._texts = _Lines(_text(item) for item in self.items)
        self._initials = _Lines(_initials(item.title) for item in self.items)
        self._titles = _Lines(_fold(item.title) for item in self.items)

    def __len__(self) -> int:
        return len(self.items)

    def ways(self, typed: str) -> Iterator[Iterator[int]]:
        """The ways to meet it, best first. What stands nowhere is sought by initials alone."""
        held = all(map(self._texts.hold, typed.split()))
        for way in _WAYS:
            yield way(self, typed) if held or way is Index._by_initials else iter(())

    def _beginning(self, typed: str) -> Iterator[int]:
        return self._texts.beginning(f" {typed}")

    def _by_words(self, typed: str) -> Iterator[int]:
        return self._texts.having([f" {word}" for word in typed.split()])

    def _by_initials(self, typed: str) -> Iterator[int]:
        wanted = typed.replace(" ", "")
        return self._initials.beginning(wanted) if len(wanted) > 1 else iter(())

    def _within(self, typed: str) -> Iterator[int]:
        return self._texts.having(typed.split())

    def _spread(self, typed: str) -> Iterator[int]:
        """Every letter of a title, in that order, a few apart: a slip of the finger still finds.
        Digits are meant as they are typed."""
        wanted = typed.replace(" ", "")
        if len(wanted) < 3 or any(sign.isdigit() for sign in wanted):
            return iter(())
        return self._titles.matching(re.compile(".{0,4}?".join(map(re.escape, wanted))))


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

    for ways in zip(*(index.ways(wanted) for index in indexes), strict=True):
        for way, index in zip(ways, indexes, strict=True):
            if len(found) < most:
                take(way, index)
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
