"""Recurring maintenance: each date of a series becomes a flight of its own, a year ahead.

A flight of a series is an outage like any other: it is moved, changed and cancelled as one, and
keeps that. The series remembers what became of each date, by the wall it was due at, so no date is
flown twice, and none that was skipped comes back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import col, select

from app.models.calendar.series import SeriesDate as Due
from app.models.calendar.series import (
    SeriesRule,
    dates_of,
    ending_before,
    place,
    say_rule,
    series_rule,
)
from app.models.errors import BadInput, NotAllowed, NotFound
from app.models.outages.lifecycle import State
from app.models.tables.calendar import Series, SeriesDate
from app.models.tables.outages import Outage
from app.models.times import Window, parse_wall, speak_date, speak_time
from app.services.calendar.series_filling import (
    AHEAD,
    fill_dates,
    key_of_wall,
    rows_of,
    rule_of,
)
from app.services.calendar.series_plan import plan_from_plain, plan_to_plain
from app.services.database import Store
from app.services.events import CalendarChanged
from app.services.outages.leading import Going, advance
from app.services.outages.moving import move_window, told_count
from app.services.outages.planning import Plan
from app.services.uow import Undo, UnitOfWork
from app.services.working import UNWATCHED, Work

_UNTOLD = (State.DRAFT, State.PLANNED)
_BEYOND = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class SeriesMade:
    """A series, and what became of its dates: counts by what is said of them. `first` is the id
    of its first flight, "" when all are left out."""

    series_id: str
    code: str
    rule: str
    counts: Counter[str]
    undo: Undo | None = None
    first: str = ""

    @property
    def sentence(self) -> str:
        told = ", ".join(f"{count} {words}" for words, count in self.counts.items())
        return f"{self.code}, {self.rule}: {told or 'no date within the year'}."


MOVED, CANCELLED, STAYED = "moved", "cancelled", "stay, as people were told or they were moved"


def add_series(
    uow: UnitOfWork,
    plan: Plan,
    rule: str,
    work: Work = UNWATCHED,
    *,
    not_in_freeze: bool = True,
) -> SeriesMade:
    """A series whose first window is the plan's, and its flights a year ahead. Who is on duty
    then leads them. Raises BadInput: the rule, or anything `plan_outage` refuses; Stopped."""
    window = plan.window
    made = series_rule(rule, window.start, window.end, window.zone)
    series = uow.add(_row(uow, plan, made, not_in_freeze))
    uow.session.flush()
    counts = fill_dates(uow, series, work)
    if not counts:
        raise BadInput(f"{say_rule(made.rule)} has no date to come within the next year.")
    words = say_rule(series.rule)
    uow.log(f"{series.code} {series.title}: {words}, {_walls_words(series)}", series)
    uow.emit(CalendarChanged())
    flown = sorted((row.due, row.outage_id) for row in rows_of(uow, series) if row.outage_id)
    undo = uow.undo(f"planning {series.code}")
    first = str(flown[0][1]) if flown else ""
    return SeriesMade(series.id, series.code, words, counts, undo, first)


def fill_series(uow: UnitOfWork, series_id: str) -> SeriesMade:
    """The dates that came within a year since it was last asked for; what a freeze left out is
    looked at anew. Nothing is logged when nothing was to do."""
    series = uow.fetch(Series, series_id)
    counts = fill_dates(uow, series)
    if not counts:
        return SeriesMade(series.id, series.code, say_rule(series.rule), counts)
    made = SeriesMade(series.id, series.code, say_rule(series.rule), counts)
    uow.log(f"went on with {made.sentence}", series)
    uow.emit(CalendarChanged())
    return replace(made, undo=uow.undo(f"going on with {series.code}"))


def fill_all(store: Store) -> tuple[SeriesMade, ...]:
    """Every series, each in a transaction of its own; those where something was to do."""
    ids = store.read(lambda uow: [row.id for row in uow.all(Series, order=(col(Series.code),))])
    made = [store.run(fill_series, series_id) for series_id in ids]
    return tuple(one for one in made if one.counts)


def skip_date(uow: UnitOfWork, series_id: str, due: datetime, why: str) -> Undo:
    """No flight at that date. Raises BadInput without a reason or for a date that the series has
    not, NotAllowed once people were told (then its outage is cancelled, which owes them that)."""
    series, row = uow.fetch(Series, series_id), None
    reason = " ".join(why.split())
    if not reason:
        raise BadInput("Say why this date is skipped; the next coordinator will ask.")
    row = _date(uow, series, due)
    if row.skipped:
        raise BadInput(f"{_said(due)} is skipped already: {row.left_out}")
    if row.outage_id is not None:
        _drop(uow, uow.fetch(Outage, row.outage_id), f"skipped in {series.code}: {reason}")
    row.outage_id, row.left_out, row.skipped, row.note = None, reason, True, ""
    uow.add(row)
    uow.log(f"{series.code} skips {_said(due)}: {reason}", series)
    uow.emit(CalendarChanged())
    return uow.undo(f"skipping {_said(due)} of {series.code}")


def split_series(
    uow: UnitOfWork,
    series_id: str,
    due: datetime,
    window: Window,
    rule: str = "",
    work: Work = UNWATCHED,
) -> SeriesMade:
    """From the date `due` on (included) it goes on as a series of its own, with `window` as the
    first and `rule` (default: as before). Flights nobody was told of move to the new dates, one
    for one; those that were announced, begun or moved by hand stay. Raises BadInput, NotAllowed.
    """
    old = uow.fetch(Series, series_id)
    if window.start_utc <= uow.now:
        raise BadInput("A series goes on from a date still to come.")
    _require_due(old, due)
    if not rule.strip() and window == place(rule_of(old), due).window:
        raise BadInput("That is the series as it is; give it other times, or another rule.")
    gone = sorted(
        (row for row in rows_of(uow, old) if row.due >= key_of_wall(due)), key=lambda row: row.due
    )
    plan = plan_from_plain(old.plan, window, None)
    made = series_rule(rule or _rest(old, due), window.start, window.end, window.zone)
    new = uow.add(_row(uow, replace(plan, title=old.title), made, old.not_in_freeze))
    new.continues_id, new.title = old.id, old.title
    uow.session.flush()
    was = rule_of(old)
    old.rule = ending_before(old.rule, due)
    uow.add(old)
    counts: Counter[str] = Counter()
    # the last flight may move past the year ahead; it is no reason to cancel it
    dates = dates_of(made, uow.now, uow.now + AHEAD + _BEYOND)
    for number, (row, date) in enumerate(_paired(gone, dates)):
        work.at(number, len(gone))
        counts.update(_carry_over(uow, was, row, date, new))
    counts.update(fill_dates(uow, new, work))
    words = say_rule(new.rule)
    uow.log(
        f"{old.code} ends before {_said(due)} and goes on as {new.code}: {words}, "
        f"{_walls_words(new)}",
        new,
    )
    uow.emit(CalendarChanged())
    undo = uow.undo(f"going on with {old.code} as {new.code}")
    return SeriesMade(new.id, new.code, words, counts, undo)


def require_date(uow: UnitOfWork, series_id: str, window: Window, repeats: str = "") -> None:
    """Raises BadInput where the series, repeating so (default: as now), would not begin with this
    window: its flights would move to another day than the one given."""
    kept = uow.fetch(Series, series_id).rule
    rule = series_rule(repeats.strip() or kept, window.start, window.end, window.zone)
    first = next(iter(dates_of(rule, uow.now, uow.now + AHEAD)), None)
    if first is not None and first.window.start_utc != window.start_utc:
        raise BadInput(
            f"{_said(window.start)} is no date of it ({say_rule(rule.rule)}); the first would be "
            f"{_said(first.window.start)}. Give that as the start, or say how it repeats."
        )


def split_as_given(
    uow: UnitOfWork,
    series_id: str,
    due: datetime,
    window: Window,
    repeats: str = "",
    work: Work = UNWATCHED,
) -> SeriesMade:
    """`split_series`, which begins with that window or not at all. Raises what `require_date` and
    it raise."""
    require_date(uow, series_id, window, repeats)
    return split_series(uow, series_id, due, window, repeats, work)


def end_series(
    uow: UnitOfWork, series_id: str, due: datetime, why: str, work: Work = UNWATCHED
) -> Undo:
    """No flight from that date on. What people were told of stays and is cancelled by hand.
    Raises BadInput without a reason."""
    series = uow.fetch(Series, series_id)
    if not why.strip():
        raise BadInput("Say why the series ends.")
    gone = [row for row in rows_of(uow, series) if row.due >= key_of_wall(due)]
    for number, row in enumerate(gone):
        work.at(number, len(gone))
        outage = uow.find(Outage, row.outage_id) if row.outage_id else None
        if outage is not None and _may_change(uow, outage):
            _drop(uow, outage, f"{series.code} ends: {why.strip()}")
        if outage is None or outage.state in _UNTOLD or outage.state is State.CANCELLED:
            uow.archive(row)
    series.rule = ending_before(series.rule, due)
    uow.add(series)
    uow.log(f"{series.code} ends before {_said(due)}: {why.strip()}", series)
    uow.emit(CalendarChanged())
    return uow.undo(f"ending {series.code}")


def find_series(uow: UnitOfWork, code: str) -> Series:
    """By code, in any case. Raises NotFound."""
    found = uow.all(Series, col(Series.code) == code.strip().upper())
    if not found:
        raise NotFound(f"There is no series {code}; `series list` lists those there are.")
    return found[0]


# --- the dates ------------------------------------------------------------------------------


def _carry_over(
    uow: UnitOfWork, was: SeriesRule, row: SeriesDate, date: Due | None, new: Series
) -> Iterator[str]:
    """What becomes of a date of the old series: `date` is the new one's it is paired with."""
    outage = uow.find(Outage, row.outage_id) if row.outage_id else None
    if outage is None or outage.archived_at is not None:
        if date is not None and row.skipped:
            row.series_id, row.due = new.id, key_of_wall(date.due)
            uow.add(row)
        else:
            uow.archive(row)
        return
    by_hand = outage.window != place(was, parse_wall(row.due)).window
    if not _may_change(uow, outage) or by_hand:
        yield STAYED
    elif date is None:
        _drop(uow, outage, f"{new.code} has no date for it")
        uow.archive(row)
        yield CANCELLED
        return
    elif outage.window != date.window:
        move_window(uow, outage.id, date.window, seen=outage.version)
        row.note = date.note
        yield MOVED
    if date is None:
        return  # it stays with the series it came from
    row.series_id, row.due = new.id, key_of_wall(date.due)
    uow.add(row)


