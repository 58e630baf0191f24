"""Reading a big CSV file in a child process, with progress and cancel: a busy thread makes the
window stutter, a busy child does not. The child imports neither Qt nor the database."""

from __future__ import annotations

import signal
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from app.models.directory.lines import DirectoryLine, LineKind, Preview
from app.models.errors import BadInput
from app.services.directory.csv_reading import preview_file
from app.services.working import Work

SMALL = 256 * 1024
"""Bytes that are read faster than a child process starts."""
PART = 250
"""Rows sent at once: while they are unpickled no other thread runs."""
ASK_EVERY = 0.05  # seconds between looks at whether to stop


def look_into(path: Path, kind: LineKind | None, work: Work) -> Preview:
    """As `preview_file`, a big file in a child. Raises BadInput, Stopped."""
    if not path.is_file() or path.stat().st_size < SMALL:
        return preview_file(path, kind)
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(theirs, path, kind), name="list", daemon=True)
    child.start()
    theirs.close()  # so that the child's death ends our side of the pipe
    rows: list[DirectoryLine] = []
    far = 0, 0
    try:
        while True:
            work.at(*far)
            if not ours.poll(ASK_EVERY):
                continue
            try:
                answer = ours.recv()
            except (EOFError, OSError):
                raise BadInput(
                    f"{path.name} could not be read: the reading stopped halfway. Nothing was "
                    "imported; try again."
                ) from None
            if isinstance(answer, Preview):
                return replace(answer, rows=tuple(rows))
            if isinstance(answer, BadInput):
                raise answer
            if isinstance(answer, list):
                rows += answer
            else:
                far = answer
    finally:
        child.kill()
        child.join()
        child.close()
        ours.close()


def _child(pipe: Connection, path: Path, kind: LineKind | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's, which then ends us
    try:
        read = preview_file(path, kind, Work(lambda done, total: pipe.send((done, total))))
        for first in range(0, len(read.rows), PART):
            pipe.send(list(read.rows[first : first + PART]))
        pipe.send(replace(read, rows=()))
    except BadInput as refusal:
        pipe.send(refusal)
    finally:
        pipe.close()
