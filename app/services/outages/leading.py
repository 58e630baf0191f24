"""Lead the outage through its life. Each transition checks its gate and records what it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlmodel import col

from app.models.errors import BadInput, NotAllowed
from app.models.live.go import judge, noes, too_early, undecided, unread
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.decisions import Act, Decided, card_from, require_decision
from app.models.outages.lifecycle import ENDINGS, ImpactClass, State, require_move
from app.models.runbook import SETTLED, Phase, StepAct, StepKind, StepState, is_unseen_check
from app.models.runbook.backout import running_lost, steps_to_undo
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.times import speak_moment
from app.services.calendar.owed import owe_event
from app.services.changes import draft_changes
from app.services.events import LiveChanged, OutageChanged, StepsChanged
from app.services.live.deciding import record_decision
from app.services.live.open_steps import open_in_window
from app.services.live.roll_call import go_facts
from app.services.outages.call_list import open_call_list
from app.services.outages.debt import CALL_LIST_WITHIN, debts_of
from app.services.outages.planning import service_ids
from app.services.outages.turning_back import require_back_out
from app.services.outages.voiding import void_meeting, void_waiting
from app.services.outages.waiving import note_waiver, spoken
from app.services.runbook.acting import Report, apply_act, check_step, complete_acts
from app.services.runbook.loading import load_steps
from app.services.runbook.turned_back import require_way_back_untouched
from app.services.uow import Undo, UnitOfWork


@dataclass(frozen=True, slots=True)
class Going:
    """What a transition is given. `waive` maps a step's code or a criterion's token to the
    reason; `user_check_due` promises the user's check for later, which stays as debt."""

    by: str = ""
    why: str = ""
    user_check: str = ""
    user_check_due: datetime | None = None
    data_loss: str = ""
    waive: Mapping[str, str] = field(default_factory=dict)
    decided: Decided | None = None


def advance(
    uow: UnitOfWork, outage_id: str, to: State, going: Going = Going(), *, seen: int | None = None
) -> Undo:
    """Move the outage to `to`. Raises NotAllowed naming what is missing, BadInput, Stale."""
    outage = uow.fetch(Outage, outage_id, seen)
    require_move(outage.state, to)
    came_from = outage.state
    gate = _GATES.get(to)
    if gate is not None:
        gate(uow, outage, going)
    outage.state, outage.state_since = to, uow.now
    why = f": {going.why.strip()}" if going.why.strip() else ""
    uow.log(
        f"{outage.code} {came_from.words} → {to.words}{why}", outage, who=going.by, kind="state"
    )
    if to in (State.PLANNED, State.CANCELLED):
        owe_event(uow, outage)
    uow.emit(OutageChanged(outage.id, ended=to in ENDINGS and to is not State.CANCELLED))
    uow.emit(StepsChanged(outage.id))
    uow.emit(LiveChanged(outage.id))
    turned = partial(require_way_back_untouched, outage_id=outage.id)
    also = turned if to is State.BACKING_OUT else None
    return uow.undo(f"{outage.code} {to.words.lower()}", outage.id, also=also)


def _plan(uow: UnitOfWork, outage: Outage, going: Going) -> None:
    if outage.coordinator_id is None:
        raise _lacks("Name the coordinator who leads it; then it can be planned.", outage)
    if not service_ids(uow, outage.id):
        raise _lacks("Name the services it takes down; then it can be planned.", outage)
    if outage.impact is ImpactClass.URGENT and not (outage.approver and outage.urgent_reason):
        raise _lacks(
            "An urgent outage needs in its plan who approved it and why it is urgent.", outage
        )
    from app.services.calendar.conflicts import open_blocks

    blocks = open_blocks(uow, outage)
    if blocks:
        more = f" (and {len(blocks) - 1} more)" if len(blocks) > 1 else ""
        raise NotAllowed(
            f"{blocks[0]}{more} Move the window, or accept the conflict by name and reason.",
            conflicts=tuple(blocks),
        )


def _lacks(sentence: str, outage: Outage) -> NotAllowed:
    """Of its plan: where the refusal is shown, the plan can be changed."""
    return NotAllowed(sentence, plan=outage.id)


def _announce(uow: UnitOfWork, outage: Outage, going: Going) -> None:
    """Announced is what the planned notice makes it (or, from Go/no-go, a step back)."""
    if outage.state is State.GO_NO_GO:
        return
    told = uow.all(
        Notice,
        col(Notice.outage_id) == outage.id,
        col(Notice.kind).in_([NoticeKind.PLANNED, NoticeKind.RESCHEDULED]),
        col(Notice.state) == NoticeState.SENT,
    )
    if not told:
        raise NotAllowed(
            "Nobody was told yet: send the planned notice, which makes it announced by itself."
        )


