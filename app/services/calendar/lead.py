"""By when the planned notice of a window must leave, and which date it would need otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from app.models.notices.leadtime import WorkDays
from app.models.notices.policy import policy_in
from app.models.outages.lifecycle import ImpactClass
from app.models.times import speak_date, speak_moment, speak_time, to_utc, to_wall
from app.services.calendar.looking import Scope
from app.services.calendar.near_days import NearDays
from app.services.calendar.surroundings import audiences_of
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Lead:
    """`last` is when the notice can last leave (UTC; None: at once). `first`, once that is over:
    the first date a window can begin on whose notice leaves today; its conflict says so, too."""

    sentence: str
    last: datetime | None = None
    first: date | None = None

    @property
    def late(self) -> bool:
        return self.first is not None


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
    near = NearDays(uow, audiences)
    notice = near.notice(scope, audiences)
    last, first = notice.last_possible, notice.first
    said = speak_moment(last, window.zone)
    if first is None:
        days = near.work_days(window, audiences)
        hour = policy_in(near.home.policy, impact).sending_hour
        morning = _morning_of(last, window.zone, days, hour)
        if uow.now > morning:
            return Lead(f"The notice must leave by {said}.", last)
        best, latest = speak_moment(morning, window.zone), to_wall(last, window.zone)
        same_day = to_wall(morning, window.zone).date() == latest.date()
        last_words = speak_time(latest) if same_day else said
        return Lead(
            f"The notice must leave by {best} to be read that day; {last_words} is the very last.",
            last,
        )
    return Lead(
        f"The notice had to leave by {said}. If it leaves today, the window can begin on "
        f"{speak_date(first)} {first.year} at the earliest.",
        last,
        first,
    )
