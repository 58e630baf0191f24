"""What a rehearsal taught, and the runbook with what was taken of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.models.live.learnt import Took, in_one_go, lessons, proposal
from app.models.runbook import RunbookTemplate, TemplateStep

BEFORE = RunbookTemplate(
    "Storage firmware",
    3,
    steps=(TemplateStep("1", "Drain", 10), TemplateStep("2", "Upgrade", 30, after=("1",))),
)
FLOWN = replace(BEFORE, steps=(*BEFORE.steps, TemplateStep("9", "Check the fans", 5, after=("2",))))


def took(**minutes: float) -> dict[str, Took]:
    return {code[1:]: Took(timedelta(minutes=span)) for code, span in minutes.items()}


def test_what_was_ticked_in_one_go_teaches_no_minutes_and_is_named() -> None:
    assert lessons(BEFORE, BEFORE, took(_1=0, _2=31)) == ()
    assert in_one_go(BEFORE, took(_1=0, _2=31)) == ("1",)


def test_a_step_the_console_was_away_in_is_in_doubt() -> None:
    span = Took(timedelta(minutes=62), away=timedelta(minutes=40))
    (lesson,) = lessons(BEFORE, BEFORE, {"2": span})
    assert lesson.doubt
    assert lesson.words == ("2 Upgrade took 62 min, planned 30; the console was away 40 min of it")


def test_what_no_runbook_can_hold_is_not_carried_back() -> None:
    assert lessons(BEFORE, BEFORE, took(_1=25 * 60)) == ()


def test_a_step_that_took_much_longer_and_a_missing_one_are_lessons() -> None:
    found = lessons(BEFORE, FLOWN, took(_1=19, _2=31))
    assert [lesson.words for lesson in found] == [
        "1 Drain took 19 min, planned 10",
        "Missing: 9 Check the fans",
    ]


def test_what_the_runbook_has_learnt_since_is_no_lesson_again() -> None:
    found = lessons(BEFORE, FLOWN, took(_1=19))
    after = proposal(BEFORE, FLOWN, found)
    assert lessons(after, FLOWN, took(_1=19)) == ()
    (still,) = lessons(replace(after, steps=FLOWN.steps), FLOWN, took(_1=40))
    other = replace(after, steps=(replace(after.steps[0], minutes=25), *after.steps[1:]))
    (lesson,) = lessons(other, FLOWN, took(_1=40))
    assert lesson.words == f"{still.words}, and the runbook says 25 by now"


def test_a_rehearsal_that_went_as_planned_teaches_nothing() -> None:
    assert lessons(BEFORE, BEFORE, took(_1=10, _2=28)) == ()


def test_only_what_was_taken_is_proposed() -> None:
    longer, missing = lessons(BEFORE, FLOWN, took(_1=19))
    assert [(s.code, s.minutes) for s in proposal(BEFORE, FLOWN, [longer]).steps] == [
        ("1", 19),
        ("2", 30),
    ]
    with_step = proposal(BEFORE, FLOWN, [missing])
    assert [(s.code, s.minutes, s.after) for s in with_step.steps] == [
        ("1", 10, ()),
        ("2", 30, ("1",)),
        ("9", 5, ("2",)),
    ]


def test_what_the_runbook_has_and_the_flight_left_out_stays() -> None:
    flown = replace(BEFORE, steps=BEFORE.steps[:1])
    made = proposal(BEFORE, flown, lessons(BEFORE, flown, took(_1=19)))
    assert [(s.code, s.minutes) for s in made.steps] == [("1", 19), ("2", 30)]


def test_a_flight_without_a_runbook_proposes_a_new_one() -> None:
    found = lessons(None, FLOWN, {})
    assert [lesson.words for lesson in found] == ["1 Drain", "2 Upgrade", "9 Check the fans"]
    assert len(proposal(None, FLOWN, found).steps) == 3
