"""Rows out of the log."""

from __future__ import annotations

from app.models.log_rows import Rows, of_outage

FLIGHT = {"table": "outage", "id": "o1"}
STEP = {"table": "step", "id": "s1", "outage_id": "o1", "state": "todo"}


def test_rows_of_another_flight_or_of_none_are_left_out() -> None:
    others = [{"table": "outage", "id": "o2"}, {**STEP, "outage_id": "o2"}]
    person = {"table": "person", "id": "o1"}
    assert of_outage([FLIGHT, STEP, *others, person], "o1") == [FLIGHT, STEP]


def test_of_a_row_that_comes_again_the_last_one_holds() -> None:
    assert Rows([STEP, {**STEP, "state": "done"}]).of("step")["s1"]["state"] == "done"


def test_what_was_archived_is_not_there() -> None:
    assert Rows([STEP, {**STEP, "archived_at": "2025-01-10"}]).of("step") == {}
