"""What happened, told after the commit. Events are for looking again, never for remembering:
what must be remembered is a log row, what must leave is an outbox row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """`outage_id` is empty where the event is not about one outage."""

    outage_id: str = ""


@dataclass(frozen=True, slots=True)
class OutageChanged(Event):
    """Facts, window or state of an outage changed (or it was planned). `ended`: its flight did,
    or that was undone."""

    ended: bool = False


@dataclass(frozen=True, slots=True)
class StepsChanged(Event):
    """Some steps changed; `step_ids` empty means look at all of them."""

    step_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticesChanged(Event):
    pass


@dataclass(frozen=True, slots=True)
class LiveChanged(Event):
    """Roll call, criteria, decisions, bridge or confirmations changed."""


@dataclass(frozen=True, slots=True)
class ChangesReviewed(Event):
    pass


@dataclass(frozen=True, slots=True)
class Logged(Event):
    """A note was written to the log or struck through."""


@dataclass(frozen=True, slots=True)
class RunbooksChanged(Event):
    """The organisation has a further revision of a runbook, or one was taken back."""


@dataclass(frozen=True, slots=True)
class DirectoryChanged(Event):
    pass


@dataclass(frozen=True, slots=True)
class CalendarChanged(Event):
    pass


@dataclass(frozen=True, slots=True)
class ConflictsChanged(Event):
    """Something came to stand against a window to come, or no longer does
    (`calendar.rechecking`)."""


@dataclass(frozen=True, slots=True)
class OutreachChanged(Event):
    """Somebody is asked what must not be disturbed, or answered."""


@dataclass(frozen=True, slots=True)
class TakenBack(Event):
    """An act was undone; `rows` are (table, id) of what it had changed."""

    rows: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class OccurrencesStale(Event):
    """Events came back as they were before: when they happen is to be worked out anew
    (`calendar.occurrences.refresh`, beside the window)."""


@dataclass(frozen=True, slots=True)
class OutboxChanged(Event):
    """Something is to leave, is leaving, left, or needs attention."""


@dataclass(frozen=True, slots=True)
class SyncStateChanged(Event):
    """How the console stands with Outlook: a token of `sync.state.SyncState`, and why."""

    state: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class SecondFolderChanged(Event):
    """How the copy in the second folder stands: a token of `settings.second_writing.SecondState`,
    why, and until when everything is there (ISO, empty when unknown)."""

    state: str = ""
    why: str = ""
    upto: str = ""


@dataclass(frozen=True, slots=True)
class StatusPageChanged(Event):
    """How the status page stands: a token of `status.writing.StatusState`, and why."""

    state: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class CrewChanged(Event):
    """Links to the crew board were made, opened or revoked, or somebody of the crew asks for
    help."""


@dataclass(frozen=True, slots=True)
class ChangedElsewhere(Event):
    """Another process wrote to the store: look at everything again."""


@dataclass(frozen=True, slots=True)
class StoreReached(Event):
    """The database server that has the store went away, or is `there` again: what was `said` of
    it is no longer so."""

    there: bool = True
    said: str = ""


class EventBus:
    """Calls every subscriber in turn, on the thread that published."""

    def __init__(self) -> None:
        self._subscribers: list[Callable[[Event], None]] = []

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Returns the call that ends the subscription."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    def publish(self, event: Event) -> None:
        for callback in tuple(self._subscribers):
            callback(event)
