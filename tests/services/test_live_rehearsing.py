"""A rehearsal is a copy with a clock of its own, from which nothing leaves; what it teaches is
carried back to the runbook of the real store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import col

from app.models.account import AccountSettings, Profile
from app.models.errors import BadInput, NotAllowed, NotFound
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.runbook import StepState
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.models.tables.runbook import Step
from app.services.account.settings import account_settings, save_account_settings
from app.services.account.signing import change_settings
from app.services.bridge.meeting import ask_meeting, meeting_came
from app.services.clock import REHEARSAL, FolderClock, RehearsalClock, SystemClock, clock_for
from app.services.database import Store
from app.services.live.rehearsing import (
    AHEAD,
    Rehearsal,
    carry_back,
    drop,
    learnt,
    open_copy,
    rehearsal_of,
    rehearsals,
    rehearse,
    set_on,
)
from app.services.live.roll_call import answer_roll_call, go_facts
from app.services.live.setting_out import Begin
from app.services.log import chain_head
from app.services.notices.planning import told_of
from app.services.outages.planning import bridge_of
from app.services.ports.meetings import Meeting
from app.services.runbook.templates import revisions_of
from app.services.settings.clock_back import last_written
from app.services.uow import UnitOfWork
from app.wiring.remote import open_remote
from tests.flights import END, START, flight_store, make_flight, step_of
from tests.makers import NOW, clock_of, make_outage, make_outbox_item


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Store]:
    store = flight_store(tmp_path, START - timedelta(days=30))
    yield store
    store.close()


def rehearsed(real: Store, state: State = State.ANNOUNCED, begin: Begin = Begin.GATE) -> Rehearsal:
    return rehearse(real, real.run(make_flight, state), 30, wall=lambda: NOW, begin=begin)


@contextmanager
def copy_of(made: Rehearsal, real: Store) -> Iterator[Store]:
    copy = open_copy(made, real.actor)
    try:
        yield copy
    finally:
        copy.close()


def outage(uow: UnitOfWork, outage_id: str) -> Outage:
    return uow.fetch(Outage, outage_id)


def took(uow: UnitOfWork, outage_id: str, code: str, minutes: float) -> None:
    step = step_of(uow, outage_id, code)
    step.state, step.started_at = StepState.DONE, START
    step.ended_at = START + timedelta(minutes=minutes)
    uow.log(f"flown {code}", step)


def test_it_lies_in_a_folder_of_its_own_and_the_real_store_is_untouched(real: Store) -> None:
    outage_id = real.run(make_flight, State.ANNOUNCED)
    head = real.read(chain_head)
    made = rehearse(real, outage_id, 30, wall=lambda: NOW)
    assert made.folder.parent == real.folder / "rehearsals"
    assert real.read(chain_head) == head
    found = rehearsal_of(made.folder)
    assert found is not None and found.outage_id == outage_id
    assert rehearsal_of(real.folder) is None


def test_its_clock_begins_before_the_window_and_runs_faster(real: Store) -> None:
    made = rehearsed(real)
    assert made.start == START - AHEAD
    kept = json.loads((made.folder / REHEARSAL).read_text("utf-8"))
    clock = RehearsalClock(made.start, NOW, kept["speed"], lambda: NOW + timedelta(seconds=10))
    assert clock.now() == made.start + timedelta(minutes=5)


def test_every_process_on_its_folder_has_the_same_time(real: Store) -> None:
    made = rehearsed(real)
    clock = clock_for(made.folder)
    assert isinstance(clock, RehearsalClock)
    set_on(made.folder, clock, clock.now() + timedelta(hours=2))
    again = clock_for(made.folder)
    assert abs(again.now() - clock.now()) < timedelta(minutes=5)
    assert isinstance(clock_for(real.folder), SystemClock)


def test_a_rehearsal_s_clock_never_goes_back() -> None:
    clock = RehearsalClock(START, NOW, 60, lambda: NOW)
    clock.set_on(START - timedelta(hours=1))
    assert clock.now() == START


@pytest.mark.parametrize("speed", [0.5, 61])
def test_it_runs_1_to_60_times_as_fast(real: Store, speed: float) -> None:
    with pytest.raises(BadInput, match="1 to 60"):
        rehearse(real, real.run(make_flight), speed)
    assert rehearsals(real.folder) == []


def test_what_waited_is_held(real: Store) -> None:
    real.run(make_outbox_item, "planned-1")
    with copy_of(rehearsed(real, begin=Begin.PLAN), real) as copy:
        assert [i.state.value for i in copy.read(lambda uow: uow.all(OutboxItem))] == ["held"]
    assert [i.state.value for i in real.read(lambda uow: uow.all(OutboxItem))] == ["waiting"]


def microsoft(real: Store) -> AccountSettings:
    settings = AccountSettings(Profile.MICROSOFT, client_id=str(uuid4()))
    real.run(save_account_settings, settings)
    return settings


def test_the_practice_tenant_stands_behind_it_whatever_does_behind_the_real_one(
    real: Store,
) -> None:
    microsoft(real)
    with copy_of(rehearsed(real), real) as copy:
        assert copy.read(account_settings).profile is Profile.PRACTICE
    assert real.read(account_settings).profile is Profile.MICROSOFT


def test_no_real_account_is_set_up_or_opened_in_it(real: Store) -> None:
    settings = microsoft(real)
    made = rehearsed(real)
    with copy_of(made, real) as copy:
        with pytest.raises(NotAllowed, match="rehearsal"):
            change_settings(copy, None, settings)
        assert copy.read(account_settings).profile is Profile.PRACTICE
    with pytest.raises(NotAllowed, match="rehearsal"):
        open_remote(made.folder, settings)


def test_a_meeting_of_the_real_tenant_is_asked_for_anew(real: Store) -> None:
    outage_id = real.run(make_flight, State.ANNOUNCED)
    item = real.run(ask_meeting, outage_id)
    real.run(
        meeting_came, item, Meeting("real-1", "https://teams.example/real", "Flight", START, END)
    )
    made = rehearse(real, outage_id, 30, wall=lambda: NOW)
    with copy_of(made, real) as copy:
        bridge = copy.read(bridge_of, outage_id)
        states = [i.state for i in copy.read(lambda uow: uow.all(OutboxItem))]
    assert bridge is not None and (bridge.meeting_id, bridge.join_link) == ("", "")
    assert states.count(ItemState.WAITING) == 1


def test_it_begins_at_the_gate_with_what_was_due_before_taken_as_told(real: Store) -> None:
    made = rehearsed(real, State.PLANNED)
    with copy_of(made, real) as copy:
        row = copy.read(outage, made.outage_id)
        kinds = {each.kind for each in copy.read(told_of, made.outage_id)}
        items = copy.read(lambda uow: uow.all(OutboxItem))
        facts = copy.read(lambda uow: go_facts(uow, outage(uow, made.outage_id)))
    assert row.state is State.GO_NO_GO and row.packet_printed_at is not None
    assert {NoticeKind.SERVICE_DESK_BRIEF, NoticeKind.MONITORING} <= kinds
    assert facts.desk_briefed and facts.monitoring_briefed and not facts.packet_stale
    assert all(item.state is ItemState.SENT for item in items)


def test_or_with_everything_still_to_do(real: Store) -> None:
    made = rehearsed(real, State.PLANNED, Begin.PLAN)
    with copy_of(made, real) as copy:
        assert copy.read(outage, made.outage_id).state is State.ANNOUNCED
        assert copy.read(told_of, made.outage_id) == ()


def test_the_practice_tenant_has_the_rehearsal_s_time(real: Store) -> None:
    made = rehearsed(real)
    clock = clock_for(made.folder)
    assert isinstance(clock, RehearsalClock)
    behind = FolderClock(made.folder)
    set_on(made.folder, clock, clock.now() + timedelta(hours=2))
    assert abs(behind.now() - clock.now()) < timedelta(minutes=5)


@pytest.mark.parametrize("state", [State.DRAFT, State.ANNOUNCED, State.IN_PROGRESS, State.FILED])
def test_any_outage_begins_at_its_gate(real: Store, state: State) -> None:
    outage_id = real.run(make_flight, state)
    clock_of(real).set(START + timedelta(hours=2))
    real.run(took, outage_id, "1", 10)
    if state is State.ANNOUNCED:
        real.run(answer_roll_call, outage_id, "K. Ito", True)
    made = rehearse(real, outage_id, 10, wall=lambda: NOW)
    copy = open_copy(made, real.actor)
    row = copy.read(outage, outage_id)
    assert (row.state, row.started_at, row.ended_at) == (State.GO_NO_GO, None, None)
    assert copy.read(last_written) == made.start  # and no clock is said to have gone back
    states = {s.state for s in copy.read(lambda u: u.all(Step, col(Step.outage_id) == outage_id))}
    copy.close()
    kept = state in (State.DRAFT, State.ANNOUNCED)
    assert StepState.DONE in states if kept else states == {StepState.TODO}


def test_other_flights_that_are_under_way_are_out_of_sight_there(real: Store) -> None:
    real.run(make_flight, State.IN_PROGRESS, title="Another")
    made = rehearsed(real)
    copy = open_copy(made, real.actor)
    assert [row.id for row in copy.read(lambda uow: uow.all(Outage))] == [made.outage_id]
    copy.close()


def test_an_outage_without_steps_is_refused(real: Store) -> None:
    with pytest.raises(BadInput, match="nothing to rehearse"):
        rehearse(real, real.run(make_outage).id, 10)


def test_what_was_learnt_is_carried_back_as_the_next_revision(real: Store) -> None:
    made = rehearsed(real)
    copy = open_copy(made, real.actor)
    code = copy.read(lambda uow: next(s.code for s in uow.all(Step) if s.minutes >= 5))
    copy.run(took, made.outage_id, code, 44)
    found = learnt(copy, made.outage_id, real)
    copy.close()
    [lesson] = found.lessons
    assert "took 44 min" in lesson.words
    before = real.read(revisions_of, "Storage firmware")[-1]
    real.run(carry_back, found, found.lessons, made.code)
    after = real.read(revisions_of, "Storage firmware")[-1]
    assert after.revision == before.revision + 1
    assert next(s.minutes for s in after.steps if s.code == code) == 44
    with pytest.raises(NotFound, match="newer revision"):
        real.run(carry_back, found, found.lessons, made.code)


def test_a_rehearsal_thrown_away_is_gone_and_nothing_else(real: Store) -> None:
    made = rehearsed(real)
    assert [each.folder for each in rehearsals(real.folder)] == [made.folder]
    drop(made)
    assert rehearsals(real.folder) == []
    drop(Rehearsal(real.folder, real.folder, "", "", "", "UTC", 1, NOW, ""))
    assert real.path.exists()
