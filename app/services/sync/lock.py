"""One sender a data folder: two would each see a message waiting, and both send it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.models.errors import StoreTrouble
from app.services.folder import folder_trouble
from app.services.folder_lock import LockHeld, locked

FILE_NAME = "sender.lock"


@contextmanager
def only_sender(folder: Path) -> Iterator[None]:
    """Hold the folder's sender lock, which a crash frees. Raises StoreTrouble
    (`about["trouble"]` is `sender`) when another process sends."""
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
