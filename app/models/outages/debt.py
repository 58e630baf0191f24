"""What a flight owes and has not done: a function of what is known, never a stored flag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.models.notices.kinds import NoticeKind
from app.models.notices.plan import PlanItem
from app.models.notices.policy import Moment
from app.models.outages.debt_kinds import DebtKind as DebtKind
from app.models.outages.lifecycle import BEFORE_START, ENDINGS, FLYING, State
from app.models.outages.told import ANNOUNCEMENTS as ANNOUNCEMENTS
from app.models.outages.told import BRIEFS, briefed, told_otherwise
from app.models.outages.told import Told as Told
from app.models.outages.told import announces as announces
from app.models.outages.told import ever_told as ever_told
from app.models.outages.told import not_reached as not_reached
from app.models.outages.told import told_another_time as told_another_time
from app.models.outages.told import was_moved as was_moved


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
    """What the debt is computed from. `audience` is who is to be told as things stand now,
    `services` what it takes down (named as in `Told`), `heads` who leads a department: they hear
    what changed, too."""

    state: State
    now: datetime
    start: datetime
    promised_end: datetime
    state_since: datetime
    plan: tuple[PlanItem, ...] = ()
    told: tuple[Told, ...] = ()
    audience: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
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
    to_close: bool = False
    """Of a bridge: it is closed, not opened."""

    @property
    def until(self) -> datetime | None:
        """Until when it still serves, where that is known."""
        return self.last_possible or self.due

    @property
    def late_at(self) -> datetime:
        """From when on it is late, for sorting the most urgent first."""
        return self.until or self.since


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

_UPDATED = FLYING | {State.GO_NO_GO, State.HOLD}
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
    before = list(_before_start(facts))
    found = [
        *before,
        *_rescheduled(facts, frozenset(d.notice for d in before if d.notice in BRIEFS)),
        *_delayed(facts),
        *_in_the_window(facts),
        *_update_promised(facts),
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
            missing = facts.audience - (_recipients(facts, ANNOUNCEMENTS) & ever_told(facts.told))
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


def _rescheduled(facts: DebtFacts, about_to_hear: frozenset[NoticeKind]) -> Iterator[Debt]:
    """Each person's last word about the window must be the window as it is. A GO does not settle
    that: who still believes in another time is owed the new one until the window has begun and
    *started* says so."""
    another = told_another_time(facts.told, facts.now, facts.start, facts.promised_end)
    wrong: frozenset[str] = frozenset()
    if facts.state in BEFORE_START:
        wrong = told_otherwise(
            facts.told,
            facts.now,
            facts.start,
            facts.promised_end,
            facts.services,
            about_to_hear,
        )
    elif facts.state in FLYING:
        wrong = another = told_another_time(facts.told, facts.now, facts.start)
    if wrong:
        yield _notice(
            facts,
            NoticeKind.RESCHEDULED,
            wrong,
            "they were told another time"
            if another or not wrong <= ever_told(facts.told)
            else "they were told other services",
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
    yield _notice(facts, kind, ever_told(facts.told), why, last.sent_at, due)


def _after_the_end(facts: DebtFacts) -> Iterator[Debt]:
    kind = ENDING_NOTICE.get(facts.state)
    if kind is None:
        return
    told = ever_told(facts.told)
    concerned = told
    if facts.state is State.CANCELLED:  # crew and desks were asked to be there
        asked = (t for t in facts.told if t.kind is not NoticeKind.MONITORING)
        concerned |= briefed(asked)
    missing = concerned - _recipients(facts, frozenset({kind}))
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
        told_since = any(
            t.kind is NoticeKind.SERVICE_DESK_BRIEF and t.sent_at >= facts.state_since
            for t in facts.told
        )
        if item.moment is Moment.END_BRIEF and not told_since:
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
