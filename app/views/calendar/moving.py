"""Carrying an outage to another time: what stands against it there, asked as it goes, and the move
itself with its reason."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.models.calendar.free import FreeWindow
from app.models.calendar.shifting import HOME, Shift
from app.models.errors import ConsoleError
from app.models.severity import Severity
from app.services.calendar.moving_reads import Moving, free_for, look_at_move
from app.services.outages.consequences import moving_means
from app.services.outages.moving import move_window
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.widgets.sheet import Answers, Ask, Sheet

LOOK_MS = 90
"""After the pointer rests before the store is asked."""


class WindowMoves(QObject):
    """`looked(Moving)` and `refused(sentence)` answer the last `look` alone, `found(free windows)`
    a `find_free` while the same outage is looked at, `lost` where it failed;
    `moved(outage id, shift)` once it is on disk."""

    looked = Signal(object)
    found = Signal(object)
    lost = Signal()
    refused = Signal(str)
    moved = Signal(str, object)

    def __init__(
        self, ops: Ops, tell: Telling, on_undo: Callable[[Undo], object], over: QWidget
    ) -> None:
        super().__init__(over)
        self._over = over
        self._ops = ops
        self._tell = tell
        self._on_undo = on_undo
        self._wanted = ("", HOME)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(LOOK_MS)
        self._settle.timeout.connect(self._look)

    def look(self, outage_id: str, shift: Shift = HOME) -> None:
        """Ask what stands against the outage there."""
        self._wanted = (outage_id, shift)
        self._settle.start()

    def forget(self) -> None:
        """No outage is looked at; a late answer is dropped."""
        self._wanted = ("", HOME)
        self._settle.stop()

    def ask(self, outage_id: str, shift: Shift) -> None:
        """Move it: at once while nobody knows of it, else with the reason people are told."""
        self._ops.read(
            look_at_move, outage_id, shift, then=self._ask, failed=self._on_failed, owner=self
        )

    def find_free(self) -> None:
        """Where the outage that is looked at could be instead."""
        outage_id = self._wanted[0]

        def answer(found: tuple[FreeWindow, ...]) -> None:
            if self._wanted == (outage_id, HOME):
                self.found.emit(found)

        def failed(error: ConsoleError) -> None:
            self.lost.emit()
            self._on_failed(error)

        if outage_id:
            self._ops.read(free_for, outage_id, then=answer, failed=failed, owner=self)

    def _look(self) -> None:
        wanted = self._wanted
        if wanted[0]:
            self._ops.read(
                look_at_move,
                *wanted,
                then=lambda moving: self._answer(wanted, moving),
                failed=lambda error: self._answer_refusal(wanted, error),
                owner=self,
            )

    def _answer(self, asked: tuple[str, Shift], moving: Moving) -> None:
        if asked == self._wanted:
            self.looked.emit(moving)

    def _answer_refusal(self, asked: tuple[str, Shift], error: ConsoleError) -> None:
        if asked == self._wanted:
            self.refused.emit(error.sentence)

    def _ask(self, moving: Moving) -> None:
        blocks = [
            one for one in moving.against if one.severity is Severity.BLOCK and not one.accepted
        ]
        if not moving.told and not blocks:
            self._move(moving, "", None)
            return
        words = f"To {moving.window_words}."
        if blocks:
            words += " In the way there: " + " ".join(one.sentence for one in blocks)
        if not moving.told:
            self._ask_why(moving, words)
            return
        self._ops.read(  # who was told is said first
            moving_means,
            moving.outage_id,
            then=lambda said: self._ask_why(moving, "\n".join((*said, words))),
            owner=self,
        )

    def _ask_why(self, moving: Moving, words: str) -> None:
        need = "People were told of the old time: say why it moves." if moving.told else ""
        sheet = Sheet(
            self._over,
            f"Move {moving.code}",
            words,
            (Ask("why", "Why", needed=need),),
            "Move it",
            no_words="Leave it where it is",
        )

        def answered(answers: Answers) -> None:
            self._move(moving, answers["why"], sheet)

        sheet.answered.connect(answered)
        sheet.open()

    def _move(self, moving: Moving, why: str, sheet: Sheet | None) -> None:
        def done(undo: Undo) -> None:
            if sheet is not None:
                sheet.accept()
            self._on_undo(undo)
            self._tell.info(
                f"{moving.code} is moved to {moving.window_words}; Ctrl+Z takes it back."
            )
            self.moved.emit(moving.outage_id, moving.shift)

        def failed(error: ConsoleError) -> None:
            if sheet is not None:
                sheet.refuse(error.sentence)
            else:
                self._on_failed(error)

        self._ops.run(
            move_window,
            moving.outage_id,
            moving.window,
            why,
            seen=moving.version,
            then=done,
            failed=failed,
            owner=self,
        )

    def _on_failed(self, error: ConsoleError) -> None:
        self._tell.error(error.sentence)
