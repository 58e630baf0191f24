"""A period of flights in numbers a manager can read, each with what it counts.

A share of nothing is None, never 100 %: a month without flights was not punctual.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.models import times
from app.models.outages.lifecycle import State
from app.models.reports.document import Bar, Chapter, Document, Table
from app.models.rota.load import WORKDAY, merged, off_hours

_FLOWN = (State.COMPLETE, State.PARTLY_DONE, State.BACKED_OUT)
_FULL = 20


def percent(share: float) -> str:
    """`90 %`."""
    return f"{round(share * 100)} %"


@dataclass(frozen=True, slots=True)
class StepFact:
    """A step done: minutes planned and taken."""

    planned: int
    took: float


@dataclass(frozen=True, slots=True)
class FlightFact:
    """One outage that ended. `in_time` is whether the planned notice kept the lead its class asks
    for; None where none is asked (urgent) or where nobody was ever told. `saved` is the standing by
    that the crew was spared, of the `whole` that staying all the time would have been."""

    code: str
    runbook: str
    ending: State
    start: datetime
    announced_end: datetime
    promised_end: datetime
    ended: datetime
    in_time: bool | None
    extensions: int
    steps: tuple[StepFact, ...] = ()
    saved: timedelta = timedelta()
    whole: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Work:
    """Somebody's time on a flight (UTC): from the first own step to the end of the last, of who
    led it the whole flight."""

    who: str
    flight: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many."""

    good: int
    of: int

    @property
    def share(self) -> float | None:
        return self.good / self.of if self.of else None

    @property
    def words(self) -> str:
        """`9 of 10 (90 %)`, or `–` where there was nothing to count."""
        return f"{self.good} of {self.of} ({percent(self.good / self.of)})" if self.of else "–"

    @property
    def short(self) -> str:
        """`9/10`, or `–`."""
        return f"{self.good}/{self.of}" if self.of else "–"

    @property
    def bar(self) -> str:
        return "█" * round((self.share or 0) * _FULL)


@dataclass(frozen=True, slots=True)
class Rest:
    """Minutes of standing by that crews were spared, of all that staying would have been."""

    minutes: int
    of: int

    @property
    def words(self) -> str:
        """`31 h 20 min of 52 h (60 %)`, or `–` where nobody flew."""
        if not self.of:
            return "–"
        saved, whole = (times.speak_span(timedelta(minutes=m)) for m in (self.minutes, self.of))
        return f"{saved} of {whole} ({percent(self.minutes / self.of)})"


@dataclass(frozen=True, slots=True)
class Estimate:
    """How a runbook's minutes hold: `factor` is what was taken over what was planned, `off` the
    mean distance of a step from its plan as a part of the plan."""

    runbook: str
    flights: int
    steps: int
    factor: float
    off: float

    @property
    def holds(self) -> bool:
        """Within a tenth of the plan, all in all."""
        return abs(self.factor - 1) <= 0.1

    @property
    def verdict(self) -> str:
        """`holds`, `too short`, `too long`."""
        return "holds" if self.holds else "too short" if self.factor > 1 else "too long"


@dataclass(frozen=True, slots=True)
class Load:
    """Somebody's nights, weekends and public holidays: on how many flights, and how many minutes of
    these, as the rota counts them (`rota.load`), unweighted."""

    who: str
    flights: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """The same numbers for the period and for each of its months."""

    flown: int
    on_time: Rate
    promise_kept: Rate
    success: Rate
    notices_in_time: Rate
    extensions: int
    backed_out: int
    rest: Rest = Rest(0, 0)


@dataclass(frozen=True, slots=True)
class Kpi:
    """`to` is the first day no longer counted. `since_woken` is in days, None: nobody ever was."""

    organisation: str
    since: date
    to: date
    total: Numbers
    cancelled: int
    months: tuple[tuple[str, Numbers], ...]
    estimates: tuple[Estimate, ...]
    off_hours: tuple[Load, ...]
    woken: int
    since_woken: int | None

    @property
    def last(self) -> date:
        """The last day that counts."""
        return self.to - timedelta(days=1)


def numbers_of(flights: Sequence[FlightFact]) -> Numbers:
    flown = [flight for flight in flights if flight.ending in _FLOWN]
    asked = [flight.in_time for flight in flown if flight.in_time is not None]

    def rate(good: Callable[[FlightFact], bool]) -> Rate:
        return Rate(sum(map(good, flown)), len(flown))

    return Numbers(
        flown=len(flown),
        on_time=rate(lambda f: f.ended <= f.announced_end),
        promise_kept=rate(lambda f: f.ended <= f.promised_end),
        success=rate(lambda f: f.ending is State.COMPLETE),
        notices_in_time=Rate(sum(asked), len(asked)),
        extensions=sum(flight.extensions for flight in flown),
        backed_out=sum(flight.ending is State.BACKED_OUT for flight in flown),
        rest=Rest(
            sum((f.saved for f in flown), timedelta()) // timedelta(minutes=1),
            sum((f.whole for f in flown), timedelta()) // timedelta(minutes=1),
        ),
    )


def months_of(flights: Iterable[FlightFact], zone: str) -> tuple[tuple[str, Numbers], ...]:
    """By the month the window began in; months without a flight are left out."""
    found: dict[tuple[int, int], list[FlightFact]] = defaultdict(list)
    for flight in flights:
        wall = times.to_wall(flight.start, zone)
        found[wall.year, wall.month].append(flight)
    return tuple(
        (f"{times.MONTHS[month - 1]} {year}", numbers_of(found[year, month]))
        for year, month in sorted(found)
    )


