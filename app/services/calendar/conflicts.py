"""Conflicts of an outage, from one bounded range query a kind and the rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.models.calendar.conflicts import Conflict, conflicts
from app.models.outages.lifecycle import CLOSED, ImpactClass
from app.models.severity import Severity
from app.models.tables.outages import Outage
from app.models.times import Window
from app.services.calendar.scopes import scope_of
from app.services.calendar.surroundings import Scope, look_around
from app.services.uow import UnitOfWork

_IN_BRACKETS = re.compile(r"\([^()]*\)")


def check(
    uow: UnitOfWork,
    *,
    window: Window,
    service_ids: Sequence[str],
    ci_ids: Sequence[str] = (),
    owners: Sequence[str] = (),
    audiences: Sequence[str] | None = None,
    coordinator: str | None = None,
    exclude: str | None = None,
    impact: ImpactClass = ImpactClass.ORDINARY,
) -> tuple[Conflict, ...]:
    """What stands against a window, the worst first. The CIs are those named and those the
    services rest on; `audiences` None are those of the services; `exclude` is the outage itself.
    """
    return judge(
        uow,
        Scope(
            window=window,
            impact=impact,
            services=tuple(service_ids),
            cis=tuple(ci_ids),
            owners=tuple(owners),
            audiences=None if audiences is None else tuple(audiences),
            coordinator=coordinator,
            exclude=exclude,
        ),
    )


def conflicts_of(uow: UnitOfWork, outage: Outage) -> tuple[Conflict, ...]:
    """As it stands now, accepted ones included; none once the outage has ended."""
    if outage.state in CLOSED:
        return ()
    return judge(uow, scope_of(uow, outage))


def judge(uow: UnitOfWork, scope: Scope) -> tuple[Conflict, ...]:
    return conflicts(*look_around(uow, scope))


def open_blocks(uow: UnitOfWork, outage: Outage) -> tuple[str, ...]:
    """The sentences of the blocking conflicts nobody accepted."""
    return tuple(
        conflict.sentence
        for conflict in conflicts_of(uow, outage)
        if conflict.severity is Severity.BLOCK and not is_accepted(outage, conflict)
    )


def is_accepted(outage: Outage, conflict: Conflict) -> bool:
    """Somebody accepted this very thing. The times a sentence tells in brackets may have changed
    since; what and whom it names may not."""
    return acceptance_of(outage, conflict) is not None


def acceptance_of(outage: Outage, conflict: Conflict) -> Mapping[str, Any] | None:
    """The newest word on this very thing: who accepted it (`by`), and `why`."""
    return acceptance_among(outage.accepted_conflicts, conflict)


def acceptance_among(
    accepted: Sequence[Mapping[str, Any]], conflict: Conflict
) -> Mapping[str, Any] | None:
    """The same, of those that were accepted, as they are kept."""
    return next((a for a in reversed(accepted) if _same(a, conflict)), None)


def _same(accepted: Mapping[str, Any], conflict: Conflict) -> bool:
    return accepted.get("reason") == conflict.reason.value and subject_of(
        str(accepted.get("sentence", ""))
    ) == subject_of(conflict.sentence)


def subject_of(sentence: str) -> str:
    """What a conflict's sentence is about, without the times it tells in brackets."""
    return " ".join(_IN_BRACKETS.sub(" ", sentence).split()).casefold()
