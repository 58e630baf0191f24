"""Lead times: how long before the window people must have been told (product.md).

They count calendar dates in the window's zone: the sending day is excluded, the window's day
is included. A working day is one at every site of the audience.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from app.models.outages.lifecycle import ImpactClass
from app.models.severity import Severity
from app.models.times import Window, speak_date, to_utc, to_wall

SATURDAY_SUNDAY = frozenset({5, 6})
_SEARCH_DAYS = 400  # a year without five working days is a mistake in the calendar, not a rule


@dataclass(frozen=True, slots=True)
class SiteDays:
    """Where some of the audience works. `weekend` holds `date.weekday()` numbers, Monday 0."""

    site: str
    weekend: frozenset[int] = SATURDAY_SUNDAY
    holidays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays


@dataclass(frozen=True, slots=True)
class WorkDays:
    """The working days of an audience: those that are one at each of its sites."""

    sites: tuple[SiteDays, ...] = (SiteDays("everywhere"),)

    def is_working(self, day: date) -> bool:
        return all(site.is_working(day) for site in self.sites)

    def on_or_before(self, day: date) -> date:
        """The day itself when it is a working day, else the working day before it."""
        return self._walk(day, -1)

    def after(self, day: date) -> date:
        """The next working day, never the day itself."""
        return self._walk(day + timedelta(days=1), 1)

    def back(self, day: date, count: int) -> date:
        """The latest working day with `count` working days after it, up to and with `day`."""
        found = day
        left = count
        for _ in range(_SEARCH_DAYS):
            if left <= 0:
                break
            left -= self.is_working(found)
            found -= timedelta(days=1)
        return self.on_or_before(found)

    def between(self, sent: date, day: date) -> int:
        """Working days after `sent` up to and with `day`; 0 when sent on the day or later."""
        span = min((day - sent).days, _SEARCH_DAYS)
        return sum(self.is_working(day - timedelta(days=n)) for n in range(max(span, 0)))

    def _walk(self, day: date, step: int) -> date:
        for n in range(_SEARCH_DAYS):
            candidate = day + timedelta(days=n * step)
            if self.is_working(candidate):
                return candidate
        return day


@dataclass(frozen=True, slots=True)
class LeadRule:
    """What an impact class asks: at least so many days, and of them so many working days."""

    days: int
    working_days: int
    severity: Severity

    @property
    def words(self) -> str:
        if not self.days and not self.working_days:
            return "at once"
        working = f"at least {self.working_days} working days"
        return f"more than {self.days - 1} days and {working}" if self.days > 1 else working


RULES = {
    ImpactClass.CRITICAL: LeadRule(8, 5, Severity.BLOCK),  # strictly more than 7 days
    ImpactClass.ORDINARY: LeadRule(0, 3, Severity.WARN),
    ImpactClass.URGENT: LeadRule(0, 0, Severity.NOTE),
}


@dataclass(frozen=True, slots=True)
class Lead:
    """How far ahead a sending day lies."""

    days: int
    working_days: int

    def meets(self, rule: LeadRule) -> bool:
        return self.days >= rule.days and self.working_days >= rule.working_days

    @property
    def words(self) -> str:
        if not self.days:
            return "on the day itself"
        day = "day" if self.days == 1 else "days"
        return f"{self.days} {day} and {self.working_days} working {_days(self.working_days)} ahead"


@dataclass(frozen=True, slots=True)
class Waiver:
    """A named person let the rule go, or approved an urgent outage, and said why."""

    by: str = ""
    reason: str = ""

    @property
    def given(self) -> bool:
        return bool(self.by.strip() and self.reason.strip())


@dataclass(frozen=True, slots=True)
class LeadCheck:
    """The outcome for one sending moment. `severity` is None when nothing is wrong."""

    lead: Lead
    severity: Severity | None
    sentence: str


def lead_of(sending_at: datetime, window: Window, workdays: WorkDays) -> Lead:
    """`sending_at` is a UTC moment; its date is read in the window's zone."""
    sent = to_wall(sending_at, window.zone).date()
    day = window.start.date()
    return Lead(max((day - sent).days, 0), workdays.between(sent, day))


