"""The files of one notice in a folder of their own, with a manifest that names them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from app.models.errors import BadInput, ConsoleError
from app.services.reports.files import file_trouble, half_file, put_in_place
from app.services.working import UNWATCHED, Work

MANIFEST = "manifest.json"

Content = bytes | Callable[[], bytes]
"""What a file holds, or what makes it when it is written: with 20 MB attached, fifty mails do not
fit into memory beside one another."""
File = tuple[str, Content]


def content_of(content: Content) -> bytes:
    return content() if callable(content) else content


def leave_together(
    folder: Path,
    files: Sequence[File],
    manifest: Mapping[str, Any],
    work: Work = UNWATCHED,
) -> tuple[Path, ...]:
    """All the files or none: they are put in their places once every one is on the disk, and the
    manifest last. What an earlier export of the same notice left there, and this one does not
    write, is removed if it is as it was written. Raises BadInput for a folder that holds another
    notice, StoreTrouble, Stopped; then the folder is as it was. Call it off the database and the
    GUI thread."""
    was = _manifest_in(folder)
    about = ("outage", "notice", "number")
    if was and any(was.get(name) != manifest.get(name) for name in about):
        raise BadInput(
            f"{folder} holds the files of another notice ({was.get('outage')}, "
            f"{was.get('notice')}); nothing was written. Give each notice a folder of its own."
        )
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is a file, not a folder; nothing was written.")
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    halves: list[tuple[Path, Path]] = []
    listed = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, (name, holds) in enumerate(files):
            look = partial(work.at, number, len(files) + 1)
            look()
            path, content = folder / name, content_of(holds)
            halves.append((half_file(path, content, look), path))
            digest = hashlib.sha256(content).hexdigest()
            listed.append({"file": name, "bytes": len(content), "sha256": digest})
        said = json.dumps({**manifest, "files": listed}, ensure_ascii=False, indent=2)
        manifest_half = half_file(folder / MANIFEST, f"{said}\n".encode())
        halves.append((manifest_half, folder / MANIFEST))
        work.at(len(files), len(files) + 1)
    except BaseException as trouble:
        _forget(halves)
        for each in missing:
            with suppress(OSError):
                each.rmdir()
        if isinstance(trouble, OSError):
            raise file_trouble(trouble, folder) from trouble
        raise
    try:
        for half, path in halves[:-1]:
            put_in_place(half, path)
        # before the manifest forgets it: a power cut between the two would leave it for good
        _remove_old(folder, was, {name for name, _ in files})
        put_in_place(*halves[-1])
    except ConsoleError:
        _forget(halves)
        raise
    return tuple(path for _, path in halves)


def _forget(halves: Sequence[tuple[Path, Path]]) -> None:
    for half, _ in halves:
        with suppress(OSError):
            half.unlink()


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
