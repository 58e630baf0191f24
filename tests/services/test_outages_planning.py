"""Plan a flight, change it, fly it again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.errors import BadInput, NotAllowed, NotFound, Stale
from app.models.outages.lifecycle import ImpactClass, State
from app.models.runbook import StepState
from app.models.tables.directory import RotaTurn
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.events import Event, OutageChanged
from app.services.log import read_log
from app.services.outages.next_window import next_window
from app.services.outages.plan_form import plan_form
from app.services.outages.planning import (
    audience_ids,
    change_outage,
    find_outage,
    fly_again,
    plan_of,
    plan_outage,
)
from app.services.uow import UnitOfWork, undo
from tests.flights import set_state
from tests.makers import clock_of, make_person, make_step, make_window
from tests.services.outages_flights import World, flight, world

__all__ = ["flight", "world"]

LATER = make_window("2025-01-17 19:00", "2025-01-17 22:00")


def test_a_planned_flight_is_a_draft_with_the_next_code(world: World) -> None:
    assert world.planned().code == "OUT-2025-001"
    assert world.planned().code == "OUT-2025-002"
    assert world.row().state is State.DRAFT


def test_a_code_is_never_used_again(world: World) -> None:
    world.planned()
    second = world.planned()
    world.store.run(undo, second.undo)
    assert world.planned().code == "OUT-2025-003"


def test_codes_go_on_beyond_a_thousand(world: World) -> None:
    made = world.planned()

    def rename(uow: UnitOfWork) -> None:
        row = uow.fetch(Outage, made.outage_id)
        row.code = "OUT-2025-999"
        uow.log("renamed", row)

    world.store.run(rename)
    assert world.planned().code == "OUT-2025-1000"
    assert world.planned().code == "OUT-2025-1001"


def test_without_audiences_named_those_of_the_services_are_told(world: World) -> None:
    made = world.planned()
    assert world.store.read(audience_ids, made.outage_id) == [world.audience]


def test_no_audience_can_be_meant(world: World) -> None:
    made = world.planned(audiences=())
    assert world.store.read(audience_ids, made.outage_id) == []


def test_a_runbook_lays_out_its_steps_with_people_and_parts(world: World) -> None:
    made = world.planned(runbook="Storage firmware", owners={"storage engineer": world.technician})

    def steps(uow: UnitOfWork) -> list[Step]:
        return uow.all(Step, Step.outage_id == made.outage_id, order=(Step.position,))

    rows = world.store.read(steps)
    assert rows[0].title == "Brief the service desk"
    assert {r.owner_id for r in rows if r.role == "storage engineer"} == {world.technician}
    assert {r.owner_id for r in rows if r.role == "coordinator"} == {world.coordinator}
    assert {r.ci_id for r in rows if r.ci_role} == {world.ci}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"title": "  "}, "title"), ({"title": "x" * 121}, "120"), ({"services": ()}, "service")],
)
def test_what_is_missing_is_named_and_nothing_is_kept(
    world: World, wrong: dict[str, object], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        world.planned(**wrong)
    assert world.store.read(lambda uow: uow.all(Outage)) == []


def test_an_unknown_service_or_person_is_refused(world: World) -> None:
    for wrong in ({"services": ("nobody",)}, {"coordinator_id": "nobody"}):
        with pytest.raises(NotFound):
            world.planned(**wrong)


def test_planning_is_announced_and_logged(world: World) -> None:
    heard: list[Event] = []
    world.store.bus.subscribe(heard.append)
    made = world.planned()
    assert OutageChanged(made.outage_id) in heard
    assert "Fri 10 Jan 19:00–22:00 EST" in world.store.read(read_log, made.outage_id)[-1].what


def test_the_facts_come_back_as_they_were_typed(world: World) -> None:
    typed = world.plan(why="Firmware is out of support", audiences=(world.audience,))
    made = world.store.run(plan_outage, typed)
    back = world.store.read(
        lambda uow: plan_of(uow, uow.fetch(Outage, made.outage_id)),
    )
    assert back == typed


def test_the_phone_of_a_checker_whom_the_directory_knows_need_not_be_typed(world: World) -> None:
    world.planned(checker="Kai Ito, Storage", checker_phone="", checker_deputy="Nobody known")
    assert world.row().checker == "Kai Ito, Storage"
    assert world.row().checker_phone == "+1 212 555 0142"
    assert world.row().checker_deputy_phone == ""


def test_changing_the_facts_and_taking_it_back(flight: World) -> None:
    row = flight.row()
    plan = flight.plan(title="Array firmware", impact=ImpactClass.CRITICAL, audiences=())
    inverse = flight.store.run(change_outage, flight.outage, plan, row.version)
    assert flight.row().title == "Array firmware"
    flight.store.run(undo, inverse)
    assert (flight.row().title, flight.row().impact) == (row.title, row.impact)
    assert flight.store.read(audience_ids, flight.outage) == [flight.audience]


def test_an_old_version_overwrites_nothing(flight: World) -> None:
    seen = flight.row().version
    flight.store.run(change_outage, flight.outage, flight.plan(title="First"), seen)
    with pytest.raises(Stale):
        flight.store.run(change_outage, flight.outage, flight.plan(title="Second"), seen)
    assert flight.row().title == "First"


def test_the_window_of_a_draft_can_be_changed_with_the_facts(flight: World) -> None:
    plan = flight.plan(window=LATER)
    flight.store.run(change_outage, flight.outage, plan, flight.row().version)
    assert flight.row().window == LATER
    assert flight.row().promised_end_utc == LATER.end_utc


def test_an_announced_window_is_moved_not_changed(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)
    with pytest.raises(NotAllowed, match="Use Move"):
        flight.store.run(
            change_outage, flight.outage, flight.plan(window=LATER), flight.row().version
        )


def test_a_closed_flight_changes_no_more(flight: World) -> None:
    flight.go(State.CANCELLED, why="dropped")
    with pytest.raises(NotAllowed, match="cancelled"):
        flight.store.run(change_outage, flight.outage, flight.plan(), flight.row().version)


def test_flying_again_copies_facts_and_steps_but_nothing_done(flight: World) -> None:
    flight.fly_to(State.VERIFYING)
    made = flight.store.run(fly_again, flight.outage, LATER)

    def look(uow: UnitOfWork) -> tuple[Outage, list[Step]]:
        steps = uow.all(Step, Step.outage_id == made.outage_id, order=(Step.position,))
        return uow.fetch(Outage, made.outage_id), steps

    outage, steps = flight.store.read(look)
    assert (outage.state, outage.flown_again_from) == (State.DRAFT, flight.outage)
    assert (outage.code, outage.window, outage.started_at) == ("OUT-2025-002", LATER, None)
    assert [s.code for s in steps] == ["1", "2", "3", "4", "B1"]
    assert {s.state for s in steps} == {StepState.TODO}


def test_flying_again_is_led_by_whoever_is_on_duty_then(flight: World) -> None:
    first, last = LATER.start.date() - timedelta(days=3), LATER.start.date() + timedelta(days=3)

    def rota(uow: UnitOfWork) -> None:
        home = uow.organisation_id
        turn = RotaTurn(organisation_id=home, person_id=flight.technician, starts=first, ends=last)
        mine = make_step(
            uow, uow.fetch(Outage, flight.outage), "40", role="coordinator",
            owner_id=flight.coordinator,
        )  # fmt: skip
        uow.add(turn)
        uow.log("rota", mine)

    flight.store.run(rota)
    made = flight.store.run(fly_again, flight.outage, LATER)
    flight.outage = made.outage_id
    assert flight.row().coordinator_id == flight.step("40").owner_id == flight.technician


def test_flying_again_can_be_taken_back(flight: World) -> None:
    made = flight.store.run(fly_again, flight.outage, LATER)
    flight.store.run(undo, made.undo)
    left = flight.store.read(lambda uow: uow.all(Outage))
    assert [o.id for o in left] == [flight.outage]


def test_flying_again_is_proposed_for_the_first_free_week(flight: World) -> None:
    old = flight.row().window
    week = timedelta(weeks=1)
    first = flight.store.read(next_window, flight.outage).window
    assert (first.start - old.start) % week == timedelta() and first.start > old.start
    other = flight.store.run(plan_outage, flight.plan(title="On the same parts", window=first))
    flight.store.run(set_state, other.outage_id, State.PLANNED)
    second = flight.store.read(next_window, flight.outage)
    assert second.window.start > first.start and "without a conflict" in second.words
    clock_of(flight.store).advance(minutes=60 * 24 * 365)  # and not the old window, long ago
    now = flight.store.read(lambda uow: uow.now)
    assert now < flight.store.read(next_window, flight.outage).window.start_utc < now + 3 * week


def test_an_outage_is_found_by_its_code_in_any_case(flight: World) -> None:
    found = flight.store.read(find_outage, " out-2025-001 ")
    assert found.id == flight.outage
    with pytest.raises(NotFound, match="OUT-2025-099"):
        flight.store.read(find_outage, "OUT-2025-099")


def test_whoever_had_a_role_last_is_offered_again(world: World) -> None:
    other = world.store.run(make_person, "B. Fischer").id
    for owner, start in ((world.technician, "2025-01-03"), (other, "2025-01-17")):
        world.planned(
            runbook="Server restart",
            owners={"application engineer": owner},
            window=make_window(f"{start} 19:00", f"{start} 22:00"),
        )
    usual = world.store.read(plan_form).usual
    assert usual["Server restart", "application engineer"] == other
    assert usual["", "application engineer"] == other


def test_the_line_of_the_last_outage_is_offered_again(world: World) -> None:
    world.planned()
    assert world.store.read(plan_form).usual_line == "555 0199 code 4321"
    world.planned(window=LATER, bridge_line="")
    assert world.store.read(plan_form).usual_line == ""
