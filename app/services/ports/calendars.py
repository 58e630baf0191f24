"""The calendars of Outlook: our outages in one of them, other people's events, free and busy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RemoteCalendar:
    id: str
    name: str
    can_edit: bool
    is_default: bool = False
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event to be there. `key` is ours (transactionId and an extended property); `start` and
    `end` are wall times in `zone` (IANA). `html` is left alone on update when None."""

    key: str
    subject: str
    start: datetime
    end: datetime
    zone: str
    html: str | None = None
    location: str = ""
    show_as: str = "free"
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoteEvent:
    """An event as the calendar has it; `start` and `end` are UTC, or dates at midnight UTC when
    `all_day`. An occurrence of a series names it in `series`."""

    id: str
    uid: str
    change_key: str
    subject: str
    start: datetime
    end: datetime
    all_day: bool = False
    cancelled: bool = False
    location: str = ""
    key: str = ""
    series: str = ""
    is_master: bool = False
    web_link: str = ""


@dataclass(frozen=True, slots=True)
class EventChanges:
    """`removed` holds ids that may never have been known, and ids that only moved out of the
    window: read those again before dropping them."""

    events: tuple[RemoteEvent, ...]
    removed: tuple[str, ...]
    cursor: str
    more: bool


class BusyKind(StrEnum):
    FREE = "free"
    TENTATIVE = "tentative"
    BUSY = "busy"
    OUT = "oof"
    ELSEWHERE = "workingElsewhere"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BusySpan:
    start: datetime
    end: datetime
    kind: BusyKind


@dataclass(frozen=True, slots=True)
class Schedule:
    """`trouble` says why the service could not tell; then `busy` is empty and means nothing."""

    email: str
    busy: tuple[BusySpan, ...]
    trouble: str = ""


class Calendars(Protocol):
    """Methods raise the troubles of `ports.trouble`."""

    def calendars(self) -> Sequence[RemoteCalendar]: ...

    def create(self, calendar_id: str, entry: Entry) -> RemoteEvent:
        """Once for each key, however often it is asked for. An empty id is the default calendar.
        On Unclear: `find` first."""
        ...

    def update(self, event_id: str, entry: Entry) -> RemoteEvent: ...

    def cancel(self, event_id: str, comment: str) -> None:
        """Gone when it is not there any more."""
        ...

    def find(self, calendar_id: str, key: str) -> RemoteEvent | None: ...

    def get(self, event_id: str) -> RemoteEvent: ...

    def changes(
        self, calendar_id: str, cursor: str, start: datetime, end: datetime
    ) -> EventChanges:
        """An empty `cursor` starts a round over the window `start`–`end` (UTC). Occurrences come
        whole (subject and all). Raises SyncLost."""
        ...

    def schedules(
        self, emails: Sequence[str], start: datetime, end: datetime
    ) -> Sequence[Schedule]:
        """Free and busy of each, in the order asked; any number of people and days."""
        ...
