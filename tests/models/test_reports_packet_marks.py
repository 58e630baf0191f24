"""What is different on a packet printed again."""

from __future__ import annotations

from typing import Any

from app.models.log_rows import Rows
from app.models.reports.packet_marks import marks_between

PRINTED = "2025-01-10T20:00:00.000000Z"
EARLY, LATE = "2025-01-02T08:00:00.000000Z", "2025-01-10T21:00:00.000000Z"


def row(table: str, row_id: str, created: str = EARLY, **columns: Any) -> dict[str, Any]:
    return {"table": table, "id": row_id, "created_at": created, "archived_at": None, **columns}


def step(row_id: str = "a", created: str = EARLY, **columns: Any) -> dict[str, Any]:
    return row("step", row_id, created, **{"code": "7", "title": "Drain", "minutes": 10, **columns})


def link(before: str, archived: str | None = None) -> dict[str, Any]:
    made = row("step_dependency", f"link-{before}", step_id="a", after_id=before)
    return {**made, "archived_at": archived}


def test_the_same_rows_are_no_difference() -> None:
    assert not marks_between(Rows([step()]), Rows([step()]), PRINTED).any


def test_what_is_done_meanwhile_is_no_difference() -> None:
    done = step(state="done", started_at=LATE, note="went well")
    assert not marks_between(Rows([step()]), Rows([done]), PRINTED).any


def test_a_changed_step_says_what() -> None:
    now = step(minutes=15, owner_id="p2", role="engineer")
    assert marks_between(Rows([step()]), Rows([now]), PRINTED).steps == {
        "a": "minutes 10 → 15, who"
    }


def test_another_predecessor_is_a_difference() -> None:
    before, now = Rows([step(), link("x")]), Rows([step(), link("x", LATE), link("y")])
    assert marks_between(before, now, PRINTED).steps == {"a": "what it comes after"}


def test_a_step_is_new_only_when_it_was_made_after_the_print() -> None:
    now = Rows([step(), step("b", LATE), step("c")])
    assert marks_between(Rows([step()]), now, PRINTED).steps == {"b": "new"}


def test_a_step_taken_away_is_named() -> None:
    gone = {**step(), "archived_at": LATE}
    assert marks_between(Rows([step()]), Rows([gone]), PRINTED).gone == ("7 Drain",)


def test_the_last_of_several_rows_of_one_thing_holds() -> None:
    before = Rows([step(minutes=5), step(minutes=15)])
    assert not marks_between(before, Rows([step(minutes=15)]), PRINTED).any


def test_a_moved_window_and_another_bridge_are_told_once_each() -> None:
    before = Rows([row("outage", "o", start_wall="19:00", end_wall="22:00")])
    now = Rows(
        [
            row("outage", "o", start_wall="20:00", end_wall="23:00"),
            row("bridge", "b", LATE, line="555 0100", dial_in="555 0100"),
        ]
    )
    assert marks_between(before, now, PRINTED).facts == ("window", "bridge")
