"""A flight along its log: each scene is as its entries left it, and knows nothing of later ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.models.live.replay import Entry, Replay
from app.models.log import iso
from app.models.outages.lifecycle import State
from app.models.runbook import StepState
from tests.makers import NOW


def entry(number: int, *rows: dict[str, Any]) -> Entry:
    return Entry(number, NOW + timedelta(minutes=number), "Ito", "", f"did {number}", "act", rows)


def flight(state: State, promised: int = 180) -> dict[str, Any]:
    return {
        "table": "outage",
        "id": "o1",
        "state": state.value,
        "start_utc": iso(NOW),
        "promised_end_utc": iso(NOW + timedelta(minutes=promised)),
    }


def step(code: str, state: StepState, **more: Any) -> dict[str, Any]:
    return {
        "table": "step",
        "id": f"o1-{code}",
        "outage_id": "o1",
        "code": code,
        "title": f"Step {code}",
        "phase": "window",
        "state": state.value,
        "position": int(code),
        **more,
    }


LOG = (
    entry(1, flight(State.ANNOUNCED), step("2", StepState.TODO), step("1", StepState.TODO)),
    entry(2, flight(State.IN_PROGRESS)),
    entry(3, step("1", StepState.RUNNING, started_at=iso(NOW))),
    entry(4, step("1", StepState.DONE)),
    entry(5, flight(State.IN_PROGRESS, 210)),
    entry(6, step("2", StepState.TODO, archived_at=iso(NOW))),
)


def states(replay: Replay, place: int) -> dict[str, StepState]:
    return {each.code: each.state for each in replay.at(place).steps}


def test_each_scene_is_as_its_entry_left_it() -> None:
    replay = Replay(LOG)
    assert states(replay, 0) == {"1": StepState.TODO, "2": StepState.TODO}
    assert states(replay, 2)["1"] is StepState.RUNNING
    assert states(replay, 3)["1"] is StepState.DONE
    assert replay.at(0).state is State.ANNOUNCED
    assert replay.at(3).promised_end == NOW + timedelta(minutes=180)
    assert replay.at(4).promised_end == NOW + timedelta(minutes=210)


def test_what_an_entry_changed_is_marked() -> None:
    assert Replay(LOG).at(3).changed == {"o1-1"}


def test_a_step_that_was_taken_away_is_gone_from_then_on() -> None:
    replay = Replay(LOG)
    assert "2" in states(replay, 4)
    assert "2" not in states(replay, 5)


def test_it_begins_where_the_flight_left_its_plan() -> None:
    assert Replay(LOG).begins == 1
    assert Replay(LOG[:1]).begins == 0


def test_an_entry_is_struck_only_once_its_correction_is_there() -> None:
    replay = Replay((*LOG, Entry(7, NOW, "Ito", "", "it was 2", "correction", (), strikes=3)))
    assert replay.at(5).struck == {}
    assert replay.at(6).struck == {3: 7}
