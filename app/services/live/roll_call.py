"""GO/NO-GO: evidence for the criteria, and the roll call by name."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col

from app.models.errors import BadInput, NotAllowed
from app.models.live.go import Answer, Criterion, GoFacts, Said, before_gate, never_said
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.debt import of_this_window, told_another_time, was_moved
from app.models.outages.lifecycle import CLOSED, State
from app.models.runbook import SETTLED, Phase, StepKind, StepState
from app.models.runbook.backout import missing_way_back
from app.models.tables import live as tables
from app.models.tables.directory import Person, Vendor
from app.models.tables.notices import Notice, Reply
from app.models.tables.outages import Outage
from app.models.times import speak_moment, speak_time, to_wall
from app.services.crew.reached import reached
from app.services.events import LiveChanged
from app.services.live.open_steps import waiting_steps
from app.services.notices.planning import told_of
from app.services.outages.planning import bridge_of
from app.services.runbook.loading import Loaded, load_steps
from app.services.uow import Undo, UnitOfWork


def answer_roll_call(
    uow: UnitOfWork, outage_id: str, name: str, go: bool, why: str = "", by: str = ""
) -> Undo:
    """One answer by name, timed. A NO needs its reason. Raises BadInput, NotAllowed."""
    outage = uow.fetch(Outage, outage_id)
    if outage.state in CLOSED:
        raise NotAllowed(f"{outage.code} is {outage.state.words.lower()}; the roll call is over.")
    if outage.state in (State.DRAFT, State.PLANNED):
        raise NotAllowed(
            f"{outage.code} is {outage.state.words.lower()}: the roll call is taken once it is "
            "announced. Nothing was noted."
        )
    if not name.strip():
        raise BadInput("Say whose answer it is.")
    if not go and not why.strip():
        raise BadInput(f"A NO needs its reason: what stands in {name.strip()}’s way?")
    people = {p.name: p.id for p in uow.all(Person)}
    answer = tables.RollCallAnswer(
        organisation_id=uow.organisation_id,
        outage_id=outage_id,
        person_id=people.get(name.strip()),
        name=name.strip(),
        answer="go" if go else "no_go",
        why=why.strip(),
        by=by or uow.actor.name,
        at=uow.now,
    )
    uow.add(answer)
    said = "go" if go else f"NO-GO: {why.strip()}"
    uow.log(f"{name.strip()} {said}", answer, who=by, kind="roll_call")
    uow.emit(LiveChanged(outage_id))
    return uow.undo(f"{name.strip()}’s answer", outage_id)


def say_criterion(
    uow: UnitOfWork, outage_id: str, criterion: Criterion, met: bool, evidence: str, by: str = ""
) -> Undo:
    """Evidence given by hand; met needs evidence. Objections are decided and steps done one by one,
    not by a word here. Raises BadInput."""
    outage = uow.fetch(Outage, outage_id)
    if met and not evidence.strip():
        raise BadInput(f"{criterion.words}: say how you know, in a few words.")
    if met and (waiting := never_said(criterion, go_facts(uow, outage))):
        raise BadInput(waiting)
    found = [
        c
        for c in uow.all(tables.Criterion, col(tables.Criterion.outage_id) == outage_id)
        if c.name == criterion.value
    ]
    row = (
        found[0]
        if found
        else tables.Criterion(
            organisation_id=uow.organisation_id, outage_id=outage_id, name=criterion.value
        )
    )
    row.met, row.evidence, row.by, row.at = met, evidence.strip(), by or uow.actor.name, uow.now
    uow.add(row)
    said = "met" if met else "not met"
    uow.log(f"{criterion.words}: {said}{f' ({evidence})' if evidence else ''}", row, who=by)
    uow.emit(LiveChanged(outage_id))
    return uow.undo(criterion.words.lower(), outage_id)


def go_facts(uow: UnitOfWork, outage: Outage) -> GoFacts:
    """What the criteria are judged from, as the store has it."""
    loaded = load_steps(uow, outage.id)
    bridge = bridge_of(uow, outage.id)
    replies = uow.all(Reply, col(Reply.outage_id) == outage.id)
    vendor = uow.find(Vendor, outage.vendor_id) if outage.vendor_id else None
    opened = bridge.opened_at if bridge and bridge.closed_at is None else None
    opened = opened if of_this_window(opened, outage.start_utc) else None
    told = told_of(uow, outage.id)
    first, leaving = before_gate(loaded.known), waiting_steps(uow, outage.id)
    another = told_another_time(told, uow.now, outage.start_utc, outage.promised_end_utc)
    board = reached(uow, outage)
    return GoFacts(
        expected=expected_names(uow, outage, loaded),
        answers=tuple(
            Answer(a.name, a.answer == "go", a.at, a.why)
            for a in uow.all(
                tables.RollCallAnswer, col(tables.RollCallAnswer.outage_id) == outage.id
            )
        ),
        said=tuple(
            (Criterion(c.name), Said(c.met, c.evidence, c.by, c.at))
            for c in uow.all(tables.Criterion, col(tables.Criterion.outage_id) == outage.id)
        ),
        unowned=tuple(
            s.code
            for s in loaded.known
            if s.owner is None
            and s.kind in (StepKind.WORK, StepKind.CHECK)
            and s.phase in (Phase.WINDOW, Phase.VERIFY)
            and s.state not in SETTLED
        ),
        without_way_back=tuple(s.label for s in missing_way_back(loaded.known)),
        backup_steps_open=_backup_steps(loaded, done=False),
        backup_steps_done=_backup_steps(loaded, done=True),
        desk_briefed=_briefed(uow, outage, NoticeKind.SERVICE_DESK_BRIEF),
        monitoring_briefed=_briefed(uow, outage, NoticeKind.MONITORING),
        bridge_open=f"since {_clock(outage, opened)}" if opened else "",
        packet_printed=(
            f"printed {speak_moment(outage.packet_printed_at, outage.zone)}"
            if outage.packet_printed_at
            else ""
        ),
        packet_stale=outage.packet_revision != outage.runbook_revision,
        checker=outage.checker,
        checker_phone=outage.checker_phone,
        vendor=vendor.name if vendor else "",
        vendor_case=outage.vendor_case,
        objections_open=tuple(
            r.sender for r in replies if r.kind == "objection" and not r.decision
        ),
        unsorted=tuple(r.sender for r in replies if r.kind == "unsorted"),
        moved=bool(another) or was_moved(told, outage.start_utc),
        told_another_time=len(another),
        crew_board=board.words if board is not None and board.asked else "",
        crew_unopened=board is not None and bool(board.unreached),
        before_gate=tuple(step.label for step in first),
        before_gate_open=tuple(
            step.label for step in first if step.state not in SETTLED and step.id not in leaving
        ),
    )


def expected_names(uow: UnitOfWork, outage: Outage, loaded: Loaded) -> tuple[str, ...]:
    """Everybody who owns a step of the flight, the coordinator aside, in runbook order."""
    ids = {row.owner_id for row in loaded.rows} - {None}
    people = {p.id: p.name for p in uow.all(Person, col(Person.id).in_(ids))}
    owners = [
        people[row.owner_id]
        for row in loaded.rows
        if row.owner_id in people and row.owner_id != outage.coordinator_id
    ]
    return tuple(dict.fromkeys(owners))


def asked_names(uow: UnitOfWork, outage: Outage) -> tuple[str, ...]:
    """Whoever may answer without being added: who is expected, who led it so far, the checker,
    and who was added before."""
    leading = [
        person.name
        for each in (outage.coordinator_id, outage.deputy_id)
        if each and (person := uow.find(Person, each))
    ]
    there = uow.all(tables.RollCallAnswer, col(tables.RollCallAnswer.outage_id) == outage.id)
    expected = expected_names(uow, outage, load_steps(uow, outage.id))
    names = [*expected, *leading, outage.checker, *(a.name for a in there)]
    return tuple(dict.fromkeys(name for name in names if name))


def _backup_steps(loaded: Loaded, *, done: bool) -> tuple[str, ...]:
    """The steps before the window that speak of a backup or snapshot."""
    return tuple(
        step.label
        for step in loaded.known
        if step.phase is Phase.BEFORE
        and step.kind in (StepKind.WORK, StepKind.CHECK)
        and any(word in step.title.casefold() for word in ("backup", "back-up", "snapshot"))
        and (step.state is StepState.DONE) is done
    )


def _briefed(uow: UnitOfWork, outage: Outage, kind: NoticeKind) -> str:
    sent = uow.all(
        Notice,
        col(Notice.outage_id) == outage.id,
        col(Notice.kind) == kind,
        col(Notice.state) == NoticeState.SENT,
        order=(col(Notice.sent_at),),
    )
    sent = [n for n in sent if n.about_start_utc in (None, outage.start_utc)]
    if not sent or sent[-1].sent_at is None:
        return ""
    return f"sent {speak_moment(sent[-1].sent_at, outage.zone)}"


def _clock(outage: Outage, moment: datetime) -> str:
    return speak_time(to_wall(moment, outage.zone))
