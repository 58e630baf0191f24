"""A step of the runbook: what it is, and which act leads from which state to which."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.models.errors import NotAllowed
from app.models.ids import PersonId, StepId


class StepState(StrEnum):
    TODO = "todo"
    RUNNING = "running"
    BLOCKED = "blocked"
    CHECK = "check"
    DONE = "done"
    SKIPPED = "skipped"
    UNDONE = "undone"

    @property
    def words(self) -> str:
        return _STATE_WORDS[self]


class StepKind(StrEnum):
    WORK = "work"
    GATE = "gate"
    NOTICE = "notice"
    BRIDGE = "bridge"
    CHECK = "check"
    ALL_CLEAR = "all_clear"


class Phase(StrEnum):
    BEFORE = "before"
    WINDOW = "window"
    VERIFY = "verify"
    BACK_OUT = "back_out"
    WRAP_UP = "wrap_up"


class Column(StrEnum):
    """The board's columns. Waiting and Ready are derived from `todo`."""

    WAITING = "waiting"
    READY = "ready"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    VERIFY = "verify"
    DONE = "done"

    @property
    def words(self) -> str:
        return "In progress" if self is Column.IN_PROGRESS else self.value.capitalize()


class StepAct(StrEnum):
    """What somebody does with a step; `put_back` says it was never begun after all."""

    START = "start"
    FINISH = "finish"
    TO_CHECK = "to_check"
    PASS_CHECK = "pass_check"
    FAIL_CHECK = "fail_check"
    BLOCK = "block"
    UNBLOCK = "unblock"
    SKIP = "skip"
    UNDO = "undo"
    REOPEN = "reopen"
    PUT_BACK = "put_back"


_STATE_WORDS = {
    StepState.TODO: "not begun",
    StepState.RUNNING: "in progress",
    StepState.BLOCKED: "blocked",
    StepState.CHECK: "waiting to be verified",
    StepState.DONE: "done",
    StepState.SKIPPED: "skipped",
    StepState.UNDONE: "undone",
}
_ACT_WORDS = {
    StepAct.START: "start it",
    StepAct.FINISH: "mark it done",
    StepAct.TO_CHECK: "send it to be verified",
    StepAct.PASS_CHECK: "pass its check",
    StepAct.FAIL_CHECK: "fail its check",
    StepAct.BLOCK: "mark it blocked",
    StepAct.UNBLOCK: "unblock it",
    StepAct.SKIP: "skip it",
    StepAct.UNDO: "mark it undone",
    StepAct.REOPEN: "reopen it",
    StepAct.PUT_BACK: "put it back as not begun",
}

_S, _A = StepState, StepAct
_NEXT: dict[tuple[StepState, StepAct], StepState] = {
    (_S.TODO, _A.START): _S.RUNNING,
    (_S.TODO, _A.FINISH): _S.DONE,  # reported by phone or on paper after the fact
    (_S.TODO, _A.TO_CHECK): _S.CHECK,
    (_S.TODO, _A.BLOCK): _S.BLOCKED,
    (_S.TODO, _A.SKIP): _S.SKIPPED,
    (_S.RUNNING, _A.FINISH): _S.DONE,
    (_S.RUNNING, _A.TO_CHECK): _S.CHECK,
    (_S.RUNNING, _A.BLOCK): _S.BLOCKED,
    (_S.RUNNING, _A.UNDO): _S.UNDONE,
    (_S.RUNNING, _A.PUT_BACK): _S.TODO,
    (_S.CHECK, _A.PASS_CHECK): _S.DONE,
    (_S.CHECK, _A.FINISH): _S.DONE,
    (_S.CHECK, _A.FAIL_CHECK): _S.RUNNING,
    (_S.CHECK, _A.BLOCK): _S.BLOCKED,
    (_S.CHECK, _A.UNDO): _S.UNDONE,
    (_S.CHECK, _A.PUT_BACK): _S.TODO,
    (_S.DONE, _A.TO_CHECK): _S.CHECK,
    (_S.DONE, _A.UNDO): _S.UNDONE,
    (_S.DONE, _A.REOPEN): _S.RUNNING,
    (_S.SKIPPED, _A.REOPEN): _S.TODO,
    (_S.UNDONE, _A.REOPEN): _S.TODO,
}
# A blocked step remembers by its start time whether work had begun: what was begun must be
# finished or undone, never skipped, or the back-out moment would forget it.
_BLOCKED_IDLE = {
    _A.START: _S.RUNNING,
    _A.UNBLOCK: _S.TODO,
    _A.FINISH: _S.DONE,
    _A.TO_CHECK: _S.CHECK,
    _A.SKIP: _S.SKIPPED,
    _A.PUT_BACK: _S.TODO,
}
_BLOCKED_BEGUN = {
    _A.UNBLOCK: _S.RUNNING,
    _A.FINISH: _S.DONE,
    _A.TO_CHECK: _S.CHECK,
    _A.UNDO: _S.UNDONE,
    _A.PUT_BACK: _S.TODO,
}

