"""A year of outages for others: as an `.ics` to subscribe to, as one HTML page for an intranet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from html import escape
from itertools import groupby

from sqlmodel import col

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.sieve import Sieve, Stand
from app.models.errors import BadInput, NotFound
from app.models.ids import key_of
from app.models.outages.lifecycle import CLOSED, FLYING, State
from app.models.tables.directory import Service
from app.models.tables.outages import Outage, OutageService
from app.models.times import YEARS, Window, speak_window, to_utc
from app.services.calendar.month import CalendarRows, entries
from app.services.calendar.publishing_others import article_of, event_of
from app.services.database import organisation
from app.services.notices.ics import CalendarEntry, Method, ics_of
from app.services.notices.reach import unlisted
from app.services.status.page import page_head
from app.services.uow import UnitOfWork

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class YearRow:
    """`end` (UTC) is the promised one; `changed_at` when the outage was changed last."""

    id: str
    code: str
    title: str
    services: tuple[str, ...]
    window: Window
    end: datetime
    state: State
    sequence: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Year:
    """Its outages by start. A draft is nobody's word yet, and is not among them; `drafts` says how
    many were left out so. `others` are what else the layers asked for hold, `now` when it was
    read."""

    year: int
    organisation: str
    zone: str
    now: datetime
    sieve: Sieve
    rows: tuple[YearRow, ...]
    drafts: int = 0
    others: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which part of a year: `services` by name. An empty part keeps everything, but of layers."""

    services: tuple[str, ...] = ()
    stands: frozenset[Stand] = frozenset()
    layers: frozenset[Layer] = frozenset({Layer.OUTAGES})


def year_of(uow: UnitOfWork, year: int, part: Narrowed = Narrowed()) -> Year:
    """Without outages that are kept off what anybody may read. The year is that of the start where
    the organisation is. Raises BadInput for a year out of reach, NotFound for an unknown service.
    """
    if year not in YEARS:
        raise BadInput(f"{year} is no year to plan; choose one from {YEARS[0]} to {YEARS[-1]}.")
    home = organisation(uow)
    first, after = (to_utc(datetime(each, 1, 1), home.zone) for each in (year, year + 1))  # noqa: DTZ001
    names = {row.id: row.name for row in uow.all(Service)}
    sieve = Sieve(_wanted(names, part.services), part.stands)
    wanted, states = sieve.service_ids, sieve.states
    found = uow.all(
        Outage,
        col(Outage.start_utc) >= first,
        col(Outage.start_utc) < after,
        order=(col(Outage.start_utc),),
    )
    hidden = unlisted(uow)
    touched: dict[str, list[str]] = {}
    for link in uow.all(OutageService):
        touched.setdefault(link.outage_id, []).append(link.service_id)
    told = [
        row
        for row in found
        if Layer.OUTAGES in part.layers
        and row.id not in hidden
        and (not states or row.state in states)
        and (not wanted or wanted.intersection(touched.get(row.id, ())))
    ]
    return Year(
        year,
        home.name,
        home.zone,
        uow.now,
        sieve,
        tuple(
            _row(row, tuple(names[i] for i in touched.get(row.id, ()) if i in names))
            for row in told
            if row.state is not State.DRAFT
        ),
        sum(row.state is State.DRAFT for row in told),
        _others(uow, year, sieve, part.layers - {Layer.OUTAGES}),
    )


def planner_of(uow: UnitOfWork, year: int, part: Narrowed = Narrowed()) -> CalendarRows:
    """The same for paper, as the calendar shows it. Raises as `year_of`."""
    found = year_of(uow, year, part)
    told = {row.id for row in found.rows}
    rows = entries(uow, *_days(year), found.sieve)
    kept = (
        entry
        for entry in rows.entries
        if entry.layer in part.layers and (entry.layer is not Layer.OUTAGES or entry.key in told)
    )
    return replace(rows, entries=tuple(kept), drafts=found.drafts)


