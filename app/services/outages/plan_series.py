"""The first date of a series that is being planned, as the flight it will be."""

from __future__ import annotations

from dataclasses import replace

from app.models.calendar.facts import Reason
from app.models.calendar.series import dates_of, series_rule
from app.models.times import to_wall
from app.services.calendar.conflicts import check
from app.services.calendar.series_filling import AHEAD
from app.services.database import organisation
from app.services.directory.rota import on_duty
from app.services.outages.planning import Plan
from app.services.uow import UnitOfWork

MOST_LEFT_OUT = 30
"""Dates in a freeze that are passed over in the search for the first."""


def first_date(uow: UnitOfWork, plan: Plan, rule: str, *, not_in_freeze: bool) -> Plan | None:
    """The plan at the first date to come, led by whoever is on duty then, as filling the series
    will have it; None when there is none. Raises BadInput for a rule that cannot be followed."""
    typed = plan.window
    found = dates_of(
        series_rule(rule, typed.start, typed.end, typed.zone), uow.now, uow.now + AHEAD
    )
    for date in found[:MOST_LEFT_OUT]:
        if not_in_freeze and _is_frozen(uow, replace(plan, window=date.window)):
            continue
        duty = on_duty(uow, to_wall(date.window.start_utc, organisation(uow).zone).date())
        leader = duty.person_id if duty else None
        return replace(plan, window=date.window, coordinator_id=leader)
    return None


def _is_frozen(uow: UnitOfWork, plan: Plan) -> bool:
    found = check(uow, window=plan.window, service_ids=plan.services, ci_ids=plan.cis)
    return any(each.reason is Reason.FREEZE for each in found)
