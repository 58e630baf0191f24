"""What an outage owes, gathered from the store and judged by the rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from sqlmodel import col

from app.models.bridge import Provider
from app.models.ids import StepId
from app.models.notices.addresses import address_key
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.confirming import CANCEL_CALL
from app.models.outages.debt import Debt, DebtFacts, DebtKind, Outstanding, Told, debts
from app.models.outages.lifecycle import CLOSED, ENDINGS, FLYING, State
from app.models.runbook import Phase, StepKind, StepState, forecast
from app.models.runbook.backout import is_changing
from app.models.tables.changes import ChangeRecord
from app.models.tables.directory import Person
from app.models.tables.live import Confirmation, Decision
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.times import between, speak_moment
from app.services.database import organisation
from app.services.notices.audiences import Resolved, department_heads, resolve
from app.services.notices.planning import plan_for, told_of
from app.services.outages.debt_replies import replies_owed
from app.services.outages.planning import bridge_of, service_ids
from app.services.outages.promises import new_date_owed
from app.services.runbook.loading import Loaded, load_steps
from app.services.runbook.opening import why_owed
from app.services.uow import UnitOfWork

CALL_LIST_WITHIN = timedelta(hours=4)
_ALERTS = re.compile(r"\b(?:monitoring|alerts?)\b", re.IGNORECASE)


def debts_of(uow: UnitOfWork, outage: Outage, resolved: Resolved | None = None) -> tuple[Debt, ...]:
    """Most urgent first, what waits to leave by itself last; empty means that it can be filed once
    it has ended. `resolved` is whom its audiences reach, where that is known already: of 25,000 it
    takes a while."""
    if outage.state in (State.DRAFT, State.FILED):
        return ()
    resolved = resolved or resolve(uow, outage)
    bridge = bridge_of(uow, outage.id)
    told = told_of(uow, outage.id)
    facts = DebtFacts(
        state=outage.state,
        now=uow.now,
        start=outage.start_utc,
        promised_end=outage.promised_end_utc,
        state_since=outage.state_since or uow.now,
        plan=plan_for(uow, outage, resolved),
        told=_still_flying(uow, outage, told),
        audience=resolved.keys,
        spared=frozenset(r.key for r in resolved.without),
        services=frozenset(service_ids(uow, outage.id)),
        heads=_heads(uow, told) if outage.state in ENDINGS else frozenset(),
        noticeable_change=noticeable_change(uow, outage.id),
        wakes_alerts=outage.state in ENDINGS and _wakes_alerts(uow, outage),
        bridge_opened=bridge.opened_at if bridge else None,
        bridge_closed=bridge.closed_at if bridge else None,
        has_bridge=bridge is not None and (bridge.provider == Provider.TEAMS or bool(bridge.line)),
        packet_printed=outage.packet_printed_at,
        outstanding=tuple(_outstanding(uow, outage)),
        forecast_passes=outage.state in FLYING and _forecast_passes(uow, outage),
    )
    waiting = {
        n.kind
        for n in uow.all(
            Notice, col(Notice.outage_id) == outage.id, col(Notice.state) == NoticeState.QUEUED
        )
    }
    return tuple(sorted(debts(facts), key=lambda debt: debt.notice in waiting))


def _forecast_passes(uow: UnitOfWork, outage: Outage) -> bool:
    """The promised end, by a minute that is shown."""
    known = load_steps(uow, outage.id).known
    turned = outage.state is State.BACKING_OUT
    likely = forecast(known, uow.now, outage.start_utc, backing_out=turned).likely_end
    return between(outage.promised_end_utc, likely) > timedelta()


def noticeable_change(uow: UnitOfWork, outage_id: str) -> bool:
    """Something that people will notice was changed, and not undone."""
    records = uow.all(ChangeRecord, col(ChangeRecord.outage_id) == outage_id)
    return any(record.people_notice and not record.undone for record in records)


def _wakes_alerts(uow: UnitOfWork, outage: Outage) -> bool:
    """A step of the wrap-up speaks of the alerts, and is done or owed itself."""
    return any(
        row.phase is Phase.WRAP_UP
        and row.state is not StepState.SKIPPED
        and _ALERTS.search(f"{row.title} {row.how}")
        for row in load_steps(uow, outage.id).rows
    )


def _heads(uow: UnitOfWork, told: tuple[Told, ...]) -> frozenset[str]:
    """Who came to lead a department after the summary left is not owed it."""
    left = [t.sent_at for t in told if t.kind is NoticeKind.CHANGE_SUMMARY]
    return frozenset(r.key for r in department_heads(uow, max(left, default=None)))


def _still_flying(uow: UnitOfWork, outage: Outage, told: tuple[Told, ...]) -> tuple[Told, ...]:
    """Who was missed by a crew brief, and flies no more, is not owed it."""
    if not any(t.missed for t in told if t.kind is NoticeKind.CREW_BRIEF):
        return told
    ids = {row.owner_id for row in load_steps(uow, outage.id).rows}
    crew = {address_key(p.email) for p in uow.all(Person, col(Person.id).in_(ids))}
    return tuple(
        replace(t, missed=t.missed & crew) if t.kind is NoticeKind.CREW_BRIEF else t for t in told
    )


def _outstanding(uow: UnitOfWork, outage: Outage) -> Iterator[Outstanding]:
    since = outage.state_since or uow.now
    yield from replies_owed(uow, outage)
    if outage.state in FLYING:
        yield from _reasons(uow, outage)
    if outage.state in ENDINGS and outage.user_check_due and not outage.user_check:
        due = speak_moment(outage.user_check_due, outage.zone)
        who = outage.checker or "the user side"
        yield Outstanding(
            DebtKind.USER_CHECK,
            f"User check due {due} by {who}",
            "the people who use it say that it works",
            since,
            outage.user_check_due,
        )
    if outage.state in CLOSED:
        yield from new_date_owed(uow, outage)
        yield from _after(uow, outage)


def _reasons(uow: UnitOfWork, outage: Outage) -> Iterator[Outstanding]:
    for row in load_steps(uow, outage.id).rows:
        if question := why_owed(row, outage.zone):
            yield Outstanding(
                DebtKind.STEP,
                question,
                "taken at once, the reason is asked afterwards",
                row.heard_at or uow.now,
                None,
                row.id,
            )


def _after(uow: UnitOfWork, outage: Outage) -> Iterator[Outstanding]:
    since = outage.ended_at or uow.now
    loaded = load_steps(uow, outage.id)
    records = uow.all(ChangeRecord, col(ChangeRecord.outage_id) == outage.id)
    recorded = {record.step_id for record in records}
    steps = loaded.step
    external = not organisation(uow).policy.get("system_of_record", False)
    for record in records:
        missing = []
        if record.reviewed_at is None:
            missing.append("review it")
        elif external and not record.external_number:
            missing.append("its number in the configuration database")
        if missing:
            step = steps.get(StepId(record.step_id or ""))
            of = f" ({step.label})" if step is not None else ""
            yield Outstanding(
                DebtKind.CHANGE_RECORD,
                f"Change record {record.number}: {missing[0]}{of}",
                "what changed is written down from the steps really done",
                since,
                None,
                record.id,
            )
    for step in loaded.known:
        done = step.state in (StepState.DONE, StepState.UNDONE)
        if step.phase is Phase.BACK_OUT or not done:
            if step.phase is Phase.WRAP_UP and step.kind is StepKind.WORK:
                if step.state is StepState.SKIPPED:
                    continue
                if outage.state is not State.CANCELLED:
                    yield Outstanding(
                        DebtKind.STEP,
                        f"Still to do: {step.label}",
                        "the wrap-up belongs to the flight",
                        since,
                        None,
                        step.id,
                    )
            continue
        row = loaded.row[step.id]
        if is_changing(step) and step.state is StepState.DONE and step.id not in recorded:
            what = "note which CI it changed" if row.ci_id is None else "draft its change record"
            yield Outstanding(
                DebtKind.CHANGE_RECORD,
                f"{step.label}: {what}",
                "every change is written down",
                since,
                None,
                step.id,
            )
    if outage.state is State.CANCELLED:
        yield from _after_cancelling(uow, outage, loaded)
    for decision in uow.all(Decision, col(Decision.outage_id) == outage.id):
        if decision.was_called and not decision.warranted:
            yield Outstanding(
                DebtKind.DECISION,
                f"Was calling {decision.answered_by} warranted?",
                "“leaders left in peace” counts from this alone",
                since,  # asked when it is over, not while it is flown
                None,
                decision.id,
            )


def _after_cancelling(uow: UnitOfWork, outage: Outage, loaded: Loaded) -> Iterator[Outstanding]:
    """Who is still to be called, and what was done for the window already."""
    since = outage.ended_at or uow.now
    for call in uow.all(Confirmation, col(Confirmation.outage_id) == outage.id):
        if call.what == CANCEL_CALL and call.answered_at is None:
            yield Outstanding(
                DebtKind.CALL,
                f"Call {call.person}: it is cancelled",
                "inside four hours a mail may not be read in time",
                call.asked_at or since,
                outage.start_utc,
                call.id,
            )
    for step in loaded.known:
        if step.phase is Phase.BEFORE and is_changing(step) and step.state is StepState.DONE:
            codes = ", ".join(loaded.step[i].code for i in step.undone_by if i in loaded.step)
            yield Outstanding(
                DebtKind.STEP,
                f"Done for the window already: {step.label}. Undo {codes or 'it'}, or skip",
                "nothing is left half changed",
                since,
                None,
                step.id,
            )
