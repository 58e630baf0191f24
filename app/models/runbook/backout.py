"""The way back: until when everything done or begun can still be undone inside the window.

Back-out moment = window end − time to undo everything done *or begun* − verification of the
old state (product.md). The undo time is a *fixed* list schedule: who does which back-out step
in which order is settled once over all back-out steps, longest tail first, and a step that is
not needed only shrinks to nothing in it. A schedule made anew for each subset could come out
shorter when a step is added; this one cannot, so the moment never moves later as steps begin.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.models.ids import StepId
from app.models.runbook.graph import (
    by_id,
    cycle_error,
    lift_out,
    positions_in_order,
    predecessors,
    successors,
)
from app.models.runbook.lanes import NOBODY, Load, list_schedule
from app.models.runbook.no_return import NoReturn, past_return
from app.models.runbook.steps import SETTLED, Phase, Step, StepKind, StepState

OK_FROM = timedelta(minutes=30)
WARN_FROM = timedelta(minutes=15)


class Slack(StrEnum):
    """How much is left before a moment: `ok` from 30 min, `warn` from 15 min (when the console
    first asks what to do), `bad` below."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


def slack_class(moment: datetime, now: datetime) -> Slack:
    left = moment - now
    if left >= OK_FROM:
        return Slack.OK
    return Slack.WARN if left >= WARN_FROM else Slack.BAD


def is_changing(step: Step) -> bool:
    """It leaves something to undo: it touches a CI, has back-out steps, or has no way back."""
    return step.changes or step.no_return or bool(step.undone_by)


def stays_changed(steps: Sequence[Step]) -> tuple[Step, ...]:
    """What turning back leaves changed: begun and not undone, as it cannot be, or not yet."""
    return tuple(
        step
        for step in steps
        if is_changing(step) and step.begun and step.phase not in (Phase.BACK_OUT, Phase.WRAP_UP)
    )


