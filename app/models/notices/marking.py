"""Where in the text a person edits the words stand that a finding is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.models.notices.chips import Kept, Run, Values, Words, is_empty, shown
from app.models.notices.mending import is_added
from app.models.notices.reading import Finding

_BETWEEN = r"(?:[\s*\\]|(?<=\s)- )+"
_MOST_WORDS = 400
_MOST_MARKS = 100  # whoever pasted a log sees what is meant from these, and can go on typing


@dataclass(frozen=True, slots=True)
class Mark:
    """From–to in the edited text, a value counting as one character and all others as Qt counts
    them (in UTF-16)."""

    start: int
    end: int
    finding: Finding


def marks_of(
    findings: Iterable[Finding], text: str, runs: Iterable[Run], values: Values
) -> tuple[Mark, ...]:
    """Of those findings whose words are found again; `text` is the plain text that spans lie in,
    `runs` what was or is being edited. Mark-up between the words does not hide them."""
    said, places = _laid_out(runs, values)
    made: list[Mark] = []
    for finding in findings:
        if finding.span is None or finding.in_subject or len(made) == _MOST_MARKS:
            continue
        wanted = _pattern(text[slice(*finding.span)])
        if wanted is None:
            continue
        earlier = sum(1 for m in wanted.finditer(text) if m.start() < finding.span[0])
        found = list(wanted.finditer(said))
        if found:
            start, end = found[min(earlier, len(found) - 1)].span()
            made.append(Mark(places[start][0], places[end - 1][1], finding))
    return tuple(made)


def replaced(
    finding: Finding, text: str, runs: Iterable[Run], values: Values
) -> tuple[Run, ...] | None:
    """The runs with the fix in place of the words; None where those are not simply typed ones: a
    value of the plan is mended in the plan."""
    made = list(runs)
    marks = () if finding.fix is None or is_added(finding) else (finding,)
    for mark in marks_of(marks, text, made, values):
        at = 0
        for number, run in enumerate(made):
            if isinstance(run, Words):
                raw = run.text.encode("utf-16-le")
                start, end = 2 * (mark.start - at), 2 * (mark.end - at)
                if start >= 0 and end <= len(raw):
                    new = raw[:start] + str(finding.fix).encode("utf-16-le") + raw[end:]
                    made[number] = Words(new.decode("utf-16-le"))
                    return tuple(made)
                at += len(raw) // 2
            else:
                at += 2 if isinstance(run, Kept) and run.block else 1
    return None


def _pattern(words: str) -> re.Pattern[str] | None:
    parts = words.split()[:_MOST_WORDS]
    return re.compile(_BETWEEN.join(map(re.escape, parts))) if parts else None


def _laid_out(runs: Iterable[Run], values: Values) -> tuple[str, list[tuple[int, int]]]:
    """The text as it reads, and for each of its characters from where to where it stands."""
    said: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for run in runs:
        if isinstance(run, Words):
            for letter in run.text:
                wide = 2 if ord(letter) > 0xFFFF else 1
                places.append((at, at + wide))
                at += wide
            said.append(run.text)
            continue
        words = "" if is_empty(run, values) and isinstance(run, Kept) else shown(run, values)
        said.append(words)
        places += [(at, at + 1)] * len(words)
        at += 1
        if isinstance(run, Kept) and run.block:
            said.append("\n")
            places.append((at, at + 1))
            at += 1
    return "".join(said), places
