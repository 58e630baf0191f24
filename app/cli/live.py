"""`step`, `bridge`, `called`: the window, reported and led from a terminal."""

from __future__ import annotations

import argparse

from sqlmodel import col

from app.models.errors import NotAllowed, NotFound
from app.models.runbook import StepAct, StepKind
from app.models.tables.live import Confirmation
from app.services.bridge import line as bridging
from app.services.outages.planning import find_outage
from app.services.runbook.acting import Report, act_on_step, check_step
from app.services.runbook.loading import load_steps
from app.services.uow import UnitOfWork
from app.wiring import Console

_ACTS = {
    "start": StepAct.START,
    "done": StepAct.FINISH,
    "block": StepAct.BLOCK,
    "unblock": StepAct.UNBLOCK,
}
_WHERE = {
    StepKind.GATE: "advance {} in_progress",
    StepKind.NOTICE: "sent {} KIND --at ISO",
    StepKind.BRIDGE: "bridge {} open|close",
    StepKind.ALL_CLEAR: "advance {} complete",
}
"""The command that does the act an act step is."""


def step(console: Console, asked: argparse.Namespace) -> int:
    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        rows = {row.code.casefold(): row for row in load_steps(uow, outage.id).rows}
        row = rows.get(asked.code.strip().casefold())
        if row is None:
            has = f"it has {', '.join(rows)}" if rows else "it has none"
            raise NotFound(f"{outage.code} has no step {asked.code}; {has}.")
        report = Report(by=asked.by, via=asked.via, note=asked.note)
        try:
            if row.kind is StepKind.CHECK and asked.act == "done":
                check_step(uow, row.id, "passed", report, seen=row.version)
            else:
                act_on_step(uow, row.id, _ACTS[asked.act], report, seen=row.version)
        except NotAllowed as refusal:
            kind = refusal.about.get("act_step")
            if not isinstance(kind, StepKind):
                raise
            here = _WHERE[kind].format(outage.code)
            raise NotAllowed(f"{refusal.sentence} Here it is `{here}`.") from None
        return f"{row.code} {row.title}: {row.state.words}"

    print(console.store.run(act))
    return 0


def bridge(console: Console, asked: argparse.Namespace) -> int:
    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        if asked.act == "open":
            bridging.open_bridge(uow, outage.id, by=asked.by)
            return f"{outage.code}: bridge open"
        bridging.close_bridge(uow, outage.id, asked.proof, by=asked.by)
        return f"{outage.code}: bridge closed"

    print(console.store.run(act))
    return 0


def called(console: Console, asked: argparse.Namespace) -> int:
    """Somebody of the call list of a late cancellation was reached."""
    from app.services.outages.debt import CANCEL_CALL
    from app.services.outages.leading import confirm_called

    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        open_calls = [
            call
            for call in uow.all(Confirmation, col(Confirmation.outage_id) == outage.id)
            if call.what == CANCEL_CALL and call.answered_at is None
        ]
        wanted = asked.name.strip().casefold()
        found = [call for call in open_calls if wanted and wanted in call.person.casefold()]
        if len(found) != 1:
            names = "; ".join(call.person for call in found or open_calls) or "nobody"
            which = "Several of that name" if found else f"“{asked.name}”"
            is_not = "are" if found else "is not"
            raise NotFound(f"{which} {is_not} on the call list of {outage.code}: {names}.")
        confirm_called(uow, found[0].id, asked.said, seen=found[0].version)
        return f"{outage.code}: {found[0].person} reached"

    print(console.store.run(act))
    return 0
