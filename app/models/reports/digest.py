"""An executive digest of a period: what was flown and how it went, and what is coming."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.models.reports.document import Chapter, Document, Table, plain_line
from app.models.reports.kpi import Kpi
from app.models.reports.periods import Period, month_of

WEEKS_AHEAD = 4


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One flight: its window, its name, and how it ended or what class it has."""

    when: str
    what: str
    how: str


@dataclass(frozen=True, slots=True)
class Digest:
    """`kpi` is of the flights of the period that have ended; `coming` those of the period still to
    come, and of the weeks from now on."""

    kpi: Kpi
    flown: tuple[DigestLine, ...]
    coming: tuple[DigestLine, ...]

    @property
    def span(self) -> str:
        return Period("", self.kpi.since, self.kpi.last).span


def digest_periods(today: date) -> tuple[Period, ...]:
    """What leaders usually ask about, the usual one first."""
    monday = today - timedelta(days=today.weekday())
    last = monday - timedelta(days=1)
    month = month_of(today.replace(day=1) - timedelta(days=1))
    ahead = today + timedelta(weeks=WEEKS_AHEAD) - timedelta(days=1)
    return (
        Period("last week", monday - timedelta(weeks=1), last),
        Period("this week", monday, monday + timedelta(days=6)),
        Period(f"last month, {month.words}", month.since, month.last),
        Period("the next four weeks", today, ahead),
    )


def digest_document(digest: Digest) -> Document:
    kpi = digest.kpi
    return Document(
        title="Executive digest",
        subtitle=f"{kpi.organisation} · {digest.span}",
        footer=f"{kpi.organisation} · executive digest {digest.span}",
        facts=_facts(digest),
        chapters=tuple(
            Chapter(heading, (none,) if not lines else (), _table(last, lines))
            for heading, last, none, lines in _parts(digest)
        ),
    )


def digest_mail(digest: Digest) -> tuple[str, str]:
    """Subject and body, in the simple mark-up of notices."""
    said = ["For the leaders, in short."]
    if facts := _facts(digest):
        said.append("\n".join(f"- {name}: {plain_line(words)}" for name, words in facts))
    for heading, _, none, lines in _parts(digest):
        said.append(f"*{heading}:*")
        listed = "\n".join(
            f"- {plain_line(line.when)}: {plain_line(line.what)}{_then(plain_line(line.how))}"
            for line in lines
        )
        said.append(listed or none)
    return f"Executive digest: {digest.span}", "\n\n".join(said)


def _then(how: str) -> str:
    """A sentence of its own, or a word in brackets."""
    return f". {how}" if how.endswith((".", "!", "?", "…")) else f" ({how.lower()})"


def _facts(digest: Digest) -> tuple[tuple[str, str], ...]:
    """Of nothing that has ended there are no numbers."""
    kpi = digest.kpi
    if not kpi.total.flown and not kpi.cancelled:
        return ()
    return (
        ("Flown", f"{kpi.total.flown}, and {kpi.cancelled} cancelled"),
        ("By the end first announced", kpi.total.on_time.words),
        ("Changed as planned", kpi.total.success.words),
        ("People called up", str(kpi.woken)),
    )


def _parts(digest: Digest) -> tuple[tuple[str, str, str, tuple[DigestLine, ...]], ...]:
    return (
        ("What was flown", "How it went", "Nothing was flown in this period.", digest.flown),
        ("What is coming", "Impact class", "Nothing is planned.", digest.coming),
    )


def _table(last: str, lines: tuple[DigestLine, ...]) -> Table | None:
    if not lines:
        return None
    rows = tuple((line.when, line.what, line.how) for line in lines)
    return Table(("Window", "Outage", last), rows, (4, 4, 5))
