"""Where the practice tenant is kept between runs: one row a record, in a small database.

A change costs one row and a commit without waiting for the disk: killing the process loses
nothing that was answered, a power cut may lose the last moments of a rehearsal.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]


class StateFile:
    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=NORMAL")
        self._base.execute(
            "CREATE TABLE IF NOT EXISTS record (kind TEXT NOT NULL, key TEXT NOT NULL, "
            "body TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID"
        )
        self._open = False

    def load(self, kind: str) -> Iterator[tuple[str, Json]]:
        rows = self._base.execute("SELECT key, body FROM record WHERE kind = ?", (kind,))
        for key, body in rows.fetchall():
            yield key, json.loads(body)

    def put(self, kind: str, key: str, body: Json) -> None:
        self._begin()
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        self._base.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", (kind, key, text))

    def drop(self, kind: str, key: str) -> None:
        self._begin()
        self._base.execute("DELETE FROM record WHERE kind = ? AND key = ?", (kind, key))

    def commit(self) -> None:
        if self._open:
            self._base.execute("COMMIT")
            self._open = False

    def close(self) -> None:
        self.commit()
        self._base.close()

    def _begin(self) -> None:
        if not self._open:
            self._base.execute("BEGIN IMMEDIATE")
            self._open = True