def running_lost(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Begun, not to be undone and not finished: turning back does not say how they ended."""
    return tuple(s for s in steps if s.no_return and s.begun and s.state not in SETTLED)


def missing_way_back(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Steps that change a CI but neither name a back-out step nor say "cannot be undone"."""
    known = {step.id for step in steps}
    return tuple(
        step
        for step in steps
        if step.changes
        and step.phase is not Phase.BACK_OUT
        and not step.no_return
        and not known.intersection(step.undone_by)
    )


def _needed(steps: Sequence[Step]) -> set[int]:
    """Positions of the back-out steps that something begun still calls for.

    A back-out step finished before the step it undoes was begun (again) undid an older attempt
    and counts in full.
    """
    place = {step.id: at for at, step in enumerate(steps)}
    needed: set[int] = set()
    for step in steps:
        if not step.begun:
            continue
        for undo in step.undone_by:
            at = place.get(undo)
            if at is None:
                continue
            ended = steps[at].ended_at
            older = ended is not None and step.started_at is not None and ended < step.started_at
            if steps[at].state not in SETTLED or older:
                needed.add(at)
    return needed


def _minutes_left(step: Step, now: datetime) -> int:
    """Whole minutes, rounded up; a back-out step that runs over is expected to end now."""
    if step.state in (StepState.RUNNING, StepState.CHECK) and step.started_at is not None:
        left = step.started_at + timedelta(minutes=step.minutes) - now
        return min(step.minutes, max(0, -(-int(left.total_seconds()) // 60)))
    return step.minutes


@dataclass(frozen=True, slots=True)
class _Settled:
    """A list schedule whose order is fixed by the steps' own minutes: positions in that order, and
    for each what it waits for, its dependencies and what its person does before."""

    sequence: Sequence[int]
    waits: Sequence[Sequence[int]]

    @classmethod
    def of(cls, steps: Sequence[Step]) -> _Settled:
        """Raises BadInput naming a cycle."""
        before = predecessors(steps)
        following = successors(before)
        order = positions_in_order(before, following)
        if len(order) < len(steps):
            raise cycle_error([step.code for step in steps], before, order)
        lane_of = {owner: at for at, owner in enumerate({s.owner for s in steps if s.owner})}
        placed = list_schedule(
            Load(
                spans=[step.minutes for step in steps],
                before=before,
                following=following,
                order=order,
                lanes=[lane_of[s.owner] if s.owner else NOBODY for s in steps],
                earliest=[0] * len(steps),
                free=[0] * len(lane_of),
            )
        )
        waits = [
            earlier if placed.previous[at] < 0 else [*earlier, placed.previous[at]]
            for at, earlier in enumerate(before)
        ]
        return cls(placed.sequence, waits)

    def length(self, minutes: Sequence[int]) -> timedelta:
        """When each takes only `minutes`."""
        ends = [0] * len(minutes)
        for at in self.sequence:
            ends[at] = max((ends[other] for other in self.waits[at]), default=0) + minutes[at]
        return timedelta(minutes=max(ends, default=0))


def _is_old_state_check(step: Step) -> bool:
    return step.phase is Phase.BACK_OUT and step.kind is StepKind.CHECK


@dataclass(frozen=True, slots=True)
class _WayBack:
    """The back-out steps in their settled order; `places` are theirs among all steps."""

    places: Sequence[int]
    minutes: Sequence[int]
    settled: _Settled

    @classmethod
    def of(cls, steps: Sequence[Step], now: datetime) -> _WayBack:
        called = {undo for step in steps for undo in step.undone_by}
        places = [
            at
            for at, step in enumerate(steps)
            if not _is_old_state_check(step) and (step.phase is Phase.BACK_OUT or step.id in called)
        ]
        pool = [steps[at] for at in places]
        return cls(places, [_minutes_left(step, now) for step in pool], _Settled.of(pool))

    def length(self, needed: Container[int]) -> timedelta:
        each = zip(self.places, self.minutes, strict=True)
        return self.settled.length([minutes if at in needed else 0 for at, minutes in each])


def undo_time(steps: Sequence[Step], now: datetime) -> timedelta:
    """How long undoing everything done or begun still takes, without verification."""
    return _WayBack.of(steps, now).length(_needed(steps))


def old_state_check_time(steps: Sequence[Step], now: datetime) -> timedelta:
    """The verification of the old state: the check steps of the back-out phase, which follow
    all undoing. Counted in full while nothing is begun; product.md subtracts it always."""
    checks = [step for step in steps if _is_old_state_check(step)]
    minutes = [0 if s.state in SETTLED else _minutes_left(s, now) for s in checks]
    return _Settled.of(checks).length(minutes)


def backout_moment(steps: Sequence[Step], window_end: datetime, now: datetime) -> datetime:
    """The last moment to turn round so that the old state of what can be undone is back and
    verified by `window_end`; of the flight as a whole `way_back` speaks.

    `now` only tells how much of a back-out step already running is left.
    """
    return window_end - undo_time(steps, now) - old_state_check_time(steps, now)


def way_back(steps: Sequence[Step], window_end: datetime, now: datetime) -> datetime | None:
    """The back-out moment of the flight as a whole. None once a step that cannot be undone is
    begun: no time is enough to undo it (`past_return` says which, and since when)."""
    return None if past_return(steps) else backout_moment(steps, window_end, now)


def as_begun(steps: Sequence[Step], step: Step, now: datetime) -> tuple[Step, ...]:
    """The steps as they would be with `step` begun now, and so everything it waits for as well.

    What was skipped stays so. On paper, long before, this gives a later step the latest start
    it will have when its turn comes.
    """
    begin = _begun_with(by_id(steps), step)
    return tuple(
        replace(other, state=StepState.RUNNING, started_at=now, ended_at=None)
        if other.id in begin and not other.begun
        else other
        for other in steps
    )


def _begun_with(index: Mapping[StepId, Step], step: Step) -> set[StepId]:
    begin = {step.id}
    ask = [] if step.begun else list(step.after)
    while ask:
        earlier = index.get(ask.pop())
        if earlier is None or earlier.id in begin or earlier.begun:
            continue
        if earlier.state is not StepState.SKIPPED:
            begin.add(earlier.id)
            ask.extend(earlier.after)
    return begin


def after_starting(
    steps: Sequence[Step], step: Step, window_end: datetime, now: datetime
) -> datetime | NoReturn:
    """The back-out moment as it will be once `step` (and what it waits for) is begun."""
    if step.no_return:
        return NoReturn(step)
    return backout_moment(as_begun(steps, step, now), window_end, now)


def latest_start(
    steps: Sequence[Step], step: Step, window_end: datetime, now: datetime
) -> datetime | NoReturn:
    """The latest start that still leaves a way back: the back-out moment after the step is
    begun − the step's own minutes. Starting later is a named decision."""
    moment = after_starting(steps, step, window_end, now)
    if isinstance(moment, NoReturn):
        return moment
    return moment - timedelta(minutes=step.minutes)


def latest_starts(
    steps: Sequence[Step], window_end: datetime, now: datetime
) -> dict[StepId, datetime | NoReturn]:
    """The latest start of every changing step not yet begun: for board, Live and packet.

    As `latest_start` of each, where the order of the way back is settled once for all of them.
    """
    open_ = [
        step
        for step in steps
        if is_changing(step)
        and step.phase is not Phase.BACK_OUT
        and step.state in (StepState.TODO, StepState.BLOCKED)
        and not step.begun
    ]
    if not open_:
        return {}
    index, place = by_id(steps), {step.id: at for at, step in enumerate(steps)}
    way_back, needed = _WayBack.of(steps, now), _needed(steps)
    end = window_end - old_state_check_time(steps, now)

    def called_by(begin: set[StepId]) -> set[int]:
        """What beginning these now calls for; a back-out step that is over undid an older try."""
        return {
            place[undo.id]
            for undo in (index[i] for b in begin for i in index[b].undone_by if i in index)
            if undo.state not in SETTLED or (undo.ended_at is not None and undo.ended_at < now)
        }

    def latest(step: Step) -> datetime | NoReturn:
        if step.no_return:
            return NoReturn(step)
        called = needed | called_by(_begun_with(index, step))
        return end - way_back.length(called) - timedelta(minutes=step.minutes)

    return {step.id: latest(step) for step in open_}


def steps_to_undo(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The back-out steps still called for, each once: what was begun last is undone first,
    except where the back-out steps' own dependencies say otherwise."""
    needed = _needed(steps)
    place = {step.id: at for at, step in enumerate(steps)}
    latest: dict[int, tuple[float, int]] = {}
    for at, step in enumerate(steps):
        if step.begun:
            began = step.started_at.timestamp() if step.started_at else 0.0
            for undo in step.undone_by:
                if place.get(undo) in needed:
                    key = place[undo]
                    latest[key] = max(latest.get(key, (0.0, -1)), (began, at))
    newest_first = sorted(needed, key=lambda at: latest[at], reverse=True)
    gone = {step.id for at, step in enumerate(steps) if at not in needed}
    kept = [step for step in lift_out(steps, gone) if step.id not in gone]
    by_place = {place[step.id]: step for step in kept}
    wanted = [by_place[at] for at in newest_first]
    waits = {s.id: {i for i in s.after if i not in gone} for s in wanted}
    out: list[Step] = []
    while wanted:
        nxt = next((s for s in wanted if not waits[s.id].intersection(w.id for w in wanted)), None)
        if nxt is None:
            before = predecessors(wanted)
            raise cycle_error([s.code for s in wanted], before, [])
        wanted.remove(nxt)
        out.append(steps[place[nxt.id]])
    return tuple(out)


def in_play(steps: Sequence[Step], *, backing_out: bool) -> tuple[Step, ...]:
    """The steps the flight will go through from here.

    Forward: all but the back-out phase. Backing out: the back-out steps called for or already
    touched, the back-out phase's checks and other acts, and after all of these the wrap-up; what
    cannot be undone and still runs stays in sight until it is done;
    dependencies through what is left out are kept.
    """
    if not backing_out:
        return tuple(step for step in steps if step.phase is not Phase.BACK_OUT)
    needed = _needed(steps)
    lost = {step.id for step in running_lost(steps)}
    gone = set()
    for at, step in enumerate(steps):
        if step.phase is Phase.WRAP_UP or at in needed or step.id in lost:
            continue
        acts = step.kind is not StepKind.WORK or step.state is not StepState.TODO
        if step.phase is not Phase.BACK_OUT or not acts:
            gone.add(step.id)
    kept = [step for step in lift_out(steps, gone) if step.id not in gone]
    way_back = [step for step in kept if step.phase is not Phase.WRAP_UP]
    undoing = frozenset(step.id for step in way_back if step.id not in lost)
    # what it came after is not flown any more, and monitoring is not woken in the middle of it
    wrap_up = [
        replace(step, after=step.after | undoing) for step in kept if step.phase is Phase.WRAP_UP
    ]
    return (*way_back, *wrap_up)
