"""The checks of a flight in the report: every try, in time, with who said so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.reports.after_action import CheckLine
from app.models.runbook import StepAct, StepKind
from app.services.database import Store
from app.services.log import strike
from app.services.reports.building import after_action_data
from app.services.runbook.acting import Report, check_step
from app.services.uow import Undo, UnitOfWork, undo
from tests.flights import (
    START,
    do,
    in_progress,
    step_of,
)
from tests.makers import clock_of


@pytest.fixture
def flight(store: Store) -> str:
    """In progress; 7 is a check that is begun."""
    made = in_progress(store)

    def as_check(uow: UnitOfWork) -> None:
        row = step_of(uow, made, "7")
        row.kind = StepKind.CHECK
        uow.log("7 is a check", row)

    store.run(as_check)
    do(store, made, "7", StepAct.START)
    return made


def check(store: Store, flight: str, result: str, report: Report) -> Undo:
    row = store.read(step_of, flight, "7")
    return store.run(check_step, row.id, result, report, seen=row.version)


def lines(store: Store, flight: str) -> list[tuple[str, str, str]]:
    found: tuple[CheckLine, ...] = store.read(after_action_data, flight).checks
    return [(c.words, c.by, c.comment) for c in found]


def test_every_try_stands_with_who_said_so_and_what_was_seen(store: Store, flight: str) -> None:
    check(store, flight, "failed", Report(by="K. Ito", note="two wards cannot open images"))
    clock_of(store).advance(minutes=10)
    check(store, flight, "not_tested", Report(by="D. Moreau", via="M. Okafor", note="ward asleep"))
    clock_of(store).advance(minutes=10)
    check(store, flight, "passed", Report(by="K. Ito"))
    assert lines(store, flight) == [
        ("failed", "K. Ito", "two wards cannot open images"),
        ("not tested", "D. Moreau, via M. Okafor", "ward asleep"),
        ("passed", "K. Ito", ""),
    ]


def test_a_check_heard_of_later_stands_where_it_happened(store: Store, flight: str) -> None:
    clock_of(store).advance(minutes=30)
    check(store, flight, "failed", Report(by="K. Ito"))
    check(store, flight, "failed", Report(by="R. Ramos", at=START + timedelta(minutes=20)))
    assert [by for _, by, _ in lines(store, flight)] == ["R. Ramos", "K. Ito"]


def test_one_taken_back_says_so_and_one_struck_through_is_none(store: Store, flight: str) -> None:
    store.run(undo, check(store, flight, "passed", Report(by="K. Ito")))
    check(store, flight, "failed", Report(by="R. Ramos"))
    number = store.read(after_action_data, flight).log[-1].number
    store.run(strike, flight, number, "that was another flight")
    assert lines(store, flight) == [("passed, taken back", "K. Ito", "")]


def test_a_check_that_failed_and_passes_keeps_no_comment_of_the_failure(
    store: Store, flight: str
) -> None:
    check(store, flight, "failed", Report(note="images stay black"))
    check(store, flight, "passed", Report())
    assert store.read(step_of, flight, "7").note == ""


def test_what_was_tried_again_has_the_time_it_was_tried(store: Store, flight: str) -> None:
    check(store, flight, "failed", Report(by="K. Ito"))
    clock_of(store).advance(minutes=5)
    check(store, flight, "failed", Report(by="R. Ramos"))
    row = store.read(step_of, flight, "7")
    assert (row.by, row.heard_at) == ("R. Ramos", START + timedelta(minutes=5))


def test_the_state_of_a_step_is_its_outcome(store: Store, flight: str) -> None:
    check(store, flight, "not_tested", Report(note="ward asleep"))
    steps = {step.code: step for step in store.read(after_action_data, flight).steps}
    assert steps["7"].standing == "not tested: ward asleep"
