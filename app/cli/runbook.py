"""`forecast` and `runbook`: when the flight ends; its runbooks to files, back, and compared."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta
from typing import Any

from app.cli.printing import one_line, show, there
from app.models.errors import NotAllowed, NotFound
from app.models.outages.lifecycle import CLOSED
from app.models.runbook import RunbookTemplate
from app.models.times import speak_moment, speak_span
from app.services.outages.planning import find_outage
from app.services.runbook.forecasting import ForecastRows, forecast_rows
from app.services.runbook.templates import template_of
from app.services.uow import UnitOfWork
from app.wiring import Console

MOST_FAULTS = 100


def forecast(console: Console, asked: argparse.Namespace) -> int:
    def look(uow: UnitOfWork) -> ForecastRows:
        outage = find_outage(uow, asked.outage)
        if outage.state in CLOSED:
            over = f" since {speak_moment(outage.ended_at, outage.zone)}" if outage.ended_at else ""
            raise NotAllowed(
                f"{outage.code} is over{over}: there is nothing to forecast. `report` tells how it "
                "went."
            )
        return forecast_rows(uow, outage.id)

    rows = console.store.read(look)
    if asked.json:
        show(_as_json(rows))
        return 0

    def spoken(at: datetime) -> str:
        return speak_moment(at, rows.zone)

    print(f"{rows.code} {one_line(rows.title)}: {rows.state.words}")
    print(f"Ends        {spoken(rows.end_likely)}, promised {spoken(rows.promised_end)}")
    print(f"            80 %: {spoken(rows.end_high)}; at best {spoken(rows.end_low)}")
    if rows.backout_moment is not None:
        print(f"Turn back   by {spoken(rows.backout_moment)}")
    elif rows.past_return is not None:
        print(f"Turn back   {_past(rows)}: {one_line(rows.past_return.labels)}")
    print(f"Critical    {' '.join(rows.critical) or 'nothing'}")
    for code, minutes in rows.eaten:
        print(f"Over plan   {code} by {minutes} min")
    for step in rows.steps:
        if step.slack is not None:
            slack = speak_span(step.slack) if step.slack else "none"
            late = "  too late for its lock" if step.late else ""
            what = one_line(f"{step.code} {step.title}")
            print(f"  {spoken(step.start)}  slack {slack:<12}  {what}{late}")
    return 0


def runbook(console: Console, asked: argparse.Namespace) -> int:
    acts = {"export": _export, "import": _import, "diff": _diff}
    return acts[asked.act](console, asked)


def _export(console: Console, asked: argparse.Namespace) -> int:
    from app.services.reports.files import leave_file
    from app.services.runbook.files import find_runbook, runbook_text

    def look(uow: UnitOfWork) -> RunbookTemplate:
        if asked.outage:
            return template_of(uow, find_outage(uow, asked.name))
        return find_runbook(uow, asked.name, asked.revision)

    found = console.store.read(look)
    target = asked.file.expanduser().absolute()
    leave_file(target, runbook_text(found, target).encode("utf-8"))
    print(f"{asked.file}: “{one_line(found.name)}”, revision {found.revision}")
    return 0


def _import(console: Console, asked: argparse.Namespace) -> int:
    """1 when the file has faults: nothing was imported, and each is named."""
    from app.services.runbook.files import import_runbook, preview_runbook, read_runbook

    read = read_runbook(asked.file.expanduser().absolute())
    seen = console.store.read(preview_runbook, read)
    if seen.template is None:
        for fault in seen.faults[:MOST_FAULTS]:
            print(one_line(fault))
        more = len(seen.faults) - MOST_FAULTS
        print(f"And {more} more. Nothing was imported." if more > 0 else "Nothing was imported.")
        return 1
    name = one_line(seen.template.name)
    for change in seen.changes:
        print(one_line(change.sentence))
    if seen.cis_words:
        print(one_line(seen.cis_words))
    if seen.latest and not seen.changes:
        print(f"“{name}” is the same as revision {seen.latest}; nothing to import.")
    elif asked.preview:
        print(f"“{name}” would become revision {seen.latest + 1}.")
    else:
        console.store.run(import_runbook, seen.template)
        print(f"“{name}” is revision {seen.latest + 1} now.")
    return 0


def _diff(console: Console, asked: argparse.Namespace) -> int:
    from app.models.runbook.comparing import changes_between
    from app.services.runbook.files import find_runbook
    from app.services.runbook.templates import revisions_of

    def look(uow: UnitOfWork) -> tuple[RunbookTemplate, RunbookTemplate]:
        new = find_runbook(uow, asked.name, asked.new)
        older = [t for t in revisions_of(uow, asked.name) if t.revision < new.revision]
        if asked.old is None and not older:
            raise NotFound(f"“{new.name}” has no revision before {new.revision}.")
        old = older[-1] if asked.old is None else find_runbook(uow, asked.name, asked.old)
        return old, new

    old, new = console.store.read(look)
    print(f"“{one_line(new.name)}”, revision {old.revision} → {new.revision}")
    changes = changes_between(old, new)
    for change in changes:
        print(one_line(change.sentence))
    if not changes:
        print("Nothing differs.")
    return 0


def _past(rows: ForecastRows) -> str:
    """Why there is no back-out moment; empty while there is one."""
    return rows.past_return.words(rows.zone) if rows.past_return else ""


def _as_json(rows: ForecastRows) -> dict[str, Any]:
    def at(moment: datetime) -> str:
        return there(moment, rows.zone)

    return {
        "outage": rows.code,
        "state": rows.state.value,
        "promised_end": at(rows.promised_end),
        "end_low": at(rows.end_low),
        "end_likely": at(rows.end_likely),
        "end_high": at(rows.end_high),
        "backout_moment": None if rows.backout_moment is None else at(rows.backout_moment),
        "backout_reason": _past(rows) or None,
        "critical": list(rows.critical),
        "over_plan": [{"step": code, "minutes": minutes} for code, minutes in rows.eaten],
        "steps": [
            {
                "code": step.code,
                "title": step.title,
                "state": step.state.value,
                "start": at(step.start),
                "end": at(step.end),
                "slack_minutes": None
                if step.slack is None
                else int(step.slack / timedelta(minutes=1)),
                "late": step.late,
            }
            for step in rows.steps
        ],
    }
