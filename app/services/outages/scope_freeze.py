"""From T−12 days services, audiences and window are frozen: what changes then is marked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.models.notices.policy import Moment
from app.models.outages.lifecycle import BEFORE_START, State
from app.models.tables.outages import Outage
from app.models.times import Window, speak_moment
from app.services.outages.planning import audience_ids, ci_ids, service_ids
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Scope:
    window: Window
    services: frozenset[str]
    cis: frozenset[str]
    audiences: frozenset[str]


def scope_frozen_at(uow: UnitOfWork, outage: Outage) -> datetime | None:
    """When, once that has come; None before, for a draft, and where the policy freezes nothing."""
    from app.services.notices.planning import plan_for

    if outage.state is State.DRAFT or outage.state not in BEFORE_START:
        return None
    items = [i.due for i in plan_for(uow, outage) if i.moment is Moment.SCOPE_FREEZE]
    due = items[0] if items and items[0] <= uow.now else None
    made = outage.created_at
    if due is not None and made is not None and due <= made and outage.state is State.PLANNED:
        return None  # planned later than its freeze would have been: until people are told
    return due


def scope_watch(uow: UnitOfWork, outage: Outage) -> Callable[[], str]:
    """Begun before a change; asked after it: ` after the scope freeze of Thu 3 Dec 09:00 EST:
    services, window`, or nothing."""
    frozen, was = scope_frozen_at(uow, outage), _scope(uow, outage)

    def mark() -> str:
        now = _scope(uow, outage)
        changed = [
            name
            for name in ("services", "cis", "audiences", "window")
            if getattr(was, name) != getattr(now, name)
        ]
        if frozen is None or not changed:
            return ""
        words = ", ".join(changed).replace("cis", "items")
        return f" after the scope freeze of {speak_moment(frozen, was.window.zone)}: {words}"

    return mark


def _scope(uow: UnitOfWork, outage: Outage) -> Scope:
    uow.session.flush()
    return Scope(
        outage.window,
        frozenset(service_ids(uow, outage.id)),
        frozenset(ci_ids(uow, outage.id)),
        frozenset(audience_ids(uow, outage.id)),
    )
