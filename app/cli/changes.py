"""`changes`: the change records of an outage or of a CI, listed or reviewed."""

from __future__ import annotations

import argparse

from app.cli.printing import one_line, show, there
from app.models.errors import BadInput, NotFound
from app.services.changes import ChangeRow, changes_of, history_of, review_change
from app.services.changes_export import change_values, export_changes
from app.services.database import organisation
from app.services.directory.finding import find_ci
from app.services.outages.planning import find_outage
from app.services.uow import UnitOfWork
from app.wiring import Console


def changes(console: Console, asked: argparse.Namespace) -> int:
    if bool(asked.ci) == bool(asked.outage) or (asked.ci and asked.number is not None):
        raise BadInput("Say either an outage (and the number to review), or --ci NAME.")
    if asked.number is not None:
        print(console.store.run(lambda uow: _review(uow, asked)))
        return 0

    def look(uow: UnitOfWork) -> tuple[str, list[ChangeRow]]:
        if asked.ci:
            return organisation(uow).zone, history_of(uow, find_ci(uow, asked.ci).id)
        outage = find_outage(uow, asked.outage)
        return outage.zone, changes_of(uow, outage.id)

    zone_name, rows = console.store.read(look)
    if asked.json:
        show([change_values(row, zone_name) for row in rows])
        return 0
    if asked.csv is not None:
        path = asked.csv.expanduser().absolute()
        export_changes(path, rows, zone_name)
        print(f"{len(rows)} change record{'s' if len(rows) != 1 else ''} written to {path}.")
        return 0
    for row in rows:
        state = "reviewed" if row.reviewed else "to review"
        what = one_line(f"{row.ci}: {row.what}  [{row.before} → {row.after}]")
        of = f"{there(row.at, zone_name)[:10]}  {row.outage_code}  " if asked.ci else ""
        print(f"{of}{row.number:>3}  {state:<9}  {what}")
    if not rows and asked.ci:
        print(f"Nothing was ever changed on {one_line(asked.ci)}, as far as this console knows.")
    elif not rows:
        print("There is no change record yet; they are drafted from the steps done.")
    return 0


def _review(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    """What is not given stays as it was drafted."""
    outage = find_outage(uow, asked.outage)
    rows = {row.number: row for row in changes_of(uow, outage.id)}
    row = rows.get(asked.number)
    if row is None:
        there = ", ".join(map(str, rows)) or "none"
        raise NotFound(f"{outage.code} has no change record {asked.number}; there are: {there}.")
    review_change(
        uow,
        row.id,
        seen=row.version,
        before=asked.before or row.before,
        after=asked.after or row.after,
        evidence=asked.evidence or row.evidence,
        external_number=asked.external or row.external_number,
        people_notice=asked.people_notice or row.people_notice,
        by=asked.by,
    )
    return f"{outage.code}: change record {row.number} reviewed"
