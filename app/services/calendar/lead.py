"""By when the planned notice of a window must leave, and which date it would need otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from app.models.notices.leadtime import WorkDays, first_in_time, last_possible
from app.models.notices.policy import POLICIES, lead_rule_in
from app.models.outages.lifecycle import ImpactClass
from app.models.times import speak_date, speak_moment, to_utc, to_wall
from app.services.calendar.looking import Scope
from app.services.calendar.nearby import Nearby
from app.services.calendar.surroundings import audiences_of
from app.services.database import organisation
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Lead:
    """`late`: the sentence names the first date that would do."""

    sentence: str
    late: bool = False


def _morning_of(last: datetime, zone: str, days: WorkDays, hour: time) -> datetime:
    """The hour at which notices leave, on the last working day that keeps the rule: the rule
    counts days, and what leaves a minute before midnight is read the day after. A UTC moment."""
    day = days.on_or_before(to_wall(last, zone).date())
    return min(to_utc(datetime.combine(day, hour), zone), last)


def lead_of(uow: UnitOfWork, scope: Scope) -> Lead:
    """In the working days of those it would go to."""
    window, impact = scope.window, scope.impact
    if impact is ImpactClass.URGENT:
        return Lead("Urgent: the notice leaves at once, with who approved it and why.")
    audiences = audiences_of(uow, scope)
    days = Nearby(uow, scope).work_days(audiences)
    rule = lead_rule_in(organisation(uow).policy, impact)
    last = last_possible(window, impact, days, rule)
    said = speak_moment(last, window.zone)
    morning = _morning_of(last, window.zone, days, POLICIES[impact].sending_hour)
    if uow.now <= morning:
        best = speak_moment(morning, window.zone)
        return Lead(
            f"The notice must leave by {best} to be read that day; the very last is {said}."
        )
    if uow.now <= last:
        return Lead(f"The notice must leave by {said}.")
    today = to_wall(uow.now, window.zone).date()
    first = first_in_time(today, impact, days, rule)
    if first.year > window.end.year:  # of whose holidays nothing is known yet
        later = window.start + timedelta(days=(first - window.start.date()).days)
        shifted = replace(window, start=later, end=later + (window.end - window.start))
        days = Nearby(uow, replace(scope, window=shifted)).work_days(audiences)
        first = first_in_time(today, impact, days, rule)
    return Lead(
        f"The notice had to leave by {said}. If it leaves today, the window can begin on "
        f"{speak_date(first)} {first.year} at the earliest.",
        late=True,
    )
