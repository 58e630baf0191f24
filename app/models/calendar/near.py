"""Things that take time, kept by the days they reach into: those that meet a span are found
without looking at all the others, however long one of them lasts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
_Days = dict[int, list[tuple[int, datetime, datetime, Thing]]]


class Near(Generic[Thing]):
    """(start, end, thing) in the order given, with moments in UTC; all of them meet
    [since, until), and nothing outside of it is asked for."""

    def __init__(
        self, things: Iterable[tuple[datetime, datetime, Thing]], since: datetime, until: datetime
    ) -> None:
        self._things = list(things)
        self._since, self._until = since, until

    def meeting(self, since: datetime, until: datetime) -> Iterator[Thing]:
        """Those that overlap [since, until), each once; a day's in the order given. Touching ends
        do not overlap."""
        if since <= self._since and until >= self._until:
            yield from (thing for _, _, thing in self._things)
            return
        before = 0
        for day in range(since.toordinal(), until.toordinal() + 1):
            for first, start, end, thing in self._by_day.get(day, ()):
                if first > before and start < until and end > since:
                    yield thing
            before = day

    @cached_property
    def _by_day(self) -> _Days[Thing]:
        """With the first of its days that is asked for."""
        found: _Days[Thing] = {}
        first_of_all, last_of_all = self._since.toordinal(), self._until.toordinal()
        for start, end, thing in self._things:
            first = max(start.toordinal(), first_of_all)
            last = min(max(start, end).toordinal(), last_of_all)
            for day in range(first, last + 1):
                found.setdefault(day, []).append((first, start, end, thing))
        return found
