"""What changed in a window of a calendar, told as Graph tells it: masters and stubs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from app.services.practice import delta
from app.services.practice.calendar import CalendarRoom
from app.services.practice.calendar_box import Calendar, CalendarBox, Event, days_of
from app.services.practice.calendar_shape import occurrence_id, shown, stub
from app.services.practice.calendar_zones import window
from app.services.practice.call import Answer, Call, whole
from app.services.practice.state import Json
from app.services.practice.tenant import Tenant
from app.services.practice.views import View, view_of

_OPTIONS = ("startdatetime", "enddatetime", "$select", "$top")


def changed(tenant: Tenant, call: Call, box: CalendarBox, calendar: Calendar) -> Answer:
    """One page. The window is the one the round began with. A series is told as a whole, over as
    many pages as it needs."""
    round_ = delta.begun(call, calendar.id, box.history, _OPTIONS, tenant.switches)
    options = round_.options
    begin, end = window(options.get("startdatetime"), options.get("enddatetime"))
    told = _Told(
        tenant.calendar,
        box,
        calendar,
        begin,
        end,
        view_of(replace(call, query=options), "event"),
        first=round_.first,
    )
    size = whole(call.preference("odata.maxpagesize") or options.get("$top"), 10)
    value: list[Json] = []
    done, more = round_.after, False
    for number, key in box.history.logs[calendar.id].between(round_.after, round_.upto):
        items = list(told.of(key))
        told_before = round_.inside if number == round_.begun else 0
        room = size - len(value)
        left = items[told_before:]
        if len(left) > room:
            value += left[:room]
            token = round_.token(done, number, told_before + room)
            more = True
            break
        value += left
        done = number
    else:
        token = round_.token(round_.upto)
    return Answer(200, delta.page(call, "calendarView/$delta", value, token, more=more))


class _Told:
    def __init__(
        self,
        room: CalendarRoom,
        box: CalendarBox,
        calendar: Calendar,
        begin: datetime,
        end: datetime,
        view: View,
        *,
        first: bool,
    ) -> None:
        self._room, self._box, self._calendar = room, box, calendar
        self._begin, self._end, self._view, self._first = begin, end, view, first

    def of(self, key: str) -> Iterator[Json]:
        """All that is to be told of one change. What is out of the window is told as removed,
        whether it was ever known or not."""
        tomb = self._box.history.tomb(self._calendar.id, key)
        if tomb is not None:
            if not self._first:
                yield from self._gone(tomb)
            return
        event = self._box.events[key]
        if event.recurrence is not None:
            yield from self._series(event)
        elif event.touches(self._begin, self._end):
            series = self._box.events[event.master] if event.master else None
            yield shown(event, self._view, series)
        elif not self._first:
            yield _removed(event.shown_id(self._view.immutable))

    def _series(self, master: Event) -> Iterator[Json]:
        placed = list(self._room.placed(self._box, master, self._begin, self._end))
        name = master.shown_id(self._view.immutable)
        if placed:
            yield shown(master, self._view)
            for each in placed:
                assert each.day is not None
                yield stub(master, each.day, each.starts, each.ends, self._view)
        elif not self._first:
            yield _removed(name)
        if self._first:
            return
        kept = {each.day.isoformat() for each in placed if each.day is not None}
        lost = set().union(*(days_of(each, self._begin, self._end) for each in master.before))
        lost -= kept | set(self._box.exceptions.get(master.key, {}))
        if self._room.ground.switches.cancelled_occurrences:
            lost |= set(master.cancelled)
        for day in sorted(lost):
            yield _removed(occurrence_id(name, date.fromisoformat(day)))

    def _gone(self, tomb: Json) -> Iterator[Json]:
        name = tomb["immutable_id"] if self._view.immutable else tomb["id"]
        yield _removed(name)
        lost = set().union(*(days_of(each, self._begin, self._end) for each in tomb["shapes"]))
        for day in sorted(lost):
            yield _removed(occurrence_id(name, date.fromisoformat(day)))


def _removed(name: str) -> Json:
    return {"id": name, "@removed": {"reason": "deleted"}}
