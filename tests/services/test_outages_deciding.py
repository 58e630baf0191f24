"""Decisions and waivers at the gate: by whom, and what the log then says."""

from __future__ import annotations

import pytest

from app.models.errors import NotAllowed
from app.models.live.go import Criterion
from app.models.outages.decisions import Decided
from app.models.outages.lifecycle import State
from app.models.runbook import Phase, StepKind
from app.models.tables.live import Decision
from app.models.tables.outages import Outage
from app.services.live.roll_call import answer_roll_call
from app.services.log import read_log
from app.services.uow import UnitOfWork
from tests.makers import make_step
from tests.services.outages_flights import WAIVED, World, flight, world

__all__ = ["flight", "world"]


def test_a_go_over_steps_the_gate_waits_for_needs_its_waiver_which_names_them(
    flight: World,
) -> None:
    def before_the_gate(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, flight.outage)
        first = make_step(uow, outage, "P1", "Save the configuration", phase=Phase.BEFORE)
        second = make_step(uow, outage, "P2", "Prove it", phase=Phase.BEFORE, after=(first,))
        make_step(uow, outage, "P3", "Tell the wards", phase=Phase.BEFORE)
        make_step(
            uow, outage, "P4", "Gate", kind=StepKind.GATE, phase=Phase.BEFORE, after=(second,)
        )

    flight.store.run(before_the_gate)
    flight.fly_to(State.GO_NO_GO)
    flight.at_start()
    others = {what: why for what, why in WAIVED.items() if what != Criterion.STEPS_DONE}
    with pytest.raises(NotAllowed, match="not done: P1 Save the configuration, P2 Prove it"):
        flight.go(State.IN_PROGRESS, waive=others)
    flight.go(State.IN_PROGRESS, waive=WAIVED)
    said = [row.what for row in flight.store.run(read_log, flight.outage)]
    open_ = "(not done: P1 Save the configuration, P2 Prove it)"
    assert any(f"waived Steps before the GO done {open_}: practice" in what for what in said)


def test_a_waiver_of_somebody_who_does_not_lead_is_marked(flight: World) -> None:
    flight.fly_to(State.GO_NO_GO)
    flight.at_start()
    flight.go(State.IN_PROGRESS, waive=WAIVED, by="Wen Zhao")
    assert {w["by"] for w in flight.row().waivers} == {"Wen Zhao instead of M. Okafor"}


def test_go_against_a_no_is_the_leaders_decision(flight: World) -> None:
    flight.fly_to(State.GO_NO_GO)
    flight.at_start()
    flight.store.run(answer_roll_call, flight.outage, "Kai Ito", False, "no spare disk")
    with pytest.raises(NotAllowed, match=r"R\. Vance 555 0110 decides"):
        flight.go(State.IN_PROGRESS, waive=WAIVED)
    flight.go(State.IN_PROGRESS, waive=WAIVED, decided=Decided("R. Vance", "spare is coming"))
    decisions = flight.store.read(lambda uow: uow.all(Decision))
    assert [d.answered_by for d in decisions] == ["R. Vance"]


def test_a_decision_in_place_of_the_one_the_card_names_is_marked(flight: World) -> None:
    flight.fly_to(State.GO_NO_GO)
    flight.at_start()
    flight.store.run(answer_roll_call, flight.outage, "Kai Ito", False, "no spare disk")
    with pytest.raises(NotAllowed, match="does not name Wen Zhao"):
        flight.go(State.IN_PROGRESS, waive=WAIVED, decided=Decided("Wen Zhao"))
    given = Decided("Wen Zhao", "spare is coming", instead="R. Vance is in the air")
    flight.go(State.IN_PROGRESS, waive=WAIVED, decided=given)
    said = [row.what for row in flight.store.run(read_log, flight.outage)]
    marked = "Wen Zhao decided instead of R. Vance (R. Vance is in the air) to go although"
    assert any(marked in what for what in said)
