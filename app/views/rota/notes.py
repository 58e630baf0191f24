"""Notes for whoever comes: kept in the store a moment after they are typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPlainTextEdit

from app.models.errors import ConsoleError
from app.services.rota.handover import Turnover, keep_notes
from app.views.ops import Ops
from app.views.page import UNKEPT

REST_MS = 500


class Notes(QPlainTextEdit):
    """What is typed while another look is under way is not overwritten by it."""

    def __init__(self, ops: Ops) -> None:
        super().__init__()
        self._ops = ops
        self._over: Turnover | None = None
        self._seen = ""
        self._unkept = False
        self._in_hand = 0
        self._then: list[Callable[[], object]] = []
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._keep_now)
        self.setTabChangesFocus(True)
        self.setAccessibleName("Notes for whoever comes")
        self.setPlaceholderText(
            "What is in no list: who is nervous about what, what you promised, what you would do "
            "next."
        )
        self.textChanged.connect(self._on_typed)

    def show_notes(self, over: Turnover, text: str, *, done: bool) -> None:
        """`done`: it was acknowledged, so they are for reading."""
        if self._over is not None and self._over.key != over.key:
            self._keep_now()  # those of the turn before
        elif self._unkept or self._in_hand:
            return
        self._over, self._seen = over, text
        self.setReadOnly(done or not over.leaving_id)
        if text != self.toPlainText():
            at = self.textCursor()
            place = at.position()
            self.blockSignals(True)
            self.setPlainText(text)
            at.setPosition(min(place, len(text)))  # another console wrote below, as a rule
            self.setTextCursor(at)
            self.blockSignals(False)

    def keep(self, then: Callable[[], object]) -> bool:
        """As `Keeps` asks."""
        self._keep_now()
        if self._in_hand:
            self._then.append(then)
        return self._in_hand > 0

    def _on_typed(self) -> None:
        self._unkept = True
        self._rest.start()

    def _keep_now(self) -> None:
        self._rest.stop()
        if not self._unkept or self._over is None:
            return
        self._unkept = False
        self._in_hand += 1
        text, seen = self.toPlainText(), self._seen
        self._seen = text
        self._ops.run(
            keep_notes,
            self._over,
            text,
            seen,
            then=lambda _nothing: self._answered(),
            failed=self._on_refused,
            owner=self,
        )

    def _on_refused(self, _refusal: ConsoleError) -> None:
        """Tried again with the next key, and on leaving."""
        self._unkept = True
        self.setProperty(UNKEPT, "the notes of the hand-over")
        self._answered()

    def _answered(self) -> None:
        self._in_hand -= 1
        if not self._unkept:
            self.setProperty(UNKEPT, None)
        if not self._in_hand:
            waiting, self._then = self._then, []
            for then in waiting:
                then()
