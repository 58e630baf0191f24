"""What was told to whom, and what each of them believes of the window since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.models.notices.kinds import NoticeKind

ANNOUNCEMENTS = frozenset({NoticeKind.PLANNED, NoticeKind.RESCHEDULED})
BRIEFS = frozenset(
    {
        NoticeKind.KICK_OFF,
        NoticeKind.CREW_BRIEF,
        NoticeKind.SERVICE_DESK_BRIEF,
        NoticeKind.MONITORING,
    }
)
"""What crew and desks are asked and told, so that they are there. A digest asks nothing."""
_CHANGES = frozenset({NoticeKind.RESCHEDULED, NoticeKind.CANCELLED})
"""These go to crew and desks, too."""


@dataclass(frozen=True, slots=True)
class Told:
    """One notice that left. `recipients` are casefolded addresses; a list counts as one. `missed`
    are those it did not reach, as the rest of it was taken back. `services` are those it spoke of,
    by whatever names them for good; None where that is not known. `next_update` is when it
    promised to say more, `nothing_changed` that it said so: whoever
    read that hears of a change that comes to light later."""

    kind: NoticeKind
    sent_at: datetime
    recipients: frozenset[str]
    about_start: datetime | None = None
    about_end: datetime | None = None
    missed: frozenset[str] = frozenset()
    services: frozenset[str] | None = None
    next_update: datetime | None = None
    nothing_changed: bool = False


def ever_told(told: Iterable[Told]) -> frozenset[str]:
    """Everyone who was told of the outage as one of its people. The summary of what changed goes
    to department heads too, who are not owed an all-clear for an outage they never heard of; and
    crew and desks hear that it moved, or is cancelled, without being its people."""
    known = [t for t in told if t.kind is not NoticeKind.CHANGE_SUMMARY]
    of_it = (t.recipients for t in known if t.kind.to_people and t.kind not in _CHANGES)
    changes = frozenset().union(*(t.recipients for t in known if t.kind in _CHANGES))
    people = frozenset().union(*of_it)
    return people if changes <= people else people | (changes - briefed(known))


def briefed(told: Iterable[Told]) -> frozenset[str]:
    """Crew, desks and whoever else was asked or briefed."""
    return frozenset().union(*(t.recipients for t in told if t.kind in BRIEFS))


def not_reached(told: Iterable[Told]) -> frozenset[str]:
    """Of notices of one kind, oldest first: whom the last one was taken back from, and no other
    reached."""
    known = list(told)
    if not known:
        return frozenset()
    return known[-1].missed.difference(*(t.recipients for t in known))


def told_another_time(
    told: Iterable[Told], now: datetime, start: datetime, end: datetime | None = None
) -> frozenset[str]:
    """Whose last word about the window is not the window as it is: its start, and its `end`
    where one is given. Once it has begun, *started* is such a word too; while it is still to come
    only the rescheduled notice tells them that the old time is void."""
    words = ANNOUNCEMENTS | ({NoticeKind.STARTED} if now >= start else frozenset())
    known = list(told)
    found = _otherwise(known, words, start, end, None)
    return found & ever_told(known) if found else found


def told_otherwise(
    told: Iterable[Told],
    now: datetime,
    start: datetime,
    end: datetime,
    services: frozenset[str] | None,
    about_to_hear: frozenset[NoticeKind] = frozenset(),
) -> frozenset[str]:
    """Before it is flown: whose last word is another window or other `services` (None: whichever).
    Crew and desks, too, but for those who got a brief of a kind that is `about_to_hear` anyway: the
    new one says the new time."""
    known = list(told)
    words = ANNOUNCEMENTS | ({NoticeKind.STARTED} if now >= start else frozenset())
    as_people = _otherwise(known, words, start, end, services)
    as_crew = _otherwise(known, words | BRIEFS, start, end, services)
    if not (as_people or as_crew):
        return frozenset()
    people = ever_told(known)
    served = briefed(t for t in known if t.kind in about_to_hear)
    return (as_people & people) | (as_crew - people - served)


def _otherwise(
    told: Iterable[Told],
    words: frozenset[NoticeKind],
    start: datetime,
    end: datetime | None,
    services: frozenset[str] | None,
) -> frozenset[str]:
    """Whose last notice of the kinds in `words` says another start, or another end or services
    where those are given. The newest is looked at first, whole sets at a time: of 25,000 it is
    asked often, and most often all of them say it as it is."""
    said = [t for t in told if t.kind in words and t.about_start is not None]
    other = [
        t.about_start != start
        or end not in (None, t.about_end)
        or (None not in (services, t.services) and t.services != services)
        for t in said
    ]
    if not any(other):
        return frozenset()
    wrong: set[str] = set()
    heard: set[str] = set()
    for place in sorted(range(len(said)), key=lambda n: (said[n].sent_at, n), reverse=True):
        if other[place]:
            wrong |= said[place].recipients - heard
        heard |= said[place].recipients
    return frozenset(wrong)


def announces(kind: NoticeKind, about_start: datetime | None, start: datetime) -> bool:
    """It is what tells people of the window as it is."""
    return kind in ANNOUNCEMENTS and about_start in (None, start)


def was_moved(told: Iterable[Told], start: datetime) -> bool:
    """Somebody was once told that it begins at another time."""
    return any(t.kind in ANNOUNCEMENTS and t.about_start not in (None, start) for t in told)
