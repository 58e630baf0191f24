"""Whose the crew board of a data folder is: whoever serves it holds a lock, and has the store open.

So nothing takes the store's place meanwhile: what phones were told is written would lie in a file
that is no longer opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from app.models.errors import StoreTrouble
from app.services.folder_lock import LockHeld, locked

FOLDER = "crew"
LOCK = "crew.lock"
RUNNING = "running.json"
"""Says where it is served, while it is."""
HELD_S = 0.5
"""Whoever only looks whether it is served holds the lock for a moment."""


@contextmanager
def nobody_serves(folder: Path) -> Iterator[None]:
    """And nobody begins to. Raises StoreTrouble (`about["trouble"]` is `busy`); OSError."""
    with ExitStack() as held:
        if (folder / FOLDER).exists():
            try:
                held.enter_context(locked(folder / FOLDER / LOCK, wait=HELD_S))
            except LockHeld:
                raise StoreTrouble(
                    "The crew board is served from this store, by `crew --serve` or another "
                    "window; nothing was changed. End that first (Ctrl+C), as phones still write "
                    "there.",
                    trouble="busy",
                ) from None
        yield
