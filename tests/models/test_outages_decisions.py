"""The decision card: who decides what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.errors import NotAllowed
from app.models.outages.decisions import (
    Act,
    CardLine,
    Decided,
    card_from,
    card_to,
    default_card,
    extension_act,
    line_for,
    require_decision,
)

CARD = default_card("R. Vance", "555 0110", "S. Moreau", "555 0111")


def test_the_default_card_has_one_line_for_every_act() -> None:
    assert [line.act for line in CARD] == list(Act)


def test_a_card_comes_back_as_it_was_stored() -> None:
    assert card_from(card_to(CARD)) == CARD


@given(st.integers(1, 30), st.integers(31, 600))
def test_a_short_extension_is_the_coordinators_and_a_long_one_is_not(short: int, long: int) -> None:
    assert extension_act(CARD, short) is Act.EXTEND
    assert extension_act(CARD, long) is Act.EXTEND_BEYOND


def test_what_the_coordinator_decides_alone_needs_nobody() -> None:
    assert require_decision(CARD, Act.HOLD, None).who == ""


def test_without_the_leaders_word_it_says_whom_to_call_and_what_then() -> None:
    with pytest.raises(NotAllowed) as refused:
        require_decision(CARD, Act.EXTEND_BEYOND, None)
    sentence = refused.value.sentence
    assert "Extend by more than 30 min: R. Vance 555 0110, deputy S. Moreau 555 0111" in sentence
    assert "10 min: back out" in sentence


def test_a_decision_without_a_name_is_none() -> None:
    with pytest.raises(NotAllowed):
        require_decision(CARD, Act.NO_GO, Decided("  "))


def test_with_the_leaders_word_it_may_go_on() -> None:
    assert require_decision(CARD, Act.NO_GO, Decided("R. Vance")).act is Act.NO_GO


def test_a_card_without_a_line_leaves_the_act_to_the_coordinator() -> None:
    assert line_for((), Act.CANCEL) == CardLine(Act.CANCEL)
    assert line_for((), Act.CANCEL).reach == "coordinator"


def test_a_decision_by_another_than_the_card_names_needs_a_reason() -> None:
    with pytest.raises(NotAllowed, match=r"does not name A\. Lima.*R\. Vance 555 0110") as refused:
        require_decision(CARD, Act.NO_GO, Decided("A. Lima"))
    assert refused.value.about["stands_in"] == "A. Lima"
    require_decision(CARD, Act.NO_GO, Decided("A. Lima", instead="R. Vance is in the air"))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("r. vance", "R. Vance"),
        ("Vance", "R. Vance"),
        ("S. Moreau", "S. Moreau"),
        ("L. Vance", ""),
        ("A. Lima", ""),
        ("", ""),
    ],
)
def test_a_name_is_one_of_the_cards_in_whole_or_in_part(typed: str, name: str) -> None:
    assert line_for(CARD, Act.NO_GO).name_of(typed) == name