def year_ics(year: Year) -> bytes:
    """A calendar to publish; cancelled ones say so. Raises BadInput for a year with nothing."""
    if not year.rows and not year.others:
        raise BadInput(f"No outage is planned in {year.year}; nothing was written.")
    others = tuple(event_of(entry, year.now) for entry in year.others)
    return ics_of(tuple(map(_entry, year.rows)), Method.PUBLISH, others)


def year_html(year: Year) -> bytes:
    """One self-contained page; nothing is fetched from elsewhere, and nothing runs in it."""
    return "\n".join((*_lines(year), "")).encode()


def _days(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _others(
    uow: UnitOfWork, year: int, sieve: Sieve, layers: frozenset[Layer]
) -> tuple[Entry, ...]:
    if not layers:
        return ()
    found = entries(uow, *_days(year), sieve).entries
    return tuple(sorted((e for e in found if e.layer in layers), key=lambda each: each.first))


def _wanted(names: dict[str, str], services: Sequence[str]) -> tuple[tuple[str, str], ...]:
    keys = {key_of(name): i for i, name in names.items()}
    if unknown := [name for name in services if key_of(name) not in keys]:
        raise NotFound(f"There is no service “{unknown[0]}”.")
    found = dict.fromkeys(keys[key_of(name)] for name in services)
    return tuple((i, names[i]) for i in found)


def _row(row: Outage, services: tuple[str, ...]) -> YearRow:
    return YearRow(
        id=row.id,
        code=row.code,
        title=row.title,
        services=services,
        window=row.window,
        end=max(row.end_utc, row.promised_end_utc),
        state=row.state,
        sequence=row.calendar_sequence,
        changed_at=row.updated_at or row.start_utc,
    )


def _entry(row: YearRow) -> CalendarEntry:
    off = row.state is State.CANCELLED
    return CalendarEntry(
        outage_id=row.id,
        sequence=row.sequence,
        changed_at=row.changed_at,
        window=row.window,
        summary=f"{'Cancelled: ' * off}{row.title}",
        description=f"{row.code}: {', '.join(row.services) or 'no service named'}",
        end=row.end,
        alarm_before=None,
        cancelled=off,
    )


def _lines(year: Year) -> Iterator[str]:
    title = f"Planned outages {year.year}: {year.organisation}"
    yield page_head(title)
    yield f"""<header>
<h1>Planned outages {year.year}</h1>
<p class="quiet">{escape(year.organisation)}{_narrowed(year)}</p>
</header>
<main>"""
    if not year.rows:
        yield '<p class="quiet">No outage is planned in this year.</p>'
    first, _ = _days(year.year)
    told = [(row.window.start.date(), _article(row)) for row in year.rows]
    told += [(max(e.first, first), article_of(e, year.zone)) for e in year.others]
    told.sort(key=lambda each: each[0])
    for month, rows in groupby(told, key=lambda each: each[0].month):
        name = MONTHS[month - 1]
        yield f'<section aria-labelledby="m{month}">\n<h2 id="m{month}">{name}</h2>'
        for _, lines in rows:
            yield from lines
        yield "</section>"
    yield "</main>\n</body>\n</html>"


def _narrowed(year: Year) -> str:
    return escape(f"; only {year.sieve.words}") if year.sieve else ""


def _article(row: YearRow) -> Iterator[str]:
    tone = "off" if row.state is State.CANCELLED else "over" if row.state in CLOSED else "soon"
    tone = "running" if row.state in FLYING else tone
    yield f'<article class="{tone}" id="{escape(row.code)}">\n<h3>{escape(row.title)}</h3>'
    yield f'<p class="state">{escape(row.state.words)}</p>'
    yield f'<p class="window">{escape(_when(row))}</p>'
    if row.services:
        yield f"<p>{escape(', '.join(row.services))}</p>"
    yield f'<p class="quiet">{escape(row.code)}</p>\n</article>'


def _when(row: YearRow) -> str:
    late = row.end - row.window.end_utc
    said = speak_window(row.window)
    return (
        said if late <= timedelta() else f"{said}, then {int(late.total_seconds() // 60)} min more"
    )
