"""One window on a data folder: an operating-system lock, which a crash frees.

The lock is SQLite's own on an empty file, to which nothing is ever written: it is the same on
every system, and loaded already. A library for locks would bring asyncio before the first paint.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.models.errors import StoreTrouble
from app.services.folder import folder_trouble

FILE_NAME = "window.lock"


@contextmanager
def only_window(folder: Path) -> Iterator[None]:
    """Hold the folder's window lock. Headless commands work beside it and do not ask for it.

    Raises StoreTrouble (`about["trouble"]` is `window`) when another window holds it.
    """
    with closing(_opened(folder)) as lock:
        _hold(lock, folder)
        yield


def _opened(folder: Path) -> sqlite3.Connection:
    path = folder / FILE_NAME
    try:
        path.touch(mode=0o600)
        return sqlite3.connect(path, timeout=0.0, isolation_level=None)
    except OSError as error:
        raise folder_trouble(folder, error) from error
    except sqlite3.OperationalError as error:
        raise folder_trouble(folder, OSError(0, str(error))) from error


def _hold(lock: sqlite3.Connection, folder: Path) -> None:
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise folder_trouble(folder, OSError(0, str(error))) from error
        raise StoreTrouble(
            f"Flight Console is open already on {folder}. Go to that window; commands in a "
            "terminal work beside it. Another folder can be opened with --data.",
            trouble="window",
        ) from None
