"""The practice tenant of a data folder thrown away, with all that was sent in it."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.services.folder_lock import LockHeld, locked
from app.services.practice.process import FOLDER, LOCK

WAIT_SECONDS = 5.0
"""The one that was ours ends by itself; it writes its last words meanwhile."""


def forget_practice(folder: Path, wait: float = WAIT_SECONDS) -> bool:
    """False: another process runs it, or the folder cannot be written. What is left then harms
    nobody, and the next practice tenant goes on with it."""
    place = folder / FOLDER
    if not place.is_dir():
        return True
    try:
        with locked(place / LOCK, wait=wait):
            pass
        shutil.rmtree(place)
    except (LockHeld, OSError):
        return False
    return True
