"""The rows that log entries hold, folded to a moment: how things stood then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]
"""A row as the log keeps it: its table and its columns, times as text."""


class Rows:
    """The rows of one flight at one moment."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Of a row that comes again the last one holds; what is archived is not there."""
        latest = {(row["table"], row["id"]): row for row in rows}
        self._tables: dict[str, dict[str, Row]] = defaultdict(dict)
        for (table, row_id), row in latest.items():
            if row.get("archived_at") is None:
                self._tables[table][row_id] = row

    def of(self, table: str) -> Mapping[str, Row]:
        """By their ids."""
        return self._tables.get(table, {})

    def links(self, table: str, other: str) -> Mapping[str, frozenset[str]]:
        """Step id → the ids that its link rows name."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.of(table).values():
            found[row["step_id"]].add(row[other])
        return {step: frozenset(ids) for step, ids in found.items()}


def of_outage(rows: Iterable[Row], outage_id: str) -> list[Row]:
    """The outage's own row and those that hang on it."""
    return [
        row
        for row in rows
        if (row["id"] if row["table"] == "outage" else row.get("outage_id")) == outage_id
    ]
