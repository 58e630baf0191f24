"""Conflicts of an outage, from one bounded range query a kind and the rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.models.calendar.conflicts import Conflict, conflicts
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.lifecycle import CLOSED, FLYING, ImpactClass
from app.models.severity import Severity
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.times import Window, to_wall
from app.services.calendar.surroundings import Scope, look_around
from app.services.outages.planning import audience_ids, ci_ids, service_ids
from app.services.uow import UnitOfWork


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
    candidate, around = look_around(uow, scope)
    return conflicts(candidate, around)


def scope_of(uow: UnitOfWork, outage: Outage) -> Scope:
    """What a saved outage touches; while it flies its end is the promised one."""
    uow.session.flush()
    connection = uow.session.connection()
    owners = connection.execute(
        select(col(Step.owner_id))
        .where(
            col(Step.outage_id) == outage.id,
            col(Step.owner_id).is_not(None),
            col(Step.archived_at).is_(None),
        )
        .distinct()
    ).scalars()
    told = connection.execute(
        select(col(Notice.id))
        .where(
            col(Notice.outage_id) == outage.id,
            col(Notice.kind).in_([NoticeKind.PLANNED, NoticeKind.RESCHEDULED]),
            col(Notice.state) == NoticeState.SENT,
            col(Notice.about_start_utc) == outage.start_utc,
        )
        .limit(1)
    ).first()
    return Scope(
        window=_window(outage),
        impact=outage.impact,
        services=tuple(service_ids(uow, outage.id)),
        cis=tuple(ci_ids(uow, outage.id)),
        owners=tuple(sorted(str(owner) for owner in owners)),
        audiences=tuple(audience_ids(uow, outage.id)),
        coordinator=outage.coordinator_id,
        exclude=outage.id,
        told=told is not None or outage.state in FLYING,
    )


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
    return any(_same(accepted, conflict) for accepted in outage.accepted_conflicts)


def _same(accepted: Mapping[str, Any], conflict: Conflict) -> bool:
    return accepted.get("reason") == conflict.reason.value and subject_of(
        str(accepted.get("sentence", ""))
    ) == subject_of(conflict.sentence)


def subject_of(sentence: str) -> str:
    """What a conflict's sentence is about, without the times it tells in brackets."""
    return " ".join(re.sub(r"\([^()]*\)", " ", sentence).split()).casefold()


def _window(outage: Outage) -> Window:
    if outage.state not in FLYING:
        return outage.window
    start, end = (to_wall(m, outage.zone) for m in (outage.start_utc, outage.promised_end_utc))
    return Window(start, end, outage.zone, start.fold, end.fold)
