"""The worlds in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from app.services.ports.calendars import BusyKind, BusySpan
from app.services.ports.mail import Address, Arrived, Found
from app.services.ports.meetings import Attendance
from app.services.ports.trouble import RemoteTrouble, Throttled, Unclear
from tests.contracts.memory_calendars import MemoryCalendars
from tests.contracts.memory_mailbox import Letter, MemoryMailbox
from tests.contracts.memory_meetings import MemoryMeetings
from tests.contracts.weather import Weather
from tests.contracts.worlds import NOW, Break


def lay(weather: Weather, act: str, how: Break) -> None:
    troubles: dict[Break, RemoteTrouble] = {
        Break.AFTER: Unclear("The answer was lost."),
        Break.BEFORE: Unclear("The connection was cut."),
        Break.THROTTLED: Throttled("Slower, please.", 1.5),
    }
    weather.lay(act, troubles[how], after=how is Break.AFTER)


class MemoryMailWorld:
    """Whoever got a notice may answer it; addresses at `bounce.example` come back."""

    shared = "desk@memory.example"

    def __init__(self) -> None:
        self.now = NOW
        self.mailbox = MemoryMailbox(lambda: self.now, shows_submitted=True)
        self._numbers = count(1)
        self._bounced: set[str] = set()

    def later(self, how_much: timedelta) -> None:
        self.now += how_much
        for letter in self.mailbox.sent:
            people = (*letter.message.to, *letter.message.bcc)
            lost = tuple(p.email.casefold() for p in people if p.email.endswith("@bounce.example"))
            if lost and letter.id not in self._bounced:
                self._bounced.add(letter.id)
                came = self._about(letter, "postmaster@memory.example", "Not delivered.")
                subject = f"Undeliverable: {letter.message.subject}"
                self.mailbox.receive(
                    replace(came, subject=subject, is_bounce=True, undelivered=lost)
                )

    def breaks(self, act: str, how: Break) -> None:
        lay(self.mailbox.weather, act, how)

    def answers(self, sent: Found, email: str, text: str) -> None:
        self.mailbox.receive(self._about(self.mailbox.letters[sent.id], email, text))

    def answers_automatically(self, sent: Found, email: str, text: str) -> None:
        came = self._about(self.mailbox.letters[sent.id], email, text)
        self.mailbox.receive(replace(came, automatic=True))

    def delete_arrived(self, arrived_id: str) -> None:
        self.mailbox.remove(arrived_id)

    def forget_cursors(self) -> None:
        self.mailbox.forget_cursors()

    def words(self, found: Found) -> str:
        message = self.mailbox.letters[found.id].message
        source = message.forward_of or message.answer_to
        below = self.mailbox.letters[source].message.html if source in self.mailbox.letters else ""
        came = (each for _, each in self.mailbox.arrived if isinstance(each, Arrived))
        return message.html + below + "".join(each.text for each in came if each.id == source)

    def files(self, found: Found) -> list[tuple[str, int]]:
        files = self.mailbox.letters[found.id].message.files
        return sorted((file.name, len(file.content)) for file in files)

    def _about(self, letter: Letter, email: str, text: str) -> Arrived:
        number = next(self._numbers)
        return Arrived(
            id=f"A{number}",
            internet_id=f"<answer-{number}@partner.example>",
            conversation=letter.conversation,
            subject=f"RE: {letter.message.subject}",
            sender=Address(email),
            text=text,
            received_at=self.now,
            references=(letter.internet_id,),
        )


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
