"""Are the rows as the log last left them? A row edited behind the console is named."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, create_engine, select
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel

import app.models.tables  # noqa: F401  (registers every table)
from app.services.uow import as_json


@dataclass(frozen=True, slots=True)
class Strange:
    """A row that is not as the log left it; no `columns`: it is gone."""

    table: str
    id: str
    columns: tuple[str, ...]

    def __str__(self) -> str:
        what = f" ({', '.join(self.columns)})" if self.columns else " (gone)"
        return f"{self.table} {self.id}{what}"


def strange_rows(connection: sqlite3.Connection) -> Iterator[Strange]:
    """Rows that differ from the newest entry that holds them. Columns that came with a later
    schema are not in an entry and are not compared. Takes a second for five years."""
    logged = _as_logged(connection)
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    with engine.connect() as link:
        for name, table in SQLModel.metadata.tables.items():
            if name in logged:
                yield from _differing(link, table, logged[name])


def _as_logged(connection: sqlite3.Connection) -> dict[str, dict[str, dict[str, Any]]]:
    """Table → id → the row in its newest entry. A row is of one organisation and so in one
    chain, in which the later entry has the higher number."""
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for (text,) in connection.execute("SELECT text FROM log_entry ORDER BY number"):
        for row in json.loads(text)["rows"]:
            rows.setdefault(row["table"], {})[row["id"]] = row
    return rows


def _differing(
    link: Connection, table: Table, logged: dict[str, dict[str, Any]]
) -> Iterator[Strange]:
    missing = set(logged)
    for stored in link.execute(select(table)).mappings():
        row = logged.get(stored["id"])
        if row is None:
            continue
        missing.discard(stored["id"])
        columns = tuple(
            name for name, value in stored.items() if name in row and row[name] != as_json(value)
        )
        if columns:
            yield Strange(table.name, stored["id"], columns)
    for row_id in sorted(missing):
        yield Strange(table.name, row_id, ())
