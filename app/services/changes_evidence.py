"""The files of evidence, kept beside the store under their hashes. They are waited for on a thread
of their own, never on the database's. Copies of the store have theirs, see
`changes_evidence_copies`; a store in a database server has what they hold, for all its consoles,
see `changes_evidence_served`."""

from __future__ import annotations

from pathlib import Path

from app.models.changes_evidence import Kept, kept_as
from app.models.errors import BadInput, NotFound, StoreTrouble
from app.services.changes_evidence_copies import BESIDE, FOLDER, is_right, put
from app.services.clock import REHEARSAL
from app.services.database_place import is_served
from app.services.folder import folder_trouble
from app.services.settings.backups import FOLDER as BACKUPS
from app.services.settings.second_folder import place_of

MAX_BYTES = 25_000_000


def keep_evidence(folder: Path, name: str, content: bytes) -> Kept:
    """Into the data folder `folder`, and into the database if its store is in one: every console
    reaches it before a row can name it. Raises BadInput, StoreTrouble."""
    if not content:
        raise BadInput(f"{name} is empty: that proves nothing, so it was not taken over.")
    if len(content) > MAX_BYTES:
        raise BadInput(
            f"{name} has over {MAX_BYTES // 1_000_000} MB and was not taken over. Keep the part "
            "that proves it, or write down where it lies."
        )
    kept = kept_as(name, content)
    target = folder / FOLDER / kept.file_name
    try:
        if not is_right(target, kept):
            put(target, content)
    except OSError as error:
        raise folder_trouble(target.parent, error) from error
    if is_served(folder):
        from app.services.changes_evidence_served import keep_there  # only who has one needs it

        keep_there(folder, kept, content)
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
    """Where it lies, its content proven; from a copy, or from the database, when it is not here or
    was changed. Raises NotFound, or StoreTrouble when it was changed and no copy is known."""
    path = folder / FOLDER / kept.file_name
    if is_right(path, kept):
        return path
    if copy := copy_of(folder, kept):
        try:
            put(path, copy.read_bytes())
        except OSError:
            return copy
        return path
    owner = folder.parent.parent if (folder / REHEARSAL).exists() else folder
    if is_served(owner):
        return _fetched_from(owner, kept, path)
    if path.exists():
        raise StoreTrouble(
            f"{kept.name} was changed since it was added: it proves nothing now, and there is no "
            f"copy in the backups. Look for {kept.file_name} beside older ones."
        )
    raise NotFound(
        f"{kept.name} lies neither on this laptop nor beside its backups. Look for "
        f"{kept.file_name} where it was added."
    )


def _fetched_from(owner: Path, kept: Kept, path: Path) -> Path:
    """From the database of the data folder `owner`, which keeps it from now on."""
    from app.services.changes_evidence_served import fetched

    content = fetched(owner, kept)
    if content is None:
        raise NotFound(
            f"{kept.name} lies neither on this laptop nor in the database. Open the console where "
            f"it was added: that brings {kept.file_name} into the database."
        )
    try:
        put(path, content)
    except OSError as error:
        raise folder_trouble(path.parent, error) from error
    return path


def copy_of(folder: Path, kept: Kept) -> Path | None:
    """A right copy beside the backups of a data folder, in its second folder or, of a rehearsal,
    in the folder it was made from."""
    places = [folder / BACKUPS / BESIDE]
    place = place_of(folder)
    if place.folder is not None:
        places.append(place.copies / BESIDE)
    if (folder / REHEARSAL).exists():  # it lies two below the real one
        places.append(folder.parent.parent / FOLDER)
    copies = (each / kept.file_name for each in places)
    return next((copy for copy in copies if is_right(copy, kept)), None)
