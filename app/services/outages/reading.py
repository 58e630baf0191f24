"""The outages as a list of frozen rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import col

from app.models.outages.lifecycle import ImpactClass, State
from app.models.tables.directory import Person, Service
from app.models.tables.outages import Outage, OutageService
from app.models.times import speak_window
from app.services.outages.debt import debts_of
from app.services.uow import UnitOfWork


class Scope(StrEnum):
    """`open` is everything that is not filed, so that nothing owed falls out of sight."""

    OPEN = "open"
    FILED = "filed"
    ALL = "all"

    @property
    def words(self) -> str:
        return {Scope.OPEN: "Not filed", Scope.FILED: "Filed", Scope.ALL: "All"}[self]


@dataclass(frozen=True, slots=True)
class OutageRow:
    """One outage of the list. `start` and `end` are UTC (the end last promised); `owed` is how
    many things it owes, `most_urgent` the first of them in words."""

    id: str
    version: int
    code: str
    title: str
    state: State
    impact: ImpactClass
    window: str
    start: datetime
    end: datetime
    zone: str
    services: tuple[str, ...]
    coordinator: str
    owed: int = 0
    most_urgent: str = ""


def outages(uow: UnitOfWork, scope: Scope = Scope.ALL, *, owed: bool = False) -> list[OutageRow]:
    """In the order of their windows, the latest last. Counting what is `owed` reads plan and
    notices of every outage that is not filed, so it is done only when asked."""
    found = uow.all(Outage, *_where(scope), order=(col(Outage.start_utc), col(Outage.code)))
    names = _service_names(uow)
    leads = col(Person.id).in_({outage.coordinator_id for outage in found} - {None})
    people = {person.id: person.name for person in uow.all(Person, leads)}
    rows = []
    for outage in found:
        debts = debts_of(uow, outage) if owed else ()
        rows.append(
            OutageRow(
                id=outage.id,
                version=outage.version,
                code=outage.code,
                title=outage.title,
                state=outage.state,
                impact=outage.impact,
                window=speak_window(outage.window),
                start=outage.start_utc,
                end=outage.promised_end_utc,
                zone=outage.zone,
                services=tuple(names[outage.id]),
                coordinator=people.get(outage.coordinator_id or "", ""),
                owed=len(debts),
                most_urgent=debts[0].sentence if debts else "",
            )
        )
    return rows


def open_outages(uow: UnitOfWork) -> list[Outage]:
    """Everything that is not filed, by window. For services; views get rows."""
    return uow.all(Outage, *_where(Scope.OPEN), order=(col(Outage.start_utc),))


def zone_of(uow: UnitOfWork, outage_id: str) -> str:
    """The zone its times are told in. Raises NotFound."""
    return uow.fetch(Outage, outage_id).zone


def _where(scope: Scope) -> tuple[object, ...]:
    match scope:
        case Scope.OPEN:
            return (col(Outage.state) != State.FILED,)
        case Scope.FILED:
            return (col(Outage.state) == State.FILED,)
        case Scope.ALL:
            return ()


def _service_names(uow: UnitOfWork) -> dict[str, list[str]]:
    services = {service.id: service.name for service in uow.all(Service)}
    names: dict[str, list[str]] = defaultdict(list)
    for link in uow.all(OutageService):
        if link.service_id in services:
            names[link.outage_id].append(services[link.service_id])
    return names