def _go(uow: UnitOfWork, outage: Outage, going: Going) -> None:
    """GO, or back to work from Verifying."""
    if outage.state is State.VERIFYING:
        return
    if early := too_early(uow.now, outage.start_utc, outage.zone):
        raise NotAllowed(early)
    facts = go_facts(uow, outage)
    judged = judge(facts)
    missing = [j for j in judged if not j.met and j.criterion.value not in going.waive]
    if missing:
        first = missing[0]
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        raise NotAllowed(
            f"Not GO yet. {first.criterion.words}: {first.evidence}{more}. "
            "Settle it, or waive it by name and reason.",
            missing=tuple(j.criterion.value for j in missing),
        )
    against = noes(facts)
    if against:
        names = ", ".join(f"{a.name}{f' ({a.why})' if a.why else ''}" for a in against)
        line = require_decision(card_from(outage.decision_card), Act.NO_GO, going.decided)
        decided = going.decided or Decided(going.by or uow.actor.name, going.why)
        record_decision(uow, outage, Act.NO_GO, decided, f"go although {names} said no", line=line)
    _note_waivers(uow, outage, going, {j.criterion.value: j.evidence for j in judged if not j.met})
    outage.started_at = uow.now
    complete_acts(uow, outage, StepKind.GATE, by=going.by)
    met = sum(1 for j in judged if j.met)
    said = f"GO · {met} of {len(judged)} criteria met"
    for waiting in (undecided(facts), unread(facts)):
        said += f"; {waiting}" if waiting else ""
    uow.log(said, outage, who=going.by, kind="go")


def _hold(uow: UnitOfWork, outage: Outage, going: Going) -> None:
    line = require_decision(card_from(outage.decision_card), Act.HOLD, going.decided)
    if going.decided:
        record_decision(uow, outage, Act.HOLD, going.decided, "hold", line=line)


def _verify(uow: UnitOfWork, outage: Outage, going: Going) -> None:
    """All of the window's steps are settled; with a reason the rest is left (a safe point)."""
    loaded = load_steps(uow, outage.id)
    left = open_in_window(uow, outage.id, loaded.known)
    busy = [s for s in left if s.begun]
    if busy or (left and not going.why.strip()):
        names = ", ".join(s.label for s in (busy or left)[:4])
        it = "it" if len(busy or left) == 1 else "them"
        if busy and going.why.strip():
            raise NotAllowed(
                f"Begun and not finished: {names}. Finish or skip {it} first; only what is not "
                "begun can be left out.",
                open=tuple(s.code for s in busy),
            )
        raise NotAllowed(
            f"Still open: {names}. Finish {it}, or say why "
            "you stop at this safe point and leave the rest.",
            open=tuple(s.code for s in busy or left),
        )
    for step in left:
        report = Report(going.by, note=f"left out: {going.why}")
        apply_act(uow, outage, loaded.row[step.id], step, StepAct.SKIP, report)


def _complete(uow: UnitOfWork, outage: Outage, going: Going) -> None:
    """The all-clear: never automatic, gated (product.md)."""
    _waive_checks(uow, outage, going)
    _require_checks(uow, outage)
    _user_word(uow, outage, going)
    outage.ended_at = uow.now
    complete_acts(uow, outage, StepKind.ALL_CLEAR, by=going.by)
    uow.session.flush()
    draft_changes(uow, outage)
    said = f"ALL CLEAR · data loss: {outage.data_loss}"
    if outage.user_check_due is not None:
        due = speak_moment(outage.user_check_due, outage.zone)
        said += f" · restored, user check due {due} by {outage.checker or 'the user side'}"
    uow.log(said, outage, who=going.by, kind="all_clear")


def _partly(uow: UnitOfWork, outage: Outage, going: Going) -> None:
    if not going.why.strip():
        raise BadInput("Say what is done and what is not, in words people understand.")
    _waive_checks(uow, outage, going)
    _require_checks(uow, outage)
    _user_word(uow, outage, going)
    outage.ended_at, outage.ending_note = uow.now, going.why.strip()
    complete_acts(uow, outage, StepKind.ALL_CLEAR, by=going.by, act=StepAct.SKIP)
    uow.session.flush()
    draft_changes(uow, outage)


def _back_out(uow: UnitOfWork, outage: Outage, going: Going) -> None:
    if not going.why.strip():
        raise BadInput("Say why you turn back; it goes into the log and the notice.")
    line, what = require_back_out(uow, outage, going.decided)
    decided = going.decided or Decided(going.by or uow.actor.name, going.why)
    record_decision(uow, outage, Act.BACK_OUT, decided, what, line=line)
    outage.ending_note = going.why.strip()


