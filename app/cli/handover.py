"""`handover`: the store in one sealed file, and back."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from app.models.errors import BadInput
from app.services.uow import Actor
from app.wiring import Console, prepare, user_name

VARIABLE = "FLIGHT_CONSOLE_PASSPHRASE"


def handover(console: Console, asked: argparse.Namespace) -> int:
    from app.services.rota.reading import next_coordinator
    from app.services.settings.handing_over import hand_over

    to = asked.to.strip() or console.store.read(next_coordinator)
    if not to:
        raise BadInput("Say to whom with --to; the rota names nobody who comes next.")
    file = asked.file.expanduser().absolute()
    print(hand_over(console.store, file, to, _passphrase(asked, twice=True)).sentence)
    return 0


def without_store(folder: Path, asked: argparse.Namespace) -> int:
    """What takes the store's place or changes whether it is in use: before it is opened."""
    from app.services.settings.handing_over import make_ready_to_open, open_here, take_back
    from app.services.settings.window_lock import only_window

    prepare(folder)
    with only_window(folder):
        if asked.take_back:
            print(take_back(folder, user_name()))
            return 0
        file = asked.open.expanduser().absolute()
        made = make_ready_to_open(folder, file, _passphrase(asked), actor=Actor(user_name()))
        print(open_here(folder, made).sentence)
    return 0


def _passphrase(asked: argparse.Namespace, *, twice: bool = False) -> str:
    """Never from the arguments. Raises BadInput."""
    if asked.passphrase_fd is not None:
        try:
            with os.fdopen(asked.passphrase_fd, encoding="utf-8") as given:
                return given.readline().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"No passphrase could be read there ({error}).") from error
    if typed := os.environ.get(VARIABLE, ""):
        return typed
    if not sys.stdin.isatty():
        raise BadInput(
            f"There is no terminal to ask for the passphrase; use {VARIABLE} or --passphrase-fd."
        )
    import getpass

    typed = getpass.getpass("Passphrase: ")
    if twice and getpass.getpass("The same again: ") != typed:
        raise BadInput("The two differ; nothing was changed.")
    return typed
