"""Copies of evidence: beside every copy of the store, in a folder of their own.

A file's name begins with the hash of what it holds, so a copy is right or it is seen to be wrong,
the same file lies there once however many copies of the store stand beside it, and nothing that is
right is ever overwritten.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from app.models.changes_evidence import Kept, digest_of, files_in, kept_named
from app.services.working import UNWATCHED, Work

FOLDER = "evidence"
"""Within the data folder."""
BESIDE = "flight-console-evidence"
"""Beside a copy of the store."""
PART = ".part-"
PIECE = 4 * 1024 * 1024
"""Bytes on the medium between two looks at what else there is to do."""


@dataclass(frozen=True, slots=True)
class Copied:
    """`refused` says of each file that was not copied why."""

    added: int = 0
    refused: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Empty when all are there."""
        if not self.refused:
            return ""
        many = len(self.refused)
        files = "1 file of evidence was" if many == 1 else f"{many} files of evidence were"
        more = f"; and {many - 3} more" if many > 3 else ""
        return f"{files} not copied: {'; '.join(self.refused[:3])}{more}."


def beside(copy: Path) -> Path:
    """Where the evidence of a copied store lies."""
    return copy.parent / BESIDE


def near(copy: Path) -> tuple[Path, ...]:
    """Where the evidence of a copied store may lie, the most likely first: a store kept in a data
    folder, or one of its own backups, has that folder's."""
    folder = copy.parent
    return beside(copy), folder / FOLDER, folder.parent / FOLDER


def files_of(folder: Path) -> dict[str, Kept]:
    """File name → what it says it is. Empty when there is no such folder. Raises OSError."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries)
    except FileNotFoundError:
        return {}
    found = ((name, kept_named(name)) for name in names)
    return {name: kept for name, kept in found if kept is not None}


def copy_evidence(
    source: Path, target: Path, work: Work = UNWATCHED, *, prove: bool = False
) -> Copied:
    """Into `target` what it has not yet; what cannot be copied is told, and the others are.

    A copy that is there is believed, as it was proven when it was made; with `prove` it is read
    again, and one that was changed is set right. Raises Stopped."""
    added, refused = 0, []
    try:
        wanted = files_of(source)
        there = files_of(target) if wanted else {}
    except OSError as error:
        return Copied(refused=(f"{error.filename} ({why(error)})",))
    for done, (name, kept) in enumerate(wanted.items()):
        if name in there and not prove:
            continue
        work.at(done, len(wanted))
        try:
            added += _copy(source / name, target / name, kept, work)
        except OSError as error:
            refused.append(f"{kept.name} ({why(error)})")
    return Copied(added, tuple(refused))


def _copy(source: Path, target: Path, kept: Kept, work: Work) -> bool:
    """Whether it was missing."""
    if is_right(target, kept):
        return False
    content = source.read_bytes()
    if digest_of(content) != kept.digest:
        raise OSError(0, "it was changed since it was added")
    put(target, content, work)
    return True


def put(target: Path, content: bytes, work: Work = UNWATCHED) -> None:
    """On the medium under its name when it returns, whole or not at all, for its owner alone. What
    lay there under a hash that is not its own is put aside under its own. Raises OSError, and
    Stopped between two pieces."""
    target.parent.mkdir(mode=0o700, exist_ok=True)
    half = target.parent / f"{PART}{uuid.uuid4().hex}"
    try:
        with half.open("xb") as file:
            for start in range(0, len(content), PIECE):
                work.at()
                file.write(content[start : start + PIECE])
                file.flush()
                os.fsync(file.fileno())
        with suppress(OSError):  # some shares know no rights
            half.chmod(0o600)
        _put_aside(target)
        half.replace(target)
    except BaseException:
        with suppress(OSError):
            half.unlink()
        raise
    with suppress(OSError):  # some systems cannot sync a folder
        opened = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _put_aside(path: Path) -> None:
    kept = kept_named(path.name)
    with suppress(FileNotFoundError):
        held = digest_of(path.read_bytes())
        if kept is not None and held != kept.digest:
            path.replace(path.with_name(Kept(kept.name, held).file_name))


def is_right(path: Path, kept: Kept) -> bool:
    """Whether it lies there as it was added."""
    try:
        return digest_of(path.read_bytes()) == kept.digest
    except OSError:
        return False


def why(error: OSError) -> str:
    return "the disk is full" if error.errno == errno.ENOSPC else str(error.strerror)


def bring_evidence(data: Path, sources: tuple[Path, ...], work: Work = UNWATCHED) -> None:
    """Into a data folder what lies in the folders of a copy. What could not be brought, `missing`
    tells. Raises Stopped."""
    for source in sources:
        if source != data / FOLDER:
            copy_evidence(source, data / FOLDER, work, prove=True)


def missing(store: Path, data: Path) -> tuple[Kept, ...]:
    """What the change records of a store name and `data` does not have."""
    here = files_of(data / FOLDER)
    return tuple(kept for kept in named_in(store) if kept.file_name not in here)


def named_in(store: Path) -> Iterator[Kept]:
    """The files that the change records of a store name, each once. Raises sqlite3.Error."""
    with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as link:
        rows = link.execute(
            "SELECT evidence FROM change_record WHERE evidence LIKE '%file: %' ORDER BY at, id"
        ).fetchall()
    yield from dict.fromkeys(kept for row in rows for kept in files_in(row[0]))


def said_missing(lost: tuple[Kept, ...]) -> str:
    """A sentence for whoever restored or took over; empty when all are here."""
    if not lost:
        return ""
    names = ", ".join(kept.name for kept in lost[:3])
    more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
    files = "1 file of evidence is" if len(lost) == 1 else f"{len(lost)} files of evidence are"
    return f"{files} not here ({names}{more}): look where the copy was made."
