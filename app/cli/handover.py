"""`handover`: the pack at the end of a turn; the store in one sealed file, and back."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from app.models.errors import BadInput
from app.services.uow import Actor, UnitOfWork
from app.wiring import Console, prepare, user_name

VARIABLE = "FLIGHT_CONSOLE_PASSPHRASE"


def handover(console: Console, asked: argparse.Namespace) -> int:
    if asked.pdf:
        return _pdf(console, asked)
    if asked.note is not None:
        print(console.store.run(_note, asked.note))
        return 0
    if asked.acknowledge:
        print(console.store.run(_acknowledge, asked.acknowledge))
        return 0
    return _file(console, asked)


def _pdf(console: Console, asked: argparse.Namespace) -> int:
    from app.cli.reports import leave_document
    from app.models.rota.pack import pack_document
    from app.services.reports.building import paper_here
    from app.services.rota.pack import pack_data

    document = pack_document(console.store.read(pack_data, looked_again=True))
    leave_document(document, asked.pdf, console.store.read(paper_here))
    return 0


def _note(uow: UnitOfWork, text: str) -> str:
    from app.services.rota.handover import keep_notes, turnover, typed_notes

    over = turnover(uow)
    if not over.leaving_id:
        raise BadInput("No turn ends, so nobody is handed over to. `rota set` makes turns.")
    keep_notes(uow, over, f"{typed_notes(uow, over)}\n{text.strip()}".strip())
    return f"Noted for the hand-over of {over.leaving}."


def _acknowledge(uow: UnitOfWork, name: str) -> str:
    from app.models.reports.document import markdown
    from app.models.rota.pack import pack_document
    from app.services.directory.finding import find_person
    from app.services.rota.handover import acknowledge, turnover
    from app.services.rota.pack import pack_data

    over = turnover(uow)
    person = find_person(uow, name)
    acknowledge(uow, over, person.id, markdown(pack_document(pack_data(uow, looked_again=True))))
    return f"{person.name} acknowledged the hand-over from {over.leaving}."


def _file(console: Console, asked: argparse.Namespace) -> int:
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
