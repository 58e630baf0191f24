"""What a tap on a phone does, and what it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.crew.taps import TapAct
from app.models.errors import BadInput, NotAllowed, Stale
from app.models.runbook import StepAct, StepState
from app.services.crew.asking import asking_help, asking_now
from app.services.crew.board import phone_board
from app.services.crew.links import revoke
from app.services.crew.taking_back import tap_with
from app.services.crew.taps import BY_PHONE, NoScope, take_tap
from app.services.database import Store
from app.services.live.crew import heard_from
from app.services.live.reading import live
from app.services.log import read_log
from app.services.runbook.acting import Report
from tests.flights import do, step_of, without_return
from tests.makers import clock_of
from tests.services.crew_flight import (
    LINDQVIST,
    crew_store,
    flying,
    link_of,
    scope,
    tap,
    tap_of,
    token_in,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = crew_store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def flight(store: Store) -> str:
    return flying(store)


def test_a_tap_starts_the_step_in_the_name_of_its_person(store: Store, flight: str) -> None:
    assert tap(store, flight, "7", TapAct.START)
    step = store.read(step_of, flight, "7")
    assert (step.state, step.by, step.via) == (StepState.RUNNING, "K. Ito", BY_PHONE)


def test_a_tap_sent_again_counts_once(store: Store, flight: str) -> None:
    made = tap_of(store, flight, "7", TapAct.NOTE, note="cage key fetched")
    who = scope(store, flight)
    assert [store.run(take_tap, who, made) is None for _ in range(3)] == [False, True, True]
    said = [e for e in store.read(read_log, flight) if "cage key" in e.what]
    assert len(said) == 1


def test_a_stale_tap_overwrites_nothing(store: Store, flight: str) -> None:
    made = tap_of(store, flight, "7", TapAct.BLOCKED)
    do(store, flight, "7", StepAct.FINISH)
    with pytest.raises(Stale, match="changed before your tap"):
        store.run(take_tap, scope(store, flight), made)
    assert store.read(step_of, flight, "7").state is StepState.DONE


def test_a_word_by_phone_meanwhile_makes_no_tap_stale(store: Store, flight: str) -> None:
    tap(store, flight, "7", TapAct.START)
    made = tap_of(store, flight, "7", TapAct.DONE)
    store.run(heard_from, made.step_id, "K. Ito")
    assert store.run(take_tap, scope(store, flight), made)


def test_what_the_same_phone_tapped_before_makes_no_tap_stale(store: Store, flight: str) -> None:
    """Two taps made without a connection: the second was made before the first was sent."""
    first, second = (tap_of(store, flight, "7", act) for act in (TapAct.START, TapAct.DONE))
    for each in (first, second):
        store.run(take_tap, scope(store, flight), each)
    assert store.read(step_of, flight, "7").state is StepState.DONE


def test_reopened_meanwhile_it_is_stale_though_its_state_is_the_same(
    store: Store, flight: str
) -> None:
    tap(store, flight, "7", TapAct.START)
    made = tap_of(store, flight, "7", TapAct.DONE)
    for act in (StepAct.FINISH, StepAct.REOPEN):
        do(store, flight, "7", act)
    with pytest.raises(Stale):
        store.run(take_tap, scope(store, flight), made)


def test_a_tap_made_offline_keeps_its_real_time(store: Store, flight: str) -> None:
    really = clock_of(store).now()
    made = tap_of(store, flight, "7", TapAct.START, at=really)
    clock_of(store).advance(minutes=14)
    store.run(take_tap, scope(store, flight), made)
    assert store.read(step_of, flight, "7").started_at == really


@pytest.mark.parametrize("off", [timedelta(minutes=-5), timedelta(days=2)])
def test_a_time_nobody_can_have_is_refused(store: Store, flight: str, off: timedelta) -> None:
    made = tap_of(store, flight, "7", TapAct.START, at=clock_of(store).now() - off)
    with pytest.raises(BadInput):
        store.run(take_tap, scope(store, flight), made)


def test_a_block_says_why_and_until_when(store: Store, flight: str) -> None:
    until = clock_of(store).now() + timedelta(minutes=20)
    tap(store, flight, "7", TapAct.BLOCKED, note="waiting for the cage key", until=until)
    step = store.read(step_of, flight, "7")
    assert (step.blocked_reason, step.blocked_until) == ("waiting for the cage key", until)


def test_a_block_waits_for_nothing_that_is_over(store: Store, flight: str) -> None:
    tap(store, flight, "7", TapAct.BLOCKED, until=clock_of(store).now() - timedelta(minutes=1))
    assert store.read(step_of, flight, "7").blocked_until is None


def test_an_act_is_only_shown(store: Store, flight: str) -> None:
    code = next(
        step["code"] for step in store.read(phone_board, flight).steps.values() if step.get("act")
    )
    with pytest.raises(NotAllowed, match="in the console"):
        tap(store, flight, code, TapAct.DONE)


def test_what_needs_a_decision_is_not_begun_by_a_tap(store: Store, flight: str) -> None:
    """Though the card names nobody: else whoever taps would have decided it."""
    tap(store, flight, "7", TapAct.DONE)
    store.run(without_return, flight, "8")
    with pytest.raises(NotAllowed, match="decision"):
        tap(store, flight, "8", TapAct.START)
    assert store.read(step_of, flight, "8").state is StepState.TODO


def test_a_step_of_somebody_else_is_left_to_them(store: Store, flight: str) -> None:
    with pytest.raises(NotAllowed, match="Ito"):
        tap(store, flight, "7", TapAct.START, name=LINDQVIST)


def test_a_revoked_link_taps_nothing(store: Store, flight: str) -> None:
    row, made = link_of(store, flight, "K. Ito"), tap_of(store, flight, "7", TapAct.START)
    store.run(revoke, row.link_id)
    with pytest.raises(NoScope):
        store.run(tap_with, token_in(row), made)


def test_still_on_it_is_the_last_word(store: Store, flight: str) -> None:
    tap(store, flight, "7", TapAct.START)
    clock_of(store).advance(minutes=9)
    tap(store, flight, "7", TapAct.STILL)
    assert store.read(step_of, flight, "7").heard_at == clock_of(store).now()
    assert link_of(store, flight, "K. Ito").heard_at == clock_of(store).now()


def test_help_is_asked_for_until_a_word_comes(store: Store, flight: str) -> None:
    tap(store, flight, "7", TapAct.START)
    clock_of(store).advance(minutes=1)
    tap(store, flight, "7", TapAct.HELP, note="the cable does not fit")
    clock_of(store).advance(minutes=1)
    tap(store, flight, "7", TapAct.NOTE, note="rack 4, behind the door")
    asked = store.read(asking_help, flight)
    assert [each.note for each in asked.values()] == ["needs help: the cable does not fit"]
    [call] = store.read(asking_now)
    assert call.sentence.startswith("K. Ito asks for help with 7 Drain clients from node B: the ")
    [said] = store.read(live, flight).said
    assert (said.who, said.words, said.about[:2]) == ("K. Ito", "the cable does not fit", "7 ")
    clock_of(store).advance(minutes=1)
    store.run(heard_from, store.read(step_of, flight, "7").id, "K. Ito")
    assert not store.read(asking_help, flight) and not store.read(live, flight).said
    assert not store.read(asking_now)


def test_an_old_word_sent_late_takes_no_newer_one_back(store: Store, flight: str) -> None:
    early = clock_of(store).now()
    clock_of(store).advance(minutes=5)
    do(store, flight, "7", StepAct.START, Report(by="K. Ito"))
    clock_of(store).advance(minutes=5)
    tap(store, flight, "7", TapAct.NOTE, note="on my way", at=early)
    assert store.read(step_of, flight, "7").heard_at == early + timedelta(minutes=5)
