"""A year of outages for others: as an `.ics` to subscribe to, as one HTML page for an intranet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from itertools import groupby

from sqlmodel import col

from app.models.errors import BadInput, NotFound
from app.models.ids import key_of
from app.models.outages.lifecycle import CLOSED, FLYING, State
from app.models.tables.directory import Service
from app.models.tables.outages import Outage, OutageService
from app.models.times import YEARS, Window, speak_window, to_utc
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
    many were left out so."""

    year: int
    organisation: str
    rows: tuple[YearRow, ...]
    drafts: int = 0


def year_of(uow: UnitOfWork, year: int, services: Sequence[str] = ()) -> Year:
    """With `services` (names) those that touch one of them; without those that are kept off what
    anybody may read. The year is that of the start where
    the organisation is. Raises BadInput for a year out of reach, NotFound for an unknown service.
    """
    if year not in YEARS:
        raise BadInput(f"{year} is no year to plan; choose one from {YEARS[0]} to {YEARS[-1]}.")
    home = organisation(uow)
    first, after = (to_utc(datetime(each, 1, 1), home.zone) for each in (year, year + 1))  # noqa: DTZ001
    names = {row.id: row.name for row in uow.all(Service)}
    wanted = _wanted(names, services)
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
        if row.id not in hidden and (not wanted or wanted.intersection(touched.get(row.id, ())))
    ]
    return Year(
        year,
        home.name,
        tuple(
            _row(row, tuple(names[i] for i in touched.get(row.id, ()) if i in names))
            for row in told
            if row.state is not State.DRAFT
        ),
        sum(row.state is State.DRAFT for row in told),
    )


def year_ics(year: Year) -> bytes:
    """A calendar to publish; cancelled ones say so. Raises BadInput for a year without outages."""
    if not year.rows:
        raise BadInput(f"No outage is planned in {year.year}; nothing was written.")
    return ics_of(tuple(map(_entry, year.rows)), Method.PUBLISH)


def year_html(year: Year) -> bytes:
    """One self-contained page; nothing is fetched from elsewhere, and nothing runs in it."""
    return "\n".join((*_lines(year), "")).encode()


def _wanted(names: dict[str, str], services: Sequence[str]) -> set[str]:
    keys = {key_of(name): i for i, name in names.items()}
    if unknown := [name for name in services if key_of(name) not in keys]:
        raise NotFound(f"There is no service “{unknown[0]}”.")
    return {keys[key_of(name)] for name in services}


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
<p class="quiet">{escape(year.organisation)}</p>
</header>
<main>"""
    if not year.rows:
        yield '<p class="quiet">No outage is planned in this year.</p>'
    for month, rows in groupby(year.rows, key=lambda row: row.window.start.month):
        name = MONTHS[month - 1]
        yield f'<section aria-labelledby="m{month}">\n<h2 id="m{month}">{name}</h2>'
        for row in rows:
            yield from _article(row)
        yield "</section>"
    yield "</main>\n</body>\n</html>"


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
