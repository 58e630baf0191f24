"""A hospital small enough to see whole, and a flight in it: what outage tests begin from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.models.live.go import Criterion
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.decisions import default_card
from app.models.outages.lifecycle import State
from app.models.runbook import Phase, StepAct, StepKind
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step, StepUndo
from app.services.changes import changes_of, review_change
from app.services.database import Store
from app.services.notices.audiences import recipient_set, resolve
from app.services.outages.leading import Going, advance
from app.services.outages.planning import Plan, Planned, plan_outage
from app.services.runbook.acting import Report, act_on_step, check_step, complete_acts
from app.services.uow import Undo, UnitOfWork
from tests.makers import (
    clock_of,
    make_audience,
    make_ci,
    make_person,
    make_service,
    make_step,
    make_store,
    make_window,
)

END_BRIEF = NoticeKind.SERVICE_DESK_BRIEF
WAIVED = {criterion.value: "practice" for criterion in Criterion}


@dataclass(slots=True)
class World:
    """The ids of what is there, and the flight's own once it is planned."""

    store: Store
    coordinator: str = ""
    technician: str = ""
    ci: str = ""
    audience: str = ""
    service: str = ""
    outage: str = ""

    def plan(self, **more: Any) -> Plan:
        base = Plan(
            title="File cluster firmware",
            window=make_window(),
            services=(self.service,),
            cis=(self.ci,),
            coordinator_id=self.coordinator,
            checker="Ward 3",
            checker_phone="555 0133",
            bridge_line="555 0199 code 4321",
            card=default_card("R. Vance", "555 0110"),
        )
        return replace(base, **more)

    def planned(self, **more: Any) -> Planned:
        made = self.store.run(plan_outage, self.plan(**more))
        self.outage = made.outage_id
        return made

    def row(self) -> Outage:
        return self.store.read(lambda uow: uow.fetch(Outage, self.outage))

    def go(self, to: State, **going: Any) -> Undo:
        return self.store.run(advance, self.outage, to, Going(**going))

    def tell(self, kind: NoticeKind) -> None:
        self.store.run(tell, self.outage, kind)

    def at_start(self, minutes: float = 0) -> None:
        clock_of(self.store).set(self.row().start_utc + timedelta(minutes=minutes))

    def act(self, code: str, act: StepAct, **report: Any) -> Undo:
        step = self.step(code)
        return self.store.run(act_on_step, step.id, act, Report(**report), seen=step.version)

    def check(self, code: str, result: str = "passed", **report: Any) -> Undo:
        step = self.step(code)
        return self.store.run(check_step, step.id, result, Report(**report), seen=step.version)

    def step(self, code: str) -> Step:
        def find(uow: UnitOfWork) -> Step:
            here = (Step.outage_id == self.outage, Step.code == code)
            return uow.all(Step, *here)[0]

        return self.store.read(find)

    def fly_to(self, state: State) -> None:
        """The happy road as far as `state`, with the steps of `add_steps`."""
        road = [State.PLANNED, State.ANNOUNCED, State.GO_NO_GO, State.IN_PROGRESS, State.VERIFYING]
        now = self.row().state
        first = road.index(now) + 1 if now in road else 0
        for to in road[first : road.index(state) + 1]:
            if to is State.ANNOUNCED:
                self.tell(NoticeKind.PLANNED)
            if to is State.IN_PROGRESS:
                self.at_start()
            if to is State.VERIFYING:
                self.act("2", StepAct.START)
                self.act("2", StepAct.FINISH)
            self.go(to, waive=WAIVED if to is State.IN_PROGRESS else {})

    def file_away(self) -> None:
        """From Verifying to Filed: checked, told, reviewed, briefed."""
        self.tell(NoticeKind.STARTED)
        self.check("3")
        self.go(State.COMPLETE, user_check="I can open my files", data_loss="none")
        for kind in (NoticeKind.ALL_CLEAR, NoticeKind.CHANGE_SUMMARY, END_BRIEF):
            self.tell(kind)
        for row in self.store.read(changes_of, self.outage):
            self.store.run(
                review_change,
                row.id,
                seen=row.version,
                before="4.2.1",
                after="4.3.0",
                evidence="version read back",
                external_number="CHG-1",
                people_notice=row.people_notice,
            )
        self.go(State.FILED)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A store with one service, its CI, its audience of two and a crew of two; 6 Jan 2025."""
    store = make_store(tmp_path)
    here = World(store)
    here.coordinator = store.run(make_person, "M. Okafor", roles=["coordinator"]).id
    here.technician = store.run(make_person, "Kai Ito").id
    nurse = store.run(make_person, "Ada Nurse", roles=["user"])
    payroll = store.run(make_person, "Pia Payroll", roles=["user"])
    ci = store.run(make_ci, "SAN-02")
    here.ci = ci.id
    audience = store.run(make_audience, members=[nurse.id, payroll.id])
    here.audience = audience.id
    here.service = store.run(make_service, "File cluster", ci, audiences=(audience,)).id
    yield here
    store.close()


@pytest.fixture
def flight(world: World) -> World:
    """The same with a flight in Draft: gate 1, work 2 (undone by B1), check 3, all clear 4."""
    world.planned()
    world.store.run(add_steps, world)
    return world


def add_steps(uow: UnitOfWork, world: World) -> None:
    outage = uow.fetch(Outage, world.outage)
    make_step(uow, outage, "1", "Go / no-go", kind=StepKind.GATE, phase=Phase.BEFORE)
    flash = make_step(
        uow,
        outage,
        "2",
        "Flash controller B",
        owner_id=world.technician,
        ci_id=world.ci,
        people_notice="Shares open faster",
    )
    make_step(
        uow, outage, "3", "Open a file", kind=StepKind.CHECK, phase=Phase.VERIFY, after=(flash,)
    )
    make_step(uow, outage, "4", "All clear", kind=StepKind.ALL_CLEAR, phase=Phase.VERIFY)
    back = make_step(uow, outage, "B1", "Old firmware back", phase=Phase.BACK_OUT, minutes=15)
    uow.add(
        StepUndo(
            organisation_id=uow.organisation_id,
            outage_id=outage.id,
            step_id=flash.id,
            back_out_id=back.id,
        )
    )


def tell(uow: UnitOfWork, outage_id: str, kind: NoticeKind) -> Notice:
    """A notice that left now, to everyone the audiences reach, about the window as it is."""
    outage = uow.fetch(Outage, outage_id)
    whom = recipient_set(uow, resolve(uow, outage).recipients)
    uow.session.flush()
    notice = Notice(
        organisation_id=uow.organisation_id,
        outage_id=outage_id,
        kind=kind,
        state=NoticeState.SENT,
        sent_at=uow.now,
        recipient_set_id=whom.id,
        about_start_utc=outage.start_utc,
        about_end_utc=outage.promised_end_utc,
    )
    uow.add(notice)
    complete_acts(uow, outage, StepKind.NOTICE, kind.value)
    uow.log(f"{kind.words} sent", notice)
    return notice
