"""Once a step that cannot be undone is begun, nothing gives a back-out moment any more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.errors import NotAllowed
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct
from app.services.database import Store
from app.services.live.extending import extension
from app.services.live.extending_words import way_back_words
from app.services.live.going_on import go_on
from app.services.live.reading import live
from app.services.reports.building import after_action_data, packet_data
from app.services.runbook.board import board
from app.services.runbook.forecasting import forecast_rows
from app.services.runbook.timeline import timeline
from tests.flights import (
    END,
    START,
    do,
    past_return,
    set_state,
)
from tests.makers import clock_of

PAST = "past no return since 19:14 (step 8)"


@pytest.fixture
def flight(store: Store) -> str:
    return past_return(store)


def test_the_forecast_says_why_there_is_none(store: Store, flight: str) -> None:
    rows = store.read(forecast_rows, flight)
    assert rows.backout_moment is None
    assert rows.past_return is not None
    assert rows.past_return.words(rows.zone) == PAST


def test_live_and_the_timeline_have_none_and_nothing_is_asked(store: Store, flight: str) -> None:
    rows = store.read(live, flight)
    assert rows.way_back is None
    assert rows.past_return is not None
    assert rows.asks_at(END) is None
    assert store.read(timeline, flight).way_back is None


def test_the_board_has_none(store: Store, flight: str) -> None:
    foot = store.read(board, flight).foot
    assert foot.way_back is None
    assert foot.past_return is not None


def test_a_later_end_brings_none_back_and_the_bridge_hears_so(store: Store, flight: str) -> None:
    found = store.read(extension, flight, END + timedelta(minutes=30), "the flash is slow")
    assert way_back_words(found) == PAST
    assert f"We are {PAST}." in found.say


def test_going_on_past_it_is_no_question(store: Store, flight: str) -> None:
    with pytest.raises(NotAllowed, match="past no return since 19:14"):
        store.run(go_on, flight, END, 15)


def test_the_packet_says_what_stays_changed(store: Store, flight: str) -> None:
    data = store.read(packet_data, flight)
    assert data.back_out_moment is None
    assert data.back_out_words.startswith("Past no return since 19:14 (step 8)")
    assert data.back_out_words.endswith("8 Flash controller B stays changed.")


def test_the_report_says_since_when(store: Store, flight: str) -> None:
    report = store.read(after_action_data, flight)
    assert report.back_out_moment is None
    assert report.way_back_words.startswith("Past no return since 19:14 (step 8)")


def test_the_report_of_a_flight_that_turned_back_nevertheless_says_so(
    store: Store, flight: str
) -> None:
    clock_of(store).set(START + timedelta(minutes=40))
    store.run(set_state, flight, State.BACKING_OUT)
    report = store.read(after_action_data, flight)
    assert report.way_back_words.startswith(f"Turned back 19:40, {PAST}")


def test_put_back_it_leaves_the_way_back_open_again(store: Store, flight: str) -> None:
    do(store, flight, "8", StepAct.PUT_BACK)
    assert store.read(forecast_rows, flight).backout_moment is not None
