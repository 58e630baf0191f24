"""A move of the store that did not end (`database_moving`), and how it is known again.

Before a move copies anything, the folder notes a token; the copy in the database holds the same
one. So only this folder’s next move replaces that copy, and only its consoles open it, once the
folder says that the store is there: to everybody else it is no store.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from app.models.errors import StoreTrouble
from app.services.folder import folder_trouble

FILE_NAME = "database-move.json"
UNFINISHED = "move-unfinished"
"""The setting of a copy in a database that is no store yet: its value says whose it is."""
Way = Literal["server", "file"]


def begin_move(folder: Path, way: Way) -> str:
    """The token, on the medium when it returns; that of a move begun before, if it did not end,
    as one database has several addresses. Raises StoreTrouble."""
    token = token_of(folder, way) or secrets.token_hex(16)
    path, part = folder / FILE_NAME, folder / f"{FILE_NAME}.part"
    try:
        part.touch(mode=0o600)
        with part.open("w", encoding="utf-8") as file:
            json.dump({"way": way, "token": token}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise folder_trouble(folder, error) from error
    return token


def token_of(folder: Path, way: Way) -> str:
    """Empty: no such move of this folder’s store was begun, or it ended. What cannot be read
    proves nothing, so it is as if none had been begun."""
    try:
        kept = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        return str(kept["token"]) if kept["way"] == way else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def end_move(folder: Path) -> None:
    """Raises StoreTrouble."""
    try:
        (folder / FILE_NAME).unlink(missing_ok=True)
    except OSError as error:
        raise folder_trouble(folder, error) from error


def mark_unfinished(link: Connection, token: str, store: Path, at: str) -> None:
    """In the transaction that makes the copy."""
    about = {"token": token, "of": str(store), "at": at}
    query = "INSERT INTO setting (name, value) VALUES (%s, %s)"
    link.exec_driver_sql(query, (UNFINISHED, json.dumps(about)))


def unfinished(link: Connection) -> dict[str, str] | None:
    """`token`, `of` and `at` of a copy that is no store yet."""
    query = "SELECT value FROM setting WHERE name = %s"
    kept = link.exec_driver_sql(query, (UNFINISHED,)).scalar()
    return None if kept is None else dict(json.loads(str(kept)))


def is_own(about: dict[str, str] | None, token: str) -> bool:
    """Whether the copy is that of the move with this token."""
    return about is not None and bool(token) and about.get("token") == token


def count_as_store(link: Connection) -> None:
    """From the commit on the copy is the store, for all who join it."""
    link.exec_driver_sql("DELETE FROM setting WHERE name = %s", (UNFINISHED,))


def left_there(about: dict[str, str]) -> StoreTrouble:
    return StoreTrouble(
        f"What is in that database is no store yet, but the copy of a move that did not end (of "
        f"{about['of']}, {about['at']}); that store goes on where it was. Do the move again there, "
        "which replaces the copy; or whoever runs the server empties the database. Nothing was "
        "changed.",
        trouble="moved",
    )
