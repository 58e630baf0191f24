"""Add, remove and reorder steps; after the freeze each asks why and is tried again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.models.errors import ConsoleError
from app.models.ids import StepId
from app.models.runbook import Phase, TemplateStep
from app.services.runbook.arranging import remove_step, shift_step
from app.services.runbook.editing import add_step
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.runbook.step_edit import codes_in, is_freeze, refuse_in
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

PHASES = (
    (Phase.BEFORE, "before the window"),
    (Phase.WINDOW, "in the window"),
    (Phase.VERIFY, "verifying"),
    (Phase.BACK_OUT, "back-out"),
    (Phase.WRAP_UP, "wrap-up"),
)


Failed = Callable[[ConsoleError], object]
Run = Callable[[str, Callable[[Undo], object], Failed], None]
"""Does it with a reason, then tells how it went."""


class StepLike(Protocol):
    @property
    def step_id(self) -> StepId: ...
    @property
    def version(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...


class StepChanges(QObject):
    """One a page; every change can be undone. `added(step id)` once it is there."""

    added = Signal(str)

    def __init__(
        self,
        parent: QObject,
        ops: Ops,
        notify: Telling,
        on_undo: Callable[[Undo], object],
    ) -> None:
        super().__init__(parent)
        self._ops = ops
        self._notify = notify
        self._on_undo = on_undo

    def add(self, parent: QWidget, outage_id: str) -> Sheet:
        sheet = Sheet(
            parent,
            "Add a step",
            "It comes at the end of its phase. Its owner and configuration item are chosen "
            "when you edit it.",
            (
                Ask("title", "What is done", needed="A step needs a title."),
                Ask("minutes", "Minutes", Kind.NUMBER, "10"),
                Ask(
                    "phase",
                    "When",
                    Kind.CHOICE,
                    Phase.WINDOW.value,
                    choices=tuple((phase.value, words) for phase, words in PHASES),
                ),
                Ask("after", "After (codes)", hint="7, 8"),
                Ask("undone_by", "Undone by (codes)", hint="B8"),
                Ask("why", "Why it is added"),
            ),
            "Add it",
        )

        def answered(answers: Answers) -> None:
            step = TemplateStep(
                code="",
                title=answers["title"],
                minutes=max(1, int(answers["minutes"])),
                phase=Phase(answers["phase"]),
                after=tuple(codes_in(answers["after"])),
                undone_by=tuple(codes_in(answers["undone_by"])),
            )

            def added(undo: Undo) -> None:
                sheet.accept()
                self._on_undo(undo)
                made = (row.id for row in undo.rows if row.table == "step" and row.values is None)
                self.added.emit(next(made, ""))

            self._ops.run(
                add_step,
                outage_id,
                step,
                why=answers["why"],
                then=added,
                failed=lambda error: refuse_in(sheet, error),
                owner=sheet,
            )

        sheet.answered.connect(answered)
        sheet.open()
        return sheet

    def remove(self, parent: QWidget, step: StepLike) -> None:
        def run(why: str, then: Callable[[Undo], object], failed: Failed) -> None:
            def removed(undo: Undo) -> None:
                then(undo)
                self._notify.info(f"{step.code} {step.title} is removed; Ctrl+Z takes it back.")

            self._ops.run(
                remove_step,
                step.step_id,
                seen=step.version,
                why=why,
                then=removed,
                failed=failed,
                owner=self,
            )

        self._try(parent, f"Remove {step.code} {step.title}", "Remove it", run)

    def shift(self, parent: QWidget, step: StepLike, *, later: bool) -> None:
        def run(why: str, then: Callable[[Undo], object], failed: Failed) -> None:
            self._ops.run(
                shift_step,
                step.step_id,
                later=later,
                seen=step.version,
                why=why,
                then=lambda undo: then(undo) if undo is not None else None,
                failed=failed,
                owner=self,
            )

        self._try(parent, f"Move {step.code} {step.title}", "Move it", run)

    def _try(self, parent: QWidget, title: str, act: str, run: Run) -> None:
        """At once; with the runbook frozen, again once the reason is given."""

        def failed(error: ConsoleError) -> None:
            if is_freeze(error):
                self._ask_why(parent, title, act, error.sentence, run)
            else:
                self._notify.error(error.sentence)

        run("", self._on_undo, failed)

    def _ask_why(self, parent: QWidget, title: str, act: str, words: str, run: Run) -> None:
        asks = (Ask("why", "Why", needed="After the freeze every change has its reason."),)
        sheet = Sheet(parent, title, words, asks, act)

        def done(undo: Undo) -> None:
            sheet.accept()
            self._on_undo(undo)

        sheet.answered.connect(
            lambda answers: run(answers["why"], done, lambda error: sheet.refuse(error.sentence))
        )
        sheet.open()
