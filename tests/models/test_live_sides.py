"""How a flight stands in its users' words, and when they hear next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.models.live.margin import Outlook
from app.models.live.sides import Standing, next_update, to_users
from app.models.outages.lifecycle import State

FLOWN = Standing(State.IN_PROGRESS, "shared folders", "19:00", "22:00")
NINE = datetime(2025, 1, 11, 2, 0, tzinfo=UTC)


def test_in_time_it_names_the_promised_end_and_no_other() -> None:
    assert to_users(FLOWN) == "Shared folders are unavailable. Expected back by 22:00."


def test_a_go_before_the_start_takes_nothing_from_anybody_yet() -> None:
    early = to_users(replace(FLOWN, to_come=True))
    assert early == "Shared folders will be unavailable from 19:00 until 22:00."


def test_late_it_says_so_without_guessing_a_time() -> None:
    said = to_users(replace(FLOWN, outlook=Outlook.LATE))
    assert said.endswith("It was promised for 22:00, and it will probably take longer.")


def test_extended_it_is_the_new_end() -> None:
    assert to_users(replace(FLOWN, extended=True)).endswith("Now expected back by 22:00.")


def test_after_the_end_it_says_what_was_lost_and_which_check_is_due() -> None:
    over = replace(FLOWN, state=State.COMPLETE, data_loss="none", check_due="Sat 11 Jan 07:30 EST")
    assert to_users(over) == (
        "Shared folders can be used again. No data was lost. "
        "The users’ own check is due Sat 11 Jan 07:30 EST."
    )


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_sentence_that_names_what_is_down(state: State) -> None:
    assert "shared folders" in to_users(replace(FLOWN, state=state)).casefold()


def test_the_next_update_is_the_one_promised_or_shortly_before_the_end() -> None:
    end = NINE + timedelta(hours=1)
    warn = end - timedelta(minutes=15)
    soon = NINE + timedelta(minutes=10)
    assert next_update((soon,), end, warn, None) == soon
    assert next_update((soon,), end, warn, soon + timedelta(minutes=1)) == warn
    assert next_update((), end, warn, NINE) == warn