def lead_rule(impact: ImpactClass, more_than: int, working_days: int) -> LeadRule:
    """As the organisation's policy says: more than so many days (0: no rule), and of them so many
    working days. How much it weighs is the class's own."""
    days = more_than + 1 if more_than else 0
    return replace(RULES[impact], days=days, working_days=working_days)


def last_possible_day(
    window: Window, impact: ImpactClass, workdays: WorkDays, rule: LeadRule | None = None
) -> date:
    """The latest date, in the window's zone, on which the planned notice still keeps the rule (of
    the class, where none is given)."""
    return _last_day(window.start.date(), rule or RULES[impact], workdays)


def _last_day(begins: date, rule: LeadRule, workdays: WorkDays) -> date:
    day = begins - timedelta(days=rule.days)
    working = workdays.between(day, begins)
    for _ in range(_SEARCH_DAYS):
        if working >= rule.working_days:
            break
        working += workdays.is_working(day)
        day -= timedelta(days=1)
    return day


def first_in_time(
    today: date, impact: ImpactClass, workdays: WorkDays, rule: LeadRule | None = None
) -> date:
    """The first date a window can begin on when its notice leaves today."""
    rule = rule or RULES[impact]
    begins = today + timedelta(days=rule.days)
    for _ in range(_SEARCH_DAYS):
        if _last_day(begins, rule, workdays) >= today:
            break
        begins += timedelta(days=1)
    return begins


def last_possible(
    window: Window, impact: ImpactClass, workdays: WorkDays, rule: LeadRule | None = None
) -> datetime:
    """The UTC moment of that date's last minute, and never after the window's start."""
    day = last_possible_day(window, impact, workdays, rule)
    return min(to_utc(datetime.combine(day, time(23, 59)), window.zone), window.start_utc)


def in_time(sent_at: datetime, latest: datetime) -> bool:
    """Whether what left at `sent_at` kept its last possible moment, to the minute that is shown.
    The plan, the report and the numbers ask no other."""
    return sent_at < latest + timedelta(minutes=1)


def check_lead(
    sending_at: datetime,
    window: Window,
    impact: ImpactClass,
    workdays: WorkDays,
    waiver: Waiver | None = None,
    rule: LeadRule | None = None,
) -> LeadCheck:
    """Critical blocks unless waived by name and reason, ordinary warns; urgent is never blocked
    but asks for its approver and reason."""
    rule = rule or RULES[impact]
    lead = lead_of(sending_at, window, workdays)
    given = waiver is not None and waiver.given
    if sending_at >= window.start_utc:
        severity = Severity.WARN if impact is ImpactClass.URGENT else rule.severity
        return LeadCheck(lead, severity, "The window has already begun: say that it has started.")
    if impact is ImpactClass.URGENT:
        if given and waiver is not None:
            return LeadCheck(lead, None, f"Urgent, approved by {waiver.by}: {waiver.reason}")
        sentence = "Urgent goes out at once; write down who approved it and why."
        return LeadCheck(lead, Severity.WARN, sentence)
    if lead.meets(rule):
        return LeadCheck(lead, None, f"{lead.words} ({impact.value}: {rule.words}).")
    if given and waiver is not None:
        sentence = f"Only {lead.words}; waived by {waiver.by}: {waiver.reason}"
        return LeadCheck(lead, Severity.NOTE, sentence)
    last = speak_date(last_possible_day(window, impact, workdays, rule))
    sentence = f"Only {lead.words}; {impact.value} asks {rule.words}, so {last} was the last day."
    if rule.severity is Severity.BLOCK:
        sentence += " Move the window, or have it waived by name and reason."
    return LeadCheck(lead, rule.severity, sentence)


def _days(count: int) -> str:
    return "day" if count == 1 else "days"
