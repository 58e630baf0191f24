"""What is offered for the roles of a new outage, in the window and headless."""

from __future__ import annotations

import pytest

from app.models.errors import BadInput
from app.models.outages.lifecycle import State
from app.models.runbook.templates import CHECKER_ROLE
from app.models.tables.directory import Service
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.outages.plan_form import plan_form
from app.services.outages.planning import plan_outage
from app.services.outages.usual import still_missing, why_these, with_the_usual
from app.services.uow import UnitOfWork
from tests.makers import make_person, make_step, make_window
from tests.services.outages_flights import World, world

__all__ = ["world"]

LATER = make_window("2025-01-17 19:00", "2025-01-17 22:00")
ENGINEER = "application engineer"


def owners(uow: UnitOfWork, outage_id: str) -> dict[str, str | None]:
    return {row.role: row.owner_id for row in uow.all(Step) if row.outage_id == outage_id}


def _put_planned(uow: UnitOfWork, outage_id: str) -> None:
    row = uow.fetch(Outage, outage_id)
    row.state = State.PLANNED
    uow.log("planned", row)


def test_planned_headless_the_roles_fall_to_those_who_had_them_last(world: World) -> None:
    world.planned(runbook="Server restart", owners={ENGINEER: world.technician})
    plan = world.plan(runbook="Server restart", window=LATER)
    made = world.store.run(lambda uow: plan_outage(uow, with_the_usual(uow, plan)))
    assert world.store.read(owners, made.outage_id)[ENGINEER] == world.technician


def test_of_several_who_had_a_role_the_one_with_the_fewest_off_hours_has_it_next(
    world: World,
) -> None:
    """Both are planned for an evening; who has fewer of them is asked, and the reason is said."""
    other = world.store.run(make_person, "Z. Quist").id
    evening = make_window("2025-01-15 19:00", "2025-01-15 23:00")
    for owner, window in ((world.technician, evening), (other, make_window())):
        made = world.planned(runbook="Server restart", owners={ENGINEER: owner}, window=window)
        world.store.run(_put_planned, made.outage_id)
    plan = world.plan(runbook="Server restart", window=LATER)
    full = world.store.read(with_the_usual, plan)
    assert full.owners[ENGINEER] == other
    [why] = world.store.read(why_these, plan, full)
    assert why.startswith(f"{ENGINEER}: Z. Quist (")
    assert "the least of 2" in why


def test_the_checker_is_of_the_service_not_of_the_runbook(world: World) -> None:
    checker = world.store.run(make_person, "B. Anand").id

    def another(uow: UnitOfWork) -> str:
        made = uow.add(Service(organisation_id=uow.organisation_id, name="Payroll", key="payroll"))
        uow.log("added", made)
        return made.id

    payroll = world.store.run(another)
    world.planned(checker="B. Anand, Pharmacy")
    found = world.store.read(plan_form).checkers
    assert found[world.service, CHECKER_ROLE] == checker
    assert (payroll, CHECKER_ROLE) not in found


def test_an_owner_of_a_role_that_is_not_there_is_refused(world: World) -> None:
    plan = world.plan(runbook="Server restart", owners={"pilot": world.technician})
    with pytest.raises(BadInput, match="no role “pilot”"):
        world.store.read(with_the_usual, plan)


def test_what_a_flight_still_lacks_is_named(world: World) -> None:
    made = world.planned(runbook="Server restart", checker="", bridge_line="")
    missing = world.store.read(still_missing, made.outage_id)
    assert f"who is {ENGINEER} (step 4, B4)" in missing
    assert "a user-side checker" in missing
    assert "a conference line" in missing
    assert not [each for each in missing if each.startswith("who does")]

    def bare(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, made.outage_id)
        uow.log("a step of nobody’s", make_step(uow, outage, "77", "Look at the fans", role=""))

    world.store.run(bare)
    assert "who does step 77" in world.store.read(still_missing, made.outage_id)


def test_a_role_with_many_steps_is_named_by_its_first(world: World) -> None:
    made = world.planned(runbook="Storage firmware")
    missing = world.store.read(still_missing, made.outage_id)
    assert any("more)" in each for each in missing), missing
