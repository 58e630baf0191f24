"""Everything about one step, for its dialogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from app.models.ids import StepId
from app.models.outages.decisions import Act, CardLine, card_from, line_for
from app.models.outages.lifecycle import CLOSED, State
from app.models.runbook import (
    NoReturn,
    Phase,
    StepAct,
    StepKind,
    StepState,
    acts_for,
    forecast,
    is_act,
    is_changing,
    latest_start,
    plan,
    waits_for,
)
from app.models.runbook import Step as Known
from app.models.tables.directory import ConfigurationItem, Person
from app.models.tables.log import LogEntry
from app.models.tables.outages import Outage, OutageCi
from app.models.tables.runbook import Step
from app.models.times import speak_time, to_wall
from app.services.log import LogRow
from app.services.runbook.board import TURNED_BACK, names_of, undo_words
from app.services.runbook.loading import Loaded, load_steps
from app.services.runbook.opening import lock_words, opens_at, opens_words, why_owed
from app.services.uow import UnitOfWork

ACT_WORDS = {
    StepAct.START: "Start",
    StepAct.FINISH: "Done",
    StepAct.TO_CHECK: "To be verified",
    StepAct.PASS_CHECK: "Verified",
    StepAct.FAIL_CHECK: "Send back",
    StepAct.BLOCK: "Blocked…",
    StepAct.UNBLOCK: "Unblock",
    StepAct.SKIP: "Skip",
    StepAct.UNDO: "Undone",
    StepAct.REOPEN: "Reopen",
    StepAct.PUT_BACK: "Not begun after all",
}
_TICKS = (StepAct.START, StepAct.FINISH, StepAct.TO_CHECK, StepAct.PASS_CHECK)
_DO_THE_ACT = {
    StepKind.GATE: "It is done by the GO on Live.",
    StepKind.NOTICE: "It is done by sending the notice.",
    StepKind.BRIDGE: "It is done by opening or closing the bridge on Live.",
    StepKind.ALL_CLEAR: "It is done by the all clear on Live.",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose by name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class DecisionNeed:
    """A start that somebody else must decide: why, and whom to call (`line`)."""

    sentence: str
    line: CardLine


@dataclass(frozen=True, slots=True)
class StepDetail:
    """`acts` are legal now, each with its button's words; `act_hint` says how an act step is
    done; `opens` says when its lock or window lets it begin, `closes` until when; `why_owed` what
    was taken at once and is still to be said. Times are UTC; `ci_text` is what the runbook calls
    the CI; `expected_*` follow the forecast, `planned_*` the plan."""

    step_id: StepId
    version: int
    outage_id: str
    outage_code: str
    zone: str
    code: str
    title: str
    how: str
    phase: Phase
    kind: StepKind
    notice_kind: str
    state: StepState
    begun: bool
    role: str
    owner: Choice | None
    minutes: int
    ci: Choice | None
    ci_text: str
    setting: str
    after: tuple[str, ...]
    undone_by: tuple[str, ...]
    undo: str
    waits_for: tuple[str, ...]
    no_return: bool
    do_not_disturb: bool
    started_at: datetime | None
    ended_at: datetime | None
    heard_at: datetime | None
    planned_start: datetime | None
    planned_end: datetime | None
    expected_start: datetime | None
    expected_end: datetime | None
    start_by: datetime | None
    blocked_reason: str
    blocked_until: datetime | None
    result: str
    note: str
    by: str
    via: str
    people_notice: str
    acts: tuple[tuple[StepAct, str], ...]
    act_hint: str
    decision: DecisionNeed | None
    opens: str
    closes: str
    why_owed: str
    flight_start: datetime
    not_before: datetime | None
    not_after: datetime | None
    editable: bool
    people: tuple[Choice, ...]
    cis: tuple[Choice, ...]
    history: tuple[LogRow, ...]

    @property
    def label(self) -> str:
        return f"{self.code} {self.title}"


def step_detail(uow: UnitOfWork, step_id: str) -> StepDetail:
    """Raises NotFound."""
    row = uow.fetch(Step, step_id)
    outage = uow.fetch(Outage, row.outage_id)
    loaded = load_steps(uow, outage.id)
    step = loaded.step[StepId(step_id)]
    names = names_of(uow, loaded)
    laid = plan(loaded.known, outage.start_utc).steps.get(step.id)
    turned = outage.state in TURNED_BACK
    coming = forecast(loaded.known, uow.now, outage.start_utc, backing_out=turned)
    expected = coming.steps.get(step.id)
    latest = latest_start(loaded.known, step, outage.promised_end_utc, uow.now)
    changing = is_changing(step) and not step.begun and step.phase is not Phase.BACK_OUT
    codes = {other.id: other.code for other in loaded.known}
    opens = opens_at(outage, step, uow.now)
    in_order = {other.id: place for place, other in enumerate(loaded.known)}
    return StepDetail(
        step_id=step.id,
        version=row.version,
        outage_id=outage.id,
        outage_code=outage.code,
        zone=outage.zone,
        code=row.code,
        title=row.title,
        how=row.how,
        phase=row.phase,
        kind=row.kind,
        notice_kind=row.notice_kind,
        state=row.state,
        begun=step.begun,
        role=row.role,
        owner=Choice(row.owner_id, names.get(row.owner_id, "")) if row.owner_id else None,
        minutes=row.minutes,
        ci=Choice(row.ci_id, names.get(row.ci_id, "")) if row.ci_id else None,
        ci_text=row.ci_role,
        setting=row.setting,
        after=tuple(
            codes[i] for i in sorted(step.after & in_order.keys(), key=in_order.__getitem__)
        ),
        undone_by=tuple(codes[i] for i in step.undone_by if i in codes),
        undo=undo_words(step, loaded.step),
        waits_for=tuple(other.label for other in waits_for(step, loaded.step)),
        no_return=row.no_return,
        do_not_disturb=row.do_not_disturb,
        started_at=row.started_at,
        ended_at=row.ended_at,
        heard_at=row.heard_at,
        planned_start=laid.start if laid else None,
        planned_end=laid.end if laid else None,
        expected_start=expected.start if expected else None,
        expected_end=expected.end if expected else None,
        start_by=latest if changing and isinstance(latest, datetime) else None,
        blocked_reason=row.blocked_reason,
        blocked_until=row.blocked_until,
        result=row.result,
        note=row.note,
        by=row.by,
        via=row.via,
        people_notice=row.people_notice,
        acts=_acts(outage, step),
        act_hint=_DO_THE_ACT.get(row.kind, ""),
        decision=_decision(uow, outage, loaded, step),
        opens=opens_words(opens, outage.start_utc, outage.zone) if opens else "",
        closes=""
        if step.begun
        else lock_words(step.not_after, outage.zone, late=bool(expected and expected.late)),
        why_owed=why_owed(row, outage.zone),
        flight_start=outage.start_utc,
        not_before=row.not_before,
        not_after=row.not_after,
        editable=outage.state not in CLOSED,
        people=tuple(Choice(p.id, p.name) for p in uow.all(Person, order=(col(Person.key),))),
        cis=_cis(uow, outage, row),
        history=_history(uow, step_id),
    )


def _acts(outage: Outage, step: Known) -> tuple[tuple[StepAct, str], ...]:
    if outage.state is State.FILED:
        return ()
    legal = acts_for(step.state, begun=step.begun)
    if is_act(step):
        legal = {act: to for act, to in legal.items() if act not in _TICKS}
    elif step.kind is StepKind.CHECK:  # its outcome is asked for instead
        legal = {a: to for a, to in legal.items() if a not in _TICKS or a is StepAct.START}
    return tuple((act, ACT_WORDS[act]) for act in legal)


def _decision(uow: UnitOfWork, outage: Outage, loaded: Loaded, step: Known) -> DecisionNeed | None:
    """Is beginning this step now a named decision of somebody other than the coordinator?"""
    if step.begun or not is_changing(step) or step.phase is Phase.BACK_OUT:
        return None
    latest = latest_start(loaded.known, step, outage.promised_end_utc, uow.now)
    line = line_for(card_from(outage.decision_card), Act.NO_RETURN)
    if isinstance(latest, NoReturn):
        return DecisionNeed(f"Step {step.label} cannot be undone once it is begun.", line)
    if uow.now <= latest:
        return None
    by = speak_time(to_wall(latest, outage.zone))
    return DecisionNeed(
        f"Its latest start was {by}: begun now, there is no way back inside the window.", line
    )


def _cis(uow: UnitOfWork, outage: Outage, row: Step) -> tuple[Choice, ...]:
    """The outage's CIs and the step's own, by name."""
    ids = {link.ci_id for link in uow.all(OutageCi, col(OutageCi.outage_id) == outage.id)}
    if row.ci_id:
        ids.add(row.ci_id)
    found = uow.all(
        ConfigurationItem,
        col(ConfigurationItem.id).in_(ids),
        order=(col(ConfigurationItem.key),),
    )
    return tuple(Choice(ci.id, ci.name) for ci in found)


def _history(uow: UnitOfWork, step_id: str) -> tuple[LogRow, ...]:
    """What the log says of this step, oldest first."""
    query = select(LogEntry).where(
        LogEntry.organisation_id == uow.organisation_id,
        LogEntry.about_type == "step",
        LogEntry.about_id == step_id,
    )
    entries = uow.session.exec(query.order_by(col(LogEntry.number)))
    return tuple(LogRow(e.number, e.at, e.who, e.via, e.what, e.kind, None) for e in entries)
