"""What a stage of `fly` is, and what it works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.models.tables.outages import Outage
from app.services.clock import PracticeClock
from app.services.database import Store
from app.services.directory.rota import on_duty
from app.services.uow import Actor

MARK = "FLY-1"
"""The change reference by which a continued `fly` finds its outage."""


@dataclass(slots=True)
class Flight:
    """What every stage works with; `outage_id` is empty until the outage is planned."""

    store: Store
    clock: PracticeClock
    out: Path
    outage_id: str = ""

    def at(self, moment: datetime) -> None:
        """Set the clock on to `moment`, unless it is later already."""
        self.clock.set_on(moment)

    def take_duty(self) -> None:
        """Fly as the coordinator on duty, not as whoever started the command."""
        duty = self.store.read(on_duty)
        if duty is not None:
            self.store.actor = Actor(duty.name, duty.person_id)

    def outage(self) -> Outage:
        return self.store.read(lambda uow: uow.fetch(Outage, self.outage_id))


@dataclass(frozen=True, slots=True)
class Stage:
    """`done` asks the store; `do` commits. A stage without `done` only leaves files, and is
    repeated."""

    name: str
    do: Callable[[Flight], None]
    done: Callable[[Flight], bool] = lambda flight: False
