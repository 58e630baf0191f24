"""What was verified on a flight, each try in its place in time, read back from the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.models.log_rows import Row
from app.models.reports.after_action import CheckLine
from app.models.runbook import StepState
from app.services.log_rows import Kept

PASSED = "passed"


def check_lines(kept: Iterable[Kept]) -> tuple[CheckLine, ...]:
    """In the order in which it happened, which need not be that of writing it down. One taken back
    by undo stays and says so; one struck through is not a check."""
    kept = tuple(kept)
    struck = {each.entry.strikes for each in kept}
    latest: dict[str, Row] = {}
    found: list[CheckLine] = []
    last: dict[str, int] = {}
    for each in kept:
        entry = each.entry
        latest |= {row["id"]: row for row in each.of("step")}
        if entry.kind == "undo":
            for row in each.of("step"):
                _take_back(found, last.pop(row["id"], None))
        about = latest.get(entry.about_id)
        if entry.kind != "check" or about is None or entry.number in struck:
            continue
        last[entry.about_id] = len(found)
        by = f"{entry.who}, via {entry.via}" if entry.via else entry.who
        label = f"{about['code']} {about['title']}"
        found.append(CheckLine(entry.at, label, _outcome(about), by, about["note"]))
    return tuple(sorted(found, key=lambda line: line.at))


def _take_back(found: list[CheckLine], place: int | None) -> None:
    if place is not None:
        found[place] = replace(found[place], undone=True)


def _outcome(row: Row) -> str:
    """A check's own result; of other work only whether it was accepted."""
    if row["result"]:
        return str(row["result"]).replace("_", " ")
    return PASSED if row["state"] == StepState.DONE.value else "sent back"
