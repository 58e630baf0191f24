"""The line at the foot of the Communication tab: how what was queued stands, and what a notice
to many comes to before it is queued."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.models.notices.kinds import NoticeState
from app.models.outbox import ItemState
from app.models.outbox_pace import BATCH
from app.services.notices.composing import Composed
from app.services.notices.delivery import Delivery, delivery
from app.services.notices.reading import Communication
from app.services.outbox.reading import OutboxRow
from app.views.notices.leaving_words import by_notice, counts_down, tone_of, whole
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.labels import Dot, Words
from app.views.widgets.panels import button
from app.views.widgets.tone import Tone, set_part

TICK_MS = 500


class LeavingLine(QFrame):
    """`outboxWanted(item id)`. Hidden while there is nothing to say, and without an account."""

    outboxWanted = Signal(str)

    def __init__(self, ops: Ops, now: Callable[[], datetime]) -> None:
        super().__init__()
        set_part(self, "inset")
        self._ops, self._now = ops, now
        self._row: OutboxRow | None = None
        self._before: OutboxRow | None = None
        self.waits_for: Callable[[], str] = lambda: ""
        """What keeps the outbox from Outlook now; empty: nothing."""
        line = QHBoxLayout(self)
        line.setContentsMargins(px(12), px(4), px(6), px(4))
        line.setSpacing(px(10))
        self._dot = Dot()
        line.addWidget(self._dot)
        self.words = Words("", wrap=True)
        line.addWidget(self.words, 1)
        self.open = button("Open in Outlook", self._open, tip="The draft, in the browser")
        self.outbox = button("In the Outbox", self._to_outbox, tone="link")
        line.addWidget(self.open)
        line.addWidget(self.outbox)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._count)
        self.hide()

    def show_for(self, composed: Composed | None, found: Communication | None) -> None:
        """The notice in front; None: what is chosen is no notice."""
        row = self._before = None
        if composed is not None and found is not None:
            row = by_notice(found).get(composed.notice_id)
            self._before = None if row is not None else _left_before(composed, found)
        self._row = row or self._before
        if self._row is not None:
            self._show_row(self._row)
        elif composed is not None and _is_worth_a_look(composed, found):
            self._ops.read(
                delivery,
                composed,
                then=lambda coming: self._show_ahead(composed, coming),
                owner=self,
            )
        else:
            self.hide()

    def _show_row(self, row: OutboxRow) -> None:
        self.words.setText(self._words(row))
        self._dot.show_as("", tone_of(row))
        self.open.setVisible(bool(row.web_link) and row.state is ItemState.DRAFTED)
        self.outbox.setVisible(True)
        self.show()
        self._count()

    def _show_ahead(self, composed: Composed, coming: Delivery) -> None:
        if self._row is not None or not coming.many:
            return
        self.words.setText(". ".join(s.rstrip(".") for s in coming.sentences) + ".")
        self._dot.show_as("", Tone.WARN if coming.late or coming.remarks else Tone.INFO)
        self.open.hide()
        self.outbox.hide()
        self.show()

    def _count(self) -> None:
        """The seconds, as long as some are to be counted."""
        row = self._row
        if row is None or not self.isVisible() or row.not_before is None:
            self._tick.stop()
            return
        self.words.setText(self._words(row))
        if counts_down(row, self._now()):
            self._tick.start()
        else:
            self._tick.stop()

    def _words(self, row: OutboxRow) -> str:
        said = whole(row, self._now(), self.waits_for())
        return f"The last one {said[0].lower()}{said[1:]}" if row is self._before else said

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._count()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()

    def _open(self) -> None:
        if self._row is not None:
            QDesktopServices.openUrl(QUrl(self._row.web_link))

    def _to_outbox(self) -> None:
        if self._row is not None:
            self.outboxWanted.emit(self._row.id)


def _is_worth_a_look(composed: Composed, found: Communication | None) -> bool:
    """More than one message, or files: how it goes is said before it is queued."""
    if composed.state is not NoticeState.DRAFT or found is None:
        return False
    return (
        len(composed.messages) > 1 or len(composed.recipients) > BATCH or bool(composed.extra.files)
    )


def _left_before(composed: Composed, found: Communication) -> OutboxRow | None:
    """What may be sent again, such as a crew brief, left at that time."""
    rows = by_notice(found).values()
    left = [row for row in rows if row.notice == composed.kind.value and row.left_at is not None]
    return left[0] if left and composed.state is NoticeState.DRAFT else None
