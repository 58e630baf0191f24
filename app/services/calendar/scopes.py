"""What saved outages touch, several at once: a statement a kind."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlmodel import col

from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.lifecycle import FLYING
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage, OutageAudience, OutageCi, OutageService
from app.models.tables.runbook import Step
from app.models.times import Window, to_wall
from app.services.calendar.looking import Scope, kept
from app.services.uow import UnitOfWork


def scope_of(uow: UnitOfWork, outage: Outage) -> Scope:
    """While it flies its end is the promised one."""
    return scopes_of(uow, (outage,))[0]


def scopes_of(uow: UnitOfWork, outages: Sequence[Outage]) -> list[Scope]:
    """One for each, in their order."""
    uow.session.flush()
    connection = uow.session.connection()
    given = {"ids": [outage.id for outage in outages]}

    def of_each(statement: Select[Any, Any]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for outage_id, value in connection.execute(statement, given):
            found.setdefault(outage_id, []).append(value)
        return found

    services, cis, audiences = (
        of_each(_linked(*columns))
        for columns in (
            (OutageService, OutageService.service_id),
            (OutageCi, OutageCi.ci_id),
            (OutageAudience, OutageAudience.audience_id),
        )
    )
    owners, told = of_each(_owners()), of_each(_told())
    return [
        Scope(
            window=_window(outage),
            impact=outage.impact,
            services=tuple(services.get(outage.id, ())),
            cis=tuple(cis.get(outage.id, ())),
            owners=tuple(sorted(owners.get(outage.id, ()))),
            audiences=tuple(audiences.get(outage.id, ())),
            coordinator=outage.coordinator_id,
            exclude=outage.id,
            told=outage.start_utc in told.get(outage.id, ()) or outage.state in FLYING,
        )
        for outage in outages
    ]


def _ids() -> Any:
    return bindparam("ids", expanding=True)


@cache
def _linked(table: Any, other: Any) -> Select[str, str]:
    return (
        select(col(table.outage_id), col(other))
        .where(col(table.outage_id).in_(_ids()), kept(table))
        .order_by(col(table.id))
    )


def roles_in(uow: UnitOfWork, outage_id: str) -> tuple[str, ...]:
    """Of its steps that have an owner, in their order. A query."""
    uow.session.flush()
    own = select(col(Step.role)).where(
        col(Step.outage_id) == outage_id,
        col(Step.role) != "",
        col(Step.owner_id).is_not(None),
        kept(Step),
    )
    found = uow.session.connection().execute(own.order_by(col(Step.position), col(Step.id)))
    return tuple(dict.fromkeys(found.scalars()))


@cache
def _owners() -> Select[str, str | None]:
    return (
        select(col(Step.outage_id), col(Step.owner_id))
        .where(col(Step.outage_id).in_(_ids()), col(Step.owner_id).is_not(None), kept(Step))
        .distinct()
    )


@cache
def _told() -> Select[str, Any]:
    """The start that the notices which left spoke of."""
    return select(col(Notice.outage_id), col(Notice.about_start_utc)).where(
        col(Notice.outage_id).in_(_ids()),
        col(Notice.kind).in_([NoticeKind.PLANNED, NoticeKind.RESCHEDULED]),
        col(Notice.state) == NoticeState.SENT,
    )


def _window(outage: Outage) -> Window:
    if outage.state not in FLYING:
        return outage.window
    start, end = (to_wall(m, outage.zone) for m in (outage.start_utc, outage.promised_end_utc))
    return Window(start, end, outage.zone, start.fold, end.fold)
