"""What comes next, and the strip of the life."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.models.notices.kinds import NoticeKind
from app.models.outages.debt import Debt, DebtKind
from app.models.outages.errands import Errand, Next, errand_for, next_of, strip_of
from app.models.outages.lifecycle import ENDINGS, FLYING, NEXT, State

START = datetime(2025, 1, 11, 0, 0, tzinfo=UTC)
OWED = (Debt(DebtKind.NOTICE, "Reminder owed to 2", "", START, None, NoticeKind.REMINDER),)


@pytest.mark.parametrize("state", sorted(State))
def test_the_strip_shows_where_we_are_and_ends_in_filed(state: State) -> None:
    road, here = strip_of(state)
    assert road[here] is state
    assert road[-1] is State.FILED
    assert all(to in NEXT[now] for now, to in zip(road[here:], road[here + 1 :], strict=False))


@pytest.mark.parametrize("ended", sorted(ENDINGS))
def test_what_is_filed_came_there_by_the_way_it_ended(ended: State) -> None:
    road, here = strip_of(State.FILED, ended=ended)
    assert (road[here - 1], road[here]) == (ended, State.FILED)


def test_an_open_bridge_is_opened_before_and_closed_after() -> None:
    bridge = Debt(DebtKind.BRIDGE, "", "", START)
    assert errand_for(bridge, State.ANNOUNCED) is Errand.BRIDGE_OPEN
    assert errand_for(bridge, State.COMPLETE) is Errand.BRIDGE_CLOSE


def test_every_kind_of_debt_has_something_that_settles_it() -> None:
    assert all(errand_for(Debt(kind, "", "", START), State.COMPLETE).words for kind in DebtKind)


def test_what_is_owed_comes_before_filing() -> None:
    for state in ENDINGS:
        owed = next_of(state, OWED, START, START)
        assert owed is not None
        assert (owed.errand, owed.debt) == (Errand.NOTICE, OWED[0])
        done = next_of(state, (), START, START)
        assert done is not None
        assert done.errand is Errand.FILE


def test_half_an_hour_before_the_gate_comes_before_everything() -> None:
    close = next_of(State.ANNOUNCED, OWED, START, START - timedelta(minutes=30))
    assert close is not None
    assert close.errand is Errand.GATE
    assert next_of(State.ANNOUNCED, (), START, START - timedelta(days=2)) is None


def test_what_waits_to_leave_is_not_asked_for_again() -> None:
    leaving = frozenset({NoticeKind.REMINDER})
    bridge = Debt(DebtKind.BRIDGE, "", "", START)
    found = next_of(State.COMPLETE, (*OWED, bridge), START, START, leaving)
    assert found is not None
    assert found.debt is bridge
    assert next_of(State.COMPLETE, OWED, START, START, leaving) == Next(Errand.OUTBOX, OWED[0])
    wrap_up = Debt(DebtKind.STEP, "", "", START)
    led = next_of(State.COMPLETE, (bridge, wrap_up), START, START)
    assert led == Next(Errand.LIVE, bridge), "Live leads through it, and then closes the bridge"


def test_a_planned_notice_that_waits_to_leave_is_not_written_again_before_it_is_due() -> None:
    assert next_of(State.PLANNED, (), START, START) == Next(Errand.NOTICE)
    leaving = frozenset({NoticeKind.PLANNED})
    assert next_of(State.PLANNED, (), START, START, leaving) == Next(Errand.OUTBOX)


def test_a_late_flight_waits_for_its_planned_notice_to_leave() -> None:
    leaving = frozenset({NoticeKind.PLANNED})
    assert next_of(State.PLANNED, OWED, START, START, leaving) == Next(Errand.OUTBOX)
    early = START - timedelta(days=2)
    found = next_of(State.PLANNED, OWED, START, early, leaving)
    assert found is not None
    assert found.debt is OWED[0]


def test_what_flies_is_led_on_live() -> None:
    for state in FLYING:
        found = next_of(state, OWED, START, START)
        assert found is not None
        assert found.errand is Errand.LIVE
