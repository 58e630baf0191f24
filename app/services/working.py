"""A long job: how far it is, and whether it should stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.models.errors import ConsoleError


class Stopped(ConsoleError):
    """The user cancelled; what the job would have changed is as it was."""

    code = "cancelled"


def _unheard(done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Work:
    """Handed to a job, which calls `at` wherever it could stop. `told(done, total)` is called on
    the job's own thread; a total of 0 is not known."""

    told: Callable[[int, int], object] = _unheard
    stop: threading.Event = field(default_factory=threading.Event)

    def at(self, done: int = 0, total: int = 0) -> None:
        """Raises Stopped once `stop` is set."""
        if self.stop.is_set():
            raise Stopped("Stopped, as you asked; nothing was changed.")
        self.told(done, total)

    def part(self, first: float, last: float) -> Work:
        """A part of the job: it begins at `first` of the whole (0 to 1) and ends at `last`."""

        def told(done: int, total: int) -> None:
            at = first + (last - first) * done / total if total else first
            self.told(round(at * 1_000), 1_000)

        return Work(told, self.stop)


UNWATCHED = Work()
"""Of a job that nobody waits for: it is never stopped."""


class Further:
    """What a query answers that would keep others waiting for long: the query that goes on with
    what was found so far. `views.ops.Ops` asks for it behind whatever waits by now."""

    __slots__ = ("query",)

    def __init__(self, query: Callable[..., Any]) -> None:
        self.query = query
