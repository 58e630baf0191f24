"""The policy per impact class: sound or refused, logged, followed by the plan, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from sqlmodel import col, select

from app.models.errors import BadInput, Stale
from app.models.outages.lifecycle import ImpactClass
from app.models.settings import PolicyDays, days_of
from app.models.tables.log import LogEntry
from app.services.database import Store
from app.services.notices.planning import policy_for
from app.services.settings.holidays import next_holidays
from app.services.settings.policy_days import BUILT_IN, change_policy, policy_days
from app.services.uow import UnitOfWork, undo
from tests.makers import make_store

ORDINARY = ImpactClass.ORDINARY
CRITICAL = ImpactClass.CRITICAL


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = make_store(tmp_path)
    yield opened
    opened.close()


def change(store: Store, impact: ImpactClass, **days: object) -> None:
    now = store.read(policy_days)
    wanted = replace(now.days[impact], **days)  # type: ignore[arg-type]
    store.run(change_policy, {impact: wanted}, seen=now.version)


def last_words(uow: UnitOfWork) -> str:
    return str(
        uow.session.exec(select(LogEntry.what).order_by(col(LogEntry.number).desc())).first()
    )


def test_a_new_organisation_has_the_built_in_policy(store: Store) -> None:
    assert store.read(policy_days).days == BUILT_IN


def test_changed_days_are_what_the_plan_counts_by(store: Store) -> None:
    change(store, ORDINARY, kick_off_days=28, reminder_days=(1, 3))
    policy = store.read(policy_for, ORDINARY)
    assert (policy.kick_off_days, policy.reminder_days) == (28, (3, 1))
    assert days_of(store.read(policy_for, CRITICAL)) == BUILT_IN[CRITICAL]


def test_the_hour_at_which_notices_leave_is_chosen_kept_and_undone(store: Store) -> None:
    now = store.read(policy_days)
    early = replace(now.days[ORDINARY], sending_hour=time(7, 30))
    inverse = store.run(change_policy, {ORDINARY: early}, seen=now.version)
    assert store.read(policy_for, ORDINARY).sending_hour == time(7, 30)
    assert "ordinary: hour of notices 09:00 → 07:30" in store.read(last_words)
    store.run(undo, inverse)
    assert store.read(policy_days).days == BUILT_IN


def test_a_freeze_can_be_left_out(store: Store) -> None:
    change(store, ORDINARY, runbook_freeze_days=None)
    assert store.read(policy_for, ORDINARY).runbook_freeze_days is None


def test_the_log_says_what_changed(store: Store) -> None:
    change(store, ORDINARY, kick_off_days=28)
    assert "ordinary: kick-off 21 → 28" in store.read(last_words)


def test_a_changed_policy_can_be_undone(store: Store) -> None:
    now = store.read(policy_days)
    inverse = store.run(
        change_policy, {ORDINARY: replace(now.days[ORDINARY], planned_days=12)}, seen=now.version
    )
    change(store, CRITICAL, kick_off_days=30)  # of another class: it stays
    store.run(undo, inverse)
    days = store.read(policy_days).days
    assert days[ORDINARY] == BUILT_IN[ORDINARY]
    assert days[CRITICAL].kick_off_days == 30


def test_a_policy_changed_since_is_not_put_back(store: Store) -> None:
    now = store.read(policy_days)
    inverse = store.run(
        change_policy, {ORDINARY: replace(now.days[ORDINARY], planned_days=12)}, seen=now.version
    )
    change(store, ORDINARY, planned_days=13)
    with pytest.raises(Stale, match="changed again since"):
        store.run(undo, inverse)
    assert store.read(policy_days).days[ORDINARY].planned_days == 13


@pytest.mark.parametrize(
    ("impact", "days"),
    [
        (CRITICAL, {"planned_days": 7}),
        (ORDINARY, {"planned_days": 2}),
        (ORDINARY, {"kick_off_days": 9}),
        (ORDINARY, {"kick_off_days": 500}),
        (ORDINARY, {"scope_freeze_days": 22}),
        (ORDINARY, {"reminder_days": ()}),
        (ORDINARY, {"reminder_days": (10,)}),
        (ORDINARY, {"brief_working_days": -1}),
    ],
)
def test_days_that_make_no_sense_are_refused(
    store: Store, impact: ImpactClass, days: dict[str, object]
) -> None:
    with pytest.raises(BadInput) as refused:
        change(store, impact, **days)
    assert refused.value.about["field"] == next(iter(days))
    assert store.read(policy_days).days == BUILT_IN


def test_a_policy_that_someone_else_changed_is_not_overwritten(store: Store) -> None:
    seen = store.read(policy_days).version
    change(store, ORDINARY, kick_off_days=28)
    with pytest.raises(Stale):
        store.run(change_policy, {ORDINARY: BUILT_IN[ORDINARY]}, seen=seen)


def test_nothing_different_is_said_so(store: Store) -> None:
    with pytest.raises(BadInput, match="different"):
        change(store, ORDINARY)


def test_the_next_public_holidays_have_names() -> None:
    ahead = next_holidays("US", "NY", date(2025, 12, 20))
    assert ahead[0].day == date(2025, 12, 25)
    assert "Christmas" in ahead[0].name
    assert next_holidays("", "", date(2025, 1, 1)) == ()


def test_days_are_plain_values() -> None:
    assert BUILT_IN[ORDINARY] == PolicyDays(21, 12, 10, 7, 3, (1,), 0, 3)
