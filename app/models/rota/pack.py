"""The hand-over pack: what the coordinator who comes has to know, as a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from app.models.reports.document import Chapter, Document, Table
from app.models.rota.turns import say_days
from app.models.times import speak_date, speak_moment_of_year

MOST = 40
"""Lines of a table; what is more is counted under it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of the pack: where, what, and why or until when."""

    where: str
    what: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class PackData:
    """`leaving` empty: nobody was on duty; `incoming` empty: the rota names nobody. `ends` is the
    last day of the turn; if it `goes_on` only how far turns are made, and no hand-over is due.
    `later` counts outages planned for after the next 30 days."""

    organisation: str
    leaving: str
    incoming: str
    ends: date
    zone: str
    made_at: datetime
    notes: str
    open: tuple[tuple[str, str, str, str], ...]
    later: int
    owed: tuple[Line, ...]
    stuck: tuple[Line, ...]
    ahead: tuple[Line, ...]
    acknowledged: str = ""
    goes_on: bool = False

    @property
    def who(self) -> str:
        if self.goes_on:
            return f"{self.leaving} goes on"
        leaving = self.leaving or "Nobody"
        return f"{leaving} to {self.incoming or 'nobody yet'}"


def pack_document(data: PackData) -> Document:
    made = speak_moment_of_year(data.made_at, data.zone)
    comes, last = data.incoming or "nobody: the rota has a gap", say_days(data.ends, data.ends)
    if data.goes_on:
        comes = f"nobody else: {data.leaving} goes on, and no hand-over is due"
        last = f"none yet: turns are made up to {last}"
    count = len(data.open) + data.later
    return Document(
        title="Hand-over",
        subtitle=f"{data.organisation} · {data.who}, {speak_date(data.ends)} {data.ends.year}",
        footer=f"Hand-over of {data.organisation}: {data.who}. As of {made}",
        facts=(
            ("Leaves", data.leaving or "nobody was on duty"),
            ("Comes", comes),
            ("Last day", last),
            ("Not filed", f"{count} outage{'s' if count != 1 else ''}"),
            ("Owed", _count(len(data.owed), "thing") if data.owed else "nothing"),
            ("Stuck", _count(len(data.stuck), "thing") if data.stuck else "nothing"),
            ("Acknowledged", data.acknowledged or "not yet"),
        ),
        chapters=tuple(_chapters(data)),
    )


def _chapters(data: PackData) -> Iterator[Chapter]:
    if data.notes.strip():
        yield Chapter(f"Notes of {data.leaving or 'whoever left'}", quoted=data.notes.strip())
    else:
        yield Chapter("Notes", ("Nothing was noted.",), pen=4)
    yield _table(
        "Stuck: somebody has to see to it",
        ("Where", "What", "Since, or why"),
        [(line.where, line.what, line.more) for line in data.stuck],
        "Nothing is stuck: nothing new stands against a window, nothing waits for a hand in the "
        "Outbox, no step is blocked, no question is unanswered, nobody who was asked is silent.",
        (26, 42, 32),
    )
    yield _table(
        "Owed",
        ("Outage", "What is owed", "Until, or why"),
        [(line.where, line.what, line.more) for line in data.owed],
        "Nothing is owed.",
        (26, 42, 32),
    )
    later = ""
    if data.later:
        later = f"{_count(data.later, 'outage')} more, planned for later, in Outages."
    yield _table(
        "Open outages",
        ("Outage", "Window", "State", "Next thing"),
        list(data.open),
        "No outage is open.",
        (30, 24, 13, 33),
        later,
    )
    yield _table(
        "The next 30 days",
        ("When", "What", ""),
        [(line.where, line.what, line.more) for line in data.ahead],
        "Nothing is planned.",
        (28, 50, 22),
    )
    if not data.acknowledged:
        who = data.incoming or "whoever comes"
        said = f"Acknowledged by {who}, at:"
        yield Chapter("Acknowledged", (said,), pen=1)


def _table(
    heading: str,
    columns: tuple[str, ...],
    rows: list[tuple[str, ...]],
    nothing: str,
    shares: tuple[int, ...],
    more: str = "",
) -> Chapter:
    if not rows:
        return Chapter(heading, tuple(filter(None, (nothing, more))))
    left = len(rows) - MOST
    said = f"{left} more, on screen. {more}".strip() if left > 0 else more
    table = Table(columns, tuple(rows[:MOST]), shares)
    return Chapter(heading, (said,) if said else (), table)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number != 1 else ''}"
