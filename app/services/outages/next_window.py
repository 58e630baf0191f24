"""When an outage could be flown again: the same weekday and hour, in a week that is free."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from app.models.errors import BadInput
from app.models.severity import Severity
from app.models.tables.outages import Outage
from app.models.times import Window
from app.services.calendar.conflicts import judge
from app.services.calendar.scopes import scope_of
from app.services.uow import UnitOfWork

WEEKS = 12
"""So far ahead it is looked for."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """`words` is why this one."""

    window: Window
    words: str


def next_window(uow: UnitOfWork, outage_id: str) -> Proposed:
    """The first of the coming weeks with no conflict, else the one with the least. Who will lead
    it is not asked: that is another's turn by then. Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    # its old end, should it have flown longer, is nothing to plan by
    scope = replace(scope_of(uow, outage), coordinator=None, told=False)
    found = []
    for window in _coming(uow, outage.window):
        against = [c.severity for c in judge(uow, replace(scope, window=window))]
        if not against:
            return Proposed(window, "The same weekday and hour, the first week without a conflict.")
        weight = tuple(against.count(each) for each in (Severity.BLOCK, Severity.WARN))
        found.append((weight, len(against), window))
    if not found:
        return Proposed(outage.window, "Give a window still to come.")
    _, number, best = min(found, key=lambda each: each[:2])
    return Proposed(
        best,
        f"The same weekday and hour. None of the next {WEEKS} weeks is without a conflict; this "
        f"one has the least ({number}), and the plan names {'it' if number == 1 else 'them'}.",
    )


def _coming(uow: UnitOfWork, old: Window) -> list[Window]:
    """Those weeks in which the clocks allow it; never the old one again."""
    found: list[Window] = []
    behind = max(0, (uow.now - old.start_utc) // timedelta(weeks=1))
    for week in range(behind + 1, behind + 1 + WEEKS):
        later = timedelta(weeks=week)
        try:
            window = Window.of(old.start + later, old.end + later, old.zone)
        except BadInput:  # the clocks jump over it, or it happens twice
            continue
        if window.start_utc > uow.now:
            found.append(window)
    return found
