"""Series and what became of their dates, as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col

from app.models.calendar.series import place, say_rule
from app.models.outages.lifecycle import State
from app.models.tables.calendar import Series, SeriesDate
from app.models.tables.outages import Outage
from app.models.times import Window, parse_wall, speak_time, speak_window
from app.services.calendar.series_filling import rule_of
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class DateRow:
    """`window` is the flight's own, or that of the rule where there is none; `said` what became of
    the date: the state of its flight, or why it has none. `meant` is the window of the rule, and
    `moved`: the flight is not there; `renamed` its title where that is not the series'."""

    due: datetime
    outage_id: str
    meant: Window
    window: str
    code: str
    said: str
    note: str
    moved: bool
    renamed: str = ""


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """`times` are its walls and zone; `dates` those to come."""

    id: str
    version: int
    code: str
    title: str
    rule: str
    times: str
    not_in_freeze: bool
    continues: str
    dates: tuple[DateRow, ...]


@dataclass(frozen=True, slots=True)
class OfSeries:
    """The series that a flight is of; `next_words` its next flight behind this one, or that none
    is planned yet."""

    id: str
    code: str
    title: str
    rule: str
    next_words: str
    next_outage_id: str = ""

    @property
    def words(self) -> str:
        return f"{self.code} {self.title}: {self.rule}; {self.next_words}"


def series_of(uow: UnitOfWork, outage_id: str) -> OfSeries | None:
    """None for a flight that stands alone."""
    found = uow.all(SeriesDate, col(SeriesDate.outage_id) == outage_id)
    if not found:
        return None
    date, series = found[0], uow.fetch(Series, found[0].series_id)
    later = uow.all(
        SeriesDate,
        col(SeriesDate.series_id) == series.id,
        col(SeriesDate.due) > date.due,
        col(SeriesDate.outage_id).is_not(None),
        order=(col(SeriesDate.due),),
    )
    flights = (uow.find(Outage, row.outage_id or "") for row in later)
    coming = next((f for f in flights if f is not None and f.state is not State.CANCELLED), None)
    said = "no later date is planned yet"
    if coming is not None:
        said = f"next {speak_window(coming.window)} ({coming.code})"
    return OfSeries(
        series.id,
        series.code,
        series.title,
        say_rule(series.rule),
        said,
        coming.id if coming is not None else "",
    )


def series_rows(uow: UnitOfWork) -> list[SeriesRow]:
    """By code. Those that have no date to come are there, too."""
    found = uow.all(Series, order=(col(Series.code),))
    codes = {row.id: row.code for row in found}
    return [_row(uow, row, codes) for row in found]


def _row(uow: UnitOfWork, series: Series, codes: dict[str, str]) -> SeriesRow:
    dates = uow.all(
        SeriesDate, col(SeriesDate.series_id) == series.id, order=(col(SeriesDate.due),)
    )
    ids = [row.outage_id for row in dates if row.outage_id]
    flights = {row.id: row for row in uow.all(Outage, col(Outage.id).in_(ids))}
    start, end = parse_wall(series.start_wall), parse_wall(series.end_wall)
    return SeriesRow(
        id=series.id,
        version=series.version,
        code=series.code,
        title=series.title,
        rule=say_rule(series.rule),
        times=f"{speak_time(start)}–{speak_time(end)} {series.zone}",
        not_in_freeze=series.not_in_freeze,
        continues=codes.get(series.continues_id or "", ""),
        dates=tuple(
            made
            for row in dates
            if (made := _date(series, row, flights.get(row.outage_id or ""), uow.now))
        ),
    )


def _date(series: Series, row: SeriesDate, flight: Outage | None, now: datetime) -> DateRow | None:
    due = parse_wall(row.due)
    meant = place(rule_of(series), due).window
    window = flight.window if flight is not None else meant
    if window.end_utc <= now and meant.end_utc <= now:
        return None
    if flight is None:
        said = f"skipped: {row.left_out}" if row.skipped else row.left_out or "taken back"
    else:
        said = flight.state.words.lower()
        if flight.state is State.CANCELLED and flight.ending_note:
            said += f": {flight.ending_note}"
    return DateRow(
        due=due,
        outage_id=flight.id if flight else "",
        meant=meant,
        window=speak_window(window),
        code=flight.code if flight else "",
        said=said,
        note=row.note,
        moved=flight is not None and flight.window != meant,
        renamed=flight.title if flight is not None and flight.title != series.title else "",
    )
