"""`absence`: who is away; listed, added, removed."""

from __future__ import annotations

import argparse

from app.cli.printing import one_line, show
from app.models.directory.absences import absence_from
from app.services.directory.absences import AbsenceRow, absences, add_absence, remove_absence
from app.services.directory.finding import find_person
from app.services.uow import UnitOfWork
from app.wiring import Console


def absence(console: Console, asked: argparse.Namespace) -> int:
    if asked.act == "list":
        return _list(console, asked)
    print(one_line(console.store.run({"add": _add, "remove": _remove}[asked.act], asked)))
    return 0


def _add(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    typed = absence_from(asked.since, asked.until, asked.kind)
    return add_absence(uow, find_person(uow, asked.person).id, typed).sentence


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
