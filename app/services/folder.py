"""The data folder; imports no storage, so that a start can use it before the first paint."""

from __future__ import annotations

import errno
from pathlib import Path

from app.models.errors import StoreTrouble

FILE_NAME = "flight-console.sqlite"
"""The store within the data folder."""


def prepare_folder(folder: Path) -> None:
    """Make the data folder, for its owner only. Raises StoreTrouble.

    A folder in which other things lie already keeps its mode: `--data /tmp` must not lock
    everybody else out of it. The store itself is its owner's alone in any case.
    """
    try:
        made = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if made or not any(folder.iterdir()):
            folder.chmod(0o700)
    except OSError as error:
        raise folder_trouble(folder, error) from error


def folder_trouble(folder: Path, error: OSError) -> StoreTrouble:
    """What the operating system said of the data folder, in the user's words."""
    if error.errno == errno.ENOSPC:
        return full()
    return StoreTrouble(
        f"The data folder {folder} cannot be used ({error.strerror}). "
        "Nothing was changed. Choose another with --data.",
        trouble="folder",
    )


def full() -> StoreTrouble:
    return StoreTrouble(
        "The disk is full, so this was not written; what was there before is safe. "
        "Free some space and do it again.",
        trouble="full",
    )
