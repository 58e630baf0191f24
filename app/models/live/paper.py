"""What was written on the paper packet, typed in: `7 1954 2012 ki` (code, start, end, initials).

Forgiving about how a time is written and what is missing, never about what it means: what cannot
be read is named by its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from app.models.times import in_gap, to_utc, to_wall

MAX_LINES = 1_000
MAX_LETTERS = 100_000
A_NIGHT = timedelta(hours=12)
"""Nothing on one line of paper takes longer; an end before its start is a slip of the pen."""
TOLERANCE = timedelta(minutes=5)
"""A watch may be so far ahead of this machine's clock."""
LONG_BEFORE = timedelta(hours=16)
"""Before the window's start: a time on paper that would lie earlier is one still to come."""

_TIME = re.compile(r"(\d{1,2})[:.h]?(\d{2})")
_NONE = frozenset({"-", "–", "—", "?", "_"})
_DITTO = frozenset({'"', "''", "”", "“", "〃"})
"""As on paper: the initials of the line above."""
_RESULTS = (("not tested", "not_tested"), ("failed", "failed"), ("fail", "failed"))


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line as typed; `start` and `end` are moments in UTC, None where nothing was written.
    `result` of a check is empty when it passed."""

    line: int
    code: str
    start: datetime | None = None
    end: datetime | None = None
    initials: str = ""
    note: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    line: int
    sentence: str


def has_come(at: datetime, now: datetime) -> bool:
    """Whether something can have happened then; every way of reporting asks this alone."""
    return at <= now + TOLERANCE


@dataclass(frozen=True, slots=True)
class PaperClock:
    """Which day a time on paper means: the last one on which it lay behind `until`, which is now,
    or some hours after the flight where that is earlier. One before `since` is none of that
    night's: it has not come yet."""

    zone: str
    until: datetime
    since: datetime

    def moment(self, said: time) -> datetime | None:
        """None for one that has not come yet, or that the clocks jumped over."""
        latest = self.until + TOLERANCE
        wall = datetime.combine(to_wall(latest, self.zone).date(), said)
        for back in range(3):
            day = wall - timedelta(days=back)
            found = [] if in_gap(day, self.zone) else [to_utc(day, self.zone, f) for f in (1, 0)]
            past = [moment for moment in found if has_come(moment, self.until)]
            if past:
                return past[0] if past[0] >= self.since else None
        return None

    def after(self, start: datetime, said: time) -> datetime | None:
        """The first moment from `start` on at which the clock shows `said`."""
        wall = datetime.combine(to_wall(start, self.zone).date(), said)
        for on in range(2):
            day = wall + timedelta(days=on)
            for fold in (0, 1):
                moment = to_utc(day, self.zone, fold)
                if moment >= start - timedelta(seconds=59) and not in_gap(day, self.zone):
                    return max(moment, start)
        return None


def parse_paper(
    text: str, clock: PaperClock
) -> tuple[tuple[PaperLine, ...], tuple[Unreadable, ...]]:
    """Every line that says something; blank lines and those that begin with # say nothing."""
    lines: list[PaperLine] = []
    bad: list[Unreadable] = []
    if len(text) > MAX_LETTERS or text.count("\n") > MAX_LINES:
        return (), (Unreadable(1, f"This is more than {MAX_LINES} lines; enter it in parts."),)
    for number, typed in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        words = typed.replace(",", " ").replace(";", " ").split()
        if not words or words[0].startswith("#"):
            continue
        read = _line(number, words, clock)
        if isinstance(read, PaperLine):
            above = lines[-1].initials if lines else ""
            lines.append(replace(read, initials=above) if read.initials in _DITTO else read)
        else:
            bad.append(Unreadable(number, read))
    return tuple(lines), tuple(bad)


def _line(number: int, words: Sequence[str], clock: PaperClock) -> PaperLine | str:
    """The line, or what is wrong with it."""
    code, rest = words[0].rstrip("."), list(words[1:])
    said: list[time | None] = []
    while rest and len(said) < 2:
        found = _time(rest[0])
        if isinstance(found, str):
            return found
        if found is None and rest[0] not in _NONE:
            break
        said.append(found)
        rest.pop(0)
    first, last = (*said, None, None)[:2]
    if first is None and last is None:
        return f"there is no time on it; write it like {code} 1954 2012 ki."
    start = clock.moment(first) if first else None
    if first and start is None:
        return f"{first:%H:%M} has not come yet, or was jumped over by the clocks."
    end = None
    if last:
        end = clock.after(start, last) if start else clock.moment(last)
        if start and (end is None or end - start > A_NIGHT):
            return f"it ends ({last:%H:%M}) before it starts ({first:%H:%M})."
        if end is None or not has_come(end, clock.until):
            return f"{last:%H:%M} has not come yet."
    initials = rest.pop(0) if rest else ""
    note = " ".join(rest)
    for words_, result in _RESULTS:
        if note.casefold().startswith(words_):
            return PaperLine(
                number, code, start, end, initials, note[len(words_) :].lstrip(" :–-"), result
            )
    return PaperLine(number, code, start, end, initials, note)


def _time(word: str) -> time | str | None:
    """None when the word is no time at all; a sentence when it is an impossible one."""
    found = _TIME.fullmatch(word)
    if found is None:
        return f"“{word[:20]}” is not a time; write it like 1954." if word[:1].isdigit() else None
    hour, minute = int(found[1]), int(found[2])
    if hour > 23 or minute > 59:
        return f"{word} is not a time of day."
    return time(hour, minute)


def initials_of(name: str) -> str:
    """`ki` for K. Ito or Kai Ito."""
    return "".join(part[0] for part in re.split(r"[\s.\-]+", name) if part).casefold()


def who_signed(initials: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names those initials may stand for; a whole name or its last word will do."""
    said = initials.strip().rstrip(".").casefold().replace(".", "")
    if not said:
        return ()
    return tuple(
        dict.fromkeys(
            name
            for name in names
            if said in (initials_of(name), name.casefold(), name.casefold().split()[-1])
        )
    )
