"""Meetings in memory, with the semantics the port promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.services.ports.meetings import Attendance, Meeting
from app.services.ports.trouble import Gone, Refused
from tests.contracts.weather import Weather


class MemoryMeetings:
    """Implements `ports.meetings.Meetings`. `held` notes that a meeting ran and ended, as its
    organiser makes it end; `delete` is somebody else's slip."""

    def __init__(self, weather: Weather | None = None, *, licensed: bool = True) -> None:
        self.weather = weather or Weather()
        self.licensed = licensed
        self.may_see_reports = True
        self.kept: dict[str, Meeting] = {}
        self.reports: dict[str, list[Attendance]] = {}

    def open(self, external_id: str, subject: str, start: datetime, end: datetime) -> Meeting:
        with self.weather.over("open"):
            for meeting in self.kept.values():
                if meeting.external_id == external_id:
                    return meeting
            number = len(self.kept) + 1
            meeting = Meeting(
                id=f"meeting-{number}",
                join_link=f"https://teams.example/l/meetup-join/{number}",
                subject=subject,
                start=start,
                end=end,
                dial_in=f"+1 555 0100, conference ID {number:09}" if self.licensed else "",
                lobby="organization",
                external_id=external_id,
            )
            self.kept[meeting.id] = meeting
            return meeting

    def get(self, meeting_id: str) -> Meeting:
        with self.weather.over("get"):
            return self._there(meeting_id)

    def lock(self, meeting_id: str, end: datetime) -> Meeting:
        with self.weather.over("lock"):
            there = self._there(meeting_id)
            ends = end if there.start < end else there.end
            self.kept[meeting_id] = replace(there, lobby="organizer", end=ends)
            return self.kept[meeting_id]

    def attendance(self, meeting_id: str) -> Attendance | None:
        with self.weather.over("attendance"):
            if not self.may_see_reports:
                raise Refused("Reports may not be read.", "Forbidden", 403)
            self._there(meeting_id)
            reports = self.reports.get(meeting_id, [])
            return max(reports, key=lambda each: each.ended_at, default=None)

    def held(self, meeting_id: str, report: Attendance) -> None:
        self.reports.setdefault(meeting_id, []).append(report)

    def delete(self, meeting_id: str) -> None:
        del self.kept[meeting_id]

    def _there(self, meeting_id: str) -> Meeting:
        if meeting_id not in self.kept:
            raise Gone("There is no such meeting.")
        return self.kept[meeting_id]
