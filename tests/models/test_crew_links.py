"""The secret in a link's path."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.crew.links import LENGTH, STAYS, LinkKind, ends_at, nonce_in, token_of
from app.models.outages.lifecycle import State

KEY = bytes(range(32))
NONCE = "00112233445566778899aabbccddeeff"
END = datetime(2025, 1, 11, 3, 0, tzinfo=UTC)


def test_what_was_signed_is_read_back() -> None:
    token = token_of(LinkKind.CREW, NONCE, KEY)
    assert (len(token), nonce_in(token, LinkKind.CREW, KEY)) == (LENGTH, NONCE)


def test_an_observer_s_link_is_no_link_of_the_crew() -> None:
    assert nonce_in(token_of(LinkKind.OBSERVER, NONCE, KEY), LinkKind.CREW, KEY) is None


def test_another_store_s_key_opens_nothing() -> None:
    assert nonce_in(token_of(LinkKind.CREW, NONCE, KEY), LinkKind.CREW, bytes(32)) is None


@given(place=st.integers(0, LENGTH - 1), letter=st.sampled_from("AZaz09-_"))
def test_no_letter_can_be_changed(place: int, letter: str) -> None:
    """Not even the last, whose low bits carry nothing: one link, one spelling."""
    token = token_of(LinkKind.CREW, NONCE, KEY)
    other = token[:place] + letter + token[place + 1 :]
    assert other == token or nonce_in(other, LinkKind.CREW, KEY) is None


@given(st.text(max_size=60))
def test_nothing_else_is_a_token(text: str) -> None:
    assert nonce_in(text, LinkKind.CREW, KEY) is None


@pytest.mark.parametrize("state", [State.IN_PROGRESS, State.VERIFYING, State.BACKING_OUT])
def test_in_flight_no_link_ends_however_late_it_is(state: State) -> None:
    assert ends_at(LinkKind.CREW, state, END, None) is None


def test_afterwards_it_stays_for_the_wrap_up() -> None:
    late = END + timedelta(hours=2)
    assert ends_at(LinkKind.CREW, State.COMPLETE, END, late) == late + STAYS[LinkKind.CREW]
