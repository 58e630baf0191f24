"""An answer that is not whole yet: the database thread does other work between its turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Further:
    """What a query answers that would keep others waiting for long: the query that goes on with
    what was found so far. `views.ops.Ops` asks for it behind whatever waits by now."""

    __slots__ = ("query",)

    def __init__(self, query: Callable[..., Any]) -> None:
        self.query = query
