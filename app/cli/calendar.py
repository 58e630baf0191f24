"""`check`, and the window as it is given on the command line."""

from __future__ import annotations

import argparse

from app.cli.printing import one_line, show
from app.models.calendar.conflicts import Conflict, blocked
from app.models.errors import BadInput
from app.models.severity import Severity
from app.models.times import Window, parse_wall, zone
from app.services.uow import UnitOfWork
from app.wiring import Console

_WORDS = {Severity.BLOCK: "BLOCKS", Severity.WARN: "warns ", Severity.NOTE: "note  "}


def window_of(asked: argparse.Namespace) -> Window:
    """Raises BadInput for a gap, an overlap nobody chose in, or an end before the start."""
    zone(asked.zone)
    start, end = parse_wall(asked.start), parse_wall(asked.end)
    try:
        return Window.of(start, end, asked.zone, asked.fold, asked.fold)
    except BadInput as refusal:
        if "ambiguous" not in refusal.about:
            raise
        how = "--fold 0 is the first of the two, --fold 1 the second."
        raise BadInput(f"{refusal.sentence} {how}") from None


def check(console: Console, asked: argparse.Namespace) -> int:
    """1 when something blocks: a script plans only what is free."""
    from app.services.calendar import conflicts
    from app.services.directory.finding import find_service

    window = window_of(asked)

    def look(uow: UnitOfWork) -> tuple[Conflict, ...]:
        services = tuple(find_service(uow, name).id for name in asked.service)
        return conflicts.check(uow, window=window, service_ids=services)

    found = console.store.read(look)
    if asked.json:
        listed = [
            {"severity": c.severity.value, "reason": c.reason.value, "sentence": c.sentence}
            for c in found
        ]
        show({"blocked": blocked(found), "conflicts": listed})
    else:
        for conflict in found:
            print(f"{_WORDS[conflict.severity]}  {one_line(conflict.sentence)}")
        if not found:
            print("No conflict.")
    return 1 if blocked(found) else 0
