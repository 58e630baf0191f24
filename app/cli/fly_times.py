"""The stages of `fly` that tell the crew when to be ready and when they are free."""

from __future__ import annotations

from sqlmodel import col

from app.cli.fly_flight import Flight, Stage
from app.models.errors import NotAllowed
from app.models.outages.lifecycle import CLOSED
from app.models.outbox import ItemState
from app.models.tables.outbox import OutboxItem
from app.services.live.crew_telling import send_times, told_by_hand
from app.services.live.crew_times import crew_times
from app.services.live.crew_told import TIMES
from app.services.uow import UnitOfWork


def times_stage(name: str) -> Stage:
    """A mail to each whose times moved since they were told, by phone where there is no address."""
    return Stage(name, _tell, _know)


def _tell(flight: Flight) -> None:
    about = flight.outage_id
    rows = flight.store.read(crew_times, about)
    if any(one.mailed for one in rows.due):
        flight.store.run(send_times, about)
    for one in rows.due:
        if not one.mailed:
            flight.store.run(told_by_hand, about, one.person_id)
    flight.work(lambda uow: not _on_its_way(uow, about), "The crew's times: their sending")


def _know(flight: Flight) -> bool:
    """Once the flight is over its end is news for all alike."""
    if flight.outage().state in CLOSED:
        return True
    rows = flight.store.read(crew_times, flight.outage_id)
    return not rows.due and not flight.store.read(_on_its_way, flight.outage_id)


def _on_its_way(uow: UnitOfWork, outage_id: str) -> bool:
    """Raises NotAllowed when one does not leave by itself."""
    items = uow.all(
        OutboxItem, col(OutboxItem.outage_id) == outage_id, col(OutboxItem.kind) == TIMES
    )
    stuck = next((item for item in items if item.state is ItemState.ATTENTION), None)
    if stuck is not None:
        raise NotAllowed(f"The outbox needs somebody: {stuck.last_answer}.")
    return any(item.state.open for item in items)
