"""What a rule would give, before it is planned."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.calendar.series import dates_of, say_rule, series_rule
from app.models.tables.calendar import Series
from app.models.times import Window, speak_date, speak_window
from app.services.calendar.series_filling import AHEAD
from app.services.uow import UnitOfWork

SHOWN = 3


@dataclass(frozen=True, slots=True)
class SeriesPreview:
    """`words` such as `third Sunday of the month: 13 windows until Sun 19 Dec 2027`; `first` the
    first of them; `notes` where the clocks change."""

    words: str
    first: tuple[str, ...]
    notes: tuple[str, ...]


def preview_series(uow: UnitOfWork, window: Window, typed: str) -> SeriesPreview:
    """A query. Raises BadInput for a rule that cannot be followed."""
    rule = series_rule(typed, window.start, window.end, window.zone)
    found = dates_of(rule, uow.now, uow.now + AHEAD)
    said = say_rule(rule.rule)
    if not found:
        return SeriesPreview(f"{said}: no date within the next year.", (), ())
    last = found[-1].window.start.date()
    count = "1 window" if len(found) == 1 else f"{len(found)} windows"
    return SeriesPreview(
        f"{said}: {count} until {speak_date(last)} {last.year}",
        tuple(speak_window(date.window) for date in found[:SHOWN]),
        tuple(date.note for date in found if date.note),
    )


@dataclass(frozen=True, slots=True)
class SplitPreview:
    """What a series would give that goes on with a window. `fits` False: that window begins on no
    date of it, and `first` are those that come instead."""

    words: str
    first: tuple[Window, ...]
    fits: bool


def preview_split(uow: UnitOfWork, series_id: str, window: Window, typed: str) -> SplitPreview:
    """A query; `typed` empty: it repeats as now. Raises BadInput, NotFound."""
    kept = uow.fetch(Series, series_id).rule
    rule = series_rule(typed.strip() or kept, window.start, window.end, window.zone)
    found = dates_of(rule, uow.now, uow.now + AHEAD)[:SHOWN]
    said = say_rule(rule.rule)
    if not found:
        return SplitPreview(f"{said}: no date within the next year.", (), True)
    first = tuple(date.window for date in found)
    if first[0].start_utc == window.start_utc:
        spoken = ", ".join(speak_window(each) for each in first)
        return SplitPreview(f"{said}: {spoken} …", first, True)
    day = speak_date(window.start.date())
    return SplitPreview(f"{day} is no date of it ({said}). Begin on one:", first, False)
