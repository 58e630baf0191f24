"""Where files of the user's own are offered to be saved first."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths


def documents() -> Path:
    """The user's documents, or the home folder where there is no such folder: a file dialogue
    that begins in a missing one offers a name that cannot be chosen."""
    place = QStandardPaths.StandardLocation
    found = Path(QStandardPaths.writableLocation(place.DocumentsLocation))
    return found if found.is_dir() else Path(QStandardPaths.writableLocation(place.HomeLocation))
