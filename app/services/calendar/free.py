"""The first free windows of the next half year for what an outage touches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from app.models.calendar.free import FreeWindow, Wish, at_any_time, free_windows
from app.models.errors import BadInput
from app.models.notices.leadtime import last_possible
from app.models.notices.policy import lead_rule_in
from app.models.times import Window, to_wall
from app.services.calendar.looking import Scope
from app.services.calendar.surroundings import audiences_of, look_ahead, look_around
from app.services.calendar.users import users_of
from app.services.database import organisation
from app.services.rota.fairest import fairest
from app.services.rota.loads import LoadRows, loads
from app.services.rota.turns import names_of, turns_within
from app.services.uow import UnitOfWork

WITHIN = 180  # days
MOST_DAYS = 400
_SOON = timedelta(hours=1)
"""Nobody begins sooner than that."""


def first_free(
    uow: UnitOfWork, scope: Scope, *, within: int = WITHIN, most: int = 5
) -> tuple[FreeWindow, ...]:
    """The best windows from now on, without a conflict (but for what `holds_always`), near the
    scope's own, which is the wish. Each says whom it affects, who is the fairest owner of each role
    of the scope then, and who is on duty where that is somebody else: who coordinates hangs on the
    window, so nobody's turn is asked. Empty: there is none. Raises BadInput for a span of no or too
    many days."""
    if not 0 < within <= MOST_DAYS:
        raise BadInput(f"Free windows are looked for in the next 1 to {MOST_DAYS} days.")
    wished = scope.window
    since = uow.now + _SOON
    until = since + timedelta(days=within)
    last = until + timedelta(days=2)
    span = Window(to_wall(since, wished.zone), to_wall(last, wished.zone), wished.zone)
    rule = lead_rule_in(organisation(uow).policy, scope.impact)
    ahead = replace(scope, window=span, coordinator=None, told=False)
    candidate, around, days = look_ahead(uow, ahead)
    found = free_windows(
        candidate,
        around,
        Wish(wished, since, until),
        lambda window: last_possible(window, scope.impact, days, rule),
        most=most,
        users=users_of(uow, audiences_of(uow, ahead)),
    )
    more = _Beside(uow, scope, found)
    return tuple(replace(each, reasons=more.of(each)) for each in found)


class _Beside:
    """What only the store can say of windows that were found, and does not rank them."""

    def __init__(self, uow: UnitOfWork, scope: Scope, found: Sequence[FreeWindow]) -> None:
        self._uow, self._scope = uow, scope
        self._fewest = min((each.users for each in found), default=0)
        self._differ = any(each.users > self._fewest for each in found)
        days = [scope.window.start.date(), *(each.window.start.date() for each in found)]
        self._turns = turns_within(uow, min(days), max(days))
        self._names = names_of(uow, {turn.person_id for turn in self._turns})
        self._loads: dict[int, LoadRows] = {}

    def of(self, found: FreeWindow) -> tuple[str, ...]:
        first, *others = found.reasons
        fewest = ("fewest users",) if self._differ and found.users == self._fewest else ()
        return (first, *fewest, *others, *self._fair(found), *self._on_duty(found))

    def _fair(self, found: FreeWindow) -> Iterator[str]:
        roles = {role: name for role in self._scope.roles if (name := self._fairest(role, found))}
        if len(roles) > 1:
            yield f"fairest owners {', '.join(f'{roles[role]} ({role})' for role in roles)}"
        elif roles:
            yield f"fairest owner {', '.join(roles.values())}"

    def _fairest(self, role: str, found: FreeWindow) -> str:
        """Nobody where there is no choice."""
        year = found.window.start.year
        if year not in self._loads:
            self._loads[year] = loads(self._uow, year)
        known, but = self._loads[year], self._scope.exclude
        fair = fairest(self._uow, role, found.window, but, known_loads=known)
        return fair.name if fair is not None and fair.chosen else ""

    def _on_duty(self, found: FreeWindow) -> Iterator[str]:
        now, then = (self._whose(window) for window in (self._scope.window, found.window))
        if then and then != now:
            yield f"{then} is on duty then"

    def _whose(self, window: Window) -> str:
        day = window.start.date()
        on_duty = (t.person_id for t in self._turns if t.starts <= day <= t.ends)
        return self._names.get(next(on_duty, ""), "")


def holds_always(uow: UnitOfWork, scope: Scope) -> tuple[str, ...]:
    """What stands against the scope in any window, and so is no reason for another, in sentences
    to say once beside the free ones. A query."""
    return at_any_time(*look_around(uow, scope))
