"""Whom an outage reaches through the service tree: 20,000 CIs, all of which rest on the one that is
taken down, 400 services above them, 2,000 people; the processor's time against 50 ms, as nothing is
waited for."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from app.models.ids import key_of, new_id
from app.models.outages.lifecycle import State
from app.models.tables.directory import (
    Audience,
    CiDependency,
    ConfigurationItem,
    Person,
    Service,
    ServiceAudience,
    ServiceCi,
)
from app.models.tables.outages import Outage
from app.services.notices.audiences import Resolved, resolve
from app.services.notices.reach import tell_dependents
from app.services.outages.planning import ci_ids
from app.services.uow import UnitOfWork
from tests.bench.measure import promise, quiet
from tests.flights import START, make_flight
from tests.services.notices_flights import desk_store

CIS, SERVICES, PEOPLE = 20_000, 400, 2_000
ALLOWED = 0.050
LIMIT = 1.0
ROUNDS = 30


def _house(uow: UnitOfWork, outage_id: str) -> None:
    chance = random.Random(2026)
    mine = {"organisation_id": uow.organisation_id, "version": 1}

    def put(table: Any, rows: list[dict[str, Any]]) -> list[str]:
        made = [{"id": new_id(), **mine, **row} for row in rows]
        for at in range(0, len(made), 5_000):
            uow.session.connection().execute(insert(table), made[at : at + 5_000])
        return [str(row["id"]) for row in made]

    def named(count: int, what: str) -> list[dict[str, Any]]:
        return [{"name": f"{what} {n}", "key": key_of(f"{what} {n}")} for n in range(count)]

    base = ci_ids(uow, outage_id)[0]
    cis = [base, *put(ConfigurationItem, named(CIS, "CI"))]
    links = [
        {"ci_id": cis[n], "depends_on_id": cis[chance.randrange(n)]} for n in range(1, CIS + 1)
    ]
    links += [{"ci_id": cis[1], "depends_on_id": cis[-1]}]  # and a ring
    put(CiDependency, links)
    people = put(
        Person,
        [
            {**row, "email": f"p{n}@h.example", "roles": []}
            for n, row in enumerate(named(PEOPLE, "P"))
        ],
    )
    services = put(Service, named(SERVICES, "Service"))
    put(ServiceCi, [{"service_id": s, "ci_id": chance.choice(cis)} for s in services])
    audiences = put(
        Audience,
        [
            {**row, "members": chance.sample(people, 20), "departments": []}
            for row in named(SERVICES, "Users")
        ],
    )
    put(
        ServiceAudience,
        [{"service_id": s, "audience_id": a} for s, a in zip(services, audiences, strict=True)],
    )
    uow.log("a house", uow.fetch(Outage, outage_id))


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        store = desk_store(Path(name), START - timedelta(days=20))
        outage_id = store.run(make_flight, State.PLANNED)
        store.run(_house, outage_id)
        store.run(tell_dependents, outage_id, True)

        def ours(uow: UnitOfWork) -> Resolved:
            return resolve(uow, uow.fetch(Outage, outage_id))

        taken = []
        for _ in range(ROUNDS):
            begun = time.process_time()
            found = store.read_here(ours)
            taken.append(time.process_time() - begun)
        assert len(found.recipients) > PEOPLE * 0.9
        store.close()
    middle = statistics.median(taken)
    print(f"  {quiet(taken) * 1e3:.1f} ms undisturbed, {middle * 1e3:.1f} ms in the middle")
    return 0 if promise("audience-20000-cis", quiet(taken) / ALLOWED, LIMIT) else 1


if __name__ == "__main__":
    sys.exit(main())
