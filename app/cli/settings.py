"""`backup`, `restore`, `doctor`: the keeping of the store."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.printing import one_line, show, stderr
from app.models.errors import BadInput
from app.models.log import iso
from app.services.folder import FILE_NAME
from app.wiring import Console, prepare, user_name

if TYPE_CHECKING:
    from app.services.settings.second_reading import LaterEntry


def backup(console: Console, asked: argparse.Namespace) -> int:
    from app.services.changes_evidence_copies import BESIDE, beside, files_of
    from app.services.database_place import is_served
    from app.services.settings.backups import copy_with_evidence

    target = asked.file.expanduser().absolute()
    if target.is_dir():
        raise BadInput(f"{target} is a folder; nothing was written. Give a file name in it.")
    store = console.folder / FILE_NAME
    if target.exists() and store.exists() and target.samefile(store):
        raise BadInput("That is the store itself; give another file. Nothing was written.")
    console.store.copy(target)
    copied = copy_with_evidence(store, target)
    if is_served(console.folder):
        from app.services.changes_evidence_served import bring_from

        copied = bring_from(console.folder, beside(target))
    print(f"Backed up to {target}.")
    if copied.refused:
        stderr(f"But {copied.sentence}")
        return 1
    if there := len(files_of(beside(target))):
        print(f"{there} file{'s' if there > 1 else ''} of evidence beside it, in {BESIDE}.")
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


def without_store(command: str, folder: Path, asked: argparse.Namespace) -> int:
    """What is done before the store is opened, as it may not be there, or be damaged."""
    if command == "restore":
        return restore(folder, asked)
    return doctor(folder) if command == "doctor" else takeover(folder, asked)


def takeover(folder: Path, asked: argparse.Namespace) -> int:
    """Without a folder: what the console taken over from recorded later."""
    from app.services.settings.taking_over import later_entries, take_over_now
    from app.services.settings.window_lock import only_window

    if asked.folder is None:
        return _later(later_entries(folder), asked.json)
    prepare(folder)
    with only_window(folder):
        taken, warning = take_over_now(
            folder, asked.folder.expanduser().absolute(), asked.by or user_name()
        )
    print(taken.sentence("UTC"))
    if warning:
        stderr(warning)
    return 0


def _later(entries: list[LaterEntry], as_json: bool) -> int:
    """1 when there is something to be typed in."""
    if as_json:
        show(
            [
                {
                    "number": each.number,
                    "at": iso(each.at),
                    "outage": each.flight,
                    "who": each.who,
                    "what": each.what,
                }
                for each in entries
            ]
        )
    else:
        for each in entries:
            about = f"{each.flight}  " if each.flight else ""
            print(one_line(f"{each.number:>6}  {iso(each.at)}  {about}{each.who}: {each.what}"))
        if not entries:
            print("The other console recorded nothing later that is known here.")
    return 1 if entries else 0


def doctor(folder: Path) -> int:
    """1 when something is wrong. It only looks: no folder is made for it."""
    from app.services.settings.doctor import examine

    findings = examine(folder)
    for finding in findings:
        print(f"{'ok ' if finding.ok else 'BAD'}  {finding.sentence}")
    return 0 if all(finding.ok for finding in findings) else 1
