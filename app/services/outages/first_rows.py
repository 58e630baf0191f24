"""Today's first rows through plain sqlite3: SQLModel would take longer to import than to paint.

Only what the outage table itself knows: the next window and the next 14 days. The rest comes
from `today`, once the services are loaded.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.models.outages.errands import strip_of
from app.models.outages.lifecycle import BEFORE_START, FLYING, ImpactClass, State
from app.models.times import WEEKDAYS, Window, parse_wall, speak_time, speak_window
from app.services.outages.today_rows import ComingRow, NextWindow, TodayRows

AHEAD = timedelta(days=14)
MOST = 40

_OUTAGES = """
SELECT o.id, o.code, o.title, o.state, o.impact, o.start_wall, o.end_wall, o.zone, o.start_fold,
       o.end_fold, o.start_utc, o.promised_end_utc, p.name AS coordinator,
       (SELECT count(*) FROM outage_service s WHERE s.outage_id = o.id AND s.archived_at IS NULL)
       AS services
  FROM outage o LEFT JOIN person p ON p.id = o.coordinator_id
 WHERE o.organisation_id = ? AND o.archived_at IS NULL
   AND o.state IN ({states}) AND (o.end_utc > ? OR o.state IN ({flying}))
 ORDER BY o.start_utc, o.code LIMIT {most}
"""


def first_rows(path: Path, now: datetime) -> TodayRows:
    """Empty rows when there is no readable store yet; opening it tells what is wrong with it."""
    if not path.exists():
        return TodayRows(now)
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=0.2)) as connection:
            connection.row_factory = sqlite3.Row
            return _read(connection, now)
    except sqlite3.Error:
        return TodayRows(now)


def _read(connection: sqlite3.Connection, now: datetime) -> TodayRows:
    home = connection.execute(
        "SELECT id, name, zone FROM organisation WHERE archived_at IS NULL ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if home is None:
        return TodayRows(now)
    rows = _outages(connection, home["id"], now)
    ahead = [row for row in rows if _utc(row["start_utc"]) < now + AHEAD]
    kept = connection.execute(
        "SELECT 1 FROM outage WHERE organisation_id = ? AND archived_at IS NULL LIMIT 1",
        (home["id"],),
    ).fetchone()
    chosen = choose(State(row["state"]) for row in rows)
    return TodayRows(
        now,
        organisation=home["name"],
        zone=home["zone"],
        next=None if chosen is None else _next(rows[chosen]),
        coming=tuple(_coming(row) for row in ahead),
        any_outage=kept is not None,
    )


def _outages(connection: sqlite3.Connection, owner: str, now: datetime) -> list[sqlite3.Row]:
    flying, open_ = sorted(FLYING), sorted(BEFORE_START | FLYING)
    query = _OUTAGES.format(states=_marks(open_), flying=_marks(flying), most=MOST)
    values = (owner, *open_, now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"), *flying)
    return connection.execute(query, values).fetchall()


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def choose(states: Iterable[State]) -> int | None:
    """Which of the outages, in the order of their windows, is the next window: the one that
    flies, else the first one meant seriously, else the first draft."""
    places = list(enumerate(states))
    for wanted in (FLYING, BEFORE_START - {State.DRAFT}, {State.DRAFT}):
        for place, state in places:
            if state in wanted:
                return place
    return None


def _next(row: sqlite3.Row) -> NextWindow:
    state = State(row["state"])
    strip, here = strip_of(state)
    return NextWindow(
        outage_id=row["id"],
        code=row["code"],
        title=row["title"],
        window=speak_window(_window(row)),
        zone=row["zone"],
        start=_utc(row["start_utc"]),
        promised_end=_utc(row["promised_end_utc"]),
        state=state,
        impact=ImpactClass(row["impact"]),
        services=row["services"],
        flying=state in FLYING,
        strip=strip,
        here=here,
    )


def _coming(row: sqlite3.Row) -> ComingRow:
    return coming_row(
        row["id"], row["title"], _window(row), row["coordinator"] or "", State(row["state"])
    )


def coming_row(
    outage_id: str, title: str, window: Window, coordinator: str, state: State, owed: str = ""
) -> ComingRow:
    """`Fri 10`, and `19:00–22:00 · M. Okafor` below the title."""
    day = window.start.date()
    span = f"{speak_time(window.start)}–{speak_time(window.end)}"
    sub = f"{span} · {coordinator}" if coordinator else f"{span} · no coordinator"
    return ComingRow(outage_id, f"{WEEKDAYS[day.weekday()]} {day.day}", title, sub, state, owed)


def _window(row: sqlite3.Row) -> Window:
    return Window(
        parse_wall(row["start_wall"]),
        parse_wall(row["end_wall"]),
        row["zone"],
        row["start_fold"],
        row["end_fold"],
    )


def _utc(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
