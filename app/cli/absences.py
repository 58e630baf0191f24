"""`absence`: who is away; listed, added, changed, removed."""

from __future__ import annotations

import argparse
from dataclasses import replace

from app.cli.printing import one_line, show
from app.models.directory.absences import absence_from, day_and_time
from app.models.errors import NotFound
from app.services.directory.absences import (
    AbsenceRow,
    absences,
    add_absence,
    change_absence,
    remove_absence,
)
from app.services.directory.finding import find_person
from app.services.uow import UnitOfWork
from app.wiring import Console


def absence(console: Console, asked: argparse.Namespace) -> int:
    if asked.act == "list":
        return _list(console, asked)
    acts = {"add": _add, "change": _change, "remove": _remove}
    print(one_line(console.store.run(acts[asked.act], asked)))
    return 0


def _add(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    typed = absence_from(asked.since, asked.until, asked.kind)
    return add_absence(uow, find_person(uow, asked.person).id, typed).sentence


def _change(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    """What is not given stays."""
    row = next((row for row in absences(uow) if row.id == asked.id), None)
    if row is None:
        raise NotFound(f"Nobody is away under {asked.id}; `absence list` lists the ids.")
    wanted = row.absence
    if asked.since:
        first, begins = day_and_time(asked.since)
        wanted = replace(wanted, first=first, begins=begins)
    if asked.until:
        last, ends = day_and_time(asked.until)
        wanted = replace(wanted, last=last, ends=ends)
    wanted = replace(wanted, kind=asked.kind or wanted.kind)
    return change_absence(uow, row.id, wanted, row.version).sentence


def _remove(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    return remove_absence(uow, asked.id).sentence


def _list(console: Console, asked: argparse.Namespace) -> int:
    rows = console.store.read(_of, asked.person)
    if asked.json:
        show([_plain(row) for row in rows])
        return 0
    for row in rows:
        print(f"{row.id}  {one_line(row.sentence)}")
    if not rows:
        print("Nobody is away now or later, as far as is known here.")
    return 0


def _of(uow: UnitOfWork, person: str) -> tuple[AbsenceRow, ...]:
    return absences(uow, (find_person(uow, person).id,) if person else None)


def _plain(row: AbsenceRow) -> dict[str, object]:
    away = row.absence
    return {
        "id": row.id,
        "person": row.name,
        "first": away.first.isoformat(),
        "last": away.last.isoformat(),
        "begins": away.begins.isoformat("minutes") if away.begins else None,
        "ends": away.ends.isoformat("minutes") if away.ends else None,
        "kind": away.kind,
        "from_outlook": not row.typed,
    }
