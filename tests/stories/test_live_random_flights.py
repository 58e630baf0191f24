"""Random runbooks with random slips: what holds on every night, whatever happens. Twenty of
them in the everyday run, five hundred with --long."""

from __future__ import annotations

import json
import random
from pathlib import Path

from sqlmodel import col, select

from app.models.live.hearing import READY_AHEAD, Hearing, crew_now
from app.models.live.margin import Outlook
from app.models.outages.lifecycle import FLYING, State
from app.models.runbook import Phase, StepState, backout_moment
from app.models.tables.changes import ChangeRecord
from app.models.tables.log import LogEntry
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.live.crew import crew_of
from app.services.live.look import Look
from app.services.log import chain_break
from app.services.runbook.forecasting import forecast_rows
from app.services.runbook.loading import load_steps
from app.services.uow import UnitOfWork, row_as_json
from tests.conftest import Count
from tests.flights import flight_store
from tests.stories.random_flight import Night
from tests.stories.way_back import moment_by_hand, past_return_by_hand

AT_ONCE = 20
"""Nights in one store, so that its log is looked over while it is short."""


def nights(count: Count) -> list[int]:
    return list(range(0, count(20, 500), AT_ONCE))


def test_every_night_keeps_its_promises(tmp_path: Path, count: Count) -> None:
    endings: set[State] = set()
    acts = refused = 0
    for batch in nights(count):
        store = flight_store(tmp_path / str(batch))
        try:
            for seed in range(batch, batch + AT_ONCE):
                night = Night(store, random.Random(seed), look)
                try:
                    night.fly()
                    store.read(look_at_the_records, night.outage_id)
                    store.read(look_at_the_log, night.outage_id)
                except AssertionError as broken:
                    broken.add_note(f"night {seed}, after: {', '.join(night.acts[-12:])}")
                    raise
                endings.add(night.state)
                acts += len(night.acts)
                refused += night.refused
            assert store.read(chain_break) is None
        finally:
            store.close()
    assert endings == {State.COMPLETE, State.PARTLY_DONE, State.BACKED_OUT}
    assert acts > 10 * AT_ONCE
    assert refused > AT_ONCE  # the rules were met, and held


def look(night: Night) -> None:
    """After every act."""
    outage = night.outage
    rows = night.store.read(forecast_rows, night.outage_id)
    if outage.state not in (State.COMPLETE, State.PARTLY_DONE, State.BACKED_OUT):
        assert night.now <= rows.end_low <= rows.end_likely <= rows.end_high
        assert all(s.end >= night.now for s in rows.steps if s.slack is not None)
    steps, end = night.loaded.known, night.outage.promised_end_utc
    by_hand, lost = moment_by_hand(steps, end, night.now), past_return_by_hand(steps)
    assert backout_moment(steps, end, night.now) == by_hand
    assert rows.backout_moment == (None if lost else by_hand)
    assert sorted(s.code for s in rows.past_return.steps) == lost if rows.past_return else not lost
    if len(night.acts) % 3 == 0:
        night.store.read(look_ahead, night.outage_id)
    if outage.state in (State.COMPLETE, State.PARTLY_DONE):
        assert night.open_gates() == []


def look_ahead(uow: UnitOfWork, outage_id: str) -> None:
    """What eats the margin is what makes the end; nobody is called away from a step that is not
    to be disturbed, nor woken without being needed."""
    outage = uow.fetch(Outage, outage_id)
    seen = Look(uow, outage)
    found = seen.margin()
    assert (found.outlook is Outlook.LATE) == (found.likely > found.promised)
    critical = {seen.index[i].label for i in seen.expected.critical}
    assert all(each.label in critical and each.minutes > 0 for each in found.eaten)
    crew = crew_of(seen)
    assert bool(crew) <= (outage.state in FLYING)
    for each in crew_now(crew, uow.now):
        if each.hearing is Hearing.CALL:
            assert not any(task.do_not_disturb for task in each.who.tasks)
        if each.hearing is Hearing.GET_READY:
            assert not each.who.tasks and each.who.needed_at is not None
            assert each.who.needed_at - uow.now <= READY_AHEAD


def look_at_the_records(uow: UnitOfWork, outage_id: str) -> None:
    """Exactly the changing steps that are done, and were not undone, have a change record."""
    rows = uow.all(Step, col(Step.outage_id) == outage_id)
    done = {
        row.id
        for row in rows
        if row.ci_id and row.state is StepState.DONE and row.phase is not Phase.BACK_OUT
    }
    records = uow.all(ChangeRecord, col(ChangeRecord.outage_id) == outage_id)
    assert len(records) == len(done)
    assert {record.step_id for record in records} == done


def look_at_the_log(uow: UnitOfWork, outage_id: str) -> None:
    """It tells everything: the flight and its steps as they are can be read from it alone."""
    query = select(LogEntry).where(LogEntry.organisation_id == uow.organisation_id)
    told: dict[tuple[str, str], dict[str, object]] = {}
    for entry in uow.session.exec(query.order_by(col(LogEntry.number))):
        for row in json.loads(entry.text)["rows"]:
            told[row["table"], row["id"]] = row
    outage = uow.fetch(Outage, outage_id)
    for kept in (outage, *load_steps(uow, outage_id).rows):
        assert told[str(kept.__tablename__), kept.id] == row_as_json(kept)
