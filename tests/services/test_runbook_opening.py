"""A step whose lock or window is still to come is shown so, and is not the next act."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.errors import NotAllowed
from app.models.outages.lifecycle import State
from app.models.runbook import Column, StepAct
from app.services.database import Store
from app.services.live.reading import live
from app.services.live.rows import NextAct
from app.services.runbook.board import Card, board
from app.services.runbook.step_detail import step_detail
from app.services.uow import UnitOfWork
from tests.flights import START, do, done_before, make_flight, set_state, step_of
from tests.makers import clock_of

LOCK = START + timedelta(minutes=30)


def at_start(store: Store, minutes: int = 0) -> str:
    """In progress so many minutes from the window's start; 7 is next."""
    made = store.run(make_flight, State.GO_NO_GO)
    done_before(store, made)
    store.run(set_state, made, State.IN_PROGRESS)
    clock_of(store).set(START + timedelta(minutes=minutes))
    return made


def lock(uow: UnitOfWork, outage_id: str, code: str) -> None:
    step = step_of(uow, outage_id, code)
    step.not_before = LOCK
    uow.log(f"{code} locked", step)


def card(store: Store, flight: str, code: str) -> Card:
    return next(c for c in store.read(board, flight).cards if c.code == code)


def test_a_locked_step_is_not_the_next_act_and_says_when_it_opens(store: Store) -> None:
    flight = at_start(store)
    assert store.read(live, flight).next_act is NextAct.START_STEP
    store.run(lock, flight, "7")
    rows = store.read(live, flight)
    assert rows.next_act is NextAct.WAIT
    step = next(s for s in rows.following if s.code == "7")
    assert step.opens == LOCK
    assert not step.startable


def test_when_its_time_has_come_it_is_started(store: Store) -> None:
    flight = at_start(store)
    store.run(lock, flight, "7")
    clock_of(store).set(LOCK)
    assert store.read(live, flight).next_act is NextAct.START_STEP


def test_before_the_window_opens_its_steps_wait_for_it(store: Store) -> None:
    flight = at_start(store, minutes=-5)
    rows = store.read(live, flight)
    assert rows.next_act is NextAct.WAIT
    assert next(s for s in rows.following if s.code == "7").opens == START
    with pytest.raises(NotAllowed, match="which opens"):
        do(store, flight, "7", StepAct.START)


def test_on_the_board_it_waits_with_the_time_it_opens(store: Store) -> None:
    flight = at_start(store)
    assert card(store, flight, "7").column is Column.READY
    store.run(lock, flight, "7")
    shown = card(store, flight, "7")
    assert shown.column is Column.WAITING
    assert "locked until 19:30" in shown.facts


def test_the_step_says_it_too(store: Store) -> None:
    flight = at_start(store, minutes=-5)
    seven = store.read(step_of, flight, "7").id
    assert store.read(step_detail, seven).opens == "the window opens 19:00"
