"""A period of flights in numbers, from the rows and the log they left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from sqlalchemy import DateTime, type_coerce
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from app.models.errors import BadInput
from app.models.notices.kinds import NoticeKind
from app.models.notices.leadtime import WorkDays, in_time, last_possible
from app.models.notices.policy import lead_rule_in
from app.models.outages.debt import ANNOUNCEMENTS, announces
from app.models.outages.decisions import Act
from app.models.outages.lifecycle import CLOSED, ImpactClass, State
from app.models.reports.kpi import (
    FlightFact,
    Kpi,
    StepFact,
    Work,
    estimates_of,
    months_of,
    numbers_of,
    off_hours_of,
)
from app.models.reports.periods import Period, periods
from app.models.runbook import StepState
from app.models.tables.directory import Organisation, Person
from app.models.tables.live import Decision
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage, OutageAudience
from app.models.tables.runbook import Step
from app.models.times import to_utc, to_wall
from app.services.calendar.near_days import named_holidays
from app.services.database import organisation
from app.services.live.crew_hours import hours_in
from app.services.notices.audiences import SitesReached
from app.services.notices.workdays import workdays_at
from app.services.outages.endings import endings_of
from app.services.rota.loads import work_of
from app.services.uow import UnitOfWork
from app.services.working import UNWATCHED
from app.services.working import Work as Counting

T = TypeVar("T")
_Word = tuple[NoticeKind, datetime, datetime | None]
"""What left, when, and of which start it spoke."""
_A_LOOK = 200
"""After so many things counted one looks whether to stop."""
_EXTENDING = (Act.EXTEND.value, Act.EXTEND_BEYOND.value)


def usual_periods(uow: UnitOfWork) -> tuple[Period, ...]:
    """On the organisation's clock."""
    return periods(to_wall(uow.now, organisation(uow).zone).date())


def kpi_of(uow: UnitOfWork, since: date, last: date, counting: Counting = UNWATCHED) -> Kpi:
    """The outages whose window began from `since` to `last`, both included, on the organisation's
    clock. Raises BadInput, Stopped."""
    if last < since:
        raise BadInput("The period ends before it begins; give a later --to.")
    home = organisation(uow)
    to = last + timedelta(days=1)
    first, end = (to_utc(datetime.combine(day, time()), home.zone) for day in (since, to))
    outages = uow.all(
        Outage,
        col(Outage.start_utc) >= first,
        col(Outage.start_utc) < end,
        col(Outage.state).in_(list(CLOSED)),
        order=(col(Outage.start_utc),),
    )
    ids = [outage.id for outage in outages]
    counting.at(1, 10)
    endings = endings_of(uow, ids)
    counting.at(2, 10)
    steps = _steps(uow, ids)
    counting.at(4, 10)
    extended = _extensions(uow, ids)
    leads = _Leads(uow, ids)
    hours = hours_in(uow, outages)
    flights = tuple(
        FlightFact(
            code=outage.code,
            runbook=outage.runbook,
            ending=endings.get(outage.id, outage.state),
            start=outage.start_utc,
            announced_end=outage.end_utc,
            promised_end=outage.promised_end_utc,
            ended=outage.ended_at or outage.promised_end_utc,
            in_time=leads.in_time(outage),
            extensions=extended.get(outage.id, 0),
            steps=steps.get(outage.id, ()),
            saved=sum((h.saved for h in hours.get(outage.id, ())), timedelta()),
            whole=sum((h.up + h.saved for h in hours.get(outage.id, ())), timedelta()),
        )
        for outage in _watched(outages, counting.part(0.5, 0.6), len(outages))
    )
    called = [
        decision.answered_at
        for decision in uow.all(Decision, col(Decision.was_called).is_(True))
        if decision.answered_at is not None
    ]
    before = [at for at in called if at < min(end, uow.now)]
    return Kpi(
        organisation=home.name,
        since=since,
        to=to,
        total=numbers_of(flights),
        cancelled=sum(flight.ending is State.CANCELLED for flight in flights),
        months=months_of([f for f in flights if f.ending is not State.CANCELLED], home.zone),
        estimates=estimates_of(flights),
        off_hours=off_hours_of(
            _watched(
                _work(uow, first, end, {outage.id: outage.code for outage in outages}),
                counting.part(0.6, 1.0),
                sum(map(len, steps.values())),
            ),
            home.zone,
            _holidays(home, since, last).__contains__,
        ),
        woken=sum(first <= at < end for at in called),
        since_woken=(min(end, uow.now) - max(before)).days if before else None,
    )


