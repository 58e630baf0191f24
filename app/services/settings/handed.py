"""Whether the store here was handed over: then it is for reading only.

A file beside the store says so, not the store: the copy that was handed over must not say it. The
heads of the log stand in it, so that it means this store and none that takes its place later.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from app.models.errors import NotAllowed
from app.models.times import speak_moment_of_year
from app.services.folder import folder_trouble
from app.services.folder_lock import LockHeld, locked

FILE_NAME = "handed-over.json"
LOCK = "handing-over.lock"
PART = ".part"


@dataclass(frozen=True, slots=True)
class Handed:
    """To whom, by whom, when (ISO), in which file. `done` False: it is being written just now.
    `heads`: organisation id → number and hash of its log's last entry."""

    to: str
    by: str
    at: str
    file: str
    zone: str
    done: bool
    heads: dict[str, tuple[int, str]]

    @property
    def sentence(self) -> str:
        """To whom and when, as it stands on the screen."""
        when = speak_moment_of_year(datetime.fromisoformat(self.at), self.zone)
        return f"Handed over to {self.to} on {when} ({Path(self.file).name})."


def handed(folder: Path) -> Handed | None:
    """None: the store here is the one in use. One that is being written right now counts; one
    that was broken off by a crash does not, and is forgotten."""
    path = folder / FILE_NAME
    if not path.exists():
        return None
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        heads = {key: (head[0], head[1]) for key, head in kept.pop("heads").items()}
        found = Handed(**kept, heads=heads)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotAllowed(
            f"{path} cannot be read ({error}), so it is not known whether this store was handed "
            "over. Nothing was changed. Put the file away if it was not."
        ) from error
    if not found.done and _is_nobody_at_it(folder):
        path.unlink(missing_ok=True)
        return None
    return found


def require_in_use(folder: Path) -> None:
    """Raises NotAllowed, naming to whom and when it was handed over."""
    if not (folder / FILE_NAME).exists():
        return  # asked at every change
    found = handed(folder)
    if found is None:
        return
    if not found.done:
        raise NotAllowed("The store is being handed over just now, so nothing was changed.")
    raise NotAllowed(
        f"{found.sentence} Nothing was changed: this copy is for reading. If the hand-over came to "
        "nothing, take it back in Settings, Store (`handover --take-back`)."
    )


def keep_handed(folder: Path, found: Handed) -> None:
    """On the medium when it returns. Raises StoreTrouble."""
    part = folder / f"{FILE_NAME}{PART}"
    try:
        part.touch(mode=0o600)
        with part.open("w", encoding="utf-8") as file:
            json.dump(asdict(found), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / FILE_NAME)
        sync_folder(folder)
    except OSError as error:
        raise folder_trouble(folder, error) from error


def forget_handed(folder: Path) -> None:
    (folder / FILE_NAME).unlink(missing_ok=True)


def settle(folder: Path, store: sqlite3.Connection) -> None:
    """What a crash left half done is done, and what speaks of another store is forgotten."""
    found = handed(folder)
    if found is None or not found.done:
        return
    if heads_of(store) != found.heads:
        forget_handed(folder)
        return
    name_file(Path(found.file))


def name_file(file: Path) -> None:
    """The sealed file gets its name, unless it has it."""
    part = file.with_name(file.name + PART)
    with suppress(OSError):  # on a stick that is not here
        if part.exists():
            part.replace(file)
            sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """That a file got its name is on the medium, too."""
    with suppress(OSError):  # some systems cannot sync a folder
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def heads_of(store: sqlite3.Connection) -> dict[str, tuple[int, str]]:
    rows = store.execute("SELECT organisation_id, number, hash FROM chain_head")
    return {str(key): (int(number), str(head)) for key, number, head in rows}


def _is_nobody_at_it(folder: Path) -> bool:
    try:
        with locked(folder / LOCK):
            return True
    except LockHeld:
        return False
