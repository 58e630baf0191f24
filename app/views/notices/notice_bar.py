"""The head of the Communication tab: which notice, how it stands, and what can be done with it."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from app.models.notices.kinds import NoticeState
from app.services.notices.composing import Composed
from app.views.notices.acts import can_leave, leaving
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import ElidedLabel, Words
from app.views.widgets.panels import button


class Press(Enum):
    SEE = auto()
    TEMPLATE = auto()
    COPY = auto()
    SAVE = auto()
    HOLD = auto()
    MAIL = auto()
    TAKE_BACK = auto()
    SENT = auto()
    QUEUE = auto()


class NoticeBar(QWidget):
    """`pressed(Press)`. With `template` true only the way back to the notice is offered."""

    pressed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._by_press: dict[Press, QPushButton] = {}
        self._bar = QGridLayout(self)
        self._bar.setContentsMargins(0, 0, 0, 0)
        self._bar.setSpacing(px(12))
        self._bar.setColumnStretch(1, 1)
        self.title = Words("", "title")
        self.context = ElidedLabel("", "sub")
        self._bar.addWidget(self.title, 0, 0)
        self._bar.addWidget(self.context, 0, 1)
        self._actions = QWidget()
        flow = FlowLayout(self._actions, 10)
        self._bar.addWidget(self._actions, 0, 2)
        self.see = self._button("Preview", Press.SEE, tip="Text or preview (Alt+P)")
        self.template = self._button(
            "Template", Press.TEMPLATE, tip="The words that new notices of this kind begin with"
        )
        self.copy = self._button("Copy", Press.COPY, tip="As rich text")
        self.save = self._button("Save .eml", Press.SAVE)
        self.hold = self._button("Hold .ics", Press.HOLD)
        self.mail = self._button("Open in mail", Press.MAIL)
        self.take_back = self._button("Take it back", Press.TAKE_BACK)
        self.sent = self._button("Sent by me at…", Press.SENT, tip="Alt+S")
        self.queue = self._button("Queue", Press.QUEUE, tone="primary", tip="Ctrl+Enter")
        self._all = (
            *(self.see, self.template, self.copy, self.save, self.hold, self.mail),
            *(self.take_back, self.sent, self.queue),
        )
        for each in self._all:
            flow.addWidget(each)
            each.hide()

    def _button(self, words: str, press: Press, *, tone: str = "", tip: str = "") -> QPushButton:
        made = button(words, lambda: self.pressed.emit(press), tone=tone, tip=tip)
        self._by_press[press] = made
        return made

    def can(self, press: Press) -> bool:
        """It is offered just now: a key may do it, too."""
        made = self._by_press[press]
        return made.isVisible() and made.isEnabled()

    def show_title(self, title: str, context: str = "") -> None:
        """For what is no notice: nothing can be done with it here."""
        self.title.setText(title)
        self.context.setText(context)
        for each in self._all:
            each.hide()

    def show_composed(self, composed: Composed, *, template: bool) -> None:
        draft = composed.state is NoticeState.DRAFT
        queued = composed.state is NoticeState.QUEUED
        self.title.setText(composed.kind.words)
        state = "edited draft" if composed.edited else composed.state.words.lower()
        self.context.setText(
            f"{composed.code} {composed.title} · {'its template' if template else state}"
        )
        self.template.setText("Back to the notice" if template else "Template")
        self.template.setVisible(template or draft)
        for made in (self.copy, self.save, self.mail):
            made.setVisible(not template)
            made.setEnabled(not draft or not composed.blocked)
        self.copy.setEnabled(True)
        self.hold.setVisible(composed.wants_calendar and not template)
        self.sent.setVisible((draft or queued) and not template)
        self.sent.setEnabled(queued or can_leave(composed))
        self.take_back.setVisible(queued and not template)
        self.queue.setVisible(draft and not template)
        self.queue.setEnabled(can_leave(composed))
        self.queue.setText(f"Queue for {leaving(composed)}")
        self.fit()

    def fit(self) -> None:
        """On one line with the title where there is room, else on lines of their own."""
        shown = [b for b in self._all if not b.isHidden()]
        needed = sum(b.sizeHint().width() + px(10) for b in shown)
        beside = needed <= self.width() - self.title.sizeHint().width() - px(120)
        self._actions.setMinimumWidth(needed if beside else 0)
        self._bar.removeWidget(self._actions)
        if beside:
            self._bar.addWidget(self._actions, 0, 2)
        else:
            self._bar.addWidget(self._actions, 1, 0, 1, 3)

    def minimumSizeHint(self) -> QSize:
        """The buttons wrap, so they ask for no width of their own."""
        return QSize(px(280), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