def _watched(items: Iterable[T], counting: Counting, total: int) -> Iterator[T]:
    """`total` of them, as far as one knows."""
    for number, item in enumerate(items):
        if number % _A_LOOK == 0:
            counting.at(min(number, total), total)
        yield item


def _work(
    uow: UnitOfWork, first: datetime, end: datetime, codes: Mapping[str, str]
) -> Iterator[Work]:
    """On the flights of these codes, by id."""
    people = {person.id: person.name for person in uow.all(Person)}
    for who, outage_id, start, finish, is_over in work_of(uow, first, end):
        if is_over and outage_id in codes and who in people and start < finish:
            yield Work(people[who], codes[outage_id], start, finish)


def _holidays(home: Organisation, since: date, last: date) -> Set[date]:
    found: set[date] = set()
    for year in range(since.year, last.year + 2):  # a night may end in the next
        found |= named_holidays(home.country, home.subdivision, year).keys()
    return found


def _steps(uow: UnitOfWork, ids: Sequence[str]) -> dict[str, tuple[StepFact, ...]]:
    found: dict[str, list[StepFact]] = defaultdict(list)
    # 40,000 whole rows would take seconds; the moments as the driver gives them, half of that
    began, ended_at = (type_coerce(col(m), DateTime()) for m in (Step.started_at, Step.ended_at))
    done = select_columns(col(Step.outage_id), col(Step.minutes), began, ended_at).where(
        col(Step.organisation_id) == uow.organisation_id,
        col(Step.archived_at).is_(None),
        col(Step.outage_id).in_(ids),
        col(Step.state) == StepState.DONE,
    )
    for outage_id, minutes, started, ended in uow.session.connection().execute(done):
        if started is not None and ended is not None:
            took = (ended - started) / timedelta(minutes=1)
            found[outage_id].append(StepFact(minutes, took))
    return {outage_id: tuple(steps) for outage_id, steps in found.items()}


def _extensions(uow: UnitOfWork, ids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for decision in uow.all(Decision, col(Decision.outage_id).in_(ids)):
        found[decision.outage_id] += decision.act in _EXTENDING
    return found


class _Leads:
    """Whether the notices of many outages kept the lead that was asked; the directory is read
    once, and its holidays once for each set of sites."""

    def __init__(self, uow: UnitOfWork, ids: Sequence[str]) -> None:
        self._uow = uow
        self._sites = SitesReached(uow)
        self._policy = organisation(uow).policy
        self._days: dict[tuple[frozenset[str], frozenset[int]], WorkDays] = {}
        self._audiences: dict[str, list[str]] = defaultdict(list)
        for link in uow.all(OutageAudience, col(OutageAudience.outage_id).in_(ids)):
            self._audiences[link.outage_id].append(link.audience_id)
        self._sent: dict[str, list[tuple[NoticeKind, datetime, datetime | None]]] = defaultdict(
            list
        )
        told = select(Notice.outage_id, Notice.kind, Notice.sent_at, Notice.about_start_utc).where(
            Notice.organisation_id == uow.organisation_id,
            col(Notice.archived_at).is_(None),
            col(Notice.outage_id).in_(ids),
            col(Notice.kind).in_(list(ANNOUNCEMENTS)),
            col(Notice.sent_at).is_not(None),
        )
        for outage_id, kind, sent_at, about in uow.session.exec(told):
            if sent_at is not None:
                self._sent[outage_id].append((NoticeKind(kind), sent_at, about))

    def in_time(self, outage: Outage) -> bool | None:
        """Of the notice that first spoke of this window."""
        if outage.impact is ImpactClass.URGENT:
            return None
        sent = [
            at
            for kind, at, about in self._sent[outage.id]
            if announces(kind, about, outage.start_utc)
        ]
        if not sent:
            return None
        window = outage.window
        days = self._workdays(outage, frozenset({window.start.year - 1, window.start.year}))
        rule = lead_rule_in(self._policy, outage.impact)
        return in_time(min(sent), last_possible(window, outage.impact, days, rule))

    def _workdays(self, outage: Outage, years: frozenset[int]) -> WorkDays:
        key = (self._sites.of(self._audiences[outage.id]), years)
        if key not in self._days:
            self._days[key] = workdays_at(self._uow, key[0], years)
        return self._days[key]
