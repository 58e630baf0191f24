"""The second folder: where, besides the data folder, the store is kept for whoever takes over.

Which it is, and the epoch of this console, lie in a file beside the store and not in it: a
restored backup must not bring back an earlier epoch, and a copy taken over has a place of its own.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from app.models.errors import BadInput, NotAllowed
from app.models.settings_journal import Heads, Journal, read_journal
from app.services.clock import REHEARSAL
from app.services.database_place import require_file
from app.services.folder import folder_trouble

FILE_NAME = "second-folder.json"
COPIES = "flight-console-copy"
"""The folder within the chosen one, so that other things may lie there."""
_NAME = re.compile(r"e(\d{4,})-(\d{4,})\.journal$")


@dataclass(frozen=True, slots=True)
class Taken:
    """From whom a flight was taken over: their epoch, how far it was known, and how far what they
    recorded later was typed in since."""

    epoch: int
    host: str
    who: str
    upto: str
    heads: Heads
    typed: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """`folder` None: no second folder is set. `lost_to`: the epoch of whoever took over from this
    console."""

    folder: Path | None
    epoch: int
    console: str
    taken: Taken | None = None
    lost_to: int = 0

    @property
    def copies(self) -> Path:
        assert self.folder is not None
        return self.folder / COPIES


@dataclass(frozen=True, slots=True, order=True)
class Copy:
    """A base copy with its journal; the highest is the newest."""

    epoch: int
    generation: int
    folder: Path = field(compare=False)

    @property
    def name(self) -> str:
        return f"e{self.epoch:04d}-{self.generation:04d}"

    @property
    def base(self) -> Path:
        return self.folder / f"{self.name}.base.sqlite"

    @property
    def journal(self) -> Path:
        return self.folder / f"{self.name}.journal"


def copies_in(folder: Path) -> list[Copy]:
    """The newest first. Raises OSError when the folder is not there."""
    found = (_NAME.match(path.name) for path in folder.iterdir())
    return sorted((Copy(int(m[1]), int(m[2]), folder) for m in found if m), reverse=True)


def epochs_claimed(folder: Path) -> Iterator[int]:
    """Epochs that somebody took over in, also before their first copy was made."""
    for path in folder.iterdir():
        if match := re.match(r"e(\d{4,})\.taken$", path.name):
            yield int(match[1])


def read_file(path: Path) -> Journal:
    """Raises OSError."""
    with path.open("rb") as file:
        return read_journal(file)


def taken_file(folder: Path, epoch: int) -> Path:
    """Who took over in that epoch; whoever makes it first has the epoch."""
    return folder / f"e{epoch:04d}.taken"


def handed_file(folder: Path, epoch: int) -> Path:
    """That the store of that epoch was handed over, and to whom: its copy is not to be taken
    over."""
    return folder / f"e{epoch:04d}.handed"


def place_of(data: Path) -> Place:
    """What is set for a data folder."""
    try:
        kept = json.loads((data / FILE_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Place(None, 1, "")
    except (OSError, ValueError) as error:
        raise BadInput(
            f"{data / FILE_NAME} cannot be read ({error}). Put it away and choose the second "
            "folder again in Settings."
        ) from error
    taken = kept.get("taken")
    if taken is not None:
        heads = {key: (head[0], head[1]) for key, head in taken["heads"].items()}
        taken = Taken(**{**taken, "heads": heads})
    folder = Path(kept["folder"]) if kept["folder"] else None
    return Place(folder, kept["epoch"], kept["console"], taken, kept.get("lost_to", 0))


def keep_place(data: Path, place: Place) -> Place:
    """Raises StoreTrouble when the data folder cannot be written."""
    place = place if place.console else replace(place, console=str(uuid.uuid4()))
    values = {**asdict(place), "folder": str(place.folder or "")}
    part = data / f"{FILE_NAME}.part"
    try:
        part.touch(mode=0o600)
        part.write_text(json.dumps(values, indent=1), encoding="utf-8")
        part.replace(data / FILE_NAME)
    except OSError as error:
        raise folder_trouble(data, error) from error
    return place


def choose_second_folder(data: Path, folder: Path | None) -> Place:
    """From now on the store is kept there, too (None: no longer). Raises BadInput when it is no
    folder, lies within the data folder, or cannot be written; NotAllowed in a rehearsal, whose copy
    would be taken over elsewhere as a real store, and what waits in it would leave."""
    if folder is not None and (data / REHEARSAL).exists():
        raise NotAllowed(
            "This is a rehearsal: a copy of it would pass for the real store where it is taken "
            "over. Nothing was changed. Practise a take-over with the sample."
        )
    before = place_of(data)
    if folder is not None:
        require_file(data, "keeping it in a second folder")
        _require_fit(data.resolve(), folder)
    return keep_place(data, replace(before, folder=folder, lost_to=0))


def _require_fit(data: Path, folder: Path) -> None:
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder; nothing was changed. Choose one that is there.")
    if folder.resolve() == data or folder.resolve().is_relative_to(data):
        raise BadInput(
            "That lies within the data folder, so it would be lost with it; nothing was changed. "
            "Choose a share or a stick."
        )
    try:
        (folder / COPIES).mkdir(exist_ok=True, mode=0o700)
        probe = folder / COPIES / f".{uuid.uuid4()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise BadInput(
            f"{folder} cannot be written ({error.strerror}); nothing was changed. Choose another."
        ) from error
