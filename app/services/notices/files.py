"""The files of one notice in a folder of their own, with a manifest that names them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.models.errors import BadInput
from app.services.reports.files import file_trouble, leave_file

MANIFEST = "manifest.json"

File = tuple[str, bytes]


def leave_together(
    folder: Path, files: Sequence[File], manifest: Mapping[str, Any]
) -> tuple[Path, ...]:
    """Every file, each whole or not at all, the manifest last. What an earlier export of the same
    notice left there, and this one does not write, is removed if it is as it was written. Raises
    BadInput for a folder that holds another notice, StoreTrouble. Call it off the database
    thread."""
    was = _manifest_in(folder)
    about = ("outage", "notice", "number")
    if was and any(was.get(name) != manifest.get(name) for name in about):
        raise BadInput(
            f"{folder} holds the files of another notice ({was.get('outage')}, "
            f"{was.get('notice')}); nothing was written. Give each notice a folder of its own."
        )
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is a file, not a folder; nothing was written.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as trouble:
        raise file_trouble(trouble, folder) from trouble
    for name, content in files:
        leave_file(folder / name, content)
    listed = [
        {"file": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files
    ]
    whole = {**manifest, "files": listed}
    said = json.dumps(whole, ensure_ascii=False, indent=2)
    # before the manifest forgets it: a power cut between the two would leave it there for good
    _remove_old(folder, was, {name for name, _ in files})
    leave_file(folder / MANIFEST, f"{said}\n".encode())
    return tuple(folder / name for name in (*(name for name, _ in files), MANIFEST))


def _manifest_in(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _remove_old(folder: Path, was: Mapping[str, Any], kept: set[str]) -> None:
    """A batch too many would be a message sent twice."""
    for each in was.get("files", ()):
        name = str(each.get("file", ""))
        path = folder / Path(name).name
        if not name or name in kept or path.name != name:
            continue
        with suppress(OSError):
            if hashlib.sha256(path.read_bytes()).hexdigest() == each.get("sha256"):
                path.unlink()