def _paired(
    rows: list[SeriesDate], dates: tuple[Due, ...]
) -> Iterator[tuple[SeriesDate, Due | None]]:
    for at, row in enumerate(rows):
        yield row, dates[at] if at < len(dates) else None


def _may_change(uow: UnitOfWork, outage: Outage) -> bool:
    return outage.state in _UNTOLD and not told_count(uow, outage.id)


def _drop(uow: UnitOfWork, outage: Outage, why: str) -> None:
    """Raises NotAllowed once people were told."""
    if not _may_change(uow, outage):
        raise NotAllowed(
            f"People were told of {outage.code}, or it is being flown: cancel it in its "
            "workspace, which says whom that concerns."
        )
    if outage.state is State.DRAFT:
        uow.archive(outage)  # of a draft nobody knows
    else:
        advance(uow, outage.id, State.CANCELLED, Going(why=why))


def _date(uow: UnitOfWork, series: Series, due: datetime) -> SeriesDate:
    """The row of that date; a new one where the series has it further ahead."""
    found = [row for row in rows_of(uow, series) if row.due == key_of_wall(due)]
    if found:
        return found[0]
    _require_due(series, due)
    return SeriesDate(
        organisation_id=uow.organisation_id, series_id=series.id, due=key_of_wall(due)
    )


