"""`sample`, `import`, `plan`, `check`, `outages`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from app.cli.printing import show
from app.models.calendar.conflicts import Conflict, blocked
from app.models.errors import BadInput
from app.models.outages.lifecycle import ImpactClass
from app.models.severity import Severity
from app.models.times import Window, parse_wall, to_wall, zone
from app.services.calendar import conflicts as conflict_queries
from app.services.calendar.importing import import_calendar
from app.services.database import organisation
from app.services.directory.csv_reading import preview_file
from app.services.directory.finding import find_audience, find_person, find_service
from app.services.directory.importing import import_lines
from app.services.directory.rota import on_duty
from app.services.outages.planning import Plan, find_outage, plan_outage
from app.services.outages.reading import outages as list_outages
from app.services.sample.loading import load_sample
from app.services.uow import UnitOfWork
from app.wiring import Console


def sample(console: Console, asked: argparse.Namespace) -> int:
    load_sample(console.store)
    print("The sample organisation is set up. `outages` lists its outages.")
    return 0


def import_files(console: Console, asked: argparse.Namespace) -> int:
    """Each file on its own; a later one is not tried once one was refused."""
    for path in asked.files:
        if path.suffix.casefold() == ".ics":
            print(_import_calendar(console, path, asked))
        else:
            print(_import_table(console, path, asked))
    return 0


def _import_calendar(console: Console, path: Path, asked: argparse.Namespace) -> str:
    imported = import_calendar(
        console.store,
        path.expanduser().absolute(),
        asked.layer or path.stem,
        is_freeze=True if asked.freeze else None,
        progress=_progress(path.name),
    )
    for fault in imported.faults:
        sys.stderr.write(f"{path.name}, line {fault.line}: {fault.sentence}\n")
    return imported.sentence


def _import_table(console: Console, path: Path, asked: argparse.Namespace) -> str:
    preview = preview_file(path.expanduser().absolute())
    for note in preview.notes:
        sys.stderr.write(f"{path.name}: {note}\n")
    for fault in preview.faults:
        column = f", {fault.column}" if fault.column else ""
        sys.stderr.write(f"{path.name}, line {fault.line}{column}: {fault.sentence}\n")
    if preview.faults:
        raise BadInput(
            f"{path.name} was not imported: {len(preview.faults)} of its {preview.total} lines "
            "need mending (named above). Nothing of it was taken."
        )

    def take(uow: UnitOfWork) -> str:
        outage_id = find_outage(uow, asked.outage).id if asked.outage else None
        return import_lines(uow, preview, outage_id).sentence

    return f"{path.name}: {console.store.run(take)}"


def _progress(name: str) -> Any:
    """Shown only on a terminal, on one line."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, total: int) -> None:
        sys.stderr.write(f"\r{name}: {done} of {total}" + ("\n" if done >= total else ""))

    return tell


def window_of(asked: argparse.Namespace) -> Window:
    """Raises BadInput for a gap, an overlap nobody chose in, or an end before the start."""
    zone(asked.zone)
    start, end = parse_wall(asked.start), parse_wall(asked.end)
    return Window.of(start, end, asked.zone, asked.fold, asked.fold)


def plan(console: Console, asked: argparse.Namespace) -> int:
    window = window_of(asked)

    def act(uow: UnitOfWork) -> str:
        home = organisation(uow)
        services = tuple(find_service(uow, name).id for name in asked.service)
        audiences = tuple(find_audience(uow, name).id for name in asked.audience or ())
        if asked.coordinator:
            coordinator = find_person(uow, asked.coordinator).id
        else:
            duty = on_duty(uow, to_wall(window.start_utc, home.zone).date()) or on_duty(uow)
            coordinator = duty.person_id if duty else ""
        planned = plan_outage(
            uow,
            Plan(
                title=asked.title,
                window=window,
                services=services,
                audiences=audiences if asked.audience else None,
                impact=ImpactClass(asked.impact) if asked.impact else ImpactClass.ORDINARY,
                why=asked.why,
                runbook=asked.runbook,
                coordinator_id=coordinator or None,
            ),
        )
        return planned.code

    print(console.store.run(act))
    return 0


def check(console: Console, asked: argparse.Namespace) -> int:
    window = window_of(asked)

    def look(uow: UnitOfWork) -> tuple[Conflict, ...]:
        services = tuple(find_service(uow, name).id for name in asked.service)
        return conflict_queries.check(uow, window=window, service_ids=services)

    found = console.store.read(look)
    if asked.json:
        show(
            {
                "blocked": blocked(found),
                "conflicts": [
                    {
                        "severity": conflict.severity.value,
                        "reason": conflict.reason.value,
                        "sentence": conflict.sentence,
                    }
                    for conflict in found
                ],
            }
        )
    else:
        words = {Severity.BLOCK: "BLOCKS", Severity.WARN: "warns ", Severity.NOTE: "note  "}
        for conflict in found:
            print(f"{words[conflict.severity]}  {conflict.sentence}")
        if not found:
            print("No conflict.")
    return 1 if blocked(found) else 0


def outages(console: Console, asked: argparse.Namespace) -> int:
    rows = console.store.read(list_outages)
    if asked.json:
        show(
            [
                {
                    "code": row.code,
                    "title": row.title,
                    "state": row.state.value,
                    "start": row.start.astimezone(zone(row.zone)).isoformat(),
                    "end": row.end.astimezone(zone(row.zone)).isoformat(),
                    "zone": row.zone,
                    "services": list(row.services),
                }
                for row in rows
            ]
        )
        return 0
    for row in rows:
        print(f"{row.code}  {row.state.words:<12} {row.window:<42} {row.title}")
    if not rows:
        print("No outage is planned. `plan` makes one; `sample` sets up an organisation with some.")
    return 0
