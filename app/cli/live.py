"""`step`, `rollcall`, `extend`, `called`: the window, led from a terminal."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from sqlmodel import col

from app.cli.deciding import decided_of, naming_the_option
from app.cli.printing import moment, one_line
from app.models.errors import BadInput, NotAllowed, NotFound
from app.models.outages.confirming import is_call
from app.models.outages.lifecycle import FLYING
from app.models.runbook import StepAct, StepKind
from app.models.tables.live import Confirmation
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.times import speak_moment
from app.services.outages.planning import find_outage
from app.services.runbook.acting import Report, act_on_step, check_step, give_reason
from app.services.runbook.loading import load_steps
from app.services.runbook.opening import why_owed
from app.services.uow import UnitOfWork
from app.wiring import Console

_ACTS = {
    "start": StepAct.START,
    "done": StepAct.FINISH,
    "block": StepAct.BLOCK,
    "unblock": StepAct.UNBLOCK,
}
_RESULTS = {"done": "passed", "failed": "failed", "not-tested": "not_tested"}
_WHERE = {
    StepKind.GATE: "advance {} in_progress",
    StepKind.NOTICE: "sent {} KIND --at ISO",
    StepKind.BRIDGE: "bridge {} open|close",
    StepKind.ALL_CLEAR: "advance {} complete",
}
"""The command that does the act an act step is."""

LATE = "For somebody who came late to the roll call add --add."


def step(console: Console, asked: argparse.Namespace) -> int:
    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        rows = {row.code.casefold(): row for row in load_steps(uow, outage.id).rows}
        row = rows.get(asked.code.strip().casefold())
        if row is None:
            there = ", ".join(known.code for known in rows.values())
            has = f"it has {there}" if rows else "it has none"
            raise NotFound(f"{outage.code} has no step {asked.code}; {has}.")
        decided = decided_of(asked, asked.why)
        report = Report(by=asked.by, via=asked.via, note=asked.note, decided=decided)
        try:
            if asked.act == "reason":
                _give_reason(uow, outage, row, asked.note)
            elif row.kind is StepKind.CHECK and asked.act in _RESULTS:
                check_step(uow, row.id, _RESULTS[asked.act], report, seen=row.version)
            elif asked.act not in _ACTS:
                raise NotAllowed(f"{row.code} {row.title} is no check; it is done or it is not.")
            else:
                act_on_step(uow, row.id, _ACTS[asked.act], report, seen=row.version)
        except NotAllowed as refusal:
            kind = refusal.about.get("act_step")
            if not isinstance(kind, StepKind):
                raise
            here = _WHERE[kind].format(outage.code)
            raise NotAllowed(f"{refusal.sentence} Here it is `{here}`.") from None
        result = f", {row.result.replace('_', ' ')}" if row.result else ""
        return f"{row.code} {row.title}: {row.state.words}{result}"

    with naming_the_option():
        print(console.store.run(act))
    return 0


def _give_reason(uow: UnitOfWork, outage: Outage, row: Step, reason: str) -> None:
    """Afterwards, as on the card: the act was taken at once without it."""
    if not reason.strip():
        raise BadInput("Say the reason: --note TEXT.")
    if not row.blocked_reason and not why_owed(row, outage.zone):
        raise NotAllowed(
            f"{row.code} {row.title} needs no reason: it is not blocked and did not begin late."
        )
    give_reason(uow, row.id, reason, seen=row.version)


def rollcall(console: Console, asked: argparse.Namespace) -> int:
    from app.services.live.roll_call import answer_roll_call, asked_names

    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        name = one_of(asked.name, asked_names(uow, outage), add=asked.add, otherwise=LATE)
        answer_roll_call(uow, outage.id, name, asked.answer == "go", asked.why, asked.by)
        said = f"{outage.code}: {name} {'GO' if asked.answer == 'go' else 'NO-GO'}"
        late = asked.answer != "go" and outage.state in FLYING
        return (
            f"{said}; noted, but it is flown already: stop or back out by its own act"
            if late
            else said
        )

    print(console.store.run(act))
    return 0


def one_of(name: str, expected: Sequence[str], *, add: bool = False, otherwise: str = "") -> str:
    """The one expected whose name this is a part of; with `add` also a name nobody expected.
    `otherwise` is said to whoever names another.

    Raises NotFound for another, and when it is a part of several.
    """
    wanted = name.strip().casefold()
    whole = [each for each in expected if each.casefold() == wanted]
    found = whole or [each for each in expected if wanted and wanted in each.casefold()]
    if len(found) > 1:
        raise NotFound(f"“{name.strip()}” may be {' or '.join(found)}; write the name out.")
    if not found and not (add and wanted):
        known = ", ".join(expected) or "nobody"
        raise NotFound(f"“{name.strip()}” is not among {known}. {otherwise}".strip())
    return found[0] if found else name.strip()


def extend(console: Console, asked: argparse.Namespace) -> int:
    """The new end, and what follows from it: until when to turn back, and who is to be told."""
    from app.services.outages.moving import extend as extend_outage
    from app.services.runbook.forecasting import forecast_rows

    if asked.preview:
        return _preview(console, asked)
    if not asked.end or not asked.why:
        raise BadInput("Give the new end and why (--end ISO --why T), or --preview.")
    end = moment(asked.end)
    decided = decided_of(asked)

    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        extend_outage(uow, outage.id, end, asked.why, decided, asked.by)
        uow.session.flush()
        rows = forecast_rows(uow, outage.id)
        until, likely = (
            speak_moment(each, outage.zone) for each in (rows.promised_end, rows.end_likely)
        )
        back = rows.past_return.words(outage.zone) if rows.past_return else ""
        if rows.backout_moment is not None:
            back = f"turn back by {speak_moment(rows.backout_moment, outage.zone)}"
        return (
            f"{outage.code}: extended to {until}; {back}, likely end {likely}. "
            f"`notice {outage.code} extended` tells those who were told."
        )

    with naming_the_option():
        print(console.store.run(act))
    return 0


def _preview(console: Console, asked: argparse.Namespace) -> int:
    """What the end asked for, or else the one the forecast speaks for, would mean."""
    from app.services.live.extending import ExtensionRows, extension
    from app.services.live.extending_words import in_lines

    def look(uow: UnitOfWork) -> tuple[str, ExtensionRows]:
        outage = find_outage(uow, asked.outage)
        end = moment(asked.end) if asked.end else None
        return outage.code, extension(uow, outage.id, end, asked.why)

    code, found = console.store.read(look)
    if found.refusal:
        raise NotAllowed(f"{found.refusal} Nothing was changed.")
    old, new = (speak_moment(each, found.zone) for each in (found.old_end, found.end))
    print(f"{code}: the end would move from {old} to {new}. Nothing was changed.")
    for label, words in in_lines(found):
        print(f"{label:<10} {one_line(words)}")
    return 0


def called(console: Console, asked: argparse.Namespace) -> int:
    """Somebody was reached whom a late cancellation, or an answer, is told by phone."""
    from app.services.outages.call_list import confirm_called

    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        open_calls = [
            call
            for call in uow.all(Confirmation, col(Confirmation.outage_id) == outage.id)
            if is_call(call.what) and call.answered_at is None
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
