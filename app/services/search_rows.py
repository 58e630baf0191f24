"""What the command palette can go to: every outage, service, person, CI and audience, as plain
columns. Runs on the database thread, so that the GUI gets an index ready to be searched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import col, select

from app.models.outages.lifecycle import CLOSED, FLYING
from app.models.tables.base import Record
from app.models.tables.directory import Audience, ConfigurationItem, Person, Service
from app.models.tables.outages import Outage
from app.models.times import speak_moment
from app.services.search import Found, Index, Item
from app.services.uow import UnitOfWork


def search_index(uow: UnitOfWork) -> Index:
    """Outages first, what is flown before what is ahead before what is over; then the directory
    by name."""
    return Index(
        (
            *_outages(uow),
            *_named(uow, Found.SERVICE, Service, "plain_name"),
            *_people(uow),
            *_named(uow, Found.CI, ConfigurationItem, "kind"),
            *_named(uow, Found.AUDIENCE, Audience, "list_address"),
        )
    )


def _outages(uow: UnitOfWork) -> Iterator[Item]:
    rows = _columns(uow, Outage, "id", "code", "title", "state", "start_utc", "zone")

    def turn(row: Sequence[Any]) -> tuple[int, float]:
        """The soonest ahead first, the latest over first."""
        since = (row[4] - uow.now).total_seconds()
        if row[3] in FLYING:
            return (0, since)
        return (2, -since) if row[3] in CLOSED else (1, since)

    ordered = sorted(rows, key=turn)
    for row_id, code, title, state, start, zone in ordered:
        words = f"{speak_moment(start, zone)} · {state.words.casefold()}"
        yield Item(Found.OUTAGE, row_id, title, words, code)
    for row_id, code, title, state, _start, _zone in ordered:
        if state not in CLOSED:
            yield Item(Found.PACKET, row_id, f"Print the packet of {title}", code, also=code)


def _people(uow: UnitOfWork) -> Iterator[Item]:
    for row_id, name, email, phone in _columns(uow, Person, "id", "name", "email", "phone"):
        yield Item(Found.PERSON, row_id, name, " · ".join(w for w in (email, phone) if w))


def _named(uow: UnitOfWork, kind: Found, table: type[Record], about: str) -> Iterator[Item]:
    for row_id, name, words in _columns(uow, table, "id", "name", about):
        said = str(words or "").replace("_", " ")
        yield Item(kind, row_id, name, "" if said.casefold() == name.casefold() else said)


def _columns(uow: UnitOfWork, table: type[Record], *names: str) -> list[Sequence[Any]]:
    """By name where they have one. Columns, not rows of the ORM: there are 30,000."""
    query = (
        select(*(getattr(table, name) for name in names))
        .where(col(table.organisation_id) == uow.organisation_id)
        .where(col(table.archived_at).is_(None))
        .order_by(getattr(table, "key", col(table.id)))
    )
    return [tuple(row) for row in uow.session.connection().execute(query)]
