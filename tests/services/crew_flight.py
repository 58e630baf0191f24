"""A flight in the air with its crew board on, for the tests of the crew board."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.models.crew.links import LinkKind
from app.models.crew.taps import TapAct
from app.models.tables.outages import Outage
from app.services.crew.links import LinkRow, Scope, crew_links, scope_of, switch_on
from app.services.crew.taps import Tap, take_tap
from app.services.database import Store
from app.services.folder import FILE_NAME
from tests.flights import START, flight_store, in_progress, step_of
from tests.served import on_postgresql

ITO, LINDQVIST, OKAFOR = "K. Ito", "A. Lindqvist", "M. Okafor"


def crew_store(folder: Path) -> Store:
    """The standard flight, in progress since 19:00, its board on: made once and copied, which is
    ten times as quick."""
    if on_postgresql():
        return _flown(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_bytes(_once())
    return flight_store(folder, START)


def board_on(store: Store) -> str:
    """The same in a store that is open and empty; its id."""
    flight = in_progress(store)
    store.run(switch_on, flight)
    return flight


def flying(store: Store) -> str:
    """The id of the flight."""
    return store.read(lambda uow: uow.all(Outage)[0].id)


@cache
def _once() -> bytes:
    with tempfile.TemporaryDirectory() as made:
        _flown(Path(made)).close()
        return (Path(made) / FILE_NAME).read_bytes()


def _flown(folder: Path) -> Store:
    store = flight_store(folder)
    board_on(store)
    return store


def link_of(store: Store, flight: str, name: str) -> LinkRow:
    return next(row for row in store.read(crew_links, flight).rows if row.name == name)


def token_in(row: LinkRow) -> str:
    return row.path.split("/")[2]


def scope(store: Store, flight: str, name: str = ITO) -> Scope:
    found = store.read(scope_of, LinkKind.CREW, token_in(link_of(store, flight, name)))
    assert found is not None
    return found


def tap_of(store: Store, flight: str, code: str, act: TapAct, **more: Any) -> Tap:
    """As a phone that shows the newest would make it."""
    step = store.read(step_of, flight, code)
    return Tap(**{"id": uuid4().hex, "step_id": step.id, "act": act, "seen": step.version, **more})


def tap(store: Store, flight: str, code: str, act: TapAct, *, name: str = ITO, **more: Any) -> bool:
    made = tap_of(store, flight, code, act, **more)
    return store.run(take_tap, scope(store, flight, name), made) is not None
