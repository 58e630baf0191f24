"""`status-page`."""

from __future__ import annotations

import argparse
from dataclasses import replace

from app.models.errors import BadInput
from app.services.clock import REHEARSAL
from app.wiring import Console


def status_page(console: Console, asked: argparse.Namespace) -> int:
    """Write it once, whatever is chosen in Settings."""
    from app.services.status.place import address_of
    from app.services.status.reading import status_page as read
    from app.services.status.writing import files_of, leave_page

    folder = asked.dir.expanduser().absolute()
    address = address_of(asked.address)
    if folder.resolve().is_relative_to(console.folder.resolve()):
        raise BadInput("That lies within the data folder; choose one that others may read.")
    page = console.store.read(read)
    if (console.folder / REHEARSAL).exists():
        page = replace(page, practice=True)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        why = "it is a file" if folder.is_file() else error.strerror
        raise BadInput(f"{folder} is no folder ({why}); nothing was written.") from error
    written = leave_page(folder, files_of(page, address))
    for path in written:
        print(path)
    if not written:
        print("Nothing changed.")
    return 0
