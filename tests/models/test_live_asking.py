"""When the flight is asked whether to go on before the way back closes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.models.live.asking import ASKS, asked_at, open_ask

BACK = datetime(2025, 1, 11, 2, 15, tzinfo=UTC)
seconds = st.integers(-7200, 7200).map(lambda s: BACK + timedelta(seconds=s))
asks = st.sets(st.sampled_from(ASKS))


def test_it_asks_fifteen_and_five_minutes_ahead_and_when_it_closes() -> None:
    found = [open_ask(BACK, BACK - timedelta(minutes=m), ()) for m in (16, 15, 6, 5, 1, 0, -30)]
    assert found == [None, 15, 15, 5, 5, 0, 0]


def test_another_way_back_is_another_ask() -> None:
    answered = {asked_at(BACK, 15)}
    later = BACK + timedelta(minutes=30)
    assert open_ask(BACK, BACK - timedelta(minutes=15), answered) is None
    assert open_ask(later, later - timedelta(minutes=15), answered) == 15


@given(seconds, asks)
def test_what_was_answered_is_not_asked_again(now: datetime, said: set[int]) -> None:
    found = open_ask(BACK, now, {asked_at(BACK, m) for m in said})
    assert found not in said


@given(seconds, asks)
def test_an_answer_never_silences_a_later_ask(now: datetime, said: set[int]) -> None:
    plain = open_ask(BACK, now, ())
    found = open_ask(BACK, now, {asked_at(BACK, m) for m in said})
    assert found == (None if plain in said else plain)


@given(seconds, seconds)
def test_asks_come_nearer_as_time_passes(one: datetime, other: datetime) -> None:
    first, then = sorted((one, other))
    before, after = open_ask(BACK, first, ()), open_ask(BACK, then, ())
    assert before is None or (after is not None and after <= before)
