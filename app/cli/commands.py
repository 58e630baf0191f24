"""The commands, each over the same services as the window."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from app.cli import flying, planning
from app.cli.fly import fly
from app.wiring import Console, prepare


def _backup(console: Console, asked: argparse.Namespace) -> int:
    from app.services.settings.backups import copy_verified

    target = asked.file.expanduser().absolute()
    copy_verified(console.store.path, target)
    print(f"Backed up to {target}.")
    return 0


def restore(folder: Path, asked: argparse.Namespace) -> int:
    """Before the store is opened: what is there may be damaged."""
    from app.services.settings.restore import restore as put_back
    from app.services.settings.window_lock import only_window

    prepare(folder)
    with only_window(folder):
        aside = put_back(folder, asked.file.expanduser().absolute())
    print("Restored. Nothing leaves until you release it." + (f" Kept: {aside}" if aside else ""))
    return 0


def doctor(folder: Path) -> int:
    from app.services.settings.doctor import examine

    findings = examine(folder)
    for finding in findings:
        print(f"{'ok ' if finding.ok else 'BAD'}  {finding.sentence}")
    return 0 if all(finding.ok for finding in findings) else 1


def _shots(console: Console, asked: argparse.Namespace) -> int:
    from app.wiring.shots import take_shots

    for path in take_shots(console.folder, console.store, asked.dir.expanduser().absolute()):
        print(path)
    return 0


HANDLERS: dict[str, Callable[[Console, argparse.Namespace], int]] = {
    "sample": planning.sample,
    "fly": fly,
    "import": planning.import_files,
    "plan": planning.plan,
    "check": planning.check,
    "outages": planning.outages,
    "step": flying.step,
    "advance": flying.advance,
    "notice": flying.notice,
    "sent": flying.sent,
    "debt": flying.debt,
    "packet": flying.packet,
    "log": flying.log,
    "backup": _backup,
    "shots": _shots,
}
