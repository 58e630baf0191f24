"""What is owed until the window begins: the plan as it falls due, and the window as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from app.models.notices.kinds import NoticeKind
from app.models.notices.plan import PlanItem
from app.models.notices.policy import Moment
from app.models.outages.debt_facts import Debt, DebtFacts, notice_owed, recipients_of
from app.models.outages.lifecycle import BEFORE_START, FLYING
from app.models.outages.told import (
    ANNOUNCEMENTS,
    Told,
    briefed,
    ever_told,
    not_reached,
    told_another_time,
    told_otherwise,
)

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


def before_start(facts: DebtFacts) -> Iterator[Debt]:
    """What the communication plan has due by now; what was missed lapses with the start."""
    if facts.state not in BEFORE_START:
        return
    for item in facts.plan:
        if item.kind is None or item.moment not in _BEFORE_START_ITEMS or item.due > facts.now:
            continue
        met = item.met_by or frozenset({item.kind})
        if item.moment is Moment.PLANNED:
            missing = facts.audience - recipients_of(facts, ANNOUNCEMENTS)
            if beside := facts.audience & briefed(facts.told):  # told that it moved, as crew
                missing |= beside - ever_told(facts.told)
            if missing or not any(t.kind in ANNOUNCEMENTS for t in facts.told):
                yield _planned(facts, item, item.kind, missing)
        elif item.moment is Moment.KICK_OFF and _announced_as_it_is(facts):
            continue
        elif item.moment is Moment.REMINDER:
            known = ever_told(facts.told) - _told_otherwise(facts, facts.services) - facts.spared
            if to := known - _reminded(facts, item):
                yield _planned(facts, item, item.kind, to)
        elif not any(t.kind in met for t in _since_item(facts, item)):
            yield _planned(facts, item, item.kind, frozenset())
        elif missed := not_reached(t for t in _since_item(facts, item) if t.kind in met):
            why = "the rest of it was taken back before it reached them"
            yield replace(_planned(facts, item, item.kind, missed), why=why)


def _reminded(facts: DebtFacts, item: PlanItem) -> frozenset[str]:
    """Who heard of the window about when the reminder was due. What announced it then, as a
    reminder that was no longer true turns into a rescheduled notice, is reminder enough."""
    words = (t for t in _since_item(facts, item) if t.kind in ANNOUNCEMENTS | {item.kind})
    return frozenset().union(*(t.recipients for t in words))


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


def _planned(facts: DebtFacts, item: PlanItem, kind: NoticeKind, to: frozenset[str]) -> Debt:
    last = item.last_possible
    return notice_owed(facts, kind, to, item.why, item.due, item.due, item.moment, last)


def rescheduled(facts: DebtFacts, about_to_hear: frozenset[NoticeKind]) -> Iterator[Debt]:
    """Each person's last word about the window must be the window as it is. A GO does not settle
    that: who still believes in another time is owed the new one until the window has begun and
    *started* says so."""
    if facts.state in BEFORE_START:
        wrong = _told_otherwise(facts, facts.services, about_to_hear)
        another = _told_otherwise(facts, None, about_to_hear) if wrong else wrong
    elif facts.state in FLYING:
        wrong = another = told_another_time(facts.told, facts.now, facts.start)
    else:
        return
    if wrong:
        why = f"they were told {'another time' if another else 'other services'}"
        due = min(facts.now, facts.start)
        yield notice_owed(facts, NoticeKind.RESCHEDULED, wrong, why, facts.state_since, due)


def _told_otherwise(
    facts: DebtFacts,
    services: frozenset[str] | None,
    about_to_hear: frozenset[NoticeKind] = frozenset(),
) -> frozenset[str]:
    window = (facts.start, facts.promised_end)
    return told_otherwise(facts.told, facts.now, *window, services, about_to_hear)
