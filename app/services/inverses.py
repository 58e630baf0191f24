"""What takes an act back: its rows as they were, and what undoing it put back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.services.events import Event

if TYPE_CHECKING:
    from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class RowBefore:
    """`values` None: the row was made by the act, undoing archives it."""

    table: str
    id: str
    version_after: int
    values: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Undo:
    """The inverse of a use case, with the versions it saw. Run it with `undo`; `also` is what
    must follow in the same transaction, for what is derived from the rows."""

    label: str
    outage_id: str
    rows: tuple[RowBefore, ...]
    events: tuple[Event, ...] = ()
    also: tuple[Callable[[UnitOfWork], object], ...] = ()

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        """(table, id) of its rows, by which `TakenBack` is known again."""
        return frozenset((row.table, row.id) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo put back: (table, id) → (the version the row is as again, its version now)."""

    rows: Mapping[tuple[str, str], tuple[int, int]]

    def rebased(self, earlier: Undo) -> Undo:
        """An earlier inverse that saw a row as it is again now, so that undoing in turn works."""
        return replace(
            earlier,
            rows=tuple(
                replace(row, version_after=now) if row.version_after == was else row
                for row in earlier.rows
                for was, now in (self.rows.get((row.table, row.id), (0, 0)),)
            ),
        )
