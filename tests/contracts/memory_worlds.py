"""The worlds in memory."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.services.ports.calendars import BusyKind, BusySpan
from app.services.ports.meetings import Attendance
from app.services.ports.trouble import RemoteTrouble, Throttled, Unclear
from tests.contracts.memory_calendars import MemoryCalendars
from tests.contracts.memory_meetings import MemoryMeetings
from tests.contracts.weather import Weather
from tests.contracts.worlds import Break


def lay(weather: Weather, act: str, how: Break) -> None:
    troubles: dict[Break, RemoteTrouble] = {
        Break.AFTER: Unclear("The answer was lost."),
        Break.BEFORE: Unclear("The connection was cut."),
        Break.THROTTLED: Throttled("Slower, please.", 1.5),
    }
    weather.lay(act, troubles[how], after=how is Break.AFTER)


class MemoryCalendarWorld:
    def __init__(self) -> None:
        self.calendars = MemoryCalendars(page=10)

    def put(self, subject: str, start: datetime, end: datetime) -> str:
        return self.calendars.put(subject, start, end).id

    def put_series(self, subject: str, start: datetime, times: int) -> str:
        return self.calendars.put_series(subject, start, times).id

    def change(self, event_id: str, *, subject: str = "", later: timedelta = timedelta()) -> None:
        self.calendars.change(event_id, subject=subject or None, later=later)

    def remove(self, event_id: str) -> None:
        self.calendars.remove(event_id)

    def forget_cursors(self) -> None:
        self.calendars.forget_cursors()

    def busy(self, email: str, start: datetime, end: datetime) -> None:
        span = BusySpan(start, end, BusyKind.BUSY)
        self.calendars.busy.setdefault(email.casefold(), []).append(span)

    def breaks(self, act: str, how: Break) -> None:
        lay(self.calendars.weather, act, how)


class MemoryMeetingWorld:
    def __init__(self) -> None:
        self.meetings = MemoryMeetings()

    def held(self, meeting_id: str, started: datetime, ended: datetime, people: int) -> None:
        self.meetings.held(meeting_id, Attendance(started, ended, people))

    def delete(self, meeting_id: str) -> None:
        self.meetings.delete(meeting_id)

    def licensed(self, yes: bool) -> None:
        self.meetings.licensed = yes

    def hide_reports(self) -> None:
        self.meetings.may_see_reports = False

    def breaks(self, act: str, how: Break) -> None:
        lay(self.meetings.weather, act, how)
