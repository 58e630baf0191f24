"""Planned and expected times: dependencies, one step at a time per person, actuals so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from app.models.ids import PersonId, StepId
from app.models.runbook.backout import in_play
from app.models.runbook.graph import (
    cycle_error,
    positions_in_order,
    predecessors,
    successors,
)
from app.models.runbook.lanes import NOBODY, Load, list_schedule
from app.models.runbook.spread import QUICKER, SLOWER, Range, spread_ends
from app.models.runbook.steps import Phase, Step, StepState

_MICRO = timedelta(microseconds=1)
_NONE = timedelta()
_MINUTE = 60_000_000
_LONG_AGO = -(1 << 62)
_NO_RANGES: Mapping[StepId, Range] = MappingProxyType({})
_LEFT_OUT = (StepState.SKIPPED, StepState.UNDONE)


class StepTimes(NamedTuple):
    """When a step starts and ends: actual where it is known, else expected (or planned).

    `slack` is how much later it may end without moving the end or missing a lock (None once done).
    `late` is true when it cannot start by its not-after lock. A tuple, as hundreds are made on
    every change.
    """

    start: datetime
    end: datetime
    slack: timedelta | None
    late: bool = False


@dataclass(frozen=True, slots=True)
class PersonTimes:
    """`be_ready` is when their first step not yet done starts, `release` when their last ends."""

    be_ready: datetime
    release: datetime


@dataclass(frozen=True, slots=True)
class Forecast:
    """`steps` leaves out what was skipped or undone. `likely_end` is the end of everything but
    the wrap-up, which is what people were promised; `last_end` includes the wrap-up. Neither is
    ever before now. In four of five flights it ends by `high_end`, in one by `low_end` (see
    `spread`). `critical` is the chain of steps that makes the likely end, in order; `eaten` the
    minutes its steps took or are taking beyond their plan, the worst first."""

    steps: Mapping[StepId, StepTimes]
    likely_end: datetime
    last_end: datetime
    critical: tuple[StepId, ...]
    people: Mapping[PersonId, PersonTimes]
    low_end: datetime
    high_end: datetime
    eaten: tuple[tuple[StepId, int], ...] = ()


def plan(steps: Sequence[Step], window_start: datetime) -> Forecast:
    """Planned times, whatever has happened since: the window's steps begin at its start, the
    steps before it as late as lets them finish by then. Back-out steps are left out.

    Raises BadInput naming a cycle.
    """
    kept = in_play(steps, backing_out=False)
    untouched = [
        replace(s, state=StepState.TODO, started_at=None, ended_at=None)
        if s.state is not StepState.TODO
        else s
        for s in kept
    ]
    laid = _lay_out(untouched, None, window_start, _latest_before(kept, window_start))
    return _told(laid, window_start)


def forecast(
    steps: Sequence[Step],
    now: datetime,
    start: datetime,
    *,
    backing_out: bool = False,
    ranges: Mapping[StepId, Range] = _NO_RANGES,
) -> Forecast:
    """Expected times from here. `start` is the window's start: none of its steps is expected
    before it, and the steps before it are expected when planned, or now if that is past.

    A running step ends when planned, or now if it runs over; a blocked step is reckoned as if
    unblocked now. Backing out, the steps are those of the way back. `ranges` is what steps took
    of late. Raises BadInput naming a cycle.
    """
    kept = in_play(steps, backing_out=backing_out)
    before = _latest_before(kept, start) if now < start else {}
    return _told(_lay_out(kept, (now - start) // _MICRO, start, before), start, ranges)


@dataclass(frozen=True, slots=True)
class _Laid:
    """The schedule in microseconds from the window's start; all lists by position.

    `sequence` respects dependencies and people, `previous` is the step the same person does
    before (or −1), `floors` what keeps a step from starting apart from others (`earliest`: and
    now). `gone` was skipped or undone, `open` is not done yet, `waiting` is not even begun.
    """

    steps: Sequence[Step]
    here: int
    before: list[list[int]]
    spans: list[int]
    starts: list[int]
    ends: list[int]
    previous: list[int]
    sequence: list[int]
    floors: list[int]
    earliest: list[int]
    gone: set[int]
    open: set[int]
    waiting: set[int]


def _latest_before(steps: Sequence[Step], window_start: datetime) -> dict[StepId, int]:
    """Latest starts of the before-phase steps: a list schedule run backwards from the window."""
    pool = [step for step in steps if step.phase is Phase.BEFORE]
    before = predecessors(pool)
    following = successors(before)
    order = positions_in_order(following, before)
    if len(order) < len(pool):
        raise cycle_error([s.code for s in pool], before, positions_in_order(before, following))
    spans = [step.minutes * _MINUTE for step in pool]
    earliest = [0] * len(pool)
    for at, step in enumerate(pool):
        if step.not_after is not None:
            earliest[at] = max(0, (window_start - step.not_after) // _MICRO - spans[at])
    lanes, lane_of = _lanes(pool)
    free = [0] * len(lane_of)
    starts = list_schedule(Load(spans, following, before, order, lanes, earliest, free)).starts
    return {step.id: -(starts[at] + spans[at]) for at, step in enumerate(pool)}


def _lanes(steps: Sequence[Step]) -> tuple[list[int], dict[PersonId, int]]:
    lane_of: dict[PersonId, int] = {}
    lanes = [
        NOBODY if step.owner is None else lane_of.setdefault(step.owner, len(lane_of))
        for step in steps
    ]
    return lanes, lane_of


def _floor(step: Step, start: datetime, latest: Mapping[StepId, int]) -> int:
    """What keeps a step back apart from other steps: its phase and its not-before lock."""
    floor = latest.get(step.id, _LONG_AGO) if step.phase is Phase.BEFORE else 0
    if step.not_before is not None:
        floor = max(floor, (step.not_before - start) // _MICRO)
    return floor


def _actual(step: Step, start: datetime, here: int) -> tuple[int, int]:
    """Start and (expected) end of a step begun."""
    began = step.started_at or step.ended_at
    first = here if began is None else (began - start) // _MICRO
    if step.state is not StepState.DONE:
        return first, max(here, first + step.minutes * _MINUTE)
    last = first if step.ended_at is None else (step.ended_at - start) // _MICRO
    return first, max(first, last)


def _lay_out(
    steps: Sequence[Step], now: int | None, start: datetime, latest: Mapping[StepId, int]
) -> _Laid:
    """`now` None lays out the plan. What is fixed goes into the list schedule as steps of
    nobody that start when they did, so that one schedule holds all."""
    before = predecessors(steps)
    here = _LONG_AGO if now is None else now
    spans = [step.minutes * _MINUTE for step in steps]
    floors = [_floor(step, start, latest) for step in steps]
    earliest = [max(here, floor) for floor in floors]
    lanes, lane_of = _lanes(steps)
    free = [_LONG_AGO] * len(lane_of)
    busy_with = [-1] * len(lane_of)
    gone: set[int] = set()
    fixed: set[int] = set()
    is_open = set(range(len(steps)))
    for at, step in enumerate(steps):
        lane = lanes[at]
        if step.state in _LEFT_OUT:
            gone.add(at)
            spans[at], earliest[at] = 0, _LONG_AGO
        elif step.begun:
            first, last = _actual(step, start, here)
            spans[at], earliest[at] = last - first, first
            if step.state is not StepState.DONE and lane != NOBODY and last > free[lane]:
                free[lane], busy_with[lane] = last, at
        else:
            continue
        fixed.add(at)
        lanes[at] = NOBODY
        if step.state is StepState.DONE or at in gone:
            is_open.discard(at)
    # nothing holds back what has begun, so a circle through it is none any more
    bound = [[] if at in fixed else b for at, b in enumerate(before)] if fixed else before
    following = successors(bound)
    order = positions_in_order(bound, following)
    if len(order) < len(steps):
        raise cycle_error([step.code for step in steps], bound, order)
    placed = list_schedule(Load(spans, bound, following, order, lanes, earliest, free))
    previous = placed.previous
    for at in placed.sequence:
        if lanes[at] != NOBODY and previous[at] < 0:
            previous[at] = busy_with[lanes[at]]
    ends = [first + span for first, span in zip(placed.starts, spans, strict=True)]
    return _Laid(
        steps, here, before, spans, placed.starts, ends, previous, placed.sequence, floors,
        earliest, gone, is_open, is_open - fixed,
    )  # fmt: skip


def _told(laid: _Laid, start: datetime, ranges: Mapping[StepId, Range] = _NO_RANGES) -> Forecast:
    live = [at for at in range(len(laid.steps)) if at not in laid.gone]
    core = [at for at in live if laid.steps[at].phase is not Phase.WRAP_UP] or live
    bottom = max(0, laid.here) if not core else laid.here
    likely = max([bottom, *(laid.ends[at] for at in core)])
    last = max([likely, *(laid.ends[at] for at in live)])
    late_ends = _late_ends(laid, likely, last, start)
    low, high = _low_and_high(laid, core, likely, ranges)
    critical = _critical(laid, core)
    times = {}
    for at in live:
        step, end = laid.steps[at], laid.ends[at]
        first = start + timedelta(0, 0, laid.starts[at])
        left = late_ends[at] - end
        times[step.id] = StepTimes(
            first,
            start + timedelta(0, 0, end),
            (timedelta(0, 0, left) if left > 0 else _NONE) if at in laid.open else None,
            step.not_after is not None and first > step.not_after,
        )
    return Forecast(
        steps=times,
        likely_end=start + timedelta(microseconds=likely),
        last_end=start + timedelta(microseconds=last),
        critical=tuple(laid.steps[at].id for at in critical),
        people=_people(laid, live, start),
        low_end=start + timedelta(microseconds=low),
        high_end=start + timedelta(microseconds=high),
        eaten=_eaten(laid, critical),
    )


def _low_and_high(
    laid: _Laid, core: Sequence[int], likely: int, ranges: Mapping[StepId, Range]
) -> tuple[int, int]:
    """Around the likely end, neither before now."""
    count, here = len(laid.steps), laid.here
    down, up = [0.0] * count, [0.0] * count
    for at in laid.open:
        step = laid.steps[at]
        planned = step.minutes * _MINUTE
        known = ranges.get(step.id)
        if known is None:
            down[at], up[at] = planned * QUICKER, planned * SLOWER
        else:
            down[at] = max(0.0, planned - known.low * _MINUTE)
            up[at] = max(0.0, known.high * _MINUTE - planned)
        if at not in laid.waiting:
            down[at] = min(down[at], laid.ends[at] - here)
    spread_ends(
        laid.sequence, laid.waiting, laid.before, laid.previous, laid.starts, laid.ends,
        laid.earliest, down, up,
    )  # fmt: skip
    low = max((laid.ends[at] - down[at] for at in core), default=likely)
    high = max((laid.ends[at] + up[at] for at in core), default=likely)
    return min(likely, max(here, int(low))), max(likely, int(high))


def _eaten(laid: _Laid, critical: Sequence[int]) -> tuple[tuple[StepId, int], ...]:
    """Of the steps begun that make the end: whole minutes beyond their plan."""
    over = [
        (laid.steps[at].id, (laid.spans[at] - laid.steps[at].minutes * _MINUTE) // _MINUTE)
        for at in critical
        if laid.steps[at].begun
    ]
    return tuple(sorted((o for o in over if o[1] > 0), key=lambda o: -o[1]))


def _late_ends(laid: _Laid, likely: int, last: int, start: datetime) -> list[int]:
    """How late each step may end without moving the likely end (wrap-up: the last end), or missing
    a lock that it would keep."""
    wrap_up = Phase.WRAP_UP
    late = [last if step.phase is wrap_up else likely for step in laid.steps]
    for at in reversed(laid.sequence):
        if at not in laid.waiting:
            continue  # what has begun can start no later: it holds nothing back
        latest_start = late[at] - laid.spans[at]
        lock = laid.steps[at].not_after
        if lock is not None and laid.starts[at] <= (by := (lock - start) // _MICRO) < latest_start:
            latest_start, late[at] = by, by + laid.spans[at]
        for other in laid.before[at]:
            if late[other] > latest_start:
                late[other] = latest_start
        other = laid.previous[at]
        if other >= 0 and late[other] > latest_start:
            late[other] = latest_start
    return late


def _critical(laid: _Laid, core: Sequence[int]) -> list[int]:
    """Back from the step that ends last, always to what it waited for longest; it stops where
    the window's start or a lock, not another step, kept a step back."""
    if not core:
        return []
    at = max(core, key=lambda place: (laid.ends[place], place))
    chain = [at]
    met = {at}
    while True:
        held_by = [other for other in laid.before[at] if other not in laid.gone]
        if laid.previous[at] >= 0:
            held_by.append(laid.previous[at])
        if not held_by:
            break
        other = max(held_by, key=lambda place: (laid.ends[place], place))
        if laid.ends[other] < laid.floors[at] or other in met:
            break
        at = other
        chain.append(at)
        met.add(at)
    return chain[::-1]


def _people(laid: _Laid, live: Iterable[int], start: datetime) -> dict[PersonId, PersonTimes]:
    ready: dict[PersonId, int] = {}
    first: dict[PersonId, int] = {}
    release: dict[PersonId, int] = {}
    for at in live:
        owner = laid.steps[at].owner
        if owner is None:
            continue
        begins, ends = laid.starts[at], laid.ends[at]
        if owner not in first or begins < first[owner]:
            first[owner] = begins
        if owner not in release or ends > release[owner]:
            release[owner] = ends
        if at in laid.open and (owner not in ready or begins < ready[owner]):
            ready[owner] = begins
    return {
        owner: PersonTimes(
            start + timedelta(0, 0, ready.get(owner, begins)),
            start + timedelta(0, 0, release[owner]),
        )
        for owner, begins in first.items()
    }
