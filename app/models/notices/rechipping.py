"""Words that were taken out of a notice, looked over elsewhere (a spell-checker, a colleague) and
put back: what still reads as a value is one again."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.models.notices.chips import Chip, Kept, Run, Values, Words, is_empty, joined, shown

SHORT = 4
"""So few letters stand by chance in other words; they are a value only behind the same ones."""


def chipped_again(text: str, was: Iterable[Run], values: Values) -> tuple[Run, ...]:
    """`text` in place of the runs it `was`: each value, in the order it had, becomes a chip where
    its words stand; what was left out stays where it was. Words that were changed stay words, and
    where no value is found again they are other words altogether."""
    made: list[Run] = []
    left_out: list[tuple[str, Kept | Chip]] = []
    at, before = 0, ""
    for run in was:
        if isinstance(run, Words):
            before += run.text
        elif is_empty(run, values):
            left_out.append((before, run))
        else:
            said = shown(run, values) + ("\n" if isinstance(run, Kept) and run.block else "")
            found = _place(text, said, at, before)
            if found < 0:
                before += said
                continue
            made += _between(text[at:found], left_out)
            made.append(run)
            at, before, left_out = found + len(said), "", []
    if not made:
        return joined((Words(text),))
    return joined((*made, *_between(text[at:], left_out)))


def _place(text: str, said: str, at: int, before: str) -> int:
    """Where the value stands from `at` on, as words of its own; -1: nowhere."""
    pattern = rf"(?<!\w){re.escape(said)}(?!\w)" if said[-1:].isalnum() else re.escape(said)
    for found in re.compile(pattern).finditer(text, at):
        same = text[at : found.start()].endswith(before[-SHORT:])
        if len(said) > SHORT or same:
            return found.start()
    return -1


def _between(words: str, left_out: list[tuple[str, Kept | Chip]]) -> list[Run]:
    """The words with what was left out among them: behind the same words, else at the end of the
    line in which it would stand."""
    made: list[Run] = []
    at = 0
    for before, run in left_out:
        found = words.find(before, at) if before else at
        if found >= 0:
            place = found + len(before)
        else:
            line = words.find("\n", min(at + len(before), len(words)))
            place = len(words) if line < 0 else line + int(isinstance(run, Kept) and run.block)
        made += (Words(words[at:place]), run)
        at = place
    return [*made, Words(words[at:])]
