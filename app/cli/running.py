"""Run one command: open the store, call the handler, turn refusals into one sentence."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.printing import prepare_streams, stderr
from app.models.errors import ConsoleError, NotAllowed, NotFound
from app.wiring import data_folder, log_file, open_console, open_window, prepare

if TYPE_CHECKING:
    import argparse


def run(arguments: list[str]) -> int:
    """The exit code. Never shows a traceback: it goes to the log file."""
    prepare_streams()
    logging.raiseExceptions = False  # a log file on a full disk is told of nowhere else
    folder, act = _asked(arguments)
    try:
        code = act(folder)
        sys.stdout.flush()
        return code
    except ConsoleError as refusal:
        how = " Give the reason with --why." if refusal.about.get("frozen") else ""
        stderr(f"{refusal.sentence}{how}")
        return 2
    except BrokenPipeError:  # `… | head`: nobody listens any more
        _to_nowhere()
        return 0
    except KeyboardInterrupt:
        stderr("Stopped. What was acknowledged is on disk.")
        return 130
    except Exception as fault:
        if isinstance(fault, OSError) and fault.errno == errno.ENOSPC:
            _to_nowhere()
            stderr("The disk is full, so the answer could not be written. Free some space.")
            return 2
        logging.getLogger(__name__).critical("a command failed", exc_info=True)
        stderr(f"Something went wrong in the console itself; details are in {log_file(folder)}.")
        return 2


def _asked(arguments: list[str]) -> tuple[Path, Callable[[Path], int]]:
    """The data folder, and what is to be done with it."""
    match arguments:  # the window need not wait for forty commands to be read in and built
        case []:
            return data_folder(None), _window
        case ["--data", named] if not named.startswith("-"):
            return data_folder(Path(named)), _window
    from app.cli.parser import parse

    asked = parse(arguments)
    folder = data_folder(asked.data)
    if asked.command == "fly" and asked.data is None:
        folder = asked.out.expanduser().absolute() / "data"  # never the user's own store
    return folder, lambda folder: _run(folder, asked)


def _to_nowhere() -> None:
    """What is still buffered must not fail again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _window(folder: Path) -> int:
    _require_display()
    return open_window(folder)


def _run(folder: Path, asked: argparse.Namespace) -> int:
    if asked.command is None:
        return _window(folder)
    if asked.command in ("doctor", "restore", "takeover"):
        from app.cli import settings

        return settings.without_store(asked.command, folder, asked)
    if asked.command == "database":
        from app.cli import database

        return database.database(folder, asked)
    if asked.command == "handover" and (asked.open or asked.take_back):
        from app.cli import handover

        return handover.without_store(folder, asked)
    prepare(folder)
    return _command(folder, asked)


def _require_display() -> None:
    """Where no display is, Qt would end the process with words of its own."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in named):
        raise NotAllowed(
            "There is no display here, so no window can open. The commands work without one: "
            "`--help` lists them, `fly --out DIR` flies the sample outage."
        )


def _command(folder: Path, asked: argparse.Namespace) -> int:
    from app.cli.commands import NEEDS_NO_ORGANISATION, handler
    from app.services.settings.clock_back import clock_back

    act = handler(asked.command)
    console = open_console(folder)
    try:
        if not console.store.organisation_id and asked.command not in NEEDS_NO_ORGANISATION:
            raise NotFound(
                "There is no organisation yet. Start with the sample (`sample`), or set up your "
                "own (`organisation NAME --zone IANA`)."
            )
        code = act(console, asked)
        console.back_up()
        for behind in (console.keep_second(), console.keep_status()):
            if behind:
                stderr(behind)
        if asked.command != "fly" and (back := console.store.read(clock_back)):  # it has its own
            stderr(back)
        return code
    finally:
        console.close()
