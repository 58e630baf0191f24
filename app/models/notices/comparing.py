"""What is different between two texts of a template, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

AROUND = 2
"""Lines that are the same, shown before and after a difference."""


class Difference(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"
    LEFT_OUT = "left_out"

    @property
    def sign(self) -> str:
        return {Difference.GONE: "−", Difference.NEW: "+"}.get(self, " ")


@dataclass(frozen=True, slots=True)
class Line:
    """`number` is the line's in the text it stands in (the new one for what is the same), from 1;
    of lines left out, how many they are."""

    difference: Difference
    number: int
    text: str = ""

    @property
    def words(self) -> str:
        if self.difference is Difference.LEFT_OUT:
            return f"  … {self.number} {'line' if self.number == 1 else 'lines'} the same"
        return f"{self.difference.sign} {self.text}"


def compared(old: str, new: str) -> tuple[Line, ...]:
    """The new text with what went and what came; long parts that are the same are left out. Empty
    when nothing is different."""
    if old == new:
        return ()
    before, after = old.split("\n"), new.split("\n")
    made: list[Line] = []
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for tag, a, b, c, d in blocks:
        if tag == "equal":
            made += _around(after, range(c, d), first=c == 0, last=d == len(after))
        else:
            made += [Line(Difference.GONE, n + 1, before[n]) for n in range(a, b)]
            made += [Line(Difference.NEW, n + 1, after[n]) for n in range(c, d)]
    return tuple(made)


def counted(lines: Iterable[Line]) -> str:
    """`2 lines new, 1 gone`; nothing is different: empty."""
    kinds = [line.difference for line in lines]
    new, gone = kinds.count(Difference.NEW), kinds.count(Difference.GONE)
    said = []
    if new:
        said.append(f"{new} {'line' if new == 1 else 'lines'} new")
    if gone:
        said.append(f"{gone} gone" if new else f"{gone} {'line' if gone == 1 else 'lines'} gone")
    return ", ".join(said)


def _around(after: Sequence[str], same: range, *, first: bool, last: bool) -> Iterable[Line]:
    head = 0 if first else AROUND
    tail = 0 if last else AROUND
    hidden = len(same) - head - tail
    for place, number in enumerate(same):
        if hidden > 1 and place == head:
            yield Line(Difference.LEFT_OUT, hidden)
        if hidden <= 1 or place < head or place >= len(same) - tail:
            yield Line(Difference.SAME, number + 1, after[number])