def estimates_of(flights: Iterable[FlightFact]) -> tuple[Estimate, ...]:
    """Per runbook, the least reliable first; steps ticked in one go tell nothing."""
    found: dict[str, list[FlightFact]] = defaultdict(list)
    for flight in flights:
        if flight.runbook and flight.ending in _FLOWN:
            found[flight.runbook].append(flight)
    told = []
    for runbook, flown in found.items():
        steps = [s for flight in flown for s in flight.steps if s.took >= 1 and s.planned]
        if steps:
            factor = sum(s.took for s in steps) / sum(s.planned for s in steps)
            off = sum(abs(s.took - s.planned) / s.planned for s in steps) / len(steps)
            told.append(Estimate(runbook, len(flown), len(steps), factor, off))
    return tuple(sorted(told, key=lambda e: (-e.off, e.runbook)))


def off_hours_of(
    work: Iterable[Work], zone: str, is_holiday: Callable[[date], bool]
) -> tuple[Load, ...]:
    """Per person, the most burdened first."""
    flights: dict[str, set[str]] = defaultdict(set)
    spans: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for each in work:
        if off_hours(each.start, each.end, zone, is_holiday).all:
            flights[each.who].add(each.flight)
            spans[each.who].append((each.start, each.end))
    loads = []
    for who, had in spans.items():
        hours = sum(off_hours(*span, zone, is_holiday).all for span in merged(had))
        loads.append(Load(who, len(flights[who]), round(hours * 60)))
    return tuple(sorted(loads, key=lambda load: (-load.minutes, -load.flights, load.who)))


NO_ESTIMATES = "No flight of a runbook noted starts and ends in this period."
NO_LOAD = "Nobody led or had a step at night, on a weekend or a holiday in this period."


def kpi_document(kpi: Kpi) -> Document:
    last = kpi.last
    span = f"{times.speak_date(kpi.since)} {kpi.since.year} – {times.speak_date(last)} {last.year}"
    rested = "nobody was ever called up"
    if kpi.since_woken is not None:
        rested = "1 day" if kpi.since_woken == 1 else f"{kpi.since_woken} days"
    total = kpi.total
    chapters = [
        Chapter(
            "Month by month",
            () if kpi.months else ("No flight ended in this period.",),
            _months(kpi.months),
        ),
        *(
            _chart(words, why, [(month, of(n)) for month, n in kpi.months])
            for words, why, of in _CHARTS
            if kpi.months
        ),
        Chapter(
            "How far estimates hold",
            (
                "Minutes taken over minutes planned, of the steps whose start and end were noted."
                if kpi.estimates
                else NO_ESTIMATES,
            ),
            _rows(
                ("Runbook", "Flights", "Steps", "Taken / planned", "A step is off by"),
                [
                    (e.runbook, str(e.flights), str(e.steps), percent(e.factor), percent(e.off))
                    for e in kpi.estimates
                ],
                (4, 1, 1, 2, 2),
            ),
        ),
        Chapter(
            "Off-hours load",
            (
                f"Hours of weekends, public holidays and outside {WORKDAY[0]:02d}:00–"
                f"{WORKDAY[1]}:00, per person: from the first own step to the end of the last, and "
                "of who led it the whole flight. The rota counts the same, and weights it.",
                *(
                    ()
                    if kpi.off_hours
                    else ("Nobody led one or had a step on one in this period.",)
                ),
            ),
            _rows(
                ("Who", "Flights", "Time"),
                [
                    (load.who, str(load.flights), times.speak_span(timedelta(minutes=load.minutes)))
                    for load in kpi.off_hours
                ],
                (4, 1, 2),
            ),
        ),
    ]
    return Document(
        title="Outages in numbers",
        subtitle=f"{kpi.organisation} · {span}",
        footer=f"{kpi.organisation} · outages {span}",
        facts=(
            ("Flown", f"{total.flown}, and {kpi.cancelled} cancelled"),
            ("By the end first announced", total.on_time.words),
            ("By the end last promised", total.promise_kept.words),
            ("Changed as planned", total.success.words),
            ("Planned notice in time", total.notices_in_time.words),
            ("Extensions", str(total.extensions)),
            ("Backed out", str(total.backed_out)),
            ("Standing by the crews were spared", total.rest.words),
            ("People called up in this period", str(kpi.woken)),
            ("Since somebody was last called up", rested),
        ),
        chapters=tuple(chapters),
    )


_CHARTS: tuple[tuple[str, str, Callable[[Numbers], Rate]], ...] = (
    ("On time", "Ended by the end first announced.", lambda n: n.on_time),
    ("Change success", "Complete; neither partly done nor backed out.", lambda n: n.success),
    ("Notices in time", "The lead that the impact class asks for.", lambda n: n.notices_in_time),
)


def _months(months: Sequence[tuple[str, Numbers]]) -> Table | None:
    return _rows(
        ("Month", "Flown", "On time", "As planned", "Notice in time", "Extended", "Backed out"),
        [
            (
                month, str(n.flown), n.on_time.words, n.success.words, n.notices_in_time.words,
                str(n.extensions), str(n.backed_out),
            )
            for month, n in months
        ],
        (2, 1, 3, 3, 3, 2, 2),
    )  # fmt: skip


def _chart(words: str, why: str, rates: Sequence[tuple[str, Rate]]) -> Chapter:
    rows = [(month, rate.bar, rate.words) for month, rate in rates]
    table = _rows(("Month", "Share", "Count"), rows, (2, 6, 3))
    bars = tuple(Bar(month, rate.share, rate.short) for month, rate in rates)
    return Chapter(words, (why,), table, chart=bars)


def _rows(
    columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], shares: tuple[int, ...]
) -> Table | None:
    return Table(columns, tuple(rows), shares) if rows else None