def _backed_out(uow: UnitOfWork, outage: Outage, going: Going) -> None:
    loaded = load_steps(uow, outage.id)
    left = [
        s
        for s in (*steps_to_undo(loaded.known), *running_lost(loaded.known))
        if s.state not in SETTLED and s.code not in going.waive
    ]
    checks = [
        s
        for s in loaded.known
        if s.phase is Phase.BACK_OUT
        and s.kind is StepKind.CHECK
        and s.state not in SETTLED
        and s.code not in going.waive
    ]
    if left or checks:
        names = ", ".join(s.label for s in [*left, *checks][:4])
        raise NotAllowed(f"Not back yet: {names}. Finish or waive each by name and reason.")
    _note_waivers(uow, outage, going)
    _user_word(uow, outage, going)
    outage.ended_at, outage.ending_note = uow.now, going.why.strip() or outage.ending_note
    draft_changes(uow, outage)


def _cancel(uow: UnitOfWork, outage: Outage, going: Going) -> None:
    """Cancelled: nothing waiting leaves any more; `why` says postponed (until when) or dropped."""
    if not going.why.strip():
        raise BadInput(
            "Say why, and whether it is “postponed, new date by …” or “dropped”: people are told."
        )
    line = require_decision(card_from(outage.decision_card), Act.CANCEL, going.decided)
    if going.decided:
        record_decision(uow, outage, Act.CANCEL, going.decided, "cancel", line=line)
    outage.ended_at, outage.ending_note = uow.now, going.why.strip()
    void_waiting(uow, outage, "cancelled")
    void_meeting(uow, outage, "the outage is cancelled")
    outage.calendar_sequence += 1
    asked = outage.state is not State.DRAFT  # of a draft nobody knows
    if asked and outage.start_utc - uow.now <= CALL_LIST_WITHIN:
        open_call_list(uow, outage)


def _file(uow: UnitOfWork, outage: Outage, going: Going) -> None:
    owed = debts_of(uow, outage)
    if owed:
        listed = "; ".join(debt.sentence for debt in owed[:4])
        more = f"; and {len(owed) - 4} more" if len(owed) > 4 else ""
        raise NotAllowed(
            f"Still owed: {listed}{more}. A flight with debt is not filed.",
            owed=tuple(debt.kind.value for debt in owed),
        )


_GATES: dict[State, Callable[[UnitOfWork, Outage, Going], None]] = {
    State.PLANNED: _plan,
    State.ANNOUNCED: _announce,
    State.IN_PROGRESS: _go,
    State.HOLD: _hold,
    State.VERIFYING: _verify,
    State.COMPLETE: _complete,
    State.PARTLY_DONE: _partly,
    State.BACKING_OUT: _back_out,
    State.BACKED_OUT: _backed_out,
    State.CANCELLED: _cancel,
    State.FILED: _file,
}


def _note_waivers(
    uow: UnitOfWork, outage: Outage, going: Going, evidence: Mapping[str, str] | None = None
) -> None:
    """`evidence` is what was not so, by criterion."""
    for what, why in going.waive.items():
        by, found = note_waiver(uow, outage, what, why, going.by), (evidence or {}).get(what)
        uow.log(
            f"{by} waived {spoken(what)}{f' ({found})' if found else ''}: {why.strip()}",
            outage,
            kind="waiver",
        )


def _waive_checks(uow: UnitOfWork, outage: Outage, going: Going) -> None:
    rows = {row.code: row for row in load_steps(uow, outage.id).rows}
    for code, why in going.waive.items():
        if code not in rows:
            raise BadInput(f"There is no step {code} to waive.")
        if rows[code].state is not StepState.DONE:
            report = Report(by=going.by or uow.actor.name, note=why)
            check_step(uow, rows[code].id, "waived", report, seen=rows[code].version)
            uow.session.flush()


def _require_checks(uow: UnitOfWork, outage: Outage) -> None:
    """Every verify step passed or waived by name."""
    loaded = load_steps(uow, outage.id)
    left = [s for s in loaded.known if s.phase is Phase.VERIFY and is_unseen_check(s)]
    if left:
        names = ", ".join(s.label for s in left[:4])
        raise NotAllowed(
            f"Not verified yet: {names}. Each check is passed, or waived by name and reason.",
            open=tuple(s.code for s in left),
        )


def _user_word(uow: UnitOfWork, outage: Outage, going: Going) -> None:
    """The user-side check kept verbatim, or promised for later; data loss stated or “none”."""
    check = going.user_check.strip() or outage.user_check
    due = going.user_check_due or (None if check else outage.user_check_due)
    if not check and due is None:
        who = outage.checker or "the user-side checker"
        raise NotAllowed(
            f"What did {who} say? Note it word for word, or say until when the check is due."
        )
    data_loss = going.data_loss.strip() or outage.data_loss
    if not data_loss:
        raise NotAllowed("Say what data was lost, or “none”; people are told either way.")
    outage.user_check, outage.user_check_due, outage.data_loss = check, due, data_loss
