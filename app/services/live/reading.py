"""Live: everything about the flight of the moment in one look. Read only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlmodel import col, func, select

from app.models.live.go import GoFacts, judge, latest_answers, too_early
from app.models.notices.kinds import NoticeKind
from app.models.outages.decisions import card_from
from app.models.outages.lifecycle import BEFORE_START, ENDINGS, FLYING, State
from app.models.runbook import (
    SETTLED,
    StepState,
    is_unseen_check,
    plan,
    undo_time,
)
from app.models.tables.directory import Person
from app.models.tables.log import LogEntry
from app.models.tables.outages import Outage
from app.services.live.bridge_rows import bridge_row
from app.services.live.crew import crew_of
from app.services.live.crew_times import times_of
from app.services.live.extending import just_extended
from app.services.live.going_on import answered
from app.services.live.look import Look
from app.services.live.next_act import next_act_of
from app.services.live.open_steps import waiting_steps
from app.services.live.roll_call import go_facts
from app.services.live.rows import (
    CriterionRow,
    LiveRows,
    OwedRow,
    RollRow,
    Shown,
    ToldRow,
    owed_row,
)
from app.services.live.said import said_now
from app.services.live.saying import say_now
from app.services.live.services_words import services_in_words
from app.services.live.sides import holders
from app.services.log import read_log
from app.services.notices.planning import told_of
from app.services.notices.stored import InOutbox, waiting_items
from app.services.outages.debt import debts_of
from app.services.outages.turning_back import changed_for_people, past_return_words
from app.services.uow import UnitOfWork

LOG_TAIL = 60
SOON = timedelta(hours=24)
LINGER = timedelta(hours=12)
"""How long a flight that has ended stays on Live by itself while it is not filed; later it is named
there, one act away."""


def live_outage(uow: UnitOfWork, prefer: Sequence[str] = ()) -> Shown | None:
    """Which outage Live shows: the first of `prefer` (ids looked at last) whose turn it can be,
    whenever it ended;
    else the one being flown; else the one at its gate; else what starts within a day or has just
    ended and is not filed; else the next, with `now` false. What is announced only does not take
    Live from a flight in the air."""
    rows = uow.all(Outage, col(Outage.state) != State.FILED, order=(col(Outage.start_utc),))

    def nearest(found: Sequence[Outage]) -> Outage | None:
        return min(found, key=lambda o: abs(o.start_utc - uow.now), default=None)

    over = [o for o in rows if o.state in ENDINGS - {State.CANCELLED} and o.ended_at is not None]
    ended = [o for o in over if o.ended_at and uow.now - o.ended_at <= LINGER]
    soon = [o for o in rows if o.state is State.ANNOUNCED and abs(o.start_utc - uow.now) <= SOON]
    flying = [o for o in rows if o.state in FLYING]
    gates = [o for o in rows if o.state in (State.GO_NO_GO, State.HOLD)]
    may = {o.id: o for o in (*flying, *gates, *over, *(() if flying else soon))}
    turn = (
        next((may[each] for each in prefer if each in may), None)
        or nearest(flying)
        or nearest(gates)
        or nearest(ended + soon)
    )
    if turn is not None:
        return _shown(turn, now=True)
    coming = [o for o in rows if o.state in BEFORE_START and o.start_utc > uow.now]
    return _shown(coming[0], now=False) if coming else None


def _shown(outage: Outage, *, now: bool) -> Shown:
    return Shown(
        outage.id,
        outage.code,
        outage.title,
        outage.state,
        outage.start_utc,
        outage.promised_end_utc,
        outage.zone,
        now,
    )


def live(uow: UnitOfWork, outage_id: str) -> LiveRows:
    """Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    look = Look(uow, outage)
    facts = go_facts(uow, outage)
    criteria = tuple(
        CriterionRow(j.criterion, j.criterion.words, j.met, j.evidence, j.by_hand)
        for j in judge(facts)
    )
    roll = _roll_call(uow, facts)
    bridge = bridge_row(uow, outage)
    leaving = waiting_items(uow, outage.id)
    owed = _owed(uow, outage, leaving)
    running = look.lines(lambda s: s.state is StepState.RUNNING)
    checks = look.lines(is_unseen_check)
    following = look.following()
    turn = look.turn()
    blocked = look.lines(lambda s: s.state is StepState.BLOCKED)
    say, words = say_now(
        outage,
        services_in_words(uow, outage),
        look.coordinator,
        bridge,
        roll,
        criteria,
        running,
        following,
        checks,
        look.way_back,
        just_extended(uow, outage),
        changed_for_people(look.loaded, outage.state),
        now=uow.now,
        latest_start=turn.start_by if turn is not None else None,
        blocked=blocked,
        undoing=look.undoing,
    )
    steps_leaving = waiting_steps(uow, outage.id)
    next_act = next_act_of(
        outage, bridge, criteria, roll, owed, look.playing, uow.now, steps_leaving
    )
    head = look.loaded.known
    return LiveRows(
        outage_id=outage.id,
        version=outage.version,
        code=outage.code,
        title=outage.title,
        state=outage.state,
        zone=outage.zone,
        now=uow.now,
        start=outage.start_utc,
        window_end=outage.end_utc,
        promised_end=outage.promised_end_utc,
        ended_at=outage.ended_at,
        coordinator=look.coordinator,
        way_back=look.way_back,
        past_return=look.past_return,
        back_out_warning=past_return_words(uow, outage, look.past_return, look.loaded.known)
        if look.past_return
        else "",
        anything_to_undo=undo_time(head, uow.now) > timedelta(),
        margin=look.margin(),
        plan_end=plan(head, outage.start_utc).likely_end,
        steps=len(look.playing),
        done=sum(step.state in SETTLED for step in look.playing),
        running=running,
        blocked=blocked,
        following=following,
        checks=checks,
        turn=turn,
        criteria=criteria,
        roll_call=roll,
        bridge=bridge,
        checker=outage.checker,
        checker_phone=outage.checker_phone,
        user_check=outage.user_check,
        user_check_due=outage.user_check_due,
        verified=look.verified,
        data_loss=outage.data_loss,
        owed=owed,
        told=tuple(
            ToldRow(t.kind.words, len(t.recipients), t.sent_at)
            for t in reversed(told_of(uow, outage.id))
        ),
        log=tuple(read_log(uow, outage.id, LOG_TAIL)),
        log_length=_log_length(uow, outage.id),
        say=say,
        words=words,
        card=card_from(outage.decision_card),
        bars=look.bars(),
        next_act=next_act,
        answered_asks=answered(uow, outage.id),
        crew=crew_of(look),
        said=said_now(look),
        times=times_of(look),
        sides=holders(uow, outage),
        too_early=too_early(uow.now, outage.start_utc, outage.zone),
        leaving=frozenset(leaving),
    )


def _roll_call(uow: UnitOfWork, facts: GoFacts) -> tuple[RollRow, ...]:
    """Everybody expected in runbook order, then whoever else answered."""
    phones = {person.name: person.phone for person in uow.all(Person)}
    said = latest_answers(facts.answers)
    names = dict.fromkeys((*facts.expected, *said))
    rows = []
    for name in names:
        answer = said.get(name)
        rows.append(
            RollRow(
                name,
                phones.get(name, ""),
                answer.go if answer else None,
                answer.at if answer else None,
                answer.why if answer else "",
            )
        )
    return tuple(rows)


def _owed(
    uow: UnitOfWork, outage: Outage, leaving: Mapping[NoticeKind, InOutbox]
) -> tuple[OwedRow, ...]:
    return tuple(owed_row(d, uow.now, leaving) for d in debts_of(uow, outage))


def _log_length(uow: UnitOfWork, outage_id: str) -> int:
    query = select(func.count()).where(LogEntry.outage_id == outage_id)
    return int(uow.session.exec(query).one())
