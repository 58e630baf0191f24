"""`changes`: the change records of an outage, listed or reviewed."""

from __future__ import annotations

import argparse

from app.cli.printing import one_line, show
from app.models.errors import NotFound
from app.models.times import zone
from app.services.changes import ChangeRow, changes_of, review_change
from app.services.outages.planning import find_outage
from app.services.uow import UnitOfWork
from app.wiring import Console


def changes(console: Console, asked: argparse.Namespace) -> int:
    if asked.number is not None:
        print(console.store.run(lambda uow: _review(uow, asked)))
        return 0

    def look(uow: UnitOfWork) -> tuple[str, list[ChangeRow]]:
        outage = find_outage(uow, asked.outage)
        return outage.zone, changes_of(uow, outage.id)

    zone_name, rows = console.store.read(look)
    if asked.json:
        show(
            [
                {
                    "number": row.number,
                    "ci": row.ci,
                    "step": row.step,
                    "before": row.before,
                    "after": row.after,
                    "evidence": row.evidence,
                    "by": row.by,
                    "at": row.at.astimezone(zone(zone_name)).replace(microsecond=0).isoformat(),
                    "external_number": row.external_number,
                    "people_notice": row.people_notice,
                    "reviewed": row.reviewed,
                }
                for row in rows
            ]
        )
        return 0
    for row in rows:
        state = "reviewed" if row.reviewed else "to review"
        what = one_line(f"{row.ci}: {row.what}  [{row.before} → {row.after}]")
        print(f"{row.number:>3}  {state:<9}  {what}")
    if not rows:
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
