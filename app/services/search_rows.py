"""What the command palette can go to: every outage, service, person, CI and audience, as plain
columns. Runs on the database thread, so that the GUI gets an index ready to be searched."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlmodel import col, select

from app.models.outages.lifecycle import CLOSED, FLYING, State
from app.models.tables.base import Record
from app.models.tables.directory import Audience, ConfigurationItem, Person, Service
from app.models.tables.outages import Outage
from app.models.times import speak_moment
from app.services.search import Found, Index, Item
from app.services.uow import UnitOfWork


def search_index(uow: UnitOfWork) -> Index:
    """Outages first, what is flown before what is ahead before what is over; then the directory
    by name, then what can be done with a flight in the state it is in."""
    ordered = _in_turn(uow)
    return Index(
        (
            *_outages(ordered),
            *_named(uow, Found.SERVICE, Service, "plain_name"),
            *_people(uow),
            *_named(uow, Found.CI, ConfigurationItem, "kind"),
            *_named(uow, Found.AUDIENCE, Audience, "list_address"),
            *_acts(ordered),
        )
    )


_LATEST_OVER = 40
"""Of so many that are over the acts are offered; of older ones in their workspace."""

_REPLAYED = FLYING | CLOSED - {State.CANCELLED}
_OVER = CLOSED - {State.CANCELLED}
_OPEN = frozenset(State) - CLOSED
_ACTS: tuple[tuple[str, str, str, str, Collection[State]], ...] = (
    ("replay", "", "Replay", "along its log, step by step", _REPLAYED),
    ("report_preview", "", "After-action report of", "read, print, save as PDF", _REPLAYED),
    ("outages", "change", "Changes and evidence of", "review, attach, export", _REPLAYED),
    ("lessons", "", "What was taught by", "lessons, carried back to the runbook", _OVER),
    ("outages", "crew", "Crew board of", "phones report by one tap, links, serve", _OPEN),
    ("live", "", "Extend", "on Live with Ctrl+E: a later end", FLYING),
    ("paper", "", "Enter paper for", "ticks typed in from the printed packet", FLYING),
    ("rehearse", "", "Rehearse", "practise it on a copy, up to 60×", frozenset(State)),
)
"""Where each leads (section, action), its words, what else it is called, when it can be done."""


def _acts(ordered: Sequence[Sequence[Any]]) -> Iterator[Item]:
    over = [row for row in ordered if row[3] in CLOSED][:_LATEST_OVER]
    rows = [row for row in ordered if row[3] not in CLOSED] + over
    for section, action, words, about, states in _ACTS:
        for row_id, code, title, state, _start, _zone in rows:
            if state in states:
                key = f"{section} {row_id} {action}"
                yield Item(Found.FLIGHT, key, f"{words} {title}", f"{code} · {about}")


def _in_turn(uow: UnitOfWork) -> list[Sequence[Any]]:
    rows = _columns(uow, Outage, "id", "code", "title", "state", "start_utc", "zone")

    def turn(row: Sequence[Any]) -> tuple[int, float]:
        """The soonest ahead first, the latest over first."""
        since = (row[4] - uow.now).total_seconds()
        if row[3] in FLYING:
            return (0, since)
        return (2, -since) if row[3] in CLOSED else (1, since)

    return sorted(rows, key=turn)


def _outages(ordered: Sequence[Sequence[Any]]) -> Iterator[Item]:
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
