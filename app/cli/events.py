"""`event`: what is typed by hand into the calendar; added, listed, taken out."""

from __future__ import annotations

import argparse
from datetime import date, datetime, time

from app.cli.printing import one_line, show
from app.models.calendar.asked import Asked
from app.models.calendar.series import say_rule
from app.models.calendar.typed import Noted, TypedEvent
from app.models.errors import BadInput
from app.models.severity import Severity
from app.models.times import parse_wall
from app.services.calendar.events_by_hand import add_event, take_event_out
from app.services.calendar.events_typed import EventRow, typed_events
from app.services.directory.finding import find_department, find_service
from app.services.uow import UnitOfWork
from app.wiring import Console

FREEZES = "Our freezes"


def event(console: Console, asked: argparse.Namespace) -> int:
    if asked.act == "list":
        return _list(console, asked)
    print(console.store.run({"add": _add, "out": _out}[asked.act], asked))
    return 0


def _add(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    start, end, all_day = times_of(asked)
    noted = Noted(
        Asked(asked.who),
        tuple(find_service(uow, name).id for name in asked.service or ()),
        tuple(find_department(uow, name).id for name in asked.department or ()),
        Severity(asked.counts) if asked.counts else None,
    )
    typed = TypedEvent(asked.title, start, end, all_day, asked.every, noted)
    layer = asked.layer or (FREEZES if asked.freeze else "")
    add_event(uow, layer, typed, is_freeze=asked.freeze)
    return f"Added: {one_line(asked.title)}."


def _out(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    take_event_out(uow, asked.id)
    return "Taken out."


def _list(console: Console, asked: argparse.Namespace) -> int:
    rows = console.store.read(typed_events)
    if asked.json:
        show([_plain(row) for row in rows])
        return 0
    for row in rows:
        every = f", {say_rule(row.repeats)}" if row.repeats else ""
        note = f" ({row.asked})" if row.asked else ""
        print(f"{row.id}  {row.when:<34} {one_line(f'{row.title}{every} · {row.layer}{note}')}")
    if not rows:
        print("Nothing was typed by hand. `event add` does; `occurrences` lists all that happens.")
    return 0


def _plain(row: EventRow) -> dict[str, object]:
    def said(at: datetime) -> str:
        return at.date().isoformat() if row.all_day else at.isoformat(timespec="minutes")

    return {
        "id": row.id,
        "title": row.title,
        "layer": row.layer,
        "first": said(row.start),
        "last": said(row.end),
        "all_day": row.all_day,
        "repeats": row.repeats,
        "who": row.who,
        "asked": row.asked,
    }


def times_of(asked: argparse.Namespace) -> tuple[datetime, datetime, bool]:
    """From --from and --to, and whether these are whole days. Raises BadInput."""
    start, all_day = _moment(asked.since)
    if not asked.until:
        if not all_day:
            raise BadInput("With a time, say until when: --to 2027-03-03T20:00.")
        return start, start, True
    end, also = _moment(asked.until)
    if also is not all_day:
        raise BadInput("Give a time to both of --from and --to, or to neither.")
    return start, end, all_day


def _moment(text: str) -> tuple[datetime, bool]:
    if "T" in text:
        return parse_wall(text), False
    try:
        return datetime.combine(date.fromisoformat(text), time.min), True
    except ValueError:
        raise BadInput(f"“{text}” is no day; write it like 2027-01-15.") from None
