"""A note in one line. What is too long for it is said at once, and never cut in silence."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit


class NoteLine(QLineEdit):
    """`tooLong(sentence)` when more is pasted or typed than `most` characters."""

    tooLong = Signal(str)

    def __init__(self, most: int) -> None:
        super().__init__()
        self.setMaxLength(most)
        self.inputRejected.connect(
            lambda: self.tooLong.emit(
                f"Only the first {most:,} characters fit into a note. Keep long output as evidence "
                "of a change, or split it."
            )
        )

    def event(self, event: QEvent) -> bool:
        """Ctrl+E and Ctrl+U are the page’s: on some desktops a line would take them for its own."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_E, Qt.Key.Key_U)
            and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        ):
            event.ignore()
            return True
        return super().event(event)

    def written(self, text: str) -> None:
        """That is on disk; what was typed meanwhile stays."""
        if self.text().strip() == text:
            self.clear()
