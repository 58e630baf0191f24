"""The organisation's own closing days: not public holidays, yet nobody works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.models.errors import BadInput
from app.models.times import speak_date

POLICY_KEY = "closing_days"
LONGEST = 62
"""Days of one closing. A longer one is a slip of the finger."""
MOST = 200
TITLE = 80
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class ClosingDays:
    """From `first` to `last`, both included; `site_id` empty: everywhere."""

    first: date
    last: date
    name: str
    site_id: str = ""

    def __iter__(self) -> Iterator[date]:
        day = self.first
        while day <= self.last:
            yield day
            day += DAY

    @property
    def words(self) -> str:
        """`Thu 24 Dec – Sat 26 Dec 2026`; the year once."""
        span = speak_date(self.first)
        if self.last > self.first:
            span += f" – {speak_date(self.last)}"
        return f"{span} {self.last.year}"


def closing_from(policy: Mapping[str, Any]) -> tuple[ClosingDays, ...]:
    """As they are kept in the organisation's policy."""
    return tuple(
        ClosingDays(
            date.fromisoformat(kept["first"]),
            date.fromisoformat(kept["last"]),
            kept["name"],
            kept["site"],
        )
        for kept in policy.get(POLICY_KEY, ())
    )


def closing_as_kept(closings: Iterable[ClosingDays]) -> list[dict[str, str]]:
    return [
        {"first": f"{c.first}", "last": f"{c.last}", "name": c.name, "site": c.site_id}
        for c in closings
    ]


def closed_at(closings: Iterable[ClosingDays], site_id: str = "") -> frozenset[date]:
    """The days closed everywhere, and those of the site."""
    return frozenset(day for c in closings if c.site_id in ("", site_id) for day in c)


def require_sound(closings: Iterable[ClosingDays]) -> tuple[ClosingDays, ...]:
    """In order, each once, with tidy names. Raises BadInput (`about`: field)."""
    found = []
    for closing in closings:
        name = " ".join(closing.name.split())
        if not name or len(name) > TITLE:
            raise BadInput(
                f"Say in at most {TITLE} characters why it is closed, such as “Between the years”.",
                field="name",
            )
        if closing.last < closing.first:
            raise BadInput(f"It ends before {speak_date(closing.first)}.", field="last")
        if (closing.last - closing.first).days >= LONGEST:
            raise BadInput(f"That is longer than {LONGEST} days; is the year right?", field="last")
        found.append(ClosingDays(closing.first, closing.last, name, closing.site_id))
    if len(found) > MOST:
        raise BadInput(f"More than {MOST} closings; take out those that are over.", field="name")
    return tuple(sorted(set(found)))
