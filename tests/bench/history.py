"""Five years of history, inserted quickly: flights with their steps, log and notices, and a
calendar of events. The log is chained as the console chains it, so that `doctor` finds it whole.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, SQLModel, insert

from app.models.calendar.events import Occurrence as Found
from app.models.ids import new_id
from app.models.log import canonical, hash_of, iso
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.lifecycle import State
from app.models.runbook import Phase, StepState
from app.models.tables.calendar import BusinessEvent, CalendarLayer
from app.models.tables.directory import ConfigurationItem, Person, Service
from app.models.tables.log import ChainHead, LogEntry
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage, OutageCi, OutageService
from app.models.tables.runbook import Step, StepDependency
from app.models.times import Window, to_wall
from app.services.calendar.occurrences import Horizon, replace_occurrences
from app.services.database import Store
from app.services.uow import UnitOfWork, row_as_json
from tests.makers import ZONE, make_ci, make_person, make_service, make_store

NOW = datetime(2025, 1, 6, 14, 0, tzinfo=UTC)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Amount:
    flights: int = 1_000
    steps: int = 15
    events_a_year: int = 5_000
    years: int = 5


@dataclass(frozen=True, slots=True)
class Directory:
    people: tuple[Person, ...]
    cis: tuple[ConfigurationItem, ...]
    services: tuple[Service, ...]


def make_history(folder: Path, amount: Amount = Amount(), seed: int = 1) -> Store:
    """An open store with the history, and an outage in flight with 20 steps (`OUT-2025-001`)."""
    chance = random.Random(seed)
    store = make_store(folder, NOW)
    directory = store.run(_directory)
    store.run(_flights, directory, amount, chance)
    store.run(_events, directory, amount, chance)
    return store


def _directory(uow: UnitOfWork) -> Directory:
    people = tuple(make_person(uow, f"Person {number}") for number in range(40))
    cis: list[ConfigurationItem] = []
    for number in range(120):
        cis.append(make_ci(uow, f"ci-{number}", *cis[-2:-1]))
    services = tuple(
        make_service(uow, f"Service {number}", *cis[number * 4 : number * 4 + 4])
        for number in range(30)
    )
    return Directory(people, tuple(cis), services)


def _flights(uow: UnitOfWork, directory: Directory, amount: Amount, chance: random.Random) -> None:
    rows: dict[type[SQLModel], list[dict[str, Any]]] = {}
    head = uow.session.get(ChainHead, uow.organisation_id) or ChainHead(
        organisation_id=uow.organisation_id
    )
    number, previous = head.number, head.hash
    for index in range(amount.flights + 1):
        flying = index == amount.flights
        for row, what in _flight(uow, directory, amount, index, chance, flying=flying):
            row.created_at = row.updated_at = uow.now
            rows.setdefault(type(row), []).append(row.model_dump())
            if what:
                number += 1
                entry = _entry(uow, number, previous, row, what)
                previous = entry["hash"]
                rows.setdefault(LogEntry, []).append(entry)
        if index % BATCH == 0:
            _write(uow.session, rows)
    _write(uow.session, rows)
    head.number, head.hash = number, previous
    uow.session.add(head)
    uow.log(f"{amount.flights} flights of history")


def _entry(uow: UnitOfWork, number: int, previous: str, row: SQLModel, what: str) -> dict[str, Any]:
    about, about_id = str(row.__tablename__), str(getattr(row, "id"))  # noqa: B009
    outage_id = about_id if about == "outage" else str(getattr(row, "outage_id", ""))
    text = canonical(
        {
            "number": number,
            "at": iso(uow.now),
            "who": "M. Okafor",
            "via": "",
            "what": what,
            "kind": "act",
            "about": [about, about_id],
            "outage": outage_id,
            "strikes": None,
            "rows": [row_as_json(row)],
        }
    )
    return {
        "id": new_id(),
        "organisation_id": uow.organisation_id,
        "number": number,
        "at": uow.now,
        "who": "M. Okafor",
        "via": "",
        "what": what,
        "kind": "act",
        "about_type": about,
        "about_id": about_id,
        "outage_id": outage_id,
        "strikes": None,
        "text": text,
        "previous_hash": previous,
        "hash": hash_of(previous, text),
    }


def _flight(
    uow: UnitOfWork,
    directory: Directory,
    amount: Amount,
    index: int,
    chance: random.Random,
    *,
    flying: bool,
) -> Iterator[tuple[SQLModel, str]]:
    """The rows of one flight, each with what the log says of it (empty: nothing)."""
    days = amount.years * 365 * index // max(amount.flights, 1)
    start = NOW - timedelta(days=amount.years * 365) + timedelta(days=days)
    start = (NOW if flying else start).replace(minute=0)
    wall = to_wall(start, ZONE)
    window = Window(wall, wall + timedelta(hours=3), ZONE)
    ids: dict[str, Any] = {"organisation_id": uow.organisation_id}
    outage = Outage(
        **ids,
        code="OUT-2025-001" if flying else f"OUT-{wall.year - 10}-{index:04d}",
        title=f"Flight {index} of the {chance.choice(directory.services).name}",
        why="Firmware loses paths under load",
        state=State.IN_PROGRESS if flying else State.FILED,
        start_wall="",
        end_wall="",
        zone=ZONE,
        start_utc=window.start_utc,
        end_utc=window.end_utc,
        promised_end_utc=window.end_utc,
        started_at=window.start_utc,
        ended_at=None if flying else window.end_utc,
        coordinator_id=directory.people[index % 2].id,
        impact_text="Shared folders cannot be opened or saved to",
        workaround="Keep what you work on in your own folder",
    )
    outage.set_window(window)
    ids["outage_id"] = outage.id
    yield outage, f"planned {outage.code} {outage.title}"
    yield OutageService(**ids, service_id=chance.choice(directory.services).id), ""
    yield OutageCi(**ids, ci_id=chance.choice(directory.cis).id), ""
    before = ""
    for position in range(20 if flying else amount.steps):
        step = Step(
            **ids,
            code=str(position + 1),
            position=position,
            title=f"Flash controller {position}",
            how="Follow the vendor's note; watch both paths come back",
            phase=Phase.WINDOW,
            owner_id=directory.people[position % 40].id,
            ci_id=None if flying else chance.choice(directory.cis).id,
            minutes=10,
            state=StepState.TODO if flying else StepState.DONE,
            started_at=None if flying else start,
            ended_at=None if flying else start + timedelta(minutes=9),
            by="Kai Ito",
        )
        yield step, f"added {step.code}" if flying else f"finished {step.code} {step.title}"
        if before and not flying:
            yield StepDependency(**ids, step_id=step.id, after_id=before), ""
        before = step.id
    for kind in (NoticeKind.PLANNED, NoticeKind.REMINDER, NoticeKind.ALL_CLEAR):
        notice = Notice(
            **ids,
            kind=kind,
            state=NoticeState.SENT,
            subject=f"{kind.value}: {outage.title}",
            text="What happens, when, and what to do before. " * 20,
            html="<p>What happens, when, and what to do before.</p>" * 20,
            sent_at=start - timedelta(days=7),
            sent_by="M. Okafor",
        )
        yield notice, f"sent {kind.value}"


def _events(uow: UnitOfWork, directory: Directory, amount: Amount, chance: random.Random) -> None:
    """A layer of business events for each five services; materialised as the import does it."""
    rows: dict[type[SQLModel], list[dict[str, Any]]] = {}
    first = NOW - timedelta(days=amount.years * 365)
    # wide enough that a console started on it today finds nothing to expand anew
    horizon = Horizon(first, datetime.now(UTC) + timedelta(days=10 * 365), ZONE)
    ids = {"organisation_id": uow.organisation_id}
    for block in range(0, 30, 5):
        layer = CalendarLayer(
            **ids,  # type: ignore[arg-type]
            name=f"Layer {block}",
            key=f"layer {block}",
            services=[service.id for service in directory.services[block : block + 5]],
        )
        uow.add(layer)
        uow.session.flush()
        found: list[tuple[str, Found]] = []
        for number in range(amount.events_a_year * amount.years // 6):
            start = first + timedelta(minutes=chance.randrange((amount.years + 1) * 365 * 1440))
            event = BusinessEvent(
                **ids,  # type: ignore[arg-type]
                layer_id=layer.id,
                uid=f"{block}-{number}@hospital.example",
                title=f"Clinic {number}",
                created_at=uow.now,
                updated_at=uow.now,
            )
            rows.setdefault(BusinessEvent, []).append(event.model_dump())
            end = start + timedelta(minutes=chance.choice((30, 60, 480)))
            found.append((event.id, Found(event.uid, event.title, start, start, end)))
        _write(uow.session, rows)
        replace_occurrences(uow, layer.id, found, horizon)
    uow.log(f"{amount.events_a_year * amount.years} events of history")


def _write(session: Session, rows: dict[type[SQLModel], list[dict[str, Any]]]) -> None:
    for table, values in rows.items():
        session.execute(insert(table), values)
    rows.clear()
