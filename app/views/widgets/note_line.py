"""A note in one line. What is too long for it is said at once, and never cut in silence."""

from __future__ import annotations

from PySide6.QtCore import Signal
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

    def written(self, text: str) -> None:
        """That is on disk; what was typed meanwhile stays."""
        if self.text().strip() == text:
            self.clear()
