"""The worlds over real HTTPS."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.services.graph.calendars import GraphCalendars
from app.services.graph.client import GraphClient
from app.services.graph.mail import GraphMailbox
from app.services.graph.meetings import GraphMeetings
from app.services.graph.times import utc_pair
from app.services.ports.mail import Found
from app.services.practice import mail_delivery
from app.services.practice.calendar import CalendarRoom
from app.services.practice.mail import PostOffice
from app.services.practice.mail_box import Box, Message
from app.services.practice.people import User
from tests.contracts.practice import Practice
from tests.contracts.worlds import HOUR, Break


def fault(route: str, how: Break) -> str:
    kind = {Break.AFTER: "reset-after", Break.BEFORE: "reset-before", Break.THROTTLED: "429=1.5"}
    return f"{kind[how]}:{route}"


class PracticeMailWorld:
    def __init__(self, practice: Practice, user: User, client: GraphClient) -> None:
        self._practice = practice
        self._user = user
        self.mailbox = GraphMailbox(client)
        address = f"desk-{user.email}"
        self._desk = practice.tenant.add_shared(address, "Service desk", [user])
        self.shared = address

    @property
    def now(self) -> datetime:
        return self._practice.now

    def later(self, how_much: timedelta) -> None:
        self._practice.later(how_much)

    def breaks(self, act: str, how: Break) -> None:
        self._practice.faults.add(fault(act, how))

    def answers(self, sent: Found, email: str, text: str) -> None:
        with self._practice.tenant.turn():
            mail_delivery.answer(self._post, self._user, self._own(sent), email, email, text)

    def answers_automatically(self, sent: Found, email: str, text: str) -> None:
        with self._practice.tenant.turn():
            about = self._own(sent)
            mail_delivery.automatic_reply(self._post, self._user, about, email, email, text)

    def forget_cursors(self) -> None:
        with self._practice.tenant.turn():
            self._box().forget_state()

    def delete_arrived(self, arrived_id: str) -> None:
        with self._practice.tenant.turn():
            self._post.delete(self._user, self._box().find(arrived_id))

    def words(self, found: Found) -> str:
        with self._practice.tenant.turn():
            return str(self._box().find(found.id).data["body"]["content"])

    def files(self, found: Found) -> list[tuple[str, int]]:
        with self._practice.tenant.turn():
            box = self._box()
            kept = [box.files[key] for key in box.find(found.id).files]
        return sorted((str(file["name"]), int(file["size"])) for file in kept)

    def drafts(self) -> int:
        with self._practice.tenant.turn():
            box = self._box()
            return len(box.in_folder(box.well_known("drafts")))

    @property
    def _post(self) -> PostOffice:
        return self._practice.tenant.mail

    def _box(self) -> Box:
        return self._post.box(self._user)

    def _own(self, found: Found) -> Message:
        return self._box().find(found.id)


class PracticeCalendarWorld:
    def __init__(self, practice: Practice, user: User, client: GraphClient) -> None:
        self._practice = practice
        self._user = user
        self.calendars = GraphCalendars(client)

    def put(self, subject: str, start: datetime, end: datetime) -> str:
        return self._create(subject, start, end)

    def put_series(self, subject: str, start: datetime, times: int) -> str:
        recurrence = {
            "pattern": {"type": "daily", "interval": 1},
            "range": {
                "type": "numbered",
                "startDate": start.date().isoformat(),
                "numberOfOccurrences": times,
                "recurrenceTimeZone": "UTC",
            },
        }
        return self._create(subject, start, start + HOUR, recurrence=recurrence)

    def change(self, event_id: str, *, subject: str = "", later: timedelta = timedelta()) -> None:
        with self._practice.tenant.turn():
            event, _ = self._room.find(self._user, event_id)
            values: dict[str, Any] = {"subject": subject} if subject else {}
            if later:
                values["start"] = utc_pair(event.starts + later)
                values["end"] = utc_pair(event.ends + later)
            self._room.patch(self._user, event_id, values)

    def remove(self, event_id: str) -> None:
        with self._practice.tenant.turn():
            self._room.delete(self._user, event_id)

    def forget_cursors(self) -> None:
        with self._practice.tenant.turn():
            self._room.box(self._user).forget_state()

    def busy(self, email: str, start: datetime, end: datetime) -> None:
        user = self._practice.tenant.user(email) or self._practice.tenant.add_user(email, email)
        with self._practice.tenant.turn():
            self._room.create(user, _event("Busy", start, end))

    def breaks(self, act: str, how: Break) -> None:
        routes = {"create": "event-create", "update": "event-patch", "cancel": "event-delete"}
        self._practice.faults.add(fault(routes[act], how))

    @property
    def _room(self) -> CalendarRoom:
        return self._practice.tenant.calendar

    def _create(self, subject: str, start: datetime, end: datetime, **more: Any) -> str:
        with self._practice.tenant.turn():
            event = self._room.create(self._user, {**_event(subject, start, end), **more})
            return event.shown_id(immutable=True)


def _event(subject: str, start: datetime, end: datetime) -> dict[str, Any]:
    return {"subject": subject, "start": utc_pair(start), "end": utc_pair(end), "showAs": "busy"}


class PracticeMeetingWorld:
    def __init__(self, practice: Practice, user: User, client: GraphClient) -> None:
        self._practice = practice
        self._user = user
        self.meetings = GraphMeetings(client)

    def held(self, meeting_id: str, started: datetime, ended: datetime, people: int) -> None:
        room = self._practice.tenant.meetings
        back = self._practice.now
        with self._practice.tenant.turn():
            meeting = room.by_id(meeting_id)
            self._practice.now = started
            room.joined(meeting, people)
            self._practice.now = ended
            room.ended(meeting)
            self._practice.now = back

    def delete(self, meeting_id: str) -> None:
        with self._practice.tenant.turn():
            self._practice.tenant.meetings.delete(self._user, meeting_id)

    def licensed(self, yes: bool) -> None:
        self._practice.tenant.switches.audio_licence = yes

    def hide_reports(self) -> None:
        self._practice.tokens.without("OnlineMeetingArtifact.Read.All")

    def breaks(self, act: str, how: Break) -> None:
        routes = {"open": "meeting-create", "lock": "meeting-patch"}
        self._practice.faults.add(fault(routes[act], how))
