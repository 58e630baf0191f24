"""What a flight owes and has not done: a function of what is known, never a stored flag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.models.notices.kinds import NoticeKind
from app.models.notices.plan import PlanItem
from app.models.notices.policy import Moment
from app.models.outages.debt_kinds import DebtKind as DebtKind
from app.models.outages.lifecycle import BEFORE_START, ENDINGS, FLYING, State


@dataclass(frozen=True, slots=True)
class Told:
    """One notice that left. `recipients` are casefolded addresses; a list counts as one. `missed`
    are those it did not reach, as the rest of it was taken back."""

    kind: NoticeKind
    sent_at: datetime
    recipients: frozenset[str]
    about_start: datetime | None = None
    about_end: datetime | None = None
    missed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outstanding:
    """Something other than a notice that waits for somebody, in words."""

    kind: DebtKind
    sentence: str
    why: str
    since: datetime
    due: datetime | None = None
    about_id: str = ""


@dataclass(frozen=True, slots=True)
class DebtFacts:
    """What the debt is computed from. `audience` is who is to be told as things stand now, `heads`
    who leads a department: they hear what changed, too."""

    state: State
    now: datetime
    start: datetime
    promised_end: datetime
    state_since: datetime
    plan: tuple[PlanItem, ...] = ()
    told: tuple[Told, ...] = ()
    audience: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()
    noticeable_change: bool = False
    bridge_opened: datetime | None = None
    bridge_closed: datetime | None = None
    has_bridge: bool = True
    packet_printed: datetime | None = None
    outstanding: tuple[Outstanding, ...] = ()


@dataclass(frozen=True, slots=True)
class Debt:
    """`due` and `last_possible` as in the plan; `count` is people and lists a notice is owed to (0
    where it is no notice)."""

    kind: DebtKind
    sentence: str
    why: str
    since: datetime
    due: datetime | None = None
    notice: NoticeKind | None = None
    moment: Moment | None = None
    count: int = 0
    owed_to: frozenset[str] = frozenset()
    about_id: str = ""
    last_possible: datetime | None = None

    @property
    def until(self) -> datetime | None:
        """Until when it still serves, where that is known."""
        return self.last_possible or self.due

    @property
    def late_at(self) -> datetime:
        """From when on it is late, for sorting the most urgent first."""
        return self.until or self.since


ANNOUNCEMENTS = frozenset({NoticeKind.PLANNED, NoticeKind.RESCHEDULED})
ENDING_NOTICE = {
    State.COMPLETE: NoticeKind.ALL_CLEAR,
    State.PARTLY_DONE: NoticeKind.PARTLY_DONE,
    State.BACKED_OUT: NoticeKind.BACKED_OUT,
    State.CANCELLED: NoticeKind.CANCELLED,
}
END_WARNING = timedelta(minutes=15)
"""How long before the promised end *extended* or *all clear* is owed (product.md)."""

START_GRACE = timedelta(minutes=15)
"""How long a go/no-go may run over the announced start before people hear that it waits."""

_BEFORE_START_ITEMS = frozenset(
    {
        Moment.KICK_OFF,
        Moment.PLANNED,
        Moment.REMINDER,
        Moment.CREW_BRIEF,
        Moment.SERVICE_DESK_BRIEF,
        Moment.MONITORING,
    }
)
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
    found = [
        *_before_start(facts),
        *_rescheduled(facts),
        *_delayed(facts),
        *_in_the_window(facts),
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


def ever_told(told: Iterable[Told]) -> frozenset[str]:
    """Everyone who was told of the outage itself. The summary of what changed goes to department
    heads too, who are not owed an all-clear for an outage they never heard of."""
    of_it = (t for t in told if t.kind.to_people and t.kind is not NoticeKind.CHANGE_SUMMARY)
    return frozenset().union(*(t.recipients for t in of_it))


def _notice(
    facts: DebtFacts,
    kind: NoticeKind,
    to: frozenset[str],
    why: str,
    since: datetime,
    due: datetime | None = None,
    moment: Moment | None = None,
    last_possible: datetime | None = None,
) -> Debt:
    addresses = "address" if len(to) == 1 else "addresses"  # a list counts once
    words = f"{kind.words} owed to {len(to)} {addresses}" if to else f"{kind.words} owed"
    debt = Debt(DebtKind.NOTICE, words, why, since, due, kind, moment, len(to), to)
    return replace(debt, last_possible=last_possible)


def _planned(facts: DebtFacts, item: PlanItem, kind: NoticeKind, to: frozenset[str]) -> Debt:
    last = item.last_possible
    return _notice(facts, kind, to, item.why, item.due, item.due, item.moment, last)


def _before_start(facts: DebtFacts) -> Iterator[Debt]:
    """What the communication plan has due by now; what was missed lapses with the start."""
    if facts.state not in BEFORE_START:
        return
    for item in facts.plan:
        if item.kind is None or item.moment not in _BEFORE_START_ITEMS or item.due > facts.now:
            continue
        met = item.met_by or frozenset({item.kind})
        if item.moment is Moment.PLANNED:
            missing = facts.audience - _recipients(facts, ANNOUNCEMENTS)
            if missing or not any(t.kind in ANNOUNCEMENTS for t in facts.told):
                yield _planned(facts, item, item.kind, missing)
        elif item.moment is Moment.KICK_OFF and _announced_as_it_is(facts):
            continue
        elif not any(t.kind in met for t in _since_item(facts, item)):
            to = facts.audience if item.kind.to_people else frozenset()
            yield _planned(facts, item, item.kind, to)
        elif missed := not_reached(t for t in _since_item(facts, item) if t.kind in met):
            why = "the rest of it was taken back before it reached them"
            yield replace(_planned(facts, item, item.kind, missed), why=why)


def not_reached(told: Iterable[Told]) -> frozenset[str]:
    """Of notices of one kind, oldest first: whom the last one was taken back from, and no other
    reached."""
    known = list(told)
    if not known:
        return frozenset()
    return known[-1].missed.difference(*(t.recipients for t in known))


def _announced_as_it_is(facts: DebtFacts) -> bool:
    """The kick-off asks who takes part before people are told. Once the planned notice of this
    very window has left it has nothing more to guard: the crew brief and the roll call ask them.
    A moved flight asks again, as its planned notice spoke of another time."""
    return any(t.kind is NoticeKind.PLANNED and t.about_start == facts.start for t in facts.told)


def _since_item(facts: DebtFacts, item: PlanItem) -> tuple[Told, ...]:
    """Notices that can have met the item: those that spoke of the window as it is now. A reminder
    counts from half a day before it was due, so that last week's is not taken for today's."""
    current = tuple(t for t in facts.told if t.about_start in (None, facts.start))
    if item.moment is not Moment.REMINDER:
        return current
    return tuple(t for t in current if t.sent_at >= item.due - timedelta(hours=12))


def _recipients(facts: DebtFacts, kinds: frozenset[NoticeKind]) -> frozenset[str]:
    return frozenset().union(*(t.recipients for t in facts.told if t.kind in kinds))


def told_another_time(
    told: Iterable[Told], now: datetime, start: datetime, end: datetime | None = None
) -> frozenset[str]:
    """Whose last word about the window is not the window as it is: its start, and its `end`
    where one is given. Once it has begun, *started* is such a word too; while it is still to come
    only the rescheduled notice tells them that the old time is void."""
    words = ANNOUNCEMENTS | ({NoticeKind.STARTED} if now >= start else frozenset())
    last: dict[str, tuple[datetime, datetime | None]] = {}
    for t in sorted(told, key=lambda t: t.sent_at):
        if t.kind in words and t.about_start is not None:
            last.update(dict.fromkeys(t.recipients, (t.about_start, t.about_end)))
    return frozenset(
        who for who, (began, ends) in last.items() if began != start or end not in (None, ends)
    )


def announces(kind: NoticeKind, about_start: datetime | None, start: datetime) -> bool:
    """It is what tells people of the window as it is."""
    return kind in ANNOUNCEMENTS and about_start in (None, start)


def was_moved(told: Iterable[Told], start: datetime) -> bool:
    """Somebody was once told that it begins at another time."""
    return any(t.kind in ANNOUNCEMENTS and t.about_start not in (None, start) for t in told)


def _rescheduled(facts: DebtFacts) -> Iterator[Debt]:
    """Each person's last word about the window must be the window as it is. A GO does not settle
    that: who still believes in another time is owed the new one until the window has begun and
    *started* says so."""
    if facts.state in BEFORE_START:
        wrong = told_another_time(facts.told, facts.now, facts.start, facts.promised_end)
    elif facts.state in FLYING:
        wrong = told_another_time(facts.told, facts.now, facts.start)
    else:
        return
    if wrong:
        yield _notice(
            facts,
            NoticeKind.RESCHEDULED,
            wrong,
            "they were told another time",
            facts.state_since,
            min(facts.now, facts.start),
        )


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
        yield _notice(facts, NoticeKind.DELAYED, missing, why, owed_from, owed_from)


def _in_the_window(facts: DebtFacts) -> Iterator[Debt]:
    if facts.state not in FLYING:
        return
    told = ever_told(facts.told)
    missing = told - _recipients(facts, frozenset({NoticeKind.STARTED}))
    if missing and facts.now >= facts.start:
        yield _notice(
            facts, NoticeKind.STARTED, missing, "people hear that it has begun", facts.start
        )
    last: dict[str, datetime | None] = {}
    for t in sorted(facts.told, key=lambda t: t.sent_at):
        if t.kind in (NoticeKind.EXTENDED, NoticeKind.STARTED, *ANNOUNCEMENTS):
            last.update(dict.fromkeys(t.recipients, t.about_end))
    kept = frozenset(who for who, end in last.items() if end == facts.promised_end)
    kept |= told_another_time(facts.told, facts.now, facts.start)  # they are owed the whole window
    if told - kept:
        yield _notice(
            facts,
            NoticeKind.EXTENDED,
            told - kept,
            "the end they were told is no longer the end",
            facts.now,
            facts.now,
        )
    elif facts.now >= facts.promised_end - END_WARNING and told:
        yield Debt(
            DebtKind.NOTICE,
            f"Extended or {'backed out' if facts.state is State.BACKING_OUT else 'all clear'} owed",
            "the promised end never passes in silence",
            facts.promised_end - END_WARNING,
            facts.promised_end,
            NoticeKind.EXTENDED,
            Moment.END_OWED,
            len(told),
            told,
        )


def _after_the_end(facts: DebtFacts) -> Iterator[Debt]:
    kind = ENDING_NOTICE.get(facts.state)
    if kind is None:
        return
    told = ever_told(facts.told)
    missing = told - _recipients(facts, frozenset({kind}))
    if missing:
        yield _notice(facts, kind, missing, _WHY[kind], facts.state_since, facts.state_since)
    if facts.state is State.CANCELLED:
        yield from _lift_suppression(facts)
        return
    for item in facts.plan:
        if item.moment is Moment.CHANGE_SUMMARY and facts.noticeable_change:
            heard = _recipients(facts, frozenset({NoticeKind.CHANGE_SUMMARY}))
            if told and (owed := (told | facts.heads) - heard):
                yield _afterwards(facts, item, NoticeKind.CHANGE_SUMMARY, owed)
        briefed = any(
            t.kind is NoticeKind.SERVICE_DESK_BRIEF and t.sent_at >= facts.state_since
            for t in facts.told
        )
        if item.moment is Moment.END_BRIEF and not briefed:
            yield _afterwards(facts, item, NoticeKind.SERVICE_DESK_BRIEF, frozenset())


def _afterwards(facts: DebtFacts, item: PlanItem, kind: NoticeKind, to: frozenset[str]) -> Debt:
    return _notice(facts, kind, to, item.why, facts.state_since, item.due, item.moment)


def _lift_suppression(facts: DebtFacts) -> Iterator[Debt]:
    """Monitoring was asked to suppress alerts for a window that does not happen."""
    asked = [t for t in facts.told if t.kind is NoticeKind.MONITORING]
    if asked and max(t.sent_at for t in asked) < facts.state_since:
        yield _notice(
            facts,
            NoticeKind.MONITORING,
            frozenset().union(*(t.recipients for t in asked)),
            "the alerts stay on: nothing is suppressed for a cancelled window",
            facts.state_since,
            facts.state_since,
        )


def _bridge(facts: DebtFacts) -> Iterator[Debt]:
    is_open = facts.bridge_opened is not None and facts.bridge_closed is None
    if is_open and facts.state in ENDINGS:
        yield Debt(
            DebtKind.BRIDGE,
            "The bridge is still open",
            "it is closed with proof, so that nobody is left listening",
            facts.state_since,
            facts.state_since,
        )
    if facts.state in (State.ANNOUNCED, State.GO_NO_GO, State.HOLD):
        for item in facts.plan:
            if item.due > facts.now:
                continue
            if item.moment is Moment.BRIDGE and facts.has_bridge and not is_open:
                yield Debt(DebtKind.BRIDGE, "Open the bridge", item.why, item.due, facts.start)
            if item.moment is Moment.PACKET and facts.packet_printed is None:
                yield Debt(DebtKind.PACKET, "Print the packet", item.why, item.due, facts.start)
