"""The wheel scrolls the page, whatever it passes over; it turns only what has the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget


class _Calm(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        passing = (
            event.type() is QEvent.Type.Wheel
            and isinstance(watched, QWidget)
            and not watched.hasFocus()
        )
        if passing:
            event.ignore()  # so that what it stands in scrolls
        return passing


def calm(editor: QWidget) -> None:
    """A value is never changed, nor the keyboard taken, by scrolling past it."""
    editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    editor.installEventFilter(_Calm(editor))
