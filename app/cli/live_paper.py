"""`paper`: the ticks of the paper packet, typed in."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

from app.cli.deciding import decided_of
from app.cli.printing import one_line
from app.models.errors import BadInput
from app.models.times import speak_time, to_wall
from app.services.live.paper import PaperRow, PaperRows, enter_paper, look_at_paper
from app.services.outages.planning import find_outage
from app.services.uow import UnitOfWork
from app.wiring import Console


def paper(console: Console, asked: argparse.Namespace) -> int:
    text = _read(asked.file)
    decided = decided_of(asked)

    def act(uow: UnitOfWork) -> tuple[PaperRows, bool]:
        outage = find_outage(uow, asked.outage)
        rows, undo = enter_paper(uow, outage.id, text, take=asked.take, decided=decided)
        return rows, undo is not None

    if asked.preview:
        rows = console.store.read(
            lambda u: look_at_paper(
                u, find_outage(u, asked.outage).id, text, take=asked.take, decided=decided
            )
        )
    else:
        rows, _ = console.store.run(act)
    taken = {code.strip().casefold() for code in asked.take}
    left = len(rows.unreadable)
    for row in rows.rows:
        take = row.can_take and row.code.casefold() in taken
        left += bool(row.against) and not take
        print(_line(row, rows.zone, take))
    for bad in rows.unreadable:
        print(f"left out   line {bad.line}: {one_line(bad.sentence)}")
    if not rows.rows and not rows.unreadable:
        print("There is nothing on it.")
    if asked.preview:
        print("Nothing was entered.")
    return 1 if left else 0


def _line(row: PaperRow, zone: str, take: bool) -> str:
    def clock(moment: datetime | None) -> str:
        return speak_time(to_wall(moment, zone)) if moment else "-"

    word = "already so" if row.done else "left out" if row.against and not take else "entered"
    said = "; ".join((*row.against, *row.notes))
    step = f"{row.code} {row.title}, {clock(row.start)} {clock(row.end)} {row.who}"
    return f"{word:<10} {one_line(step)}{f': {one_line(said)}' if said else ''}"


def _read(name: str) -> str:
    if name == "-":
        return sys.stdin.read()
    path = Path(name).expanduser()
    try:
        return path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as trouble:
        raise BadInput(f"{path} cannot be read ({trouble.strerror}).") from None
