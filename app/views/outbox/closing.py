"""Closing the console while something waits that only it would send."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Words
from app.views.widgets.panels import button


class ClosingDialog(QDialog):
    """Emits `handOver` or `closeAnyway`; Escape stays. The first is offered while Outlook can be
    reached."""

    handOver = Signal()
    closeAnyway = Signal()

    def __init__(self, parent: QWidget, waiting: int, *, reachable: bool) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something waits to leave")
        self.setModal(True)
        self.setMinimumWidth(px(520))
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(18), px(22), px(18))
        box.setSpacing(px(12))
        one = waiting == 1
        box.addWidget(
            Words(f"{waiting} {'message waits' if one else 'messages wait'} to leave", "title")
        )
        said = f"{'It is' if one else 'They are'} sent only while this console runs. "
        said += (
            f"Outlook can hold {'it' if one else 'them'} and send at the time that is set, also "
            "while this laptop is off."
            if reachable
            else "Outlook cannot be reached now; what waits leaves when the console runs again."
        )
        self.words = Words(said, wrap=True)
        self.setAccessibleDescription(said)
        box.addWidget(self.words)
        self.hold = button("Let Outlook hold and close", self._hand_over, tone="primary")
        self.hold.setVisible(reachable)
        self.close_now = button("Close; it waits", self._close)
        self.stay = button("Stay", self.reject)
        acts = QWidget()
        line = FlowLayout(gap=8)
        for each in (self.hold, self.close_now, self.stay):
            line.addWidget(each)
        acts.setLayout(line)
        box.addWidget(acts)
        (self.hold if reachable else self.stay).setFocus()

    def say(self, words: str) -> None:
        self.words.setText(words)

    def fail(self, words: str) -> None:
        """Not all was handed over: the choice is the user’s again."""
        self.say(words)
        self.close_now.setEnabled(True)
        self.hold.setEnabled(True)

    def _hand_over(self) -> None:
        self.hold.setEnabled(False)
        self.close_now.setEnabled(False)
        self.say("Handing over to Outlook …")
        self.handOver.emit()

    def _close(self) -> None:
        self.accept()
        self.closeAnyway.emit()
