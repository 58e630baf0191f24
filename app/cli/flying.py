"""`step`, `advance`, `notice`, `sent`, `debt`, `packet`, `log`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.printing import moment, show
from app.models.errors import BadInput, NotFound
from app.models.log import iso
from app.models.notices.kinds import NoticeKind
from app.models.outages.debt import Debt
from app.models.outages.decisions import Decided
from app.models.outages.lifecycle import State
from app.models.reports.packet import Paper
from app.models.runbook import StepAct, StepKind
from app.models.times import speak_moment
from app.services.log import log_as_json, read_log
from app.services.notices.exporting import export
from app.services.notices.sending import record_sent
from app.services.outages.debt import debts_of
from app.services.outages.leading import Going
from app.services.outages.leading import advance as advance_outage
from app.services.outages.planning import find_outage
from app.services.outages.reading import open_outages
from app.services.reports.files import leave_file
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


def step(console: Console, asked: argparse.Namespace) -> int:
    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        rows = {row.code.casefold(): row for row in load_steps(uow, outage.id).rows}
        row = rows.get(asked.code.casefold())
        if row is None:
            raise NotFound(f"{outage.code} has no step {asked.code}; it has {', '.join(rows)}.")
        report = Report(by=asked.by, via=asked.via, note=asked.note)
        if row.kind is StepKind.CHECK and asked.act == "done":
            check_step(uow, row.id, "passed", report, seen=row.version)
        else:
            act_on_step(uow, row.id, _ACTS[asked.act], report, seen=row.version)
        return f"{row.code} {row.title}: {row.state.words}"

    print(console.store.run(act))
    return 0


def advance(console: Console, asked: argparse.Namespace) -> int:
    going = Going(
        by=asked.by,
        why=asked.why,
        user_check=asked.user_check,
        user_check_due=moment(asked.user_check_due) if asked.user_check_due else None,
        data_loss=asked.data_loss,
        waive=_waivers(asked.waive),
        decided=Decided(asked.decided_by, asked.why) if asked.decided_by else None,
    )

    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        advance_outage(uow, outage.id, State(asked.state), going)
        return f"{outage.code} {outage.title}: {outage.state.words}"

    print(console.store.run(act))
    return 0


def _waivers(given: list[str]) -> dict[str, str]:
    waivers = {}
    for pair in given:
        name, equals, why = pair.partition("=")
        if not equals or not why.strip():
            raise BadInput(f"A waiver is written STEP=REASON, not “{pair}”.")
        waivers[name.strip()] = why.strip()
    return waivers


def _kind(text: str) -> NoticeKind:
    try:
        return NoticeKind(text.strip().casefold().replace("-", "_"))
    except ValueError:
        known = ", ".join(kind.value for kind in NoticeKind)
        raise BadInput(f"There is no notice “{text}”. There are: {known}.") from None


def notice(console: Console, asked: argparse.Namespace) -> int:
    kind = _kind(asked.kind)
    left = console.store.read(lambda uow: export(uow, find_outage(uow, asked.outage).id, kind))
    if asked.eml is not None:
        _leave_batches(asked.eml, [content for _, content in left.eml])
    if asked.ics is not None:
        if left.ics is None:
            raise BadInput(f"{kind.words} has no calendar entry to go with it.")
        leave_file(_at(asked.ics), left.ics[1])
        print(asked.ics)
    if asked.text is not None:
        leave_file(_at(asked.text), left.text.encode())
        print(asked.text)
    if asked.eml is None and asked.ics is None and asked.text is None:
        print(f"Subject: {left.subject}\n\n{left.text}")
    return 0


def _leave_batches(target: Path, contents: list[bytes]) -> None:
    """One file, or `name-2.eml` and so on beside it for further batches."""
    if not contents:
        raise BadInput("This notice has nobody to go to: give the outage an audience first.")
    for number, content in enumerate(contents, start=1):
        path = target if number == 1 else target.with_stem(f"{target.stem}-{number}")
        leave_file(_at(path), content)
        print(path)


def _at(path: Path) -> Path:
    return path.expanduser().absolute()


def sent(console: Console, asked: argparse.Namespace) -> int:
    kind, at = _kind(asked.kind), moment(asked.at)

    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        record_sent(uow, outage.id, kind, at)
        return f"{outage.code}: {kind.words} sent {speak_moment(at, outage.zone)}"

    print(console.store.run(act))
    return 0


def debt(console: Console, asked: argparse.Namespace) -> int:
    """Exit 0 also when something is owed: it is an answer, not a fault."""

    def look(uow: UnitOfWork) -> list[tuple[str, str, Debt]]:
        chosen = [find_outage(uow, asked.outage)] if asked.outage else open_outages(uow)
        return [(o.code, o.zone, owed) for o in chosen for owed in debts_of(uow, o)]

    owed = console.store.read(look)
    if asked.json:
        show([_as_json(code, one) for code, _, one in owed])
        return 0
    for code, zone, one in owed:
        due = f" · due {speak_moment(one.due, zone)}" if one.due else ""
        print(f"{code}  {one.sentence}{due}")
    if not owed:
        print("Nothing is owed.")
    return 0


def _as_json(code: str, owed: Debt) -> dict[str, Any]:
    return {
        "outage": code,
        "kind": owed.notice.value if owed.notice else owed.kind.value,
        "audience": sorted(owed.owed_to) if owed.count <= 50 else [],
        "count": owed.count,
        "since": iso(owed.since),
        "due": iso(owed.due) if owed.due else None,
        "sentence": owed.sentence,
        "why": owed.why,
    }


def packet(console: Console, asked: argparse.Namespace) -> int:
    from app.services.reports.building import mark_printed, packet_data
    from app.views.reports.packet_view import write_pdf
    from app.wiring.offscreen import ensure_application

    ensure_application()
    outage_id = console.store.read(lambda uow: find_outage(uow, asked.outage).id)
    data = console.store.read(packet_data, outage_id)
    pages = write_pdf(data, _at(asked.pdf), Paper(asked.paper))
    console.store.run(mark_printed, outage_id)
    print(f"{asked.pdf} ({pages.count} pages)")
    return 0


def log(console: Console, asked: argparse.Namespace) -> int:
    outage_id, zone = console.store.read(
        lambda uow: (find_outage(uow, asked.outage).id, find_outage(uow, asked.outage).zone)
    )
    if asked.json:
        show(console.store.read(log_as_json, outage_id))
        return 0
    for row in console.store.read(read_log, outage_id):
        via = f", via {row.via}" if row.via else ""
        struck = f"  [struck through, see {row.struck_by}]" if row.struck_by else ""
        print(f"{row.number:>6}  {speak_moment(row.at, zone)}  {row.who}{via}: {row.what}{struck}")
    return 0
