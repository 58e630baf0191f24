"""Conference bridges over Graph: Teams meetings."""

from __future__ import annotations

from datetime import UTC, datetime

from app.services.graph import words
from app.services.graph.answers import Json, in_shape, required
from app.services.graph.client import GraphClient
from app.services.graph.hosts import segment
from app.services.graph.times import moment, stamp
from app.services.ports.meetings import Attendance, Meeting
from app.services.ports.trouble import RemoteTrouble, Unclear

_WHOLE = ("include-unknown-enum-members",)
_NO_TIME = datetime(1, 1, 1, tzinfo=UTC)


class GraphMeetings:
    """Implements `ports.meetings.Meetings`. Never deletes: a deleted meeting's link lives on, and
    opening it brings the meeting back without its lobby."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    def open(self, external_id: str, subject: str, start: datetime, end: datetime) -> Meeting:
        asked = {
            "externalId": external_id,
            "subject": subject,
            "startDateTime": stamp(start),
            "endDateTime": stamp(end),
        }
        row = self._client.write("POST", "/me/onlineMeetings/createOrGet", asked, prefer=_WHOLE)
        required(row, "id")
        with in_shape(write=True):
            return _meeting({**row, "externalId": row.get("externalId") or external_id})

    def get(self, meeting_id: str) -> Meeting:
        row = self._client.get(_path(meeting_id), prefer=_WHOLE)
        with in_shape():
            return _meeting(row)

    def lock(self, meeting_id: str, end: datetime) -> Meeting:
        path = _path(meeting_id)
        there = self._client.get(path, prefer=_WHOLE)
        changes: Json = {
            "lobbyBypassSettings": {"scope": "organizer", "isDialInBypassEnabled": False},
            "allowedPresenters": "organizer",
            "allowMeetingChat": "disabled",
        }
        with in_shape():
            starts = moment(there.get("startDateTime"))
        if starts is not None and starts < end:  # Graph takes the two only together, in order
            changes |= {"startDateTime": there["startDateTime"], "endDateTime": stamp(end)}
        self._client.write("PATCH", path, changes, prefer=_WHOLE)
        try:
            return self.get(meeting_id)
        except RemoteTrouble as trouble:
            raise Unclear(words.LOCK_UNSEEN) from trouble

    def attendance(self, meeting_id: str) -> Attendance | None:
        rows = list(self._client.items(f"{_path(meeting_id)}/attendanceReports"))
        with in_shape():
            reports = [report for row in rows if (report := _attendance(row)) is not None]
        return max(reports, key=lambda report: report.ended_at, default=None)


def _path(meeting_id: str) -> str:
    return f"/me/onlineMeetings/{segment(meeting_id)}"


def _meeting(row: Json) -> Meeting:
    return Meeting(
        id=row["id"],
        join_link=row.get("joinWebUrl") or "",
        subject=row.get("subject") or "",
        start=moment(row.get("startDateTime")) or _NO_TIME,
        end=moment(row.get("endDateTime")) or _NO_TIME,
        dial_in=_dial_in(row.get("audioConferencing")),
        lobby=(row.get("lobbyBypassSettings") or {}).get("scope") or "",
        external_id=row.get("externalId") or "",
    )


def _dial_in(audio: Json | None) -> str:
    """Number and conference id, or nothing: without a licence there is neither."""
    said = {name.casefold(): value for name, value in (audio or {}).items()}
    numbers = (said.get("tollnumber"), *(said.get("tollnumbers") or ()), said.get("tollfreenumber"))
    number = next((each for each in numbers if each), None)
    conference = said.get("conferenceid")
    if not number or not conference:
        return ""
    return f"{number}, conference ID {conference}"


def _attendance(row: Json) -> Attendance | None:
    started, ended = moment(row.get("meetingStartDateTime")), moment(row.get("meetingEndDateTime"))
    if started is None or ended is None:
        return None
    return Attendance(started, ended, int(row.get("totalParticipantCount") or 0))
