"""What a GO may not pass over."""

from __future__ import annotations

import pytest

from app.models.live.go import Criterion, GoFacts, Judged, judge


def objections(**facts: object) -> Judged:
    judged = judge(GoFacts(expected=(), **facts))  # type: ignore[arg-type]
    return next(each for each in judged if each.criterion is Criterion.OBJECTIONS_DECIDED)


def test_an_undecided_objection_stands_in_the_way() -> None:
    found = objections(objections_open=("S. Kowalski",))
    assert (found.met, found.evidence) == (False, "undecided: S. Kowalski")


@pytest.mark.parametrize(
    ("many", "words"), [(1, "1 reply not sorted yet"), (2, "2 replies not sorted yet")]
)
def test_a_reply_that_nobody_sorted_may_be_an_objection(many: int, words: str) -> None:
    found = objections(unsorted_replies=many)
    assert (found.met, found.evidence) == (False, words)


def test_without_replies_none_is_open() -> None:
    assert objections().met
