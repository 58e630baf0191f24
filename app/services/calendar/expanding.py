"""When an event happens within a horizon: rules, extra and excluded dates, changed occurrences.

Rules run on wall-clock time, so 02:00 stays 02:00 when the clocks change. Every loop is bounded:
a rule that never ends, or never happens, becomes a sentence.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from dateutil.rrule import rrulestr

from app.models.calendar.events import Occurrence, Override, ReadEvent, Stamp
from app.models.errors import BadInput
from app.models.times import overlaps, to_wall

MAX_STEPS = 100_000
"""How far a rule is followed from its start: daily for 270 years, hourly for 11."""
MAX_OCCURRENCES = 5_000
"""Of one event within the horizon."""

_MARGIN = timedelta(days=2)
_NO_STEP = re.compile(r"(?:^|;)INTERVAL=0+(?:;|$)", re.IGNORECASE)


@dataclass(slots=True)
class Patience:
    """How many seconds of rules that lead nowhere one file may cost. dateutil looks as far as the
    year 9999 for a 30 February (0.1–5 s); after that no such rule of the file is followed."""

    seconds: float = 20.0
    clock: Callable[[], float] = time.monotonic
    _since: float = field(default=0.0, init=False)

    def __enter__(self) -> None:
        if self.seconds <= 0:
            raise BadInput("the repeat rules of this file take too long to follow")
        self._since = self.clock()

    def __exit__(self, *_: object) -> None:
        spent = self.clock() - self._since
        if spent > 0.02:  # an honest rule takes far less
            self.seconds -= spent


def expand(
    event: ReadEvent,
    since: datetime,
    until: datetime,
    *,
    zone: str,
    patience: Patience | None = None,
) -> tuple[Occurrence, ...]:
    """The occurrences that overlap [since, until) (UTC), by start. All-day events begin and end at
    midnight in `zone`, the organisation's. Raises BadInput when the rules make no sense or repeat
    too often to be shown."""
    if event.cancelled:
        return ()
    with patience or Patience():
        found = _Expansion(event, since, until, zone).occurrences()
    return tuple(sorted(found, key=lambda o: (o.start, o.end, o.due)))


class _Expansion:
    def __init__(self, event: ReadEvent, since: datetime, until: datetime, zone: str) -> None:
        self._event = event
        self._since, self._until = since, until
        self._zone = zone
        self._onwards = sorted(
            ((self._moment(o.of), o) for o in event.overrides if o.onwards),
            key=lambda pair: pair[0],
        )

    def occurrences(self) -> list[Occurrence]:
        found: dict[datetime, Occurrence] = {}
        taken, days = self._taken()
        for wall, seconds in self._walls():
            start = Stamp(wall, self._event.start.zone)
            due = self._moment(start)
            if due in taken or wall.date() in days or due in found:
                continue
            plain = self._made(due, self._event.title, start, self._end(start, seconds))
            one = self._shifted(plain, due)
            if one is not None and self._inside(one):
                found[due] = one
                self._require_few(len(found))
        for override in self._event.overrides:
            if override.cancelled:
                continue
            due = self._moment(override.of)
            end = self._ending(override.start, override.end, override.seconds)
            one = self._made(due, override.title, override.start, end)
            if self._inside(one):
                found[due] = one
        self._require_few(len(found))
        return list(found.values())

    def _taken(self) -> tuple[set[datetime], set[date]]:
        """Moments and days on which the series itself does not happen."""
        stamps = [*self._event.exdates, *(o.of for o in self._event.overrides)]
        moments = {self._moment(stamp) for stamp in stamps if not stamp.is_date}
        days = {stamp.wall.date() for stamp in stamps if stamp.is_date}
        for rule in self._event.exrules:
            moments |= {self._moment(Stamp(w, self._event.start.zone)) for w in self._rule(rule)}
        return moments, days

    def _walls(self) -> Iterator[tuple[datetime, int | None]]:
        """Start walls in the event's zone, each with its own length if it has one. The start
        itself always counts, whether or not the rule would meet it (RFC 5545 §3.8.5.3)."""
        yield self._event.start.wall, None
        for extra in self._event.rdates:
            wall = extra.start.wall
            if extra.start.is_date and not self._event.all_day:
                wall = datetime.combine(wall.date(), self._event.start.wall.time())
            elif extra.start.zone != self._event.start.zone:
                wall = self._wall(self._moment(extra.start))
            if self._event.all_day:
                wall = datetime.combine(wall.date(), self._event.start.wall.time())
            yield wall, extra.seconds
        for rule in self._event.rrules:
            for wall in self._rule(rule):
                yield wall, None

    def _rule(self, rule: str) -> Iterator[datetime]:
        """Walls of one rule near the horizon."""
        length = self._event.end.wall - self._event.start.wall
        reach = max((abs(self._shift(o)) for _, o in self._onwards), default=timedelta())
        room = _MARGIN + abs(length) + reach
        first, last = _naive(self._since - room), _naive(self._until + room)
        text, ends = _without_until(rule)
        if _NO_STEP.search(text):  # dateutil would look at the same day for ever
            raise BadInput(f"its repeat rule ({rule[:80]}) makes no sense")
        if ends is not None:
            last = min(last, self._last_wall(ends))
        steps = -1
        try:
            walls = iter(rrulestr(text, dtstart=self._event.start.wall, cache=False))
            for steps, wall in enumerate(walls):
                if wall > last:
                    return
                if steps >= MAX_STEPS:
                    raise BadInput("it repeats too often to be followed up to now")
                if wall >= first:
                    yield wall
        except (ValueError, TypeError, KeyError, IndexError, OverflowError, ArithmeticError):
            raise BadInput(f"its repeat rule ({rule[:80]}) makes no sense") from None
        if steps < 0:
            raise BadInput(f"its repeat rule ({rule[:80]}) names a date that never comes")

    def _last_wall(self, until: str) -> datetime:
        """UNTIL, which is inclusive, as a wall time of the event's zone."""
        try:
            at = datetime.fromisoformat(until)
        except ValueError:
            raise BadInput("its repeat rule ends at a time that cannot be read") from None
        if len(until) == 8 or self._event.all_day:
            return datetime.combine(at.date(), datetime.max.time())
        return self._wall(at) if at.tzinfo is not None else at

    def _end(self, start: Stamp, seconds: int | None) -> datetime:
        """Of the occurrence at `start`; `seconds` are its own length."""
        if seconds is not None and not self._event.all_day:
            return self._moment(start) + timedelta(seconds=seconds)
        moved = start.wall - self._event.start.wall
        end = Stamp(self._event.end.wall + moved, self._event.end.zone)
        return self._ending(start, end, self._event.seconds)

    def _ending(self, start: Stamp, end: Stamp, seconds: int | None) -> datetime:
        begins = self._moment(start)
        if seconds is not None:
            return begins + timedelta(seconds=seconds)
        # a nightly 01:30–02:15 would end before it starts in the night the clocks jump ahead
        return max(begins, self._moment(end))

    def _made(self, due: datetime, title: str, start: Stamp, end: datetime) -> Occurrence:
        begins = self._moment(start)
        if not start.is_date:
            return Occurrence(self._event.key, title, due, begins, end)
        last = to_wall(end, self._zone).date() - timedelta(days=1)
        first = start.wall.date()
        return Occurrence(self._event.key, title, due, begins, end, first, max(first, last))

    def _shifted(self, one: Occurrence, due: datetime) -> Occurrence | None:
        """As the latest change "this and all later ones" before it says; None when cancelled."""
        at = bisect_right(self._onwards, due, key=lambda pair: pair[0])
        if not at:
            return one
        change = self._onwards[at - 1][1]
        if change.cancelled:
            return None
        due_wall = to_wall(due, self._zone) if change.start.is_date else None
        start = Stamp(
            (due_wall or self._zone_wall(due, change.start.zone)) + self._shift(change),
            change.start.zone,
        )
        end = Stamp(start.wall + (change.end.wall - change.start.wall), change.end.zone)
        return self._made(due, change.title, start, self._ending(start, end, change.seconds))

    def _shift(self, change: Override) -> timedelta:
        return change.start.wall - self._zone_wall(self._moment(change.of), change.start.zone)

    def _inside(self, one: Occurrence) -> bool:
        if one.start == one.end:
            return self._since <= one.start < self._until
        return overlaps(one.start, one.end, self._since, self._until)

    def _moment(self, stamp: Stamp) -> datetime:
        return self._event.moment(stamp, self._zone)

    def _wall(self, moment: datetime) -> datetime:
        return self._zone_wall(moment, self._event.start.zone)

    def _zone_wall(self, moment: datetime, name: str) -> datetime:
        for zone in self._event.file_zones:
            if zone.name == name:
                return zone.to_wall(moment)
        return to_wall(moment, name or self._zone).replace(fold=0)

    @staticmethod
    def _require_few(count: int) -> None:
        if count > MAX_OCCURRENCES:
            raise BadInput(f"it happens more than {MAX_OCCURRENCES:,} times in the time looked at")


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _without_until(rule: str) -> tuple[str, str | None]:
    # dateutil wants UNTIL and start both aware or both naive, and stops only at what it finds
    parts = rule.split(";")
    ends = [part[6:] for part in parts if part[:6].upper() == "UNTIL="]
    text = ";".join(part for part in parts if part[:6].upper() != "UNTIL=")
    return text, ends[0] if ends else None
