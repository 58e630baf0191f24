"""`series`: add, list, fill, skip, split, end."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from app.cli.calendar import window_of
from app.cli.outages import plan_asked
from app.cli.printing import one_line, show
from app.models.times import parse_wall
from app.services.calendar import series as acts
from app.services.calendar.series_reading import SeriesRow, series_rows
from app.services.uow import UnitOfWork
from app.wiring import Console


def series(console: Console, asked: argparse.Namespace) -> int:
    return _ACTS[asked.act](console, asked)


def _add(console: Console, asked: argparse.Namespace) -> int:
    window = window_of(asked)

    def act(uow: UnitOfWork) -> str:
        plan = plan_asked(uow, asked, window)
        return acts.add_series(uow, plan, asked.every, not_in_freeze=not asked.in_freezes).sentence

    print(console.store.run(act))
    return 0


def _list(console: Console, asked: argparse.Namespace) -> int:
    rows = console.store.read(series_rows)
    if asked.json:
        show([_plain(row) for row in rows])
        return 0
    for row in rows:
        print(f"{row.code}  {one_line(row.title)}: {row.rule}, {row.times}")
        for date in row.dates:
            note = f" ({date.note})" if date.note else ""
            code = date.code or "no flight"
            moved = ", moved" if date.moved else ""
            said = one_line(f"{date.said}{moved}{note}")
            print(f"  {date.due:%Y-%m-%dT%H:%M}  {code:<13} {date.window:<36} {said}")
    if not rows:
        print("There is no series. `series add` makes one.")
    return 0


def _plain(row: SeriesRow) -> dict[str, object]:
    return {
        "series": row.code,
        "title": row.title,
        "rule": row.rule,
        "dates": [
            {
                "due": f"{date.due:%Y-%m-%dT%H:%M}",
                "outage": date.code,
                "said": date.said,
                "moved": date.moved,
                "note": date.note,
            }
            for date in row.dates
        ],
    }


def _fill(console: Console, asked: argparse.Namespace) -> int:
    told = acts.fill_all(console.store)
    for made in told:
        print(made.sentence)
    if not told:
        print("Every date that is to come within a year has its flight.")
    return 0


def _skip(console: Console, asked: argparse.Namespace) -> int:
    def act(uow: UnitOfWork) -> None:
        found = acts.find_series(uow, asked.series)
        acts.skip_date(uow, found.id, parse_wall(asked.due), asked.why)

    console.store.run(act)
    return 0


def _split(console: Console, asked: argparse.Namespace) -> int:
    def act(uow: UnitOfWork) -> str:
        found = acts.find_series(uow, asked.series)
        asked.zone = found.zone
        window = window_of(asked)
        due = parse_wall(asked.due)
        if not asked.every.strip():
            acts.require_date(uow, found.id, window)
        return acts.split_series(uow, found.id, due, window, asked.every).sentence

    print(console.store.run(act))
    return 0


def _end(console: Console, asked: argparse.Namespace) -> int:
    def act(uow: UnitOfWork) -> None:
        found = acts.find_series(uow, asked.series)
        acts.end_series(uow, found.id, parse_wall(asked.due), asked.why)

    console.store.run(act)
    return 0


_ACTS: dict[str, Callable[[Console, argparse.Namespace], int]] = {
    "add": _add,
    "list": _list,
    "fill": _fill,
    "skip": _skip,
    "split": _split,
    "end": _end,
}
