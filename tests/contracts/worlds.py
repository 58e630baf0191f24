"""What a contract test needs of a world beside the port: those who work in Outlook meanwhile, and
faults. A world in memory and one over HTTPS give the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Protocol

from app.services.ports.calendars import Calendars
from app.services.ports.mail import Found, Mailbox
from app.services.ports.meetings import Meetings

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Break(Enum):
    """What the next write meets: the answer is lost once the effect is there; the connection is
    cut before; too many requests."""

    AFTER = "after"
    BEFORE = "before"
    THROTTLED = "throttled"


class CalendarWorld(Protocol):
    @property
    def calendars(self) -> Calendars: ...

    def put(self, subject: str, start: datetime, end: datetime) -> str:
        """Somebody else's event in the default calendar; its id."""
        ...

    def put_series(self, subject: str, start: datetime, times: int) -> str:
        """One hour a day; the id of the master."""
        ...

    def change(
        self, event_id: str, *, subject: str = "", later: timedelta = timedelta()
    ) -> None: ...

    def remove(self, event_id: str) -> None: ...

    def forget_cursors(self) -> None: ...

    def busy(self, email: str, start: datetime, end: datetime) -> None:
        """From now on this person exists and is busy then."""
        ...

    def breaks(self, act: str, how: Break) -> None:
        """`act`: create, update, cancel."""
        ...


class MeetingWorld(Protocol):
    @property
    def meetings(self) -> Meetings: ...

    def held(self, meeting_id: str, started: datetime, ended: datetime, people: int) -> None: ...

    def delete(self, meeting_id: str) -> None: ...

    def licensed(self, yes: bool) -> None: ...

    def hide_reports(self) -> None: ...

    def breaks(self, act: str, how: Break) -> None:
        """`act`: open, lock."""
        ...


class MailWorld(Protocol):
    """Whatever goes to an address at `bounce.example` comes back; `shared` is the address of a
    mailbox this person may use."""

    @property
    def mailbox(self) -> Mailbox: ...

    @property
    def shared(self) -> str: ...

    @property
    def now(self) -> datetime: ...

    def later(self, how_much: timedelta) -> None:
        """Time passes, and what was handed over lands."""
        ...

    def breaks(self, act: str, how: Break) -> None:
        """`act`: create, send, delete."""
        ...

    def answers(self, sent: Found, email: str, text: str) -> None:
        """Somebody who got it answers."""
        ...

    def answers_automatically(self, sent: Found, email: str, text: str) -> None: ...

    def delete_arrived(self, arrived_id: str) -> None:
        """The person deletes what arrived."""
        ...

    def forget_cursors(self) -> None: ...

    def words(self, found: Found) -> str:
        """The body as it stands in the mailbox."""
        ...

    def files(self, found: Found) -> list[tuple[str, int]]:
        """Names and sizes of what is attached, sorted."""
        ...
