"""One window on a data folder: an operating-system lock, which a crash frees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.models.errors import StoreTrouble
from app.services.folder import folder_trouble

FILE_NAME = "window.lock"


@contextmanager
def only_window(folder: Path) -> Iterator[None]:
    """Hold the folder's window lock. Headless commands work beside it and do not ask for it.

    Raises StoreTrouble (`about["trouble"]` is `window`) when another window holds it.
    """
    from filelock import FileLock, Timeout

    # fallback_to_soft: a lock that is only a file would outlive a crash
    lock = FileLock(folder / FILE_NAME, timeout=0, mode=0o600, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        raise StoreTrouble(
            f"Flight Console is open already on {folder}. Go to that window; commands in a "
            "terminal work beside it. To open another store, start with --data.",
            trouble="window",
        ) from None
    except OSError as error:
        raise folder_trouble(folder, error) from error
    try:
        yield
    finally:
        lock.release()
