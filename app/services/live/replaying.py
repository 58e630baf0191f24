"""Read a flight's log to replay it. Read only: nothing of it is in the store but the log itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import select

from app.models.errors import NotFound
from app.models.live.replay import Entry, Replay
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.services.log_rows import Kept, kept_in_log
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReplayRows:
    """`people` are names by id, as they are called now."""

    code: str
    title: str
    zone: str
    replay: Replay
    people: Mapping[str, str]


def replay_rows(uow: UnitOfWork, outage_id: str) -> ReplayRows:
    """Raises NotFound, also when nothing is in its log."""
    outage = uow.fetch(Outage, outage_id)
    kept = kept_in_log(uow, outage_id)
    if not kept:
        raise NotFound(f"The log of {outage.code} is empty; there is nothing to replay.")
    people = {person.id: person.name for person in uow.session.exec(select(Person))}
    return ReplayRows(outage.code, outage.title, outage.zone, Replay(map(_entry, kept)), people)


def _entry(kept: Kept) -> Entry:
    row = kept.entry
    return Entry(row.number, row.at, row.who, row.via, row.what, row.kind, kept.rows, row.strikes)
