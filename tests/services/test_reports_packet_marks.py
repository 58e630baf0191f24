"""A packet printed again marks what changed since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.outages.lifecycle import State
from app.models.reports.packet import PacketData, StepRow
from app.models.runbook import StepAct
from app.models.runbook.templates import TemplateStep
from app.services.database import Store
from app.services.reports.building import mark_printed, packet_data
from app.services.runbook.editing import add_step
from app.services.uow import UnitOfWork
from tests.flights import BEFORE, do, make_flight, step_of
from tests.makers import clock_of


@pytest.fixture
def flight(store: Store) -> str:
    """Printed at 18:42; five minutes have passed."""
    made = store.run(make_flight, State.GO_NO_GO)
    store.run(mark_printed, made)
    clock_of(store).set(BEFORE + timedelta(minutes=5))
    return made


def row_of(data: PacketData, code: str) -> StepRow:
    return next(row for part in data.sections for row in part.rows if row.code == code)


def test_a_first_print_says_nothing_of_another(store: Store) -> None:
    assert store.read(packet_data, store.run(make_flight)).again_words == ""


def test_a_second_print_with_nothing_different_says_so(store: Store, flight: str) -> None:
    do(store, flight, "1", StepAct.FINISH)
    words = store.read(packet_data, flight).again_words
    assert words == "Nothing on it has changed since the print of Fri 10 Jan 2025 18:42 EST."


def test_a_changed_a_new_and_a_removed_step_are_marked(store: Store, flight: str) -> None:
    def change(uow: UnitOfWork) -> None:
        step = step_of(uow, flight, "8")
        step.minutes = 40
        uow.archive(step_of(uow, flight, "14"))
        uow.log("replanned", step)

    store.run(change)
    store.run(add_step, flight, TemplateStep("n", "Look at the temperature", 5), why="new rule")
    data = store.read(packet_data, flight)
    assert row_of(data, "8").changed_words == "Changed since the last print: minutes 25 → 40."
    assert row_of(data, "n").changed_words == "New since the last print."
    assert row_of(data, "7").changed_words == ""
    assert "No longer in it: 14 Verify" in data.again_words


def test_the_next_print_compares_with_the_last_one(store: Store, flight: str) -> None:
    def change(uow: UnitOfWork) -> None:
        step = step_of(uow, flight, "8")
        step.minutes = 40
        uow.log("replanned", step)

    store.run(change)
    store.run(mark_printed, flight)
    assert row_of(store.read(packet_data, flight), "8").changed == ""


def test_the_code_says_which_packet_it_is_and_whom_to_call(store: Store, flight: str) -> None:
    said = store.read(packet_data, flight).scanned.splitlines()
    assert said[0] == "OUT-2025-001 r1, printed Fri 10 Jan 2025 18:47 EST"
    assert "Bridge: 555 0199, code 7731" in said
    assert said[-1].startswith("Coordinator: M. Okafor")
