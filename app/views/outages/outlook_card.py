"""An edit made in Outlook that waits for an answer: take it over, or put it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.services.calendar.outlook import put_back, take_over
from app.services.outages.brief_outlook import OutlookRow
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.panels import Card, SentenceRow, button, clear
from app.views.widgets.sheet import Answers, Ask, Sheet
from app.views.widgets.tone import Tone


class OutlookCard(Card):
    """Emits `answered(OutlookRow, take over)`; hidden while nothing waits."""

    answered = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__("Changed in Outlook", tone=Tone.WARN, dot=True)
        self.hide()

    def show_row(self, row: OutlookRow | None) -> None:
        clear(self.body)
        self.setVisible(row is not None)
        if row is None:
            return
        self.body.addWidget(SentenceRow(row.sentence, "Nothing was changed here."))
        line = QWidget()
        acts = QHBoxLayout(line)
        acts.setContentsMargins(0, 0, 0, 0)
        acts.setSpacing(px(8))
        if row.can_take_over:
            acts.addWidget(button("Take over…", lambda: self.answered.emit(row, True)))
        acts.addWidget(button("Put back in Outlook", lambda: self.answered.emit(row, False)))
        acts.addStretch(1)
        self.body.addWidget(line)


class OutlookActs(QObject):
    """Answers the card. Taking over moves the window, with all that a move means."""

    def __init__(
        self, ops: Ops, notify: Telling, on_undo: Callable[[Undo], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._over = parent
        self._ops = ops
        self._notify = notify
        self._on_undo = on_undo

    def answer(self, row: OutlookRow, over: bool) -> None:
        if over:
            self._take_over(row)
            return

        def done(inverse: Undo) -> None:
            self._on_undo(inverse)
            self._notify.info("Outlook is put back to what stands here.")

        self._ops.run(put_back, row.link_id, seen=row.version, then=done, owner=self)

    def _take_over(self, row: OutlookRow) -> None:
        told = (
            "Those who were told of the old time are owed a rescheduled notice, and what was "
            "agreed is asked again."
            if row.told
            else ""
        )
        sheet = Sheet(
            self._over,
            "Move the window as in Outlook",
            f"{row.sentence} {told}".strip(),
            (Ask("why", "Why it moves", needed="Say why it moves." if row.told else ""),),
            "Move it",
        )

        def done(inverse: Undo) -> None:
            sheet.accept()
            self._on_undo(inverse)
            self._notify.info("The window is the one in Outlook.")

        def failed(error: ConsoleError) -> None:
            sheet.refuse(error.sentence)

        def answered(answers: Answers) -> None:
            self._ops.run(
                take_over, row.link_id, answers["why"], seen=row.version,
                then=done, failed=failed, owner=sheet,
            )  # fmt: skip

        sheet.answered.connect(answered)
        sheet.open()
