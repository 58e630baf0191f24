"""What lies near windows: other outages, events and vendors' work, who is away or on duty.

One bounded range query a kind, for one window or for several that lie near one another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from app.models.calendar.facts import (
    IN_OUTLOOK,
    Busy,
    BusyKind,
    CalendarFact,
    OtherOutage,
    Touching,
    VendorWindow,
)
from app.models.calendar.near import Near
from app.models.ids import CiId, OutageId, PersonId
from app.models.outages.lifecycle import CLOSED, FLYING, State
from app.models.times import Window, to_wall
from app.services.calendar import near_statements as statements
from app.services.calendar.events_near import EventsNear
from app.services.calendar.looking import Look
from app.services.calendar.near_days import midnight
from app.services.calendar.vendor_near import VendorsNearby
from app.services.uow import UnitOfWork

NEAR = timedelta(days=1)
"""How far to each side other outages are looked at: rest, and the night's count."""
TURNS = timedelta(days=62)
"""How far to each side a coordinator's turns are looked at, to know that they have some."""
SOME = 100
"""People of whom it is worth while to ask only for what they own."""
CLOSE = timedelta(days=3)
"""Windows so near one another are looked at together: reading what lies between them costs less
than asking once more."""


_SINCE = "outages_since"
_LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


_Turn = tuple[str, str, date, date]
"""Whose, their name, its first and last day."""


def together(windows: Sequence[Window]) -> Iterator[list[int]]:
    """The places of windows that lie close to one another, by their begin."""
    group: list[int] = []
    reached: datetime | None = None
    for place in sorted(range(len(windows)), key=lambda n: windows[n].start_utc):
        start, end = windows[place].start_utc, windows[place].end_utc
        if reached is not None and start > reached + CLOSE:
            yield group
            group, reached = [], None
        group.append(place)
        reached = end if reached is None else max(reached, end)
    if group:
        yield group


def note_began_since(uow: UnitOfWork, first: datetime) -> None:
    """Of many looks at windows, none of which begins before `first`: the years before are not gone
    through again and again."""
    if uow.known is not None:
        reached = first - NEAR
        row = Look(uow).rows(statements.reaching(), start=reached)
        uow.known[_SINCE] = (reached, row[0][0] or reached)


def began_since(uow: UnitOfWork, reached: datetime) -> datetime:
    """No outage that ends after `reached` began before this moment."""
    noted, since = (uow.known or {}).get(_SINCE, (reached, _LONG_AGO))
    return since if noted <= reached else _LONG_AGO


