"""Who has a folder's file to themselves: an operating-system lock, which a crash frees.

The lock is SQLite's own on an empty file, to which nothing is ever written: it is the same on
every system, and loaded already.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


class LockHeld(Exception):
    """Somebody else has it, in this process or another."""


@contextmanager
def locked(path: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Raises LockHeld when it is still held after `wait` seconds, OSError when the folder cannot
    be written."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    with closing(
        sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
    ) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise LockHeld(path.name) from None
            raise OSError(0, str(error)) from error
        yield