SETTLED = frozenset({StepState.DONE, StepState.SKIPPED})
"""States that let the steps after it start."""


def acts_for(state: StepState, *, begun: bool = False) -> dict[StepAct, StepState]:
    """The legal acts and where they lead; `begun` matters only for a blocked step."""
    if state is StepState.BLOCKED:
        return dict(_BLOCKED_BEGUN if begun else _BLOCKED_IDLE)
    return {act: to for (now, act), to in _NEXT.items() if now is state}


def next_state(state: StepState, act: StepAct, *, begun: bool = False) -> StepState:
    """Where `act` leads. Raises NotAllowed, naming what can be done instead."""
    legal = acts_for(state, begun=begun)
    if act in legal:
        return legal[act]
    may = ", ".join(_ACT_WORDS[other] for other in legal)
    raise NotAllowed(
        f"This step is {state.words}, so you cannot {_ACT_WORDS[act]}; nothing was changed. "
        f"You can {may}.",
        state=state,
        act=act,
    )


_TODO_COLUMNS = (Column.WAITING, Column.READY)
_MOVES: dict[tuple[StepState, Column], StepAct] = {
    (_S.TODO, Column.IN_PROGRESS): _A.START,
    (_S.TODO, Column.BLOCKED): _A.BLOCK,
    (_S.TODO, Column.VERIFY): _A.TO_CHECK,
    (_S.TODO, Column.DONE): _A.FINISH,
    (_S.RUNNING, Column.READY): _A.PUT_BACK,
    (_S.RUNNING, Column.BLOCKED): _A.BLOCK,
    (_S.RUNNING, Column.VERIFY): _A.TO_CHECK,
    (_S.RUNNING, Column.DONE): _A.FINISH,
    (_S.BLOCKED, Column.READY): _A.PUT_BACK,
    (_S.BLOCKED, Column.IN_PROGRESS): _A.UNBLOCK,
    (_S.BLOCKED, Column.VERIFY): _A.TO_CHECK,
    (_S.BLOCKED, Column.DONE): _A.FINISH,
    (_S.CHECK, Column.READY): _A.PUT_BACK,
    (_S.CHECK, Column.IN_PROGRESS): _A.FAIL_CHECK,
    (_S.CHECK, Column.BLOCKED): _A.BLOCK,
    (_S.CHECK, Column.DONE): _A.PASS_CHECK,
    (_S.DONE, Column.IN_PROGRESS): _A.REOPEN,
    (_S.DONE, Column.VERIFY): _A.TO_CHECK,
    (_S.SKIPPED, Column.READY): _A.REOPEN,
    (_S.UNDONE, Column.READY): _A.REOPEN,
}
_LIES_IN = {
    StepState.RUNNING: Column.IN_PROGRESS,
    StepState.BLOCKED: Column.BLOCKED,
    StepState.CHECK: Column.VERIFY,
    StepState.DONE: Column.DONE,
    StepState.SKIPPED: Column.DONE,
    StepState.UNDONE: Column.DONE,
}


