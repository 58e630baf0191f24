"""What a GO may not pass over."""

from __future__ import annotations

from app.models.live.go import Criterion, GoFacts, Judged, Said, judge


def objections(**facts: object) -> Judged:
    judged = judge(GoFacts(expected=(), **facts))  # type: ignore[arg-type]
    return next(each for each in judged if each.criterion is Criterion.OBJECTIONS_DECIDED)


def test_an_undecided_objection_stands_in_the_way() -> None:
    found = objections(objections_open=("S. Kowalski",))
    assert (found.met, found.evidence) == (False, "undecided: S. Kowalski")


def test_a_reply_that_nobody_sorted_is_listed_and_stops_nothing() -> None:
    found = objections(unsorted=("A. Novak", "B. Lind"))
    assert (found.met, found.evidence) == (True, "none open; not sorted yet: A. Novak, B. Lind")


def test_without_replies_none_is_open() -> None:
    assert objections().met


def test_what_was_said_before_does_not_decide_an_objection() -> None:
    said = ((Criterion.OBJECTIONS_DECIDED, Said(True, "asked around", "M. Okafor")),)
    assert not objections(said=said, objections_open=("S. Kowalski",)).met


def test_a_doubt_stands_though_none_is_open() -> None:
    said = ((Criterion.OBJECTIONS_DECIDED, Said(False, "one on the phone", "M. Okafor")),)
    found = objections(said=said)
    assert (found.met, found.by_hand) == (False, True)


def test_steps_that_nobody_has_are_named_when_owners_are_reached() -> None:
    judged = judge(GoFacts(expected=(), unowned=tuple("12345678")))
    found = next(each for each in judged if each.criterion is Criterion.OWNERS_REACHED)
    assert found.evidence == "nobody has 1, 2, 3, 4, 5, 6 and 2 more; 0 of 0 answered"
