"""A document leaves whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import uuid
from pathlib import Path

from app.models.errors import BadInput, ConsoleError, StoreTrouble


def leave_file(path: Path, content: bytes) -> None:
    """Writes `content` beside `path` and puts it in its place in one move; an older file there
    stays until then. Raises BadInput (no such folder, `path` is a folder, name not possible) or
    StoreTrouble (not allowed, read-only, disk full); then nothing is left behind."""
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
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            half.unlink()
        raise file_trouble(error, path) from error


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
