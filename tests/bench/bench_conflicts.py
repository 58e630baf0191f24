"""A conflict check against five years of outages, 5,000 events a year and 20,000 CIs, each in a
unit of work of its own as a form asks it, against the statements it sends through SQLAlchemy Core,
and in milliseconds; and the first free windows of half a year."""

from __future__ import annotations

import itertools
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlmodel import Session

from app.models.ids import key_of, new_id
from app.models.outages.lifecycle import ImpactClass, State
from app.models.runbook import Phase, StepKind, StepState
from app.models.severity import Severity
from app.models.tables.calendar import BusinessEvent, CalendarLayer
from app.models.tables.directory import (
    CiDependency,
    ConfigurationItem,
    Person,
    Service,
    ServiceCi,
)
from app.models.tables.outages import Outage, OutageCi, OutageService
from app.models.tables.runbook import Step
from app.models.times import Window, to_wall
from app.services.calendar.conflicts import check
from app.services.calendar.free import first_free
from app.services.calendar.looking import Scope
from app.services.calendar.occurrences import Horizon, replace_occurrences
from app.services.database import Store
from app.services.uow import UnitOfWork
from tests.bench import bulk
from tests.bench.measure import promise, quiet, ratio, seconds
from tests.makers import NOW, ZONE, make_store

CIS, SERVICES, OUTAGES, PEOPLE = 20_000, 400, 1_000, 200
EVENTS_A_YEAR, YEARS = 5_000, 3
LIMIT, CHECK_LIMIT = 3.0, 5.0
FREE_LIMIT = 200.0
CHECKS, ROUNDS = 150, 30


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder) / "store")
        asked = store.run(five_years)
        store.tidy()  # as an open window does every day
        statements = _sent_by(store, asked)

        def ours() -> object:
            return store.read_here(check, **asked)

        def floor() -> None:
            with Session(store.engine) as session:  # for the same BEGIN and ROLLBACK
                connection = session.connection()
                for statement, values in statements:
                    connection.execute(statement, values).all()

        kept = promise("conflict-check", ratio(ours, floor, CHECKS), LIMIT)
        took = quiet([_of_the_processor(ours) for _ in range(CHECKS)])
        kept &= promise("conflict-check-ms", 1000 * took, CHECK_LIMIT)
        kept &= _free(store, asked)
        store.close()
    return 0 if kept else 1


def _of_the_processor(call: Callable[[], object]) -> float:
    """Nothing is waited for outside; on the clock others who use the machine are measured, too."""
    begun = time.process_time()
    call()
    return time.process_time() - begun


def _free(store: Store, asked: dict[str, Any]) -> bool:
    """The first free windows of half a year, in ms, undisturbed."""
    scope = Scope(
        window=asked["window"],
        impact=ImpactClass.ORDINARY,
        services=tuple(asked["service_ids"]),
        owners=tuple(asked["owners"]),
    )
    took = [seconds(lambda: store.read_here(first_free, scope)) for _ in range(ROUNDS)]
    return promise("free-windows-ms", 1000 * quiet(took), FREE_LIMIT)


def _sent_by(store: Store, asked: dict[str, Any]) -> list[tuple[Any, Any]]:
    """Each statement of one check, with its parameters."""
    sent: list[tuple[Any, Any]] = []

    def note(_: Connection, statement: Any, many: Any, one: Any, __: Any) -> None:
        sent.append((statement, many or one))

    assert store.engine is not None
    event.listen(store.engine, "before_execute", note)
    found = store.read(check, **asked)
    event.remove(store.engine, "before_execute", note)
    reasons = ", ".join(sorted({conflict.reason.value for conflict in found}))
    print(f"  {len(sent)} statements find {reasons}")
    return sent


