"""The communication plan as the tab shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.notices.kinds import NoticeKind
from app.models.notices.plan import Timing
from app.models.outages.lifecycle import ImpactClass, State
from app.models.tables.directory import Audience, Organisation
from app.models.tables.outages import Outage, OutageAudience
from app.services.database import Store, organisation
from app.services.notices.by_audience import ByAudience
from app.services.notices.composing import compose
from app.services.notices.planning import policy_for, told_of
from app.services.notices.reach import add_by_hand
from app.services.notices.reading import PlanRow, communication, correspondence
from app.services.notices.sending import queue, record_sent
from app.services.outages.leading import Going, advance
from app.services.uow import UnitOfWork
from tests.flights import START, make_flight, set_state
from tests.makers import clock_of, make_audience
from tests.services.notices_flights import desk_store

K = NoticeKind
EARLY = START - timedelta(days=30)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, EARLY)
    yield made
    made.close()


@pytest.fixture
def outage_id(store: Store) -> str:
    return store.run(make_flight, State.PLANNED)


def rows(store: Store, outage_id: str) -> dict[str, PlanRow]:
    return {row.key: row for row in store.read(communication, outage_id).rows}


def test_the_plan_runs_from_the_kick_off_to_what_changed(store: Store, outage_id: str) -> None:
    keys = [row.key for row in store.read(communication, outage_id).rows]
    assert keys[0] == "kick_off"
    assert keys.index("planned") < keys.index("reminder") < keys.index("started")
    assert set(keys[-3:-1]) == {"change_summary", "end_brief"}
    assert keys[-1] == "executive_digest"


def test_what_was_sent_is_done_and_says_to_how_many(store: Store, outage_id: str) -> None:
    store.run(record_sent, outage_id, K.PLANNED, EARLY)
    row = rows(store, outage_id)["planned"]
    assert (row.standing.timing, row.reach, row.sent_at) == (Timing.DONE, 1240, EARLY)


def test_what_is_late_says_how_many_are_owed(store: Store, outage_id: str) -> None:
    clock_of(store).set(START - timedelta(days=9))
    row = rows(store, outage_id)["planned"]
    assert (row.standing.timing, row.owed) == (Timing.LATE, 1)


def test_each_audience_is_told_apart_on_a_line(store: Store, outage_id: str) -> None:
    store.run(record_sent, outage_id, K.PLANNED, EARLY)

    def add(uow: UnitOfWork) -> None:
        ward = make_audience(uow, "Ward 3", list_address="ward3@hospital.example", list_size=9)
        uow.session.flush()
        (told,) = (a.id for a in uow.all(Audience) if a.id != ward.id)
        uow.set_links(OutageAudience, {"outage_id": outage_id}, "audience_id", [told, ward.id])

    store.run(add)
    store.run(add_by_hand, outage_id, ["kai@site.example"])
    clock_of(store).set(START - timedelta(days=9))
    row = rows(store, outage_id)["planned"]
    users, by_hand = "File cluster firmware users", ByAudience("added by hand", owed=1)
    assert row.audiences == (ByAudience(users, told=1240), ByAudience("Ward 3", owed=9), by_hand)


def test_what_waits_can_be_taken_back_from_its_row(store: Store, outage_id: str) -> None:
    notice_id = store.run(queue, outage_id, K.PLANNED)
    found = store.read(communication, outage_id)
    assert {r.key: r.waiting for r in found.rows}["planned"] == notice_id
    assert [w.state for w in found.waiting] == ["waiting"]


def test_a_cancelled_outage_adds_its_notice_to_the_plan(store: Store, outage_id: str) -> None:
    store.run(record_sent, outage_id, K.PLANNED, EARLY)
    store.run(advance, outage_id, State.CANCELLED, Going(why="dropped: not needed"))
    found = rows(store, outage_id)
    assert found["cancelled"].owed == 1
    assert found["reminder"].standing.sentence == "Not needed any more."


def test_monitoring_hears_at_once_that_nothing_is_suppressed(store: Store, outage_id: str) -> None:
    store.run(record_sent, outage_id, K.MONITORING, EARLY)
    store.run(advance, outage_id, State.CANCELLED, Going(why="dropped: not needed"))
    assert store.read(compose, outage_id, K.MONITORING).leaves_at == EARLY


def test_the_end_that_was_extended_to_must_not_pass_in_silence(
    store: Store, outage_id: str
) -> None:
    def extended(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, outage_id)
        outage.promised_end_utc += timedelta(minutes=30)
        uow.log("extended", outage)

    store.run(set_state, outage_id, State.IN_PROGRESS)
    before = rows(store, outage_id)["end_owed"].due
    store.run(extended)
    after = rows(store, outage_id)["end_owed"].due
    assert before is not None
    assert after == before + timedelta(minutes=30)


def test_what_came_before_the_start_lapses_with_it(store: Store, outage_id: str) -> None:
    clock_of(store).set(START + timedelta(minutes=5))
    store.run(set_state, outage_id, State.IN_PROGRESS)
    assert rows(store, outage_id)["crew_brief"].standing.severity is None


def test_started_is_never_too_late_before_it_has_begun(store: Store, outage_id: str) -> None:
    clock_of(store).set(START + timedelta(minutes=20))
    store.run(set_state, outage_id, State.HOLD)
    assert rows(store, outage_id)["started"].standing.severity is None


def test_a_freeze_is_done_by_its_date(store: Store, outage_id: str) -> None:
    clock_of(store).set(START - timedelta(days=2))
    assert rows(store, outage_id)["scope_freeze"].standing.sentence.startswith("Frozen since")


def test_the_organisation_can_edit_a_policy(store: Store) -> None:
    def edit(uow: UnitOfWork) -> None:
        home: Organisation = organisation(uow)
        home.policy = {"ordinary": {"planned_days": 14, "reminder_days": [3, 1]}}
        uow.log("edited the policy", home)

    store.run(edit)
    policy = store.read(policy_for, ImpactClass.ORDINARY)
    assert (policy.planned_days, policy.reminder_days) == (14, (3, 1))


def test_what_was_told_names_the_window_it_spoke_of(store: Store, outage_id: str) -> None:
    store.run(record_sent, outage_id, K.PLANNED, EARLY)
    (told,) = store.read(told_of, outage_id)
    assert (told.about_start, told.recipients) == (START, frozenset({"users@hospital.example"}))


def test_what_is_owed_is_listed_over_all_outages(store: Store, outage_id: str) -> None:
    clock_of(store).set(START - timedelta(days=9))
    found = store.read(correspondence)
    assert K.PLANNED in {row.debt.notice for row in found.owed}
    assert {row.outage_id for row in found.owed} == {outage_id}
