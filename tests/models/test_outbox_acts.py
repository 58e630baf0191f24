"""What to do next with a message, from what is known of it; and when the last of many leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.outbox import (
    Act,
    ItemState,
    Known,
    PartState,
    Route,
    item_state,
    next_act,
    wakes_at,
)
from app.models.outbox_pace import A_DAY, A_MINUTE, DAY, MINUTE, RESERVE, Pace, arrival, batches

NOW = datetime(2025, 1, 10, 9, 0, tzinfo=UTC)
P = PartState

known = st.builds(
    Known,
    st.sampled_from(PartState),
    st.sampled_from(Route),
    st.booleans(),
    taken_back=st.booleans(),
    held=st.booleans(),
    tried_at=st.none() | st.just(NOW),
    looks=st.integers(0, 40),
    held_until=st.none() | st.just(NOW + timedelta(hours=1)),
    of_another=st.booleans(),
)
later = st.timedeltas(timedelta(), timedelta(days=3)).map(lambda span: NOW + span)


@given(known, later)
def test_what_is_not_known_is_looked_at_before_it_is_sent_again(what: Known, now: datetime) -> None:
    act = next_act(what, now)
    if act is Act.SEND:
        assert what.fresh
        assert what.state in (P.DRAFTED, P.SENDING)
    if act is Act.CREATE:
        assert what.state.nothing_outside


@given(known, later)
def test_taken_back_or_held_nothing_is_made_or_sent(what: Known, now: datetime) -> None:
    if what.stops:
        assert next_act(what, now) not in (Act.CREATE, Act.SEND)


@given(known, later)
def test_what_lies_with_somebody_else_is_neither_sent_nor_looked_for(
    what: Known, now: datetime
) -> None:
    if what.of_another and not what.state.nothing_outside:
        assert next_act(what, now) in (Act.ASK, Act.WAIT, Act.REST)


@given(known)
def test_what_waits_says_until_when(what: Known) -> None:
    wakes = wakes_at(what)
    if wakes is not None:
        assert next_act(what, wakes) is not Act.WAIT
        assert next_act(what, wakes - timedelta(seconds=1)) is Act.WAIT


@given(known)
def test_what_was_seen_just_now_is_not_looked_at_again_at_once(what: Known) -> None:
    """Else one message that lies still would be looked at for ever, and the others never."""
    seen = replace(what, fresh=True, looked_at=NOW)
    assert next_act(seen, NOW) is not Act.LOOK


@given(st.lists(st.sampled_from(PartState), min_size=1), st.booleans(), st.booleans())
def test_a_part_that_left_is_never_called_void(
    parts: list[PartState], held: bool, taken_back: bool
) -> None:
    state = item_state(parts, held=held, taken_back=taken_back)
    if any(part.may_have_left for part in parts):
        assert state is not ItemState.VOID
    if state is ItemState.SENT:
        assert all(part.left or part.nothing_outside for part in parts)


def test_thirty_leave_in_a_minute_and_the_next_waits() -> None:
    pace = Pace()
    for _ in range(A_MINUTE):
        assert pace.earliest(1, NOW) == NOW
        pace.note(NOW, 1)
    assert pace.earliest(1, NOW) == NOW + MINUTE


def test_a_brief_to_few_leaves_although_many_used_the_day_up() -> None:
    pace = Pace.of([(NOW, A_DAY - RESERVE)])
    assert pace.earliest(500, NOW) == NOW + DAY
    assert pace.earliest(3, NOW) == NOW


@given(st.integers(1, 60_000))
def test_every_batch_is_within_the_limits_and_everybody_is_in_one(count: int) -> None:
    made = batches(count)
    assert sum(size for _, size in made) == count
    assert [first for first, _ in made] == [500 * n for n in range(len(made))]
    ahead = arrival(Pace(), [size for _, size in made], NOW)
    assert ahead.days(NOW) == pytest.approx((count - 1) // (A_DAY - RESERVE), abs=1)
