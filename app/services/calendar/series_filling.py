"""The dates of a series to come: each a flight, or the reason why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import col

from app.models.calendar.facts import Reason
from app.models.calendar.series import SeriesDate as Due
from app.models.calendar.series import SeriesRule, dates_of
from app.models.errors import NotAllowed
from app.models.outages.lifecycle import State
from app.models.tables.calendar import CalendarLayer, Series, SeriesDate
from app.models.tables.outages import Outage
from app.models.times import Window, parse_wall, to_wall
from app.services.calendar.conflicts import check
from app.services.calendar.series_plan import plan_from_plain
from app.services.database import organisation
from app.services.directory.rota import on_duty
from app.services.outages.leading import advance
from app.services.outages.planning import Plan, plan_outage
from app.services.outages.usual import with_the_usual
from app.services.uow import UnitOfWork
from app.services.working import UNWATCHED, Work

AHEAD = timedelta(days=400)
"""How far ahead the dates of a series are flights: a year, and the month it is planned in."""
PLANNED, LEFT_OUT = "planned", "left out, as a freeze covers them"
DRAFTED = "left as drafts, as something stands against them"
UNLED = "left as drafts until the rota says who leads them"


def fill_dates(uow: UnitOfWork, series: Series, work: Work = UNWATCHED) -> Counter[str]:
    """Flights for the dates that have none yet; how many are what. What a freeze left out is
    looked at anew, and a draft that nobody led goes on once the rota names somebody."""
    known = {row.due: row for row in rows_of(uow, series)}
    counts: Counter[str] = Counter()
    freezes = series.not_in_freeze and bool(uow.all(CalendarLayer, col(CalendarLayer.is_freeze)))
    dates = dates_of(rule_of(series), uow.now, uow.now + AHEAD)
    for number, date in enumerate(dates):
        work.at(number, len(dates))
        row = known.get(key_of_wall(date.due))
        if row is not None and row.outage_id is not None:
            counts.update(_lead(uow, row.outage_id))
            continue
        if row is not None and row.skipped:
            continue
        freeze = _freeze(uow, series, date) if freezes else ""
        if row is not None and freeze == row.left_out:
            continue
        if row is None:
            row = SeriesDate(
                organisation_id=uow.organisation_id, series_id=series.id, due=key_of_wall(date.due)
            )
        row.left_out, row.note = freeze, date.note
        if freeze:
            counts[LEFT_OUT] += 1
        else:
            row.outage_id, said = _fly(uow, series, date)
            counts[said] += 1
        uow.add(row)
    return counts


def _fly(uow: UnitOfWork, series: Series, date: Due) -> tuple[str, str]:
    """The outage of a date, planned when nothing stands against it; else it stays a draft."""
    outage_id = plan_outage(uow, with_the_usual(uow, _plan(uow, series, date.window))).outage_id
    return outage_id, _go_on(uow, uow.fetch(Outage, outage_id))


def _lead(uow: UnitOfWork, outage_id: str) -> Iterator[str]:
    """A draft that had nobody to lead it goes on once the rota says who is on duty."""
    outage = uow.find(Outage, outage_id)
    if outage is None or outage.archived_at is not None or outage.coordinator_id is not None:
        return
    if outage.state is not State.DRAFT:
        return
    leader = _on_duty(uow, outage.window)
    if leader is not None:
        outage.coordinator_id = leader
        yield _go_on(uow, outage)


def _go_on(uow: UnitOfWork, outage: Outage) -> str:
    if outage.coordinator_id is None:
        return UNLED
    uow.session.flush()
    try:
        advance(uow, outage.id, State.PLANNED)
    except NotAllowed:
        return DRAFTED
    return PLANNED


def _plan(uow: UnitOfWork, series: Series, window: Window) -> Plan:
    return plan_from_plain(series.plan, window, _on_duty(uow, window))


def _on_duty(uow: UnitOfWork, window: Window) -> str | None:
    duty = on_duty(uow, to_wall(window.start_utc, organisation(uow).zone).date())
    return duty.person_id if duty else None


def _freeze(uow: UnitOfWork, series: Series, date: Due) -> str:
    """The sentence of the freeze that covers the window; empty: none does."""
    plan = _plan(uow, series, date.window)
    found = check(uow, window=date.window, service_ids=plan.services, ci_ids=plan.cis)
    return next((each.sentence for each in found if each.reason is Reason.FREEZE), "")


def rows_of(uow: UnitOfWork, series: Series) -> list[SeriesDate]:
    """What became of its dates, in no order."""
    uow.session.flush()
    return uow.all(SeriesDate, col(SeriesDate.series_id) == series.id)


def rule_of(series: Series) -> SeriesRule:
    """As it is stored."""
    return SeriesRule(
        series.rule, parse_wall(series.start_wall), parse_wall(series.end_wall), series.zone
    )


def key_of_wall(wall: datetime) -> str:
    """As a date's `due` is kept."""
    return wall.replace(fold=0).isoformat(timespec="minutes")
