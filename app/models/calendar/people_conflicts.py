"""Conflicts through people: who is away, double-booked, short of rest or off duty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

from app.models.calendar.facts import (
    AWAY_IN_OUTLOOK,
    FROM_OUTLOOK,
    Busy,
    BusyKind,
    OtherOutage,
    PersonFact,
    Reason,
)
from app.models.calendar.judging import DAY_OVER, DEEP_NIGHT, Conflict, Judging, day_after, in_words
from app.models.ids import PersonId
from app.models.times import speak_moment, speak_span, whole_days

_DAYTIME = DAY_OVER - DEEP_NIGHT
"""Before the end of the day after a night; what is earlier is the same night."""


class PeopleJudging(Judging):
    """The owners of its steps, and whoever coordinates it."""

    @cached_property
    def _busy(self) -> dict[PersonId, list[Busy]]:
        found: dict[PersonId, list[Busy]] = {}
        for busy in self._around.busy:
            found.setdefault(busy.person, []).append(busy)
        return found

    @cached_property
    def _flown_by(self) -> dict[PersonId, list[OtherOutage]]:
        """Other outages of our people."""
        ours = {owner.id for owner in self._c.owners}
        if self._c.coordinator is not None:
            ours.add(self._c.coordinator.id)
        found: dict[PersonId, list[OtherOutage]] = {}
        for other in self._flown:
            for person in other.owners & ours:
                found.setdefault(person, []).append(other)
        return found

    def _owner(self, owner: PersonFact) -> Iterator[Conflict]:
        if owner.id in self._busy:
            yield from self._away_or_busy(owner)
        yield from self._elsewhere(owner)

    def _away_or_busy(self, owner: PersonFact) -> Iterator[Conflict]:
        """One conflict an absence, and one a meeting; many meetings fold into one."""
        me = ("person", owner.id)
        told = list(self._told_once(owner.id))
        meetings = [busy for busy in told if busy.kind is BusyKind.MEETING]
        many = len(meetings) > self._policy.fold_above
        if many:
            first, last = meetings[0], max(meetings, key=lambda busy: busy.end)
            said = (
                f"{owner.name} owns a step and is {first.words} {len(meetings)} times during the "
                f"window ({self._days(first.start, last.end)})."
            )
            yield self._say(Reason.OWNER_DOUBLE_BOOKED, said, me)
        for busy in told:
            span = self._days(busy.start, busy.end)
            if busy.kind is BusyKind.LEAVE:
                said = f"{owner.name} is away ({_kind(busy)}, {span}) and owns a step."
                yield self._say(Reason.OWNER_ABSENT, said, me)
            elif busy.kind is BusyKind.MEETING and not many:
                said = f"{owner.name} owns a step and is {busy.words} {span}."
                yield self._say(Reason.OWNER_DOUBLE_BOOKED, said, me)

    def _told_once(self, person: PersonId) -> Iterator[Busy]:
        """What keeps them busy during the window; of what Outlook says nothing that an absence
        which was typed says, too."""
        mine = [b for b in self._busy.get(person, ()) if self._meets(b.start, b.end)]
        typed = [b for b in mine if b.kind is BusyKind.LEAVE and b.words not in FROM_OUTLOOK]
        for busy in mine:
            since, until = max(busy.start, self._start), min(busy.end, self._end)
            known = any(t.start <= since and until <= t.end for t in typed)
            if busy.words not in FROM_OUTLOOK or not known:
                yield busy

    def _days(self, start: datetime, end: datetime) -> str:
        return whole_days(start, end, self._zone) or self._span(start, end)

    def _elsewhere(self, owner: PersonFact) -> Iterator[Conflict]:
        yield from self._booked(owner)
        for other in self._flown_by.get(owner.id, ()):
            said = self._short_of_rest(owner, other)
            if said is not None:
                about = (("person", owner.id), ("outage", other.id))
                yield self._say(Reason.OWNER_WORKED_NIGHT, said, *about)

    def _booked(self, person: PersonFact) -> Iterator[Conflict]:
        """One conflict an outage at the same time; many fold into one."""
        flown = self._flown_by.get(person.id, ())
        at_once = [o for o in flown if not o.over and self._meets(o.start, o.end)]
        many = [at_once] if len(at_once) > self._policy.fold_above else [[o] for o in at_once]
        for some in many:
            named = in_words([other.code for other in some], "outages")
            where = named if len(some) > 1 else self._flight(some[0])
            yield self._say(
                Reason.OWNER_DOUBLE_BOOKED,
                f"{person.name} is needed at the same time in {where}.",
                ("person", person.id),
                *(("outage", other.id) for other in some),
            )

    def _short_of_rest(self, person: PersonFact, other: OtherOutage) -> str | None:
        """Of two flights one after the other, whichever of them is ours: too little rest between
        them, or a night that leaves the day after free."""
        after = other.end <= self._start
        if not after and (other.over or other.start < self._end):
            return None
        first, ended, then = (
            (other.start, other.end, self._start)
            if after
            else (self._start, self._end, other.start)
        )
        until = day_after(first, ended, self._zone)
        by_night = until is not None and then < until
        if until is not None and until - _DAYTIME <= then < until:
            free = speak_moment(until, self._zone)
            if after:
                night = f"After the night in {self._flight(other)}"
                return f"{night}, {person.name} should be free until {free}."
            return (
                f"After the night of this window, {person.name} should be free until {free}, but "
                f"is needed in {self._flight(other)}."
            )
        if then - ended >= self._policy.rest and not by_night:
            return None
        if then == ended:
            way = f"from {self._flight(other)} into this window"
            if not after:
                way = f"from this window into {self._flight(other)}"
            return f"{person.name} would go {way} without any rest."
        word = "after" if after else "before"
        return (
            f"{person.name} would have only {speak_span(then - ended)} of rest {word} "
            f"{self._flight(other)}."
        )

    def _coordinator(self) -> Iterator[Conflict]:
        who = self._c.coordinator
        if who is None:
            return
        mine = self._busy.get(who.id, [])
        leave = [b for b in mine if b.kind is BusyKind.LEAVE and self._meets(b.start, b.end)]
        shifts = [b for b in mine if b.kind is BusyKind.SHIFT]
        on_duty = any(b.start <= self._start and self._end <= b.end for b in shifts)
        if leave:
            span = self._days(leave[0].start, leave[0].end)
            why = f"is away ({_kind(leave[0])}, {span}{self._duty('; ', away=who.id)})"
        elif who.id in self._around.rota and not on_duty:
            some = any(self._meets(b.start, b.end) for b in shifts)
            told = "is on duty for only a part of the window" if some else "is off duty then"
            why = f"{told} ({self._duty()})"
        else:
            why = ""
        if why:
            yield self._say(
                Reason.COORDINATOR_OFF,
                f"{who.name}, who coordinates the flight, {why}.",
                ("person" if leave else "rota", who.id),
            )
        if who.id not in {owner.id for owner in self._c.owners}:
            yield from self._leads_elsewhere(who)

    def _duty(self, after: str = "", away: PersonId | None = None) -> str:
        """Who is on duty during the window, as far as the rota says; nothing where there is none.
        Where whoever is `away` has the turn alone, nobody covers. It stands in brackets: who else
        has the turn is no part of what is accepted."""
        if not self._around.rota:
            return ""
        parts, others = [], False
        for turn in sorted(self._around.busy, key=lambda busy: busy.start):
            if turn.kind is BusyKind.SHIFT and self._meets(turn.start, turn.end):
                since = f" from {speak_moment(turn.start, self._zone)}"
                until = f" until {speak_moment(turn.end, self._zone)}"
                name = self._around.rota.get(turn.person, "somebody")
                others = others or turn.person != away
                parts.append(
                    f"{name}{since if turn.start > self._start else ''}"
                    f"{until if turn.end < self._end else ''}"
                )
        if parts and not others:
            return f"{after}on duty then, and nobody covers"
        return f"{after}on duty: {', '.join(parts)}" if parts else f"{after}nobody is on duty"

    def _leads_elsewhere(self, who: PersonFact) -> Iterator[Conflict]:
        """Whoever leads may lead one after the other in an evening or a night, but not on the day
        after a night."""
        yield from self._booked(who)
        for other in self._flown_by.get(who.id, ()):
            if other.end > self._start:
                continue
            until = day_after(other.start, other.end, self._zone)
            if until is not None and until - _DAYTIME <= self._start < until:
                said = self._short_of_rest(who, other) or ""
                about = (("person", who.id), ("outage", other.id))
                yield self._say(Reason.OWNER_WORKED_NIGHT, said, *about)


def _kind(busy: Busy) -> str:
    return "as Outlook says" if busy.words == AWAY_IN_OUTLOOK else busy.words or "leave"