def column_of(state: StepState, *, ready: bool) -> Column:
    """The column a card lies in; `ready` matters only for a step not begun."""
    return _LIES_IN.get(state) or (Column.READY if ready else Column.WAITING)


def act_for_move(state: StepState, column: Column, *, begun: bool = False) -> StepAct | None:
    """The act that dragging a card to `column` means; None when the card lies there already.

    Waiting and Ready are one target, since which of the two it is follows from the
    dependencies. Raises NotAllowed with what to do instead.
    """
    if column in _TODO_COLUMNS:
        column = Column.READY
    if column is column_of(state, ready=True):
        return None
    if state is StepState.BLOCKED and column is Column.IN_PROGRESS and not begun:
        return StepAct.START
    act = _MOVES.get((state, column))
    if act is None:
        hint = (
            "Move it to In progress first, which reopens it."
            if state is StepState.DONE
            else "Move it to Ready first, which reopens it."
        )
        raise NotAllowed(
            f"This step is {state.words} and cannot go straight to {column.words}; "
            f"nothing was changed. {hint}",
            state=state,
            column=column,
        )
    return act


@dataclass(frozen=True, slots=True)
class Step:
    """What the rules know of a step. All datetimes are aware and in UTC.

    `not_before` and `not_after` lock the start. `changes` is true when the step touches a CI.
    `undone_by` names the back-out steps; with `no_return` there are none that help.
    """

    id: StepId
    code: str
    title: str
    phase: Phase = Phase.WINDOW
    kind: StepKind = StepKind.WORK
    minutes: int = 0
    state: StepState = StepState.TODO
    owner: PersonId | None = None
    after: frozenset[StepId] = frozenset()
    undone_by: tuple[StepId, ...] = ()
    no_return: bool = False
    changes: bool = False
    not_before: datetime | None = None
    not_after: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    do_not_disturb: bool = False

    @property
    def begun(self) -> bool:
        """Work on it was started and neither put back nor undone."""
        if self.state in (StepState.TODO, StepState.UNDONE):
            return False
        if self.state in (StepState.BLOCKED, StepState.SKIPPED):
            return self.started_at is not None
        return True

    @property
    def label(self) -> str:
        """`8 Flash controller B`."""
        return f"{self.code} {self.title}"


def is_act(step: Step) -> bool:
    """A gate, notice, bridge or all-clear step *is* that act (product.md): doing the act does
    the step, and the board's ordinary Done does not."""
    return step.kind in (StepKind.GATE, StepKind.NOTICE, StepKind.BRIDGE, StepKind.ALL_CLEAR)


def is_unseen_check(step: Step) -> bool:
    """Nobody saw it pass or waived it; one that was skipped stands in the way of the all clear."""
    seen = {StepState.DONE} if step.phase is Phase.VERIFY else SETTLED
    return step.kind is StepKind.CHECK and step.state not in seen


def console_only(step: Step) -> bool:
    """Done only in the console by the coordinator or deputy, never by phone page or mail:
    the acts, and the checks that let an all-clear through."""
    return is_act(step) or step.kind is StepKind.CHECK


def begins(step: Step, act: StepAct) -> bool:
    """True when `act` means that work on the step begins (or has happened unseen): then its
    predecessors, its latest start and "cannot be undone" are to be asked about."""
    starts = act in (StepAct.START, StepAct.FINISH, StepAct.TO_CHECK)
    return starts and not step.begun


def acted(step: Step, act: StepAct, at: datetime) -> Step:
    """The step after `act` at `at`, its actual times kept. Raises NotAllowed.

    A clock set back never makes a step end before it started: the end is then the start.
    """
    to = next_state(step.state, act, begun=step.begun)
    start, end = step.started_at, step.ended_at
    if to in (StepState.TODO, StepState.SKIPPED):
        start = end = None
    elif to is StepState.DONE:
        start = start or at
        end = max(start, at)
    elif to is StepState.UNDONE:
        end = end or max(start or at, at)
    elif to is StepState.RUNNING or to is StepState.CHECK:
        start, end = start or at, None
    return replace(step, state=to, started_at=start, ended_at=end)
