"""What a flight owes and has not done: a function of what is known, never a stored flag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from app.models.notices.kinds import NoticeKind
from app.models.notices.plan import PlanItem
from app.models.notices.policy import Moment
from app.models.outages.debt_before import before_start, rescheduled
from app.models.outages.debt_facts import Debt as Debt
from app.models.outages.debt_facts import DebtFacts as DebtFacts
from app.models.outages.debt_facts import Outstanding as Outstanding
from app.models.outages.debt_facts import notice_owed, recipients_of
from app.models.outages.debt_kinds import DebtKind as DebtKind
from app.models.outages.lifecycle import ENDINGS, FLYING, State
from app.models.outages.told import ANNOUNCEMENTS as ANNOUNCEMENTS
from app.models.outages.told import BRIEFS, briefed
from app.models.outages.told import Told as Told
from app.models.outages.told import announces as announces
from app.models.outages.told import ever_told as ever_told
from app.models.outages.told import not_reached as not_reached
from app.models.outages.told import told_another_time as told_another_time
from app.models.outages.told import was_moved as was_moved

ENDING_NOTICE = {
    State.COMPLETE: NoticeKind.ALL_CLEAR,
    State.PARTLY_DONE: NoticeKind.PARTLY_DONE,
    State.BACKED_OUT: NoticeKind.BACKED_OUT,
    State.CANCELLED: NoticeKind.CANCELLED,
}
END_WARNING = timedelta(minutes=15)
"""How long before the promised end *extended* or *all clear* is owed (product.md)."""

UPDATE_WARNING = timedelta(minutes=10)
"""How long before a promised update it is owed: time to write it."""

BRIDGE_COUNTS = timedelta(hours=12)
"""A bridge opened longer before the start was opened for another time."""

START_GRACE = timedelta(minutes=15)
"""How long a go/no-go may run over the announced start before people hear that it waits."""

_LATER_END = {
    NoticeKind.MONITORING: "it was asked to hold its alerts until an end that is no longer the end",
    NoticeKind.SERVICE_DESK_BRIEF: "it tells callers an end that is no longer the end",
}
_UPDATED = FLYING | {State.GO_NO_GO, State.HOLD}
_WHY = {
    NoticeKind.ALL_CLEAR: "everyone who was ever told hears that it is over",
    NoticeKind.PARTLY_DONE: "everyone who was ever told hears what is done and what is not",
    NoticeKind.BACKED_OUT: "everyone who was ever told hears that it was taken back",
    NoticeKind.CANCELLED: "everyone who was ever told hears that it does not happen",
}


def debts(facts: DebtFacts) -> tuple[Debt, ...]:
    """Everything owed at `facts.now`, most urgent first."""
    if facts.state in (State.DRAFT, State.FILED):
        return ()
    before = list(before_start(facts))
    found = [
        *before,
        *rescheduled(facts, frozenset(d.notice for d in before if d.notice in BRIEFS)),
        *_delayed(facts),
        *_in_the_window(facts),
        *_update_promised(facts),
        *_later_end(facts),
        *_after_the_end(facts),
        *_bridge(facts),
        *(
            Debt(o.kind, o.sentence, o.why, o.since, o.due, about_id=o.about_id)
            for o in facts.outstanding
        ),
    ]
    return tuple(sorted(found, key=lambda debt: (debt.late_at, _can_wait(facts, debt))))


def _can_wait(facts: DebtFacts, debt: Debt) -> bool:
    """When the planned notice has no time left either, people are told first: whom the kick-off
    would ask answers at the roll call."""
    return debt.notice is NoticeKind.KICK_OFF and debt.late_at <= facts.now


def _delayed(facts: DebtFacts) -> Iterator[Debt]:
    """The announced start does not pass in silence either: who was told to stop working hears that
    they may go on. A hold is a word already given; a go/no-go may run a little over."""
    owed_from = {
        State.HOLD: facts.start,
        State.GO_NO_GO: facts.start + START_GRACE,
    }.get(facts.state)
    if owed_from is None or facts.now < owed_from:
        return
    heard = (t for t in facts.told if t.kind is NoticeKind.DELAYED)
    of_this_start = (t.recipients for t in heard if t.about_start in (None, facts.start))
    missing = ever_told(facts.told).difference(*of_this_start)
    missing -= told_another_time(facts.told, facts.now, facts.start)  # owed the new time instead
    if missing:
        why = "the announced start has passed, and it has not begun"
        yield notice_owed(facts, NoticeKind.DELAYED, missing, why, owed_from, owed_from)


def _in_the_window(facts: DebtFacts) -> Iterator[Debt]:
    if facts.state not in FLYING:
        return
    told = ever_told(facts.told)
    missing = told - recipients_of(facts, frozenset({NoticeKind.STARTED}))
    if missing and facts.now >= facts.start:
        yield notice_owed(
            facts, NoticeKind.STARTED, missing, "people hear that it has begun", facts.start
        )
    last: dict[str, datetime | None] = {}
    for t in sorted(facts.told, key=lambda t: t.sent_at):
        if t.kind in (NoticeKind.EXTENDED, NoticeKind.STARTED, *ANNOUNCEMENTS):
            last.update(dict.fromkeys(t.recipients, t.about_end))
    kept = frozenset(who for who, end in last.items() if end == facts.promised_end)
    kept |= told_another_time(facts.told, facts.now, facts.start)  # they are owed the whole window
    if told - kept:
        yield notice_owed(
            facts,
            NoticeKind.EXTENDED,
            told - kept,
            "the end they were told is no longer the end",
            facts.now,
            min([facts.now, *(end for who, end in last.items() if end and who not in kept)]),
        )
    elif told and (facts.now >= facts.promised_end - END_WARNING or facts.forecast_passes):
        yield Debt(
            DebtKind.NOTICE,
            f"Extended or {'backed out' if facts.state is State.BACKING_OUT else 'all clear'} owed",
            "the forecast passes the promised end"
            if facts.forecast_passes
            else "the promised end never passes in silence",
            min(facts.now, facts.promised_end - END_WARNING),
            facts.promised_end,
            NoticeKind.EXTENDED,
            Moment.END_OWED,
            len(told),
            told,
        )


def _update_promised(facts: DebtFacts) -> Iterator[Debt]:
    """What a notice promised to say by a time is owed from a little before it. Any later word to
    people keeps the promise; where the promised end comes as soon, that is owed anyway."""
    words = [t for t in facts.told if t.kind.to_people and t.kind is not NoticeKind.CHANGE_SUMMARY]
    promises = [t for t in words if t.next_update is not None]
    if not promises or facts.state not in _UPDATED:
        return
    last = max(promises, key=lambda t: t.sent_at)
    due = last.next_update
    if (
        due is None
        or facts.now < due - UPDATE_WARNING
        or any(t.sent_at > last.sent_at for t in words)
    ):
        return
    if facts.state in FLYING and due >= facts.promised_end - END_WARNING:
        return
    kind = NoticeKind.PROGRESS if facts.state in FLYING else NoticeKind.DELAYED
    why = "the last notice promised to say more by then"
    yield notice_owed(facts, kind, ever_told(facts.told), why, last.sent_at, due)


def _later_end(facts: DebtFacts) -> Iterator[Debt]:
    """Monitoring holds its alerts until the end it was told, and past that they would wake people;
    the service desk tells it to whoever calls."""
    for kind, why in _LATER_END.items() if facts.state in FLYING else ():
        until = _until(facts, kind)
        early = frozenset(who for who, end in until.items() if end < facts.promised_end)
        if early:
            moment, due = Moment(kind.value), min(until.values())
            yield notice_owed(facts, kind, early, why, facts.now, due, moment)


def _until(facts: DebtFacts, kind: NoticeKind) -> dict[str, datetime]:
    """The end of this window that each who got such a brief heard last."""
    until: dict[str, datetime] = {}
    for t in sorted(facts.told, key=lambda t: t.sent_at):
        heard = t.recipients if t.kind is kind else t.recipients & set(until)
        says = t.kind in (kind, NoticeKind.RESCHEDULED)
        if says and t.about_start == facts.start and t.about_end is not None:
            until.update(dict.fromkeys(heard, t.about_end))
    return until


def _after_the_end(facts: DebtFacts) -> Iterator[Debt]:
    kind = ENDING_NOTICE.get(facts.state)
    if kind is None:
        return
    told = ever_told(facts.told)
    concerned = told
    if facts.state is State.CANCELLED:  # crew and desks were asked to be there
        asked = (t for t in facts.told if t.kind is not NoticeKind.MONITORING)
        concerned |= briefed(asked)
    missing = concerned - recipients_of(facts, frozenset({kind}))
    if missing:
        yield notice_owed(facts, kind, missing, _WHY[kind], facts.state_since, facts.state_since)
    if facts.state is State.CANCELLED:
        yield from _lift_suppression(facts)
        return
    yield from _alerts_early(facts)
    promised = promised_after(facts.told, facts.state)
    for item in facts.plan:
        if item.moment is Moment.CHANGE_SUMMARY and (facts.noticeable_change or promised):
            heard = _heard_what_changed(facts)
            if not facts.noticeable_change:
                why = "people were promised to hear more by then, be it that nothing changed"
                item = replace(item, due=promised or item.due, why=why)
            concerned = told | facts.heads if facts.noticeable_change else told
            if told and (owed := concerned - heard):
                yield _afterwards(facts, item, NoticeKind.CHANGE_SUMMARY, owed)
        told_since = any(
            t.kind is NoticeKind.SERVICE_DESK_BRIEF and t.sent_at >= facts.state_since
            for t in facts.told
        )
        if item.moment is Moment.END_BRIEF and not told_since:
            yield _afterwards(facts, item, NoticeKind.SERVICE_DESK_BRIEF, frozenset())


def _heard_what_changed(facts: DebtFacts) -> frozenset[str]:
    """Once there is something, “nothing changed” was no word of it."""
    said = (t for t in facts.told if t.kind is NoticeKind.CHANGE_SUMMARY)
    true = (t for t in said if not (t.nothing_changed and facts.noticeable_change))
    return frozenset().union(*(t.recipients for t in true))


def promised_after(told: Iterable[Told], ending: State) -> datetime | None:
    """When those who heard that it was not done, or not all of it, were promised to hear more."""
    kind = ENDING_NOTICE.get(ending)
    return max((t.next_update for t in told if t.kind is kind and t.next_update), default=None)


def _afterwards(facts: DebtFacts, item: PlanItem, kind: NoticeKind, to: frozenset[str]) -> Debt:
    return notice_owed(facts, kind, to, item.why, facts.state_since, item.due, item.moment)


def _lift_suppression(facts: DebtFacts) -> Iterator[Debt]:
    """Monitoring was asked to suppress alerts for a window that does not happen."""
    asked = [t for t in facts.told if t.kind is NoticeKind.MONITORING]
    if asked and max(t.sent_at for t in asked) < facts.state_since:
        yield notice_owed(
            facts,
            NoticeKind.MONITORING,
            frozenset().union(*(t.recipients for t in asked)),
            "the alerts stay on: nothing is suppressed for a cancelled window",
            facts.state_since,
            facts.state_since,
        )


def _alerts_early(facts: DebtFacts) -> Iterator[Debt]:
    """It ended before the end that monitoring was told, and no step wakes the alerts. Past that end
    they come on by themselves, and there is nothing more to say."""
    if facts.wakes_alerts:
        return
    since = (t for t in facts.told if t.sent_at >= facts.state_since)
    heard = frozenset().union(*(t.recipients for t in since if t.kind is NoticeKind.MONITORING))
    until = _until(facts, NoticeKind.MONITORING)
    if still := frozenset(who for who, end in until.items() if end > facts.now) - heard:
        why = "it ended early, and alerts can come on again"
        at = facts.state_since
        yield notice_owed(facts, NoticeKind.MONITORING, still, why, at, at, Moment.MONITORING)


def of_this_window(opened: datetime | None, start: datetime) -> bool:
    """A bridge that was opened then serves a window that begins at `start`."""
    return opened is not None and opened >= start - BRIDGE_COUNTS


def _bridge(facts: DebtFacts) -> Iterator[Debt]:
    is_open = facts.bridge_opened is not None and facts.bridge_closed is None
    proof = "it is closed with proof, so that nobody is left listening"
    if is_open and facts.state in ENDINGS:
        since = facts.state_since
        yield Debt(DebtKind.BRIDGE, "The bridge is still open", proof, since, since)
    if facts.state in (State.ANNOUNCED, State.GO_NO_GO, State.HOLD):
        if is_open and not of_this_window(facts.bridge_opened, facts.start):
            sentence = "The bridge is still open from before the window moved"
            since = facts.state_since
            yield Debt(DebtKind.BRIDGE, sentence, proof, since, since, to_close=True)
            return
        for item in facts.plan:
            if item.due > facts.now:
                continue
            if item.moment is Moment.BRIDGE and facts.has_bridge and not is_open:
                yield Debt(DebtKind.BRIDGE, "Open the bridge", item.why, item.due, facts.start)
            if item.moment is Moment.PACKET and facts.packet_printed is None:
                yield Debt(DebtKind.PACKET, "Print the packet", item.why, item.due, facts.start)
