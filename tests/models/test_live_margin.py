"""The forecast against the promised end, and what eats the margin."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.ids import PersonId, StepId
from app.models.live.margin import Eaten, Margin, Outlook, margin, slack_words
from app.models.runbook import Phase, Step, StepState, forecast

START = datetime(2025, 1, 11, 0, 0, tzinfo=UTC)
END = START + timedelta(hours=3)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def step(code: str, minutes: int, *after: str, owner: str | None = None, **more: object) -> Step:
    made = Step(
        StepId(code),
        code,
        f"title of {code}",
        minutes=minutes,
        after=frozenset(map(StepId, after)),
        owner=PersonId(owner) if owner else None,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def done(made: Step, began: int, ended: int) -> Step:
    return replace(made, state=StepState.DONE, started_at=at(began), ended_at=at(ended))


def told(*steps: Step, now: int) -> Margin:
    return margin(steps, forecast(steps, at(now), START), END, at(now), START)


def test_the_step_that_ran_over_is_named_with_its_minutes() -> None:
    found = told(done(step("7", 10), 0, 14), step("8", 20, "7"), now=14)
    assert found.eaten == (Eaten("7 title of 7", 4),)
    assert found.spare == timedelta(minutes=146)


def test_a_step_nobody_begins_eats_the_margin_too() -> None:
    found = told(done(step("7", 10), 0, 10), step("8", 20, "7"), now=16)
    assert [each.words for each in found.eaten] == ["8 title of 8 waits 6 min to be begun"]
    assert Eaten("7 Drain", 4365, idle=True).words == "7 Drain waits 3 days to be begun"


def test_a_step_whose_owner_is_busy_is_not_idle() -> None:
    busy = step("7", 40, owner="a", state=StepState.RUNNING, started_at=at(0))
    assert told(busy, step("8", 20, owner="a"), now=20).eaten == ()


def test_a_locked_step_is_idle_only_once_its_lock_is_past() -> None:
    locked = step("8", 20, not_before=at(30))
    assert told(locked, now=20).eaten == ()
    assert told(locked, now=33).eaten[0].minutes == 3


def test_a_step_before_the_window_is_never_idle() -> None:
    assert told(step("1", 10, phase=Phase.BEFORE), now=30).eaten == ()


def test_the_outlook_is_tight_while_only_the_likely_end_holds() -> None:
    made = Margin(END, END, END - timedelta(minutes=5), END + timedelta(minutes=9))
    assert made.outlook is Outlook.TIGHT
    assert replace(made, high=END).outlook is Outlook.SURE
    late = replace(made, likely=END + timedelta(minutes=12), high=END + timedelta(minutes=20))
    assert (late.outlook, late.spare_words) == (Outlook.LATE, "12 min past the promised end")


def test_slack_is_said_in_minutes_and_its_lack_by_name() -> None:
    assert [slack_words(s) for s in (None, timedelta(seconds=40), timedelta(minutes=12))] == [
        "",
        "no slack",
        "slack 12 min",
    ]


STATES = (StepState.TODO, StepState.RUNNING, StepState.DONE, StepState.BLOCKED, StepState.SKIPPED)


@st.composite
def chains(draw: st.DrawFn) -> tuple[tuple[Step, ...], int]:
    """Steps with dependencies and people, some of them begun, at some minute of the flight."""
    now = draw(st.integers(0, 200))
    made: list[Step] = []
    for place in range(draw(st.integers(1, 9))):
        after = draw(st.sets(st.sampled_from([s.code for s in made]), max_size=2)) if made else ()
        state = draw(st.sampled_from(STATES))
        began = draw(st.integers(0, now))
        begun = state in (StepState.RUNNING, StepState.DONE)
        ended = draw(st.integers(began, now)) if state is StepState.DONE else None
        made.append(
            step(
                str(place),
                draw(st.integers(1, 40)),
                *after,
                owner=draw(st.sampled_from([None, "a", "b"])),
                state=state,
                started_at=at(began) if begun else None,
                ended_at=None if ended is None else at(ended),
            )
        )
    return tuple(made), now


@settings(max_examples=300, deadline=None)
@given(chains(), st.integers(-60, 240))
def test_outlook_spare_and_eaten_agree_with_the_forecast(
    made: tuple[tuple[Step, ...], int], end: int
) -> None:
    steps, now = made
    expected = forecast(steps, at(now), START)
    found = margin(steps, expected, at(end), at(now), START)
    assert (found.spare < timedelta()) == (found.outlook is Outlook.LATE)
    assert found.outlook is not Outlook.SURE or expected.high_end <= at(end)
    assert all(0 < each.minutes <= now for each in found.eaten if each.idle)
    assert list(found.eaten) == sorted(found.eaten, key=lambda each: -each.minutes)
    critical = {s.label for s in steps if s.id in expected.critical}
    assert all(each.label in critical for each in found.eaten)


@settings(max_examples=150, deadline=None)
@given(chains())
def test_only_a_step_that_could_begin_is_called_idle(made: tuple[tuple[Step, ...], int]) -> None:
    steps, now = made
    found = margin(steps, forecast(steps, at(now), START), END, at(now), START)
    index = {s.label: s for s in steps}
    for each in found.eaten:
        if each.idle:
            waits = [s for s in steps if s.id in index[each.label].after]
            assert index[each.label].state is StepState.TODO
            assert all(s.state in (StepState.DONE, StepState.SKIPPED) for s in waits)
