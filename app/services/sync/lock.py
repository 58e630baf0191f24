"""One sender a data folder: two would each see a message waiting, and both send it. Of a store
that several consoles share, one sender among them all, by a lease."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.models.errors import StoreTrouble
from app.services.database_place import is_served
from app.services.folder import folder_trouble
from app.services.folder_lock import LockHeld, locked

FILE_NAME = "sender.lock"


@contextmanager
def only_sender(folder: Path) -> Iterator[None]:
    """Hold the folder's sender lock, which a crash frees (and the lease of a shared store, which
    runs out). Raises StoreTrouble (`about["trouble"]` is `sender`) when another process sends."""
    with _only_here(folder):
        if not is_served(folder):
            yield
            return
        from app.services.database_lease import leased  # only who shares a store needs it

        with leased(folder, "sender") as lease:
            if lease is None:
                raise StoreTrouble(
                    "Another console that shares this store drives mail and calendars, so this "
                    "one does not. Nothing is lost: what waits is sent by the other, or from here "
                    "once that one is closed.",
                    trouble="sender",
                    shared=True,
                )
            yield


@contextmanager
def _only_here(folder: Path) -> Iterator[None]:
    held = locked(folder / FILE_NAME)
    try:
        held.__enter__()
    except LockHeld:
        raise StoreTrouble(
            "Another Flight Console on this data folder is sending, so this one does not. "
            "Nothing is lost: what waits is sent by the other.",
            trouble="sender",
        ) from None
    except OSError as error:
        raise folder_trouble(folder, error) from error
    try:
        yield
    finally:
        held.__exit__(None, None, None)
