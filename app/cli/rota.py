"""`rota`: who coordinates when; set, swap, cover."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from datetime import date

from app.cli.printing import one_line, show
from app.models.errors import BadInput
from app.models.times import speak_date
from app.services.directory.finding import find_person
from app.services.rota import turns as acts
from app.services.rota.loads import LoadRows, loads
from app.services.rota.reading import NO_ONE, RotaRows, rota_rows
from app.services.settings.handed import handed
from app.services.settings.rota import rota as months_of
from app.services.uow import UnitOfWork
from app.wiring import Console


def rota(console: Console, asked: argparse.Namespace) -> int:
    if asked.act is None:
        return _show(console, asked)
    print(console.store.run(_ACTS[asked.act], asked))
    return 0


def _show(console: Console, asked: argparse.Namespace) -> int:
    """1 when days are without a coordinator, or with two."""
    if handed(console.folder) is None:
        console.store.run(acts.make_turns)
    rows = console.store.read(rota_rows)
    load = console.store.read(loads, asked.year)
    if asked.json:
        show({**_plain(console, rows), "load": _load(load)})
    else:
        for turn in rows.turns:
            wrong = f"  ({turn.trouble})" if turn.trouble else ""
            print(one_line(f"{turn.days:<34} {turn.name}{wrong}"))
        for trouble in rows.troubles:
            print(trouble.sentence)
        if rows.empty:
            print(NO_ONE)
        if load.rows:
            print(f"Weighted off-hours in {load.year}:")
        for row in load.rows:
            ahead = f", {row.planned:.1f} planned" if row.planned else ""
            print(one_line(f"  {row.name:<32} {row.year:6.1f}{ahead}"))
    return 1 if rows.troubles or rows.empty else 0


def _plain(console: Console, rows: RotaRows) -> dict[str, object]:
    return {
        "rule": rows.rule,
        "until": rows.until.isoformat() if rows.until else None,
        "months": [
            {"month": f"{month.first:%Y-%m}", "coordinator": month.names or None}
            for month in console.store.read(months_of).months
        ],
        "turns": [
            {"person": t.name, "first": t.starts.isoformat(), "last": t.ends.isoformat()}
            for t in rows.turns
        ],
        "troubles": [
            {
                "trouble": t.trouble.value,
                "first": t.first.isoformat(),
                "last": t.last.isoformat(),
                "people": list(t.names),
                "sentence": t.sentence,
            }
            for t in rows.troubles
        ],
    }


def _load(load: LoadRows) -> dict[str, object]:
    return {
        "year": load.year,
        "weights": asdict(load.weights),
        "people": [
            {
                "person": row.name,
                "flights": row.flights,
                "quarters": [round(each, 2) for each in row.quarters],
                "year": round(row.year, 2),
                "planned": round(row.planned, 2),
                "hours": {name: round(each, 2) for name, each in asdict(row.hours).items()},
            }
            for row in load.rows
        ],
    }


def _set(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    people = [find_person(uow, name).id for name in asked.people]
    starts = _day(asked.since) if asked.since else acts.today_of(uow)
    return acts.set_rota(uow, asked.every, starts, people).sentence


def _swap(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    one, other = (_turn_on(uow, _day(day)) for day in asked.days)
    return acts.swap(uow, one, other).sentence


def _cover(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    first = _day(asked.since)
    last = _day(asked.until) if asked.until else first
    return acts.cover(uow, find_person(uow, asked.person).id, first, last).sentence


def _turn_on(uow: UnitOfWork, day: date) -> str:
    found = acts.turns_within(uow, day, day)
    if len(found) != 1:
        count = "Two turns have" if found else "No turn has"
        raise BadInput(f"{count} {speak_date(day)} {day.year}; `rota` lists them.")
    return found[0].id


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"“{text}” is no day; write it like 2027-01-15.") from None


_ACTS: dict[str, Callable[[UnitOfWork, argparse.Namespace], str]] = {
    "set": _set,
    "swap": _swap,
    "cover": _cover,
}
