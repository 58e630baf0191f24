"""`backup`, `restore`, `doctor`: the keeping of the store."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.models.errors import BadInput
from app.wiring import Console, prepare


def backup(console: Console, asked: argparse.Namespace) -> int:
    from app.services.settings.backups import copy_verified

    target = asked.file.expanduser().absolute()
    if target.is_dir():
        raise BadInput(f"{target} is a folder; nothing was written. Give a file name in it.")
    if target.exists() and target.samefile(console.store.path):
        raise BadInput("That is the store itself; give another file. Nothing was written.")
    copy_verified(console.store.path, target)
    print(f"Backed up to {target}.")
    return 0


def second_folder(console: Console, asked: argparse.Namespace) -> int:
    """1 when it could not be written."""
    from app.services.settings.second_folder import choose_second_folder, place_of
    from app.services.settings.second_writing import SecondFolder, SecondState

    if asked.folder is not None:
        choose_second_folder(console.folder, asked.folder.expanduser().absolute())
    elif asked.off:
        choose_second_folder(console.folder, None)
    place = place_of(console.folder)
    if place.folder is None:
        print("No second folder is set: the store is on this machine alone.")
        return 0
    report = SecondFolder(console.folder, console.store.actor.name).turn()
    said = report.why or "everything is there."
    print(f"{place.folder} (epoch {place.epoch}): {said}")
    return 0 if report.state is SecondState.CURRENT else 1


def restore(folder: Path, asked: argparse.Namespace) -> int:
    """Before the store is opened: what is there may be damaged."""
    from app.services.settings.restore import restore as put_back
    from app.services.settings.window_lock import only_window

    prepare(folder)
    with only_window(folder):
        print(put_back(folder, asked.file.expanduser().absolute()).sentence)
    return 0


def doctor(folder: Path) -> int:
    """1 when something is wrong. It only looks: no folder is made for it."""
    from app.services.settings.doctor import examine

    findings = examine(folder)
    for finding in findings:
        print(f"{'ok ' if finding.ok else 'BAD'}  {finding.sentence}")
    return 0 if all(finding.ok for finding in findings) else 1
