"""Closing the console while something waits that only it would send."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.services.outbox.closing import Kept
from app.services.sync.state import SyncState
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Words
from app.views.widgets.panels import button

UNREACHABLE = (SyncState.OFFLINE, SyncState.SIGN_IN)
"""As far as is known: right after the start (`OFF`) nothing is."""


class ClosingDialog(QDialog):
    """Emits `handOver` or `closeAnyway`; Escape stays. The first is offered for what Outlook can
    hold, unless it is known that Outlook cannot be reached."""

    handOver = Signal()
    closeAnyway = Signal()

    def __init__(self, parent: QWidget, kept: Kept, outlook: SyncState) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something waits to leave")
        self.setModal(True)
        self.setMinimumWidth(px(520))
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(18), px(22), px(18))
        box.setSpacing(px(12))
        box.addWidget(Words(_head(kept.items), "title"))
        self._kept = kept
        self.words = Words("", wrap=True)
        box.addWidget(self.words)
        self.hold = button("Let Outlook hold and close", self._hand_over, tone="primary")
        self.close_now = button("Close; it waits", self._close)
        self.stay = button("Stay", self.reject)
        acts = QWidget()
        line = FlowLayout(gap=8)
        for each in (self.hold, self.close_now, self.stay):
            each.setAutoDefault(True)  # nothing is typed here, so Enter presses
            line.addWidget(each)
        acts.setLayout(line)
        box.addWidget(acts)
        self.show_outlook(outlook)
        (self.stay if self.hold.isHidden() else self.hold).setFocus()

    def show_outlook(self, outlook: SyncState) -> None:
        """How it stands, which may change while the question is open."""
        if not self.close_now.isEnabled():
            return  # it is being handed over
        said = f"Sent only while this console runs. {_what_then(self._kept, outlook)}"
        self.say(said)
        self.setAccessibleDescription(said)
        self.hold.setVisible(outlook not in UNREACHABLE and self._kept.holdable > 0)

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
        self.say("Handing over to Outlook…")
        self.handOver.emit()

    def _close(self) -> None:
        self.accept()
        self.closeAnyway.emit()


def _head(items: int) -> str:
    if items == 1:
        return "1 notice or answer waits to leave"
    return f"{items} notices or answers wait to leave"


def _what_then(kept: Kept, outlook: SyncState) -> str:
    if outlook is SyncState.OFFLINE:
        return "Outlook cannot be reached now; what waits leaves when the console runs again."
    if outlook is SyncState.SIGN_IN:
        return (
            "Outlook asks for a sign-in first; what waits leaves when the console runs again and "
            "somebody has signed in."
        )
    if not kept.holdable:
        return (
            "What is on its way already cannot be given to Outlook to hold: what of it has not "
            "left yet leaves when the console runs again."
        )
    some = kept.items - kept.holdable
    rest = (
        f" {some} on the way already cannot be held and {'goes' if some == 1 else 'go'} on when "
        "the console runs again."
        if some
        else ""
    )
    held = "it" if kept.items == 1 else f"{kept.holdable} of them" if some else "them"
    asked = "" if outlook is not SyncState.OFF else " It has not answered yet since the start."
    return (
        f"Outlook can hold {held} and send at the time that is set, also while this laptop is "
        f"off.{asked}{rest}"
    )
