"""What a stage of `fly` is, and what it works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.models.errors import NotAllowed
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.services.clock import PracticeClock
from app.services.database import Store
from app.services.directory.rota import on_duty
from app.services.uow import Actor, UnitOfWork

if TYPE_CHECKING:
    from app.wiring.rehearsing import Rehearsal
    from app.wiring.shots import Camera

MARK = "FLY-1"
"""The change reference by which a continued `fly` finds its outage."""
MOST_TURNS = 400
"""More than the largest notice takes; what has not come about by then never does."""


@dataclass(slots=True)
class Flight:
    """What every stage works with; `outage_id` is empty until the outage is planned."""

    store: Store
    clock: PracticeClock
    out: Path
    outage_id: str = ""
    _rehearsal: Rehearsal | None = field(default=None, repr=False)
    _camera: Camera | None = field(default=None, repr=False)

    def at(self, moment: datetime) -> None:
        """Set the clock on to `moment`, unless it is later already."""
        self.clock.set_on(moment)

    def take_seat(self) -> None:
        """Fly as the outage's coordinator, whose mailbox its notices leave from; before it is
        planned as who is on duty. Never as whoever started the command."""
        seat = self.store.read(_coordinator, self.outage_id)
        if seat is not None:
            self.store.actor = seat

    def outage(self) -> Outage:
        return self.store.read(lambda uow: uow.fetch(Outage, self.outage_id))

    @property
    def rehearsal(self) -> Rehearsal:
        """The practice tenant, opened when a stage first needs it. Raises PracticeTrouble."""
        if self._rehearsal is None:
            from app.wiring.rehearsing import open_rehearsal

            self._rehearsal = open_rehearsal(self.store)
        return self._rehearsal

    @property
    def camera(self) -> Camera:
        """A window that takes pictures, opened when a stage first needs it. Raises BadInput."""
        if self._camera is None:
            from app.wiring.shots import Camera

            self._camera = Camera(self.store.folder, self.store, self.out / "pictures")
        return self._camera

    def work(self, done: Callable[[UnitOfWork], bool], what: str) -> None:
        """Have the outbox emptied until `done`; instead of waiting, the clock is set on. Raises
        NotAllowed when it never is."""
        worker = self.rehearsal.worker
        worker.hurry()
        for _ in range(MOST_TURNS):
            report = worker.turn()
            if self.store.read(done):
                return
            if report.again_at is not None:
                self.clock.set_on(report.again_at)
        why = f" ({report.why})" if report.why else ""
        raise NotAllowed(f"{what} did not come about in the practice tenant{why}.")

    def close(self) -> None:
        if self._camera is not None:
            self._camera.close()
            self._camera = None
        if self._rehearsal is not None:
            self._rehearsal.close()
            self._rehearsal = None


def _coordinator(uow: UnitOfWork, outage_id: str) -> Actor | None:
    outage = uow.find(Outage, outage_id) if outage_id else None
    person = uow.find(Person, outage.coordinator_id or "") if outage is not None else None
    if person is not None:
        return Actor(person.name, person.id)
    duty = on_duty(uow) if uow.organisation_id else None
    return Actor(duty.name, duty.person_id) if duty is not None else None


@dataclass(frozen=True, slots=True)
class Stage:
    """`done` asks the store; `do` commits. A stage without `done` only looks or leaves files, and
    is repeated."""

    name: str
    do: Callable[[Flight], None]
    done: Callable[[Flight], bool] = lambda flight: False