class Nearby(Look):
    """Around all of `windows`, which touch what is `asked`; of `people`, and who is on duty if
    that is wanted."""

    def __init__(
        self,
        uow: UnitOfWork,
        windows: Iterable[Window],
        asked: Sequence[Touching],
        people: Collection[str],
        *,
        on_duty: bool,
    ) -> None:
        super().__init__(uow)
        spans = [(window.start_utc, window.end_utc) for window in windows]
        self._start, self._end = min(s for s, _ in spans), max(e for _, e in spans)
        start, end = self._start, self._end
        self._outages = Near(self._read_outages(people), start - NEAR, end + NEAR)
        self._events = EventsNear(uow, start, end, asked)
        vendors = VendorsNearby(uow).windows(start, end)
        self._vendors = Near(((each.start, each.end, each) for each in vendors), start, end)
        self._leave = self._read_leave(people)
        self._turns = self._read_turns() if on_duty else ()

    # --- of one window -----------------------------------------------------------------------

    def outages(self, window: Window) -> Iterator[OtherOutage]:
        """Drafts are nobody's word yet, and what ended without ever beginning did not happen;
        those flown to an end are over, with their real end for the rest of who flew them. Of who
        flies them only the people asked for need be named."""
        return self._outages.meeting(window.start_utc - NEAR, window.end_utc + NEAR)

    def events(self, window: Window, touching: Touching) -> list[CalendarFact]:
        """Vendors' windows are none: they count by the items they touch."""
        return self._events.meeting(window.start_utc, window.end_utc, touching)

    def vendors(self, window: Window) -> Iterator[VendorWindow]:
        return self._vendors.meeting(window.start_utc, window.end_utc)

    def leave(self, window: Window, people: Iterable[str]) -> Iterator[Busy]:
        start, end = window.start_utc, window.end_utc
        for person in people:
            for busy in self._leave.get(person, ()):
                if busy.start < end and start < busy.end:
                    yield busy

    def shifts(self, window: Window) -> tuple[dict[PersonId, str], list[Busy]]:
        """Who takes turns, and all turns near as shifts; of one person those that follow each
        other are one."""
        earliest, latest = self._days_of_turns(window.start_utc, window.end_utc)
        names: dict[PersonId, str] = {}
        merged: dict[PersonId, list[tuple[date, date]]] = {}
        for person, name, starts, ends in self._turns:
            if starts > latest or ends < earliest:
                continue
            names[PersonId(person)] = name
            spans = merged.setdefault(PersonId(person), [])
            if spans and starts <= spans[-1][1] + timedelta(days=1):
                spans[-1] = (spans[-1][0], max(ends, spans[-1][1]))
            else:
                spans.append((starts, ends))
        return names, [
            Busy(
                person,
                BusyKind.SHIFT,
                midnight(starts, self.home.zone),
                midnight(ends + timedelta(days=1), self.home.zone),
                "rota",
            )
            for person, spans in merged.items()
            for starts, ends in spans
        ]

    # --- of all of them ----------------------------------------------------------------------

    def _read_outages(
        self, people: Collection[str]
    ) -> Iterator[tuple[datetime, datetime, OtherOutage]]:
        """With the span that is planned, by which they are near."""
        start, end = self._start - NEAR, self._end + NEAR
        since = began_since(self.uow, start)
        rows = self.rows(statements.outages(), start=start, end=end, since=since)
        if not rows:
            return
        ids = [row[0] for row in rows]
        cis, owners = self._cis_of(ids), self._owners_of(ids, people)
        for i, code, title, state, begins, ends, promised, ended, lead in rows:
            other = OtherOutage(
                id=OutageId(i),
                code=code,
                title=title,
                start=begins,
                end=self._real_end(state, ends, promised, ended),
                cis=frozenset(cis.get(i, ())),
                owners=frozenset((*owners.get(i, ()), *((PersonId(lead),) if lead else ()))),
                over=state in CLOSED,
            )
            yield begins, ends, other

    def _real_end(
        self, state: State, end: datetime, promised: datetime, ended: datetime | None
    ) -> datetime:
        if state in FLYING:
            return max(promised, self.uow.now)
        return ended if state in CLOSED and ended else end

    def _cis_of(self, outages: list[str]) -> dict[str, list[CiId]]:
        """Those named, and those the services rest on."""
        named = self.rows(statements.items_named(), ids=outages)
        served = self.rows(statements.items_served(), ids=outages)
        found: dict[str, list[CiId]] = {}
        for outage, ci in [*named, *served]:
            found.setdefault(outage, []).append(CiId(ci))
        return found

    def _owners_of(self, outages: list[str], people: Collection[str]) -> dict[str, list[PersonId]]:
        found: dict[str, list[PersonId]] = {}
        if not people:
            return found
        if len(people) > SOME:
            rows = self.rows(statements.owners(of_some=False), ids=outages)
        else:
            rows = self.rows(statements.owners(of_some=True), ids=outages, people=people)
        for outage, owner in rows:
            found.setdefault(outage, []).append(PersonId(owner or ""))
        return found

    def _read_leave(self, people: Collection[str]) -> dict[str, list[Busy]]:
        found: dict[str, list[Busy]] = {}
        if people:
            rows = self.rows(statements.leave(), ids=people, start=self._start, end=self._end)
            for person, start, end, kind in rows:
                what = BusyKind.MEETING if kind == IN_OUTLOOK else BusyKind.LEAVE
                busy = Busy(PersonId(person), what, start, end, kind)
                found.setdefault(person, []).append(busy)
        return found

    def _read_turns(self) -> Sequence[_Turn]:
        first, last = self._days_of_turns(self._start, self._end)
        rows = self.rows(statements.turns(), first=first, last=last)
        return [(person, name, starts, ends) for person, name, starts, ends in rows]

    def _days_of_turns(self, start: datetime, end: datetime) -> tuple[date, date]:
        first, last = (to_wall(moment, self.home.zone).date() for moment in (start, end))
        return first - TURNS, last + TURNS
