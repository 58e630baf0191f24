"""Which state may follow which, from product.md."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.errors import BadInput, NotAllowed
from app.models.outages.cancelling import cancelled_because
from app.models.outages.lifecycle import (
    BEFORE_START,
    CLOSED,
    ENDINGS,
    FLYING,
    NEXT,
    State,
    require_move,
)


@given(st.sampled_from(State), st.sampled_from(State))
def test_a_move_is_allowed_exactly_when_the_table_says_so(now: State, to: State) -> None:
    if to in NEXT[now]:
        require_move(now, to)
        return
    with pytest.raises(NotAllowed) as refused:
        require_move(now, to)
    for may in NEXT[now]:
        assert may.words in refused.value.sentence


def test_every_state_lies_in_exactly_one_part_of_the_life() -> None:
    parts = (BEFORE_START, FLYING, CLOSED)
    assert all(sum(state in part for part in parts) == 1 for state in State)


@pytest.mark.parametrize("ending", sorted(ENDINGS))
def test_every_ending_leads_to_filed_and_nowhere_else(ending: State) -> None:
    assert NEXT[ending] == {State.FILED}


@pytest.mark.parametrize("state", sorted(BEFORE_START))
def test_it_can_be_cancelled_from_every_state_before_the_start(state: State) -> None:
    assert State.CANCELLED in NEXT[state]


@pytest.mark.parametrize("state", sorted(FLYING))
def test_it_cannot_be_cancelled_once_it_flies(state: State) -> None:
    assert State.CANCELLED not in NEXT[state]


@pytest.mark.parametrize("state", sorted(State))
def test_filed_can_be_reached_from_everywhere(state: State) -> None:
    reached, ask = {state}, [state]
    while ask:
        for after in NEXT[ask.pop()] - reached:
            reached.add(after)
            ask.append(after)
    assert State.FILED in reached


def test_a_filed_outage_changes_no_more() -> None:
    with pytest.raises(NotAllowed, match="changes no more"):
        require_move(State.FILED, State.DRAFT)


def test_a_new_date_is_told_however_the_reason_begins() -> None:
    day = date(2025, 1, 17)
    said = "postponed, new date by Friday, January 17th 2025: the vendor is late"
    assert cancelled_because("the vendor is late", day) == said
    assert cancelled_because("Postponed: the vendor is late", day) == said
    assert cancelled_because(said, day) == said
    with pytest.raises(BadInput, match="not both"):
        cancelled_because("dropped: no need", day)
