"""The first free windows of the next half year for what an outage touches."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.models.calendar.free import FreeWindow, Wish, at_any_time, free_windows
from app.models.errors import BadInput
from app.models.notices.leadtime import last_possible
from app.models.notices.policy import lead_rule_in
from app.models.times import Window, to_wall
from app.services.calendar.looking import Scope
from app.services.calendar.surroundings import look_ahead, look_around
from app.services.database import organisation
from app.services.uow import UnitOfWork

WITHIN = 180  # days
MOST_DAYS = 400
_SOON = timedelta(hours=1)
"""Nobody begins sooner than that."""


def first_free(
    uow: UnitOfWork, scope: Scope, *, within: int = WITHIN, most: int = 5
) -> tuple[FreeWindow, ...]:
    """The best windows from now on, without a conflict (but for what `holds_always`), near the
    scope's own, which is the wish.
    Who coordinates is whoever is on duty then, so nobody's turn is asked. Empty: there is none.
    Raises BadInput for a span of no or too many days."""
    if not 0 < within <= MOST_DAYS:
        raise BadInput(f"Free windows are looked for in the next 1 to {MOST_DAYS} days.")
    wished = scope.window
    since = uow.now + _SOON
    until = since + timedelta(days=within)
    last = until + timedelta(days=2)
    span = Window(to_wall(since, wished.zone), to_wall(last, wished.zone), wished.zone)
    rule = lead_rule_in(organisation(uow).policy, scope.impact)
    candidate, around, days = look_ahead(
        uow, replace(scope, window=span, coordinator=None, told=False)
    )
    return free_windows(
        candidate,
        around,
        Wish(wished, since, until),
        lambda window: last_possible(window, scope.impact, days, rule),
        most=most,
    )


def holds_always(uow: UnitOfWork, scope: Scope) -> tuple[str, ...]:
    """What stands against the scope in any window, and so is no reason for another, in sentences
    to say once beside the free ones. A query."""
    return at_any_time(*look_around(uow, scope))
