"""Write the status page into a folder: four files, each whole or not at all, and only those that
say something else than what lies there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.models.errors import BadInput, ConsoleError
from app.models.status import PAGE, StatusPage
from app.services.database import Store
from app.services.reports.files import leave_file
from app.services.status.feeds import atom_of, json_of, rss_of
from app.services.status.page import html_of
from app.services.status.place import place_of, require_ours
from app.services.status.reading import status_page


class StatusState(StrEnum):
    NONE = "none"
    CURRENT = "current"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class StatusReport:
    """How a turn went; `why` when the page could not be written."""

    state: StatusState
    why: str = ""
    written: tuple[Path, ...] = ()


def files_of(page: StatusPage, address: str = "") -> dict[str, bytes]:
    """The page comes last: when it is new, the feeds beside it are."""
    return {
        "status.json": json_of(page),
        "atom.xml": atom_of(page, address),
        "rss.xml": rss_of(page, address),
        PAGE: html_of(page),
    }


def leave_page(folder: Path, files: dict[str, bytes]) -> tuple[Path, ...]:
    """Which files were written. Raises BadInput (the folder is gone, another's page lies there)
    or StoreTrouble (full, not allowed); what lies there stays whole."""
    if not os.path.isdir(folder):  # noqa: PTH112  (False, never an error, whatever the share says)
        raise BadInput(
            f"The folder {folder} is not there, so the status page was not written. It is tried "
            "again; put it back, or choose another in Settings."
        )
    require_ours(folder)
    written = []
    for name, content in files.items():
        if not _says(folder / name, content):
            leave_file(folder / name, content)
            written.append(folder / name)
    return tuple(written)


def _says(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


class StatusWriter:
    """Keeps the page of one data folder as what people were told. Not for the GUI thread: it
    waits for the store and for the folder, which may be a share."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def turn(self) -> StatusReport:
        try:
            place = place_of(self._store.folder)
            if place.folder is None or not self._store.organisation_id:
                return StatusReport(StatusState.NONE)
            page = self._store.read(status_page)
            written = leave_page(place.folder, files_of(page, place.address))
        except ConsoleError as refusal:
            return StatusReport(StatusState.BEHIND, refusal.sentence)
        return StatusReport(StatusState.CURRENT, "", written)
