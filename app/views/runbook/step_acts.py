"""Acting on a step from any screen: start, done, blocked, heard by phone, the outcome of a check.

The rules are the services'; here is only how each act is asked for, and what is done with a
refusal that a named decision would lift.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.models.errors import ConsoleError
from app.models.ids import StepId
from app.models.outages.decisions import Act
from app.models.runbook import Column, StepAct, StepKind
from app.services.runbook.acting import (
    Report,
    act_on_step,
    check_step,
    give_reason,
    hear,
    move_step,
)
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.widgets.deciding import decided_from, decision_sheet, line_of
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

RESULTS = (
    ("passed", "Passed"),
    ("failed", "Failed"),
    ("not_tested", "Not tested"),
    ("waived", "Waived by name and reason"),
)


class StepLike(Protocol):
    """What an act needs to know of a step; board cards, Live's lines and details have it."""

    @property
    def step_id(self) -> StepId: ...
    @property
    def version(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def kind(self) -> StepKind: ...


Run = Callable[[Report], None]


class StepActs(QObject):
    """`actRequested(step_id, kind)`: the step is an act, to be done where that act is done."""

    actRequested = Signal(str, object)

    def __init__(
        self,
        ops: Ops,
        notify: Telling,
        on_undo: Callable[[Undo], object],
        me: Callable[[], str] = str,
    ) -> None:
        """`me` tells who writes down what others report by phone."""
        super().__init__()
        self._ops = ops
        self._notify = notify
        self._on_undo = on_undo
        self._me = me
        self._asked: tuple[StepId, int, StepAct] | None = None

    def start(self, parent: QWidget, step: StepLike) -> None:
        self.act(parent, step, StepAct.START)

    def done(self, parent: QWidget, step: StepLike) -> None:
        """Done, or the outcome when it is a check."""
        if step.kind is StepKind.CHECK:
            self.check(parent, step)
        else:
            self.act(parent, step, StepAct.FINISH)

    def act(self, parent: QWidget, step: StepLike, act: StepAct, report: Report = Report()) -> None:  # noqa: B008
        """Any legal act at once; a block asks for its reason. Pressed twice on a step
        as it stood it is done once, and nobody is blamed for the change."""
        asked = (step.step_id, step.version, act)
        if asked == self._asked:
            return
        self._asked = asked

        def refused(error: ConsoleError, with_report: Report) -> None:
            self._asked = None
            self._refused(parent, step, error, run, with_report)

        def run(with_report: Report) -> None:
            self._ops.run(
                act_on_step,
                step.step_id,
                act,
                with_report,
                seen=step.version,
                then=self._undoable,
                failed=lambda error: refused(error, with_report),
                owner=self,
            )

        run(report)

    def move(self, parent: QWidget, step: StepLike, column: Column, seen: int) -> None:
        """A card was dropped. Into Blocked: at once, then it asks why."""

        def run(report: Report) -> None:
            self._ops.run(
                move_step,
                step.step_id,
                column,
                report,
                seen=seen,
                then=lambda undo: self._moved(parent, step, column, undo),
                failed=lambda error: self._refused(parent, step, error, run, report),
                owner=self,
            )

        run(Report())

    def block(self, parent: QWidget, step: StepLike) -> None:
        """Takes effect at once; the reason is asked for afterwards."""
        self.move(parent, step, Column.BLOCKED, step.version)

    def hear(self, parent: QWidget, step: StepLike, who: str = "") -> None:
        """“Ito, via Okafor”: who said how it goes."""
        sheet = Sheet(
            parent,
            f"Heard by phone: {step.code} {step.title}",
            "",
            (
                Ask("by", "Who said it", value=who, needed="Say who it was."),
                Ask("note", "What they said", value="", hint="Empty: still on it."),
            ),
            "Note it",
        )

        def answered(answers: Answers) -> None:
            report = Report(by=answers["by"], via=self._me(), note=answers["note"])
            self._close_after(sheet, hear, step.step_id, report, seen=step.version)

        sheet.answered.connect(answered)
        sheet.editor("note").setFocus()  # who is known; what they said is not
        sheet.open()

    def check(self, parent: QWidget, step: StepLike, who: str = "") -> None:
        """Passed, failed, not tested, or waived by name and reason. `who` would say so."""
        sheet = Sheet(
            parent,
            f"{step.code} {step.title}",
            "Failed and not tested stay in Verify and stand in the way of the end.",
            (
                Ask(
                    "result",
                    "Outcome",
                    Kind.CHOICE,
                    choices=(("", "Choose the outcome"), *RESULTS),
                    needed="Say how it came out: a check is never passed by a key alone.",
                ),
                Ask("by", "Who says so", value=who, hint="Empty: you."),
                Ask("note", "What was seen, or why it is waived", Kind.TEXT),
            ),
            "Note the outcome",
        )

        def answered(answers: Answers) -> None:
            via = self._me() if answers["by"] else ""
            report = Report(by=answers["by"], via=via, note=answers["note"])
            self._close_after(
                sheet, check_step, step.step_id, answers["result"], report, seen=step.version
            )

        sheet.answered.connect(answered)
        sheet.open()

    def ask_why(self, parent: QWidget, step: StepLike, seen: int, *, late: bool = False) -> None:
        """The reason of what was taken at once, a block or a late start; may be left for later."""
        sheet = Sheet(
            parent,
            f"Why did {step.code} begin late?" if late else f"Why is {step.code} blocked?",
            "It was begun past its lock. The reason goes into the log."
            if late
            else "It is blocked already. The reason helps whoever waits for it.",
            (Ask("why", "Reason", needed="One sentence is enough; or leave it for later."),),
            "Note it",
            no_words="Later",
        )

        def answered(answers: Answers) -> None:
            self._close_after(sheet, give_reason, step.step_id, answers["why"], seen=seen)

        sheet.answered.connect(answered)
        sheet.open()

    def _close_after(
        self, sheet: Sheet, use_case: Callable[..., Undo], *args: object, seen: int
    ) -> None:
        def done(undo: Undo) -> None:
            sheet.accept()
            self._on_undo(undo)

        self._ops.run(
            use_case,
            *args,
            seen=seen,
            then=done,
            failed=lambda error: sheet.refuse(error.sentence),
            owner=sheet,
        )

    def _undoable(self, undo: Undo | None) -> None:
        if undo is not None:
            self._on_undo(undo)

    def _moved(self, parent: QWidget, step: StepLike, column: Column, undo: Undo | None) -> None:
        self._undoable(undo)
        if column is Column.BLOCKED and undo is not None:
            version = next(
                (row.version_after for row in undo.rows if row.id == step.step_id), step.version
            )
            self.ask_why(parent, step, version)

    def _refused(
        self, parent: QWidget, step: StepLike, error: ConsoleError, again: Run, report: Report
    ) -> None:
        if error.about.get("act") is Act.NO_RETURN:
            self._ask_decision(parent, step, error, again, report)
        elif "act_step" in error.about:
            self._notify.error(
                error.sentence,
                action=("Go there", lambda: self.actRequested.emit(step.step_id, step.kind)),
            )
        elif error.code != "unexpected":  # that was told already
            self._notify.error(error.sentence)

    def _ask_decision(
        self, parent: QWidget, step: StepLike, error: ConsoleError, again: Run, report: Report
    ) -> None:
        sheet = decision_sheet(
            parent,
            f"{step.code} {step.title} needs a decision",
            error.sentence,
            "Record it and start",
            line_of(error),
        )

        def answered(answers: Answers) -> None:
            sheet.accept()
            again(replace(report, decided=decided_from(answers)))

        sheet.answered.connect(answered)
        sheet.open()