def _require_due(series: Series, due: datetime) -> None:
    rule = rule_of(series)
    start = place(rule, due).window.start_utc
    near = dates_of(rule, start - timedelta(hours=3), start + timedelta(hours=3))
    if all(date.due != due for date in near):
        raise BadInput(
            f"{series.code} ({say_rule(series.rule)}) has no date {_said(due)}; "
            "`series list` names its dates."
        )


def _row(uow: UnitOfWork, plan: Plan, rule: SeriesRule, not_in_freeze: bool) -> Series:
    return Series(
        organisation_id=uow.organisation_id,
        code=_next_code(uow),
        title=" ".join(plan.title.split()),
        rule=rule.rule,
        start_wall=key_of_wall(rule.start),
        end_wall=key_of_wall(rule.end),
        zone=rule.zone,
        not_in_freeze=not_in_freeze,
        plan=plan_to_plain(plan),
    )


def _next_code(uow: UnitOfWork) -> str:
    query = select(Series.code).where(col(Series.organisation_id) == uow.organisation_id)
    numbers = [int(code.rpartition("-")[2]) for code in uow.session.exec(query)]
    return f"SER-{max(numbers, default=0) + 1:03}"


def _rest(series: Series, due: datetime) -> str:
    """Its rule from a date on: a count goes on where it was."""
    parts = dict(part.split("=", 1) for part in series.rule.split(";"))
    if "COUNT" in parts:
        rule = rule_of(series)
        first = place(rule, rule.start).window.start_utc - timedelta(days=1)
        flown = dates_of(rule, first, place(rule, due).window.start_utc)
        parts["COUNT"] = str(int(parts["COUNT"]) - len(flown))
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _said(due: datetime) -> str:
    return f"{speak_date(due.date())} {due.year} {speak_time(due)}"


def _walls_words(series: Series) -> str:
    start, end = parse_wall(series.start_wall), parse_wall(series.end_wall)
    return f"{speak_time(start)}–{speak_time(end)} {series.zone}"
