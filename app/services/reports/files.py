"""A document leaves whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import uuid
from collections.abc import Callable
from pathlib import Path

from app.models.errors import BadInput, ConsoleError, StoreTrouble

PIECE = 1_000_000
"""Of a big file so many bytes are written before it is looked whether to stop."""


def leave_file(path: Path, content: bytes) -> None:
    """Writes `content` beside `path` and puts it in its place in one move; an older file there
    stays until then. Raises BadInput (no such folder, `path` is a folder, name not possible) or
    StoreTrouble (not allowed, read-only, disk full); then nothing is left behind."""
    put_in_place(half_file(path, content), path)


def leave_in(path: Path, content: bytes) -> None:
    """As `leave_file`, in a folder that is made where it is missing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise file_trouble(error, path.parent) from error
    leave_file(path, content)


def put_in_place(half: Path, path: Path) -> None:
    """Raises as `leave_file`; then `half` is gone and an older file stays."""
    try:
        half.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            half.unlink()
        raise file_trouble(error, path) from error


def half_file(path: Path, content: bytes, look: Callable[[], object] = lambda: None) -> Path:
    """`content` on the disk, beside `path`, not yet in its place. Raises as `leave_file`, and
    what `look` raises, which is called between two pieces; then nothing is left behind."""
    # os.path's answers are False, never an error, for names the system cannot hold
    if os.path.isdir(path):  # noqa: PTH112
        raise BadInput(f"{path} is a folder; nothing was written. Give a file name in it.")
    if not os.path.isdir(path.parent):  # noqa: PTH112
        raise BadInput(
            f"There is no folder {path.parent}; nothing was written. Make it or choose another."
        )
    half = path.parent / f".{uuid.uuid4().hex}.part"
    try:
        # not tempfile: its files are for the owner alone, and a packet is made to be shared
        with half.open("xb") as file:
            for first in range(0, len(content), PIECE):
                look()
                file.write(content[first : first + PIECE])
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        with contextlib.suppress(OSError):
            half.unlink()
        if isinstance(error, OSError):
            raise file_trouble(error, path) from error
        raise
    return half


def file_trouble(error: OSError, path: Path) -> ConsoleError:
    """The sentence for a file that could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreTrouble(
            f"The disk is full, so {path.name} was not written; what was there before is "
            "unchanged. Make room or choose another disk."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StoreTrouble(
            f"{path} may not be written: the folder is read-only or the file is open in another "
            "program. Nothing was changed; close it or choose another folder."
        )
    if error.errno in (errno.ENAMETOOLONG, errno.EINVAL, errno.ENOENT):
        return BadInput(f"“{path.name}” cannot be a file name there; nothing was written.")
    return StoreTrouble(f"{path.name} was not written ({error.strerror}); nothing was changed.")
