"""`sample`, `organisation`, `import`: where the people, services and calendars come from."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.models.errors import BadInput, ConsoleError
from app.services.uow import UnitOfWork
from app.wiring import Console


def sample(console: Console, asked: argparse.Namespace) -> int:
    from app.services.sample.loading import load_sample

    load_sample(console.store)
    print("The sample organisation is set up. `outages` lists its outages.")
    return 0


def organisation(console: Console, asked: argparse.Namespace) -> int:
    from app.services.database import organisation as own
    from app.services.directory.setting_up import set_up_organisation
    from app.services.settings.policy import change_organisation, facts_of

    def act(uow: UnitOfWork) -> str:
        set_up_organisation(uow, asked.name, asked.zone)
        row = own(uow)
        if asked.notify.strip() or asked.country.strip():
            facts = replace(facts_of(row), objection_route=asked.notify, country=asked.country)
            change_organisation(uow, facts, seen=row.version)  # looks whether the country is one
        return row.name

    name = console.store.run(act)
    print(f"{name} is set up. `import` reads its people, services and calendars.")
    return 0


def import_files(console: Console, asked: argparse.Namespace) -> int:
    """Each file on its own; a later one is not tried once one was refused."""
    from app.models.calendar.web import looks_like_address
    from app.services.calendar.vendor_reading import is_vendor_notice

    if not (asked.files or asked.refresh):
        raise BadInput("Say what to read: files or addresses of calendars, or --refresh.")
    if asked.refresh:
        _refresh(console, asked.layer or "")
    for given in asked.files:
        if looks_like_address(given):
            print(_import_address(console, given, asked))
            continue
        path = Path(given).expanduser().absolute()
        if path.suffix.casefold() in (".ics", ".eml") and is_vendor_notice(path):
            print(_import_notices(console, path))
        elif path.suffix.casefold() == ".ics":
            print(_import_calendar(console, path, asked))
        else:
            print(_import_table(console, path, asked))
    return 0


def _import_calendar(console: Console, path: Path, asked: argparse.Namespace) -> str:
    from app.services.calendar.importing import import_calendar

    imported = import_calendar(
        console.store,
        path,
        asked.layer or path.stem,
        is_freeze=True if asked.freeze else None,
        progress=_progress(path.name),
    )
    for fault in imported.faults:
        sys.stderr.write(f"{path.name}, line {fault.line}: {fault.sentence}\n")
    return imported.sentence


def _import_address(console: Console, typed: str, asked: argparse.Namespace) -> str:
    from app.services.calendar.importing import LayerRule
    from app.services.calendar.web_layers import look_at_address, take_looked

    look = look_at_address(console.store, typed)
    rule = LayerRule(is_freeze=True if asked.freeze else None)
    imported = take_looked(console.store, look, asked.layer or look.path.stem, rule)
    for fault in imported.faults:
        sys.stderr.write(f"{look.spoken}, line {fault.line}: {fault.sentence}\n")
    return imported.sentence


def _refresh(console: Console, name: str) -> None:
    """Raises what the first refused layer raises, once all were asked."""
    from app.models.ids import key_of
    from app.services.calendar.web_known import web_layers
    from app.services.calendar.web_layers import refresh_layer

    layers = console.store.read(web_layers)
    wanted = [each for each in layers if not name or key_of(each.name) == key_of(name)]
    if not wanted:
        raise BadInput(
            f"No layer “{name}” is read from the web." if name else "No layer is read from the web."
        )
    refused: ConsoleError | None = None
    for layer in wanted:
        try:
            done = refresh_layer(console.store, layer.id)
        except ConsoleError as trouble:
            sys.stderr.write(f"{layer.name}: {trouble.sentence}\n")
            refused = trouble
            continue
        print(done.sentence if done is not None else f"{layer.name}: nothing is new.")
    if refused is not None:
        raise refused


def _import_notices(console: Console, path: Path) -> str:
    from app.services.calendar.vendor_importing import look_into_notices, take_notices

    look = look_into_notices(console.store, path)
    taken = console.store.run(take_notices, look.read)
    for fault in taken.faults:
        sys.stderr.write(f"{path.name}, line {fault.line}: {fault.sentence}\n")
    for line in taken.lines:
        for circuit in line.unknown:
            sys.stderr.write(f"{path.name}: {line.title}: no item has the circuit id {circuit}.\n")
        for note in line.notes:
            sys.stderr.write(f"{path.name}: {line.title}: {note}\n")
    return taken.sentence


def _import_table(console: Console, path: Path, asked: argparse.Namespace) -> str:
    from app.services.directory.csv_reading import preview_file
    from app.services.directory.importing import import_lines
    from app.services.outages.planning import find_outage

    preview = preview_file(path)
    for note in preview.notes:
        sys.stderr.write(f"{path.name}: {note}\n")
    for fault in preview.faults:
        column = f", {fault.column}" if fault.column else ""
        sys.stderr.write(f"{path.name}, line {fault.line}{column}: {fault.sentence}\n")
    if preview.faults:
        bad = len({fault.line for fault in preview.faults})
        named = "the line named above needs" if bad == 1 else f"the {bad} lines named above need"
        raise BadInput(f"{path.name} was not imported: {named} mending. Nothing of it was taken.")

    def take(uow: UnitOfWork) -> str:
        outage_id = find_outage(uow, asked.outage).id if asked.outage else None
        return import_lines(uow, preview, outage_id, why=asked.why.strip()).sentence

    return f"{path.name}: {console.store.run(take)}"


def _progress(name: str) -> Callable[[int, int], None] | None:
    """Shown only on a terminal, on one line."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, total: int) -> None:
        sys.stderr.write(f"\r{name}: {done} of {total}" + ("\n" if done >= total else ""))

    return tell
