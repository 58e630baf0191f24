"""Made data: a store in a folder of its own, a clock that tests set, and rows with good defaults.

The row makers are use cases, so that rows are made as the console makes them:

    store = make_store(tmp_path)
    ito = store.run(make_person, "Kai Ito")
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from app.models.directory.words import CiKind, Criticality
from app.models.ids import key_of
from app.models.outages.lifecycle import FLYING, State
from app.models.runbook import Phase, StepKind, StepState
from app.models.tables.directory import (
    Audience,
    CiDependency,
    ConfigurationItem,
    Organisation,
    Person,
    Service,
    ServiceAudience,
    ServiceCi,
)
from app.models.tables.outages import Outage, OutageCi, OutageService
from app.models.tables.outbox import OutboxItem
from app.models.tables.runbook import Step, StepDependency
from app.models.times import Window, parse_wall
from app.services.database import Store
from app.services.database_place import is_served
from app.services.events import EventBus
from app.services.folder import FILE_NAME
from app.services.schema import upgrade
from app.services.uow import Actor, UnitOfWork
from tests.served import on_postgresql, server

NOW = datetime(2025, 1, 6, 14, 0, tzinfo=UTC)  # Monday 6 Jan 2025, 09:00 in New York
ZONE = "America/New_York"
COORDINATOR = Actor("M. Okafor")


class TestClock:
    """A clock that stands still until a test moves it. Implements `ports.Clock`."""

    __test__ = False  # not a test, in spite of its name
    speed = 1.0

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        """Forwards or backwards."""
        self._now = now

    def advance(self, *, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        self._now += timedelta(minutes=minutes, hours=hours, days=days)


def make_store(
    folder: Path,
    now: datetime = NOW,
    *,
    clock: TestClock | None = None,
    bus: EventBus | None = None,
    actor: Actor = COORDINATOR,
    organisation: bool = True,
) -> Store:
    """An open store in `folder`, with one organisation (unless told not to) when it is new.

    Its schema is copied from one made once, which is quicker than a migration each time.
    """
    path = folder / FILE_NAME
    if on_postgresql():
        if not is_served(folder):
            server().make(folder)
    elif not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(_empty_store())
        path.chmod(0o600)
    store = Store(folder, clock or TestClock(now), bus or EventBus(), actor)
    store.open()
    if organisation and not store.organisation_id:
        store.run(make_organisation)
    return store


@cache
def _empty_store() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE_NAME
        upgrade(path)
        return path.read_bytes()


def clock_of(store: Store) -> TestClock:
    assert isinstance(store.clock, TestClock)
    return store.clock


def make_organisation(
    uow: UnitOfWork, /, name: str = "Harbour Hospital", zone: str = ZONE, **more: Any
) -> Organisation:
    """The organisation that the rest belongs to from now on."""
    row = Organisation(name=name, key=key_of(name), zone=zone, country="US", **more)
    uow.add(row)
    uow.session.flush()
    uow.organisation_id = row.id
    uow.log(f"made {name}", row)
    return row


def make_person(uow: UnitOfWork, /, name: str = "Kai Ito", **more: Any) -> Person:
    email = more.pop("email", f"{name.lower().replace(' ', '.')}@hospital.example")
    row = Person(
        organisation_id=uow.organisation_id,
        name=name,
        key=key_of(name),
        email=email,
        email_key=email.casefold(),
        **{"phone": "+1 212 555 0142", "roles": ["technician"], **more},
    )
    uow.add(row)
    uow.log(f"added {name}", row)
    return row


def make_ci(
    uow: UnitOfWork, /, name: str = "sw-core-1", *depends_on: ConfigurationItem, **more: Any
) -> ConfigurationItem:
    row = ConfigurationItem(
        organisation_id=uow.organisation_id,
        name=name,
        key=key_of(name),
        **{"kind": CiKind.OTHER, **more},
    )
    uow.add(row)
    uow.session.flush()
    for below in depends_on:
        uow.add(
            CiDependency(organisation_id=uow.organisation_id, ci_id=row.id, depends_on_id=below.id)
        )
    uow.log(f"added {name}", row)
    return row


def make_audience(uow: UnitOfWork, /, name: str = "File cluster users", **more: Any) -> Audience:
    row = Audience(organisation_id=uow.organisation_id, name=name, key=key_of(name), **more)
    uow.add(row)
    uow.log(f"added {name}", row)
    return row


def make_service(
    uow: UnitOfWork,
    /,
    name: str = "File cluster",
    *rests_on: ConfigurationItem,
    audiences: tuple[Audience, ...] = (),
    **more: Any,
) -> Service:
    row = Service(
        organisation_id=uow.organisation_id,
        name=name,
        key=key_of(name),
        **{"plain_name": "shared folders", "criticality": Criticality.NORMAL, **more},
    )
    uow.add(row)
    uow.session.flush()
    ids: dict[str, Any] = {"organisation_id": uow.organisation_id, "service_id": row.id}
    for ci in rests_on:
        uow.add(ServiceCi(**ids, ci_id=ci.id))
    for audience in audiences:
        uow.add(ServiceAudience(**ids, audience_id=audience.id))
    uow.log(f"added {name}", row)
    return row


def make_window(
    start: str = "2025-01-10 19:00", end: str = "2025-01-10 22:00", zone: str = ZONE
) -> Window:
    return Window.of(parse_wall(start), parse_wall(end), zone)


def make_outage(
    uow: UnitOfWork,
    /,
    title: str = "File cluster firmware",
    *,
    window: Window | None = None,
    state: State = State.DRAFT,
    services: tuple[Service, ...] = (),
    cis: tuple[ConfigurationItem, ...] = (),
    **more: Any,
) -> Outage:
    """An outage put straight into `state`, whatever that state would have asked for."""
    window = window or make_window()
    number = len(uow.all(Outage)) + 1
    row = Outage(
        organisation_id=uow.organisation_id,
        title=title,
        start_wall="",
        end_wall="",
        zone=window.zone,
        start_utc=window.start_utc,
        end_utc=window.end_utc,
        promised_end_utc=window.end_utc,
        **{
            "code": f"OUT-{window.start.year}-{number:03d}",
            "state": state,
            "state_since": uow.now,
            "started_at": window.start_utc if state in FLYING else None,
            **more,
        },
    )
    row.set_window(window)
    uow.add(row)
    uow.session.flush()
    ids: dict[str, Any] = {"organisation_id": uow.organisation_id, "outage_id": row.id}
    for service in services:
        uow.add(OutageService(**ids, service_id=service.id))
    for ci in cis:
        uow.add(OutageCi(**ids, ci_id=ci.id))
    uow.log(f"planned {row.code} {title}", row)
    return row


def make_step(
    uow: UnitOfWork,
    /,
    outage: Outage,
    code: str = "1",
    title: str = "Drain node B",
    *,
    after: tuple[Step, ...] = (),
    **more: Any,
) -> Step:
    row = Step(
        organisation_id=uow.organisation_id,
        outage_id=outage.id,
        code=code,
        title=title,
        **{
            "position": len(uow.all(Step, Step.outage_id == outage.id)),
            "phase": Phase.WINDOW,
            "kind": StepKind.WORK,
            "state": StepState.TODO,
            "minutes": 10,
            **more,
        },
    )
    uow.add(row)
    uow.session.flush()
    for before in after:
        uow.add(
            StepDependency(
                organisation_id=uow.organisation_id,
                outage_id=outage.id,
                step_id=row.id,
                after_id=before.id,
            )
        )
    uow.log(f"added step {code}", row)
    return row


def make_outbox_item(uow: UnitOfWork, /, key: str = "planned-1", **more: Any) -> OutboxItem:
    row = OutboxItem(
        organisation_id=uow.organisation_id,
        key=key,
        **{"kind": "notice", "payload": {"subject": "Planned"}, **more},
    )
    uow.add(row)
    uow.log(f"queued {key}", row)
    return row
