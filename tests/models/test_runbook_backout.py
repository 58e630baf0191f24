"""The back-out moment, latest starts and the way back, with a worked example."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import mark, raises

from app.models.errors import BadInput
from app.models.ids import PersonId, StepId
from app.models.runbook import (
    NoReturn,
    Phase,
    Slack,
    Step,
    StepKind,
    StepState,
    after_starting,
    backout_moment,
    in_play,
    latest_start,
    latest_starts,
    missing_way_back,
    past_return,
    slack_class,
    steps_to_undo,
    undo_time,
    way_back,
)

START = datetime(2025, 1, 11, 0, 0, tzinfo=UTC)  # 19:00 in New York

END = START + timedelta(hours=3)


def at(clock: str) -> datetime:
    """`1:20` is an hour and twenty minutes into the window."""
    hours, minutes = clock.split(":")
    return START + timedelta(hours=int(hours), minutes=int(minutes))


def work(code: str, minutes: int, *after: str, undo: str = "", **more: object) -> Step:
    made = Step(
        StepId(code),
        code,
        f"title of {code}",
        minutes=minutes,
        after=frozenset(map(StepId, after)),
        undone_by=tuple(map(StepId, undo.split())),
        changes=bool(undo),
        owner=PersonId("ito"),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def back(code: str, minutes: int, *after: str, **more: object) -> Step:
    return replace(work(code, minutes, *after), phase=Phase.BACK_OUT, **more)  # type: ignore[arg-type]


# The worked example: two controllers, flashed one after the other by Ito, each 25 minutes there
# and 25 minutes back; the old state is verified in 20 minutes. The window is three hours.
FLASHES = (
    work("7", 10),
    work("8", 25, "7", undo="B8"),
    work("11", 25, "8", undo="B11"),
    back("B8", 25, "B11"),
    back("B11", 25),
    back("B12", 20, "B8", kind=StepKind.CHECK, owner=PersonId("checker")),
)


def begun(steps: tuple[Step, ...], *codes: str, state: StepState = StepState.DONE) -> list[Step]:
    return [replace(s, state=state, started_at=START) if s.code in codes else s for s in steps]


def test_with_nothing_begun_only_the_verification_is_kept_back() -> None:
    assert backout_moment(FLASHES, END, START) == at("2:40")


def test_a_step_begun_counts_as_a_step_done() -> None:
    for state in (StepState.RUNNING, StepState.CHECK, StepState.BLOCKED, StepState.DONE):
        assert backout_moment(begun(FLASHES, "8", state=state), END, START) == at("2:15")


def test_the_latest_start_of_controller_b_leaves_its_own_minutes_and_the_way_back() -> None:
    # 22:00 − 25 to reflash − 20 to verify = 21:15; − 25 for the step itself = 20:50
    assert latest_start(FLASHES, FLASHES[1], END, START) == at("1:50")


def test_starting_controller_a_moves_the_moment_to_2050_and_must_happen_by_2025() -> None:
    steps = begun(FLASHES, "7", "8")
    assert backout_moment(steps, END, START) == at("2:15")
    assert after_starting(steps, steps[2], END, START) == at("1:50")
    assert latest_start(steps, steps[2], END, START) == at("1:25")


def test_on_paper_a_later_step_reckons_with_what_it_waits_for() -> None:
    assert latest_starts(FLASHES, END, START) == {"8": at("1:50"), "11": at("1:25")}


def test_undone_steps_and_finished_back_out_steps_no_longer_count() -> None:
    steps = begun(FLASHES, "7", "8", "11")
    halfway = [replace(s, state=StepState.DONE) if s.code == "B11" else s for s in steps]
    assert undo_time(halfway, START) == timedelta(minutes=25)
    assert undo_time(begun(FLASHES, "8", state=StepState.UNDONE), START) == timedelta(0)


def test_a_second_attempt_is_not_undone_by_the_first_back_out() -> None:
    undone = replace(FLASHES[3], state=StepState.DONE, started_at=START, ended_at=at("0:30"))
    again = replace(FLASHES[1], state=StepState.RUNNING, started_at=at("0:40"))
    assert undo_time([again, undone], at("0:41")) == timedelta(minutes=25)


def test_two_people_undo_side_by_side_and_one_person_does_not() -> None:
    alone = (work("1", 5, undo="B1"), work("2", 5, undo="B2"), back("B1", 30), back("B2", 20))
    pair = (*alone[:3], replace(alone[3], owner=PersonId("sato")))
    assert undo_time(begun(alone, "1", "2"), START) == timedelta(minutes=50)
    assert undo_time(begun(pair, "1", "2"), START) == timedelta(minutes=30)


def test_a_back_out_step_running_counts_what_is_left_of_it() -> None:
    steps = [
        replace(s, state=StepState.RUNNING, started_at=at("1:00")) if s.code == "B8" else s
        for s in begun(FLASHES, "8")
    ]
    assert undo_time(steps, at("1:10")) == timedelta(minutes=15)
    assert undo_time(steps, at("1:40")) == timedelta(0)


def test_a_step_that_cannot_be_undone_has_no_latest_start_but_asks_for_a_decision() -> None:
    step = work("14", 10, no_return=True)
    answer = latest_start([step], step, END, START)
    assert isinstance(answer, NoReturn)
    assert "14 title of 14 cannot be undone" in answer.sentence


def test_once_a_step_without_return_is_begun_there_is_no_moment_and_it_says_since_when() -> None:
    steps = (*FLASHES, work("14", 10, no_return=True))
    assert way_back(steps, END, START) == backout_moment(steps, END, START)
    past = begun(steps, "8", "14")
    assert way_back(past, END, START) is None
    lost = past_return(past)
    assert lost is not None
    assert lost.words("UTC") == f"past no return since {lost.since:%H:%M} (step 14)"


def test_a_step_without_return_put_back_leaves_the_way_back_open() -> None:
    steps = begun((work("14", 10, no_return=True),), "14", state=StepState.UNDONE)
    assert past_return(steps) is None


def test_a_changing_step_without_a_way_back_is_found() -> None:
    bare = work("3", 5, changes=True)
    assert missing_way_back([bare, work("4", 5, changes=True, no_return=True)]) == (bare,)
    assert missing_way_back(FLASHES) == ()


def test_the_way_back_runs_in_reverse_and_holds_each_back_out_step_once() -> None:
    steps = (
        work("1", 5, undo="B1 B9", state=StepState.DONE, started_at=at("0:00")),
        work("2", 5, undo="B2 B9", state=StepState.DONE, started_at=at("0:10")),
        work("3", 5, undo="B3"),
        back("B1", 5),
        back("B2", 5),
        back("B3", 5),
        back("B9", 5, "B1"),
    )
    assert [s.code for s in steps_to_undo(steps)] == ["B2", "B1", "B9"]


def test_the_way_back_obeys_dependencies_through_steps_not_needed() -> None:
    steps = (
        work("1", 5, undo="B1", state=StepState.DONE, started_at=at("0:10")),
        work("2", 5, undo="B2", state=StepState.DONE, started_at=at("0:00")),
        back("B1", 5, "BX"),
        back("BX", 5, "B2"),
        back("B2", 5),
    )
    assert [s.code for s in steps_to_undo(steps)] == ["B2", "B1"]
    kept = {s.code: s for s in in_play(steps, backing_out=True)}
    assert set(kept) == {"B1", "B2"}
    assert kept["B1"].after == {"B2"}


def test_a_circle_among_back_out_steps_is_named() -> None:
    steps = [work("1", 5, undo="B1 B2"), back("B1", 5, "B2"), back("B2", 5, "B1")]
    with raises(BadInput, match="B1 after B2 after B1"):
        backout_moment(steps, END, START)


@mark.parametrize(
    ("left", "colour"), [(30, Slack.OK), (29, Slack.WARN), (15, Slack.WARN), (14, Slack.BAD)]
)
def test_slack_is_coloured_by_what_is_left(left: int, colour: Slack) -> None:
    assert slack_class(START + timedelta(minutes=left), START) is colour


@st.composite
def runbooks(draw: st.DrawFn) -> tuple[Step, ...]:
    """Up to 8 changing steps undone many-to-many by up to 7 back-out steps of 3 people."""
    count = draw(st.integers(1, 7))
    undos = [
        back(
            f"B{i}",
            draw(st.integers(1, 40)),
            *(f"B{j}" for j in draw(st.sets(st.integers(0, max(0, i - 1)), max_size=3)) if j < i),
            owner=draw(st.sampled_from([None, *map(PersonId, "abc")])),
        )
        for i in range(count)
    ]
    steps = [
        work(
            str(i),
            draw(st.integers(1, 40)),
            *(str(j) for j in draw(st.sets(st.integers(0, 7), max_size=2)) if j < i),
            undo=" ".join(f"B{j}" for j in draw(st.sets(st.integers(0, count - 1)))),
        )
        for i in range(draw(st.integers(1, 8)))
    ]
    check = back("B99", draw(st.integers(1, 20)), kind=StepKind.CHECK)
    return (*steps, *undos, check)


def chain(step: Step, needed: dict[StepId, Step]) -> int:
    before = [chain(needed[i], needed) for i in step.after if i in needed]
    return step.minutes + max(before, default=0)


@settings(max_examples=80, deadline=None)
@given(runbooks(), st.data())
def test_the_undo_time_covers_the_longest_chain_and_the_busiest_person(
    steps: tuple[Step, ...], data: st.DataObject
) -> None:
    codes = data.draw(
        st.sets(st.sampled_from([s.code for s in steps if s.phase is not Phase.BACK_OUT]))
    )
    mixed = begun(steps, *codes, state=StepState.RUNNING)
    needed = {s.id: s for s in steps_to_undo(mixed)}
    minutes = undo_time(mixed, START) // timedelta(minutes=1)
    assert minutes >= max((chain(s, needed) for s in needed.values()), default=0)
    for owner in map(PersonId, "abc"):
        assert minutes >= sum(s.minutes for s in needed.values() if s.owner == owner)
    assert minutes <= sum(s.minutes for s in needed.values())
    moment = backout_moment(mixed, END, START)
    assert moment == END - timedelta(minutes=minutes + steps[-1].minutes)


@settings(max_examples=80, deadline=None)
@given(runbooks(), st.permutations(range(8)))
def test_the_back_out_moment_never_moves_later_as_steps_begin(
    steps: tuple[Step, ...], order: list[int]
) -> None:
    moment = backout_moment(steps, END, START)
    for number in order:
        steps = tuple(begun(steps, str(number), state=StepState.RUNNING))
        following = backout_moment(steps, END, START)
        assert following <= moment
        moment = following


@settings(max_examples=60, deadline=None)
@given(runbooks(), st.data())
def test_the_latest_start_is_the_moment_after_it_begins_less_its_minutes(
    steps: tuple[Step, ...], data: st.DataObject
) -> None:
    step = data.draw(st.sampled_from([s for s in steps if s.phase is not Phase.BACK_OUT]))
    steps = tuple(begun(steps, *step.after))
    index = {s.id: s for s in steps}
    if any(index[i].after - step.after for i in step.after):
        steps = tuple(
            begun(
                steps, *(s.code for s in steps if s.phase is not Phase.BACK_OUT and s.id != step.id)
            )
        )
    moment = backout_moment(begun(steps, step.code, state=StepState.RUNNING), END, START)
    assert latest_start(steps, step, END, START) == moment - timedelta(minutes=step.minutes)


@settings(max_examples=80, deadline=None)
@given(runbooks(), st.sets(st.integers(0, 7)), st.sets(st.integers(0, 6)))
def test_the_latest_starts_of_all_are_those_of_each(
    steps: tuple[Step, ...], going: set[int], undone: set[int]
) -> None:
    """Some begun, some back-out steps over."""
    steps = tuple(begun(steps, *map(str, going)))
    over = {f"B{number}" for number in undone}
    steps = tuple(
        replace(s, state=StepState.DONE, started_at=START, ended_at=START) if s.code in over else s
        for s in steps
    )
    now = START + timedelta(minutes=5)
    for step, latest in latest_starts(steps, END, now).items():
        assert latest == latest_start(steps, next(s for s in steps if s.id == step), END, now)


def test_what_cannot_be_undone_and_still_runs_stays_in_sight_while_backing_out() -> None:
    lost = work("14", 10, no_return=True)
    running = begun((*FLASHES, lost), "14", state=StepState.RUNNING)
    assert "14" in [step.code for step in in_play(running, backing_out=True)]
    done = begun((*FLASHES, lost), "14")
    assert "14" not in [step.code for step in in_play(done, backing_out=True)]
