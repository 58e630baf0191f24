"""From a button of Live to the act it means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.models.live.go import Criterion
from app.models.outages.debt import DebtKind
from app.models.outages.errands import Errand
from app.models.runbook import StepAct
from app.services.live.rows import LiveRows, LiveStep, NextAct, OwedRow
from app.views.live.acts import LiveActs
from app.views.live.headline import Wish
from app.views.live.line_acts import LineActs


class StepWork(Protocol):
    """What acts on steps; the board's, handed in so that both screens act alike."""

    def start(self, parent: QWidget, step: LiveStep, /) -> None: ...
    def done(self, parent: QWidget, step: LiveStep, /) -> None: ...
    def block(self, parent: QWidget, step: LiveStep, /) -> None: ...
    def hear(self, parent: QWidget, step: LiveStep, who: str = "", /) -> None: ...
    def check(self, parent: QWidget, step: LiveStep, who: str = "", /) -> None: ...
    def act(self, parent: QWidget, step: LiveStep, act: StepAct, /) -> None: ...
    def ask_why(
        self, parent: QWidget, step: LiveStep, seen: int, /, *, late: bool = False
    ) -> None: ...


class Wishes(QObject):
    """Signals lead to other screens: `noticeRequested(outage_id, notice token)`,
    `debtRequested(outage_id, debt token, about id)`."""

    noticeRequested = Signal(str, str)
    debtRequested = Signal(str, str, str)

    def __init__(self, page: QWidget, acts: LiveActs, line: LineActs, steps: StepWork) -> None:
        super().__init__(page)
        self._page = page
        self._acts = acts
        self._line = line
        self._steps = steps

    def gate(self, rows: LiveRows) -> None:
        """The primary button before the GO."""
        match rows.next_act:
            case NextAct.OPEN_BRIDGE:
                self._line.open_bridge(rows)
            case NextAct.BEGIN_GATE:
                self._acts.begin_gate(rows)
            case _:
                self._acts.go(rows)

    def elsewhere(self, criterion: Criterion) -> Callable[[LiveRows], None]:
        """To where it is settled: steps on the board, objections among the replies, links on the
        crew board."""
        if criterion is Criterion.CREW_BOARD:
            return self.crew
        kind = DebtKind.STEP if criterion is Criterion.STEPS_DONE else DebtKind.REPLY
        return lambda rows: self.debtRequested.emit(rows.outage_id, kind.value, "")

    def crew(self, rows: LiveRows) -> None:
        """To the crew board's links: who opened theirs, where it is served."""
        self.debtRequested.emit(rows.outage_id, Errand.CREW.value, "")

    def wish(self, rows: LiveRows, wish: Wish) -> None:
        if wish.step is None:
            self._flight(rows, wish)
        else:
            self._step(rows, wish.step, wish.how)

    def first_owed(self, rows: LiveRows) -> None:
        """Ctrl+O at any time, and the next act of a flight that has ended."""
        first = next((row for row in rows.owed if not row.leaving), None)
        if first is not None:
            self.owed(rows, first)

    def owed(self, rows: LiveRows, row: OwedRow) -> None:
        if row.leaving:
            self.debtRequested.emit(rows.outage_id, Errand.OUTBOX.value, row.about_id)
        elif row.notice is not None:
            self.noticeRequested.emit(rows.outage_id, row.notice.value)
        elif row.kind is DebtKind.BRIDGE:
            is_open = rows.bridge is not None and rows.bridge.open
            (self._line.close_bridge if is_open else self._line.open_bridge)(rows)
        elif row.kind is DebtKind.USER_CHECK:
            self._line.user_check(rows)
        elif blocked := [step for step in rows.blocked if step.step_id == row.about_id]:
            self._steps.ask_why(self._page, blocked[0], blocked[0].version)
        elif begun := [step for step in rows.running if step.step_id == row.about_id]:
            self._steps.ask_why(self._page, begun[0], begun[0].version, late=True)
        else:
            self.debtRequested.emit(rows.outage_id, row.kind.value, row.about_id)

    def _step(self, rows: LiveRows, step: LiveStep, how: str) -> None:
        page, steps = self._page, self._steps
        match how:
            case "hear":
                steps.hear(page, step, step.owner)
            case "block":
                steps.block(page, step)
            case "done":
                steps.done(page, step)
            case "start":
                steps.start(page, step)
            case "check":
                steps.check(page, step, step.owner)
            case "unblock":
                steps.act(page, step, StepAct.UNBLOCK)
            case "why":
                steps.ask_why(page, step, step.version)
            case _:
                self.noticeRequested.emit(rows.outage_id, step.notice_kind)

    def _flight(self, rows: LiveRows, wish: Wish) -> None:
        if wish.how == "partly":
            self._acts.partly(rows)
            return
        acts: dict[NextAct, Callable[[LiveRows], object]] = {
            NextAct.VERIFY: self._acts.verify,
            NextAct.ALL_CLEAR: self._acts.all_clear,
            NextAct.BACKED_OUT: self._acts.backed_out,
            NextAct.CLOSE_BRIDGE: self._line.close_bridge,
            NextAct.PAY_DEBT: self.first_owed,
            NextAct.FILE: self._acts.file,
        }
        act = acts.get(wish.act)
        if act is not None:
            act(rows)