def five_years(uow: UnitOfWork, times: int = 1, ahead: int = 0) -> dict[str, Any]:
    """Fills the store through Core and returns what is asked of it: a busy Friday night. `times`
    as much of everything, side by side: so many times as many trees of items, calendars, services
    and people, of which each flight has to do with one lot, and all of it in the same five years;
    `ahead` windows of the year after them are planned, one after another."""
    chance = random.Random(2025)
    mine = {"organisation_id": uow.organisation_id, "version": 1}

    def put(table: Any, rows: list[dict[str, Any]]) -> list[str]:
        made = [{"id": new_id(), **mine, **row} for row in rows]
        bulk.put(uow.session.connection(), table, made)
        return [str(row["id"]) for row in made]

    def named(count: int, what: str) -> list[list[str]]:
        """Ids, a list a lot."""
        table = {"Technician": Person, "CI": ConfigurationItem, "Service": Service}[what]
        rows = [{"name": f"{what} {n}", "key": key_of(f"{what} {n}")} for n in range(count * times)]
        ids = put(table, [{**row, "roles": []} for row in rows] if table is Person else rows)
        return [ids[lot * count : (lot + 1) * count] for lot in range(times)]

    people, cis = named(PEOPLE, "Technician"), named(CIS, "CI")
    services = named(SERVICES, "Service")
    links = [
        {"ci_id": tree[n], "depends_on_id": tree[chance.randrange(n // 2 + 1)]}
        for tree in cis
        for n in range(200, CIS)
        for _ in range(chance.randrange(1, 3))
    ]
    put(CiDependency, links)
    rests = [
        {"service_id": service, "ci_id": chance.choice(tree[2_000:])}
        for lot, tree in zip(services, cis, strict=True)
        for service in lot
        for _ in range(4)
    ]
    put(ServiceCi, rests)
    friday = datetime(2025, 1, 18, 0, 0, tzinfo=UTC)
    past = OUTAGES * times - 4
    starts = [friday - timedelta(days=1_825 * n / past) for n in range(past)]
    starts += [friday + timedelta(minutes=30 * n) for n in range(4)]
    starts += [friday + timedelta(days=1 + 364 * n / ahead) for n in range(ahead)]
    flights = put(Outage, [_outage(n, start) for n, start in enumerate(starts)])

    def lots(of: list[list[str]]) -> Iterator[tuple[str, list[str]]]:
        """Each flight with its lot."""
        return zip(flights, itertools.cycle(of), strict=False)

    put(
        OutageService, [{"outage_id": o, "service_id": chance.choice(s)} for o, s in lots(services)]
    )
    put(OutageCi, [{"outage_id": o, "ci_id": chance.choice(tree)} for o, tree in lots(cis)])
    put(Step, [_step(o, n, chance.choice(p)) for o, p in lots(people) for n in range(30)])
    _events(uow, put, chance, services)
    uow.log("five years of history")
    return {
        "window": _window(friday),
        "service_ids": services[0][:2],
        "owners": people[0][:6],
    }


def _window(start: datetime) -> Window:
    return Window(to_wall(start, ZONE), to_wall(start + timedelta(hours=3), ZONE), ZONE)


def _outage(number: int, start: datetime) -> dict[str, Any]:
    window = _window(start)
    return {
        "code": f"OUT-{number:04d}",
        "title": f"Flight {number}",
        "state": State.PLANNED if start > NOW else State.FILED,
        "start_wall": window.start.isoformat(timespec="minutes"),
        "end_wall": window.end.isoformat(timespec="minutes"),
        "zone": ZONE,
        "start_utc": window.start_utc,
        "end_utc": window.end_utc,
        "promised_end_utc": window.end_utc,
    }


def _step(outage: str, number: int, owner: str) -> dict[str, Any]:
    return {
        "outage_id": outage,
        "code": str(number + 1),
        "position": number,
        "title": "Work",
        "phase": Phase.WINDOW,
        "kind": StepKind.WORK,
        "state": StepState.TODO,
        "owner_id": owner,
    }


def _events(
    uow: UnitOfWork,
    put: Callable[[Any, list[dict[str, Any]]], list[str]],
    chance: random.Random,
    services: list[list[str]],
) -> None:
    """5,000 events a year over the horizon's three years, in ten layers a lot, each with services
    of its own."""
    from app.models.calendar.events import Occurrence as Found

    horizon = Horizon.around(NOW, ZONE)
    layers = put(
        CalendarLayer,
        [
            {
                "name": f"Layer {n} of {number}",
                "key": f"layer {n} of {number}",
                "severity": Severity.WARN,
                "is_freeze": n == 0,
                "services": lot[n::10],
                "departments": [],
            }
            for number, lot in enumerate(services)
            for n in range(10)
        ],
    )
    for layer in layers:
        rows = [
            {"layer_id": layer, "uid": f"{layer}-{n}", "title": f"Event {n}", "content": {}}
            for n in range(EVENTS_A_YEAR * YEARS // 10)
        ]
        found = []
        for event_id in put(BusinessEvent, rows):
            start = horizon.since + timedelta(minutes=chance.randrange(YEARS * 365 * 24 * 60))
            end = start + timedelta(hours=chance.choice((1, 2, 8, 24, 120)))
            found.append((event_id, Found(event_id, "Event", start, start, end)))
        replace_occurrences(uow, layer, found, horizon)


if __name__ == "__main__":
    sys.exit(main())
