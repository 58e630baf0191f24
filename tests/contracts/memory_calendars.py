"""Calendars in memory, with the semantics the port promises, for tests that need no Outlook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from app.models.times import to_utc
from app.services.ports.calendars import (
    BusySpan,
    Entry,
    EventChanges,
    RemoteCalendar,
    RemoteEvent,
    Schedule,
)
from app.services.ports.trouble import Gone, SyncLost
from tests.contracts.weather import Weather


@dataclass(frozen=True)
class Kept:
    """An event with what the port does not show. `number`: when it last changed."""

    event: RemoteEvent
    calendar_id: str
    number: int
    html: str = ""
    show_as: str = "free"
    categories: tuple[str, ...] = ()
    removed: bool = False


class MemoryCalendars:
    """Implements `ports.calendars.Calendars`. Also plays those who work in Outlook meanwhile:
    `put`, `change`, `remove`. Ids and change keys are never given twice."""

    def __init__(self, weather: Weather | None = None, page: int = 50) -> None:
        self.weather = weather or Weather()
        self.page = page
        self.calendar_rows = [RemoteCalendar("default", "Calendar", can_edit=True, is_default=True)]
        self.kept: dict[str, Kept] = {}
        self.busy: dict[str, list[BusySpan]] = {}
        self.comments: dict[str, str] = {}
        self._numbers = count(1)
        self._generation = 1

    # The port

    def calendars(self) -> Sequence[RemoteCalendar]:
        with self.weather.over("calendars"):
            return tuple(self.calendar_rows)

    def create(self, calendar_id: str, entry: Entry) -> RemoteEvent:
        with self.weather.over("create"):
            there = self._by_key(entry.key)
            if there is None:
                number = next(self._numbers)
                blank = RemoteEvent(f"event-{number}", f"uid-{number}", "", "", *_NEVER)
                there = self._store(_written(blank, entry), self._calendar(calendar_id), entry)
            return there

    def update(self, event_id: str, entry: Entry) -> RemoteEvent:
        with self.weather.over("update"):
            kept = self._alive(event_id)
            written = _written(kept.event, entry)
            same_words = entry.html is None or entry.html == kept.html
            same_marks = (entry.show_as, entry.categories) == (kept.show_as, kept.categories)
            if written == kept.event and same_words and same_marks:
                return kept.event
            return self._store(written, kept.calendar_id, entry, kept.html)

    def cancel(self, event_id: str, comment: str) -> None:
        with self.weather.over("cancel"):
            self._alive(event_id)
            self.comments[event_id] = comment
            self.remove(event_id)

    def find(self, calendar_id: str, key: str) -> RemoteEvent | None:
        with self.weather.over("find"):
            found = self._by_key(key)
            if found is None or self.kept[found.id].calendar_id != self._calendar(calendar_id):
                return None
            return found

    def get(self, event_id: str) -> RemoteEvent:
        with self.weather.over("get"):
            return self._alive(event_id).event

    def changes(
        self, calendar_id: str, cursor: str, start: datetime, end: datetime
    ) -> EventChanges:
        with self.weather.over("changes"):
            calendar = self._calendar(calendar_id)
            since, window = 0, (start, end)
            if cursor:
                generation, number, first, last = cursor.split("|")
                if int(generation) != self._generation:
                    raise SyncLost("The place was forgotten.")
                since = int(number)
                window = (datetime.fromisoformat(first), datetime.fromisoformat(last))
            rows = sorted(
                (each for each in self.kept.values() if each.number > since),
                key=lambda each: each.number,
            )
            rows = [each for each in rows if each.calendar_id == calendar]
            shown, more = rows[: self.page], len(rows) > self.page
            left = shown[-1].number if shown else since
            inside = [each for each in shown if not each.removed and _touches(each.event, window)]
            outside = [each.event.id for each in shown if each not in inside]
            place = f"{self._generation}|{left}|{window[0].isoformat()}|{window[1].isoformat()}"
            removed = tuple(outside) if since else ()
            return EventChanges(tuple(each.event for each in inside), removed, place, more)

    def schedules(
        self, emails: Sequence[str], start: datetime, end: datetime
    ) -> Sequence[Schedule]:
        with self.weather.over("schedules"):
            return tuple(self._schedule(email, start, end) for email in emails)

    # Those who work in Outlook meanwhile

    def put(
        self, subject: str, start: datetime, end: datetime, calendar_id: str = ""
    ) -> RemoteEvent:
        number = next(self._numbers)
        event = RemoteEvent(f"event-{number}", f"uid-{number}", "", subject, start, end)
        return self._note(event, Kept(event, self._calendar(calendar_id), number))

    def put_series(self, subject: str, start: datetime, times: int) -> RemoteEvent:
        """A master and one occurrence a day, of an hour each."""
        hour, day = timedelta(hours=1), timedelta(days=1)
        master = self.put(subject, start, start + hour)
        kept = self.kept[master.id]
        master = self._note(replace(master, is_master=True), kept)
        for number in range(times):
            begins = start + number * day
            one = replace(
                self.put(subject, begins, begins + hour), series=master.id, uid=master.uid
            )
            self._note(one, self.kept[one.id])
        return master

    def change(
        self, event_id: str, *, subject: str | None = None, later: timedelta = timedelta()
    ) -> RemoteEvent:
        kept = self._alive(event_id)
        event = replace(
            kept.event,
            subject=kept.event.subject if subject is None else subject,
            start=kept.event.start + later,
            end=kept.event.end + later,
        )
        return self._note(event, kept)

    def remove(self, event_id: str) -> None:
        kept = self._alive(event_id)
        self.kept[event_id] = replace(kept, number=next(self._numbers), removed=True)

    def forget_cursors(self) -> None:
        self._generation += 1

    def alive(self) -> list[RemoteEvent]:
        return [each.event for each in self.kept.values() if not each.removed]

    # Inside

    def _calendar(self, calendar_id: str) -> str:
        wanted = calendar_id or "default"
        if all(each.id != wanted for each in self.calendar_rows):
            raise Gone("There is no such calendar.")
        return wanted

    def _alive(self, event_id: str) -> Kept:
        kept = self.kept.get(event_id)
        if kept is None or kept.removed:
            raise Gone("There is no such event any more.")
        return kept

    def _by_key(self, key: str) -> RemoteEvent | None:
        return next((event for event in self.alive() if event.key == key), None)

    def _store(
        self, event: RemoteEvent, calendar_id: str, entry: Entry, html: str = ""
    ) -> RemoteEvent:
        words = html if entry.html is None else entry.html
        kept = Kept(event, calendar_id, 0, words, entry.show_as, entry.categories)
        return self._note(event, kept)

    def _note(self, event: RemoteEvent, kept: Kept) -> RemoteEvent:
        number = next(self._numbers)
        event = replace(event, change_key=f"change-{number}")
        self.kept[event.id] = replace(kept, event=event, number=number)
        return event

    def _schedule(self, email: str, start: datetime, end: datetime) -> Schedule:
        spans = self.busy.get(email.casefold())
        if spans is None:
            return Schedule(email, (), "Nobody knows this person.")
        return Schedule(email, tuple(s for s in spans if s.start < end and s.end > start))


_NEVER = (datetime(1, 1, 1, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC))


def _written(event: RemoteEvent, entry: Entry) -> RemoteEvent:
    return replace(
        event,
        subject=entry.subject,
        start=to_utc(entry.start, entry.zone, entry.start.fold),
        end=to_utc(entry.end, entry.zone, entry.end.fold),
        location=entry.location,
        key=entry.key,
    )


def _touches(event: RemoteEvent, window: tuple[datetime, datetime]) -> bool:
    return event.start < window[1] and event.end > window[0]
