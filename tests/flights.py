"""The standard flight: the file cluster's, planned from the storage runbook, with its crew.

Friday 10 January 2025 19:00–22:00 in New York; Okafor leads, Ito, Lindqvist and Ramos fly it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlmodel import col

from app.models.directory.words import CiKind
from app.models.outages.decisions import CardLine, Decided
from app.models.outages.lifecycle import CLOSED, FLYING, State
from app.models.runbook import StepAct
from app.models.tables.directory import ConfigurationItem, Person
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step, StepUndo
from app.services.database import Store
from app.services.events import EventBus
from app.services.outages.planning import Plan, plan_outage
from app.services.runbook.acting import Report, act_on_step
from app.services.uow import UnitOfWork
from tests.makers import (
    clock_of,
    make_audience,
    make_ci,
    make_person,
    make_service,
    make_store,
    make_window,
)

START = datetime(2025, 1, 11, 0, 0, tzinfo=UTC)
"""19:00 in New York."""
END = START + timedelta(hours=3)
BEFORE = START - timedelta(minutes=18)
"""18:42, as in the mock-up of the board."""
CREW = {
    "coordinator": "M. Okafor",
    "storage engineer": "K. Ito",
    "storage operator": "A. Lindqvist",
    "backup operator": "R. Ramos",
}
PARTS = {"node A": "SAN-01", "node B": "SAN-02", "controller A": "CTL-A", "controller B": "CTL-B"}


def flight_store(folder: Path, now: datetime = BEFORE, bus: EventBus | None = None) -> Store:
    return make_store(folder, now, bus=bus)


def make_flight(
    uow: UnitOfWork,
    /,
    state: State = State.DRAFT,
    *,
    title: str = "File cluster firmware",
    start: str = "2025-01-10 19:00",
    end: str = "2025-01-10 22:00",
    card: tuple[CardLine, ...] = (),
    runbook: str = "Storage firmware",
    bridge_line: str = "555 0199, code 7731",
) -> str:
    """The id of an outage put straight into `state`; its crew is made once."""
    people = {p.name: p for p in uow.all(Person)}
    crew = {role: people.get(name) or make_person(uow, name) for role, name in CREW.items()}
    cis = {c.name: c for c in uow.all(ConfigurationItem)}
    parts = {
        part: cis.get(name) or make_ci(uow, name, kind=CiKind.STORAGE)
        for part, name in PARTS.items()
    }
    told = make_audience(
        uow, f"{title} users", list_address="users@hospital.example", list_size=1240
    )
    uow.session.flush()
    service = make_service(uow, f"{title} service", audiences=(told,))
    uow.session.flush()
    planned = plan_outage(
        uow,
        Plan(
            title=title,
            window=make_window(start, end),
            services=(service.id,),
            cis=tuple(ci.id for ci in parts.values()),
            coordinator_id=crew["coordinator"].id,
            checker="D. Moreau, Radiology",
            checker_phone="555 0140",
            bridge_line=bridge_line,
            card=card,
            runbook=runbook,
            owners={role: person.id for role, person in crew.items()},
            step_cis={part: ci.id for part, ci in parts.items()},
        ),
    )
    if state is not State.DRAFT:
        set_state(uow, planned.outage_id, state)
    return planned.outage_id


def set_state(uow: UnitOfWork, outage_id: str, state: State) -> None:
    """As if everything on the way there had been done."""
    outage = uow.fetch(Outage, outage_id)
    outage.state, outage.state_since = state, uow.now
    if state in FLYING | CLOSED:
        outage.started_at = uow.now
    if state in CLOSED:
        outage.ended_at = uow.now
    uow.log(f"set to {state.words}", outage)


def step_of(uow: UnitOfWork, outage_id: str, code: str) -> Step:
    found = uow.all(Step, col(Step.outage_id) == outage_id, col(Step.code) == code)
    return found[0]


class TurnsBack(Protocol):
    @property
    def way_back(self) -> datetime | None: ...


def closes(rows: TurnsBack) -> datetime:
    """When the way back closes, where there is one."""
    assert rows.way_back is not None
    return rows.way_back


def without_return(uow: UnitOfWork, outage_id: str, code: str) -> None:
    """The step with this code cannot be undone."""
    step = step_of(uow, outage_id, code)
    step.no_return = True
    for link in uow.all(StepUndo, col(StepUndo.step_id) == step.id):
        uow.archive(link)
    uow.log(f"{code} cannot be undone", step)


PLAIN = Report()


def do(store: Store, outage_id: str, code: str, act: StepAct, report: Report = PLAIN) -> None:
    """An act on the step with this code, as the board would ask for it."""
    step = store.read(step_of, outage_id, code)
    store.run(act_on_step, step.id, act, report, seen=step.version)


def done_before(store: Store, outage_id: str) -> None:
    """Every step before the window done, the acts among them marked done as the acts would."""
    from app.models.runbook import StepKind
    from app.services.runbook.acting import complete_acts

    def use(uow: UnitOfWork, kind: StepKind, part: str = "") -> None:
        complete_acts(uow, uow.fetch(Outage, outage_id), kind, part)

    do(store, outage_id, "1", StepAct.FINISH)
    store.run(use, StepKind.BRIDGE, "open")
    do(store, outage_id, "3", StepAct.FINISH)
    do(store, outage_id, "4", StepAct.FINISH)
    store.run(use, StepKind.GATE)


def in_progress(store: Store, *, card: tuple[CardLine, ...] = ()) -> str:
    """The flight as its window opens: everything before it done, nothing in it begun."""
    made = store.run(make_flight, State.GO_NO_GO, card=card)
    done_before(store, made)
    clock_of(store).set(START)
    store.run(set_state, made, State.IN_PROGRESS)
    return made


def past_return(store: Store, *, card: tuple[CardLine, ...] = ()) -> str:
    """7 is done and can be undone; 8 was begun at 19:14 and cannot."""
    made = in_progress(store, card=card)
    store.run(without_return, made, "8")
    do(store, made, "7", StepAct.FINISH)
    clock_of(store).set(START + timedelta(minutes=14))
    do(store, made, "8", StepAct.START, Report(decided=Decided("R. Vance", "it is time")))
    return made
