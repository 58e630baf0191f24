"""After a kill during a flight: the log says the time away and what came due meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.live.away import Away
from app.models.outages.lifecycle import State
from app.models.runbook import StepState
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.live.away import FILE_NAME, Seen, flight_left, note_away, note_seen, seen_last
from app.services.live.reading import live
from app.services.log import chain_head, read_log
from app.services.uow import UnitOfWork
from tests.flights import END, START, done_before, flight_store, make_flight, set_state
from tests.makers import NOW, clock_of, make_step


def under_way(uow: UnitOfWork, outage_id: str) -> None:
    flight = uow.fetch(Outage, outage_id)
    make_step(uow, flight, "90", state=StepState.RUNNING, started_at=START, minutes=20)


@pytest.fixture
def flown(tmp_path: Path) -> Iterator[tuple[Store, str]]:
    """In progress since 19:00, its first step of the window under way."""
    store = flight_store(tmp_path)
    outage_id = store.run(make_flight, State.GO_NO_GO)
    done_before(store, outage_id)
    clock_of(store).set(START)
    store.run(set_state, outage_id, State.IN_PROGRESS)
    store.run(under_way, outage_id)
    yield store, outage_id
    store.close()


def test_the_time_away_goes_into_the_log_with_what_came_due(flown: tuple[Store, str]) -> None:
    store, outage_id = flown
    clock_of(store).set(END + timedelta(minutes=5))
    [row] = store.run(note_away, Away(START + timedelta(minutes=1), END + timedelta(minutes=5)))
    assert row.outage_id == outage_id
    assert "the promised end" in [due.words for due in row.due]
    assert any("was to be done" in due.words for due in row.due)
    newest = store.read(read_log, outage_id)[-1]
    assert newest.what.startswith("away 19:01–22:05 (3 h 4 min); came due meanwhile: ")
    assert newest.kind == "away"


def test_the_live_state_is_as_it_was(flown: tuple[Store, str], tmp_path: Path) -> None:
    store, outage_id = flown
    before = store.read(live, outage_id)
    store.close()
    again = flight_store(tmp_path, START)
    after = again.read(live, outage_id)
    again.close()
    assert after == before


def test_the_window_comes_back_to_that_flight(flown: tuple[Store, str]) -> None:
    store, outage_id = flown
    assert store.read(flight_left) == outage_id
    store.run(set_state, outage_id, State.COMPLETE)
    assert store.read(flight_left) == ""


def test_time_away_before_the_flight_began_is_not_counted(flown: tuple[Store, str]) -> None:
    store, _ = flown
    until = START + timedelta(minutes=10)
    clock_of(store).set(until)
    [row] = store.run(note_away, Away(START - timedelta(hours=9), until))
    assert row.away.since == START


def test_a_flight_that_nobody_flies_any_more_is_left_alone(flown: tuple[Store, str]) -> None:
    store, _ = flown
    since = END + timedelta(hours=13)
    assert store.run(note_away, Away(since, since + timedelta(hours=1))) == ()


def test_without_a_flight_nothing_is_logged(tmp_path: Path) -> None:
    store = flight_store(tmp_path)
    store.run(make_flight, State.PLANNED)
    head = store.read(chain_head)
    assert store.run(note_away, Away(NOW, NOW + timedelta(days=4))) == ()
    assert store.read(chain_head) == head
    store.close()


def test_a_window_that_began_meanwhile_is_told(tmp_path: Path) -> None:
    store = flight_store(tmp_path)
    store.run(make_flight, State.GO_NO_GO)
    until = START + timedelta(minutes=3)
    clock_of(store).set(until)
    [row] = store.run(note_away, Away(START - timedelta(minutes=10), until))
    assert [due.words for due in row.due][-1] == "the window’s start"
    store.close()


def test_the_flight_that_is_flown_comes_before_one_still_at_its_gate(
    flown: tuple[Store, str],
) -> None:
    store, outage_id = flown
    at, to = "2025-01-10 19:20", "2025-01-10 20:00"
    store.run(make_flight, State.ANNOUNCED, title="Second flight", start=at, end=to)
    until = START + timedelta(minutes=25)
    clock_of(store).set(until)
    rows = store.run(note_away, Away(START + timedelta(minutes=1), until))
    assert [row.outage_id == outage_id for row in rows] == [True, False]


def test_what_was_last_seen_is_kept_in_the_data_folder(tmp_path: Path) -> None:
    assert seen_last(tmp_path) is None
    note_seen(tmp_path, NOW)
    assert seen_last(tmp_path) == Seen(NOW, closed=False)
    note_seen(tmp_path, NOW, closed=True)
    assert seen_last(tmp_path) == Seen(NOW, closed=True)
    (tmp_path / FILE_NAME).write_text("cut o", encoding="ascii")
    assert seen_last(tmp_path) is None
