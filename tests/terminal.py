"""Somebody at a terminal, for tests of the commands."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from app.cli.commands import handler
from app.cli.parser import parse
from app.wiring import Console
from tests.makers import TestClock


class Terminal:
    """Somebody at a terminal: types a command, reads what it prints. Time is the test's."""

    def __init__(self, console: Console, clock: TestClock, capsys: pytest.CaptureFixture[str]):
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

    def owes(self, outage: str) -> set[str]:
        return {each["kind"] for each in json.loads(self.types("debt", outage, "--json"))}
