"""Turns from a rule leave no day out and give none twice; what is wrong with turns is found."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.errors import BadInput
from app.models.rota.turns import DAY, Trouble, Turn, rota_rule, troubles, turns_from

START = date(2027, 1, 1)
RULES = ("every month", "every 2 weeks on Monday", "first Monday", "every day", "day 31",
         "FREQ=YEARLY", "last Friday")  # fmt: skip


@given(
    st.sampled_from(RULES),
    st.integers(0, 60),
    st.integers(1, 5),
    st.integers(0, 500),
)
@settings(max_examples=60, deadline=None)
def test_turns_of_a_rule_follow_each_other_without_a_gap(
    rule: str, later: int, people: int, days: int
) -> None:
    starts = START + timedelta(days=later)
    until = starts + timedelta(days=days)
    order = [f"p{number}" for number in range(people)]
    turns = turns_from(rota_rule(rule), starts, order, until)
    assert turns[0].starts == starts
    assert turns[-1].ends >= until
    assert [turn.person for turn in turns] == [order[n % people] for n in range(len(turns))]
    assert troubles(turns, (), starts, until) == ()


spans = st.lists(
    st.builds(
        lambda person, first, days: Turn(
            person, START + timedelta(days=first), START + timedelta(days=first + days)
        ),
        st.sampled_from("abc"),
        st.integers(-5, 45),
        st.integers(0, 20),
    ),
    max_size=6,
)


@given(spans, spans)
@settings(max_examples=80, deadline=None)
def test_every_day_that_is_wrong_is_named_once(turns: list[Turn], away: list[Turn]) -> None:
    last = START + timedelta(days=40)
    found = troubles(turns, away, START, last)
    for number in range(41):
        day = START + timedelta(days=number)
        here = {t.person for t in turns if t.starts <= day <= t.ends}
        gone = {t.person for t in away if t.starts <= day <= t.ends}
        said = [each.trouble for each in found if each.first <= day <= each.last]
        if not here:
            assert said == [Trouble.NOBODY]
        elif len(here) > 1:
            assert said == [Trouble.TWO]
        else:
            assert said == ([Trouble.AWAY] if here <= gone else [])
    assert all(a.last < b.first for a, b in pairwise(found))
    assert all(
        a.last + DAY < b.first or (a.trouble, a.people) != (b.trouble, b.people)
        for a, b in pairwise(found)
    )


@pytest.mark.parametrize(
    "typed", ["FREQ=MONTHLY;COUNT=3", "FREQ=DAILY;UNTIL=20270301", "when I like"]
)
def test_a_rota_that_would_end_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        rota_rule(typed)


def test_a_rota_with_nobody_in_it_is_refused() -> None:
    with pytest.raises(BadInput, match="Nobody is in the rota"):
        turns_from(rota_rule(""), START, [], START)


def test_a_rule_that_never_happens_is_refused() -> None:
    with pytest.raises(BadInput, match="does not happen"):
        turns_from("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", START, ["a"], START)
