"""After the end nothing stands as still to come: plan, report and changes say how it ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct
from app.services.changes import nothing_recorded
from app.services.database import Store
from app.services.notices.reading import communication
from app.services.outages.leading import Going, advance
from app.services.reports.building import after_action_data
from app.services.runbook.acting import Report, check_step
from tests.flights import START, do, done_before, make_flight, set_state, step_of
from tests.makers import clock_of
from tests.services.outages_flights import tell

OWED = "Extended or all clear"


@pytest.fixture
def flight(store: Store) -> str:
    """People were told; 7 was done, undone again, and it is backed out before its end."""
    made = store.run(make_flight, State.GO_NO_GO)
    store.run(tell, made, NoticeKind.PLANNED)
    done_before(store, made)
    clock_of(store).set(START)
    store.run(set_state, made, State.IN_PROGRESS)
    do(store, made, "7", StepAct.FINISH)
    clock_of(store).set(START + timedelta(minutes=20))
    store.run(advance, made, State.BACKING_OUT, Going(why="it hangs"))
    do(store, made, "B7", StepAct.FINISH)
    check = store.read(step_of, made, "B12")
    store.run(check_step, check.id, "passed", Report(), seen=check.version)
    ended = Going(user_check="It works.", data_loss="none")
    store.run(advance, made, State.BACKED_OUT, ended)
    return made


def test_the_plan_lists_how_it_ended_and_not_what_might_have(store: Store, flight: str) -> None:
    titles = [row.title for row in store.read(communication, flight).rows]
    assert OWED not in titles
    assert NoticeKind.BACKED_OUT.words in titles


def test_the_report_names_the_notice_that_is_owed(store: Store, flight: str) -> None:
    lines = {line.kind: line for line in store.read(after_action_data, flight).notices}
    assert OWED not in lines
    owed = lines[NoticeKind.BACKED_OUT.words]
    assert (owed.sent, owed.state) == (None, "owed")


def test_once_it_left_it_stands_there_once(store: Store, flight: str) -> None:
    store.run(tell, flight, NoticeKind.BACKED_OUT)
    kinds = [line.kind for line in store.read(after_action_data, flight).notices]
    assert kinds.count(NoticeKind.BACKED_OUT.words) == 1


def test_a_flight_that_put_everything_back_says_why_it_records_nothing(
    store: Store, flight: str
) -> None:
    said = store.read(nothing_recorded, flight)
    assert said.startswith("Nothing is left changed")
    assert "Undone: 7 " in said


def test_a_flight_in_the_air_says_when_records_come(store: Store) -> None:
    made = store.run(make_flight, State.IN_PROGRESS)
    assert store.read(nothing_recorded, made).startswith("No change records yet.")
