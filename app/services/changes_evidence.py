"""The files of evidence, kept beside the store under their hashes. They are waited for on a thread
of their own, never on the database's."""

from __future__ import annotations

from pathlib import Path

from app.models.changes_evidence import Kept, digest_of, kept_as
from app.models.errors import BadInput, NotFound, StoreTrouble
from app.services.folder import folder_trouble
from app.services.reports.files import leave_file

FOLDER = "evidence"
MAX_BYTES = 25_000_000


def keep_evidence(folder: Path, name: str, content: bytes) -> Kept:
    """Into the data folder `folder`. Raises BadInput, StoreTrouble."""
    if not content:
        raise BadInput(f"{name} is empty: that proves nothing, so it was not taken over.")
    if len(content) > MAX_BYTES:
        raise BadInput(
            f"{name} has over {MAX_BYTES // 1_000_000} MB and was not taken over. Keep the part "
            "that proves it, or write down where it lies."
        )
    kept = kept_as(name, content)
    place = folder / FOLDER
    try:
        place.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise folder_trouble(place, error) from error
    target = place / kept.file_name
    if not target.exists():
        leave_file(target, content)
    return kept


def keep_evidence_file(folder: Path, path: Path) -> Kept:
    """A copy of that file; the file itself stays where it is."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as trouble:
        raise BadInput(f"{path.name} cannot be read ({trouble.strerror}).") from None
    return keep_evidence(folder, path.name, content)


def evidence_file(folder: Path, kept: Kept) -> Path:
    """Where it lies, its content proven. Raises NotFound, or StoreTrouble when it was changed."""
    path = folder / FOLDER / kept.file_name
    try:
        content = path.read_bytes()
    except OSError:
        raise NotFound(
            f"{kept.name} does not lie on this laptop: evidence files are not in a backup of the "
            f"store. Look for {kept.file_name} where it was added."
        ) from None
    if digest_of(content) != kept.digest:
        raise StoreTrouble(f"{kept.name} was changed since it was added: it proves nothing now.")
    return path
