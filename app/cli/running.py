"""Run one command: open the store, call the handler, turn refusals into one sentence."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from app.cli.parser import parse, stderr
from app.models.errors import ConsoleError
from app.wiring import Console, data_folder, log_file, open_console, open_window, prepare

Handler = Callable[[Console, argparse.Namespace], int]


def run(arguments: list[str]) -> int:
    """The exit code. Never shows a traceback: it goes to the log file."""
    asked = parse(arguments)
    folder = data_folder(asked.data)
    if asked.command == "fly" and asked.data is None:
        folder = asked.out.expanduser().absolute() / "data"  # never the user's own store
    try:
        if asked.command is None:
            return open_window(folder)
        if asked.command == "doctor":
            from app.cli.commands import doctor

            return doctor(folder)  # it only looks: no folder is made for it
        prepare(folder)
        return _command(folder, asked)
    except ConsoleError as refusal:
        stderr(refusal.sentence)
        return 2
    except BrokenPipeError:  # `… | head`: nobody listens any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        stderr("Stopped. What was acknowledged is on disk.")
        return 130
    except Exception:
        logging.getLogger(__name__).critical("a command failed", exc_info=True)
        stderr(f"Something went wrong in the console itself; details are in {log_file(folder)}.")
        return 2


def _command(folder: Path, asked: argparse.Namespace) -> int:
    from app.cli import commands

    if asked.command == "restore":
        return commands.restore(folder, asked)
    handler: Handler = commands.HANDLERS[asked.command]
    console = open_console(folder)
    try:
        code = handler(console, asked)
        console.back_up()
        return code
    finally:
        console.close()
