"""`fly`: the sample outage from plan to filed record, headless, each stage committed.

What has been done is read from the store, not remembered: run again on the same data, each stage
that is done already is passed over. Time is a practice clock that is set on to each stage's
moment, and never runs behind what the log says has happened. Mail, calendar and meeting are the
practice tenant's, on the same clock, kept in the data folder.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from app.cli.fly_flight import MARK, Flight, Stage
from app.cli.fly_papers import PAPERS, PICTURES, PICTURES_AFTER
from app.cli.fly_stages import STAGES
from app.cli.printing import stderr
from app.models.errors import BadInput, ConsoleError, NotAllowed
from app.models.tables.log import LogEntry
from app.models.tables.outages import Outage
from app.services.clock import PracticeClock
from app.services.database import organisation
from app.services.log import chain_head
from app.services.sync.lock import only_sender
from app.services.uow import UnitOfWork
from app.wiring import Console


def fly(console: Console, asked: argparse.Namespace) -> int:
    """0 when every stage went well, 1 when one failed (it says which and why)."""
    store = console.store
    store.read(_require_sample)
    out = asked.out.expanduser().absolute()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{out} cannot be used ({error.strerror}); choose another.") from error
    newest = store.read(_newest_entry)
    clock = PracticeClock(max(console.clock.now(), newest or console.clock.now()), speed=1)
    store.clock = clock
    flight = Flight(store, clock, out, store.read(_flown_outage))
    flight.take_seat()
    stages = (*STAGES, *PAPERS) if asked.no_pictures else tuple(_with_pictures())
    with only_sender(store.folder):
        try:
            return _flown(flight, stages)
        finally:
            flight.close()


def _with_pictures() -> Iterator[Stage]:
    for stage in STAGES:
        yield stage
        if stage.name in PICTURES_AFTER:
            yield PICTURES_AFTER[stage.name]
    yield from (*PAPERS, *PICTURES)


def _flown(flight: Flight, stages: Sequence[Stage]) -> int:
    store = flight.store
    for stage in stages:
        try:
            if not stage.done(flight):
                stage.do(flight)
        except ConsoleError as refusal:
            stderr(f"Stage {stage.name} failed: {refusal.sentence}")
            return 1
        number = store.read(chain_head)[0] if store.organisation_id else 0
        print(f"ok {stage.name} {number}", flush=True)
    return 0


def _require_sample(uow: UnitOfWork) -> None:
    """A made-up flight has no place in the store of a real organisation."""
    if uow.organisation_id and not organisation(uow).is_sample:
        raise NotAllowed(
            f"This store belongs to {organisation(uow).name}; nothing was changed. `fly` needs a "
            "folder of its own: leave --data out, or name an empty one."
        )


def _newest_entry(uow: UnitOfWork) -> datetime | None:
    query = select(LogEntry.at).where(LogEntry.organisation_id == uow.organisation_id)
    newest = uow.session.exec(query.order_by(col(LogEntry.at).desc()).limit(1)).first()
    return newest + timedelta(seconds=1) if newest else None


def _flown_outage(uow: UnitOfWork) -> str:
    found = uow.all(Outage, col(Outage.change_reference) == MARK) if uow.organisation_id else []
    return found[0].id if found else ""
