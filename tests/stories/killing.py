"""Random work on a store, in a process that may be killed at any moment, and what must be true
afterwards. The child acknowledges each use case that returned with the log's head after it.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel, select

from app.models.errors import ConsoleError
from app.models.live.go import Criterion
from app.models.outages.lifecycle import State
from app.models.runbook import Column, StepAct
from app.models.tables.base import Record
from app.models.tables.bridge import Bridge
from app.models.tables.directory import Organisation, Person, Service
from app.models.tables.log import LogEntry
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services import log
from app.services.bridge import line as bridge
from app.services.database import Store
from app.services.folder import FILE_NAME
from app.services.live.roll_call import answer_roll_call, say_criterion
from app.services.outages.planning import Plan, plan_outage
from app.services.runbook.acting import Report, act_on_step, check_step, hear, move_step
from app.services.uow import Undo, UnitOfWork, row_as_json, undo
from tests.makers import (
    clock_of,
    make_ci,
    make_outage,
    make_person,
    make_service,
    make_step,
    make_store,
    make_window,
)

Head = tuple[int, str]
FLYING = "OUT-2025-001"


def make_scene(folder: Path) -> None:
    """A closed store with a directory and a flight of ten steps in progress."""
    store = make_store(folder)
    cis = [store.run(make_ci, f"sw-core-{number}") for number in range(3)]
    service = store.run(make_service, "File cluster", *cis)
    ito = store.run(make_person, "Kai Ito")
    window = make_window("2025-01-06 08:00", "2025-01-06 18:00")
    flight = store.run(
        make_outage, window=window, state=State.IN_PROGRESS, services=(service,), cis=tuple(cis)
    )
    before: tuple[Step, ...] = ()
    for number in range(1, 11):
        step = store.run(make_step, flight, str(number), after=before, owner_id=ito.id)
        before = (step,) if number % 3 else ()
    store.run(_note_line, flight.id)
    store.close()


def _note_line(uow: UnitOfWork, outage_id: str) -> None:
    uow.add(
        Bridge(
            organisation_id=uow.organisation_id,
            outage_id=outage_id,
            line="+1 212 555 0199, code 4411",
        )
    )
    uow.log("noted the line", outage_id=outage_id)


class Work:
    """One random use case after another; refusals are part of the job."""

    def __init__(self, store: Store, chance: random.Random) -> None:
        self.store = store
        self.chance = chance
        self.last: Undo | None = None
        people = store.read(lambda uow: uow.all(Person))
        self.people = [person.id for person in people]
        self.services = [service.id for service in store.read(lambda uow: uow.all(Service))]
        flights = store.read(lambda uow: uow.all(Outage, Outage.code == FLYING))
        self.flight = flights[0].id

    def one(self) -> Head:
        """Do something; returns the log's head once it was acknowledged."""
        does: list[Callable[[], object]] = [
            self._move,
            self._move,
            self._act,
            self._check,
            self._hear,
            self._note,
            self._plan,
            self._roll_call,
            self._criterion,
            self._bridge,
            self._undo,
        ]
        clock_of(self.store).advance(minutes=self.chance.random() * 3)
        try:
            done = self.chance.choice(does)()
        except ConsoleError:
            done = None  # a rule said no, and nothing was changed
        self.last = done if isinstance(done, Undo) else None
        return self.store.read(log.chain_head)

    def _step(self) -> Step:
        flight = self.flight
        return self.chance.choice(
            self.store.read(lambda uow: uow.all(Step, Step.outage_id == flight))
        )

    def _move(self) -> object:
        step, column = self._step(), self.chance.choice(list(Column))
        report = Report(by="Kai Ito", note=self._words())
        return self.store.run(move_step, step.id, column, report, seen=step.version)

    def _act(self) -> object:
        step, act = self._step(), self.chance.choice(list(StepAct))
        report = Report(by="Kai Ito", note=self._words())
        return self.store.run(act_on_step, step.id, act, report, seen=step.version)

    def _check(self) -> object:
        step, result = self._step(), self.chance.choice(["passed", "failed", "waived"])
        return self.store.run(
            check_step, step.id, result, Report(note=self._words()), seen=step.version
        )

    def _hear(self) -> object:
        step = self._step()
        return self.store.run(hear, step.id, Report(note=self._words()), seen=step.version)

    def _note(self) -> object:
        text = self._words() * self.chance.choice([1, 40, 400])
        return self.store.run(log.add_note, self.flight, text)

    def _plan(self) -> object:
        plan = Plan(
            title=self._words()[:100],
            window=make_window(),
            services=tuple(self.services),
            runbook="Network switch",
            bridge_line="+1 212 555 0188",
        )
        return self.store.run(plan_outage, plan).undo

    def _roll_call(self) -> object:
        return self.store.run(answer_roll_call, self.flight, "Kai Ito", True)

    def _criterion(self) -> object:
        criterion = self.chance.choice(list(Criterion))
        return self.store.run(say_criterion, self.flight, criterion, True, self._words())

    def _bridge(self) -> object:
        if self.chance.random() < 0.5:
            return self.store.run(bridge.open_bridge, self.flight)
        return self.store.run(bridge.close_bridge, self.flight, self._words())

    def _undo(self) -> object:
        return self.store.run(undo, self.last) if self.last else None

    def _words(self) -> str:
        return f"Path {self.chance.randrange(10_000)} came back “green” — seen twice"


def _steps(uow: UnitOfWork, outage_id: str) -> list[Step]:
    return uow.all(Step, Step.outage_id == outage_id)


def work_until_killed(folder: Path, seed: int, acknowledge: Connection) -> None:
    """The child. Never returns by itself."""
    store = make_store(folder)
    work = Work(store, random.Random(seed))
    acknowledge.send(store.read(log.chain_head))
    while True:
        acknowledge.send(work.one())


def require_sound(folder: Path, acknowledged: list[Head]) -> Head:
    """Everything acknowledged is there, nothing is half there. Returns the head."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as link:
        assert link.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert link.execute("PRAGMA foreign_key_check").fetchall() == []
    store = make_store(folder)
    try:
        assert store.read(log.chain_break) is None
        hashes = store.read(_hashes)
        for number, digest in acknowledged:
            assert hashes[number] == digest, f"entry {number} was acknowledged and is not there"
        assert store.read(rows_as_logged) == store.read(rows_as_stored)
        return store.read(log.chain_head)
    finally:
        store.close()


def _hashes(uow: UnitOfWork) -> dict[int, str]:
    query = select(LogEntry.number, LogEntry.hash)
    return dict(uow.session.exec(query).all())


def rows_as_logged(uow: UnitOfWork) -> dict[tuple[str, str], dict[str, Any]]:
    """Every row as the log last left it."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for text in uow.session.exec(select(LogEntry.text).order_by(LogEntry.number)):  # type: ignore[arg-type]
        for row in json.loads(text)["rows"]:
            rows[row["table"], row["id"]] = row
    return rows


def rows_as_stored(uow: UnitOfWork) -> dict[tuple[str, str], dict[str, Any]]:
    tables = [m.class_ for m in Record._sa_registry.mappers if issubclass(m.class_, Record)]
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    every: list[type[SQLModel]] = [*tables, Organisation]
    for table in every:
        for row in uow.session.exec(select(table)):
            plain = json.loads(json.dumps(row_as_json(row)))
            rows[plain["table"], plain["id"]] = plain
    return rows
