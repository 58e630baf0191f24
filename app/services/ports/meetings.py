"""Conference bridges as online meetings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Meeting:
    """`dial_in` is what a person reads out (number and conference id), empty without a licence:
    never invented. `lobby` is who gets in without waiting, in the service's word."""

    id: str
    join_link: str
    subject: str
    start: datetime
    end: datetime
    dial_in: str = ""
    lobby: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """A report exists only after the meeting ended: seeing one is proof."""

    started_at: datetime
    ended_at: datetime
    people: int


class Meetings(Protocol):
    """Methods raise the troubles of `ports.trouble`. No service can end a running meeting for
    everybody on behalf of a person: closing is a procedure, see `services/bridge`."""

    def open(self, external_id: str, subject: str, start: datetime, end: datetime) -> Meeting:
        """Made once for each `external_id`; asked again, the same meeting comes back."""
        ...

    def get(self, meeting_id: str) -> Meeting:
        """Raises Gone."""
        ...

    def lock(self, meeting_id: str, end: datetime) -> Meeting:
        """From now on everybody new waits in the lobby; who is inside stays. Returns the meeting
        as read again afterwards: look at `lobby`."""
        ...

    def attendance(self, meeting_id: str) -> Attendance | None:
        """None while no report exists. Raises Refused when that may not be read."""
        ...
