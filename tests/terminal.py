"""Somebody at a terminal, for tests of the commands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli.commands import handler
from app.cli.parser import parse
from app.models.outages.decisions import CardLine, card_to
from app.models.outages.lifecycle import State
from app.models.tables.outages import Outage
from app.services.outages.planning import find_outage
from app.services.uow import UnitOfWork
from app.wiring import Console, open_console
from tests.flights import BEFORE, make_flight
from tests.makers import TestClock, make_store


class Terminal:
    """Somebody at a terminal: types a command, reads what it prints. Time is the test's."""

    def __init__(self, console: Console, clock: TestClock, capsys: pytest.CaptureFixture[str]):
        self.store = console.store
        self._console = console
        self._capsys = capsys
        self.clock = clock

    def types(self, *words: str) -> str:
        self._capsys.readouterr()
        asked = parse(list(words))
        assert asked.command is not None
        handler(asked.command)(self._console, asked)
        self.clock.advance(minutes=1)
        return self._capsys.readouterr().out.strip()

    def at(self, iso: str) -> None:
        self.clock.set(datetime.fromisoformat(iso).astimezone(UTC))

    def sends(self, outage: str, kind: str) -> str:
        return self.types("sent", outage, kind, "--at", self.clock.now().isoformat())

    def state(self, outage: str) -> str:
        listed = json.loads(self.types("outages", "--json"))
        return next(str(each["state"]) for each in listed if each["code"] == outage)

    def gives_card(self, code: str, card: Sequence[CardLine]) -> None:
        def use(uow: UnitOfWork) -> None:
            outage = find_outage(uow, code)
            outage.decision_card = card_to(card)
            uow.log("the card", outage)

        self.store.run(use)

    def owes(self, outage: str) -> set[str]:
        return {each["kind"] for each in json.loads(self.types("debt", outage, "--json"))}


@contextmanager
def terminal_with_flight(
    folder: Path, capsys: pytest.CaptureFixture[str], state: State, now: datetime = BEFORE
) -> Iterator[tuple[Terminal, str]]:
    """A terminal, and the code of the standard flight in `state`."""
    clock = TestClock(now)
    make_store(folder, clock=clock).close()
    console = open_console(folder, clock)
    try:
        flight = console.store.run(make_flight, state)
        code = console.store.read(lambda uow: uow.fetch(Outage, flight).code)
        yield Terminal(console, clock, capsys), code
    finally:
        console.close()
